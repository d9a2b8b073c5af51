# Everything a newcomer needs: `make run` and `make test`. Only Python 3.11+ and make must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Exact versions, for what is installed and for what builds it.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test docs notebooks pair check format data pictures constraints clean

help: ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run ## Install, and run on the embedded data: prints where map and report lie
	$(BIN)/glesservice run --report

test: $(VENV)/dev ## Install, and run the tests
	$(BIN)/python -m pytest -n auto --dist loadfile

coverage: $(VENV)/dev ## Install, and run the tests, telling what none of them reaches
	$(BIN)/python -m pytest -n auto --dist loadfile --cov=glesservice --cov-report=term-missing:skip-covered

notebooks: $(VENV)/notebooks ## Install, and run every notebook from top to bottom
	$(BIN)/python -m pytest --nbmake --nbmake-timeout=300 -n auto --durations=0 notebooks/[0-9]*.ipynb

pair: $(VENV)/notebooks ## Write the notebooks anew from their plain texts
	$(BIN)/python notebooks/_pair.py

docs: $(VENV)/docs ## Build the handbook and the references as a site, and check every link in it
	rm -rf build/docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --fresh-env --quiet docs build/docs
	$(BIN)/python -m docs.generate.links build/docs
	@echo "Done. Open build/docs/index.html"

check: $(VENV)/dev ## Static checks: style, types, imports one way, docstrings
	$(BIN)/ruff check src tests benchmarks notebooks docs data/build/*.py
	$(BIN)/ruff format --check src tests benchmarks notebooks docs data/build/*.py
	$(BIN)/mypy
	MYPYPATH=src:. $(BIN)/mypy -p docs.generate
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(find src -name '*.py')

format: $(VENV)/dev ## Put the code into the house's style
	$(BIN)/ruff check --fix src tests benchmarks notebooks docs data/build/*.py
	$(BIN)/ruff format src tests benchmarks notebooks docs data/build/*.py

data: $(VENV)/run ## Build the embedded data anew from the facts
	$(BIN)/python data/build/build.py

pictures: $(VENV)/dev ## Make the pictures of the documentation anew (needs Chromium)
	$(BIN)/python docs/pictures.py

constraints: ## Pin the newest versions that fit (then run the tests)
	rm -rf $(VENV) && $(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT= $(BIN)/pip install --quiet -e '.[batch,dev,docs,notebooks]' hatchling
	$(BIN)/pip freeze --exclude-editable > constraints.txt

clean: ## Remove the environment and everything made
	rm -rf $(VENV) outputs build dist

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet -e .
	@touch $@

$(VENV)/dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet -e '.[dev,batch]'
	@touch $@ $(VENV)/run

$(VENV)/notebooks: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet -e '.[notebooks]'
	@touch $@ $(VENV)/run

$(VENV)/docs: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet -e '.[docs]'
	@touch $@ $(VENV)/run

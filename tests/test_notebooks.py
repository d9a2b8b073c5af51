"""The notebooks agree with their plain texts, are kept without output and use what is public.

They are run from top to bottom by ``make notebooks``.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
SOURCES = sorted(FOLDER.glob("[0-9]*.py"))
each = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


def _pairing():
    spec = importlib.util.spec_from_file_location("pairing", FOLDER / "_pair.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _imported(text: str) -> list[tuple[str, str | None]]:
    """List the project's modules that a text imports, with the names taken out of them."""
    found: list[tuple[str, str | None]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [(alias.name, None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(str(node.module), alias.name) for alias in node.names]
    return [one for one in found if one[0].split(".")[0] == "glesservice"]


def test_there_are_five_and_each_has_its_pair():
    assert len(SOURCES) == 5
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == {path.stem for path in SOURCES}


@each
def test_a_notebook_is_what_its_plain_text_says_without_output(source):
    written = source.with_suffix(".ipynb").read_text(encoding="utf-8")
    assert written == _pairing().as_notebook(source), "run `make pair`"
    assert not any(cell.get("outputs") for cell in json.loads(written)["cells"])


@each
def test_a_notebook_uses_what_is_public(source):
    for module, name in _imported(source.read_text(encoding="utf-8")):
        room = importlib.import_module(module)
        assert module.count(".") < 2, f"{module} is a module of a room"
        if name is not None and hasattr(room, "__all__"):
            assert name in room.__all__, f"{name} of {module}"
        assert name is None or not name.startswith("_")


@each
def test_a_notebook_ends_with_what_to_do_next_and_tells_the_years(source):
    last = source.read_text(encoding="utf-8").split("# %%")[-1]
    assert "## Vad du kan göra härnäst" in last
    whole = source.read_text(encoding="utf-8")
    assert "2024-12-31" in whole or '"sources"' in whole


@each
def test_a_notebook_names_no_folder_of_this_machine(source):
    assert not re.search(r"(?<![\w.])/(home|tmp|work|Users)/", source.read_text(encoding="utf-8"))

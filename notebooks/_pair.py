"""Write each notebook anew from its plain text: the same bytes each time, without outputs."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat

FOLDER = Path(__file__).parent
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def sources() -> list[Path]:
    """Return the notebooks' plain texts."""
    return sorted(FOLDER.glob("[0-9]*.py"))


def as_notebook(source: Path) -> str:
    """Return the notebook of a plain text."""
    book = jupytext.read(source)
    book.metadata = METADATA
    for number, cell in enumerate(book.cells, start=1):
        cell.id = f"cell-{number}"  # jupytext's own are random
        cell.metadata = {}
    return nbformat.writes(book, version=nbformat.NO_CONVERT) + "\n"


if __name__ == "__main__":
    for source in sources():
        source.with_suffix(".ipynb").write_text(as_notebook(source), encoding="utf-8")

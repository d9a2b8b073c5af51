"""Pieces of MyST Markdown that the made pages share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table.

    Examples
    --------
    >>> print("\\n".join(table(["a", "b"], [["1", "x|y"]])))
    <BLANKLINE>
    | a | b |
    | --- | --- |
    | 1 | x\\|y |
    <BLANKLINE>
    """
    lines = [_row(headings), _row(["---"] * len(headings))]
    return ["", *lines, *map(_row, rows), ""]


def code(text: str) -> str:
    """Return a text as inline code.

    Examples
    --------
    >>> code("km_<service>")
    '`km_<service>`'
    """
    return f"`{text}`"


def text(words: str) -> str:
    """Return words whose angle brackets are no HTML; what stands in backticks is left alone.

    Examples
    --------
    >>> text("restid_<service>.tif: `bild_<what>`")
    'restid_&lt;service>.tif: `bild_<what>`'
    """
    parts = words.split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", "\\*") for part in parts[::2]]
    return "`".join(parts)


def toml(value: Any) -> str:
    """Return a value as the settings file writes it.

    Examples
    --------
    >>> toml((5.0, 10.0)), toml(True), toml("sv"), toml(2000.0)
    ('[5, 10]', 'true', '"sv"', '2000')
    """
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool | int | float | str):
        return json.dumps(value, ensure_ascii=False)
    return toml(str(value))


def _row(cells: Sequence[str]) -> str:
    """Write one row."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

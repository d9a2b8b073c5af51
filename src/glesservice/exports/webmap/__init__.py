"""The map page: one HTML file that opens by a double-click and asks the network for nothing."""

from __future__ import annotations

from pathlib import Path

from glesservice.analysis import Result
from glesservice.exports.webmap.page import render

__all__ = ["render", "write_map"]


def write_map(result: Result, path: Path, before: Result | None = None) -> None:
    """Write the map page of a result, equal bytes for equal results.

    Parameters
    ----------
    result
        What the analysis found.
    path
        The HTML file to write; an existing file is replaced.
    before
        What was found for another year, or without a scenario: the page then shows what has
        changed since.
    """
    path.write_text(render(result, before), encoding="utf-8", newline="\n")

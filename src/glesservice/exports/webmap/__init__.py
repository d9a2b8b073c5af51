"""The map page: one HTML file that opens by a double-click and asks the network for nothing."""

from __future__ import annotations

from pathlib import Path

from glesservice.analysis import Result
from glesservice.exports.webmap.page import render
from glesservice.exports.webmap.published import Since

__all__ = ["MAP", "Since", "render", "write_map"]

MAP = "karta.html"


def write_map(result: Result, path: Path, before: Result | Since | None = None) -> None:
    """Write the map page of a result, equal bytes for equal results.

    Parameters
    ----------
    result
        What the analysis found.
    path
        The HTML file to write; an existing file is replaced.
    before
        What was found for another year, or without a scenario: the page then shows what has
        changed since. ``Since`` says besides what is compared.
    """
    path.write_text(render(result, before), encoding="utf-8", newline="\n")

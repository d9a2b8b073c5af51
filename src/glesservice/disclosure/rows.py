"""Counts in the rows of a table: what is few, what leaves few, what lies between two limits."""

from __future__ import annotations

import re

import numpy as np

from glesservice.disclosure.marking import Marks
from glesservice.disclosure.schemas import counts

# What a row's people are called, and the units of what is made of them.
TOTALS = ("people", "people_served")
MADE_OF_PEOPLE = ("personkm", "km/år", "ton/år", "kr/år", "km", "minuter", "0–1")


def hide_in_rows(marks: Marks) -> None:
    """Hide counts of few people, and those that leave few of the row's total or next limit.

    Parameters
    ----------
    marks
        Of a table; completed.
    """
    frame = marks.frame
    total = next((frame[name] for name in TOTALS if name in frame), None)
    for column in counts(marks.table):
        if column.name in frame:
            marks.hide_few(column.name)
            if total is not None and column.name not in TOTALS:
                marks.withhold_remainder(column.name, total)
    if total is None:
        return
    _hide_between_limits(marks)
    few = marks.is_few(total)
    for column in marks.table.columns:
        if column.unit in MADE_OF_PEOPLE and column.name in frame:
            # With the km known, a sum over few people tells how many, a mean where they live.
            marks.withhold(column.name, few)


def _hide_between_limits(marks: Marks) -> None:
    """Withhold a count beyond a limit where few people live between it and the one before."""
    chains: dict[str, list[tuple[float, str]]] = {}
    for column in counts(marks.table):
        found = re.fullmatch(r"beyond_([\d.]+)_(.+)", column.name)
        if found and column.name in marks.frame:
            chains.setdefault(found[2], []).append((float(found[1]), column.name))
    for chain in chains.values():
        last = marks.frame[chain[0][1]] * np.nan
        for _, name in sorted(chain):
            marks.withhold(name, marks.is_few(last - marks.frame[name]))
            last = marks.frame[name].where(marks.is_told(name), last)

"""Age groups: few are never told, nor what they follow from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from glesservice.disclosure.evening import ages_of, evened
from glesservice.disclosure.marking import Marks
from glesservice.disclosure.parting import Bools, Floats, Ints, part


def hide_ages(marks: Marks, cells: pd.DataFrame, masks: Mapping[str, Bools]) -> dict[str, Floats]:
    """Hide the counts of age groups of orter that are few, leave few, or follow from a total.

    Parameters
    ----------
    marks
        Of the orter; completed.
    cells
        All cells, those of no ort among them.
    masks
        Counts across orter.

    Returns
    -------
    dict
        The people of each cell by age, spread evenly over groups that have few of no age: what
        numbers across orter are told from.
    """
    orter, names = marks.frame, ages_of(cells)
    # The age groups lie within each other: who is told of one can subtract the next.
    wider = orter["people"]
    for name in names:
        marks.hide_few(name)
        marks.withhold_remainder(name, wider)
        marks.withhold_remainder(name, orter["people"])
        for row in _also(marks, name, float(cells[name].sum())):
            marks.withhold(name, np.arange(len(orter)) == row)
        wider = orter[name].where(marks.is_told(name), wider)
    if not names:
        return {}
    people = cells[["people", *names]].fillna(0.0).astype(float)
    kinds = [
        (people[wide] - people[narrow]).to_numpy()
        for wide, narrow in zip(people.columns, names, strict=False)
    ]
    kinds.append(people[names[-1]].to_numpy())
    group = _groups(marks, names, cells, kinds)
    chosen = part(people["people"].to_numpy(), masks, marks.floor, group, kinds)
    return {name: evened(people[name].to_numpy(), chosen.group) for name in names}


def _groups(marks: Marks, names: list[str], cells: pd.DataFrame, kinds: list[Floats]) -> Ints:
    """Group the cells by ort; those of orter of which anything is hidden are one, with the rest."""
    told = np.logical_and.reduce([marks.is_told(name) for name in names])
    numbers = {ort: n for n, ort in enumerate(marks.frame["ort_id"][told], start=1)}
    group = cells["ort_id"].map(numbers).fillna(0).to_numpy(dtype=np.int64)
    sums = np.array([np.bincount(group, kind, len(numbers) + 1) for kind in kinds])
    few: Bools = np.any((sums > 0) & (sums < marks.floor), axis=0)
    # An ort with few of some age joins the rest, and if that has few, the smallest ort joins it.
    few[0] = False
    group[few[group]] = 0
    for number in np.argsort(np.bincount(group), kind="stable"):
        rest = np.array([kind[group == 0].sum() for kind in kinds])
        if not ((rest > 0) & (rest < marks.floor)).any():
            break
        group[group == number] = 0
    return group


def _also(marks: Marks, name: str, total: float) -> list[int]:
    """Choose what else is withheld, the smallest first, until the rest of a total is not few."""
    values = marks.frame[name].fillna(0.0).to_numpy(dtype=float)
    told = marks.is_told(name)
    hidden = int((~told).sum())
    rest = total - values[told].sum()
    chosen: list[int] = []
    order = np.argsort(values, kind="stable")
    candidates = [int(row) for row in order if told[row] and values[row] > 0]
    # One hidden number alone is the rest itself, unless people outside the orter are part of it.
    while candidates and (0 < rest < marks.floor or (hidden == 1 and rest > 0)):
        row = candidates.pop(0)
        chosen.append(row)
        rest += values[row]
        hidden += 1
    return chosen

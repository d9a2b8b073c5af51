"""The groups of cells that all told counts are made of, and what they would give away."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.analysis import Result
from glesservice.disclosure.evening import municipal_masks, strategic_masks
from glesservice.disclosure.parting import (
    Bools,
    Floats,
    Ints,
    Parted,
    counted_cells,
    gives_away,
    part,
)
from glesservice.orter import CENTRALORT

SPREAD = ""  # stands for spridd bebyggelse among the ids of orter


@dataclass(frozen=True, eq=False)
class Grouping:
    """The cells of a municipality in groups of which none is of few people.

    Attributes
    ----------
    orter
        The orter that are named (schema ``orter_table``).
    cells
        All cells (schema ``cells_table``); those of orter that are not named belong to none.
    spread
        People in no named ort.
    parted
        By ort, what it tells and the groups of its cells.
    across
        By serviceort and column, the cells that its counts are made of.
    given_away
        Orter whose cells' classes would give a number away.
    unsaid
        Orter whose people are not told.
    group
        Group of each cell: everything that is told of counts follows from the groups' people.
    """

    orter: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    spread: float
    parted: Mapping[str, Parted]
    across: Mapping[tuple[str, str], Bools]
    given_away: frozenset[str]
    unsaid: frozenset[str]
    group: Ints


def grouping(result: Result) -> Grouping:
    """Return the groups of cells that a result's published counts are made of.

    Parameters
    ----------
    result
        What the analysis found.
    """
    floor = result.settings.publication.min_people
    orter, cells, spread = _named(result)
    across = strategic_masks(cells, result)
    parted = _part_orter(cells, result, across)
    given_away, alone = _given_away(cells, parted, floor)
    unsaid = _orter_without_people(orter, spread, floor, alone)
    return Grouping(
        orter=orter,
        cells=cells,
        spread=spread,
        parted=parted,
        across=across,
        given_away=frozenset(given_away),
        unsaid=frozenset(unsaid),
        group=_groups_of_all(cells, parted, unsaid),
    )


def or_spread(cells: pd.DataFrame) -> pd.Series:
    """Return the ort of each cell; the cells of none are spridd bebyggelse together.

    Parameters
    ----------
    cells
        Table with ``ort_id``.
    """
    return cells["ort_id"].astype(object).where(cells["ort_id"].notna(), SPREAD)


def _named(result: Result) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, float]:
    """Leave out the orter of few people; their cells and people are spridd bebyggelse."""
    orter = result.orter
    few = (orter["people"] < result.settings.publication.min_people) & (orter["role"] != CENTRALORT)
    kept = orter[~few].reset_index(drop=True)
    cells = result.cells
    cells = cells.assign(ort_id=cells["ort_id"].where(cells["ort_id"].isin(kept["ort_id"]), None))
    spread = result.spread_people + float(orter.loc[few, "people"].sum())
    return kept, cells, spread


def _part_orter(
    cells: pd.DataFrame,
    result: Result,
    across: Mapping[tuple[str, str], Bools],
) -> dict[str, Parted]:
    """Choose the counts that each ort may tell together, and part what lies outside them.

    Counts across orter come last: they follow the groups as far as these may be parted.
    """
    floor = result.settings.publication.min_people
    services = [str(service) for service in result.weights.index]
    asked = counted_cells(cells, services, result.settings.policy)
    more = {f"{key} {name}": mask for (key, name), mask in across.items()}
    more |= municipal_masks(cells, result)
    people = _people(cells)
    parted = {}
    for ort, rows in cells.assign(ort_id=or_spread(cells)).groupby("ort_id").indices.items():
        chosen = part(
            people[rows],
            {} if ort == SPREAD else {name: mask[rows] for name, mask in asked.items()},
            floor,
        )
        finer = part(
            people[rows], {name: mask[rows] for name, mask in more.items()}, floor, chosen.group
        )
        parted[str(ort)] = Parted(finer.group, chosen.told, chosen.asked)
    return parted


def _groups_of_all(cells: pd.DataFrame, parted: Mapping[str, Parted], unsaid: set[str]) -> Ints:
    """Number the groups of all cells; those whose people are not told are one, with the spread."""
    group, number = np.zeros(len(cells), dtype=np.int64), 1
    for ort, rows in cells.assign(ort_id=or_spread(cells)).groupby("ort_id").indices.items():
        if unsaid and (ort in unsaid or ort == SPREAD):
            continue
        group[rows] = parted[str(ort)].group + number
        number += int(parted[str(ort)].group.max()) + 1
    return group


def _given_away(
    cells: pd.DataFrame, parted: Mapping[str, Parted], floor: int
) -> tuple[set[str], set[str]]:
    """Find the orter whose cells' classes are not told, and those whose people are not either."""
    people = _people(cells)
    classes, alone = set(), set()
    for ort, rows in cells.assign(ort_id=or_spread(cells)).groupby("ort_id").indices.items():
        here, group = people[rows], parted[str(ort)].group
        low, high = _bounds(cells["people_class"].iloc[rows], here.sum())
        if gives_away(here, low, high, group, floor):
            classes.add(str(ort))
            some = np.ones(len(here))
            if gives_away(here, some, some * here.sum(), group, floor):
                alone.add(str(ort))
    return classes, alone


def _bounds(classes: pd.Series, total: float) -> tuple[Floats, Floats]:
    """Read the bounds of classes of people."""
    numbers = [[float(digits) for digits in re.findall(r"\d+", str(text))] for text in classes]
    low = np.array([found[0] if found else 1.0 for found in numbers])
    high = np.array([found[1] if len(found) > 1 else total for found in numbers])
    return low, high


def _orter_without_people(
    orter: pd.DataFrame, spread: float, floor: int, all_alone: set[str]
) -> set[str]:
    """Name the orter whose people are not told: those that would give away few people."""
    unsaid = all_alone - {SPREAD}
    if (0 < spread < floor or SPREAD in all_alone) and not orter.empty:
        smallest = orter.sort_values(["people", "ort_id"])["ort_id"]
        unsaid.add(str(smallest.iloc[0]))
    return unsaid


def _people(cells: pd.DataFrame) -> Floats:
    """Return the people of each cell."""
    return cells["people"].to_numpy(dtype=float)

"""Which counts part the people of an ort into groups of which none is of few people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.config import Policy

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Parted:
    """The cells of one ort, parted by the counts that are told.

    Attributes
    ----------
    group
        Group of each cell, from 0: cells of one group are in or out of every told count together.
    told, asked
        Names of the counts that are told, and of all that were to be.
    """

    group: Ints
    told: frozenset[str]
    asked: frozenset[str]


def counted_cells(cells: pd.DataFrame, services: Iterable[str], policy: Policy) -> dict[str, Bools]:
    """Return which cells each count of an ort is made of.

    Parameters
    ----------
    cells
        Schema ``cells_table``, with what the analysis knows beside it.
    services
        The kinds of service that count.
    policy
        Limits.

    Returns
    -------
    dict
        From the column of ``orter_table`` to one truth value a cell, in the order in which the
        counts are chosen: what is told of all services first, then the nearer limits.
    """
    masks = {"people_no_road": cells["access_m"].isna().to_numpy()}
    alone = policy.single_road_km
    if "single_road_km" in cells:
        masks["people_single_road"] = (cells["single_road_km"] > alone).to_numpy()
    if "single_place" in cells:
        masks["people_single_place"] = cells["single_place"].notna().to_numpy()
    names = [str(service) for service in services]
    for limit in policy.limits_km:
        for service in names:
            far = cells[f"km_{service}"].fillna(np.inf) > limit
            masks[f"beyond_{limit:g}_{service}"] = far.to_numpy()
    for service in names:
        if f"single_road_km_{service}" in cells:
            hangs = cells[f"single_road_km_{service}"] > alone
            masks[f"single_road_{service}"] = hangs.to_numpy()
    return masks


def part(
    people: Floats,
    masks: Mapping[str, Bools],
    floor: int,
    begin: Ints | None = None,
    kinds: Iterable[Floats] = (),
) -> Parted:
    """Return the counts of one ort that may be told together.

    Whatever is added to or subtracted from told counts is made of whole groups; no group is of few
    people, so no sum of them is either.

    Parameters
    ----------
    people
        People of each of its cells.
    masks
        From a count's name to the cells that it is made of; those named first are chosen first.
    floor
        From this number on people are not few.
    begin
        Groups to begin with; all cells are one where not given.
    kinds
        Kinds of people that none of the groups may have few of either.

    Returns
    -------
    Parted
        The groups, and the counts that are told.
    """
    group = np.zeros(len(people), dtype=np.int64) if begin is None else begin
    told = []
    for name, mask in masks.items():
        if mask.any() and not mask.all():
            _, finer = np.unique(2 * group + mask, return_inverse=True)
            if any(_has_few(np.bincount(finer, some), floor) for some in (people, *kinds)):
                continue
            group = finer.astype(np.int64)
        told.append(name)
    return Parted(group, frozenset(told), frozenset(masks))


def gives_away(people: Floats, low: Floats, high: Floats, group: Ints, floor: int) -> bool:
    """Tell whether a cell of few people can be worked out from the groups' people and the classes.

    Parameters
    ----------
    people
        People of each cell.
    low, high
        Bounds of each cell's class.
    group
        Group of each cell: the people of a group are known.
    floor
        From this number on people are not few.
    """
    total, most, least = (np.bincount(group, values)[group] for values in (people, high, low))
    lowest = np.maximum(low, total - (most - high))
    highest = np.minimum(high, total - (least - low))
    return bool(((highest - lowest < 1) & (people < floor)).any())


def _has_few(sums: npt.NDArray[Any], floor: int) -> bool:
    """Tell whether any group is of few people."""
    return bool(((sums > 1e-9) & (sums < floor)).any())

"""Which ort of this year is which of an earlier one, and what became of the others.

An ort of either year is a row with ``ort_id``, ``name``, ``kind``, ``cells`` (a collection of cell
ids), ``x`` and ``y`` (its anchor point, EPSG:3006); an earlier ort is also ``active`` or not: a
registry remembers orter that have vanished. Earlier people are not known to a registry, so what
two years have in common is told by the people who live in the common cells *now*.
"""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.tables import ORT_CHANGES

CLUSTER = "kluster"
# From this share of its people on, an ort is the continuation of another, or a part of it.
HALF = 0.5
# Where no populated cell is common (the grid is another), the same name this near is the same ort.
SAME_NAME_M = 3000.0
RENAMED, RETURNED, SPLIT, NEW = "omdöpt", "återkommen", "utbruten", "ny"
MERGED, VANISHED = "sammanslagen", "försvunnen"
_NUMBERED = re.compile(r" \(\d+\)$")


def footprints(
    orter: pd.DataFrame, cells: gpd.GeoDataFrame, ort_of_cell: pd.Series
) -> pd.DataFrame:
    """Return where orter are: rows as the module says, all of them active.

    Parameters
    ----------
    orter
        Table with ``ort_id, name, kind``.
    cells
        Schema ``CELLS``.
    ort_of_cell
        Ort id of each cell, None for no ort; index as ``cells``.

    Returns
    -------
    DataFrame
        ``ort_id, name, kind, cells, x, y, active``; the point is the middle of the cells.
    """
    middle = cells.geometry.centroid
    table = pd.DataFrame(
        {
            "cells": cells["cell_id"].groupby(ort_of_cell).agg(frozenset),
            "x": middle.x.groupby(ort_of_cell).mean(),
            "y": middle.y.groupby(ort_of_cell).mean(),
        }
    )
    rows = orter[["ort_id", "name", "kind"]].join(table, on="ort_id")
    return pd.DataFrame(rows).assign(active=True).reset_index(drop=True)


def same_orter(known: pd.DataFrame, found: pd.DataFrame, people: pd.Series) -> pd.Series:
    """Return which known ort each found ort is.

    The pairs are taken one after the other, none twice: first orter of the same name with people
    in common cells, then those that have at least half of one's people in common, then those of
    the same name within ``SAME_NAME_M`` without a cell in common, last those of the same name and
    cells that were known once and had vanished. In each round those with most people in common come
    first (then the nearest, then the lower ids). Clusters have no name of their own: only their
    cells count.

    Parameters
    ----------
    known
        The orter of an earlier year, as the module says.
    found
        The orter of this year.
    people
        People of each cell now, by cell id.

    Returns
    -------
    Series
        Id of the known ort, index the ids of the found ones; those that are none are left out.
    """
    pairs = _pairs(known, found, people)
    half = pairs["common"] >= HALF * pairs[["people_known", "people_found"]].min(axis=1)
    overlaps, near = pairs["common"] > 0, pairs["metres"] <= SAME_NAME_M
    rounds = [
        pairs["active"] & pairs["same_name"] & overlaps,
        pairs["active"] & half & overlaps,
        pairs["active"] & pairs["same_name"] & ~overlaps & near,
        ~pairs["active"] & pairs["same_name"] & overlaps,
    ]
    pairs = pairs.assign(round=np.select(rounds, range(len(rounds)), len(rounds)))
    pairs = pairs[pairs["round"] < len(rounds)].sort_values(
        ["round", "common", "metres", "known", "found"], ascending=[True, False, True, True, True]
    )
    same: dict[str, str] = {}
    for one, other in zip(pairs["known"], pairs["found"], strict=True):
        if other not in same and one not in same.values():
            same[other] = one
    return pd.Series(same, dtype="object")


def ort_changes(
    known: pd.DataFrame, found: pd.DataFrame, same: pd.Series, people: pd.Series
) -> pd.DataFrame:
    """Return what has happened to the orter since the earlier year; what stayed is not told.

    Parameters
    ----------
    known
        The orter of an earlier year, as the module says.
    found
        The orter of this year, still with the ids that ``same`` is indexed by.
    same
        What ``same_orter`` returned.
    people
        People of each cell now, by cell id.

    Returns
    -------
    DataFrame
        Schema ``ORT_CHANGES``, sorted by change and id. A cluster that is called after another
        place is not *omdöpt*. An ort that is no continuation is
        *utbruten* where at least half of its people live in the cells of one earlier ort, else
        *ny*; an earlier ort without continuation is *sammanslagen* where at least half of those who
        live in its cells now are in one ort, else *försvunnen*.
    """
    was_called, now_called = (
        dict(zip(t["ort_id"], t["name"], strict=True)) for t in (known, found)
    )
    nameless = set(known.loc[known["kind"] == CLUSTER, "ort_id"])
    active = set(known.loc[known["active"].astype(bool), "ort_id"])
    is_now = {one: other for other, one in same.items()}
    pairs = _pairs(known, found, people)
    pairs = pairs[pairs["active"] & (pairs["common"] > 0)].sort_values(
        ["common", "known", "found"], ascending=[False, True, True]
    )
    rows: list[tuple[object, ...]] = []
    for ort, was in same.items():
        before, name = was_called[was], now_called[str(ort)]
        if was not in active:
            rows.append((was, name, RETURNED, before, None, None, None))
        elif was not in nameless and _plain(name) != _plain(before):
            rows.append((was, name, RENAMED, before, None, None, None))
    of = _largest_part(pairs, "found", "known")
    for ort in sorted(now_called.keys() - set(same.index)):
        was, share = of.get(ort, (None, 0.0))
        told = (SPLIT, None, was, was_called[was], share) if was and share >= HALF else (NEW,)
        rows.append((ort, now_called[ort], *told, *[None] * (5 - len(told))))
    into = _largest_part(pairs, "known", "found")
    for was in sorted(active - is_now.keys()):
        name, (ort, share) = was_called[was], into.get(was, (None, 0.0))
        if ort and share >= HALF:
            rows.append((was, name, MERGED, name, same.get(ort, ort), now_called[ort], share))
        else:
            rows.append((was, name, VANISHED, name, None, None, None))
    frame = pd.DataFrame(rows, columns=ORT_CHANGES.names())
    texts = [column.name for column in ORT_CHANGES.columns if column.kind == "text"]
    frame[texts] = frame[texts].astype("object").where(frame[texts].notna(), None)
    frame["share"] = frame["share"].astype(float)
    return frame.sort_values(["change", "ort_id"], ignore_index=True)


def _largest_part(pairs: pd.DataFrame, of: str, by: str) -> dict[str, tuple[str, float]]:
    """Tell which ort has the largest part of each ort's people now, and how large it is."""
    most = pairs.drop_duplicates(of)
    share = most["common"] / most[f"people_{of}"]
    return {one: (other, part) for one, other, part in zip(most[of], most[by], share, strict=True)}


def _pairs(known: pd.DataFrame, found: pd.DataFrame, people: pd.Series) -> pd.DataFrame:
    """List the pairs of a known and a found ort with what they have in common."""
    before = _cells_of(known, people, "known")
    now = _cells_of(found, people, "found")
    common = before.merge(now[["cell", "found"]], on="cell").groupby(["known", "found"])["people"]
    table = (
        known[["ort_id", "name", "kind", "active", "x", "y"]]
        .rename(columns={"ort_id": "known"})
        .merge(
            found[["ort_id", "name", "kind", "x", "y"]].rename(columns={"ort_id": "found"}),
            how="cross",
            suffixes=("_known", "_found"),
        )
    )
    table = table.join(common.sum().rename("common"), on=["known", "found"])
    unnamed = table["kind_known"].eq(CLUSTER) | table["kind_found"].eq(CLUSTER)
    names = table["name_known"].map(_plain) == table["name_found"].map(_plain)
    return table.assign(
        common=table["common"].fillna(0.0),
        people_known=table["known"].map(before.groupby("known")["people"].sum()).fillna(0.0),
        people_found=table["found"].map(now.groupby("found")["people"].sum()).fillna(0.0),
        same_name=names & ~unnamed,
        metres=np.hypot(table["x_known"] - table["x_found"], table["y_known"] - table["y_found"]),
        active=table["active"].astype(bool),
    )


def _cells_of(orter: pd.DataFrame, people: pd.Series, role: str) -> pd.DataFrame:
    """List the cells of each ort with the people who live there now."""
    listed = pd.DataFrame(
        {
            "cell": [cell for cells in orter["cells"] for cell in sorted(cells)],
            role: np.repeat(orter["ort_id"].to_numpy(dtype=object), orter["cells"].map(len)),
        }
    )
    return listed.assign(people=listed["cell"].map(people).fillna(0.0).astype(float))


def _plain(name: object) -> str:
    """Leave out the number that tells namesakes apart, and the case of letters."""
    return _NUMBERED.sub("", str(name)).casefold()

"""Ids that stay the same over the years: last year's registry in, this year's proposal out."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from glesservice.orter.matching import SPLIT, footprints, ort_changes, same_orter
from glesservice.sources.registry import CELL_MARK
from glesservice.tables import ORT_CHANGES, REGISTRY


@dataclass(frozen=True, eq=False)
class Registered:
    """This year's orter beside the registry of earlier years.

    Attributes
    ----------
    ids
        The lasting id of each ort, index the ids that its name alone gives.
    changes
        What has happened since the registry's last year (schema ``ORT_CHANGES``).
    proposal
        The registry with this year added (schema ``REGISTRY``).
    """

    ids: pd.Series
    changes: pd.DataFrame
    proposal: pd.DataFrame


def register(
    orter: pd.DataFrame,
    cells: gpd.GeoDataFrame,
    ort_of_cell: pd.Series,
    registry: pd.DataFrame | None,
    year: int,
) -> Registered:
    """Return which ids this year's orter have, and what has changed.

    Parameters
    ----------
    orter
        Table with ``ort_id, name, kind``; the ids that the names give.
    cells
        Schema ``CELLS``.
    ort_of_cell
        Ort id of each cell, None for no ort; index as ``cells``.
    registry
        Schema ``REGISTRY``; None where none is kept: the ids stay as they are.
    year
        The year of the cells.

    Returns
    -------
    Registered
        Ids, changes and the proposal. An ort that is no continuation of any keeps the id of its
        name, with a number where an earlier ort has it.
    """
    found = footprints(orter, cells, ort_of_cell)
    if registry is None:
        ids = pd.Series(found["ort_id"].to_numpy(dtype=object), index=found["ort_id"])
        nothing = pd.DataFrame(columns=ORT_CHANGES.names())
        return Registered(ids, nothing, _proposal(found, None, nothing, year))
    known = known_orter(registry)
    people = pd.Series(cells["people"].to_numpy(), index=cells["cell_id"])
    same = same_orter(known, found, people).to_dict()
    taken = set(known["ort_id"])
    lasting = {}
    for ort in found["ort_id"]:
        lasting[ort] = same.get(ort) or _free(ort, taken)
        taken.add(lasting[ort])
    ids = pd.Series(lasting, dtype="object")
    found = found.assign(ort_id=found["ort_id"].map(ids))
    kept = pd.Series({one: one for one in same.values()}, dtype="object")
    changes = ort_changes(known, found, kept, people)
    return Registered(ids, changes, _proposal(found, registry, changes, year))


def known_orter(registry: pd.DataFrame) -> pd.DataFrame:
    """Return a registry's orter as ``matching`` takes them.

    Parameters
    ----------
    registry
        Schema ``REGISTRY``.

    Returns
    -------
    DataFrame
        The cells as sets; active are those that were there in the registry's last year.
    """
    cells = [
        frozenset(cell.removeprefix(CELL_MARK) for cell in text.split())
        for text in registry["cells"]
    ]
    return registry.assign(
        cells=pd.Series(cells, index=registry.index, dtype="object"),
        active=registry["last_year"] == registry["last_year"].max(),
    )


def _free(ort: str, taken: set[str]) -> str:
    """Find an id that no other ort has or had."""
    number, free = 1, ort
    while free in taken:
        number += 1
        free = f"{ort}-{number}"
    return free


def _proposal(
    found: pd.DataFrame, registry: pd.DataFrame | None, changes: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Add this year to the registry; orter that are gone stay in it."""
    now = found.assign(
        cells=[" ".join(CELL_MARK + cell for cell in sorted(cells)) for cells in found["cells"]],
        first_year=year,
        last_year=year,
        x=found["x"].round(),
        y=found["y"].round(),
        predecessor=found["ort_id"].map(
            changes[changes["change"] == SPLIT].set_index("ort_id")["other_id"].to_dict()
        ),
    )[REGISTRY.names()]
    if registry is not None:
        earlier = registry.set_index("ort_id").reindex(now["ort_id"]).reset_index()
        now["first_year"] = earlier["first_year"].fillna(year).clip(upper=year).astype(int)
        now["last_year"] = earlier["last_year"].fillna(year).clip(lower=year).astype(int)
        now["predecessor"] = earlier["predecessor"].fillna(now["predecessor"])
        gone = registry[~registry["ort_id"].isin(now["ort_id"])]
        now = pd.concat([part for part in (now, gone) if not part.empty] or [now])
    now["predecessor"] = now["predecessor"].astype("object").where(now["predecessor"].notna(), None)
    return now.sort_values("ort_id", ignore_index=True)

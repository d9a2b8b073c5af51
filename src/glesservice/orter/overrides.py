"""What the municipality changes about its orter: names, merges, and who is not ranked."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from glesservice.errors import Fault, InputError
from glesservice.orter.naming import ids_meant
from glesservice.tables import APPLIED_OVERRIDES

NAME, MERGE, EXCLUDE = "namn", "slå ihop", "rangordna inte"
CENTRALORT = "centralort"
EXCLUDED = "undantagen"


def override(
    orter: gpd.GeoDataFrame, ort_of_cell: pd.Series, overrides: pd.DataFrame, where: str
) -> tuple[gpd.GeoDataFrame, pd.Series, pd.DataFrame]:
    """Return the orter as the municipality wants them. No cell and nobody gets lost.

    Parameters
    ----------
    orter
        Table with ``ort_id, name, role``.
    ort_of_cell
        Ort id of each cell, None for no ort.
    overrides
        Schema ``OVERRIDES``.
    where
        File, for the messages.

    Returns
    -------
    orter, ort_of_cell, applied
        The orter and cells anew, and what was done (schema ``APPLIED_OVERRIDES``).

    Raises
    ------
    InputError
        If an ort is not known, or the changes contradict each other; all faults together.
    """
    names = dict(zip(orter["ort_id"], orter["name"], strict=True))
    merges = overrides["change"] == MERGE
    words = [*overrides["ort"], *overrides.loc[merges, "to"]]
    ids, faults = ids_meant(words, names.items(), where)
    if not overrides["required"].all():  # of another year: what is not there needs no change
        overrides = overrides[
            overrides["ort"].isin(ids.keys()) & (~merges | overrides["to"].isin(ids.keys()))
        ]
        faults = []
    applied = pd.DataFrame(
        {
            "ort_id": overrides["ort"].map(ids),
            "name": overrides["ort"].map(ids).map(names),
            "change": overrides["change"],
            "to": overrides["to"].astype("object").where(overrides["change"] != EXCLUDE, None),
            "motive": overrides["motive"],
        }
    )[APPLIED_OVERRIDES.names()].reset_index(drop=True)
    into = {
        row["ort_id"]: ids.get(row["to"])
        for row in applied[applied["change"] == MERGE].to_dict("records")
    }
    centre = set(orter.loc[orter["role"] == CENTRALORT, "ort_id"])
    faults += _contradictions(applied, into, centre, names, where)
    if faults:
        raise InputError(*faults)
    called = applied[applied["change"] == NAME].set_index("ort_id")["to"].to_dict()
    excluded = applied.loc[applied["change"] == EXCLUDE, "ort_id"]
    left = orter[~orter["ort_id"].isin(into.keys())].copy()
    left["name"] = [
        called.get(ort, name) for ort, name in zip(left["ort_id"], left["name"], strict=True)
    ]
    left["role"] = left["role"].where(~left["ort_id"].isin(excluded), EXCLUDED)
    return left, ort_of_cell.map(lambda ort: into.get(ort, ort)), applied


def _contradictions(
    applied: pd.DataFrame,
    into: dict[str, str | None],
    centre: set[str],
    names: dict[str, str],
    where: str,
) -> list[Fault]:
    """Find changes that cannot all be made."""
    faults = []
    known = applied[applied["ort_id"].notna()]
    for name in known.loc[known.duplicated(["ort_id", "change"]), "name"].unique():
        faults.append(Fault(f"{name} is changed twice in the same way", where, "Keep one row"))
    for ort, target in into.items():
        if ort == target or target in into:
            what = f"{names.get(ort, ort)} is merged into an ort that is merged itself"
            faults.append(Fault(what, where, "Name the ort that is left in the end"))
    for ort in sorted((set(into) | set(known.loc[known["change"] == EXCLUDE, "ort_id"])) & centre):
        what = f"{names[ort]} is the centralort, which is neither merged nor excluded"
        faults.append(Fault(what, where, "Name another main town with centralort under [orter]"))
    called = known[known["change"] == NAME].set_index("ort_id")["to"].to_dict()
    after = pd.Series(
        {ort: called.get(ort, name) for ort, name in names.items() if ort not in into}
    )
    for name in sorted(set(after[after.str.casefold().duplicated()]) & set(called.values())):
        faults.append(Fault(f"two orter would be called {name}", where, "Choose another name"))
    return faults

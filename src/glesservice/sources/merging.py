"""Several lists of service sites made one: a business listed twice becomes one site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from rapidfuzz import fuzz
from scipy.spatial import cKDTree

from glesservice.sources.naming import slug
from glesservice.sources.osm_features import NO_NAME
from glesservice.tables import MERGES, SITES, check
from glesservice.tables.words import term

# Two lists rarely place a shop more than this apart: addresses are geocoded to the middle of a
# street, OpenStreetMap has the building. Assumption.
SAME_BUSINESS_M = 300.0
# "Saxnäs livs" may be "Tempo Saxnäs", but is not surely: such names must be nearer. Assumption.
PART_OF_NAME_M = 150.0
# One list says a place twice only by mistake (OpenStreetMap: as a point and as a building).
SAME_LIST_M = 50.0
# A feature without a name is the named one of the same service that stands this near.
NAMELESS_M = 100.0
# Namesakes this far apart are told, and both stay.
NAMESAKES_M = 5_000.0
FAR_APART_M = 100.0
# Least likeness, 0 to 100, of what two names do not have in common: spelling, not another business.
ALIKE = 85.0

# Words that say what a business is or who runs it, not which one it is.
_COMMON = {
    "ab", "hb", "i", "och", "livs", "butik", "butiken", "affar", "affaren", "lanthandel", "nara",
    "supermarket", "station", "bensin", "bensinstation", "tankstation", "automat", "automatstation",
    "apoteksombud", "apotek", "ombud", "paketombud", "postombud", "mack", "macken", "matbutik",
}  # fmt: skip
# What two lists may disagree on, and what the second may add where the first says nothing.
COMPARED = ("status", "assortment", "staffed", "season", "reserve_power")
FILLED = ("assortment", "staffed", "season", "reserve_power", "operator", "kommunkod", "note")


@dataclass(frozen=True, eq=False)
class Merged:
    """All sites together, and what was done to them.

    Attributes
    ----------
    sites
        Schema ``SITES``, sorted by id.
    merges
        Schema ``MERGES``: every two entries that became one, and every two that may be the same
        business and were both kept.
    """

    sites: gpd.GeoDataFrame
    merges: pd.DataFrame


def same_business(first: str, second: str) -> bool:
    """Return whether two names can be those of one business.

    Parameters
    ----------
    first, second
        The names, as lists of shops write them.

    Returns
    -------
    bool
        Whether one name has all the words of the other, or what each has alone is but a spelling.

    Examples
    --------
    >>> same_business("ICA Nära Dikanäs", "Ica"), same_business("Coop Saxnäs", "ICA Saxnäs")
    (True, False)
    """
    if slug(first) == slug(second):
        return True
    one, other = _words(first), _words(second)
    if not one or not other:
        return False
    alone, else_alone = sorted(one - other), sorted(other - one)
    if not alone or not else_alone:
        return True
    return fuzz.ratio("".join(alone), "".join(else_alone)) >= ALIKE


def _words(name: str) -> set[str]:
    """Return the words of a name that tell which business it is."""
    words = {word for word in re.split(r"-+", slug(name)) if word}
    return words - _COMMON or words


def merge_services(tables: Sequence[tuple[str, gpd.GeoDataFrame]]) -> Merged:
    """Return one table of sites from several lists; of two entries the earlier list's one holds.

    Parameters
    ----------
    tables
        Name of the file, and rows of schema ``SITES``; the municipality's own list first.

    Returns
    -------
    Merged
        A kept site takes what it does not say itself (assortment, staff …) from the entry that it
        stands for. Its status never changes: what the own list calls closed stays closed.
    """
    parts = [frame.assign(_list=number, _file=name) for number, (name, frame) in enumerate(tables)]
    rows = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=tables[0][1].crs)
    stands_for, unsure = _clusters(rows)
    records = [
        {**_compared(rows, one, other), "action": "merged"}
        for other, one in enumerate(stands_for)
        if one != other
    ]
    for one, other, why in unsure:
        record = _compared(rows, stands_for[one], other)
        said = "; ".join(str(part) for part in (why, record["conflict"]) if part)
        records.append({**record, "conflict": said, "filled": None, "action": "kept_both"})
    merges = pd.DataFrame(records, columns=MERGES.names()).drop_duplicates(list(MERGES.key))
    merges = check(merges, MERGES, "[[services]]")
    return Merged(_kept(rows, stands_for), merges.sort_values(list(MERGES.key), ignore_index=True))


def _clusters(rows: gpd.GeoDataFrame) -> tuple[list[int], list[tuple[int, int, str]]]:
    """Find for each row the one that it is kept as; and pairs that may be one and stay two."""
    names, lists = rows["name"].tolist(), rows["_list"].to_numpy()
    nameless = rows["name"].str.endswith(NO_NAME).to_numpy()
    stands_for = list(range(len(rows)))
    near = _near(rows)
    for distance, one, other in near:
        twice = slug(names[one]) == slug(names[other]) or nameless[one] != nameless[other]
        if lists[one] == lists[other] and distance <= SAME_LIST_M and twice:
            # Of a named and a nameless entry the named one stays.
            keep, drop = (other, one) if nameless[one] and not nameless[other] else (one, other)
            if stands_for[drop] == drop and stands_for[keep] == keep:
                stands_for = [keep if to == drop else to for to in stands_for]
    members = {n: {int(lists[n])} for n, to in enumerate(stands_for) if n == to}
    across = [
        (slug(names[one]) != slug(names[other]), distance, one, other)
        for distance, one, other in near
        if lists[one] != lists[other] and one in members and other in members
    ]
    unsure = []
    for _, distance, one, other in sorted(across):
        hidden = nameless[one] or nameless[other]
        alike = distance <= NAMELESS_M if hidden else same_business(names[one], names[other])
        first, second = sorted((stands_for[one], stands_for[other]))
        if first == second:
            continue
        sure = distance <= _reach(names[one], names[other])
        if alike and sure and not members[first] & members[second]:
            members[first] |= members.pop(second)
            stands_for = [first if to == second else to for to in stands_for]
        elif alike or distance <= NAMELESS_M:
            why = "" if sure else "delvis samma namn"
            unsure.append((one, other, why if alike else "olika namn på nästan samma plats"))
    unsure += _namesakes(rows, stands_for)
    # What found its own partner after all is no doubt.
    still = [
        (one, other, why)
        for one, other, why in unsure
        if stands_for[other] == other
        and not (why and int(lists[other]) in members[stands_for[one]])
    ]
    return stands_for, still


def _reach(first: str, second: str) -> float:
    """Return within how many metres two names of one business are believed to be it."""
    one, other = _words(first), _words(second)
    return PART_OF_NAME_M if one < other or other < one else SAME_BUSINESS_M


def _near(rows: gpd.GeoDataFrame) -> list[tuple[float, int, int]]:
    """Return the pairs of one service within reach of each other, nearest first."""
    found = []
    for _, group in rows.groupby("service", sort=True):
        at = group.index.to_numpy()
        xy = np.column_stack([group.geometry.x, group.geometry.y])
        pairs = cKDTree(xy).query_pairs(SAME_BUSINESS_M, output_type="ndarray")
        metres = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
        ordered = np.sort(at[pairs], axis=1)
        found += list(zip(metres.tolist(), *ordered.T.tolist(), strict=True))
    return sorted(found)


def _namesakes(rows: gpd.GeoDataFrame, stands_for: list[int]) -> list[tuple[int, int, str]]:
    """Return entries of different lists with one name and service that lie too far apart."""
    known = rows.assign(_key=rows["name"].map(slug), _at=range(len(rows)))
    known = known[np.array(stands_for) == known["_at"]]
    found = []
    for _, group in known.groupby(["service", "_key"], sort=True):
        at, lists = group["_at"].tolist(), group["_list"].tolist()
        for i, one in enumerate(at):
            for j in range(i + 1, len(at)):
                metres = group.geometry.iloc[i].distance(group.geometry.iloc[j])
                if lists[i] != lists[j] and SAME_BUSINESS_M < metres <= NAMESAKES_M:
                    found.append((one, at[j], "samma namn men långt isär"))
    return found


def _compared(rows: gpd.GeoDataFrame, one: int, other: int) -> dict[str, object]:
    """Put two entries beside each other: what they disagree on, and what the second adds."""
    first, second = rows.iloc[one], rows.iloc[other]
    metres = float(first.geometry.distance(second.geometry))
    conflicts = [
        f"{SITES.column(name).title.lower()}: {term(str(first[name]))} / {term(str(second[name]))}"
        for name in COMPARED
        if _says(first[name]) and _says(second[name]) and first[name] != second[name]
    ]
    if metres > FAR_APART_M:
        conflicts.append(f"läge: {metres:.0f} m isär")
    filled = [
        SITES.column(name).title.lower()
        for name in FILLED
        if not _says(first[name]) and _says(second[name])
    ]
    return {
        "site_id": first["site_id"],
        "name": first["name"],
        "service": first["service"],
        "source_file": first["_file"],
        "other_id": second["site_id"],
        "other_name": second["name"],
        "other_file": second["_file"],
        "distance_m": metres,
        "conflict": "; ".join(conflicts) or None,
        "filled": ", ".join(filled) or None,
    }


def _says(value: Any) -> bool:
    """Tell whether a field says something."""
    return not pd.isna(value) and value != "unknown"


def _kept(rows: gpd.GeoDataFrame, stands_for: list[int]) -> gpd.GeoDataFrame:
    """Keep one row of each business, completed by the others, with an id of its own."""
    rows = rows.copy()
    absorbed = [(one, other) for other, one in enumerate(stands_for) if one != other]
    for name in FILLED if absorbed else ():
        values = rows[name].astype("object").tolist()
        for one, other in absorbed:
            if not _says(values[one]):
                values[one] = values[other]
        rows[name] = pd.Series(values, rows.index, dtype="object")
    kept = rows[np.array(stands_for) == np.arange(len(rows))].copy()
    # Two lists may use one id for two businesses; the first list's keeps it.
    again = kept["site_id"].duplicated()
    number = (kept["_list"] + 1).astype("str")
    kept["site_id"] = kept["site_id"].where(~again, kept["site_id"] + "-" + number)
    return check(kept, SITES, "[[services]]").sort_values("site_id", ignore_index=True)

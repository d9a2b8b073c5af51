"""What the page's script gets to know: a result as compact columns in longitude and latitude.

No cell carries its number of people, only the class of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from glesservice.exports.cartography import DISTANCE_KM, NO_ROAD_COLOUR, NO_ROAD_LABEL
from glesservice.exports.webmap import background
from glesservice.exports.webmap.details import details, tenths
from glesservice.exports.webmap.geometry import lines, point, to_wgs84
from glesservice.exports.webmap.grid import placed
from glesservice.exports.webmap.published import Published
from glesservice.exports.webmap.ways import origins, ways
from glesservice.outlines import outlines
from glesservice.tables.words import service_name, service_place

# Inside a script element only these can end it or hide its end; as JSON escapes they are inert.
# U+2028 and U+2029 end a line in older scripts.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


# With more cells than this the page carries their classes alone, not their km.
MANY_CELLS = 10_000
_MISSING_CLASS = "-"


def payload(shown: Published) -> dict[str, object]:
    """Return all that the script draws, as values that JSON can carry.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    result = shown.result
    say = shown.say
    return {
        "services": [
            {"id": key, "name": say(service_name(key)), "place": say(service_place(key))}
            for key in shown.services
        ],
        "siteKinds": [say(service_name(kind)) for kind in shown.site_kinds],
        "classes": {"labels": [*map(say, DISTANCE_KM.labels)], "colours": DISTANCE_KM.colours},
        "noRoad": {"label": say(NO_ROAD_LABEL), "colour": NO_ROAD_COLOUR},
        "peopleClasses": [
            label.replace("eller fler", say("eller fler")) for label in people_classes(shown)
        ],
        "top": result.settings.policy.top,
        "border": background.border(result.boundary),
        "roads": background.roads(result.roads, result.boundary),
        "lakes": background.lakes(result.lakes),
        "cells": _cells(shown),
        "orter": _orter(shown),
        "bygder": _bygder(shown),
        "sites": _sites(shown),
        "strategic": _strategic(shown),
        "details": details(shown),
        "ways": ways(shown),
    }


def embedded(values: Mapping[str, object]) -> str:
    """Return JSON that cannot end the script element it stands in.

    Parameters
    ----------
    values
        What to embed.

    Examples
    --------
    >>> embedded({"name": "</script>"})
    '{"name":"\\\\u003c/script\\\\u003e"}'
    """
    text = json.dumps(
        values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.translate(_ESCAPES)


def people_classes(shown: Published) -> list[str]:
    """Return the labels of the cells' classes of people, the smallest first.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    labels = {str(label) for label in shown.cells["people_class"].dropna()}
    return sorted(labels, key=lambda label: int(re.split(r"\D", label, maxsplit=1)[0] or 0))


def _cells(shown: Published) -> dict[str, object]:
    """List the cells in columns: place, ort, class of people; distances for each service.

    Each class of a cell is one sign of a text, and what neighbours share is told once for all.
    """
    cells = shown.cells
    site_numbers = _numbers(shown.sites["site_id"])
    columns: dict[str, object] = {
        "ort": runs(_positions(cells["ort_id"], _numbers(shown.orter["ort_id"]))),
        "people": runs(_positions(cells["people_class"], _numbers(people_classes(shown)))),
        "offRoad": runs([int(missing) for missing in cells["access_m"].isna()]),
        "class": {service: _classes(cells[f"km_{service}"]) for service in shown.services},
        "site": {
            service: runs(_positions(cells[f"site_{service}"], site_numbers))
            for service in shown.services
        },
    }
    if shown.before is not None:
        earlier = shown.before.result.cells.set_index("cell_id").reindex(cells["cell_id"])
        columns["before"] = {
            service: _classes(earlier[f"km_{service}"])
            for service in shown.services
            if f"km_{service}" in earlier
        }
    if len(cells) <= MANY_CELLS:
        columns["km"] = {service: tenths(cells[f"km_{service}"]) for service in shown.services}
    return placed(cells) | columns


def _classes(km: pd.Series) -> str:
    """Write the class of each distance as one sign."""
    return "".join(_MISSING_CLASS if step < 0 else str(step) for step in DISTANCE_KM.index(km))


def runs(values: Sequence[int]) -> list[int]:
    """Return values that follow each other as pairs: the value, and how many times it stands.

    Parameters
    ----------
    values
        The values.

    Examples
    --------
    >>> runs([7, 7, 7, -1])
    [7, 3, -1, 1]
    """
    whole = np.asarray(values, dtype=int)
    begins = np.flatnonzero(np.diff(whole, prepend=whole[:1] - 1))
    lengths = np.diff(begins, append=len(whole))
    return [int(number) for number in np.stack([whole[begins], lengths], axis=1).ravel()]


def _orter(shown: Published) -> dict[str, object]:
    """List the orter in columns, each at the middle of its most populous cell."""
    cells = shown.cells
    largest = origins(shown)
    middles = [
        cells.geometry[largest[ort.ort_id]].centroid
        if ort.ort_id in largest.index
        else ort.geometry.representative_point()
        for ort in shown.orter.itertuples()
    ]
    columns: dict[str, object] = {
        "name": list(shown.orter["name"]),
        "rank": [None if np.isnan(rank) else int(rank) for rank in shown.orter["rank"]],
        "total": tenths(shown.orter["total"]),
        "centre": [int(role == "centralort") for role in shown.orter["role"]],
        "at": [point(middle) for middle in to_wgs84(middles, cells.crs)],
    }
    if shown.decided and "decision" in shown.orter:
        columns["decided"] = [int(word == "utpekad") for word in shown.orter["decision"]]
    return columns


def _bygder(shown: Published) -> dict[str, object]:
    """List the bygder in columns, with the positions of their orter."""
    members = [
        [int(position) for position in np.flatnonzero(shown.orter["bygd_id"] == bygd)]
        for bygd in shown.bygder["bygd_id"]
    ]
    # Around the cells rather than along them: the cells' own corners would read as dots.
    drawn = outlines(shown.bygder.geometry)
    return {
        "name": list(shown.bygder["name"]),
        "orter": members,
        "outline": [lines(shape) for shape in to_wgs84(drawn, shown.bygder.crs)],
    }


def _sites(shown: Published) -> dict[str, object]:
    """List the sites in columns; what else is told of them stands in their table."""
    sites = shown.sites
    services = _numbers(shown.site_kinds)
    places = _numbers(sites["place_id"].drop_duplicates())
    return {
        "name": list(sites["name"]),
        "service": _positions(sites["service"], services),
        "counted": [int(counted) for counted in sites["counted"]],
        "place": _positions(sites["place_id"], places),
        "at": [point(spot) for spot in to_wgs84(sites.geometry, sites.crs)],
    }


def _strategic(shown: Published) -> dict[str, object]:
    """List the strategic serviceorter in columns, with the positions of their sites."""
    sites = shown.sites
    inside = [
        sites["counted"] & ((sites["ort_id"] == key) | (sites["place_id"] == key))
        for key in shown.strategic["serviceort_id"]
    ]
    return {
        "name": list(shown.strategic["name"]),
        "rank": [int(rank) for rank in shown.strategic["rank"]],
        "sites": [[int(position) for position in np.flatnonzero(mask)] for mask in inside],
    }


def _numbers(ids: Iterable[Hashable]) -> dict[Hashable, int]:
    """Number ids from 0 in their order."""
    return {key: number for number, key in enumerate(ids)}


def _positions(ids: pd.Series, numbers: Mapping[Hashable, int]) -> Sequence[int]:
    """Replace ids by their numbers, -1 where there is none."""
    return [numbers.get(key, -1) for key in ids.astype(object).where(ids.notna(), None)]

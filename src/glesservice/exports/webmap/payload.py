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
from glesservice.exports.webmap.geometry import lines, point, to_wgs84
from glesservice.exports.webmap.published import Published
from glesservice.outlines import outlines
from glesservice.tables.words import service_name, service_place, term

# Inside a script element only these can end it or hide its end; as JSON escapes they are inert.
# U+2028 and U+2029 end a line in older scripts.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def payload(shown: Published) -> dict[str, object]:
    """Return all that the script draws, as values that JSON can carry.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    result = shown.result
    return {
        "services": [
            {"id": service, "name": service_name(service), "place": service_place(service)}
            for service in shown.services
        ],
        "siteKinds": [service_name(kind) for kind in shown.site_kinds],
        "classes": {"labels": DISTANCE_KM.labels, "colours": DISTANCE_KM.colours},
        "noRoad": {"label": NO_ROAD_LABEL, "colour": NO_ROAD_COLOUR},
        "peopleClasses": people_classes(shown),
        "top": result.settings.policy.top,
        "border": background.border(result.boundary),
        "roads": background.roads(result.roads, result.boundary),
        "cells": _cells(shown),
        "orter": _orter(shown),
        "bygder": _bygder(shown),
        "sites": _sites(shown),
        "strategic": _strategic(shown),
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
    labels = {str(label) for label in shown.cells["people_class"]}
    return sorted(labels, key=lambda label: int(re.split(r"\D", label, maxsplit=1)[0] or 0))


def _cells(shown: Published) -> dict[str, object]:
    """List the cells in columns: outline, ort, class of people; distances for each service."""
    cells = shown.cells
    site_numbers = _numbers(shown.sites["site_id"])
    return {
        "outline": [lines(square)[0] for square in to_wgs84(cells.geometry, cells.crs)],
        "ort": _positions(cells["ort_id"], _numbers(shown.orter["ort_id"])),
        "people": _positions(cells["people_class"], _numbers(people_classes(shown))),
        "offRoad": [int(missing) for missing in cells["access_m"].isna()],
        "km": {service: _decimal(cells[f"km_{service}"]) for service in shown.services},
        "class": {
            service: [int(step) for step in DISTANCE_KM.index(cells[f"km_{service}"])]
            for service in shown.services
        },
        "site": {
            service: _positions(cells[f"site_{service}"], site_numbers)
            for service in shown.services
        },
    }


def _orter(shown: Published) -> dict[str, object]:
    """List the orter in columns, each at the middle of its most populous cell."""
    cells = shown.cells
    largest = (
        cells.dropna(subset="ort_id")
        .sort_values(["people", "cell_id"], ascending=[False, True])
        .drop_duplicates("ort_id")
        .set_index("ort_id")
    )
    middles = [
        largest.geometry[ort.ort_id].centroid
        if ort.ort_id in largest.index
        else ort.geometry.representative_point()
        for ort in shown.orter.itertuples()
    ]
    return {
        "name": list(shown.orter["name"]),
        "rank": [None if np.isnan(rank) else int(rank) for rank in shown.orter["rank"]],
        "total": _decimal(shown.orter["total"]),
        "centre": [int(role == "centralort") for role in shown.orter["role"]],
        "at": [point(middle) for middle in to_wgs84(middles, cells.crs)],
    }


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
    """List the sites in columns."""
    sites = shown.sites
    services = _numbers(shown.site_kinds)
    places = _numbers(sites["place_id"].drop_duplicates())
    return {
        "name": list(sites["name"]),
        "service": _positions(sites["service"], services),
        "counted": [int(counted) for counted in sites["counted"]],
        "status": [term(status) for status in sites["status"]],
        "note": [None if pd.isna(note) else note for note in sites["note"]],
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


def _decimal(values: pd.Series) -> list[float | None]:
    """Round to one decimal; missing values stay missing."""
    return [None if np.isnan(value) else round(float(value), 1) for value in values.astype(float)]

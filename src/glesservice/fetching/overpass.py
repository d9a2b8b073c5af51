"""OpenStreetMap through Overpass: square by square, quartered where the server runs out of time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from glesservice.errors import Fault, FetchError
from glesservice.fetching.area import degrees_of, quarters, squares
from glesservice.fetching.judging import PassingError, plain
from glesservice.fetching.osm_data import (
    PLACES,
    ROAD_CLASSES,
    SERVICE_TAGS,
    Feature,
    OsmData,
    day,
    is_feature,
    is_road,
    together,
)
from glesservice.fetching.parts import Parts
from glesservice.fetching.reading import read_json
from glesservice.fetching.web import Query, Web

KINDS = {"node": "n", "way": "w", "relation": "r"}

# Told of the squares that are done, and of those in all.
Progress = Callable[[int, int], None]


class _TooMuchError(Exception):
    """The server ran out of time or memory: a smaller square may do."""


def from_overpass(web: Web, parts: Parts, around: BaseGeometry, progress: Progress) -> OsmData:
    """Return the roads, shops and names of an area.

    Parameters
    ----------
    web
        How to ask.
    parts
        Where finished squares are kept.
    around
        The area, EPSG:3006.
    progress
        Told how many squares are done.

    Returns
    -------
    OsmData
        All that touches the squares which cover the area.

    Raises
    ------
    FetchError
        If a square cannot be had, also after the retries.
    """
    rules = web.rules
    work = [(_roads_query, square) for square in squares(around, rules.roads_tile_km)]
    work += [(_features_query, square) for square in squares(around, rules.features_tile_km)]
    if len(work) > rules.most_tiles:
        raise FetchError(
            Fault(
                f"the area takes {len(work)} squares, more than {rules.most_tiles}",
                "[fetch]",
                "Set larger squares, or a smaller buffer_km",
            )
        )

    def _squares() -> Iterator[OsmData]:
        for done, (query, square) in enumerate(work):
            progress(done, len(work))
            yield from _asked(web, parts, query, square, around, rules.splits)
        progress(len(work), len(work))

    return together(_squares())


def _asked(
    web: Web,
    parts: Parts,
    query: Callable[[BaseGeometry, int], str],
    square: BaseGeometry,
    around: BaseGeometry,
    splits: int,
) -> Iterator[OsmData]:
    """Ask for one square, or for its quarters where it is too much."""
    seconds = web.rules.overpass_seconds
    asked = Query(
        web.rules.overpass, form={"data": query(square, seconds)}, patience_seconds=seconds
    )
    try:
        yield parts.answer(web, asked, _read)
    except _TooMuchError as error:
        if splits == 0:
            raise FetchError(
                Fault(
                    f"the server cannot answer even for a small square ({error})",
                    asked.url,
                    'Set smaller squares, or osm = "geofabrik", under [fetch]',
                )
            ) from error
        for quarter in quarters(square):
            if shapely.intersects(quarter, around):
                yield from _asked(web, parts, query, quarter, around, splits - 1)


def _box(square: BaseGeometry) -> str:
    """Write a square the way Overpass wants it."""
    west, south, east, north = degrees_of(square)
    return f"{south:.5f},{west:.5f},{north:.5f},{east:.5f}"


def _roads_query(square: BaseGeometry, seconds: int) -> str:
    """Ask for roads and all of their points."""
    return (
        f"[out:json][timeout:{seconds}];\n"
        f'way["highway"~"^({"|".join(ROAD_CLASSES)})$"]({_box(square)});\n'
        "out body qt;\n>;\nout skel qt;\n"
    )


def _features_query(square: BaseGeometry, seconds: int) -> str:
    """Ask for shops and names, each with its middle and the time of its last edit."""
    box = _box(square)
    wanted = "".join(
        f'nwr["{key}"~"^({"|".join(values)})$"]({box});\n' for key, values in SERVICE_TAGS.items()
    )
    return (
        f"[out:json][timeout:{seconds}];\n(\n{wanted}"
        f'nwr["place"~"^({"|".join(PLACES)})$"]["name"]({box});\n);\nout meta center qt;\n'
    )


def _read(content: bytes) -> OsmData:
    """Read an answer; one that is not whole is none."""
    said = read_json(content)
    remark = said.get("remark")
    if remark is not None:
        text = plain(str(remark).encode())
        if "timed out" in text or "out of memory" in text:
            raise _TooMuchError(text)
        raise PassingError(f"the server remarks: {text}")
    try:
        return _sorted(said["elements"], day(said.get("osm3s", {}).get("timestamp_osm_base")))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PassingError(f"the answer is broken ({type(error).__name__}: {error})") from error


def _sorted(elements: Sequence[dict[str, Any]], date: str | None) -> OsmData:
    """Tell roads, their points, and features apart."""
    nodes: dict[int, tuple[float, float]] = {}
    ways: dict[int, tuple[tuple[int, ...], dict[str, str]]] = {}
    features: dict[tuple[str, int], Feature] = {}
    for element in elements:
        kind, number = element["type"], _whole(element["id"])
        tags = {str(key): str(value) for key, value in element.get("tags", {}).items()}
        middle = element if kind == "node" else element.get("center")
        if kind == "node" and not tags:
            nodes[number] = _placed(element)
        elif kind == "way" and is_road(tags) and "nodes" in element:
            ways[number] = tuple(map(_whole, element["nodes"])), tags
        elif is_feature(tags) and middle is not None:
            edited = day(element.get("timestamp"))
            key = KINDS[kind], number
            features[key] = Feature(*key, *_placed(middle), tags, edited)
        elif kind == "node":  # a point of a road may be a crossing, with tags
            nodes[number] = _placed(element)
    missing = sum(ref not in nodes for refs, _ in ways.values() for ref in refs)
    if missing:
        raise ValueError(f"{missing} points of roads are missing")
    return OsmData(nodes, ways, features, date)


def _whole(value: object) -> int:
    """Read an element's number."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**62:
        raise ValueError(f"{value!r} is no number of an element")
    return value


def _placed(element: dict[str, Any]) -> tuple[float, float]:
    """Read a place."""
    lon, lat = float(element["lon"]), float(element["lat"])
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise ValueError("a place is not on Earth")
    return lon, lat

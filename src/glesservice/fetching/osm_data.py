"""What is kept of OpenStreetMap: roads with their points, shops and names; written as PBF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import osmium

from glesservice.config import CLASS_SPEEDS_KMH

Tags = Mapping[str, str]

# Roads that cars use; paths and cycleways would be half of the data.
ROAD_CLASSES = tuple(sorted(CLASS_SPEEDS_KMH))
PLACES = ("city", "town", "village", "hamlet")
# By key, which values make an element a shop or the like; see services.py.
SERVICE_TAGS: Mapping[str, tuple[str, ...]] = {
    "shop": ("convenience", "general", "grocery", "supermarket"),
    "amenity": ("atm", "bank", "fuel", "parcel_locker", "pharmacy", "post_office"),
    "atm": ("yes",),
    "post_office": ("post_partner",),
}


@dataclass(frozen=True)
class Feature:
    """A shop, pump or named place.

    Attributes
    ----------
    kind
        ``n``, ``w`` or ``r``: node, way, relation.
    id
        Its number.
    lon, lat
        Degrees; the middle of what is drawn as an area.
    tags
        All tags.
    edited
        When it was last edited, YYYY-MM-DD.
    """

    kind: str
    id: int
    lon: float
    lat: float
    tags: Tags
    edited: str | None


@dataclass(frozen=True)
class OsmData:
    """Part of OpenStreetMap.

    Attributes
    ----------
    nodes
        Longitude and latitude of the roads' points, by number.
    ways
        The roads by number: their points and tags.
    features
        Shops, pumps and names, by kind and number.
    date
        The day the data describe, YYYY-MM-DD.
    """

    nodes: Mapping[int, tuple[float, float]]
    ways: Mapping[int, tuple[tuple[int, ...], Tags]]
    features: Mapping[tuple[str, int], Feature]
    date: str | None


def together(parts: Iterable[OsmData]) -> OsmData:
    """Return several parts as one; what is in two of them is there once.

    Parameters
    ----------
    parts
        Parts that may overlap, such as squares that the same road crosses. The oldest date counts.
    """
    nodes: dict[int, tuple[float, float]] = {}
    ways: dict[int, tuple[tuple[int, ...], Tags]] = {}
    features: dict[tuple[str, int], Feature] = {}
    dates = []
    for part in parts:
        nodes.update(part.nodes)
        ways.update(part.ways)
        features.update(part.features)
        if part.date:
            dates.append(part.date)
    return OsmData(nodes, ways, features, min(dates, default=None))


def is_road(tags: Tags) -> bool:
    """Tell whether tags are those of a road that cars use.

    Parameters
    ----------
    tags
        A way's tags.
    """
    return tags.get("highway") in ROAD_CLASSES


def is_feature(tags: Tags) -> bool:
    """Tell whether tags are those of a shop, pump or the like, or of a named place.

    Parameters
    ----------
    tags
        An element's tags.

    Examples
    --------
    >>> is_feature({"shop": "convenience"}), is_feature({"shop": "shoes"})
    (True, False)
    """
    named_place = tags.get("place") in PLACES and "name" in tags
    return named_place or any(tags.get(key) in values for key, values in SERVICE_TAGS.items())


def day(text: object) -> str | None:
    """Return the day of a time stamp, or nothing where there is none.

    Parameters
    ----------
    text
        Such as ``2026-11-20T19:03:00Z``.

    Examples
    --------
    >>> day("2026-11-20T19:03:00Z"), day("soon"), day(None)
    ('2026-11-20', None, None)
    """
    found = re.match(r"\d{4}-\d{2}-\d{2}(?=T|$)", text) if isinstance(text, str) else None
    return found[0] if found else None


def write_pbf(data: OsmData, path: Path) -> None:
    """Write the roads as an OSM PBF file, equal bytes for equal roads.

    Parameters
    ----------
    data
        The roads.
    path
        The file, ending in ``.osm.pbf``; an existing one is replaced.
    """
    header = osmium.io.Header()
    header.set("generator", "glesservice")
    with osmium.SimpleWriter(str(path), header=header, overwrite=True) as writer:
        for node in sorted({ref for refs, _ in data.ways.values() for ref in refs}):
            if node in data.nodes:
                writer.add_node(
                    osmium.osm.mutable.Node(id=node, location=data.nodes[node], version=1)
                )
        for way, (refs, tags) in sorted(data.ways.items()):
            drawn = osmium.osm.mutable.Way(
                id=way, nodes=list(refs), tags=dict(sorted(tags.items())), version=1
            )
            writer.add_way(drawn)

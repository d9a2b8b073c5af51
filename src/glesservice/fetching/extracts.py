"""OpenStreetMap out of country extracts: which ones, and cutting the area out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import osmium
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from glesservice.errors import Fault, FetchError
from glesservice.fetching.area import degrees_of
from glesservice.fetching.download import Progress, download
from glesservice.fetching.osm_data import (
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

# The countries that a Swedish municipality's surroundings reach into.
COUNTRIES = frozenset({"SE", "NO", "FI", "DK"})
KEYS = ("highway", "shop", "amenity", "place", "atm", "post_office")


def extract_addresses(web: Web, parts: Parts, around: BaseGeometry) -> list[str]:
    """Return the addresses of the countries' extracts that an area reaches into.

    Parameters
    ----------
    web
        How to ask for Geofabrik's list.
    parts
        Where the answer is kept.
    around
        The area, EPSG:3006.

    Returns
    -------
    list of str
        By the names of the countries.

    Raises
    ------
    FetchError
        If the list names no extract for the area.
    """
    index = parts.answer(web, Query(web.rules.geofabrik_index), read_json)
    here = shapely.box(*degrees_of(around))
    found = {}
    for entry in index.get("features", []):
        try:
            said = entry["properties"]
            countries = set(said.get("iso3166-1:alpha2", ()))
            # An extract of several countries holds each of them once more.
            if len(countries) == 1 and countries <= COUNTRIES and said["urls"].get("pbf"):
                area = shape(entry["geometry"])
                if shapely.intersects(area, here):
                    found[str(said["id"])] = str(said["urls"]["pbf"])
        except (KeyError, TypeError, AttributeError, ValueError, shapely.errors.ShapelyError):
            continue
    if not found:
        raise FetchError(
            Fault(
                "the list names no extract that reaches into the area",
                web.rules.geofabrik_index,
                "Name paths or addresses as extracts under [fetch]",
            )
        )
    return [found[name] for name in sorted(found)]


def from_extracts(
    web: Web,
    folder: Path,
    sources: list[str],
    around: BaseGeometry,
    progress: Callable[[str], Progress],
) -> OsmData:
    """Return the roads, shops and names of an area out of extracts.

    Parameters
    ----------
    web
        How to download.
    folder
        Where downloads are kept until all is done.
    sources
        Paths, or addresses, of PBF files.
    around
        The area, EPSG:3006.
    progress
        Makes of a file's name what is told of its bytes.

    Returns
    -------
    OsmData
        All that touches the area's box in degrees.

    Raises
    ------
    FetchError
        If an extract cannot be had or read.
    """

    def _parts() -> Iterator[OsmData]:
        for number, source in enumerate(sources):
            if source.startswith(("http://", "https://")):
                path = folder / f"extract-{number}.osm.pbf"
                download(web, source, path, progress(source))
            else:
                path = Path(source)
                progress(source)(0, None)
            with _told(source, path):
                yield _cut(path, around, folder / "places.index")

    return together(_parts())


@contextmanager
def _told(source: str, path: Path) -> Iterator[None]:
    """Say which extract is unreadable; what was downloaded is then not kept."""
    try:
        yield
    except (RuntimeError, OSError) as error:
        if source.startswith("http"):
            path.unlink(missing_ok=True)
        raise FetchError(
            Fault(
                f"the extract cannot be read ({error})", source, "Fetch again, or use another one"
            )
        ) from error


def _cut(path: Path, around: BaseGeometry, index: Path) -> OsmData:
    """Cut the box of an area out of an extract."""
    west, south, east, north = degrees_of(around)

    def _inside(lon: float, lat: float) -> bool:
        return west <= lon <= east and south <= lat <= north

    nodes: dict[int, tuple[float, float]] = {}
    ways: dict[int, tuple[tuple[int, ...], dict[str, str]]] = {}
    features: dict[tuple[str, int], Feature] = {}
    index.unlink(missing_ok=True)
    wanted = osmium.filter.KeyFilter(*KEYS)
    # Places on disk: a country has a hundred million points.
    reading = (
        osmium.FileProcessor(osmium.io.File(str(path), "pbf"))
        .with_locations(f"sparse_file_array,{index}")
        .with_areas(osmium.filter.KeyFilter("shop", "amenity", "place"))
        .with_filter(wanted)
    )
    for item in reading:
        tags = {tag.k: tag.v for tag in item.tags}
        if isinstance(item, osmium.osm.Way) and is_road(tags):
            places = [(n.ref, n.lon, n.lat) for n in item.nodes if n.location.valid()]
            if any(_inside(lon, lat) for _, lon, lat in places):
                nodes.update((ref, (lon, lat)) for ref, lon, lat in places)
                ways[item.id] = tuple(n.ref for n in item.nodes), tags
        elif is_feature(tags):
            feature = _feature(item, tags)
            if feature is not None and _inside(feature.lon, feature.lat):
                features[feature.kind, feature.id] = feature
    index.unlink(missing_ok=True)
    return OsmData(nodes, ways, features, _date(path))


def _feature(item: Any, tags: dict[str, str]) -> Feature | None:
    """Read a point, or an area by the middle of its box; lines are drawn as areas too."""
    edited = item.timestamp.strftime("%Y-%m-%d") if item.timestamp.year > 1970 else None
    if isinstance(item, osmium.osm.Node):
        return Feature("n", item.id, item.lon, item.lat, tags, edited)
    if isinstance(item, osmium.osm.Area):
        rings = [n for ring in item.outer_rings() for n in ring if n.location.valid()]
        if rings:
            lon, lat = [n.lon for n in rings], [n.lat for n in rings]
            middle = (min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2
            return Feature("w" if item.from_way() else "r", item.orig_id(), *middle, tags, edited)
    return None


def _date(path: Path) -> str | None:
    """Read the day that an extract describes."""
    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        header = reader.header()
        said = header.get("osmosis_replication_timestamp", "") or header.get("timestamp", "")
    return day(said)

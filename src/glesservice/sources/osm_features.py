"""Service sites and named places of an OpenStreetMap extract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import shapely

from glesservice.errors import Fault, InputError
from glesservice.sources.coordinates import to_sweref
from glesservice.sources.files import existing, refuse_entities
from glesservice.tables.words import service_name

NO_NAME = "utan namn"
EXTRACT_ENDINGS = (".pbf", ".osm", ".xml")
GROCERIES = {"supermarket": "full", "convenience": None, "general": None}
NO_PUBLIC_ACCESS = {"private", "no", "permit", "permissive;private"}
# Fuels that a car takes as a liquid.
LIQUID = ("fuel:diesel", "fuel:octane_", "fuel:e85", "fuel:e10", "fuel:hvo", "fuel:biodiesel")
# Places where people live; single farms and quarters of a town are no villages.
PLACES = {"city": "tatort", "town": "tatort", "village": "by", "hamlet": "by"}
_YES_NO = {"yes": "no", "only": "no", "no": "yes"}  # self-service: unstaffed


def is_extract(path: Path) -> bool:
    """Return whether a file is an OpenStreetMap extract by its name.

    Parameters
    ----------
    path
        The file.
    """
    return path.suffix.lower() in EXTRACT_ENDINGS


def osm_sites(path: Path) -> gpd.GeoDataFrame:
    """Return the service sites of an extract.

    Parameters
    ----------
    path
        PBF or XML. Groceries (``shop``), fuel for cars of the public, pharmacies, parcels, cash.

    Returns
    -------
    GeoDataFrame
        Columns of schema ``SITES``, EPSG:3006; a row a feature and a service.

    Raises
    ------
    InputError
        If the file is no readable extract or holds no site.
    """
    rows = []
    for number, tags, place in _features(path, ("shop", "amenity", "post_office", "atm")):
        known = _about_site(tags)
        rows += [
            {
                **known,
                **extra,
                "name": known["name"] or f"{service_name(service)} {NO_NAME}",
                "service": service,
                "site_id": f"osm-{number}-{service}",
                "geometry": place,
            }
            for service, extra in _services(tags)
        ]
    return _frame(rows, "service sites", path)


def osm_places(path: Path) -> gpd.GeoDataFrame:
    """Return the named places of an extract where people live.

    Parameters
    ----------
    path
        PBF or XML. Cities and towns are tätorter, villages and hamlets are byar.

    Returns
    -------
    GeoDataFrame
        ``settlement_id, name, kind, population`` and points in EPSG:3006.

    Raises
    ------
    InputError
        If the file is no readable extract or holds no place.
    """
    rows = [
        {
            "settlement_id": f"osm-{number}",
            "name": tags.get("name:sv") or tags["name"],
            "kind": PLACES[tags["place"]],
            "population": _whole_number(tags.get("population")),
            "geometry": place,
        }
        for number, tags, place in _features(path, ("place",))
        if tags["place"] in PLACES and tags.get("name")
    ]
    return _frame(rows, "places", path)


def _features(
    path: Path, keys: tuple[str, ...]
) -> Iterator[tuple[str, Mapping[str, str], shapely.Point]]:
    """Yield nodes and areas that have one of the tags: their number, tags and place."""
    existing(path, "OpenStreetMap data")
    kind = "pbf" if path.suffix.lower() == ".pbf" else "osm"
    if kind == "osm":
        refuse_entities(path)
    chosen = osmium.filter.KeyFilter(*keys)
    shape = osmium.geom.WKBFactory()
    try:
        reader = (
            osmium.FileProcessor(osmium.io.File(str(path), kind))
            .with_areas(osmium.filter.KeyFilter(*keys))
            .with_filter(chosen)
        )
        for item in reader:
            if isinstance(item, osmium.osm.Node) and item.location.valid():
                place = shapely.Point(item.lon, item.lat)
                yield f"n{item.id}", dict(item.tags), place
            elif isinstance(item, osmium.osm.Area):
                area: Any = shapely.from_wkb(bytes.fromhex(shape.create_multipolygon(item)))
                letter = "w" if item.from_way() else "r"
                yield f"{letter}{item.orig_id()}", dict(item.tags), area.representative_point()
    except Exception as error:  # osmium raises errors of its own without a common parent
        raise InputError(
            Fault(f"the extract cannot be read ({error})", str(path), "Download it again")
        ) from None


def _services(tags: Mapping[str, str]) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Yield the services that a feature gives, and what is known of each."""
    shop, amenity = tags.get("shop"), tags.get("amenity")
    if shop in GROCERIES:
        yield "dagligvaror", {"assortment": GROCERIES[shop]}
    if amenity == "fuel" and _sells_to_cars(tags):
        yield "drivmedel", {}
    if amenity == "pharmacy":
        yield "apotek", {}
    if (
        amenity in {"post_office", "parcel_locker"}
        or tags.get("post_office") in {"post_partner", "post_annex", "yes"}
        or "parcel" in tags.get("vending", "")
    ):
        yield "paket", {"staffed": "no"} if amenity == "parcel_locker" else {}
    if amenity == "atm":
        yield "kontanter", {"staffed": "no"}
    elif tags.get("atm") == "yes":
        yield "kontanter", {}


def _sells_to_cars(tags: Mapping[str, str]) -> bool:
    """Tell whether anybody's car can be filled with a liquid fuel here."""
    if tags.get("access") in NO_PUBLIC_ACCESS or tags.get("hgv") in {"only", "designated"}:
        return False
    if tags.get("motorcar") == "no" or tags.get("motor_vehicle") in NO_PUBLIC_ACCESS:
        return False
    sold = {key for key, value in tags.items() if key.startswith("fuel:") and value == "yes"}
    # Where the fuels are listed, one of them must be a car's; diesel for lorries is another tag.
    return not sold or any(key.startswith(LIQUID) for key in sold)


def _about_site(tags: Mapping[str, str]) -> dict[str, str | None]:
    """Read what the tags say of the business."""
    hours = tags.get("opening_hours")
    closed = hours in {"closed", "off"} or tags.get("opening_hours:signed") == "closed"
    unstaffed = tags.get("self_service") or tags.get("automated")
    season = tags.get("seasonal")
    return {
        "name": tags.get("name") or tags.get("brand") or tags.get("operator"),
        "status": "closed" if closed else None,
        "assortment": None,
        "staffed": _YES_NO.get(unstaffed or ""),
        "season": {
            "no": "all_year",
            "summer": "summer",
            "winter": "winter",
            "yes": "part_of_year",
        }.get(season or ""),
        "operator": tags.get("operator") or tags.get("brand"),
        "source": "OpenStreetMap",
        "source_date": tags.get("check_date") or tags.get("check_date:opening_hours"),
        "note": f"Öppettider: {hours}" if hours and not closed else None,
    }


def _whole_number(text: str | None) -> float | None:
    """Read a number of people; what is none is not known."""
    digits = (text or "").replace(" ", "")
    return float(digits) if digits.isascii() and digits.isdigit() else None


def _frame(rows: list[dict[str, Any]], what: str, path: Path) -> gpd.GeoDataFrame:
    """Make a frame in EPSG:3006."""
    if not rows:
        raise InputError(
            Fault(f"the extract holds no {what}", str(path), "Use an extract of the whole area")
        )
    return to_sweref(gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326"), str(path))

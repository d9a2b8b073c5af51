"""Service sites and village names out of OpenStreetMap, as the readers want them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from glesservice.fetching.area import Country
from glesservice.fetching.osm_data import PLACES, Feature, Tags
from glesservice.tables import CRS

COLUMNS = (
    "id",
    "name",
    "service",
    "assortment",
    "staffed",
    "status",
    "lat",
    "lon",
    "kommunkod",
    "operator",
    "status_year",
    "source",
    "note",
)
SOURCE = "OpenStreetMap (ODbL)"
# What a site is called that has no name.
NAMELESS = {
    "dagligvaror": "Livsmedelsbutik utan namn",
    "drivmedel": "Drivmedel utan namn",
    "apotek": "Apotek utan namn",
    "paket": "Paketombud utan namn",
    "kontanter": "Uttagsautomat",
}
# A business drawn as a point and as a building is one; so near, its name tells.
SAME_SITE_M = 150.0
# Likewise a village drawn as a point and as an area.
SAME_PLACE_M = 2000.0
CLOSED_TO_PUBLIC = ("private", "no", "permit", "members")
# What an ordinary car fills (wiki.openstreetmap.org/wiki/Tag:amenity=fuel).
CAR_FUELS = re.compile(r"fuel:(diesel|octane_\d+|e85|e10|biodiesel|HVO100)$", re.IGNORECASE)


def sites(features: Iterable[Feature], around: BaseGeometry) -> list[dict[str, str]]:
    """Return one row a site and service, without its municipality.

    Parameters
    ----------
    features
        Elements of OpenStreetMap.
    around
        Only what lies in this area, EPSG:3006.

    Returns
    -------
    list of dict
        Columns ``COLUMNS``, by rising id. What is in OpenStreetMap is taken as open, with the year
        of its last check or edit as the year of the source: somebody has seen it then. What is not
        in it may exist all the same. Of a business that is drawn twice the first is listed, and
        the other named in its note: counted twice, its loss would seem to harm nobody.
    """
    found = [
        (_row(feature, service), point)
        for feature, point in _within(features, around)
        for service in services_of(feature.tags)
    ]
    found.sort(key=lambda pair: pair[0]["id"])
    same: dict[tuple[str, str], list[tuple[dict[str, str], BaseGeometry]]] = {}
    rows = []
    for row, point in found:
        namesakes = same.setdefault((row["service"], row["name"].casefold()), [])
        twin = next((other for other, at in namesakes if at.distance(point) <= SAME_SITE_M), None)
        if twin is None:
            namesakes.append((row, point))
            rows.append(row)
        else:
            twin["note"] = "; ".join(filter(None, (twin["note"], f"även ritad som {row['id']}")))
            twin["status_year"] = max(twin["status_year"], row["status_year"])
    return rows


def services_of(tags: Tags) -> list[str]:
    """Return the services that an element gives to the public in an ordinary car.

    Parameters
    ----------
    tags
        Its tags.

    Examples
    --------
    >>> services_of({"amenity": "fuel", "shop": "convenience"})
    ['dagligvaror', 'drivmedel']
    >>> services_of({"amenity": "fuel", "hgv": "only"}), services_of({"amenity": "bank"})
    ([], [])
    """
    if tags.get("access") in CLOSED_TO_PUBLIC:
        return []
    amenity = tags.get("amenity")
    found = []
    if tags.get("shop") in {"supermarket", "convenience", "general", "grocery"}:
        found.append("dagligvaror")
    if amenity == "fuel" and _fills_cars(tags):
        found.append("drivmedel")
    if amenity == "pharmacy":
        found.append("apotek")
    if amenity in {"post_office", "parcel_locker"} or tags.get("post_office") == "post_partner":
        found.append("paket")
    if amenity == "atm" or tags.get("atm") == "yes":
        found.append("kontanter")
    return found


def _fills_cars(tags: Tags) -> bool:
    """Tell whether a pump has what an ordinary car fills, and lets it in."""
    if tags.get("hgv") == "only" or tags.get("motorcar") in CLOSED_TO_PUBLIC:
        return False
    fuels = {key: value for key, value in tags.items() if key.startswith("fuel:")}
    if any(value == "yes" for key, value in fuels.items() if CAR_FUELS.match(key)):
        return True
    # Only another fuel is named (for lorries, boats, gas), or the car's own are denied.
    return "yes" not in fuels.values() and "no" not in {
        value for key, value in fuels.items() if CAR_FUELS.match(key)
    }


def _row(feature: Feature, service: str) -> dict[str, str]:
    """Describe one site."""
    tags = feature.tags
    name = next((tags[key] for key in ("name", "brand", "operator") if tags.get(key)), "")
    checked = [
        tags.get(key, "") for key in ("check_date", "survey:date", "opening_hours:check_date")
    ]
    days = [feature.edited or "", *checked]
    year = max((text[:4] for text in days if re.match(r"(19|20)\d\d", text)), default="")
    staffed = {"yes": "no", "only": "no", "no": "yes"}.get(tags.get("automated", ""), "unknown")
    hours = tags.get("opening_hours", "")
    return {
        "id": f"osm-{feature.kind}{feature.id}-{service}",
        "name": tidy(name) or NAMELESS[service],
        "service": service,
        "assortment": "full" if tags.get("shop") == "supermarket" else "unknown",
        "staffed": staffed,
        "status": "closed" if hours in {"off", "closed"} else "open",
        "lat": f"{feature.lat:.6f}",
        "lon": f"{feature.lon:.6f}",
        "kommunkod": "",
        "operator": tidy(tags.get("operator", "")),
        "status_year": year,
        "source": SOURCE,
        "note": f"öppettider {tidy(hours)}" if hours else "",
    }


def tidy(text: str) -> str:
    """Return text from outside as one line that no spreadsheet takes for a formula.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> tidy("=1+2"), tidy("ICA\\tNära ")
    ('1+2', 'ICA Nära')
    """
    line = re.sub(r"[\x00-\x20\x7f-\x9f\u202a-\u202e\u2066-\u2069]+", " ", text)
    return line.strip().lstrip("=+-@ ")[:200]


def placed(rows: list[dict[str, str]], country: Country, code: str, area: BaseGeometry) -> None:
    """Fill in in which municipality or country each site lies.

    Parameters
    ----------
    rows
        Of ``sites``; changed.
    country
        All municipalities.
    code, area
        The municipality whose exact area is known.
    """
    points = gpd.GeoSeries(
        gpd.points_from_xy(
            [float(row["lon"]) for row in rows],
            [float(row["lat"]) for row in rows],
            crs="EPSG:4326",
        )
    ).to_crs(CRS)
    for row, found in zip(rows, country.codes_of(points, code, area), strict=True):
        row["kommunkod"] = found or ""


def as_csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return sites as a CSV file in UTF-8.

    Parameters
    ----------
    rows
        Of ``sites``.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def place_names(features: Iterable[Feature], around: BaseGeometry) -> gpd.GeoDataFrame:
    """Return named villages and towns as the reader of settlements wants them.

    Parameters
    ----------
    features
        Elements of OpenStreetMap.
    around
        Only what lies in this area, EPSG:3006.

    Returns
    -------
    GeoDataFrame
        ``id, name, kind, population, source``, points in EPSG:3006, points before areas. A
        village that is drawn twice is there once.
    """
    found = [
        (feature, point)
        for feature, point in _within(features, around)
        if feature.tags.get("place") in PLACES and tidy(feature.tags.get("name", ""))
    ]
    found.sort(key=lambda pair: (pair[0].kind, pair[0].id))
    same: dict[str, list[BaseGeometry]] = {}
    for feature, point in list(found):
        namesakes = same.setdefault(tidy(feature.tags["name"]).casefold(), [])
        if any(other.distance(point) <= SAME_PLACE_M for other in namesakes):
            found.remove((feature, point))
        else:
            namesakes.append(point)
    people = [feature.tags.get("population", "") for feature, _ in found]
    return gpd.GeoDataFrame(
        {
            "id": [f"osm-{feature.kind}{feature.id}" for feature, _ in found],
            "name": [tidy(feature.tags["name"]) for feature, _ in found],
            "kind": ["by"] * len(found),
            "population": [float(text) if text.isdecimal() else float("nan") for text in people],
            "source": [SOURCE] * len(found),
        },
        geometry=[point for _, point in found],
        crs=CRS,
    )


def _within(
    features: Iterable[Feature], around: BaseGeometry
) -> Iterator[tuple[Feature, BaseGeometry]]:
    """Yield the features that lie in an area, with their points."""
    listed = list(features)
    points = gpd.GeoSeries(
        gpd.points_from_xy(
            [feature.lon for feature in listed],
            [feature.lat for feature in listed],
            crs="EPSG:4326",
        )
    ).to_crs(CRS)
    inside = shapely.contains(around, points.to_numpy())
    for feature, point, there in zip(listed, points, inside, strict=True):
        if there:
            yield feature, point

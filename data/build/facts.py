"""The fact tables as Python values: what a public source says, before anything is modelled."""

from __future__ import annotations

import csv
import random
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from shapely import Polygon

from geodesy import Degrees, Metres, to_metres

FACTS = Path(__file__).parents[1] / "facts"
KOMMUN = "2462"
KOMMUN_NAME = "Vilhelmina"
MAIN_TOWN = "Vilhelmina"
# The official number of inhabitants on 31 December 2024 (SCB).
MUNICIPAL_POPULATION = 6229
SEED = 2462


@dataclass(frozen=True)
class Settlement:
    """A row of settlements.csv, placed in both coordinate systems.

    Attributes
    ----------
    name, kind, kommun
        Name, ``tatort``, ``smaort`` or ``by``, and municipality code (``NO`` for Norway).
    lonlat, xy
        The point in WGS 84 and in EPSG:3006.
    population, population_year, population_source
        Inhabitants of the locality, where known.
    coord_source, geonameid
        Where the point comes from.
    people_within_3km
        Published sum around the point in 2024, where known.
    note
        Remarks of the compiler.
    """

    name: str
    kind: str
    kommun: str
    lonlat: Degrees
    xy: Metres
    population: int | None
    population_year: int | None
    population_source: str
    coord_source: str
    geonameid: str
    people_within_3km: int | None
    note: str


@dataclass(frozen=True)
class Link:
    """A row of road_links.csv: one road between two neighbouring settlements.

    Attributes
    ----------
    road
        Number or numbers, parted by a slash; empty for minor links.
    start, end
        Names of the settlements.
    km
        Length along the road, quoted or estimated.
    speed
        Assumed limit in km/h.
    surface, closure, confidence, source
        As in the table.
    """

    road: str
    start: str
    end: str
    km: float
    speed: str
    surface: str
    closure: str
    confidence: str
    source: str


def settlements() -> list[Settlement]:
    """Read the settlements in the order of the table.

    Returns
    -------
    list of Settlement
        Towns, localities and villages.
    """
    found = []
    for row in rows("settlements.csv"):
        lonlat = (round(float(row["lon"]), 6), round(float(row["lat"]), 6))
        found.append(
            Settlement(
                name=row["name"],
                kind=row["kind"],
                kommun=row["kommunkod"],
                lonlat=lonlat,
                xy=to_metres([lonlat])[0],
                population=_whole(row["population"]),
                population_year=_whole(row["population_year"]),
                population_source=row["population_source"],
                coord_source=row["coord_source"],
                geonameid=row["geonameid"],
                people_within_3km=_whole(row["people_within_3km_2024"]),
                note=row["note"],
            )
        )
    return found


def links() -> list[Link]:
    """Read the road links; a quoted length goes before an estimated one.

    Returns
    -------
    list of Link
        The links in the order of the table.
    """
    return [
        Link(
            road=row["road"],
            start=row["from_settlement"],
            end=row["to_settlement"],
            km=float(row["road_km"] or row["est_road_km"]),
            speed=row["speed_limit_kmh"],
            surface=row["surface"],
            closure=row["seasonal_closure"],
            confidence=row["confidence"],
            source=row["source"],
        )
        for row in rows("road_links.csv")
    ]


def boundary() -> Polygon:
    """Read the generalised boundary of the municipality.

    Returns
    -------
    shapely.Polygon
        The outline in EPSG:3006, rounded to centimetres.
    """
    ring = [(float(row["lon"]), float(row["lat"])) for row in rows("kommun_2462.csv")]
    return Polygon(to_metres(ring))


def rows(name: str) -> list[dict[str, str]]:
    """Read one fact table as text.

    Parameters
    ----------
    name
        File name inside the facts folder.

    Returns
    -------
    list of dict
        One dictionary a row.
    """
    with (FACTS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dice(purpose: str) -> random.Random:
    """Give a seeded random stream of its own to each purpose.

    Streams of their own keep, say, the people as they are when a street is added. Only
    ``random.Random`` is used: Python promises the same stream in every version.

    Parameters
    ----------
    purpose
        What the numbers are for.

    Returns
    -------
    random.Random
        The generator.
    """
    return random.Random(f"{SEED}:{purpose}")


def slug(text: str) -> str:
    """Turn a name into a lower-case ASCII word for use in an id.

    Parameters
    ----------
    text
        Any name.

    Returns
    -------
    str
        For instance ``vastra-nastansjo``.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").lower()).strip("-")


def _whole(text: str) -> int | None:
    return int(text) if text else None

"""A municipality drawn by hand or at random, as checked tables: roads, people, sites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from glesservice.config import Settings, parse_settings
from glesservice.sources import Inputs
from glesservice.tables import BOUNDARY, CELLS, EDGES, SETTLEMENTS, SITES, check

EAST, NORTH = 500_000.0, 7_200_000.0
CRS = "EPSG:3006"
Place = tuple[float, float]  # km east and north of the municipality's corner stone


class Road(NamedTuple):
    """A road between two named places, as long as it is said to be; bent where that is longer."""

    start: str
    end: str
    km: float
    kmh: float
    ref: str | None = None
    one_way: bool = False


class Site(NamedTuple):
    """A site at a named place."""

    site_id: str
    name: str
    service: str
    place: str
    kommunkod: str = "2462"
    status: str = "open"
    assortment: str = "full"


def point(place: Place) -> shapely.Point:
    """Put a place on the map."""
    return shapely.Point(EAST + 1000 * place[0], NORTH + 1000 * place[1])


def drawn(
    places: Mapping[str, Place],
    roads: Sequence[Road],
    people: Mapping[str, float],
    sites: Sequence[Site],
    *,
    town: str | None = None,
    border: tuple[float, float, float, float] = (-100.0, -100.0, 100.0, 100.0),
) -> Inputs:
    """Return the tables: a cell of 1 km and a village at every place where people live."""
    numbers = {name: number for number, name in enumerate(places)}
    shapes = [_line(point(places[r.start]), point(places[r.end]), 1000 * r.km) for r in roads]
    edges = gpd.GeoDataFrame(
        {
            "u": [numbers[road.start] for road in roads],
            "v": [numbers[road.end] for road in roads],
            "length_m": [1000 * road.km for road in roads],
            "highway": "secondary",
            "ref": pd.Series([road.ref for road in roads], dtype=object),
            "forward": True,
            "backward": [not road.one_way for road in roads],
            "maxspeed_kmh": [road.kmh for road in roads],
        },
        geometry=shapes,
        crs=CRS,
    )
    homes = [point(places[name]) for name in people]
    cells = gpd.GeoDataFrame(
        {"cell_id": list(people), "people": list(people.values())},
        geometry=[shapely.box(h.x - 500, h.y - 500, h.x + 500, h.y + 500) for h in homes],
        crs=CRS,
    )
    settlements = gpd.GeoDataFrame(
        {
            "settlement_id": list(people),
            "name": list(people),
            "kind": ["tatort" if name == town else "by" for name in people],
            "population": list(people.values()),
        },
        geometry=homes,
        crs=CRS,
    )
    boundary = gpd.GeoDataFrame(
        {"kommunkod": ["2462"], "name": ["Provby"]},
        geometry=[shapely.box(*point(border[:2]).coords[0], *point(border[2:]).coords[0])],
        crs=CRS,
    )
    table = pd.DataFrame(sites, columns=Site._fields)
    at = [point(places[name]) for name in table.pop("place")]
    return Inputs(
        boundary=check(boundary, BOUNDARY, "drawn"),
        cells=check(cells, CELLS, "drawn"),
        settlements=check(settlements, SETTLEMENTS, "drawn"),
        sites=check(gpd.GeoDataFrame(table, geometry=at, crs=CRS), SITES, "drawn"),
        edges=check(edges, EDGES, "drawn"),
    )


def settings_of(**policy: Any) -> Settings:
    """Return the settings of a drawn municipality; its files are never read."""
    files = {name: {"path": "x"} for name in ("population", "settlements", "services", "boundary")}
    raw = {
        "area": {"kommun": "2462", "name": "Provby", "year": 2026},
        "roads": {"path": "x"},
        "policy": policy,
        **files,
    }
    return parse_settings(raw, Path("glesservice.toml"))


def _line(start: shapely.Point, end: shapely.Point, metres: float) -> shapely.LineString:
    """Draw a line of a length: straight, or bent to one side where that is longer."""
    straight = start.distance(end)
    if metres <= straight * 1.000001:
        return shapely.LineString([start, end])
    height = ((metres / 2) ** 2 - (straight / 2) ** 2) ** 0.5
    across = ((end.y - start.y) / straight, (start.x - end.x) / straight)
    middle = shapely.Point(
        (start.x + end.x) / 2 + height * across[0], (start.y + end.y) / 2 + height * across[1]
    )
    return shapely.LineString([start, middle, end])

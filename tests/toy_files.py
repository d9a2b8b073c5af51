"""A small municipality in files: two villages, a town, a road between them; a run takes a second.

It lies in Vilhelmina, whose border is found by its code.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

# South-west corners of squares of 1 km in SWEREF 99 TM, and who lives there.
WEST, SOUTH = 570_000, 7_190_000
CELLS = {(0, 0): 400, (1, 0): 120, (9, 0): 35, (10, 0): 30, (24, 0): 40, (25, 1): 28, (33, 0): 3}
PLACES = {"Storbyn": (0, 0), "Mellanbyn": (10, 0), "Ytterbyn": (24, 0)}
SITES = (
    ("storbutiken", "dagligvaror", (0, 0)),
    ("macken", "drivmedel", (0, 0)),
    ("lanthandeln", "dagligvaror", (24, 0)),
)
SETTINGS = """
[area]
kommun = "2462"
name = "Leksak"
year = {year}

[population]
path = "data/befolkning.csv"
source = "SCB"
licence = "CC0"
date = "2024-12-31"

[settlements]
path = "data/orter.csv"
source = "Lantmäteriet"
licence = "CC0"
date = "2025"

[services]
path = "serviceplatser.csv"
source = "Kommunen"
licence = "CC0"
date = "2025-11"

[roads]
path = "data/vagar.gpkg"
class_column = "klass"
classes = {{ stor = "secondary", liten = "unclassified" }}
source = "Trafikverket"
licence = "CC0"
date = "2025"

[certainty]
draws = 0

[exports]
raster_m = 1000
"""


def write_toy(folder: Path, year: int = 2026, more: str = "") -> Path:
    """Write the files and return the path of the settings."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    squares = [f"{WEST + 1000 * x}{SOUTH + 1000 * y};{people}" for (x, y), people in CELLS.items()]
    _lines(data / "befolkning.csv", "rutid_scb;beftotalt", squares)
    places = [f"{name};{_degrees(at)}" for name, at in PLACES.items()]
    _lines(data / "orter.csv", "namn;lat;lon", places)
    sites = [f"{name};{service};öppen;{_degrees(at)}" for name, service, at in SITES]
    _lines(folder / "serviceplatser.csv", "namn;service;status;lat;lon", sites)
    ends = ((0, 0), (25, 0)), ((25, 0), (34, 0)), ((25, 0), (25, 1))
    roads = gpd.GeoDataFrame(
        {"klass": ["stor", "stor", "liten"]},
        geometry=[shapely.LineString([_middle(a), _middle(b)]) for a, b in ends],
        crs="EPSG:3006",
    )
    roads.to_file(data / "vagar.gpkg", layer="vagar", driver="GPKG")
    path = folder / "glesservice.toml"
    path.write_text(SETTINGS.format(year=year) + more, encoding="utf-8")
    return path


def _lines(path: Path, heading: str, rows: list[str]) -> None:
    path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")


def _middle(square: tuple[int, int]) -> tuple[float, float]:
    return WEST + 1000 * square[0] + 500.0, SOUTH + 1000 * square[1] + 500.0


def _degrees(square: tuple[int, int]) -> str:
    point = gpd.GeoSeries([shapely.Point(_middle(square))], crs="EPSG:3006").to_crs("EPSG:4326")
    return f"{point.y.iloc[0]:.6f};{point.x.iloc[0]:.6f}"

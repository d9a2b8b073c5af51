"""The population grid gives the same people, whether it comes as squares or as a raster."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.warp import transform_bounds
from shapely import Point, box

from glesservice.config import Population, Settings, embedded_settings
from glesservice.errors import InputError
from glesservice.sources import read_population

CORNER_E, CORNER_N = 500_000, 7_100_000
PEOPLE = np.array([[3, 0, 5], [0, 0, 0], [7, 11, -1]], dtype="float32")  # -1: no data


def grid(path: Path, ids: list[object], people: list[object]) -> Population:
    """Write squares of a kilometre side by side and describe them as a source."""
    squares = [
        box(CORNER_E + 1000 * n, CORNER_N, CORNER_E + 1000 * (n + 1), CORNER_N + 1000)
        for n in range(len(ids))
    ]
    frame = gpd.GeoDataFrame({"rutid_scb": ids, "beftotalt": people}, geometry=squares, crs=3006)
    frame.to_file(path, layer="rutor")
    return Population(path=path)


def raster(
    path: Path,
    people: np.ndarray,
    crs: str | None = "EPSG:3006",
    west: float = CORNER_E,
    north: float = CORNER_N,
    side: float = 1000,
    nodata: float | None = -1,
) -> Population:
    """Write a raster of people and describe it as a source."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=people.shape[0],
        width=people.shape[1],
        count=1,
        dtype=people.dtype,
        crs=crs,
        transform=Affine(side, 0, west, 0, -side, north),
        nodata=nodata,
    ) as file:
        file.write(people, 1)
    return Population(path=path)


# The embedded grid


def test_squares_and_raster_of_the_embedded_grid_are_the_same_cells(settings: Settings) -> None:
    squares = read_population(settings.population)
    pixels = read_population(Population(path=embedded_settings().parent / "befolkning.tif"))
    assert squares["cell_id"].tolist() == pixels["cell_id"].tolist()
    assert squares["people"].tolist() == pixels["people"].tolist()
    assert squares.geometry.geom_equals(pixels.geometry).all()
    assert squares.crs == pixels.crs == "EPSG:3006"


def test_a_cells_id_is_its_south_western_corner(settings: Settings) -> None:
    cells = read_population(settings.population)
    corners = cells.geometry.bounds[["minx", "miny"]].astype(int)
    assert cells["cell_id"].tolist() == [
        f"{east:06d}{north:07d}" for east, north in corners.itertuples(index=False)
    ]


# Rasters


def test_only_pixels_with_people_are_cells(tmp_path: Path) -> None:
    cells = read_population(raster(tmp_path / "p.tif", PEOPLE))
    assert dict(zip(cells["cell_id"], cells["people"], strict=True)) == {
        "5000007099000": 3.0,
        "5020007099000": 5.0,
        "5000007097000": 7.0,
        "5010007097000": 11.0,
    }
    assert (cells.area == 1_000_000).all()


def test_a_norwegian_raster_keeps_its_people(tmp_path: Path) -> None:
    west, _, _, north = transform_bounds(3006, 25833, CORNER_E, 7.09e6, 5.1e5, CORNER_N)
    source = raster(tmp_path / "n.tif", PEOPLE, "EPSG:25833", round(west), round(north))
    cells = read_population(source)
    assert cells["people"].sum() == PEOPLE[PEOPLE > 0].sum()
    assert cells["cell_id"].is_unique
    # SWEREF 99 TM and UTM 33 are the same map for every purpose here.
    assert cells.area.to_numpy() == pytest.approx(1e6, rel=1e-5)


def test_a_raster_in_another_zone_keeps_its_people(tmp_path: Path) -> None:
    source = raster(tmp_path / "z.tif", PEOPLE, "EPSG:25834", 200_000, 7_100_000)
    cells = read_population(source)
    assert cells["people"].tolist() == [3.0, 5.0, 7.0, 11.0]
    assert cells["cell_id"].is_unique
    assert cells.area.to_numpy() == pytest.approx(1e6, rel=0.01)


def test_smaller_squares_have_ids_of_their_own(tmp_path: Path) -> None:
    cells = read_population(raster(tmp_path / "s.tif", PEOPLE, side=250))
    assert cells["cell_id"].is_unique
    assert (cells.area == 250**2).all()


def test_nobody_home_may_be_written_as_no_number(tmp_path: Path) -> None:
    people = np.where(PEOPLE > 0, PEOPLE, np.nan).astype("float32")
    cells = read_population(raster(tmp_path / "n.tif", people, nodata=np.nan))
    assert cells["people"].sum() == 26


def test_an_undeclared_no_data_value_is_not_taken_for_people(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="people is negative in 1 cells") as refused:
        read_population(raster(tmp_path / "p.tif", PEOPLE, nodata=None))
    assert "no data" in refused.value.faults[0].mend


def test_a_raster_without_coordinate_system_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the coordinate system is not stated"):
        read_population(raster(tmp_path / "p.tif", PEOPLE, crs=None))


def test_what_is_no_raster_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.tif").write_text("people", encoding="utf-8")
    with pytest.raises(InputError, match="the raster cannot be read"):
        read_population(Population(path=tmp_path / "p.tif"))


# Squares


def test_empty_squares_are_left_out_and_the_rest_sorted_by_id(tmp_path: Path) -> None:
    cells = read_population(grid(tmp_path / "g.gpkg", ["c", "a", "b"], [1, 2, 0]))
    assert cells["cell_id"].tolist() == ["a", "c"]
    assert cells["people"].tolist() == [2.0, 1.0]


def test_the_columns_may_have_other_names(tmp_path: Path) -> None:
    source = grid(tmp_path / "g.gpkg", ["a"], [4])
    frame = gpd.read_file(source.path).rename(columns={"rutid_scb": "ruta", "beftotalt": "pop"})
    frame.to_file(tmp_path / "other.gpkg")
    cells = read_population(Population(path=tmp_path / "other.gpkg", id="ruta", value="pop"))
    assert cells["people"].tolist() == [4.0]


def test_both_missing_columns_are_told_with_the_setting_that_names_them(tmp_path: Path) -> None:
    source = grid(tmp_path / "g.gpkg", ["a"], [4])
    with pytest.raises(InputError) as refused:
        read_population(Population(path=source.path, id="ruta", value="bef_2031"))
    value, cell_id = refused.value.faults
    assert "the column bef_2031 is missing" in value.what
    assert "beftotalt" in value.what
    assert value.mend == "Correct value under [population]"
    assert "the column ruta is missing" in cell_id.what
    assert cell_id.mend == "Correct id under [population]"


@pytest.mark.parametrize(
    ("ids", "people", "complaint"),
    [
        (["a", "a"], [1, 2], "cell_id is repeated in 1 row"),
        (["a", "b"], [1, None], "people is missing or unreadable in 1 row"),
        (["a", "b"], [1, -2], "people is negative in 1 cells"),
        (["a", "b"], [0, 0], "nobody lives in any cell"),
    ],
)
def test_a_grid_that_cannot_be_right_is_refused(
    tmp_path: Path, ids: list[object], people: list[object], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        read_population(grid(tmp_path / "g.gpkg", ids, people))


def test_a_grid_of_points_is_refused(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"rutid_scb": ["a"], "beftotalt": [3]}, geometry=[Point(5e5, 7e6)], crs=3006
    )
    frame.to_file(tmp_path / "g.gpkg")
    with pytest.raises(InputError, match="the geometry is Point, not Polygon"):
        read_population(Population(path=tmp_path / "g.gpkg"))


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the file with the population grid is missing"):
        read_population(Population(path=tmp_path / "none.gpkg"))
    with pytest.raises(InputError, match="the file with the population grid is missing"):
        read_population(Population(path=tmp_path / "none.tif"))
    (tmp_path / "g.gpkg").write_bytes(b"not a database")
    with pytest.raises(InputError, match="no readable map file") as refused:
        read_population(Population(path=tmp_path / "g.gpkg"))
    assert str(tmp_path / "g.gpkg") == refused.value.faults[0].where


def test_ids_kept_as_whole_numbers_are_the_same_ids(tmp_path: Path) -> None:
    cells = read_population(grid(tmp_path / "g.gpkg", [5000007100000, 5010007100000], [1, 2]))
    assert cells["cell_id"].tolist() == ["5000007100000", "5010007100000"]


def test_ids_kept_as_real_numbers_are_the_same_ids(tmp_path: Path) -> None:
    cells = read_population(grid(tmp_path / "g.gpkg", [5000007100000.0, 5010007100000.0], [1, 2]))
    assert cells["cell_id"].tolist() == ["5000007100000", "5010007100000"]


def test_a_table_of_scbs_ids_is_a_grid(tmp_path: Path) -> None:
    table = tmp_path / "g.csv"
    table.write_text("rutid_scb;beftotalt\n5000007100000;3\n", encoding="utf-8")
    cells = read_population(Population(path=table))
    assert cells.geometry.iloc[0].bounds == (500_000, 7_100_000, 501_000, 7_101_000)

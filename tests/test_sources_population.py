"""The population grid gives the same people, whether it comes as squares or as a raster."""

from __future__ import annotations

import json
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
from glesservice.sources.ages import age_groups

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


def points(path: Path, *places: tuple[float, float, float]) -> Population:
    """Write people at points (east, north, people) and describe them as a source."""
    east, north, people = zip(*places, strict=True)
    frame = gpd.GeoDataFrame(
        {"rutid_scb": [f"p{n}" for n in range(len(places))], "beftotalt": people},
        geometry=gpd.points_from_xy(east, north),
        crs=3006,
    )
    frame.to_file(path)
    return Population(path=path)


def test_people_at_points_are_gathered_in_squares_and_nobody_is_lost(tmp_path: Path) -> None:
    source = points(tmp_path / "p.gpkg", (5e5, 7e6, 3), (500_249, 7_000_249, 4), (500_250, 7e6, 5))
    cells = read_population(source)
    assert dict(zip(cells["cell_id"], cells["people"], strict=True)) == {
        "5000007000000": 7,
        "5002507000000": 5,
    }
    assert (cells.area == 250**2).all()


def test_the_side_of_the_squares_is_a_setting(tmp_path: Path) -> None:
    source = points(tmp_path / "p.gpkg", (5e5, 7e6, 3), (500_249, 7_000_249, 4), (500_250, 7e6, 5))
    cells = read_population(source.model_copy(update={"square_m": 1000}))
    assert cells["people"].tolist() == [12]
    assert cells.area.tolist() == [1e6]


def test_areas_of_any_shape_keep_their_people(tmp_path: Path) -> None:
    shapes = [Point(5e5, 7e6).buffer(700), box(503_000, 7e6, 509_000, 7_001_000)]
    frame = gpd.GeoDataFrame(
        {"rutid_scb": ["a", "b"], "beftotalt": [30, 12]}, geometry=shapes, crs=3006
    )
    frame.to_file(tmp_path / "g.gpkg")
    source = Population(path=tmp_path / "g.gpkg")
    assert read_population(source)["people"].tolist() == [30, 12]
    squares = read_population(source.model_copy(update={"square_m": 1000}))
    assert squares["people"].sum() == 42


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


# Ages, whatever the vintage calls them

OLD_NAMES = ["ald0_5", "ald5_65", "ald65_80", "ald80w"]
NEW_NAMES = ["ald0_4", "ald5_64", "ald65_79", "ald80_w"]


def with_ages(path: Path, names: list[str], *cells: list[object], total: list[int]) -> Population:
    """Write a grid with age columns."""
    source = grid(path, [f"c{n}" for n in range(len(cells))], list(total))
    frame = gpd.read_file(source.path)
    for column, values in zip(names, zip(*cells, strict=True), strict=True):
        frame[column] = list(values)
    frame.to_file(path, layer="rutor")
    return source


@pytest.mark.parametrize("names", [OLD_NAMES, NEW_NAMES, [n.upper() for n in NEW_NAMES]])
def test_older_people_are_counted_from_the_columns_of_any_vintage(
    tmp_path: Path, names: list[str]
) -> None:
    source = with_ages(tmp_path / "g.gpkg", names, [1, 10, 5, 2], [0, 3, 0, 0], total=[18, 3])
    cells = read_population(source)
    assert cells["people_65plus"].tolist() == [7, 0]
    assert cells["people_80plus"].tolist() == [2, 0]


def test_the_columns_of_2024_are_understood() -> None:
    names = [f"ald{age}_{age + 5}" for age in range(0, 100, 5)] + ["ald100w"]
    groups = age_groups(names)
    assert [group.column for group in groups if group.lower >= 80] == names[16:]


@pytest.mark.parametrize(
    "names",
    [
        ["ald0_15", "ald15_60", "ald60_80", "ald80w"],  # nobody knows how many of 60-79 are 65
        ["ald0_5", "ald5_65", "ald70_80", "ald80w"],  # a gap
        ["ald0_5", "ald5_65", "ald65_80", "ald75_90"],  # an overlap, and no end
    ],
)
def test_ages_that_do_not_tell_exactly_tell_nothing(tmp_path: Path, names: list[str]) -> None:
    cells = read_population(with_ages(tmp_path / "g.gpkg", names, [1, 10, 5, 2], total=[18]))
    assert "people_65plus" not in cells


def test_a_hidden_age_is_not_nobody(tmp_path: Path) -> None:
    source = with_ages(
        tmp_path / "g.gpkg", OLD_NAMES, [1, 10, None, 2], [0, 3, 1, 0], total=[18, 4]
    )
    cells = read_population(source)
    assert cells["people_65plus"].isna().tolist() == [True, False]
    assert cells["people_80plus"].tolist() == [2, 0]


def test_ages_far_from_the_total_are_refused(tmp_path: Path) -> None:
    source = with_ages(tmp_path / "g.gpkg", OLD_NAMES, [1, 10, 5, 2], total=[180])
    with pytest.raises(InputError, match="the ages add up to 18 people, the total to 180"):
        read_population(source)


# Tables and rasters of other kinds


def test_a_table_of_positions_is_a_grid(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("n;e;beftotalt\n7100000;500000;3\n7100010;500010;4,5\n", encoding="utf-8")
    cells = read_population(Population(path=path))
    assert cells["people"].tolist() == [7.5]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("rutid_scb;beftotalt\n5,6E+12;3\n", "no id of SCB's squares in 1 row (2)"),
        ("rutid_scb;beftotalt;rutstorl\n5000007100000;3;stor\n", "rutstorl is no side"),
        ("rutid_scb;beftotalt\n7100000500000;3\n", "outside Sweden"),
        ("rutid_scb;beftotalt\n5000007100000;många\n", "people is missing or unreadable"),
        ("rutid_scb;beftotalt\n5000007100000;-9\n", "often stand for hidden"),
    ],
)
def test_tables_that_are_no_grid_are_refused(tmp_path: Path, table: str, said: str) -> None:
    path = tmp_path / "g.csv"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_population(Population(path=path))
    assert said in str(refused.value)


@pytest.mark.parametrize("crs", ["EPSG:3006", "EPSG:3857", "EPSG:4326", "EPSG:3035"])
@pytest.mark.parametrize("square_m", [None, 250, 1000])
def test_rasters_of_any_map_and_resolution_keep_the_sum_exactly(
    tmp_path: Path, crs: str, square_m: float | None
) -> None:
    random = np.random.default_rng(6)
    # Quarters of people: sums of them are exact whatever the order.
    people = (random.integers(0, 200, (40, 30)) / 4).astype("float32")
    west, south, east, north = transform_bounds(3006, crs, 5e5, 7.1e6, 5.2e5, 7.12e6)
    path = tmp_path / "p.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=40, width=30, count=1, dtype="float32", crs=crs,
        transform=Affine((east - west) / 30, 0, west, 0, (south - north) / 40, north), nodata=-9,
    ) as file:  # fmt: skip
        file.write(people, 1)
    cells = read_population(Population(path=path, square_m=square_m))
    assert cells["people"].sum() == people.sum(dtype="float64")
    assert cells["cell_id"].is_unique


def test_a_turned_raster_keeps_its_places(tmp_path: Path) -> None:
    path = tmp_path / "p.tif"
    turned = (
        Affine.translation(CORNER_E, CORNER_N) @ Affine.rotation(20) @ Affine.scale(1000, -1000)
    )
    with rasterio.open(
        path, "w", driver="GTiff", height=3, width=3, count=1, dtype="float32", crs="EPSG:3006",
        transform=turned, nodata=-1,
    ) as file:  # fmt: skip
        file.write(PEOPLE, 1)
    cells = read_population(Population(path=path))
    at = {n: cells.loc[cells["people"] == n].geometry.centroid.iloc[0] for n in (3, 11)}
    for people, (column, row) in {3: (0.5, 0.5), 11: (1.5, 2.5)}.items():
        assert at[people].distance(Point(turned @ (column, row))) < 1e-6


def test_a_picture_is_no_raster_of_people(tmp_path: Path) -> None:
    path = tmp_path / "karta.tif"
    with rasterio.open(
        path, "w", driver="GTiff", height=3, width=3, count=3, dtype="uint8", crs="EPSG:3006",
        transform=Affine(1000, 0, CORNER_E, 0, -1000, CORNER_N),
    ) as file:  # fmt: skip
        file.write(np.ones((3, 3, 3), dtype="uint8"))
    with pytest.raises(InputError, match="it is a picture, not people"):
        read_population(Population(path=path))


@pytest.mark.parametrize("ending", ["geojson", "gml", "gpkg", "fgb"])
def test_what_a_web_feature_service_sends_is_read_in_any_of_its_formats(
    tmp_path: Path, ending: str
) -> None:
    grid(tmp_path / "g.gpkg", ["5000007100000", "5010007100000"], [3, 4])
    frame = gpd.read_file(tmp_path / "g.gpkg")
    path = tmp_path / f"wfs.{ending}"
    if ending == "geojson":
        # As GeoServer writes it: metres, with the system named in an old member of GeoJSON.
        content = json.loads(frame.to_json())
        content["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
        path.write_text(json.dumps(content), encoding="utf-8")
    else:
        frame.to_file(path)
    cells = read_population(Population(path=path))
    assert cells["people"].tolist() == [3, 4]
    assert cells.geometry.iloc[0].bounds == pytest.approx((5e5, 7.1e6, 501_000, 7_101_000))

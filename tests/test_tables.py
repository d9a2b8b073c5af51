"""Tables are checked once, and everything wrong with one is told at once."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString, Point, box

from glesservice.errors import InputError
from glesservice.tables import (
    BOUNDARY,
    CELLS,
    EDGES,
    SETTLEMENTS,
    SITES,
    Column,
    Table,
    bygder_table,
    cells_table,
    check,
    orter_table,
    roads_table,
    sites_table,
    strategic_table,
)

SERVICES = ("dagligvaror", "drivmedel")
ALL_TABLES = (
    BOUNDARY,
    CELLS,
    EDGES,
    SETTLEMENTS,
    SITES,
    orter_table(SERVICES, (5.0, 10.0)),
    bygder_table(),
    cells_table(SERVICES),
    sites_table(),
    strategic_table(SERVICES),
    roads_table(),
)


def squares(**columns: object) -> gpd.GeoDataFrame:
    """Make one kilometre square for each row of the columns."""
    n = len(next(iter(columns.values())))
    shapes = [box(500_000 + 1000 * i, 7e6, 501_000 + 1000 * i, 7e6 + 1000) for i in range(n)]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=3006)


# What passes


def test_a_checked_table_has_its_columns_in_their_order_and_no_others() -> None:
    frame = squares(people=[3, 5], invented=["x", "y"], cell_id=["a", "b"])
    frame.index = [7, 9]
    cells = check(frame, CELLS, "file")
    assert list(cells.columns) == [*CELLS.names(), "geometry"]
    assert list(cells.index) == [0, 1]
    assert cells.crs == "EPSG:3006"
    assert list(frame.columns) == ["people", "invented", "cell_id", "geometry"]


def test_text_is_trimmed_and_numbers_written_as_text_are_read() -> None:
    cells = check(squares(cell_id=["  a ", 12], people=["3", "4.5"]), CELLS, "file")
    assert cells["cell_id"].tolist() == ["a", "12"]
    assert cells["people"].tolist() == [3.0, 4.5]


def test_what_may_be_missing_stays_missing_and_never_becomes_zero() -> None:
    frame = gpd.GeoDataFrame(
        {
            "settlement_id": ["a", "b"],
            "name": ["A", "B"],
            "kind": "by",
            "population": ["", None],
        },
        geometry=[Point(5e5, 7e6)] * 2,
        crs=3006,
    )
    assert check(frame, SETTLEMENTS, "file")["population"].isna().all()
    absent = check(frame.drop(columns="population"), SETTLEMENTS, "file")
    assert absent["population"].isna().all()


def test_what_may_be_missing_and_cannot_be_read_is_not_taken_for_missing() -> None:
    with pytest.raises(InputError, match=r"people_65plus is no number in 2 rows \(1, 3\)"):
        check(
            squares(cell_id=["a", "b", "c"], people=[1, 2, 3], people_65plus=["..", None, np.inf]),
            CELLS,
            "file",
        )


def test_whole_numbers_stay_whole() -> None:
    table = Table("t", "T", (Column("n", "int", "N", "N."),), key=())
    assert check(pd.DataFrame({"n": [1.0, 2.0]}), table, "file")["n"].dtype == np.int64


# What does not


def test_every_missing_column_is_named_with_its_meaning() -> None:
    with pytest.raises(InputError) as refused:
        check(squares(other=[1]), CELLS, "grid.gpkg, layer a")
    assert [fault.what for fault in refused.value.faults] == [
        "the column cell_id is missing",
        "the column people is missing",
    ]
    assert {fault.where for fault in refused.value.faults} == {"grid.gpkg, layer a"}
    assert "Folkmängd i rutan" in refused.value.faults[1].mend


def test_all_faults_of_the_values_are_told_together_with_their_rows() -> None:
    frame = squares(cell_id=["a", "a", None, "d"], people=[1, "many", np.inf, 4])
    frame.geometry = [Point(0, 0), None, *frame.geometry[2:]]
    with pytest.raises(InputError) as refused:
        check(frame, CELLS, "file")
    assert [fault.what for fault in refused.value.faults] == [
        "cell_id is missing or unreadable in 1 row (3)",
        "people is missing or unreadable in 2 rows (2, 3)",
        "cell_id is repeated in 1 row (2)",
        "geometry is missing in 1 row (2)",
        "the geometry is Point, not Polygon or MultiPolygon",
    ]
    assert all(fault.mend for fault in refused.value.faults)


def test_of_many_bad_rows_the_first_five_are_named() -> None:
    with pytest.raises(InputError, match=re.escape("in 7 rows (1, 2, 3, 4, 5 …)")):
        check(squares(cell_id=list("abcdefg"), people=[None] * 7), CELLS, "file")


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_a_missing_direction_is_not_taken_for_an_answer(missing: object) -> None:
    frame = gpd.GeoDataFrame(
        {
            "u": [1],
            "v": [2],
            "length_m": [1.0],
            "highway": "track",
            "forward": pd.Series([missing], dtype="object"),
            "backward": [True],
        },
        geometry=[LineString([(0, 0), (1, 0)])],
        crs=3006,
    )
    with pytest.raises(InputError, match="forward is missing"):
        check(frame, EDGES, "file")


# The declarations themselves


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_every_column_is_declared_so_that_products_can_show_it(table: Table) -> None:
    assert len(set(table.names())) == len(table.names())
    assert set(table.key) <= set(table.names())
    for column in table.columns:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name)
        assert column.title
        assert column.meaning.endswith(".")
        assert not column.meaning.endswith("..")
        assert table.column(column.name) is column


def test_what_the_result_adds_to_an_input_table_comes_after_its_own_columns() -> None:
    assert sites_table().names()[: len(SITES.names())] == SITES.names()
    assert cells_table(SERVICES).names()[:2] == ["cell_id", "people"]
    assert roads_table().names()[: len(EDGES.names())] == EDGES.names()


def test_ages_are_never_published_cell_by_cell() -> None:
    assert {"people_65plus", "people_80plus"} <= set(CELLS.names())
    assert not any("plus" in name for name in cells_table(SERVICES).names())


def test_each_service_has_columns_of_its_own() -> None:
    names = cells_table(SERVICES).names()
    assert {"km_dagligvaror", "km_drivmedel", "site_drivmedel"} <= set(names)
    assert not any("apotek" in name for name in names)

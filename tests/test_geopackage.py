"""A GeoPackage's bytes hang on its content alone, however it is written."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from glesservice.geopackage import Layer, write_geopackage

SHAPES = {
    "points": [shapely.Point(5e5, 7e6), shapely.Point(5e5 + 0.1, 7e6), None],
    "lines": [shapely.LineString([(0, 0), (1.5, 2)]), shapely.LineString([(0, 0), (1, 1), (2, 0)])],
    "areas": [shapely.box(0, 0, 1, 1), shapely.MultiPolygon([shapely.box(3, 3, 4, 4)])],
    "nothing": [],
}
COLUMNS = {
    "texts": pd.Series(["Å", None, "x"], dtype="object"),
    "unsaid": pd.Series([None, None, None], dtype="object"),
    "numbers": [1.5, float("nan"), -0.0],
    "whole": [1, -2, 2**40],
    "flags": [True, False, True],
}


@pytest.mark.parametrize("name", SHAPES)
def test_written_in_columns_it_is_what_it_is_row_by_row(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = SHAPES[name]
    table = pd.DataFrame(COLUMNS)[: len(shapes)]
    frame = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:3006")
    layers = [Layer("kartan", frame), Layer("tabellen", pd.DataFrame(COLUMNS))]
    write_geopackage(tmp_path / "columns.gpkg", layers)
    ordinary = pyogrio.write_dataframe

    def _row_by_row(*what: object, **how: object) -> None:
        ordinary(*what, **(how | {"use_arrow": False}))

    monkeypatch.setattr(pyogrio, "write_dataframe", _row_by_row)
    write_geopackage(tmp_path / "rows.gpkg", layers)
    columns, rows = ((tmp_path / f"{way}.gpkg").read_bytes() for way in ("columns", "rows"))
    assert columns == rows

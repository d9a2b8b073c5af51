"""Age groups: counted where the grid has them, and never told exactly about few people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from glesservice.analysis import Result, analyse
from glesservice.disclosure import publish
from glesservice.exports.layers import write_layers
from glesservice.exports.workbook import write_workbook
from glesservice.tables import municipality_table


@pytest.fixture(scope="module")
def aged(inputs, settings) -> Result:
    """A third of everybody is 65 or older, a twentieth 80: drawn up for the test."""
    people = inputs.cells["people"]
    cells = inputs.cells.assign(
        people_65plus=np.floor(people / 3), people_80plus=np.floor(people / 20)
    )
    return analyse(replace(inputs, cells=cells), settings)


def test_the_old_of_an_ort_are_those_of_its_cells(aged):
    cells = aged.cells.dropna(subset="ort_id")
    expected = cells.groupby("ort_id")["people_65plus"].sum()
    assert aged.orter.set_index("ort_id")["people_65plus"].to_dict() == expected.to_dict()


def test_the_municipality_has_indicators_of_the_old(aged, settings):
    rows = aged.municipality.set_index(["service", "age"])
    old, everybody = rows.loc[("dagligvaror", "80plus")], rows.loc[("dagligvaror", "alla")]
    cells = aged.cells
    far = cells.loc[cells["km_dagligvaror"] > 20, "people_80plus"].sum()
    assert old["beyond_20_km"] == far < everybody["beyond_20_km"]
    assert old["people"] == cells["people_80plus"].sum()
    mean = (cells["km_dagligvaror"] * cells["people_80plus"]).sum() / old["people"]
    assert old["km"] == pytest.approx(mean)


def test_a_cell_of_unknown_ages_makes_no_undercount(aged, inputs, plain):
    ort = aged.orter.iloc[0]["ort_id"]
    cell = aged.cells.loc[aged.cells["ort_id"] == ort, "cell_id"].iloc[0]
    people = inputs.cells["people"]
    old = np.floor(people / 3).where(inputs.cells["cell_id"] != cell)
    cells = inputs.cells.assign(people_65plus=old, people_80plus=np.floor(people / 20))
    found = analyse(replace(inputs, cells=cells), plain)
    known = found.orter.set_index("ort_id")["people_65plus"].notna()
    assert not known[ort]
    assert known.drop(ort).all()
    assert set(found.municipality["age"]) == {"alla", "80plus"}


def test_the_scores_do_not_hang_on_ages(aged, result):
    columns = ["ort_id", "rank", "total", "people"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(aged.orter[columns]), pd.DataFrame(result.orter[columns])
    )


def test_a_grid_without_ages_has_no_ages_not_zero(result):
    assert result.orter["people_65plus"].isna().all()
    assert set(result.municipality["age"]) == {"alla"}


def test_few_of_an_age_are_missing_in_what_is_published(aged):
    shown = publish(aged).tables
    for age in ("people_65plus", "people_80plus"):
        told = shown["orter"].set_index("ort_id")[age]
        found = aged.orter.set_index("ort_id")[age]
        few = found.between(1, 9)
        assert few.any()
        assert told[few].isna().all()
        assert (told.dropna() == found[told.notna()]).all()
        assert told.notna().any()
    table = municipality_table(aged.settings.policy.limits_km, aged.settings.policy.limits_minutes)
    counts = [column.name for column in table.columns if column.unit == "personer"]
    whole = shown["municipality"]
    assert not (whole[counts].gt(0) & whole[counts].lt(10)).any(axis=None)


def test_no_product_tells_few_of_an_age(aged, tmp_path):
    import geopandas as gpd

    write_layers(aged, tmp_path / "l.gpkg")
    orter = gpd.read_file(tmp_path / "l.gpkg", layer="orter")
    assert not orter["people_80plus"].between(1, 9).any()
    assert orter["people_80plus"].notna().any()
    write_workbook(aged, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    rows = list(book["Glesa orter"].iter_rows(values_only=True))
    place = next(n for n, title in enumerate(rows[0]) if str(title).startswith("80 år"))
    shown = [row[place] for row in rows[1:] if row[place] is not None]
    assert "färre än 10" in shown
    numbers = [value for value in shown if isinstance(value, int | float)]
    assert numbers
    assert not any(0 < number < 10 for number in numbers)

"""The indicators: lasting ids, one row an indicator and year, nothing told that is protected."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from tests.toy_files import write_toy

import glesservice
from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.disclosure import publish
from glesservice.errors import InputError
from glesservice.exports.indicators import write_indicators
from glesservice.indicators import earlier_indicators, indicators_of
from glesservice.sources import Inputs
from glesservice.tables import GOALS, INDICATORS, check


@pytest.fixture(scope="module")
def rows(result: Result) -> pd.DataFrame:
    return indicators_of(result)


def at(rows: pd.DataFrame, indicator: str, year: int = 2026) -> pd.Series:
    found = rows[(rows["indicator_id"] == indicator) & (rows["year"] == year)]
    assert len(found) == 1
    return found.iloc[0]


def years(result: Result, **changes: object) -> Result:
    """Give a result another year, or other settings of its publication or policy."""
    settings = result.settings
    area = settings.area.model_copy(update={"year": changes.pop("year", 2026)})
    update = {
        name: getattr(settings, name).model_copy(update=change) for name, change in changes.items()
    }
    return replace(result, settings=settings.model_copy(update={"area": area, **update}))


def written(rows: pd.DataFrame, settings: Settings, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    write_indicators(rows, settings, folder)
    return folder / "indikatorer.csv"


def naming(result: Result, path: Path, year: int) -> Result:
    return years(result, year=year, publication={"indicators": path})


def test_every_goal_of_the_strategy_is_followed_and_every_row_is_defined(rows):
    assert set(rows["goal"]) == set(GOALS)
    check(rows, INDICATORS, "here")
    assert rows["definition"].str.endswith(".").all()
    assert rows["indicator_id"].str.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+").all()
    assert rows["headline"].sum() == 11
    for name in ("goal", "better"):
        assert set(rows[name]) <= set(INDICATORS.column(name).words)


def test_the_ids_that_reports_rely_on_are_there(rows):
    assert {
        *("dagligvaror.over_10_km", "dagligvaror.andel_over_10_km", "dagligvaror.medel_km"),
        *("drivmedel.stallen", "drivmedel.ett_enda_stalle", "dagligvaror.en_enda_vag"),
        "alla.koldioxid_ton",
    } <= set(rows["indicator_id"])


def test_people_beyond_ten_km_are_those_of_the_cells(rows, inputs: Inputs, result: Result):
    far = result.cells["km_dagligvaror"].fillna(np.inf) > 10
    people = result.cells.loc[far, "people"].sum()
    assert at(rows, "dagligvaror.over_10_km")["value"] == people
    share = at(rows, "dagligvaror.andel_over_10_km")
    assert share["value"] == pytest.approx(100 * people / result.people, abs=0.05)
    assert share["shown"] == "33,4"


def test_sites_are_counted_inside_the_municipality(rows, result: Result):
    area = result.boundary.geometry.iloc[0]
    pumps = [
        site
        for site in result.sites.itertuples()
        if site.service == "drivmedel" and site.counted and area.contains(site.geometry)
    ]
    assert at(rows, "drivmedel.stallen")["value"] == len(pumps) == 6
    assert len(pumps) < (result.sites["service"] == "drivmedel").sum()


def test_reserve_power_of_which_nobody_has_told_is_missing_and_not_zero(rows, result: Result):
    told = at(rows, "dagligvaror.reservkraft")
    assert np.isnan(told["value"])
    assert told["shown"] == "saknas"
    own = result.sites["name"] == "Coop Dikanäs"
    known = replace(result, sites=result.sites.assign(reserve_power=np.where(own, "no", None)))
    assert at(indicators_of(known), "dagligvaror.reservkraft")["value"] == 0


def test_emissions_of_all_services_are_the_sum_of_theirs(rows):
    parts = rows[rows["indicator_id"].str.fullmatch(r"(?!alla).+\.koldioxid_ton")]
    total = at(rows, "alla.koldioxid_ton")["value"]
    assert total == pytest.approx(parts["value"].sum(), abs=0.05 * len(parts))


def test_few_people_are_told_in_words_and_so_is_their_share(result: Result):
    few = result.municipality.assign(beyond_30_km=4.0)
    cells = result.cells.assign(km_dagligvaror=1.0)
    cells.loc[cells["people"].sub(4).abs().idxmin(), "km_dagligvaror"] = 31.0
    shown = indicators_of(replace(result, municipality=few, cells=cells))
    for key in ("over_30_km", "andel_over_30_km"):
        told = at(shown, f"dagligvaror.{key}")
        assert np.isnan(told["value"])
        assert told["shown"] in {"färre än 10", "visas inte"}


def test_what_is_hidden_in_the_municipalitys_table_is_hidden_here(result: Result):
    shown = publish(result)
    table = shown.tables["municipality"].astype({"hidden": object})
    table.loc[0, "beyond_10_km"] = np.nan
    table.loc[0, "hidden"] = "Över 10 km: visas inte"
    table.loc[0, "co2_tonnes"] = np.nan
    table.loc[0, "hidden"] += "; Koldioxid: visas inte"
    rows = indicators_of(replace(shown, tables={**shown.tables, "municipality": table}))
    hidden = ("over_10_km", "andel_over_10_km", "koldioxid_ton")
    for indicator in (*(f"dagligvaror.{name}" for name in hidden), "alla.koldioxid_ton"):
        told = at(rows, indicator)
        assert np.isnan(told["value"])
        assert told["shown"] == "visas inte"


def test_three_years_stand_together_and_earlier_ones_as_they_were_told(result: Result, tmp_path):
    first = years(result, year=2024)
    path = written(indicators_of(first), first.settings, tmp_path / "2024")
    second = naming(result, path, 2025)
    path = written(indicators_of(second), second.settings, tmp_path / "2025")
    third = indicators_of(naming(result, path, 2026))
    assert third.groupby("indicator_id")["year"].agg(list).map(tuple).unique().tolist() == [
        (2024, 2025, 2026)
    ]
    pd.testing.assert_frame_equal(
        third[third["year"] == 2024].reset_index(drop=True), indicators_of(first), check_dtype=False
    )
    assert third["broken"].isna().all()


def test_a_second_run_for_a_year_replaces_it(result: Result, tmp_path):
    path = written(indicators_of(result), result.settings, tmp_path)
    again = indicators_of(naming(result, path, 2026))
    pd.testing.assert_frame_equal(again, indicators_of(result))


def test_what_a_swedish_spreadsheet_saves_is_read_as_it_was(result: Result, tmp_path):
    path = written(indicators_of(result), result.settings, tmp_path)
    text = path.read_text(encoding="utf-8-sig")
    assert "10,11" in text
    saved = text.replace(";true;", ";SANT;").replace(";false;", ";FALSKT;")
    saved = re.sub(r"(?<=\d)\u00a0(?=\d)", "", saved).replace(";0,640;", ";0,64;")
    assert saved.count("0,64") >= 1
    path.write_bytes(saved.replace("\n", "\r\n").encode("cp1252", "replace"))
    read = earlier_indicators(naming(result, path, 2027).settings)
    assert list(read["value"].dropna()) == list(indicators_of(result)["value"].dropna())
    for name in ("headline", "shown", "rules"):
        assert list(read[name]) == list(indicators_of(result)[name])


def test_a_changed_limit_or_way_is_told_as_a_break(result: Result, tmp_path):
    path = written(indicators_of(result), result.settings, tmp_path)
    policy = result.settings.policy
    worst = years(
        result,
        year=2027,
        policy={"worst_off_share": 0.2},
        publication={"indicators": path},
    )
    told = indicators_of(worst)
    assert at(told, "dagligvaror.samst_stallda_km", 2027)["broken"] == (
        "Jämfört med 2026: definitionen är en annan."
    )
    assert told.loc[told["broken"].notna(), "indicator_id"].str.endswith("samst_stallda_km").all()
    winter = years(
        result, year=2027, network={"season": "vinter"}, publication={"indicators": path}
    )
    told = indicators_of(winter)
    now = told[told["year"] == 2027]
    broken = "Jämfört med 2026: reglerna som det räknas med är andra."
    assert set(now["broken"].dropna()) == {broken}
    # How many shops there are has nothing to do with winter.
    same = now.loc[now["broken"].isna(), "indicator_id"].str.rpartition(".")[2]
    assert set(same) == {"stallen", "orter_med", "reservkraft"}
    assert policy.worst_off_share == 0.1


def test_an_indicator_that_is_told_no_more_keeps_its_years(result: Result, tmp_path):
    rows = indicators_of(result)
    gone = rows.head(1).assign(indicator_id="skola.medel_km", service="skola")
    path = written(pd.concat([rows, gone]), result.settings, tmp_path)
    told = indicators_of(naming(result, path, 2027))
    assert told[told["indicator_id"] == "skola.medel_km"]["year"].tolist() == [2026]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (";2462;", ";2425;", "indicators of the municipality 2425"),
        (";2026;", ";2028;", "the file holds 2028, after this run's 2027"),
        (";10,11;", ";ungefär 10;", "value is no number"),
        (";10,11;", ";;", "the value of dagligvaror.medel_km is missing"),
        (";lägre;", ";bäst;", "better is bäst"),
        ("definition;", "text;", "the column definition is missing"),
        ("dagligvaror.medel_km", "drivmedel.medel_km", "is repeated"),
        ("indicator_id;", "id;", "the column indicator_id is missing"),
    ],
)
def test_a_file_that_is_not_an_earlier_years_is_refused(result, tmp_path, old, new, said):
    path = written(indicators_of(result), result.settings, tmp_path)
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8-sig")
    with pytest.raises(InputError, match=said):
        earlier_indicators(naming(result, path, 2027).settings)


def test_a_missing_file_of_earlier_years_is_refused_before_anything_is_computed(
    settings: Settings, tmp_path
):
    lost = settings.publication.model_copy(update={"indicators": tmp_path / "no.csv"})
    with pytest.raises(InputError, match=r"no\.csv"):
        glesservice.run(settings.model_copy(update={"publication": lost}))


def test_json_and_csv_say_the_same(result: Result, rows, tmp_path):
    path = written(rows, result.settings, tmp_path)
    content = json.loads((tmp_path / "indikatorer.json").read_text(encoding="utf-8"))
    assert content["kommun"] == {"kommunkod": "2462", "name": "Vilhelmina"}
    assert content["demonstration"] is True
    assert set(content["goals"]) == {row["goal"] for row in content["indicators"]}
    listed = pd.DataFrame(content["indicators"])
    table = pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")
    assert listed["value"].astype(float).tolist() == pytest.approx(
        table["value"].tolist(), nan_ok=True
    )
    assert listed["shown"].tolist() == table["shown"].tolist()
    assert [column["name"] for column in content["columns"]] == list(table.columns)


def test_ages_have_indicators_of_their_own_where_the_grid_tells_them(result: Result):
    ages = result.municipality.assign(age="65plus", people=1500.0)
    both = pd.concat([result.municipality, ages], ignore_index=True)
    cells = gpd.GeoDataFrame(result.cells.assign(people_65plus=result.cells["people"] // 4))
    rows = indicators_of(replace(result, municipality=both, cells=cells))
    old = at(rows, "dagligvaror.over_10_km.65plus")
    assert "65 år och äldre" in old["title"]
    assert "personer 65 år och äldre" in old["definition"]
    assert old["value"] < at(rows, "dagligvaror.over_10_km")["value"]
    assert not old["headline"]


def test_a_run_carries_last_years_indicators_over_and_its_manifest_says_from_where(toy, tmp_path):
    last = toy[1] / "indikatorer.csv"
    more = '\n[publication]\nindicators = "fjolaret.csv"\n'
    path = write_toy(tmp_path, 2027, more)
    (tmp_path / "fjolaret.csv").write_bytes(last.read_bytes())
    glesservice.run(path, tmp_path / "outputs")
    folder = tmp_path / "outputs" / "leksak-2027"
    both = pd.read_csv(folder / "indikatorer.csv", sep=";", decimal=",")
    assert both.groupby("indicator_id")["year"].agg(list).map(tuple).unique().tolist() == [
        (2026, 2027)
    ]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    entry = next(one for one in manifest["inputs"] if one["key"] == "indicators")
    assert entry["path"] == "fjolaret.csv"
    assert entry["sha256"] == hashlib.sha256(last.read_bytes()).hexdigest()

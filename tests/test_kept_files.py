"""What the municipality writes itself: changes to its orter, and decisions beside the proposals."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from tests.test_cli import variant
from tests.valley import Valley

from glesservice import cli, pipeline
from glesservice.analysis import Result, analyse
from glesservice.comparison import Year, compare_years
from glesservice.config import load_settings
from glesservice.errors import InputError
from glesservice.sources import read_decisions, read_overrides

DALEN = Valley(
    people={10: 100, 22: 30, 40: 20, 55: 15, 59: 4},
    villages={"Aby": 10, "Bby": 22, "Cby": 40},
    shops={"Affär A": 10, "Affär Z": 0},
)


def written(folder: Path, *lines: str) -> Path:
    """Write a file as a Swedish spreadsheet does."""
    path = folder / "ours.csv"
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    return path


def run(
    folder: Path,
    overrides: tuple[str, ...] = (),
    decisions: tuple[str, ...] = (),
    valley: Valley = DALEN,
    registry=None,
) -> Result:
    year = valley.drawn()
    inputs = replace(year.inputs, registry=registry)
    if overrides:
        path = written(folder, "Ort;Ändring;Till;Motiv", *overrides)
        inputs = replace(inputs, overrides=read_overrides(path))
    if decisions:
        path = written(folder, "Ort;Beslut;Motiv;Datum;Beslutat av;År", *decisions)
        inputs = replace(inputs, decisions=read_decisions(path))
    return analyse(inputs, year.settings)


def faults_of(folder: Path, **given: tuple[str, ...]) -> list[str]:
    with pytest.raises(InputError) as caught:
        run(folder, **given)
    return [str(fault) for fault in caught.value.faults]


def rows(result: Result):
    return result.orter.set_index("ort_id")


# --- Changes to the orter ----------------------------------------------------------------------


def test_an_ort_gets_the_name_that_the_municipality_uses_and_keeps_its_id(tmp_path):
    result = run(tmp_path, overrides=("Cby;namn;Storbyn;Så säger de som bor där",))
    assert rows(result).loc["9999-cby", "name"] == "Storbyn"
    assert rows(result).loc["9999-cby", "bygd_id"] == "9999-cby-bygd"
    assert any("Cby heter Storbyn (Så säger de som bor där)" in n for n in result.notices)
    assert not any("utan egen plats" in n for n in result.notices)


def test_merged_orter_are_one_with_all_their_people(tmp_path):
    plain, result = run(tmp_path), run(tmp_path, overrides=("Cby;slå ihop;bby;Samma skola",))
    assert "9999-cby" not in rows(result).index
    assert rows(result).loc["9999-bby", ["people", "cells"]].tolist() == [50, 2]
    # 30 people have 12 km to Aby's shop, 20 have 30.
    assert rows(result).loc["9999-bby", "km_mat"] == pytest.approx((30 * 12 + 20 * 30) / 50)
    assert result.people == plain.people
    assert result.orter["people"].sum() + result.spread_people == result.people == 169


def test_an_ort_that_is_not_ranked_is_counted_and_the_others_move_up(tmp_path):
    plain, result = run(tmp_path), run(tmp_path, overrides=("Cby;rangordna inte;;Bara fritidshus",))
    excluded = rows(result).loc["9999-cby"]
    assert excluded["role"] == "undantagen"
    assert excluded["rank"] != excluded["rank"]
    assert excluded["total"] == rows(plain).loc["9999-cby", "total"]
    assert sorted(result.orter["rank"].dropna()) == list(range(1, len(result.orter)))
    assert result.orter["people"].sum() + result.spread_people == result.people


def test_all_wrong_changes_are_told_at_once_with_what_may_be_meant(tmp_path):
    faults = faults_of(
        tmp_path,
        overrides=(
            "Cbi;namn;Storbyn;x",
            "Aby;slå ihop;Nirgends;x",
            "Bby;namn;Öby;x",
            "Cby;namn;Öby;x",
        ),
    )
    assert any("no ort called Cbi" in fault and "Cby" in fault for fault in faults)
    assert any("no ort called Nirgends" in fault for fault in faults)
    assert any("two orter would be called Öby" in fault for fault in faults)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Cby;namn;Storbyn;",), "motive is missing"),
        (("Cby;döp om;Storbyn;x",), "döp om is not known"),
        (("Cby;namn;;x",), "till is empty for Cby"),
        (("Cby;slå ihop;Cby;x",), "merged into an ort that is merged itself"),
        (("Cby;slå ihop;Bby;x", "Bby;slå ihop;Aby;x"), "merged into an ort that is merged itself"),
        (("Cby;namn;X;x", "9999-cby;namn;Y;x"), "changed twice"),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(tmp_path, lines, said):
    assert any(said in fault for fault in faults_of(tmp_path, overrides=lines))


def test_the_centralort_stays_what_it_is(tmp_path):
    year = replace(DALEN, rules={"centralort": "Aby"}).drawn()
    overrides = read_overrides(
        written(tmp_path, "ort;ändring;till;motiv", "Aby;rangordna inte;;x", "Aby;slå ihop;Bby;x")
    )
    with pytest.raises(InputError, match="neither merged nor excluded"):
        analyse(replace(year.inputs, overrides=overrides), year.settings)


def test_the_registry_knows_the_orter_as_they_are_without_the_changes(tmp_path):
    plain, result = run(tmp_path), run(tmp_path, overrides=("Cby;slå ihop;Bby;x",))
    assert result.registry.equals(plain.registry)
    later = run(tmp_path, overrides=("Cby;slå ihop;Bby;x",), registry=result.registry)
    assert later.ort_changes.empty


def test_in_a_comparison_changes_to_the_orter_are_settings(tmp_path):
    before = DALEN.drawn()
    path = written(tmp_path, "ort;ändring;till;motiv", "Cby;slå ihop;Bby;x")
    after = replace(DALEN, people={**DALEN.people, 22: 60}).drawn()
    after = Year(after.settings, replace(after.inputs, overrides=read_overrides(path)))
    found = compare_years(before, after)
    assert found.changed == ("people", "settings")
    assert found.setting_changes.to_numpy().tolist() == [
        ["orter.overrides", None, "Cby slå ihop Bby"]
    ]
    row = found.causes.set_index(["name", "measure"]).loc[("Bby", "people")]
    assert (row["before"], row["after"]) == (30, 80)
    assert (row["cause_people"], row["cause_settings"]) == (30, 20)


# --- Decisions ------------------------------------------------------------------------------


def test_a_decision_stands_beside_the_proposal(tmp_path):
    result = run(
        tmp_path,
        decisions=("Cby;Utpekad;Längst från butik;2025-02-24;Kommunfullmäktige § 12;",),
    )
    row = rows(result).loc["9999-cby"]
    assert row["decision"] == "utpekad"
    assert row["decision_motive"] == "Längst från butik"
    assert row["decision_date"] == "2025-02-24"
    assert row["decided_by"] == "Kommunfullmäktige § 12"
    assert pd.isna(rows(result).loc["9999-bby", "decision"])
    plain = run(tmp_path)
    assert rows(result)["rank"].equals(rows(plain)["rank"])  # a decision changes no number


def test_a_decision_on_a_serviceort_stands_in_the_second_list_too(tmp_path):
    result = run(tmp_path, decisions=("9999-aby;utpekad;x;2025-02-24;KF;",))
    assert result.strategic.set_index("serviceort_id").loc["9999-aby", "decision"] == "utpekad"


def test_the_last_decision_until_the_runs_year_holds(tmp_path):
    lines = (
        "Cby;utpekad;a;2023-02-24;KF;",
        "Cby;inte utpekad;b;2024-02-26;KF;",
        "Cby;utpekad;c;2025-12-15;KF;2026",
    )
    now = rows(run(tmp_path, decisions=lines)).loc["9999-cby"]
    assert (now["decision"], now["decision_motive"]) == ("inte utpekad", "b")
    later = rows(run(tmp_path, decisions=lines, valley=replace(DALEN, year=2026)))
    assert later.loc["9999-cby", "decision_motive"] == "c"


def test_a_decision_follows_a_renamed_ort_by_its_id_and_by_its_old_name(tmp_path):
    first = run(tmp_path)
    renamed = replace(DALEN, villages={"Aby": 10, "Bby": 22, "Nya Cby": 40}, year=2026)
    for ort in ("Cby", "9999-cby", "Nya Cby"):
        lines = (f"{ort};utpekad;x;2025-02-24;KF;",)
        second = run(tmp_path, decisions=lines, valley=renamed, registry=first.registry)
        row = rows(second).loc["9999-cby"]
        assert (row["name"], row["decision"]) == ("Nya Cby", "utpekad")


def test_a_decision_on_an_ort_that_is_gone_is_told(tmp_path):
    first = run(tmp_path)
    without = replace(DALEN, people={10: 100, 22: 30}, year=2026)
    lines = ("Cby;utpekad;x;2025-02-24;KF;",)
    second = run(tmp_path, decisions=lines, valley=without, registry=first.registry)
    assert any("inte längre finns" in n and "Cby (utpekad 2025-02-24)" in n for n in second.notices)


def test_all_wrong_decisions_are_told_at_once(tmp_path):
    faults = faults_of(
        tmp_path,
        decisions=("Cby;kanske;x;2025-02-30;KF;", "cby;utpekad;;2025-02-24;KF;2025"),
    )
    assert any("kanske is not known" in fault for fault in faults)
    assert any("2025-02-30 is no date" in fault for fault in faults)
    assert any("motive is missing" in fault for fault in faults)
    unknown = faults_of(tmp_path, decisions=("Cbi;utpekad;x;2025-02-24;KF;",))
    assert any("no ort called Cbi" in fault and "Cby" in fault for fault in unknown)


@pytest.mark.parametrize("other", ["CBY", "9999-cby"])
def test_two_decisions_for_one_year_on_one_ort_are_refused(tmp_path, other):
    lines = ("Cby;utpekad;x;2025-02-24;KF;", f"{other};inte utpekad;x;2025-03-24;KF;")
    assert any("two decisions" in fault for fault in faults_of(tmp_path, decisions=lines))


# --- In the products --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    here = tmp_path_factory.mktemp("kept")
    (here / "beslut.csv").write_text(
        "ort;beslut;motiv;datum;beslutat av\nSaxnäs;utpekad;Vägen stängs;2026-02-23;KF\n",
        encoding="utf-8",
    )
    (here / "orter.csv").write_text(
        "ort;ändring;till;motiv\nFatsjöluspen;rangordna inte;;Ingen bor där på vintern\n",
        encoding="utf-8",
    )
    given = '[orter]\noverrides = "orter.csv"\n\n[decisions]\npath = "beslut.csv"\n\n[publication]'
    config = variant(here, ("[publication]", given))
    pipeline.run(load_settings(config), here / "outputs")
    return here / "outputs" / "vilhelmina-2026"


def test_decisions_and_changes_stand_in_layers_and_workbook(folder):
    orter = gpd.read_file(folder / "glesservice.gpkg", layer="orter").set_index("name")
    assert orter.loc["Saxnäs", "decision"] == "utpekad"
    assert orter.loc["Fatsjöluspen", "role"] == "undantagen"
    book = openpyxl.load_workbook(folder / "tabeller.xlsx")
    changes = list(book["Kommunens ändringar"].iter_rows(values_only=True))
    assert "Ingen bor där på vintern" in changes[1]
    listed = list(book["Glesa orter"].iter_rows(values_only=True))
    at = listed[0].index("Beslut")
    assert [row[1] for row in listed[1:] if row[at]] == ["Saxnäs"]
    said = [row[1] for row in book["Läs detta först"].iter_rows(values_only=True)]
    assert any("Fatsjöluspen rangordnas inte (Ingen bor där på vintern)" in text for text in said)


def test_an_unknown_ort_ends_the_command_with_2(tmp_path, capsys):
    (tmp_path / "beslut.csv").write_text(
        "ort;beslut;motiv;datum;beslutat av\nSaksnäs;utpekad;x;2026-02-23;KF\n", encoding="utf-8"
    )
    config = variant(
        tmp_path, ("[publication]", '[decisions]\npath = "beslut.csv"\n\n[publication]')
    )
    assert cli.main(["run", "--config", str(config), "--output", str(tmp_path / "out")]) == 2
    assert "Saxnäs" in capsys.readouterr().err

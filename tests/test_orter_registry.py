"""Ids over the years: a registry that the municipality keeps, from one run to the next."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest
from tests.test_cli import variant
from tests.valley import Valley

from glesservice import pipeline
from glesservice.analysis import Result, analyse
from glesservice.comparison import compare_years
from glesservice.config import load_settings
from glesservice.errors import InputError
from glesservice.exports.registry import write_registry
from glesservice.sources import read_inputs, read_registry
from glesservice.tables import REGISTRY, check

DALEN = Valley(
    people={10: 100, 22: 30, 40: 20, 55: 15},
    villages={"Aby": 10, "Bby": 22, "Cby": 40},
    shops={"Affär A": 10, "Affär Z": 0},
)


def run(valley: Valley, registry: pd.DataFrame | None = None) -> Result:
    year = valley.drawn()
    return analyse(replace(year.inputs, registry=registry), year.settings)


def ids(result: Result) -> dict[str, str]:
    return dict(zip(result.orter["name"], result.orter["ort_id"], strict=True))


def told(result: Result) -> dict[str, str]:
    return dict(zip(result.ort_changes["ort_id"], result.ort_changes["change"], strict=True))


def test_without_a_registry_ids_come_from_the_names_and_a_registry_is_proposed():
    result = run(DALEN)
    assert ids(result)["Cby"] == "9999-cby"
    assert result.ort_changes.empty
    assert result.registry["ort_id"].tolist() == sorted(ids(result).values())
    assert (result.registry["first_year"] == 2025).all()


def test_a_renamed_village_and_a_cluster_with_another_core_keep_their_ids():
    first = run(replace(DALEN, people={**DALEN.people, 57: 14}))
    assert ids(first)["Öster om Cby"] == "9999-ruta-c55"
    later = replace(
        DALEN,
        people={**DALEN.people, 57: 18},
        villages={"Aby": 10, "Bby": 22, "Nya Cby": 40},
        year=2026,
    )
    second = run(later, first.registry)
    assert ids(second)["Öster om Nya Cby"] == "9999-ruta-c55"
    assert ids(second)["Nya Cby"] == "9999-cby"
    assert told(second)["9999-cby"] == "omdöpt"
    assert any("Cby → Nya Cby" in notice for notice in second.notices)
    bygder = second.orter.set_index("name")["bygd_id"]
    assert bygder["Nya Cby"].startswith("9999-")
    row = second.registry.set_index("ort_id").loc["9999-cby"]
    assert (row["name"], row["first_year"], row["last_year"]) == ("Nya Cby", 2025, 2026)


def test_an_ort_that_is_gone_stays_in_the_registry_and_its_id_is_not_given_away():
    first = run(DALEN)
    without = replace(DALEN, people={10: 100, 22: 30, 55: 15}, year=2026)
    second = run(without, first.registry)
    assert told(second) == {"9999-cby": "försvunnen"}
    row = second.registry.set_index("ort_id").loc["9999-cby"]
    assert (row["first_year"], row["last_year"]) == (2025, 2025)
    # Another Cby, ten km from where the first was, is another ort.
    elsewhere = replace(
        without, people={10: 100, 22: 30, 30: 20, 55: 15}, villages={**DALEN.villages, "Cby": 30}
    )
    third = run(replace(elsewhere, year=2027), second.registry)
    assert ids(third)["Cby"] == "9999-cby-2"
    # And the first comes back to its own.
    back = run(replace(DALEN, year=2027), second.registry)
    assert ids(back)["Cby"] == "9999-cby"
    assert told(back) == {"9999-cby": "återkommen"}


def test_a_part_that_breaks_out_knows_where_it_comes_from():
    first = run(replace(DALEN, people={**DALEN.people, 42: 15}))
    split = replace(
        DALEN, people={**DALEN.people, 42: 15}, villages={**DALEN.villages, "Dby": 42.2}
    )
    second = run(replace(split, year=2026), first.registry)
    assert told(second) == {"9999-dby": "utbruten"}
    assert second.registry.set_index("ort_id").loc["9999-dby", "predecessor"] == "9999-cby"
    merged = run(replace(DALEN, people={**DALEN.people, 42: 15}, year=2027), second.registry)
    assert told(merged) == {"9999-dby": "sammanslagen"}
    assert merged.ort_changes["other_id"].tolist() == ["9999-cby"]


def test_the_registry_changes_ids_and_nothing_else():
    first = run(DALEN)
    ours = first.registry.assign(ort_id="ort-" + first.registry.index.astype(str))
    second = run(DALEN, ours)
    assert set(ids(second).values()) == set(ours["ort_id"])
    columns = ["name", "rank", "people", "total", "km_mat"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(second.orter[columns]), pd.DataFrame(first.orter[columns])
    )


def test_a_comparison_follows_the_registrys_ids():
    first = run(DALEN)
    later = replace(DALEN, villages={"Aby": 10, "Bby": 22, "Nya Cby": 40}, year=2026).drawn()
    after = replace(later, inputs=replace(later.inputs, registry=first.registry))
    found = compare_years(DALEN.drawn(), after)
    row = found.orter.set_index("ort_id").loc["9999-cby"]
    assert (row["name_before"], row["name"]) == ("Cby", "Nya Cby")


def test_a_registry_is_read_as_it_was_written(tmp_path):
    result = run(DALEN)
    path = tmp_path / "ort-id.csv"
    write_registry(result.registry, path)
    again = read_registry(path)
    pd.testing.assert_frame_equal(again, check(result.registry, REGISTRY, "drawn"))
    # No number of the file can be taken for one with thirteen digits, and rounded.
    assert ";r" in path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("cells", "5620007186000", "write r before"),
        ("last_year", 1990, "first_year is after last_year"),
        ("ort_id", "9999-aby", "repeated"),
        ("name", "", "name is missing"),
    ],
)
def test_a_registry_that_cannot_be_meant_is_refused(tmp_path, column, value, said):
    broken = run(DALEN).registry.assign(**{column: value})
    path = tmp_path / "ort-id.csv"
    write_registry(broken, path)
    with pytest.raises(InputError) as caught:
        read_registry(path)
    assert said in str(caught.value).lower()


def test_a_run_proposes_the_registry_that_the_next_run_takes(result, run_folder, tmp_path):
    shutil.copy(run_folder / "ort-id.csv", tmp_path)
    config = variant(
        tmp_path, ("[publication]", '[orter]\nregistry = "ort-id.csv"\n\n[publication]')
    )
    settings = load_settings(config)
    second = pipeline.run(settings, tmp_path / "second")
    assert second.ort_changes.empty
    assert second.orter["ort_id"].tolist() == result.orter["ort_id"].tolist()
    made = tmp_path / "second" / "vilhelmina-2026"
    assert (made / "ort-id.csv").read_bytes() == (run_folder / "ort-id.csv").read_bytes()
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"][-1]["key"] == "registry"
    assert str(tmp_path) not in (made / "manifest.json").read_text(encoding="utf-8")


def test_a_missing_registry_is_told_with_the_other_faults(tmp_path):
    config = variant(
        tmp_path,
        ("[publication]", '[orter]\nregistry = "nowhere.csv"\n\n[publication]'),
        ("befolkning.gpkg", "neither.gpkg"),
    )
    with pytest.raises(InputError) as caught:
        read_inputs(load_settings(config))
    assert "nowhere.csv" in str(caught.value)
    assert "neither.gpkg" in str(caught.value)

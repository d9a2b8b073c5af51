"""``glesservice scenario``: folders, what they say, and what the terminal says."""

from __future__ import annotations

import json

import openpyxl
import pyogrio
import pytest
from tests.test_cli import variant

from glesservice import cli
from glesservice.scenarios import Close, Scenario, run_scenario
from glesservice.tables import scenario_orter_table

FILE = """
[[scenario]]
name = "Butiken i Kittelfjäll"
steps = [{ do = "close", place = "Coop Kittelfjäll" }]
"""


def ask(*arguments: object) -> int:
    return cli.main(["scenario", *map(str, arguments)])


def column(book: openpyxl.Workbook, sheet: str, title: str) -> list[object]:
    """Return the values below a heading."""
    rows = list(book[sheet].iter_rows(values_only=True))
    return [row[rows[0].index(title)] for row in rows[1:]]


def test_an_earlier_answer_is_replaced_by_the_same_bytes(toy, tmp_path, capsys):
    file = tmp_path / "scenarios.toml"
    file.write_text(FILE.replace("Coop Kittelfjäll", "lanthandeln"), encoding="utf-8")
    words = ["--config", toy[0], "--file", file, "--winter", "--name", "Vinter", "--each"]
    words += ["--place", "dagligvaror", "--sites", 1, "--output", tmp_path / "a"]
    found = []
    for _ in range(2):
        assert ask(*words) == 0
        files = [one for one in (tmp_path / "a").rglob("*.*") if one.is_file()]
        found.append({one: one.read_bytes() for one in files})
    assert found[0] == found[1]
    assert {one.parent.name for one in found[0]} == {
        "leksak-2026-placering-dagligvaror",
        "leksak-2026-scenario-butiken-i-kittelfjall",
        "leksak-2026-scenario-vinter",
        "leksak-2026-stangningar",
    }


def test_every_question_gets_its_folder(tmp_path, capsys, inputs, settings, result):
    file = tmp_path / "scenarios.toml"
    file.write_text(FILE, encoding="utf-8")
    words = ["--file", file, "--winter", "--name", "Vinter", "--each", "--place", "paket"]
    words += ["--sites", 1]
    assert ask(*words, "--output", tmp_path / "a") == 0
    said = capsys.readouterr()
    assert said.out == ""
    for part in ("Kittelfjäll", "Vinter", "closings", "proven best", "Open the tables"):
        assert part in said.err
    folders = sorted(folder.name for folder in (tmp_path / "a").iterdir())
    assert folders == [
        "vilhelmina-2026-placering-paket",
        "vilhelmina-2026-scenario-butiken-i-kittelfjall",
        "vilhelmina-2026-scenario-vinter",
        "vilhelmina-2026-stangningar",
    ]
    folder = tmp_path / "a" / "vilhelmina-2026-scenario-butiken-i-kittelfjall"
    scenario = Scenario(name="Butiken i Kittelfjäll", steps=(Close(place="Coop Kittelfjäll"),))
    found = run_scenario(scenario, inputs, settings, result)
    book = openpyxl.load_workbook(folder / "tabeller.xlsx")
    assert book.sheetnames == ["Läs detta först", "Kommunen", "Orter", "Serviceställen", "Kolumner"]
    assert column(book, "Orter", "Ort") == found.orter["name"].tolist()
    after = column(book, "Orter", "Km till dagligvaror efter")
    assert after == pytest.approx(found.orter["km_dagligvaror_after"].tolist())
    guide = dict(row[:2] for row in book["Läs detta först"].iter_rows(values_only=True))
    assert "Coop Kittelfjäll" in guide["Förändring"]
    layer = pyogrio.read_dataframe(folder / "glesservice.gpkg", layer="orter_scenario")
    names = scenario_orter_table(found.services).names()
    assert [name for name in layer.columns if name != "geometry"] == names
    assert layer.crs.to_epsg() == 3006
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["scenario"]["steps"][0]["place"] == "Coop Kittelfjäll"
    assert "karta.html" in {entry["file"] for entry in manifest["outputs"]}
    page = (folder / "karta.html").read_text(encoding="utf-8")
    assert len(page.encode()) < 480_000
    assert "Scenario: Butiken i Kittelfjäll" in page
    told = found.orter.set_index("name").loc["Kittelfjäll", "total_change"]
    assert f">+{told:.1f}\n".replace(".", ",") in page
    assert not list((tmp_path / "a").glob("*-stangningar/karta.html"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], ["Nothing is asked"]),
        (
            ["--close", "Coop Dikanas", "--open", "dagligvaror", "Saxnes"],
            ["Coop Dikanäs", "Saxnäs"],
        ),
        (["--people", "-1"], ["factor -1"]),
        (["--cut-road", "16.5", "64.5"], ["lat 16.5"]),
        (["--place", "mat"], ["mat is not among"]),
        (["--file", "nowhere.toml"], ["nowhere.toml"]),
        (["--place", "paket", "--candidates", "nowhere.csv"], ["nowhere.csv"]),
    ],
)
def test_what_cannot_be_answered_ends_with_2_and_writes_nothing(tmp_path, capsys, words, said):
    assert ask(*words, "--output", tmp_path / "outputs") == 2
    message = capsys.readouterr().err
    for part in said:
        assert part in message
    assert "Traceback" not in message
    assert not (tmp_path / "outputs").exists()


def test_two_scenarios_never_share_a_folder(tmp_path, capsys):
    file = tmp_path / "scenarios.toml"
    file.write_text(
        '[[scenario]]\nname = "Vinter!"\nsteps = [{ do = "winter" }]\n', encoding="utf-8"
    )
    words = ["--file", file, "--winter", "--name", "vinter", "--output", tmp_path / "outputs"]
    assert ask(*words) == 2
    assert "scenario-vinter" in capsys.readouterr().err


def test_given_candidates_and_settings_are_used(tmp_path, capsys):
    places = tmp_path / "platser.csv"
    places.write_text("name,lat,lon\nTorget,64.625,16.655\nHenriksfjäll,65.283,15.6\n")
    words = ["--config", variant(tmp_path), "--place", "paket", "--sites", 2]
    assert ask(*words, "--candidates", places, "--output", tmp_path / "o") == 0
    assert "Torget" in capsys.readouterr().err

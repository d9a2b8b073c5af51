"""``glesservice compare``: two settings files or runs in, a folder and a few sentences out."""

from __future__ import annotations

import io
import json
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from tests.second_year import write_second_year
from tests.toy_files import write_toy

from glesservice import cli, comparison_run
from glesservice.config import embedded_settings
from glesservice.tables import causes_table

PRODUCTS = {"jamforelse.xlsx", "jamforelse.gpkg", "karta.html", "manifest.json"}


def compare(*arguments: object) -> int:
    return cli.main(["compare", *map(str, arguments)])


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    return write_second_year(tmp_path_factory.mktemp("second"))


@dataclass(frozen=True)
class Told:
    """A comparison's folder, and what the command said."""

    folder: Path
    out: str
    err: str


@pytest.fixture(scope="module")
def told(second, tmp_path_factory):
    output = tmp_path_factory.mktemp("outputs")
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert compare(embedded_settings(), second, "--output", output) == 0
    return Told(output / "vilhelmina-2027-mot-2026", out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def made(told):
    return told.folder


def test_the_command_tells_what_has_changed_and_why(told):
    assert "Changed between the years: people, services, roads, settings." in told.err
    assert "16 analyses" in told.err
    assert re.search(r"Kittelfjäll|Västra Nästansjö: total 69\.\d -> \d+", told.err)
    assert "lägger SCB brus" in told.err
    assert str(told.folder / "jamforelse.xlsx") in told.err
    assert str(told.folder / "karta.html") in told.err
    assert told.out == ""


def test_a_year_beside_itself_says_that_nothing_differs(toy, tmp_path, capsys):
    assert compare(toy[0], toy[0], "--output", tmp_path) == 0
    assert "Nothing differs" in capsys.readouterr().err


def test_the_folder_holds_the_products_and_nothing_else(made):
    assert {item.name for item in made.iterdir()} == PRODUCTS
    assert [item.name for item in made.parent.iterdir()] == [made.name]


def test_a_second_comparison_gives_the_same_bytes_and_replaces_the_first(toy, tmp_path):
    later = write_toy(tmp_path / "2027", 2027)
    for path, old, new in (
        (later.parent / "data" / "befolkning.csv", ";35", ";45"),
        (
            later.parent / "serviceplatser.csv",
            "lanthandeln;dagligvaror;öppen",
            "lanthandeln;dagligvaror;stängd",
        ),
    ):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    made = tmp_path / "outputs" / "leksak-2027-mot-2026"
    found = []
    for _ in range(2):
        assert comparison_run.compare(toy[0], later, made.parent).changed == ("people", "services")
        found.append({item.name: item.read_bytes() for item in made.iterdir()})
        (made / "karta.html").write_text("an earlier map")
    assert set(found[0]) == PRODUCTS
    assert found[0] == found[1]


def test_the_workbook_adds_up(made):
    book = openpyxl.load_workbook(made / "jamforelse.xlsx")
    assert book.sheetnames[:4] == ["Läs detta först", "Orter", "Orsaker", "Kommunen"]
    rows = list(book["Orsaker"].iter_rows(values_only=True))
    titles = [str(title).split(" (")[0] for title in rows[0]]
    change = titles.index("Ändring")
    parts = [at for at, title in enumerate(titles) if title.startswith("Därav")]
    assert len(rows) > 60
    for row in rows[1:]:
        assert sum(row[at] for at in parts) == pytest.approx(row[change], abs=1e-9)
    assert {column.title for column in causes_table().columns} == set(titles)


def test_the_layers_open_with_the_changes(made):
    orter = gpd.read_file(made / "jamforelse.gpkg", layer="orter")
    assert str(orter.crs) == "EPSG:3006"
    row = orter.set_index("name").loc["Matsdal"]
    assert row["cause_roads"] > 0
    assert row["km_dagligvaror_change"] == pytest.approx(4)
    sites = gpd.read_file(made / "jamforelse.gpkg", layer="stallen")
    assert sorted(sites["change"]) == ["stängt", "öppnat"]


def test_the_map_shows_both_years_and_each_orts_change(made):
    page = (made / "karta.html").read_text(encoding="utf-8")
    assert len(page.encode()) < 480_000
    assert "2027 jämfört med 2026" in page
    assert 'value="fore"' in page
    orter = gpd.read_file(made / "jamforelse.gpkg", layer="orter").set_index("name")
    change = f"{orter.loc['Matsdal', 'total_change']:+.1f}".replace(".", ",")
    row = re.search(r'<tr id="ort-\d+"[^>]*>(?:(?!<tr).)*>Matsdal<.*?(?=<tr)', page, re.S)
    assert row
    assert f">{change}\n" in row[0]


def test_the_manifest_tells_both_years_inputs(made, second):
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    hashes = [
        {entry["key"]: entry["sha256"] for entry in manifest[year]["inputs"]}
        for year in ("before", "after")
    ]
    differ = {key for key in hashes[0] if hashes[0][key] != hashes[1][key]}
    assert differ == {"population", "services", "roads"}
    assert {entry["file"] for entry in manifest["outputs"]} == PRODUCTS - {"manifest.json"}
    assert manifest["changed"] == ["people", "services", "roads", "settings"]


# --- Years given as the folder of a run ---------------------------------------------------------


def test_a_run_can_stand_for_its_settings(run_folder):
    data = embedded_settings().parent
    found = comparison_run.compare(run_folder, embedded_settings(), inputs=data)
    assert found.changed == ()


def test_a_run_whose_inputs_have_changed_is_refused(run_folder, second, tmp_path, capsys):
    code = compare(run_folder, second, "--inputs", second.parent, "--output", tmp_path / "out")
    said = capsys.readouterr().err
    assert code == 2
    assert said.count("the input is not what it was in the run") == 3
    for name in ("befolkning.gpkg", "serviceplatser.csv", "vagar.graphml"):
        assert name in said
    assert not (tmp_path / "out").exists()


def test_a_run_whose_inputs_are_nowhere_is_refused(run_folder, second, tmp_path, capsys):
    assert compare(run_folder, second, "--output", tmp_path / "out") == 2
    assert "--inputs" in capsys.readouterr().err


def test_a_folder_that_is_no_run_is_refused(second, tmp_path, capsys):
    assert compare(tmp_path, second) == 2
    assert "not that of a run" in capsys.readouterr().err


def test_a_folder_with_strangers_in_it_is_not_replaced(toy, made, tmp_path, capsys):
    target = tmp_path / "leksak-2026-mot-2026"
    shutil.copytree(made, target)
    (target / "beslut.docx").write_text("ours")
    assert compare(toy[0], toy[0], "--output", tmp_path) == 1
    assert (target / "beslut.docx").exists()

"""A run's folder: complete, the same bytes each time, or not there at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import openpyxl
import pyogrio
import pytest

from glesservice import pipeline
from glesservice.analysis import analyse
from glesservice.errors import OutputError
from glesservice.exports.folder import whole_folder
from glesservice.exports.layers import write_layers
from glesservice.exports.webmap import write_map
from glesservice.exports.workbook import write_workbook
from glesservice.tables import BOUNDARY, bygder_table, cells_table, legal_table, orter_table

PRODUCTS = {
    "glesservice.gpkg",
    "glesservice.qgz",
    "karta.html",
    "tabeller.xlsx",
    "restid_dagligvaror.tif",
    "restid_drivmedel.tif",
    "restid_apotek.tif",
    "restid_kontanter.tif",
    "ort-id.csv",
    "indikatorer.csv",
    "indikatorer.json",
    "dcat.ttl",
    "metadata.xml",
    "manifest.json",
}


@pytest.fixture
def folder(run_folder) -> Path:
    return run_folder


def made_by(settings, output: Path) -> Path:
    pipeline.run(settings, output)
    return output / pipeline.run_name(settings)


def content(folder: Path) -> dict[str, bytes]:
    return {item.name: item.read_bytes() for item in folder.iterdir()}


def test_the_folder_holds_the_products_and_nothing_else(folder):
    assert folder.name == "vilhelmina-2026"
    assert {item.name for item in folder.iterdir()} == PRODUCTS
    assert [item.name for item in folder.parent.iterdir()] == ["vilhelmina-2026"]


def test_a_run_from_another_folder_gives_the_same_bytes(settings, folder, tmp_path):
    from glesservice.config import load_settings

    moved = tmp_path / "elsewhere"
    shutil.copytree(settings.population.path.parent, moved)
    again = made_by(load_settings(moved / "glesservice.toml"), tmp_path / "outputs")
    assert content(again) == content(folder)


def test_the_manifest_tells_inputs_settings_versions_and_outputs(settings, folder):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["outputs"]:
        data = (folder / entry["file"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert {entry["file"] for entry in manifest["outputs"]} == PRODUCTS - {"manifest.json"}
    for (key, source), entry in zip(settings.inputs(), manifest["inputs"], strict=True):
        data = source.path.read_bytes()
        assert entry["key"] == key
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        assert entry["source"]
        assert entry["date"]
        assert entry["licence"]
    assert manifest["settings"]["policy"]["services"]["dagligvaror"]["near_km"] == 10
    assert manifest["people"]["municipality"] == 6229
    assert {"glesservice", "python", "GEOS", "PROJ"} <= set(manifest["versions"])


def test_no_product_tells_where_on_the_machine_it_was_made(settings, folder):
    here = str(settings.population.path.parents[2]).encode()
    for name, data in content(folder).items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(folder / name) as book:
                data = b"".join(book.read(part) for part in book.namelist())  # noqa: PLW2901
        assert here not in data, name


def test_the_layers_are_those_of_the_design(result, folder):
    path = folder / "glesservice.gpkg"
    layers = pyogrio.list_layers(path)[:, 0].tolist()
    assert layers == [
        *("orter", "bygder", "rutor", "serviceplatser", "vagar", "kommun"),
        *("avstandsprov", "strategiska", "kommunen", "kanslighet", "layer_styles"),
    ]
    services = list(result.weights.index)
    tables = {
        "orter": orter_table(services, result.settings.policy.limits_km),
        "bygder": bygder_table(services),
        "kommun": BOUNDARY,
        "avstandsprov": legal_table(),
    }
    for layer in layers[:-1]:
        info = pyogrio.read_info(path, layer=layer)
        assert info["crs"] == (None if layer in layers[-4:] else "EPSG:3006")
        assert info["layer_metadata"]["IDENTIFIER"].endswith("Vilhelmina 2026")
        assert "inte underlag för beslut" in info["layer_metadata"]["DESCRIPTION"]
        if layer in tables:
            told = [name for name in info["fields"] if name != "hidden"]
            assert told == tables[layer].names()
        assert all(name == name.lower() and name.isascii() for name in info["fields"])


def test_cells_are_published_with_their_people_as_a_class(result, folder):
    cells = gpd.read_file(folder / "glesservice.gpkg", layer="rutor")
    assert "people" not in cells.columns
    assert "people" in cells_table([]).names()
    assert set(cells["people_class"]) == {"1–9", "10–49", "50–199", "200 eller fler"}
    assert len(cells) == len(result.cells)


def test_the_workbook_shows_the_lists_and_how_people_add_up(result, folder):
    book = openpyxl.load_workbook(folder / "tabeller.xlsx")
    assert book.sheetnames == [
        "Läs detta först",
        "Glesa orter",
        "Glesa bygder",
        "Strategiska serviceorter",
        "Serviceställen",
        "Avstånd mellan ställen",
        "Kommunens nyckeltal",
        "Känslighet",
        "Kolumner",
        "Metod och källor",
    ]
    guide = {row[0].value: row[1].value for row in book["Läs detta först"].iter_rows()}
    people = [
        int(guide[f"Personer i {what}"].replace("\u00a0", ""))
        for what in ("orter", "spridd bebyggelse", "kommunen")
    ]
    assert people[0] + people[1] == people[2] == 6229
    sheet = book["Glesa orter"]
    assert [cell.value for cell in sheet[1]][:2] == ["Plats", "Ort"]
    assert [cell.value for cell in sheet[2]][:2] == [1, result.orter["name"].iloc[0]]
    explained = {row[1].value for row in book["Kolumner"].iter_rows(min_row=2)}
    assert {cell.value.split(" (")[0] for cell in sheet[1]} <= explained


def test_names_in_the_workbook_are_text_and_never_formulas(inputs, settings, tmp_path):
    hostile = inputs.sites.assign(name='=HYPERLINK("http://x")')
    changed = type(inputs)(inputs.boundary, inputs.cells, inputs.settlements, hostile, inputs.edges)
    write_workbook(analyse(changed, settings), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Serviceställen"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert cells
    assert all(cell.data_type == "s" and cell.hyperlink is None for cell in cells)


def test_a_run_that_fails_leaves_last_years_folder_as_it_was(
    settings, folder, tmp_path, monkeypatch
):
    shutil.copytree(folder, tmp_path / folder.name)

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pipeline, "write_workbook", full_disk)
    with pytest.raises(OutputError, match="No space left on device"):
        pipeline.run(settings, tmp_path)
    assert content(tmp_path / folder.name) == content(folder)
    assert [item.name for item in tmp_path.iterdir()] == [folder.name]


def test_a_second_run_replaces_the_earlier_one_whole_in_the_same_bytes(settings, folder, tmp_path):
    shutil.copytree(folder, tmp_path / folder.name)
    (tmp_path / folder.name / "karta.html").write_text("an earlier map")
    pipeline.run(settings, tmp_path)
    assert content(tmp_path / folder.name) == content(folder)


def test_what_somebody_put_beside_a_run_is_never_deleted(settings, folder, tmp_path):
    shutil.copytree(folder, tmp_path / folder.name)
    (tmp_path / folder.name / "beslut.docx").write_text("the decision")
    with pytest.raises(OutputError, match=r"beslut\.docx"):
        pipeline.run(settings, tmp_path)
    assert (tmp_path / folder.name / "beslut.docx").read_text() == "the decision"


def test_an_empty_folder_may_become_a_runs(tmp_path):
    (tmp_path / "run").mkdir()
    with whole_folder(tmp_path / "run") as made:
        (made / "manifest.json").write_text("{}")
    assert [item.name for item in (tmp_path / "run").iterdir()] == ["manifest.json"]


def test_another_programs_manifest_does_not_make_a_folder_a_run(tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "manifest.json").write_text('{"name": "a web app"}')
    with pytest.raises(OutputError, match="no earlier run"), whole_folder(tmp_path / "app"):
        pass
    assert (tmp_path / "app" / "manifest.json").exists()


def test_a_municipality_whose_only_shops_are_in_the_main_town_gets_its_result(
    inputs, settings, tmp_path
):
    town = inputs.sites[inputs.sites["note"].ne("") & inputs.sites["kommunkod"].eq("2462")]
    near = town.distance(inputs.settlements.set_index("name").geometry["Vilhelmina"]) < 2500
    result = analyse(replace(inputs, sites=town[near].reset_index(drop=True)), settings)
    assert result.strategic.empty
    for write, name in (
        (write_map, "k.html"),
        (write_layers, "l.gpkg"),
        (write_workbook, "t.xlsx"),
    ):
        write(result, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 0


def test_a_folder_that_is_no_run_is_never_replaced(tmp_path):
    precious = tmp_path / "vilhelmina-2026"
    precious.mkdir()
    (precious / "thesis.docx").write_text("x")
    with pytest.raises(OutputError, match="no earlier run"), whole_folder(precious):
        pass
    assert (precious / "thesis.docx").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with (
        pytest.raises(OutputError, match="choose another folder"),
        whole_folder(tmp_path / "file" / "run"),
    ):
        pass


def test_the_name_of_the_folder_cannot_lead_elsewhere(settings):
    area = settings.area.model_copy(update={"name": "../../Åsele /x"})
    assert pipeline.run_name(settings.model_copy(update={"area": area})) == "asele-x-2026"
    nameless = settings.area.model_copy(update={"name": "../.."})
    assert pipeline.run_name(settings.model_copy(update={"area": nameless})) == "2462-2026"

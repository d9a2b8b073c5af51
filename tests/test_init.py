"""``glesservice init`` gives a municipality what it needs to begin, and takes nothing away."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import openpyxl
import pytest

from glesservice.cli import DONE, FAILED, UNUSABLE, main
from glesservice.config import Settings, load_settings, parse_settings
from glesservice.config.section import section_in
from glesservice.config.sources import Source
from glesservice.config.starter import SWEDISH, SWEDISH_SOURCE, starter_settings
from glesservice.errors import InputError
from glesservice.exports import starter
from glesservice.exports.template import HEADINGS, write_template
from glesservice.sources import read_services
from glesservice.sources.headings import POSITIONS, SITES, WORDS, key, plain

VILHELMINA = starter_settings("2462", "Vilhelmina", 2026)


def test_the_settings_load_and_say_nothing_but_the_defaults(tmp_path: Path) -> None:
    settings = parse_settings(tomllib.loads(VILHELMINA), tmp_path / "glesservice.toml")
    assert settings.area.model_dump() == {
        "kommun": "2462",
        "name": "Vilhelmina",
        "year": 2026,
        "buffer_km": 60.0,
    }
    assert settings.boundary.path.name == "kommun.parquet"
    least = {
        "area": settings.area.model_dump(),
        "population": {"path": "befolkning.gpkg"},
        "settlements": [{"path": "orter.gpkg"}],
        "services": [{"path": "serviceplatser.xlsx"}],
        "roads": [{"path": "vagar.osm.pbf"}],
    }
    assert settings == parse_settings(least, tmp_path / "glesservice.toml")


def test_every_default_can_be_uncommented_as_it_stands(tmp_path: Path) -> None:
    uncommented = re.sub(r"(?m)^# (\w+ = .+|\[\w+\])$", r"\1", VILHELMINA)
    path = tmp_path / "glesservice.toml"
    assert parse_settings(tomllib.loads(uncommented), path) == parse_settings(
        tomllib.loads(VILHELMINA), path
    )


def test_every_key_of_the_model_is_in_the_file_and_explained() -> None:
    for table, field in Settings.model_fields.items():
        model = section_in(field.annotation)
        assert f"[{table}]" in VILHELMINA
        for name in model.model_fields:
            assert re.search(rf"(?m)^(# )?{name} =", VILHELMINA), name


def test_the_swedish_explanations_are_those_of_the_model_no_more_and_no_less() -> None:
    for table, texts in SWEDISH.items():
        model = section_in(Settings.model_fields[table].annotation)
        common = set(SWEDISH_SOURCE) if issubclass(model, Source) else set()
        assert set(texts) | common == set(model.model_fields), table
        assert all(text.endswith((".", '"')) for text in texts.values())


def test_the_command_writes_both_files_and_they_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "ny" / "mapp"
    assert main(["init", "--kommun", "2421", "--folder", str(folder), "--year", "2027"]) == DONE
    settings = load_settings(folder / "glesservice.toml")
    assert (settings.area.name, settings.area.year) == ("Storuman", 2027)
    assert settings.services[0].path == folder / "serviceplatser.xlsx"
    assert "Fill in serviceplatser.xlsx" in capsys.readouterr().err
    with pytest.raises(InputError, match="no rows with service sites but the example"):
        read_services(settings.services[0])


@pytest.mark.parametrize("there", ["glesservice.toml", "serviceplatser.xlsx"])
def test_nothing_that_is_there_is_overwritten(
    tmp_path: Path, there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / there).write_text("mitt arbete", encoding="utf-8")
    assert main(["init", "--kommun", "2462", "--folder", str(tmp_path)]) == FAILED
    assert "is there already" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mitt arbete"


def test_a_municipality_that_does_not_exist_is_refused_with_those_that_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--kommun", "2499", "--folder", str(tmp_path / "x")]) == UNUSABLE
    told = capsys.readouterr().err
    assert "there is no municipality 2499" in told
    assert "2462 Vilhelmina" in told
    assert not (tmp_path / "x").exists()


def test_where_one_file_cannot_be_written_neither_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def _full(path: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(starter, "write_template", _full)
    assert main(["init", "--kommun", "2462", "--folder", str(tmp_path / "ny")]) == FAILED
    assert list((tmp_path / "ny").iterdir()) == []


# The list of shops


def test_every_heading_and_every_word_of_the_template_is_understood_by_the_reader() -> None:
    known = {
        said: column
        for table in (SITES, POSITIONS)
        for column, all_ in table.items()
        for said in all_
    }
    columns = [known[plain(heading.text)] for heading in HEADINGS]
    assert len(set(columns)) == len(columns)
    assert set(SITES) - set(columns) == {"source_year"}
    for heading, column in zip(HEADINGS, columns, strict=True):
        if heading.choices and column != "service":
            said = {key(word) for words in WORDS[column].values() for word in words}
            assert {key(word) for word in heading.choices} <= said, heading.text


def test_a_filled_in_template_is_read(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "serviceplatser.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    sheet = book["Serviceställen"]
    at = {cell.value: cell.column for cell in sheet[1]}
    rows = [
        {
            "Namn": "Handlarn",
            "Tjänst": "dagligvaror, paket",
            "Latitud": 65.2364,
            "Longitud": 15.9919,
            "Sortiment": "ej fullsortiment",
            "Bemannad": "ja",
            "Säsong": "del av året",
        },
        {
            "Namn": "Macken",
            "Tjänst": "drivmedel",
            "N (SWEREF 99 TM)": 7_235_165,
            "E (SWEREF 99 TM)": 546_361,
            "Status": "obekräftat",
            "Reservkraft": "okänt",
            "Kommunkod": 2462,
        },
    ]
    for number, row in enumerate(rows, start=3):
        for heading, value in row.items():
            sheet.cell(number, at[heading], value)
    book.save(path)
    source = settings.services[0].model_copy(update={"path": path})
    sites = read_services(source)
    assert sorted(zip(sites["name"], sites["service"], sites["status"], strict=True)) == [
        ("Handlarn", "dagligvaror", "open"),
        ("Handlarn", "paket", "open"),
        ("Macken", "drivmedel", "unconfirmed"),
    ]
    first, second = sites.iloc[0], sites.iloc[-1]
    assert first[["assortment", "staffed", "season"]].tolist() == ["limited", "yes", "part_of_year"]
    assert second[["reserve_power", "kommunkod"]].tolist() == ["unknown", "2462"]
    assert first.geometry.distance(second.geometry) < 5


def test_the_template_has_a_frozen_heading_lists_and_explanations(tmp_path: Path) -> None:
    path = tmp_path / "mall.xlsx"
    write_template(path)
    sheet = openpyxl.load_workbook(path)["Serviceställen"]
    assert sheet.freeze_panes == "B2"
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert '"öppet,obekräftat,stängt,planerat"' in lists.values()
    assert all(cell.comment is not None for cell in sheet[1])
    assert sheet["A2"].value.startswith("EXEMPEL")


def test_the_template_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()

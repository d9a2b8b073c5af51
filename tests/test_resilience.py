"""Whatever stops a run, last year's folder is as it was, and nothing half-written has its name."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests import breaking_runs

from glesservice import cli, pipeline
from glesservice.claims import claimed
from glesservice.cli import FAILED, UNUSABLE
from glesservice.config import Fetch
from glesservice.errors import BusyError, OutputError
from glesservice.exports import placing
from glesservice.exports.folder import MARK, whole_folder
from glesservice.fetching.fetch import CLAIM, fetch
from glesservice.fetching.making import Order

SMALL_MB = 4
KILLED = [f"SIGKILL {stage}" for stage in pipeline.STAGES]
STOPPED = ["read inputs", "analyse", "layers", "travel times", "manifest"]
FULL = [f"disk full but for {free} kB" for free in (0, 100, 400, 750)]


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path | None]:
    """Return a disk of few megabytes, where this machine lets us make one."""
    place = tmp_path_factory.mktemp("small")
    words = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_MB}m", "glesservice-test", str(place)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    yield place if mounted else None
    if mounted:
        subprocess.run(["umount", str(place)], check=True)  # noqa: S607 - where it is, it is found


@pytest.fixture(scope="module")
def told(
    toy: tuple[Path, Path], small_disk: Path | None, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Return what all the broken runs have left, see ``breaking_runs``."""
    words = [*toy, tmp_path_factory.mktemp("broken"), small_disk or "-"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.breaking_runs", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def is_as_before(told: dict[str, Any], name: str) -> bool:
    """Tell whether the earlier folder is there byte for byte, and nothing else that shows."""
    found = told["cases"][name]
    assert told["before"] != told["after"]
    assert set(found["visible"]) <= {"leksak-2026", "ballast"}
    return bool(found["content"] == told["before"])


@pytest.mark.parametrize("name", KILLED)
def test_a_run_killed_at_any_stage_leaves_the_earlier_folder_as_it_was(told, name):
    assert told["cases"][name]["ended"] == "SIGKILL"
    assert is_as_before(told, name)
    # Of all the runs killed before, no more is left than what the last one could not clear up.
    assert len([left for left in told["cases"][name]["hidden"] if ".new-" in left]) <= 1


@pytest.mark.parametrize("stage", STOPPED)
def test_a_run_that_is_asked_to_stop_leaves_nothing_at_all(told, stage):
    found = told["cases"][f"SIGTERM {stage}"]
    assert (found["ended"], found["said"]) == ("3", "stopped")
    assert is_as_before(told, f"SIGTERM {stage}")
    assert found["hidden"] == []


def test_there_is_no_moment_without_a_whole_folder(told):
    assert is_as_before(told, "SIGKILL before the exchange")
    for point in ("after the exchange", "while clearing up"):
        assert told["cases"][f"SIGKILL {point}"]["content"] == told["after"]


def test_where_folders_cannot_be_exchanged_the_next_run_puts_the_earlier_one_back(told):
    assert told["cases"]["SIGKILL between two renames"]["content"] == {}
    assert is_as_before(told, "next run after between two renames")


@pytest.mark.parametrize("point", breaking_runs.POINTS)
def test_what_a_killed_run_left_is_cleared_away_by_the_next(told, point):
    assert told["cases"][f"next run after {point}"]["hidden"] == []


@pytest.mark.parametrize("stage", breaking_runs.LIMITS)
def test_a_product_that_does_not_fit_is_noticed_whoever_writes_it(told, stage):
    found = told["cases"][f"no room for {stage}"]
    assert found["ended"] == "1", found["said"]
    assert "the result cannot be written" in found["said"]
    assert "an earlier result is untouched" in found["said"]
    assert is_as_before(told, f"no room for {stage}")
    assert found["hidden"] == []


@pytest.mark.parametrize("name", FULL)
def test_a_full_disk_leaves_the_earlier_folder_as_it_was(told, name, small_disk):
    if small_disk is None:
        pytest.skip("optional: this machine does not let us mount a small disk")
    found = told["cases"][name]
    assert found["ended"] == "1", found["said"]
    assert "the disk is full" in found["said"]
    assert "Make room" in found["said"]
    assert is_as_before(told, name)
    assert found["hidden"] == []


def test_of_two_runs_at_once_the_second_says_so(told):
    (first, _), (second, said) = told["cases"]["two at once"]
    assert (first, second) == ("0", "2")
    assert "somebody else is writing here (process " in said
    assert "Wait until it has ended, or choose another folder" in said


def test_after_all_that_a_run_is_what_it_always_is(told):
    found = told["cases"]["a run that is not broken off"]
    assert found["ended"] == "0"
    assert found["content"] == told["after"]
    assert found["hidden"] == []


def test_the_command_ends_with_2_where_another_run_is_writing(toy, tmp_path, capsys):
    with whole_folder(tmp_path / "leksak-2026") as alive:
        (alive / MARK).write_text("{}")
        words = ["run", "--config", str(toy[0]), "--output", str(tmp_path)]
        assert cli.main(words) == UNUSABLE
        said = capsys.readouterr().err
        assert f"process {os.getpid()}" in said
        assert "read inputs" not in said  # told at once, not after the whole analysis
        assert (alive / MARK).read_text() == "{}"  # a living run's folder is nobody's leftover
    assert [item.name for item in tmp_path.iterdir()] == ["leksak-2026"]


def test_the_command_stops_in_order_when_it_is_asked_to(toy, tmp_path):
    shutil.copytree(toy[1], tmp_path / toy[1].name)
    before = {item.name: item.read_bytes() for item in toy[1].iterdir()}
    words = ["run", "--config", str(toy[0]), "--output", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "glesservice", *words], stderr=subprocess.PIPE, text=True
    ) as run:
        seen = ""
        for line in run.stderr:
            seen += line
            if "read inputs" in line:
                run.send_signal(signal.SIGTERM)
        assert run.wait() == FAILED
    assert "Stopped. Nothing half-written is left" in seen
    assert {item.name: item.read_bytes() for item in (tmp_path / toy[1].name).iterdir()} == before
    assert [item.name for item in tmp_path.iterdir()] == [toy[1].name]


def test_a_target_that_cannot_be_written_is_told_before_anything_is_computed(toy):
    # The administrator may write everywhere: somebody else must try, once all is loaded.
    try_it = (
        "import os, sys; from pathlib import Path\n"
        "from glesservice.exports.folder import claimed_folder\n"
        "os.geteuid() or os.setuid(65534)\n"
        "try:\n  with claimed_folder(Path(sys.argv[1])): print('claimed')\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    with tempfile.TemporaryDirectory() as place:  # pytest keeps its own folders to itself
        Path(place).chmod(0o755)
        closed = Path(place) / "closed"
        target = shutil.copytree(toy[1], closed / toy[1].name)
        closed.chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", try_it, str(target)], capture_output=True, text=True, check=False
        )
        assert "OutputError" in done.stdout, done.stderr
        assert "Permission denied" in done.stdout
        assert "choose another folder with --output" in done.stdout
        assert [item.name for item in closed.iterdir()] == [toy[1].name]
        closed.chmod(0o755)


def test_a_claim_that_a_dead_process_left_is_no_claim(tmp_path):
    (tmp_path / ".run.lock").write_text("process 1 on elsewhere")
    with whole_folder(tmp_path / "run") as made:
        (made / MARK).write_text("{}")
    assert [item.name for item in tmp_path.iterdir()] == ["run"]


def test_a_claim_is_free_again_once_it_is_given_up(tmp_path):
    path = tmp_path / "claim"
    for _ in range(3):
        with claimed(path, tmp_path, "Wait") as sure:
            assert sure
            with pytest.raises(BusyError, match="somebody else"), claimed(path, tmp_path, "Wait"):
                pass
        assert not path.exists()


def test_a_neighbours_leftovers_are_not_ours_to_clear(tmp_path):
    for name in (".run-scenario-x.new-abc", ".run.new-abc", ".runner.new-abc", "run.new-abc"):
        (tmp_path / name).mkdir()
    with whole_folder(tmp_path / "run") as made:
        (made / MARK).write_text("{}")
    left = sorted(item.name for item in tmp_path.iterdir())
    assert left == [".run-scenario-x.new-abc", ".runner.new-abc", "run", "run.new-abc"]


def test_folders_made_for_a_run_that_fails_go_again(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "a" / "b" / "run"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_puts_there_while_a_run_is_going_on_is_not_replaced(tmp_path):
    target = tmp_path / "run"

    def run() -> None:
        with whole_folder(target) as made:
            (made / MARK).write_text("{}")
            target.mkdir()
            (target / "beslut.docx").write_text("the decision")

    with pytest.raises(OutputError, match=r"beslut\.docx"):
        run()
    assert (target / "beslut.docx").read_text() == "the decision"


def test_folders_are_exchanged_in_one_step_here(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "word").write_text(name)
    if not placing.exchanged(tmp_path / "one", tmp_path / "other"):
        pytest.skip("optional: this file system cannot exchange two folders")
    assert (tmp_path / "one" / "word").read_text() == "other"
    assert (tmp_path / "other" / "word").read_text() == "one"


def test_without_an_exchange_a_folder_is_replaced_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(placing, "exchanged", lambda *_: False)
    for number in (1, 2):
        with whole_folder(tmp_path / "run") as made:
            account = {"versions": {"glesservice": "0"}, "outputs": [], "number": number}
            (made / MARK).write_text(json.dumps(account))
    assert json.loads((tmp_path / "run" / MARK).read_text())["number"] == 2
    assert [item.name for item in tmp_path.iterdir()] == ["run"]


def test_a_request_to_stop_waits_until_the_folder_is_in_place(tmp_path, monkeypatch):
    done = placing.put_in_place

    def asked(*folders: Path) -> None:
        signal.raise_signal(signal.SIGINT)
        time.sleep(0)
        done(*folders)

    monkeypatch.setattr("glesservice.exports.folder.put_in_place", asked)
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "run") as made:
        (made / MARK).write_text("{}")
    assert (tmp_path / "run" / MARK).exists()
    assert [item.name for item in tmp_path.iterdir()] == ["run"]


def test_of_two_fetches_into_one_folder_the_second_says_so(tmp_path):
    order = Order("2462", 2026, 60.0)
    with (
        claimed(tmp_path / CLAIM, tmp_path, "Wait"),
        pytest.raises(BusyError, match="fetch into another folder"),
    ):
        fetch(order, tmp_path, Fetch())
    assert list(tmp_path.iterdir()) == []


def test_a_fetch_where_nothing_can_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="cannot be written"):
        fetch(Order("2462", 2026, 60.0), tmp_path / "file", Fetch())

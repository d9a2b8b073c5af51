"""Runs that are broken off, each in a process of its own; what they leave behind, as JSON.

Started as a program: everything is loaded and analysed once, then each run is a fork of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glesservice import pipeline, stages
from glesservice.cli import _stop
from glesservice.config import load_settings
from glesservice.errors import BusyError, OutputError
from glesservice.exports import folder, placing

# Where no file can be larger than so many bytes from a stage on: smaller than what it writes.
LIMITS = {
    "layers": 300_000,
    "map": 2_000,
    "workbook": 2_000,
    "orter": 10,
    "indicators": 2_000,
    "travel times": 3_000,
    "manifest": 1_000,
}
POINTS = ("before the exchange", "after the exchange", "between two renames", "while clearing up")


def main(settings_path: str, made: str, here: str, small: str) -> None:
    """Break runs off in every way, and print what was found after each."""
    settings = load_settings(Path(settings_path))
    output = Path(here)
    earlier = settings.model_copy(
        update={"area": settings.area.model_copy(update={"buffer_km": 50.0})}
    )
    pipeline.run(earlier, output / "earlier")
    before, after = output / "earlier" / pipeline.run_name(settings), Path(made)
    # The same each time: what is written matters here.
    inputs, result = stages.read_inputs(settings), pipeline.run(settings)
    stages.read_inputs, stages.analyse = lambda _: inputs, lambda *_: result
    told: dict[str, Any] = {"before": content(before), "after": content(after), "cases": {}}

    (output / "room").mkdir()

    def case(name: str, act: Callable[[Path], None], room: Path = output / "room") -> None:
        target = room / before.name
        if not any(room.iterdir()):
            shutil.copytree(before, target)
        ended, said = forked(lambda: act(room))
        told["cases"][name] = {
            "ended": ended,
            "said": said,
            "content": content(target),
            "visible": sorted(item.name for item in room.iterdir() if item.name[0] != "."),
            "hidden": sorted(item.name for item in room.iterdir() if item.name[0] == "."),
        }
        if told["cases"][name]["content"] == told["after"]:
            shutil.rmtree(target)
            shutil.copytree(before, target)

    for number, broken in (
        (signal.SIGKILL, pipeline.STAGES),
        (signal.SIGTERM, ("read inputs", "analyse", "layers", "travel times", "manifest")),
    ):
        for stage in broken:
            case(
                f"{number.name} {stage}",
                lambda room, stage=stage, number=number: run_quickly(
                    after, settings, room, at(stage, lambda: os.kill(os.getpid(), number))
                ),
            )
    for point in POINTS:
        case(f"SIGKILL {point}", lambda room, point=point: killed_at(point, after, settings, room))
        # What the kill has put aside is put back by the next run, whatever becomes of that.
        case(f"next run after {point}", lambda room: stopped_early(settings, room))
    for stage, limit in LIMITS.items():
        case(
            f"no room for {stage}",
            lambda room, stage=stage, limit=limit: run_quickly(
                after, settings, room, at(stage, lambda: no_larger_than(limit)), stage
            ),
        )
    if small != "-":
        room = Path(small)
        for free_kb in (0, 100, 400, 750):
            name = f"disk full but for {free_kb} kB"
            case(name, lambda room, free_kb=free_kb: crammed(free_kb, settings, room), room)
            (room / "ballast").unlink(missing_ok=True)
    told["cases"]["two at once"] = two_at_once(settings, output / "two")
    case("a run that is not broken off", lambda room: pipeline.run(settings, room))
    sys.stdout.write(json.dumps(told))


def at(stage: str, act: Callable[[], None]) -> Callable[[str, float | None], None]:
    """Return what acts when a stage begins."""
    return lambda name, spent: act() if name == stage and spent is None else None


def run_quickly(after: Path, settings: Any, room: Path, report: Any, but: str = "") -> None:
    """Run with the products at hand that every run of these inputs writes; but one is written."""

    def at_hand(_: object, path: Path) -> None:
        for product in after.glob(f"{path.stem}.*"):
            shutil.copy(product, path.parent)

    for stage in {"layers", "map", "workbook"} - {but}:
        setattr(pipeline, f"write_{stage}", at_hand)
    if but != "travel times":
        pipeline.write_rasters = lambda *of: at_hand(None, of[-1] / "restid_*.tif")
    pipeline.run(settings, room, report)


def killed_at(point: str, after: Path, settings: Any, room: Path) -> None:
    """Be killed at a point of the exchange."""

    def kill(*_: object, **__: object) -> bool:
        os.kill(os.getpid(), signal.SIGKILL)
        return False

    if point == "before the exchange":
        placing.exchanged = kill
    elif point == "after the exchange":
        exchanged = placing.exchanged
        placing.exchanged = lambda *two: exchanged(*two) and kill()
    elif point == "between two renames":
        placing.exchanged = lambda *_: False
        rename = Path.rename

        def once(self: Path, target: Path) -> Path:
            renamed = rename(self, target)
            if target.name.endswith(folder.EARLIER):
                kill()
            return renamed

        Path.rename = once
    else:
        folder.shutil.rmtree = kill
    run_quickly(after, settings, room, lambda *_: None)


def stopped_early(settings: Any, room: Path) -> None:
    """Fail before anything is written."""

    def fail(*_: object) -> None:
        raise OutputError

    stages.analyse = fail
    pipeline.run(settings, room)


def no_larger_than(limit: int) -> None:
    """Let no file of this process grow larger, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def crammed(free_kb: int, settings: Any, room: Path) -> None:
    """Run on a disk on which hardly anything is left."""
    with (room / "ballast").open("wb") as file:
        spare = shutil.disk_usage(room).free - 1024 * free_kb
        file.write(b"x" * max(spare, 0))
    pipeline.run(settings, room)


def two_at_once(settings: Any, room: Path) -> list[Any]:
    """Run twice into one folder at the same time."""
    room.mkdir()
    children = [started(lambda: pipeline.run(settings, room)) for _ in range(2)]
    return sorted(awaited(*child) for child in children)


def forked(act: Callable[[], object]) -> tuple[str, str]:
    """Return how a process ended, and what it said."""
    return awaited(*started(act))


def started(act: Callable[[], object]) -> tuple[int, int]:
    """Start a process; return its id and where it says what went wrong."""
    read, write = os.pipe()
    process = os.fork()
    if process:
        os.close(write)
        return process, read
    os.close(read)
    signal.signal(signal.SIGTERM, _stop)  # as the command does
    said, status = "", 0
    try:
        act()
    except BusyError as error:
        said, status = str(error), 2
    except OutputError as error:
        said, status = str(error), 1
    except KeyboardInterrupt:
        said, status = "stopped", 3
    except BaseException as error:
        said, status = repr(error), 4
    os.write(write, said.encode())
    os._exit(status)


def awaited(process: int, read: int) -> tuple[str, str]:
    """Wait for a process."""
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return signal.Signals(os.WTERMSIG(status)).name, said
    return str(os.WEXITSTATUS(status)), said


def content(target: Path) -> dict[str, str]:
    """Return the digest of every file."""
    return (
        {
            item.name: hashlib.sha256(item.read_bytes()).hexdigest()
            for item in sorted(target.iterdir())
        }
        if target.is_dir()
        else {}
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

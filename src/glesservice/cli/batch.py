"""``glesservice batch``: many municipalities from one settings file, and what they say together."""

from __future__ import annotations

import argparse
import re
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from glesservice.batch import Begun, Outcome, Telling, Went, run_batch, settings_of_many, title_of
from glesservice.batch.cluster import has_dashboard
from glesservice.cli.talking import (
    DONE,
    FAILED,
    Commands,
    add_accept_changed,
    add_output,
    say,
)
from glesservice.config import load_common_settings
from glesservice.exports.overview import PAGE

# So many names of municipalities at work fit on a line.
NAMED = 4


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "batch",
        help="many municipalities from one settings file, side by side, and an overview of all",
        description="Each municipality is the very run that it would be alone. A batch that was "
        "stopped goes on where it was. Ends with 1 where a municipality has no result. Needs Dask: "
        'pip install "glesservice[batch]".',
    )
    command.add_argument(
        "--config", type=Path, metavar="FILE", required=True, help="settings file for all of them"
    )
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument(
        "--kommun",
        type=_codes,
        metavar="CODES",
        help="municipality codes with commas between, such as 2421,2462",
    )
    which.add_argument("--lan", type=_county, metavar="CODE", help="county code, such as 24")
    which.add_argument("--all", action="store_true", help="all that the file of borders holds")
    add_output(command, "the batch")
    command.add_argument(
        "--workers", type=_count, metavar="N", help="processes on this machine (default: its cores)"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler that is there: tcp://HOST:8786"
    )
    add_accept_changed(command)
    command.set_defaults(act=_act)


def _codes(text: str) -> tuple[str, ...]:
    """Read municipality codes."""
    codes = tuple(filter(None, re.split(r"[,;\s]+", text)))
    if not codes or not all(re.fullmatch(r"\d{4}", code) for code in codes):
        raise argparse.ArgumentTypeError("write codes of four digits, such as 2421,2462")
    return codes


def _county(text: str) -> str:
    """Read a county code."""
    if not re.fullmatch(r"\d{2}", text):
        raise argparse.ArgumentTypeError("write two digits, such as 24")
    return text


def _count(text: str) -> int:
    """Read a number of workers."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError("write a number from 1 on")
    return int(text)


def _act(options: argparse.Namespace) -> int:
    """Run all, telling how far it has come, and name what failed."""
    common = load_common_settings(options.config)
    chosen = settings_of_many(common, str(options.config), options.kommun or (), options.lan or "")
    kind = "sverige" if options.all else f"lan-{options.lan}" if options.lan else "kommuner"
    folder = options.output / f"{kind}-{common.area.year}"
    with _bar(len(chosen)) as telling:
        went = run_batch(
            chosen,
            folder,
            telling,
            title=title_of(chosen, options.lan or "", everything=options.all),
            scheduler=options.scheduler,
            workers=options.workers,
            accept_changed=options.accept_changed,
        )
    return _tell_end(went, folder)


def _tell_end(went: Went, folder: Path) -> int:
    """Name what failed, and say where the result lies."""
    if went.earlier:
        say(f"{len(went.earlier)} were done by an earlier batch and left as they are.")
    for outcome in went.failed:
        for fault in outcome.faults:
            say(f"  {outcome.kommun} {outcome.name} failed: {fault}")
    count = len(went.tasks) - len(went.failed)
    what = f" Open the overview: {folder / PAGE}" if count else ""
    say(f"Done: {count} of {len(went.tasks)} municipalities.{what}")
    return FAILED if went.failed else DONE


@contextmanager
def _bar(count: int) -> Iterator[Telling]:
    """Show who is running, done and failed, and the time left: a bar, or a line a municipality."""
    terminal = sys.stderr.isatty()
    running: dict[str, str] = {}
    failed = 0
    lock = threading.Lock()  # what begins is told from Dask's thread
    begin = time.perf_counter()
    with tqdm(total=count, disable=not terminal, leave=False, unit="kommun") as bar:

        def _line(text: str) -> None:
            tqdm.write(text, file=sys.stderr)

        def _show() -> None:
            names = list(running.values())
            more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
            bar.set_postfix_str(f"failed {failed}, running {', '.join(names[:NAMED])}{more}")

        def _stage(stage: str, seconds: float | None) -> None:
            if seconds is None:
                _line(f"  ({stage})")

        def _cluster(dashboard: str, workers: int) -> None:
            where = (
                f"dashboard: {dashboard}"
                if has_dashboard() and dashboard
                else "no dashboard, for Bokeh is not installed"
            )
            _line(f"  {workers} workers; {where}")

        def _begun(one: Begun) -> None:
            with lock:
                running[one.kommun] = one.name
                _show()

        def _ended(one: Outcome) -> None:
            nonlocal failed
            with lock:
                running.pop(one.kommun, None)
                failed += bool(one.faults)
                bar.update()
                _show()
            how = "failed" if one.faults else f"{one.seconds:6.1f} s {one.memory_mb:6.0f} MB"
            _line(f"  {one.kommun} {one.name:<24} {how}")

        yield Telling(_stage, _cluster, _begun, _ended)
    say(f"  {time.perf_counter() - begin:.0f} s in all")

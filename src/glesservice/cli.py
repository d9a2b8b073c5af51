"""The command: arguments in, messages on stderr, an exit code out."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from glesservice.config import embedded_settings, load_settings
from glesservice.errors import GlesserviceError, OutputError
from glesservice.pipeline import STAGES, run, run_name

DONE, FAILED, UNUSABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Parameters
    ----------
    arguments
        The words after the command's name; those of the process where not given.

    Returns
    -------
    int
        0 done, 1 the run failed, 2 wrong usage or unusable input.
    """
    options = _parser().parse_args(arguments)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)  # so that nothing half-written stays behind
    try:
        return _run(options)
    except GlesserviceError as error:
        if options.debug:
            traceback.print_exc()
        for fault in error.faults:
            _say(str(fault))
        return FAILED if isinstance(error, OutputError) else UNUSABLE
    except KeyboardInterrupt:
        _say("Stopped. Nothing was written.")
        return FAILED
    except Exception as error:  # the last resort: a sentence instead of a traceback
        if options.debug:
            traceback.print_exc()
        _say(
            f"Something unexpected went wrong ({type(error).__name__}: {error}). Nothing was "
            "written. Run again with --debug and report what it prints."
        )
        return FAILED


def _stop(*_: object) -> None:
    """End as on Ctrl-C."""
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="glesservice",
        description="Where service is sparse: road distances to service, village by village.",
    )
    parser.add_argument(
        "--version", action="version", version=f"glesservice {version('glesservice')}"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run_command = commands.add_parser(
        "run", help="from the inputs of one settings file to ranked lists, layers and map"
    )
    run_command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="settings file (default: the embedded demonstration data of Vilhelmina)",
    )
    run_command.add_argument(
        "--output",
        type=Path,
        default=Path("outputs"),
        metavar="DIR",
        help="folder for the runs; each gets its own folder there (default: outputs)",
    )
    run_command.add_argument("--debug", action="store_true", help="show tracebacks")
    return parser


def _run(options: argparse.Namespace) -> int:
    """Run the pipeline, telling of its stages."""
    settings = load_settings(options.config or embedded_settings())
    if options.config is None:
        _say("No --config given: running on the embedded demonstration data of Vilhelmina.")
    with tqdm(total=len(STAGES), disable=not sys.stderr.isatty(), leave=False, unit="stage") as bar:

        def _report(stage: str, seconds: float | None) -> None:
            bar.set_description(stage)
            if seconds is None and stage not in STAGES:
                tqdm.write(f"  ({stage})", file=sys.stderr)
            if seconds is not None:
                bar.update()
                tqdm.write(f"  {stage:<12} {seconds:6.1f} s", file=sys.stderr)

        result = run(settings, options.output, _report)
    for notice in result.notices:
        _say(f"  {notice}")
    _say(f"Done. Open the map: {options.output / run_name(settings) / 'karta.html'}")
    return DONE


def _say(message: str) -> None:
    """Tell the person at the terminal."""
    print(message, file=sys.stderr)  # noqa: T201

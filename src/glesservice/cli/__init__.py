"""The command: arguments in, messages on stderr, an exit code out. One module a subcommand."""

from __future__ import annotations

import argparse
import signal
import threading
import traceback
from collections.abc import Sequence
from importlib.metadata import version

from glesservice.cli import batch, check, compare, fetch, init, report, run, scenario, verify
from glesservice.cli.talking import DONE, FAILED, UNUSABLE, say
from glesservice.errors import BusyError, FetchError, GlesserviceError, OutputError

# Each has ``add(commands)``: describe the subcommand and set its ``act`` to what runs it.
COMMANDS = (init, fetch, check, run, report, batch, scenario, compare, verify)

__all__ = ["COMMANDS", "DONE", "FAILED", "UNUSABLE", "main", "parser"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    Parameters
    ----------
    arguments
        The words after the command's name; those of the process where not given.

    Returns
    -------
    int
        0 done, 1 findings or a failed run, 2 wrong usage or unusable input.
    """
    options = parser().parse_args(arguments)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)  # so that nothing half-written stays behind
    try:
        return int(options.act(options))
    except GlesserviceError as error:
        if options.debug:
            traceback.print_exc()
        for fault in error.faults:
            say(str(fault))
        failed = isinstance(error, OutputError | FetchError) and not isinstance(error, BusyError)
        return FAILED if failed else UNUSABLE
    except KeyboardInterrupt:
        say("Stopped. Nothing half-written is left; the same command begins again.")
        return FAILED
    except Exception as error:  # the last resort: a sentence instead of a traceback
        if options.debug:
            traceback.print_exc()
        say(
            f"Something unexpected went wrong ({type(error).__name__}: {error}). Nothing was "
            "written. Run again with --debug and report what it prints."
        )
        return FAILED


def _stop(*_: object) -> None:
    """End as on Ctrl-C."""
    raise KeyboardInterrupt


def parser() -> argparse.ArgumentParser:
    """Return the description of the whole command line.

    Returns
    -------
    ArgumentParser
        With a subparser for each of ``COMMANDS``.
    """
    described = argparse.ArgumentParser(
        prog="glesservice",
        description="Where service is sparse: road distances to service, village by village.",
    )
    described.add_argument(
        "--version", action="version", version=f"glesservice {version('glesservice')}"
    )
    commands = described.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    for subcommand in commands.choices.values():
        subcommand.add_argument("--debug", action="store_true", help="show tracebacks")
    return described

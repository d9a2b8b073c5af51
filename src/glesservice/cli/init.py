"""``glesservice init``: a settings file and a list of shops to fill in, for one municipality."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from glesservice.cli.talking import DONE, Commands, say
from glesservice.exports.starter import write_starter


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "init", help="write a commented settings file and a list of shops to fill in"
    )
    command.add_argument(
        "--kommun", required=True, metavar="CODE", help="SCB municipality code, such as 2462"
    )
    command.add_argument(
        "--folder",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="folder to write to; made if it is not there (default: this one)",
    )
    command.add_argument(
        "--year",
        type=int,
        default=None,
        metavar="YEAR",
        help="year of the result (default: this year)",
    )
    command.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    """Write the files and say what to do with them."""
    year = options.year or dt.datetime.now(tz=dt.UTC).year
    settings, workbook = write_starter(options.kommun, options.folder, year)
    say(f"Wrote {settings} and {workbook}.")
    say(
        f"Fill in {workbook.name}, put the other files that {settings.name} names beside it, then: "
        f"glesservice run --config {settings}"
    )
    return DONE

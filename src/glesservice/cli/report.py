"""``glesservice report``: the January report to kommunfullmäktige, and the orter's fact sheets."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from glesservice.cli.talking import (
    DONE,
    Commands,
    add_accept_changed,
    add_config,
    add_output,
    say,
    settings_of,
    stage_bar,
)
from glesservice.config.report import Format


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "report", help="the January report as HTML, PDF and Word, and a page for each ort"
    )
    add_config(command)
    add_output(command, "the report")
    add_accept_changed(command)
    command.add_argument(
        "--before",
        type=Path,
        metavar="FILE",
        help="last year's settings file, or the folder of its run: tells what has changed, and why",
    )
    command.add_argument(
        "--inputs",
        type=Path,
        metavar="DIR",
        help="folder with last year's input files, where --before is a run's folder",
    )
    command.add_argument(
        "--formats",
        nargs="+",
        choices=get_args(Format),
        metavar="FORMAT",
        help="html, pdf, docx (default: as the settings say, else all three)",
    )
    command.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    """Make the report, telling of the stages."""
    # Sets type and draws: longer to load than other commands take.
    from glesservice import report_run  # noqa: PLC0415

    settings = settings_of(options)
    asked: dict[str, object] = {}
    if options.before is not None:
        asked["before"] = options.before.resolve()
    if options.formats:
        asked["formats"] = tuple(dict.fromkeys(options.formats))
    settings = settings.model_copy(update={"report": settings.report.model_copy(update=asked)})
    with stage_bar(report_run.STAGES) as report:
        made = report_run.write_folder(
            settings,
            options.output,
            report,
            options.inputs,
            accept_changed=options.accept_changed,
        )
    for remark in made.remarks:
        say(f"  {remark[:1].upper()}{remark[1:]}")
    folder = options.output / report_run.report_name(settings)
    say(f"Done. Open the report: {folder / f'rapport.{settings.report.formats[0]}'}")
    return DONE

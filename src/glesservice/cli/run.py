"""``glesservice run``: the whole way, for one municipality and year."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from glesservice import pipeline
from glesservice.batch import settings_of_one
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
from glesservice.config import embedded_settings
from glesservice.exports.log import write_log


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "run", help="from the inputs of one settings file to ranked lists, layers and map"
    )
    add_config(command)
    command.add_argument(
        "--kommun",
        metavar="CODE",
        help="one municipality of a settings file for many, as glesservice batch runs it",
    )
    add_output(command, "each")
    add_accept_changed(command)
    command.add_argument(
        "--report",
        action="store_true",
        help="make the January report too, as in_run = true under [report] does",
    )
    command.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    """Run the pipeline, telling of its stages."""
    if options.kommun is not None:
        settings = settings_of_one(options.config or embedded_settings(), options.kommun)
    else:
        settings = settings_of(options)
    if options.report:
        wanted = settings.report.model_copy(update={"in_run": True})
        settings = settings.model_copy(update={"report": wanted})
    begun, seconds = datetime.now(UTC), dict[str, float]()
    with stage_bar(pipeline.STAGES) as show:

        def _report(stage: str, spent: float | None) -> None:
            if spent is not None:
                seconds[stage] = spent
            show(stage, spent)

        result = pipeline.run(
            settings, options.output, _report, accept_changed=options.accept_changed
        )
    for notice in result.notices:
        say(f"  {notice}")
    folder = options.output / pipeline.run_name(settings)
    try:
        write_log(folder, settings, begun, seconds)
    except OSError as error:
        say(f"The run is complete, but its log cannot be written ({error.strerror}).")
    if settings.report.in_run:
        say(f"The report: {folder / f'rapport.{settings.report.formats[0]}'}")
    say(f"Done. Open the map: {folder / 'karta.html'}")
    return DONE

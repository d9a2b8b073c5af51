"""How the command talks to the person at the terminal: sentences and bars on stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from glesservice.config import Settings, embedded_settings, load_settings

if TYPE_CHECKING:
    from glesservice.stages import Report

DONE, FAILED, UNUSABLE = 0, 1, 2

# What argparse hands out for subcommands; it has no public name.
Commands = argparse._SubParsersAction


def say(message: str) -> None:
    """Tell the person at the terminal.

    Parameters
    ----------
    message
        One sentence or more.
    """
    print(message, file=sys.stderr)  # noqa: T201


def add_config(command: argparse.ArgumentParser) -> None:
    """Let a subcommand take ``--config``.

    Parameters
    ----------
    command
        The subcommand.
    """
    command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="settings file (default: the embedded demonstration data of Vilhelmina)",
    )


def add_output(command: argparse.ArgumentParser, whose: str) -> None:
    """Let a subcommand take ``--output``.

    Parameters
    ----------
    command
        The subcommand.
    whose
        What gets a folder of its own there.
    """
    command.add_argument(
        "--output",
        type=Path,
        default=Path("outputs"),
        metavar="DIR",
        help=f"folder for the runs; {whose} gets its own folder there (default: outputs)",
    )


def add_accept_changed(command: argparse.ArgumentParser) -> None:
    """Let a subcommand take ``--accept-changed``.

    Parameters
    ----------
    command
        The subcommand.
    """
    command.add_argument(
        "--accept-changed",
        action="store_true",
        help="go on although fetched files were changed since (see glesservice.lock.json)",
    )


def settings_of(options: argparse.Namespace) -> Settings:
    """Return the settings that ``--config`` names, or the embedded ones, which is told.

    Parameters
    ----------
    options
        The parsed words of a subcommand with ``add_config``.

    Returns
    -------
    Settings
        The settings.

    Raises
    ------
    SettingsError
        If they cannot be used.
    """
    settings = load_settings(options.config or embedded_settings())
    if options.config is None:
        say("No --config given: running on the embedded demonstration data of Vilhelmina.")
    return settings


@contextmanager
def stage_bar(stages: tuple[str, ...]) -> Iterator[Report]:
    """Show how far a long work has come: a bar on a terminal, a line with its seconds a stage.

    Parameters
    ----------
    stages
        The stages, in the order in which they run.

    Yields
    ------
    Report
        To be told of each stage's begin (no time) and end (its seconds).
    """
    with tqdm(total=len(stages), disable=not sys.stderr.isatty(), leave=False, unit="stage") as bar:

        def _report(stage: str, seconds: float | None) -> None:
            bar.set_description(stage)
            if seconds is None and stage not in stages:
                tqdm.write(f"  ({stage})", file=sys.stderr)
            if seconds is not None:
                bar.update()
                tqdm.write(f"  {stage:<12} {seconds:6.1f} s", file=sys.stderr)

        yield _report

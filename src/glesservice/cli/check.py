"""``glesservice check``: what is wrong with the inputs, before anything is computed."""

from __future__ import annotations

import argparse
import sys

from glesservice.checks import RULES, Report, as_json, as_text, check, rules_as_text, unusable
from glesservice.cli.talking import DONE, FAILED, UNUSABLE, Commands, add_config, settings_of
from glesservice.errors import SettingsError

EXIT = {"sound": DONE, "findings": FAILED, "unusable": UNUSABLE}


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "check",
        help="what is wrong or suspicious in the inputs of one settings file",
        description="Looks at the inputs and computes nothing. Ends with 0 where there is neither "
        "error nor warning, with 1 where there is, with 2 where an input cannot be used.",
    )
    add_config(command)
    command.add_argument("--json", action="store_true", help="print the findings as JSON")
    command.add_argument("--rules", action="store_true", help="explain all rules, check nothing")
    command.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    """Check the inputs and print what was found."""
    if options.rules:
        _show(rules_as_text(RULES))
        return DONE
    report = _report(options)
    _show(as_json(report) if options.json else as_text(report))
    return EXIT[report.verdict]


def _report(options: argparse.Namespace) -> Report:
    """Check; settings that cannot be used are findings as well."""
    try:
        settings = settings_of(options)
    except SettingsError as error:
        return unusable(list(error.faults))
    return check(settings)


def _show(text: str) -> None:
    """Print what the command was asked for; letters the terminal lacks are written as codes."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))

"""``glesservice compare A B``: what differs between two years, and why."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glesservice import comparison_run
from glesservice.cli.talking import (
    DONE,
    Commands,
    add_output,
    say,
)
from glesservice.comparison import Comparison
from glesservice.exports.comparison import WORKBOOK
from glesservice.exports.webmap import MAP
from glesservice.tables import CAUSES

SHOWN = 5


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "compare", help="what differs between two years, split into causes"
    )
    for name, which in (("before", "first"), ("after", "second")):
        command.add_argument(
            name,
            type=Path,
            metavar=name.upper(),
            help=f"settings file of the {which} year, or the folder of its run",
        )
    command.add_argument(
        "--inputs",
        type=Path,
        metavar="DIR",
        help="folder with the input files of a year that is given as a run's folder",
    )
    add_output(command, "the comparison")
    command.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    """Compare, and tell the most important."""
    found = comparison_run.compare(
        options.before, options.after, options.output, inputs=options.inputs, report=_tell
    )
    for line in _summary(found):
        say(line)
    for notice in found.notices:
        say(f"  {notice}")
    folder = options.output / comparison_run.comparison_name(found)
    say(f"Done. Open the tables: {folder / WORKBOOK}")
    say(f"and the map: {folder / MAP}")
    return DONE


def _tell(done: int, count: int) -> None:
    """Say how many analyses are ahead."""
    if done == 0:
        say(f"Analysing both years and their mixes: {count} analyses.")


def _summary(found: Comparison) -> list[str]:
    """Say what has changed for the municipality, and where most."""
    if not found.changed:
        return ["Nothing differs between the two years but their names."]
    total = found.municipality.set_index("measure").loc["total"]
    lines = [
        f"Changed between the years: {', '.join(found.changed)}.",
        f"The municipality: {_change(total.to_dict())}.",
        f"Largest changes of the total among {len(found.orter)} orter in both years:",
    ]
    for row in found.orter.head(SHOWN).to_dict("records"):
        values = {**row, "before": row["total_before"], "after": row["total"]}
        lines.append(f"  {row['name']}: {_change({**values, 'change': row['total_change']})}")
    if not found.ort_changes.empty:
        counts = found.ort_changes["change"].value_counts().sort_index()
        told = ", ".join(f"{count} {change}" for change, count in counts.items())
        lines.append(f"Other orter: {told}.")
    jumps = int(found.orter["jump"].sum())
    if jumps:
        lines.append(f"{jumps} orter changed so much that their input should be looked into.")
    return lines


def _change(row: Mapping[Any, Any]) -> str:
    """Write a change of the total with its causes."""
    parts = [
        f"{cause} {row[f'cause_{cause}']:+.1f}"
        for cause in CAUSES
        if abs(row[f"cause_{cause}"]) >= 0.05
    ]
    why = f": {', '.join(parts)}" if parts else ""
    return f"total {row['before']:.1f} -> {row['after']:.1f} ({row['change']:+.1f}{why})"

"""A run made again, to see whether the same inputs, settings and versions still give its bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glesservice.config import Settings
from glesservice.errors import Fault, SettingsError
from glesservice.exports.verifying import Difference, read_account
from glesservice.pipeline import run, run_name
from glesservice.stages import Report


def rerun(content: Mapping[str, Any], settings: Settings, report: Report) -> list[Difference]:
    """Return which products of a run would be others today.

    Parameters
    ----------
    content
        The manifest of the run.
    settings
        The settings of the run.
    report
        Told of each stage's begin and end.

    Returns
    -------
    list of Difference
        One for each product whose bytes differ, that is new, or that is made no more.

    Raises
    ------
    SettingsError
        If the manifest is not that of a run: scenarios and comparisons are not made again.
    GlesserviceError
        If the run cannot be made; the folder that is verified is not touched.
    """
    if "settings" not in content or "scenario" in content:
        raise SettingsError(
            Fault(
                "only runs are made again, no scenarios and comparisons",
                "--rerun",
                "Verify without it, or ask the scenario or comparison anew and compare the folders",
            )
        )
    with tempfile.TemporaryDirectory() as place:
        run(settings, place, report)
        fresh, _ = read_account(Path(place) / run_name(settings))
    before, now = (
        {str(entry["file"]): entry["sha256"] for entry in one["outputs"]}
        for one in (content, fresh)
    )
    found = []
    for name in sorted({*before, *now}):
        if name not in now:
            found.append(Difference("rerun", name, "is made no more"))
        elif name not in before:
            found.append(Difference("rerun", name, "was not made then"))
        elif before[name] != now[name]:
            found.append(Difference("rerun", name, "has other bytes when it is made again"))
    return found

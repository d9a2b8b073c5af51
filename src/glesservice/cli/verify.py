"""``glesservice verify DIR``: whether a run's folder, and its inputs, still are what they were."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path

from glesservice.batch import settings_of_one
from glesservice.cli.talking import DONE, FAILED, Commands, say, stage_bar
from glesservice.config import (
    Settings,
    embedded_settings,
    load_common_settings,
    load_settings,
    names_none,
)
from glesservice.errors import Fault, SettingsError
from glesservice.exports.log import settings_file_of
from glesservice.exports.manifest import settings_fingerprint
from glesservice.exports.verifying import Places, Verified, accounts, read_account, verify
from glesservice.pipeline import STAGES
from glesservice.rerun import rerun


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "verify",
        help="whether the folder of a run, and its inputs, are what its manifest says",
        description="Reads every input and output that the manifest names, and compares. Ends with "
        "0 where all is as it was, with 1 where something differs, with 2 where there is no "
        "manifest. Other versions are told; they are no finding.",
    )
    command.add_argument(
        "folder", type=Path, metavar="DIR", help="folder of a run, a scenario or a comparison"
    )
    command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help="settings file of the run; of a comparison first the one, then the other year's "
        "(default: as the log beside the folder says, or the embedded data)",
    )
    command.add_argument(
        "--inputs",
        type=Path,
        metavar="DIR",
        action="append",
        default=[],
        help="folder in which inputs are looked for; may be repeated",
    )
    command.add_argument(
        "--outputs-only", action="store_true", help="look at the folder alone, at no inputs"
    )
    command.add_argument(
        "--rerun",
        action="store_true",
        help="make the run again, somewhere else, and compare the bytes of every product",
    )
    command.add_argument("--json", action="store_true", help="print what was found as JSON")
    command.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    """Verify, and tell what differs."""
    content, _ = read_account(options.folder)
    places, settings = None, []
    if not options.outputs_only:
        kommun = str(content.get("area", {}).get("kommun", ""))
        settings = [_settings_of(path, kommun) for path in options.config]
        if not (settings or options.inputs):
            settings = _presumed(options.folder, kommun, accounts(content)[0]["settings_sha256"])
        # A scenario's own files lie beside the settings as often as not.
        beside = [one.origin.file.parent for one in settings if one.origin.file]
        folders = [*options.inputs, *beside, options.folder.absolute().parent]
        places = Places(settings, folders)
    found = verify(options.folder, places)
    if options.rerun:
        if not settings:
            raise SettingsError(
                Fault("the settings of the run are not known", "--rerun", "Give --config FILE")
            )
        with stage_bar(STAGES) as report:
            others = rerun(content, settings[0], report)
        found = replace(found, differences=(*found.differences, *others))
    if options.json:
        sys.stdout.write(json.dumps(asdict(found) | {"intact": found.intact}, indent=2) + "\n")
    else:
        _tell(found, looked=places is not None)
    return DONE if found.intact else FAILED


def _settings_of(path: Path, kommun: str) -> Settings:
    """Return the settings of a run: the file's own, or those of its municipality among many."""
    common = load_common_settings(path)
    return settings_of_one(path, kommun) if kommun and names_none(common) else load_settings(path)


def _presumed(folder: Path, kommun: str, digest: str) -> list[Settings]:
    """Return the settings that the run's log names, or the embedded ones if they were used."""
    for path in (settings_file_of(folder), embedded_settings()):
        if path is None:
            continue
        try:
            settings = _settings_of(path, kommun)
        except SettingsError:
            continue
        if path != embedded_settings() or settings_fingerprint(settings) == digest:
            return [settings]
    return []


def _tell(found: Verified, *, looked: bool) -> None:
    """Tell what was looked at, and each difference."""
    for one in found.differences:
        say(f"  {one.part:<9} {one.where} {one.what}")
    if any(one.what == "is not found" for one in found.differences):
        say("Say where the inputs lie with --config FILE or --inputs DIR, or give --outputs-only.")
    inputs = f"{found.inputs} inputs" if looked else "no inputs"
    say(f"Looked at {found.outputs} outputs and {inputs}.")
    count = sum(one.finding for one in found.differences)
    if found.intact:
        others = len(found.differences)
        more = f" {others} other versions: a rerun may give other bytes." if others else ""
        say(f"All of it is as it was when the run ended.{more}")
    else:
        say(f"{count} {'difference' if count == 1 else 'differences'}.")

"""``glesservice fetch``: this year's public data for any municipality, into a folder."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm

from glesservice.cli.talking import DONE, FAILED, Commands, say
from glesservice.config import Area, Fetch, load_fetch
from glesservice.errors import Fault, SettingsError
from glesservice.fetching.area import sweden
from glesservice.fetching.fetch import SETTINGS, fetch
from glesservice.fetching.lock import LOCK, read_lock, relocked
from glesservice.fetching.making import Order, Tell
from glesservice.fetching.parts import write_whole
from glesservice.sources.naming import slug

MEGABYTE = 1_000_000
# More than so many are bytes, and shown in thousands and millions.
COUNTED = 10_000


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "fetch", help="fetch border, people, localities, roads and shops of any municipality"
    )
    command.add_argument("--kommun", metavar="CODE", help="SCB's municipality code, such as 2462")
    command.add_argument(
        "--year", type=int, metavar="YEAR", help="the year of the result: no later data are taken"
    )
    command.add_argument(
        "--buffer-km",
        type=float,
        default=Area.model_fields["buffer_km"].default,
        metavar="KM",
        help="how far around the municipality (default: %(default)g)",
    )
    command.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for the data (default: the municipality's name and the year)",
    )
    command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="settings file whose [fetch] says which services are asked, and how "
        f"(default: {SETTINGS} in the folder, if there is one)",
    )
    command.add_argument(
        "--extract",
        action="append",
        default=[],
        metavar="PATH",
        help="path or address of an OSM extract (PBF) to use instead of Overpass; may be given "
        "several times, for instance for Norway",
    )
    command.add_argument("--renew", action="store_true", help="fetch again what is there already")
    command.add_argument(
        "--relock",
        action="store_true",
        help="fetch nothing: accept the files of the folder as they are now",
    )
    command.set_defaults(act=_act)


def _act(options: argparse.Namespace) -> int:
    """Fetch, telling how far it has come."""
    if options.relock:
        return _relock(options.output)
    order = _order(options)
    folder = options.output or Path(f"{slug(sweden().municipality(order.kommun)[0])}-{order.year}")
    config = options.config or folder / SETTINGS
    rules = load_fetch(config) if options.config or config.exists() else Fetch()
    if options.extract:
        rules = rules.model_copy(update={"extracts": tuple(options.extract)})
    try:
        with _bars() as tell:
            fetched = fetch(order, folder, rules, tell, renew=options.renew)
    except KeyboardInterrupt:
        say("Stopped. The same command goes on where it was.")
        return FAILED
    if not fetched.anew:
        say("All of it is there already; --renew fetches it again.")
    for entry in fetched.lock.files:
        said = ", ".join(filter(None, (entry.source, entry.date, entry.licence)))
        say(f"  {entry.file:<22} {entry.bytes / MEGABYTE:8.1f} MB  {said}")
    if not fetched.wrote_settings:
        say(
            f"{fetched.settings} was there before and is left as it is: see that it names these "
            "files."
        )
    say(
        "Shops that OpenStreetMap lacks are missing here: put the kommun's own list in their place."
    )
    say(f"Done. Next: glesservice run --config {fetched.settings}")
    return DONE


def _order(options: argparse.Namespace) -> Order:
    """Check what is asked for."""
    faults = []
    if not re.fullmatch(r"\d{4}", options.kommun or ""):
        faults.append(Fault("four digits are needed", "--kommun", "Give SCB's code, such as 2462"))
    if options.year is None or not 1990 <= options.year <= 2200:
        faults.append(Fault("a year is needed", "--year", "Give the year of the result"))
    if not 0 <= options.buffer_km <= 500:
        faults.append(Fault("this is no distance from 0 to 500", "--buffer-km", "Correct it"))
    if faults:
        raise SettingsError(*faults)
    return Order(options.kommun, options.year, options.buffer_km)


def _relock(folder: Path | None) -> int:
    """Write down what the files of a folder are now."""
    folder = folder or Path()
    lock = read_lock(folder)
    if lock is None:
        raise SettingsError(
            Fault(f"there is no {LOCK}", str(folder), "Name the folder with --output")
        )
    write_whole(folder / LOCK, relocked(lock, folder).as_json())
    say(f"Done. {folder / LOCK} says what the files are now.")
    return DONE


@contextmanager
def _bars() -> Iterator[Tell]:
    """Show how far a fetch has come: a bar on a terminal, a line for each thing elsewhere."""
    on_terminal = sys.stderr.isatty()
    with tqdm(disable=not on_terminal, leave=False, unit="") as bar:
        now = ""

        def _tell(what: str, done: int, total: int | None) -> None:
            nonlocal now
            if what != now:
                now = what
                bar.reset(total)
                bar.set_description(what)
                if not on_terminal:
                    say(f"  {what} …")
            bar.total = total
            bar.unit_scale = (total or done) > COUNTED
            bar.update(done - bar.n)

        yield _tell

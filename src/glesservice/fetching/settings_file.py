"""The settings file of a folder of fetched data."""

from __future__ import annotations

import json

from glesservice.fetching.lock import Lock, LockedFile

# From this reference year on SCB adds noise to every value above 0 (Cell Key Method).
NOISE_FROM_YEAR = 2025


def settings_text(
    lock: Lock, name: str, files: dict[str, str], grid: dict[str, str], grid_year: int
) -> str:
    """Return a settings file that points at what was fetched.

    Parameters
    ----------
    lock
        What was fetched.
    name
        The municipality's name.
    files
        From a table of the settings, such as ``population``, to the file's name.
    grid
        More keys of ``[population]``.
    grid_year
        The year that the population grid describes.

    Returns
    -------
    str
        TOML.
    """
    noise = (
        f"# SCB adds noise to every value from {NOISE_FROM_YEAR} on: a change of a few people in a "
        "village says nothing.\n"
        if grid_year >= NOISE_FROM_YEAR
        else ""
    )
    comments = {
        "population": noise,
        "services": "# What is not in OpenStreetMap may exist all the same: check this list, "
        "and put the kommun's\n# own in its place, before anything is decided. See README.md.\n",
    }
    lines = [
        f"# Settings of {name} {lock.year}, written by glesservice fetch. Paths are relative to "
        "this file.\n# All settings are described in the program's folder config.\n",
        "[area]",
        f"kommun = {_text(lock.kommun)}",
        f"name = {_text(name)}",
        f"year = {lock.year}",
        f"buffer_km = {lock.buffer_km:g}",
    ]
    for table, file in files.items():
        entry = lock.entry(file)
        if entry is None:
            continue
        more = grid if table == "population" else {}
        lines.append(f"\n{comments.get(table, '')}[{table}]\npath = {_text(file)}")
        lines += [f"{key} = {_text(value)}" for key, value in more.items()]
        lines += _origin(entry)
    return "\n".join(lines) + "\n"


def _origin(entry: LockedFile) -> list[str]:
    """Write whose data a file holds."""
    lines = [f"source = {_text(entry.source)}", f"licence = {_text(entry.licence)}"]
    return [*lines, f"date = {_text(entry.date)}"] if entry.date else lines


def _text(value: str) -> str:
    """Write a text as TOML does, which is as JSON does but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")

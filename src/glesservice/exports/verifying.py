"""Whether a run's folder still is what its manifest says: every input, every output, the versions.

The manifest's own fingerprint tells of an accident and of a careless change. It is no signature:
who rewrites the manifest can rewrite the fingerprint too. Against that, keep it somewhere else as
well, such as in the minutes of the meeting that decided on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from glesservice.config import Boundary, Settings
from glesservice.config.sources import BORDERS, borders_by_code
from glesservice.errors import Fault, InputError
from glesservice.exports.folder import MARK
from glesservice.exports.manifest import REPLACED, SEAL, sealed, settings_fingerprint
from glesservice.exports.versions import versions
from glesservice.sources.fingerprints import files_of, fingerprint

Part = Literal["manifest", "output", "input", "settings", "version", "rerun"]
# More than any manifest has, and less than fills the memory.
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the manifest says.

    Attributes
    ----------
    part
        What it is about.
    where
        The file, library or setting.
    what
        What differs, as a sentence without the final stop.
    finding
        Whether it speaks against the folder; another version does not.
    """

    part: Part
    where: str
    what: str
    finding: bool = True


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what differs.

    Attributes
    ----------
    outputs, inputs
        How many files were looked at.
    differences
        What differs; by part.
    """

    outputs: int
    inputs: int
    differences: tuple[Difference, ...]

    @property
    def intact(self) -> bool:
        """Whether nothing speaks against the folder."""
        return not any(one.finding for one in self.differences)


@dataclass(frozen=True)
class Places:
    """Where the inputs of a run may lie.

    Attributes
    ----------
    settings
        The settings of the run; of a comparison those of the first and of the second year.
    folders
        Folders in which files are looked for, by their path seen from the settings or their name.
    """

    settings: Sequence[Settings] = ()
    folders: Sequence[Path] = ()


def read_account(folder: Path) -> tuple[dict[str, Any], str]:
    """Return a folder's manifest and its text.

    Parameters
    ----------
    folder
        A folder that a run, a scenario or a comparison has made.

    Raises
    ------
    InputError
        If there is no manifest that can be read.
    """
    path = folder / MARK
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("too large")
        text = path.read_bytes().decode("utf-8")
        content = json.loads(text)
        outputs = [entry["file"] for entry in content["outputs"]]
        if "glesservice" not in content["versions"] or not all(map(_is_inside, outputs)):
            raise ValueError("not of a run")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            Fault(
                f"there is no manifest that can be read ({error})",
                str(path),
                f"Name the folder that holds {MARK}",
            )
        ) from None
    return content, text


def accounts(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what a manifest says of inputs and settings: once, or for each year.

    Parameters
    ----------
    content
        The manifest.
    """
    years = [content[key] for key in ("before", "after") if key in content]
    return years or [content]


def verify(folder: Path, places: Places | None) -> Verified:
    """Return what of a folder is not as its manifest says.

    Parameters
    ----------
    folder
        A folder that a run, a scenario or a comparison has made.
    places
        Where the inputs may lie; None where only the folder itself is looked at.

    Returns
    -------
    Verified
        Every file that the manifest names is read and compared.

    Raises
    ------
    InputError
        If there is no manifest that can be read.
    """
    content, text = read_account(folder)
    found = [*_manifest(content, text), *_outputs(folder, content)]
    read = 0
    if places is not None:
        for number, account in enumerate(accounts(content)):
            settings = places.settings[number] if number < len(places.settings) else None
            read += len(account["inputs"]) + ("settings_file" in account)
            found += _inputs(account, settings, places.folders)
        read += sum(entry is not None for entry in (content.get("report") or {}).values())
        found += _report(content.get("report") or {}, places)
    found += _versions(content["versions"])
    return Verified(len(content["outputs"]), read, tuple(found))


def _is_inside(name: object) -> bool:
    """Tell whether a path stays in its folder."""
    path = PurePosixPath(str(name))
    return isinstance(name, str) and not path.is_absolute() and ".." not in path.parts


def _manifest(content: Mapping[str, Any], text: str) -> Iterator[Difference]:
    """Compare the manifest with its own fingerprint."""
    if SEAL not in content:
        yield Difference("manifest", MARK, "carries no fingerprint of its own")
    elif text != sealed(content):
        yield Difference("manifest", MARK, "is not as the run wrote it")


def _outputs(folder: Path, content: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare the products, and find what no run has made."""
    named = {str(entry["file"]) for entry in content["outputs"]}
    for entry in content["outputs"]:
        yield from _compared("output", str(entry["file"]), folder / entry["file"], entry)
    for item in sorted(folder.rglob("*")):
        name = item.relative_to(folder).as_posix()
        if name not in named and name != MARK and not (item.is_dir() and not item.is_symlink()):
            yield Difference("output", name, "is not from this run")


def _compared(part: Part, name: str, path: Path, entry: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare a file with what is written of it."""
    if not path.is_file():
        yield Difference(part, name, "is missing")
        return
    try:
        now = fingerprint(path)
    except OSError as error:
        yield Difference(part, name, f"cannot be read ({error.strerror})")
        return
    if now["sha256"] != entry.get("sha256"):
        was = entry.get("bytes")
        size = f", {was} bytes then, {now['bytes']} now" if was != now["bytes"] else ""
        yield Difference(part, name, f"has another content{size}")


def _inputs(
    account: Mapping[str, Any], settings: Settings | None, folders: Sequence[Path]
) -> Iterator[Difference]:
    """Compare the inputs, wherever they lie, and the settings."""
    known: dict[str, Path] = {}
    if settings is not None:
        known = dict(settings.kept_files())
        known |= {key: source.path for key, source in settings.inputs()}
        yield from _settings(account, settings)
    for entry in account["inputs"]:
        key, name = str(entry["key"]), str(entry.get("path", entry["file"]))
        where = f"{key}: {name}"
        own = known.get(key.removesuffix(REPLACED))
        tried = [own] if own is not None and own.name == entry["file"] else []
        tried += [folder / one for folder in folders for one in (name, str(entry["file"]))]
        if name == BORDERS:  # wherever the package lies that carries them
            tried.append(borders_by_code(Boundary()).path)
        path = next((one for one in tried if one.exists()), None)
        if path is None:
            yield Difference("input", where, "is not found")
        elif not path.is_dir():
            yield from _compared("input", where, path, entry)
        if path is not None:
            yield from _beside(where, path, entry)


def _report(account: Mapping[str, Any], places: Places) -> Iterator[Difference]:
    """Compare what a report rests on besides: the municipality's own words, and last year."""
    rules = places.settings[0].report if places.settings else None
    entry, before = account.get("own_text"), account.get("before")
    if entry is not None:
        tried = [rules.own_text] if rules is not None else []
        tried += [folder / str(entry["file"]) for folder in places.folders]
        path = next((one for one in tried if one.is_file()), tried[0] if tried else Path())
        yield from _compared("input", f"report, own words: {entry['file']}", path, entry)
    if before is not None:
        last = rules.before if rules is not None else None
        folders = [*([last.parent] if last is not None else []), *places.folders]
        for one in _inputs(before, None, folders):
            yield replace(one, where=f"report, last year, {one.where}")


def _beside(where: str, path: Path, entry: Mapping[str, Any]) -> Iterator[Difference]:
    """Compare the files that are read along with an input."""
    root = path if path.is_dir() else path.parent
    named = {str(one["file"]): one for one in entry.get("beside", ())}
    for name, one in named.items():
        yield from _compared("input", f"{where}, {name}", root / name, one)
    for other in files_of(path)[0 if path.is_dir() else 1 :]:
        name = other.relative_to(root).as_posix()
        if name not in named:
            yield Difference("input", f"{where}, {name}", "was not there in the run")


def _settings(account: Mapping[str, Any], settings: Settings) -> Iterator[Difference]:
    """Compare the settings; and their file, whose comments may be somebody's reasons."""
    # A scenario's settings are others on purpose; the file that it began from is the same.
    if "scenario" not in account and (settings_fingerprint(settings) != account["settings_sha256"]):
        for where in _changed(account["settings"], settings):
            yield Difference("settings", where, "is not what it was in the run")
    entry, file = account.get("settings_file"), settings.origin.file
    if entry is not None and file is not None:
        yield from _compared("input", f"settings: {entry['file']}", file, entry)


def _changed(before: Mapping[str, Any], settings: Settings) -> list[str]:
    """Name the settings that differ, as the file has them."""
    now = json.loads(sealed({"settings": settings.model_dump(mode="json")}))["settings"]
    return sorted(_leaves(before, now, "")) or ["settings"]


def _leaves(before: Any, now: Any, at: str) -> Iterator[str]:
    """Name the values that differ between two trees; of files only the names count."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in {**before, **now}:
            yield from _leaves(before.get(key), now.get(key), f"{at}.{key}" if at else str(key))
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, (one, other) in enumerate(zip(before, now, strict=True), start=1):
            yield from _leaves(one, other, f"{at} {number}")
    elif before != now and not (
        isinstance(before, str) and isinstance(now, str) and before == Path(now).name
    ):
        yield at


def _versions(then: Mapping[str, str]) -> Iterator[Difference]:
    """Compare the versions that are installed."""
    now = versions()
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            words = f"{then.get(name, 'none')} then, {now.get(name, 'none')} now"
            yield Difference("version", name, words, finding=False)

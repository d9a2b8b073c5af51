"""``manifest.json``: what went in, what came out, and with which versions.

It says nothing about when, where or how fast a run was made: the same inputs, settings and versions
give the same bytes. That is in the run's log, beside its folder.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.disclosure import publish
from glesservice.exports.versions import versions
from glesservice.sources.fingerprints import files_of, fingerprint

# Settings that name a file.
PATHS = ("path", "registry", "overrides", "indicators", "own_text", "before")
# The manifest's own fingerprint: of its text without this line.
SEAL = "manifest_sha256"
# Said of an input that a scenario has put another file in place of.
REPLACED = ", before the scenario"


def write_manifest(
    result: Result,
    folder: Path,
    path: Path,
    about: Mapping[str, Any] | None = None,
    also: Mapping[str, Path] | None = None,
) -> None:
    """Write the manifest of a run.

    Parameters
    ----------
    result
        What was found.
    folder
        The run's folder, with all other products written.
    path
        The file to write.
    about
        More to say of what was asked: a scenario's steps.
    also
        More input files, by what they are.
    """
    shown = publish(result)
    unsaid = math.isnan(shown.spread_people)
    account = account_of(result.settings, also)
    content = {
        **(about or {}),
        "area": result.settings.area.model_dump(mode="json"),
        "people": {
            "municipality": shown.people,
            "orter": None if unsaid else shown.people - shown.spread_people,
            "spridd bebyggelse": shown.spread_told if unsaid else shown.spread_people,
        },
        "notices": list(result.notices),
        **account,
    }
    write_account(content, folder, path)


def write_account(content: Mapping[str, Any], folder: Path, path: Path) -> None:
    """Write a manifest: what is given, the versions, the products, and its own fingerprint.

    Parameters
    ----------
    content
        What went in, and what is to be known.
    folder
        The folder, with all products written.
    path
        The file to write.
    """
    whole = {**content, "versions": versions(), "outputs": outputs_of(folder, path)}
    path.write_text(sealed(whole), encoding="utf-8")


def sealed(content: Mapping[str, Any]) -> str:
    """Return a manifest's text with its own fingerprint.

    Parameters
    ----------
    content
        The manifest; a fingerprint that it carries already is replaced.
    """
    plain = {key: value for key, value in content.items() if key != SEAL}
    digest = hashlib.sha256(_text(plain).encode("utf-8")).hexdigest()
    return _text({**plain, SEAL: digest})


def _text(content: Mapping[str, Any]) -> str:
    """Write as JSON, always in the same way."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def account_of(settings: Settings, also: Mapping[str, Path] | None = None) -> dict[str, Any]:
    """Return what a manifest says of the input files and the settings.

    Parameters
    ----------
    settings
        The settings; their input files are read.
    also
        More input files, by what they are.

    Returns
    -------
    dict
        ``inputs``, ``settings_file`` where they came from one, ``settings`` with all defaults,
        their ``settings_sha256``, and the ``seeds`` of what is drawn at random.
    """
    said = settings.origin.said
    inputs = [
        {
            "key": key,
            **_input(source.path, said),
            "source": source.source,
            "date": source.date,
            "licence": source.licence,
        }
        for key, source in settings.inputs()
    ]
    kept = [*settings.kept_files(), *(also or {}).items()]
    inputs += [{"key": key, **_input(path, said)} for key, path in kept]
    file = settings.origin.file
    return {
        "inputs": inputs,
        **({"settings_file": {"file": file.name, **fingerprint(file)}} if file else {}),
        "settings": _said(settings),
        "settings_sha256": settings_fingerprint(settings),
        "seeds": {"certainty": settings.certainty.seed},
    }


def _input(path: Path, said: Mapping[Path, str]) -> dict[str, Any]:
    """Say what an input file was called, and what it held."""
    if path.is_dir():
        own: dict[str, Any] = {"bytes": None, "sha256": None}
        others = files_of(path)
    else:
        own = fingerprint(path)
        others = files_of(path)[1:]
    beside = [{"file": _seen_from(path, other), **fingerprint(other)} for other in others]
    named = {"file": path.name, "path": said.get(path, path.name)}
    return {**named, **own, **({"beside": beside} if beside else {})}


def _seen_from(path: Path, other: Path) -> str:
    """Name a file that is read along with another one."""
    return other.relative_to(path if path.is_dir() else path.parent).as_posix()


def outputs_of(folder: Path, but: Path) -> list[dict[str, Any]]:
    """Return what a manifest says of the products.

    Parameters
    ----------
    folder
        The folder that holds them.
    but
        The manifest itself.
    """
    products = sorted(item for item in folder.rglob("*") if item.is_file() and item != but)
    return [
        {"file": product.relative_to(folder).as_posix(), **fingerprint(product)}
        for product in products
    ]


def settings_fingerprint(settings: Settings) -> str:
    """Return the SHA-256 of the settings, wherever their files lie.

    Parameters
    ----------
    settings
        The settings.
    """
    text = json.dumps(_said(settings), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _said(settings: Settings) -> Any:
    """Return the settings as values for JSON."""
    return _without_folders(settings.model_dump(mode="json"))


def _without_folders(value: Any, key: str = "") -> Any:
    """Keep only the names of files: where they lie is this machine's own."""
    if isinstance(value, dict):
        return {name: _without_folders(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_folders(item) for item in value]
    return Path(value).name if key in PATHS and value is not None else value

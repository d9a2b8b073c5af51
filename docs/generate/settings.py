"""The settings reference: every key with its unit, default, limits and meaning, from the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
from docs.generate.markdown import code, table, text, toml
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from glesservice.config import Section, Settings
from glesservice.config.section import section_in

# What the end of a key says about its unit.
UNITS: Mapping[str, str] = {
    "km": "km",
    "m": "m",
    "kmh": "km/h",
    "minutes": "minutes",
    "seconds": "s",
    "months": "months",
    "days": "days",
    "mb": "MB",
    "people": "people",
    "people_classes": "people",
    "points": "points of 100",
    "share": "share",
    "factor": "share",
    "concentration": "",
    "sek_per_km": "SEK per km",
    "co2_kg_per_km": "kg per km",
    "people_per_km2": "people per km²",
    "per_person_week": "trips per person and week",
}
NOT_BY_NAME: Mapping[tuple[str, ...], str] = {("comparison", "jump_people"): "share"}
BOUNDS = (
    (annotated_types.Ge, "ge", "≥"),
    (annotated_types.Gt, "gt", ">"),
    (annotated_types.Le, "le", "≤"),
    (annotated_types.Lt, "lt", "&lt;"),
)
REPEATED = ("settlements", "services", "roads")


@dataclass(frozen=True)
class Key:
    """One key of the settings file.

    Attributes
    ----------
    section
        The table it stands in, as TOML writes its name: ``policy.legal``.
    name
        The key.
    unit
        Unit of the value; empty where it has none.
    default
        The default as TOML; None where the key must be given, empty where there is none.
    allowed
        What the value may be, in words; empty where its type says it all.
    meaning
        The model's description.
    rows
        The default of a key that holds a table.
    """

    section: str
    name: str
    unit: str
    default: str | None
    allowed: str
    meaning: str
    rows: Mapping[str, Any]


def page() -> str:
    """Return the reference as MyST Markdown."""
    lines: list[str] = []
    for section, model, keys in sections(Settings):
        name = section.partition(".")[0]
        shown = f"[[{section}]]" if name in REPEATED and section == name else f"[{section}]"
        lines += ["", f"(settings-{section})=", f"## {code(shown)}", "", text(_about(model))]
        if name in REPEATED and section == name:
            lines += ["", "May be given several times."]
        for key in keys:
            lines += _entry(key)
    return "\n".join(lines) + "\n"


def sections(
    model: type[Section], path: tuple[str, ...] = ()
) -> Iterator[tuple[str, type[Section], list[Key]]]:
    """Yield every table of the settings file with its keys, nested ones after their parent.

    Parameters
    ----------
    model
        The settings, or one section of them.
    path
        The table that the model is.
    """
    keys, inner = [], []
    for name, field in model.model_fields.items():
        nested = section_in(field.annotation)
        if nested is None:
            keys.append(_key(path, name, field))
        elif get_origin(field.annotation) is not None and _is_mapping(field.annotation):
            keys.append(_key(path, name, field))
            inner.append(((*path, name, "<service>"), nested))
        elif _optional(field.annotation):
            keys.append(_key(path, name, field))
        else:
            inner.append(((*path, name), nested))
    if path:
        yield ".".join(path), model, keys
    for at, nested in inner:
        yield from sections(nested, at)


def _entry(key: Key) -> list[str]:
    """Write one key: its name as a heading to link to, its facts on a line, what it means."""
    facts = ["needed" if key.default is None else f"default {key.default}" if key.default else ""]
    facts += [key.unit, key.allowed]
    return [
        "",
        f"(settings-{key.section}-{key.name})=",
        f"### {code(key.name)}",
        "",
        "{.facts}",
        " · ".join(filter(None, facts)) or "not set unless given",
        "",
        text(key.meaning),
        *_default_table(key),
    ]


def _default_table(key: Key) -> list[str]:
    """Write the default of a key that holds a table, row by row."""
    if not key.rows:
        return []
    first = next(iter(key.rows.values()))
    if not isinstance(first, Section):
        return table(["key", "default"], [[code(k), _plain(v)] for k, v in key.rows.items()])
    columns = list(type(first).model_fields)
    rows = [
        [code(name), *(_plain(getattr(value, column)) for column in columns)]
        for name, value in key.rows.items()
    ]
    return table(["service", *map(code, columns)], rows)


def _plain(value: Any) -> str:
    """Write a default in a table; nothing where there is none."""
    return "" if value is None else code(toml(value))


def _key(path: tuple[str, ...], name: str, field: FieldInfo) -> Key:
    """Describe one key."""
    value = field.default
    if field.is_required():
        default = None
    elif value is None or value is PydanticUndefined or isinstance(value, Path):
        default = ""
    elif isinstance(value, Mapping):
        default = "the table below" if value else "empty"
    else:
        default = code(toml(value))
    return Key(
        section=".".join(path),
        name=name,
        unit=NOT_BY_NAME.get((*path, name), _unit(name)),
        default=default,
        allowed=_allowed(field),
        meaning=str(field.description or ""),
        rows=value if isinstance(value, Mapping) else {},
    )


def _unit(name: str) -> str:
    """Read the unit off a key's name, by the longest ending that is known."""
    parts = name.split("_")
    for start in range(len(parts)):
        ending = "_".join(parts[start:])
        if ending in UNITS:
            return UNITS[ending]
    return ""


def _allowed(field: FieldInfo) -> str:
    """Say what a value may be: words, or bounds."""
    words = _literals(field.annotation)
    if words:
        one = "any of " if get_origin(field.annotation) is tuple else "one of "
        return one + ", ".join(code(toml(word)) for word in words)
    bounds = [
        f"{sign} {bound:g}"
        for rule in _rules(field)
        for kind, bound_name, sign in BOUNDS
        if isinstance(rule, kind) and isinstance(bound := getattr(rule, bound_name), int | float)
    ]
    return " and ".join(dict.fromkeys(bounds))


def _rules(field: FieldInfo) -> Iterator[Any]:
    """Yield the bounds that a field's annotation carries, inside an optional too."""
    yield from field.metadata
    for inner in get_args(field.annotation):
        yield from getattr(inner, "__metadata__", ())


def _literals(annotation: Any) -> list[Any]:
    """List the fixed words that a value may be."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    found: list[Any] = []
    for inner in get_args(annotation):
        found += _literals(inner)
    return found


def _is_mapping(annotation: Any) -> bool:
    """Tell whether an annotation is a table of tables, by name."""
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _optional(annotation: Any) -> bool:
    """Tell whether nothing is a value as well."""
    return get_origin(annotation) in {Union, type(int | None)} and NoneType in get_args(annotation)


def _about(model: type[Section]) -> str:
    """Return what a section's docstring says, joined to one paragraph a blank line."""
    words = re.sub(r"``", "`", model.__doc__ or "")
    return "\n\n".join(" ".join(part.split()) for part in words.split("\n\n"))

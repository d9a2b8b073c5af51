"""The page's tables: rows ready to print, with headings taken from the table schemas."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from glesservice.exports.webmap.published import Published
from glesservice.swedish import (
    MISSING,
    enumeration,
    number,
    people_count,
)
from glesservice.tables import (
    Column,
    Table,
    bygder_table,
    orter_table,
    sites_table,
    strategic_table,
)
from glesservice.tables.words import service_name, term


@dataclass(frozen=True)
class Value:
    """One table cell: what is shown, and the number it is sorted by (empty for text)."""

    text: str
    number: str = ""


@dataclass(frozen=True)
class Row:
    """One table row.

    Attributes
    ----------
    key
        Kind and position of what the row is about, such as ``ort-3``; empty where nothing more is
        told about it.
    values
        The row's cells, as many as the listing has columns.
    kind
        ``top`` for what is proposed, ``centre`` for the centralort, else empty.
    """

    key: str
    values: tuple[Value, ...]
    kind: str = ""


@dataclass(frozen=True)
class Listing:
    """One table of the page.

    Attributes
    ----------
    name
        Id of the table in the page.
    caption
        What the table lists.
    columns
        The columns, as the schema declares them.
    rows
        The rows in their first order.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


Show = Callable[[object], str]


def orter_listing(shown: Published) -> Listing:
    """Return the table of the ranked orter, the centralort last.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    schema = orter_table(shown.services, shown.result.settings.policy.limits_km)
    names = ["rank", "name", "people", "total", "sparsity", "vulnerability"]
    names += [f"km_{service}" for service in shown.services]
    return _listing("ort", "Glesa orter", schema, names, shown.orter, shown, {})


def bygder_listing(shown: Published) -> Listing:
    """Return the table of the bygder.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    names = ["rank", "name", "people", "orter", "members", "total", "sparsity", "vulnerability"]
    return _listing("bygd", "Glesa bygder", bygder_table(), names, shown.bygder, shown, {})


def strategic_listing(shown: Published) -> Listing:
    """Return the table of the strategic serviceorter.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    schema = strategic_table(shown.services)
    names = ["rank", "name", "added_person_km", "people_past_limit", "people_served"]
    names += ["people_without", "services", "sites"]
    special: dict[str, Show] = {"services": lambda text: _services(str(text))}
    frame = shown.strategic
    return _listing("serviceort", "Strategiska serviceorter", schema, names, frame, shown, special)


def sites_listing(shown: Published) -> Listing:
    """Return the table of all sites with where they are known from.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    names = ["name", "service", "status", "counted", "assortment", "staffed", "kommunkod"]
    names += ["source", "source_year", "note"]
    special: dict[str, Show] = {
        "service": lambda service: service_name(str(service)),
        "status": lambda word: term(str(word)),
        "assortment": lambda word: term(str(word)),
        "staffed": lambda word: term(str(word)),
        "source_year": lambda year: str(int(float(str(year)))),
    }
    frame = shown.sites
    return _listing("", "Serviceställen", sites_table(), names, frame, shown, special)


def _listing(
    name: str,
    caption: str,
    schema: Table,
    names: list[str],
    frame: pd.DataFrame,
    shown: Published,
    special: Mapping[str, Show],
) -> Listing:
    """Make the table of a frame's named columns."""
    columns = tuple(schema.column(column) for column in names)
    floor = shown.result.settings.publication.min_people
    rows = tuple(
        Row(
            key=f"{name}-{position}" if name else "",
            values=tuple(_value(row[c.name], c, special.get(c.name), floor) for c in columns),
            kind=_kind(row, shown.result.settings.policy.top),
        )
        for position, (_, row) in enumerate(frame.iterrows())
    )
    return Listing(name or "stalle", caption, columns, rows)


def _kind(row: pd.Series, top: int) -> str:
    """Tell what is proposed, and what is never ranked, from the rest."""
    if row.get("role") == "centralort":
        return "centre"
    return "top" if "rank" in row and row["rank"] <= top else ""


def _value(value: object, column: Column, show: Show | None, floor: int) -> Value:
    """Return how one value is shown and sorted."""
    if pd.isna(value):  # type: ignore[call-overload]
        return Value(MISSING)
    if show is not None:
        return Value(show(value))
    if column.kind == "text":
        return Value(str(value))
    if column.kind == "bool":
        return Value("ja" if value else "nej")
    amount = float(str(value))
    # Not the ort's own people: an ort is shown because they are many enough.
    part_of_people = column.unit == "personer" and column.name != "people"
    text = people_count(amount, floor) if part_of_people else number(amount, column.decimals)
    # Sorting by what is shown, so that equal texts stay equal and hidden numbers hidden.
    sort = f"{floor - 1 if part_of_people and 0 < amount < floor else amount:.{column.decimals}f}"
    return Value(text, "" if math.isinf(amount) else sort)


def _services(text: str) -> str:
    """Write a list of services as running text."""
    return enumeration(service_name(part.strip()) for part in text.split(","))

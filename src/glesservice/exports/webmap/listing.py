"""The page's tables: rows ready to print, with headings taken from the table schemas."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from glesservice.disclosure import few_words, shown_as
from glesservice.exports.language import Language
from glesservice.exports.webmap.columns import (
    CAPTIONS,
    CHANGE,
    DECIDED,
    INTERVAL,
    LEGAL,
    TWO_SITES,
    Heading,
    heading,
    of_service,
)
from glesservice.exports.webmap.details import next_sites
from glesservice.exports.webmap.published import Published
from glesservice.orter import EXCLUDED
from glesservice.swedish import MISSING
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
    """One table cell: what is shown, and the number it is sorted by where the text does not say."""

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
        ``top`` for what is proposed, ``centre`` for the centralort, ``unranked`` for what the
        municipality wants unranked, else empty.
    decision
        What has been decided about it, as the tables have it; else empty.
    """

    key: str
    values: tuple[Value, ...]
    kind: str = ""
    decision: str = ""


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
        The columns, as the schema declares them, in the page's language.
    rows
        The rows in their first order.
    """

    name: str
    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]


Show = Callable[[object], str]


def orter_listing(shown: Published) -> Listing:
    """Return the table of the ranked orter, the centralort last.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    schema = orter_table([*shown.services], shown.result.settings.policy.limits_km)
    names = ["rank", "name", "people", "total", "sparsity", "vulnerability"]
    names += [f"km_{service}" for service in shown.services]
    extra = ["interval", "motive", "certainty"]
    frame = _with_interval(shown.orter, shown)
    for service in shown.services:
        extra.append(f"two_sites_{service}")
        frame[f"two_sites_{service}"] = _two_sites(shown, service)
    if shown.before is not None and shown.before.changes is not None:
        frame = frame.assign(change=frame["ort_id"].map(shown.before.changes))
        names.insert(4, "change")
    _tell_decisions(names, extra, shown)
    special: dict[str, Show] = {"change": lambda change: _signed(float(str(change)), shown)}
    added = (INTERVAL, CHANGE, *(of_service(TWO_SITES, service) for service in shown.services))
    return _listing("ort", schema, (names, extra), added, frame, shown, special)


def bygder_listing(shown: Published) -> Listing:
    """Return the table of the bygder.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    names = ["rank", "name", "people", "orter", "members", "total", "sparsity", "vulnerability"]
    frame = _with_interval(shown.bygder, shown)
    columns = names, ["interval", "motive"]
    return _listing("bygd", bygder_table(), columns, (INTERVAL,), frame, shown)


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
    extra = ["interval", "motive", *(f"added_person_km_{service}" for service in shown.services)]
    _tell_decisions(names, extra, shown)
    special: dict[str, Show] = {"services": lambda text: _services(str(text), shown)}
    frame = _with_interval(shown.strategic, shown)
    return _listing("serviceort", schema, (names, extra), (INTERVAL,), frame, shown, special)


def sites_listing(shown: Published) -> Listing:
    """Return the table of all sites with where they are known from.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    names = ["name", "service", "status", "counted", "assortment", "staffed", "kommunkod"]
    names += ["source", "source_year", "legal", "note"]
    fixed: Show = lambda word: shown.say(term(str(word)))  # noqa: E731
    special: dict[str, Show] = {
        "service": lambda service: shown.say(service_name(str(service))),
        "status": fixed,
        "assortment": fixed,
        "staffed": fixed,
        "source_year": lambda year: str(int(float(str(year)))),
    }
    frame = shown.sites.assign(legal=shown.legal_texts)
    return _listing("stalle", sites_table(), (names, []), (LEGAL,), frame, shown, special)


def _tell_decisions(names: list[str], extra: list[str], shown: Published) -> None:
    """Add the decision to a table's columns, and on request why, when and by whom."""
    if shown.decided:
        names.insert(names.index("name") + 2, DECIDED[0])
        extra += DECIDED[1:]


def _decision(word: object, shown: Published) -> str:
    """Write a decision in the page's language."""
    return shown.say("utpekad") if word == "utpekad" else shown.say("inte utpekad")


def _signed(change: float, shown: Published) -> str:
    """Write a change with its sign."""
    text = shown.language.number(change, 1)
    return f"+{text}" if change > 0 and any(digit in text for digit in "123456789") else text


def _two_sites(shown: Published, service: str) -> list[str | None]:
    """Name the nearest site of each ort, and the second nearest with the km there."""
    orter = shown.orter
    found: list[str | None] = []
    columns = orter[f"site_{service}"], orter[f"next_km_{service}"], next_sites(shown, service)
    for near, km, further in zip(*columns, strict=True):
        told = [] if pd.isna(near) else [str(near)]
        if not pd.isna(further):
            told.append(f"{further} ({shown.language.number(km, 1)} km)")
        found.append("; ".join(told) or None)
    return found


def _with_interval(frame: pd.DataFrame, shown: Published) -> pd.DataFrame:
    """Add the interval of the rank, where ranks were drawn."""
    if "rank_low" not in frame:
        return frame.assign(interval=None, certainty=None)
    say = shown.language.number
    pairs = zip(frame["rank_low"], frame["rank_high"], strict=True)
    told = [None if math.isnan(low) else f"{say(low)}–{say(high)}" for low, high in pairs]
    return frame.assign(interval=pd.Series(told, index=frame.index, dtype=object))


def _listing(
    name: str,
    schema: Table,
    names: tuple[list[str], list[str]],
    added: tuple[Column, ...],
    frame: pd.DataFrame,
    shown: Published,
    special: Mapping[str, Show] | None = None,
) -> Listing:
    """Make the table of a frame's named columns, of the schema or added."""
    own = {column.name: column for column in added}
    told = [key for key in (*names[0], *names[1]) if key in frame]
    columns = [own[key] if key in own else schema.column(key) for key in told]
    own_shows: dict[str, Show] = {"decision": lambda word: _decision(word, shown)}
    shows = [(own_shows | dict(special or {})).get(key) for key in told]
    floor = shown.result.settings.publication.min_people
    rows = tuple(
        Row(
            key="" if name == "stalle" else f"{name}-{position}",
            values=tuple(
                _value(row, column, show, floor, shown.language)
                for column, show in zip(columns, shows, strict=True)
            ),
            kind=_kind(row, shown.result.settings.policy.top),
            decision=_text(row.get("decision")),
        )
        for position, (_, row) in enumerate(frame.iterrows())
    )
    headings = tuple(heading(c, shown, c.name in names[1]) for c in columns)
    return Listing(name, shown.say(CAPTIONS[name]), headings, rows)


def _kind(row: pd.Series, top: int) -> str:
    """Tell what is proposed, and what is never ranked, from the rest."""
    if row.get("role") == "centralort":
        return "centre"
    if row.get("role") == EXCLUDED:
        return "unranked"
    return "top" if "rank" in row and row["rank"] <= top else ""


def _text(value: object) -> str:
    """Return a text, empty where it is missing."""
    return value if isinstance(value, str) else ""


def _value(
    row: pd.Series, column: Column, show: Show | None, floor: int, language: Language
) -> Value:
    """Return how one value is shown and sorted."""
    value, words = row[column.name], shown_as(row, column)
    if words == few_words(floor):
        return Value(language.people(floor - 1, floor), str(floor - 1))
    if words is not None:
        return Value(language.say("visas inte"))
    if pd.isna(value):
        return Value(MISSING)
    if show is not None:
        return Value(show(value))
    if column.kind in ("text", "bool"):
        said = language.say("ja" if value else "nej")
        return Value(str(value) if column.kind == "text" else said)
    amount = float(str(value))
    return Value(language.number(amount, column.decimals))


def _services(text: str, shown: Published) -> str:
    """Write a list of services as running text."""
    names = (shown.say(service_name(part.strip())) for part in text.split(","))
    return shown.language.enumeration(names)

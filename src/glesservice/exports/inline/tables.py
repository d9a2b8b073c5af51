"""A table inline, with the products' headings, units and numbers."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

import pandas as pd

from glesservice.analysis import Result, Trace
from glesservice.comparison import Comparison
from glesservice.config import Settings
from glesservice.disclosure import publish, published_table, shown_as
from glesservice.errors import Fault, InputError
from glesservice.exports.inline.shown import Shown
from glesservice.scenarios import Placement, ScenarioResult
from glesservice.tables import (
    ORT_CHANGES,
    SETTING_CHANGES,
    SITE_CHANGES,
    SOURCES,
    TRACE_CELLS_SHOWN,
    TRACE_SERVICES,
    Column,
    Table,
    candidates_table,
    causes_table,
    changed_orter_table,
    municipality_changes,
    placements_table,
    scenario_municipality_table,
    scenario_orter_table,
)
from glesservice.tables.html import as_html, undeclared
from glesservice.tables.words import in_words, term

Found = Result | Trace | ScenarioResult | Comparison | Placement


def show_table(
    found: Found | pd.DataFrame,
    table: str | Table = "",
    columns: list[str] | None = None,
    *,
    rows: int | None = 10,
    where: str | None = None,
    sort: str | None = None,
    title: str | None = None,
    note: str | None = None,
    decimals: int = 1,
) -> Shown:
    """Return a table with Swedish headings, units and numbers, as the products write them.

    Parameters
    ----------
    found
        A result, the trace of an ort, a scenario's result, a comparison or a placement; or any
        table.
    table
        Which of its tables: the attribute's name, such as ``orter``; of a result also ``sources``,
        where its data come from. For any other table its schema; without one its own headings
        stand.
    columns
        Which columns; all where not given.
    rows
        How many of the first rows; all where None.
    where
        Which rows, as a query to pandas: ``name == "Stalon"``.
    sort
        The column to sort by; with a minus before its name the largest come first.
    title
        The heading; the schema's title where not given.
    note
        What stands below; the data's years where not given, and where what was found knows them.
    decimals
        Decimals of numbers that no schema declares.

    Returns
    -------
    Shown
        The table. Of a result, a scenario and a comparison only what may be published: numbers of
        few people are told as such.

    Raises
    ------
    InputError
        If there is no such table or column.

    Examples
    --------
    >>> print(show_table(pd.DataFrame({"Ort": ["Stalon"], "Km": [29.17]})))
    Ort     Km
    Stalon  29,2
    """
    frame, schema, dates = _chosen(found, table)
    if where is not None:
        frame = frame.query(where)
    if sort is not None:
        name = sort.removeprefix("-")
        _refuse_unknown([name], frame.columns)
        frame = frame.sort_values(name, ascending=name == sort, kind="stable")
    frame = frame if rows is None else frame.head(rows)
    frame = frame.drop(columns="geometry", errors="ignore")
    declared = schema.columns if schema is not None else undeclared(frame, decimals)
    known = {column.name: column for column in declared}
    wanted = [name for name in known if name in frame] if columns is None else columns
    _refuse_unknown(wanted, known)
    chosen = [known[name] for name in wanted]
    caption = title if title is not None else schema.title if schema is not None else ""
    below = dates if note is None else note
    return Shown(as_html(frame, chosen, caption, below, _told), _as_text(frame, chosen))


def _sources(settings: Settings) -> pd.DataFrame:
    """List where a result's data come from and of which day they are."""
    rows = [
        (term(key), source.source, source.date, source.licence) for key, source in settings.inputs()
    ]
    return pd.DataFrame(rows, columns=SOURCES.names(), dtype="object")


def _dates(settings: Settings) -> str:
    """Say of which day the data are, as one line."""
    told = ", ".join(
        f"{term(key).lower()} {source.date or 'utan datum'}" for key, source in settings.inputs()
    )
    note = " Demonstration, inte underlag för beslut." if settings.publication.demonstration else ""
    return f"{settings.area.name} {settings.area.year}. Uppgifternas år: {told}.{note}"


def _chosen(
    found: Found | pd.DataFrame, table: str | Table
) -> tuple[pd.DataFrame, Table | None, str]:
    """Return the rows that are meant, their schema, and where they come from."""
    if isinstance(found, pd.DataFrame):
        return found, table if isinstance(table, Table) else None, ""
    frames: Mapping[str, pd.DataFrame]
    schemas: Mapping[str, Table]
    if isinstance(found, Result):
        shown = publish(found)
        frames = {**shown.tables, "sources": _sources(found.settings)}
        schemas = {**shown.schemas, "sources": SOURCES}
    else:
        schemas = _schemas(found)
        frames = {name: getattr(found, name) for name in schemas}
    if not isinstance(table, str) or table not in schemas:
        raise InputError(
            Fault(
                f"there is no table {table or 'without a name'}",
                "show_table",
                f"Write one of {', '.join(schemas)}",
            )
        )
    frame, schema = frames[table], schemas[table]
    settings = _settings(found)
    if settings is None or isinstance(found, Result):
        return frame, schema, "" if settings is None else _dates(settings)
    floor = settings.publication.min_people
    return *published_table(frame, schema, floor), _dates(settings)


def _refuse_unknown(wanted: Iterable[str], known: Iterable[str]) -> None:
    """Refuse columns that are not there; all are told at once."""
    names = list(known)
    faults = []
    for name in wanted:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
            mend = f"Did you mean {' or '.join(near)}" if near else f"Write {', '.join(names)}"
            faults.append(Fault(f"there is no column {name}", "show_table", mend))
    if faults:
        raise InputError(*faults)


def _schemas(found: Trace | ScenarioResult | Comparison | Placement) -> Mapping[str, Table]:
    """Return the schemas of the tables of what was found, by attribute."""
    match found:
        case Trace():
            return {"services": TRACE_SERVICES, "cells": TRACE_CELLS_SHOWN}
        case ScenarioResult():
            return {
                "orter": scenario_orter_table(found.services),
                "municipality": scenario_municipality_table(),
            }
        case Comparison():
            return {
                "orter": changed_orter_table(found.services),
                "causes": causes_table(),
                "municipality": municipality_changes(),
                "ort_changes": ORT_CHANGES,
                "sites": SITE_CHANGES,
                "setting_changes": SETTING_CHANGES,
            }
        case Placement():
            return {"placements": placements_table(), "candidates": candidates_table()}


def _settings(found: Found) -> Settings | None:
    """Return the settings of what was found, where it knows them."""
    if isinstance(found, Result):
        return found.settings
    return found.after.settings if isinstance(found, ScenarioResult | Comparison) else None


def _told(row: pd.Series, column: Column) -> str:
    """Write a value, or the words that stand for one that is not told."""
    return shown_as(row, column) or in_words(row[column.name], column)


def _as_text(frame: pd.DataFrame, columns: list[Column]) -> str:
    """Write a table as plain text."""
    lines = [[column.heading for column in columns]]
    lines += [[_told(row, column) for column in columns] for _, row in frame.iterrows()]
    widths = [max(map(len, texts)) for texts in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )

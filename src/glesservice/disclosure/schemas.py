"""The tables of a result with their schemas, and how a value that is not told is marked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from glesservice.analysis import Result
from glesservice.swedish import number
from glesservice.tables import (
    APPLIED_OVERRIDES,
    BOUNDARY,
    LAKES,
    MERGES,
    ORT_CHANGES,
    Column,
    Table,
    bygder_table,
    cells_table,
    legal_table,
    municipality_table,
    orter_table,
    roads_table,
    sensitivity_table,
    sites_table,
    strategic_table,
)

PEOPLE = "personer"  # the unit of what counts people
WITHHELD = "visas inte"
# Tables that are there only where there is something to tell.
OCCASIONAL = {
    "merges": MERGES,
    "ort_changes": ORT_CHANGES,
    "overrides": APPLIED_OVERRIDES,
    "lakes": LAKES,
}

# One column tells what a row does not: an empty number alone would look like an unknown one.
HIDDEN = Column(
    "hidden",
    "text",
    "Dolda uppgifter",
    "Uppgifter på raden som inte visas för att de gäller få personer, eller för att få personer "
    "skulle framgå av dem.",
    nullable=True,
)


def tables_of(result: Result) -> dict[str, Table]:
    """Return the schema of each table of a result, in the order in which products list them.

    Parameters
    ----------
    result
        What the analysis found.

    Returns
    -------
    dict
        From the name of the result's attribute. A new table is in every product once it stands
        here.
    """
    services, policy = [str(service) for service in result.weights.index], result.settings.policy
    return {
        "orter": orter_table(services, policy.limits_km),
        "bygder": bygder_table(services),
        "strategic": strategic_table(services),
        "cells": cells_table(services),
        "sites": sites_table(),
        "roads": roads_table(),
        "boundary": BOUNDARY,
        "legal": legal_table(),
        "municipality": municipality_table(policy.limits_km, policy.limits_minutes),
        "sensitivity": sensitivity_table(),
    } | {name: table for name, table in OCCASIONAL.items() if len(getattr(result, name))}


def counts(table: Table) -> list[Column]:
    """Return the columns that count people.

    Parameters
    ----------
    table
        The schema.
    """
    return [column for column in table.columns if column.unit == PEOPLE and column.kind != "text"]


def few_words(floor: int) -> str:
    """Return how few people are told.

    Parameters
    ----------
    floor
        From this number on they are not few.

    Examples
    --------
    >>> few_words(10)
    'färre än 10'
    """
    return f"färre än {floor}"


def told(row: pd.Series, column: Column) -> str:
    """Return a number of a published table as text, or the words that stand for it.

    Parameters
    ----------
    row
        A row of a published table.
    column
        The column.

    Examples
    --------
    >>> column = Column("people", "float", "Personer", "...", "personer")
    >>> told(pd.Series({"people": 1560.0, "hidden": None}), column)
    '1\xa0560'
    >>> told(pd.Series({"people": None, "hidden": "Personer: färre än 10"}), column)
    'färre än 10'
    """
    return shown_as(row, column) or number(row[column.name], column.decimals)


def shown_as(row: pd.Series | Mapping[Hashable, Any], column: Column) -> str | None:
    """Return the words that stand for a value that is not told; None if it is told, or unknown.

    Parameters
    ----------
    row
        A row of a published table.
    column
        The column.

    Examples
    --------
    >>> column = Column("people", "float", "Personer", "...", "personer")
    >>> shown_as(pd.Series({"people": None, "hidden": "Personer: visas inte"}), column)
    'visas inte'
    """
    said = row.get(HIDDEN.name)
    if not isinstance(said, str):
        return None
    beginning = f"{column.title}: "
    for part in said.split("; "):
        if part.startswith(beginning):
            return part.removeprefix(beginning)
    return None

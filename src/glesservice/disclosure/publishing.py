"""From a result to what of it may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.disclosure.ages import hide_ages
from glesservice.disclosure.evening import (
    evened,
    municipal_masks,
    told_municipality,
    told_strategic,
)
from glesservice.disclosure.grouping import grouping, or_spread
from glesservice.disclosure.marking import Marks
from glesservice.disclosure.parting import Parted
from glesservice.disclosure.rows import hide_in_rows
from glesservice.disclosure.schemas import HIDDEN, WITHHELD, counts, few_words, tables_of
from glesservice.swedish import collation_key, number
from glesservice.tables import AGES, Table


@dataclass(frozen=True, eq=False)
class Published:
    """What of a result may be published; products are made from this alone.

    Attributes
    ----------
    settings
        The settings that were used.
    schemas
        The tables' schemas by name, with a column that tells what a row does not; of the cells
        without their people.
    tables
        The tables by the same names. What is not told is missing, and named in ``hidden``.
    people
        People in the municipality.
    spread_people
        People in *spridd bebyggelse*; NaN where they are not told.
    spread_is_few
        Whether they are not told because they are few.
    weights
        Weight of each service in the total.
    notices
        What a reader of the result must know, as Swedish sentences.
    """

    settings: Settings
    schemas: Mapping[str, Table]
    tables: Mapping[str, pd.DataFrame]
    people: float
    spread_people: float
    spread_is_few: bool
    weights: pd.Series
    notices: tuple[str, ...]

    @property
    def spread_told(self) -> str:
        """People in *spridd bebyggelse*, as text."""
        if self.spread_is_few:
            return few_words(self.settings.publication.min_people)
        return WITHHELD if np.isnan(self.spread_people) else number(self.spread_people)

    @property
    def rules(self) -> tuple[str, ...]:
        """What is not told, and why, as Swedish sentences."""
        few = few_words(self.settings.publication.min_people)
        said = (
            f"Rutornas folkmängd visas i klasser. Antal personer som är {few} visas inte exakt, "
            "och inte heller tal som de skulle framgå av.",
        )
        if not self.settings.population.confidential:
            return said
        return (
            *said,
            "Antal personer för hela kommunen och för serviceorternas omland är ungefärliga: de är "
            "räknade på folkmängd som är utjämnad mellan närliggande rutor.",
            f"Folkmängden kommer från en skyddad källa: rutor med {few} personer är utjämnade med "
            "sina grannar innan något har räknats.",
        )

    @property
    def services(self) -> list[str]:
        """The kinds of service that count, in their order."""
        return [str(service) for service in self.weights.index]

    @property
    def site_kinds(self) -> list[str]:
        """The kinds of service that have sites: those that count, then the others."""
        others = set(self.tables["sites"]["service"]) - set(self.services)
        return [*self.services, *sorted(others, key=collation_key)]


def publish(result: Result) -> Published:
    """Return what of a result may be published.

    Parameters
    ----------
    result
        What the analysis found.

    Returns
    -------
    Published
        By the rules of this room, see ``glesservice.disclosure``. Every product asks for it: of
        one result it is worked out once, and neither is ever changed.

    Examples
    --------
    >>> import glesservice
    >>> shown = publish(glesservice.run())
    >>> "people" in shown.tables["cells"], "people_class" in shown.tables["cells"]
    (False, True)
    >>> few = shown.tables["orter"]["hidden"].notna()
    >>> bool(few.any())
    True
    """
    known = _KNOWN.get(result)
    if known is None:
        known = _KNOWN[result] = _publish(result)
    return known


# Results are told apart by identity, and forgotten with them.
_KNOWN: WeakKeyDictionary[Result, Published] = WeakKeyDictionary()


def _publish(result: Result) -> Published:
    """Work out what may be published."""
    floor = result.settings.publication.min_people
    schemas = tables_of(result)
    frames: dict[str, pd.DataFrame] = {name: getattr(result, name) for name in schemas}
    found = grouping(result)
    orter, cells, spread = found.orter, found.cells, found.spread
    # An open grid is published cell by cell: its sums are told as they are, in whole people.
    people = cells["people"].to_numpy(dtype=float)
    if result.settings.population.confidential:
        people = evened(people, found.group)
    frames |= {
        "orter": orter,
        "cells": cells,
        "bygder": _bygder(result.bygder, orter),
        "strategic": told_strategic(result.strategic, found.across, people),
    }

    marks = {name: Marks(schemas[name], frames[name], floor) for name in schemas}
    _hide_counts_of_orter(marks["orter"], orter, found.parted)
    _hide_people(marks, orter, frames["bygder"], found.unsaid)
    ages = hide_ages(marks["orter"], cells, municipal_masks(cells, result))
    frames["municipality"] = told_municipality(result, schemas["municipality"], cells, people, ages)
    marks["municipality"] = Marks(schemas["municipality"], frames["municipality"], floor)
    for name in ("bygder", "strategic", "municipality"):
        hide_in_rows(marks[name])

    spread_is_few = 0 < spread < floor
    tables = {name: marks[name].hidden() for name in schemas}
    tables["cells"] = _cells(cells, schemas["cells"], found.given_away)
    return Published(
        settings=result.settings,
        schemas={name: _published_schema(name, table) for name, table in schemas.items()},
        tables=tables,
        people=result.people,
        spread_people=float("nan") if spread_is_few or found.unsaid else spread,
        spread_is_few=spread_is_few,
        weights=result.weights,
        notices=result.notices,
    )


def published_table(frame: pd.DataFrame, table: Table, floor: int) -> tuple[pd.DataFrame, Table]:
    """Return a table that stands by itself as it may be published, and its schema.

    Parameters
    ----------
    frame
        The rows.
    table
        Their schema.
    floor
        From this number on people are not few.

    Returns
    -------
    DataFrame, Table
        Counts of few people, and those that leave few of the row's total, are missing and named
        in a column of their own; the same table where there are none.

    Examples
    --------
    >>> from glesservice.tables import Column
    >>> count = Column("people_past_limit", "float", "Passerar gränsen", "...", "personer")
    >>> schema = Table("prov", "Prov", (count,), key=())
    >>> told, _ = published_table(pd.DataFrame({"people_past_limit": [3.0, 12.0]}), schema, 10)
    >>> told.to_dict("list")
    {'people_past_limit': [nan, 12.0], 'hidden': ['Passerar gränsen: färre än 10', None]}
    """
    if not counts(table):
        return frame, table
    marks = Marks(table, frame, floor)
    hide_in_rows(marks)
    told = marks.hidden()
    if told[HIDDEN.name].isna().all():
        return frame, table
    columns = (*table.columns, HIDDEN)
    return told, Table(table.name, table.title, columns, table.key, table.geometry)


def _published_schema(name: str, table: Table) -> Table:
    """Leave out the people of cells; add what tells what is hidden."""
    if name == "cells":
        unsaid = {column.name for column in counts(table)}
        columns = tuple(column for column in table.columns if column.name not in unsaid)
    elif counts(table):
        columns = (*table.columns, HIDDEN)
    else:
        return table
    return Table(table.name, table.title, columns, table.key, table.geometry)


def _bygder(bygder: gpd.GeoDataFrame, orter: pd.DataFrame) -> gpd.GeoDataFrame:
    """Keep the bygder that have a named ort, and name those alone."""
    names = orter.dropna(subset="bygd_id").groupby("bygd_id")["name"]
    members = names.agg(lambda group: ", ".join(sorted(group, key=collation_key)))
    kept = bygder[bygder["bygd_id"].isin(members.index)].reset_index(drop=True)
    size = kept["bygd_id"].map(names.size())
    changed = size != kept["orter"]
    return kept.assign(
        orter=size, members=kept["members"].where(~changed, kept["bygd_id"].map(members))
    )


def _hide_counts_of_orter(marks: Marks, orter: pd.DataFrame, parted: Mapping[str, Parted]) -> None:
    """Hide the counts that an ort may not tell; of unknown ones, what is few or leaves few."""
    known = {name for choice in parted.values() for name in choice.asked}
    for column in counts(marks.table):
        if column.name in ("people", *AGES) or column.name not in orter:
            continue
        marks.hide_few(column.name)
        told = [
            ort not in parted or column.name in parted[ort].told or column.name not in known
            for ort in orter["ort_id"]
        ]
        marks.withhold(column.name, ~np.array(told, dtype=bool))
        marks.withhold_remainder(column.name, orter["people"])


def _hide_people(
    marks: Mapping[str, Marks], orter: pd.DataFrame, bygder: pd.DataFrame, unsaid: frozenset[str]
) -> None:
    """Withhold the people, and all counts, of some orter, and the people of their bygder."""
    mask = orter["ort_id"].isin(unsaid).to_numpy()
    for column in counts(marks["orter"].table):
        if column.name in orter:
            marks["orter"].withhold(column.name, mask)
    theirs = bygder["bygd_id"].isin(orter.loc[mask, "bygd_id"]).to_numpy()
    marks["bygder"].withhold("people", theirs)


def _cells(cells: gpd.GeoDataFrame, table: Table, given_away: frozenset[str]) -> gpd.GeoDataFrame:
    """Leave out the cells' people, and the classes that would tell them."""
    unsaid = [column.name for column in counts(table) if column.name in cells]
    classes = cells["people_class"].astype(object)
    return cells.drop(columns=unsaid).assign(
        people_class=classes.where(~or_spread(cells).isin(given_away), None)
    )

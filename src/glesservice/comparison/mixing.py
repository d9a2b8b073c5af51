"""Two years taken apart into causes, and mixed again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import geopandas as gpd
import pandas as pd

from glesservice.comparison.shares import Coalition
from glesservice.config import Settings
from glesservice.sources import Inputs
from glesservice.tables import CAUSES, SETTING_CHANGES

# Which cause each input table is counted to. Outlines of tätorter and names of villages say where
# the people are said to live, and so does the border.
CAUSE_OF_INPUT: Mapping[str, str] = {
    "cells": "people",
    "settlements": "people",
    "boundary": "people",
    "sites": "services",
    "edges": "roads",
}
# What of the settings changes no number: what the year is called, where the files are and how they
# are read (that shows in the tables themselves), what is shown beside.
_UNTOUCHED = (
    "area.name",
    "area.year",
    "population",
    "settlements",
    "services",
    "roads",
    "boundary",
    "publication.contact",
    "publication.demonstration",
    "publication.indicators",
    "publication.issued",
    "publication.language",
    "publication.licence",
    "publication.people_classes",
    "publication.publisher",
    "publication.url",
    "certainty",
    "comparison",
    "orter.registry",
    "orter.overrides",  # their content counts, see below
    "decisions",
    "background",
)
# One rule of the sources counts.
UNCONFIRMED = "services.unconfirmed"


@dataclass(frozen=True, eq=False)
class Year:
    """What one year's analysis is made from.

    Attributes
    ----------
    settings
        The settings of the year.
    inputs
        Its checked tables.
    """

    settings: Settings
    inputs: Inputs


def setting_changes(before: Year, after: Year) -> pd.DataFrame:
    """Return the settings that differ and that an analysis depends on.

    Parameters
    ----------
    before, after
        The two years.

    Returns
    -------
    DataFrame
        Schema ``SETTING_CHANGES``, sorted by key.
    """
    old, new = (_said(year.settings) for year in (before, after))
    rows: list[tuple[str | None, ...]] = [
        (key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key) and _counts(key)
    ]
    said = [_overrides_told(year.inputs.overrides) for year in (before, after)]
    if said[0] != said[1]:
        rows.append(("orter.overrides", *said))
    return pd.DataFrame(rows, columns=SETTING_CHANGES.names(), dtype="object")


def changed_causes(before: Year, after: Year) -> tuple[str, ...]:
    """Return the causes whose state is not the same in both years, in the order of ``CAUSES``.

    Parameters
    ----------
    before, after
        The two years.
    """
    differ = {
        cause
        for name, cause in CAUSE_OF_INPUT.items()
        if not _same(getattr(before.inputs, name), getattr(after.inputs, name))
    }
    if not setting_changes(before, after).empty:
        differ.add("settings")
    return tuple(cause for cause in CAUSES if cause in differ)


def mixed(before: Year, after: Year, mix: Coalition) -> Year:
    """Return a year in which some causes have the second year's state, the others the first's.

    Parameters
    ----------
    before, after
        The two years.
    mix
        The causes that have the second year's state.
    """

    def _of(cause: str) -> Year:
        return after if cause in mix else before

    tables = {
        field.name: getattr(_of(CAUSE_OF_INPUT.get(field.name, "settings")).inputs, field.name)
        for field in fields(Inputs)
    }
    tables["decisions"] = None
    if tables["overrides"] is not None:  # an ort may be missing from a mix
        tables["overrides"] = tables["overrides"].assign(required=False)
    return Year(_of("settings").settings, Inputs(**tables))


def _same(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> bool:
    """Tell whether two tables say the same, row by row."""
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        return False
    bare = [pd.DataFrame(frame.drop(columns=frame.geometry.name)) for frame in (one, other)]
    same_places = (one.geometry.to_wkb().to_numpy() == other.geometry.to_wkb().to_numpy()).all()
    return bool(same_places) and bare[0].reset_index(drop=True).equals(
        bare[1].reset_index(drop=True)
    )


def _overrides_told(overrides: pd.DataFrame | None) -> str | None:
    """Write the municipality's changes to the orter as one text; motives change no number."""
    if overrides is None:
        return None
    rows = sorted(zip(overrides["ort"], overrides["change"], overrides["to"], strict=True))
    return "; ".join(" ".join(str(part) for part in row if part is not None) for row in rows)


def _said(settings: Settings) -> dict[str, str]:
    """List all settings as text; of the sources' only whether unconfirmed sites count."""
    flat = dict(_flat(settings.model_dump(mode="json")))
    return flat | {UNCONFIRMED: settings.unconfirmed}


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """List the single values of nested settings, each as text."""
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            yield from _flat(item, f"{key}.{name}" if key else str(name))
    elif value is not None:
        yield key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _counts(key: str) -> bool:
    """Tell whether a setting can change a number."""

    def _in(part: str) -> bool:
        return key == part or key.startswith(f"{part}.")

    return key == UNCONFIRMED or not any(map(_in, _UNTOUCHED))

"""A year's indicators with their values, as they may be told."""

from __future__ import annotations

import hashlib
import json

import geopandas as gpd
import pandas as pd
import shapely

from glesservice.config import Settings
from glesservice.disclosure import Published, shown_as
from glesservice.indicators.definitions import definitions
from glesservice.indicators.indicator import Indicator
from glesservice.swedish import number
from glesservice.tables import INDICATORS
from glesservice.tables.words import term

MISSING = "saknas"
# Words that stand for a number that is not told; a sum of such numbers is not told either.
WITHHELD = "visas inte"
# What an indicator is worked out with beside the limits that stand in its definition, by the input
# that the settings are about.
RULES = {
    "roads": ("network", "area.buffer_km", "policy.way", "policy.sites_per_cell"),
    "settlements": (
        *("orter.village_km", "orter.cluster_km", "orter.cluster_people"),
        *("orter.locality_share", "orter.people_per_km2"),
    ),
}


def values_of(shown: Published) -> pd.DataFrame:
    """Return the year's indicators.

    Parameters
    ----------
    shown
        What may be published.

    Returns
    -------
    DataFrame
        Schema ``INDICATORS``: one row an indicator, in their order; nothing is broken yet.
    """
    settings = shown.settings
    rows = []
    for one in definitions(shown):
        value, words = _value(shown, one)
        if value is not None:
            value = round(value, one.decimals)
        rows.append(
            {
                "indicator_id": one.id,
                "year": settings.area.year,
                "kommunkod": settings.area.kommun,
                "goal": one.goal,
                "service": one.service,
                "title": one.title,
                "value": value,
                "shown": words if value is None else number(value, one.decimals),
                "decimals": one.decimals,
                "unit": one.unit,
                "better": one.better,
                "headline": one.headline,
                "broken": None,
                "definition": one.definition,
                "rules": _fingerprint(settings, one),
                "source": _sources(settings, one),
            }
        )
    return pd.DataFrame(rows, columns=INDICATORS.names()).astype({"value": float})


def _value(shown: Published, one: Indicator) -> tuple[float | None, str]:
    """Return an indicator's value, or the words that stand for it."""
    if one.service is None:
        return _sum(shown, one.column)
    if one.column:
        return _municipal(shown, one)
    return _counted(shown, one)


def _municipal(shown: Published, one: Indicator) -> tuple[float | None, str]:
    """Read a value from the municipality's table."""
    table, schema = shown.tables["municipality"], shown.schemas["municipality"]
    if table.empty:
        return None, MISSING
    found = table[(table["service"] == one.service) & (table["age"] == one.age)]
    if found.empty:
        return None, MISSING
    row = found.iloc[0]
    value = row[one.column]
    if pd.isna(value):
        return None, shown_as(row, schema.column(one.column)) or MISSING
    if not one.share:
        return float(value), ""
    people = row["people"]
    if pd.isna(people):
        return None, WITHHELD
    return (100.0 * float(value) / float(people), "") if people > 0 else (None, MISSING)


def _sum(shown: Published, column: str) -> tuple[float | None, str]:
    """Add up a column over all services; not told where a part of it is not."""
    parts = [
        _municipal(shown, Indicator("", "", "", "", "", service=service, column=column))
        for service in shown.services
    ]
    words = [text for value, text in parts if value is None]
    if words:
        return None, MISSING if set(words) == {MISSING} else WITHHELD
    return sum(value for value, _ in parts if value is not None), ""


def _counted(shown: Published, one: Indicator) -> tuple[float | None, str]:
    """Count the municipality's own sites."""
    sites = gpd.GeoDataFrame(shown.tables["sites"])
    area = gpd.GeoDataFrame(shown.tables["boundary"]).geometry.iloc[0]
    inside = shapely.within(sites.geometry.to_numpy(), area)
    own = sites[sites["counted"] & (sites["service"] == one.service) & inside]
    what = one.id.rpartition(".")[2]
    if what == "stallen":
        return float(len(own)), ""
    if what == "orter_med":
        return float(own["ort_id"].nunique()), ""
    said = own["reserve_power"].isin(["yes", "no"])
    if len(own) and not said.any():
        return None, MISSING
    return float((own["reserve_power"] == "yes").sum()), ""


def _fingerprint(settings: Settings, one: Indicator) -> str:
    """Return a short digest of the settings that an indicator follows."""
    dumped = settings.model_dump(mode="json")
    chosen = {"unconfirmed": settings.unconfirmed}
    for name in (name for source in one.sources for name in RULES.get(source, ())):
        table, _, key = name.partition(".")
        chosen[name] = dumped[table][key] if key else dumped[table]
    text = json.dumps(chosen, ensure_ascii=False, sort_keys=True)
    # A letter first: spreadsheets take digits, and digits with an e, for a number.
    return f"r{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _sources(settings: Settings, one: Indicator) -> str:
    """Name what a value rests on, with dates."""
    return "; ".join(
        f"{term(key)}: {source.source or 'källa ej angiven'} ({source.date or 'utan datum'})"
        for key, source in settings.inputs()
        if key.split(" ")[0] in one.sources
    )

"""The tables of a comparison, and what a reader of them must know."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.analysis import Result
from glesservice.certainty.noise import NOISE_FROM_YEAR
from glesservice.config import ComparisonRules, Settings
from glesservice.tables import CAUSES, SITE_CHANGES, Column, changed_orter_table, orter_table

CAUSE_NAMES = {
    "people": "befolkning",
    "services": "service",
    "roads": "vägnät",
    "settings": "inställningar",
}
OPENED, CLOSED, MOVED = "öppnat", "stängt", "flyttat"
# Positions that differ by less are the same: degrees in a file are rounded.
MOVED_M = 1.0


def described(
    split: pd.DataFrame, services: Sequence[str], limits_km: Sequence[float]
) -> pd.DataFrame:
    """Return changes with the Swedish title and the unit of each measure.

    Parameters
    ----------
    split
        Table with ``measure``.
    services
        The kinds of service.
    limits_km
        Distances beyond which people are counted, km.

    Returns
    -------
    DataFrame
        The same with ``title`` and ``unit``.
    """
    columns = {column.name: column for column in orter_table(services, limits_km).columns}

    def _said(name: str) -> Column:
        return columns[name]

    return split.assign(
        title=[_said(name).title for name in split["measure"]],
        unit=[_said(name).unit for name in split["measure"]],
    )


def jumps(split: pd.DataFrame, rules: ComparisonRules) -> pd.Series:
    """Tell which changes are so large that the input should be looked into.

    Parameters
    ----------
    split
        Table with ``measure, unit, before, change``.
    rules
        From when a change is a jump.

    Returns
    -------
    Series
        True or False; index as ``split``.
    """
    limit = pd.Series(np.inf, split.index)
    limit[split["unit"].eq("0–100")] = rules.jump_points
    limit[split["measure"].str.startswith("km_")] = rules.jump_km
    people = split["measure"].eq("people")
    limit[people] = rules.jump_people * split.loc[people, "before"]
    return split["change"].abs().ge(limit)


def changed_orter(
    before: Result,
    after: Result,
    pairs: pd.DataFrame,
    causes: pd.DataFrame,
    services: Sequence[str],
) -> gpd.GeoDataFrame:
    """Return the orter of both years side by side, the largest change of the total first.

    Parameters
    ----------
    before, after
        The two years.
    pairs
        ``ort_id_before`` and ``ort_id`` of the orter that exist in both.
    causes
        Schema ``causes_table``.
    services
        The kinds of service that count in either year.

    Returns
    -------
    GeoDataFrame
        Schema ``changed_orter_table``.
    """
    old = before.orter.set_index("ort_id").loc[pairs["ort_id_before"]].reset_index()
    new = after.orter.set_index("ort_id").loc[pairs["ort_id"]].reset_index()
    columns: dict[str, object] = {
        "ort_id": new["ort_id"],
        "name": new["name"],
        "ort_id_before": old["ort_id"],
        "name_before": old["name"],
        "role": new["role"],
    }
    for name in ("rank", "people", "total", *(f"km_{service}" for service in services)):
        was, now = (
            table[name] if name in table else pd.Series(np.nan, table.index) for table in (old, new)
        )
        columns |= {f"{name}_before": was, name: now, f"{name}_change": now - was}
    totals = causes[causes["measure"] == "total"].set_index("ort_id").loc[new["ort_id"]]
    parts = totals[[f"cause_{cause}" for cause in CAUSES]].reset_index(drop=True)
    jump = causes.groupby("ort_id")["jump"].any()
    schema = changed_orter_table(services)
    table = pd.DataFrame(columns).join(parts)
    table["main_cause"] = _main_cause(parts)
    table["jump"] = table["ort_id"].map(jump).astype(bool)
    frame = gpd.GeoDataFrame(
        table[schema.names()], geometry=new.geometry.to_numpy(), crs=after.orter.crs
    )
    by_size = frame["total_change"].abs().round(6)
    order = frame.assign(size=by_size).sort_values(["size", "ort_id"], ascending=[False, True])
    return frame.loc[order.index].reset_index(drop=True)


def _main_cause(parts: pd.DataFrame) -> pd.Series:
    """Name the cause with the largest part of each change; none where nothing has changed."""
    sizes = parts.abs().to_numpy()
    known = np.isfinite(sizes).all(axis=1) & (sizes > 1e-9).any(axis=1)
    largest = np.where(known, np.nan_to_num(sizes).argmax(axis=1), -1)
    names = [*(CAUSE_NAMES[cause] for cause in CAUSES), None]
    return pd.Series([names[number] for number in largest], index=parts.index, dtype="object")


def changed_sites(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the sites that count in one of the years only, or have moved.

    Parameters
    ----------
    before, after
        Schema ``sites_table``.

    Returns
    -------
    GeoDataFrame
        Schema ``SITE_CHANGES``, at the place of the second year where there is one; sorted by id.
    """
    old, new = (sites[sites["counted"]].set_index("site_id") for sites in (before, after))
    both = old.index.intersection(new.index)
    moved_m = new.loc[both].geometry.distance(old.loc[both].geometry, align=False)
    moved = moved_m[moved_m > MOVED_M]
    parts = [
        new.loc[new.index.difference(old.index)].assign(change=OPENED, moved_m=np.nan),
        old.loc[old.index.difference(new.index)].assign(change=CLOSED, moved_m=np.nan),
        new.loc[moved.index].assign(change=MOVED, moved_m=moved),
    ]
    frame = pd.concat([part for part in parts if not part.empty] or parts[:1]).reset_index()
    frame = frame.sort_values(["site_id", "change"], ignore_index=True)
    return gpd.GeoDataFrame(frame[[*SITE_CHANGES.names(), "geometry"]], crs=after.crs)


def remarks(
    before: Settings,
    after: Settings,
    causes: Sequence[str],
    split: pd.DataFrame,
    whole: pd.DataFrame,
) -> tuple[str, ...]:
    """Return what a reader of the comparison must know, as Swedish sentences.

    Parameters
    ----------
    before, after
        The settings of the two years.
    causes
        The causes that differ.
    split
        Schema ``causes_table``.
    whole
        Schema ``municipality_changes``.

    Returns
    -------
    tuple of str
        One sentence or two each.
    """
    said = []
    if before.publication.demonstration or after.publication.demonstration:
        said.append(
            "Demonstration: delar av indata är modellerade. Resultatet är inte underlag för beslut."
        )
    unchanged = [CAUSE_NAMES[cause] for cause in CAUSES if cause not in causes]
    if unchanged:
        said.append(f"Lika båda åren: {', '.join(unchanged)}.")
    said += _about_noise(before.population.date, after.population.date, "people" in causes)
    if {"people", "roads"} & set(causes):
        said.append(
            "Ny befolkning och nytt vägnät flyttar avstånden något från år till år även där inget "
            "har hänt."
        )
    cut_off = whole.loc[whole["measure"] == "people_no_road", "change"].sum()
    if cut_off:
        floor = max(one.publication.min_people for one in (before, after))
        few = f"Färre än {floor}" if abs(cut_off) < floor else f"{abs(cut_off):.0f}"
        said.append(
            f"{few} personer {'fler' if cut_off > 0 else 'färre'} är utan "
            "väganslutning. Medelsträckorna gäller dem som når fram: de kan bli kortare av att "
            "någon inte längre gör det. Poängen räknar dem som längst bort."
        )
    jumping = split.loc[split["jump"], "name"].drop_duplicates()
    if not jumping.empty:
        said.append(
            f"Stora ändringar att granska i underlaget: {len(jumping)} orter, "
            f"{', '.join(sorted(jumping)[:10])}{' …' if len(jumping) > 10 else ''}."
        )
    told = split["change"].isna() | split["cause_people"].notna()
    if not told.all():
        unsplit = sorted(split.loc[~told, "name"].drop_duplicates())
        said.append(
            "Ändringar som inte kan delas på orsaker, för att sträckan saknas i någon blandning "
            f"av åren: {', '.join(unsplit)}."
        )
    return tuple(said)


def _about_noise(before: str | None, after: str | None, moved: bool) -> list[str]:
    """Tell of SCB's noise where the two years lie on either side of its beginning."""
    if not moved:
        return []
    if before is None or after is None:
        return [
            "Befolkningens datum är inte angivet för båda åren. Från referensår 2025 lägger SCB "
            "brus på rutornas folkmängd: ligger åren på var sin sida kan ändringar vara brus."
        ]
    if (int(before[:4]) < NOISE_FROM_YEAR) != (int(after[:4]) < NOISE_FROM_YEAR):
        return [
            f"Befolkningen är från {before[:4]} och {after[:4]}: från referensår 2025 lägger SCB "
            "brus på rutornas folkmängd. Ändringar i små orter kan vara brus och inget annat."
        ]
    return []

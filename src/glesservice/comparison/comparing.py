"""Two years in, one typed and frozen ``Comparison`` out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from glesservice.analysis import Result, analyse
from glesservice.comparison.findings import (
    changed_orter,
    changed_sites,
    described,
    jumps,
    remarks,
)
from glesservice.comparison.mixing import Year, changed_causes, setting_changes
from glesservice.comparison.shares import Coalition, shares
from glesservice.comparison.valuing import (
    MUNICIPALITY,
    Mixes,
    Progress,
    municipality_measures,
    ort_measures,
)
from glesservice.errors import Fault, SettingsError
from glesservice.orter import footprints, ort_changes, same_orter
from glesservice.tables import CAUSES, causes_table, municipality_changes


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """One year beside another, and why they differ.

    Attributes
    ----------
    before, after
        The two years' own results, without rank intervals.
    changed
        The causes whose state differs: of ``people, services, roads, settings``.
    orter
        The orter that exist in both years (schema ``changed_orter_table``), those whose total has
        changed most first; the geometry is the second year's.
    causes
        Each change of each of these orter with its causes (schema ``causes_table``). The causes
        add up to the change; where a mix of the years has no value, as when nobody reaches a site,
        there are none.
    municipality
        The same for the municipality (schema ``municipality_changes``).
    ort_changes
        Orter that are new, renamed, split, merged or gone (schema ``ORT_CHANGES``).
    sites
        Sites that count in one year only, or have moved (schema ``SITE_CHANGES``).
    setting_changes
        Settings that differ and matter (schema ``SETTING_CHANGES``).
    notices
        What a reader must know, as Swedish sentences.
    """

    before: Result
    after: Result
    changed: tuple[str, ...]
    orter: gpd.GeoDataFrame
    causes: pd.DataFrame
    municipality: pd.DataFrame
    ort_changes: pd.DataFrame
    sites: gpd.GeoDataFrame
    setting_changes: pd.DataFrame
    notices: tuple[str, ...]

    def __repr__(self) -> str:
        """Say in one line what is compared: the tables would fill the screen."""
        first, second = self.before.settings.area, self.after.settings.area
        causes = ", ".join(self.changed) or "nothing"
        return f"<Comparison: {second.name} {first.year} and {second.year}, changed: {causes}>"

    @property
    def services(self) -> list[str]:
        """The kinds of service that count in either year, in the second year's order."""
        return list(dict.fromkeys([*self.after.weights.index, *self.before.weights.index]))


def _silent(done: int, count: int) -> None:
    """Report nothing."""


def compare_years(before: Year, after: Year, report: Progress = _silent) -> Comparison:
    """Return what differs between two years, and how much of it has which cause.

    Every mix of the two years' people, services, roads and settings is analysed: up to sixteen
    analyses, two for each cause that differs at all. A cause's share is what swapping it alone
    adds, averaged over all orders (Shapley's division).

    Parameters
    ----------
    before, after
        The two years.
    report
        Told of each mix before it is analysed.

    Returns
    -------
    Comparison
        All tables of the comparison.

    Raises
    ------
    SettingsError
        If the years are of different municipalities.
    InputError, NetworkError
        If a year, or a mix of both, cannot be analysed.
    """
    kommuner = before.settings.area.kommun, after.settings.area.kommun
    if kommuner[0] != kommuner[1]:
        raise SettingsError(
            Fault(
                f"the years are of two municipalities, {kommuner[0]} and {kommuner[1]}",
                "[area] kommun",
                "Compare two years of the same municipality",
            )
        )
    causes = changed_causes(before, after)
    count = 2 ** len(causes)
    report(0, count)
    results = _analysed(before), _analysed(after)
    pairs, changes = _paired(after, *results)
    services = list(dict.fromkeys([*results[1].weights.index, *results[0].weights.index]))
    limits = after.settings.policy.limits_km
    names = municipality_measures(services, limits)
    mixes = Mixes(before, after, results, causes, pairs, names)
    done = iter(range(1, count + 1))

    def _worth(mix: Coalition) -> pd.Series:
        values = mixes.values(mix)
        report(next(done), count)
        return values

    split = described(_split(_worth, causes, mixes), services, limits)
    split["jump"] = jumps(split, after.settings.comparison)
    whole = split["ort_id"].eq(MUNICIPALITY)
    of_orter = split.loc[~whole & split["measure"].isin(ort_measures(services))]
    of_orter = of_orter.assign(name=of_orter["ort_id"].map(_names(results[1])))
    of_orter = of_orter.reset_index(drop=True)[causes_table().names()]
    of_all = split.loc[whole, municipality_changes().names()]
    sites = changed_sites(*(result.sites for result in results))
    return Comparison(
        before=results[0],
        after=results[1],
        changed=causes,
        orter=changed_orter(*results, pairs, of_orter, services),
        causes=of_orter,
        municipality=of_all.reset_index(drop=True),
        ort_changes=changes,
        sites=sites,
        setting_changes=setting_changes(before, after),
        notices=remarks(before.settings, after.settings, causes, of_orter, of_all),
    )


def _analysed(year: Year) -> Result:
    """Analyse a year as it is, without the draws: no rank interval is compared."""
    certainty = year.settings.certainty.model_copy(update={"draws": 0})
    return analyse(year.inputs, year.settings.model_copy(update={"certainty": certainty}))


def _paired(after: Year, old: Result, new: Result) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pair the orter that exist in both years; tell what became of the others."""
    known, found = (
        footprints(result.orter, result.cells, result.cells["ort_id"]) for result in (old, new)
    )
    people = new.cells.set_index("cell_id")["people"]
    if after.inputs.registry is None:
        same = same_orter(known, found, people)
    else:  # the ids already say it
        both = sorted(set(known["ort_id"]) & set(found["ort_id"]))
        same = pd.Series(both, both, dtype="object")
    pairs = pd.DataFrame({"ort_id_before": same.to_numpy(), "ort_id": same.index})
    changes = ort_changes(known, found, same, people)
    return pairs.sort_values("ort_id", ignore_index=True), changes


def _split(
    worth: Callable[[Coalition], pd.Series], causes: tuple[str, ...], mixes: Mixes
) -> pd.DataFrame:
    """Put values before and after, their change and its causes beside each other."""
    before, after = mixes.values(frozenset()), mixes.values(frozenset(causes))
    table = pd.DataFrame({"before": before, "after": after, "change": after - before})
    parts = shares(worth, causes).reindex(columns=list(CAUSES), fill_value=0.0)
    # No mix without a value: then no cause can be told, nor that there is none.
    parts = parts.where(parts.notna().all(axis=1) & table["change"].notna())
    table = table.join(parts.add_prefix("cause_"))
    wholly_unknown = table["before"].isna() & table["after"].isna()
    return table[~wholly_unknown].reset_index()


def _names(result: Result) -> pd.Series:
    """Return the name of each ort."""
    return pd.Series(result.orter["name"].to_numpy(), index=result.orter["ort_id"])

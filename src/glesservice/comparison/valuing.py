"""What each ort and the municipality are worth when two years are mixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import geopandas as gpd
import pandas as pd

from glesservice import measures
from glesservice.analysis import Result, build_network, reach
from glesservice.comparison.mixing import Year, mixed
from glesservice.comparison.shares import Coalition
from glesservice.config import Policy
from glesservice.errors import Fault, InputError
from glesservice.network import RoadNetwork
from glesservice.orter import footprints, same_orter

# The municipality as a whole, where the values of orter stand under their ids.
MUNICIPALITY = "kommunen"

# Told of each mix before it is worked out: how many are done, and how many there are.
Progress = Callable[[int, int], None]


def ort_measures(services: Sequence[str]) -> list[str]:
    """Return the names of the measures whose changes are split for every ort.

    Parameters
    ----------
    services
        The kinds of service that count in either year.
    """
    far = [f"{what}_{service}" for service in services for what in ("km", "minutes")]
    return ["total", "sparsity", "vulnerability", *far, "people", "people_no_road"]


def municipality_measures(services: Sequence[str], limits_km: Sequence[float]) -> list[str]:
    """Return the names of the measures whose changes are split for the municipality.

    Parameters
    ----------
    services
        The kinds of service that count in either year.
    limits_km
        Distances beyond which people are counted, km.
    """
    beyond = [
        name
        for service in services
        for name in (
            f"person_km_{service}",
            *(f"beyond_{limit:g}_{service}" for limit in limits_km),
        )
    ]
    return [*ort_measures(services), *beyond]


class Mixes:
    """The values of every mix of two years, each analysed once.

    Networks are built once for each state of roads, rules and border.

    Parameters
    ----------
    before, after
        The two years.
    results
        Their own analyses.
    causes
        The causes that differ.
    pairs
        The orter that exist in both years: ``ort_id_before`` and ``ort_id``.
    names
        The measures wanted.
    """

    def __init__(
        self,
        before: Year,
        after: Year,
        results: tuple[Result, Result],
        causes: Sequence[str],
        pairs: pd.DataFrame,
        names: Sequence[str],
    ) -> None:
        self._years = before, after
        self._results = results
        self._causes = frozenset(causes)
        self._pairs = pairs
        self._names = list(names)
        self._known = _known(pairs, *results)
        self._networks: dict[Coalition, RoadNetwork] = {}

    def values(self, mix: Coalition) -> pd.Series:
        """Return the values when some causes have the second year's state.

        An ort is the group of cells that has most in common with what it is in either year. Where
        a mix makes no such group (too few people, other rules) its cells of both years stand for
        it.

        Parameters
        ----------
        mix
            The causes that have the second year's state.

        Returns
        -------
        Series
            Index ``ort_id`` (of the second year, or ``MUNICIPALITY``) and ``measure``; NaN where
            there is no value.
        """
        cells, weights, policy, ort_of_group = self._analysed(mix)

        def _measured(group: pd.Series) -> pd.DataFrame:
            named = group.rename("ort_id")
            return measures.scores(cells, named, weights, policy).set_index("ort_id")

        parts = [_measured(cells["ort_id"].map(ort_of_group))]
        for ort in self._pairs["ort_id"][~self._pairs["ort_id"].isin(ort_of_group.to_numpy())]:
            here = cells["cell_id"].isin(self._known.set_index("ort_id").loc[ort, "cells"])
            parts.append(_measured(pd.Series(ort, cells.index).where(here)))
        parts.append(_measured(pd.Series(MUNICIPALITY, cells.index)))
        table = pd.concat(parts).reindex(
            index=[*self._pairs["ort_id"], MUNICIPALITY], columns=self._names
        )
        index = pd.MultiIndex.from_product([table.index, self._names], names=["ort_id", "measure"])
        return pd.Series(table.to_numpy(dtype=float).ravel(), index=index)

    def _analysed(self, mix: Coalition) -> tuple[gpd.GeoDataFrame, pd.Series, Policy, pd.Series]:
        """Return a mix's cells, weights and policy, and which ort each of its groups is."""
        ids = self._pairs["ort_id"]
        if not mix or mix == self._causes:
            result = self._results[1 if mix else 0]
            groups = ids if mix else self._pairs["ort_id_before"]
            return result.cells, result.weights, result.settings.policy, ids.set_axis(groups)
        year = mixed(*self._years, mix)
        try:
            found = reach(year.inputs, year.settings, self._network(year, mix))
        except InputError as error:
            raise InputError(*error.faults, _cannot_mix(mix)) from error
        orter = footprints(found.settled.orter, found.cells, found.cells["ort_id"])
        people = found.cells.set_index("cell_id")["people"]
        same = same_orter(self._known, orter, people)
        return found.cells, found.weights, year.settings.policy, same

    def _network(self, year: Year, mix: Coalition) -> RoadNetwork:
        """Build the network of a mix, once for all that have the same."""
        key = mix & {"roads", "settings"}
        borders = [one.inputs.boundary.geometry.iloc[0] for one in self._years]
        if not borders[0].equals(borders[1]):
            key = key | (mix & {"people"})
        if key not in self._networks:
            self._networks[key] = build_network(year.inputs, year.settings)
        return self._networks[key]


def _known(pairs: pd.DataFrame, before: Result, after: Result) -> pd.DataFrame:
    """List the orter of both years with their cells of both."""
    old, new = (
        footprints(result.orter, result.cells, result.cells["ort_id"]).set_index("ort_id")
        for result in (before, after)
    )
    known = new.loc[pairs["ort_id"]].reset_index()
    earlier = old.loc[pairs["ort_id_before"], "cells"]
    both = [now | was for now, was in zip(known["cells"], earlier, strict=True)]
    return known.assign(cells=pd.Series(both, index=known.index, dtype="object"))


def _cannot_mix(mix: Coalition) -> Fault:
    """Say that the fault lies in how the two years fit together."""
    return Fault(
        f"the {', '.join(sorted(mix))} of the second year do not fit the rest of the first",
        "compare",
        "Use inputs of the same municipality, with the same names of services, in both years",
    )

"""What the report is made from: a result as it may be published, and what was asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import geopandas as gpd
import pandas as pd

from glesservice.analysis import Result
from glesservice.comparison import Comparison
from glesservice.disclosure import Published, publish, published_table
from glesservice.indicators import earlier_indicators, indicators_of
from glesservice.report.own_text import OwnText
from glesservice.scenarios import Placement, close_each, place
from glesservice.sources import Inputs
from glesservice.tables import Table, closings_table

# New sites are weighed for the services that count most.
SERVICES_TO_PLACE = 2


@dataclass(frozen=True, eq=False)
class Material:
    """Everything that the report is made from.

    Attributes
    ----------
    result
        The result: for its settings, and for the ways that are drawn and named.
    shown
        What of it may be published.
    closings
        Every site and place closed in turn (schema ``closings_schema``), as it may be published.
    closings_schema
        Schema of the closings.
    placements
        Where new sites of the services that count most would help.
    comparison
        This year beside last year, where last year is given.
    before
        What of last year may be published, where last year is given.
    own
        The municipality's own words.
    indicators
        The indicators of all years (schema ``INDICATORS``).
    """

    result: Result
    shown: Published
    closings: pd.DataFrame
    closings_schema: Table
    indicators: pd.DataFrame
    placements: tuple[Placement, ...] = ()
    comparison: Comparison | None = None
    before: Published | None = None
    own: OwnText = field(default_factory=OwnText)

    @property
    def year(self) -> int:
        """The year of the report."""
        return self.shown.settings.area.year

    @property
    def orter(self) -> gpd.GeoDataFrame:
        """The ranked orter by rank."""
        orter = self.shown.tables["orter"]
        return orter[orter["rank"].notna()].sort_values(["rank", "ort_id"])

    @property
    def proposed(self) -> gpd.GeoDataFrame:
        """The orter that are proposed, the sparsest first."""
        return self.orter[self.orter["rank"] <= self.shown.settings.policy.top]

    @property
    def bygder(self) -> gpd.GeoDataFrame:
        """The bygder that are proposed, the sparsest first."""
        bygder = self.shown.tables["bygder"].sort_values(["rank", "bygd_id"])
        return bygder[bygder["rank"] <= self.shown.settings.policy.top]

    @property
    def strategic(self) -> pd.DataFrame:
        """The serviceorter that are proposed, the costliest to lose first."""
        strategic = self.shown.tables["strategic"].sort_values("rank")
        return strategic[strategic["rank"] <= self.shown.settings.policy.top]

    @property
    def sites(self) -> gpd.GeoDataFrame:
        """The sites in the municipality."""
        sites = gpd.GeoDataFrame(self.shown.tables["sites"])
        area = gpd.GeoDataFrame(self.shown.tables["boundary"]).geometry.union_all()
        return sites[sites.geometry.within(area)]

    @property
    def main_services(self) -> list[str]:
        """The services that count most, in the order of the settings."""
        weights = self.shown.weights
        most = weights.sort_values(ascending=False, kind="stable").index[:SERVICES_TO_PLACE]
        return [service for service in self.shown.services if service in set(most)]

    def is_named(self, ort: object) -> bool:
        """Tell whether an ort's name may be told.

        Parameters
        ----------
        ort
            The name.
        """
        return ort in set(self.shown.tables["orter"]["name"])


def gather(
    inputs: Inputs,
    result: Result,
    comparison: Comparison | None = None,
    own: OwnText | None = None,
    earlier: pd.DataFrame | None = None,
) -> Material:
    """Return what the report is made from.

    Parameters
    ----------
    inputs
        The tables that the result was made of.
    result
        The result.
    comparison
        This year beside last year; none where last year is not known.
    own
        The municipality's own words.
    earlier
        Indicators of earlier years; read by the settings where not given.

    Returns
    -------
    Material
        The material, with closings and new sites worked out.
    """
    shown = publish(result)
    floor = result.settings.publication.min_people
    schema = closings_table(shown.services)
    closings, told_schema = published_table(close_each(inputs, result), schema, floor)
    before = None if comparison is None else publish(comparison.before)
    if earlier is None:
        earlier = earlier_indicators(result.settings)
    if before is not None and not (earlier["year"] == before.settings.area.year).any():
        last = indicators_of(before, earlier[:0])
        earlier = last if earlier.empty else pd.concat([earlier, last], ignore_index=True)
    material = Material(
        result=result,
        shown=shown,
        closings=pd.DataFrame(closings),
        closings_schema=told_schema,
        comparison=comparison,
        before=before,
        indicators=indicators_of(shown, earlier),
        own=own or OwnText(),
    )
    placements = tuple(
        place(inputs, result, service, result.settings.report.new_sites)
        for service in material.main_services
    )
    return replace(material, placements=placements)

"""Everything that one analysis finds."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
from markupsafe import escape

from glesservice.analysis.tracing import Trace, found_ort, trace_of
from glesservice.config import Settings
from glesservice.network import RoadNetwork
from glesservice.swedish import number
from glesservice.tables import (
    APPLIED_OVERRIDES,
    LAKES,
    MERGES,
    ORT_CHANGES,
    REGISTRY,
    Table,
    orter_table,
)
from glesservice.tables.html import as_html

# What a notebook shows of a result that ends a cell.
_SUMMARY = ("rank", "name", "total", "sparsity", "vulnerability")


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """Everything that one analysis found, as tables.

    Attributes
    ----------
    settings
        The settings that were used.
    boundary
        The municipality, one row (schema ``BOUNDARY``).
    cells
        The municipality's populated cells (schema ``cells_table``).
    access
        Long: ``cell_id, service, order, site_id, seconds, metres``; the nearest sites of each cell
        and service in order (1 = nearest), by the settings' ``policy.way``: the shortest way, or
        the fastest. Kilometres, scores and the sites named as nearest follow it. Unreachable pairs
        have no row.
    drive
        The same by time, whatever ``policy.way`` says: the sites that are reached first, and how.
        Minutes follow it.
    orter
        The orter with people, scores and ranks (schema ``orter_table``), the centralort among
        them without a rank; sorted by rank, the centralort last.
    bygder
        The bygder with their scores (schema ``bygder_table``), sorted by rank.
    sites
        All sites inside the extent (schema ``sites_table``).
    strategic
        The strategic serviceorter (schema ``strategic_table``), sorted by rank.
    legal
        How far the municipality's sites lie from the next of their service, against the limits of
        the support law (schema ``legal_table``).
    municipality
        The municipality's indicators, service by service (schema ``municipality_table``).
    sensitivity
        What one other assumption at a time does to each ort (schema ``sensitivity_table``). How
        sure each rank is stands in ``orter``, ``bygder`` and ``strategic``.
    roads
        The links of the road network (schema ``roads_table``).
    spread_people
        People in *spridd bebyggelse*: in no ort.
    weights
        Weight of each service in the total; they add up to 1.
    notices
        What a reader of the result must know, as Swedish sentences.
    merges
        Entries of the lists of sites that became one, or may be one (schema ``MERGES``).
    ort_changes
        What has happened to the orter since the registry's last year (schema ``ORT_CHANGES``);
        empty without a registry.
    registry
        The registry of orter with this year added (schema ``REGISTRY``): a proposal for next year.
    overrides
        What the municipality has changed about its orter (schema ``APPLIED_OVERRIDES``).
    lakes
        The lakes to draw behind the result (schema ``LAKES``); empty where there are none.
    network
        The network that ``roads`` is the table of, for products that search it again; None where
        the result was made without it.
    """

    settings: Settings
    boundary: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    access: pd.DataFrame
    drive: pd.DataFrame
    orter: gpd.GeoDataFrame
    bygder: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    strategic: pd.DataFrame
    legal: gpd.GeoDataFrame
    municipality: pd.DataFrame
    sensitivity: pd.DataFrame
    roads: gpd.GeoDataFrame
    spread_people: float
    weights: pd.Series
    notices: tuple[str, ...]
    merges: pd.DataFrame = field(default_factory=lambda: _empty(MERGES))
    ort_changes: pd.DataFrame = field(default_factory=lambda: _empty(ORT_CHANGES))
    registry: pd.DataFrame = field(default_factory=lambda: _empty(REGISTRY))
    overrides: pd.DataFrame = field(default_factory=lambda: _empty(APPLIED_OVERRIDES))
    lakes: pd.DataFrame = field(default_factory=lambda: _empty(LAKES))
    network: RoadNetwork | None = field(default=None, repr=False)

    @property
    def people(self) -> float:
        """People in the municipality: the sum over its cells."""
        return float(self.cells["people"].sum())

    def trace(self, ort: str) -> Trace:
        """Return an ort's way from its cells to its score, every step of it as tables.

        Parameters
        ----------
        ort
            The ort's name or its id.

        Returns
        -------
        Trace
            Cells, services and the score.

        Raises
        ------
        InputError
            If there is no such ort, or several of the name.

        Examples
        --------
        >>> import glesservice
        >>> settings = glesservice.load_settings().with_changes(certainty={"draws": 0})
        >>> found = glesservice.run(settings).trace("Stalon")
        >>> bool(abs(found.services["points"].sum() - found.ort["total"]) < 1e-9)
        True
        """
        return trace_of(
            found_ort(self.orter, ort),
            self.cells,
            self.sites,
            self.weights,
            self.settings.policy,
        )

    def __repr__(self) -> str:
        """Say in one line what the result is of: its tables would fill the screen."""
        area = self.settings.area
        return f"<Result: {area.name} {area.year}, {len(self.orter)} orter>"

    def _repr_html_(self) -> str:
        """Show a notebook the first orter of the list, and what a reader must know."""
        area, top = self.settings.area, self.settings.policy.top
        schema = orter_table(list(self.weights.index), self.settings.policy.limits_km)
        first = self.orter[self.orter["rank"] <= top]
        table = as_html(
            first,
            [schema.column(name) for name in _SUMMARY],
            f"{area.name} {area.year}: {number(self.people)} personer, {len(self.orter)} orter; "
            f"de {len(first)} glesaste",
        )
        told = "".join(f"<li>{escape(notice)}</li>" for notice in self.notices)
        return f"{table}<details lang='sv'><summary>Att veta</summary><ul>{told}</ul></details>"


def _empty(table: Table) -> pd.DataFrame:
    """Make a table without rows."""
    return pd.DataFrame(columns=table.names())

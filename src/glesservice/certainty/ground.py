"""What stays the same in every draw: people, groups, candidate sites, policy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.config import Settings
from glesservice.network import RoadNetwork, Snap
from glesservice.network.graph import Flags, Floats, Ints
from glesservice.sources.places import place_ids

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Ground:
    """The tables that the draws start from, with everything numbered.

    Attributes
    ----------
    settings
        The settings of the run.
    network
        The roads.
    weights
        Weight of each service that is judged.
    cells
        Schema ``cells_table``: all of the municipality's, their ort among the columns.
    cells_at
        Where they meet the road.
    sites
        The sites that are open or may be, of the services that are judged: ``site_id``,
        ``service``, ``name``, ``status``, ``counted``, ``zone`` (what is lost together with its
        ort, None where nothing is ranked) and ``fate`` (what opens and closes together).
    sites_at
        Where they meet the road.
    orter, zones
        Ids of the orter and of the zones, sorted.
    """

    settings: Settings
    network: RoadNetwork
    weights: pd.Series
    cells: pd.DataFrame
    cells_at: Snap
    sites: pd.DataFrame
    sites_at: Snap
    orter: Texts
    zones: Texts

    @cached_property
    def services(self) -> list[str]:
        """The services in their order."""
        return [str(service) for service in self.weights.index]

    @cached_property
    def people(self) -> Floats:
        """People of each cell, as published."""
        return self.cells["people"].to_numpy(dtype=float)

    @cached_property
    def ort_of_cell(self) -> Ints:
        """Number of each cell's ort, -1 for none."""
        return _numbered(self.cells["ort_id"], self.orter)

    @cached_property
    def zone_of_site(self) -> Ints:
        """Number of each site's zone, -1 for none."""
        return _numbered(self.sites["zone"], self.zones)

    @cached_property
    def service_of_site(self) -> Ints:
        """Number of each site's service."""
        return _numbered(self.sites["service"], np.array(self.services, dtype=object))

    @cached_property
    def counted(self) -> Flags:
        """Sites that the result counts."""
        return self.sites["counted"].to_numpy(dtype=bool)

    @cached_property
    def confirmed(self) -> Flags:
        """Sites that are known to be open."""
        return self.sites["status"].eq("open").to_numpy()


def ground_of(
    settings: Settings,
    network: RoadNetwork,
    weights: pd.Series,
    cells: pd.DataFrame,
    cells_at: Snap,
    sites: gpd.GeoDataFrame,
    sites_at: Snap,
    local: frozenset[str],
) -> Ground:
    """Return what the draws start from.

    Parameters
    ----------
    settings
        The settings of the run.
    network
        The roads.
    weights
        Weight of each service that is judged.
    cells
        Schema ``cells_table``.
    cells_at
        Where the cells meet the road.
    sites
        Schema ``sites_table``: all within the extent.
    sites_at
        Where they meet the road.
    local
        Ids of the sites whose loss is ranked: in the municipality, outside the centralort.

    Returns
    -------
    Ground
        Sites that are closed or planned are left out: no draw opens them.
    """
    candidate = sites["status"].isin(["open", "unconfirmed"]) & sites["service"].isin(weights.index)
    chosen = np.flatnonzero(candidate.to_numpy())
    kept = sites.iloc[chosen].reset_index(drop=True)
    zone = kept["ort_id"].where(kept["ort_id"].notna(), kept["place_id"])
    zone = zone.where(kept["site_id"].isin(local), None).astype("object")
    kept = kept.assign(zone=zone, fate=place_ids(kept, settings.policy.place_m))
    return Ground(
        settings,
        network,
        weights,
        cells,
        cells_at,
        kept,
        sites_at.take(chosen),
        np.array(sorted(cells["ort_id"].dropna().unique()), dtype=object),
        np.array(sorted(zone.dropna().unique()), dtype=object),
    )


def _numbered(values: pd.Series, names: Texts) -> Ints:
    """Number values by their position among the names; -1 for what is not among them."""
    numbers = pd.Series(np.arange(len(names)), index=names)
    return np.asarray(values.map(numbers).fillna(-1), dtype=np.int64)

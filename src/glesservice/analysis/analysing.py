"""Tables and settings in, one typed and frozen ``Result`` out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice import measures
from glesservice.analysis.extent import in_extent
from glesservice.analysis.reaching import reach
from glesservice.analysis.result import Result
from glesservice.certainty import ground_of, judge
from glesservice.config import Settings
from glesservice.decisions import gone, holding, with_decisions
from glesservice.network import RoadNetwork, Snap, nearest, snap
from glesservice.notices import about_ort_changes, about_overrides, notices
from glesservice.orter import CENTRALORT, NAME, Settled
from glesservice.selection import (
    Ground,
    legal_table_of,
    sparse_bygder,
    sparse_orter,
    strategic_serviceorter,
    told_bygder,
    told_orter,
    told_strategic,
)
from glesservice.sources import Inputs


def analyse(inputs: Inputs, settings: Settings, network: RoadNetwork | None = None) -> Result:
    """Return the whole result for one municipality.

    Parameters
    ----------
    inputs
        The checked tables.
    settings
        Area, rules and policy.
    network
        What ``build_network`` returns for the same inputs and settings, where it is at hand.

    Returns
    -------
    Result
        All tables of the result.

    Raises
    ------
    InputError
        If nobody lives in the municipality, no service of the policy has a site, or the roads do
        not reach most of the people.
    NetworkError
        If there is no road to drive on.

    Examples
    --------
    >>> import glesservice
    >>> settings = glesservice.load_settings(glesservice.embedded_settings())
    >>> result = glesservice.analyse(glesservice.read_inputs(settings), settings)
    >>> result.strategic["name"].iloc[0]
    'Saxnäs'
    >>> in_orter = result.orter["people"].sum()
    >>> bool(in_orter + result.spread_people == result.people)
    True
    """
    reached = reach(inputs, settings, network)
    network, cells, cells_at = reached.network, reached.cells, reached.cells_at
    sites, sites_at, usable = reached.sites, reached.sites_at, reached.usable
    access, settled, weights = reached.access, reached.settled, reached.weights
    beside = measures.cell_measures(
        network,
        measures.Points(cells, cells_at),
        _demand(inputs, settings, network, cells, cells_at),
        measures.Points(sites[usable], sites_at.take(np.flatnonzero(usable))),
        access,
        weights,
        settings.policy,
        settings.network.access_kmh,
    )
    cells = cells.assign(**beside.columns)
    sites = sites.assign(ort_id=_ort_of_sites(network, sites_at, cells_at, settled, settings))
    orter = sparse_orter(cells, settled, weights, settings.policy, sites)
    bygder = sparse_bygder(cells, orter, settled, weights, settings.policy, sites)
    centralort = orter.loc[orter["role"] == CENTRALORT, "ort_id"]
    own = sites.within(inputs.boundary.geometry.iloc[0])
    local = sites[own & ~sites["ort_id"].isin(centralort)]
    strategic = strategic_serviceorter(
        local, orter, cells, access, settings.policy, weights, reached.search
    )
    decided = _decided(inputs, settings, settled, orter, strategic)
    orter = with_decisions(orter, "ort_id", decided)
    strategic = with_decisions(strategic, "serviceort_id", decided)
    ground = Ground(weights, settings.policy, settings.publication.min_people)
    refs = network.table()["ref"]
    tests = measures.legal_tests(network, sites, sites_at, own, settings.policy.legal)
    sure = judge(
        ground_of(
            settings,
            network,
            weights,
            cells,
            cells_at,
            sites,
            sites_at,
            frozenset(local["site_id"]),
        ),
        orter,
    )
    # Two orter of one name are told apart by a number: neither is missing from the lists.
    listed = orter["name"].str.replace(r" \(\d+\)$", "", regex=True)
    changed = set(settled.overrides.loc[settled.overrides["change"] == NAME, "name"])
    unlisted = sorted(set(reached.places["name"]) - set(listed) - changed)
    return Result(
        settings=settings,
        boundary=inputs.boundary,
        cells=cells,
        access=access,
        drive=reached.drive,
        orter=told_orter(
            orter.join(sure.orter, on="ort_id"), cells, sites, beside.roads, refs, ground
        ),
        bygder=told_bygder(
            bygder.join(sure.bygder, on="bygd_id"), orter, cells, beside.roads, refs, ground
        ),
        sites=sites,
        strategic=told_strategic(strategic.join(sure.strategic, on="serviceort_id"), ground),
        legal=legal_table_of(tests, sites, settings.policy.legal),
        municipality=measures.municipality(cells, weights, settings.policy),
        sensitivity=sure.sensitivity,
        roads=network.table(),
        spread_people=float(cells.loc[cells["ort_id"].isna(), "people"].sum()),
        weights=weights,
        notices=(
            *notices(
                settings, cells, sites, sites_at, network.table(), weights, unlisted, inputs.merges
            ),
            *sure.notices,
            *about_ort_changes(settled.changes),
            *about_overrides(settled.overrides),
            *gone(decided, {*orter["ort_id"], *strategic["serviceort_id"]}),
        ),
        merges=inputs.merges,
        ort_changes=settled.changes,
        registry=settled.registry,
        overrides=settled.overrides,
        network=network,
        **({} if inputs.lakes is None else {"lakes": inputs.lakes}),
    )


def _decided(
    inputs: Inputs,
    settings: Settings,
    settled: Settled,
    orter: pd.DataFrame,
    strategic: pd.DataFrame,
) -> pd.DataFrame:
    """Find the decisions that hold; today's names go before those of earlier years."""
    tables = [
        orter[["ort_id", "name"]],
        strategic[["serviceort_id", "name"]],
        settled.registry[["ort_id", "name"]],
        settled.overrides[["ort_id", "name"]],
    ]
    if inputs.registry is not None:
        tables.append(inputs.registry[["ort_id", "name"]])
    names = [
        (str(ort), str(name)) for table in tables for ort, name in table.itertuples(index=False)
    ]
    return holding(inputs.decisions, names, settings.area.year, str(settings.decisions.path))


def _demand(
    inputs: Inputs,
    settings: Settings,
    network: RoadNetwork,
    cells: gpd.GeoDataFrame,
    cells_at: Snap,
) -> measures.Points:
    """Add the neighbours' cells, whose people use the same sites, after the municipality's own."""
    middle = inputs.cells.geometry.centroid
    own = inputs.cells["cell_id"].isin(cells["cell_id"])
    near = in_extent(middle, inputs, settings) & ~own
    at = snap(network, middle[near], settings.network.access_max_m)
    both = Snap(
        np.concatenate([cells_at.link, at.link]),
        np.concatenate([cells_at.fraction, at.fraction]),
        np.concatenate([cells_at.access_m, at.access_m]),
    )
    people = pd.concat([cells[["people"]], inputs.cells.loc[near, ["people"]]], ignore_index=True)
    return measures.Points(people, both)


def _ort_of_sites(
    network: RoadNetwork, sites_at: Snap, cells_at: Snap, settled: Settled, settings: Settings
) -> pd.Series:
    """Give each site the ort of the nearest populated cell by road, within a village's reach."""
    reach = settings.orter.village_km * 1000
    cell = nearest(network, sites_at, cells_at, by="metres", bound=reach).site[:, 0]
    ort_of_cell = settled.ort_of_cell.reset_index(drop=True).astype("object")
    found = ort_of_cell.reindex(cell)  # -1: nobody lives near
    return found.where(found.notna(), None).reset_index(drop=True)

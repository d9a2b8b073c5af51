"""What of the inputs takes part: what lies in the municipality, and around it."""

from __future__ import annotations

import difflib

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.analysis.extent import in_extent
from glesservice.config import Settings
from glesservice.errors import Fault, InputError
from glesservice.network import RoadNetwork, Snap, speeds
from glesservice.sources import Inputs
from glesservice.sources.places import place_ids

# With more of the people than this off the roads, the roads are of another area or too coarse, and
# every number would be about the file rather than the municipality.
MOST_WITHOUT_ROAD = 0.5


def build_network(inputs: Inputs, settings: Settings) -> RoadNetwork:
    """Return the car network of the municipality and its surroundings.

    Parameters
    ----------
    inputs
        The checked tables.
    settings
        Buffer, speeds and season.

    Returns
    -------
    RoadNetwork
        The links that touch the buffered municipality.

    Raises
    ------
    NetworkError
        If there is no road to drive on.
    """
    touching = inputs.edges[in_extent(inputs.edges.geometry, inputs, settings)]
    return RoadNetwork.from_edges(speeds.assign(touching, settings.network))


def inside(frame: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame, what: str) -> gpd.GeoDataFrame:
    """Return the rows whose middle lies in the municipality.

    Parameters
    ----------
    frame
        Cells or settlements.
    boundary
        The municipality, one row.
    what
        What the rows are, for the message.

    Returns
    -------
    GeoDataFrame
        Index 0..n-1.

    Raises
    ------
    InputError
        If there are none.
    """
    # Row by row, so that a part of a country's table gives what the whole gives. A cell's middle is
    # its centroid, which SCB counts it by; that of a bent locality may lie outside it.
    cells = "cell_id" in frame
    middle = frame.geometry.centroid if cells else frame.geometry.representative_point()
    kept = frame[middle.within(boundary.geometry.iloc[0])].reset_index(drop=True)
    if kept.empty:
        raise InputError(
            Fault(
                f"nothing of {what} lies in the municipality",
                f"municipality {boundary['kommunkod'].iloc[0]}",
                "Check that the files are of the same area and state their coordinate system",
            )
        )
    return kept


def refuse_other_roads(cells: gpd.GeoDataFrame, cells_at: Snap) -> None:
    """Stop where the roads are plainly not the municipality's.

    Parameters
    ----------
    cells
        Table with ``people``.
    cells_at
        Where they meet the road.

    Raises
    ------
    InputError
        If most of the people live too far from every road.
    """
    share = cells.loc[cells_at.link < 0, "people"].sum() / cells["people"].sum()
    if share > MOST_WITHOUT_ROAD:
        raise InputError(
            Fault(
                f"{share:.0%} of the people live too far from every road of the file",
                "[roads]",
                "Use the roads of this municipality, or raise access_max_m under [network]",
            )
        )


def sites_in_extent(inputs: Inputs, settings: Settings) -> gpd.GeoDataFrame:
    """Return the sites people may drive to; say which count and which close together.

    Parameters
    ----------
    inputs
        The checked tables.
    settings
        Area, rules and policy.

    Returns
    -------
    GeoDataFrame
        Schema ``sites_table`` but for the ort, sorted by id.

    Raises
    ------
    InputError
        If the name of a service or the place of a site is plainly a slip.
    """
    near = in_extent(inputs.sites.geometry, inputs, settings)
    _refuse_lost_sites(inputs.sites, near, settings)
    # By id: of two sites as far away the lower id is named, whatever the order of the file.
    sites = inputs.sites[near].sort_values("site_id", ignore_index=True)
    counts = counted(sites, settings)
    places = place_ids(sites[counts], settings.policy.place_m).reindex(sites.index)
    return sites.assign(counted=counts, place_id=places.fillna(sites["site_id"]))


def counted(sites: pd.DataFrame, settings: Settings) -> pd.Series:
    """Return which sites count: the open ones, and the unconfirmed where the settings say so.

    Parameters
    ----------
    sites
        Table with ``status``.
    settings
        The settings.

    Returns
    -------
    Series of bool
        Index as ``sites``.
    """
    statuses = {"open"}
    if settings.unconfirmed == "include":
        statuses.add("unconfirmed")
    return sites["status"].isin(statuses)


def _refuse_lost_sites(
    sites: gpd.GeoDataFrame, in_reach: npt.NDArray[np.bool_], settings: Settings
) -> None:
    """Stop where a name or a place is plainly a slip: a shop must not get lost over it."""
    where = _files_of_sites(settings)
    known = list(settings.policy.services)
    faults = []
    for service in sorted(set(sites["service"]) - set(known)):
        near = difflib.get_close_matches(service, known, n=1, cutoff=0.8)
        if near:
            mend = f"Write {near[0]}, or another name altogether"
            faults.append(
                Fault(f"the service {service} is not among those that count", where, mend)
            )
    own = sites["kommunkod"].eq(settings.area.kommun) & ~in_reach
    if own.any():
        names = ", ".join(sites.loc[own, "name"].head(5))
        faults.append(
            Fault(
                f"{own.sum()} sites of the municipality lie more than {settings.area.buffer_km:g} "
                f"km outside it ({names})",
                where,
                "Correct lat and lon, or kommunkod",
            )
        )
    if faults:
        raise InputError(*faults)


def _files_of_sites(settings: Settings) -> str:
    """Name the files that the sites come from."""
    return ", ".join(str(source.path) for source in settings.services)


def nothing_to_rank(cells: gpd.GeoDataFrame, settings: Settings) -> Fault:
    """Return why there is no ort.

    Parameters
    ----------
    cells
        The municipality's own, with ``people``.
    settings
        Area, rules and policy.

    Returns
    -------
    Fault
        What is wrong, and how to mend it.
    """
    floor, people = settings.publication.min_people, float(cells["people"].sum())
    return Fault(
        f"no place has {floor} people or more: all {people:g} live scattered, "
        "and there is no ort to rank",
        f"municipality {settings.area.kommun}",
        "Check the population and the settlements; village_km and cluster_km under [orter] say how "
        "far apart people may live in one ort",
    )


def nothing_counts(inputs: Inputs, sites: gpd.GeoDataFrame, settings: Settings) -> Fault:
    """Return why no site counts.

    Parameters
    ----------
    inputs
        The checked tables.
    sites
        What ``sites_in_extent`` returned.
    settings
        Area, rules and policy.

    Returns
    -------
    Fault
        What is wrong, and how to mend it.
    """
    of_policy = inputs.sites["service"].isin(list(settings.policy.services))
    here = sites["service"].isin(list(settings.policy.services))
    if not of_policy.any():
        what = "no site has a service that counts"
        mend = f"Use these names of services: {', '.join(settings.policy.services)}"
    elif not here.any():
        what, mend = "all sites lie outside the municipality and its surroundings", "Check lat, lon"
    elif not sites.loc[here, "counted"].any():
        what, mend = "no site is open", "Confirm the sites: status open"
    else:
        what = "no site that counts is near a road and has a weight"
        mend = "Check the roads, the positions of the sites and the weights under [policy]"
    return Fault(what, _files_of_sites(settings), mend)

"""The two lists, both proposals: sparse orter and bygder, and strategic serviceorter."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice import measures
from glesservice.access import without
from glesservice.config import Policy
from glesservice.orter import CANDIDATE, Settled
from glesservice.tables import INTERVAL_COLUMNS, strategic_table

# Totals that agree to so many decimals are equal: what differs beyond is the rounding of sums,
# which hangs on the order of the rows.
TIE_DECIMALS = 6

# What the draws add to the list afterwards.
_INTERVAL = tuple(column.name for column in INTERVAL_COLUMNS)

# Closes some sites of some services and searches anew: (closed site ids, services) -> access.
Rerun = Callable[[frozenset[str], list[str]], pd.DataFrame]


def ranks(scores: pd.DataFrame, key: str) -> pd.Series:
    """Return ranks from 1 by total, highest first.

    Parameters
    ----------
    scores
        Table with ``total``, ``people`` and a key column.
    key
        The key column.

    Returns
    -------
    Series
        Ranks, index as ``scores``. Of equal totals, more people come first; of equal people, the
        lower key.
    """
    exact = scores.assign(total=scores["total"].round(TIE_DECIMALS))
    order = exact.sort_values(["total", "people", key], ascending=[False, False, True]).index
    return pd.Series(np.arange(1, len(order) + 1, dtype=float), index=order).reindex(scores.index)


def sparse_orter(
    cells: gpd.GeoDataFrame,
    settled: Settled,
    weights: pd.Series,
    policy: Policy,
    sites: pd.DataFrame,
) -> gpd.GeoDataFrame:
    """Return the orter with their scores, the sparsest first and the centralort last.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    settled
        The orter of the cells.
    weights
        Weight of each service.
    policy
        Thresholds and shares.
    sites
        Table with ``site_id`` and ``name``.

    Returns
    -------
    GeoDataFrame
        Schema ``orter_table``; the geometry is the ort's cells together.
    """
    scores = measures.scores(cells, cells["ort_id"], weights, policy)
    orter = settled.orter.drop(columns="geometry").merge(
        _named(scores, weights, sites), on="ort_id"
    )
    orter["rank"] = ranks(orter[orter["role"] == CANDIDATE], "ort_id").reindex(orter.index)
    return _mapped(orter, cells, cells["ort_id"], "ort_id")


def sparse_bygder(
    cells: gpd.GeoDataFrame,
    orter: gpd.GeoDataFrame,
    settled: Settled,
    weights: pd.Series,
    policy: Policy,
    sites: pd.DataFrame,
) -> gpd.GeoDataFrame:
    """Return the bygder with their scores, the sparsest first.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    orter
        What ``sparse_orter`` returned.
    settled
        The bygder of the orter.
    weights
        Weight of each service.
    policy
        Thresholds and shares.
    sites
        Table with ``site_id`` and ``name``.

    Returns
    -------
    GeoDataFrame
        Schema ``bygder_table``; the geometry is the bygd's cells together.
    """
    bygd_of_cell = cells["ort_id"].map(orter.set_index("ort_id")["bygd_id"]).rename("bygd_id")
    scores = _named(measures.scores(cells, bygd_of_cell, weights, policy), weights, sites)
    bygder = settled.bygder.merge(scores, on="bygd_id")
    members = orter.sort_values(["people", "name"], ascending=[False, True]).groupby("bygd_id")
    bygder["orter"] = bygder["bygd_id"].map(members.size())
    bygder["members"] = bygder["bygd_id"].map(members["name"].agg(", ".join))
    bygder["rank"] = ranks(bygder, "bygd_id")
    return _mapped(bygder, cells, bygd_of_cell, "bygd_id")


def _named(scores: pd.DataFrame, weights: pd.Series, sites: pd.DataFrame) -> pd.DataFrame:
    """Replace the ids of the nearest sites by their names."""
    names = sites.set_index("site_id")["name"]
    return scores.assign(**{f"site_{s}": scores[f"site_{s}"].map(names) for s in weights.index})


def _mapped(
    table: pd.DataFrame, cells: gpd.GeoDataFrame, group: pd.Series, key: str
) -> gpd.GeoDataFrame:
    """Add the cells of each row together as its geometry, and sort by rank."""
    shapes = cells[["geometry"]].dissolve(by=group).geometry
    frame = gpd.GeoDataFrame(table, geometry=table[key].map(shapes).to_numpy(), crs=cells.crs)
    return frame.sort_values("rank", na_position="last", ignore_index=True)


def strategic_serviceorter(
    sites: gpd.GeoDataFrame,
    orter: pd.DataFrame,
    cells: pd.DataFrame,
    access: pd.DataFrame,
    policy: Policy,
    weights: pd.Series,
    rerun: Rerun,
) -> pd.DataFrame:
    """Return what the loss of each ort's whole service would cost, most first.

    Parameters
    ----------
    sites
        Schema ``sites_table``: the sites inside the municipality, outside the centralort.
    orter
        Table with ``ort_id`` and ``name``.
    cells
        Table with ``cell_id`` and ``people``: whose loss is counted.
    access
        What ``access.nearest_sites`` returned for the cells.
    policy
        Limits, and how many sites were looked for.
    weights
        Weight of each service.
    rerun
        Searches anew without some sites, where the sites found do not suffice.

    Returns
    -------
    DataFrame
        Schema ``strategic_table``. Those whose loss leaves people without any service to reach
        come first, then those that add most person-kilometres; ties by id.
    """
    counted = sites[sites["counted"] & sites["service"].isin(weights.index)]
    names = orter.set_index("ort_id")["name"]
    rows = []
    for serviceort, here in counted.groupby(counted["ort_id"].fillna(counted["place_id"])):
        services = [service for service in weights.index if service in set(here["service"])]
        lost = loss(frozenset(here["site_id"]), services, cells, access, policy, rerun)
        added = lost["added_km"] * lost["people"]
        by_service = added.groupby(lost["service"]).sum().reindex(weights.index, fill_value=0.0)
        shops = here.sort_values(["name", "site_id"])
        rows.append(
            {
                "serviceort_id": serviceort,
                "name": names.get(serviceort, shops["name"].iloc[0]),
                "services": ", ".join(services),
                "sites": "; ".join(shops["name"].drop_duplicates()),
                "places": here["place_id"].nunique(),
                "people_served": _people(lost, lost["service"].notna()),
                "people_without": _people(lost, lost["without"]),
                "people_past_limit": _people(lost, lost["past_limit"]),
                "added_person_km": float((by_service * weights).sum()),
                **{f"added_person_km_{service}": by_service[service] for service in weights.index},
            }
        )
    table = strategic_table([str(service) for service in weights.index])
    columns = [name for name in table.names() if name not in ("rank", *_INTERVAL)]
    listed = pd.DataFrame(rows, columns=columns)
    listed = listed.sort_values(
        ["people_without", "added_person_km", "serviceort_id"],
        ascending=[False, False, True],
        ignore_index=True,
        key=lambda column: column if column.name == "serviceort_id" else column.round(TIE_DECIMALS),
    )
    listed.insert(0, "rank", np.arange(1, len(listed) + 1))
    return listed


def _people(loss: pd.DataFrame, chosen: pd.Series) -> float:
    """Count the people of the chosen rows, each cell once."""
    return float(loss[chosen].drop_duplicates("cell_id")["people"].sum())


def loss(
    closed: frozenset[str],
    services: list[str],
    cells: pd.DataFrame,
    access: pd.DataFrame,
    policy: Policy,
    rerun: Rerun,
) -> pd.DataFrame:
    """Return each affected cell's way before and after some sites close.

    Parameters
    ----------
    closed
        Ids of the sites that close.
    services
        The services that they give.
    cells
        Table with ``cell_id`` and ``people``.
    access
        What ``access.nearest_sites`` returned for the cells.
    policy
        Limits, and how many sites were looked for.
    rerun
        Searches anew without the sites, where the sites found do not suffice.

    Returns
    -------
    DataFrame
        One row a cell and service whose nearest site closes: ``cell_id, service, metres_before,
        metres_after, people, added_km, without`` (nothing is left to reach) and ``past_limit``
        (the new way is longer than the service's lower limit, the old one was not).
    """
    before = access[(access["order"] == 1) & access["site_id"].isin(closed)]
    concerned = access.merge(before[["cell_id", "service"]], on=["cell_id", "service"])
    after = without(concerned, closed, policy.sites_per_cell)
    if not after["certain"].all():
        searched = rerun(closed, services)
        after = searched[searched["order"] == 1]
    keys = ["cell_id", "service"]
    lost = before[[*keys, "metres"]].merge(
        after[[*keys, "metres"]], on=keys, how="left", suffixes=("_before", "_after")
    )
    people = cells.set_index("cell_id")["people"]
    before_km, after_km = lost["metres_before"] / 1000, lost["metres_after"] / 1000
    near_km = {name: s.near_km for name, s in policy.services.items()}
    near = lost["service"].map(near_km).astype(float)  # floats also where nobody is concerned
    return lost.assign(
        people=lost["cell_id"].map(people).astype(float),
        # By the fastest way the next site may be slower yet shorter to reach: no gain to count.
        added_km=(after_km - before_km).clip(lower=0.0).fillna(0.0),
        without=after_km.isna(),
        past_limit=(before_km <= near) & (after_km.isna() | (after_km > near)),
    )

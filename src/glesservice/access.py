"""How far each cell has: the nearest sites of each service, in metres and seconds.

What is nearest by the road's length need not be nearest in time. Looking for the one and telling
the other of the same way would let a new shop lengthen somebody's kilometres (it is quicker to
reach, and further away), so each measure is looked for by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from glesservice.network import Measure, RoadNetwork, Snap, nearest

COLUMNS = ["cell_id", "service", "order", "site_id", "seconds", "metres"]

# What is made smallest, by the name that the settings give the way (``policy.way``).
MEASURE_OF_WAY: Mapping[str, Measure] = {"shortest": "metres", "fastest": "seconds"}


def nearest_sites(
    network: RoadNetwork,
    cells: pd.DataFrame,
    cells_at: Snap,
    sites: pd.DataFrame,
    sites_at: Snap,
    services: Sequence[str],
    k: int,
    access_kmh: float,
    by: Measure = "metres",
) -> pd.DataFrame:
    """Return the k nearest sites of each cell and service.

    Parameters
    ----------
    network
        The roads.
    cells
        Table with ``cell_id``.
    cells_at
        Where the cells meet the road, in the order of ``cells``.
    sites
        Table with ``site_id`` and ``service``: the sites that count.
    sites_at
        Where the sites meet the road, in the order of ``sites``.
    services
        The services to look for.
    k
        How many sites to find.
    access_kmh
        Speed on the straight legs between points and road.
    by
        Near by what: the length of the shortest way, or the time of the fastest.

    Returns
    -------
    DataFrame
        ``cell_id, service, order, site_id, seconds, metres``: one row a cell, service and site
        that can be reached, ``order`` from 1, with both measures of that one way. Access legs are
        included.
    """
    ids = sites["site_id"].to_numpy()
    kinds = sites["service"].to_numpy()
    parts = []
    for service in services:
        chosen = np.flatnonzero(kinds == service)
        found = nearest(network, cells_at, sites_at.take(chosen), k, by=by, access_kmh=access_kmh)
        row, order = np.nonzero(found.site >= 0)
        parts.append(
            pd.DataFrame(
                {
                    "cell_id": cells["cell_id"].to_numpy()[row],
                    "service": service,
                    "order": order + 1,
                    "site_id": ids[chosen[found.site[row, order]]],
                    "seconds": found.seconds[row, order],
                    "metres": found.metres[row, order],
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def without(access: pd.DataFrame, closed: Collection[str], k: int) -> pd.DataFrame:
    """Return the nearest site left of each cell and service when some sites close.

    Parameters
    ----------
    access
        What ``nearest_sites`` returned.
    closed
        Ids of the sites that close.
    k
        How many sites were looked for.

    Returns
    -------
    DataFrame
        As ``access`` with ``order`` 1 only, plus ``certain``: False where all k sites found are
        closed, so that a site further away may exist that only a new search can find. Those rows
        have no site. Pairs without any site left, of fewer than k found, have no row.
    """
    shut = access["site_id"].isin(list(closed))
    left = access[~shut]
    # The nearest first, and only those that are kept by cell: texts are slow to sort.
    first = left.sort_values("order", kind="stable").drop_duplicates(["cell_id", "service"])
    first = first.sort_values(["cell_id", "service"])
    # All k closed, the last of them too: few pairs, and the others need not be looked at.
    last = access.loc[shut & (access["order"] == k), ["cell_id", "service"]]
    exhausted = last.merge(first[["cell_id", "service"]], how="left", indicator=True)
    exhausted = exhausted[exhausted["_merge"] == "left_only"]
    exhausted = exhausted.sort_values(["cell_id", "service"])
    unknown = exhausted[["cell_id", "service"]].assign(
        order=1, site_id=None, seconds=np.nan, metres=np.nan, certain=False
    )
    known = first.assign(order=1, certain=True)
    parts = [part for part in (known, unknown) if not part.empty] or [known]
    left_over: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return left_over

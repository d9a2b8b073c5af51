"""Places: sites of different services at one spot, which close together."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

# One operator's shop and pump may stand on either side of a yard or a road; further apart they are
# two establishments. Assumption.
SAME_OPERATOR_M = 500.0


def place_ids(sites: gpd.GeoDataFrame, place_m: float) -> pd.Series:
    """Return the id of the place that each site belongs to.

    Parameters
    ----------
    sites
        Schema ``SITES``: the sites that can form places.
    place_m
        Sites of different services within so many metres are one place; of one operator, within
        ``SAME_OPERATOR_M``.

    Returns
    -------
    Series
        The lowest site id of each place; index as ``sites``. A place has at most one site of a
        service: two shops side by side are two sites, and one closing leaves the other. What
        stands closest joins first.
    """
    ids = sites["site_id"].to_numpy(dtype=object)
    services = sites["service"].to_numpy(dtype=object)
    operator = sites["operator"].to_numpy(dtype=object)
    xy = np.column_stack([sites.geometry.x, sites.geometry.y])
    reach = max(place_m, SAME_OPERATOR_M)
    pairs = []
    for i, j in cKDTree(xy).query_pairs(reach) if len(sites) > 1 else ():
        first, second = sorted((i, j), key=lambda n: ids[n])
        distance = float(np.hypot(*(xy[i] - xy[j])))
        same = operator[i] is not None and operator[i] == operator[j]
        if same or distance <= place_m:
            pairs.append((not same, distance, ids[first], ids[second], first, second))
    member_of = list(range(len(sites)))
    members = {n: {n} for n in member_of}
    for *_, i, j in sorted(pairs):
        a, b = member_of[i], member_of[j]
        kinds = {services[n] for n in members[a]}
        if a == b or kinds & {services[n] for n in members[b]}:
            continue
        members[a] |= members.pop(b)
        for n in members[a]:
            member_of[n] = a
    return pd.Series(
        [min(ids[n] for n in members[member_of[i]]) for i in range(len(sites))],
        index=sites.index,
        dtype="object",
    )

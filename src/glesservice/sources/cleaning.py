"""Links as every reader hands them on: none without length, none twice, limits said once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

# Less than the coordinates' own precision: what is shorter has no length.
NO_LENGTH_M, NO_LENGTH_DRAWN_M = 0.001, 0.01


def clean_links(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return links without those that have no length or are there twice.

    Parameters
    ----------
    edges
        Rows of schema ``EDGES``.

    Returns
    -------
    GeoDataFrame
        The links in their order, index 0..n-1. The two ends of a link without length are one
        junction. Links with the same ends, line and attributes are one; loops stay. A limit
        against the drawn direction is there only where it is another one.
    """
    cleaned = _without_copies(_without_lengthless(_limits_once(edges)))
    return cleaned.reset_index(drop=True)


def _limits_once(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep one limit where both directions have the same, or one direction alone is driven."""
    along, against = (edges[f"maxspeed{way}_kmh"].astype(float) for way in ("", "_backward"))
    against_only = edges["backward"].astype(bool) & ~edges["forward"].astype(bool)
    along = along.where(~against_only | against.isna(), against)
    another = edges["backward"].astype(bool) & ~against_only & (against != along)
    return edges.assign(maxspeed_kmh=along, maxspeed_backward_kmh=against.where(another))


def _without_lengthless(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Remove links without length; their two ends become the lower-numbered one."""
    short = edges["length_m"].to_numpy() < NO_LENGTH_M
    short[short] = shapely.length(edges.geometry.to_numpy()[short]) < NO_LENGTH_DRAWN_M
    if not short.any():
        return edges
    names, number = np.unique(edges.loc[short, ["u", "v"]].to_numpy().T, return_inverse=True)
    first, second = number.reshape(2, -1)
    same = sparse.coo_array((np.ones(len(first)), (first, second)), shape=(len(names),) * 2)
    junction = csgraph.connected_components(same, directed=False)[1]
    # Names are sorted, so that of each junction the lowest comes first.
    lowest = names[np.unique(junction, return_index=True)[1]][junction]
    kept = edges[~short]
    return kept.assign(**{end: _renamed(kept[end], names, lowest) for end in ("u", "v")})


def _renamed(nodes: pd.Series, names: np.ndarray, into: np.ndarray) -> np.ndarray:
    """Replace node numbers that are among the names."""
    values = nodes.to_numpy()
    at = np.minimum(np.searchsorted(names, values), len(names) - 1)
    return np.where(names[at] == values, into[at], values)


def _without_copies(edges: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep one of the links that are the same in everything."""
    # Few links share ends and length: only their lines are compared.
    suspects = edges[edges.duplicated(["u", "v", "length_m"], keep=False)]
    if suspects.empty:
        return edges
    drawn = pd.DataFrame(suspects.drop(columns="geometry")).assign(
        line=shapely.to_wkb(suspects.geometry.to_numpy())
    )
    return edges.drop(index=drawn.index[drawn.duplicated()])

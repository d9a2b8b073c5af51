"""From the totals of many draws to rank intervals and shares among the first."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.network.graph import Floats, Ints
from glesservice.selection import TIE_DECIMALS


def ranks_of_draws(*scores: Floats) -> Floats:
    """Return the ranks from 1 in each draw, highest first.

    Parameters
    ----------
    *scores
        Shape (draws, entries), the most important first; the entries in the order of their ids,
        which decide where all scores are equal, as in ``selection.ranks``.

    Returns
    -------
    ndarray
        Shape (draws, entries).

    Examples
    --------
    >>> ranks_of_draws(np.array([[50.0, 70.0, 50.0]]), np.array([[10.0, 10.0, 30.0]]))
    array([[3., 1., 2.]])
    """
    keys = [-np.round(score, TIE_DECIMALS) for score in reversed(scores)]
    order = np.lexsort(keys, axis=-1)
    ranks = np.empty(order.shape)
    place = np.broadcast_to(np.arange(1.0, order.shape[-1] + 1), order.shape)
    np.put_along_axis(ranks, order, place, axis=-1)
    return ranks


def rank_intervals(
    ranks: Floats, keys: npt.NDArray[np.object_], top: int, interval: float
) -> pd.DataFrame:
    """Return where each entry lies in most of the draws.

    Parameters
    ----------
    ranks
        Shape (draws, entries).
    keys
        Ids of the entries.
    top
        How many of the list are proposed.
    interval
        The middle share of the draws that an interval holds.

    Returns
    -------
    DataFrame
        Indexed by id: ``rank_low, rank_high``, ranks that occur in the draws; ``top_share``, per
        cent of the draws in which the entry is proposed.
    """
    ends = np.quantile(
        ranks, [(1 - interval) / 2, (1 + interval) / 2], axis=0, method="inverted_cdf"
    )
    share = 100.0 * (ranks <= top).mean(axis=0)
    columns = {"rank_low": ends[0], "rank_high": ends[1], "top_share": share}
    return pd.DataFrame(columns, index=pd.Index(keys, dtype="object"))


def summed(values: Floats, group: Ints, groups: int) -> Floats:
    """Return the sums of columns of one group.

    Parameters
    ----------
    values
        Shape (draws, columns).
    group
        Number of each column's group; negative for none.
    groups
        How many groups there are.

    Returns
    -------
    ndarray
        Shape (draws, groups).
    """
    found = np.zeros((len(values), groups))
    # Column by column: a product of matrices adds up in an order that hangs on the processor and
    # the number of its threads, and two draws that are equal would differ in their last digits.
    for column in np.flatnonzero(group >= 0):
        found[:, group[column]] += values[:, column]
    return found

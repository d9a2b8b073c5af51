"""One factor at a time: where each ort would stand if one assumption were another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from glesservice.certainty.cases import Case
from glesservice.certainty.ground import Ground
from glesservice.certainty.intervals import ranks_of_draws
from glesservice.certainty.outcomes import Outcome
from glesservice.network.graph import Flags, Floats, Ints
from glesservice.selection import TIE_DECIMALS
from glesservice.tables import sensitivity_table


def sensitivity(
    ground: Ground,
    cases: Sequence[Case],
    outcomes: Sequence[Outcome],
    settled: Outcome,
    names: pd.Series,
    ranked: Flags,
) -> pd.DataFrame:
    """Return what each factor does to each ort.

    Parameters
    ----------
    ground
        What everything starts from.
    cases
        The factors.
    outcomes
        What the draws of each gave.
    settled
        What the settings as they are give.
    names
        Names of the orter.
    ranked
        Which of them have a rank.

    Returns
    -------
    DataFrame
        Schema ``sensitivity_table``: total and rank of each ort at either end of each factor, by
        rank, and of each ort the factor first that moves its total most.
    """
    rank = ranks_in(settled, ranked)[0]
    parts = []
    for case, found in zip(cases, outcomes, strict=True):
        totals = found.total[:, ranked]
        ranks = ranks_in(found, ranked)
        low, high = _ends(case, totals)
        column = np.arange(totals.shape[1])
        ends = np.stack([totals[low, column], totals[high, column], settled.total[0, ranked]])
        parts.append(
            pd.DataFrame(
                {
                    "ort_id": ground.orter[ranked],
                    "name": names.to_numpy()[ranked],
                    "factor": case.factor,
                    "title": case.title,
                    "low": case.low,
                    "high": case.high,
                    "rank": rank,
                    "rank_at_low": ranks[low, column],
                    "rank_at_high": ranks[high, column],
                    "total": ends[2],
                    "total_at_low": ends[0],
                    "total_at_high": ends[1],
                    "swing": np.ptp(ends, axis=0),
                }
            )
        )
    columns = sensitivity_table().names()
    if not parts:
        return pd.DataFrame(columns=columns)
    table = pd.concat(parts, ignore_index=True)
    # Swings that differ by what rounding leaves are equal: their order must not hang on the rows'.
    swing = -table["swing"].round(TIE_DECIMALS)
    order = np.lexsort([table["factor"], swing, table["rank"]])
    return table.loc[order, columns].reset_index(drop=True)


def ranks_in(found: Outcome, ranked: Flags) -> Floats:
    """Return the ranks of the candidates in each draw.

    Parameters
    ----------
    found
        What the draws gave.
    ranked
        Which of the orter have a rank.
    """
    return ranks_of_draws(found.total[:, ranked], found.people[:, ranked])


def _ends(case: Case, totals: Floats) -> tuple[Ints, Ints]:
    """Find each ort's low and high row: the two given, or those of its own among many."""
    rows, columns = totals.shape
    if case.among is None:
        return np.zeros(columns, dtype=np.int64), np.ones(columns, dtype=np.int64)
    order = np.argsort(totals.round(TIE_DECIMALS), axis=0, kind="stable")
    low, high = (int(np.clip(np.ceil(end * rows) - 1, 0, rows - 1)) for end in case.among)
    return order[low], order[high]

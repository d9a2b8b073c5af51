"""Rules on this year's people against last year's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from glesservice.checks.finding import Finding, found, number_of
from glesservice.checks.subject import Floats, Subject
from glesservice.tables import CELLS, SETTLEMENTS

LAYER = CELLS.name
SAME_GRID = 0.5


class OtherGrid:
    """CHG01 warning: The previous grid is another one.

    What: fewer than half of the populated cells of the smaller grid are in the other. Cell sizes,
    ids or areas differ, and single cells and settlements cannot be compared.

    Where: the two grids.

    Mend: name a grid of the same cells as previous_population under [check].
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the ids of the two grids."""
        both = subject.both_years
        if both is not None and not _comparable(both):
            what = f"{_shared(both):.0%} of the cells are in both grids"
            yield found(self, what, LAYER, value=_shared(both), limit=SAME_GRID, unit="share")


class TotalJump:
    """CHG02 warning: The municipality's people jumped.

    What: the sum over the municipality's cells changed by more than `jump_total_share` since the
    previous grid.

    Where: the grid as a whole.

    Mend: check that both grids have the same column and extent; then tell it in the report.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the sums."""
        both = subject.both_years
        if both is None:
            return
        before, now = float(both["before"].sum()), float(both["now"].sum())
        share = abs(now - before) / max(before, 1.0)
        limit = subject.limits.jump_total_share
        if share > limit:
            what = f"{before:.0f} people before, {now:.0f} now"
            yield found(self, what, LAYER, value=share, limit=limit, unit="share")


class SettlementJump:
    """CHG03 warning: A settlement's people jumped.

    What: cells belong to the nearest settlement within village_km as the crow flies. Told where
    their people changed by more than `jump_share` and `jump_people`: a home for the old that opened
    or closed, a displaced grid, or noise in a small village.

    Where: the settlements, with the share.

    Mend: ask somebody who knows the place, and note the cause.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the people around each settlement."""
        both, limits = subject.both_years, subject.limits
        if both is None or not _comparable(both):
            return
        places = subject.settlements
        tree = shapely.STRtree(places.geometry.to_numpy())
        reach = subject.settings.orter.village_km * 1000
        cell, place = tree.query_nearest(
            both.geometry.centroid.to_numpy(), max_distance=reach, all_matches=False
        )
        sums = both[["before", "now"]].iloc[cell].groupby(place).sum()
        jumped = sums[_jumped(sums, limits.jump_share, limits.jump_people)]
        if not jumped.empty:
            rows = places.iloc[jumped.index]
            share = _change(jumped)
            worst = int(np.argmax(share))
            what = (
                f"{number_of(len(rows), 'settlement')} (most: {rows['name'].iloc[worst]}, "
                f"{jumped['before'].iloc[worst]:.0f} to {jumped['now'].iloc[worst]:.0f} people)"
            )
            yield found(
                self,
                what,
                SETTLEMENTS.name,
                rows,
                values=share,
                limit=limits.jump_share,
                unit="share",
            )


class CellJump:
    """CHG04 warning: Single cells jumped.

    What: cells whose people changed by more than `jump_cell_share` and `jump_people` since the
    previous grid, those that appeared or were emptied among them.

    Where: the cells, with the change in people.

    Mend: look at them on the map: rows may be displaced.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare each cell."""
        both, limits = subject.both_years, subject.limits
        if both is None or not _comparable(both):
            return
        jumped = both[_jumped(both, limits.jump_cell_share, limits.jump_people)]
        if not jumped.empty:
            people = (jumped["now"] - jumped["before"]).abs().to_numpy()
            what = f"{number_of(len(jumped), 'cell')}, by up to {people.max():.0f} people"
            yield found(
                self, what, LAYER, jumped, values=people, limit=limits.jump_people, unit="people"
            )


RULES = (OtherGrid(), TotalJump(), SettlementJump(), CellJump())


def _shared(both: pd.DataFrame) -> float:
    """Measure how much of the smaller grid is in the other."""
    shared = ((both["now"] > 0) & (both["before"] > 0)).sum()
    smaller = min((both["now"] > 0).sum(), (both["before"] > 0).sum())
    return float(shared / max(smaller, 1))


def _comparable(both: pd.DataFrame) -> bool:
    """Say whether the two grids are of the same cells."""
    return _shared(both) >= SAME_GRID


def _change(people: pd.DataFrame) -> Floats:
    """Measure the change as a share of what was before; of one person where nobody was."""
    change = (people["now"] - people["before"]).abs() / people["before"].clip(lower=1.0)
    return np.asarray(change, dtype=float)


def _jumped(people: pd.DataFrame, share: float, least: float) -> np.ndarray:
    """Mark changes beyond a share and a number."""
    change = (people["now"] - people["before"]).abs().to_numpy()
    return np.asarray((_change(people) > share) & (change > least))

"""Confidential populations: nothing finer than groups of cells goes into the analysis.

Cells of few people are gathered in groups of neighbours, and the people of a group are spread over
its cells as evenly as whole numbers allow (microaggregation). Everything that is computed, and so
everything that is published, is then a function of the groups' sums: whatever is solved for a cell
is its share of the group. The sum of the municipality is kept.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

# Cells in a group, whatever their people: which cells are together must tell nothing. The last
# group takes what is left.
GROUP = 4
# A group's sum is kept so far from its lowest and highest that every cell has three possible
# numbers; what is moved for that goes to the next group.
SLACK = 2


def protect(
    cells: gpd.GeoDataFrame, inside: shapely.Geometry, *, confidential: bool, floor: int
) -> gpd.GeoDataFrame:
    """Return the cells with the people that an analysis may use.

    Parameters
    ----------
    cells
        Schema ``CELLS``, with people by age where the source has them.
    inside
        The municipality: groups do not cross its border, so that its total is kept.
    confidential
        Whether the source of the people is.
    floor
        From this number on people are not few.

    Returns
    -------
    GeoDataFrame
        The same cells; the people of an open source as they are.
    """
    if not confidential:
        return cells
    middles = cells.geometry.centroid
    within = middles.within(inside).to_numpy()
    place = middles.hilbert_distance().to_numpy() if len(cells) > 1 else np.zeros(len(cells))
    changed = {}
    for name in cells.columns:
        if name != "people" and not name.startswith("people_"):
            continue
        people = cells[name].fillna(0.0).to_numpy(dtype=float).copy()
        for side in (within, ~within):
            few = np.flatnonzero(side & (people > 0) & (people < floor))
            order = few[np.lexsort((cells["cell_id"].to_numpy()[few], place[few]))]
            people[order], rest = _evened(people[order], floor - 1)
            many = np.flatnonzero(side & (people >= floor))
            if rest and len(many):
                people[many[np.argmax(people[many])]] += rest
        changed[name] = people
    return cells.assign(**changed)


def _evened(people: Floats, most: int) -> tuple[Floats, float]:
    """Spread the people of each group evenly; what no group could take comes out too."""
    even, rest = people.copy(), 0.0
    groups = max(1, len(people) // GROUP)
    for number in range(groups if len(people) else 0):
        here = slice(number * GROUP, None if number == groups - 1 else (number + 1) * GROUP)
        n = len(people[here])
        wanted = people[here].sum() + rest
        low, high = n + SLACK, n * most - SLACK
        total = float(np.clip(wanted, low, high)) if low <= high else n * (most + 1) / 2
        rest = wanted - total
        even[here] = _even(total, n)
    return even, rest


def _even(total: float, n: int) -> Floats:
    """Spread people evenly, in whole numbers where they are whole."""
    if total != np.floor(total):
        return np.full(n, total / n)
    each, more = divmod(int(total), n)
    return each + (np.arange(n) < more).astype(float)

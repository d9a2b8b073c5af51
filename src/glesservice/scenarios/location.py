"""Which few of many candidates gain most together: exact by HiGHS, and one at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

Floats = npt.NDArray[np.float64]

# A choice that gains less than this more than another is no better: rounding of sums.
HAIR = 1e-6


@dataclass(frozen=True)
class Choice:
    """Candidates chosen together.

    Attributes
    ----------
    chosen
        Candidate numbers, the one that gains most by itself first, then the one that adds most.
        Candidates that add nothing are left out.
    gain
        What they gain together.
    gap
        How much more any choice could gain at most, as a share of the gain; 0 is proven best.
    """

    chosen: tuple[int, ...]
    gain: float
    gap: float


def gain_of(gains: Floats, chosen: tuple[int, ...] | list[int]) -> float:
    """Return what some candidates gain together: each demand takes the best of them.

    Parameters
    ----------
    gains
        What each demand (row) gains from each candidate (column); none below 0.
    chosen
        Candidate numbers.
    """
    return float(gains[:, list(chosen)].max(axis=1).sum()) if len(chosen) else 0.0


def greedy(gains: Floats, count: int) -> Choice:
    """Return the candidates that one gets by taking the best, then the best to add, and so on.

    Parameters
    ----------
    gains
        What each demand gains from each candidate; none below 0.
    count
        How many may be chosen.

    Returns
    -------
    Choice
        Its ``gap`` is unknown: NaN. Of equally good candidates the first is taken.
    """
    chosen = _in_order(gains, range(gains.shape[1]), count)
    return Choice(chosen, gain_of(gains, chosen), float("nan"))


def best(gains: Floats, count: int, time_limit_s: float = 60.0) -> Choice:
    """Return the candidates that together gain most.

    Parameters
    ----------
    gains
        What each demand gains from each candidate; none below 0.
    count
        How many may be chosen.
    time_limit_s
        The search stops then with the best choice so far, and says how far it may be off.

    Returns
    -------
    Choice
        The choice. Never worse than ``greedy``.
    """
    fallback = greedy(gains, count)
    useful = np.flatnonzero(gains.max(axis=0, initial=0.0) > 0)
    if len(useful) == 0 or len(fallback.chosen) < count:
        # No candidate adds anything to the greedy choice, so it gains all that can be gained.
        return Choice(fallback.chosen, fallback.gain, 0.0)
    sets, parents, worth = _levels(gains[:, useful])
    found, bound = _solve(sets, parents, worth, len(useful), count, time_limit_s)
    picked = [int(useful[number]) for number in found]
    gain = gain_of(gains, picked)
    if gain < fallback.gain:
        picked, gain = list(fallback.chosen), fallback.gain
    chosen = _in_order(gains, picked, count)
    gap = max(0.0, bound - gain) / gain
    return Choice(chosen, gain, gap if gap > HAIR else 0.0)


def _in_order(gains: Floats, among: range | list[int], count: int) -> tuple[int, ...]:
    """Take the candidate that adds most, again and again, as long as one adds anything."""
    reached = np.zeros(gains.shape[0])
    left = sorted(among)
    chosen: list[int] = []
    while left and len(chosen) < count:
        added = np.maximum(gains[:, left] - reached[:, None], 0.0).sum(axis=0)
        at = int(np.argmax(added > added.max() - HAIR))  # the first of equally good ones
        if added[at] <= HAIR:
            break
        chosen.append(left.pop(at))
        reached = np.maximum(reached, gains[:, chosen[-1]])
    return tuple(chosen)


def _levels(gains: Floats) -> tuple[list[list[int]], list[int], list[float]]:
    """Part the gains into levels: a demand gains a level where one of a set is chosen.

    A demand that gains 9 from a and 5 from b gains 5 where a or b is chosen, and 4 more where a
    is. Levels of all demands with the same set are one. Sets hang in a tree: each has a parent
    (-1 none) that it holds, and is given as what it holds beyond it.
    """
    number: dict[tuple[int, frozenset[int]], int] = {}
    own: list[list[int]] = []
    parents: list[int] = []
    worth: list[float] = []
    for row in gains:
        order = np.argsort(-row, kind="stable")
        order = order[row[order] > 0]
        if len(order) == 0:
            continue
        values = row[order]
        ends = np.flatnonzero(np.append(values[1:] < values[:-1], True)) + 1
        parent, begin = -1, 0
        for end in ends:
            beyond = values[end] if end < len(values) else 0.0
            new = frozenset(int(candidate) for candidate in order[begin:end])
            at = number.setdefault((parent, new), len(own))
            if at == len(own):
                own.append(sorted(new))
                parents.append(parent)
                worth.append(0.0)
            worth[at] += float(values[end - 1] - beyond)
            parent, begin = at, int(end)
    return own, parents, worth


def _solve(
    own: list[list[int]],
    parents: list[int],
    worth: list[float],
    candidates: int,
    count: int,
    time_limit_s: float,
) -> tuple[list[int], float]:
    """Solve: choose candidates (whole), reach levels (at most 1), gain most; tell the bound.

    A level is reached at most as far as its parent is plus what is chosen of its own.
    """
    levels = len(own)
    size = candidates + levels
    rows, columns, values = [], [], []
    for level, (members, parent) in enumerate(zip(own, parents, strict=True)):
        entries = [(candidates + level, 1.0), *((member, -1.0) for member in members)]
        if parent >= 0:
            entries.append((candidates + parent, -1.0))
        for column, value in entries:
            rows.append(level)
            columns.append(column)
            values.append(value)
    rows += [levels] * candidates
    columns += range(candidates)
    values += [1.0] * candidates
    matrix = sparse.csr_array((values, (rows, columns)), shape=(levels + 1, size))
    upper = np.append(np.zeros(levels), count)
    answer = optimize.milp(
        -np.concatenate([np.zeros(candidates), worth]),
        constraints=optimize.LinearConstraint(matrix, -np.inf, upper),
        integrality=np.concatenate([np.ones(candidates), np.zeros(levels)]),
        bounds=optimize.Bounds(0.0, 1.0),
        options={"time_limit": time_limit_s, "mip_rel_gap": 0.0},
    )
    bound = float(sum(worth))  # nothing gains more than every level reached
    if answer.mip_dual_bound is not None and np.isfinite(answer.mip_dual_bound):
        bound = min(bound, -float(answer.mip_dual_bound))
    if answer.x is None:
        return [], bound
    return [int(j) for j in np.flatnonzero(answer.x[:candidates] > 0.5)], bound

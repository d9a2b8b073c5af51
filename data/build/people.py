"""How many people live in each square of the modelled grid."""

from __future__ import annotations

import math
from collections.abc import Sequence

from shapely import Point, Polygon

from cells import FEWEST, Anchor, Cell, circles
from facts import MUNICIPAL_POPULATION, Settlement, dice
from geodesy import Metres, distance

ROUNDS = 400
# The shape to start from: people by square at a village and far from all of them, how fast they
# thin out (metres), and how uneven the squares are.
VILLAGE = 15.0
LONELY_FARM = 4.0
THINNING = 600.0
UNEVENNESS = 0.8


def fit(
    cells: Sequence[Cell],
    anchors: Sequence[Anchor],
    homes: Sequence[Metres],
    even: frozenset[Cell],
) -> list[float]:
    """Weigh the squares so that every anchor is met as well as they can all be met together.

    The circles overlap, so the weights are fitted by multiplication, anchor after anchor, until
    nothing moves (iterative proportional fitting).

    Parameters
    ----------
    cells
        The squares.
    anchors
        The published sums, the firmest last.
    homes
        The points of the settlements: people live closer together near them.
    even
        Squares inside the localities: there people thin out evenly from the middle.

    Returns
    -------
    list of float
        People in each square, not yet whole.
    """
    rng = dice("people")
    weight = []
    for cell in cells:
        off = min(distance(cell.centre, home) for home in homes)
        near, spread = VILLAGE * math.exp(-off / THINNING), math.exp(rng.gauss(0.0, UNEVENNESS))
        if cell in even:
            spread = 1.0
        weight.append(max(FEWEST, (near + LONELY_FARM) * spread))
    number = {cell: i for i, cell in enumerate(cells)}
    groups = [(a.people, sorted(number[c] for c in a.cells if c in number)) for a in anchors]
    for _ in range(ROUNDS):
        for people, members in groups:
            have = math.fsum(weight[i] for i in members)
            if have:
                for i in members:
                    weight[i] = max(FEWEST, weight[i] * people / have)
    return weight


def whole(weights: Sequence[float], total: int) -> list[int]:
    """Round to whole people with a given sum: largest remainder, and nothing below the fewest.

    Parameters
    ----------
    weights
        The fitted people.
    total
        The wanted sum.

    Returns
    -------
    list of int
        Whole people.
    """
    spare = [w - FEWEST for w in weights]
    share = (total - FEWEST * len(weights)) / math.fsum(spare)
    scaled = [round(s * share, 6) for s in spare]
    people = [FEWEST + math.floor(s) for s in scaled]
    rest = sorted(range(len(scaled)), key=lambda i: (-(scaled[i] - math.floor(scaled[i])), i))
    for i in rest[: total - sum(people)]:
        people[i] += 1
    return people


def populate(
    cells: Sequence[Cell],
    settlements: Sequence[Settlement],
    built_up: Sequence[Anchor],
    outline: Polygon,
) -> dict[Cell, int]:
    """Spread the people over the squares.

    Parameters
    ----------
    cells
        The squares that are lived in.
    settlements
        The settlements with their published sums.
    built_up
        People inside the localities.
    outline
        The municipality, whose total is met exactly.

    Returns
    -------
    dict
        People by square.
    """
    inside = [c for c in cells if outline.contains(Point(c.centre))]
    everyone = Anchor("kommun", MUNICIPAL_POPULATION, frozenset(inside))
    anchors = [*built_up, *circles(settlements, cells), everyone]
    even = frozenset(cell for anchor in built_up for cell in anchor.cells)
    fitted = fit(cells, anchors, [s.xy for s in settlements], even)
    weights = dict(zip(cells, fitted, strict=True))
    outside = [c for c in cells if c not in everyone.cells]
    people = dict(
        zip(inside, whole([weights[c] for c in inside], MUNICIPAL_POPULATION), strict=True)
    )
    rest = [weights[c] for c in outside]
    people |= dict(zip(outside, whole(rest, round(math.fsum(rest))), strict=True))
    return {cell: people[cell] for cell in cells}

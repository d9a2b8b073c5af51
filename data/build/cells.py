"""Which squares of the modelled grid are lived in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shapely import GeometryCollection, Point, Polygon, STRtree, box

from facts import Settlement, dice
from geodesy import Metres, distance
from roads import Road, projected

SIZE = 1000
CIRCLE = 3000.0  # metres: the radius of the published sums
# The open grid of 2024 shows no value below three.
FEWEST = 3
PEOPLE_PER_CELL = 11.5  # sets how many squares share the people of a village
ROADSIDE = 1300.0  # metres from a road within which a square may be lived in
CELLS_BETWEEN_VILLAGES = 70


@dataclass(frozen=True, order=True)
class Cell:
    """One square kilometre, named and ordered by its south-west corner.

    Attributes
    ----------
    east, north
        The corner in EPSG:3006, whole kilometres in metres.
    """

    east: int
    north: int

    @property
    def centre(self) -> Metres:
        """Middle of the square."""
        return self.east + SIZE / 2, self.north + SIZE / 2


@dataclass(frozen=True)
class Anchor:
    """A published number of people and the area that it holds for.

    Attributes
    ----------
    name
        The settlement or locality.
    people
        How many live there.
    cells
        The squares of the area.
    """

    name: str
    people: float
    cells: frozenset[Cell]


def candidates(
    roads: Sequence[Road], settlements: Sequence[Settlement], outline: Polygon
) -> dict[Cell, float]:
    """List the squares where people may live.

    Parameters
    ----------
    roads
        The roads of the fact table.
    settlements
        The settlements; outside the municipality only their circles are filled.
    outline
        The municipality.

    Returns
    -------
    dict
        Each square with its distance in metres to the nearest road that is open all year.
    """
    lines = [projected(road) for road in roads if road.open_all_year()]
    tree = STRtree(lines)
    points = STRtree([Point(s.xy) for s in settlements])
    west, south, east, north = (round(v / SIZE) for v in GeometryCollection(lines).bounds)
    found = {}
    for column in range(west - 1, east + 2):
        for row in range(south - 1, north + 2):
            cell = Cell(column * SIZE, row * SIZE)
            centre = Point(cell.centre)
            away = float(centre.distance(lines[int(tree.nearest(centre))]))
            if away > ROADSIDE:
                continue
            inside = outline.contains(centre)
            near = float(points.geometries[int(points.nearest(centre))].distance(centre)) <= CIRCLE
            square = box(cell.east, cell.north, cell.east + SIZE, cell.north + SIZE)
            # A square outside must be so beyond doubt: nobody may be counted twice on the border.
            if inside or (near and not outline.intersects(square)):
                found[cell] = round(away, 1)
    return found


def circles(settlements: Sequence[Settlement], cells: Sequence[Cell]) -> list[Anchor]:
    """Collect the squares whose centre lies within three kilometres of each settlement.

    Parameters
    ----------
    settlements
        Those without a published sum give no anchor: a blank is unknown, not zero.
    cells
        The squares.

    Returns
    -------
    list of Anchor
        One for each settlement with a published sum.
    """
    anchors = []
    for s in settlements:
        people = s.people_within_3km
        if people is None and s.kind == "tatort":
            people = s.population
        if people is not None:
            near = frozenset(c for c in cells if distance(c.centre, s.xy) <= CIRCLE)
            anchors.append(Anchor(s.name, people, near))
    return anchors


def settle(
    free: dict[Cell, float],
    settlements: Sequence[Settlement],
    built_up: Sequence[Anchor],
    outline: Polygon,
) -> list[Cell]:
    """Choose the squares that are lived in.

    Villages take squares near their point, the smallest first, and none is taken that would leave
    some circle with fewer people than its squares need. The rest lies along the roads in between.

    Parameters
    ----------
    free
        The candidate squares with their distance to a road.
    settlements
        The settlements.
    built_up
        Squares of the localities: taken first.
    outline
        The municipality: only there do people live between the villages as well.

    Returns
    -------
    list of Cell
        The chosen squares, from west to east.
    """
    rng = dice("cells")
    rank = {cell: rng.random() for cell in sorted(free)}
    around = circles(settlements, list(free))
    room = {a.name: int(a.people // FEWEST) for a in around}
    member: dict[Cell, list[str]] = {cell: [] for cell in free}
    for a in around:
        for cell in a.cells:
            member[cell].append(a.name)
    chosen: set[Cell] = set()

    def take(cell: Cell) -> bool:
        if cell in chosen or any(room[name] < 1 for name in member[cell]):
            return False
        chosen.add(cell)
        for name in member[cell]:
            room[name] -= 1
        return True

    for anchor in built_up:
        for cell in sorted(anchor.cells):
            take(cell)
    where = {s.name: s.xy for s in settlements}
    for a in sorted(around, key=lambda a: (a.people, a.name)):
        wish = max(1, round(min(a.people, 250) / PEOPLE_PER_CELL)) if a.people else 0
        missing = wish - len(chosen & a.cells)

        def cost(cell: Cell, home: Metres = where[a.name]) -> tuple[float, Cell]:
            off = distance(cell.centre, home) / 900 + free[cell] / 500
            return round(off + 2.5 * rank[cell], 6), cell

        for cell in sorted(a.cells, key=cost):
            if missing <= 0:
                break
            missing -= take(cell)
    lonely = sorted(
        (c for c in free if not member[c] and outline.contains(Point(c.centre))),
        key=lambda c: (round(free[c] / 500 + 3 * rank[c], 6), c),
    )
    chosen.update(lonely[:CELLS_BETWEEN_VILLAGES])
    return sorted(chosen)

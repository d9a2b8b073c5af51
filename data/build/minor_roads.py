"""Modelled minor roads: side roads to homes and sites, the streets of the town, a loose network."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from facts import Settlement, dice
from geodesy import Degrees, Metres, distance, geodesic_length, to_degrees
from meander import meander
from roads import Road, vertices

FIRST_SIDE_WAY = 2472001
FIRST_SITE_WAY = 2477001
FIRST_STREET_WAY = 2482001
FIRST_LOOSE_WAY = 2492001

WINDING = 1.12  # how much longer a side road is than its straight line
STRAIGHT_BELOW = 300.0  # metres; shorter side roads are drawn straight
YARD = 120.0  # metres; a side road ends this near the middle of the cell it serves
TRACK_BELOW = 500.0  # metres; a side road shorter than this is a farm track

BLOCK = 220.0  # metres between streets
HALF_GRID = 2  # streets on each side of the centre
TURN = math.radians(25)  # the grid lies aslant
RING_AT = (1, 0)  # the crossing that is a roundabout
RING_RADIUS = 22.0
ONE_WAY_ROWS = {1: 1, -1: -1}  # row: direction of the one-way pair

# A forest road net on the far side of a river without bridge, as real extracts have them.
LOOSE_NET: tuple[tuple[Metres, ...], ...] = (
    ((560000.0, 7212000.0), (561200.0, 7212500.0)),
    ((561200.0, 7212500.0), (562300.0, 7212100.0)),
    ((561200.0, 7212500.0), (561500.0, 7213800.0)),
)


def side_roads(
    targets: Sequence[Metres], roads: Sequence[Road], beyond: float, purpose: str, first: int
) -> list[Road]:
    """Lead a road to every target that lies far from the roads.

    The nearest target comes first and later ones may branch off its road, so the result looks like
    the branching roads of a valley and not like a comb.

    Parameters
    ----------
    targets
        Points to reach.
    roads
        The network to join on to; roads with a closure are left out.
    beyond
        Targets nearer than this many metres need no road.
    purpose
        Name of the random stream.
    first
        Number of the first way.

    Returns
    -------
    list of Road
        The new roads.
    """
    rng = dice(purpose)
    joints = vertices([road for road in roads if road.open_all_year()])
    made: list[Road] = []
    for target in sorted(targets, key=lambda t: (nearest_joint(t, joints)[0], t)):
        away, joint = nearest_joint(target, joints)
        if away <= beyond:
            continue
        xy, lonlat = joints[joint]
        angle = rng.uniform(0, 2 * math.pi)
        yard = min(YARD, beyond / 2)
        end = (target[0] + yard * math.cos(angle), target[1] + yard * math.sin(angle))
        straight = distance(xy, end)
        line = (
            to_degrees([xy, end])
            if straight < STRAIGHT_BELOW
            else meander(xy, end, WINDING * straight, rng)[:: 2 if straight < 1000 else 1]
        )
        line[0], line[-1] = lonlat, to_degrees([end])[0]
        road = _modelled(
            first + len(made), line, "track" if straight < TRACK_BELOW else "unclassified", "gravel"
        )
        made.append(road)
        joints += vertices([road])
    return made


def nearest_joint(target: Metres, joints: Sequence[tuple[Metres, Degrees]]) -> tuple[float, int]:
    """Find the joint nearest to a point.

    Parameters
    ----------
    target
        The point.
    joints
        The joints.

    Returns
    -------
    tuple
        Distance in metres, to the decimetre, and number of the joint; the first one of equals.
    """
    points = np.array([xy for xy, _ in joints])
    away = np.round(np.hypot(points[:, 0] - target[0], points[:, 1] - target[1]), 1)
    best = int(away.argmin())
    return float(away[best]), best


def town_streets(town: Settlement) -> list[Road]:
    """Draw a small street grid with a one-way pair and a roundabout around the town's point.

    Parameters
    ----------
    town
        The main town; its point is the middle crossing.

    Returns
    -------
    list of Road
        The streets, one road a block.
    """
    span = range(-HALF_GRID, HALF_GRID + 1)
    roads: list[Road] = []
    for fixed in span:
        along = [((i, fixed), (i + 1, fixed)) for i in span[:-1]]
        across = [((fixed, i), (fixed, i + 1)) for i in span[:-1]]
        for number, blocks in ((0, along), (1, across)):
            way = FIRST_STREET_WAY + 10 * number + fixed + HALF_GRID
            direction = ONE_WAY_ROWS.get(fixed, 0) if blocks is along else 0
            for start, end in blocks:
                a, b = (end, start) if direction < 0 else (start, end)
                line = [_arm(town, a, b), _arm(town, b, a)]
                roads.append(_modelled(way, line, "residential", "paved", oneway=direction != 0))
    return roads + list(_roundabout(town))


def loose_roads() -> list[Road]:
    """Draw the small network that hangs together with nothing.

    Returns
    -------
    list of Road
        Three forest roads.
    """
    return [
        _modelled(FIRST_LOOSE_WAY + i, to_degrees(points), "unclassified", "gravel")
        for i, points in enumerate(LOOSE_NET)
    ]


def _roundabout(town: Settlement) -> Iterator[Road]:
    """Draw the ring, anticlockwise as in Sweden."""
    for quarter in range(4):
        angles = [math.pi / 2 * (quarter + step / 3) for step in range(4)]
        line = [_turned(town, *RING_AT, RING_RADIUS, a) for a in angles]
        way = FIRST_STREET_WAY + 99
        yield _modelled(
            way, to_degrees(line), "residential", "paved", oneway=True, junction="roundabout"
        )


def _arm(town: Settlement, corner: tuple[int, int], towards: tuple[int, int]) -> Degrees:
    """Give the end of a block; at the roundabout it stops at the ring."""
    if corner == (0, 0):
        return town.lonlat
    radius, angle = 0.0, 0.0
    if corner == RING_AT:
        radius = RING_RADIUS
        # Quarters counted in whole steps, so that arm and ring end in the same digits.
        quarter = {(1, 0): 0, (0, 1): 1, (-1, 0): 2, (0, -1): 3}[
            (towards[0] - corner[0], towards[1] - corner[1])
        ]
        angle = math.pi / 2 * quarter
    return to_degrees([_turned(town, *corner, radius, angle)])[0]


def _turned(town: Settlement, i: int, j: int, radius: float, angle: float) -> Metres:
    """Place a point of the aslant grid."""
    x = i * BLOCK + radius * math.cos(angle)
    y = j * BLOCK + radius * math.sin(angle)
    return (
        round(town.xy[0] + x * math.cos(TURN) - y * math.sin(TURN), 2),
        round(town.xy[1] + x * math.sin(TURN) + y * math.cos(TURN), 2),
    )


def _modelled(
    way: int,
    line: Sequence[Degrees],
    highway: str,
    surface: str,
    *,
    oneway: bool = False,
    junction: str = "",
) -> Road:
    tags = {"surface": surface} | ({"junction": junction} if junction else {})
    return Road(
        way=way,
        coords=tuple(line),
        metres=round(geodesic_length(line), 1),
        highway=highway,
        origin="modelled",
        tags=tuple(sorted(tags.items())),
        oneway=oneway,
    )

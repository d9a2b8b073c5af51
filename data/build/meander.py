"""Lines that bend gently and have exactly the length a source states."""

from __future__ import annotations

import math
import random

from geodesy import Degrees, Metres, distance, geodesic_length, to_degrees

STEP = 250.0  # metres between vertices: fine enough for bends of some kilometres
BEND = 9000.0  # the longest wave, so that a long road stays near its straight line
TOLERANCE = 0.0002


def meander(start: Metres, end: Metres, length: float, rng: random.Random) -> list[Degrees]:
    """Draw a winding line of a given length between two points.

    The line is a straight one plus a sum of a few sine waves that vanish at both ends; the height
    of the waves is found by bisection on the geodesic length of the rounded vertices, so that the
    file itself, and not only the formula, has the length.

    Parameters
    ----------
    start, end
        End points in EPSG:3006.
    length
        Wanted geodesic length in metres, longer than the straight line.
    rng
        Source of the shape.

    Returns
    -------
    list of tuple
        Longitude and latitude of the vertices.

    Raises
    ------
    ValueError
        If no height of the waves gives the length.
    """
    straight = distance(start, end)
    steps = max(16, round(straight / STEP))
    first = max(2, round(2 * straight / BEND))
    numbers = [first, first + 1, round(1.5 * first) + 1, 2 * first + 1, round(2.6 * first) + 2]
    waves = [(k, rng.choice((-1, 1)) * rng.uniform(0.5, 1.0) / k) for k in numbers]
    shape = [
        math.fsum(c * math.sin(math.pi * k * i / steps) for k, c in waves) for i in range(steps + 1)
    ]
    low, high = 0.0, straight
    for _ in range(60):
        height = (low + high) / 2
        line = _bent(start, end, [height * s for s in shape])
        measured = geodesic_length(line)
        if abs(measured - length) <= TOLERANCE * length:
            return line
        low, high = (height, high) if measured < length else (low, height)
    raise ValueError(f"no line of {length:.0f} m over a straight {straight:.0f} m")


def _bent(start: Metres, end: Metres, offsets: list[float]) -> list[Degrees]:
    """Move the points of a straight line sideways."""
    steps = len(offsets) - 1
    dx, dy = end[0] - start[0], end[1] - start[1]
    norm = math.hypot(dx, dy)
    return to_degrees(
        [
            (
                start[0] + dx * i / steps - dy / norm * offset,
                start[1] + dy * i / steps + dx / norm * offset,
            )
            for i, offset in enumerate(offsets)
        ]
    )

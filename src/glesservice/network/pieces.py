"""Pieces of links as lines on the map."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
import shapely

from glesservice.network.graph import Floats, Ints, RoadNetwork

Lines = npt.NDArray[np.object_]


def draw(
    network: RoadNetwork, link: Ints, begin: Floats, end: Floats, line: Ints, lines: int
) -> Lines:
    """Return lines made of pieces of links.

    Parameters
    ----------
    network
        The roads.
    link
        The link of each piece.
    begin, end
        Where each piece begins and ends, as shares of the link's length from ``u``; it runs
        against the link's drawing where it ends before it begins.
    line
        The line that each piece belongs to, rising; pieces of one line stand in its order.
    lines
        Number of lines.

    Returns
    -------
    ndarray of LineString
        An empty line where there is no piece, or none with a length. EPSG:3006.
    """
    used, row = np.unique(link, return_inverse=True)
    vertices, owner = shapely.get_coordinates(network.lines[used], return_index=True)
    offsets = np.searchsorted(owner, np.arange(len(used) + 1))
    points, of = _cut(vertices, _along(vertices, offsets), offsets, row, begin, end, line)
    drawn: Lines = np.full(lines, shapely.LineString(), dtype=object)
    there = np.bincount(of, minlength=lines) > 1
    kept = there[of]
    if kept.any():
        number = np.cumsum(there) - 1
        drawn[there] = shapely.linestrings(points[kept], indices=number[of[kept]])
    return drawn


@numba.njit(cache=True, nogil=True)
def _along(vertices, offsets):  # type: ignore[no-untyped-def]
    """Return how far along its line each vertex stands."""
    along = np.zeros(vertices.shape[0])
    for row in range(offsets.shape[0] - 1):
        for vertex in range(offsets[row] + 1, offsets[row + 1]):
            step = vertices[vertex] - vertices[vertex - 1]
            along[vertex] = along[vertex - 1] + np.hypot(step[0], step[1])
    return along


@numba.njit(cache=True, nogil=True)
def _cut(vertices, along, offsets, row, begin, end, line):  # type: ignore[no-untyped-def]
    """Put the points of the pieces in a row, without repeating a point within a line."""
    room = 0
    for piece in range(row.shape[0]):
        room += offsets[row[piece] + 1] - offsets[row[piece]] + 2
    points = np.empty((room, 2))
    of = np.empty(room, np.int64)
    count = 0
    for piece in range(row.shape[0]):
        head, tail = offsets[row[piece]], offsets[row[piece] + 1] - 1
        length = along[tail]
        backward = end[piece] < begin[piece]
        low = min(begin[piece], end[piece]) * length
        high = max(begin[piece], end[piece]) * length
        inner = head + np.searchsorted(along[head : tail + 1], low, side="right")
        beyond = head + np.searchsorted(along[head : tail + 1], high, side="left")
        between = max(beyond - inner, 0)
        for step in range(between + 2):
            place = between + 1 - step if backward else step
            if 0 < place <= between:
                x, y = vertices[inner + place - 1, 0], vertices[inner + place - 1, 1]
            else:
                x, y = _point(vertices, along, head, tail, low if place == 0 else high)
            if count > 0 and of[count - 1] == line[piece]:
                before = points[count - 1]
                if before[0] == x and before[1] == y:
                    continue
            points[count, 0], points[count, 1] = x, y
            of[count] = line[piece]
            count += 1
    return points[:count], of[:count]


@numba.njit(cache=True, nogil=True)
def _point(vertices, along, head, tail, metres):  # type: ignore[no-untyped-def]
    """Return the point so many metres along a line; its very ends are its own vertices."""
    if metres <= 0:
        return vertices[head, 0], vertices[head, 1]
    if metres >= along[tail]:
        return vertices[tail, 0], vertices[tail, 1]
    after = head + np.searchsorted(along[head : tail + 1], metres, side="right")
    step = along[after] - along[after - 1]
    share = (metres - along[after - 1]) / step
    x, y = vertices[after - 1], vertices[after]
    return x[0] + share * (y[0] - x[0]), x[1] + share * (y[1] - x[1])

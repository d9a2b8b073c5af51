"""Maps with roads that are as long on the map as they are to drive, and ways found by hand.

Nothing here is shared with the search under test: every link is split at every point, and networkx
finds the way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely
from hypothesis import HealthCheck
from hypothesis import strategies as st
from tests.oracle import Link, Point

from glesservice.network import RoadNetwork, Snap

INF = float("inf")
NAN = float("nan")
NOWHERE = Point(-1, 0.0, NAN)

# The same examples every time, so that a run never fails by chance.
PROFILE: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
}


def two_way(u: int, v: int, metres: float, kmh: float = 36.0) -> Link:
    seconds = metres * 3.6 / kmh
    return Link(u, v, metres, seconds, seconds)


def one_way(u: int, v: int, metres: float, kmh: float = 36.0) -> Link:
    """Draw a road that may only be driven from u to v."""
    return Link(u, v, metres, metres * 3.6 / kmh, INF)


def snapped(points: Sequence[Point]) -> Snap:
    return Snap(
        np.array([point.link for point in points], dtype=np.int64),
        np.array([point.fraction for point in points], dtype=np.float64),
        np.array([point.access_m for point in points], dtype=np.float64),
    )


def network_on(links: Sequence[Link], lines: Sequence[shapely.LineString]) -> RoadNetwork:
    """Make a network of links with their lines."""
    table = {
        "u": [link.u for link in links],
        "v": [link.v for link in links],
        "length_m": [link.metres for link in links],
        "seconds_forward": [link.seconds_forward for link in links],
        "seconds_backward": [link.seconds_backward for link in links],
    }
    return RoadNetwork.from_edges(gpd.GeoDataFrame(table, geometry=list(lines), crs="EPSG:3006"))


def straight(links: Sequence[Link], at: Sequence[tuple[float, float]]) -> RoadNetwork:
    """Make a network of straight links between nodes on a drawn map."""
    return network_on(links, [shapely.LineString([at[link.u], at[link.v]]) for link in links])


def in_petals(links: Sequence[Link]) -> RoadNetwork:
    """Make a network whose lines are as long as the links, however these hang together.

    All junctions lie at one point, and each link leaves it and comes back along a triangle.
    """
    lines = []
    for number, link in enumerate(links):
        angles = 2 * math.pi * (number / len(links) + np.array([0, 1 / 6]))
        corners = link.metres / 3 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        lines.append(shapely.LineString([(0.0, 0.0), *corners.tolist(), (0.0, 0.0)]))
    return network_on(links, lines)


def point_on(network: RoadNetwork, point: Point) -> shapely.Point:
    """Return where on the map a point meets the road."""
    return network.lines[point.link].interpolate(point.fraction, normalized=True)


class Way(NamedTuple):
    """What the best way takes, in the measure that is made smallest, and the links driven over."""

    cost: float
    links: list[int]


def way_by_hand(
    links: Sequence[Link],
    origin: Point,
    sites: Sequence[Point],
    by: Literal["seconds", "metres"] = "seconds",
    access_kmh: float = 30.0,
) -> Way | None:
    """Find the way to the nearest site; links without length are not told."""
    graph = nx.MultiDiGraph()

    def place(number: int, fraction: float) -> object:
        if fraction in {0.0, 1.0}:
            return ("junction", links[number].v if fraction else links[number].u)
        return ("beside", number, fraction)

    def leg(point: Point) -> float:
        return point.access_m * (3.6 / access_kmh if by == "seconds" else 1.0)

    for number, link in enumerate(links):
        on_link = {point.fraction for point in [origin, *sites] if point.link == number}
        for begin, end in pairwise(sorted({0.0, 1.0} | on_link)):
            for a, b, seconds in (
                (begin, end, link.seconds_forward),
                (end, begin, link.seconds_backward),
            ):
                if math.isfinite(seconds):
                    cost = (end - begin) * (seconds if by == "seconds" else link.metres)
                    graph.add_edge(place(number, a), place(number, b), cost=cost, link=number)
    for site in sites:
        if site.link >= 0:
            graph.add_edge(place(site.link, site.fraction), "site", cost=leg(site), link=-1)
    start = place(origin.link, origin.fraction)
    if origin.link < 0 or "site" not in graph or not nx.has_path(graph, start, "site"):
        return None
    cost, nodes = nx.single_source_dijkstra(graph, start, "site", weight="cost")
    driven: list[int] = []
    for a, b in pairwise(nodes):
        edge = min(graph[a][b].values(), key=lambda data: data["cost"])
        number = edge["link"]
        if number >= 0 and links[number].metres > 0:
            driven.append(number)
    return Way(cost + leg(origin), driven)


@dataclass(frozen=True)
class Map:
    """Roads, houses and shops drawn at random."""

    links: list[Link]
    origins: list[Point]
    sites: list[Point]


@st.composite
def maps(draw: st.DrawFn) -> Map:
    """Draw a town around a ring, dead ends and anything else added; no two ways take the same.

    Lengths, speeds, places and legs are drawn evenly from a range, so ties are left to links
    without length.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    around = draw(st.integers(1, 6))
    nodes = around + draw(st.integers(0, 4))
    kinds = st.sampled_from(["both", "both", "onward", "back"])

    def link(u: int, v: int, kind: str) -> Link:
        metres = 0.0 if draw(st.integers(0, 7)) == 0 else float(rng.uniform(1, 20_000))
        forward, backward = metres / rng.uniform(4, 30, 2)
        return Link(
            u,
            v,
            metres,
            INF if kind == "back" else float(forward),
            INF if kind == "onward" else float(backward),
        )

    links = []
    for node in range(around):  # one way round at least: the town is strongly connected
        onward = link(node, (node + 1) % around, draw(kinds).replace("back", "onward"))
        if draw(st.booleans()):  # drawn against the way round
            onward = Link(
                onward.v, onward.u, onward.metres, onward.seconds_backward, onward.seconds_forward
            )
        links.append(onward)
    for _ in range(draw(st.integers(0, 8))):
        ends = st.integers(0, nodes - 1)
        links.append(link(draw(ends), draw(ends), draw(kinds)))
    links = [links[number] for number in rng.permutation(len(links))]
    usable = np.flatnonzero(in_petals(links).connected).tolist()

    def points(count: int) -> list[Point]:
        drawn = []
        for _ in range(count):
            if draw(st.integers(0, 15)) == 0:
                drawn.append(NOWHERE)
                continue
            # Several on one link are the hard case.
            number = draw(st.one_of(st.sampled_from(usable), st.just(usable[0])))
            fraction = draw(st.sampled_from([0.0, 1.0, 0.5, 0.5, 0.5]))
            access = draw(st.sampled_from([0.0, 1.0]))
            drawn.append(
                Point(
                    number,
                    float(rng.uniform(0, 1)) if fraction == 0.5 else fraction,
                    float(rng.uniform(0, 900)) if access else 0.0,
                )
            )
        return drawn

    return Map(links, points(draw(st.integers(1, 6))), points(draw(st.integers(0, 6))))

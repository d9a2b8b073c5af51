"""A second opinion on the nearest sites: every link split at every point, then plain Dijkstra.

Nothing is shared with the search under test: roads and points come as plain numbers, the split
roads are an explicit networkx graph, and networkx finds the ways.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

import networkx as nx


class Link(NamedTuple):
    """A road between two junctions; infinite seconds where it may not be driven."""

    u: int
    v: int
    metres: float
    seconds_forward: float
    seconds_backward: float


class Point(NamedTuple):
    """A point that meets a link at a share of its length from ``u``; link -1 meets none."""

    link: int
    fraction: float
    access_m: float


class Cost(NamedTuple):
    """What a way takes: the measure that is made smallest, then the one that breaks ties."""

    main: float
    other: float

    def __add__(self, more: object) -> Cost:
        """Join two pieces of a way. (networkx begins with the number 0.)"""
        if not isinstance(more, Cost):
            return self
        return Cost(self.main + more.main, self.other + more.other)

    __radd__ = __add__

    def __lt__(self, than: object) -> bool:
        """Compare the main measure first."""
        return tuple(self) < (tuple(than) if isinstance(than, Cost) else (0.0, 0.0))

    def __gt__(self, than: object) -> bool:
        """Compare the main measure first."""
        return tuple(self) > (tuple(than) if isinstance(than, Cost) else (0.0, 0.0))


class Found(NamedTuple):
    """A site and the best way to it."""

    seconds: float
    metres: float
    site: int


def split_roads(
    links: Sequence[Link],
    origins: Sequence[Point],
    sites: Sequence[Point],
    site_of: Sequence[int],
    by: Literal["seconds", "metres"],
    access_kmh: float,
) -> nx.MultiDiGraph:
    """Build the graph in which every point is a node and every piece of road an edge."""
    graph = nx.MultiDiGraph()

    def add(tail: object, head: object, seconds: float, metres: float) -> None:
        cost = Cost(seconds, metres) if by == "seconds" else Cost(metres, seconds)
        graph.add_edge(tail, head, cost=cost)

    def place(number: int, fraction: float) -> object:
        if fraction in {0.0, 1.0}:
            return ("junction", links[number].v if fraction else links[number].u)
        return ("beside", number, fraction)

    stops: list[set[float]] = [{0.0, 1.0} for _ in links]
    for point in [*origins, *sites]:
        if point.link >= 0:
            stops[point.link].add(point.fraction)
    for number, link in enumerate(links):
        for begin, end in pairwise(sorted(stops[number])):
            share = end - begin
            tail, head = place(number, begin), place(number, end)
            if math.isfinite(link.seconds_forward):
                add(tail, head, share * link.seconds_forward, share * link.metres)
            if math.isfinite(link.seconds_backward):
                add(head, tail, share * link.seconds_backward, share * link.metres)

    seconds_a_metre = 3.6 / access_kmh
    for number, point in enumerate(origins):
        graph.add_node(("origin", number))
        if point.link >= 0:
            leg = point.access_m
            add(("origin", number), place(point.link, point.fraction), leg * seconds_a_metre, leg)
    for number, point in zip(site_of, sites, strict=True):
        if point.link >= 0:
            leg = point.access_m
            add(place(point.link, point.fraction), ("site", number), leg * seconds_a_metre, leg)
    return graph


def nearest_by_hand(
    links: Sequence[Link],
    origins: Sequence[Point],
    sites: Sequence[Point],
    k: int,
    *,
    site_of: Sequence[int] | None = None,
    by: Literal["seconds", "metres"] = "seconds",
    access_kmh: float = 30.0,
    bound: float = math.inf,
) -> list[list[Found]]:
    """Return the k nearest distinct sites of every origin, best first.

    Ways are compared by the main measure, then by the other one, then by the site's number. Only
    those within the bound are there.
    """
    numbers = range(len(sites)) if site_of is None else site_of
    graph = split_roads(links, origins, sites, numbers, by, access_kmh)
    answer = []
    for number in range(len(origins)):
        costs = nx.single_source_dijkstra_path_length(graph, ("origin", number), weight="cost")
        reached = sorted(
            (cost.main, cost.other, node[1])
            for node, cost in costs.items()
            if node[0] == "site" and cost.main <= bound
        )
        answer.append(
            [
                Found(main, other, site) if by == "seconds" else Found(other, main, site)
                for main, other, site in reached[:k]
            ]
        )
    return answer

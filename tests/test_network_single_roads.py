"""What every way to a shop passes: by hand, and against taking every piece of road away."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from tests.driving import PROFILE, Map, in_petals, maps, one_way, snapped, straight, two_way
from tests.oracle import Link, Point

from glesservice.analysis import build_network
from glesservice.network import at_nodes, nearest, single_roads, snap
from glesservice.network.contraction import contract
from glesservice.network.graph import RoadNetwork

Piece = tuple[int, float, float]


def told(network: RoadNetwork, drawn: Map) -> list[set[tuple[int, float]]]:
    """Return link and metres of each origin's pieces."""
    found = single_roads(network, snapped(drawn.origins), snapped(drawn.sites))
    return [
        {
            (int(link), round(float(metres), 6))
            for link, metres in zip(found.link[begin:end], found.metres[begin:end], strict=True)
        }
        for begin, end in pairwise(found.start)
    ]


def by_taking_away(network: RoadNetwork, drawn: Map) -> list[set[tuple[int, float]]]:
    """Return the same by removing every piece in turn from a plain graph."""
    pieces: list[Piece] = []
    graph = nx.MultiDiGraph()

    def place(number: int, fraction: float) -> object:
        link = drawn.links[number]
        if fraction in {0.0, 1.0}:
            return link.v if fraction else link.u
        return ("beside", number, fraction)

    points = [*drawn.origins, *drawn.sites]
    for number in np.flatnonzero(network.connected).tolist():
        link = drawn.links[number]
        stops = sorted({0.0, 1.0} | {p.fraction for p in points if p.link == number})
        for begin, end in pairwise(stops):
            piece = (number, begin, end)
            pieces.append(piece)
            if math.isfinite(link.seconds_forward):
                graph.add_edge(place(number, begin), place(number, end), piece=piece)
            if math.isfinite(link.seconds_backward):
                graph.add_edge(place(number, end), place(number, begin), piece=piece)
    shops = {place(site.link, site.fraction) for site in drawn.sites if site.link >= 0}

    def reach(left: nx.MultiDiGraph) -> list[bool]:
        served = set(shops)
        for shop in shops:
            served |= nx.ancestors(left, shop) if shop in left else set()
        return [o.link >= 0 and place(o.link, o.fraction) in served for o in drawn.origins]

    before = reach(graph)
    found: list[set[tuple[int, float]]] = [set() for _ in drawn.origins]
    for number, begin, end in pieces:
        left = graph.copy()
        left.remove_edges_from(
            [
                (u, v, key)
                for u, v, key, piece in graph.edges(keys=True, data="piece")
                if piece == (number, begin, end)
            ]
        )
        for origin, (could, can) in enumerate(zip(before, reach(left), strict=True)):
            if could and not can:
                metres = (end - begin) * drawn.links[number].metres
                found[origin].add((number, round(metres, 6)))
    return found


@given(maps())
@settings(**PROFILE, max_examples=400)
def test_it_is_what_is_left_without_a_way_when_every_piece_is_taken_away(drawn: Map) -> None:
    network = in_petals(drawn.links)
    found = single_roads(network, snapped(drawn.origins), snapped(drawn.sites))
    assert told(network, drawn) == by_taking_away(network, drawn)
    near = nearest(network, snapped(drawn.origins), snapped(drawn.sites))
    assert found.reached.tolist() == (near.site[:, 0] >= 0).tolist()


def without(network: RoadNetwork, link: int) -> RoadNetwork:
    """Close a link; what it cuts off stays part of the roads."""
    left = network.connected & (np.arange(len(network.u)) != link)
    times = network.seconds_forward, network.seconds_backward
    chains = contract(network.u, network.v, network.length, *times, left, network.nodes)
    return replace(network, connected=left, chains=chains)


@given(maps())
@settings(**PROFILE, max_examples=100)
def test_between_junctions_it_equals_closing_each_link_and_searching_again(drawn: Map) -> None:
    """Points at junctions alone: a link is then a piece, and the search itself is the oracle."""

    def to_the_junction(points: list[Point]) -> list[Point]:
        return [replace_fraction(point) for point in points]

    def replace_fraction(point: Point) -> Point:
        return Point(point.link, 0.0 if point.fraction < 0.5 else 1.0, point.access_m)

    moved = Map(drawn.links, to_the_junction(drawn.origins), to_the_junction(drawn.sites))
    network = in_petals(moved.links)

    def nodes_of(points: list[Point]) -> np.ndarray:
        ends = [network.v[p.link] if p.fraction else network.u[p.link] for p in points]
        return np.array(ends, dtype=np.int64)

    on_road = [number for number, origin in enumerate(moved.origins) if origin.link >= 0]
    origins = nodes_of([moved.origins[number] for number in on_road])
    sites = nodes_of([site for site in moved.sites if site.link >= 0])

    def reached(roads: RoadNetwork) -> np.ndarray:
        found = nearest(roads, at_nodes(roads, origins), at_nodes(roads, sites))
        return (found.site[:, 0] >= 0) | np.isin(origins, sites)  # at the door no road is needed

    before = reached(network)
    expected: list[set[int]] = [set() for _ in moved.origins]
    for link in np.flatnonzero(network.connected).tolist():
        for place in np.flatnonzero(before & ~reached(without(network, link))):
            expected[on_road[place]].add(link)
    assert [{link for link, _ in pieces} for pieces in told(network, moved)] == expected


def map_of(links: list[Link], house: Point, *shops: Point) -> Map:
    return Map(links, [house], list(shops))


# A valley road of 10 km from the crossroads (0) to the village (1), from where a loop of 4 and 5 km
# leads to the last farm (2); the shop stands 3 km up the valley road from the crossroads.
VALLEY = [two_way(0, 1, 10_000), two_way(1, 2, 4_000), two_way(2, 1, 5_000)]
PLACES = [(0.0, 0.0), (10_000.0, 0.0), (13_000.0, 0.0)]
SHOP = Point(0, 0.3, 0.0)


def test_a_loop_is_gone_around_and_the_valley_road_is_not() -> None:
    farm = Point(1, 1.0, 0.0)
    assert told(straight(VALLEY, PLACES), map_of(VALLEY, farm, SHOP)) == [{(0, 7_000.0)}]


def test_a_house_beside_the_valley_road_hangs_on_the_piece_towards_the_shop() -> None:
    house = Point(0, 0.8, 250.0)
    assert told(straight(VALLEY, PLACES), map_of(VALLEY, house, SHOP)) == [{(0, 5_000.0)}]


def test_a_house_between_two_shops_hangs_on_no_road() -> None:
    house, farm_shop = Point(0, 0.8, 250.0), Point(1, 1.0, 0.0)
    assert told(straight(VALLEY, PLACES), map_of(VALLEY, house, SHOP, farm_shop)) == [set()]


def test_a_one_way_loop_cannot_be_gone_around() -> None:
    loop = [VALLEY[0], one_way(1, 2, 4_000), one_way(2, 1, 5_000)]
    network = straight(loop, PLACES)
    assert told(network, map_of(loop, Point(1, 1.0, 0.0), SHOP)) == [{(0, 7_000.0), (2, 5_000.0)}]


def test_who_has_the_shop_at_the_door_hangs_on_nothing_and_who_has_no_road_reaches_none() -> None:
    drawn = Map(VALLEY, [SHOP, Point(-1, 0.0, float("nan"))], [SHOP])
    network = straight(VALLEY, PLACES)
    assert told(network, drawn) == [set(), set()]
    found = single_roads(network, snapped(drawn.origins), snapped(drawn.sites))
    assert found.reached.tolist() == [True, False]


def test_without_a_shop_nobody_reaches_one() -> None:
    found = single_roads(straight(VALLEY, PLACES), snapped([SHOP]), snapped([]))
    assert found.reached.tolist() == [False]
    assert found.start.tolist() == [0, 0]


@pytest.mark.parametrize("service", ["dagligvaror", "drivmedel"])
def test_on_the_embedded_data_closing_what_is_told_cuts_off_exactly_those(
    inputs, settings, result, service
) -> None:
    """The links that cut off most, and as many that cut off nobody, closed one by one."""
    network = build_network(inputs, settings)
    reach = settings.network.access_max_m
    counted = result.sites[result.sites["counted"] & (result.sites["service"] == service)]
    cells_at = snap(network, result.cells.geometry.centroid, reach)
    sites_at = snap(network, counted.geometry, reach)
    found = single_roads(network, cells_at, sites_at)
    cell = np.repeat(np.arange(len(cells_at)), np.diff(found.start))
    # Links without a point on them: closing the link is closing the piece.
    free = network.connected.copy()
    free[cells_at.link[cells_at.link >= 0]] = False
    free[sites_at.link[sites_at.link >= 0]] = False
    links, counts = np.unique(found.link[free[found.link]], return_counts=True)
    most = links[np.argsort(-counts)[:10]]
    others = np.setdiff1d(np.flatnonzero(free), links)[:10]
    assert len(most) == len(others) == 10
    for link in [*most, *others]:
        closed = without(network, int(link))
        lost = np.flatnonzero(nearest(closed, cells_at, sites_at).site[:, 0] < 0)
        assert lost.tolist() == sorted(cell[found.link == link].tolist())

"""The nearest sites along the road are exact: drawn by hand, and against a second opinion."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.oracle import Link, Point, nearest_by_hand

from glesservice.network import RoadNetwork, Snap, nearest, road_matrix, search

INF = float("inf")
NAN = float("nan")
NOWHERE = Point(-1, 0.0, NAN)

# The same examples every time, so that a run never fails by chance.
PROFILE: dict[str, Any] = {
    "derandomize": True,
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
}


def network_of(links: list[Link]) -> RoadNetwork:
    """Make a road network; where its nodes lie on the map does not matter here."""
    rows = [
        {
            "u": link.u,
            "v": link.v,
            "length_m": link.metres,
            "seconds_forward": link.seconds_forward,
            "seconds_backward": link.seconds_backward,
            "geometry": shapely.LineString([(node * 100, node * 37 % 11) for node in link[:2]]),
        }
        for link in links
    ]
    return RoadNetwork.from_edges(gpd.GeoDataFrame(rows, crs="EPSG:3006"))


def snapped(points: list[Point]) -> Snap:
    return Snap(
        np.array([point.link for point in points], dtype=np.int64),
        np.array([point.fraction for point in points], dtype=np.float64),
        np.array([point.access_m for point in points], dtype=np.float64),
    )


def two_way(u: int, v: int, metres: float, kmh: float = 36.0) -> Link:
    seconds = metres * 3.6 / kmh
    return Link(u, v, metres, seconds, seconds)


def turned(link: Link) -> Link:
    """Draw the same road from its other end."""
    return Link(link.v, link.u, link.metres, link.seconds_backward, link.seconds_forward)


def one_way(u: int, v: int, metres: float, kmh: float = 36.0) -> Link:
    """Draw a road that may only be driven from u to v."""
    return Link(u, v, metres, metres * 3.6 / kmh, INF)


# Maps drawn by hand. Roads are driven at 36 km/h = 10 m/s and legs at 18 km/h = 5 m/s.


def found_on(
    links: list[Link], origin: Point, sites: list[Point], k: int = 1, **options: Any
) -> list[tuple[int, float, float]]:
    """List the sites of one origin as (site, seconds, metres)."""
    answer = nearest(
        network_of(links), snapped([origin]), snapped(sites), k, access_kmh=18.0, **options
    )
    rows = zip(answer.site[0], answer.seconds[0], answer.metres[0], strict=True)
    return [(int(site), float(seconds), float(metres)) for site, seconds, metres in rows]


def test_a_house_beside_the_middle_of_a_long_road_is_not_moved_to_a_junction() -> None:
    # 0 ———————— house (5 km, 200 m off the road) ———————— 1 (shop at the junction)
    # 200 m at 5 m/s + 5 000 m at 10 m/s = 40 + 500 s; 5 200 m.
    found = found_on([two_way(0, 1, 10_000)], Point(0, 0.5, 200), [Point(0, 1.0, 0)])
    assert found == [(0, 540.0, 5200.0)]


def test_both_access_legs_count() -> None:
    # House 100 m off, shop 50 m off, 2 km between them: 20 + 200 + 10 s; 2 150 m.
    found = found_on([two_way(0, 1, 10_000)], Point(0, 0.3, 100), [Point(0, 0.5, 50)])
    assert found == [(0, pytest.approx(230.0), pytest.approx(2150.0))]


def test_a_shop_behind_the_house_on_a_one_way_street_is_reached_going_around() -> None:
    # The street 0 → 1 is 1 km, one way; the way back 1 → 0 is 3 km. The shop is at 200 m, the
    # house at 700 m: 300 m on to 1, 3 000 m around, 200 m to the shop = 3 500 m, not 500 m.
    street = [one_way(0, 1, 1000), one_way(1, 0, 3000)]
    assert found_on(street, Point(0, 0.7, 0), [Point(0, 0.2, 0)]) == [
        (0, pytest.approx(350.0), pytest.approx(3500.0))
    ]


def test_a_shop_ahead_of_the_house_on_a_one_way_street_is_reached_directly() -> None:
    street = [one_way(0, 1, 1000), one_way(1, 0, 3000)]
    assert found_on(street, Point(0, 0.2, 0), [Point(0, 0.7, 0)]) == [
        (0, pytest.approx(50.0), pytest.approx(500.0))
    ]


def test_a_one_way_street_drawn_against_the_traffic_is_driven_with_the_traffic() -> None:
    # The same street, drawn from 1 to 0: it may be driven from v to u only.
    street = [turned(one_way(0, 1, 1000)), one_way(1, 0, 3000)]
    assert found_on(street, Point(0, 0.3, 0), [Point(0, 0.8, 0)]) == [
        (0, pytest.approx(350.0), pytest.approx(3500.0))
    ]
    assert found_on(street, Point(0, 0.8, 0), [Point(0, 0.3, 0)]) == [
        (0, pytest.approx(50.0), pytest.approx(500.0))
    ]


def test_a_house_at_a_one_way_streets_end_stands_at_the_junction() -> None:
    # House and shop both at junction 1, one as the street's end, one as the other road's start.
    street = [one_way(0, 1, 1000), one_way(1, 0, 3000)]
    assert found_on(street, Point(0, 1.0, 0), [Point(1, 0.0, 0)]) == [(0, 0.0, 0.0)]
    # From the street's start its end is 1 km away; the other way round it is 3 km.
    assert found_on(street, Point(0, 0.0, 0), [Point(0, 1.0, 0)]) == [(0, 100.0, 1000.0)]
    assert found_on(street, Point(0, 1.0, 0), [Point(0, 0.0, 0)]) == [(0, 300.0, 3000.0)]


def test_it_may_be_faster_to_leave_the_road_that_house_and_shop_share() -> None:
    # A track of 1 km at 2.5 m/s (400 s) beside a main road of 2 km at 25 m/s (80 s). From 0.1 to
    # 0.9 of the track: 800 m / 2.5 = 320 s, or 100 m back (40 s) + 80 s + 100 m (40 s) = 160 s.
    links = [two_way(0, 1, 1000, 9.0), two_way(0, 1, 2000, 90.0)]
    house, shop = Point(0, 0.1, 0), [Point(0, 0.9, 0)]
    assert found_on(links, house, shop) == [(0, pytest.approx(160.0), pytest.approx(2200.0))]
    assert found_on(links, house, shop, by="metres") == [
        (0, pytest.approx(320.0), pytest.approx(800.0))
    ]


def test_a_dead_end_is_driven_there_and_back() -> None:
    # 2 is the dead end of a 4 km road from 1; the shop is 1 km from 1 on the road to 0. There are
    # 5 km from the dead end to the shop, and as many back.
    links = [two_way(0, 1, 3000), two_way(1, 2, 4000)]
    by_the_shop, at_the_end = Point(0, 2 / 3, 0), Point(1, 1.0, 0)
    there = [(0, pytest.approx(500.0), pytest.approx(5000.0))]
    assert found_on(links, at_the_end, [by_the_shop]) == there
    assert found_on(links, by_the_shop, [at_the_end]) == there


def test_a_turning_circle_is_driven_the_shorter_way_round() -> None:
    # A loop of 1 km at junction 1, 2 km from 0. The shop is at 0.8 of it: 200 m backwards.
    links = [two_way(0, 1, 2000), two_way(1, 1, 1000)]
    assert found_on(links, Point(0, 0.0, 0), [Point(1, 0.8, 0)]) == [
        (0, pytest.approx(220.0), pytest.approx(2200.0))
    ]
    # From 0.1 to 0.9 of the loop it is 200 m through the junction, not 800 m along.
    assert found_on(links, Point(1, 0.1, 0), [Point(1, 0.9, 0)]) == [
        (0, pytest.approx(20.0), pytest.approx(200.0))
    ]
    # One way round, from 0.9 on to 0.1 it is 200 m; from 0.1 on to 0.9 it is 800 m.
    circle = [two_way(0, 1, 2000), one_way(1, 1, 1000)]
    assert found_on(circle, Point(1, 0.9, 0), [Point(1, 0.1, 0)]) == [
        (0, pytest.approx(20.0), pytest.approx(200.0))
    ]
    assert found_on(circle, Point(1, 0.1, 0), [Point(1, 0.9, 0)]) == [
        (0, pytest.approx(80.0), pytest.approx(800.0))
    ]


def test_a_road_in_many_pieces_is_one_road() -> None:
    # 1 + 2 + 3 + 4 km from 0 to 4, the second and third piece drawn the other way. The house
    # stands at kilometre 3.5, the shops at 0.25, 2 and 8.
    links = [two_way(3, 4, 4000), two_way(2, 1, 2000), two_way(0, 1, 1000), two_way(3, 2, 3000)]
    house = Point(3, 1 - 500 / 3000, 0)
    shops = [Point(2, 0.25, 0), Point(1, 0.5, 0), Point(0, 0.5, 0)]
    assert found_on(links, house, shops, k=3) == [
        (1, pytest.approx(150.0), pytest.approx(1500.0)),
        (0, pytest.approx(325.0), pytest.approx(3250.0)),
        (2, pytest.approx(450.0), pytest.approx(4500.0)),
    ]


def test_a_one_way_ring_road_in_pieces_is_driven_round() -> None:
    # A ring 0 → 1 → 2 → 0 of 1 km each and nothing else, the middle piece drawn the other way.
    ring = [one_way(0, 1, 1000), turned(one_way(1, 2, 1000)), one_way(2, 0, 1000)]
    behind, ahead = Point(0, 0.5, 0), Point(1, 0.25, 0)  # at 500 m, and at 1 750 m
    assert found_on(ring, behind, [ahead]) == [(0, pytest.approx(125.0), pytest.approx(1250.0))]
    assert found_on(ring, ahead, [behind]) == [(0, pytest.approx(175.0), pytest.approx(1750.0))]
    # The end of the last piece is the start of the first.
    assert found_on(ring, Point(2, 1.0, 0), [Point(0, 0.0, 0)]) == [(0, 0.0, 0.0)]
    assert found_on(ring, Point(1, 0.0, 0), [Point(2, 0.0, 0)]) == [(0, 0.0, 0.0)]


def test_two_shops_at_one_junction_are_the_nearest_and_the_next() -> None:
    # Both at junction 1, 2 km away: the lower number first. The third is 1 km further on.
    links = [two_way(0, 1, 2000), two_way(1, 2, 1000)]
    shops = [Point(1, 1.0, 0), Point(1, 0.0, 0), Point(0, 1.0, 0)]
    assert found_on(links, Point(0, 0.0, 0), shops, k=3) == [
        (1, 200.0, 2000.0),
        (2, 200.0, 2000.0),
        (0, 300.0, 3000.0),
    ]


def test_a_shop_with_two_entrances_is_one_shop() -> None:
    # Shop 7 has entrances 1 km and 3 km away, shop 4 is 2 km away.
    links = [two_way(0, 1, 5000)]
    doors = [Point(0, 0.6, 0), Point(0, 0.4, 0), Point(0, 0.2, 0)]
    found = found_on(links, Point(0, 0.0, 0), doors, k=3, site_of=np.array([7, 4, 7]))
    assert found == [
        (7, pytest.approx(100.0), pytest.approx(1000.0)),
        (4, pytest.approx(200.0), pytest.approx(2000.0)),
        (-1, INF, INF),
    ]


def test_of_two_fastest_ways_the_shorter_one_is_told() -> None:
    # 0 → 1 in 100 s by 3 km of main road (30 m/s) or by 1 km of street (10 m/s).
    links = [two_way(0, 1, 3000, 108.0), two_way(0, 1, 1000, 36.0), two_way(1, 2, 1000, 36.0)]
    assert found_on(links, Point(0, 0.0, 0), [Point(2, 1.0, 0)]) == [(0, 200.0, 2000.0)]


def test_what_takes_as_long_and_is_shorter_comes_first() -> None:
    # Both shops are 100 s away: 3 km on the main road, or 1 km on a street.
    links = [two_way(0, 1, 3000, 108.0), two_way(0, 2, 1000, 36.0)]
    assert found_on(links, Point(0, 0.0, 0), [Point(0, 1.0, 0), Point(1, 1.0, 0)], k=2) == [
        (1, 100.0, 1000.0),
        (0, 100.0, 3000.0),
    ]


def test_shops_as_far_as_each_other_are_all_found_beyond_the_next_junction() -> None:
    # From 2 it is 100 s to 1, and from 1 as long to each of nine shops, by 9, 8 … 1 km. A side
    # road makes 2 a junction, and the house at 3 can go on from there.
    links = [two_way(1, 10 + n, 1000.0 * (9 - n), 36.0 * (9 - n)) for n in range(9)]
    links += [two_way(2, 1, 1000), two_way(2, 20, 1000), two_way(2, 3, 1000)]
    shops = [Point(n, 1.0, 0) for n in range(9)]
    for house, seconds in ((Point(9, 0.0, 0), 200.0), (Point(11, 1.0, 0), 300.0)):
        assert found_on(links, house, shops, k=8) == [
            (8 - n, seconds, seconds * 10 + 1000 * n) for n in range(8)
        ]


def test_nobody_drives_to_an_island() -> None:
    # The largest part is 0–1–2; a road 8–9 lies apart, and nothing may be put on it.
    links = [two_way(0, 1, 1000), two_way(1, 2, 1000), two_way(8, 9, 1000)]
    network = network_of(links)
    assert network.connected.tolist() == [True, True, False]
    unreached = [(-1, INF, INF)] * 2
    assert found_on(links, Point(0, 0.0, 0), [NOWHERE], k=2) == unreached
    assert found_on(links, NOWHERE, [Point(0, 0.0, 0)], k=2) == unreached


def test_a_bound_is_inclusive_and_counts_both_access_legs() -> None:
    # 100 + 1 000 + 100 m = 20 + 100 + 20 s.
    links = [two_way(0, 1, 1000)]
    house, shop = Point(0, 0.0, 100), [Point(0, 1.0, 100)]
    assert found_on(links, house, shop, bound=140.0) == [(0, 140.0, 1200.0)]
    assert found_on(links, house, shop, bound=139.9) == [(-1, INF, INF)]
    assert found_on(links, house, shop, by="metres", bound=1200.0) == [(0, 140.0, 1200.0)]
    assert found_on(links, house, shop, by="metres", bound=1199.0) == [(-1, INF, INF)]


def test_no_origins_and_no_sites_are_no_trouble() -> None:
    network = network_of([two_way(0, 1, 1000)])
    nobody, somebody = snapped([]), snapped([Point(0, 0.5, 0.0)])
    assert nearest(network, nobody, somebody, 2).site.shape == (0, 2)
    assert nearest(network, somebody, nobody, 2).site.tolist() == [[-1, -1]]
    assert road_matrix(network, nobody, somebody).shape == (0, 1)
    assert road_matrix(network, somebody, nobody).shape == (1, 0)


def test_the_matrix_tells_the_shortest_way_each_way() -> None:
    # A one-way street of 1 km, 3 km back. Speeds do not matter, directions do.
    links = [one_way(0, 1, 1000, 3.6), one_way(1, 0, 3000, 360.0)]
    ends = snapped([Point(0, 0.0, 0.0), Point(0, 1.0, 10.0), NOWHERE])
    matrix = road_matrix(network_of(links), ends, ends)
    assert matrix.tolist() == [[0.0, 1010.0, INF], [3010.0, 20.0, INF], [INF, INF, INF]]


# Any map: what the search says is what the second opinion says.


@dataclass(frozen=True)
class Map:
    """Roads, houses and shops drawn at random."""

    links: list[Link]
    origins: list[Point]
    sites: list[Point]
    site_of: list[int]


# Lengths, speeds, shares and legs are binary fractions, so that sums are exact however they are
# made, and ties are ties. Legs are driven at 14.4 km/h = 4 m/s.
SPEEDS = st.sampled_from([2.0, 4.0, 8.0])  # m/s
MANY_LENGTHS = st.integers(0, 12).map(lambda n: 64.0 * n)
FEW_LENGTHS = st.sampled_from([64.0, 128.0, 0.0])  # ways of the same time and length abound
FRACTIONS = st.sampled_from([0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0])
LEGS = st.sampled_from([0.0, 0.0, 16.0, 64.0, 128.0])
EXACT_KMH = 14.4


@st.composite
def ways(draw: st.DrawFn, u: int, v: int, lengths: st.SearchStrategy[float]) -> Link:
    """Draw a link of two ways or one, possibly against its drawing, possibly of no length."""
    metres, speed = draw(lengths), draw(SPEEDS)
    forward, backward = draw(st.sampled_from([(1, 1), (1, 1), (1, 0), (0, 1)]))
    seconds = metres / speed
    return Link(u, v, metres, seconds if forward else INF, seconds if backward else INF)


@st.composite
def pieces(draw: st.DrawFn, link: Link, node: int, lengths: st.SearchStrategy[float]) -> list[Link]:
    """Draw a road in one piece or several, each drawn from either end; node is the next new one."""
    count = draw(st.sampled_from([1, 1, 1, 2, 3]))
    ends = [link.u, *range(node, node + count - 1), link.v]
    drawn = []
    for u, v in pairwise(ends):
        metres, speed = draw(lengths), draw(SPEEDS)
        forward, backward = (
            metres / speed if np.isfinite(seconds) else INF for seconds in link[3:]
        )
        piece = Link(u, v, metres, forward, backward)
        drawn.append(turned(piece) if draw(st.booleans()) else piece)
    return drawn


@st.composite
def maps(draw: st.DrawFn) -> Map:
    """Draw a town around a ring of one-way or two-way roads, with anything added to it."""
    lengths = draw(st.sampled_from([MANY_LENGTHS, FEW_LENGTHS]))
    around = draw(st.integers(1, 5))
    junctions = around + draw(st.integers(0, 3))
    roads = []
    for node in range(around):  # one way round at least: the town is strongly connected
        road = draw(ways(node, (node + 1) % around, lengths))
        if road.seconds_forward == INF:
            road = road._replace(u=road.v, v=road.u)
        roads.append(road)
    for _ in range(draw(st.integers(0, 8))):
        ends = st.integers(0, junctions - 1)
        roads.append(draw(ways(draw(ends), draw(ends), lengths)))
    links: list[Link] = []
    for road in roads:
        links += draw(pieces(road, junctions + 2 * len(links), lengths))
    links = draw(st.permutations(links))
    usable = np.flatnonzero(network_of(links).connected).tolist()
    points = st.one_of(
        st.builds(Point, st.sampled_from(usable), FRACTIONS, LEGS),
        # Several on one link are the hard case.
        st.builds(Point, st.just(usable[0]), FRACTIONS, LEGS),
        st.just(NOWHERE) if draw(st.booleans()) else st.nothing(),
    )
    origins = draw(st.lists(points, min_size=1, max_size=5))
    sites = draw(st.lists(points, max_size=8))
    site_of = draw(
        st.lists(st.integers(0, 4), min_size=len(sites), max_size=len(sites))
        if draw(st.booleans())
        else st.just(list(range(len(sites))))
    )
    return Map(links, origins, sites, site_of)


def as_lists(drawn: Map, k: int, **options: Any) -> list[list[tuple[float, float, int]]]:
    """List what the search finds, as the second opinion lists it."""
    answer = nearest(
        network_of(drawn.links),
        snapped(drawn.origins),
        snapped(drawn.sites),
        k,
        site_of=np.array(drawn.site_of, dtype=np.int64),
        **options,
    )
    assert answer.site.shape == answer.seconds.shape == answer.metres.shape
    assert answer.site.shape == (len(drawn.origins), k)
    assert np.array_equal(answer.site < 0, np.isinf(answer.seconds))
    assert np.array_equal(answer.site < 0, np.isinf(answer.metres))
    return [
        [(seconds, metres, site) for seconds, metres, site in zip(*row, strict=True) if site >= 0]
        for row in zip(
            answer.seconds.tolist(), answer.metres.tolist(), answer.site.tolist(), strict=True
        )
    ]


@settings(max_examples=350, **PROFILE)
@given(maps(), st.integers(1, 4), st.sampled_from(["seconds", "metres"]))
def test_sites_seconds_and_metres_are_exact_and_ties_are_settled(
    drawn: Map, k: int, by: Literal["seconds", "metres"]
) -> None:
    """Ties in the main measure go to the other measure, then to the site number, as is said."""
    expected = nearest_by_hand(
        drawn.links,
        drawn.origins,
        drawn.sites,
        k,
        site_of=drawn.site_of,
        by=by,
        access_kmh=EXACT_KMH,
    )
    assert as_lists(drawn, k, by=by, access_kmh=EXACT_KMH) == expected


@settings(max_examples=150, **PROFILE)
@given(maps(), st.integers(1, 4), st.sampled_from(["seconds", "metres"]), st.integers(0, 40))
def test_a_bound_leaves_out_what_is_beyond_and_nothing_else(
    drawn: Map, k: int, by: Literal["seconds", "metres"], number: int
) -> None:
    """The bound is what one of the ways takes, so that this way is just inside."""
    every = nearest_by_hand(
        drawn.links,
        drawn.origins,
        drawn.sites,
        len(drawn.sites),
        site_of=drawn.site_of,
        by=by,
        access_kmh=EXACT_KMH,
    )
    measures = [0.0, *(getattr(way, by) for row in every for way in row)]
    bound = measures[number % len(measures)]
    expected = [[way for way in row if getattr(way, by) <= bound][:k] for row in every]
    assert as_lists(drawn, k, by=by, access_kmh=EXACT_KMH, bound=bound) == expected


@settings(max_examples=100, **PROFILE)
@given(maps(), st.sampled_from([INF, 0.0, 256.0, 1024.0]))
def test_the_matrix_holds_the_shortest_way_of_every_pair(drawn: Map, bound: float) -> None:
    expected = np.full((len(drawn.origins), len(drawn.sites)), INF)
    every = nearest_by_hand(
        drawn.links, drawn.origins, drawn.sites, len(drawn.sites), by="metres", bound=bound
    )
    for origin, row in enumerate(every):
        for found in row:
            expected[origin, found.site] = found.metres
    matrix = road_matrix(
        network_of(drawn.links), snapped(drawn.origins), snapped(drawn.sites), bound=bound
    )
    assert matrix.tolist() == expected.tolist()


def uneven(drawn: Map, seed: int) -> Map:
    """Return the same map with numbers that are no binary fractions, where sums are rounded."""
    rng = np.random.default_rng(seed)
    links = [
        Link(
            link.u,
            link.v,
            metres := link.metres and float(rng.uniform(1, 20_000)),
            link.seconds_forward if link.seconds_forward == INF else metres / rng.uniform(4, 30),
            link.seconds_backward if link.seconds_backward == INF else metres / rng.uniform(4, 30),
        )
        for link in drawn.links
    ]

    def moved(point: Point) -> Point:
        inside = point.fraction not in {0.0, 1.0}
        fraction = float(rng.uniform(0, 1)) if inside else point.fraction
        return Point(point.link, fraction, point.access_m and float(rng.uniform(0, 900)))

    origins, sites = (
        [point if point.link < 0 else moved(point) for point in points]
        for points in (drawn.origins, drawn.sites)
    )
    return Map(links, origins, sites, drawn.site_of)


@settings(max_examples=100, **PROFILE)
@given(
    maps(),
    st.integers(0, 2**32 - 1),
    st.sampled_from(["seconds", "metres"]),
    st.sampled_from([INF, 300.0, 9_000.0]),
)
def test_the_matrix_tells_of_each_pair_what_a_search_from_that_site_does_to_the_bit(
    drawn: Map, seed: int, by: Literal["seconds", "metres"], bound: float
) -> None:
    odd = uneven(drawn, seed)
    network, origins, sites = network_of(odd.links), snapped(odd.origins), snapped(odd.sites)
    matrix = road_matrix(network, origins, sites, by=by, access_kmh=EXACT_KMH, bound=bound)
    for site in range(len(odd.sites)):
        alone = nearest(
            network, origins, sites.take(np.array([site])), by=by, access_kmh=EXACT_KMH, bound=bound
        )
        assert matrix[:, site].tolist() == getattr(alone, by)[:, 0].tolist()


@settings(max_examples=150, **PROFILE)
@given(maps(), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_any_lengths_speeds_and_places_give_the_same_to_a_millionth(
    drawn: Map, k: int, seed: int
) -> None:
    odd = uneven(drawn, seed)
    everything = nearest_by_hand(
        odd.links, odd.origins, odd.sites, len(odd.sites), site_of=drawn.site_of
    )
    for found, every in zip(as_lists(odd, k), everything, strict=True):
        assert len(found) == min(k, len(every))
        assert len({site for _, _, site in found}) == len(found)
        assert [seconds for seconds, _, _ in found] == pytest.approx(
            [best.seconds for best in every[:k]], abs=1e-6
        )
        # What is found of a site is the best way to that site, wherever rounding ranks it.
        ways_to = {best.site: best for best in every}
        for seconds, metres, site in found:
            assert seconds == pytest.approx(ways_to[site].seconds, abs=1e-6)
            assert metres == pytest.approx(ways_to[site].metres, abs=1e-6)


@settings(max_examples=80, **PROFILE)
@given(maps(), st.lists(st.booleans(), min_size=80, max_size=80))
def test_cutting_every_road_in_two_changes_no_answer(drawn: Map, turns: list[bool]) -> None:
    """Halves are drawn from either end; a place on a road is a place on one of its halves."""
    halves = []
    for number, link in enumerate(drawn.links):
        middle = 1000 + number
        half = Link(0, 0, *(value / 2 for value in link[2:]))
        halves += [half._replace(u=link.u, v=middle), half._replace(u=middle, v=link.v)]
    halves = [turned(half) if turn else half for half, turn in zip(halves, turns, strict=False)]
    before = network_of(drawn.links).connected
    assume(np.array_equal(network_of(halves).connected, np.repeat(before, 2)))

    def on_halves(point: Point) -> Point:
        if point.link < 0:
            return point
        second = point.fraction > 0.5
        number = 2 * point.link + second
        fraction = 2 * point.fraction - second
        return Point(number, 1 - fraction if turns[number] else fraction, point.access_m)

    cut = Map(
        halves, *(list(map(on_halves, p)) for p in (drawn.origins, drawn.sites)), drawn.site_of
    )
    for by in ("seconds", "metres"):
        options = {"k": 3, "by": by, "access_kmh": EXACT_KMH}
        assert as_lists(cut, **options) == as_lists(drawn, **options)


@settings(max_examples=100, **PROFILE)
@given(maps(), st.randoms(use_true_random=False))
def test_the_order_of_roads_and_houses_does_not_matter(drawn: Map, random: Any) -> None:
    expected = as_lists(drawn, 3, access_kmh=EXACT_KMH)
    order = list(range(len(drawn.links)))
    random.shuffle(order)
    now_at = {old: new for new, old in enumerate(order)} | {-1: -1}
    houses = list(range(len(drawn.origins)))
    random.shuffle(houses)

    def renumbered(points: list[Point]) -> list[Point]:
        return [point._replace(link=now_at[point.link]) for point in points]

    shuffled = Map(
        [drawn.links[old] for old in order],
        renumbered([drawn.origins[house] for house in houses]),
        renumbered(drawn.sites),
        drawn.site_of,
    )
    found = as_lists(shuffled, 3, access_kmh=EXACT_KMH)
    assert found == [expected[house] for house in houses]


def test_where_thousands_of_roads_meet_the_search_makes_itself_more_room() -> None:
    towns = 20_000
    assert towns > towns // search.SHARE_WAITING + search.LEAST_ROOM, "there would be room at once"
    start = np.concatenate([[0], np.full(towns + 1, towns)]).astype(np.int32)
    seconds = np.random.default_rng(1).permutation(towns) + 1.0
    labels = search.label_nodes(
        start,
        np.arange(1, towns + 1, dtype=np.int32),
        np.stack([seconds, 20 * seconds], axis=1),
        np.array([[7, 0]], dtype=np.int32),
        np.zeros((1, 2)),
        1,
        INF,
    )
    assert labels["site"].ravel().tolist() == [7] * (towns + 1)
    assert labels["cost"].ravel().tolist() == [0.0, *seconds]
    assert labels["other"].ravel().tolist() == [0.0, *(20 * seconds)]

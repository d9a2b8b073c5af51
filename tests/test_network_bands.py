"""Roads are cut exactly where the distance to the nearest site crosses a limit."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.driving import INF, PROFILE, Map, in_petals, maps, one_way, snapped, straight, two_way
from tests.oracle import Link, Point, nearest_by_hand

from glesservice.network import bands, nearest, reach_of_nodes

# A road of 10 km between nodes 0 and 1; further roads where a test says so.
AT = [(0, 0), (10_000, 0)]


def pieces(
    links: list[Link], sites: list[Point], limits: list[float], **options: Any
) -> list[tuple[int, int, float, float]]:
    """List the pieces on the map as (link, band, x of the begin, x of the end)."""
    table = bands(straight(links, AT), snapped(sites), limits, **options)
    assert list(table.columns) == ["link", "band", "geometry"]
    assert table.crs == "EPSG:3006"
    return [
        (row.link, row.band, *(round(x, 6) for x, _ in row.geometry.coords))
        for row in table.itertuples()
    ]


def test_a_road_is_cut_at_the_limits_on_both_sides_of_the_shop() -> None:
    # The shop at 4 km: within 1 km from 3 to 5, within 3 km from 1 to 7.
    assert pieces([two_way(0, 1, 10_000)], [Point(0, 0.4, 0)], [1000, 3000]) == [
        (0, 2, 0, 1000),
        (0, 1, 1000, 3000),
        (0, 0, 3000, 5000),
        (0, 1, 5000, 7000),
        (0, 2, 7000, 10_000),
    ]


def test_between_two_shops_the_nearer_one_counts() -> None:
    # Shops at both ends: the middle is 5 km away, and a limit of 5 km is not passed there.
    shops = [Point(0, 0.0, 0), Point(0, 1.0, 0)]
    road = [two_way(0, 1, 10_000)]
    assert pieces(road, shops, [4000]) == [(0, 0, 0, 4000), (0, 1, 4000, 6000), (0, 0, 6000, 10000)]
    assert pieces(road, shops, [5000]) == [(0, 0, 0, 10_000)]
    assert pieces(road, shops, [5001]) == [(0, 0, 0, 10_000)]


def test_the_access_leg_of_the_shop_counts() -> None:
    # 500 m off the road; at 30 km/h that is a minute. The road is driven at 10 m/s.
    road, shop = [two_way(0, 1, 10_000)], [Point(0, 0.0, 500)]
    assert pieces(road, shop, [1000]) == [(0, 0, 0, 500), (0, 1, 500, 10_000)]
    assert pieces(road, shop, [120], by="seconds") == [(0, 0, 0, 600), (0, 1, 600, 10_000)]


def test_a_one_way_road_is_as_far_as_its_only_way() -> None:
    # From 0 to 1 one way (10 km), back by a road of 20 km. The shop is at 4 km of the first: who
    # is past it drives 6 km on and 20 km back and 4 km: at least 24 km, at most 30.
    links = [one_way(0, 1, 10_000), one_way(1, 0, 20_000)]
    assert pieces(links, [Point(0, 0.4, 0)], [2000, 26_000]) == [
        (0, 1, 0, 2000),
        (0, 0, 2000, 4000),
        (0, 2, 4000, 8000),
        (0, 1, 8000, 10_000),
        (1, 1, 10_000, 0),
    ]
    # The same road drawn against the traffic.
    links = [Link(1, 0, 10_000, INF, 1000), one_way(1, 0, 20_000)]
    assert pieces(links, [Point(0, 0.6, 0)], [2000, 26_000]) == [
        (0, 1, 10_000, 8000),
        (0, 2, 8000, 4000),
        (0, 0, 4000, 2000),
        (0, 1, 2000, 0),
        (1, 1, 10_000, 0),
    ]


def test_a_shop_on_a_road_of_two_speeds_is_seen_from_either_end() -> None:
    # Onward at 10 m/s, back at 20 m/s; the shop at the middle. Within 100 s are 1 km before it
    # and 2 km after it.
    road = [Link(0, 1, 10_000, 1000, 500)]
    assert pieces(road, [Point(0, 0.5, 0)], [100], by="seconds") == [
        (0, 1, 0, 4000),
        (0, 0, 4000, 7000),
        (0, 1, 7000, 10_000),
    ]


def test_without_a_shop_everything_is_beyond_the_last_limit() -> None:
    road = [two_way(0, 1, 10_000)]
    assert pieces(road, [], [1000, 2000]) == [(0, 2, 0, 10_000)]
    assert pieces(road, [Point(0, 0.5, 0)], []) == [(0, 0, 0, 10_000)]
    assert pieces(road, [Point(0, 0.5, 0)], [INF]) == [(0, 0, 0, 10_000)]


def test_islands_are_left_out() -> None:
    at = [(0, 0), (100, 0), (200, 0), (0, 50), (100, 50)]
    links = [two_way(0, 1, 100), two_way(1, 2, 100), two_way(3, 4, 100)]
    found = bands(straight(links, at), snapped([Point(0, 0.0, 0)]), [150.0])
    assert found[["link", "band"]].to_numpy().tolist() == [[0, 0], [1, 0], [1, 1]]


@pytest.mark.parametrize("limits", [[2, 1], [1, 1], [float("nan")]])
def test_limits_must_rise(limits: list[float]) -> None:
    with pytest.raises(ValueError, match="limits do not rise"):
        pieces([two_way(0, 1, 10_000)], [], limits)


# Any map.


@settings(max_examples=150, **PROFILE)
@given(
    maps(),
    st.sampled_from(["seconds", "metres"]),
    st.lists(st.floats(0, 40_000), max_size=4, unique=True),
    st.randoms(use_true_random=False),
)
def test_every_place_lies_in_the_band_of_its_distance(
    drawn: Map, by: Literal["seconds", "metres"], limits: list[float], random: Any
) -> None:
    limits = sorted(limit / (16 if by == "seconds" else 1) for limit in limits)
    if any(b <= a for a, b in pairwise(limits)):
        limits = limits[:1]
    network = in_petals(drawn.links)
    table = bands(network, snapped(drawn.sites), limits, by=by)
    samples = []
    for link, piece in zip(table["link"], table.geometry, strict=True):
        for share in (0.001, random.uniform(0.001, 0.999), 0.999):
            place = piece.interpolate(share, normalized=True)
            fraction = shapely.line_locate_point(network.lines[link], place, normalized=True)
            samples.append(Point(int(link), float(fraction), 0.0))
    reach = getattr(nearest(network, snapped(samples), snapped(drawn.sites), by=by), by)[:, 0]
    by_hand = nearest_by_hand(drawn.links, samples[:60], drawn.sites, 1, by=by)
    assert reach[:60].tolist() == [
        pytest.approx(getattr(found[0], by) if found else INF, abs=1e-6) for found in by_hand
    ]
    edges = np.array([-INF, *limits, INF])
    band = np.repeat(table["band"].to_numpy(), 3)
    for place, distance, lower, upper in zip(
        samples, reach.tolist(), edges[band], edges[band + 1], strict=True
    ):
        assert lower - 1e-4 <= distance <= upper + 1e-4, place


@settings(max_examples=100, **PROFILE)
@given(maps(), st.lists(st.floats(1, 40_000), max_size=4, unique=True))
def test_the_pieces_of_a_link_are_the_whole_link(drawn: Map, limits: list[float]) -> None:
    network = in_petals(drawn.links)
    table = bands(network, snapped(drawn.sites), sorted(limits))
    long = np.flatnonzero(network.connected & (network.length > 0))
    assert table["link"].unique().tolist() == long.tolist()
    assert table["link"].is_monotonic_increasing
    for link, part in table.groupby("link"):
        lines = part.geometry.tolist()
        whole = network.lines[link]
        assert sum(line.length for line in lines) == pytest.approx(whole.length, abs=1e-5)
        assert lines[0].coords[0] == whole.coords[0]
        assert lines[-1].coords[-1] == whole.coords[-1]
        for before, after in pairwise(lines):
            assert before.coords[-1] == after.coords[0]
        assert all(a != b for a, b in pairwise(part["band"]))
        assert min(line.length for line in lines) > 0


@settings(max_examples=100, **PROFILE)
@given(maps(), st.sampled_from(["seconds", "metres"]))
def test_the_reach_of_nodes_is_that_of_points_standing_there(
    drawn: Map, by: Literal["seconds", "metres"]
) -> None:
    network = in_petals(drawn.links)
    found = reach_of_nodes(network, snapped(drawn.sites), 2, by=by)
    number = {}  # the network numbers the nodes of the connected links anew
    for link in np.flatnonzero(network.connected).tolist():
        number[int(network.u[link])] = Point(link, 0.0, 0.0)
        number[int(network.v[link])] = Point(link, 1.0, 0.0)
    nodes = sorted(number)
    by_hand = nearest_by_hand(drawn.links, [number[node] for node in nodes], drawn.sites, 2, by=by)
    told = getattr(found, by)
    for node, every in zip(nodes, by_hand, strict=True):
        costs = [getattr(way, by) for way in every]
        assert told[node].tolist() == pytest.approx(costs + [INF] * (2 - len(costs)), abs=1e-6)
    elsewhere = np.setdiff1d(np.arange(network.nodes), nodes)
    assert np.isinf(told[elsewhere]).all()

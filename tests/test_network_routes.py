"""The ways on the map are those whose length and time are told."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.driving import (
    INF,
    NOWHERE,
    PROFILE,
    Map,
    in_petals,
    maps,
    network_on,
    one_way,
    point_on,
    snapped,
    straight,
    two_way,
    way_by_hand,
)
from tests.oracle import Link, Point

from glesservice.network import load_network, nearest, routes, save_network

# A square of 1 km roads, driven at 36 km/h = 10 m/s; legs are driven at 18 km/h = 5 m/s.
#
#   3 ——2—— 2
#   |       |
#   3       1
#   |       |
#   0 ——0—— 1
SQUARE = [(0, 0), (1000, 0), (1000, 1000), (0, 1000)]
AROUND = [two_way(0, 1, 1000), two_way(1, 2, 1000), two_way(2, 3, 1000), two_way(3, 0, 1000)]


def way(links: list[Link], origin: Point, site: Point, **options: Any) -> tuple[Any, ...]:
    """Tell one way on the square: seconds, metres, links, and the corners of its line."""
    table = routes(
        straight(links, SQUARE), snapped([origin]), snapped([site]), access_kmh=18.0, **options
    )
    row = table.iloc[0]
    return row["seconds"], row["metres"], row["links"], list(row.geometry.coords)


def test_a_way_leads_from_road_to_road_around_the_corners() -> None:
    # From 100 m off the middle of road 0, by road 1, to 250 m along road 2, 50 m off.
    found = way(AROUND, Point(0, 0.5, 100), Point(2, 0.25, 50))
    assert found == (
        20 + 50 + 100 + 25 + 10,
        100 + 500 + 1000 + 250 + 50,
        (0, 1, 2),
        [(500, 0), (1000, 0), (1000, 1000), (750, 1000)],
    )


def test_a_way_against_the_drawing_turns_the_lines() -> None:
    found = way(AROUND, Point(2, 0.25, 0), Point(0, 0.5, 0))
    assert found == (
        175.0,
        1750.0,
        (2, 1, 0),
        [(750, 1000), (1000, 1000), (1000, 0), (500, 0)],
    )


def test_a_way_along_one_road_is_a_part_of_it() -> None:
    onward = way(AROUND, Point(1, 0.25, 0), Point(1, 0.75, 0))
    assert onward == (50.0, 500.0, (1,), [(1000, 250), (1000, 750)])
    back = way(AROUND, Point(1, 0.75, 0), Point(1, 0.25, 0))
    assert back == (50.0, 500.0, (1,), [(1000, 750), (1000, 250)])


def test_a_way_around_a_one_way_street_meets_it_at_both_ends() -> None:
    street = [one_way(0, 1, 1000), *AROUND[1:]]
    assert way(street, Point(0, 0.75, 0), Point(0, 0.25, 0)) == (
        350.0,
        3500.0,
        (0, 1, 2, 3, 0),
        [(750, 0), (1000, 0), (1000, 1000), (0, 1000), (0, 0), (250, 0)],
    )


def test_the_bends_of_a_road_are_kept() -> None:
    bent = shapely.LineString([(0, 0), (0, 300), (400, 300), (400, 600), (800, 600)])
    network = network_on([two_way(0, 1, bent.length)], [bent])
    # 1 400 m in all: from 350 m (50 m after the first bend) to 1 050 m (50 m after the third).
    there = routes(network, snapped([Point(0, 0.25, 0)]), snapped([Point(0, 0.75, 0)]))
    assert shapely.get_coordinates(there.geometry).tolist() == [
        [50, 300],
        [400, 300],
        [400, 600],
        [450, 600],
    ]
    back = routes(network, snapped([Point(0, 0.75, 0)]), snapped([Point(0, 0.25, 0)]))
    assert back.geometry[0].equals_exact(there.geometry[0].reverse(), 1e-9)


def test_the_fastest_way_is_not_the_shortest() -> None:
    # The far side of the square is driven at 100 m/s.
    links = [AROUND[0], *(two_way(link.u, link.v, 1000, 360.0) for link in AROUND[1:])]
    assert way(links, Point(0, 0.0, 0), Point(0, 1.0, 0))[:3] == (30.0, 3000.0, (3, 2, 1))
    assert way(links, Point(0, 0.0, 0), Point(0, 1.0, 0), by="metres")[:3] == (100, 1000, (0,))


def test_who_stands_at_the_shop_drives_nowhere() -> None:
    # The same junction, as the end of one road and as the start of the next.
    seconds, metres, links, corners = way(AROUND, Point(0, 1.0, 10), Point(1, 0.0, 5))
    assert (seconds, metres, links, corners) == (3.0, 15.0, (), [])


def test_a_junction_at_a_roads_end_is_not_on_the_road() -> None:
    assert way(AROUND, Point(0, 1.0, 0), Point(2, 0.0, 0))[2] == (1,)


def test_where_there_is_no_way_there_is_no_line() -> None:
    network = straight(AROUND, SQUARE)
    house = Point(0, 0.0, 0.0)
    table = routes(
        network,
        snapped([house, NOWHERE, house, NOWHERE]),
        snapped([NOWHERE, house, Point(0, 0.5, 0.0), NOWHERE]),
    )
    assert table.geometry.isna().tolist() == [True, True, False, True]
    assert table["seconds"].tolist() == [INF, INF, 50.0, INF]
    assert table["metres"].tolist() == [INF, INF, 500.0, INF]
    assert table["links"].tolist() == [(), (), (0,), ()]
    assert table.crs == "EPSG:3006"


def test_a_bound_leaves_out_longer_ways() -> None:
    network = straight(AROUND, SQUARE)
    houses, shop = snapped([Point(0, 0.0, 0), Point(2, 1.0, 0)]), Point(0, 0.5, 0)
    table = routes(network, houses, snapped([shop, shop]), bound=50.0)
    assert table["seconds"].tolist() == [50.0, INF]


def test_no_pairs_are_no_trouble_and_half_pairs_are_refused() -> None:
    network = straight(AROUND, SQUARE)
    nobody, somebody = snapped([]), snapped([Point(0, 0.5, 0.0)])
    table = routes(network, nobody, nobody)
    assert list(table.columns) == ["seconds", "metres", "links", "geometry"]
    assert len(table) == 0
    with pytest.raises(ValueError, match="1 origins and 0 sites"):
        routes(network, somebody, nobody)


def test_a_prepared_network_tells_the_same_ways(tmp_path: Path) -> None:
    network = straight(AROUND, SQUARE)
    save_network(network, tmp_path / "net")
    pair = snapped([Point(0, 0.5, 100)]), snapped([Point(2, 0.25, 50)])
    assert routes(load_network(tmp_path / "net"), *pair).equals(routes(network, *pair))


def once(links: Iterable[int]) -> list[int]:
    """Leave out what is the same as the one before."""
    return [link for link, _ in groupby(links)]


# Any map: the ways are those that the second opinion drives.


@settings(max_examples=100, **PROFILE)
@given(maps(), st.sampled_from(["seconds", "metres"]))
def test_the_way_of_every_pair_is_the_best_one(
    drawn: Map, by: Literal["seconds", "metres"]
) -> None:
    network = in_petals(drawn.links)
    pairs = [(origin, site) for origin in drawn.origins for site in drawn.sites]
    table = routes(
        network, snapped([pair[0] for pair in pairs]), snapped([pair[1] for pair in pairs]), by=by
    )
    for (origin, site), row in zip(pairs, table.itertuples(), strict=True):
        expected = way_by_hand(drawn.links, origin, [site], by)
        if expected is None:
            assert (row.seconds, row.metres, row.links, row.geometry) == (INF, INF, (), None)
            continue
        assert getattr(row, by) == pytest.approx(expected.cost, abs=1e-6)
        # Points split links, so by hand a link may be driven over in pieces.
        assert once(row.links) == once(expected.links)
        legs = origin.access_m + site.access_m
        assert row.geometry.length == pytest.approx(row.metres - legs, abs=1e-5)
        if row.metres - legs > 1e-6:
            assert shapely.get_point(row.geometry, 0).distance(point_on(network, origin)) < 1e-5
            assert shapely.get_point(row.geometry, -1).distance(point_on(network, site)) < 1e-5


@settings(max_examples=60, **PROFILE)
@given(maps(), st.sampled_from(["seconds", "metres"]))
def test_seconds_and_metres_are_those_of_the_nearest_site(
    drawn: Map, by: Literal["seconds", "metres"]
) -> None:
    network, origins, sites = in_petals(drawn.links), snapped(drawn.origins), snapped(drawn.sites)
    found = nearest(network, origins, sites, 3, by=by)
    for rank in range(3):
        there = np.flatnonzero(found.site[:, rank] >= 0)
        table = routes(network, origins.take(there), sites.take(found.site[there, rank]), by=by)
        # Not nearly: to the bit.
        assert table["seconds"].tolist() == found.seconds[there, rank].tolist()
        assert table["metres"].tolist() == found.metres[there, rank].tolist()

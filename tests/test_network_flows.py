"""Everybody is counted on the roads that they drive over, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.driving import (
    NOWHERE,
    PROFILE,
    Map,
    in_petals,
    maps,
    one_way,
    snapped,
    straight,
    two_way,
    way_by_hand,
)
from tests.oracle import Link, Point

from glesservice.network import load_network, people_on_links, routes, save_network

# A valley: a road of four pieces of 1 km, with a side road of 1 km at node 2.
#
#   0 —0— 1 —1— 2 —2— 3 —3— 4
#               |
#               4
#               |
#               5
AT = [(0, 0), (1000, 0), (2000, 0), (3000, 0), (4000, 0), (2000, -1000)]
VALLEY = [
    two_way(0, 1, 1000),
    two_way(1, 2, 1000),
    two_way(3, 2, 1000),  # drawn the other way
    two_way(3, 4, 1000),
    two_way(2, 5, 1000),
]


def driving(
    links: list[Link], living: dict[Point, float], sites: list[Point], **options: Any
) -> list[float]:
    """Count the people on each road of the valley."""
    return people_on_links(
        straight(links, AT), snapped(list(living)), list(living.values()), snapped(sites), **options
    ).tolist()


def test_people_add_up_towards_the_shop() -> None:
    # The shop is at node 4. 10 live at 0, 20 half-way along road 1, 40 at the side road's end.
    living = {Point(0, 0.0, 0): 10, Point(1, 0.5, 0): 20, Point(4, 1.0, 0): 40}
    assert driving(VALLEY, living, [Point(3, 1.0, 0)]) == [10, 30, 70, 70, 40]


def test_who_lives_beyond_the_shop_drives_the_other_way() -> None:
    # The shop stands in the middle of road 2. Part of a road is driven over, so it counts.
    living = {Point(0, 0.0, 0): 10, Point(3, 1.0, 0): 5, Point(2, 0.25, 0): 3, Point(2, 0.75, 0): 2}
    assert driving(VALLEY, living, [Point(2, 0.5, 0)]) == [10, 10, 20, 5, 0]


def test_a_junction_at_the_end_of_a_road_is_not_on_it() -> None:
    # At node 1 as the end of road 0, and as the start of road 1.
    living = {Point(0, 1.0, 0): 10, Point(1, 0.0, 0): 20}
    assert driving(VALLEY, living, [Point(1, 1.0, 0)]) == [0, 30, 0, 0, 0]
    # And the shop at node 1, either way.
    living = {Point(4, 1.0, 0): 10}
    for shop in (Point(0, 1.0, 0), Point(1, 0.0, 0)):
        assert driving(VALLEY, living, [shop]) == [0, 10, 0, 0, 10]


def test_everybody_drives_to_their_own_nearest_shop() -> None:
    living = {Point(0, 0.5, 0): 1, Point(1, 0.9, 0): 2, Point(4, 0.5, 0): 4}
    shops = [Point(0, 0.0, 0), Point(3, 0.0, 0)]
    assert driving(VALLEY, living, shops) == [1, 2, 6, 0, 4]


def test_a_person_is_counted_once_on_a_road_driven_at_both_ends() -> None:
    # A one-way street and the way back: from 0.75 around to 0.25.
    links = [one_way(0, 1, 1000), one_way(1, 0, 3000)]
    assert driving(links, {Point(0, 0.75, 0): 7}, [Point(0, 0.25, 0)]) == [7, 7]
    assert driving(links, {Point(0, 0.25, 0): 7}, [Point(0, 0.75, 0)]) == [7, 0]
    # The same against the drawing.
    links = [Link(1, 0, 1000, float("inf"), 100), one_way(1, 0, 3000)]
    assert driving(links, {Point(0, 0.25, 0): 7}, [Point(0, 0.75, 0)]) == [7, 7]


def test_who_does_not_drive_is_on_no_road() -> None:
    assert driving(VALLEY, {NOWHERE: 9, Point(0, 0.5, 3): 8}, [Point(0, 0.5, 7)]) == [0] * 5
    assert driving(VALLEY, {Point(0, 0.5, 3): 8}, [NOWHERE]) == [0] * 5
    assert driving(VALLEY, {Point(0, 0.5, 3): 8}, []) == [0] * 5
    assert driving(VALLEY, {}, [Point(0, 0.5, 7)]) == [0] * 5


def test_nobody_drives_further_than_the_bound() -> None:
    living = {Point(0, 0.0, 0): 10, Point(1, 0.0, 0): 20}
    shop = [Point(2, 1.0, 0)]
    assert driving(VALLEY, living, shop, by="metres", bound=1000) == [0, 20, 0, 0, 0]


def test_people_and_origins_must_fit_together() -> None:
    network, house = straight(VALLEY, AT), snapped([Point(0, 0.5, 0)])
    with pytest.raises(ValueError, match="for 1 origins"):
        people_on_links(network, house, [1, 2], house)


def test_a_prepared_network_counts_the_same(tmp_path: Path) -> None:
    network = straight(VALLEY, AT)
    save_network(network, tmp_path / "net")
    case = snapped([Point(0, 0.0, 0)]), [10], snapped([Point(3, 1.0, 0)])
    assert people_on_links(load_network(tmp_path / "net"), *case).tolist() == [10, 10, 10, 10, 0]


# Any map: whoever drives over a link by hand is counted on it.


@settings(max_examples=200, **PROFILE)
@given(maps(), st.sampled_from(["seconds", "metres"]), st.randoms(use_true_random=False))
def test_people_are_on_the_links_of_their_ways(
    drawn: Map, by: Literal["seconds", "metres"], random: Any
) -> None:
    people = [random.choice([0, 1, 2.5, 10, 1 / 3]) for _ in drawn.origins]
    network, origins = in_petals(drawn.links), snapped(drawn.origins)
    counted = people_on_links(network, origins, people, snapped(drawn.sites), by=by)
    expected = np.zeros(len(drawn.links))
    for origin, living in zip(drawn.origins, people, strict=True):
        way = way_by_hand(drawn.links, origin, drawn.sites, by)
        if way is not None:
            expected[sorted(set(way.links))] += living
    assert counted == pytest.approx(expected, abs=1e-9)
    # Nothing is left over where nobody drives.
    assert counted[expected == 0].tolist() == [0.0] * int((expected == 0).sum())


@settings(max_examples=100, **PROFILE)
@given(maps())
def test_people_are_where_their_routes_are(drawn: Map) -> None:
    """With one site only, so that counting and routes mean the same one."""
    network, origins = in_petals(drawn.links), snapped(drawn.origins)
    for site in drawn.sites:
        ways = routes(network, origins, snapped([site] * len(origins)))
        expected = np.zeros(len(drawn.links))
        for links in ways["links"]:
            expected[sorted(set(links))] += 1
        counted = people_on_links(network, origins, np.ones(len(origins)), snapped([site]))
        assert counted.tolist() == expected.tolist()

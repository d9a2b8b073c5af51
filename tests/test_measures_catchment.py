"""The enhanced two-step floating catchment area method, by hand.

Two shops and three cells. Minutes to the first shop: 5 from the village (100 people), 15 from the
farms (50), 25 from the mill (40); to the second: 25 from the village, 40 from the farms, 10 from
the mill. Zones of 10, 20 and 30 minutes count 1, 0.68 and 0.22.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glesservice.config import Catchment
from glesservice.measures import catchment, minutes_within
from glesservice.network import RoadNetwork, at_nodes

MINUTES = np.array([[5.0, 25.0], [15.0, np.inf], [25.0, 10.0]])
PEOPLE = np.array([100.0, 50.0, 40.0])


def test_shops_are_shared_among_those_around_them_and_added_up_again():
    # Step 1: the first shop has 100 + 0.68 × 50 + 0.22 × 40 = 142.8 people, the second
    # 0.22 × 100 + 1 × 40 = 62 (exactly 10 minutes is within the first zone).
    # Step 2: village 1/142.8 + 0.22/62, farms 0.68/142.8, mill 0.22/142.8 + 1/62.
    one, two = 1000 / 142.8, 1000 / 62
    assert catchment(MINUTES, PEOPLE, Catchment()) == pytest.approx(
        [one + 0.22 * two, 0.68 * one, 0.22 * one + two]
    )


def test_beyond_the_last_zone_there_is_no_shop():
    assert catchment(np.array([[31.0]]), np.array([10.0]), Catchment()).tolist() == [0.0]


def test_without_shops_nobody_has_any():
    assert catchment(np.empty((2, 0)), np.array([10.0, 5.0]), Catchment()).tolist() == [0.0, 0.0]


TIMES = st.lists(
    st.tuples(st.lists(st.floats(0, 60), min_size=3, max_size=3), st.integers(1, 500)),
    min_size=1,
    max_size=10,
)


@given(TIMES)
def test_what_all_people_have_is_the_shops_that_anybody_lives_around(rows):
    minutes = np.array([times for times, _ in rows])
    people = np.array([count for _, count in rows], dtype=float)
    found = catchment(minutes, people, Catchment())
    shared = (minutes <= 30).any(axis=0).sum()
    assert (found >= 0).all()
    assert (found * people).sum() == pytest.approx(1000 * shared)


@given(TIMES)
def test_a_shop_more_takes_nothing_from_anybody(rows):
    minutes = np.array([times for times, _ in rows])
    people = np.array([count for _, count in rows], dtype=float)
    fewer = catchment(minutes[:, :2], people, Catchment())
    assert (catchment(minutes, people, Catchment()) >= fewer - 1e-9).all()


def test_every_drive_within_the_limit_is_found_whatever_the_number_of_sites():
    # A straight road with a node every 1 000 m, 60 s each; 40 sites, more than are searched for
    # at a time.
    nodes = np.arange(41)
    seconds = np.full(40, 60.0)
    road = RoadNetwork.from_arrays(
        nodes[:-1], nodes[1:], np.full(40, 1000.0), seconds, seconds, nodes * 1000.0, nodes * 0.0
    )
    everywhere = at_nodes(road, nodes)
    found = minutes_within(road, everywhere, everywhere.take(nodes[1:]), 10.0, 30.0)
    apart = np.abs(nodes[:, None] - nodes[None, 1:]).astype(float)
    np.testing.assert_allclose(found, np.where(apart <= 10, apart, np.inf))


def test_the_last_digits_do_not_hang_on_how_many_threads_the_machine_has():
    # 5 000 cells are enough for a matrix product to be parted among threads.
    random = np.random.default_rng(1)
    minutes, people = random.uniform(0, 40, (5000, 40)), random.uniform(1, 90, 5000)
    weight = np.array([1.0, 0.68, 0.22, 0.0])[np.searchsorted([10.0, 20.0, 30.0], minutes)]
    # One after the other, as people add up by hand.
    shared = 1 / np.cumsum(people[:, None] * weight, axis=0)[-1]
    by_hand = 1000 * np.cumsum(weight * shared, axis=1)[:, -1]
    assert catchment(minutes, people, Catchment()).tolist() == by_hand.tolist()

"""Points meet the road at its nearest place, wherever its junctions are."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from glesservice.network import RoadNetwork, Snap, at_nodes, nearest, road_matrix, snap

CRS = "EPSG:3006"
MAX_M = 2000.0
EAST, NORTH = 560_000.0, 7_170_000.0  # near Vilhelmina; maps are drawn in metres from here

Place = tuple[float, float]


def roads(*lines: Sequence[Place], one_way: Sequence[int] = ()) -> RoadNetwork:
    """Make a network of lines that meet where their ends do, driven at 36 km/h."""
    ends = sorted({line[end] for line in lines for end in (0, -1)})
    geometry = [
        shapely.LineString([(EAST + east, NORTH + north) for east, north in line]) for line in lines
    ]
    length = shapely.length(geometry)
    back = [np.inf if number in one_way else metres / 10 for number, metres in enumerate(length)]
    return RoadNetwork.from_edges(
        gpd.GeoDataFrame(
            {
                "u": [ends.index(line[0]) for line in lines],
                "v": [ends.index(line[-1]) for line in lines],
                "length_m": length,
                "seconds_forward": length / 10,
                "seconds_backward": back,
            },
            geometry=geometry,
            crs=CRS,
        )
    )


def points(*places: Place) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        [shapely.Point(EAST + east, NORTH + north) for east, north in places], crs=CRS
    )


def snapped(network: RoadNetwork, *places: Place, max_m: float = MAX_M) -> list[tuple[float, ...]]:
    """List (link, fraction, access metres) of some places."""
    at = snap(network, points(*places), max_m)
    return list(zip(at.link.tolist(), at.fraction.tolist(), at.access_m.tolist(), strict=True))


def test_a_point_beside_a_long_road_meets_the_road_and_not_its_junction() -> None:
    network = roads([(0, 0), (10_000, 0)])
    assert snapped(network, (5000, 200), (2500, -30)) == [(0, 0.5, 200), (0, 0.25, 30)]


def test_a_road_whose_junctions_are_far_wins_over_a_near_junction() -> None:
    # The junction at (5 000, 300) is 200 m from the house, the long road 100 m.
    network = roads([(0, 0), (10_000, 0)], [(5000, 300), (5000, 900)], [(0, 0), (5000, 300)])
    assert snapped(network, (5000, 100)) == [(0, 0.5, pytest.approx(100))]


def test_the_share_is_of_the_length_along_the_bends() -> None:
    # 300 m east, then 100 m north: beside the corner 300 of 400 m are driven.
    network = roads([(0, 0), (300, 0), (300, 100)])
    assert snapped(network, (320, -20)) == [
        (0, pytest.approx(0.75), pytest.approx(np.hypot(20, 20)))
    ]


def test_a_point_beyond_a_roads_end_meets_the_end() -> None:
    network = roads([(0, 0), (1000, 0)])
    assert snapped(network, (-30, 40), (1000, 7)) == [(0, 0.0, 50), (0, 1.0, 7)]


def test_of_roads_at_the_same_distance_the_lowest_number_is_taken() -> None:
    either_side = [(0, 100), (1000, 100)], [(0, -100), (1000, -100)]
    ways_between = [(0, 100), (0, -100)], [(1000, 100), (1000, -100)]
    assert snapped(roads(*either_side, *ways_between), (500, 0)) == [(0, 0.5, 100)]
    assert snapped(roads(*reversed(either_side), *ways_between), (500, 0)) == [(0, 0.5, 100)]
    assert snapped(roads(*ways_between, *either_side), (500, 0)) == [(2, 0.5, 100)]
    # Three roads meet in a junction, and the point is nearest to the junction.
    star = roads([(0, 0), (-500, 10)], [(0, 0), (-500, 0)], [(-500, -10), (0, 0)])
    assert snapped(star, (60, 0)) == [(0, 0.0, 60)]


def test_a_point_too_far_from_every_road_is_not_attached() -> None:
    network = roads([(0, 0), (10_000, 0)])
    near, far = snapped(network, (5000, 2000), (5000, 2000.001))
    assert near == (0, 0.5, 2000)
    assert far[0] == -1
    assert np.isnan(far[2])
    assert snapped(network, (5000, 50), max_m=49.0)[0][0] == -1


def test_points_near_and_far_may_be_mixed() -> None:
    network = roads([(0, 0), (10_000, 0)])
    at = snap(network, points((0, 9000), (5000, 100), (0, -9000), (7500, 0)), MAX_M)
    assert len(at) == 4
    assert at.link.tolist() == [-1, 0, -1, 0]
    assert np.isnan(at.access_m).tolist() == [True, False, True, False]
    assert at.fraction[[1, 3]].tolist() == [0.5, 0.75]


def test_no_points_are_no_trouble() -> None:
    assert len(snap(roads([(0, 0), (100, 0)]), points(), MAX_M)) == 0


@pytest.mark.parametrize(
    ("east", "fraction"),
    [(0.009, 0.0), (0.011, 0.011 / 400), (399.989, 399.989 / 400), (399.991, 1.0)],
)
def test_within_a_centimetre_of_the_end_is_the_end(east: float, fraction: float) -> None:
    # 400 m along the bends, 100 m as the crow flies.
    bends = roads([(0, 0), (150, 0), (150, 100), (50, 100), (50, 50)])
    straight = roads([(0, 0), (400, 0)])
    assert snapped(straight, (east, 5))[0][1] == pytest.approx(fraction, abs=1e-9)
    assert (snapped(straight, (east, 5))[0][1] in {0.0, 1.0}) == (fraction in {0.0, 1.0})
    near_the_bends_end = snapped(bends, (50, 50.009), (50, 50.011))
    assert near_the_bends_end[0][1] == 1.0
    assert near_the_bends_end[1][1] < 1.0


def test_a_link_of_less_than_a_centimetre_is_one_junction() -> None:
    network = roads([(0, 0), (0.008, 0)], [(0.008, 0), (0.008, -900)], [(0, 0), (-900, -900)])
    (link, fraction, access), *_ = snapped(network, (0.004, 10))
    assert (link, access) == (0, pytest.approx(10))
    assert fraction in {0.0, 1.0}


def test_a_house_at_a_one_way_streets_start_is_not_driven_around_the_block() -> None:
    # The shop is 4 mm into the one-way street, the house 6 mm: they are neighbours at the junction.
    # Without the centimetre the way from the house to the shop would be all 7 km around.
    square = [(0, 0), (1000, 0)], [(1000, 0), (1000, 1000), (-1000, 1000), (-1000, 0), (0, 0)]
    network = roads(*square, one_way=[0, 1])
    at = snap(network, points((0.004, 10), (0.006, -10)), MAX_M)
    way = nearest(network, at.take(np.array([1])), at.take(np.array([0])))
    assert way.metres.tolist() == [[pytest.approx(20, abs=0.01)]]


def test_only_roads_of_the_connected_part_are_used() -> None:
    # 50 m away lies a road that meets no other, and a one-way street that nobody can leave;
    # the public network is 300 m away.
    network = roads(
        [(0, 50), (900, 50)],
        [(0, 300), (900, 300)],
        [(900, 300), (1800, 300)],
        [(1800, 300), (900, -50)],
        one_way=[3],
    )
    assert network.connected.tolist() == [False, True, True, False]
    assert snapped(network, (450, 0)) == [(1, 0.5, 300)]


def test_some_of_the_points_can_be_taken_in_any_order() -> None:
    at = snap(roads([(0, 0), (1000, 0)]), points((100, 1), (200, 2), (300, 3)), MAX_M)
    some = at.take(np.array([2, 0]))
    assert isinstance(some, Snap)
    assert some.fraction.tolist() == pytest.approx([0.3, 0.1])
    assert some.access_m.tolist() == [3, 1]


def test_points_can_be_put_at_junctions_and_at_no_island() -> None:
    network = roads([(0, 0), (1000, 0)], [(2000, 0), (1000, 0)], [(0, 500), (0, 900)])
    where = [(0, 0), (1000, 0), (2000, 0), (0, 900)]
    ends = list(zip(network.x - EAST, network.y - NORTH, strict=True))
    at = at_nodes(network, np.array([ends.index(place) for place in where]))
    assert at.link.tolist()[3] == -1
    assert np.isnan(at.access_m[3])
    inf = np.inf
    assert road_matrix(network, at, at).tolist() == [
        [0, 1000, 2000, inf],
        [1000, 0, 1000, inf],
        [2000, 1000, 0, inf],
        [inf, inf, inf, inf],
    ]


WHEREABOUTS = st.tuples(
    st.integers(-60, 60).map(lambda n: 25.0 * n), st.integers(-60, 60).map(lambda n: 25.0 * n)
)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(
    st.lists(st.lists(WHEREABOUTS, min_size=2, max_size=4, unique=True), min_size=1, max_size=8),
    st.lists(WHEREABOUTS, min_size=1, max_size=12),
    st.sampled_from([100.0, 500.0, 2000.0]),
    st.randoms(use_true_random=False),
)
def test_every_point_meets_the_nearest_place_of_all_in_whatever_order_they_come(
    lines: list[list[Place]], places: list[Place], max_m: float, random: object
) -> None:
    network = roads(*lines)
    houses = points(*places)
    at = snap(network, houses, max_m)
    every = shapely.distance(
        houses.to_numpy()[:, None], network.edges.geometry.to_numpy()[network.connected][None, :]
    )
    for house, link, fraction, access, distances in zip(
        houses, at.link, at.fraction, at.access_m, every, strict=True
    ):
        if distances.min() > max_m:
            assert link == -1
            assert np.isnan(access)
            continue
        assert access == distances.min()
        assert link == np.flatnonzero(network.connected)[distances.argmin()]
        meets = network.edges.geometry[link].interpolate(fraction, normalized=True)
        assert house.distance(meets) == pytest.approx(access, abs=0.01)
    order = list(range(len(places)))
    random.shuffle(order)  # type: ignore[attr-defined]
    again = snap(network, houses.iloc[order], max_m)
    assert again.link.tolist() == at.link[order].tolist()
    assert again.fraction.tolist() == at.fraction[order].tolist()
    assert np.array_equal(again.access_m, at.access_m[order], equal_nan=True)


@pytest.mark.parametrize("slope", [0.1, 0.37, 0.731, 1.9])
def test_house_and_shop_opposite_each_other_on_a_one_way_street_are_at_one_place(
    slope: float,
) -> None:
    # Driving around would be kilometres; across the street it is 30 m and 30 m.
    far = (1000.0, slope * 1000)
    network = roads([(0, 0), far], [far, (0, 5000)], [(0, 5000), (0, 0)], one_way=[0])
    for share in np.linspace(0.1, 0.9, 17):
        middle = np.array(far) * share
        across = np.array([-far[1], far[0]]) / np.hypot(*far) * 30
        at = snap(network, points(tuple(middle + across), tuple(middle - across)), MAX_M)
        assert road_matrix(network, at, at)[0, 1] == pytest.approx(60)
        assert road_matrix(network, at, at)[1, 0] == pytest.approx(60)

"""Speeds follow the posted limit of each direction, and the class where none can be believed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.drawn_roads import line, links

from glesservice.config import Network
from glesservice.network import RoadNetwork, speeds
from glesservice.network.speeds import speed_shares


def driven(columns: dict[str, Any], **rules: Any) -> pd.Series:
    """Return a road of 1 km after speeds were assigned."""
    road = links((1, 2, line((0, 0), (1000, 0))), **{name: [v] for name, v in columns.items()})
    return speeds.assign(road, Network(**rules)).iloc[0]


# Directions


def test_each_direction_has_its_own_limit() -> None:
    road = driven({"maxspeed_kmh": 60.0, "maxspeed_backward_kmh": 40.0})
    assert (road["speed_kmh"], road["speed_backward_kmh"]) == (60, 40)
    assert road["seconds_forward"] == pytest.approx(60)
    assert road["seconds_backward"] == pytest.approx(90)
    assert road["speed_origin"] == "skyltad"


def test_one_limit_holds_for_both_directions() -> None:
    road = driven({"maxspeed_kmh": 60.0})
    assert road["seconds_forward"] == road["seconds_backward"] == pytest.approx(60)
    assert np.isnan(road["speed_backward_kmh"])


def test_a_direction_without_a_limit_follows_the_class() -> None:
    road = driven({"maxspeed_backward_kmh": 40.0})
    assert (road["speed_kmh"], road["speed_backward_kmh"]) == (80, 40)
    assert road["speed_origin"] == "vägklass"


def test_of_a_one_way_road_only_its_own_limit_counts() -> None:
    road = driven({"maxspeed_backward_kmh": 40.0, "forward": False})
    assert road["speed_kmh"] == 40
    assert np.isnan(road["speed_backward_kmh"])
    assert road["seconds_forward"] == np.inf
    assert road["speed_origin"] == "skyltad"


def test_gravel_and_winter_slow_down_both_directions() -> None:
    road = driven(
        {"maxspeed_kmh": 80.0, "maxspeed_backward_kmh": 40.0, "surface": "gravel"},
        gravel_factor=0.5,
        winter_factor=0.5,
        season="vinter",
    )
    assert (road["speed_kmh"], road["speed_backward_kmh"]) == (20, 10)


# Limits that nobody can have posted


@pytest.mark.parametrize("limit", [-50.0, 0.0, 4.9, 130.1, 500.0])
def test_an_impossible_limit_leaves_the_speed_to_the_class(limit: float) -> None:
    road = driven({"maxspeed_kmh": limit})
    assert (road["speed_kmh"], road["speed_origin"]) == (80, "vägklass")
    other = driven({"maxspeed_kmh": 60.0, "maxspeed_backward_kmh": limit})
    assert (other["speed_kmh"], other["speed_backward_kmh"]) == (60, 80)
    assert other["speed_origin"] == "vägklass"


@pytest.mark.parametrize("limit", [5.0, 130.0])
def test_walking_pace_and_motorways_are_believed(limit: float) -> None:
    road = driven({"maxspeed_kmh": limit})
    assert (road["speed_kmh"], road["speed_origin"]) == (limit, "skyltad")


# Where the speeds come from


def test_shares_are_of_the_length_of_road() -> None:
    roads = links(
        (1, 2, line((0, 0), (3000, 0))),
        (2, 3, line((3000, 0), (4000, 0))),
        maxspeed_kmh=[90.0, np.nan],
    )
    shares = speed_shares(speeds.assign(roads, Network())).set_index("speed_origin")
    assert shares["share"].to_dict() == {"skyltad": 0.75, "vägklass": 0.25}
    assert shares["km"].to_dict() == {"skyltad": 3.0, "vägklass": 1.0}


def test_shares_of_no_road_are_none() -> None:
    roads = speeds.assign(links((1, 2, line((0, 0), (1, 0))), highway="path"), Network())
    assert speed_shares(roads)["share"].tolist() == [0, 0]


# Time lost at junctions


def crossing(**rules: Any) -> pd.DataFrame:
    """Assign speeds to a road of three links with a side road at its second node."""
    roads = links(
        (1, 2, line((0, 0), (800, 0))),
        (2, 3, line((800, 0), (1600, 0))),
        (3, 4, line((1600, 0), (2400, 0))),
        (2, 5, line((800, 0), (800, 800))),
    )
    return speeds.assign(roads, Network(**rules))


def test_no_time_is_lost_at_junctions_unless_it_is_set() -> None:
    assert crossing()["seconds_forward"].tolist() == pytest.approx([36] * 4)


def test_half_of_the_time_is_spent_on_each_side_of_a_junction_of_three() -> None:
    roads = crossing(junction_seconds=10)
    assert roads["seconds_forward"].tolist() == pytest.approx([41, 41, 36, 41])
    assert roads["seconds_backward"].tolist() == pytest.approx([41, 41, 36, 41])
    # Past the junction and a bend: the whole of it once.
    assert roads["seconds_forward"].iloc[:3].sum() == pytest.approx(3 * 36 + 10)
    assert roads["speed_kmh"].tolist() == [80] * 4


def test_a_road_that_may_not_be_driven_stays_closed_with_time_lost_at_junctions() -> None:
    roads = crossing(junction_seconds=10).assign(backward=False)
    again = speeds.assign(roads, Network(junction_seconds=10))
    assert np.isinf(again["seconds_backward"]).all()


def test_a_network_is_made_of_what_was_assigned() -> None:
    network = RoadNetwork.from_edges(crossing(junction_seconds=10))
    assert network.seconds_forward.tolist() == pytest.approx([41, 41, 36, 41])

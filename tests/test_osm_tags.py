"""OpenStreetMap's tags are read as a driver would: limits, closures, access and direction."""

from __future__ import annotations

import pytest

from glesservice.sources.osm_tags import (
    carries_cars,
    closed_season,
    directions,
    first,
    limits_kmh,
    speed_kmh,
)

# Speed


@pytest.mark.parametrize(
    ("tag", "kmh"),
    [
        ("90", 90.0),
        (" 70 ", 70.0),
        (90, 90.0),
        (90.0, 90.0),
        ("50.5", 50.5),
        ("90 km/h", 90.0),
        ("80kmh", 80.0),
        ("50 mph", 50 * 1.609344),
        ("SE:urban", 50.0),
        ("SE:rural", 70.0),
        ("NO:rural", 80.0),
        ("walk", 5.0),
        ("60|80", 70.0),
        ("50;70", 60.0),
        ("80; none", 80.0),
        (["70", "90"], 80.0),
        (["70", ["90", "110"]], 90.0),
    ],
)
def test_a_limit_is_read_in_kilometres_an_hour(tag: object, kmh: float) -> None:
    assert speed_kmh(tag) == pytest.approx(kmh)


@pytest.mark.parametrize(
    "tag",
    [None, "", "none", "signals", "variable", "SE:motorway", "-5", "fast", "1e2", float("nan"), []],
)
def test_what_gives_no_number_leaves_the_speed_to_the_road_class(tag: object) -> None:
    assert speed_kmh(tag) is None


@pytest.mark.parametrize("tag", ["0", 0, "0 mph"])
def test_a_limit_of_zero_is_a_mistake_and_not_a_limit(tag: object) -> None:
    assert speed_kmh(tag) is None


@pytest.mark.parametrize(
    ("tags", "along", "against"),
    [
        ({}, None, None),
        ({"maxspeed": "70"}, 70, 70),
        ({"maxspeed:forward": "70", "maxspeed:backward": "50"}, 70, 50),
        ({"maxspeed": "70", "maxspeed:backward": "50"}, 70, 50),
        ({"maxspeed": "70", "maxspeed:forward": "30"}, 30, 70),
        ({"maxspeed": "70", "maxspeed:forward": "none"}, 70, 70),
        ({"maxspeed:backward": "50"}, None, 50),
    ],
)
def test_each_direction_may_have_its_own_limit(
    tags: dict[str, str], along: float | None, against: float | None
) -> None:
    assert limits_kmh(tags) == (along, against)


# Closures


@pytest.mark.parametrize(
    ("tag", "season"),
    [
        ("no @ (Oct 15-Jun 06)", "Oct 15-Jun 06"),
        ("no @ Nov-Apr", "Nov-Apr"),
        ("no@(Dec 15-Mar 31)", "Dec 15-Mar 31"),
        ("yes @ (Jun-Sep); no @ (Oct-May)", "Oct-May"),
        ("no @ (Nov-Apr AND snow)", "Nov-Apr AND snow"),
        ("no @ (2024 Dec 01-2025 Mar 31)", "2024 Dec 01-2025 Mar 31"),
        (["", "no @ (Oct 15-Jun 06)"], "Oct 15-Jun 06"),
    ],
)
def test_a_closure_that_names_months_is_a_closed_season(tag: object, season: str) -> None:
    assert closed_season({"motor_vehicle:conditional": tag}) == season
    assert closed_season({"access:conditional": tag}) == season


@pytest.mark.parametrize(
    "tag",
    [
        None,
        "yes @ (May-Sep)",
        "no @ (22:00-06:00)",
        "no @ (Mo-Fr 07:00-09:00)",
        "no @ (22:00-06:00); yes @ (May-Sep)",
        "no @ winter",
    ],
)
def test_other_conditions_close_no_season(tag: object) -> None:
    assert closed_season({"motor_vehicle:conditional": tag}) is None


def test_a_closure_for_others_than_cars_is_none() -> None:
    assert closed_season({"hgv:conditional": "no @ (Oct 15-Jun 06)"}) is None
    assert closed_season({"bicycle:conditional": "no @ (Oct 15-Jun 06)"}) is None


@pytest.mark.parametrize(
    "tag", ["no @ (weight>4 AND Apr 01-May 31)", "no @ 22:00-06:00; yes @ May-Sep"]
)
def test_a_ban_on_heavy_vehicles_or_at_night_closes_no_season(tag: str) -> None:
    assert closed_season({"motor_vehicle:conditional": tag}) is None


@pytest.mark.parametrize("key", ["motorcar:conditional", "vehicle:conditional"])
def test_a_closure_may_stand_on_any_key_that_a_car_obeys(key: str) -> None:
    assert closed_season({key: "no @ (Oct 15-Jun 06)"}) == "Oct 15-Jun 06"


# Access


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"access": "yes"},
        {"access": "permissive"},
        {"access": "destination"},
        {"access": "customers"},
        {"access": "no", "motorcar": "yes"},
        {"access": "private", "motor_vehicle": "destination"},
        {"vehicle": "no", "motor_vehicle": "permissive"},
    ],
)
def test_the_public_may_drive(tags: dict[str, str]) -> None:
    assert carries_cars(tags)


@pytest.mark.parametrize(
    "tags",
    [
        {"access": "private"},
        {"access": "no", "bus": "yes"},
        {"motor_vehicle": "agricultural"},
        {"motor_vehicle": "forestry"},
        {"access": "yes", "motor_vehicle": "no"},
        {"vehicle": "no"},
        {"motor_vehicle": "yes", "motorcar": "no"},
    ],
)
def test_the_public_may_not_drive(tags: dict[str, str]) -> None:
    assert not carries_cars(tags)


def test_a_road_for_farm_and_forest_alone_is_not_for_the_public() -> None:
    assert not carries_cars({"motor_vehicle": "agricultural;forestry"})


@pytest.mark.parametrize(
    "tags",
    [
        {"route": "ferry", "motor_vehicle": "yes"},
        {"highway": "primary", "route": "ferry"},
        {"highway": "primary", "route": "ferry;road"},
        {"highway": "primary", "route": ["road", "ferry"]},
    ],
)
def test_no_ferry_carries_cars(tags: dict[str, str]) -> None:
    assert not carries_cars(tags)


def test_another_route_along_a_road_does_not_close_it() -> None:
    assert carries_cars({"highway": "primary", "route": "bus"})


# Direction


@pytest.mark.parametrize(
    ("tags", "along", "against"),
    [
        ({}, True, True),
        ({"oneway": "no"}, True, True),
        ({"oneway": "reversible"}, True, True),
        ({"oneway": "yes"}, True, False),
        ({"oneway": "1"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"oneway": "reverse"}, False, True),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "circular"}, True, False),
        ({"junction": "roundabout", "oneway": "no"}, True, True),
        ({"highway": "motorway"}, True, False),
        ({"highway": "motorway_link"}, True, False),
        ({"highway": "motorway", "oneway": "no"}, True, True),
        ({"highway": "motorway", "oneway": "-1"}, False, True),
        ({"highway": "trunk"}, True, True),
        ({"oneway:motor_vehicle": "yes"}, True, False),
        ({"oneway": "yes", "oneway:motor_vehicle": "no"}, True, True),
        ({"oneway": "yes", "oneway:vehicle": "-1"}, False, True),
        ({"oneway:motor_vehicle": "yes", "oneway:motorcar": "no"}, True, True),
        ({"oneway": "yes", "oneway:bicycle": "no"}, True, False),
        ({"motor_vehicle:backward": "no"}, True, False),
        ({"vehicle:forward": "private"}, False, True),
        ({"vehicle:forward": "no", "motor_vehicle:forward": "yes"}, True, True),
        ({"oneway": "yes", "access:forward": "no"}, False, False),
    ],
)
def test_directions_follow_the_tags_and_what_they_imply(
    tags: dict[str, str], along: bool, against: bool
) -> None:
    assert directions(tags) == (along, against)


def test_of_several_values_the_first_one_counts() -> None:
    assert first(["primary", "secondary"]) == "primary"
    assert first([]) is None
    assert first("") is None
    assert first(77.0) == "77"

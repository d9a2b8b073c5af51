"""Who hangs on a single road and on a single place, on a valley drawn by hand.

The valley road 1088 leads 10 km from the crossroads to the village, from where a loop without a
number (4 and 5 km) leads to the last farm. The shop stands at the crossroads.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from tests.driving import snapped, straight, two_way
from tests.oracle import Point

from glesservice.measures import main_single_road, single_place, single_road_km
from glesservice.network import single_roads

ROADS = [two_way(0, 1, 10_000), two_way(1, 2, 4_000), two_way(2, 1, 5_000), two_way(2, 3, 3_000)]
AT = [(0.0, 0.0), (10_000.0, 0.0), (13_000.0, 0.0), (16_000.0, 0.0)]
REFS = pd.Series(["1088", None, None, "1090"])
CELLS = pd.DataFrame({"people": [30.0, 10.0, 5.0, 2.0], "ort": ["Dal", "Dal", "Topp", "Topp"]})
# 30 people half-way up the valley road, 10 in the village, 5 at the farm's far end of the loop and
# 2 at the end of the road beyond it.
HOMES = snapped([Point(0, 0.5, 0.0), Point(0, 1.0, 0.0), Point(1, 1.0, 0.0), Point(3, 1.0, 0.0)])


def found(*shops: Point):
    return single_roads(straight(ROADS, AT), HOMES, snapped(shops))


def test_kilometres_that_no_other_way_goes_around():
    assert single_road_km(found(Point(0, 0.0, 0.0))).tolist() == [5.0, 10.0, 10.0, 13.0]


def test_who_reaches_no_shop_has_no_number():
    assert np.isnan(single_road_km(found())).all()


def test_a_second_shop_at_the_other_end_frees_those_between():
    assert single_road_km(found(Point(0, 0.0, 0.0), Point(3, 1.0, 0.0))).tolist() == [0, 0, 0, 0]


def test_the_main_single_road_of_an_ort_is_where_most_person_kilometres_are():
    main = main_single_road(found(Point(0, 0.0, 0.0)), REFS, CELLS["people"], CELLS["ort"])
    assert main["road"].to_dict() == {"Dal": "1088", "Topp": "1088"}
    # Dal: (30 × 5 + 10 × 10) / 40; Topp: 7 people × 10 km on 1088 against 2 × 3 on 1090.
    assert main["road_km"].to_dict() == {"Dal": 6.25, "Topp": 10.0}


def test_a_road_without_a_number_is_not_named():
    main = main_single_road(
        found(Point(0, 0.0, 0.0)), pd.Series([None] * 4), CELLS["people"], CELLS["ort"]
    )
    assert main.empty


# Shop and pump of Aby are one place. Within reach are 30 km to a shop and 40 to a pump.
PLACE = {"aby-shop": "aby", "aby-pump": "aby", "bro-shop": "bro", "bro-pump": "bro"}
REACH = {"dagligvaror": 30.0, "drivmedel": 40.0}
ACCESS = pd.DataFrame(
    [
        ("one place", "dagligvaror", 1, "aby-shop", 10_000),
        ("one place", "dagligvaror", 2, "bro-shop", 31_000),
        ("one place", "drivmedel", 1, "aby-pump", 10_000),
        ("one place", "drivmedel", 2, "bro-pump", 41_000),
        ("another pump", "dagligvaror", 1, "aby-shop", 10_000),
        ("another pump", "dagligvaror", 2, "bro-shop", 35_000),
        ("another pump", "drivmedel", 1, "aby-pump", 10_000),
        ("another pump", "drivmedel", 2, "bro-pump", 35_000),
        ("too far", "dagligvaror", 1, "aby-shop", 31_000),
        ("too far", "drivmedel", 1, "aby-pump", 41_000),
    ],
    columns=["cell_id", "service", "order", "site_id", "metres"],
)


def test_who_has_one_place_within_reach_for_everything_hangs_on_it():
    cells = pd.DataFrame({"cell_id": ["one place", "another pump", "too far", "no road"]})
    assert single_place(ACCESS, cells, PLACE, REACH).tolist() == ["aby", None, None, None]

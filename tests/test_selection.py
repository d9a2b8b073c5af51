"""The two lists, on numbers drawn by hand."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from glesservice.access import COLUMNS
from glesservice.config import Policy, ServicePolicy
from glesservice.selection import ranks, strategic_serviceorter
from glesservice.sources.places import place_ids
from glesservice.tables import CRS

POLICY = Policy(
    services={
        "mat": ServicePolicy(near_km=10, far_km=30, weight=0.75),
        "bensin": ServicePolicy(near_km=15, far_km=40, weight=0.25),
    },
    sites_per_cell=2,
)
WEIGHTS = pd.Series({"mat": 0.75, "bensin": 0.25})
CELLS = pd.DataFrame({"cell_id": ["c1", "c2", "c3"], "people": [10.0, 20.0, 5.0]})
# c1: shop a1 at 2 km, shop b at 32; pump a2 at 2, pump b2 at 12.
# c2: shop b at 5 km, shop a1 at 25; pump b2 at 5, pump a2 at 25. c3: shop a1 at 8 km only.
ACCESS = pd.DataFrame(
    [
        ("c1", "mat", 1, "a1", 120, 2_000),
        ("c1", "mat", 2, "b", 1920, 32_000),
        ("c1", "bensin", 1, "a2", 120, 2_000),
        ("c1", "bensin", 2, "b2", 720, 12_000),
        ("c2", "mat", 1, "b", 300, 5_000),
        ("c2", "mat", 2, "a1", 1500, 25_000),
        ("c2", "bensin", 1, "b2", 300, 5_000),
        ("c2", "bensin", 2, "a2", 1500, 25_000),
        ("c3", "mat", 1, "a1", 480, 8_000),
    ],
    columns=COLUMNS,
)


def sites() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site_id": ["a1", "a2", "b", "b2"],
            "name": ["Affär A", "Mack A", "Affär B", "Mack B"],
            "service": ["mat", "bensin", "mat", "bensin"],
            "counted": True,
            "place_id": ["a1", "a1", "b", "b2"],
            "ort_id": ["ort-a", "ort-a", None, None],
        }
    )


ORTER = pd.DataFrame({"ort_id": ["ort-a"], "name": ["Aby"]})


def no_rerun(closed, services):
    raise AssertionError("the labels suffice here")


def test_the_loss_of_an_ort_is_what_all_its_services_cost_together():
    found = strategic_serviceorter(sites(), ORTER, CELLS, ACCESS, POLICY, WEIGHTS, no_rerun)
    aby = found.set_index("serviceort_id").loc["ort-a"]
    # Shop: 10 people × 30 km; c3's 5 people are left without. Pump: 10 people × 10 km.
    assert aby["added_person_km_mat"] == 300
    assert aby["added_person_km_bensin"] == 100
    assert aby["added_person_km"] == 0.75 * 300 + 0.25 * 100
    assert aby["people_without"] == 5
    assert aby["people_served"] == 15
    # Past 10 km to a shop: c1 (2 -> 32) and c3 (8 -> nowhere); the pump at 12 km is within 15.
    assert aby["people_past_limit"] == 15
    assert aby["name"] == "Aby"
    assert aby["sites"] == "Affär A; Mack A"


def test_sites_outside_every_ort_stand_for_their_place():
    found = strategic_serviceorter(sites(), ORTER, CELLS, ACCESS, POLICY, WEIGHTS, no_rerun)
    by_id = found.set_index("serviceort_id")
    assert by_id.loc["b", "name"] == "Affär B"
    assert by_id.loc["b", "added_person_km_mat"] == 20 * 20
    assert by_id.loc["b2", "added_person_km_bensin"] == 20 * 20


def test_who_would_be_left_without_comes_before_any_number_of_kilometres():
    found = strategic_serviceorter(sites(), ORTER, CELLS, ACCESS, POLICY, WEIGHTS, no_rerun)
    assert found["serviceort_id"].tolist() == ["ort-a", "b", "b2"]
    assert found["rank"].tolist() == [1, 2, 3]


def test_when_the_sites_found_do_not_suffice_the_search_is_made_anew():
    both = sites().assign(ort_id="ort-a")  # both shops close: c1's two labels are used up
    asked = []

    def rerun(closed, services):
        asked.append((sorted(closed), services))
        return pd.DataFrame([("c1", "mat", 1, "c", 3600, 60_000)], columns=COLUMNS)

    found = strategic_serviceorter(both, ORTER, CELLS, ACCESS, POLICY, WEIGHTS, rerun)
    assert asked == [(["a1", "a2", "b", "b2"], ["mat", "bensin"])]
    row = found.iloc[0]
    assert row["added_person_km_mat"] == 10 * 58
    assert row["people_without"] == 35  # c2 and c3 have no shop left, c1 no pump
    assert row["people_served"] == 35


def test_no_sites_make_an_empty_list():
    nothing = sites().iloc[:0]
    assert strategic_serviceorter(nothing, ORTER, CELLS, ACCESS, POLICY, WEIGHTS, no_rerun).empty


def test_ties_are_broken_by_people_and_then_by_id():
    scores = pd.DataFrame(
        {"id": ["c", "b", "a", "d"], "total": [50, 50, 50, 80.0], "people": [10, 10, 99, 1.0]}
    )
    assert ranks(scores, "id").tolist() == [4, 3, 2, 1]


def spots(*rows: tuple[str, str, float, str | None]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=["site_id", "service", "x", "operator"])
    points = [shapely.Point(500_000 + x, 7_200_000) for x in frame["x"]]
    return gpd.GeoDataFrame(frame, geometry=points, crs=CRS)


def test_different_services_within_150_m_are_one_place():
    found = place_ids(spots(("a", "mat", 0, None), ("b", "bensin", 150, None)), 150)
    assert found.tolist() == ["a", "a"]


def test_two_shops_side_by_side_are_two_places_and_the_pump_goes_with_the_nearer():
    found = place_ids(
        spots(("a", "mat", 0, None), ("b", "mat", 80, None), ("c", "bensin", 100, None)), 150
    )
    assert found.tolist() == ["a", "b", "b"]


def test_one_operators_shop_and_pump_are_one_place_further_apart():
    rows = (("a", "mat", 0, "Handlarn"), ("b", "bensin", 400, "Handlarn"))
    assert place_ids(spots(*rows), 150).tolist() == ["a", "a"]
    strangers = (("a", "mat", 0, "Handlarn"), ("b", "bensin", 400, None))
    assert place_ids(spots(*strangers), 150).tolist() == ["a", "b"]


def test_places_do_not_hang_on_the_order_of_the_rows():
    frame = spots(*[(f"s{n}", "mat" if n % 3 else "bensin", 60.0 * n, None) for n in range(12)])
    expected = dict(zip(frame["site_id"], place_ids(frame, 150), strict=True))
    again = frame.sample(frac=1, random_state=3)
    assert dict(zip(again["site_id"], place_ids(again, 150), strict=True)) == expected


@pytest.mark.parametrize("service", ["mat", "bensin"])
def test_added_kilometres_are_never_negative(service):
    slower_but_shorter = ACCESS.assign(metres=np.where(ACCESS["order"] == 2, 1_000, 30_000))
    found = strategic_serviceorter(
        sites(), ORTER, CELLS, slower_but_shorter, POLICY, WEIGHTS, no_rerun
    )
    assert (found[f"added_person_km_{service}"] >= 0).all()

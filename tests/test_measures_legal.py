"""The distance test between sites, on a road drawn by hand.

Along one straight road stand, by kilometre: Aby 0, Bro 9, By 10.4 (limited), Dal 19.2, Ede 31.
Aby-Bro is 9 km, Bro-Dal 10.2, Dal-Ede 11.8. The limit is 10 km to a shop with a broad range.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from tests.driving import PROFILE, Map, in_petals, maps, one_way, snapped, straight, two_way
from tests.oracle import Point

from glesservice.config import Legal, LegalTest
from glesservice.measures import legal_tests, next_sites
from glesservice.network import RoadNetwork, at_nodes, road_matrix

KM = {"Aby": 0.0, "Bro": 9.0, "By": 10.4, "Dal": 19.2, "Ede": 31.0}
BROAD = LegalTest(
    limit_km=10, ordinance="SFS 2000:284", checked=date(2026, 11, 23), counterpart="full"
)
LEGAL = Legal(tests={"dagligvaror": BROAD})


def road_of(kilometres: list[float]) -> RoadNetwork:
    ends = list(range(len(kilometres)))
    links = [two_way(a, a + 1, 1000 * (kilometres[a + 1] - kilometres[a])) for a in ends[:-1]]
    return straight(links, [(1000 * km, 0.0) for km in kilometres])


def shops(**changes: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site_id": list(KM),
            "service": "dagligvaror",
            "status": [changes.get(f"{name}_status", "open") for name in KM],
            "assortment": [changes.get(name, "limited" if name == "By" else "full") for name in KM],
        }
    )


def judged(sites: pd.DataFrame, legal: Legal = LEGAL) -> pd.DataFrame:
    road = road_of(list(KM.values()))
    everyone = pd.Series(True, index=sites.index)
    at = at_nodes(road, np.arange(len(KM)))
    return legal_tests(road, sites, at, everyone, legal).set_index("site_id")


def test_the_margin_is_how_much_further_than_the_limit_the_next_shop_lies():
    found = judged(shops())
    assert found["next_site_id"].to_dict() == {
        "Aby": "Bro", "Bro": "Aby", "By": "Bro", "Dal": "Bro", "Ede": "Dal",
    }  # fmt: skip
    assert found["margin_km"].round(6).to_dict() == {
        "Aby": -1.0, "Bro": -1.0, "By": -8.6, "Dal": 0.2, "Ede": 1.8,
    }  # fmt: skip
    assert found["verdict"].to_dict() == {
        **dict.fromkeys(["Aby", "Bro", "By"], "inom gränsen"),
        **dict.fromkeys(["Dal", "Ede"], "över gränsen"),
    }


def test_within_half_a_kilometre_of_the_limit_it_is_to_be_measured_on_the_spot():
    control = judged(shops())["control"]
    assert control[control].index.tolist() == ["Dal"]  # 10.2 km


def test_exactly_the_limit_is_not_further_than_it():
    exactly = LegalTest(limit_km=9, ordinance="x", checked=date(2026, 1, 1), counterpart="full")
    found = judged(shops(), Legal(tests={"dagligvaror": exactly}))
    assert found.loc["Aby", ["verdict", "control"]].tolist() == ["inom gränsen", True]


def test_a_shop_with_a_limited_range_is_no_counterpart_where_the_law_asks_for_a_broad_one():
    anything = LegalTest(limit_km=10, ordinance="x", checked=date(2026, 1, 1))
    assert judged(shops()).loc["Dal", "next_site_id"] == "Bro"
    found = judged(shops(), Legal(tests={"dagligvaror": anything}))
    assert found.loc["Dal", "next_site_id"] == "By"


@pytest.mark.parametrize("doubt", [{"By": "unknown"}, {"By": "full", "By_status": "unconfirmed"}])
def test_what_hangs_on_a_doubtful_shop_is_said_to(doubt):
    # Dal has 8.8 km to By, which may count, and 10.2 to Bro, which does.
    found = judged(shops(**doubt)).loc["Dal"]
    assert found["verdict"] == "oklart"
    assert (found["next_site_id"], found["certain_site_id"]) == ("By", "Bro")
    assert (found["next_km"], found["certain_km"]) == pytest.approx((8.8, 10.2))
    assert found["control"]  # by the certain one: 10.2 km


def test_a_missing_assortment_is_unknown_not_limited():
    sites = shops()
    sites["assortment"] = sites["assortment"].where(sites["site_id"] != "By", None)
    assert judged(sites).loc["Dal", "verdict"] == "oklart"


def test_closed_sites_are_neither_tested_nor_counterparts():
    found = judged(shops(Bro_status="closed"))
    assert "Bro" not in found.index
    assert found.loc["Aby", "next_site_id"] == "Dal"


def test_the_last_shop_has_no_distance():
    alone = shops(**{f"{name}_status": "closed" for name in KM if name != "Aby"})
    found = judged(alone).loc["Aby"]
    assert found["verdict"] == "inget annat ställe"
    assert pd.isna(found["next_site_id"])
    assert pd.isna(found[["next_km", "margin_km"]].astype(float)).all()
    assert not found["control"]


def test_only_the_municipalitys_sites_are_tested_and_the_neighbours_are_counterparts():
    sites = shops()
    road = road_of(list(KM.values()))
    own = sites["site_id"] == "Ede"
    found = legal_tests(road, sites, at_nodes(road, np.arange(len(KM))), own, LEGAL)
    assert found[["site_id", "next_site_id"]].to_numpy().tolist() == [["Ede", "Dal"]]


def test_a_service_without_a_test_is_not_tested():
    assert judged(shops(), Legal(tests={"drivmedel": BROAD})).empty


def test_of_the_two_directions_the_shorter_counts():
    # From Aby to Bro it is 9 km; back, one-way, 14. Both have 9.
    ring = [one_way(0, 1, 9_000), one_way(1, 0, 14_000)]
    road = straight(ring, [(0.0, 0.0), (9_000.0, 0.0)])
    found = next_sites(road, at_nodes(road, np.array([0, 1])), np.array([True, True]))
    assert found.site.tolist() == [1, 0]
    assert found.metres.tolist() == [9_000, 9_000]


@given(maps())
@hypothesis_settings(**PROFILE, max_examples=150)
def test_the_next_site_is_that_of_all_pairs_both_ways(drawn: Map) -> None:
    network, at = in_petals(drawn.links), snapped(drawn.sites)
    apart = road_matrix(network, at, at)
    apart = np.minimum(apart, apart.T)
    np.fill_diagonal(apart, np.inf)
    found = next_sites(network, at, np.ones(len(at), dtype=bool))
    least = apart.min(axis=1, initial=np.inf)
    np.testing.assert_allclose(found.metres, least)
    assert ((found.site >= 0) == np.isfinite(least)).all()


def test_two_shops_at_one_spot_are_each_others_next():
    road = road_of([0.0, 10.0])
    at = snapped([Point(0, 0.5, 30.0), Point(0, 0.5, 50.0)])
    found = next_sites(road, at, np.array([True, True]))
    assert found.site.tolist() == [1, 0]
    assert found.metres.tolist() == [80, 80]

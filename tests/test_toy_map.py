"""A whole municipality worked out by hand: every measure, list, margin and sentence.

Along a main road lie Stad (the town), Mellanby 20 km, Dal 36 km and, across the border, Gräns 61 km
from Stad; from Dal a road of 15 km leads up to Topp. Between Stad and Mellanby two roads compete:
road 100, 20 km at 30 km/h (40 minutes), and road E1, 30 km at 90 km/h (20 minutes). All others are
driven at 60 km/h: a minute is a kilometre.

People: Stad 300, Mellanby 60, Dal 30, Topp 10. Groceries in Stad, Mellanby and Gräns; fuel in Stad
and Dal. Weights: 0.5 and 0.3 of the policy, 0.625 and 0.375 of what is judged.

| km (minutes)       | Stad  | Mellanby | Dal    | Topp    |
|--------------------|-------|----------|--------|---------|
| groceries, nearest | 0     | 0        | 16     | 31      |
| groceries, next    | 20    | 20       | 25     | 40      |
| fuel, nearest      | 0     | 16       | 0      | 15      |
| fuel, next         | 36    | 20       | 36     | 51      |

Minutes are the same numbers: by the slow road the 20 km to the next shop would take 40.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.drawn_municipality import Road, Site, drawn, settings_of

from glesservice.analysis import Result, analyse
from glesservice.errors import InputError

PLACES = {
    "Stad": (0.0, 0.0),
    "Mellanby": (20.0, 0.0),
    "Dal": (36.0, 0.0),
    "Topp": (36.0, 15.0),
    "Gräns": (61.0, 0.0),
}
ROADS = [
    Road("Stad", "Mellanby", 20, 30, "100"),
    Road("Stad", "Mellanby", 30, 90, "E1"),
    Road("Mellanby", "Dal", 16, 60, "200"),
    Road("Dal", "Topp", 15, 60, "300"),
    Road("Dal", "Gräns", 25, 60, "200"),
]
PEOPLE = {"Stad": 300.0, "Mellanby": 60.0, "Dal": 30.0, "Topp": 10.0}
SITES = [
    Site("a", "Stads Livs", "dagligvaror", "Stad"),
    Site("a2", "Stadsmacken", "drivmedel", "Stad"),
    Site("b", "Handlarn Mellanby", "dagligvaror", "Mellanby"),
    Site("c", "Macken i Dal", "drivmedel", "Dal"),
    Site("n", "Grensebutikken", "dagligvaror", "Gräns", kommunkod="NO"),
]


@pytest.fixture(scope="module")
def toy() -> Result:
    border = (-20.0, -20.0, 50.0, 30.0)
    return analyse(drawn(PLACES, ROADS, PEOPLE, SITES, town="Stad", border=border), settings_of())


def test_a_municipality_of_scattered_people_alone_is_told_that_there_is_nothing_to_rank() -> None:
    border = (-20.0, -20.0, 50.0, 30.0)
    few = dict.fromkeys(PEOPLE, 3.0)
    with pytest.raises(InputError, match="no place has 10 people or more: all 12 live scattered"):
        analyse(drawn(PLACES, ROADS, few, SITES, town="Stad", border=border), settings_of())


def by_name(toy: Result, column: str) -> dict[str, float]:
    return toy.orter.set_index("name")[column].to_dict()


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("km_dagligvaror", [0, 0, 16, 31]),
        ("next_km_dagligvaror", [20, 20, 25, 40]),
        ("minutes_dagligvaror", [0, 0, 16, 31]),
        ("next_minutes_dagligvaror", [20, 20, 25, 40]),
        ("km_drivmedel", [0, 16, 0, 15]),
        ("next_km_drivmedel", [36, 20, 36, 51]),
        # Groceries are near up to 10 km and far from 30: Dal (16 - 10) / 20, Topp all of it.
        ("sparsity_dagligvaror", [0, 0, 30, 100]),
        # Fuel 15 and 40: Mellanby (16 - 15) / 25.
        ("sparsity_drivmedel", [0, 4, 0, 0]),
        # How much further, of 30 km: 20, 20, 9 and 9; fuel 36, 4, 36 and 36.
        ("vulnerability_dagligvaror", [200 / 3, 200 / 3, 30, 30]),
        ("vulnerability_drivmedel", [100, 40 / 3, 100, 100]),
        # Mellanby 0.375 × 4; Dal 0.625 × 30; Topp 0.625 × 100.
        ("sparsity", [0, 1.5, 18.75, 62.5]),
        # Stad 41.667 + 37.5; Mellanby 41.667 + 5; Dal and Topp 18.75 + 37.5.
        ("vulnerability", [125 / 3 + 37.5, 125 / 3 + 5, 56.25, 56.25]),
        # 0.7 sparsity + 0.3 vulnerability: 1.05 + 14, 13.125 + 16.875, 43.75 + 16.875.
        ("total", [0.3 * (125 / 3 + 37.5), 15.05, 30.0, 60.625]),
        ("rank", [np.nan, 3, 2, 1]),
        ("person_km_dagligvaror", [0, 0, 480, 310]),
        ("beyond_5_dagligvaror", [0, 0, 30, 10]),
        ("beyond_20_dagligvaror", [0, 0, 0, 10]),
        ("beyond_30_dagligvaror", [0, 0, 0, 10]),
        # Only Topp's way, road 300, has no other to take: Dal reaches shops both ways.
        ("single_road_dagligvaror", [0, 0, 0, 10]),
        ("single_road_km_dagligvaror", [0, 0, 0, 15]),
        ("people_single_road", [0, 0, 0, 10]),
        # Within 30 km to groceries and 40 to fuel Topp has Dal's pump and nothing else.
        ("people_single_place", [0, 0, 0, 10]),
        # A week: one trip for groceries, a quarter for fuel; there and back, 52 weeks, 0.133 kg.
        (
            "co2_tonnes",
            [
                0,
                60 * 16 * 0.25 * 104 * 0.133e-3,
                480 * 104 * 0.133e-3,
                (310 + 150 * 0.25) * 104 * 0.133e-3,
            ],
        ),
    ],
)
def test_every_number_of_the_orter(toy: Result, column: str, expected: list[float]) -> None:
    assert by_name(toy, column) == pytest.approx(
        dict(zip(PEOPLE, expected, strict=True)), nan_ok=True
    )


def test_the_catchments_share_the_shops_among_those_around_them(toy: Result) -> None:
    # Minutes to Stad's shop: Stad 0, Mellanby 20; to Mellanby's: 20, 0 and Dal 16; to the one in
    # Gräns: Dal 25. Demand 300 + 0.68 × 60 = 340.8; 0.68 × 300 + 60 + 0.68 × 30 = 284.4;
    # 0.22 × 30 = 6.6. Topp has 31 minutes to the nearest: outside all zones.
    assert by_name(toy, "catchment_dagligvaror") == pytest.approx(
        {
            "Stad": 1000 * (1 / 340.8 + 0.68 / 284.4),
            "Mellanby": 1000 * (0.68 / 340.8 + 1 / 284.4),
            "Dal": 1000 * (0.68 / 284.4 + 0.22 / 6.6),
            "Topp": 0.0,
        }
    )


def test_the_bygder_are_orter_within_20_km_of_each_other(toy: Result) -> None:
    # Dal-Topp 15 km are one; Mellanby has 16 to Dal but 31 to Topp.
    rows = toy.bygder.set_index("name")
    assert rows["members"].to_dict() == {"Dal med omnejd": "Dal, Topp", "Mellanby": "Mellanby"}
    # (30 × 30 + 10 × 100) / 40 = 47.5 for groceries: 0.7 × 0.625 × 47.5 + 0.3 × 56.25.
    assert rows["total"].to_dict() == pytest.approx({"Dal med omnejd": 37.65625, "Mellanby": 15.05})
    assert rows.loc["Dal med omnejd", "motive"] == (
        "2 orter med 40 personer, i medel 20 km till närmaste dagligvarubutik (Handlarn Mellanby); "
        "stängs den blir det 29 km. Till närmaste drivmedelsstation är det 3,8 km; stängs den blir "
        "det 40 km."
    )


def test_what_the_loss_of_each_serviceort_would_cost(toy: Result) -> None:
    # Mellanby's shop: 60 × 20 + 30 × 9 + 10 × 9 = 1560; of weight 0.625: 975. Past 10 km: only
    # Mellanby's own 60 were within it.
    # Dal's pump: 60 × 4 + 30 × 36 + 10 × 36 = 1680; of weight 0.375: 630. Past 15 km: Dal's 30 and
    # Topp's 10, who had exactly 15.
    columns = ["people_served", "people_without", "people_past_limit", "added_person_km"]
    rows = toy.strategic.set_index("name")[columns]
    assert rows.index.tolist() == ["Mellanby", "Dal"]
    assert rows.loc["Mellanby"].tolist() == pytest.approx([100, 0, 60, 975])
    assert rows.loc["Dal"].tolist() == pytest.approx([100, 0, 40, 630])


def test_the_law_measures_from_shop_to_shop(toy: Result) -> None:
    # Stad-Mellanby 20 km by the short road; the two pumps 36. The shop in Gräns is nobody's task.
    rows = toy.legal.set_index("site_id")
    assert rows["next_km"].to_dict() == pytest.approx({"a": 20, "b": 20, "a2": 36, "c": 36})
    assert rows["margin_km"].to_dict() == pytest.approx({"a": 10, "b": 10, "a2": 21, "c": 21})
    assert set(rows["verdict"]) == {"över gränsen"}
    assert rows.loc["b", "text"] == (
        "20,0 km till närmaste andra dagligvarubutik som kan räknas (Stads Livs), 10,0 km längre "
        "än gränsen 10,0 km. Underlag för prövning, inte en rätt till stöd."
    )
    assert "upphörde 2024-01-01: gränsen är en jämförelse" in rows.loc["c", "text"]


def test_the_indicators_of_the_municipality(toy: Result) -> None:
    row = toy.municipality.set_index("service").loc["dagligvaror"]
    assert row["people"] == 400
    # 30 × 16 + 10 × 31 = 790 person-km, of 400 people.
    assert row[["person_km", "km", "minutes"]].tolist() == pytest.approx([790, 1.975, 1.975])
    # The worst-off tenth are Topp's 10 and Dal's 30.
    assert row["worst_km"] == 19.75
    # Twice the area under the Lorenz curve: (30 × 480 + 10 × (480 + 790)) / (400 × 790).
    assert row["gini"] == pytest.approx(1 - 27_100 / 316_000)
    beyond = ["beyond_5_km", "beyond_10_km", "beyond_20_km", "beyond_30_km"]
    assert row[beyond].tolist() == [40, 40, 10, 10]
    beyond = ["beyond_10_minutes", "beyond_20_minutes", "beyond_30_minutes", "beyond_45_minutes"]
    assert row[beyond].tolist() == [40, 10, 10, 0]
    assert row["trip_km"] == pytest.approx(790 * 104)
    assert row["trip_cost_sek"] == pytest.approx(790 * 104 * 2.5)
    # One station within 40 km: Topp alone (15 and 51).
    assert toy.municipality.set_index("service").loc["drivmedel", "single_site"] == 10


def test_the_motives_say_it_in_words(toy: Result) -> None:
    assert by_name(toy, "motive")["Topp"] == (
        "10 personer, 31 km till närmaste dagligvarubutik (Handlarn Mellanby); stängs den blir det "
        "40 km. Till närmaste drivmedelsstation är det 15 km; stängs den blir det 51 km. På 15 km "
        "av vägen dit finns ingen annan väg att ta (mest väg 300)."
    )
    assert by_name(toy, "motive")["Stad"].startswith(
        "Centralorten är mål för resorna och rangordnas inte. 300 personer, 0,0 km till"
    )
    assert toy.strategic.set_index("name").loc["Mellanby", "motive"] == (
        "Närmaste service för 100 personer (Handlarn Mellanby). Försvinner den blir det sammanlagt "
        "975 personkilometer längre enkel resa, vägt över slagen av service. 60 personer passerar "
        "då gränsen för vad som räknas som långt.".replace("975 p", "975\u00a0p")
    )


def test_by_the_fastest_way_the_kilometres_are_those_of_the_fast_road() -> None:
    border = (-20.0, -20.0, 50.0, 30.0)
    inputs = drawn(PLACES, ROADS, PEOPLE, SITES, town="Stad", border=border)
    fast = analyse(inputs, settings_of(way="fastest"))
    # Stad and Mellanby are 20 minutes and then 30 km apart.
    assert by_name(fast, "next_km_dagligvaror")["Mellanby"] == pytest.approx(30)
    assert by_name(fast, "next_minutes_dagligvaror")["Mellanby"] == pytest.approx(20)
    # Between shops the law's shortest road stays what it is.
    assert fast.legal.set_index("site_id")["next_km"].to_dict()["b"] == pytest.approx(20)

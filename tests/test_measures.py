"""The measures on a map small enough to compute by hand.

Ort A has three cells: 10 people 5 km from the nearest shop (next 12 km), 20 people 20 km (next
65 km), 10 people 40 km (no other). Ort B has one cell of 50 people without any way to a shop.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glesservice import measures
from glesservice.config import Policy, ServicePolicy

PEOPLE = pd.Series([10.0, 20.0, 10.0, 50.0])
ORT = pd.Series(["A", "A", "A", "B"], name="ort_id")
FIRST = pd.Series([5.0, 20.0, 40.0, np.inf])
SECOND = pd.Series([12.0, 65.0, np.inf, np.inf])


def test_sparsity_is_the_mean_over_people_of_the_share_between_near_and_far():
    # A: 10 people at 0, 20 at (20 - 10) / 20 = 0.5, 10 at 1 -> (0 + 10 + 10) / 40 = 0.5.
    # B: unreachable is as far as can be, never zero.
    found = measures.sparsity(FIRST, PEOPLE, ORT, near_km=10, far_km=30)
    assert found.to_dict() == {"A": 50.0, "B": 100.0}


def test_vulnerability_is_how_much_further_the_next_site_is():
    # A: 10 people at 7 / 30, 20 at 45 / 30 -> 1, 10 with one site only -> 1: (7/3 + 30) / 40.
    # B: who has none is as badly off as can be.
    found = measures.vulnerability(FIRST, SECOND, PEOPLE, ORT, full_km=30)
    assert found["A"] == pytest.approx(100 * (7 / 3 + 30) / 40)
    assert found["B"] == 100.0


DISTANCES = st.one_of(st.floats(0, 200), st.just(np.inf))


@given(st.lists(st.tuples(DISTANCES, DISTANCES), min_size=1, max_size=6), st.integers(0, 5))
def test_losing_a_service_for_good_never_lowers_a_total(distances, last):
    """As where a road is cut, or the last shop closes: nobody's total falls."""
    first = pd.Series([min(pair) for pair in distances])
    second = pd.Series([max(pair) for pair in distances])
    lost = pd.Series(range(len(first))) <= last
    people, ort = pd.Series(1.0, first.index), pd.Series("A", first.index)

    def total(near: pd.Series, further: pd.Series) -> float:
        one = {"s": measures.sparsity(near, people, ort, near_km=10, far_km=30)}
        two = {"s": measures.vulnerability(near, further, people, ort, full_km=30)}
        parts = pd.DataFrame(one), pd.DataFrame(two)
        return float(measures.total(*parts, pd.Series({"s": 1.0}), 0.7)["total"].iloc[0])

    after = total(first.mask(lost, np.inf), second.mask(lost, np.inf))
    assert after >= total(first, second) - 1e-9


def test_a_next_site_that_is_slower_but_shorter_counts_as_no_loss():
    found = measures.vulnerability(
        pd.Series([12.0]), pd.Series([11.0]), PEOPLE[:1], ORT[:1], full_km=30
    )
    assert found["A"] == 0.0


def test_people_beyond_a_limit_include_those_without_any_way():
    assert measures.people_beyond(FIRST, PEOPLE, ORT, 20).to_dict() == {"A": 10.0, "B": 50.0}


def test_mean_distance_is_of_those_who_have_one():
    assert measures.weighted_mean(FIRST, PEOPLE, ORT)["A"] == (50 + 400 + 400) / 40
    assert np.isnan(measures.weighted_mean(FIRST, PEOPLE, ORT)["B"])


def test_cells_without_an_ort_are_in_no_mean():
    alone = pd.Series(["A", "A", None, None])
    assert measures.weighted_mean(FIRST, PEOPLE, alone).to_dict() == {"A": (50 + 400) / 30}


def test_the_rest_of_the_weights_is_shared_by_the_services_without_one():
    weights = measures.service_weights(
        Policy(), {"dagligvaror", "drivmedel", "apotek", "kontanter"}
    )
    assert weights.to_dict() == pytest.approx(
        {"dagligvaror": 0.5, "drivmedel": 0.3, "apotek": 0.1, "kontanter": 0.1}
    )


def test_weights_add_up_to_one_whatever_services_the_input_knows():
    assert measures.service_weights(Policy(), {"drivmedel"}).to_dict() == {"drivmedel": 1.0}
    assert measures.service_weights(Policy(), set()).empty


def test_the_total_shows_its_parts():
    one = pd.DataFrame({"s": [50.0], "t": [100.0]}, index=["A"])
    two = pd.DataFrame({"s": [20.0], "t": [0.0]}, index=["A"])
    found = measures.total(one, two, pd.Series({"s": 0.75, "t": 0.25}), 0.7).loc["A"]
    # sparsity 0.75 × 50 + 0.25 × 100 = 62.5; vulnerability 0.75 × 20 = 15.
    assert found["sparsity"] == 62.5
    assert found["vulnerability"] == 15.0
    assert found["total"] == pytest.approx(0.7 * 62.5 + 0.3 * 15)


def test_one_table_holds_all_measures_of_the_toy_map():
    cells = pd.DataFrame(
        {
            "people": PEOPLE,
            "access_m": [100.0, 0.0, 50.0, np.nan],
            "km_s": FIRST.replace(np.inf, np.nan),
            "next_km_s": SECOND.replace(np.inf, np.nan),
            "minutes_s": [6.0, 24.0, 48.0, np.nan],
            "next_minutes_s": [12.0, 60.0, np.nan, np.nan],
            "site_s": ["x", "y", "y", None],
        }
    )
    policy = Policy(services={"s": ServicePolicy(near_km=10, far_km=30)}, limits_km=(10, 30))
    table = measures.scores(cells, ORT, pd.Series({"s": 1.0}), policy).set_index("ort_id")
    assert table.loc["A", ["people", "cells", "people_no_road"]].tolist() == [40, 3, 0]
    assert table.loc["B", "people_no_road"] == 50
    assert table["beyond_10_s"].to_dict() == {"A": 30, "B": 50}
    assert table["beyond_30_s"].to_dict() == {"A": 10, "B": 50}
    assert table.loc["A", "site_s"] == "y"
    assert table.loc["A", "km_s"] == (50 + 400 + 400) / 40
    assert table.loc["A", "next_km_s"] == (120 + 1300) / 30
    assert table.loc["A", "minutes_s"] == (60 + 480 + 480) / 40
    assert pd.isna(table.loc["B", "site_s"])
    assert table.loc["A", "sparsity"] == table.loc["A", "sparsity_s"] == 50


DISTANCES = st.lists(
    st.tuples(st.floats(0, 500), st.floats(0, 500), st.integers(1, 500)), min_size=1, max_size=20
)


@given(DISTANCES)
def test_scores_lie_between_0_and_100(rows):
    first, second, people = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    ort = pd.Series(["A"] * len(rows))
    one = measures.sparsity(first, people, ort, near_km=10, far_km=30)["A"]
    two = measures.vulnerability(first, second, people, ort, full_km=30)["A"]
    assert -1e-9 <= one <= 100 + 1e-9
    assert -1e-9 <= two <= 100 + 1e-9


@given(DISTANCES, st.floats(0.1, 1000))
def test_multiplying_all_people_leaves_sparsity_as_it_is(rows, factor):
    first, _, people = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    ort = pd.Series(["A"] * len(rows))
    before = measures.sparsity(first, people, ort, near_km=10, far_km=30)["A"]
    after = measures.sparsity(first, people * factor, ort, near_km=10, far_km=30)["A"]
    assert after == pytest.approx(before)

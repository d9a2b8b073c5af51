"""Those who are worst off, and how unevenly the kilometres fall, by hand.

Ort A: 10 people with 40 km, 30 with 20 km, 60 with 5 km, 100 in all. Ort B: 8 people with 12 km
and 2 without any way.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glesservice.measures import gini, worst_off

KM = pd.Series([40.0, 20.0, 5.0, 12.0, np.inf])
PEOPLE = pd.Series([10.0, 30.0, 60.0, 8.0, 2.0])
ORT = pd.Series(["A", "A", "A", "B", "B"])


def test_the_worst_off_tenth_is_the_mean_of_those_who_have_furthest():
    # A: a tenth of 100 people are the 10 with 40 km.
    assert worst_off(KM, PEOPLE, ORT, share=0.1)["A"] == 40.0


def test_a_cell_is_split_where_the_share_ends_within_it():
    # A: a quarter are 25 people: 10 with 40 km and 15 of the 30 with 20: (400 + 300) / 25 = 28.
    assert worst_off(KM, PEOPLE, ORT, share=0.25)["A"] == 28.0


def test_the_whole_share_is_the_mean():
    assert worst_off(KM, PEOPLE, ORT, share=1.0)["A"] == (400 + 600 + 300) / 100


def test_who_has_no_way_is_worst_off_and_makes_the_mean_endless():
    assert worst_off(KM, PEOPLE, ORT, share=0.1)["B"] == np.inf


def test_the_gini_of_a_by_the_lorenz_curve():
    # Person-km rising: 60 × 5 = 300, 30 × 20 = 600, 10 × 40 = 400; 1300 in all. Twice the area
    # under the curve: (60 × 300 + 30 × (300 + 900) + 10 × (900 + 1300)) / (100 × 1300)
    # = (18 000 + 36 000 + 22 000) / 130 000 = 76 / 130.
    assert gini(KM, PEOPLE, ORT)["A"] == pytest.approx(1 - 76 / 130)


def test_the_gini_is_of_those_who_have_a_way():
    assert gini(KM, PEOPLE, ORT)["B"] == 0.0
    assert np.isnan(gini(KM[4:], PEOPLE[4:], ORT[4:])["B"])


def test_where_everybody_has_the_service_at_the_door_nothing_is_uneven():
    assert gini(KM * 0, PEOPLE, ORT)["A"] == 0.0


def test_cells_without_an_ort_and_without_people_are_in_no_measure():
    nowhere = pd.Series(["A", None, "A", "B", "B"])
    assert worst_off(KM, PEOPLE, nowhere, share=1.0)["A"] == (400 + 300) / 70
    nobody = PEOPLE.where(KM != 40.0, 0.0)
    assert worst_off(KM, nobody, ORT, share=0.01)["A"] == 20.0


ROWS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 50)), min_size=1, max_size=12)


@given(ROWS)
def test_the_gini_equals_the_mean_difference_of_all_pairs_of_people(rows):
    km, people = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    everybody = np.repeat(km.to_numpy(), people.to_numpy().astype(int))
    mean = everybody.mean()
    pairs = np.abs(everybody[:, None] - everybody[None, :]).mean()
    expected = pairs / (2 * mean) if mean > 0 else 0.0
    found = gini(km, people, pd.Series(["A"] * len(km)))["A"]
    assert found == pytest.approx(expected, abs=1e-12)
    assert 0.0 <= found < 1.0


@given(ROWS, st.sampled_from([0.1, 0.25, 0.5, 1.0]))
def test_the_worst_off_have_at_least_the_mean_and_at_most_the_longest(rows, share):
    km, people = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    group = pd.Series(["A"] * len(km))
    shares = [worst_off(km, people, group, share=s)["A"] for s in (share, 1.0)]
    assert shares[1] - 1e-9 <= shares[0] <= km.max() + 1e-9


@given(ROWS, st.floats(0.1, 50))
def test_more_people_in_the_same_places_change_neither(rows, factor):
    km, people = (pd.Series(column, dtype=float) for column in zip(*rows, strict=True))
    group = pd.Series(["A"] * len(km))
    for more, fewer in itertools.pairwise((people, people * factor)):
        assert gini(km, more, group)["A"] == pytest.approx(gini(km, fewer, group)["A"], abs=1e-9)
        assert worst_off(km, more, group, share=0.1)["A"] == pytest.approx(
            worst_off(km, fewer, group, share=0.1)["A"]
        )

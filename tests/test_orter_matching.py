"""Which ort is which over the years, on orter made of a few cells each.

An ort is drawn as its name and the cells it has; everybody lives as ``PEOPLE`` says.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.driving import PROFILE

from glesservice.orter import ort_changes, same_orter

PEOPLE = pd.Series({"a": 30.0, "b": 20.0, "c": 10.0, "d": 5.0, "e": 40.0, "f": 25.0})


def orter(*rows: tuple[str, str, str], kind: str = "by", active: bool = True) -> pd.DataFrame:
    """Draw orter as (id, name, cells), each cell one letter."""
    return pd.DataFrame(
        {
            "ort_id": [row[0] for row in rows],
            "name": [row[1] for row in rows],
            "kind": kind,
            "cells": [frozenset(row[2]) for row in rows],
            "x": [float(ord(row[2][0])) * 10_000 for row in rows],
            "y": 0.0,
            "active": active,
        }
    )


def told(known: pd.DataFrame, found: pd.DataFrame, people: pd.Series = PEOPLE):
    same = same_orter(known, found, people)
    changes = ort_changes(known, found, same, people)
    rows = changes[["ort_id", "change", "other_id"]].astype("object").itertuples(index=False)
    return same.to_dict(), {row[0]: (row[1], row[2]) for row in rows}


def test_an_ort_that_stays_keeps_its_id_and_is_not_told_of():
    same, changes = told(orter(("k-aby", "Åby", "ab")), orter(("aby", "Åby", "abc")))
    assert same == {"aby": "k-aby"}
    assert changes == {}


def test_a_renamed_ort_is_known_by_its_cells():
    same, changes = told(orter(("k-aby", "Åby", "ab")), orter(("nyby", "Nyby", "ab")))
    assert same == {"nyby": "k-aby"}
    assert changes == {"k-aby": ("omdöpt", None)}


def test_of_a_split_ort_the_part_with_its_name_keeps_the_id_though_it_is_smaller():
    known = orter(("k-aby", "Åby", "abc"))
    same, changes = told(known, orter(("aby", "Åby", "bc"), ("vik", "Vik", "a")))
    assert same == {"aby": "k-aby"}
    assert changes == {"vik": ("utbruten", "k-aby")}


def test_of_an_ort_split_under_two_new_names_the_part_with_most_people_keeps_the_id():
    known = orter(("k-aby", "Åby", "abcd"))  # 30 live in a, 20 in b, 10 in c, 5 in d
    same, changes = told(known, orter(("ost", "Öst", "bc"), ("vast", "Väst", "ad")))
    assert same == {"vast": "k-aby"}
    assert changes == {"k-aby": ("omdöpt", None), "ost": ("utbruten", "k-aby")}


def test_of_two_equal_parts_the_nearer_keeps_the_id_and_then_the_lower_id():
    known = orter(("k-aby", "Åby", "abc"))  # 30 in a, 30 in b and c together
    parts = orter(("ost", "Öst", "bc"), ("vast", "Väst", "a"))  # anchored at b and at a
    assert told(known, parts)[0] == {"vast": "k-aby"}
    assert told(known, parts.assign(x=0.0))[0] == {"ost": "k-aby"}


def test_merged_orter_keep_the_id_of_the_one_whose_name_lives_on():
    known = orter(("k-aby", "Åby", "a"), ("k-vik", "Vik", "b"))
    same, changes = told(known, orter(("vik", "Vik", "ab")))
    assert same == {"vik": "k-vik"}
    assert changes == {"k-aby": ("sammanslagen", "k-vik")}


def test_orter_merged_under_a_new_name_keep_the_id_of_the_larger():
    known = orter(("k-aby", "Åby", "a"), ("k-vik", "Vik", "b"))
    same, changes = told(known, orter(("nyby", "Nyby", "ab")))
    assert same == {"nyby": "k-aby"}
    assert changes == {"k-aby": ("omdöpt", None), "k-vik": ("sammanslagen", "k-aby")}


def test_what_nobody_knew_is_new_and_what_nobody_lives_in_has_vanished():
    same, changes = told(orter(("k-tom", "Tomby", "z")), orter(("ny", "Ny", "e")))
    assert same == {}
    assert changes == {"k-tom": ("försvunnen", None), "ny": ("ny", None)}


def test_people_who_scatter_make_an_ort_vanish_rather_than_merge():
    known = orter(("k-aby", "Åby", "abc"))  # 60 people: 20 and 10 in two others now
    found = orter(("ost", "Öst", "be"), ("vast", "Väst", "cf"))
    same, changes = told(known, found)
    assert same == {}
    assert changes == {
        "k-aby": ("försvunnen", None),
        "ost": ("ny", None),
        "vast": ("ny", None),
    }


def test_namesakes_are_told_apart_by_their_cells_whatever_their_numbers():
    known = orter(("k-1", "Nordansjö (1)", "a"), ("k-2", "Nordansjö (2)", "e"))
    found = orter(("n-1", "Nordansjö (1)", "e"), ("n-2", "Nordansjö (2)", "a"))
    same, changes = told(known, found)
    assert same == {"n-1": "k-2", "n-2": "k-1"}
    assert changes == {}


def test_a_cluster_is_known_by_its_cells_alone():
    known = orter(("k-1", "Öster om Byn", "a"), ("k-2", "Norr om Byn", "e"), kind="kluster")
    found = orter(("n-1", "Norr om Byn", "a"), ("n-2", "Öster om Byn", "e"), kind="kluster")
    assert told(known, found)[0] == {"n-1": "k-1", "n-2": "k-2"}


def test_on_another_grid_the_name_and_the_place_tell():
    near = orter(("aby", "Åby", "f")).assign(x=float(ord("a")) * 10_000 + 2_999)
    far = near.assign(x=near["x"] + 2)
    assert told(orter(("k-aby", "Åby", "a")), near)[0] == {"aby": "k-aby"}
    assert told(orter(("k-aby", "Åby", "a")), far)[0] == {}


def test_a_village_that_comes_back_gets_its_old_id():
    known = pd.concat([orter(("k-aby", "Åby", "a"), active=False), orter(("k-vik", "Vik", "ab"))])
    same, changes = told(known, orter(("aby", "Åby", "a"), ("vik", "Vik", "b")))
    assert same == {"aby": "k-aby", "vik": "k-vik"}
    assert changes == {"k-aby": ("återkommen", None)}


def test_an_ort_gone_for_years_is_not_told_of_again():
    known = pd.concat([orter(("k-aby", "Åby", "a"), active=False), orter(("k-vik", "Vik", "ab"))])
    assert told(known, orter(("vik", "Vik", "ab")))[1] == {}


@settings(**PROFILE)
@given(st.integers(0, 2**32 - 1))
def test_no_id_is_given_twice_and_the_order_of_rows_decides_nothing(seed):
    draw = np.random.default_rng(seed)
    cells = list(PEOPLE.index)

    def some(prefix: str) -> pd.DataFrame:
        label = draw.integers(0, 4, len(cells))
        groups = {n: [c for c, m in zip(cells, label, strict=True) if m == n] for n in range(4)}
        rows = [
            (f"{prefix}{n}", f"By {draw.integers(0, 3)}", "".join(held))
            for n, held in groups.items()
            if held
        ]
        return orter(*rows)

    known, found = some("k"), some("n")
    same = same_orter(known, found, PEOPLE)
    assert same.is_unique
    changes = ort_changes(known, found, same, PEOPLE)
    gone = changes[changes["change"].isin(["sammanslagen", "försvunnen"])]["ort_id"]
    assert set(same) | set(gone) == set(known["ort_id"])
    assert not set(same) & set(gone)
    turned = same_orter(known[::-1], found.sample(frac=1, random_state=1), PEOPLE)
    assert turned.to_dict() == same.to_dict()

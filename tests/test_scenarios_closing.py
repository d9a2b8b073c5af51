"""Every site and place closed in turn: what the labels say is what a whole new run finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as profile
from tests import toy_inputs as toy

from glesservice.analysis import Result, analyse, reach
from glesservice.config import Settings
from glesservice.errors import InputError
from glesservice.scenarios import close_each
from glesservice.scenarios.closing import PLACE, SITE, Search
from glesservice.scenarios.steps import close_sites
from glesservice.selection import loss
from glesservice.sources import Inputs
from glesservice.tables import closings_table

TOY = toy.settings()


def members(row: pd.Series, sites: pd.DataFrame) -> list[str]:
    """List the sites that a closing closes."""
    if row["kind"] == SITE:
        return [row["closing_id"]]
    place = row["closing_id"].removeprefix("plats:")
    weighed = sites["counted"] & sites["place_id"].eq(place)
    return list(sites.loc[weighed, "site_id"])


def by_rerun(
    closed: list[str], inputs: Inputs, settings: Settings, before: Result
) -> dict[str, float]:
    """Work out a closing from a whole new search, without any label."""
    earlier = before.cells.set_index("cell_id")
    try:
        later = reach(close_sites(inputs, closed), settings).cells.set_index("cell_id")
    except InputError:  # nothing is left in the whole extent
        later = earlier[["people"]]
    people = earlier["people"]
    hit, without, past = (pd.Series(False, index=people.index) for _ in range(3))
    row: dict[str, float] = {"added_person_km": 0.0}
    for service, weight in before.weights.items():
        first = earlier[f"km_{service}"].fillna(np.inf)
        name = f"km_{service}"
        then = later[name].fillna(np.inf) if name in later else first * 0 + np.inf
        near = settings.policy.services[str(service)].near_km
        here = earlier[f"site_{service}"].isin(closed)
        added = (then - first).where(here & np.isfinite(then), 0.0)
        hit |= here
        without |= here & np.isinf(then)
        past |= here & (first <= near) & (then > near)
        row[f"added_person_km_{service}"] = float((people * added).sum())
        row["added_person_km"] += float(weight) * row[f"added_person_km_{service}"]
    return row | {
        "people_affected": float(people[hit].sum()),
        "people_without": float(people[without].sum()),
        "people_past_limit": float(people[past].sum()),
    }


def check_all(inputs: Inputs, settings: Settings, before: Result) -> pd.DataFrame:
    """Compare every closing with its whole new run."""
    each = close_each(inputs, before)
    for _, row in each.iterrows():
        again = by_rerun(members(row, before.sites), inputs, settings, before)
        assert {name: row[name] for name in again} == pytest.approx(again, abs=1e-6)
    return each


def test_closing_every_site_and_place_of_the_embedded_data_equals_a_new_run(
    inputs, settings, result
):
    each = check_all(inputs, settings, result)
    assert set(each["kind"]) == {SITE, PLACE}
    assert list(each.columns[:-1]) == closings_table([str(s) for s in result.weights.index]).names()
    assert each["people_affected"].sum() > 0
    # Whoever is nearest for somebody is there, wherever it stands; and all that stand inside.
    nearest = set(result.access.loc[result.access["order"] == 1, "site_id"])
    inside = result.sites.within(result.boundary.geometry.iloc[0])
    own = result.sites[inside & result.sites["counted"]]
    own = own[own["service"].isin(result.weights.index)]
    assert set(each.loc[each["kind"] == SITE, "closing_id"]) == nearest | set(own["site_id"])
    assert not each["inside"].all()


@profile(**toy.PROFILE_OF_RUNS, max_examples=6)
@given(toy.municipalities())
def test_closing_every_site_and_place_of_any_map_equals_a_new_run(inputs):
    check_all(inputs, TOY, analyse(inputs, TOY))


def test_where_the_labels_do_not_suffice_the_search_is_made_anew(inputs, result):
    """All groceries but one close: most cells' three labels are used up."""
    shops = result.sites[result.sites["counted"] & (result.sites["service"] == "dagligvaror")]
    closed = frozenset(shops["site_id"].iloc[1:])
    search = Search(inputs, result)
    asked = []

    def told(*words):
        asked.append(words)
        return search(*words)

    policy = result.settings.policy
    lost = loss(closed, ["dagligvaror"], result.cells, result.access, policy, told)
    assert len(asked) == 1
    found = by_rerun(list(closed), inputs, result.settings, result)
    added = float((lost["people"] * lost["added_km"]).sum())
    assert added == pytest.approx(found["added_person_km_dagligvaror"])
    assert lost.loc[lost["without"], "people"].sum() == found["people_without"]


def test_the_closings_of_a_road_by_hand():
    """Two villages 40 km apart, each with a shop; one with a pump at the same spot."""
    sites = {
        "Affär A": ((0.0, 0.0), "dagligvaror"),
        "Mack A": ((0.0, 0.0), "drivmedel"),
        "Affär B": ((40.0, 0.0), "dagligvaror"),
    }
    cells = {"a": ((0.0, 0.0), 100.0), "b": ((40.0, 0.0), 30.0)}
    villages = {"Aby": (0.0, 0.0), "Bby": (40.0, 0.0)}
    inputs = toy.inputs([(0, 1)], [(0.0, 0.0), (40.0, 0.0)], cells, sites, villages)
    result = analyse(inputs, TOY)
    each = close_each(inputs, result).set_index("closing_id")
    # The pump has no other: all 130 people are without fuel. It comes first, with its place.
    assert list(each.index) == ["plats:Affär A", "Mack A", "Affär A", "Affär B"]
    place = each.loc["plats:Affär A"]
    assert place["people_without"] == place["people_affected"] == 130
    assert place["people_past_limit"] == 130 - 30  # b has 40 km to the pump already
    assert place["added_person_km_dagligvaror"] == pytest.approx(100 * 40)
    assert place["worst_ort"] == "Aby"
    shop = each.loc["Affär B"]
    assert shop["added_person_km_dagligvaror"] == pytest.approx(30 * 40)
    assert shop["added_person_km"] == pytest.approx(30 * 40 * result.weights["dagligvaror"])
    assert (shop["worst_ort"], shop["people_past_limit"]) == ("Bby", 30)
    assert shop["worst_added_km"] == pytest.approx(40)


def test_the_order_of_the_rows_changes_nothing(inputs, result):
    turned = replace(result, sites=result.sites.iloc[::-1], cells=result.cells.iloc[::-1])
    each, again = close_each(inputs, result), close_each(inputs, turned)
    pd.testing.assert_frame_equal(each, again, rtol=1e-9)

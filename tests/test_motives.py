"""The sentences: Swedish numbers, singular and plural, and nothing left out that is unsure."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from glesservice.config import Policy
from glesservice.selection import Ground
from glesservice.selection.motives import bygder_motives, orter_motives, strategic_motives

GROUND = Ground(pd.Series({"dagligvaror": 0.6, "drivmedel": 0.4}), Policy(), 10)
NAN = float("nan")


def ort(**changes: Any) -> pd.DataFrame:
    row: dict[str, Any] = {
        "ort_id": "o",
        "role": "kandidat",
        "people": 54.0,
        "cells": 1,
        "people_no_road": 0.0,
        "single_road_km_dagligvaror": 0.0,
        "single_road_name_dagligvaror": None,
        "sparsity_dagligvaror": 100.0,
        "vulnerability_dagligvaror": 100.0,
        "km_dagligvaror": 38.4,
        "next_km_dagligvaror": 71.2,
        "site_dagligvaror": "Coop Dikanäs",
        "sparsity_drivmedel": 0.0,
        "vulnerability_drivmedel": 0.0,
        "km_drivmedel": 4.0,
        "next_km_drivmedel": 5.0,
        "site_drivmedel": "Macken",
        "single_road_km_drivmedel": 0.0,
        "single_road_name_drivmedel": None,
    }
    return pd.DataFrame([row | changes])


def said(unconfirmed: dict[str, list[str]] | None = None, **changes: Any) -> str:
    return str(orter_motives(ort(**changes), GROUND, unconfirmed or {}).iloc[0])


def test_people_distance_and_what_a_closing_would_mean():
    assert said() == (
        "54 personer, 38 km till närmaste dagligvarubutik (Coop Dikanäs); stängs den blir det "
        "71 km."
    )


def test_several_cells_have_a_mean():
    assert "54 personer, i medel 38 km till" in said(cells=3)


def test_thousands_and_tenths_are_written_the_swedish_way():
    assert said(people=1234.0, km_dagligvaror=4.26).startswith("1\u00a0234 personer, 4,3 km till")


@pytest.mark.parametrize(("people", "text"), [(1.0, "färre än 10"), (9.0, "färre än 10")])
def test_few_people_are_not_counted_out(people, text):
    assert said(people=people).startswith(f"{text} personer, ")


def test_one_person_is_singular_where_one_may_be_told():
    everybody = Ground(GROUND.weights, GROUND.policy, 1)
    told = orter_motives(ort(people=1.0), everybody, {}).iloc[0]
    assert str(told).startswith("1 person, ")


def test_what_cannot_be_reached_is_said_and_no_number_made_up():
    nothing = dict.fromkeys(["km_dagligvaror", "next_km_dagligvaror"], NAN)
    assert said(**nothing, site_dagligvaror=None) == ("54 personer, ingen dagligvarubutik kan nås.")
    assert said(next_km_dagligvaror=NAN).endswith(
        "; stängs den finns ingen dagligvarubutik att nå."
    )


def test_a_next_site_as_far_away_is_no_loss():
    assert said(next_km_dagligvaror=38.49).endswith("(Coop Dikanäs); till nästa är det lika långt.")


def test_the_service_that_adds_most_comes_first_and_the_next_one_after():
    told = said(
        sparsity_dagligvaror=10.0,
        vulnerability_dagligvaror=0.0,
        sparsity_drivmedel=100.0,
        km_drivmedel=41.0,
        next_km_drivmedel=60.0,
    )
    assert told == (
        "54 personer, 41 km till närmaste drivmedelsstation (Macken); stängs den blir det 60 km. "
        "Till närmaste dagligvarubutik är det 38 km; stängs den blir det 71 km."
    )


def test_unconfirmed_sites_are_named():
    assert said({"o": ["Maries Livs"]}).endswith(
        " Ett obekräftat ställe i orten räknas inte: Maries Livs."
    )
    assert said({"o": ["A", "B"]}).endswith(" Obekräftade ställen i orten räknas inte: A och B.")
    assert "obekräftat" not in said({"another": ["A"]}).lower()


def test_a_road_without_a_way_around_is_named():
    told = said(single_road_km_dagligvaror=23.0, single_road_name_dagligvaror="1088")
    assert told.endswith(" På 23 km av vägen dit finns ingen annan väg att ta (mest väg 1088).")
    assert said(single_road_km_dagligvaror=23.0).endswith("finns ingen annan väg att ta.")
    assert "ingen annan väg" not in said(single_road_km_dagligvaror=0.9)  # a driveway


def test_people_off_the_roads_are_told():
    assert said(people_no_road=12.0).endswith(" 12 personer bor utan väganslutning.")
    assert said(people_no_road=3.0).endswith(" Färre än 10 personer bor utan väganslutning.")


def test_neuter_places_are_det():
    ground = Ground(pd.Series({"paket": 1.0}), Policy(), 10)
    paket = ort().rename(columns=lambda name: name.replace("dagligvaror", "paket"))
    assert "till närmaste paketombud (Coop Dikanäs); stängs det blir det 71 km." in str(
        orter_motives(paket, ground, {}).iloc[0]
    )


def test_the_centralort_says_that_it_is_not_ranked():
    assert said(role="centralort").startswith(
        "Centralorten är mål för resorna och rangordnas inte."
    )


def test_a_bygd_says_how_many_orter_it_is():
    assert str(bygder_motives(ort(orter=1), GROUND).iloc[0]).startswith("1 ort med 54 personer, ")
    assert str(bygder_motives(ort(orter=3), GROUND).iloc[0]).startswith("3 orter med 54 personer, ")


SERVICEORT = {
    "sites": "Coop; Macken",
    "people_served": 1250.0,
    "people_without": 0.0,
    "people_past_limit": 227.0,
    "added_person_km": 7869.2,
}


def strategic(**changes: float) -> str:
    return str(strategic_motives(pd.DataFrame([SERVICEORT | changes]), GROUND).iloc[0])


def test_what_a_serviceort_means_and_what_its_loss_would():
    assert strategic() == (
        "Närmaste service för 1\u00a0250 personer (Coop och Macken). Försvinner den blir det "
        "sammanlagt 7\u00a0869\u00a0personkilometer längre enkel resa, vägt över slagen av "
        "service. 227 personer passerar då gränsen för vad som räknas som långt."
    )


def test_who_would_be_left_without_is_told_first():
    told = strategic(people_without=3.0, added_person_km=0.0, people_past_limit=0.0)
    assert told == (
        "Närmaste service för 1\u00a0250 personer (Coop och Macken). Försvinner den når färre än "
        "10 personer inget annat ställe."
    )


def test_a_serviceort_that_nobody_has_nearest_says_so():
    assert strategic(people_served=0.0) == "Ingen har sin närmaste service här (Coop och Macken)."


def test_empty_lists_have_no_motives():
    assert orter_motives(ort().iloc[:0], GROUND, {}).empty
    assert strategic_motives(pd.DataFrame([SERVICEORT]).iloc[:0], GROUND).empty
    assert bygder_motives(ort(orter=1).iloc[:0], GROUND).empty


def test_every_entry_of_the_embedded_lists_has_a_motive_with_its_own_numbers(result):
    for table in (result.orter, result.bygder, result.strategic):
        assert table["motive"].str.endswith(".").all()
        assert not table["motive"].str.contains(r"\b(?:nan|inf|None)\b", regex=True).any()
    for row in result.orter.itertuples():
        assert f"{row.people:,.0f}".replace(",", "\u00a0") in row.motive
    stalon = result.orter.set_index("name").loc["Stalon", "motive"]
    assert "Ett obekräftat ställe i orten räknas inte: Stalon Bensin & Diverse." in stalon

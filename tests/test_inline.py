"""What a notebook shows: the map, pictures and tables, told as the products tell them."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pandas as pd
import pytest

from glesservice import show_map, show_picture, show_table
from glesservice.errors import InputError
from glesservice.exports.webmap import render
from glesservice.scenarios import Open, what_if
from glesservice.swedish import number
from glesservice.tables import SITES


def test_the_map_inline_is_the_map_page(result):
    shown = show_map(result)
    framed = re.search(r'srcdoc="([^"]*)"', shown.html)
    assert html.unescape(framed[1]) == render(result)
    assert repr(shown) == shown.text == "Karta över Vilhelmina 2026"


def test_the_map_frame_can_hold_nothing_that_ends_it(result):
    hostile = replace(
        result, orter=result.orter.assign(name='"></iframe><script>alert(1)</script>')
    )
    framed = show_map(hostile).html
    assert framed.count("<") == framed.count(">") == 2


@pytest.mark.parametrize("name", ["karta", "orter", "avstand"])
def test_a_picture_says_what_it_shows_and_where_its_data_come_from(result, name):
    shown = show_picture(result, name)
    assert f'alt="{html.escape(shown.text, quote=False)}"' in shown.html.replace("&#39;", "'")
    assert "data:image/png;base64," in shown.html
    assert "2024-12-31" in shown.html


def test_an_unknown_picture_is_refused_with_those_there_are(result):
    with pytest.raises(InputError, match="karta or orter or avstand"):
        show_picture(result, "kartan")


def test_a_table_has_swedish_headings_units_and_numbers(result):
    shown = show_table(result, "strategic", ["name", "people_served", "added_person_km"], rows=1)
    first = result.strategic.iloc[0]
    assert shown.text.splitlines()[0].split("  ")[0] == "Serviceort"
    assert "(personer)" in shown.text
    for text in (first["name"], number(first["added_person_km"])):
        assert text in shown.text
        assert f">{text}<" in shown.html
    assert "befolkning 2024-12-31" in shown.html
    assert "inte underlag för beslut" in shown.html


def test_a_table_tells_no_count_of_few_people(result):
    few = replace(result, strategic=result.strategic.assign(people_served=3.0))
    assert "färre än 10" in show_table(few, "strategic", ["name", "people_served"]).text
    assert "cell_id" not in show_table(result, "cells", rows=1).text
    assert "Antal" not in show_table(result.trace("Stalon"), "cells").text


def test_rows_are_chosen_sorted_and_counted(result):
    shown = show_table(result, "orter", ["name"], where="cells > 3", sort="-people", rows=2)
    big = result.orter[result.orter["cells"] > 3].sort_values("people", ascending=False)
    assert shown.text.splitlines()[1:] == big["name"].head(2).tolist()
    everything = show_table(result, "orter", ["name"], rows=None).text
    assert len(everything.splitlines()) == 1 + len(result.orter)


def test_unknown_tables_and_columns_are_refused_with_what_comes_near(result):
    with pytest.raises(InputError, match="there is no table ort"):
        show_table(result, "ort")
    with pytest.raises(InputError, match="Did you mean people") as refused:
        show_table(result, "orter", ["peple", "nam"])
    assert len(refused.value.faults) == 2
    with pytest.raises(InputError, match="Did you mean total"):
        show_table(result, "orter", ["name"], sort="-totl")


def test_any_table_is_shown_with_its_own_headings_or_with_a_schema(result):
    frame = pd.DataFrame({"Ort": ["<Å>"], "Km": [1234.56], "Antal": [2.0], "Nej": [False]})
    shown = show_table(frame, title="Egen")
    assert "&lt;Å&gt;" in shown.html
    assert re.split(" {2,}", shown.text.splitlines()[1]) == ["<Å>", "1\u00a0234,6", "2", "nej"]
    named = show_table(result.sites.head(1), SITES, ["name", "status"])
    assert named.text.splitlines()[0].split() == ["Namn", "Status"]


def test_a_table_without_rows_says_so(result):
    assert ">Inga.<" in show_table(result, "orter", ["name"], where="people < 0").html


def test_scenarios_are_shown_as_results_are(inputs, result):
    bare = replace(result, settings=result.settings.with_changes(certainty={"draws": 0}))
    found = what_if(inputs, bare, Open(service="drivmedel", ort="Kittelfjäll"))
    shown = show_table(
        found, "orter", ["name", "km_drivmedel_after"], where="name == 'Kittelfjäll'"
    )
    assert "Km till drivmedel efter" in shown.text
    assert "Kittelfjäll" in shown.text


def test_sources_tell_who_made_the_data_and_of_which_day_they_are(result):
    told = show_table(result, "sources").text
    for _, source in result.settings.inputs():
        assert source.source in told
        assert source.date in told


def test_a_result_shows_a_notebook_its_first_orter_and_what_to_know(result):
    shown = result._repr_html_()
    for name in result.orter["name"].head(result.settings.policy.top):
        assert name in shown
    assert html.escape(result.notices[0]) in shown
    assert len(repr(result)) < 80


def test_whatever_ends_a_cell_fits_on_a_line(inputs, result):
    bare = replace(result, settings=result.settings.with_changes(certainty={"draws": 0}))
    found = what_if(inputs, bare, Open(service="drivmedel", ort="Kittelfjäll"), name="Pump")
    assert repr(found) == f"<ScenarioResult: Pump, {len(result.orter)} orter>"
    assert repr(inputs) == "<Inputs: 540 cells, 97 settlements, 86 sites, 538 edges>"

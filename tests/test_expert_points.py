"""What somebody who knows the field checks first: each point, and the tests that show it.

The points are numbered as the domain notes of the project number them. What no other test shows is
shown here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

TESTS = Path(__file__).parent
HERE = Path(__file__).stem

POINTS: dict[str, list[str]] = {
    "1 from home to shop is never confused with from shop to shop": [
        "test_toy_map::test_the_law_measures_from_shop_to_shop",
        f"{HERE}::test_homes_and_shops_have_distances_of_their_own",
    ],
    "2 near a limit: margin, date, to be measured on the spot": [
        "test_measures_legal::test_within_half_a_kilometre_of_the_limit_it_is_to_be_measured_on_the_spot",
        "test_measures_legal::test_exactly_the_limit_is_not_further_than_it",
        f"{HERE}::test_every_legal_distance_names_its_text_and_the_day_it_was_checked",
    ],
    "3 neighbours and Norway are inside the search": [
        "test_plausibility::test_norway_and_the_neighbours_are_inside_the_search",
        "test_invariants::test_without_norway_nobody_is_less_sparse",
    ],
    "4 doubtful and closed sites, a dated source for each": [
        "test_plausibility::test_unconfirmed_sites_are_shown_and_do_not_count",
        "test_measures_legal::test_what_hangs_on_a_doubtful_shop_is_said_to",
        "test_sources_services::test_the_year_of_the_source_is_kept_and_an_unknown_year_stays_unknown",
        "test_motives::test_unconfirmed_sites_are_named",
    ],
    "5 shop and pump at one spot fail together": [
        "test_plausibility::test_a_shop_and_its_pump_are_one_place",
        "test_measures_redundancy::test_who_has_one_place_within_reach_for_everything_hangs_on_it",
    ],
    "6 snapping to the connected network alone, distances told": [
        "test_network_snapping::test_only_roads_of_the_connected_part_are_used",
        "test_network_snapping::test_a_point_too_far_from_every_road_is_not_attached",
    ],
    "7 unreachable is neither 0 nor dropped": [
        "test_orter::test_cells_off_the_road_are_in_no_ort_and_not_lost",
        "test_measures::test_sparsity_is_the_mean_over_people_of_the_share_between_near_and_far",
        "test_measures_equity::test_who_has_no_way_is_worst_off_and_makes_the_mean_endless",
        "test_motives::test_what_cannot_be_reached_is_said_and_no_number_made_up",
    ],
    "8 winter is a scenario": ["test_plausibility::test_winter_closes_the_road_over_stekenjokk"],
    "9 speeds from text to number, both directions": [
        "test_sources_nvdb::test_limits_are_numbers_one_for_each_direction",
        "test_osm_tags::test_a_limit_is_read_in_kilometres_an_hour",
        "test_speeds::test_each_direction_has_its_own_limit",
    ],
    "10 noise of the grid, and suppression": [
        "test_pipeline::test_cells_are_published_with_their_people_as_a_class",
        "test_ages::test_no_product_tells_few_of_an_age",
        "test_motives::test_few_people_are_not_counted_out",
    ],
    "11 småorter without names, ids that stay": [
        "test_sources_settlements::test_smaorter_without_names_get_the_name_of_the_village_there",
        "test_sources_settlements::test_another_row_changes_nobodys_id",
    ],
    "12 people add up, and the centralort is not ranked": [
        "test_plausibility::test_people_add_up_to_the_municipal_total",
        "test_plausibility::test_the_centralort_is_a_destination_and_not_ranked",
        "test_invariants::test_every_measure_lies_in_its_range_and_people_add_up",
    ],
    "13 nothing counts twice": [
        "test_measures::test_vulnerability_is_how_much_further_the_next_site_is",
        f"{HERE}::test_the_score_is_its_two_parts_and_what_is_told_beside_it_is_not_in_it",
    ],
    "14 few very far against many moderately far": [
        f"{HERE}::test_the_score_and_the_person_kilometres_stand_side_by_side",
    ],
    "15 the east is sparser than the west": [
        "test_plausibility::test_eastern_villages_without_service_are_sparser_than_the_western_service_villages",
        "test_plausibility::test_no_western_service_village_is_among_the_proposed_sparse_orter",
    ],
    "16 underlag, never a right": [f"{HERE}::test_no_product_promises_a_right_to_support"],
}


@pytest.mark.parametrize("point", POINTS)
def test_every_point_has_a_test_of_that_name(point: str) -> None:
    for test in POINTS[point]:
        module, name = test.split("::")
        tree = ast.parse((TESTS / f"{module}.py").read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, test


def test_all_sixteen_points_are_there() -> None:
    assert [int(point.split()[0]) for point in POINTS] == list(range(1, 17))


def test_homes_and_shops_have_distances_of_their_own(result) -> None:
    # Those who live in Saxnäs have their shop at hand; the shop has 34 km to the next one.
    saxnas = result.orter.set_index("name").loc["Saxnäs"]
    shop = result.legal.set_index("ort_id").loc["2462-saxnas"].set_index("service")
    assert saxnas["km_dagligvaror"] < 5
    assert shop.loc["dagligvaror", "next_km"] == pytest.approx(33.6, abs=0.1)


def test_every_legal_distance_names_its_text_and_the_day_it_was_checked(result, settings) -> None:
    assert not result.legal.empty
    tests = settings.policy.legal.tests
    for row in result.legal.itertuples():
        test = tests[row.service]
        assert (row.ordinance, row.checked) == (test.ordinance, test.checked.isoformat())
        assert row.margin_km == pytest.approx(row.next_km - test.limit_km)
        assert ("upphörde" in row.text) == (test.expired is not None)
        assert ("Bör kontrollmätas" in row.text) == row.control


def test_the_score_is_its_two_parts_and_what_is_told_beside_it_is_not_in_it(
    result, settings
) -> None:
    orter, share = result.orter, settings.policy.sparsity_share
    parts = share * orter["sparsity"] + (1 - share) * orter["vulnerability"]
    assert np.allclose(parts, orter["total"])
    # Whoever has the nearest site at the door is not sparse.
    for service in result.weights.index:
        near = orter[orter[f"km_{service}"] <= 0.5]
        assert (near[f"sparsity_{service}"] < 1).all()


def test_the_score_and_the_person_kilometres_stand_side_by_side(result) -> None:
    orter = result.orter[result.orter["rank"].notna()]
    by_score = orter.sort_values("rank")["name"].head(10)
    by_people = orter.sort_values("person_km_dagligvaror", ascending=False)["name"].head(10)
    assert set(by_score) != set(by_people)  # the two tell different things: both are shown
    for ort in orter.itertuples():
        assert ort.person_km_dagligvaror == pytest.approx(ort.people * ort.km_dagligvaror)


def test_no_product_promises_a_right_to_support(run_folder) -> None:
    book = openpyxl.load_workbook(run_folder / "tabeller.xlsx", read_only=True)
    texts = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    texts.append((run_folder / "karta.html").read_text(encoding="utf-8"))
    before = [part for text in texts for part in text.split(" en rätt till stöd")[:-1]]
    said = [part.rsplit(maxsplit=1)[-1] for part in before]
    assert said
    assert set(said) <= {"aldrig", "inte"}
    assert not [text for text in texts if re.search(r"har rätt till|berättiga", text)]

"""Two years beside each other: what has changed, and which part of it has which cause."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.driving import PROFILE
from tests.second_year import CLOSED, HAPPENED, LONGER_M, MOVERS, OPENED, write_second_year
from tests.valley import Valley

from glesservice.analysis import analyse, reach
from glesservice.comparison import Comparison, Year, compare_years, shares
from glesservice.comparison.mixing import CAUSE_OF_INPUT, mixed
from glesservice.comparison_run import compare
from glesservice.config import load_settings
from glesservice.errors import InputError, SettingsError
from glesservice.measures import scores
from glesservice.sources import Inputs, read_inputs
from glesservice.tables import (
    CAUSES,
    ORT_CHANGES,
    SETTING_CHANGES,
    SITE_CHANGES,
    causes_table,
    changed_orter_table,
    municipality_changes,
)

PARTS = [f"cause_{cause}" for cause in CAUSES]
# Aby has the shop, at 10 km; Bby lies at 22 km and Cby at 40, each in one cell.
DALEN = Valley(
    people={10: 100, 22: 30, 40: 20},
    villages={"Aby": 10, "Bby": 22, "Cby": 40},
    shops={"Affär A": 10, "Affär Z": 0},
)


def of(comparison: Comparison, name: str, measure: str) -> pd.Series:
    rows = comparison.causes.set_index(["name", "measure"])
    return rows.loc[(name, measure)]


def parts(row: pd.Series) -> dict[str, float]:
    return {cause: row[f"cause_{cause}"] for cause in CAUSES if row[f"cause_{cause}"] != 0}


def compared(before: Valley, after: Valley) -> Comparison:
    return compare_years(before.drawn(), after.drawn())


def test_a_year_can_be_given_as_its_tables():
    before, after = DALEN.drawn(), replace(DALEN, people={**DALEN.people, 40: 30}).drawn()
    found = compare(before, after)
    assert found.changed == ("people",)
    assert found.causes.equals(compare_years(before, after).causes)
    assert repr(found).endswith("changed: people>")


# --- One cause at a time, by hand -----------------------------------------------------------


def test_a_year_beside_itself_has_no_change_and_no_cause():
    found = compared(DALEN, replace(DALEN, year=2026))
    assert found.changed == ()
    assert (found.causes["change"] == 0).all()
    assert (found.causes[PARTS] == 0).all(axis=None)
    assert found.ort_changes.empty
    assert found.sites.empty
    assert not found.orter["jump"].any()
    assert found.orter["main_cause"].isna().all()


def test_a_new_shop_is_the_services_alone():
    found = compared(DALEN, replace(DALEN, shops={**DALEN.shops, "Affär C": 40}))
    assert found.changed == ("services",)
    row = of(found, "Cby", "km_mat")  # from 30 km to 0
    assert (row["before"], row["after"]) == pytest.approx((30, 0), abs=1e-9)
    assert parts(row) == pytest.approx({"services": -30})
    assert parts(of(found, "Aby", "km_mat")) == {}
    assert found.sites[["site_id", "change"]].to_numpy().tolist() == [["Affär C", "öppnat"]]


def test_a_longer_road_is_the_roads_alone_and_only_for_those_behind_it():
    found = compared(DALEN, replace(DALEN, detours_m={30: 2000.0}))
    assert found.changed == ("roads",)
    assert parts(of(found, "Cby", "km_mat")) == pytest.approx({"roads": 2})
    assert parts(of(found, "Bby", "km_mat")) == {}


def test_people_who_move_within_a_village_are_the_people_alone():
    before = replace(DALEN, people={**DALEN.people, 42: 20})  # Cby: 20 at 40 km, 20 at 42
    found = compared(before, replace(before, people={**DALEN.people, 40: 10, 42: 30}))
    row = of(found, "Cby", "km_mat")
    assert found.changed == ("people",)
    assert (row["before"], row["after"]) == pytest.approx((31, 31.5))
    assert parts(row) == pytest.approx({"people": 0.5})
    assert parts(of(found, "Cby", "people")) == {}  # as many as before


def test_another_limit_is_the_settings_alone_and_changes_no_distance():
    found = compared(DALEN, replace(DALEN, policy={"mat": {"far_km": 45}}))
    assert found.changed == ("settings",)
    # Cby has 30 km: from beyond 25 it is now 25/40 of the way from 5 to 45.
    assert parts(of(found, "Cby", "sparsity")) == pytest.approx({"settings": 62.5 - 100})
    assert parts(of(found, "Cby", "total")) == pytest.approx({"settings": 0.7 * (62.5 - 100)})
    assert parts(of(found, "Cby", "km_mat")) == {}
    assert found.setting_changes.to_numpy().tolist() == [
        ["policy.services.mat.far_km", "25.0", "45.0"]
    ]


def test_what_files_are_called_and_when_they_were_made_is_no_changed_setting():
    before, after = DALEN.drawn(), replace(DALEN, year=2026).drawn()
    later = after.settings.population.model_copy(update={"date": "2025-12-31", "source": "SCB"})
    after = Year(after.settings.model_copy(update={"population": later}), after.inputs)
    assert compare_years(before, after).changed == ()


# --- Two causes that meet ---------------------------------------------------------------------


def test_where_two_causes_meet_each_has_the_mean_of_both_orders():
    # Bby and Cby's shop closes while the road between them gets 2 km longer. Cby, at 40 km with the
    # shop, then has 30 km to Aby by the old road: 30 if the shop goes first, and 2 more afterwards.
    # If the road goes first it adds nothing while the shop is there, and the shop adds 32.
    before = replace(DALEN, shops={**DALEN.shops, "Affär C": 40})
    found = compared(before, replace(DALEN, detours_m={30: 2000.0}))
    row = of(found, "Cby", "km_mat")
    assert row["change"] == pytest.approx(32)
    assert parts(row) == pytest.approx({"services": (30 + 32) / 2, "roads": (2 + 0) / 2})
    main = found.orter.set_index("name")["main_cause"]
    assert main["Cby"] == "service"


def test_the_municipalitys_change_is_split_too():
    before = replace(DALEN, shops={**DALEN.shops, "Affär C": 40})
    found = compared(before, replace(DALEN, detours_m={30: 2000.0}))
    row = found.municipality.set_index("measure").loc["person_km_mat"]
    assert (row["before"], row["change"]) == pytest.approx((30 * 12, 20 * 32))
    assert parts(row) == pytest.approx({"services": 20 * 31, "roads": 20 * 1})


# --- Orter that are not the same -------------------------------------------------------------


def test_new_and_vanished_orter_are_listed_and_not_split():
    after = replace(DALEN, people={10: 100, 22: 30, 55: 15}, villages={**DALEN.villages, "Dby": 55})
    found = compared(DALEN, after)
    changes = found.ort_changes.set_index("name")["change"].to_dict()
    assert changes == {"Cby": "försvunnen", "Dby": "ny"}
    assert sorted(found.orter["name"]) == ["Aby", "Bby"]


def test_a_renamed_ort_is_compared_with_itself():
    after = replace(
        DALEN,
        villages={"Aby": 10, "Bby": 22, "Nya Cby": 40},
        shops={**DALEN.shops, "Affär C": 40},
    )
    found = compared(DALEN, after)
    row = found.orter.set_index("name").loc["Nya Cby"]
    assert (row["name_before"], row["ort_id_before"]) == ("Cby", "9999-cby")
    assert row["km_mat_change"] == pytest.approx(-30)
    assert found.ort_changes[["name", "change"]].to_numpy().tolist() == [["Nya Cby", "omdöpt"]]


def test_an_ort_that_a_mix_does_not_make_is_measured_on_its_cells():
    # Cby has 20 people in both years, but in another cell: by the second year's rules (a village
    # reaches 1 km) the first year's people at 42 km are no part of it.
    before = replace(DALEN, people={10: 100, 22: 30, 42: 20})
    after = replace(
        DALEN, people={10: 100, 22: 30, 41: 20}, rules={"village_km": 1, "cluster_people": 50}
    )
    found = compared(before, after)
    row = of(found, "Cby", "km_mat")
    assert row["change"] == pytest.approx(-1)
    assert parts(row) == pytest.approx({"people": -1})


def test_a_change_of_rules_that_redraws_an_ort_is_the_settings_not_the_people():
    before = replace(DALEN, people={**DALEN.people, 42: 20})
    found = compared(before, replace(before, rules={"village_km": 1, "cluster_people": 50}))
    assert found.changed == ("settings",)
    assert parts(of(found, "Cby", "people")) == {"settings": -20}
    assert parts(of(found, "Cby", "km_mat")) == pytest.approx({"settings": -1})


def test_ranks_are_compared():
    found = compared(DALEN, replace(DALEN, shops={**DALEN.shops, "Affär C": 40}))
    rows = found.orter.set_index("name")
    # Cby: from first of all to 30 (the next shop is 30 km off), behind Bby's 0.7 × 35 + 0.3 × 20.
    assert rows.loc["Cby", ["rank_before", "rank", "rank_change"]].tolist() == [1, 2, 1]
    assert rows.loc["Cby", "total"] == pytest.approx(30)
    assert rows.loc["Bby", "total"] == pytest.approx(0.7 * 35 + 0.3 * 20)
    assert found.orter["name"].iloc[0] == "Cby"  # the largest change first


# --- What cannot be split is said -----------------------------------------------------------


def test_a_distance_that_some_mix_lacks_has_no_causes_but_the_total_has():
    # Cby's people move from 53 km to 51, and the road beyond 50 is gone: by the second year's roads
    # those of the first year would live 3 km from a road, further than may be.
    by_the_end = replace(DALEN, villages={"Aby": 10, "Bby": 22, "Cby": 50})
    before = replace(by_the_end, people={10: 100, 22: 30, 53: 20}).drawn()
    after = replace(by_the_end, people={10: 100, 22: 30, 51: 20}).drawn()
    edges = after.inputs.edges.iloc[:-1].reset_index(drop=True)
    found = compare_years(before, Year(after.settings, replace(after.inputs, edges=edges)))
    row = of(found, "Cby", "km_mat")
    assert row["change"] == pytest.approx(-2)
    assert row[PARTS].isna().all()
    assert of(found, "Cby", "total")[PARTS].notna().all()
    assert any("inte kan delas" in notice and "Cby" in notice for notice in found.notices)


def test_years_with_other_names_of_services_cannot_be_mixed_and_that_is_said():
    # The first year reads shops as "mat"; the second knows another word in data and settings alike.
    before, after = DALEN.drawn(), DALEN.drawn()
    renamed = after.inputs.sites.assign(service="livs")
    services = dict(after.settings.policy.services)
    services["livs"] = services["mat"]
    del services["mat"]
    policy = after.settings.policy.model_copy(update={"services": services})
    after = Year(
        after.settings.model_copy(update={"policy": policy}), replace(after.inputs, sites=renamed)
    )
    with pytest.raises(InputError, match="same names of services"):
        compare_years(before, after)


def test_a_village_cut_off_has_a_change_of_total_and_a_notice_instead_of_kilometres():
    before = replace(DALEN, people={**DALEN.people, 55: 15}, villages={**DALEN.villages, "Dby": 55})
    drawn = before.drawn()
    edges = drawn.inputs.edges.iloc[:-2].reset_index(drop=True)  # the road ends at 40 km
    found = compare_years(drawn, Year(drawn.settings, replace(drawn.inputs, edges=edges)))
    row = of(found, "Cby", "km_mat")
    assert row["change"] == pytest.approx(0)
    assert found.ort_changes["name"].tolist() == ["Dby"]  # no road, no village within reach
    people = found.municipality.set_index("measure").loc["people_no_road"]
    assert parts(people) == {"roads": 15}
    assert any("utan väganslutning" in notice for notice in found.notices)


def test_two_municipalities_are_not_compared():
    other = DALEN.drawn()
    area = other.settings.area.model_copy(update={"kommun": "2462"})
    with pytest.raises(SettingsError, match="two municipalities"):
        compare_years(
            DALEN.drawn(), Year(other.settings.model_copy(update={"area": area}), other.inputs)
        )


@pytest.mark.parametrize(
    ("dates", "moved", "said"),
    [
        (("2024-12-31", "2025-12-31"), True, "lägger SCB brus"),
        (("2024-12-31", "2025-12-31"), False, None),
        (("2023", "2024"), True, None),
        (("2025-12-31", "2026-12-31"), True, None),
        ((None, "2025-12-31"), True, "inte angivet för båda åren"),
    ],
)
def test_scbs_noise_break_is_named_where_the_years_lie_on_either_side(dates, moved, said):
    years = []
    for date, people in zip(dates, (20, 25 if moved else 20), strict=True):
        year = replace(DALEN, people={**DALEN.people, 40: people}).drawn()
        population = year.settings.population.model_copy(update={"date": date})
        years.append(Year(year.settings.model_copy(update={"population": population}), year.inputs))
    notices = [notice for notice in compare_years(*years).notices if "SCB" in notice]
    assert len(notices) == (said is not None)
    assert all(said in notice for notice in notices)


def test_jumps_are_flagged_from_the_set_limit_on():
    nearer = replace(DALEN, detours_m={30: 4900.0})
    further = replace(DALEN, detours_m={30: 5000.0})
    assert not of(compared(DALEN, nearer), "Cby", "km_mat")["jump"]
    assert of(compared(DALEN, further), "Cby", "km_mat")["jump"]
    found = compared(DALEN, replace(DALEN, people={**DALEN.people, 40: 25}))
    assert of(found, "Cby", "people")["jump"]  # a quarter more
    assert found.orter.set_index("name")["jump"].to_dict() == {
        "Aby": False,
        "Bby": False,
        "Cby": True,
    }


# --- Always ---------------------------------------------------------------------------------


def by_all_orders(worth: dict[frozenset[str], float]) -> dict[str, float]:
    """Swap the causes one after the other in every order, and take the mean of what each adds."""
    added: dict[str, list[float]] = {cause: [] for cause in CAUSES}
    for order in permutations(CAUSES):
        steps = [frozenset(order[:n]) for n in range(len(order) + 1)]
        for cause, (without, having) in zip(order, pairwise(steps), strict=True):
            added[cause].append(worth[having] - worth[without])
    return {cause: float(np.mean(values)) for cause, values in added.items()}


@st.composite
def two_years(draw: st.DrawFn) -> tuple[Valley, Valley]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kms = sorted(rng.choice(np.arange(1, 59), 8, replace=False).tolist())
    villages = {f"By {n}": float(km) for n, km in enumerate(kms[::2])}

    def year() -> Valley:
        shops = rng.choice(np.arange(0, 60), rng.integers(2, 5), replace=False)
        return Valley(
            people={km: float(rng.integers(11, 60)) for km in kms if rng.random() > 0.1}
            or {5: 50.0},
            villages=villages,
            shops={f"Affär {km}": float(km) for km in sorted(shops.tolist())},
            detours_m={km: float(rng.uniform(0, 5000)) for km in range(0, 60, 10)},
            policy={"mat": {"far_km": float(rng.uniform(10, 40))}},
            rules={"village_km": float(rng.uniform(1, 5))},
        )

    one, other = year(), year()
    kept = draw(st.sets(st.sampled_from(HAPPENED), max_size=3))
    if "people" in kept:
        other = replace(other, people=one.people)
    if "services" in kept:
        other = replace(other, shops=one.shops)
    if "roads" in kept:
        other = replace(other, detours_m=one.detours_m)
    if "settings" in kept:
        other = replace(other, policy=one.policy, rules=one.rules)
    return one, other


@settings(max_examples=5, **PROFILE)  # up to eighteen analyses each
@given(two_years())
def test_causes_sum_to_the_change_and_what_did_not_differ_has_no_part(years):
    found = compared(*years)
    for table in (found.causes, found.municipality):
        assert table[PARTS].notna().all(axis=None)
        assert np.abs(table[PARTS].sum(axis=1) - table["change"]).max() < 1e-9 * max(
            1.0, table["before"].abs().max()
        )
        for cause in set(CAUSES) - set(found.changed):
            assert (table[f"cause_{cause}"] == 0).all()
    for kept, attributes in {
        "people": ("people",),
        "services": ("shops",),
        "roads": ("detours_m",),
        "settings": ("policy", "rules"),
    }.items():
        same = all(getattr(years[0], name) == getattr(years[1], name) for name in attributes)
        assert (kept in found.changed) == (not same)


def test_every_input_table_is_counted_to_a_cause():
    assert set(CAUSE_OF_INPUT) <= set(Inputs.__dataclass_fields__)
    assert set(CAUSE_OF_INPUT.values()) | {"settings"} == set(CAUSES)


def test_shares_do_not_prefer_an_order_and_a_part_without_effect_has_none():
    def worth(mix: frozenset[str]) -> pd.Series:
        return pd.Series(
            [(2 if "a" in mix else 1) * (3 if "b" in mix else 1) + 7.0, len(mix & {"c"})]
        )

    found = shares(worth, ["a", "b", "c"])
    assert found.loc[0].to_dict() == pytest.approx({"a": 2.0, "b": 3.0, "c": 0.0})
    assert found.loc[1].to_dict() == {"a": 0, "b": 0, "c": 1}


# --- The embedded data, a year later ----------------------------------------------------------


@pytest.fixture(scope="module")
def years(inputs, settings, tmp_path_factory) -> tuple[Year, Year]:
    path = write_second_year(tmp_path_factory.mktemp("year") / "second")
    later = load_settings(path)
    return Year(settings, inputs), Year(later, read_inputs(later))


@pytest.fixture(scope="module")
def embedded(years) -> Comparison:
    return compare_years(*years)


def test_what_happened_in_the_second_year_is_what_is_found(embedded):
    assert embedded.changed == ("people", "services", "roads", "settings")
    assert dict(zip(embedded.sites["site_id"], embedded.sites["change"], strict=True)) == {
        CLOSED: "stängt",
        OPENED: "öppnat",
    }
    assert embedded.setting_changes["key"].tolist() == ["policy.services.dagligvaror.weight"]
    assert any("Befolkningen är från 2024 och 2025" in notice for notice in embedded.notices)
    assert embedded.ort_changes.empty


def test_each_cause_stands_where_it_happened_and_nowhere_else(embedded):
    km = embedded.causes[embedded.causes["measure"] == "km_dagligvaror"].set_index("name")
    touched = {cause: set(km.index[km[f"cause_{cause}"] != 0]) for cause in CAUSES}
    assert touched["people"] == {"Latikberg"}
    assert touched["roads"] == {"Matsdal"}
    assert km.loc["Matsdal", "cause_roads"] == pytest.approx(LONGER_M / 1000)
    assert touched["settings"] == set()
    # The shop in Kittelfjäll served three orter; the new one is nearer for nine around Nästansjö.
    lost = {"Kittelfjäll", "Borkan", "Grönfjäll"}
    assert {name for name in touched["services"] if km.loc[name, "change"] > 0} == lost
    assert {"Nästansjö", "Siksjönäs", "Västra Nästansjö"} <= touched["services"] - lost
    people = embedded.municipality.set_index("measure").loc["people"]
    assert (people["before"], people["change"]) == (6229, 0)
    assert MOVERS > 0


@pytest.mark.parametrize("cause", HAPPENED)
def test_what_happened_alone_is_the_only_cause(cause, inputs, settings, tmp_path):
    later = load_settings(write_second_year(tmp_path, {cause}))
    found = compare_years(Year(settings, inputs), Year(later, read_inputs(later)))
    assert found.changed == (cause,)
    total = found.causes[found.causes["measure"] == "total"]
    assert (total[f"cause_{cause}"] == total["change"]).all()
    assert (total["change"] != 0).any()
    for other in set(CAUSES) - {cause}:
        assert (found.causes[f"cause_{other}"] == 0).all()


def test_causes_sum_to_the_change_on_the_embedded_data(embedded):
    for table in (embedded.causes, embedded.municipality):
        error = (table[PARTS].sum(axis=1) - table["change"]).abs() / table["before"].abs().clip(1)
        assert error.max() < 1e-12


def by_name(year: Year) -> pd.DataFrame:
    """Return the measures of a year's orter, from a search of its own."""
    found = reach(year.inputs, year.settings)
    group = found.cells["ort_id"]
    table = scores(found.cells, group, found.weights, year.settings.policy).set_index("ort_id")
    return table.set_index(found.settled.orter.set_index("ort_id")["name"].reindex(table.index))


def test_the_causes_are_the_mean_over_all_orders_of_swapping(embedded, years):
    mixes = [frozenset(mix) for n in range(5) for mix in combinations(CAUSES, n)]
    drawn = {mix: mixed(*years, mix) for mix in mixes}
    orter = {mix: by_name(year) for mix, year in drawn.items()}
    for name, measure in (
        ("Kittelfjäll", "total"),
        ("Latikberg", "total"),
        ("Matsdal", "km_dagligvaror"),
    ):
        expected = by_all_orders({mix: table.loc[name, measure] for mix, table in orter.items()})
        assert parts(of(embedded, name, measure)) == pytest.approx(
            {cause: part for cause, part in expected.items() if part != 0}, abs=1e-9
        )


def test_before_and_after_are_the_two_years_own_results(embedded, years):
    for year, column in zip(years, ("before", "after"), strict=True):
        plain = year.settings.with_changes(certainty={"draws": 0})
        orter = analyse(year.inputs, plain).orter.set_index("ort_id")
        rows = embedded.causes[embedded.causes["measure"] == "total"].set_index("ort_id")[column]
        assert np.abs(orter["total"].reindex(rows.index) - rows).max() < 1e-9


def test_the_tables_follow_their_schemas(embedded):
    services = embedded.services
    tables = {
        "orter": changed_orter_table(services),
        "causes": causes_table(),
        "municipality": municipality_changes(),
        "ort_changes": ORT_CHANGES,
        "sites": SITE_CHANGES,
        "setting_changes": SETTING_CHANGES,
    }
    for name, table in tables.items():
        frame = getattr(embedded, name)
        assert [c for c in frame.columns if c != "geometry"] == table.names(), name
        assert not frame.duplicated(list(table.key)).any(), name

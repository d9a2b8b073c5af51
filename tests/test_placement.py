"""Where new sites help most: equal to trying everything, on small cases."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from tests import toy_inputs as toy
from tests.driving import PROFILE

from glesservice.analysis import analyse
from glesservice.errors import InputError
from glesservice.scenarios import Open, Scenario, place, transform
from glesservice.scenarios.location import best, gain_of, greedy
from glesservice.scenarios.placement import COVERING, P_MEDIAN

TOY = toy.settings()


def by_trying(gains: np.ndarray, count: int) -> float:
    """Return the most that any choice of so many candidates gains."""
    several = min(count, gains.shape[1])
    return max(
        sum(max(row[list(chosen)]) for row in gains)
        for chosen in combinations(range(gains.shape[1]), several)
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, int]:
    """Draw gains: of covering (all or nothing) or of distances, many of them equal or none."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(1, 25)), draw(st.integers(1, 9))
    people = rng.integers(1, 200, shape[0]).astype(float)[:, None]
    kind = draw(st.sampled_from(["covering", "distances", "steps"]))
    if kind == "covering":
        gains = people * (rng.uniform(size=shape) < 0.3)
    elif kind == "steps":
        gains = people * rng.integers(0, 4, shape)
    else:
        gains = people * np.maximum(rng.uniform(-30, 30, shape), 0)
    return gains, draw(st.integers(1, 5))


@profile(**PROFILE, max_examples=150)
@given(cases())
def test_the_best_choice_equals_trying_every_choice(case):
    gains, count = case
    choice = best(gains, count)
    assert choice.gain == pytest.approx(by_trying(gains, count), rel=1e-9, abs=1e-6)
    assert choice.gap == 0
    assert len(set(choice.chosen)) == len(choice.chosen) <= count
    assert choice.gain == pytest.approx(gain_of(gains, choice.chosen), abs=1e-6)
    assert greedy(gains, count).gain <= choice.gain + 1e-6


def test_one_at_a_time_may_miss_the_best_two():
    """The middle helps both halves somewhat; the two ends help each half fully."""
    gains = np.array([[6.0, 10.0, 0.0], [6.0, 0.0, 10.0]])
    assert greedy(gains, 1).chosen == (0,)
    assert greedy(gains, 2).gain == 16
    assert best(gains, 2).chosen == (1, 2)
    assert best(gains, 2).gain == 20


def test_who_adds_nothing_is_not_chosen():
    gains = np.array([[5.0, 5.0, 0.0]])
    assert best(gains, 3).chosen == (0,)
    assert best(gains * 0, 2).chosen == ()


def test_stopped_at_once_the_answer_is_no_worse_than_one_at_a_time_and_says_its_gap():
    rng = np.random.default_rng(5)
    xy, homes = rng.uniform(size=(150, 2)), rng.uniform(size=(900, 2))
    away = np.linalg.norm(homes[:, None] - xy[None], axis=2)
    gains = np.maximum(0.6 - away, 0.0)
    stopped = best(gains, 5, time_limit_s=0.001)
    assert stopped.gain >= greedy(gains, 5).gain
    assert stopped.gap > 0


@profile(**toy.PROFILE_OF_RUNS, max_examples=6)
@given(toy.municipalities(), st.integers(1, 2))
def test_placing_equals_opening_every_combination_and_running_anew(inputs, count):
    """The value of a choice is what the analysis itself finds when these sites are open."""
    before = analyse(inputs, TOY)
    found = place(inputs, before, "dagligvaror", count)
    limit = TOY.policy.services["dagligvaror"].near_km
    # The toy's villages are points of one name each.
    names = sorted(set(inputs.settlements["name"]) & set(found.candidates["name"]))
    values = {COVERING: [], P_MEDIAN: []}
    reach = None
    for chosen in combinations(names, min(count, len(names))):
        steps = tuple(Open(service="dagligvaror", ort=name) for name in chosen)
        opened = transform(Scenario(name="x", steps=steps), inputs, TOY, before)
        cells = analyse(*opened).cells
        km, people = cells["km_dagligvaror"], cells["people"]
        reach = km.notna() if reach is None else reach & km.notna()
        values[COVERING].append(float(people[km <= limit].sum()))
        values[P_MEDIAN].append(float((people * km).sum()))
    rows = found.placements[found.placements["sites"] == count].set_index("aim")
    first = before.cells["km_dagligvaror"].notna()
    assert (first == reach).all()  # in a connected network who reaches one reaches all
    assert rows.loc[COVERING, "value"] == pytest.approx(max(values[COVERING]))
    assert rows.loc[P_MEDIAN, "value"] == pytest.approx(min(values[P_MEDIAN]), abs=0.5)
    assert (rows["gap_percent"] == 0).all()


def test_two_new_shops_along_a_road_by_hand():
    """A shop at 0 km; people at 20, 40 and 60 km, most at 60. Limit 10 km."""
    nodes = [(float(x), 0.0) for x in (0, 20, 40, 60)]
    villages = {f"By{x}": (float(x), 0.0) for x in (0, 20, 40, 60)}
    people = {0: 10.0, 20: 20.0, 40: 30.0, 60: 50.0}
    cells = {f"c{x}": ((float(x), 0.0), n) for x, n in people.items()}
    sites = {"Affär": ((0.0, 0.0), "dagligvaror"), "Mack": ((0.0, 0.0), "drivmedel")}
    inputs = toy.inputs([(0, 1), (1, 2), (2, 3)], nodes, cells, sites, villages)
    result = analyse(inputs, TOY)
    rows = place(inputs, result, "dagligvaror", 3).placements.set_index(["aim", "sites"])
    assert rows.loc[(COVERING, 1), "chosen"] == "By60"
    assert rows.loc[COVERING, "before"].tolist() == [10, 10, 10]
    assert rows.loc[COVERING, "value"].tolist() == [60, 90, 110]
    # Today 20·20 + 30·40 + 50·60 = 4 600 person-km. At 60: 20·20 + 30·20 = 1 000; at 40:
    # 20·20 + 50·20 = 1 400. With 60 and 40: 400; with 60 and 20: 600. With all: 0.
    assert rows.loc[P_MEDIAN, "before"].tolist() == pytest.approx([4600] * 3)
    assert rows.loc[P_MEDIAN, "value"].tolist() == pytest.approx([1000, 400, 0])
    assert rows.loc[(P_MEDIAN, 2), "chosen"] == "By60, By40"


def test_given_candidates_are_weighed_instead_and_those_off_the_roads_are_told(inputs, result):
    first, second = result.sites.geometry.iloc[:2]
    points = gpd.GeoDataFrame(
        {"name": ["Här", "Här", "Ute på fjället"]},
        geometry=[first, second, shapely.Point(first.x, first.y + 3_000_000)],
        crs=3006,
    )
    found = place(inputs, result, "drivmedel", 1, candidates=points)
    assert found.unattached == ("Ute på fjället",)
    assert sorted(found.candidates["name"]) == ["Här (1)", "Här (2)"]


@pytest.mark.parametrize(
    ("service", "sites", "limit", "said"),
    [
        ("mat", 1, None, "mat is not among"),
        ("paket", 6, None, "not 1 to 5"),
        ("paket", 0, None, "not 1 to 5"),
        ("paket", 1, -3.0, "not above 0"),
        ("paket", 1, float("nan"), "not above 0"),
    ],
)
def test_questions_without_an_answer_are_refused(inputs, result, service, sites, limit, said):
    with pytest.raises(InputError, match=said):
        place(inputs, result, service, sites, limit_km=limit)


def test_more_sites_never_help_less(inputs, result):
    rows = place(inputs, result, "dagligvaror", 5).placements
    covered = rows.loc[rows["aim"] == COVERING, "value"]
    driven = rows.loc[rows["aim"] == P_MEDIAN, "value"]
    assert covered.is_monotonic_increasing
    assert driven.is_monotonic_decreasing
    assert (rows["gap_percent"] == 0).all()


def test_a_service_nobody_gives_yet_is_placed_as_well(inputs, result):
    """Nobody has a way today; whoever reaches a candidate counts as furthest away until then."""
    assert not (result.sites["counted"] & result.sites["service"].eq("paket")).any()
    row = place(inputs, result, "paket", 1).placements.set_index("aim").loc[COVERING]
    assert row["before"] == 0
    assert row["chosen"] == "Vilhelmina"


def test_the_order_of_the_cells_changes_nothing(inputs, result):
    turned = replace(result, cells=result.cells.iloc[::-1].reset_index(drop=True))
    first, again = (place(inputs, one, "dagligvaror", 2) for one in (result, turned))
    assert first.placements["chosen"].tolist() == again.placements["chosen"].tolist()

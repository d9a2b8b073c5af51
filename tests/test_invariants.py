"""What must hold of every municipality, drawn at random and analysed whole.

Towns and villages at random places, joined by a tree of roads and some more of them, one-way among
these; each road as long as it is drawn or longer, and driven at a speed of its own, so that the
shortest way and the fastest often differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.drawn_municipality import Place, Road, Site, drawn, settings_of
from tests.driving import PROFILE

from glesservice.analysis import Result, analyse
from glesservice.sources import Inputs

SERVICES = ("dagligvaror", "drivmedel")
SETTINGS = settings_of()
# Each example is one or two whole analyses: few of them, drawn widely.
EXAMPLES = settings(**PROFILE, max_examples=10)
HAIR = 1e-6


@dataclass(frozen=True)
class Drawn:
    """A municipality, and a site that it may get besides."""

    places: dict[str, Place]
    roads: list[Road]
    people: dict[str, float]
    sites: list[Site]
    more: Site

    def inputs(self, sites: list[Site] | None = None, times: int = 1) -> Inputs:
        people = {name: count * times for name, count in self.people.items()}
        return drawn(self.places, self.roads, people, self.sites if sites is None else sites)


@st.composite
def municipalities(draw: st.DrawFn) -> Drawn:
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(4, 9))
    # No nearer each other than the places of a lattice of 6 km, and never on a line.
    spots = rng.choice(64, count, replace=False)
    names = [f"by{n}" for n in range(count)]
    places = {
        name: (6.0 * (spot % 8) + rng.uniform(0, 2), 6.0 * (spot // 8) + rng.uniform(0, 2))
        for name, spot in zip(names, spots, strict=True)
    }

    def road(a: str, b: str, one_way: bool = False) -> Road:
        straight = float(np.hypot(*np.subtract(places[a], places[b])))
        longer = straight * float(rng.choice([1.0, rng.uniform(1.05, 3)]))
        return Road(a, b, longer, float(rng.uniform(20, 110)), None, one_way)

    roads = [road(names[n], names[int(rng.integers(n))]) for n in range(1, count)]
    for _ in range(draw(st.integers(2, 8))):
        a, b = rng.choice(names, 2, replace=False)
        roads.append(road(str(a), str(b), draw(st.booleans())))
    inhabited = names[: draw(st.integers(2, count))]
    people = {name: float(rng.integers(10, 400)) for name in inhabited}

    def site(number: int, service: str) -> Site:
        # Ids at random: ties must not hang on which site came first.
        key = f"{rng.integers(10**6):06d}-{number}"
        kommun = "NO" if draw(st.integers(0, 2)) == 0 else "2462"
        return Site(key, f"Ställe {number}", service, str(rng.choice(names)), kommun)

    sites = [site(n, service) for n, service in enumerate(SERVICES)]
    sites += [site(n, str(rng.choice(SERVICES))) for n in range(2, 2 + draw(st.integers(0, 4)))]
    return Drawn(places, roads, people, sites, site(99, str(rng.choice(SERVICES))))


def sparser_nowhere(less: Result, more: Result, services: tuple[str, ...] = SERVICES) -> None:
    """Check that with more sites nobody has further and no ort is sparser, by any service."""
    for tables in ("cells", "orter", "bygder"):
        key = {"cells": "cell_id", "orter": "ort_id", "bygder": "bygd_id"}[tables]
        before, after = (getattr(r, tables).set_index(key).sort_index() for r in (less, more))
        assert before.index.tolist() == after.index.tolist()
        for service in services:
            for column in (f"km_{service}", f"minutes_{service}"):
                if column in before:
                    gained = after[column].fillna(np.inf) <= before[column].fillna(np.inf) + HAIR
                    assert gained.all(), column
        for column in ("sparsity", *(f"sparsity_{service}" for service in services)):
            if column in before and set(services) == set(SERVICES):
                assert (after[column] <= before[column] + HAIR).all(), column


@given(municipalities())
@EXAMPLES
def test_a_new_shop_makes_nobody_sparser(town: Drawn) -> None:
    less = analyse(town.inputs(), SETTINGS)
    more = analyse(town.inputs([*town.sites, town.more]), SETTINGS)
    sparser_nowhere(less, more)


@given(municipalities(), st.integers(0, 1000))
@EXAMPLES
def test_a_shop_that_closes_makes_nobody_less_sparse(town: Drawn, which: int) -> None:
    closing = town.sites[which % len(town.sites)]
    left = [site._replace(status="closed") if site is closing else site for site in town.sites]
    # Where it was the last of its service, the service cannot be judged any more.
    assume(any(s.service == closing.service and s.status == "open" for s in left))
    sparser_nowhere(analyse(town.inputs(left), SETTINGS), analyse(town.inputs(), SETTINGS))


@given(municipalities())
@EXAMPLES
def test_without_norway_nobody_is_less_sparse(town: Drawn) -> None:
    home = [site for site in town.sites if site.kommunkod != "NO"]
    assume({site.service for site in home} == set(SERVICES))
    sparser_nowhere(analyse(town.inputs(home), SETTINGS), analyse(town.inputs(), SETTINGS))


def same(one: pd.DataFrame, two: pd.DataFrame, key: str, but: tuple[str, ...] = ()) -> None:
    """Check that two tables say the same, row by row of the key."""
    left, right = (
        pd.DataFrame(t)
        .drop(columns=["geometry", *but], errors="ignore")
        .set_index(key)
        .sort_index()
        for t in (one, two)
    )
    pd.testing.assert_frame_equal(left, right, rtol=1e-9, atol=1e-9)


@given(municipalities(), st.integers(2, 9))
@EXAMPLES
def test_more_people_at_the_same_places_change_no_score(town: Drawn, times: int) -> None:
    one, many = (analyse(town.inputs(times=n), SETTINGS) for n in (1, times))
    scores = ["total", "sparsity", "vulnerability", "rank"]
    scores += [f"{part}_{s}" for part in ("sparsity", "vulnerability", "gini") for s in SERVICES]
    scores += [f"worst_km_{service}" for service in SERVICES]
    same(one.orter[["ort_id", *scores]], many.orter[["ort_id", *scores]], "ort_id")
    for service in SERVICES:
        assert many.orter[f"person_km_{service}"].sum() == pytest.approx(
            times * one.orter[f"person_km_{service}"].sum()
        )


@given(municipalities(), st.integers(0, 1000))
@EXAMPLES
def test_the_order_of_the_rows_changes_nothing(town: Drawn, seed: int) -> None:
    inputs = town.inputs()
    shuffled = replace(
        inputs,
        **{
            name: getattr(inputs, name).sample(frac=1, random_state=seed).reset_index(drop=True)
            for name in ("cells", "settlements", "sites", "edges")
        },
    )
    one, two = analyse(inputs, SETTINGS), analyse(shuffled, SETTINGS)
    for table, key in (
        ("cells", "cell_id"),
        ("orter", "ort_id"),
        ("bygder", "bygd_id"),
        ("sites", "site_id"),
        ("strategic", "serviceort_id"),
        ("legal", "site_id"),
    ):
        same(getattr(one, table), getattr(two, table), key)
    pd.testing.assert_frame_equal(one.municipality, two.municipality, rtol=1e-9)


@given(municipalities())
@EXAMPLES
def test_every_measure_lies_in_its_range_and_people_add_up(town: Drawn) -> None:
    found = analyse(town.inputs(), SETTINGS)
    orter, services = found.orter, list(found.weights.index)
    assert orter["people"].sum() + found.spread_people == pytest.approx(found.people)
    for column in ("total", "sparsity", "vulnerability"):
        assert orter[column].between(-HAIR, 100 + HAIR).all()
    for service in services:
        assert orter[f"gini_{service}"].dropna().between(0, 1).all()
        assert (orter[f"worst_km_{service}"] >= orter[f"km_{service}"] - HAIR).all()
        assert (orter[f"next_km_{service}"].dropna() >= 0).all()
        assert (orter[f"catchment_{service}"] >= 0).all()
        assert (orter[f"single_road_{service}"] <= orter["people"] + HAIR).all()
        alone, way = (found.cells[f"{n}km_{service}"] for n in ("single_road_", ""))
        assert (alone <= way + HAIR).all()  # what every way passes is on the shortest too
        beyond = orter[[f"beyond_{limit:g}_{service}" for limit in (5, 10, 20, 30)]].to_numpy()
        assert (np.diff(beyond, axis=1) <= HAIR).all()
        # Who has no way to any service has none to this one.
        assert (found.cells["single_road_km"] <= alone + HAIR).all()
    person_km = found.municipality.set_index("service")["person_km"]
    for service in services:
        cells = (found.cells["people"] * found.cells[f"km_{service}"]).sum()
        assert person_km[service] == pytest.approx(cells)
    assert (found.strategic["added_person_km"] >= -HAIR).all()
    sure, near = (found.legal[f"{which}_km"].fillna(np.inf) for which in ("certain", "next"))
    assert (sure >= near - HAIR).all()


@given(municipalities())
@EXAMPLES
def test_each_way_is_the_best_in_its_own_measure(town: Drawn) -> None:
    found = analyse(town.inputs(), SETTINGS)
    pairs = found.access.merge(found.drive, on=["cell_id", "service", "order"])
    assert len(pairs) == len(found.access) == len(found.drive)
    pairs = pairs[pairs["order"] == 1]
    assert (pairs["metres_x"] <= pairs["metres_y"] + HAIR).all()
    assert (pairs["seconds_x"] >= pairs["seconds_y"] - HAIR).all()


def test_the_drawn_maps_tell_the_two_ways_apart() -> None:
    """The check would be idle on maps where the shortest way is always the fastest."""
    apart = []

    @given(municipalities())
    @settings(**PROFILE, max_examples=8)
    def look(town: Drawn) -> None:
        found = analyse(town.inputs(), SETTINGS)
        both = found.access.merge(found.drive, on=["cell_id", "service", "order"])
        apart.append((both["metres_x"] < both["metres_y"] - 1).any())

    look()
    assert sum(apart) >= 2

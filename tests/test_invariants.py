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
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.drawn_municipality import Place, Road, Site, drawn, settings_of
from tests.driving import PROFILE

from glesservice.analysis import Result, analyse
from glesservice.sources import Inputs

SERVICES = ("dagligvaror", "drivmedel")
# Few draws: how sure ranks are must not hang on the order of the rows either.
SETTINGS = settings_of().with_changes(certainty={"draws": 20})
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


@pytest.fixture(scope="module")
def towns() -> list[tuple[Drawn, Result]]:
    """Draw municipalities, the same each time, and analyse each: every statement begins there."""
    found = []

    @given(municipalities())
    @settings(**PROFILE, max_examples=12)
    def look(town: Drawn) -> None:
        found.append((town, analyse(town.inputs(), SETTINGS)))

    look()
    return found


Towns = list[tuple[Drawn, Result]]


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


def test_a_new_shop_makes_nobody_sparser(towns: Towns) -> None:
    for town, found in towns:
        more = analyse(town.inputs([*town.sites, town.more]), SETTINGS)
        sparser_nowhere(found, more)


def test_a_shop_that_closes_makes_nobody_less_sparse(towns: Towns) -> None:
    closed = 0
    for town, found in towns:
        # Where it was the last of its service, the service cannot be judged any more.
        rivals = [s for s in town.sites if sum(s.service == o.service for o in town.sites) > 1]
        if not rivals:
            continue
        closing = rivals[closed % len(rivals)]
        left = [site._replace(status="closed") if site is closing else site for site in town.sites]
        sparser_nowhere(analyse(town.inputs(left), SETTINGS), found)
        closed += 1
    assert closed >= 8


def test_without_norway_nobody_is_less_sparse(towns: Towns) -> None:
    without = 0
    for town, found in towns:
        home = [site for site in town.sites if site.kommunkod != "NO"]
        if {site.service for site in home} != set(SERVICES) or home == town.sites:
            continue
        sparser_nowhere(analyse(town.inputs(home), SETTINGS), found)
        without += 1
    assert without >= 3


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


def test_more_people_at_the_same_places_change_no_score(towns: Towns) -> None:
    for number, (town, one) in enumerate(towns):
        times = 2 + number % 8
        many = analyse(town.inputs(times=times), SETTINGS)
        scores = ["total", "sparsity", "vulnerability", "rank"]
        for part in ("sparsity", "vulnerability", "gini"):
            scores += [f"{part}_{service}" for service in SERVICES]
        scores += [f"worst_km_{service}" for service in SERVICES]
        same(one.orter[["ort_id", *scores]], many.orter[["ort_id", *scores]], "ort_id")
        for service in SERVICES:
            assert many.orter[f"person_km_{service}"].sum() == pytest.approx(
                times * one.orter[f"person_km_{service}"].sum()
            )


def test_the_order_of_the_rows_changes_nothing(towns: Towns) -> None:
    for seed, (town, one) in enumerate(towns):
        inputs = town.inputs()
        shuffled = replace(
            inputs,
            **{
                name: getattr(inputs, name).sample(frac=1, random_state=seed).reset_index(drop=True)
                for name in ("cells", "settlements", "sites", "edges")
            },
        )
        two = analyse(shuffled, SETTINGS)
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


def test_every_measure_lies_in_its_range_and_people_add_up(towns: Towns) -> None:
    for _, found in towns:
        lies_in_its_range(found)


def lies_in_its_range(found: Result) -> None:
    """Check every measure of a municipality."""
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


def test_each_way_is_the_best_in_its_own_measure(towns: Towns) -> None:
    apart = 0
    for _, found in towns:
        pairs = found.access.merge(found.drive, on=["cell_id", "service", "order"])
        assert len(pairs) == len(found.access) == len(found.drive)
        pairs = pairs[pairs["order"] == 1]
        assert (pairs["metres_x"] <= pairs["metres_y"] + HAIR).all()
        assert (pairs["seconds_x"] >= pairs["seconds_y"] - HAIR).all()
        apart += bool((pairs["metres_x"] < pairs["metres_y"] - 1).any())
    # The check would be idle on maps where the shortest way is always the fastest.
    assert apart >= 2

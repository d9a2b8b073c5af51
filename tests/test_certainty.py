"""How sure the ranks are, on roads where it can be worked out by hand.

All roads are one straight line, and everything stands on it at a number of kilometres. Only
sparsity counts (``sparsity_share = 1``) where nothing else is said.
"""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import beta
from tests.driving import Link, straight

from glesservice.certainty import as_settled, drawn, ground_of, judge, outcome, people_of
from glesservice.certainty.ground import Ground
from glesservice.certainty.noise import how_published, likely_people
from glesservice.config import Certainty, Policy, ServicePolicy, Settings
from glesservice.network import Snap

LENGTH_KM = 200.0


def at(places_km: Sequence[float]) -> Snap:
    """Stand on the line at some kilometres."""
    fraction = np.array(places_km, dtype=float) / LENGTH_KM
    return Snap(np.zeros(len(fraction), dtype=np.int64), fraction, np.zeros(len(fraction)))


def on_a_line(
    settings: Settings,
    homes: Mapping[str, Sequence[tuple[float, float]]],
    sites: Sequence[tuple[str, str, float, str]],
    policy: Policy,
    **certainty: object,
) -> tuple[Ground, pd.DataFrame]:
    """Make the ground of orter (cells of km and people) and sites (name, service, km, status)."""
    metres = LENGTH_KM * 1000
    seconds = metres / 20
    network = straight([Link(0, 1, metres, seconds, seconds)], [(0.0, 0.0), (metres, 0.0)])
    rows = [(ort, km, people) for ort, cells in homes.items() for km, people in cells]
    cells = pd.DataFrame(
        {
            "cell_id": [f"{ort}-{number:05d}" for number, (ort, _, _) in enumerate(rows)],
            "people": [people for _, _, people in rows],
            "ort_id": [ort or None for ort, _, _ in rows],
        }
    )
    names, services, places_km, statuses = zip(*sites, strict=True)
    table = gpd.GeoDataFrame(
        {
            "site_id": names,
            "name": names,
            "service": services,
            "status": statuses,
            "counted": [status == "open" for status in statuses],
            "operator": None,
            "place_id": names,
            "ort_id": None,
        },
        geometry=[shapely.Point(km * 1000, 0) for km in places_km],
        crs="EPSG:3006",
    )
    weights = pd.Series({name: rule.weight for name, rule in policy.services.items()})
    chosen = settings.model_copy(update={"policy": policy, "certainty": Certainty(**certainty)})
    ground = ground_of(
        chosen,
        network,
        weights,
        cells,
        at([km for _, km, _ in rows]),
        table,
        at(places_km),
        frozenset(names),
    )
    orter = pd.DataFrame({"ort_id": list(homes), "name": list(homes), "bygd_id": list(homes)})
    totals = outcome(ground, as_settled(ground)).total[0]
    by_total = pd.Series(totals, index=ground.orter).rank(ascending=False)
    return ground, orter.assign(rank=orter["ort_id"].map(by_total))


def only_groceries(**more: object) -> Policy:
    rule = ServicePolicy(near_km=10, far_km=30, weight=1.0)
    return Policy(services={"dagligvaror": rule}, sparsity_share=1.0, **more)


def within_the_binomial(share: float, probability: float, draws: int) -> bool:
    """Tell whether a share of draws lies within four standard deviations."""
    return abs(share - probability) <= 4 * np.sqrt(probability * (1 - probability) / draws)


# --- Weights ----------------------------------------------------------------------------------


def test_the_order_flips_as_often_as_the_beta_distribution_says(settings):
    # A has groceries at the door and fuel 100 km away, B the other way round: the totals are
    # 100 × the weight of fuel and 100 × that of groceries. With weights .6 and .4 and a
    # concentration of 50 that of groceries is Beta(30, 20), so B is first where it is above 1/2.
    services = {
        "dagligvaror": ServicePolicy(near_km=10, far_km=30, weight=0.6),
        "drivmedel": ServicePolicy(near_km=10, far_km=30, weight=0.4),
    }
    ground, orter = on_a_line(
        settings,
        {"A": [(0, 20)], "B": [(100, 20)]},
        [("shop", "dagligvaror", 0, "open"), ("pump", "drivmedel", 100, "open")],
        Policy(services=services, sparsity_share=1.0, top=1),
        draws=4000,
        vary=("weights",),
        weight_concentration=50,
    )
    found = judge(ground, orter).orter
    first = 1 - beta.cdf(0.5, 30, 20)
    assert within_the_binomial(found.loc["B", "top_share"] / 100, first, 4000)
    assert found.loc["A", "top_share"] + found.loc["B", "top_share"] == pytest.approx(100)
    weights = drawn(ground).weights
    assert weights.sum(axis=1) == pytest.approx(1)
    assert weights[:, 0].mean() == pytest.approx(0.6, abs=0.01)
    assert weights[:, 0].std() == pytest.approx(np.sqrt(0.6 * 0.4 / 51), rel=0.05)


def test_a_service_without_weight_never_gets_any(settings):
    services = {
        "dagligvaror": ServicePolicy(near_km=10, far_km=30, weight=1.0),
        "drivmedel": ServicePolicy(near_km=10, far_km=30, weight=0.0),
    }
    ground, _ = on_a_line(
        settings,
        {"A": [(0, 20)]},
        [("shop", "dagligvaror", 50, "open"), ("pump", "drivmedel", 50, "open")],
        Policy(services=services, sparsity_share=0.7),
        draws=20,
        vary=("weights",),
    )
    draws = drawn(ground)
    assert (draws.weights[:, 1] == 0).all()
    assert draws.weights[:, 0] == pytest.approx(1)
    assert 0 < draws.sparsity_share.min() < 0.7 < draws.sparsity_share.max() < 1


# --- Thresholds -------------------------------------------------------------------------------


def test_thresholds_are_even_within_their_range_and_far_stays_beyond_near(settings):
    narrow = {"dagligvaror": ServicePolicy(near_km=10, far_km=11, weight=1.0)}
    for policy, plain in ((only_groceries(), True), (Policy(services=narrow), False)):
        ground, _ = on_a_line(
            settings,
            {"A": [(0, 20)]},
            [("shop", "dagligvaror", 50, "open")],
            policy,
            draws=2000,
            vary=("thresholds",),
        )
        draws = drawn(ground)
        near, far = draws.near_km[:, 0], draws.far_km[:, 0]
        assert (far > near).all()
        assert near.min() >= 8
        assert near.max() <= 12
        assert near.mean() == pytest.approx(10, abs=4 * 4 / np.sqrt(12 * 2000))
        if plain:
            assert far.min() >= 24
            assert far.max() <= 36
            assert far.mean() == pytest.approx(30, abs=4 * 12 / np.sqrt(12 * 2000))
            assert abs(np.corrcoef(near, far)[0, 1]) < 0.1
        assert draws.vulnerability_km.min() >= 24
        assert draws.vulnerability_km.max() <= 36


# --- Sites ------------------------------------------------------------------------------------


@pytest.fixture
def with_an_unconfirmed_shop(settings):
    # Shops at 0 (unconfirmed) and 40 km. P at 0: 40 km, or none at all if that shop is open. Q at
    # 20: 20 km either way, 50. R at 58: 18 km, 40. So P is first, or last.
    return on_a_line(
        settings,
        {"P": [(0, 20)], "Q": [(20, 20)], "R": [(58, 20)]},
        [("Stalon", "dagligvaror", 0, "unconfirmed"), ("Coop", "dagligvaror", 40, "open")],
        only_groceries(top=1),
        draws=4000,
        vary=("sites",),
        unconfirmed_open=0.3,
        confirmed_missing=0.0,
    )


def test_an_unconfirmed_shop_makes_the_first_last(with_an_unconfirmed_shop):
    found = judge(*with_an_unconfirmed_shop)
    orter = found.orter
    assert orter["rank_without_unconfirmed"].to_dict() == {"P": 1, "Q": 2, "R": 3}
    assert orter["rank_with_unconfirmed"].to_dict() == {"P": 3, "Q": 1, "R": 2}
    assert within_the_binomial(orter.loc["P", "top_share"] / 100, 0.7, 4000)
    assert orter.loc["P", ["rank_low", "rank_high"]].tolist() == [1, 3]
    assert orter.loc["R", ["rank_low", "rank_high"]].tolist() == [2, 3]
    assert orter.loc["P", "certainty"].startswith("Osäker plats: bland de 1 främsta i ")
    assert orter.loc["P", "certainty"].endswith(
        "Plats 1 utan obekräftade ställen, 3 om alla räknas; mest betyder Stalon."
    )
    assert orter.loc["R", "certainty"] == (
        "Säkert inte föreslagen: bland de 1 främsta i 0 % av dragningarna; platsen är 2–3 i "
        "90 % av dem."
    )
    assert "(P), och 1 andra" in found.notices[0]


def test_the_tornado_tells_what_each_site_does(with_an_unconfirmed_shop):
    table = judge(*with_an_unconfirmed_shop).sensitivity.set_index(["ort_id", "factor"])
    unconfirmed = table.loc[("P", "sites unconfirmed")]
    assert unconfirmed[["low", "high"]].tolist() == ["inga", "alla"]
    assert unconfirmed[["total_at_low", "total", "total_at_high"]].tolist() == [100, 100, 0]
    assert unconfirmed[["rank_at_low", "rank", "rank_at_high"]].tolist() == [1, 1, 3]
    assert unconfirmed["swing"] == 100
    # Without Coop nobody has any shop: Q rises from 50 to 100.
    missing = table.loc[("Q", "sites missing")]
    assert missing[["total_at_low", "total", "total_at_high"]].tolist() == [50, 50, 100]


def test_shop_and_pump_at_one_place_open_and_close_together(settings):
    services = {
        "dagligvaror": ServicePolicy(near_km=10, far_km=30, weight=0.5),
        "drivmedel": ServicePolicy(near_km=10, far_km=30, weight=0.5),
    }
    ground, _ = on_a_line(
        settings,
        {"A": [(0, 20)]},
        [
            ("shop", "dagligvaror", 50, "open"),
            ("pump", "drivmedel", 50.1, "open"),
            ("other", "dagligvaror", 50.05, "open"),
        ],
        Policy(services=services),
        draws=500,
        vary=("sites",),
        confirmed_missing=0.5,
    )
    opened = drawn(ground).opened
    together = {
        (a, b) for a in range(3) for b in range(3) if a < b and (opened[:, a] == opened[:, b]).all()
    }
    # The pump belongs to the shop that is nearer to it; the two shops are two places.
    assert together == {(1, 2)}
    assert opened.mean(axis=0) == pytest.approx(0.5, abs=0.1)


def test_who_loses_two_services_at_once_is_left_without_once(settings):
    # At 0 km shop and pump, the only pump; another shop at 100 km. If the place is lost, all 25
    # people are without fuel, and have 100 - 0 and 90 - 10 km further to groceries.
    services = {
        "dagligvaror": ServicePolicy(near_km=10, far_km=30, weight=0.5),
        "drivmedel": ServicePolicy(near_km=10, far_km=30, weight=0.25),
        "apotek": ServicePolicy(near_km=10, far_km=30, weight=0.25),
    }
    ground, _ = on_a_line(
        settings,
        {"A": [(0, 20), (10, 5)]},
        [
            ("shop", "dagligvaror", 0, "open"),
            ("pump", "drivmedel", 0, "open"),
            ("ombud", "apotek", 0, "open"),
            ("other", "dagligvaror", 100, "open"),
        ],
        Policy(services=services),
        draws=1,
    )
    zones = {"zone": ["Z", "Z", "Z", None]}
    ground = replace(
        ground, sites=ground.sites.assign(**zones), zones=np.array(["Z"], dtype=object)
    )
    lost = outcome(ground, as_settled(ground))
    assert lost.without[0].tolist() == [25]
    assert lost.added_person_km[0, 0] == pytest.approx(0.5 * (20 * 100 + 5 * 80))


def test_more_sites_are_looked_for_where_all_that_were_found_are_closed(settings, monkeypatch):
    sites = [(f"s{n:02d}", "dagligvaror", 10.0 * n, "open") for n in range(1, 15)]
    ground, _ = on_a_line(
        settings,
        {"A": [(0, 20), (35, 5)], "B": [(120, 20)]},
        sites,
        only_groceries(),
        draws=200,
        vary=("sites",),
        confirmed_missing=0.8,
    )
    draws = drawn(ground)
    deep = outcome(ground, draws)
    monkeypatch.setattr("glesservice.certainty.outcomes.FIRST_K", 1)
    shallow = outcome(ground, draws)
    np.testing.assert_array_equal(deep.total, shallow.total)
    # By hand, for the ort with one cell: the nearest open site on the line.
    km = np.array([10.0 * n for n in range(1, 15)])
    way = np.where(draws.opened, abs(km - 120), np.inf).min(axis=1)
    np.testing.assert_allclose(deep.total[:, 1], 100 * np.clip((way - 10) / 20, 0, 1), atol=1e-9)


# --- People -----------------------------------------------------------------------------------


def test_a_rounded_cell_of_three_stands_for_one_two_or_three():
    uniform = (np.arange(3000) + 0.5) / 3000
    behind = likely_people(np.full(3000, 3.0), uniform, "rounded", 1.4)
    assert pd.Series(behind).value_counts().to_dict() == {1.0: 1000, 2.0: 1000, 3.0: 1000}
    others = np.array([4.0, 5.0, 120.0])
    assert (likely_people(others, np.array([0.0, 0.5, 0.99]), "rounded", 1.4) == others).all()


def test_noise_is_whole_even_bounded_and_empties_no_cell():
    uniform = (np.arange(20_000) + 0.5) / 20_000
    behind = likely_people(np.full(20_000, 50.0), uniform, "perturbed", 1.4)
    noise = behind - 50
    assert (noise == np.round(noise)).all()
    assert noise.mean() == pytest.approx(0, abs=1e-9)
    assert noise.std() == pytest.approx(1.4, rel=0.05)
    assert abs(noise).max() == 4
    assert likely_people(np.full(20_000, 2.0), uniform, "perturbed", 1.4).min() == 1
    assert likely_people(np.full(20_000, 0.4), uniform, "perturbed", 1.4).min() == 0.4


def test_what_was_done_to_the_grid_goes_by_its_date(settings):
    def at_date(date: str | None, grid: str = "auto") -> str:
        return how_published(
            settings.model_copy(
                update={
                    "population": settings.population.model_copy(update={"date": date}),
                    "certainty": Certainty(grid=grid),
                }
            )
        )

    assert at_date("2024-12-31") == "rounded"
    assert at_date("2025-12-31") == "perturbed"
    assert at_date(None) == "perturbed"  # the year of the run: 2026
    assert at_date("2024", "exact") == "exact"


# --- All together -----------------------------------------------------------------------------


def town(settings, **certainty):
    """Make a line of ten orter and twelve sites of two services, some unconfirmed."""
    services = {
        "dagligvaror": ServicePolicy(near_km=10, far_km=30, weight=0.7),
        "drivmedel": ServicePolicy(near_km=15, far_km=40, weight=0.3),
    }
    homes = {f"O{n}": [(7.0 * n, 3 + n), (7.0 * n + 3, 3)] for n in range(10)}
    sites = [
        (f"s{n}", "dagligvaror" if n % 2 else "drivmedel", 13.0 * n, "open") for n in range(10)
    ]
    sites += [("u1", "dagligvaror", 20, "unconfirmed"), ("u2", "drivmedel", 60, "unconfirmed")]
    return on_a_line(settings, homes, sites, Policy(services=services, top=3), **certainty)


def test_without_any_range_every_interval_is_the_rank_itself(settings):
    ground, orter = town(
        settings,
        draws=20,
        grid="exact",
        thresholds_share=0,
        speeds_share=0,
        unconfirmed_open=0,
        confirmed_missing=0,
        weight_concentration=1e12,
    )
    found = judge(ground, orter).orter
    ranks = orter.set_index("ort_id")["rank"]
    for column in ("rank_low", "rank_high"):
        assert found[column].to_dict() == ranks.to_dict()
    assert set(found["top_share"]) == {0.0, 100.0}
    for vary in ((), ("grid", "thresholds", "sites", "speeds")):
        still = replace(ground, settings=_certain(ground.settings, vary=vary))
        totals = outcome(still, drawn(still)).total
        assert (totals == outcome(ground, as_settled(ground)).total[0]).all()


def _certain(settings: Settings, **update: object) -> Settings:
    return settings.model_copy(update={"certainty": settings.certainty.model_copy(update=update)})


def test_a_draw_hangs_on_its_number_alone(settings):
    few, many = (drawn(town(settings, draws=count)[0]) for count in (7, 40))
    for name in ("weights", "near_km", "far_km", "sparsity_share", "vulnerability_km", "opened"):
        np.testing.assert_array_equal(getattr(few, name), getattr(many, name)[:7])
    other = drawn(town(settings, draws=7, seed=2)[0])
    assert not (other.weights == few.weights).any()


def test_one_thread_or_many_give_the_same_bytes(settings, monkeypatch):
    ground, _ = town(settings, draws=600)
    several = outcome(ground, drawn(ground))
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    alone = outcome(ground, drawn(ground))
    for name in ("total", "people", "added_person_km", "without"):
        assert getattr(several, name).tobytes() == getattr(alone, name).tobytes()


def test_the_order_of_cells_and_sites_changes_nothing(settings):
    ground, orter = town(settings, draws=100)
    rng = np.random.default_rng(3)
    cells, sites = rng.permutation(len(ground.cells)), rng.permutation(len(ground.sites))
    shuffled = replace(
        ground,
        cells=ground.cells.iloc[cells].reset_index(drop=True),
        cells_at=ground.cells_at.take(cells),
        sites=ground.sites.iloc[sites].reset_index(drop=True),
        sites_at=ground.sites_at.take(sites),
    )
    as_it_was, again = judge(ground, orter), judge(shuffled, orter.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(as_it_was.orter, again.orter)
    pd.testing.assert_frame_equal(as_it_was.strategic, again.strategic)
    pd.testing.assert_frame_equal(as_it_was.sensitivity, again.sensitivity)
    noise = np.arange(5)
    np.testing.assert_array_equal(people_of(ground, noise)[:, cells], people_of(shuffled, noise))


def test_speeds_move_a_score_only_where_kilometres_follow_the_fastest_way(settings):
    # The shop can be reached along a main road (30 km) and along a small one (20 km).
    homes, sites = {"A": [(0.0, 20)]}, [("shop", "dagligvaror", 200.0, "open")]
    links = [Link(0, 1, 30_000, 1500, 1500), Link(0, 1, 20_000, 1520, 1520)]
    links.append(Link(1, 2, 1000, 60, 60))
    for way, totals in (("shortest", {50.0}), ("fastest", {50.0, 100.0})):
        ground, _ = on_a_line(
            settings, homes, sites, only_groceries(way=way), draws=200, vary=("speeds",)
        )
        network = straight(links, [(0.0, 0.0), (30_000.0, 0.0), (31_000.0, 0.0)])
        edges = network.edges.assign(highway=["primary", "track", "primary"])
        ground = replace(
            ground,
            network=replace(network, edges=edges),
            cells_at=Snap(np.array([0]), np.array([0.0]), np.array([0.0])),
            sites_at=Snap(np.array([2]), np.array([0.0]), np.array([0.0])),
        )
        draws = drawn(ground)
        assert set(outcome(ground, draws).total[:, 0].round(6)) == totals
        assert len(draws.speeds) == (10 if way == "fastest" else 1)
    # The main road loses where it is driven so much slower than the small one.
    slower = np.array([1500 / s["primary"] > 1520 / s["track"] for s in draws.speeds])
    found = outcome(ground, draws).total[:, 0] < 75
    np.testing.assert_array_equal(found, slower[draws.network])


def test_no_more_people_are_held_than_a_block(settings, monkeypatch):
    monkeypatch.setattr("glesservice.certainty.outcomes.BLOCK", 100_000)
    homes = {f"O{n}": [(n, 3.0)] * 100 for n in range(50)}
    ground, _ = on_a_line(
        settings,
        homes,
        [("shop", "dagligvaror", 50, "open")],
        only_groceries(),
        draws=1000,
        vary=("grid",),
    )
    draws = drawn(ground)
    whole_mb = len(draws) * len(ground.people) * 8 / 1e6
    tracemalloc.start()
    outcome(ground, draws)
    peak_mb = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    assert whole_mb == 40
    assert peak_mb < 20


def test_zero_draws_leave_everything_out(settings):
    found = judge(*town(settings, draws=0))
    for table in (found.orter, found.bygder, found.strategic, found.sensitivity):
        assert table.empty
    assert found.notices == ()

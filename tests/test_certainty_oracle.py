"""A draw is what ``analyse`` finds when its inputs and settings are those of the draw.

Orter are known here by the cells that they hold: their ids and names may follow the people, which
are drawn too. So that no ort comes or goes with them, one person makes an ort.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyogrio
import pytest

from glesservice import pipeline
from glesservice.analysis import Result, analyse, analysing
from glesservice.certainty import as_settled, drawn, outcome, people_of
from glesservice.certainty.drawing import Draws
from glesservice.certainty.ground import Ground
from glesservice.certainty.intervals import ranks_of_draws
from glesservice.config import Settings
from glesservice.selection import ranks
from glesservice.sources import Inputs

DRAWS = (0, 1, 7, 23)


def everyone_counts(settings: Settings, **certainty: object) -> Settings:
    """Let every ort be one whoever lives in it."""
    return settings.model_copy(
        update={
            "orter": settings.orter.model_copy(
                update={"cluster_people": 1, "centralort": "Vilhelmina"}
            ),
            "publication": settings.publication.model_copy(update={"min_people": 1}),
            "certainty": settings.certainty.model_copy(update=certainty),
        }
    )


def analysed(inputs: Inputs, settings: Settings) -> tuple[Result, Ground]:
    """Analyse, and catch what the draws start from."""
    caught = []
    original = analysing.judge

    def _judge(ground: Ground, orter: pd.DataFrame) -> object:
        caught.append(ground)
        return original(ground, orter)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysing, "judge", _judge)
        return analyse(inputs, settings), caught[0]


def by_the_draw(
    inputs: Inputs, settings: Settings, ground: Ground, draws: Draws, number: int
) -> Result:
    """Analyse anew with what one draw assumes."""
    services = {
        service: settings.policy.services[service].model_copy(
            update={
                "near_km": draws.near_km[number, column],
                "far_km": draws.far_km[number, column],
                "weight": draws.weights[number, column],
            }
        )
        for column, service in enumerate(ground.services)
    }
    policy = settings.policy.model_copy(
        update={
            "services": services,
            "sparsity_share": draws.sparsity_share[number],
            "vulnerability_km": draws.vulnerability_km[number],
        }
    )
    people = pd.Series(
        people_of(ground, draws.noise[number : number + 1])[0], index=ground.cells["cell_id"]
    )
    status = pd.Series(
        np.where(draws.opened[number], "open", "closed"), index=ground.sites["site_id"]
    )
    factor = inputs.edges["highway"].map(dict(draws.speeds[draws.network[number]])).fillna(1.0)
    speeds = settings.network.class_speeds_kmh
    changed = replace(
        inputs,
        cells=inputs.cells.assign(
            people=inputs.cells["cell_id"].map(people).fillna(inputs.cells["people"])
        ),
        sites=inputs.sites.assign(
            status=inputs.sites["site_id"].map(status).fillna(inputs.sites["status"])
        ),
        edges=inputs.edges.assign(
            maxspeed_kmh=inputs.edges["maxspeed_kmh"] * factor,
            maxspeed_backward_kmh=inputs.edges["maxspeed_backward_kmh"] * factor,
        ),
    )
    factors = draws.speeds[draws.network[number]]
    network = settings.network.model_copy(
        update={
            "class_speeds_kmh": {name: v * factors.get(name, 1.0) for name, v in speeds.items()}
        }
    )
    return analyse(
        changed,
        settings.model_copy(
            update={
                "policy": policy,
                "network": network,
                "certainty": settings.certainty.model_copy(update={"draws": 0}),
            }
        ),
    )


def by_cells(result: Result, ort_of_cell: pd.Series, values: pd.Series) -> dict[frozenset, float]:
    """Return a value an ort, by the cells that the ort holds."""
    members = result.cells["cell_id"].groupby(ort_of_cell.to_numpy()).agg(frozenset)
    return {members[ort]: value for ort, value in values.items()}


@pytest.mark.parametrize("way", ["shortest", "fastest"])
@pytest.mark.parametrize("grid", ["rounded", "perturbed"])
def test_a_draw_gives_what_a_whole_analysis_gives(inputs, settings, way, grid):
    settings = everyone_counts(settings, draws=30, grid=grid, speed_networks=3)
    settings = settings.model_copy(
        update={"policy": settings.policy.model_copy(update={"way": way})}
    )
    base, ground = analysed(inputs, settings)
    draws = drawn(ground)
    found = outcome(ground, draws)
    for number in DRAWS:
        again = by_the_draw(inputs, settings, ground, draws, number)
        ours = by_cells(
            base, base.cells["ort_id"], pd.Series(found.total[number], index=ground.orter)
        )
        theirs = by_cells(again, again.cells["ort_id"], again.orter.set_index("ort_id")["total"])
        assert set(ours) == set(theirs)
        assert len(ours) > 100
        assert ours == pytest.approx(theirs, abs=1e-9)
        # A draw that changed nothing would prove nothing.
        assert ours != pytest.approx(
            by_cells(base, base.cells["ort_id"], base.orter.set_index("ort_id")["total"]), abs=1
        )
        strategic = again.strategic.set_index("serviceort_id")
        lost = pd.DataFrame(
            {"km": found.added_person_km[number], "without": found.without[number]},
            index=ground.zones,
        )
        assert set(strategic.index) <= set(lost.index)
        assert (lost.drop(strategic.index) == 0).all(axis=None)
        lost = lost.loc[strategic.index]
        np.testing.assert_allclose(lost["km"], strategic["added_person_km"], rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(lost["without"], strategic["people_without"], atol=1e-9)


def test_the_settings_as_they_are_give_the_result_itself(inputs, settings):
    result, ground = analysed(inputs, settings)
    settled = outcome(ground, as_settled(ground))
    totals = result.orter.set_index("ort_id")["total"].reindex(ground.orter)
    np.testing.assert_allclose(settled.total[0], totals, rtol=0, atol=1e-11)
    ours = pd.Series(settled.added_person_km[0], index=ground.zones)
    theirs = result.strategic.set_index("serviceort_id")["added_person_km"]
    np.testing.assert_allclose(ours[theirs.index], theirs, rtol=1e-12)


def test_with_nothing_to_vary_every_interval_is_the_rank(inputs, settings):
    still = settings.model_copy(
        update={"certainty": settings.certainty.model_copy(update={"vary": (), "draws": 10})}
    )
    result = analyse(inputs, still)
    for table in (result.orter.dropna(subset="rank"), result.bygder, result.strategic):
        assert (table["rank_low"] == table["rank"]).all()
        assert (table["rank_high"] == table["rank"]).all()
        assert (table["top_share"] == 100 * (table["rank"] <= still.policy.top)).all()
    assert result.sensitivity.empty


def test_ranks_of_draws_follow_the_rule_of_the_list():
    rng = np.random.default_rng(1)
    total, people = rng.integers(0, 4, (50, 9)) * 10.0, rng.integers(1, 4, (50, 9)) * 1.0
    total += rng.uniform(-1e-8, 1e-8, total.shape)  # what rounding leaves is no difference
    found = ranks_of_draws(total, people)
    for draw in range(50):
        table = pd.DataFrame(
            {"total": total[draw], "people": people[draw], "id": list("abcdefghi")}
        )
        assert found[draw].tolist() == ranks(table, "id").tolist()


def test_on_the_embedded_data_unconfirmed_sites_decide_who_is_first(result):
    orter = result.orter.set_index("name")
    first = orter.loc["Fatsjöluspen"]
    assert first[["rank", "rank_without_unconfirmed", "rank_with_unconfirmed"]].tolist() == [
        1,
        1,
        26,
    ]
    assert first["certainty"].startswith("Osäker plats")
    assert "Stalon Bensin & Diverse" in first["certainty"]
    assert any("Fatsjöluspen" in notice for notice in result.notices if "antaganden" in notice)


def test_ranks_without_and_with_unconfirmed_sites_are_those_of_whole_runs(inputs, plain, result):
    listed = result.orter.set_index("ort_id")
    for rule, column in (("exclude", "without"), ("include", "with")):
        services = plain.services[0].model_copy(update={"unconfirmed": rule})
        again = analyse(inputs, plain.model_copy(update={"services": (services,)}))
        expected = again.orter.set_index("ort_id")["rank"].reindex(listed.index)
        pd.testing.assert_series_equal(
            listed[f"rank_{column}_unconfirmed"], expected, check_names=False
        )


def test_every_candidate_has_an_interval_and_its_sensitivity(result):
    candidates = result.orter.dropna(subset="rank")
    assert (candidates["rank_low"] <= candidates["rank_high"]).all()
    assert candidates["top_share"].between(0, 100).all()
    assert candidates["certainty"].str.len().gt(0).all()
    assert candidates["top_share"].sum() == pytest.approx(100 * result.settings.policy.top)
    town = result.orter[result.orter["rank"].isna()]
    assert town[["rank_low", "top_share", "certainty"]].isna().all(axis=None)
    assert result.bygder["rank_low"].notna().all()
    assert result.strategic["rank_low"].notna().all()
    swings = result.sensitivity.groupby("factor")["ort_id"].nunique()
    assert (swings == len(candidates)).all()
    assert {"speeds", "grid", "sites missing", "weights dagligvaror"} <= set(swings.index)
    speeds = result.sensitivity.query("factor == 'speeds'")
    assert (speeds["swing"] == 0).all()  # the shortest way does not care


def test_the_order_of_the_input_rows_changes_no_interval(inputs, settings, result):
    rng = np.random.default_rng(5)
    shuffled = replace(
        inputs,
        **{
            name: getattr(inputs, name)
            .iloc[rng.permutation(len(getattr(inputs, name)))]
            .reset_index(drop=True)
            for name in ("cells", "sites", "settlements")
        },
    )
    again = analyse(shuffled, settings)
    columns = ["ort_id", "rank_low", "rank_high", "top_share", "certainty"]
    pd.testing.assert_frame_equal(
        pd.DataFrame(again.orter[columns]), pd.DataFrame(result.orter[columns])
    )
    pd.testing.assert_frame_equal(again.sensitivity, result.sensitivity, rtol=1e-9, atol=1e-9)


def test_without_draws_the_products_have_the_same_columns_and_no_values(settings, tmp_path):
    off = settings.certainty.model_copy(update={"draws": 0})
    settings = settings.model_copy(update={"certainty": off})
    result = pipeline.run(settings, tmp_path)
    assert result.sensitivity.empty
    assert not any("antaganden" in notice for notice in result.notices)
    file = tmp_path / pipeline.run_name(settings) / "glesservice.gpkg"
    info = pyogrio.read_info(file, layer="orter")
    kinds = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert kinds["rank_low"] == kinds["top_share"] == kinds["rank"] == "float64"
    assert kinds["certainty"] == "object"
    assert pyogrio.read_dataframe(file, layer="orter")["rank_low"].isna().all()

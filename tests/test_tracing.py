"""An ort's way from its cells to its score, each step worked out anew by hand."""

from __future__ import annotations

import numpy as np
import pytest

from glesservice.analysis.tracing import trace_of
from glesservice.errors import InputError


@pytest.fixture(scope="module")
def orter(result):
    """Return the orter: one of many cells, one of one, and the last."""
    return [result.orter["name"].iloc[at] for at in (0, 3, len(result.orter) - 1)]


def test_the_points_of_the_services_add_up_to_the_total_of_every_ort(result):
    for ort_id, total in zip(result.orter["ort_id"], result.orter["total"], strict=True):
        assert np.isclose(result.trace(ort_id).services["points"].sum(), total)


def test_an_orts_measures_are_the_means_of_its_cells_over_its_people(result, orter):
    for name in orter:
        trace = result.trace(name)
        for row in trace.services.itertuples():
            cells = trace.cells[trace.cells["service"] == row.service]
            for measure in ("sparsity", "vulnerability"):
                mean = np.average(cells[measure], weights=cells["people"])
                assert np.isclose(mean, getattr(row, measure)), (name, row.service, measure)


def test_each_cell_follows_the_rule_of_its_service(result):
    trace, policy = result.trace("Stalon"), result.settings.policy
    for cell in trace.cells.itertuples():
        rule = policy.services[cell.service]
        far = (cell.km - rule.near_km) / (rule.far_km - rule.near_km)
        further = (cell.next_km - cell.km) / policy.vulnerability_km
        assert cell.sparsity == pytest.approx(100 * min(max(far, 0), 1))
        assert cell.vulnerability == pytest.approx(100 * min(max(further, 0), 1))


def test_the_sites_are_named_and_all_people_are_there(result):
    trace = result.trace("Stalon")
    assert trace.cells["site"].isin(result.sites["name"]).all()
    people = trace.cells.groupby("service")["people"].sum()
    assert (people == trace.ort["people"]).all()


def test_who_reaches_nothing_has_furthest_and_is_as_vulnerable_as_can_be(result):
    cells = result.cells.copy()
    own = cells["ort_id"] == result.trace("Stalon").ort["ort_id"]
    cells.loc[own, ["km_apotek", "next_km_apotek"]] = np.nan
    trace = trace_of(
        result.trace("Stalon").ort, cells, result.sites, result.weights, result.settings.policy
    )
    lost = trace.cells[trace.cells["service"] == "apotek"]
    assert (lost["sparsity"] == 100).all()
    assert (lost["vulnerability"] == 100).all()


def test_an_ort_is_found_by_name_in_any_case_and_by_id(result):
    by_name, by_id = result.trace("stalon"), result.trace("2462-stalon")
    assert by_name.ort["ort_id"] == by_id.ort["ort_id"] == "2462-stalon"


def test_an_unknown_ort_is_refused_with_what_comes_near(result):
    with pytest.raises(InputError, match="Did you mean Stalon"):
        result.trace("Stallon")


def test_a_trace_shows_classes_of_people_and_fits_on_a_line(result):
    trace = result.trace("Stalon")
    assert "10–49" in trace._repr_html_()
    assert "Antal" not in trace._repr_html_()
    assert repr(trace) == "<Trace: Stalon, 75.6 of 100>"

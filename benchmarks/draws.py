"""Rank intervals: draws a second, against a whole analysis for each draw.

On the embedded data, where three draws are first compared with ``analyse``; and on a large
municipality of squares of 250 m, made up, for time and memory.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd
import tables
from measuring import forget_peak, memory_mb, net_seconds, once, repeat
from networks import rural
from run import HERE, SEED, SIZES, say, store, stored

from glesservice import analysis
from glesservice.certainty import Draws, Ground, as_settled, drawn, judge, outcome
from glesservice.config import Settings, embedded_settings, load_settings
from glesservice.network import RoadNetwork, at_nodes
from glesservice.sources import Inputs, read_inputs

CHECKED, PLAIN_DRAWS = 3, 20
CELLS, ORTER = 20_000, 400
SITES = {"dagligvaror": 150, "drivmedel": 120, "apotek": 50, "kontanter": 40}


@dataclass
class Caught:
    """What ``analyse`` hands over to the judgement."""

    ground: Ground
    orter: pd.DataFrame


def caught(inputs: Inputs, settings: Settings) -> Caught:
    """Analyse once, and catch what the draws start from."""
    with mock.patch.object(analysis, "judge", side_effect=judge) as spy:
        analysis.analyse(inputs, settings)
    return Caught(*spy.call_args.args)


def plainly(
    inputs: Inputs, settings: Settings, ground: Ground, draws: Draws, number: int
) -> pd.Series:
    """Analyse anew with a draw's policy and sites: what one would write without this room."""
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
    off = settings.certainty.model_copy(update={"draws": 0})
    status = pd.Series(
        np.where(draws.opened[number], "open", "closed"), index=ground.sites["site_id"]
    )
    known = inputs.sites["site_id"].map(status)
    sites = inputs.sites.assign(status=known.fillna(inputs.sites["status"]))
    result = analysis.analyse(
        replace(inputs, sites=sites),
        settings.model_copy(update={"policy": policy, "certainty": off}),
    )
    return result.orter.set_index("ort_id")["total"]


def embedded() -> dict[str, Any]:
    """Measure on the embedded data."""
    settings = load_settings(embedded_settings())
    inputs = read_inputs(settings)
    found = caught(inputs, settings)
    ground = found.ground
    # People alone cannot be handed to ``analyse`` without moving the orter themselves.
    draws = drawn(
        replace(
            ground,
            settings=settings.model_copy(
                update={
                    "certainty": settings.certainty.model_copy(
                        update={"vary": ("weights", "thresholds", "speeds", "sites")}
                    )
                }
            ),
        )
    )
    totals = outcome(ground, draws).total
    for number in range(CHECKED):
        theirs = plainly(inputs, settings, ground, draws, number).reindex(ground.orter)
        if not np.allclose(totals[number], theirs, atol=1e-9):
            raise AssertionError(f"draw {number} is not what a whole analysis gives")
    plain = once(
        lambda: [plainly(inputs, settings, ground, draws, number) for number in range(PLAIN_DRAWS)]
    )
    plain_s = net_seconds(plain) / PLAIN_DRAWS
    ours_s = net_seconds(repeat(lambda: outcome(ground, drawn(ground)), 1.0))
    whole = repeat(lambda: judge(ground, found.orter), 1.0)
    return {
        "draws": len(draws),
        "cells": len(ground.cells),
        "sites": len(ground.sites),
        "seconds": ours_s,
        "whole_s": net_seconds(whole),
        "plain_s": plain_s,
        "times": float(f"{plain_s * len(draws) / ours_s:.2g}"),
    }


def large() -> dict[str, Any]:
    """Measure on a municipality of many squares."""
    links = rural(SIZES["small"], SEED)
    network = RoadNetwork.from_arrays(
        links.u,
        links.v,
        links.length_m,
        links.seconds_forward,
        links.seconds_backward,
        links.x,
        links.y,
    )
    rng = np.random.default_rng(SEED)
    settings = load_settings(embedded_settings())
    cells = pd.DataFrame(
        {
            "cell_id": [f"{number:06d}" for number in range(CELLS)],
            "people": rng.geometric(0.1, CELLS).astype(float),
            "ort_id": [f"o{number:03d}" for number in rng.integers(0, ORTER, CELLS)],
        }
    )
    services = np.repeat(list(SITES), list(SITES.values()))
    names = [f"s{number:04d}" for number in range(len(services))]
    sites = pd.DataFrame(
        {
            "site_id": names,
            "name": names,
            "service": services,
            "status": np.where(rng.random(len(names)) < 0.1, "unconfirmed", "open"),
            "fate": names,
            "zone": None,
        }
    )
    sites["counted"] = sites["status"] == "open"
    ground = Ground(
        settings,
        network,
        pd.Series({"dagligvaror": 0.5, "drivmedel": 0.3, "apotek": 0.1, "kontanter": 0.1}),
        cells,
        at_nodes(network, rng.choice(network.nodes, CELLS, replace=False)),
        sites,
        at_nodes(network, rng.choice(network.nodes, len(names), replace=False)),
        np.array(sorted(set(cells["ort_id"])), dtype=object),
        np.array([], dtype=object),
    )
    orter = pd.DataFrame({"ort_id": ground.orter, "name": ground.orter, "bygd_id": ground.orter})
    orter["rank"] = (-outcome(ground, as_settled(ground)).total[0]).argsort().argsort() + 1.0
    forget_peak()
    before = memory_mb("VmRSS")
    drawing = once(lambda: outcome(ground, drawn(ground)))
    whole = once(lambda: judge(ground, orter))
    return {
        "draws": settings.certainty.draws,
        "cells": CELLS,
        "sites": len(names),
        "seconds": net_seconds(drawing),
        "whole_s": net_seconds(whole),
        "added_mb": memory_mb("VmHWM") - before,
    }


def main() -> None:
    """Measure, and refresh the README."""
    section = {"embedded": embedded(), "large": large(), "load": os.getloadavg()[0]}
    own = section["embedded"]
    say(f"{own['draws']} draws in {own['seconds']:.2f} s, {own['times']:.0f} times the plain way")
    results = stored() | {"draws": section}
    store(results)
    tables.refresh(HERE / "README.md", results)


if __name__ == "__main__":
    main()

"""The indicators of the whole municipality: for each service, and for each age the grid has."""

from __future__ import annotations

import numpy as np
import pandas as pd

from glesservice.config import Policy
from glesservice.measures.distances import people_beyond, weighted_mean
from glesservice.measures.equity import gini, worst_off
from glesservice.measures.trips import shopping_trips
from glesservice.tables import AGES

ALL = "alla"


def municipality(cells: pd.DataFrame, weights: pd.Series, policy: Policy) -> pd.DataFrame:
    """Return the indicators of the municipality.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    weights
        Weight of each service.
    policy
        Limits, shares and factors.

    Returns
    -------
    DataFrame
        Schema ``municipality_table``: one row a service and age group. Means, sums and the Gini
        coefficient are of those who reach a site; those who do not are counted by themselves, and
        are beyond every limit.

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     {"people": [30.0, 10.0], "km_mat": [16.0, 31.0], "next_km_mat": [25.0, 40.0],
    ...      "minutes_mat": [16.0, 31.0], "single_road_km_mat": [0.0, 15.0]}
    ... )
    >>> policy = Policy(services={"mat": {"near_km": 10, "far_km": 30}})
    >>> found = municipality(cells, pd.Series({"mat": 1.0}), policy).iloc[0]
    >>> float(found["km"]), float(found["beyond_20_km"]), float(found["single_road"])
    (19.75, 10.0, 10.0)
    """
    # A grid may not tell ages at all; where it leaves out a cell, a sum over the rest is too low.
    told = [age for age in AGES if age in cells and cells[age].notna().all()]
    ages = {ALL: "people"} | {age.removeprefix("people_"): age for age in told}
    rows = [
        {"service": str(service), "age": age, "people": float(cells[column].sum())}
        | _indicators(cells, cells[column].fillna(0.0).astype(float), str(service), policy)
        for service in weights.index
        for age, column in ages.items()
    ]
    return pd.DataFrame(rows)


def _indicators(
    cells: pd.DataFrame, people: pd.Series, service: str, policy: Policy
) -> dict[str, float]:
    """Work out the indicators of one service for some people."""
    one = pd.Series("kommun", index=cells.index)
    km = cells[f"km_{service}"].fillna(np.inf)
    minutes = cells[f"minutes_{service}"].fillna(np.inf)
    further = cells[f"next_km_{service}"].fillna(np.inf)
    reached = np.isfinite(km)
    far_km = policy.services[service].far_km
    person_km = _sum(people * km, reached)
    trips = shopping_trips(pd.DataFrame({service: [person_km]}), policy.trips)
    worst = worst_off(km, people, one, share=policy.worst_off_share)
    found = {
        "people_unreached": _sum(people, ~reached),
        "km": _only(weighted_mean(km, people, one)),
        "minutes": _only(weighted_mean(minutes, people, one)),
        "worst_km": _only(worst.replace(np.inf, np.nan)),
        "gini": _only(gini(km, people, one)),
        "person_km": person_km,
        "single_site": _sum(people, (km <= far_km) & (further > far_km)),
        "single_road": _sum(people, cells[f"single_road_km_{service}"] > policy.single_road_km),
        "trip_km": _only(trips["trip_km"]),
        "co2_tonnes": _only(trips["co2_tonnes"]),
        "trip_cost_sek": _only(trips["trip_cost_sek"]),
    }
    for limit in policy.limits_km:
        found[f"beyond_{limit:g}_km"] = float(people_beyond(km, people, one, limit).iloc[0])
    for limit in policy.limits_minutes:
        found[f"beyond_{limit:g}_minutes"] = float(
            people_beyond(minutes, people, one, limit).iloc[0]
        )
    return found


def _sum(values: pd.Series, chosen: pd.Series) -> float:
    """Add up the chosen values."""
    return float(values.to_numpy(dtype=float)[chosen.to_numpy(dtype=bool)].sum())


def _only(values: pd.Series) -> float:
    """Take the only value there is, NaN where there is none."""
    return float(values.iloc[0]) if len(values) else float("nan")

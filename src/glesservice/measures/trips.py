"""What the trips to the nearest services take in a year: kilometres, carbon dioxide, money."""

from __future__ import annotations

import pandas as pd

from glesservice.config import Trips

WEEKS = 52


def shopping_trips(person_km: pd.DataFrame, rule: Trips) -> pd.DataFrame:
    """Return what the trips of each group's people take in a year.

    Parameters
    ----------
    person_km
        One row a group, one column a service: kilometres one way to the nearest site, summed over
        the people who reach one. Services without a number of trips in the settings add nothing.
    rule
        Trips, emission and cost.

    Returns
    -------
    DataFrame
        ``trip_km`` (there and back, all services together), ``co2_tonnes`` and ``trip_cost_sek``
        of a year; index as ``person_km``.

    Examples
    --------
    >>> rule = Trips(per_person_week={"mat": 1.0}, co2_kg_per_km=0.1, sek_per_km=2.5)
    >>> shopping_trips(pd.DataFrame({"mat": [100.0]}, index=["a"]), rule).loc["a"].to_dict()
    {'trip_km': 10400.0, 'co2_tonnes': 1.04, 'trip_cost_sek': 26000.0}
    """
    a_week = pd.Series(rule.per_person_week, dtype=float).reindex(person_km.columns).fillna(0.0)
    kilometres = 2.0 * WEEKS * person_km.mul(a_week).sum(axis="columns")
    return pd.DataFrame(
        {
            "trip_km": kilometres,
            "co2_tonnes": kilometres * rule.co2_kg_per_km / 1000.0,
            "trip_cost_sek": kilometres * rule.sek_per_km,
        }
    )

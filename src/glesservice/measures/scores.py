"""All measures of each group of cells, as one table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from glesservice.config import Policy
from glesservice.measures.distances import people_beyond, weighted_mean
from glesservice.measures.sparsity import sparsity
from glesservice.measures.total import total
from glesservice.measures.vulnerability import vulnerability


def scores(
    cells: pd.DataFrame, group: pd.Series, weights: pd.Series, policy: Policy
) -> pd.DataFrame:
    """Return the measures of each group of cells.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    group
        The ort (or bygd) of each cell; its name becomes the key column. Cells without one are left
        out.
    weights
        Weight of each service.
    policy
        Thresholds and shares.

    Returns
    -------
    DataFrame
        One row a group: ``people, cells, people_no_road``, the total with its parts, and for each
        service its score, mean distances, person-kilometres (of those who reach a site), people
        beyond the limits and the site that is nearest for most people (its id).

    Examples
    --------
    >>> cells = pd.DataFrame(
    ...     {"people": [30.0, 10.0], "access_m": [50.0, 80.0], "site_mat": ["butik", "butik"],
    ...      "km_mat": [16.0, 31.0], "next_km_mat": [25.0, 40.0],
    ...      "minutes_mat": [16.0, 31.0], "next_minutes_mat": [25.0, 40.0]}
    ... )
    >>> policy = Policy(services={"mat": {"near_km": 10, "far_km": 30}})
    >>> bygd = pd.Series(["Dal", "Dal"], name="bygd_id")
    >>> found = scores(cells, bygd, pd.Series({"mat": 1.0}), policy).iloc[0]
    >>> float(found["sparsity"]), float(found["km_mat"]), float(found["person_km_mat"])
    (47.5, 19.75, 790.0)
    """
    people = cells["people"]
    table = pd.DataFrame(
        {
            "people": people.groupby(group).sum(),
            "cells": people.groupby(group).size(),
            "people_no_road": people.where(cells["access_m"].isna(), 0.0).groupby(group).sum(),
        }
    )
    sparsities, vulnerabilities, columns = {}, {}, {}
    for service in weights.index:
        first = cells[f"km_{service}"].fillna(np.inf)
        second = cells[f"next_km_{service}"].fillna(np.inf)
        rule = policy.services[service]
        sparsities[service] = sparsity(
            first, people, group, near_km=rule.near_km, far_km=rule.far_km
        )
        vulnerabilities[service] = vulnerability(
            first, second, people, group, full_km=policy.vulnerability_km
        )
        columns[f"sparsity_{service}"] = sparsities[service]
        columns[f"vulnerability_{service}"] = vulnerabilities[service]
        for measure in ("km", "minutes", "next_km", "next_minutes"):
            name = f"{measure}_{service}"
            columns[name] = weighted_mean(cells[name], people, group)
        reached = np.isfinite(first)
        columns[f"person_km_{service}"] = (people * first.where(reached, 0.0)).groupby(group).sum()
        columns[f"site_{service}"] = _most_common(cells[f"site_{service}"], people, group)
        for limit in policy.limits_km:
            columns[f"beyond_{limit:g}_{service}"] = people_beyond(first, people, group, limit)
    summed = total(
        pd.DataFrame(sparsities), pd.DataFrame(vulnerabilities), weights, policy.sparsity_share
    )
    table = table.join(summed).join(pd.DataFrame(columns))
    table.index.name = group.name
    return table.reset_index()


def _most_common(site: pd.Series, people: pd.Series, group: pd.Series) -> pd.Series:
    """Find the site that is nearest for most people of each group; ties by id."""
    counts = people.groupby([group, site]).sum()
    counts.index.names = ["group", "site"]
    ordered = counts.reset_index(name="people").sort_values(
        ["people", "site"], ascending=[False, True]
    )
    return ordered.drop_duplicates("group").set_index("group")["site"]

"""The total: the services' sparsity and vulnerability, weighted by policy."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from glesservice.config import Policy


def service_weights(policy: Policy, present: Collection[str]) -> pd.Series:
    """Return the weight of each service that the input knows, adding up to 1.

    Parameters
    ----------
    policy
        The services with their weights; those without one share what the others leave.
    present
        Services that have at least one site in the input. The rest cannot be judged: no data is
        not the same as no service.

    Returns
    -------
    Series
        Weights by service, in the policy's order. Empty if no service is present.

    Examples
    --------
    >>> service_weights(Policy(), ["dagligvaror", "drivmedel"]).round(3).to_dict()
    {'dagligvaror': 0.625, 'drivmedel': 0.375}
    """
    present_services = {name: s for name, s in policy.services.items() if name in present}
    given = {n: s.weight for n, s in present_services.items() if s.weight is not None}
    sharing = [name for name in present_services if name not in given]
    all_given = sum(s.weight for s in policy.services.values() if s.weight is not None)
    rest = max(0.0, 1.0 - all_given) / len(sharing) if sharing else 0.0
    weights = pd.Series({name: given.get(name, rest) for name in present_services}, dtype=float)
    return weights / weights.sum() if weights.sum() > 0 else weights


def total(
    sparsities: pd.DataFrame,
    vulnerabilities: pd.DataFrame,
    weights: pd.Series,
    sparsity_share: float,
) -> pd.DataFrame:
    """Return each group's total with its two parts.

    Parameters
    ----------
    sparsities, vulnerabilities
        One row a group, one column a service, 0-100.
    weights
        Weight of each service, adding up to 1.
    sparsity_share
        Share of sparsity in the total; vulnerability has the rest.

    Returns
    -------
    DataFrame
        ``sparsity``, ``vulnerability`` and ``total`` of each group, 0-100.

    Examples
    --------
    >>> sparse = pd.DataFrame({"mat": [100.0], "bensin": [0.0]}, index=["Topp"])
    >>> weak = pd.DataFrame({"mat": [30.0], "bensin": [100.0]}, index=["Topp"])
    >>> weights = pd.Series({"mat": 0.625, "bensin": 0.375})
    >>> total(sparse, weak, weights, sparsity_share=0.7).loc["Topp"].to_dict()
    {'total': 60.625, 'sparsity': 62.5, 'vulnerability': 56.25}
    """
    sparsity = sparsities[weights.index].mul(weights).sum(axis="columns")
    vulnerability = vulnerabilities[weights.index].mul(weights).sum(axis="columns")
    return pd.DataFrame(
        {
            "total": sparsity_share * sparsity + (1 - sparsity_share) * vulnerability,
            "sparsity": sparsity,
            "vulnerability": vulnerability,
        }
    )

"""An ort's way from its cells to its score: why it stands where it stands."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice import measures
from glesservice.config import Policy
from glesservice.errors import Fault, InputError
from glesservice.tables import TRACE_CELLS, TRACE_CELLS_SHOWN, TRACE_SERVICES
from glesservice.tables.html import as_html


@dataclass(frozen=True, eq=False, repr=False)
class Trace:
    """An ort's way from its cells to its score.

    Attributes
    ----------
    ort
        The ort's row of ``Result.orter``.
    cells
        Schema ``TRACE_CELLS``: one row a cell and service, with its part of the measures. An
        ort's measure is their mean over its people.
    services
        Schema ``TRACE_SERVICES``: one row a service; ``points`` add up to the ort's total.
    """

    ort: pd.Series
    cells: pd.DataFrame
    services: pd.DataFrame

    def __repr__(self) -> str:
        """Say in one line what is traced."""
        return f"<Trace: {self.ort['name']}, {self.ort['total']:.1f} of 100>"

    def _repr_html_(self) -> str:
        """Show a notebook both tables, the score first."""
        name = self.ort["name"]
        return as_html(
            self.services, TRACE_SERVICES.columns, f"{name}: från avstånd till poäng"
        ) + as_html(self.cells, TRACE_CELLS_SHOWN.columns, f"{name}: ruta för ruta")


def found_ort(orter: gpd.GeoDataFrame, wanted: str) -> pd.Series:
    """Return the row of an ort.

    Parameters
    ----------
    orter
        Schema ``orter_table``.
    wanted
        Its name, in any letters' case, or its id.

    Raises
    ------
    InputError
        If there is none, or several.
    """
    named = orter["name"].str.casefold() == wanted.casefold()
    found = orter[named | (orter["ort_id"] == wanted)]
    if len(found) == 1:
        return pd.Series(found.iloc[0])
    if len(found) > 1:
        raise InputError(
            Fault(
                f"several orter are called {wanted}",
                "the result's orter",
                f"Write one of their ids: {', '.join(sorted(found['ort_id']))}",
            )
        )
    near = difflib.get_close_matches(wanted, list(orter["name"]), n=3, cutoff=0.5)
    raise InputError(
        Fault(
            f"there is no ort {wanted}",
            "the result's orter",
            f"Did you mean {' or '.join(near)}" if near else "Look in result.orter for its name",
        )
    )


def trace_of(
    ort: pd.Series,
    cells: gpd.GeoDataFrame,
    sites: gpd.GeoDataFrame,
    weights: pd.Series,
    policy: Policy,
) -> Trace:
    """Return an ort's way from its cells to its score.

    Parameters
    ----------
    ort
        A row of schema ``orter_table``.
    cells
        Schema ``cells_table``.
    sites
        Schema ``sites_table``.
    weights
        Weight of each service.
    policy
        Thresholds and shares.

    Returns
    -------
    Trace
        The measures of each cell by the functions that make the ort's own.
    """
    own = cells[cells["ort_id"] == ort["ort_id"]].sort_values("cell_id")
    names = sites.set_index("site_id")["name"]
    parts, rows = [], []
    for service, weight in weights.items():
        rule = policy.services[str(service)]
        first = own[f"km_{service}"].fillna(np.inf)
        second = own[f"next_km_{service}"].fillna(np.inf)
        alone, each = pd.Series(1.0, own.index), own["cell_id"]
        sparse = measures.sparsity(first, alone, each, near_km=rule.near_km, far_km=rule.far_km)
        weak = measures.vulnerability(first, second, alone, each, full_km=policy.vulnerability_km)
        parts.append(
            pd.DataFrame(
                {
                    "cell_id": each,
                    "people_class": own["people_class"],
                    "people": own["people"],
                    "service": service,
                    "site": own[f"site_{service}"].map(names),
                    "km": own[f"km_{service}"],
                    "next_site": own[f"next_site_{service}"].map(names),
                    "next_km": own[f"next_km_{service}"],
                    "sparsity": each.map(sparse),
                    "vulnerability": each.map(weak),
                }
            )
        )
        both = (
            policy.sparsity_share * ort[f"sparsity_{service}"]
            + (1 - policy.sparsity_share) * ort[f"vulnerability_{service}"]
        )
        rows.append(
            {
                "service": service,
                "weight": weight,
                "near_km": rule.near_km,
                "far_km": rule.far_km,
                "km": ort[f"km_{service}"],
                "next_km": ort[f"next_km_{service}"],
                "sparsity": ort[f"sparsity_{service}"],
                "vulnerability": ort[f"vulnerability_{service}"],
                "points": weight * both,
            }
        )
    return Trace(
        ort=ort,
        cells=pd.concat(parts, ignore_index=True)[TRACE_CELLS.names()],
        services=pd.DataFrame(rows)[TRACE_SERVICES.names()],
    )

"""People evened out within groups: what counts of confidential people, and of ages, are told from.

The cells of a group of ``parting`` are in or out of every told count of their ort together, and a
group's people are never few. Counts that cross orter (of the municipality, of a serviceort) would
part the groups further; they are worked out from people who are spread evenly over their group
instead, so that they tell nothing but the groups' sums. Where they follow the groups, they are
exact.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from glesservice import measures
from glesservice.access import without
from glesservice.analysis import Result
from glesservice.disclosure.marking import exactly
from glesservice.disclosure.parting import Bools, Floats, Ints
from glesservice.disclosure.schemas import counts
from glesservice.measures.municipality import ALL
from glesservice.swedish import number
from glesservice.tables import AGES, Table

STRATEGIC_COUNTS = ("people_served", "people_past_limit", "people_without")


def municipal_masks(cells: pd.DataFrame, result: Result) -> dict[str, Bools]:
    """Return which cells each count of the municipality is made of.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    result
        The kinds of service, and the limits.
    """
    policy = result.settings.policy
    masks = {}
    for service in map(str, result.weights.index):
        km = cells[f"km_{service}"].fillna(np.inf)
        minutes = cells[f"minutes_{service}"].fillna(np.inf)
        far_km = policy.services[service].far_km
        further = cells[f"next_km_{service}"].fillna(np.inf)
        masks[f"unreached {service}"] = np.isinf(km).to_numpy()
        for limit in policy.limits_km:
            masks[f"{limit} km {service}"] = (km > limit).to_numpy()
        for limit in policy.limits_minutes:
            masks[f"{limit} minutes {service}"] = (minutes > limit).to_numpy()
        masks[f"single site {service}"] = ((km <= far_km) & (further > far_km)).to_numpy()
        if f"single_road_km_{service}" in cells:
            alone = cells[f"single_road_km_{service}"]
            masks[f"single road {service}"] = (alone > policy.single_road_km).to_numpy()
    return masks


def strategic_masks(cells: pd.DataFrame, result: Result) -> dict[tuple[str, str], Bools]:
    """Return which cells each count of a serviceort is made of, by serviceort and column.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    result
        The sites, and who goes where.

    Returns
    -------
    dict
        Only those whose people add up to the number in the table: of the others the cells are not
        known here.
    """
    people = cells["people"].to_numpy(dtype=float)
    services = [str(service) for service in result.weights.index]
    near_km = {name: rule.near_km for name, rule in result.settings.policy.services.items()}
    sites = result.sites[result.sites["counted"] & result.sites["service"].isin(services)]
    found: dict[tuple[str, str], Bools] = {}
    for _, row in result.strategic.iterrows():
        key = str(row["serviceort_id"])
        here = frozenset(sites.loc[sites["ort_id"].fillna(sites["place_id"]) == key, "site_id"])
        left = without(result.access, here, result.settings.policy.sites_per_cell)
        masks = {name: np.zeros(len(cells), dtype=bool) for name in STRATEGIC_COUNTS}
        for service in services:
            lost = cells[f"site_{service}"].isin(here).to_numpy()
            next_m = left[left["service"] == service].set_index("cell_id")["metres"]
            after_km = next_m.reindex(cells["cell_id"]).to_numpy(dtype=float) / 1000
            before_km = cells[f"km_{service}"].to_numpy(dtype=float)
            far = np.isnan(after_km) | (after_km > near_km[service])
            masks["people_served"] |= lost
            masks["people_without"] |= lost & np.isnan(after_km)
            masks["people_past_limit"] |= lost & (before_km <= near_km[service]) & far
        for name, mask in masks.items():
            if abs(people[mask].sum() - float(row[name])) < 1e-6:
                found[key, name] = mask
    return found


def evened(people: Floats, group: Ints) -> Floats:
    """Return people spread evenly over their groups.

    Parameters
    ----------
    people
        People of each cell.
    group
        Group of each cell, from 0.
    """
    mean: Floats = np.bincount(group, people) / np.maximum(np.bincount(group), 1)
    return mean[group]


def told_municipality(
    result: Result, table: Table, cells: pd.DataFrame, people: Floats, ages: Mapping[str, Floats]
) -> pd.DataFrame:
    """Return the indicators of the municipality from the people that may be told of.

    Parameters
    ----------
    result
        What the analysis found.
    table
        Schema ``municipality_table``.
    cells
        Schema ``cells_table``.
    people
        People of each cell, evened where they are confidential.
    ages
        People of each cell by age, evened.

    Returns
    -------
    DataFrame
        The rows of the result: of all people with counts from ``people``, of age groups with all
        numbers from ``ages``. Counts are whole.
    """
    whole = result.municipality
    if whole.empty:
        return whole
    even = cells.assign(people=people, **ages)
    again = measures.municipality(even, result.weights, result.settings.policy)
    keys = ["service", "age"]
    again = again.set_index(keys).reindex(pd.MultiIndex.from_frame(whole[keys])).reset_index()
    again.index = whole.index
    counted = [column.name for column in counts(table) if column.name in again]
    again[counted] = again[counted].round()
    told = whole.copy()
    told[counted] = again[counted]
    groups = whole["age"] != ALL
    numbers = [c.name for c in table.columns if c.kind == "float" and c.name in again]
    told.loc[groups, numbers] = again.loc[groups, numbers]
    return told


def told_strategic(
    strategic: pd.DataFrame, masks: Mapping[tuple[str, str], Bools], people: Floats
) -> pd.DataFrame:
    """Return the serviceorter with counts from given people, where their cells are known.

    Parameters
    ----------
    strategic
        Schema ``strategic_table``.
    masks
        What ``strategic_masks`` returned.
    people
        People of each cell, evened where they are confidential.
    """
    told = strategic.copy()
    for row, key in zip(told.index, told["serviceort_id"], strict=True):
        for name in STRATEGIC_COUNTS:
            mask = masks.get((str(key), name))
            if mask is not None:
                before, after = float(told.loc[row, name]), float(np.round(people[mask].sum()))
                told.loc[row, name] = after
                if "motive" in told:
                    told.loc[row, "motive"] = _renumbered(
                        str(told.loc[row, "motive"]), before, after
                    )
    return told


def _renumbered(text: str, before: float, after: float) -> str:
    """Write another number of people in a motive.

    Examples
    --------
    >>> _renumbered("Närmaste service för 157 personer.", 157.0, 158.0)
    'Närmaste service för 158 personer.'
    """
    return exactly(number(before)).sub(f"{number(after)} personer", text)


def ages_of(cells: pd.DataFrame) -> list[str]:
    """Return the columns of age groups that the cells have.

    Parameters
    ----------
    cells
        Schema ``cells_table``.
    """
    return [name for name in AGES if name in cells and cells[name].notna().any()]

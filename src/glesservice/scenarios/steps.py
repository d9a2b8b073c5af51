"""From inputs and settings to changed ones, step by step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.analysis import Result, analyse
from glesservice.config import Settings
from glesservice.errors import Fault, InputError
from glesservice.protection import protect
from glesservice.scenarios import finding, norway, roads
from glesservice.scenarios.description import (
    Close,
    CloseRoad,
    Move,
    Open,
    Population,
    Scenario,
    Step,
    Winter,
    WithoutNorway,
)
from glesservice.sources import Inputs, read_population
from glesservice.sources.naming import slug

Changed = tuple[Inputs, Settings]


def transform(
    scenario: Scenario, inputs: Inputs, settings: Settings, before: Result | None = None
) -> Changed:
    """Return the inputs and settings that a scenario leads to.

    Parameters
    ----------
    scenario
        What changes.
    inputs
        The checked tables; untouched.
    settings
        The settings; untouched.
    before
        The result without the scenario, from which orter are known; worked out where not given.

    Returns
    -------
    tuple of Inputs and Settings
        Tables and settings after all steps.

    Raises
    ------
    InputError
        If a site, ort or road is not known; the faults of all steps are reported together.

    Examples
    --------
    >>> import glesservice
    >>> settings = glesservice.load_settings(glesservice.embedded_settings())
    >>> inputs = glesservice.read_inputs(settings)
    >>> _, in_winter = transform(Scenario(name="Vinter", steps=(Winter(),)), inputs, settings)
    >>> settings.network.season, in_winter.network.season
    ('sommar', 'vinter')
    """
    # Most steps ask for no ort: what is known of them is worked out when one does.
    known = cache(lambda: before or analyse(inputs, settings))
    changed = inputs, settings
    faults: list[Fault] = []
    for number, step in enumerate(scenario.steps, start=1):
        where = f"scenario {scenario.name}, step {number} ({step.do})"
        try:
            changed = _apply(step, *changed, known, where)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return changed


def _apply(
    step: Step, inputs: Inputs, settings: Settings, before: Callable[[], Result], where: str
) -> Changed:
    """Make one step."""
    match step:
        case Close():
            inputs = close_sites(inputs, _closing(step, inputs, settings, where))
        case Open():
            inputs = _opened(step, inputs, settings, before(), where)
        case Move():
            inputs = _moved(step, inputs, before(), where)
        case CloseRoad():
            inputs = _without_road(step, inputs, settings, where)
        case Winter():
            return _in_winter(inputs, settings)
        case Population():
            return _with_people(step, inputs, settings, before(), where)
        case WithoutNorway():
            inputs = _without_norway(step, inputs, settings)
    return inputs, settings


def close_sites(inputs: Inputs, closed: Sequence[str]) -> Inputs:
    """Return the inputs with some sites closed.

    Parameters
    ----------
    inputs
        The tables.
    closed
        Site ids.

    Returns
    -------
    Inputs
        The sites stay in the table, with the status ``closed``.
    """
    sites = inputs.sites
    status = sites["status"].where(~sites["site_id"].isin(list(closed)), "closed")
    return replace(inputs, sites=sites.assign(status=status))


def _closing(step: Close, inputs: Inputs, settings: Settings, where: str) -> list[str]:
    """List the ids of the sites that close; everything unknown is told at once."""
    sites = inputs.sites
    asked = [partial(finding.sites_named, sites, name, where) for name in step.sites]
    if step.place is not None:
        asked.append(partial(finding.sites_at_place, sites, step.place, settings, where))
    if step.chain is not None:
        asked.append(partial(finding.sites_of_chain, sites, step.chain, where))
    closed: set[str] = set()
    faults: list[Fault] = []
    for ask in asked:
        try:
            closed |= set(ask())
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    kept = sites["site_id"].isin(closed)
    if step.service is not None:
        kept &= sites["service"].eq(step.service)
    if not kept.any():
        raise InputError(
            Fault(
                f"none of these sites gives {step.service}",
                where,
                f"Write one of {', '.join(sorted(set(sites['service'])))}",
            )
        )
    return sorted(sites.loc[kept, "site_id"])


def _opened(step: Open, inputs: Inputs, settings: Settings, before: Result, where: str) -> Inputs:
    """Add a site."""
    services = list(settings.policy.services)
    if step.service not in services:
        raise InputError(
            Fault(
                f"the service {step.service} is not among those that count",
                where,
                f"Write one of {', '.join(services)}",
            )
        )
    point = finding.spot(step.ort, step.at, inputs, before, where)
    sites = inputs.sites
    name = step.name or f"Ny {step.service} {step.ort or ''}".strip()
    wanted = slug(f"{name} {step.service}")
    taken = set(sites["site_id"])
    number = next(n for n in range(1, len(taken) + 2) if _numbered(wanted, n) not in taken)
    row = {
        "site_id": _numbered(wanted, number),
        "name": name,
        "service": step.service,
        "status": "open",
        "kommunkod": settings.area.kommun,
    }
    new = gpd.GeoDataFrame([row], geometry=[point], crs=sites.crs).reindex(columns=sites.columns)
    new = new.astype("object").where(new.notna(), None)
    both = pd.concat([sites.astype("object"), new], ignore_index=True)
    both = both.astype(sites.drop(columns="geometry").dtypes.to_dict())
    return replace(inputs, sites=gpd.GeoDataFrame(both, geometry="geometry", crs=sites.crs))


def _numbered(wanted: str, number: int) -> str:
    """Tell the second site of a name from the first."""
    return wanted if number == 1 else f"{wanted}-{number}"


def _moved(step: Move, inputs: Inputs, before: Result, where: str) -> Inputs:
    """Put a business somewhere else."""
    faults: list[Fault] = []
    moved: list[str] = []
    try:
        moved = finding.sites_named(inputs.sites, step.site, where)
    except InputError as error:
        faults += error.faults
    try:
        point = finding.spot(step.ort, step.at, inputs, before, where)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(*faults)
    geometry = inputs.sites.geometry.where(~inputs.sites["site_id"].isin(moved), point)
    return replace(inputs, sites=inputs.sites.set_geometry(geometry))


def _without_road(step: CloseRoad, inputs: Inputs, settings: Settings, where: str) -> Inputs:
    """Cut a road, or close it along its number."""
    edges = roads.held(inputs, settings)
    if step.at is not None:
        point = finding.in_sweref(step.at)
        return replace(inputs, edges=roads.cut_at(edges, point, settings.network.access_max_m))
    between = None if step.between is None else [finding.in_sweref(at) for at in step.between]
    closed = roads.numbered(edges, str(step.ref), between, where)
    return replace(inputs, edges=roads.close_links(edges, closed))


def _in_winter(inputs: Inputs, settings: Settings) -> Changed:
    """Close what is closed some part of the winter, and drive as in winter."""
    edges = roads.held(inputs, settings)
    shut = edges["closed"].notna().to_numpy()
    edges = roads.close_links(edges, shut).assign(closed=None)
    winter = settings.network.model_copy(update={"season": "vinter"})
    return replace(inputs, edges=edges), settings.model_copy(update={"network": winter})


def _with_people(
    step: Population, inputs: Inputs, settings: Settings, before: Result, where: str
) -> Changed:
    """Change the number of people, or read them from another file."""
    if step.path is not None:
        source = settings.population.model_copy(update={"path": step.path})
        changed = settings.model_copy(update={"population": source})
        cells = protect(
            read_population(source),
            inputs.boundary.geometry.iloc[0],
            confidential=source.confidential,
            floor=settings.publication.min_people,
        )
        return replace(inputs, cells=cells), changed
    ids = (
        set(before.cells["cell_id"])
        if step.ort is None
        else finding.cells_of_ort(before, step.ort, where)
    )
    cells = inputs.cells
    factor = np.where(cells["cell_id"].isin(ids), float(step.factor or 1.0), 1.0)
    return replace(inputs, cells=cells.assign(people=cells["people"] * factor)), settings


def _without_norway(step: WithoutNorway, inputs: Inputs, settings: Settings) -> Inputs:
    """Leave out what lies beyond the border."""
    own = inputs.boundary.geometry.iloc[0]
    if step.what in {"sites", "both"}:
        beyond = norway.norwegian_sites(inputs.sites, own)
        inputs = close_sites(inputs, list(inputs.sites.loc[beyond, "site_id"]))
    if step.what in {"roads", "both"}:
        edges = norway.close_norwegian_roads(roads.held(inputs, settings), own)
        inputs = replace(inputs, edges=edges)
    return inputs

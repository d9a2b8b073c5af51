"""The readers: one a kind of input, each to its checked table in EPSG:3006."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from glesservice.config import Lakes, Services, Settings
from glesservice.errors import Fault, InputError
from glesservice.protection import protect
from glesservice.sources.boundary import municipalities_in, read_boundary
from glesservice.sources.kept import read_decisions, read_overrides
from glesservice.sources.lakes import read_lakes
from glesservice.sources.merging import Merged, merge_services
from glesservice.sources.population import read_population
from glesservice.sources.registry import read_registry
from glesservice.sources.roads import read_roads
from glesservice.sources.services import read_services
from glesservice.sources.settlements import read_settlements
from glesservice.tables import MERGES

__all__ = [
    "Common",
    "Inputs",
    "Merged",
    "merge_services",
    "municipalities_in",
    "read_boundary",
    "read_common",
    "read_decisions",
    "read_inputs",
    "read_lakes",
    "read_overrides",
    "read_population",
    "read_registry",
    "read_roads",
    "read_services",
    "read_settlements",
]


@dataclass(frozen=True, eq=False, repr=False)
class Inputs:
    """The checked tables that an analysis starts from, all in EPSG:3006.

    Attributes
    ----------
    boundary
        Schema ``BOUNDARY``, one row.
    cells
        Schema ``CELLS``.
    settlements
        Schema ``SETTLEMENTS``.
    sites
        Schema ``SITES``.
    edges
        Schema ``EDGES``.
    merges
        Schema ``MERGES``: entries of the lists of sites that became one, or may be one.
    registry
        Schema ``REGISTRY``: the orter of earlier years; None where none is kept.
    overrides
        Schema ``OVERRIDES``: the municipality's changes to the orter; None where there are none.
    decisions
        Schema ``DECISIONS``: what has been decided on the orter; None where nothing has.
    lakes
        Schema ``LAKES``: what is drawn behind the result; None where there are none.
    """

    boundary: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    merges: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=MERGES.names()))
    registry: pd.DataFrame | None = None
    overrides: pd.DataFrame | None = None
    decisions: pd.DataFrame | None = None
    lakes: gpd.GeoDataFrame | None = None

    def __repr__(self) -> str:
        """Say in one line how much there is: the tables would fill the screen."""
        tables = ("cells", "settlements", "sites", "edges")
        return f"<Inputs: {', '.join(f'{len(getattr(self, name))} {name}' for name in tables)}>"


@dataclass(frozen=True, eq=False)
class Common:
    """The checked tables that have nothing to do with one municipality, or what lies near one.

    Attributes
    ----------
    cells
        Schema ``CELLS``, as the source has them.
    settlements
        Schema ``SETTLEMENTS``.
    sites, merges
        What the lists of sites became together.
    edges
        Schema ``EDGES``.
    """

    cells: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    merges: pd.DataFrame
    edges: gpd.GeoDataFrame


def read_common(settings: Settings) -> Common:
    """Return the tables that all municipalities of the same files have in common.

    Parameters
    ----------
    settings
        Where the files are, and what their columns are called.

    Returns
    -------
    Common
        The checked tables.

    Raises
    ------
    InputError
        If any file cannot be used; the faults of all files are reported together.
    """
    return _common(_read(_readers_of_common(settings)))


def read_inputs(
    settings: Settings, around: Callable[[shapely.Geometry], Common] | None = None
) -> Inputs:
    """Return all input tables.

    Parameters
    ----------
    settings
        Where the files are, and what their columns are called.
    around
        Where what ``read_common`` returns for the same files is at hand: gives all of it that lies
        near an area.

    Returns
    -------
    Inputs
        The checked tables.

    Raises
    ------
    InputError
        If any file cannot be used; the faults of all files are reported together.

    Examples
    --------
    >>> from glesservice.config import embedded_settings, load_settings
    >>> inputs = read_inputs(load_settings(embedded_settings()))
    >>> len(inputs.cells), len(inputs.sites), str(inputs.edges.crs)
    (540, 86, 'EPSG:3006')
    """
    readers = _readers_of_own(settings)
    if around is None:
        readers |= _readers_of_common(settings)
    tables = _read(readers, settings.background.lakes)
    boundary = tables["boundary"]
    area = boundary.geometry.iloc[0]
    common = _common(tables) if around is None else around(area)
    cells = protect(
        common.cells,
        area,
        confidential=settings.population.confidential,
        floor=settings.publication.min_people,
    )
    return Inputs(
        boundary=boundary,
        cells=cells,
        settlements=common.settlements,
        sites=common.sites,
        edges=common.edges,
        merges=common.merges,
        registry=tables.get("registry"),
        overrides=tables.get("overrides"),
        decisions=tables.get("decisions"),
        lakes=tables.get("lakes"),
    )


def _readers_of_own(settings: Settings) -> dict[str, Callable[[], Any]]:
    """Say how to read what is the municipality's own."""
    readers: dict[str, Callable[[], Any]] = {
        "boundary": lambda: read_boundary(settings.boundary, settings.area)
    }
    kept = {
        "registry": (settings.orter.registry, read_registry),
        "overrides": (settings.orter.overrides, read_overrides),
        "decisions": (settings.decisions.path, read_decisions),
    }
    for name, (path, reader) in kept.items():
        if path is not None:
            readers[name] = partial(reader, path)
    return readers


def _readers_of_common(settings: Settings) -> dict[str, Callable[[], Any]]:
    """Say how to read what several municipalities may share."""
    return {
        "cells": lambda: read_population(settings.population),
        "settlements": lambda: read_settlements(settings.settlements),
        "sites": lambda: _sites(settings.services),
        "edges": lambda: read_roads(settings.roads),
    }


def _read(readers: Mapping[str, Callable[[], Any]], water: Lakes | None = None) -> dict[str, Any]:
    """Read all, and tell the faults of all together."""
    tables: dict[str, Any] = {}
    if water is not None:
        # The border comes first: without it nothing is known of where to look.
        readers = {
            **readers,
            "lakes": lambda: (
                read_lakes(water, tables["boundary"]) if "boundary" in tables else None
            ),
        }
    faults: list[Fault] = []
    for name, read in readers.items():
        try:
            tables[name] = read()
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return tables


def _common(tables: Mapping[str, Any]) -> Common:
    """Put together what was read."""
    merged: Merged = tables["sites"]
    return Common(
        cells=tables["cells"],
        settlements=tables["settlements"],
        sites=merged.sites,
        merges=merged.merges,
        edges=tables["edges"],
    )


def _sites(sources: Sequence[Services]) -> Merged:
    """Read all lists of sites and make them one; the faults of all are told together."""
    read: list[tuple[str, gpd.GeoDataFrame]] = []
    faults: list[Fault] = []
    for source in sources:
        try:
            read.append((source.path.name, read_services(source)))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return merge_services(read)

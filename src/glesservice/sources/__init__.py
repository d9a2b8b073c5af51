"""The readers: one a kind of input, each to its checked table in EPSG:3006."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from glesservice.config import Services, Settings
from glesservice.errors import Fault, InputError
from glesservice.sources.boundary import read_boundary
from glesservice.sources.merging import Merged, merge_services
from glesservice.sources.population import read_population
from glesservice.sources.roads import read_roads
from glesservice.sources.services import read_services
from glesservice.sources.settlements import read_settlements
from glesservice.tables import MERGES

__all__ = [
    "Inputs",
    "Merged",
    "merge_services",
    "read_boundary",
    "read_inputs",
    "read_population",
    "read_roads",
    "read_services",
    "read_settlements",
]


@dataclass(frozen=True, eq=False)
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
    """

    boundary: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame
    merges: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=MERGES.names()))


def read_inputs(settings: Settings) -> Inputs:
    """Return all input tables.

    Parameters
    ----------
    settings
        Where the files are, and what their columns are called.

    Returns
    -------
    Inputs
        The checked tables.

    Raises
    ------
    InputError
        If any file cannot be used; the faults of all files are reported together.
    """
    readers: dict[str, Callable[[], Any]] = {
        "boundary": lambda: read_boundary(settings.boundary, settings.area),
        "cells": lambda: read_population(settings.population),
        "settlements": lambda: read_settlements(settings.settlements),
        "sites": lambda: _sites(settings.services),
        "edges": lambda: read_roads(settings.roads),
    }
    tables: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, read in readers.items():
        try:
            tables[name] = read()
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    merged: Merged = tables.pop("sites")
    return Inputs(**tables, sites=merged.sites, merges=merged.merges)


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

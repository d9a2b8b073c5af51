"""The readers: one a kind of input, each to its checked table in EPSG:3006."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd

from glesservice.config import Settings
from glesservice.errors import Fault, InputError
from glesservice.sources.boundary import read_boundary
from glesservice.sources.population import read_population
from glesservice.sources.roads import read_roads
from glesservice.sources.services import read_services
from glesservice.sources.settlements import read_settlements

__all__ = [
    "Inputs",
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
    """

    boundary: gpd.GeoDataFrame
    cells: gpd.GeoDataFrame
    settlements: gpd.GeoDataFrame
    sites: gpd.GeoDataFrame
    edges: gpd.GeoDataFrame


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
    readers: dict[str, Callable[[], gpd.GeoDataFrame]] = {
        "boundary": lambda: read_boundary(settings.boundary, settings.area),
        "cells": lambda: read_population(settings.population),
        "settlements": lambda: read_settlements(settings.settlements),
        "sites": lambda: read_services(settings.services),
        "edges": lambda: read_roads(settings.roads),
    }
    tables: dict[str, gpd.GeoDataFrame] = {}
    faults: list[Fault] = []
    for name, read in readers.items():
        try:
            tables[name] = read()
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    return Inputs(**tables)

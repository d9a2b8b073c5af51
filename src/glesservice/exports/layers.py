"""``glesservice.gpkg``: the result as map layers."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from glesservice.analysis import Result
from glesservice.exports.ages import published_ages
from glesservice.geopackage import Layer, write_geopackage
from glesservice.tables import (
    BOUNDARY,
    Table,
    bygder_table,
    cells_table,
    legal_table,
    orter_table,
    roads_table,
    sites_table,
)


def write_layers(result: Result, path: Path) -> None:
    """Write the result's layers to a GeoPackage.

    Parameters
    ----------
    result
        What was found.
    path
        The file to write.
    """
    services = list(result.weights.index)
    orter = orter_table(services, result.settings.policy.limits_km)
    layers = [
        layer_of(result, result.orter, orter),
        layer_of(result, result.bygder, bygder_table(services)),
        # A cell's people are published as a class, never a count.
        layer_of(result, result.cells, cells_table(services), hidden=("people",)),
        layer_of(result, result.sites, sites_table()),
        layer_of(result, result.roads, roads_table()),
        layer_of(result, result.boundary, BOUNDARY),
        layer_of(result, result.legal, legal_table()),
    ]
    write_geopackage(path, layers)


def layer_of(
    result: Result, frame: gpd.GeoDataFrame, table: Table, hidden: tuple[str, ...] = ()
) -> Layer:
    """Return a table as a layer, its columns as its schema declares them.

    Parameters
    ----------
    result
        The result that it belongs to: area and sources.
    frame
        The rows.
    table
        Their schema.
    hidden
        Columns that are not published.
    """
    names = [name for name in table.names() if name not in hidden]
    frame = published_ages(frame, table, result.settings.publication.min_people)
    area = result.settings.area
    note = " Demonstration, inte underlag för beslut." if _is_demonstration(result) else ""
    sources = "; ".join(
        f"{source.source or 'källa ej angiven'} ({source.date or 'utan datum'})"
        for _, source in result.settings.inputs()
    )
    return Layer(
        table.name,
        frame[[*names, "geometry"]],
        identifier=f"{table.title}, {area.name} {area.year}",
        description=f"{table.title} i {area.name}, {area.year}.{note} Källor: {sources}.",
    )


def _is_demonstration(result: Result) -> bool:
    """Tell whether the data are a demonstration."""
    return result.settings.publication.demonstration

"""``glesservice.gpkg`` and ``glesservice.qgz``: the result as map layers, ready to open in QGIS."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.disclosure import Published, publish
from glesservice.exports.describing import Described, describe
from glesservice.exports.manifest import settings_fingerprint
from glesservice.exports.opendata.about import About, about
from glesservice.exports.opendata.iso import iso_document
from glesservice.exports.qgis import styles_of, write_project
from glesservice.exports.qgis.project import ProjectLayer
from glesservice.exports.qgis.styles import words_of
from glesservice.geopackage import Layer, settle, write_geopackage
from glesservice.tables import Table

# From the uppermost to the lowest on the map; what is not named here comes last, as a table.
ON_MAP = ("orter", "sites", "legal", "bygder", "roads", "cells", "lakes", "boundary")
# Not shown at once: bygder overlay the orter, and tested sites the sites.
ON_REQUEST = ("bygder", "legal")
LISTS, BASIS, TABLES = "Listor", "Underlag", "Tabeller"
GROUPS = {"cells": BASIS, "roads": BASIS, "lakes": BASIS, "boundary": BASIS}
METHOD = (
    "Avstånd längs väg från varje befolkad ruta till de närmaste serviceställena; gleshet och "
    "sårbarhet vägs ihop till poäng enligt inställningarna. Underlag, aldrig en rätt till stöd."
)
GEOMETRY = "geom"
# What the GDAL of every QGIS in use reads without a warning.
VERSION = "1.2"


@dataclass(frozen=True)
class _Drawn:
    """A table as a layer."""

    name: str
    schema: Table
    frame: pd.DataFrame

    @property
    def spatial(self) -> bool:
        """Tell whether the rows have a place."""
        return bool(self.schema.geometry)


def write_layers(result: Result, path: Path) -> None:
    """Write the result's layers to a GeoPackage, and a QGIS project beside it.

    Parameters
    ----------
    result
        What was found.
    path
        The file to write. The project has the same name and the ending ``.qgz``.
    """
    shown = publish(result)
    drawn = drawn_layers(shown)
    write_geopackage(path, [_layer(shown, layer) for layer in drawn], VERSION)
    known = about(shown)
    described = [_described(shown, layer, known) for layer in drawn]
    describe(path, described, _terms(shown))
    settle(path)
    west, south, east, north = map(float, shown.tables["boundary"].total_bounds)
    order = {name: position for position, name in enumerate(ON_MAP)}
    by_name = dict(zip((layer.name for layer in drawn), described, strict=True))
    write_project(
        path.with_suffix(".qgz"),
        path.name,
        f"Service i {shown.settings.area.name} {shown.settings.area.year}",
        [
            ProjectLayer(
                style=by_name[layer.name].styles[0],
                title=layer.schema.title,
                group=GROUPS.get(layer.name, LISTS if layer.spatial else TABLES),
                geometry=_geometry(layer.schema),
                shown=layer.name not in ON_REQUEST,
            )
            for layer in sorted(drawn, key=lambda layer: order.get(layer.name, len(order)))
        ],
        (west, south, east, north),
    )


def write_more_layers(result: Result, folder: Path) -> None:
    """Write each layer as GeoParquet and as GeoJSON, where the settings ask for it.

    Parameters
    ----------
    result
        What was found.
    folder
        Where to.
    """
    wanted = result.settings.exports
    if not (wanted.parquet or wanted.geojson):
        return
    for layer in drawn_layers(publish(result)):
        if wanted.parquet:
            layer.frame.to_parquet(folder / f"{layer.schema.name}.parquet", index=False)
        if wanted.geojson and layer.spatial:
            # Seven decimals are a centimetre: GeoJSON knows longitude and latitude alone.
            # Not straight to the file: on a full disk GDAL ends with half of it, and no error.
            content = BytesIO()
            pyogrio.write_dataframe(
                gpd.GeoDataFrame(layer.frame).to_crs("EPSG:4326"),
                content,
                layer=layer.schema.name,
                driver="GeoJSON",
                RFC7946="YES",
                COORDINATE_PRECISION=7,
            )
            (folder / f"{layer.schema.name}.geojson").write_bytes(content.getvalue())


def drawn_layers(shown: Published) -> list[_Drawn]:
    """Return the published tables as layers: those with a place first.

    Parameters
    ----------
    shown
        What may be published.
    """
    layers = []
    for name, schema in shown.schemas.items():
        columns = [*schema.names(), "geometry"] if schema.geometry else schema.names()
        layers.append(_Drawn(name, schema, shown.tables[name].reindex(columns=columns)))
    return sorted(layers, key=lambda layer: not layer.spatial)


def _layer(shown: Published, layer: _Drawn) -> Layer:
    """Prepare a layer for writing."""
    area = shown.settings.area
    frame = layer.frame
    for column in layer.schema.columns:
        if column.kind == "text":
            texts = frame[column.name].astype(object)
            frame = frame.assign(**{column.name: texts.where(texts.notna(), None)})
    return Layer(
        layer.schema.name,
        frame,
        identifier=f"{layer.schema.title}, {area.name} {area.year}",
        description=_description(shown.settings, layer.schema),
        geometry_name=GEOMETRY,
    )


def layer_of(settings: Settings, frame: gpd.GeoDataFrame, table: Table) -> Layer:
    """Return a table as a layer, its columns as its schema declares them.

    Parameters
    ----------
    settings
        The settings of the result that it belongs to: area and sources.
    frame
        The rows, as they may be published.
    table
        Their schema.
    """
    area = settings.area
    return Layer(
        table.name,
        frame.reindex(columns=[*table.names(), "geometry"]),
        identifier=f"{table.title}, {area.name} {area.year}",
        description=_description(settings, table),
    )


def _description(settings: Settings, schema: Table) -> str:
    """Say what a layer holds and where it comes from."""
    area = settings.area
    note = " Demonstration, inte underlag för beslut." if settings.publication.demonstration else ""
    sources = "; ".join(
        f"{source.source or 'källa ej angiven'} ({source.date or 'utan datum'})"
        for _, source in settings.inputs()
    )
    return f"{schema.title} i {area.name}, {area.year}.{note} Källor: {sources}."


def _described(shown: Published, layer: _Drawn, known: About) -> Described:
    """Collect what is said of a layer."""
    schema, kinds = layer.schema, shown.site_kinds
    said = _description(shown.settings, schema)
    words = {column.name: words_of(column, kinds) for column in schema.columns}
    return Described(
        name=schema.name,
        columns=schema.columns,
        words={name: found for name, found in words.items() if found},
        styles=styles_of(schema, schema.columns, shown.services, kinds, shown.settings.policy.top),
        geometry=GEOMETRY if layer.spatial else "",
        terms=[("title", schema.title), ("description", said)],
        iso=iso_document(
            known, schema.title, said, schema.name, "vector" if layer.spatial else "textTable"
        ),
    )


def _terms(shown: Published) -> list[tuple[str, str]]:
    """Say of the whole what it is, where it comes from and under which licence."""
    area = shown.settings.area
    said = [
        ("title", f"Service i {area.name}, {area.year}"),
        ("language", "sv"),
        ("spatial", f"Kommun {area.kommun} {area.name}"),
        ("temporal", str(area.year)),
        ("description", METHOD),
        ("identifier", f"urn:sha256:{settings_fingerprint(shown.settings)}"),
        ("provenance", "Identifieraren är inställningarnas SHA-256, som i manifest.json."),
    ]
    for _, source in shown.settings.inputs():
        said.append(
            (
                "source",
                f"{source.path.name}: {source.source or 'källa ej angiven'}, "
                f"{source.date or 'utan datum'}",
            )
        )
        said.append(("license", f"{source.path.name}: {source.licence or 'ej angiven'}"))
    said += [("accessRights", sentence) for sentence in shown.rules]
    said += [("abstract", notice) for notice in shown.notices]
    return said


def _geometry(schema: Table) -> str:
    """Name the kind of a layer's geometry as QGIS does."""
    kinds = {"Polygon": "Polygon", "LineString": "Line", "Point": "Point"}
    return next((shown for kind, shown in kinds.items() if kind in schema.geometry), "")

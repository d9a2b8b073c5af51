"""People at points gathered in squares of SCB's kind, nobody lost."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.tables import CRS

# As SCB's ids for squares: the south-western corner, E6 + N7.
EAST_DIGITS, NORTH_DIGITS = 6, 7
COUNTS = ("people", "people_65plus", "people_80plus")


def gathered(points: gpd.GeoDataFrame, side_m: float) -> gpd.GeoDataFrame:
    """Return squares with the sums of the points in them.

    Parameters
    ----------
    points
        Points in EPSG:3006 with ``people`` (and perhaps people by age).
    side_m
        Side of the squares, metres; their corners are multiples of it.

    Returns
    -------
    GeoDataFrame
        ``cell_id`` and the sums, by id. A sum over a missing number is missing.
    """
    east, north = (
        np.floor(axis.to_numpy(dtype="float64") / side_m) * side_m
        for axis in (points.geometry.x, points.geometry.y)
    )
    counts = [name for name in COUNTS if name in points]
    numbers = pd.DataFrame({name: points[name].to_numpy() for name in counts}).apply(
        pd.to_numeric, errors="coerce"
    )
    corners = numbers.assign(east=east, north=north).groupby(["east", "north"], sort=True)
    sums = corners[counts].agg(lambda values: values.sum(skipna=False)).reset_index()
    west, south = sums.pop("east").to_numpy(), sums.pop("north").to_numpy()
    return gpd.GeoDataFrame(
        sums.assign(cell_id=square_ids(west, south)),
        geometry=shapely.box(west, south, west + side_m, south + side_m),
        crs=CRS,
    )


def square_ids(east: np.ndarray, north: np.ndarray) -> list[str]:
    """Return the ids of squares by their south-western corners.

    Parameters
    ----------
    east, north
        The corners, metres, EPSG:3006.

    Examples
    --------
    >>> square_ids(np.array([560_000.0]), np.array([7_170_000.0]))
    ['5600007170000']
    """
    return [
        f"{e:0{EAST_DIGITS}.0f}{n:0{NORTH_DIGITS}.0f}" for e, n in zip(east, north, strict=True)
    ]

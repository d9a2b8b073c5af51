"""Cells of a regular grid as column and row, and how these become longitude and latitude.

A cell's four corners in degrees take some fifty bytes; its place in the grid takes two or three.
The page gets the projection as a polynomial that is fitted to the area and checked on it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from glesservice.exports.webmap.geometry import WGS84, Steps, lines, to_wgs84

# Tried in turn: a municipality needs the first, a county the second, the whole country the last.
DEGREES = (5, 7, 9)
# How far from its true place a corner may be drawn, degrees: the last decimal of the other shapes.
LARGEST_ERROR_DEGREES = 1e-5
# Cells whose corners lie off the grid by more than this share of a side are drawn one by one.
_OFF_GRID = 1e-6
_SAMPLES = 21

Floats = npt.NDArray[np.float64]


def placed(cells: gpd.GeoDataFrame) -> dict[str, object]:
    """Return where cells lie, as the page's script reads it.

    Parameters
    ----------
    cells
        The cells, in metres.

    Returns
    -------
    dict
        ``grid`` (``at``, ``scale``, ``side``, ``degree``, and the polynomials ``lon`` and ``lat``)
        with ``col`` and ``row``, each as the step from the cell before; or ``outline``, where the
        cells are not squares of one grid.
    """
    bounds = cells.geometry.bounds.to_numpy()
    if len(cells) == 0:
        return {"outline": []}
    side = bounds[0, 2] - bounds[0, 0]
    low = bounds[:, :2].min(axis=0)
    steps = (bounds[:, :2] - low) / side
    squares = np.isclose(cells.geometry.area, side**2, rtol=_OFF_GRID) & np.isclose(
        bounds[:, 2:] - bounds[:, :2], side, rtol=_OFF_GRID
    ).all(axis=1)
    if not (squares.all() and np.abs(steps - np.rint(steps)).max() < _OFF_GRID):
        return _one_by_one(cells)
    high = bounds[:, 2:].max(axis=0)
    middle, scale = (low + high) / 2, float((high - low).max() / 2)
    sample = np.linspace(-1, 1, _SAMPLES)
    u, v = (axis.ravel() for axis in np.meshgrid(sample, sample))
    spots = gpd.GeoSeries.from_xy(middle[0] + scale * u, middle[1] + scale * v, crs=cells.crs)
    degrees = shapely.get_coordinates(spots.to_crs(WGS84).to_numpy())
    for degree in DEGREES:
        terms = _terms(u, v, degree)
        fitted = np.round(np.linalg.lstsq(terms, degrees, rcond=None)[0], 9)
        if np.abs(terms @ fitted - degrees).max() <= LARGEST_ERROR_DEGREES:
            break
    else:
        return _one_by_one(cells)
    whole = np.rint(steps).astype(int)
    moves = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=int))
    return {
        "grid": {
            "at": [float(number) for number in low - middle],
            "scale": scale,
            "side": float(side),
            "degree": degree,
            "lon": fitted[:, 0].tolist(),
            "lat": fitted[:, 1].tolist(),
        },
        "col": moves[:, 0].tolist(),
        "row": moves[:, 1].tolist(),
    }


def _one_by_one(cells: gpd.GeoDataFrame) -> dict[str, object]:
    """Return the outer ring of each cell."""
    outlines: list[Steps] = [lines(shape)[0] for shape in to_wgs84(cells.geometry, cells.crs)]
    return {"outline": outlines}


def _terms(u: Floats, v: Floats, degree: int) -> Floats:
    """Return the terms of the polynomial, in the order in which the script adds them."""
    powers = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack([u**i * v**j for i, j in powers], axis=1)

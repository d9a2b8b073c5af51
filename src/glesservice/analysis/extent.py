"""What lies in the municipality or near it: most is told at a glance, the rest by looking."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from glesservice.config import Settings
from glesservice.sources import Inputs

# An outline is known by places along it, so many metres apart, so many metres from it at most.
STEP_M, OUTLINE_M = 500.0, 100.0


def in_extent(shapes: gpd.GeoSeries, inputs: Inputs, settings: Settings) -> npt.NDArray[np.bool_]:
    """Return which shapes lie in the municipality or near it: people shop across borders.

    Parameters
    ----------
    shapes
        Roads, sites or the middles of cells.
    inputs
        The checked tables.
    settings
        How far outside the border is near.

    Returns
    -------
    array of bool
        One a shape: whether any of it lies within ``buffer_km`` of the municipality.
    """
    return lying_near(shapes, inputs.boundary.geometry.iloc[0], settings.area.buffer_km * 1000)


def lying_near(
    shapes: gpd.GeoSeries, area: shapely.Geometry, within_m: float
) -> npt.NDArray[np.bool_]:
    """Return which shapes lie within a distance of an area.

    Parameters
    ----------
    shapes
        What may lie there.
    area
        The area.
    within_m
        How near, metres.

    Returns
    -------
    array of bool
        One a shape: whether any of it does.
    """
    # Not by the buffer's outline: for the ragged border of a country that takes minutes.
    shapely.prepare(area)
    bounds = shapely.bounds(shapes.to_numpy())
    found: npt.NDArray[np.bool_] = reaching(bounds, area, within_m)
    asked = np.flatnonzero(found)
    sure, unsure = _surely(bounds[asked], area, within_m)
    found[asked] = sure
    left = asked[unsure]
    found[left] = shapely.dwithin(area, shapes.to_numpy()[left], within_m)
    return found


def _surely(
    bounds: npt.NDArray[np.float64], area: shapely.Geometry, within_m: float
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell which boxes lie near an area whatever is in them, and of which one has to look.

    Most are told by how far their middle lies from the nearest of some places along the outline.
    """
    outline = shapely.segmentize(shapely.simplify(shapely.boundary(area), OUTLINE_M), STEP_M)
    places = shapely.get_coordinates(outline)
    middle = (bounds[:, :2] + bounds[:, 2:]) / 2
    around = np.hypot(*((bounds[:, 2:] - bounds[:, :2]) / 2).T)
    apart, _ = cKDTree(places).query(middle)
    # A metre more, so that rounding never decides.
    sure = apart + around + OUTLINE_M + 1.0 < within_m
    far = apart - around - OUTLINE_M - STEP_M / 2 - 1.0 > within_m
    # So far from the outline and yet not outside: deep in an area larger than what is near it.
    sure[far] = shapely.contains_xy(area, *middle[far].T)
    return sure, ~sure & ~far


def reaching(
    bounds: npt.NDArray[np.float64], area: shapely.Geometry, within_m: float
) -> npt.NDArray[np.bool_]:
    """Return which of some boxes come near the box round an area.

    Parameters
    ----------
    bounds
        West, south, east, north of each box.
    area
        The area.
    within_m
        How near, metres.

    Returns
    -------
    array of bool
        One a box: True wherever anything in it may lie that near.
    """
    west, south, east, north = shapely.bounds(area)
    # A metre more, so that rounding never decides.
    by = within_m + 1.0
    return np.asarray(
        (bounds[:, 0] <= east + by)
        & (bounds[:, 1] <= north + by)
        & (bounds[:, 2] >= west - by)
        & (bounds[:, 3] >= south - by),
        dtype=np.bool_,
    )

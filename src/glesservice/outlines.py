"""Outlines for maps: around an ort's or a bygd's cells rather than along their corners."""

from __future__ import annotations

import geopandas as gpd
import shapely

# How closely the outline follows the cells: 0 into every gap, 1 the convex hull.
CLOSENESS = 0.4
MARGIN_M = 500.0


def outlines(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return a smooth outline around each shape, in one piece.

    Parameters
    ----------
    shapes
        Cells put together, in metres; they may lie apart.

    Returns
    -------
    GeoSeries
        One polygon a shape that holds all of it with a margin of ``MARGIN_M``, and follows bays
        between the cells that the convex hull would fill. For drawing only: whom it encloses says
        nothing of who belongs to the ort.
    """
    hulls = shapely.concave_hull(shapes.to_numpy(), ratio=CLOSENESS)
    whole = shapely.union(hulls, shapes.to_numpy())
    smooth = shapely.simplify(shapely.buffer(whole, MARGIN_M, quad_segs=3), MARGIN_M / 3)
    return gpd.GeoSeries(smooth, index=shapes.index, crs=shapes.crs)

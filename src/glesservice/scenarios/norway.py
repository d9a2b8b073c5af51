"""What lies in Norway: beyond a generalised line along the border."""

from __future__ import annotations

from functools import cache
from importlib import resources

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from glesservice.scenarios.roads import close_links, split_links

# The line is generalised: what lies closer to it than this, metres, counts as Sweden.
BORDER_M = 1000.0
# Far out at sea, and far north of Norway: the corners of what lies beyond the line. Norway east of
# Treriksröset borders Finland, not Sweden, and is no part of it.
_WEST, _SOUTH, _NORTH = -400_000.0, 6_450_000.0, 7_950_000.0


@cache
def norway() -> shapely.Polygon:
    """Return what lies beyond the border, at least ``BORDER_M`` from its generalised line.

    Returns
    -------
    Polygon
        EPSG:3006.
    """
    file = resources.files("glesservice.scenarios") / "riksgrans.csv"
    rows = [line for line in file.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    line = np.array([row.split(",") for row in rows], dtype=float)
    corners = [(line[-1, 0], _NORTH), (_WEST, _NORTH), (_WEST, _SOUTH), (line[0, 0], _SOUTH)]
    beyond = shapely.Polygon([*line, *corners]).buffer(-BORDER_M)
    largest: shapely.Polygon = max(shapely.get_parts(beyond), key=shapely.area)
    return largest


def norwegian_sites(sites: gpd.GeoDataFrame, own: shapely.Geometry) -> npt.NDArray[np.bool_]:
    """Return which sites lie in Norway.

    Parameters
    ----------
    sites
        Schema ``SITES``. Where they have a municipality code, that decides.
    own
        The municipality: no part of Norway, however coarse the lines are.

    Returns
    -------
    ndarray of bool
        One entry a site.
    """
    beyond = sites.within(norway().difference(own))
    code = sites["kommunkod"].astype("object")
    return np.asarray(code.eq("NO") | (code.isna() & beyond), dtype=np.bool_)


def close_norwegian_roads(edges: gpd.GeoDataFrame, own: shapely.Geometry) -> gpd.GeoDataFrame:
    """Return the links, those in Norway closed, those that lead there cut at the border.

    Parameters
    ----------
    edges
        What ``roads.held`` returned.
    own
        The municipality: no part of Norway.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES``.
    """
    beyond = norway().difference(own)
    lines = edges.geometry.to_numpy()
    shapely.prepare(beyond)
    crossing = np.flatnonzero(shapely.crosses(beyond, lines))
    cuts = {int(row): _crossings(lines[row], beyond) for row in crossing}
    edges = split_links(edges, {row: places for row, places in cuts.items() if places})
    lines = edges.geometry.to_numpy()
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    return close_links(edges, np.asarray(shapely.contains_properly(beyond, middle)))


def _crossings(line: shapely.LineString, area: shapely.Geometry) -> list[float]:
    """Say where along a line it goes into an area and out of it."""
    points = shapely.get_coordinates(shapely.intersection(line, shapely.boundary(area)))
    return sorted({float(line.project(shapely.Point(point))) for point in points})

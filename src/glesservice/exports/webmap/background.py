"""The map's background, drawn from the project's own data: municipality, lakes and roads."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from glesservice.exports.cartography import ROAD_LEVELS
from glesservice.exports.webmap.geometry import Steps, lines, to_wgs84

SIMPLIFY_M = 50.0
BORDER_SIMPLIFY_M = 25.0
# Smaller lakes are a speck on the screen, m².
SMALLEST_LAKE_M2 = 100_000.0
# The largest lakes of so many corners together: at most some 80 kB of the page.
LAKE_CORNERS = 8_000
# Roads are shown this far outside the border, by level: the neighbouring shops have a road, and the
# many small roads over there do not fill the page.
MARGIN_M = (40_000.0, 40_000.0, 40_000.0, 5_000.0)

Road = dict[str, object]


def border(boundary: gpd.GeoDataFrame) -> list[Steps]:
    """Return the municipality's outline.

    Parameters
    ----------
    boundary
        The municipality, in metres.
    """
    outline = boundary.geometry.union_all().simplify(BORDER_SIMPLIFY_M)
    return lines(to_wgs84([outline], boundary.crs)[0])


def lakes(areas: pd.DataFrame) -> list[Steps]:
    """Return the shores and islands of the lakes to draw, the largest lakes first.

    Parameters
    ----------
    areas
        The lakes (schema ``LAKES``), in metres, the largest first; may be none.
    """
    if areas.empty:
        return []
    frame = gpd.GeoDataFrame(areas)
    simple = frame.geometry.simplify(SIMPLIFY_M)
    simple = simple[simple.area >= SMALLEST_LAKE_M2]
    fitting = np.cumsum(shapely.get_num_coordinates(simple.to_numpy())) <= LAKE_CORNERS
    return [step for lake in to_wgs84(simple[fitting], frame.crs) for step in lines(lake)]


def roads(links: gpd.GeoDataFrame, boundary: gpd.GeoDataFrame) -> list[Road]:
    """Return the roads to draw, one entry for each class, number and closed season.

    Parameters
    ----------
    links
        The links of the network (schema ``roads_table``), in metres.
    boundary
        The municipality, in metres: roads far from it are left out.

    Returns
    -------
    list of dict
        ``level`` (0 = widest), ``ref``, ``closed`` and ``lines``, the widest roads last, so that
        they are drawn on top.
    """
    windows = [shapely.box(*boundary.total_bounds).buffer(margin).bounds for margin in MARGIN_M]
    west, south, east, north = shapely.bounds(links.geometry.to_numpy()).T
    widest = windows[int(np.argmax(MARGIN_M))]
    seen = (east >= widest[0]) & (north >= widest[1]) & (west <= widest[2]) & (south <= widest[3])
    links = links.loc[seen & links["connected"], ["highway", "ref", "closed", "geometry"]]
    drawn = links.assign(
        level=_each(links["highway"], lambda kind: ROAD_LEVELS.get(kind.removesuffix("_link"))),
        ref=_each(links["ref"], lambda ref: ref.replace(";", ", ")),
        closed=links["closed"].fillna(""),
    )
    drawn = drawn[drawn["level"].notna()]
    groups = drawn.groupby(["level", "ref", "closed"], sort=True)
    keys = list(groups.groups)
    shapes = [_joined(groups.get_group(key).geometry, windows[int(key[0])]) for key in keys]
    found = [
        {"level": int(level), "ref": ref, "closed": closed, "lines": lines(shape)}
        for (level, ref, closed), shape in zip(keys, to_wgs84(shapes, links.crs), strict=True)
        if not shape.is_empty
    ]
    return sorted(found, key=lambda road: -road["level"])


def _each(texts: pd.Series, said: Callable[[str], object]) -> pd.Series:
    """Say something of each text, once of each that differs; nothing there is the empty text."""
    number, different = pd.factorize(texts.fillna(""))
    return pd.Series(np.array([said(text) for text in different])[number], index=texts.index)


def _joined(links: gpd.GeoSeries, window: tuple[float, ...]) -> BaseGeometry:
    """Join links end to end, cut them to the window and leave out needless bends."""
    # Sorted, because the order of the links in the source must not show in the bytes; normalised,
    # because each link is stored once in each direction in some sources.
    west, south, east, north = shapely.bounds(links.to_numpy()).T
    low_east, low_north, high_east, high_north = window
    near = (east >= low_east) & (north >= low_north) & (west <= high_east) & (south <= high_north)
    distinct = sorted(set(shapely.to_wkb(shapely.normalize(links.to_numpy()[near]))))
    joined = shapely.line_merge(shapely.MultiLineString([*shapely.from_wkb(distinct)]))
    inside: BaseGeometry = shapely.clip_by_rect(joined, *window)
    # Line by line: that simplified roads do not cross others is seen by nobody, and costs seconds.
    simple: BaseGeometry = shapely.simplify(inside, SIMPLIFY_M, preserve_topology=False)
    return shapely.normalize(simple)

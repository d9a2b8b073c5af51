"""Outlines hold all cells, in one piece, and do not fill a bay as the convex hull would."""

from __future__ import annotations

import geopandas as gpd
import shapely

from glesservice.outlines import MARGIN_M, outlines


def cells(*corners: tuple[int, int]) -> shapely.Geometry:
    return shapely.union_all([shapely.box(x, y, x + 1, y + 1) for x, y in corners])


def around(shape: shapely.Geometry) -> shapely.Geometry:
    metres = shapely.transform(shape, lambda xy: xy * 1000)
    outline = outlines(gpd.GeoSeries([metres], crs=3006)).iloc[0]
    assert outline.geom_type == "Polygon"
    assert outline.covers(metres)
    assert not outline.interiors
    assert metres.convex_hull.buffer(MARGIN_M + 1).covers(outline)
    return outline


def test_one_cell_is_drawn_with_a_margin():
    assert around(cells((0, 0))).area > 3.5e6


def test_cells_apart_come_into_one_outline():
    around(cells((0, 0), (4, 1), (8, 0)))


def test_a_bay_between_two_valleys_stays_outside():
    # Two valleys of ten cells meet at a right angle.
    bend = cells(*[(x, 0) for x in range(10)], *[(0, y) for y in range(10)])
    assert not around(bend).contains(shapely.Point(6_000, 6_000))


def test_the_embedded_bygder_have_outlines_that_hold_their_cells(result):
    drawn = outlines(result.bygder.geometry)
    assert drawn.covers(result.bygder.geometry).all()
    assert (drawn.geom_type == "Polygon").all()

"""Localities and named places: outlines modelled, names and numbers from the fact table."""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import pandas as pd
from shapely import LineString, Point, Polygon

from cells import SIZE, Anchor, Cell
from facts import Settlement, dice, slug
from geodesy import Metres

CRS = "EPSG:3006"
PEOPLE_PER_KM2 = 700  # as in SCB's localities of this size
CORNERS = 32
VILLAGE_AREA = 0.45e6  # square metres
# The two figures of a village are of different years; its outline never holds all of the circle.
SHARE_OF_CIRCLE = 0.9


def town_outline(town: Settlement) -> Polygon:
    """Draw a roundish outline with the area that its people would take.

    Parameters
    ----------
    town
        A tätort with a published population.

    Returns
    -------
    shapely.Polygon
        The outline, to the metre.
    """
    rng = dice(f"outline {town.name}")
    phases = [rng.uniform(0, 2 * math.pi) for _ in range(3)]
    angles = [2 * math.pi * i / CORNERS for i in range(CORNERS)]
    radii = [
        1 + math.fsum(0.08 / (k + 1) * math.sin((k + 2) * a + phases[k]) for k in range(3))
        for a in angles
    ]
    unit = Polygon([(r * math.cos(a), r * math.sin(a)) for r, a in zip(radii, angles, strict=True)])
    scale = math.sqrt((town.population or 0) / PEOPLE_PER_KM2 * 1e6 / unit.area)
    return Polygon(
        [
            (round(town.xy[0] + scale * x), round(town.xy[1] + scale * y))
            for x, y in unit.exterior.coords
        ]
    )


def village_outline(village: Settlement) -> Polygon:
    """Draw the outline of a småort along the line from its point to the middle of its square.

    Its area is less than half a square of the grid; drawn around the point alone it might hold no
    square's centre, and nobody would live in it.

    Parameters
    ----------
    village
        A småort.

    Returns
    -------
    shapely.Polygon
        The outline, to the metre.
    """
    spine = LineString([village.xy, home_cell(village.xy).centre])
    length = spine.length
    # Area of a buffered line: 2·r·length + π·r², solved for r.
    radius = (math.sqrt(length**2 + math.pi * VILLAGE_AREA) - length) / math.pi
    ring = spine.buffer(radius, quad_segs=6).exterior.coords
    return Polygon([(round(x), round(y)) for x, y in ring])


def home_cell(xy: Metres) -> Cell:
    """Find the square around a point.

    Parameters
    ----------
    xy
        The point.

    Returns
    -------
    Cell
        Its square.
    """
    return Cell(math.floor(xy[0] / SIZE) * SIZE, math.floor(xy[1] / SIZE) * SIZE)


def outlines(settlements: Sequence[Settlement], kind: str) -> list[tuple[Settlement, Polygon]]:
    """Draw all localities of one kind that have a published population.

    Parameters
    ----------
    settlements
        The settlements.
    kind
        ``tatort`` or ``smaort``.

    Returns
    -------
    list of tuple
        Settlement and outline.
    """
    draw = town_outline if kind == "tatort" else village_outline
    return [(s, draw(s)) for s in settlements if s.kind == kind and s.population]


def built_up(settlements: Sequence[Settlement], cells: Sequence[Cell]) -> list[Anchor]:
    """State how many people live inside each outline.

    Parameters
    ----------
    settlements
        The settlements.
    cells
        The candidate squares.

    Returns
    -------
    list of Anchor
        One for each locality.
    """
    anchors = []
    for kind in ("tatort", "smaort"):
        for s, outline in outlines(settlements, kind):
            inside = frozenset(c for c in cells if outline.contains(Point(c.centre)))
            most = SHARE_OF_CIRCLE * (s.people_within_3km or s.population or 0)
            anchors.append(Anchor(f"{s.name} ({kind})", min(s.population or 0, most), inside))
    return anchors


def tatorter(settlements: Sequence[Settlement]) -> gpd.GeoDataFrame:
    """Lay out the towns as SCB does.

    Parameters
    ----------
    settlements
        The settlements.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``tatortskod, tatort, bef, kommun``.
    """
    drawn = outlines(settlements, "tatort")
    return gpd.GeoDataFrame(
        {
            "tatortskod": [_code(s, "T", i) for i, (s, _) in enumerate(drawn)],
            "tatort": [s.name for s, _ in drawn],
            "bef": [s.population for s, _ in drawn],
            "kommun": [s.kommun for s, _ in drawn],
        },
        geometry=[outline for _, outline in drawn],
        crs=CRS,
    )


def smaorter(settlements: Sequence[Settlement]) -> gpd.GeoDataFrame:
    """Lay out the small localities as SCB does: a code and no name.

    Parameters
    ----------
    settlements
        The settlements.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns ``smaort, bef``.
    """
    drawn = outlines(settlements, "smaort")
    return gpd.GeoDataFrame(
        {
            "smaort": [_code(s, "S", i) for i, (s, _) in enumerate(drawn)],
            "bef": [s.population for s, _ in drawn],
        },
        geometry=[outline for _, outline in drawn],
        crs=CRS,
    )


def places(settlements: Sequence[Settlement]) -> gpd.GeoDataFrame:
    """Lay out all named places as points.

    Parameters
    ----------
    settlements
        The settlements.

    Returns
    -------
    geopandas.GeoDataFrame
        One point a settlement.
    """
    return gpd.GeoDataFrame(
        {
            "id": [place_id(s) for s in settlements],
            "name": [s.name for s in settlements],
            "kind": [s.kind for s in settlements],
            "kommunkod": [s.kommun for s in settlements],
            "population": pd.array([s.population for s in settlements], dtype="Int64"),
            "population_year": pd.array([s.population_year for s in settlements], dtype="Int64"),
            "coord_source": [s.coord_source for s in settlements],
            "source": [s.population_source for s in settlements],
            "note": [s.note for s in settlements],
        },
        geometry=[Point(s.xy) for s in settlements],
        crs=CRS,
    )


def place_id(settlement: Settlement) -> str:
    """Name a place by its GeoNames number, else by municipality and name.

    Parameters
    ----------
    settlement
        The place.

    Returns
    -------
    str
        A stable id.
    """
    if settlement.geonameid:
        return f"geonames-{settlement.geonameid}"
    return f"{settlement.kommun.lower()}-{slug(settlement.name)}"


def _code(settlement: Settlement, letter: str, number: int) -> str:
    """Invent a code that nobody can take for one of SCB's."""
    return f"demo-{settlement.kommun}-{letter}{number + 1}"

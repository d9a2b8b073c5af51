"""The ground of a drawn map: municipality, roads, cells by distance, sites and a scale."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import shapely
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from glesservice.disclosure import Published
from glesservice.exports.cartography import (
    BORDER_STROKE,
    DISTANCE_KM,
    INK,
    LAKE,
    NO_ROAD_COLOUR,
    NO_ROAD_LABEL,
    PAPER,
    ROAD_LEVELS,
    ROAD_STROKES,
    sign_of,
)
from glesservice.swedish import number
from glesservice.tables.words import service_name

PT_PER_PX = 0.75
# A cell of 1 km is a millimetre of paper on the map of a municipality: drawn larger than it is.
CELL_BUFFER_M = 400.0
# How long a scale may be, km.
SCALES_KM = (0.5, 1, 2, 5, 10, 20, 50, 100)
# A map's width in the smallest lengths that are drawn.
UNSEEN = 2500.0

Window = tuple[float, float, float, float]


def window_around(
    bounds: Window, margin: float = 0.03, least_m: float = 0.0, aspect: float | None = None
) -> Window:
    """Return the part of the ground that a map shows.

    Parameters
    ----------
    bounds
        West, south, east and north of what is to be seen, metres.
    margin
        Share of the longer side that is shown around it.
    least_m
        Shortest length of a side.
    aspect
        Width by height of the room for the map, which is filled; as it comes where not given.
    """
    west, south, east, north = bounds
    around = margin * max(east - west, north - south)
    wide = around + max(0.0, least_m - (east - west)) / 2
    high = around + max(0.0, least_m - (north - south)) / 2
    west, south, east, north = west - wide, south - high, east + wide, north + high
    if aspect is not None:
        more_wide = max(0.0, aspect * (north - south) - (east - west)) / 2
        more_high = max(0.0, (east - west) / aspect - (north - south)) / 2
        west, east = west - more_wide, east + more_wide
        south, north = south - more_high, north + more_high
    return west, south, east, north


def draw_ground(axes: Axes, shown: Published, window: Window, service: str) -> None:
    """Draw municipality, lakes, roads and cells by their distance to a service.

    Parameters
    ----------
    axes
        Where to.
    shown
        What may be published.
    window
        What the map shows, metres.
    service
        The kind of service.
    """
    west, south, east, north = window
    boundary, roads, cells = (shown.tables[name] for name in ("boundary", "roads", "cells"))
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    axes.set_axis_off()
    boundary.plot(
        ax=axes,
        facecolor=PAPER,
        edgecolor=BORDER_STROKE.colour,
        linewidth=points(BORDER_STROKE.width_px),
        aspect=None,
    )
    if "lakes" in shown.tables:
        lakes = gpd.GeoDataFrame(shown.tables["lakes"])
        lakes = lakes[lakes.geometry.intersects(shapely.box(*window))]
        if not lakes.empty:
            lakes.plot(ax=axes, facecolor=LAKE, edgecolor="none", zorder=1.5, aspect=None)
    _draw_roads(axes, roads, window)
    step_of_cell = DISTANCE_KM.index(cells[f"km_{service}"])
    seen = cells.geometry.intersects(shapely.box(*window)).to_numpy()
    for step, colour in enumerate((*DISTANCE_KM.colours, NO_ROAD_COLOUR)):
        mine = step_of_cell == (step if step < len(DISTANCE_KM.colours) else -1)
        here = cells[mine & seen]
        if not here.empty:
            grown = here.buffer(min(CELL_BUFFER_M, (east - west) / 350), join_style="mitre")
            grown.plot(ax=axes, color=colour, zorder=3, aspect=None)


def _draw_roads(axes: Axes, roads: gpd.GeoDataFrame, window: Window) -> None:
    """Draw the roads of each class, the widest on top."""
    level = roads["highway"].str.removesuffix("_link").map(ROAD_LEVELS)
    # Cut somewhat outside, and without bends that nobody sees: the files get smaller.
    cut = shapely.clip_by_rect(roads.geometry.to_numpy(), *window_around(window, 0.05))
    lines = gpd.GeoSeries(shapely.simplify(cut, (window[2] - window[0]) / UNSEEN), roads.index)
    seen = roads["connected"] & ~lines.is_empty
    for step in sorted(level[seen].dropna().unique(), reverse=True):
        stroke = ROAD_STROKES[int(step)]
        lines[(level == step) & seen].plot(
            ax=axes, color=stroke.colour, linewidth=points(stroke.width_px), zorder=2, aspect=None
        )


def draw_sites(axes: Axes, shown: Published, service: str) -> None:
    """Draw the sites of a service, hollow where they are not counted.

    Parameters
    ----------
    axes
        Where to.
    shown
        What may be published.
    service
        The kind of service.
    """
    sites = shown.tables["sites"]
    sites = sites[sites["service"] == service]
    for counted, colour, edge in ((True, INK, PAPER), (False, PAPER, INK)):
        here = sites[sites["counted"] == counted]
        axes.scatter(
            here.geometry.x,
            here.geometry.y,
            s=34,
            marker=sign_of(0).matplotlib,
            color=colour,
            edgecolors=edge,
            linewidths=0.8,
            zorder=5,
        )


def draw_scale(axes: Axes, window: Window) -> None:
    """Draw a scale in the lower left corner.

    Parameters
    ----------
    axes
        Where to.
    window
        What the map shows, metres.
    """
    west, south, east, north = window
    km = max((step for step in SCALES_KM if step * 1000 <= (east - west) / 4), default=SCALES_KM[0])
    left, low = west + 0.02 * (east - west), south + 0.02 * (north - south)
    axes.plot([left, left + 1000 * km], [low, low], color=INK, linewidth=2, zorder=8)
    axes.annotate(
        f"{number(km, 0 if km >= 1 else 1)} km",
        (left + 500 * km, low),
        (0, 4),
        textcoords="offset points",
        ha="center",
        zorder=8,
    )


def distance_signs(shown: Published, service: str) -> list[Artist]:
    """Return the legend of the cells' colours and of the sites.

    Parameters
    ----------
    shown
        What may be published.
    service
        The kind of service.
    """
    handles: list[Artist] = [
        Patch(color=colour, label=label)
        for label, colour in zip(DISTANCE_KM.labels, DISTANCE_KM.colours, strict=True)
    ]
    if (DISTANCE_KM.index(shown.tables["cells"][f"km_{service}"]) < 0).any():
        handles.append(Patch(color=NO_ROAD_COLOUR, label=NO_ROAD_LABEL))
    sign = sign_of(0).matplotlib
    return [
        *handles,
        Line2D([], [], ls="", marker=sign, color=INK, mec=PAPER, label=service_name(service)),
    ]


def points(pixels: float) -> float:
    """Return a width in points.

    Parameters
    ----------
    pixels
        The width at 96 to the inch.
    """
    return pixels * PT_PER_PX


def draw_legend(axes: Axes, signs: Sequence[Artist]) -> None:
    """Explain a map's signs to the right of it.

    Parameters
    ----------
    axes
        Where to.
    signs
        The signs, with their labels.
    """
    axes.legend(
        handles=[*signs],
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        frameon=False,
        fontsize=8,
    )

"""The report's pictures: the same palette and numbers as the map, each with a text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import geopandas as gpd
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from glesservice.disclosure import Published, told
from glesservice.exports.cartography import PAPER
from glesservice.exports.drawing import Picture, rendered, short_name
from glesservice.exports.map_drawing import (
    Window,
    distance_signs,
    draw_ground,
    draw_legend,
    draw_scale,
    draw_sites,
    window_around,
)
from glesservice.exports.pictures import pictures
from glesservice.report.document import Drawing
from glesservice.report.material import Material
from glesservice.report.wording import cut, nearest

MOST_BYGDER = 6
BYGD_INCHES = (6.4, 3.4)
BYGD_SHARE = 0.85
BYGD_ASPECT = 1.4  # beside the legend
# A bygd of one square is shown with what is around it.
LEAST_SIDE_M = 20_000.0
# So many names have room beside and below each other.
LABELS_ACROSS, LABELS_DOWN = 5, 16


def drawn(picture: Picture, caption: str, share: float = 1.0) -> Drawing:
    """Return a picture for the report.

    Parameters
    ----------
    picture
        The picture.
    caption
        What stands below it.
    share
        Its share of the page's width.
    """
    files = rendered(picture, ("svg", "png"))
    return Drawing(picture.name, caption, picture.alt, files["svg"], files["png"], share)


def distances_drawing(shown: Published) -> Drawing:
    """Return how many have how far to each service.

    Parameters
    ----------
    shown
        What may be published.
    """
    return drawn(
        _named(shown, "bild_avstand"), f"Andel av de boende efter sträcka, {_when(shown)}."
    )


def map_drawing(shown: Published) -> Drawing:
    """Return the map of the municipality.

    Parameters
    ----------
    shown
        What may be published.
    """
    return drawn(
        _named(shown, "bild_karta"),
        f"Befolkade rutor efter sträcka, ställen och föreslagna orter, {_when(shown)}.",
    )


def orter_drawing(shown: Published) -> Drawing:
    """Return the scores of the proposed orter.

    Parameters
    ----------
    shown
        What may be published.
    """
    return drawn(_named(shown, "bild_orter"), f"Poäng för de orter som föreslås, {_when(shown)}.")


def _named(shown: Published, name: str) -> Picture:
    """Find one of the pictures."""
    return next(picture for picture in pictures(shown) if picture.name == name)


def _when(shown: Published) -> str:
    """Say where and when."""
    return f"{shown.settings.area.name} {shown.settings.area.year}"


def bygd_drawings(material: Material) -> tuple[Drawing, ...]:
    """Return a small map of each proposed bygd, the sparsest first.

    Parameters
    ----------
    material
        What the report is made from.
    """
    return tuple(
        drawn(
            Picture(
                f"bygd_{number_}",
                BYGD_INCHES,
                _bygd_alt(material.shown, bygd),
                partial(_draw_bygd, shown=material.shown, bygd=bygd),
            ),
            f"{cut(bygd['name'])}: befolkade rutor efter sträcka till "
            f"{nearest(material.shown.services[0])}.",
            BYGD_SHARE,
        )
        for number_, (_, bygd) in enumerate(material.bygder.head(MOST_BYGDER).iterrows(), start=1)
    )


def _draw_bygd(axes: Axes, shown: Published, bygd: pd.Series) -> None:
    """Draw a bygd, its orter by name, and the sites near it."""
    service = shown.services[0]
    window = window_around(bygd["geometry"].bounds, 0.12, LEAST_SIDE_M, BYGD_ASPECT)
    draw_ground(axes, shown, window, service)
    draw_sites(axes, shown, service)
    orter = shown.tables["orter"]
    mine = orter.loc[orter["bygd_id"] == bygd["bygd_id"], "ort_id"]
    name_orter(axes, shown, window, list(mine))
    draw_scale(axes, window)
    draw_legend(axes, distance_signs(shown, service))


def name_orter(axes: Axes, shown: Published, window: Window, first: Sequence[str] = ()) -> None:
    """Write the names of the orter that a map shows, as many as there is room for.

    Parameters
    ----------
    axes
        Where to.
    shown
        What may be published.
    window
        What the map shows, metres.
    first
        Ids of orter that are named before all others; then the largest are.
    """
    orter = gpd.GeoDataFrame(shown.tables["orter"])
    at = orter.geometry.representative_point()
    order = pd.DataFrame(
        {"later": ~orter["ort_id"].isin(first), "people": -orter["people"], "id": orter["ort_id"]}
    ).sort_values(["later", "people", "id"])
    west, south, east, north = window_around(window, -0.03)
    wide, high = ((far - near) / parts for near, far, parts in
                  ((west, east, LABELS_ACROSS), (south, north, LABELS_DOWN)))  # fmt: skip
    taken: list[tuple[float, float]] = []
    for row in order.index:
        x, y = at[row].x, at[row].y
        inside = west <= x <= east and south <= y <= north
        if not inside or any(abs(x - u) < wide and abs(y - v) < high for u, v in taken):
            continue
        taken.append((x, y))
        text = axes.annotate(
            short_name(orter.loc[row, "name"], 24),
            (x, y),
            (0, 6),
            textcoords="offset points",
            ha="center",
            fontsize=8,
            zorder=9,
        )
        text.set_path_effects([withStroke(linewidth=2.5, foreground=PAPER)])


def _bygd_alt(shown: Published, bygd: pd.Series) -> str:
    """Say what a bygd's map shows."""
    service = shown.services[0]
    column = next(c for c in shown.schemas["bygder"].columns if c.name == f"km_{service}")
    return (
        f"Karta över bygden {cut(bygd['name'])} med orterna {cut(bygd['members'], 300)}. I medel "
        f"är det {told(bygd, column)} km till {nearest(service)}."
    )

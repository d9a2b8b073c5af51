"""Classes, colours and their Swedish labels, the same in every product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Classes:
    """Ordered classes of a number, with a colour each.

    Attributes
    ----------
    upper
        Upper bounds, inclusive; the last class has none.
    labels
        Swedish labels, one more than the bounds.
    colours
        Fill colours as ``#rrggbb``, one a class.
    """

    upper: tuple[float, ...]
    labels: tuple[str, ...]
    colours: tuple[str, ...]

    def index(self, values: pd.Series | Sequence[float]) -> np.ndarray:
        """Return the class number of each value, from 0; -1 where the value is missing.

        Parameters
        ----------
        values
            Numbers in the unit of the bounds.
        """
        numbers = np.asarray(values, dtype=float)
        found = np.searchsorted(np.asarray(self.upper), numbers, side="left")
        return np.where(np.isnan(numbers), -1, found)


# cividis in five steps: readable with every common kind of colour blindness, and in grey print.
CIVIDIS = ("#fee838", "#bcae6c", "#7c7b78", "#414d6b", "#00204d")

# 5 and 10 km are Pipos's classes; 20 and 30 km halve and end the sparsity scale of groceries.
DISTANCE_KM = Classes(
    (5.0, 10.0, 20.0, 30.0),
    ("högst 5 km", "5–10 km", "10–20 km", "20–30 km", "mer än 30 km"),
    CIVIDIS,
)
NO_ROAD_COLOUR = "#d7191c"
NO_ROAD_LABEL = "utan väganslutning"


# --- Lines, signs and ink: the map page's script carries the same values, and a test compares them.

INK = "#1a2328"
PAPER = "#ffffff"
LAKE = "#cfe0ea"
ACCENT = "#0b5563"  # what is proposed


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn.

    Attributes
    ----------
    colour
        As ``#rrggbb``.
    width_px
        Width in pixels at 96 to the inch.
    dash
        Lengths of dash and gap in pixels; empty for an unbroken line.
    """

    colour: str
    width_px: float
    dash: tuple[float, ...] = ()


# Road classes that are drawn, by how wide. Streets, tracks and drives would fill the map and hide
# the cells; residential streets never carry the way to another village.
ROAD_LEVELS = {
    "motorway": 0,
    "trunk": 0,
    "primary": 1,
    "secondary": 1,
    "tertiary": 2,
    "unclassified": 3,
    "road": 3,
}
ROAD_STROKES = (
    Stroke("#5f6b72", 2.2),
    Stroke("#7b878d", 1.6),
    Stroke("#949ea3", 1.1),
    Stroke("#b3babd", 0.8),
)
ROAD_LABELS = ("Motorväg, riksväg", "Länsväg, större", "Länsväg, mindre", "Mindre väg")
CLOSED_DASH = (5.0, 4.0)
BORDER_STROKE = Stroke("#4d5a62", 1.5)
BYGD_STROKE = Stroke(ACCENT, 1.8, (6.0, 4.0))


@dataclass(frozen=True)
class Sign:
    """The shape of one kind of service, told apart without colour.

    Attributes
    ----------
    qgis
        Name of the marker in QGIS.
    matplotlib
        Name of the marker in matplotlib.
    turned
        Degrees by which QGIS turns its marker.
    """

    qgis: str
    matplotlib: str
    turned: float = 0.0


# In the order of the map page's symbols.
SIGNS = (
    Sign("square", "s"),
    Sign("triangle", "^"),
    Sign("cross_fill", "P"),
    Sign("diamond", "D"),
    Sign("hexagon", "h"),
    Sign("triangle", "v", 180.0),
    Sign("star", "*"),
)


def sign_of(position: int) -> Sign:
    """Return the shape of a kind of service.

    Parameters
    ----------
    position
        Its position among the kinds; after the last shape they begin anew.
    """
    return SIGNS[position % len(SIGNS)]

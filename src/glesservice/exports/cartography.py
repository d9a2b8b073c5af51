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

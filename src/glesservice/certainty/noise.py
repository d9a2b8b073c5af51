"""How many people may live in a cell, given the number that was published."""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.stats import norm

from glesservice.config import Settings
from glesservice.network.graph import Floats

Published = Literal["exact", "rounded", "perturbed"]

# SCB perturbs every value above 0 from this reference year on (Cell Key Method).
NOISE_FROM_YEAR = 2025
# In a rounded grid a cell of so many people stands for one to so many.
SMALLEST_SHOWN = 3
# No noise is larger than so many standard deviations.
MOST_DEVIATIONS = 3.0


def how_published(settings: Settings) -> Published:
    """Return what was done to the grid's numbers before they were published.

    Parameters
    ----------
    settings
        Says it, or the date to go by.

    Returns
    -------
    str
        ``exact``, ``rounded`` or ``perturbed``.
    """
    if settings.certainty.grid != "auto":
        return settings.certainty.grid
    date = settings.population.date
    year = settings.area.year if date is None else int(date[:4])
    return "perturbed" if year >= NOISE_FROM_YEAR else "rounded"


def likely_people(
    people: Floats, uniform: Floats, published: Published, deviation: float
) -> Floats:
    """Return numbers of people that may stand behind the published ones.

    Parameters
    ----------
    people
        The published numbers.
    uniform
        A number between 0 and 1 for each.
    published
        What was done to them.
    deviation
        Standard deviation of the noise of a perturbed grid.

    Returns
    -------
    ndarray
        Whole numbers apart from the published ones. Nobody's cell becomes empty: noise never
        brings people to where nobody lives.

    Examples
    --------
    >>> likely_people(np.array([3.0, 3.0, 3.0, 4.0]), np.array([0.1, 0.5, 0.9, 0.1]), "rounded", 0)
    array([1., 2., 3., 4.])
    >>> likely_people(np.array([1.0, 9.0, 9.0]), np.array([0.9, 0.5, 0.9]), "perturbed", 2.0)
    array([1., 9., 6.])
    """
    if published == "exact" or (published == "perturbed" and deviation == 0):
        return np.array(people, dtype=float)
    if published == "rounded":
        behind = np.floor(uniform * SMALLEST_SHOWN) + 1.0
        return np.where(people == SMALLEST_SHOWN, behind, people)
    most = int(np.floor(MOST_DEVIATIONS * deviation))
    steps = np.arange(-most, most + 1)
    edges = norm.cdf((steps[:-1] + 0.5) / deviation)  # what is beyond the most is the most
    added = steps[np.searchsorted(edges, uniform, side="right")]
    return np.maximum(people - added, np.minimum(people, 1.0))

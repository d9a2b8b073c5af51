"""What many municipalities say together: tables of what each has published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from glesservice.config import Settings

# So many of the sparsest orter of all are marked, for each one that a municipality proposes.
PER_MUNICIPALITY = 1


@dataclass(frozen=True)
class Lacking:
    """A municipality without a result.

    Attributes
    ----------
    kommun, name
        Its code and its name.
    why
        Why it has none.
    """

    kommun: str
    name: str
    why: str


@dataclass(frozen=True, eq=False)
class Together:
    """What many municipalities say together, made from what each has published.

    Attributes
    ----------
    title
        What they are together: a county, Sverige, or so and so many municipalities.
    settings
        The settings that they share; its area is one of them.
    services
        The kinds of service that count in any of them.
    kommuner
        Schema ``kommuner_table``, by code.
    indicators
        Schema ``INDICATORS_TOGETHER``, by indicator and municipality.
    orter
        Schema ``orter_together_table``, by rank among all.
    lacking
        Those without a result.
    notices
        What a reader must know, as Swedish sentences.
    """

    title: str
    settings: Settings
    services: Sequence[str]
    kommuner: gpd.GeoDataFrame
    indicators: pd.DataFrame
    orter: gpd.GeoDataFrame
    lacking: tuple[Lacking, ...]
    notices: tuple[str, ...]

    @property
    def top(self) -> int:
        """How many of the sparsest orter of all are marked."""
        return max(self.settings.policy.top, PER_MUNICIPALITY * len(self.kommuner))

    @property
    def heading(self) -> str:
        """Title and year."""
        return f"{self.title} {self.settings.area.year}"

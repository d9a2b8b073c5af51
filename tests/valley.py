"""A municipality drawn by hand: one road up a valley, villages along it, shops at some of them.

Everything lies on the road that runs east from ``km 0``; a link of it may be longer to drive than
it is on the map. "c12" is the cell whose middle is 12 km along the road.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.comparison import Year
from glesservice.config import Settings, parse_settings
from glesservice.sources import Inputs
from glesservice.tables import CRS

E0, N0 = 500_000.0, 7_200_000.0
LAST_KM = 60


def at(km: float) -> shapely.Point:
    return shapely.Point(E0 + km * 1000, N0)


@dataclass(frozen=True)
class Valley:
    """What is drawn: people by the km of their cell, villages and shops by km."""

    people: Mapping[int, float]
    villages: Mapping[str, float]
    shops: Mapping[str, float]
    # Extra metres on the link that begins at a km (a multiple of 10).
    detours_m: Mapping[int, float] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    year: int = 2025

    def drawn(self) -> Year:
        """Return the year with its settings and tables."""
        return Year(self.settings(), self.inputs())

    def settings(self) -> Settings:
        """Return settings in which only groceries count, unless the policy says more."""
        only = {"mat": {"near_km": 5, "far_km": 25, "weight": 1.0}}
        others = {
            name: {"weight": 0.0}
            for name in ("dagligvaror", "drivmedel", "apotek", "paket", "kontanter")
        }
        given = dict(self.policy)
        services = {**others, **{"mat": {**only["mat"], **given.pop("mat", {})}}}
        file = {"path": "drawn"}
        return parse_settings(
            {
                "area": {"kommun": "9999", "name": "Dalen", "year": self.year},
                **dict.fromkeys(
                    ("population", "settlements", "services", "roads", "boundary"), file
                ),
                "policy": {"services": services, **given},
                "orter": dict(self.rules),
                "certainty": {"draws": 0},
            },
            Path("drawn.toml"),
        )

    def inputs(self) -> Inputs:
        """Return the tables."""
        boxes = [at(km).buffer(500, cap_style="square") for km in self.people]
        return Inputs(
            boundary=_frame(
                {"kommunkod": ["9999"], "name": ["Dalen"]},
                [shapely.box(E0 - 5000, N0 - 5000, E0 + LAST_KM * 1000 + 5000, N0 + 5000)],
            ),
            cells=_frame(
                {
                    "cell_id": [f"c{km}" for km in self.people],
                    "people": [float(people) for people in self.people.values()],
                },
                boxes,
            ),
            settlements=_frame(
                {
                    "settlement_id": list(self.villages),
                    "name": list(self.villages),
                    "kind": "by",
                    "population": np.nan,
                },
                [at(km) for km in self.villages.values()],
            ),
            sites=self._sites(),
            edges=self._edges(),
        )

    def _sites(self) -> gpd.GeoDataFrame:
        empty: list[str | None] = [None] * len(self.shops)
        return _frame(
            {
                "site_id": list(self.shops),
                "name": list(self.shops),
                "service": "mat",
                "status": "open",
                **dict.fromkeys(
                    ("assortment", "staffed", "operator", "kommunkod", "source", "note"), empty
                ),
                "source_year": np.nan,
            },
            [at(km) for km in self.shops.values()],
        )

    def _edges(self) -> gpd.GeoDataFrame:
        kms = range(0, LAST_KM + 1, 10)
        links = list(pairwise(kms))
        return _frame(
            {
                "u": [begin // 10 for begin, _ in links],
                "v": [end // 10 for _, end in links],
                "length_m": [10_000.0 + self.detours_m.get(begin, 0.0) for begin, _ in links],
                "highway": "primary",
                "ref": None,
                "surface": None,
                "forward": True,
                "backward": True,
                "maxspeed_kmh": 60.0,
                "maxspeed_backward_kmh": np.nan,
                "closed": None,
            },
            [shapely.LineString([at(begin), at(end)]) for begin, end in links],
        )


def _frame(columns: Mapping[str, Any], geometry: list[Any]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(dict(columns), index=range(len(geometry)))
    return gpd.GeoDataFrame(frame, geometry=geometry, crs=CRS)

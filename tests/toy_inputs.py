"""Whole toy municipalities: roads, cells, villages and sites by hand or drawn at random.

They lie at the Norwegian border, so that what is beyond it can be left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import Phase
from hypothesis import strategies as st
from tests.driving import PROFILE

from glesservice.config import (
    Area,
    Boundary,
    Population,
    Roads,
    Services,
    Settings,
    Settlements,
)
from glesservice.scenarios.norway import norway
from glesservice.sources import Inputs
from glesservice.tables import BOUNDARY, CELLS, EDGES, SETTLEMENTS, SITES, check

CRS = "EPSG:3006"
# On the border, west of Klimpfjäll.
E0, N0 = 470_600.0, 7_237_000.0
SERVICES = ("dagligvaror", "drivmedel")

Place = tuple[float, float]

# A whole analysis an example: finding the smallest one that fails would take many minutes.
PROFILE_OF_RUNS: dict[str, Any] = PROFILE | {"phases": [Phase.explicit, Phase.generate]}


def settings(**changes: Mapping[str, Any]) -> Settings:
    """Return settings whose files do not exist; nothing reads them."""
    nowhere = Path("nowhere")
    return Settings.model_validate(
        {
            "area": Area(kommun="2462", name="Leksak", year=2026),
            "population": Population(path=nowhere),
            "settlements": [Settlements(path=nowhere)],
            "services": [Services(path=nowhere)],
            "roads": [Roads(path=nowhere)],
            "boundary": Boundary(path=nowhere),
            "publication": {"min_people": 1},
            # How sure ranks are hangs on none of what is asked here, and is half of an analysis.
            "certainty": {"draws": 0},
            **changes,
        }
    )


def inputs(
    roads: Sequence[tuple[int, int] | tuple[int, int, Mapping[str, Any]]],
    nodes: Sequence[Place],
    cells: Mapping[str, tuple[Place, float]],
    sites: Mapping[str, tuple[Place, str]],
    villages: Mapping[str, Place],
    boundary: shapely.Geometry | None = None,
) -> Inputs:
    """Return the tables of a map in kilometres east and north of a corner; roads are straight."""
    at = np.array(nodes) * 1000 + [E0, N0]
    rows = []
    for u, v, *more in roads:
        line = shapely.LineString([at[u], at[v]])
        row = {"u": u, "v": v, "length_m": line.length, "highway": "secondary", "geometry": line}
        rows.append(row | {"forward": True, "backward": True} | dict(*more))
    places = {name: _point(place) for name, (place, _) in sites.items()}
    area = boundary if boundary is not None else _point((0, 0)).buffer(200_000)
    return Inputs(
        boundary=_frame(BOUNDARY, [{"kommunkod": "2462", "name": "Leksak", "geometry": area}]),
        cells=_frame(
            CELLS,
            [
                {"cell_id": name, "people": people, "geometry": _point(place).buffer(50).envelope}
                for name, (place, people) in cells.items()
            ],
        ),
        settlements=_frame(
            SETTLEMENTS,
            [
                {"settlement_id": name, "name": name, "kind": "by", "geometry": _point(place)}
                for name, place in villages.items()
            ],
        ),
        sites=_frame(
            SITES,
            [
                {"site_id": n, "name": n, "service": s, "status": "open", "geometry": places[n]}
                for n, (_, s) in sites.items()
            ],
        ),
        edges=_frame(EDGES, rows),
    )


def _point(place: Place) -> shapely.Point:
    return shapely.Point(E0 + 1000 * place[0], N0 + 1000 * place[1])


def _frame(table: Any, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    return check(gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=CRS), table, "toy")


@st.composite
def municipalities(draw: st.DrawFn) -> Inputs:
    """Draw a municipality of 40 km across the border: a tree of roads, some rings, some one-way."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(4, 9))
    nodes = rng.uniform(-20, 20, (count, 2))
    nodes[0, 0] = 21.0  # in Sweden beyond doubt
    roads: list[Any] = [
        (int(rng.integers(node)), node, {"ref": str(rng.choice(["1", "2", "2;3"]))})
        for node in range(1, count)
    ]
    for _ in range(draw(st.integers(0, 4))):
        u, v = rng.choice(count, 2, replace=False)
        if {u, v} in [{a, b} for a, b, _ in roads]:
            continue  # one road on top of another: a house and a shop there may be on either
        one_way = draw(st.booleans())
        ref, closed = draw(st.sampled_from([("3", None), (None, "Oct 15-Jun 06")]))
        extra = {"ref": ref, "closed": closed, "backward": not one_way}
        roads.append((int(u), int(v), extra))

    def beside_a_road(off_km: float) -> Place:
        u, v, *_ = roads[rng.integers(len(roads))]
        share = rng.uniform()
        on = nodes[u] * share + nodes[v] * (1 - share)
        return tuple((on + rng.uniform(-off_km, off_km, 2)).tolist())

    own = _point((0, 0)).buffer(60_000).difference(norway())
    homes = [beside_a_road(1.2) for _ in range(draw(st.integers(4, 12)))]
    homes.append((min(node[0] for node in nodes.tolist()), 0.0))
    cells = {f"c{n}": (home, float(rng.integers(1, 40))) for n, home in enumerate(homes)}
    # One cell and one village surely inside.
    inside = max(nodes.tolist(), key=lambda node: node[0])
    cells["inside"] = ((inside[0], inside[1]), 500.0)
    sites = {
        f"{service}-{n}": (beside_a_road(0.5), service)
        for service in SERVICES
        for n in range(draw(st.integers(1, 4)))
    }
    if draw(st.booleans()):  # a shop with a pump
        sites["drivmedel-x"] = (sites["dagligvaror-0"][0], "drivmedel")
    villages = {f"By {n}": beside_a_road(0.3) for n in range(draw(st.integers(1, 4)))}
    villages["Inby"] = (inside[0], inside[1])
    return inputs(roads, nodes.tolist(), cells, sites, villages, own)

"""The ways from an ort to its sites: how far, along which roads, and their lines on a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely.geometry import LineString

from glesservice.access import MEASURE_OF_WAY
from glesservice.network import RoadNetwork, routes, snap
from glesservice.report.material import Material
from glesservice.swedish import enumeration

# A stretch that is shorter needs no name in an account of the way.
LEAST_M = 500.0
MOST_ROADS = 4


@dataclass(frozen=True)
class Way:
    """The way from an ort's most populous square to a site.

    Attributes
    ----------
    service
        The kind of service.
    next
        Whether it leads to the second nearest site.
    site
        The site's name.
    km, minutes
        How far it is.
    roads
        Numbers of the roads, in words; empty where none is known.
    line
        The way on the map; None where there is none.
    """

    service: str
    next: bool
    site: str
    km: float
    minutes: float
    roads: str
    line: LineString | None


def ways_of(material: Material, ort_ids: Sequence[str]) -> dict[str, list[Way]]:
    """Return the ways of some orter to the nearest and the second nearest site of each service.

    Parameters
    ----------
    material
        What the report is made from.
    ort_ids
        The orter.

    Returns
    -------
    dict
        By ort, the ways in the order of the services, the nearest site first.
    """
    pairs = _pairs(material, ort_ids)
    found: dict[str, list[Way]] = {ort: [] for ort in ort_ids}
    if pairs.empty or material.result.roads.empty:
        return found
    rules = material.result.settings.network
    network = RoadNetwork.from_edges(material.result.roads)
    cells, sites = material.shown.tables["cells"], material.shown.tables["sites"]
    driven = routes(
        network,
        snap(network, cells.geometry.loc[pairs["cell"]].centroid, rules.access_max_m),
        snap(network, sites.geometry.loc[pairs["site"]], rules.access_max_m),
        by=MEASURE_OF_WAY[material.result.settings.policy.way],
        access_kmh=rules.access_kmh,
    )
    refs, lengths = network.table()["ref"].to_numpy(dtype=object), network.length
    names = sites["name"].to_dict()
    for pair, way in zip(pairs.itertuples(), driven.itertuples(), strict=True):
        if not np.isfinite(way.metres):
            continue
        links = np.asarray(way.links, dtype=np.int64)
        found[str(pair.ort_id)].append(
            Way(
                service=str(pair.service),
                next=bool(pair.next),
                site=str(names[pair.site]),
                km=way.metres / 1000,
                minutes=way.seconds / 60,
                roads=_roads(refs[links], lengths[links]),
                line=way.geometry,
            )
        )
    return found


def _pairs(material: Material, ort_ids: Sequence[str]) -> pd.DataFrame:
    """List ort, service and site; a way begins in the ort's most populous square."""
    told = material.shown.tables["cells"]
    cells = told.assign(people=material.result.cells["people"])
    cells = cells[cells["ort_id"].isin(ort_ids)]
    cells = cells.sort_values(["people", "cell_id"], ascending=[False, True])
    first = cells.drop_duplicates("ort_id")
    row_of_site = pd.Series(
        material.shown.tables["sites"].index, material.shown.tables["sites"]["site_id"]
    )
    rows = [
        {"ort_id": cell["ort_id"], "cell": at, "service": service, "next": bool(order), "site": row}
        for at, cell in first.iterrows()
        for service in material.shown.services
        for order in ("", "next_")
        if (row := row_of_site.get(cell[f"{order}site_{service}"])) is not None
    ]
    return pd.DataFrame(rows, columns=["ort_id", "cell", "service", "next", "site"])


def _roads(refs: np.ndarray, lengths: np.ndarray) -> str:
    """Name the numbered roads that a way follows, those driven longest, in driving order."""
    driven = pd.DataFrame({"ref": refs, "m": lengths}).dropna(subset="ref")
    by_road = driven.groupby("ref", sort=False)["m"].sum()
    most = (
        by_road[by_road >= LEAST_M].sort_values(ascending=False, kind="stable").index[:MOST_ROADS]
    )
    found = [str(ref).replace(";", "/") for ref in by_road.index if ref in set(most)]
    return f"väg {enumeration(found)}" if found else ""

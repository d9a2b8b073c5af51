"""The ways from the orter to their nearest and second nearest sites, as pieces of road they share.

Most ways run along the same few roads. Each stretch is kept once, and a way is its first stretch
and the way on from there, which it shares with all that come by and are bound for the same site.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from glesservice.access import MEASURE_OF_WAY
from glesservice.exports.webmap.geometry import lines, to_wgs84
from glesservice.exports.webmap.published import Published
from glesservice.network import RoadNetwork, routes, snap

SIMPLIFY_M = 50.0
# Stretches are told apart by the set of ways over them: the sum of one random number a way.
_SEED = 20_261_123

Ints = npt.NDArray[np.int64]
Piece = tuple[tuple[float, float], ...]


def ways(shown: Published) -> dict[str, object]:
    """Return the ways from each ort to the two nearest sites of each service.

    Parameters
    ----------
    shown
        What of the result may be shown.

    Returns
    -------
    dict
        ``lines``: the stretches of road. ``piece``: for each step, twice the number of its stretch,
        one more where it is driven against its drawing. ``on``: the step after it, -1 at the site.
        ``from``: for each service the first step of each ort's way to the nearest and then of
        those to the second nearest site, -1 where there is none.
    """
    pairs = _pairs(shown)
    drawn = _drawn(shown, pairs.drop_duplicates(["ort", "site"], ignore_index=True))
    cuts = _cut(drawn["line"])
    numbers, steps = _number(piece for way in cuts for piece in way)
    first, piece, on = _steps(cuts, list(drawn["site"]), numbers)
    start = dict(zip(zip(drawn["ort"], drawn["site"], strict=True), first, strict=True))
    starts = [start.get(pair, -1) for pair in zip(pairs["ort"], pairs["site"], strict=True)]
    shapes = [shapely.simplify(shapely.LineString(line), SIMPLIFY_M) for line in steps]
    return {
        "lines": [lines(shape)[0] for shape in to_wgs84(shapes, shown.cells.crs)],
        "piece": piece,
        "on": on,
        "from": {
            service: [starts[i] for i in np.flatnonzero(pairs["service"] == service)]
            for service in shown.services
        },
    }


def origins(shown: Published) -> pd.Series:
    """Return by ort the row of its most populous cell, where its ways begin.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    cells = shown.cells.dropna(subset="ort_id")
    order = cells.sort_values(["people", "cell_id"], ascending=[False, True])
    rows = order.drop_duplicates("ort_id")
    return pd.Series(rows.index.to_numpy(), index=rows["ort_id"].to_numpy())


def _pairs(shown: Published) -> pd.DataFrame:
    """List ort and site by position, for each service the nearest of all and then the second."""
    site_at = {site: position for position, site in enumerate(shown.sites["site_id"])}
    rows = origins(shown).reindex(shown.orter["ort_id"])
    cells = shown.cells.reindex(rows.to_numpy())
    parts = [
        pd.DataFrame(
            {
                "service": service,
                "ort": np.arange(len(rows)),
                "site": [site_at.get(site, -1) for site in cells[f"{order}site_{service}"]],
            }
        )
        for service in shown.services
        for order in ("", "next_")
    ]
    return pd.concat(parts, ignore_index=True)


def _drawn(shown: Published, pairs: pd.DataFrame) -> pd.DataFrame:
    """Add the line of each way; pairs without one are left out."""
    pairs = pairs[pairs["site"] >= 0]
    roads = shown.result.roads
    if pairs.empty or roads.empty:
        return pairs[:0].assign(line=[])
    rules = shown.result.settings.network
    known = shown.result.network
    same = known is not None and known.edges is roads
    network = known if known is not None and same else RoadNetwork.from_edges(roads)
    rows = origins(shown).reindex(shown.orter["ort_id"].iloc[pairs["ort"]])
    spots = shown.cells.geometry.loc[rows].centroid
    found = routes(
        network,
        snap(network, spots, rules.access_max_m),
        snap(network, shown.sites.geometry.iloc[pairs["site"]], rules.access_max_m),
        by=MEASURE_OF_WAY[shown.result.settings.policy.way],
        access_kmh=rules.access_kmh,
    )
    shapes = found.geometry.to_numpy()
    there = shapely.length(shapes) > 0  # not where there is no way, nor where it is all one place
    kept: pd.DataFrame = pairs[there].assign(line=shapes[there])
    return kept


def _cut(drawn: Iterable[shapely.LineString]) -> list[list[Piece]]:
    """Cut each way where another one joins or leaves it."""
    drawn = list(drawn)
    if not drawn:
        return []
    coordinates, way = shapely.get_coordinates(drawn, return_index=True)
    whole = np.rint(coordinates)
    vertex = _numbered(whole[:, 0], whole[:, 1])
    inside = (way[1:] == way[:-1]) & (vertex[1:] != vertex[:-1])
    at = np.flatnonzero(inside)
    one, other = vertex[at], vertex[at + 1]
    stretch = _numbered(np.minimum(one, other), np.maximum(one, other))
    marks = np.random.default_rng(_SEED).integers(1 << 62, size=len(drawn), dtype=np.int64)
    users = np.zeros(stretch.max(initial=-1) + 1, dtype=np.int64)
    np.add.at(users, stretch, marks[way[at]])
    found: list[list[Piece]] = [[] for _ in drawn]
    begins = np.flatnonzero(np.diff(users[stretch], prepend=0) | np.diff(way[at], prepend=-1))
    places = list(map(tuple, whole.tolist()))
    spots = at.tolist()
    for begin, end in itertools.pairwise([*begins.tolist(), len(spots)]):
        piece = [places[spot] for spot in spots[begin:end]]
        found[way[spots[begin]]].append((*piece, places[spots[end - 1] + 1]))
    return found


def _numbered(first: npt.NDArray[Any], second: npt.NDArray[Any]) -> Ints:
    """Give equal pairs of numbers one number, from 0."""
    one, _ = pd.factorize(first)
    other, others = pd.factorize(second)
    number: Ints = pd.factorize(one * max(1, len(others)) + other)[0]
    return number


def _number(pieces: Iterable[Piece]) -> tuple[dict[Piece, int], list[Piece]]:
    """Number the stretches, the same both ways, in an order that hangs on where they lie alone."""
    distinct = sorted({min(piece, piece[::-1]) for piece in pieces})
    return {piece: number for number, piece in enumerate(distinct)}, distinct


def _steps(
    cuts: list[list[Piece]], goals: list[int], numbers: dict[Piece, int]
) -> tuple[list[int], list[int], list[int]]:
    """Return each way's first step, and of all steps the stretch and what follows."""
    known: dict[tuple[int, int, int], int] = {}
    first = []
    for way, goal in zip(cuts, goals, strict=True):
        on = -1
        for piece in reversed(way):
            forward = min(piece, piece[::-1])
            signed = 2 * numbers[forward] + int(piece != forward)
            on = known.setdefault((signed, on, goal if on < 0 else -1), len(known))
        first.append(on)
    return first, [key[0] for key in known], [key[1] for key in known]

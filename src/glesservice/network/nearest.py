"""Nearest sites along the road, with seconds and metres of the same path."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from glesservice.network.graph import Floats, Ints, RoadNetwork
from glesservice.network.placing import Measure, place_on_chains
from glesservice.network.reach import put_at, reach_from_points
from glesservice.network.records import LABEL, WAY, Records, empty_records
from glesservice.network.search import label_nodes
from glesservice.network.seeding import Numbers, arc_weights, seeds_of, sites_on_chains
from glesservice.network.snapping import Snap
from glesservice.network.threads import threads

Keys: TypeAlias = npt.NDArray[np.uint64]

# Origins that are answered at a time: few enough that what is worked out for them stays in the
# processor's cache, whatever their number.
SLICE = 1 << 14

HALF, LOWER = np.uint64(32), np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest sites of each origin, in order.

    Attributes
    ----------
    site
        Site numbers, shape (origins, k); -1 where there is none to reach.
    seconds, metres
        What the way takes, access legs included; inf where there is none.
    """

    site: Ints
    seconds: Floats
    metres: Floats


def nearest(
    network: RoadNetwork,
    origins: Snap,
    sites: Snap,
    k: int = 1,
    *,
    site_of: Ints | None = None,
    by: Measure = "seconds",
    access_kmh: float = 30.0,
    bound: float = np.inf,
) -> Nearest:
    """Return the k nearest distinct sites of every origin, driving from origin to site.

    Parameters
    ----------
    network
        The roads.
    origins, sites
        Points attached to the same network. Sites that are not attached cannot be reached.
    k
        Sites wanted for each origin.
    site_of
        Site number of each point of ``sites``, where several points are one site; their position
        where not given.
    by
        What is made smallest: the fastest way, or the shortest. Both measures of that way come
        out.
    access_kmh
        Speed on the straight legs between points and road.
    bound
        Ways that take more, in the unit of ``by``, need not be found.

    Returns
    -------
    Nearest
        Exact, and deterministic under ties (the other measure, then the site number decides).

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, nearest
    >>> road = example_road()
    >>> home, shops = at_nodes(road, np.array([0])), at_nodes(road, np.array([2, 3]))
    >>> found = nearest(road, home, shops, 2)
    >>> found.site.tolist(), (found.seconds / 60).tolist(), (found.metres / 1000).tolist()
    ([[0, 1]], [[15.0, 16.0]], [[15.0, 13.0]])
    >>> nearest(road, home, shops, by="metres").site.tolist()
    [[1]]
    """
    graph = network.search_graph
    attached = np.flatnonzero(sites.link >= 0)
    standing = place_on_chains(network, sites.take(attached), access_kmh, by)
    number = (attached if site_of is None else site_of[attached]).astype(np.int32)
    seeds, seed_values, _ = seeds_of(graph.chains, standing, number)
    standing_there = sites_on_chains(graph.chains, standing, number)
    found = empty_records(len(origins) * k, WAY).reshape(len(origins), k)

    def _labels() -> Records:
        """Search from the sites."""
        weights = arc_weights(graph, by)
        return label_nodes(graph.start, graph.tails, weights, seeds, seed_values, k, bound)

    def _order() -> Keys:
        """Put the origins into the order of the chains."""
        return _in_order(origins.link, graph.chains.at)

    def _answer(worker: int, order: Keys, labels: Records) -> None:
        """Answer every so many'th slice of the origins."""
        ways = empty_records(min(SLICE, len(origins)) * k, WAY).reshape(-1, k)
        for begin in range(worker * SLICE, len(origins), workers * SLICE):
            keys = order[begin : begin + SLICE]
            here = (keys & LOWER).view(np.int64)
            reach_from_points(
                (
                    (keys >> HALF).view(np.int64) - 1,
                    origins.fraction[here],
                    origins.access_m[here],
                ),
                3.6 / access_kmh,
                by == "seconds",
                graph.chains.links,
                graph.chains.table,
                *standing_there,
                labels,
                bound,
                np.empty((1, k), LABEL),
                ways,
            )
            put_at(ways, here, found)

    # The compiled parts let go of the interpreter: what needs nothing of each other goes on side by
    # side. Starting a thread would take longer than a few answers do.
    workers = min(threads(), max(1, len(origins) // SLICE))
    if workers == 1:
        _answer(0, _order(), _labels())
    else:
        with ThreadPoolExecutor(max_workers=workers) as pool:
            ordered = pool.submit(_order)
            answer = partial(_answer, labels=_labels(), order=ordered.result())
            list(pool.map(answer, range(workers)))
    return Nearest(found["site"], found["seconds"], found["metres"])


def _in_order(link: Ints, at: Numbers) -> Keys:
    """Return the links' places on the chains, in order, together with their own positions.

    The time goes into fetching links and junctions from memory: who is answered in the order of the
    chains needs much the same ones as who came before.
    """
    keys: Keys = _keys(link, at)
    keys.sort()  # several times as fast as sorting positions by what stands at them
    return keys


@numba.njit(cache=True, nogil=True)
def _keys(link, at):  # type: ignore[no-untyped-def]
    """Return each link's place on the chains in a number's upper half, its position in the lower.

    The places begin with 1: nought is nowhere.
    """
    keys = np.empty(link.shape[0], np.uint64)
    for position in range(link.shape[0]):
        place = at[link[position]] + 1 if link[position] >= 0 else 0
        keys[position] = np.uint64(place) << HALF | np.uint64(position)
    return keys


def warm_up() -> None:
    """Compile the search, or load what an earlier run compiled."""
    ends, one = np.array([0]), np.array([1.0])
    network = RoadNetwork.from_arrays(
        ends, ends + 1, one, one, one, np.array([0.0, 1.0]), np.array([0.0, 0.0])
    )
    points = Snap(ends, np.array([0.5]), np.array([0.0]))
    nearest(network, points, points)

"""The way from each origin to a site: its links, and its line on the map."""

from __future__ import annotations

import geopandas as gpd
import numba
import numpy as np
import pandas as pd

from glesservice.network.graph import Flags, Ints, RoadNetwork
from glesservice.network.pieces import draw
from glesservice.network.placing import Measure
from glesservice.network.snapping import Snap
from glesservice.network.ways import (
    ALONG,
    NOWHERE,
    TO_FIRST,
    Departures,
    Ways,
    departures,
    ways_to,
)
from glesservice.tables import CRS


def routes(
    network: RoadNetwork,
    origins: Snap,
    sites: Snap,
    *,
    by: Measure = "seconds",
    access_kmh: float = 30.0,
    bound: float = np.inf,
) -> gpd.GeoDataFrame:
    """Return the way from each origin to the site that stands beside it.

    Parameters
    ----------
    network
        The roads.
    origins, sites
        Points attached to the same network, as many of the one as of the other: a way leads from
        origin ``i`` to site ``i``. Ways to the nearest of all sites are found in one search;
        for the others there is one search for each different site.
    by
        What is made smallest: the fastest way, or the shortest.
    access_kmh
        Speed on the straight legs between points and road.
    bound
        Ways that take more, in the unit of ``by``, need not be found.

    Returns
    -------
    GeoDataFrame
        One row a pair: ``seconds`` and ``metres``, access legs included, as ``nearest`` tells
        them; ``links``, the numbers of the links driven over, in order (one that is left at its
        one end and entered again at the other stands there twice); and the line of the way in its
        direction, from where the origin meets the road to where the site does. The line is empty
        where that is one place. Where there is no way the line is missing, the measures are inf
        and there are no links.

    Raises
    ------
    ValueError
        If there are not as many sites as origins.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, routes
    >>> road = example_road()
    >>> way = routes(road, at_nodes(road, np.array([0])), at_nodes(road, np.array([3])))
    >>> way["links"].iloc[0], float(way["metres"].iloc[0]), float(way.length.iloc[0])
    ((0, 2), 13000.0, 13000.0)
    """
    if len(origins) != len(sites):
        raise ValueError(f"{len(origins)} origins and {len(sites)} sites make no pairs")
    seconds, metres = np.full(len(origins), np.inf), np.full(len(origins), np.inf)
    left = np.flatnonzero(sites.link >= 0)
    goal = _first_alike(sites)
    goals = np.unique(goal[left])
    parts = [pd.DataFrame({"pair": [], "link": [], "begin": [], "end": []})]
    # One search finds the ways that lead to the nearest of all sites; what is left after it is
    # searched for site by site.
    for sought in [goals, *goals[:, None]]:
        pairs = left[np.isin(goal[left], sought)]
        if len(pairs) == 0:
            continue
        ways = ways_to(network, sites.take(sought), by=by, access_kmh=access_kmh, bound=bound)
        trips = departures(
            network, ways, origins.take(pairs), by=by, access_kmh=access_kmh, bound=bound
        )
        unreached = trips.site < 0
        found = ~unreached & (sought[trips.site] == goal[pairs])
        seconds[pairs[found]], metres[pairs[found]] = trips.seconds[found], trips.metres[found]
        parts.append(_pieces(network, ways, trips, pairs, found))
        left = np.setdiff1d(left, pairs[found | unreached])
    driven = pd.concat(parts[1:] or parts).sort_values("pair", kind="stable")
    driven = driven.astype({"pair": int, "link": int})
    lines = draw(
        network,
        driven["link"].to_numpy(),
        driven["begin"].to_numpy(dtype=float),
        driven["end"].to_numpy(dtype=float),
        driven["pair"].to_numpy(),
        len(origins),
    )
    lines[np.isinf(seconds)] = None
    long = driven[network.length[driven["link"]] > 0]
    cuts = np.searchsorted(long["pair"], np.arange(1, len(origins)))
    links = [tuple(part.tolist()) for part in np.split(long["link"].to_numpy(), cuts)]
    return gpd.GeoDataFrame(
        {
            "seconds": seconds,
            "metres": metres,
            "links": pd.Series(links[: len(origins)], dtype=object),
        },
        geometry=lines,
        crs=CRS,
    )


def _first_alike(sites: Snap) -> Ints:
    """Return for each site the first one that stands at the same place, with the same leg."""
    places = np.stack([sites.link, sites.fraction, sites.access_m], axis=1)
    _, first, number = np.unique(places, axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[number.ravel()], dtype=np.int64)


def _pieces(
    network: RoadNetwork, ways: Ways, trips: Departures, pairs: Ints, found: Flags
) -> pd.DataFrame:
    """List the pieces of links that pairs drive, those that are found."""
    graph, chains = network.search_graph, network.search_graph.chains
    pair, link, begin, end = _follow(
        (
            trips.start.chain,
            trips.start.place,
            np.where(found, trips.heading, NOWHERE),
            trips.site,
        ),
        (ways.arc, ways.entrance),
        (ways.sites.chain, ways.sites.place),
        (graph.chain, graph.onward),
        (chains.first, chains.last, chains.begins, chains.members, chains.links["turned"]),
    )
    return pd.DataFrame({"pair": pairs[pair], "link": link, "begin": begin, "end": end})


@numba.njit(cache=True, nogil=True)
def _follow(trips, ways, sites, arcs, chains):  # type: ignore[no-untyped-def]
    """Follow the ways of origins to their sites.

    Returns the pieces of links in driving order: origin, link, and the shares of the link, from
    its ``u``, where the piece begins and ends.
    """
    chain_of, place, heading, site = trips
    arc_of, entrance = ways
    site_chain, site_place = sites
    arc_chain, arc_onward = arcs
    first, last, begins, members, turned = chains
    room, count = 1024, 0
    numbers = np.empty((room, 2), np.int64)
    shares = np.empty((room, 2))
    for origin in range(chain_of.shape[0]):
        if heading[origin] == NOWHERE:
            continue
        chain, begin, node = chain_of[origin], place[origin], -1
        if heading[origin] == ALONG:
            end = site_place[site[origin]]
        elif heading[origin] == TO_FIRST:
            end, node = 0.0, first[chain]
        else:
            end, node = float(begins[chain + 1] - begins[chain]), last[chain]
        while True:
            # Drive this chain from begin to end, link by link.
            low, high = int(np.floor(min(begin, end))), int(np.ceil(max(begin, end)))
            for step in range(high - low if begin != end else 0):
                at = low + step if begin < end else high - 1 - step
                passed = begins[chain] + at
                enter = min(max(begin - at, 0.0), 1.0)
                leave = min(max(end - at, 0.0), 1.0)
                if count == room:
                    numbers = np.concatenate((numbers, np.empty_like(numbers)))
                    shares = np.concatenate((shares, np.empty_like(shares)))
                    room *= 2
                numbers[count, 0], numbers[count, 1] = origin, members[passed]
                shares[count, 0] = 1 - enter if turned[passed] else enter
                shares[count, 1] = 1 - leave if turned[passed] else leave
                count += 1
            if node < 0:
                break
            # The next chain: a whole one, or the last one, up to the site.
            arc = arc_of[node]
            if arc >= 0:
                chain = arc_chain[arc]
                length = float(begins[chain + 1] - begins[chain])
                begin, end = (0.0, length) if arc_onward[arc] else (length, 0.0)
                node = last[chain] if arc_onward[arc] else first[chain]
            else:
                chain = site_chain[entrance[node] // 2]
                length = float(begins[chain + 1] - begins[chain])
                begin = 0.0 if entrance[node] % 2 == 0 else length
                end = site_place[entrance[node] // 2]
                node = -1
    return numbers[:count, 0], numbers[:count, 1], shares[:count, 0], shares[:count, 1]

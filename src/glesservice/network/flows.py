"""How many people drive over each road on their way to the nearest site."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from glesservice.network.graph import Floats, RoadNetwork
from glesservice.network.placing import Measure
from glesservice.network.snapping import Snap
from glesservice.network.ways import ALONG, NOWHERE, TO_FIRST, departures, ways_to


def people_on_links(
    network: RoadNetwork,
    origins: Snap,
    people: npt.ArrayLike,
    sites: Snap,
    *,
    by: Measure = "seconds",
    access_kmh: float = 30.0,
    bound: float = np.inf,
) -> Floats:
    """Return how many people drive over each link on the way to their nearest site.

    Parameters
    ----------
    network
        The roads.
    origins, sites
        Points attached to the same network.
    people
        How many live at each origin.
    by
        What is made smallest: the fastest way, or the shortest.
    access_kmh
        Speed on the straight legs between points and road.
    bound
        Nobody drives to a site that takes more, in the unit of ``by``.

    Returns
    -------
    ndarray
        People of each link, in either direction. A person who drives over any part of a link that
        has a length counts, once; who stands at a link's end does not drive over it. Of several
        best ways everybody at a junction takes the same.

    Raises
    ------
    ValueError
        If there is not one number of people for each origin.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road, people_on_links
    >>> road = example_road()
    >>> homes, shop = at_nodes(road, np.array([0, 3])), at_nodes(road, np.array([2]))
    >>> people_on_links(road, homes, [40, 5], shop).tolist()
    [40.0, 45.0, 5.0]
    """
    living = np.asarray(people, dtype=np.float64)
    if living.shape != (len(origins),):
        raise ValueError(f"{living.shape} numbers of people for {len(origins)} origins")
    graph = network.search_graph
    chains = graph.chains
    ways = ways_to(network, sites, by=by, access_kmh=access_kmh, bound=bound)
    trips = departures(network, ways, origins, by=by, access_kmh=access_kmh, bound=bound)
    on_members = _drive(
        living,
        (trips.start.chain, trips.start.place, trips.heading, trips.site),
        (ways.order, ways.arc, ways.entrance),
        (ways.sites.chain, ways.sites.place),
        (graph.chain, graph.onward),
        (chains.first, chains.last, chains.begins),
    )
    driving = np.zeros(len(network.u))
    driving[chains.members] = on_members
    return np.where(network.length > 0, driving, 0.0)


@numba.njit(cache=True, nogil=True)
def _drive(people, trips, ways, sites, arcs, chains):  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915
    """Count the people on each link, the links in walking order of the chains.

    Who enters a chain between its ends and leaves it at an end is noted where the ride begins, and
    running sums carry the note to that end. Nothing is ever subtracted: no people, no rounding.
    """
    chain_of, place, heading, site = trips
    order, arc_of, entrance = ways
    site_chain, site_place = sites
    arc_chain, arc_onward = arcs
    first, last, begins = chains
    links = begins[-1]
    # People from a link to its chain's first and last node, and on this one link.
    to_first, to_last, here = np.zeros(links), np.zeros(links), np.zeros(links)
    whole = np.zeros(first.shape[0])
    at = np.zeros(arc_of.shape[0])

    for origin in range(people.shape[0]):
        if heading[origin] == NOWHERE or people[origin] == 0:
            continue
        chain = chain_of[origin]
        begin, end = begins[chain], begins[chain + 1]
        if heading[origin] == ALONG:
            low = min(place[origin], site_place[site[origin]])
            high = max(place[origin], site_place[site[origin]])
            if low < high:
                for link in range(begin + int(np.floor(low)), begin + int(np.ceil(high))):
                    here[link] += people[origin]
            continue
        node = first[chain] if heading[origin] == TO_FIRST else last[chain]
        at[node] += people[origin]
        # Whoever goes around and comes back to the very link is counted on it where it ends.
        target = entrance[node] // 2
        around = site_chain[target] == chain and entrance[node] % 2 != heading[origin]
        if heading[origin] == TO_FIRST:
            link = begin + int(np.ceil(place[origin])) - 1
            if around:
                link = min(link, begin + int(np.floor(site_place[target])) - 1)
            if link >= begin:
                to_first[link] += people[origin]
        else:
            link = begin + int(np.floor(place[origin]))
            if around:
                link = max(link, begin + int(np.ceil(site_place[target])))
            if link < end:
                to_last[link] += people[origin]

    for position in range(order.shape[0] - 1, -1, -1):
        node = order[position]
        if at[node] == 0:
            continue
        arc = arc_of[node]
        if arc >= 0:
            chain = arc_chain[arc]
            whole[chain] += at[node]
            at[last[chain] if arc_onward[arc] else first[chain]] += at[node]
            continue
        target = entrance[node] // 2
        chain = site_chain[target]
        begin, end = begins[chain], begins[chain + 1]
        # A ride from an end to the site passes the links that a ride from the site would pass.
        if entrance[node] % 2 == 0:
            link = begin + int(np.ceil(site_place[target])) - 1
            if link >= begin:
                to_first[link] += at[node]
        else:
            link = begin + int(np.floor(site_place[target]))
            if link < end:
                to_last[link] += at[node]

    for chain in range(first.shape[0]):
        passing = 0.0
        for link in range(begins[chain], begins[chain + 1]):
            passing += to_last[link]
            here[link] += whole[chain] + passing
        passing = 0.0
        for link in range(begins[chain + 1] - 1, begins[chain] - 1, -1):
            passing += to_first[link]
            here[link] += passing
    return here

"""Sites for the people who share them: the enhanced two-step floating catchment area method."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

from glesservice.config import Catchment
from glesservice.network import RoadNetwork, Snap, road_matrix

Floats = npt.NDArray[np.float64]


def minutes_within(
    network: RoadNetwork, origins: Snap, sites: Snap, limit_minutes: float, access_kmh: float
) -> Floats:
    """Return the driving time from every origin to every site within a limit, minutes.

    Parameters
    ----------
    network
        The roads.
    origins, sites
        Points attached to the same network.
    limit_minutes
        Longer drives are not looked for.
    access_kmh
        Speed on the straight legs between points and road.

    Returns
    -------
    ndarray
        Shape (origins, sites); inf where the drive is longer, or there is none.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road
    >>> road = example_road()
    >>> homes, shops = at_nodes(road, np.array([0, 3])), at_nodes(road, np.array([2]))
    >>> minutes_within(road, homes, shops, limit_minutes=12, access_kmh=30).tolist()
    [[inf], [11.0]]
    """
    seconds = road_matrix(
        network, origins, sites, by="seconds", access_kmh=access_kmh, bound=60.0 * limit_minutes
    )
    return seconds / 60.0


def catchment(minutes: Floats, people: Floats, rule: Catchment) -> Floats:
    """Return how many sites there are for a thousand people, seen from each origin.

    First every site is shared among the people who live around it, those in farther zones counting
    less; then every origin adds up the shares of the sites around it, with the same weights (Luo
    and Qi 2009). Every site supplies equally much: 1.

    Parameters
    ----------
    minutes
        Driving time from every origin to every site, shape (origins, sites); inf where too far.
    people
        People of each origin.
    rule
        Zones and weights.

    Returns
    -------
    ndarray
        Sites per 1 000 people, one value an origin; 0 where no site lies within the zones. The sum
        of the values times the people is a thousand times the number of sites that anybody lives
        around.

    Examples
    --------
    >>> minutes = np.array([[5.0], [25.0]])  # two villages, one shop
    >>> catchment(minutes, np.array([100.0, 100.0]), Catchment()).round(2).tolist()
    [8.2, 1.8]
    """
    zones, weights = np.array(rule.zones_minutes, dtype=float), np.array(rule.weights, dtype=float)
    supply: Floats = _shared(minutes, np.asarray(people, dtype=float), zones, weights)
    return 1000.0 * supply


@numba.njit(cache=True, nogil=True)
def _shared(minutes, people, zones, weights):  # type: ignore[no-untyped-def]
    """Share the sites among the people, and add up the shares.

    One after the other: a product of matrices adds up in an order that hangs on the processor and
    the number of its threads, and so do the last digits.
    """
    origins, sites = minutes.shape
    demand, supply = np.zeros(sites), np.zeros(origins)
    for step in range(2):
        for origin in range(origins):
            for site in range(sites):
                zone = 0
                while zone < zones.shape[0] and minutes[origin, site] > zones[zone]:
                    zone += 1  # exactly at a bound is within it
                if zone == zones.shape[0]:
                    continue
                if step == 0:
                    demand[site] += people[origin] * weights[zone]
                elif demand[site] > 0:
                    supply[origin] += weights[zone] * (1.0 / demand[site])
    return supply

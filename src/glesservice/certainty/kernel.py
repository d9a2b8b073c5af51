"""The innermost loops: scores of many draws at a time, from the ordered ways of each cell."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _chosen(site, km, service, cell, zone, opened, draw):  # type: ignore[no-untyped-def]
    """Find the first two open sites of a cell, and the first outside the zone of the first.

    Returns their km, the zone of the first, and whether the sites in hand told all of it.
    """
    first, second = np.inf, np.inf
    home, found = -1, 0
    for order in range(site.shape[2]):
        at = site[service, cell, order]
        if at < 0:
            return first, second, np.inf, home, True
        if not opened[draw, at]:
            continue
        found += 1
        if found == 1:
            first, home = km[service, cell, order], zone[at]
            continue
        if found == 2:
            second = km[service, cell, order]
        if home < 0 or zone[at] != home:
            return first, second, km[service, cell, order], home, True
    return first, second, np.inf, home, False


@numba.njit(cache=True, nogil=True)
def _among(numbers, count, wanted):  # type: ignore[no-untyped-def]
    """Tell whether a number is among the first so many."""
    for position in range(count):  # noqa: SIM110 (compiled)
        if numbers[position] == wanted:
            return True
    return False


@numba.njit(cache=True, nogil=True, error_model="numpy")
def score_block(  # type: ignore[no-untyped-def]
    site, km, count, ort, zone, people, opened, weights, share, near, far, full, orter, zones
):
    """Return what each draw gives each ort and each zone.

    Parameters
    ----------
    site, km
        Shape (services, cells, k): the sites in the order in which a cell would choose them, -1
        where there is no further one to reach, and how far they are.
    count
        How many sites each service has in all.
    ort
        Number of each cell's ort; negative for none.
    zone
        Number of each site's zone, whose sites are lost together; negative for none.
    people
        Shape (cells, draws).
    opened
        Shape (draws, sites).
    weights, near, far
        Shape (draws, services).
    share, full
        Shape (draws,): share of sparsity, and the km that mean full vulnerability.
    orter, zones
        How many there are.

    Returns
    -------
    tuple
        Score times people, and people, of each ort and draw; weighted person-km added and people
        left without by the loss of each zone; the services whose k ways did not suffice.
    """
    draws = people.shape[1]
    services, cells, k = site.shape
    scored = np.zeros((orter, draws))
    living = np.zeros((orter, draws))
    added = np.zeros((zones, draws))
    without = np.zeros((zones, draws))
    short = np.zeros(services, dtype=np.bool_)
    bereft = np.empty(services, dtype=np.int64)
    # Cell by cell: its few ways stay in the processor's cache over all draws.
    for cell in range(cells):
        for draw in range(draws):
            lives = people[cell, draw]
            score = 0.0
            bereft_zones = 0
            for service in range(services):
                first, second, elsewhere, home, told = _chosen(
                    site, km, service, cell, zone, opened, draw
                )
                if not told and k < count[service]:
                    short[service] = True
                weight = weights[draw, service]
                reach = far[draw, service] - near[draw, service]
                sparse = min(1.0, max(0.0, (first - near[draw, service]) / reach))
                lost = 1.0
                if first < np.inf:
                    lost = min(1.0, max(0.0, (second - first) / full[draw]))
                score += weight * (share[draw] * sparse + (1.0 - share[draw]) * lost)
                if home >= 0:
                    if elsewhere < np.inf:
                        added[home, draw] += weight * lives * max(0.0, elsewhere - first)
                    # Each cell's people are left without once, whatever the services.
                    elif not _among(bereft, bereft_zones, home):
                        bereft[bereft_zones] = home
                        bereft_zones += 1
                        without[home, draw] += lives
            if ort[cell] >= 0:
                scored[ort[cell], draw] += 100.0 * lives * score
                living[ort[cell], draw] += lives
    return scored, living, added, without, short

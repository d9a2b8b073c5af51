"""The distance tests of the support law: from a site to the next one of its service.

Not from anybody's home: the law looks at how far two shops lie from each other. What comes out is
an underlag for whoever tries an application, never a right to support.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.config import Legal, LegalTest
from glesservice.network import RoadNetwork, Snap, nearest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# What the distance says, in the order of how sure it is.
BEYOND = "över gränsen"  # further than the limit, whatever is unknown
WITHIN = "inom gränsen"  # within the limit of a site that counts for certain
UNCERTAIN = "oklart"  # hangs on a site of which it is not known whether it counts
ALONE = "inget annat ställe"  # no other site can be reached at all


@dataclass(frozen=True, eq=False)
class Next:
    """The next other site of each site: its position, and the shorter way of the two directions.

    Attributes
    ----------
    site
        Position of the other site, -1 where none can be reached.
    metres
        Shortest road distance, inf where there is none.
    """

    site: Ints
    metres: Floats


def next_sites(network: RoadNetwork, at: Snap, counterparts: npt.NDArray[np.bool_]) -> Next:
    """Return the next counterpart of each site, by the shorter of the ways there and back.

    Parameters
    ----------
    network
        The roads.
    at
        Where the sites of one service meet the road.
    counterparts
        Which of them count as somebody else's next site.

    Returns
    -------
    Next
        One entry a site; ties by the position of the other site.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road
    >>> road = example_road()
    >>> found = next_sites(road, at_nodes(road, np.array([0, 2, 3])), np.array([True, True, False]))
    >>> found.site.tolist(), found.metres.tolist()  # the third is nobody's next
    ([1, 0, 1], [15000.0, 15000.0, 8000.0])
    """
    others = np.flatnonzero(counterparts)
    site, metres = np.full(len(at), -1), np.full(len(at), np.inf)
    if not len(others):
        return Next(site, metres)
    for roads in (network, network.turned()):
        found = nearest(roads, at, at.take(others), 2, site_of=others, by="metres")
        # The first of the two that is not the site itself: it has itself at the door.
        itself = found.site == np.arange(len(at))[:, None]
        far = np.where(itself, np.inf, found.metres)
        first = np.argmin(far, axis=1)[:, None]
        there = np.take_along_axis(far, first, axis=1)[:, 0]
        which = np.take_along_axis(found.site, first, axis=1)[:, 0]
        nearer = (there < metres) | ((there == metres) & np.isfinite(there) & (which < site))
        site, metres = np.where(nearer, which, site), np.where(nearer, there, metres)
    return Next(site, metres)


def certain_and_possible(
    sites: pd.DataFrame, test: LegalTest
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which sites count as the next one for certain, and which may.

    Parameters
    ----------
    sites
        Sites of one service, with ``status`` and ``assortment``.
    test
        Which sites count.

    Returns
    -------
    tuple of ndarray
        Open sites, with a broad range of goods where the test asks for it; and those besides that
        are unconfirmed, or of which the range is not known. Whether a site is open all the year
        the input does not say.
    """
    status = sites["status"].to_numpy(dtype=object)
    assortment = sites["assortment"].fillna("unknown").to_numpy(dtype=object)
    broad = test.counterpart == "any"
    certain = (status == "open") & (broad | (assortment == "full"))
    may_be = np.isin(status, ["open", "unconfirmed"]) & (broad | (assortment != "limited"))
    return certain, may_be


def verdict(certain_km: float, possible_km: float, limit_km: float) -> str:
    """Return what the distances to the next sites say of one site.

    Parameters
    ----------
    certain_km
        To the next site that counts for certain, inf where there is none.
    possible_km
        To the next site that may count: never longer.
    limit_km
        The next site must be further away than this.

    Returns
    -------
    str
        ``BEYOND``, ``WITHIN``, ``UNCERTAIN`` or ``ALONE``, as the products say it.

    Examples
    --------
    >>> [verdict(*km, 10) for km in ((12, 11), (10, 3), (12, 9), (float("inf"),) * 2)]
    ['över gränsen', 'inom gränsen', 'oklart', 'inget annat ställe']
    """
    if np.isinf(possible_km):
        return ALONE
    if certain_km <= limit_km:
        return WITHIN
    return BEYOND if possible_km > limit_km else UNCERTAIN


def legal_tests(
    network: RoadNetwork, sites: pd.DataFrame, sites_at: Snap, tested: pd.Series, legal: Legal
) -> pd.DataFrame:
    """Return the distance test of each site that has one.

    Parameters
    ----------
    network
        The roads.
    sites
        Schema ``sites_table``: all in the extent, the neighbours' among them.
    sites_at
        Where they meet the road, in the order of ``sites``.
    tested
        Which of them are to be tested (the municipality's own); index as ``sites``.
    legal
        The tests.

    Returns
    -------
    DataFrame
        One row a tested site that is open or unconfirmed and on a road, in the order of ``sites``:
        ``site_id, service, next_site_id, next_km, certain_site_id, certain_km, limit_km,
        margin_km, verdict, control``. The next site is the nearest that may count, the certain one
        the nearest that counts for certain; kilometres are NaN where there is none. The margin is
        how much further than the limit the next site lies, negative within it; ``control`` where
        either distance lies so near the limit that it is to be measured on the spot.

    Examples
    --------
    >>> from glesservice.network import at_nodes, example_road
    >>> road = example_road()
    >>> shops = pd.DataFrame(
    ...     {"site_id": ["by", "stad"], "service": "dagligvaror", "status": "open"}
    ... ).assign(assortment="full")
    >>> own = pd.Series([True, False])
    >>> found = legal_tests(road, shops, at_nodes(road, np.array([0, 2])), own, Legal())
    >>> found[["site_id", "next_km", "margin_km", "verdict"]].to_dict("records")
    [{'site_id': 'by', 'next_km': 15.0, 'margin_km': 5.0, 'verdict': 'över gränsen'}]
    """
    ids = np.array([*sites["site_id"], None], dtype=object)
    rows = []
    for service, test in legal.tests.items():
        here = np.flatnonzero((sites["service"] == service) & (sites_at.link >= 0))
        group, at = sites.iloc[here], sites_at.take(here)
        certain, possible = certain_and_possible(group, test)
        sure, near = next_sites(network, at, certain), next_sites(network, at, possible)
        numbers = np.append(here, -1)
        asked = tested.iloc[here].to_numpy() & group["status"].isin(["open", "unconfirmed"])
        for place in np.flatnonzero(asked):
            sure_km, next_km = sure.metres[place] / 1000, near.metres[place] / 1000
            margins = np.array([next_km, sure_km]) - test.limit_km
            rows.append(
                {
                    "site_id": ids[here[place]],
                    "service": service,
                    "next_site_id": ids[numbers[near.site[place]]],
                    "next_km": next_km,
                    "certain_site_id": ids[numbers[sure.site[place]]],
                    "certain_km": sure_km,
                    "limit_km": test.limit_km,
                    "margin_km": margins[0],
                    "verdict": verdict(sure_km, next_km, test.limit_km),
                    "control": bool((np.abs(margins) <= legal.control_km).any()),
                    "position": here[place],
                }
            )
    columns = ["site_id", "service", "next_site_id", "next_km", "certain_site_id", "certain_km"]
    columns += ["limit_km", "margin_km", "verdict", "control", "position"]
    table = pd.DataFrame(rows, columns=columns).sort_values("position", ignore_index=True)
    table = table.drop(columns="position")
    kilometres = ["next_km", "certain_km", "margin_km"]
    table[kilometres] = table[kilometres].astype(float).replace(np.inf, np.nan)
    return table

"""What a scenario's words mean: sites, places, chains, orter and spots on the map."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

import geopandas as gpd
import pandas as pd
import shapely

from glesservice.analysis import Result, counted
from glesservice.config import Settings
from glesservice.errors import Fault, InputError
from glesservice.scenarios.description import Position
from glesservice.sources import Inputs
from glesservice.sources.places import place_ids
from glesservice.tables import CRS

# Sites of one name within this distance, metres, are one business: its shop and its pump.
ONE_BUSINESS_M = 500.0
# So many names are offered in place of an unknown one.
SHOWN = 3


def sites_named(sites: gpd.GeoDataFrame, name: str, where: str) -> list[str]:
    """Return the ids of the sites that a name or an id stands for.

    Parameters
    ----------
    sites
        Schema ``SITES``.
    name
        An id, or an exact name: one business may give several services under one name.
    where
        The step, for messages.

    Returns
    -------
    list of str
        Site ids, sorted.

    Raises
    ------
    InputError
        If there is no such site, or several far apart.
    """
    if name in set(sites["site_id"]):
        return [name]
    found = sites[sites["name"] == name]
    if found.empty:
        raise InputError(_unknown("site", name, [*sites["name"], *sites["site_id"]], where))
    xy = found.geometry
    if xy.distance(xy.iloc[0]).max() > ONE_BUSINESS_M:
        raise InputError(
            Fault(
                f"several sites far apart are called {name}",
                where,
                f"Write one of their ids: {', '.join(sorted(found['site_id']))}",
            )
        )
    return sorted(found["site_id"])


def sites_at_place(sites: gpd.GeoDataFrame, name: str, settings: Settings, where: str) -> list[str]:
    """Return the ids of all sites at the place of a named site: they close together.

    Parameters
    ----------
    sites
        Schema ``SITES``.
    name
        Id or exact name of a site of the place.
    settings
        Which sites count, and how close together a place is.
    where
        The step, for messages.

    Returns
    -------
    list of str
        Site ids, sorted.

    Raises
    ------
    InputError
        If there is no such site, or several far apart.
    """
    named = sites_named(sites, name, where)
    standing = sites[counted(sites, settings)]
    place = place_ids(standing, settings.policy.place_m)
    ids = standing["site_id"]
    at = set(place[ids.isin(named)])
    return sorted({*named, *ids[place.isin(at)]})


def sites_of_chain(sites: gpd.GeoDataFrame, chain: str, where: str) -> list[str]:
    """Return the ids of a chain's sites.

    Parameters
    ----------
    sites
        Schema ``SITES``.
    chain
        The operator, or what the sites' names begin with, whole words.
    where
        The step, for messages.

    Returns
    -------
    list of str
        Site ids, sorted.

    Raises
    ------
    InputError
        If there is no such chain.
    """
    words = chain.casefold().split()
    operator = sites["operator"].astype("object").fillna("").str.casefold()
    begins = sites["name"].map(lambda name: name.casefold().split()[: len(words)] == words)
    found = sites[operator.eq(chain.casefold()) | begins]
    if found.empty:
        known = [*sites["operator"].dropna(), *sites["name"].str.split().str[0]]
        raise InputError(_unknown("chain", chain, known, where))
    return sorted(found["site_id"])


def spot(
    ort: str | None, at: Position | None, inputs: Inputs, before: Result, where: str
) -> shapely.Point:
    """Return a spot on the map.

    Parameters
    ----------
    ort
        Name of an ort or a village; where several share it, the municipality's own.
    at
        Or a position.
    inputs
        The tables, with the settlements.
    before
        The result without the scenario, with the orter.
    where
        The step, for messages.

    Returns
    -------
    Point
        In EPSG:3006.

    Raises
    ------
    InputError
        If there is no such ort, or several.
    """
    if at is not None:
        return in_sweref(at)
    villages = inputs.settlements
    named = villages[villages["name"] == ort]
    if len(named) > 1:
        inside = named.geometry.representative_point().within(inputs.boundary.geometry.iloc[0])
        named = named[inside] if inside.any() else named
    if len(named) == 1:
        return _point(named.geometry.iloc[0].representative_point())
    cells = cells_of_ort(before, str(ort), where, also=villages["name"])
    homes = before.cells[before.cells["cell_id"].isin(cells)]
    fullest = homes.sort_values(["people", "cell_id"], ascending=[False, True]).iloc[0]
    return _point(fullest.geometry.centroid)


def cells_of_ort(before: Result, name: str, where: str, also: Iterable[str] = ()) -> frozenset[str]:
    """Return the ids of an ort's cells.

    Parameters
    ----------
    before
        The result with the orter.
    name
        The ort's name.
    where
        The step, for messages.
    also
        More names that would have been understood.

    Returns
    -------
    frozenset of str
        Cell ids.

    Raises
    ------
    InputError
        If there is no such ort.
    """
    found = before.orter.loc[before.orter["name"] == name, "ort_id"]
    if found.empty:
        raise InputError(_unknown("ort", name, [*before.orter["name"], *also], where))
    return frozenset(before.cells.loc[before.cells["ort_id"] == found.iloc[0], "cell_id"])


def in_sweref(at: Position) -> shapely.Point:
    """Return a position in EPSG:3006.

    Parameters
    ----------
    at
        In WGS 84.
    """
    point = gpd.GeoSeries([shapely.Point(at.lon, at.lat)], crs=4326).to_crs(CRS).iloc[0]
    return _point(point)


def _point(place: shapely.Point) -> shapely.Point:
    """Take a point out of a table."""
    return shapely.Point(place.x, place.y)


def unknown_road(ref: str, known: pd.Series, where: str) -> Fault:
    """Return the fault of a road number that no road has.

    Parameters
    ----------
    ref
        What was written.
    known
        The numbers there are.
    where
        The step, for messages.
    """
    return _unknown("road with the number", ref, known, where)


def _unknown(what: str, name: str, known: Iterable[str], where: str) -> Fault:
    """Say that a name is not known, and which ones are near it."""
    names = sorted(set(known))
    folded = {entry.casefold(): entry for entry in reversed(names)}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=SHOWN, cutoff=0.4)
    inside = [low for low in folded if name.casefold() in low and low not in near]
    offered = [folded[low] for low in [*inside[:SHOWN], *near][:SHOWN]]
    mend = f"Did you mean {' or '.join(offered)}" if offered else f"There are {len(names)} others"
    return Fault(f"there is no {what} {name}", where, mend)

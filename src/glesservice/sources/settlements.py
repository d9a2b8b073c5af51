"""Localities and named places: SCB's tätorter and småorter, and village points."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.config import Settlements
from glesservice.errors import Fault, InputError
from glesservice.sources.files import points_from_degrees, read_csv
from glesservice.sources.layers import layer_names, read_layer, single_points
from glesservice.sources.naming import ids_by_name
from glesservice.tables import CRS, SETTLEMENTS, as_text, check

# A named place within so many metres of a locality's polygon may be its name: place names in
# gazetteers are often rounded to whole arc-minutes, about a kilometre here.
NAME_REACH_M = 2000.0

KINDS = ("tatort", "smaort", "by")


def read_settlements(source: Settlements) -> gpd.GeoDataFrame:
    """Return localities and named places, each place once.

    Parameters
    ----------
    source
        A GeoPackage with any of SCB's tätorter (column ``tatort``), SCB's småorter (column
        ``smaort``, without names) and named points (column ``name``); or a CSV of named points
        with ``lat`` and ``lon``.

    Returns
    -------
    GeoDataFrame
        Schema ``SETTLEMENTS``, sorted by id: polygons for localities where known, else points. A
        småort takes the name of the nearest named place. A point that stands for a locality with
        a polygon is left out.

    Raises
    ------
    InputError
        If the file cannot be read or holds none of these.
    """
    where = str(source.path)
    if source.path.suffix.lower() == ".csv":
        places = points_from_degrees(read_csv(source.path, "places"), where, also=("name",))
        return _checked([_with_ids(_places(places))], where)
    parts: dict[str, list[gpd.GeoDataFrame]] = {"tatort": [], "smaort": [], "name": []}
    for layer in layer_names(source.path, "places"):
        frame = single_points(read_layer(source.path, layer, "places"))
        kind = next((column for column in parts if column in frame.columns), None)
        if kind is not None:
            parts[kind].append(frame)
    if not any(parts.values()):
        raise InputError(
            Fault(
                "no layer has a column tatort, smaort or name",
                where,
                "Use SCB's localities, or name the column of village names 'name'",
            )
        )
    points = [_places(frame) for frame in parts["name"]]
    known = _with_ids(pd.concat(points, ignore_index=True)) if points else _none()
    localities = [_towns(frame) for frame in parts["tatort"]]
    localities += [_small_localities(frame, known) for frame in parts["smaort"]]
    if localities and points:
        known = _without_doubles(known, pd.concat(localities, ignore_index=True))
    return _checked([*localities, known], where)


def _none() -> gpd.GeoDataFrame:
    """Return no places."""
    empty: dict[str, list[str]] = {name: [] for name in SETTLEMENTS.names()}
    return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)


def _places(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read named points."""
    ids = frame["id"] if "id" in frame.columns else frame.get("geonameid")
    kind = frame["kind"] if "kind" in frame.columns else pd.Series("by", index=frame.index)
    return gpd.GeoDataFrame(
        {
            "settlement_id": None if ids is None else as_text(ids),
            "name": frame.get("name"),
            "kind": kind.fillna("by"),
            "population": frame.get("population"),
        },
        geometry=frame.geometry.values,
        crs=frame.crs,
    )


def _with_ids(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give places without an id one by their name."""
    return places.assign(settlement_id=places["settlement_id"].fillna(ids_by_name(places)))


def _towns(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read SCB's tätorter."""
    return gpd.GeoDataFrame(
        {
            "settlement_id": frame.get("tatortskod", frame["tatort"]),
            "name": frame["tatort"],
            "kind": "tatort",
            "population": frame.get("bef"),
        },
        geometry=frame.geometry.values,
        crs=frame.crs,
    )


def _small_localities(frame: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read SCB's småorter, which have a code and no name, and name them from the places."""
    if places.empty:
        names = frame["smaort"]
    else:
        # Points marked as småorter come first: a farm's name may happen to be nearer.
        named = [
            _nearest_name(shape, places[places["kind"] == "smaort"]) or _nearest_name(shape, places)
            for shape in frame.geometry
        ]
        names = pd.Series(named, index=frame.index).fillna(frame["smaort"])
    return gpd.GeoDataFrame(
        {
            "settlement_id": frame["smaort"],
            "name": names,
            "kind": "smaort",
            "population": frame.get("bef"),
        },
        geometry=frame.geometry.values,
        crs=frame.crs,
    )


def _nearest_name(shape: object, places: gpd.GeoDataFrame) -> str | None:
    """Return the name of the nearest place within reach, if there is one."""
    if places.empty:
        return None
    distance = places.distance(shape).to_numpy()
    nearest = int(np.argmin(distance))
    return str(places["name"].iloc[nearest]) if distance[nearest] <= NAME_REACH_M else None


def _without_doubles(places: gpd.GeoDataFrame, localities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop the points that stand for a locality whose polygon is known."""
    double = [
        bool(((localities["name"] == name) & (localities.distance(point) <= NAME_REACH_M)).any())
        for name, point in zip(places["name"], places.geometry, strict=True)
    ]
    return places[~np.array(double, dtype=bool)]


def _checked(parts: list[gpd.GeoDataFrame], where: str) -> gpd.GeoDataFrame:
    """Put the parts together and check them."""
    parts = [part for part in parts if not part.empty]
    frame = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=parts[0].crs)
    settlements = check(frame, SETTLEMENTS, where)
    unknown = sorted(set(settlements["kind"]) - set(KINDS))
    if unknown:
        raise InputError(
            Fault(
                f"the kind {', '.join(unknown)} is not known",
                where,
                f"Use one of {', '.join(KINDS)}",
            )
        )
    return settlements.sort_values("settlement_id", ignore_index=True)

"""Localities and named places: SCB's tätorter and småorter, and village points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.config import Settlements
from glesservice.errors import Fault, InputError
from glesservice.sources.headings import PLACES, renamed
from glesservice.sources.layers import chosen_layer, layer_names, read_layer, single_points
from glesservice.sources.naming import ids_by_name
from glesservice.sources.osm_features import is_extract, osm_places
from glesservice.sources.positions import points_from_table
from glesservice.sources.spreadsheets import is_table, read_table
from glesservice.tables import CRS, SETTLEMENTS, as_text, check

# A named place within so many metres of a locality's polygon may be its name: place names in
# gazetteers are often rounded to whole arc-minutes, about a kilometre here.
NAME_REACH_M = 2000.0

KINDS = ("tatort", "smaort", "by")
# Columns that tell what a layer holds; the codes alone do where a name is left out.
LAYERS: Mapping[str, set[str]] = {
    "tatort": {"tatort", "tatortskod", "tatortsbeteckning"},
    "smaort": {"smaort", "smaortskod", "smaortsbeteckning"},
    "name": {"name", "namn", "ortnamn"},
}


@dataclass(frozen=True, eq=False)
class _Parts:
    """What one source holds: localities as polygons, and named points."""

    tatort: list[gpd.GeoDataFrame]
    smaort: list[gpd.GeoDataFrame]
    name: list[gpd.GeoDataFrame]


def read_settlements(sources: Settlements | Sequence[Settlements]) -> gpd.GeoDataFrame:
    """Return localities and named places, each place once.

    Parameters
    ----------
    sources
        Map files with any of SCB's tätorter (column ``tatort``), SCB's småorter (column
        ``smaort``, without names) and named points (column ``name``); tables of named points;
        OpenStreetMap extracts. What stands first holds: a namesake nearby in a later source is
        the same place.

    Returns
    -------
    GeoDataFrame
        Schema ``SETTLEMENTS``, sorted by id: polygons for localities where known, else points. A
        småort takes the name of the nearest named place of all sources. A point that stands for a
        locality with a polygon is left out.

    Raises
    ------
    InputError
        If a file cannot be read or holds none of these.
    """
    sources = [sources] if isinstance(sources, Settlements) else list(sources)
    where = ", ".join(str(source.path) for source in sources)
    found: list[_Parts] = []
    faults: list[Fault] = []
    for source in sources:
        try:
            found.append(_parts(source))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(*faults)
    points = [_one_source(parts.name) for parts in found if parts.name]
    known = _joined(points)
    towns = [_towns(frame) for parts in found for frame in parts.tatort]
    small = [_small_localities(frame, known) for parts in found for frame in parts.smaort]
    localities = [*towns, *small]
    if localities and points:
        known = _without_doubles(known, pd.concat(localities, ignore_index=True))
    if towns:
        # Where SCB says what a tätort is, OpenStreetMap's word for a town means less.
        osm = known["settlement_id"].astype("str").str.startswith("osm-")
        known = known.assign(kind=known["kind"].where(~osm, "by"))
    return _checked([*localities, known], where)


def _parts(source: Settlements) -> _Parts:
    """Read one source, and sort its layers by what they hold."""
    where = str(source.path)
    parts = _Parts([], [], [])
    if is_extract(source.path):
        parts.name.append(osm_places(source.path))
        return parts
    if is_table(source.path):
        table = renamed(read_table(source.path, "places", source.layer), PLACES, where)
        parts.name.append(points_from_table(table, where, also=("name",), crs=source.crs))
        return parts
    layers = layer_names(source.path, "places")
    if source.layer is not None:
        layers = [chosen_layer(source.path, source.layer, "places")]
    for layer in layers:
        frame = single_points(read_layer(source.path, layer, "places", crs=source.crs))
        frame = frame.rename(
            columns={n: str(n).lower() for n in frame.columns if n != frame.geometry.name}
        )
        kind = next((kind for kind, columns in LAYERS.items() if columns & set(frame.columns)), "")
        if kind == "name":
            frame = renamed(frame, PLACES, f"{where}, layer {layer}")
        if kind:
            getattr(parts, kind).append(frame)
    if not (parts.tatort or parts.smaort or parts.name):
        raise InputError(
            Fault(
                "no layer has a column tatort, smaort or name",
                where,
                "Use SCB's localities, or name the column of village names 'name'",
            )
        )
    return parts


def _one_source(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Put the named points of one source together."""
    return _with_ids(pd.concat([_places(frame) for frame in frames], ignore_index=True))


def _joined(sources: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Put the named points of all sources together, a namesake nearby being the same place."""
    if not sources:
        return _none()
    known = sources[0]
    for more in sources[1:]:
        new = _without_doubles(more, known)
        taken = new["settlement_id"].isin(known["settlement_id"])
        placed = new["settlement_id"] + "-" + ids_by_name(new)
        new = new.assign(settlement_id=new["settlement_id"].where(~taken, placed))
        known = gpd.GeoDataFrame(pd.concat([known, new], ignore_index=True), crs=known.crs)
    return known


def _none() -> gpd.GeoDataFrame:
    """Return no places."""
    empty: dict[str, list[str]] = {name: [] for name in SETTLEMENTS.names()}
    return gpd.GeoDataFrame(empty, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)


def _places(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read named points."""
    ids = frame.get("settlement_id", frame.get("geonameid"))
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
            "settlement_id": _first(frame, ("tatortskod", "tatortsbeteckning", "tatort")),
            "name": _first(frame, ("tatort", "tatortsbeteckning")),
            "kind": "tatort",
            "population": frame.get("bef"),
        },
        geometry=frame.geometry.values,
        crs=frame.crs,
    )


def _first(frame: gpd.GeoDataFrame, names: Sequence[str]) -> pd.Series:
    """Return the first of the columns that is there; nothing known where none is."""
    known = (frame[name] for name in names if name in frame.columns)
    return next(known, pd.Series(None, frame.index, dtype="object"))


def _small_localities(frame: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Read SCB's småorter, which have a code and no name, and name them from the places."""
    codes = as_text(_first(frame, ("smaort", "smaortskod", "smaortsbeteckning")))
    if places.empty:
        names = codes
    else:
        # Points marked as småorter come first: a farm's name may happen to be nearer.
        named = _nearest_names(frame, places[places["kind"] == "smaort"])
        names = named.fillna(_nearest_names(frame, places)).fillna(codes)
    return gpd.GeoDataFrame(
        {
            "settlement_id": codes,
            "name": names,
            "kind": "smaort",
            "population": frame.get("bef"),
        },
        geometry=frame.geometry.values,
        crs=frame.crs,
    )


def _nearest_names(frame: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> pd.Series:
    """Return the name of the nearest place within reach of each shape, if there is one."""
    shape, place = shapely.STRtree(places.geometry.to_numpy()).query_nearest(
        frame.geometry.to_numpy(), max_distance=NAME_REACH_M
    )
    # Of several at the same distance the first in the file.
    first = pd.Series(place).groupby(shape).min()
    names = pd.Series(None, index=frame.index, dtype="object")
    names.iloc[first.index] = places["name"].iloc[first].astype(str).to_numpy()
    return names


def _without_doubles(places: gpd.GeoDataFrame, localities: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Drop the points that stand for a locality whose polygon is known."""
    point, locality = shapely.STRtree(localities.geometry.to_numpy()).query(
        places.geometry.to_numpy(), predicate="dwithin", distance=NAME_REACH_M
    )
    same = places["name"].to_numpy()[point] == localities["name"].to_numpy()[locality]
    double = np.zeros(len(places), dtype=bool)
    double[point[same]] = True
    return places[~double]


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

"""Lakes to be drawn behind the result: cut to the surroundings, and no finer than a map shows."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from glesservice.config import Lakes
from glesservice.errors import Fault, InputError
from glesservice.sources.layers import column_names, read_layer
from glesservice.tables import CRS, LAKES, as_text, check

# So far around the municipality's extent lakes are drawn, m.
MARGIN_M = 40_000.0
SMALLEST_M2 = 20_000.0
# Bends smaller than this cannot be seen at 1:100 000, m.
SIMPLIFY_M = 20.0


def read_lakes(source: Lakes, boundary: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the lakes in and around the municipality.

    Parameters
    ----------
    source
        A polygon layer; only what lies around the municipality is read.
    boundary
        The municipality, schema ``BOUNDARY``.

    Returns
    -------
    GeoDataFrame
        Schema ``LAKES``, the largest first.

    Raises
    ------
    InputError
        If the file cannot be read, holds no areas, or none around the municipality.
    """
    window = shapely.box(*boundary.total_bounds).buffer(MARGIN_M, join_style="mitre")
    where = f"{source.path}, layer {source.layer or 'the only one'}"
    known = column_names(source.path, source.layer, "lakes")
    faults = [
        Fault(f"there is no column {name}", where, f"Name one of these: {', '.join(known)}")
        for name in source.where
        if name not in known
    ]
    if faults:
        raise InputError(*faults)
    wanted, around = list(source.where), window.bounds
    frame = read_layer(source.path, source.layer, "lakes", wanted, source.crs, around)
    for name, values in source.where.items():
        frame = frame[as_text(frame[name]).isin(values)]
    drawn = shapely.get_type_id(frame.geometry.to_numpy())
    areas = np.isin(drawn, [shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON])
    if not areas.any():
        raise InputError(Fault("there are no areas", where, "Use a layer of lakes as polygons"))
    whole = shapely.make_valid(frame.geometry.to_numpy()[areas])
    inside = shapely.intersection(whole, window)
    simple = shapely.make_valid(shapely.simplify(inside, SIMPLIFY_M))
    # Cutting and mending may leave lines and points beside the areas.
    parts = shapely.get_parts(shapely.get_parts(simple))
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    parts = shapely.normalize(parts[shapely.area(parts) >= SMALLEST_M2])
    if not len(parts):
        near = f"there is no lake within {MARGIN_M / 1000:g} km of the municipality"
        raise InputError(Fault(near, where, "Use a layer that covers the municipality"))
    size = shapely.area(parts)
    # Equal lakes by their place, so that the order of the file does not show.
    place = shapely.bounds(parts)
    order = np.lexsort((*place.T, -size))
    lakes = gpd.GeoDataFrame(
        {"number": np.arange(1, len(parts) + 1), "area_km2": size[order] / 1e6},
        geometry=parts[order],
        crs=CRS,
    )
    return check(lakes, LAKES, where)

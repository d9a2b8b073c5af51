"""Opening map layers: one way to be told that one is missing, unreadable or without coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from glesservice.errors import Fault, InputError
from glesservice.sources.files import existing
from glesservice.tables import CRS


def read_layer(
    path: Path, layer: str | None, what: str, columns: Sequence[str] | None = None
) -> gpd.GeoDataFrame:
    """Return a vector layer in EPSG:3006.

    Parameters
    ----------
    path
        A file that GDAL reads: GeoPackage, GeoJSON.
    layer
        The layer; the only one where not given.
    what
        What it should hold, for the messages.
    columns
        The columns to read; all where not given.

    Returns
    -------
    GeoDataFrame
        The rows, reprojected.

    Raises
    ------
    InputError
        If the file or layer is missing, cannot be read, is empty or has no coordinate system.
    """
    layer = chosen_layer(path, layer, what)
    where = f"{path}, layer {layer}"
    try:
        frame = gpd.read_file(path, layer=layer, columns=columns)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(
            Fault(f"the layer cannot be read ({error})", where, "Save it anew")
        ) from None
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise InputError(Fault("there are no features", where, "Use a layer with geometry"))
    return to_sweref(frame, where)


def column_names(path: Path, layer: str | None, what: str) -> list[str]:
    """Return the names of a layer's columns, without reading its rows.

    Parameters
    ----------
    path
        A file that GDAL reads.
    layer
        The layer; the only one where not given.
    what
        What it should hold, for the messages.

    Returns
    -------
    list of str
        In the order of the file, geometry apart.

    Raises
    ------
    InputError
        If the file or layer is missing or no vector file.
    """
    chosen = chosen_layer(path, layer, what)
    return [str(name) for name in pyogrio.read_info(path, layer=chosen)["fields"]]


def chosen_layer(path: Path, layer: str | None, what: str) -> str:
    """Return the layer that is meant.

    Parameters
    ----------
    path
        A file that GDAL reads.
    layer
        What the settings say; nothing means the only layer.
    what
        What it should hold, for the messages.

    Returns
    -------
    str
        Name of a layer that is there.

    Raises
    ------
    InputError
        If there is no such layer, or none is named among several.
    """
    layers = layer_names(path, what)
    if layer is None and len(layers) > 1:
        raise InputError(
            Fault(
                f"the file has several layers ({', '.join(layers)})",
                str(path),
                "Name one as layer in the settings",
            )
        )
    if layer is not None and layer not in layers:
        raise InputError(
            Fault(
                f"there is no layer {layer}",
                str(path),
                f"Choose one of these in the settings: {', '.join(layers)}",
            )
        )
    return layer or layers[0]


def layer_names(path: Path, what: str) -> list[str]:
    """Return the names of a vector file's layers, in their order.

    Parameters
    ----------
    path
        The file.
    what
        What it should hold, for the messages.

    Returns
    -------
    list of str
        At least one.

    Raises
    ------
    InputError
        If the file is missing or is no vector file.
    """
    existing(path, what)
    try:
        # Without geometry: tables such as the styles that QGIS saves beside the layers.
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except pyogrio.errors.DataSourceError:
        layers = []
    if not layers:
        raise InputError(
            Fault(
                f"this is no readable map file with {what}",
                str(path),
                "Save it anew as GeoPackage",
            )
        )
    return layers


def to_sweref(frame: gpd.GeoDataFrame, where: str) -> gpd.GeoDataFrame:
    """Return a frame in EPSG:3006.

    Parameters
    ----------
    frame
        Features with a known coordinate system.
    where
        File and layer, for the message.

    Returns
    -------
    GeoDataFrame
        The features, reprojected, two-dimensional.

    Raises
    ------
    InputError
        If the coordinate system is not known.
    """
    if frame.crs is None:
        raise InputError(
            Fault(
                "the coordinate system is not stated",
                where,
                "Set it in the file, usually EPSG:3006 (SWEREF 99 TM)",
            )
        )
    flat = frame.set_geometry(frame.geometry.force_2d())
    return flat.to_crs(CRS)


def single_points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame whose multipoints of one point are points.

    Parameters
    ----------
    frame
        Features; QGIS saves point layers as multipoints unless told otherwise.
    """
    shapes = frame.geometry.to_numpy()
    alone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(shapes) == 1
    )
    if not alone.any():
        return frame
    points = np.where(alone, shapely.get_geometry(shapes, 0), shapes)
    return frame.set_geometry(gpd.GeoSeries(points, index=frame.index, crs=frame.crs))

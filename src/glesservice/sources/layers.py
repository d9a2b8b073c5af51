"""Opening map layers: one way to be told that one is missing, unreadable or without coordinates."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from glesservice.errors import Fault, InputError
from glesservice.sources.coordinates import to_sweref
from glesservice.sources.files import called, content_kind, existing, refuse_entities
from glesservice.tables import CRS

# What is read, by the ending of the name, and how such a file begins. Other formats that GDAL knows
# can point at other files or at the network.
ENDINGS = (".gpkg", ".geojson", ".json", ".shp", ".fgb", ".gml", ".sqlite")
DATABASES = (".gpkg", ".sqlite")
# What GML and GeoJSON swell to in memory is bounded by their size.
LARGEST_TEXT_BYTES = 2_000_000_000

pyogrio.set_gdal_config_options({"GML_DOWNLOAD_SCHEMA": "NO"})


def read_layer(
    path: Path,
    layer: str | None,
    what: str,
    columns: Sequence[str] | None = None,
    crs: str | None = None,
    around: tuple[float, float, float, float] | None = None,
    keep: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame] | None = None,
) -> gpd.GeoDataFrame:
    """Return a vector layer in EPSG:3006.

    Parameters
    ----------
    path
        A map file: GeoPackage, GeoJSON, GML, FlatGeobuf or Shapefile.
    layer
        The layer; the only one where not given.
    what
        What it should hold, for the messages.
    columns
        The columns to read; all where not given.
    crs
        The coordinate system that the settings state, for files that do not state theirs.
    around
        West, south, east and north in EPSG:3006: only what touches this is read.
    keep
        Chooses the rows before anything is asked of where they lie.

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
        with _without_warnings():
            box = None if around is None else _box(path, layer, around, crs)
            frame = gpd.read_file(path, layer=layer, columns=columns, bbox=box)
            whole = gpd.read_file(path, layer=layer) if frame.empty and box else None
    except Exception as error:  # GDAL raises whatever the broken file leads to
        raise InputError(
            Fault(f"the layer cannot be read ({_short(error)})", where, "Save it anew")
        ) from None
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        if isinstance(whole, gpd.GeoDataFrame) and not whole.empty:
            to_sweref(whole, where, crs)  # a wrong coordinate system is why, and is told
        here = "" if around is None else " around the municipality"
        raise InputError(Fault(f"there are no features{here}", where, "Use a layer with geometry"))
    return to_sweref(frame if keep is None else keep(frame), where, crs)


def read_attributes(path: Path, layer: str | None, what: str) -> pd.DataFrame:
    """Return a layer's rows without their geometry.

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
    DataFrame
        The rows.

    Raises
    ------
    InputError
        If the file or layer is missing or cannot be read.
    """
    layer = chosen_layer(path, layer, what)
    try:
        with _without_warnings():
            return pd.DataFrame(pyogrio.read_dataframe(path, layer=layer, read_geometry=False))
    except Exception as error:  # GDAL raises whatever the broken file leads to
        where = f"{path}, layer {layer}"
        raise InputError(
            Fault(f"the layer cannot be read ({_short(error)})", where, "Save it anew")
        ) from None


def _box(
    path: Path, layer: str, around: tuple[float, float, float, float], crs: str | None
) -> tuple[float, ...] | None:
    """Return a window in a layer's own coordinates; none where these are not known."""
    own = pyogrio.read_info(path, layer=layer)["crs"] or crs
    if own is None:
        return None
    turn = pyproj.Transformer.from_crs(CRS, own, always_xy=True)
    box = turn.transform_bounds(*around)
    return box if np.isfinite(box).all() else None


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep GDAL's remarks on a file from the terminal: what matters is told as a fault."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def _short(error: Exception) -> str:
    """Return the first line of what a library says."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


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
    _refuse_other_formats(existing(path, what), what)
    try:
        # Without geometry: tables such as the styles that QGIS saves beside the layers.
        with _without_warnings():
            listed = pyogrio.list_layers(path)
        layers = [str(name) for name, kind in listed if kind is not None]
    except Exception:  # GDAL raises whatever the broken file leads to; it is told below
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


def _refuse_other_formats(path: Path, what: str) -> None:
    """Stop where a file is not what its ending says, or is cut off."""
    ending, kind = path.suffix.lower(), content_kind(path)
    why = ""
    if ending not in ENDINGS:
        why = f"files ending in {ending or 'nothing'} are not read"
    elif ending in DATABASES and kind != "geopackage":
        why = f"this is {called(kind)}" if kind else "it is no database"
    elif ending not in DATABASES and kind:
        why = f"this is {called(kind)}"
    elif ending in DATABASES and (missing := _missing_bytes(path)):
        why = f"the file is cut off: {missing} bytes are missing"
    elif ending in {".geojson", ".json", ".gml"}:
        if path.stat().st_size > LARGEST_TEXT_BYTES:
            why = "the file is too large for this format"
        if ending == ".gml":
            refuse_entities(path)
    if why:
        raise InputError(
            Fault(
                f"this is no readable map file with {what} ({why})",
                str(path),
                "Download it again, or save it anew as GeoPackage",
            )
        )


def _missing_bytes(path: Path) -> int:
    """Return how many bytes a database lacks of what its header promises."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or head[24:28] != head[92:96] or head[18] != 1:
        return 0  # the page count is not kept, or changes wait in a file beside
    page_size = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")
    return max(0, pages * (65_536 if page_size == 1 else page_size) - path.stat().st_size)


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

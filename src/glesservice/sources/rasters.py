"""Rasters of people: each pixel with people becomes a cell, whatever its size and map."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.windows import Window

from glesservice.errors import Fault, InputError
from glesservice.sources.coordinates import to_sweref
from glesservice.sources.files import existing
from glesservice.sources.squares import square_ids
from glesservice.tables import CRS

# The whole country has about 115 000 populated cells of 1 km; a raster of it some 1 600 x 700.
MOST_CELLS = 2_000_000
MOST_PIXELS = 50_000_000
PICTURE_BANDS = 3


def cells_of_raster(path: Path, crs: str | None) -> gpd.GeoDataFrame:
    """Return the pixels with people as polygons in EPSG:3006.

    Parameters
    ----------
    path
        A raster whose only band holds people; a pixel without data, or that is no number, holds
        nobody.
    crs
        The coordinate system that the settings state, for rasters that do not state theirs.

    Returns
    -------
    GeoDataFrame
        ``cell_id`` and ``people``: SCB's own ids where the raster has SCB's own squares, else the
        place in the raster.

    Raises
    ------
    InputError
        If the raster cannot be read, is too large or is no raster of people.
    """
    where = str(existing(path, "the population grid"))
    try:
        with rasterio.open(path) as raster:
            _refuse_others(raster, where)
            row, column, people = _populated(raster, where)
            transform, stated = raster.transform, raster.crs
    except rasterio.errors.RasterioError as error:
        raise InputError(
            Fault(f"the raster cannot be read ({error})", where, "Save it anew as GeoTIFF")
        ) from None
    corners = np.stack(
        [
            np.column_stack(transform @ (column + right, row + down))
            for right, down in ((0, 1), (1, 1), (1, 0), (0, 0))
        ],
        axis=1,
    )
    frame = gpd.GeoDataFrame(
        {"people": people}, geometry=shapely.polygons(corners), crs=stated or None
    )
    if frame.empty:
        raise InputError(Fault("nobody lives in any cell", where, "Use another band or raster"))
    frame = to_sweref(frame, where, crs)
    if stated == rasterio.CRS.from_string(CRS) and transform.b == transform.d == 0:
        west, south = corners[:, 0, 0], corners[:, :, 1].min(axis=1)
        frame["cell_id"] = square_ids(west, south)
    else:
        frame["cell_id"] = [f"r{r:05d}c{c:05d}" for r, c in zip(row, column, strict=True)]
    return frame


def _refuse_others(raster: rasterio.DatasetReader, where: str) -> None:
    """Stop before a raster fills the memory, or where it holds something else than people."""
    _refuse_too_large(raster.width * raster.height, MOST_PIXELS, "pixels", where)
    if raster.count >= PICTURE_BANDS and raster.dtypes[0] == "uint8":
        raise InputError(
            Fault(
                f"the raster has {raster.count} bands of colours: it is a picture, not people",
                where,
                "Use the raster of people itself",
            )
        )
    if np.dtype(raster.dtypes[0]).kind not in "uif":
        raise InputError(
            Fault("the raster holds no plain numbers", where, "Save it as float or integer")
        )


def _populated(
    raster: rasterio.DatasetReader, where: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read the pixels with people strip by strip: rows, columns, people."""
    strips: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    count = 0
    height = max(1, 4_000_000 // max(raster.width, 1))
    for top in range(0, raster.height, height):
        window = Window(0, top, raster.width, min(height, raster.height - top))
        values = raster.read(1, window=window, masked=True).astype("float64").filled(0.0)
        values = np.nan_to_num(values * raster.scales[0] + raster.offsets[0] * (values != 0), nan=0)
        row, column = np.nonzero(values)
        count += len(row)
        _refuse_too_large(count, MOST_CELLS, "populated pixels", where)
        strips.append((row + top, column, values[row, column]))
    row, column, people = (np.concatenate(part) for part in zip(*strips, strict=True))
    return row, column, people


def _refuse_too_large(count: int, most: int, what: str, where: str) -> None:
    """Stop before a raster fills the memory."""
    if count > most:
        raise InputError(
            Fault(
                f"the raster has {count} {what}, more than {most}",
                where,
                "Cut it to the municipality, or use larger pixels",
            )
        )

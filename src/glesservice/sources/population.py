"""The population grid: SCB's cells as polygons, or a raster of people."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import rasterio.transform
import shapely

from glesservice.config import Population
from glesservice.errors import Fault, InputError
from glesservice.sources.files import existing, read_csv
from glesservice.sources.layers import read_layer, to_sweref
from glesservice.tables import CELLS, CRS, check

RASTER_ENDINGS = (".tif", ".tiff")


def read_population(source: Population) -> gpd.GeoDataFrame:
    """Return the populated cells.

    Parameters
    ----------
    source
        A polygon layer with a column of people, a GeoTIFF whose first band holds people, or a CSV
        of SCB's ids and people (with ``rutstorl``, the side in metres; 1 km where not given).

    Returns
    -------
    GeoDataFrame
        Schema ``CELLS``, only cells with people, sorted by id.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, or numbers of people are negative.
    """
    if source.path.suffix.lower() in RASTER_ENDINGS:
        where = str(source.path)
        cells = _from_raster(source)
    elif source.path.suffix.lower() == ".csv":
        where = str(source.path)
        cells = _from_table(source, where)
    else:
        where = f"{source.path}, layer {source.layer or 'the only one'}"
        cells = _from_layer(source, where)
    cells = check(cells, CELLS, where)
    negative = cells["people"] < 0
    if negative.any():
        raise InputError(
            Fault(
                f"people is negative in {negative.sum()} cells",
                where,
                "Correct the numbers, or state the value that means no data",
            )
        )
    populated = cells[cells["people"] > 0].sort_values("cell_id", ignore_index=True)
    if populated.empty:
        raise InputError(Fault("nobody lives in any cell", where, "Use another column or layer"))
    return populated


def _from_layer(source: Population, where: str) -> gpd.GeoDataFrame:
    """Read a polygon layer such as SCB's."""
    frame = read_layer(source.path, source.layer, "the population grid")
    _require_columns(frame, source, where)
    return gpd.GeoDataFrame(
        {"cell_id": frame[source.id], "people": frame[source.value]},
        geometry=frame.geometry.values,
        crs=frame.crs,
    )


def _from_table(source: Population, where: str) -> gpd.GeoDataFrame:
    """Read a table of SCB's ids, which tell each square's south-western corner."""
    frame = read_csv(source.path, "the population grid").rename(
        columns={name.lower(): name for name in (source.value, source.id)}
    )
    _require_columns(frame, source, where)
    ids = frame[source.id].str.zfill(13)
    wrong = ~ids.str.fullmatch(r"\d{13}").fillna(False).astype(bool)
    if wrong.any():
        raise InputError(
            Fault(
                f"{source.id} is no id of SCB's squares in {wrong.sum()} rows",
                where,
                "Write 13 digits: the south-western corner, E6 + N7",
            )
        )
    east, north = ids.str[:6].astype(float), ids.str[6:].astype(float)
    side = pd.to_numeric(frame["rutstorl"]) if "rutstorl" in frame else 1000.0
    return gpd.GeoDataFrame(
        {"cell_id": ids, "people": frame[source.value]},
        geometry=shapely.box(east, north, east + side, north + side),
        crs=CRS,
    )


def _require_columns(frame: pd.DataFrame, source: Population, where: str) -> None:
    """Stop where the settings name columns that are not there."""
    faults = [
        Fault(
            f"the column {name} is missing (there are: {', '.join(map(str, frame.columns))})",
            where,
            f"Correct {key} under [population]",
        )
        for key, name in (("value", source.value), ("id", source.id))
        if name not in frame.columns
    ]
    if faults:
        raise InputError(*faults)


def _from_raster(source: Population) -> gpd.GeoDataFrame:
    """Read a raster: each pixel with people becomes a square cell."""
    where = str(source.path)
    existing(source.path, "the population grid")
    try:
        with rasterio.open(source.path) as raster:
            people = raster.read(1, masked=True).astype("float64").filled(0.0)
            transform, crs = raster.transform, raster.crs
    except rasterio.errors.RasterioIOError as error:
        raise InputError(
            Fault(f"the raster cannot be read ({error})", where, "Save it anew as GeoTIFF")
        ) from None
    row, column = np.nonzero(people)
    left, top = rasterio.transform.xy(transform, row, column, offset="ul")
    right, bottom = rasterio.transform.xy(transform, row, column, offset="lr")
    frame = gpd.GeoDataFrame(
        {"people": people[row, column]},
        geometry=shapely.box(left, bottom, right, top),
        crs=crs,
    )
    frame = to_sweref(frame, where)
    # SCB's own ids where the raster has SCB's own squares; else the place in the raster.
    if crs == rasterio.CRS.from_string(CRS):
        frame["cell_id"] = [f"{e:06.0f}{n:07.0f}" for e, n in zip(left, bottom, strict=True)]
    else:
        frame["cell_id"] = [f"r{r:05d}c{c:05d}" for r, c in zip(row, column, strict=True)]
    return frame

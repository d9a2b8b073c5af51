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
# The densest square kilometre of Sweden holds some tens of thousands; more is a value that stands
# for "no data", or a mistake. Assumption.
MOST_PEOPLE = 100_000
# The whole country has about 115 000 populated cells of 1 km; a raster of it some 1 600 x 700.
MOST_CELLS = 2_000_000
MOST_PIXELS = 50_000_000


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
    _refuse_impossible(cells, where)
    populated = cells[cells["people"] > 0].sort_values("cell_id", ignore_index=True)
    if populated.empty:
        raise InputError(Fault("nobody lives in any cell", where, "Use another column or layer"))
    return populated


def _refuse_impossible(cells: gpd.GeoDataFrame, where: str) -> None:
    """Stop where more people live in a cell than can, or cells lie on top of each other."""
    crowded = cells["people"] > MOST_PEOPLE
    tree = shapely.STRtree(cells.geometry.to_numpy())
    middle, _ = tree.query(cells.geometry.centroid.to_numpy(), predicate="within")
    stacked = np.bincount(middle, minlength=len(cells)) > 1
    faults = []
    if crowded.any():
        faults.append(
            Fault(
                f"more than {MOST_PEOPLE} people live in each of {crowded.sum()} cells",
                where,
                "Correct the numbers, or state the value that means no data",
            )
        )
    if stacked.any():
        faults.append(
            Fault(
                f"{stacked.sum()} cells lie on top of others: their people would count twice",
                where,
                "Keep one grid of one cell size",
            )
        )
    if faults:
        raise InputError(*faults)


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
            _refuse_too_large(raster.width * raster.height, MOST_PIXELS, "pixels", where)
            people = raster.read(1, masked=True).astype("float64").filled(0.0)
            transform, crs = raster.transform, raster.crs
    except rasterio.errors.RasterioIOError as error:
        raise InputError(
            Fault(f"the raster cannot be read ({error})", where, "Save it anew as GeoTIFF")
        ) from None
    people = np.nan_to_num(people, nan=0.0)  # not a number: nobody is counted there
    row, column = np.nonzero(people)
    _refuse_too_large(len(row), MOST_CELLS, "populated pixels", where)
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

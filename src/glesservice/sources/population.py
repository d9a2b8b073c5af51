"""The population grid: SCB's cells as polygons, points, a table or a raster of people."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.config import Population
from glesservice.errors import Fault, InputError
from glesservice.sources.ages import older_people
from glesservice.sources.coordinates import refuse_elsewhere
from glesservice.sources.headings import POSITIONS, renamed
from glesservice.sources.layers import read_layer, single_points
from glesservice.sources.positions import points_from_table
from glesservice.sources.rasters import cells_of_raster
from glesservice.sources.spreadsheets import is_table, read_table
from glesservice.sources.squares import COUNTS, gathered
from glesservice.tables import AGES, CELLS, CRS, Table, check
from glesservice.tables.schema import rows_of

RASTER_ENDINGS = (".tif", ".tiff")
# The densest square kilometre of Sweden holds some tens of thousands; more is a value that stands
# for "no data", or a mistake. Assumption.
MOST_PEOPLE = 100_000
POINT_SQUARE_M = 250.0
SQUARE_M = (100.0, 250.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0)

# Where people are counted before they are gathered: at points, or in areas of any shape.
CELLS_ANYWHERE = Table(
    CELLS.name, CELLS.title, CELLS.columns, CELLS.key, ("Point", "Polygon", "MultiPolygon")
)


def read_population(source: Population) -> gpd.GeoDataFrame:
    """Return the populated cells.

    Parameters
    ----------
    source
        A layer of polygons or points with a column of people, a GeoTIFF of people, or a table of
        people with SCB's ids (and ``rutstorl``, the side in metres; 1 km where not given) or with
        positions. Age columns of any vintage are found by their names.

    Returns
    -------
    GeoDataFrame
        Schema ``CELLS``, only cells with people, sorted by id; without the columns of ages where
        the grid does not tell them.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, or numbers of people cannot be right.
    """
    where = str(source.path)
    if source.path.suffix.lower() in RASTER_ENDINGS:
        cells = cells_of_raster(source.path, source.crs)
    elif is_table(source.path):
        cells = _from_table(source, where)
    else:
        where = f"{source.path}, layer {source.layer or 'the only one'}"
        cells = _from_layer(source, where)
    _refuse_negative(cells, where)
    kinds = set(cells.geometry.geom_type)
    if kinds == {"Point"} or (source.square_m is not None and "Point" not in kinds):
        cells = _in_squares(cells, source.square_m or POINT_SQUARE_M, where)
    cells = gpd.GeoDataFrame(check(cells, CELLS, where))
    # A grid that does not tell an age has no column of it, so that nobody takes it for nobody.
    cells = cells.drop(columns=[age for age in AGES if cells[age].isna().all()])
    _refuse_impossible(cells, where)
    populated = cells[cells["people"] > 0].sort_values("cell_id", ignore_index=True)
    if populated.empty:
        raise InputError(Fault("nobody lives in any cell", where, "Use another column or layer"))
    return populated


def _in_squares(cells: gpd.GeoDataFrame, side_m: float, where: str) -> gpd.GeoDataFrame:
    """Gather people by the middle of where they are counted."""
    # The checks of ids and numbers are of what the file says, before it is summed.
    known = gpd.GeoDataFrame(check(cells, CELLS_ANYWHERE, where))
    return gathered(known.set_geometry(known.geometry.centroid), side_m)


def _refuse_negative(cells: gpd.GeoDataFrame, where: str) -> None:
    """Stop where fewer than nobody live in a cell."""
    faults = []
    for column in COUNTS:
        if column not in cells:
            continue
        negative = pd.to_numeric(cells[column], errors="coerce") < 0
        if negative.any():
            least = pd.to_numeric(cells[column], errors="coerce").min()
            faults.append(
                Fault(
                    f"{column} is negative in {negative.sum()} cells (the least is {least:g}): "
                    "such numbers often stand for hidden or missing values, and are no people",
                    where,
                    "Correct the numbers, leave hidden cells out, or state the value that means no "
                    "data",
                )
            )
    if faults:
        raise InputError(*faults)


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
    """Read a layer such as SCB's."""
    frame = read_layer(source.path, source.layer, "the population grid", crs=source.crs)
    frame = _with_columns(single_points(frame), source, where)
    return gpd.GeoDataFrame(
        _counted(frame, source, where), geometry=frame.geometry.values, crs=frame.crs
    )


def _counted(frame: pd.DataFrame, source: Population, where: str) -> dict[str, pd.Series]:
    """Choose id and numbers of people."""
    people = frame[source.value]
    return {
        "cell_id": frame[source.id],
        "people": people,
        **older_people(frame, people, where),
    }


def _from_table(source: Population, where: str) -> gpd.GeoDataFrame:
    """Read a table of SCB's ids, which tell each square's south-western corner, or of points."""
    frame = read_table(source.path, "the population grid", source.layer)
    frame = frame.apply(lambda values: values.str.replace(",", "."))
    meant = renamed(frame, POSITIONS, where)
    if source.id.lower() not in frame and any(
        {*pair} <= {*meant} for pair in (("n", "e"), ("lat", "lon"), ("x", "y"))
    ):
        frame = points_from_table(
            frame.assign(**{source.id: _numbered(frame)}), where, crs=source.crs
        )
        frame = _with_columns(frame, source, where)
        return gpd.GeoDataFrame(
            _counted(frame, source, where), geometry=frame.geometry, crs=frame.crs
        )
    frame = _with_columns(frame, source, where)
    ids = frame[source.id].str.zfill(13)
    wrong = ~ids.str.fullmatch(r"\d{13}").fillna(False).astype(bool)
    side = (
        pd.to_numeric(frame["rutstorl"], errors="coerce")
        if "rutstorl" in frame
        else pd.Series(1000.0, frame.index)
    )
    odd = ~side.isin(SQUARE_M)
    faults = []
    if wrong.any():
        faults.append(
            Fault(
                f"{source.id} is no id of SCB's squares in {rows_of(wrong)}",
                where,
                "Write 13 digits: the south-western corner, E6 + N7 (as text: spreadsheets turn "
                "long numbers into 5.6E+12)",
            )
        )
    if odd.any():
        faults.append(
            Fault(
                f"rutstorl is no side of a square in {rows_of(odd)}",
                where,
                f"Write metres: {', '.join(f'{m:.0f}' for m in SQUARE_M)}",
            )
        )
    if faults:
        raise InputError(*faults)
    east, north = ids.str[:6].astype(float), ids.str[6:].astype(float)
    cells = gpd.GeoDataFrame(
        {**_counted(frame, source, where), "cell_id": ids},
        geometry=shapely.box(east, north, east + side, north + side),
        crs=CRS,
    )
    refuse_elsewhere(cells, where)
    return cells


def _numbered(frame: pd.DataFrame) -> list[str]:
    """Name points that have no id of their own."""
    return [f"p{number}" for number in range(len(frame))]


def _with_columns(frame: pd.DataFrame, source: Population, where: str) -> pd.DataFrame:
    """Find the columns that the settings name, whatever their case; stop where one is not there."""
    names = {str(name).lower(): name for name in frame.columns}
    frame = frame.rename(
        columns={
            names[wanted.lower()]: wanted
            for wanted in (source.value, source.id)
            if wanted not in frame.columns and wanted.lower() in names
        }
    )
    _require_columns(frame, source, where)
    return frame


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

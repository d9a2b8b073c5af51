"""What a table schema is, and the check of a frame against one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.errors import Fault, InputError
from glesservice.swedish import UNSEEN

Kind = Literal["text", "int", "float", "bool"]


@dataclass(frozen=True)
class Column:
    """One column, declared once for readers, layers, map headings and workbooks alike.

    Attributes
    ----------
    name
        Name in tables and layers: lower-case ASCII.
    kind
        Type of the values.
    title
        Swedish heading.
    meaning
        Swedish explanation, one sentence.
    unit
        Unit of the values, as Swedish text; empty where there is none.
    nullable
        Whether a value may be missing. A missing value is unknown, never zero.
    decimals
        Decimals shown in the products.
    words
        The fixed words that a text column holds; empty where it may hold anything.
    """

    name: str
    kind: Kind
    title: str
    meaning: str
    unit: str = ""
    nullable: bool = False
    decimals: int = 0
    words: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """The Swedish heading with its unit, where the title itself does not say it."""
        said = not self.unit or self.unit in self.title.casefold().split()
        return self.title if said else f"{self.title} ({self.unit})"


@dataclass(frozen=True)
class Table:
    """One table: its columns, its key, and the geometry it carries.

    Attributes
    ----------
    name
        Name of the table, as a layer is called.
    title
        Swedish title.
    columns
        The columns in their order, geometry apart.
    key
        Columns that together identify a row.
    geometry
        Geometry types that a row may have; empty for a table without geometry.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    geometry: tuple[str, ...] = ()

    def names(self) -> list[str]:
        """Return the column names in their order, geometry apart."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the declaration of one column.

        Parameters
        ----------
        name
            The column's name.
        """
        return next(column for column in self.columns if column.name == name)


def check(frame: pd.DataFrame, table: Table, where: str) -> pd.DataFrame:
    """Return the frame with a table's columns, types and CRS, or say all that is wrong with it.

    Parameters
    ----------
    frame
        The rows to check. Columns that the table does not name are dropped.
    table
        The schema.
    where
        File and layer, for the messages.

    Returns
    -------
    DataFrame
        A new frame with the table's columns in their order (and the geometry last), index 0..n-1.

    Raises
    ------
    InputError
        If columns are missing, values cannot be read, keys are missing or repeated, or geometries
        are missing or of the wrong kind.
    """
    faults = [
        Fault(f"the column {column.name} is missing", where, f"Add it: {column.meaning}")
        for column in table.columns
        if column.name not in frame.columns and not column.nullable
    ]
    if faults:
        raise InputError(*faults)
    result = pd.DataFrame(frame).reindex(columns=table.names())
    for column in table.columns:
        given = result[column.name].notna() & result[column.name].ne("")
        result[column.name] = _typed(result[column.name], column)
        empty = result[column.name].isna()
        unreadable = given & empty
        # Words that stand for nothing, such as "..", are not nothing: somebody must look.
        if column.nullable and column.kind in {"int", "float"} and unreadable.any():
            faults.append(
                Fault(
                    f"{column.name} is no number in {rows_of(unreadable)}",
                    where,
                    "Correct it, or leave the field empty",
                )
            )
        if not column.nullable and empty.any():
            faults.append(
                Fault(
                    f"{column.name} is missing or unreadable in {rows_of(empty)}",
                    where,
                    "Fill it in or remove the row",
                )
            )
    if table.key:
        repeated = result.duplicated(list(table.key))
        if repeated.any():
            faults.append(
                Fault(
                    f"{' + '.join(table.key)} is repeated in {rows_of(repeated)}",
                    where,
                    "Give every row an id of its own",
                )
            )
    if table.geometry:
        geometry = gpd.GeoSeries(frame.geometry.values, index=frame.index, crs=frame.geometry.crs)
        faults += _geometry_faults(geometry, table, where)
        result = gpd.GeoDataFrame(result, geometry=geometry, crs=geometry.crs)
    if faults:
        raise InputError(*faults)
    return result.reset_index(drop=True)


def as_text(values: pd.Series) -> pd.Series:
    """Return values as trimmed text, missing where there is none.

    Parameters
    ----------
    values
        Texts or numbers. A gap in a column of whole numbers makes them real ones: they lose the
        decimal again.

    Returns
    -------
    Series
        Same index.
    """

    def _one(value: object) -> str | None:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return UNSEEN.sub(" ", str(value)).strip() or None

    # Each value is converted once: a road class stands in a hundred thousand rows.
    try:
        code, distinct = pd.factorize(values.astype("object"))
    except TypeError:  # lists, which cannot be told apart so quickly
        return values.astype("object").map(_one, na_action="ignore").astype("object")
    texts = np.array([*map(_one, distinct), None], dtype="object")
    return pd.Series(texts[code], index=values.index, name=values.name, dtype="object")


def _typed(values: pd.Series, column: Column) -> pd.Series:
    """Convert a column to its declared type; what cannot be read becomes missing."""
    if column.kind == "text":
        return as_text(values)
    if column.kind == "bool":
        return values.astype(bool) if values.notna().all() else values.astype("object")
    number = pd.to_numeric(values, errors="coerce").astype("float64")
    number = number.where(np.isfinite(number))
    return number.astype("int64") if column.kind == "int" and number.notna().all() else number


def _geometry_faults(geometry: gpd.GeoSeries, table: Table, where: str) -> Iterable[Fault]:
    """Find missing, empty and wrong kinds of geometry."""
    empty = geometry.isna() | geometry.is_empty
    if empty.any():
        yield Fault(f"geometry is missing in {rows_of(empty)}", where, "Draw it or remove the row")
    coordinates, owner = shapely.get_coordinates(geometry.to_numpy(), return_index=True)
    nowhere = pd.Series(data=False, index=geometry.index)
    nowhere.iloc[np.unique(owner[~np.isfinite(coordinates).all(axis=1)])] = True
    if nowhere.any():
        yield Fault(
            f"a coordinate is no number in {rows_of(nowhere)}", where, "Correct the geometry"
        )
    wrong = ~empty & ~geometry.geom_type.isin(table.geometry)
    if wrong.any():
        kinds = ", ".join(sorted(geometry[wrong].geom_type.unique()))
        expected = " or ".join(table.geometry)
        yield Fault(f"the geometry is {kinds}, not {expected}", where, "Use another layer")


def rows_of(mask: pd.Series) -> str:
    """Return the first rows of a mask in words, and how many there are in all.

    Parameters
    ----------
    mask
        Which rows are meant. Rows of a table kept by people are called by the numbers that the
        spreadsheet shows (an index called ``row``), features by their order, counted from 1.
    """
    chosen = np.flatnonzero(mask.to_numpy(dtype=bool))
    numbers = mask.index.to_numpy()[chosen] if mask.index.name == "row" else chosen + 1
    shown = ", ".join(map(str, numbers[:5])) + (" …" if len(numbers) > 5 else "")
    return f"{len(numbers)} row{'s' if len(numbers) > 1 else ''} ({shown})"

"""What many municipalities share, on disk: read once, mapped into memory, cut for each.

The tables lie as plain arrays, lines as their coordinates and other shapes as well-known binary, so
that a process reads what lies near its own municipality and nothing else, and processes on one
machine share what they read. A cut has the rows, order, types and bits of the whole table: what is
computed from it is the same.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from glesservice.analysis import reaching
from glesservice.config import Settings
from glesservice.errors import Fault, InputError
from glesservice.exports.versions import versions
from glesservice.sources import Common
from glesservice.sources.fingerprints import fingerprint
from glesservice.tables import CRS

# Raised whenever the meaning of a file changes: an old folder is made anew, not misread.
FORMAT = 2
HEADER = "shelf.json"
# What is cut; the other tables are small, and some of their checks ask for all rows.
CUT = ("cells", "edges")
TABLES = ("cells", "settlements", "sites", "merges", "edges")
# What stands for None, counted from the end; -1 is what is missing otherwise.
NONE = -2
SHARED = ("population", "settlements", "services", "roads")


def shelf_key(settings: Settings) -> str:
    """Return a digest of all that the shared tables depend on.

    Parameters
    ----------
    settings
        The settings; their shared input files are read.

    Returns
    -------
    str
        SHA-256 of the content of the files, of what is said of their columns, and of versions.
    """
    said = settings.model_dump(mode="json", include=set(SHARED))
    files = [
        fingerprint(source.path)["sha256"]
        for key, source in settings.inputs()
        if key.split()[0] in SHARED
    ]
    text = json.dumps([FORMAT, said, files, versions()], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def put_on_shelf(common: Common, folder: Path, key: str) -> None:
    """Write shared tables to a folder.

    Parameters
    ----------
    common
        The tables.
    folder
        The folder to make. An earlier one is replaced when the new one is complete.
    key
        What ``shelf_key`` says of them.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        tables = {name: _put(getattr(common, name), fresh, name) for name in TABLES}
        header = {"format": FORMAT, "key": key, "tables": tables}
        (fresh / HEADER).write_text(json.dumps(header, ensure_ascii=False), encoding="utf-8")
        fresh.chmod(0o755)  # as any folder; mkdtemp makes it private
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


@dataclass(frozen=True)
class Shelf:
    """Shared tables in a folder.

    Attributes
    ----------
    folder
        The folder.
    key
        What they depend on.
    tables
        What the header says of each table.
    """

    folder: Path
    key: str
    tables: dict[str, Any]

    @classmethod
    def open(cls, folder: Path) -> Shelf:
        """Return the shelf that ``put_on_shelf`` made.

        Parameters
        ----------
        folder
            The folder.

        Raises
        ------
        InputError
            If there is none, or one of another version.
        """
        try:
            header = json.loads((folder / HEADER).read_text(encoding="utf-8"))
            if header["format"] == FORMAT:
                return cls(folder, str(header["key"]), dict(header["tables"]))
            reason = "it is of another version"
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = str(error)
        raise InputError(
            Fault(
                f"the prepared inputs cannot be read ({reason})",
                str(folder),
                "Start the batch again; on a cluster the folder must lie on a disk that all "
                "machines share",
            )
        )

    def around(self, area: shapely.Geometry, within_m: float, *, all_cells: bool) -> Common:
        """Return what lies near an area; settlements and sites whole.

        Parameters
        ----------
        area
            The municipality.
        within_m
            How near, metres.
        all_cells
            Whether the cells are to be whole as well: those of a protected population are evened
            with all others.
        """
        found: dict[str, Any] = {}
        for name in TABLES:
            rows = None
            if name in CUT and not (name == "cells" and all_cells):
                rows = np.flatnonzero(reaching(_load(self.folder, name, "bounds"), area, within_m))
            found[name] = _take(self.folder, name, self.tables[name], rows)
        return Common(**found)


def _put(frame: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    """Write one table; say of each column what it is."""
    columns: dict[str, Any] = {}
    spatial = isinstance(frame, gpd.GeoDataFrame)
    plain = pd.DataFrame(frame.drop(columns="geometry")) if spatial else frame
    for number, (column, values) in enumerate(plain.items()):
        said: dict[str, Any] = {"name": column, "type": str(values.dtype)}
        if values.dtype == object or not isinstance(values.dtype, np.dtype):
            texts = values.astype("object").to_numpy()
            codes, distinct = pd.factorize(texts)
            said["values"] = [_plain(value) for value in distinct]
            unsaid = np.array([value is None for value in texts], dtype=np.bool_)
            array: npt.NDArray[Any] = np.where(unsaid, NONE, codes).astype(np.int32)
        else:
            array = values.to_numpy()
        np.save(folder / f"{name}-{number}.npy", array)
        columns[str(number)] = said
    if spatial:
        shapes = frame.geometry.to_numpy()
        whole, ends = _as_lines(shapes) if _are_lines(shapes) else _as_bytes(shapes)
        np.save(folder / f"{name}-shapes.npy", whole)
        np.save(folder / f"{name}-ends.npy", ends.astype(np.int64))
        np.save(folder / f"{name}-bounds.npy", shapely.bounds(shapes))
    return {"rows": len(frame), "spatial": spatial, "columns": columns}


def _are_lines(shapes: npt.NDArray[np.object_]) -> bool:
    """Tell whether all shapes are lines on the ground, none of them empty or missing."""
    return len(shapes) > 0 and bool(
        (
            (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING)
            & ~shapely.has_z(shapes)
            & ~shapely.is_empty(shapes)
        ).all()
    )


def _as_lines(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return the coordinates of all lines, and where those of each begin and the last end."""
    _, coordinates, ends = shapely.to_ragged_array(shapes)
    return coordinates, ends[0]


def _as_bytes(shapes: npt.NDArray[np.object_]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return all shapes as well-known binary, and where each begins and the last ends."""
    written = shapely.to_wkb(shapes, output_dimension=4, flavor="iso")
    ends = np.cumsum([0, *map(len, written)], dtype=np.int64)
    return np.frombuffer(b"".join(written), np.uint8), ends


def _plain(value: object) -> object:
    """Return a value as JSON has it; what it has not is no value of an input table."""
    if isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"{value!r} cannot be put on the shelf")


def _take(
    folder: Path, name: str, said: dict[str, Any], rows: npt.NDArray[np.int64] | None
) -> pd.DataFrame:
    """Read a table, or some of its rows in their order."""
    if rows is None:
        rows = np.arange(said["rows"])
    columns: dict[str, Any] = {}
    for number, column in said["columns"].items():
        array: npt.NDArray[Any] = _load(folder, name, number)[rows]
        if "values" in column:
            array = _objects([*column["values"], None, float("nan")])[array]
        columns[column["name"]] = pd.Series(array, dtype=column["type"])
    if not said["spatial"]:
        return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)))
    ends, shapes = _load(folder, name, "ends"), _load(folder, name, "shapes")
    geometry = (
        _lines(shapes, ends, rows)
        if shapes.ndim > 1
        else shapely.from_wkb(_pieces(shapes, ends, rows))
    )
    spatial: pd.DataFrame = gpd.GeoDataFrame(columns, geometry=geometry, crs=CRS)
    return spatial


def _lines(
    coordinates: npt.NDArray[np.float64], ends: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Make the lines of some rows."""
    begins = ends[rows]
    length = ends[rows + 1] - begins
    offsets = np.append(0, np.cumsum(length))
    at = np.arange(offsets[-1]) + np.repeat(begins - offsets[:-1], length)
    return np.asarray(
        shapely.from_ragged_array(shapely.GeometryType.LINESTRING, coordinates[at], (offsets,))
    )


def _pieces(
    shapes: npt.NDArray[np.uint8], ends: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.object_]:
    """Cut out the bytes of each row's shape."""
    whole = memoryview(shapes)  # type: ignore[arg-type]
    begins, finishes = ends[rows].tolist(), ends[rows + 1].tolist()
    return _objects([bytes(whole[begin:end]) for begin, end in zip(begins, finishes, strict=True)])


def _objects(values: Sequence[object]) -> npt.NDArray[np.object_]:
    """Make an array of objects, whatever they are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _load(folder: Path, name: str, part: str) -> npt.NDArray[Any]:
    """Map one array."""
    array: npt.NDArray[Any] = np.load(
        folder / f"{name}-{part}.npy", mmap_mode="r", allow_pickle=False
    )
    return array

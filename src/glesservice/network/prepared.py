"""A prepared network on disk: arrays that are mapped into memory, not read."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from glesservice.errors import Fault, InputError
from glesservice.network.contraction import Chains
from glesservice.network.graph import RoadNetwork, SearchGraph
from glesservice.tables import CRS

# Raised whenever the meaning of a file changes: an old folder is refused, not misread.
FORMAT = 3
HEADER = "network.json"
_BARE = ("u", "v", "length", "seconds_forward", "seconds_backward", "x", "y", "connected")
_GRAPH = ("start", "tails", "seconds", "metres", "chain", "onward")


def save_network(network: RoadNetwork, folder: Path) -> None:
    """Write a network and its search graph to a folder.

    Parameters
    ----------
    network
        The network.
    folder
        The folder to make. An earlier one is replaced when the new one is complete.

    Examples
    --------
    >>> from glesservice.network import example_road, save_network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_network(example_road(), Path(folder) / "road")
    ...     (Path(folder) / "road" / "network.json").exists()
    True
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        graph = network.search_graph
        for name in _BARE:
            np.save(fresh / f"{name}.npy", getattr(network, name))
        for name in _GRAPH:
            np.save(fresh / f"graph-{name}.npy", getattr(graph, name))
        for field in fields(Chains):
            np.save(fresh / f"chains-{field.name}.npy", getattr(network.chains, field.name))
        np.save(fresh / "graph-chains.npy", graph.chains.table)
        _, coordinates, offsets = shapely.to_ragged_array(network.lines)
        np.save(fresh / "line-coordinates.npy", coordinates)
        np.save(fresh / "line-offsets.npy", offsets[0])
        columns = {} if network.edges is None else _save_columns(network.edges, fresh)
        header = {"format": FORMAT, "columns": columns, "table": network.edges is not None}
        (fresh / HEADER).write_text(json.dumps(header, ensure_ascii=False), encoding="utf-8")
        if folder.exists():
            shutil.rmtree(folder)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def load_network(folder: Path) -> RoadNetwork:
    """Return a network that ``save_network`` wrote.

    Parameters
    ----------
    folder
        The folder.

    Returns
    -------
    RoadNetwork
        The same network; its arrays are mapped from the files, so several processes share them.

    Raises
    ------
    InputError
        If the folder holds no prepared network, or one of another version.

    Examples
    --------
    >>> from glesservice.network import example_road, load_network, save_network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_network(example_road(), Path(folder) / "road")
    ...     load_network(Path(folder) / "road").length.tolist()
    [10000.0, 5000.0, 3000.0]
    """
    try:
        header = json.loads((folder / HEADER).read_text(encoding="utf-8"))
        if header["format"] != FORMAT:
            raise InputError(
                Fault("the prepared network is of another version", str(folder), "Prepare it anew")
            )
        bare = {name: _load(folder, name) for name in _BARE}
        chains = Chains(**{f.name: _load(folder, f"chains-{f.name}") for f in fields(Chains)})
        table = _load(folder, "graph-chains")
        arrays = {name: _load(folder, f"graph-{name}") for name in _GRAPH}
        graph = SearchGraph(replace(chains, table=table), **arrays)
        lines = shapely.from_ragged_array(
            shapely.GeometryType.LINESTRING,
            _load(folder, "line-coordinates"),
            (_load(folder, "line-offsets"),),
        )
        edges = _load_columns(folder, header["columns"], lines) if header["table"] else None
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            Fault(f"there is no prepared network ({error})", str(folder), "Prepare it anew")
        ) from None
    network = RoadNetwork(**bare, chains=chains, edges=edges)
    # What would be made at first use is there already.
    network.__dict__.update(search_graph=graph, lines=np.asarray(lines))
    return network


def _load(folder: Path, name: str) -> npt.NDArray[Any]:
    """Map one array."""
    array: npt.NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return array


def _save_columns(edges: gpd.GeoDataFrame, folder: Path) -> dict[str, list[str] | None]:
    """Write the columns of the table: numbers as they are, texts as numbers of their values."""
    texts: dict[str, list[str] | None] = {}
    for name in edges.columns.drop("geometry"):
        column = edges[name]
        if column.dtype == object or pd.api.types.is_string_dtype(column.dtype):
            codes, values = pd.factorize(column, sort=True)
            texts[name] = [str(value) for value in values]
            np.save(folder / f"column-{name}.npy", codes.astype(np.int32))
        else:
            texts[name] = None
            np.save(folder / f"column-{name}.npy", column.to_numpy())
    return texts


def _load_columns(
    folder: Path, texts: dict[str, list[str] | None], lines: npt.NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """Read the table back."""
    columns: dict[str, npt.NDArray[Any]] = {}
    for name, values in texts.items():
        array = _load(folder, f"column-{name}")
        if values is not None:
            array = np.array([*values, None], dtype=object)[array]  # -1 is the missing value
        columns[name] = array
    return gpd.GeoDataFrame(columns, geometry=lines, crs=CRS)

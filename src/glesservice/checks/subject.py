"""What the rules look at: the inputs, and what several rules need to know of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from glesservice.config import Check, Settings
from glesservice.network import RoadNetwork
from glesservice.sources import Inputs

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

# The outline of the buffer is only looked at in squares and countries of many kilometres.
COARSE_M = 1000.0
LOCALITIES = ("tatort", "smaort")


@dataclass(frozen=True, eq=False)
class Subject:
    """The inputs of one settings file, as the rules see them.

    Attributes
    ----------
    inputs
        The input tables.
    settings
        The settings; ``settings.check`` holds the limits.
    previous
        Last year's cells (schema ``CELLS``), if the settings name them.
    lakes
        Lakes and sea, if the settings name them.
    network
        The roads of the extent; None where they make no network.
    """

    inputs: Inputs
    settings: Settings
    previous: gpd.GeoDataFrame | None = None
    lakes: gpd.GeoDataFrame | None = None
    network: RoadNetwork | None = None

    @property
    def limits(self) -> Check:
        """The limits of the checks."""
        return self.settings.check

    @cached_property
    def area(self) -> shapely.Geometry:
        """The municipality, prepared for many questions."""
        shape: shapely.Geometry = shapely.make_valid(self.inputs.boundary.geometry.iloc[0])
        shapely.prepare(shape)
        return shape

    @cached_property
    def extent(self) -> shapely.Geometry:
        """The municipality and its buffer, drawn to within ``COARSE_M``."""
        coarse = shapely.simplify(self.area, COARSE_M, preserve_topology=False)
        coarse = self.area if shapely.is_empty(coarse) else coarse
        return shapely.buffer(coarse, self.settings.area.buffer_km * 1000)

    @cached_property
    def middles(self) -> npt.NDArray[np.object_]:
        """The middle of each cell."""
        return np.asarray(shapely.centroid(self.inputs.cells.geometry.to_numpy()))

    @cached_property
    def tree_of_cells(self) -> shapely.STRtree:
        """Spatial index of all cells."""
        return shapely.STRtree(self.inputs.cells.geometry.to_numpy())

    @cached_property
    def cell_inside(self) -> Flags:
        """Whether each cell's middle lies in the municipality."""
        return self.inside(self.middles)

    @cached_property
    def cells(self) -> gpd.GeoDataFrame:
        """The municipality's cells."""
        return self.inputs.cells[self.cell_inside]

    @cached_property
    def people(self) -> float:
        """People in the municipality."""
        return float(self.cells["people"].sum())

    @cached_property
    def settlements(self) -> gpd.GeoDataFrame:
        """The settlements, their polygons made valid."""
        table = self.inputs.settlements
        return table.set_geometry(table.geometry.make_valid())

    @cached_property
    def settlement_inside(self) -> Flags:
        """Whether each settlement lies in the municipality."""
        return self.inside(self.settlements.geometry.representative_point().to_numpy())

    @cached_property
    def counted(self) -> Flags:
        """Whether each site counts in a result: open, or unconfirmed where the settings say so."""
        statuses = ["open"]
        if self.settings.unconfirmed == "include":
            statuses.append("unconfirmed")
        return np.asarray(self.inputs.sites["status"].isin(statuses))

    @cached_property
    def site_reached(self) -> Flags:
        """Whether each site lies in the municipality or its buffer."""
        return self.reached(self.inputs.sites.geometry.to_numpy())

    @cached_property
    def site_inside(self) -> Flags:
        """Whether each site lies in the municipality."""
        return self.inside(self.inputs.sites.geometry.to_numpy())

    @cached_property
    def cell_to_road_m(self) -> Floats:
        """How far the middle of each of the municipality's cells is from the connected roads."""
        return self.to_road_m(self.middles[self.cell_inside])

    @cached_property
    def both_years(self) -> gpd.GeoDataFrame | None:
        """The municipality's cells of both grids with people ``now`` and ``before``."""
        if self.previous is None:
            return None
        middles = shapely.centroid(self.previous.geometry.to_numpy())
        before = self.previous[self.inside(middles)]
        cells = pd.concat([self.cells, before])[["cell_id", "geometry"]]
        cells = cells.drop_duplicates("cell_id")
        people = {
            name: cells["cell_id"].map(table.set_index("cell_id")["people"]).fillna(0.0)
            for name, table in (("now", self.cells), ("before", before))
        }
        frame = gpd.GeoDataFrame(cells.assign(**people), crs=self.cells.crs)
        return frame.reset_index(drop=True)

    def inside(self, points: npt.NDArray[np.object_]) -> Flags:
        """Return whether points lie in the municipality.

        Parameters
        ----------
        points
            Points in EPSG:3006.
        """
        x, y = shapely.get_x(points), shapely.get_y(points)
        return np.asarray(shapely.contains_xy(self.area, x, y), dtype=np.bool_)

    def reached(self, points: npt.NDArray[np.object_]) -> Flags:
        """Return whether points lie in the municipality or its buffer.

        Parameters
        ----------
        points
            Points in EPSG:3006.
        """
        buffer_m = self.settings.area.buffer_km * 1000
        return np.asarray(shapely.dwithin(self.area, points, buffer_m), dtype=np.bool_)

    def to_road_m(self, points: npt.NDArray[np.object_]) -> Floats:
        """Return how far points are from the connected roads, metres; inf where there are none.

        Parameters
        ----------
        points
            Points in EPSG:3006.
        """
        if self.network is None:
            return np.full(len(points), np.inf)
        return nearest_m(self.network.tree, points)


def nearest_m(tree: shapely.STRtree, points: npt.NDArray[np.object_]) -> Floats:
    """Return how far each of some shapes is from the nearest in a tree, metres.

    Parameters
    ----------
    tree
        The shapes to be near to.
    points
        Shapes in the same system.

    Returns
    -------
    ndarray of float
        One a shape; inf where the tree is empty.
    """
    far = np.full(len(points), np.inf)
    if len(tree) and len(points):
        (at, _), distance = tree.query_nearest(points, return_distance=True, all_matches=False)
        far[at] = distance
    return far

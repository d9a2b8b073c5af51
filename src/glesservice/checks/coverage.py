"""Rules on where the roads are: whether they cover the municipality and its surroundings."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from glesservice.checks.finding import Finding, found, number_of
from glesservice.checks.neighbours import NAMES, reached
from glesservice.checks.subject import Subject, nearest_m
from glesservice.sources.joining import dead_ends
from glesservice.tables import BOUNDARY, CELLS, EDGES

LAYER = EDGES.name
FEW_ENDS = 4  # fewer dead ends at the border tell nothing


class EmptySquares:
    """COV01 warning: Roads are missing from a large part of the area.

    What: the municipality and its buffer are laid out in squares of `cover_km`; told where more
    than `uncovered_share` of those that lie wholly inside hold no road. The roads were probably
    cut out along the municipality, or around its main town.

    Where: the middles of the empty squares.

    Mend: fetch the roads of the whole buffer; lower buffer_km under [area] only if nobody shops
    there.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for squares without any connected road."""
        if subject.network is None:
            return
        limits = subject.limits
        squares = _squares(subject.extent, limits.cover_km * 1000)
        held = np.zeros(len(squares), dtype=bool)
        held[subject.network.tree.query(squares, predicate="intersects")[0]] = True
        share = float(np.mean(~held)) if len(held) else 0.0
        if share > limits.uncovered_share:
            what = (
                f"{(~held).sum()} of {len(squares)} squares of {limits.cover_km:g} km in the "
                "municipality and its buffer have no road"
            )
            empty = gpd.GeoDataFrame(geometry=squares[~held], crs=subject.inputs.edges.crs)
            empty.index = [f"square {number + 1}" for number in range(len(empty))]
            yield found(
                self, what, LAYER, empty, value=share, limit=limits.uncovered_share, unit="share"
            )


class PeopleAroundOffRoad:
    """COV02 warning: People around the municipality have no road.

    What: the grid also knows who lives in the buffer. Told where more than
    `uncovered_people_share` of them live beyond access_max_m of every road: the roads
    do not cover the buffer, and the neighbours' shops cannot be reached.

    Where: the cells, with their distance.

    Mend: fetch the roads of the whole buffer.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure from the cells of the buffer to the nearest road."""
        if subject.network is None:
            return
        around = subject.reached(subject.middles) & ~subject.cell_inside
        cells = subject.inputs.cells[around]
        far_m = subject.to_road_m(subject.middles[around])
        off = far_m > subject.settings.network.access_max_m
        people = cells["people"].to_numpy()
        share = float(people[off].sum() / max(people.sum(), 1.0))
        limit = subject.limits.uncovered_people_share
        if share > limit:
            what = f"{share:.1%} of {people.sum():.0f} people in the buffer have no road"
            yield found(
                self,
                what,
                CELLS.name,
                cells[off],
                values=far_m[off],
                value=share,
                limit=limit,
                unit="share",
                item_unit="m",
            )


class RoadsEndAtBorder:
    """COV03 warning: Roads end at the border.

    What: told where more than `ended_share` of the roads that come to the border end within
    `border_m` of it instead of crossing: the file was cut along the border, and nobody can drive
    to the neighbour's shop.

    Where: the dead ends.

    Mend: fetch the roads of the municipality and its buffer.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare dead ends at the border with roads across it."""
        limits = subject.limits
        if subject.network is None or subject.settings.area.buffer_km == 0:
            return
        border = shapely.boundary(subject.area)
        shapely.prepare(border)
        roads = subject.network.table()
        crossing = int(shapely.intersects(border, roads.geometry.to_numpy()).sum())
        ends = dead_ends(roads)
        ends = ends[shapely.dwithin(border, ends.geometry.to_numpy(), limits.border_m)]
        share = len(ends) / max(len(ends) + crossing, 1)
        if len(ends) >= FEW_ENDS and share > limits.ended_share:
            what = f"{len(ends)} roads end at the border, {crossing} cross it"
            yield found(
                self, what, LAYER, ends, value=share, limit=limits.ended_share, unit="share"
            )


class IslandMunicipality:
    """COV04 warning: No road leaves the municipality.

    What: no connected road crosses the border although there is a buffer. Only an island is so
    (Gotland); elsewhere the roads around are missing.

    Where: the border.

    Mend: fetch the roads of the municipality and its buffer.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for a road across the border."""
        if subject.network is None or subject.settings.area.buffer_km == 0:
            return
        border = shapely.boundary(subject.area)
        if not len(subject.network.tree.query(border, predicate="intersects")):
            yield found(self, "no connected road crosses the border", BOUNDARY.name, value=0)


class NeighbourRoads:
    """COV05 warning: The buffer reaches another country that has no road.

    What: Norway's and Finland's roads are in no Swedish file. Told where the buffer surely reaches
    into the country and no connected road lies in that part.

    Where: the country.

    Mend: add a road source for it (OpenStreetMap; Kartverket's N1000 with join_m for Norway).
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for roads in each country that the buffer reaches."""
        if subject.network is None:
            return
        for country, part in reached(subject.extent).items():
            if not len(subject.network.tree.query(part, predicate="intersects")):
                km2 = shapely.area(part) / 1e6
                what = f"{km2:.0f} km² of {NAMES[country]} lie in the buffer and have no road"
                yield found(self, what, LAYER, value=0, unit="roads")


class PlacesOffRoad:
    """COV06 warning: A settlement lies far from every road.

    What: a locality or named place of the municipality beyond access_max_m of every road gets no
    cells by road; its name will be missing from the lists.

    Where: the settlements, with their distance.

    Mend: add the missing roads, or correct the place's position.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure from each settlement to the nearest road."""
        if subject.network is None:
            return
        limit = subject.settings.network.access_max_m
        places = subject.settlements[subject.settlement_inside]
        far_m = nearest_m(subject.network.tree, places.geometry.to_numpy())
        far = far_m > limit
        if far.any():
            what = f"{number_of(far.sum(), 'settlement')} more than {limit:g} m away"
            yield found(
                self, what, "bebyggelse", places[far], values=far_m[far], limit=limit, unit="m"
            )


RULES = (
    EmptySquares(),
    PeopleAroundOffRoad(),
    RoadsEndAtBorder(),
    IslandMunicipality(),
    NeighbourRoads(),
    PlacesOffRoad(),
)


def _squares(extent: shapely.Geometry, side_m: float) -> np.ndarray:
    """Lay out the squares that lie wholly in an area, on whole multiples of their side."""
    left, low, right, high = (
        (np.floor if end < 2 else np.ceil)(bound / side_m)
        for end, bound in enumerate(shapely.bounds(extent))
    )
    east, north = np.meshgrid(np.arange(left, right) * side_m, np.arange(low, high) * side_m)
    squares = shapely.box(east, north, east + side_m, north + side_m).ravel()
    return np.asarray(squares[shapely.contains(extent, squares)])

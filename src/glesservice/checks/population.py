"""Rules on the population grid: who is counted, where, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.checks.finding import Finding, found, number_of
from glesservice.checks.subject import LOCALITIES, Floats, Ints, Subject
from glesservice.tables import CELLS, SETTLEMENTS

LAYER = CELLS.name


class NobodyInside:
    """POP01 error: Nobody lives in the municipality.

    What: no cell's middle lies inside the border, so that grid and border are of different areas
    or one of them has the wrong coordinate system.

    Where: all cells.

    Mend: use the grid of this municipality, and check the coordinate systems of both files.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for cells inside the border."""
        if subject.cells.empty:
            what = f"none of {len(subject.inputs.cells)} cells lies in the municipality"
            yield found(self, what, LAYER, value=0)


class CellsOutside:
    """POP02 info: Cells lie outside the municipality.

    What: only cells whose middle lies inside the border are judged. Others are no fault: they are
    used to check the roads around it.

    Where: told as a number.

    Mend: nothing, if the file covers a larger area; else check the border.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count cells and people outside."""
        outside = int((~subject.cell_inside).sum())
        if outside and not subject.cells.empty:
            people = float(subject.inputs.cells["people"].sum()) - subject.people
            what = f"{number_of(outside, 'cell')} with {people:.0f} people, not judged"
            yield found(self, what, LAYER, value=outside, unit="cells")


class SettlementsWithoutPeople:
    """POP03 warning: A locality has no populated cell.

    What: a tätort or småort of the municipality in which, or within 1 km of which, the grid has
    nobody: the grid does not cover the whole municipality.

    Where: the localities.

    Mend: use a grid that covers the municipality; a raster may be cut off at its edge.
    """

    reach_m = 1000.0

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for populated cells at each locality."""
        places = subject.settlements
        places = places[subject.settlement_inside & places["kind"].isin(LOCALITIES)]
        shapes = places.geometry.to_numpy()
        near, _ = subject.tree_of_cells.query(shapes, "dwithin", distance=self.reach_m)
        empty = places[~np.isin(np.arange(len(places)), near)]
        if not empty.empty:
            what = f"nobody within 1 km of {number_of(len(empty), 'locality', 'localities')}"
            yield found(self, what, SETTLEMENTS.name, empty)


class LocalityFigures:
    """POP04 warning: A locality's cells do not hold its published people.

    What: the published people of a tätort or småort must lie between the people of the cells wholly
    inside its polygon and those of all cells it touches, give or take `locality_share` and
    `locality_people`. Otherwise the grid is of another column (women only, an age group), year or
    unit. Localities without a polygon or figure are not compared.

    Where: the localities, with the share by which the figure is missed.

    Mend: check value under [population], and the dates of grid and localities.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare each locality's figure with what its cells can hold."""
        limits = subject.limits
        places = published_localities(subject)
        least, most = people_of(places, subject)
        figure = places["population"].to_numpy(dtype=float)
        off = np.maximum(least - figure, figure - most)
        share = off / figure
        wrong = (share > limits.locality_share) & (off > limits.locality_people)
        if wrong.any():
            first = np.flatnonzero(wrong)[np.argmax(share[wrong])]
            what = (
                f"{wrong.sum()} of {number_of(len(places), 'locality', 'localities')} (most: "
                f"{places['name'].iloc[first]}, published {figure[first]:.0f}, cells "
                f"{least[first]:.0f} to {most[first]:.0f})"
            )
            yield found(
                self,
                what,
                SETTLEMENTS.name,
                places[wrong],
                values=share[wrong],
                limit=limits.locality_share,
                unit="share",
            )


class LocalitiesInSum:
    """POP05 warning: The localities together do not fit the grid.

    What: the published people of all localities with a polygon may not be more than those of all
    cells they touch, nor fewer than those of the cells wholly inside them, give or take half of
    `locality_share`: what evens out between single localities must not remain in their sum.

    Where: the grid as a whole.

    Mend: check value under [population], and the dates of grid and localities.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the sum of the figures with the sum of the cells."""
        limits = subject.limits
        places = published_localities(subject)
        if places.empty:
            return
        figure = float(places["population"].sum())
        least, most = people_of_all(places, subject)
        off = max(least - figure, figure - most)
        limit = limits.locality_share / 2
        if off / figure > limit and off > limits.locality_people:
            polygons = number_of(len(places), "polygon")
            what = (
                f"{figure:.0f} people as published in {polygons}, their cells hold {least:.0f} to "
                f"{most:.0f}"
            )
            yield found(self, what, LAYER, value=off / figure, limit=limit, unit="share")


class OfficialTotal:
    """POP06 warning: The municipality's people are not the official number.

    What: the sum over the municipality's cells is held against `people` under [check], where that
    is given, and may differ by `people_share`.

    Where: the grid as a whole.

    Mend: check value under [population] and the grid's year; cells that straddle the border count
    by their middle.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the total with the figure of the settings."""
        official, limit = subject.limits.people, subject.limits.people_share
        if official is None:
            return
        off = abs(subject.people - official) / official
        if off > limit:
            what = f"the cells hold {subject.people:.0f} people, officially there are {official:g}"
            yield found(self, what, LAYER, value=off, limit=limit, unit="share")


RULES = (
    NobodyInside(),
    CellsOutside(),
    SettlementsWithoutPeople(),
    LocalityFigures(),
    LocalitiesInSum(),
    OfficialTotal(),
)


def published_localities(subject: Subject) -> gpd.GeoDataFrame:
    """Return the municipality's localities with a polygon and published people.

    Parameters
    ----------
    subject
        What is checked.
    """
    places = subject.settlements
    known = places["kind"].isin(LOCALITIES) & (places["population"] > 0)
    return places[
        known & (shapely.area(places.geometry.to_numpy()) > 0) & subject.settlement_inside
    ]


def people_of(places: gpd.GeoDataFrame, subject: Subject) -> tuple[Floats, Floats]:
    """Return the fewest and the most people that may live in each polygon.

    Parameters
    ----------
    places
        Polygons.
    subject
        What is checked.

    Returns
    -------
    tuple of ndarray
        People of the cells wholly inside, and of all cells that overlap.
    """
    people = subject.inputs.cells["people"].to_numpy()
    inside, touched = (
        pd.Series(people[cell]).groupby(place).sum().reindex(range(len(places)), fill_value=0.0)
        for place, cell in _overlaps(places, subject)
    )
    return inside.to_numpy(dtype=float), touched.to_numpy(dtype=float)


def people_of_all(places: gpd.GeoDataFrame, subject: Subject) -> tuple[float, float]:
    """Return the fewest and the most people that may live in some polygons together.

    Parameters
    ----------
    places
        Polygons.
    subject
        What is checked.

    Returns
    -------
    tuple of float
        People of the cells wholly inside any, and of all cells that any overlaps, each cell once.
    """
    people = subject.inputs.cells["people"].to_numpy()
    least, most = (float(people[np.unique(cell)].sum()) for _, cell in _overlaps(places, subject))
    return least, most


def _overlaps(places: gpd.GeoDataFrame, subject: Subject) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of polygons and the cells wholly inside them, then of all they touch."""
    for predicate in ("contains", "intersects"):
        pairs = subject.tree_of_cells.query(places.geometry.to_numpy(), predicate=predicate)
        yield pairs[0], pairs[1]

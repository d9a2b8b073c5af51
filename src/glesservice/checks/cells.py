"""Rules on single cells: how many people, where they lie, what their ids say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from glesservice.analysis import MOST_WITHOUT_ROAD
from glesservice.checks.finding import Finding, found, number_of
from glesservice.checks.subject import Subject
from glesservice.tables import CELLS

LAYER = CELLS.name
CORNER_M = 1.0  # ids are whole metres
SAME_SIDE = 0.01
FEW_CELLS = 20  # fewer say nothing about a column
FRACTIONS = 0.05
IN_WATER = 0.98


class CrowdedCells:
    """POP07 warning: More people live in a cell than can.

    What: more than `people_per_km2` people on a square kilometre; for smaller cells in proportion.
    Such numbers are a total in the wrong row, a density, or a value for "no data".

    Where: the cells, with their people per km².

    Mend: correct the numbers or the column.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare people per area with the limit."""
        cells, limit = subject.inputs.cells, subject.limits.people_per_km2
        density = cells["people"].to_numpy() / (shapely.area(cells.geometry.to_numpy()) / 1e6)
        crowded = density > limit
        if crowded.any():
            what = f"{number_of(crowded.sum(), 'cell')}, up to {density.max():.0f} people per km²"
            yield found(
                self,
                what,
                LAYER,
                cells[crowded],
                values=density[crowded],
                limit=limit,
                unit="people/km²",
            )


class FarFromRoads:
    """POP08 warning: People live far from every road.

    What: cells whose middle is more than `cell_road_m` from the connected roads. Either roads are
    missing from the file, or the cell is displaced. Beyond access_max_m under [network] its people
    count as without road access.

    Where: the cells, with their distance.

    Mend: add the missing roads (forest roads are often left out), or correct the cells' position.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure from each of the municipality's cells to the nearest road."""
        limit, far_m = subject.limits.cell_road_m, subject.cell_to_road_m
        far = far_m > limit
        if subject.network is not None and far.any():
            cells = subject.cells[far]
            people = cells["people"].sum()
            share = people / subject.people
            what = (
                f"{people:.0f} people ({share:.1%}) in {number_of(len(cells), 'cell')} more than "
                f"{limit:g} m away"
            )
            yield found(self, what, LAYER, cells, values=far_m[far], limit=limit, unit="m")


class OtherRoads:
    """POP09 error: Most people live too far from every road.

    What: where more than half of the people live beyond access_max_m from every road, the roads
    are of another area, and the run refuses them.

    Where: the grid and the roads.

    Mend: use the roads of this municipality, or raise access_max_m under [network].
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Sum up the people beyond the search's reach."""
        if subject.network is None or subject.cells.empty:
            return
        off = subject.cell_to_road_m > subject.settings.network.access_max_m
        share = float(subject.cells["people"].to_numpy()[off].sum()) / subject.people
        if share > MOST_WITHOUT_ROAD:
            what = f"{share:.0%} of the people live too far from every road"
            yield found(self, what, LAYER, value=share, limit=MOST_WITHOUT_ROAD, unit="share")


class InWater:
    """POP10 warning: People live in water.

    What: cells of which nearly all is water. Only looked at where lakes under [check] names a layer
    of lakes and sea: there is none otherwise to tell from.

    Where: the cells, with the share that is water.

    Mend: check the position of the cells: a raster may be displaced by half a cell.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure how much of each cell is water."""
        if subject.lakes is None:
            return
        shapes = subject.cells.geometry.to_numpy()
        lakes = shapely.make_valid(subject.lakes.geometry.to_numpy())
        at, lake = shapely.STRtree(lakes).query(shapes, predicate="intersects")
        common = shapely.area(shapely.intersection(shapes[at], lakes[lake]))
        share = np.bincount(at, common, minlength=len(shapes)) / shapely.area(shapes)
        wet = share >= IN_WATER
        if wet.any():
            cells = subject.cells[wet]
            what = f"{cells['people'].sum():.0f} people in {number_of(len(cells), 'cell')}"
            yield found(self, what, LAYER, cells, values=share[wet], limit=IN_WATER, unit="share")


class UnevenCells:
    """POP11 warning: The cells are of several sizes.

    What: a grid has one cell size. SCB's grids of 250 m and 1 km mixed in one layer count people
    twice or leave gaps.

    Where: the cells whose side is not the usual one.

    Mend: keep one cell size.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the cells' sides with the most common one."""
        side = np.sqrt(shapely.area(subject.inputs.cells.geometry.to_numpy()))
        usual = float(np.median(side))
        other = np.abs(side - usual) > usual * SAME_SIDE
        if other.any():
            what = (
                f"{number_of(other.sum(), 'cell')} with another side than the usual {usual:.0f} m"
            )
            yield found(
                self, what, LAYER, subject.inputs.cells[other], values=side[other], unit="m"
            )


class IdsElsewhere:
    """POP12 error: Cells do not lie where their ids say.

    What: the 13 digits of SCB's ids are the south-western corner (E6 + N7). Where the geometry lies
    elsewhere, the coordinate system is wrong or the ids belong to other rows.

    Where: the cells, with the distance between corner and id.

    Mend: state the right coordinate system (SCB: EPSG:3006), or make the squares from the ids.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare corners with ids."""
        cells = subject.inputs.cells
        told = cells["cell_id"].str.fullmatch(r"\d{13}").to_numpy(dtype=bool)
        cells = cells[told]
        left, low, _, _ = shapely.bounds(cells.geometry.to_numpy()).T
        east = cells["cell_id"].str[:6].astype(float).to_numpy()
        north = cells["cell_id"].str[6:].astype(float).to_numpy()
        off = np.hypot(left - east, low - north)
        wrong = off > CORNER_M
        if wrong.any():
            what = f"{number_of(wrong.sum(), 'cell')} up to {off.max():.0f} m away"
            yield found(
                self, what, LAYER, cells[wrong], values=off[wrong], limit=CORNER_M, unit="m"
            )


class OneNumberEverywhere:
    """POP13 error: Every cell has the same number of people.

    What: then the column is no number of people, but for instance the cell's side.

    Where: the grid as a whole.

    Mend: correct value under [population].
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for more than one number."""
        people = subject.inputs.cells["people"]
        if len(people) >= FEW_CELLS and people.nunique() == 1:
            what = f"all {len(people)} cells have {people.iloc[0]:g} people"
            yield found(self, what, LAYER, value=float(people.iloc[0]), unit="people")


class FractionsOfPeople:
    """POP14 info: People are not whole.

    What: counts are whole numbers; fractions come from a modelled or resampled raster, or from a
    density (people per km²) that is no number of people unless the cells have 1 km².

    Where: the cells, as a share.

    Mend: check the unit of the raster; else nothing.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure the share of cells with fractions."""
        people = subject.inputs.cells["people"].to_numpy(dtype=float)
        share = float(np.mean(np.abs(people - np.round(people)) > 1e-6))
        if share > FRACTIONS:
            what = f"{share:.0%} of the cells have fractions of people"
            yield found(self, what, LAYER, value=share, limit=FRACTIONS, unit="share")


RULES = (
    CrowdedCells(),
    FarFromRoads(),
    OtherRoads(),
    InWater(),
    UnevenCells(),
    IdsElsewhere(),
    OneNumberEverywhere(),
    FractionsOfPeople(),
)

"""Rules on the tables themselves: ids, rows, geometries, coordinates."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import shapely

from glesservice.checks.finding import Finding, found, number_of
from glesservice.checks.subject import Subject
from glesservice.tables import BOUNDARY, CELLS, EDGES, SETTLEMENTS, SITES, Table

# Sweden with a generous margin that holds its neighbours' border lands, EPSG:3006: west, south,
# east, north. What lies elsewhere has swapped axes or another coordinate system.
NORDIC = (0.0, 5_900_000.0, 1_400_000.0, 8_000_000.0)


def _tables(subject: Subject) -> Iterator[tuple[Table, gpd.GeoDataFrame]]:
    """Yield the input tables with their schemas."""
    inputs = subject.inputs
    yield BOUNDARY, inputs.boundary
    yield CELLS, inputs.cells
    yield SETTLEMENTS, inputs.settlements
    yield SITES, inputs.sites
    yield EDGES, inputs.edges


class EmptyTables:
    """TAB01 error: An input has no rows.

    What: each of the five inputs must hold something.
    Without people, places, sites, roads or a border there is nothing to measure.

    Where: the table, by its layer's name.

    Mend: use another file or layer, or name the right one in the settings.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for tables without rows."""
        for schema, table in _tables(subject):
            if table.empty:
                yield found(self, f"{schema.name} has no rows", schema.name)


class RepeatedIds:
    """TAB02 error: Two rows have the same id.

    What: an id names one cell, one settlement, one site; where it is there twice, people or shops
    count twice or one of them is lost.

    Where: the ids that are repeated.

    Mend: give every row an id of its own, or remove the double.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for keys that are there twice."""
        for schema, table in _tables(subject):
            if schema.key:
                twice = table[table.duplicated(list(schema.key))]
                if not twice.empty:
                    what = f"{number_of(len(twice), 'row')} of {schema.name} repeat an id"
                    yield found(self, what, schema.name, twice)


class PeopleNoNumber:
    """TAB03 error: The people of a cell are negative or no number.

    What: people are counted; a negative number stands for "no data" or is a mistake.

    Where: the cells.

    Mend: correct the numbers, or state in the file which value means no data.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for people below zero or not finite."""
        cells = subject.inputs.cells
        people = cells["people"].to_numpy(dtype=float)
        wrong = ~np.isfinite(people) | (people < 0)
        if wrong.any():
            what = number_of(wrong.sum(), "cell")
            yield found(self, what, CELLS.name, cells[wrong])


class InvalidGeometries:
    """TAB04 error: A polygon or line is invalid.

    What: a polygon that crosses itself has no certain inside: cells may be given to the wrong
    locality, or the run may stop.

    Where: the rows.

    Mend: repair the layer, in QGIS with "Fix geometries".
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for shapes that GEOS calls invalid."""
        for schema, table in _tables(subject):
            valid = shapely.is_valid(table.geometry.to_numpy())
            if not valid.all():
                why = shapely.is_valid_reason(table.geometry.to_numpy()[~valid][0])
                what = f"{number_of((~valid).sum(), 'shape')} of {schema.name} (the first: {why})"
                yield found(self, what, schema.name, table[~valid])


class CoordinatesElsewhere:
    """TAB05 error: Something lies outside Sweden and its neighbours.

    What: coordinates that are read as SWEREF 99 TM and fall outside the Nordic countries come from
    swapped axes, a decimal point in the wrong place, or another coordinate system than stated.

    Where: the rows, with their coordinates as they were read.

    Mend: correct the coordinates or the coordinate system of the file.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for shapes outside a box around Sweden."""
        west, south, east, north = NORDIC
        for schema, table in _tables(subject):
            left, low, right, high = shapely.bounds(table.geometry.to_numpy()).T
            within = (left >= west) & (low >= south) & (right <= east) & (high <= north)
            if not within.all():
                what = f"{number_of((~within).sum(), 'row')} of {schema.name}"
                yield found(self, what, schema.name, table[~within])


class StrangeArea:
    """TAB06 warning: The municipality is smaller or larger than any in Sweden.

    What: Sweden's smallest municipality has 9 km² (Sundbyberg), its largest 20 700 km² (Kiruna).

    Where: the border.

    Mend: check that the layer holds the municipality and not a part of it, a county or a point.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the area with the smallest and the largest there is."""
        km2 = float(shapely.area(subject.area)) / 1e6
        for beyond, limit in ((km2 < 8, 8.0), (km2 > 25_000, 25_000.0)):
            if beyond:
                what = f"the municipality has {km2:,.1f} km²".replace(",", " ")
                yield found(self, what, BOUNDARY.name, value=km2, limit=limit, unit="km²")


class CoarseBorder:
    """TAB07 info: The border is drawn coarsely.

    What: a generalised border puts cells and sites near it into the wrong municipality. Told where
    its corners are more than 2 km apart on average.

    Where: the border.

    Mend: use Lantmäteriet's border (CC0) if villages lie near it.
    """

    apart_km = 2.0

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Measure the mean distance between the border's corners."""
        corners = shapely.get_num_coordinates(subject.area)
        apart = shapely.length(subject.area) / 1000 / corners
        if apart > self.apart_km:
            what = f"the border's {corners} corners are {apart:.1f} km apart on average"
            yield found(self, what, BOUNDARY.name, value=apart, limit=self.apart_km, unit="km")


# Without these nothing else can be looked at.
FOUNDATIONS = (EmptyTables(), RepeatedIds(), PeopleNoNumber())
RULES = (InvalidGeometries(), CoordinatesElsewhere(), StrangeArea(), CoarseBorder())

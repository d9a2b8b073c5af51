"""``restid_<service>.tif``: how long and how far it is from everywhere along the roads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import rasterio.shutil
import shapely
from rasterio.io import MemoryFile
from rasterio.transform import Affine

from glesservice.access import MEASURE_OF_WAY
from glesservice.analysis import Result
from glesservice.exports.manifest import settings_fingerprint
from glesservice.network import RoadNetwork, nearest, snap
from glesservice.sources.naming import slug
from glesservice.tables import CRS
from glesservice.tables.words import service_place

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

NODATA = -9999.0
# Cloud-optimised: tiles and overviews in an order in which a reader fetches only what it shows.
FORMAT = {
    "driver": "COG",
    "COMPRESS": "DEFLATE",
    "PREDICTOR": "YES",
    "BLOCKSIZE": "256",
    "OVERVIEW_RESAMPLING": "AVERAGE",
    "NUM_THREADS": "1",
}


@dataclass(frozen=True, eq=False)
class Grid:
    """Square places, row by row from the north-west.

    Attributes
    ----------
    transform
        From column and row to east and north.
    shape
        Rows and columns.
    inside
        Which places have their middle in the municipality.
    """

    transform: Affine
    shape: tuple[int, int]
    inside: npt.NDArray[np.bool_]

    def middles(self) -> gpd.GeoSeries:
        """Return the middles of the places in the municipality."""
        row, column = np.nonzero(self.inside)
        east, north = middle(self.transform, row, column)
        return gpd.GeoSeries(gpd.points_from_xy(east, north), crs=CRS)


def middle(transform: Affine, row: Ints, column: Ints) -> tuple[Floats, Floats]:
    """Return east and north of the middles of squares.

    Parameters
    ----------
    transform
        From column and row to east and north, without turning.
    row, column
        Which squares.
    """
    return transform.c + transform.a * (column + 0.5), transform.f + transform.e * (row + 0.5)


def write_rasters(result: Result, network: RoadNetwork, folder: Path) -> None:
    """Write the travel times to each service.

    Parameters
    ----------
    result
        What was found.
    network
        The roads.
    folder
        Where to.
    """
    grid = grid_of(result.boundary, result.settings.exports.raster_m)
    names = file_names([str(service) for service in result.weights.index])
    for service, minutes, km in surfaces(result, network, grid):
        _write(
            folder / names[service],
            np.stack([minutes, km]),
            grid.transform,
            _tags(result, service),
        )


def file_names(services: Sequence[str]) -> dict[str, str]:
    """Return the name of each service's file, whatever the service is called.

    Parameters
    ----------
    services
        The services.

    Examples
    --------
    >>> list(file_names(["apotek", "öl & vin", "öl/vin", "../"]).values())
    ['restid_apotek.tif', 'restid_ol-vin.tif', 'restid_ol-vin-2.tif', 'restid_service.tif']
    """
    names: dict[str, str] = {}
    for service in services:
        stem = f"restid_{slug(service) or 'service'}"
        offered = (f"{stem}{again}.tif" for again in chain([""], (f"-{n}" for n in count(2))))
        names[service] = next(name for name in offered if name not in names.values())
    return names


def grid_of(boundary: gpd.GeoDataFrame, side_m: float) -> Grid:
    """Return the grid over a municipality, its edges on multiples of the side.

    Parameters
    ----------
    boundary
        The municipality.
    side_m
        Side of the squares, metres.
    """
    west, south, east, north = boundary.total_bounds
    first, last = np.floor(west / side_m), np.ceil(east / side_m)
    low, high = np.floor(south / side_m), np.ceil(north / side_m)
    shape = int(high - low), int(last - first)
    transform = Affine(side_m, 0.0, first * side_m, 0.0, -side_m, high * side_m)
    easting, northing = middle(transform, *np.indices(shape))
    area = boundary.geometry.union_all()
    shapely.prepare(area)
    return Grid(transform, shape, shapely.contains_xy(area, easting, northing))


def surfaces(
    result: Result, network: RoadNetwork, grid: Grid
) -> Iterator[tuple[str, npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
    """Yield each service with the minutes and the km to its nearest site from every place.

    Parameters
    ----------
    result
        The sites and the settings.
    network
        The roads.
    grid
        The places.

    Yields
    ------
    tuple
        Service, minutes of the fastest drive, km of the settings' way; ``NODATA`` outside the
        municipality, further from a road than ``access_max_m``, and where no site is reached.
    """
    rules = result.settings.network
    places = snap(network, grid.middles(), rules.access_max_m)
    usable = result.sites[result.sites["counted"]]
    sites = snap(network, usable.geometry, rules.access_max_m)
    for service in map(str, result.weights.index):
        here = sites.take(np.flatnonzero(usable["service"] == service))
        soon = nearest(network, places, here, by="seconds", access_kmh=rules.access_kmh)
        by = MEASURE_OF_WAY[result.settings.policy.way]
        near = nearest(network, places, here, by=by, access_kmh=rules.access_kmh)
        minutes, km = soon.seconds[:, 0] / 60, near.metres[:, 0] / 1000
        yield service, _on(grid, minutes), _on(grid, km)


def _on(grid: Grid, values: Floats) -> npt.NDArray[np.float32]:
    """Put the values of the places in the municipality on the grid."""
    surface = np.full(grid.shape, NODATA, dtype=np.float32)
    surface[grid.inside] = np.where(np.isfinite(values), values, NODATA)
    return surface


def _tags(result: Result, service: str) -> dict[str, str]:
    """Say what the surface is and where it comes from."""
    settings = result.settings
    area = settings.area
    place = service_place(service)
    sources = "; ".join(
        f"{source.source or 'källa ej angiven'} ({source.date or 'utan datum'}, "
        f"{source.licence or 'licens ej angiven'})"
        for key, source in settings.inputs()
        if key.startswith(("roads", "services", "boundary"))
    )
    note = " Demonstration, inte underlag för beslut." if settings.publication.demonstration else ""
    return {
        "TIFFTAG_DOCUMENTNAME": f"Restid till {place}, {area.name} {area.year}",
        "TIFFTAG_IMAGEDESCRIPTION": (
            f"Band 1: minuter med bil till den {place} som nås fortast. Band 2: km till närmaste "
            f"{place}. Anslutning till väg medräknad; tomt längre än "
            f"{settings.network.access_max_m:g} m från väg.{note}"
        ),
        "SOURCE": sources,
        "SETTINGS_SHA256": settings_fingerprint(settings),
    }


def _write(
    path: Path, bands: npt.NDArray[np.float32], transform: Affine, tags: dict[str, str]
) -> None:
    """Write the bands as a cloud-optimised GeoTIFF."""
    with MemoryFile() as memory:
        with memory.open(
            driver="GTiff",
            height=bands.shape[1],
            width=bands.shape[2],
            count=len(bands),
            dtype="float32",
            crs=CRS,
            transform=transform,
            nodata=NODATA,
        ) as raster:
            raster.write(bands)
            raster.descriptions = ("Restid", "Väglängd")
            raster.units = ("min", "km")
            raster.update_tags(**tags)
        # On a full disk GDAL's own writing ends without an error, and with half a file.
        with MemoryFile() as whole:
            with memory.open() as raster:
                rasterio.shutil.copy(raster, whole.name, **FORMAT)
            path.write_bytes(whole.read())

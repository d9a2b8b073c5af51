"""The population grid as SCB's GeoPackage layer and as a GeoTIFF."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from rasterio.transform import from_origin
from shapely import box

from cells import SIZE, Cell
from facts import dice

NODATA = -1.0
MEN_SHARE = 0.52  # more men than women live in the sparse inland
REFERENCE_DATE = "20241231"


def grid_table(people: dict[Cell, int]) -> gpd.GeoDataFrame:
    """Lay out the squares with the columns of SCB's service.

    Parameters
    ----------
    people
        People by square.

    Returns
    -------
    geopandas.GeoDataFrame
        One square a row.
    """
    rng = dice("men and women")
    total = list(people.values())
    men = [min(n, max(0, round(n * (MEN_SHARE + rng.uniform(-0.1, 0.1))))) for n in total]
    return gpd.GeoDataFrame(
        {
            "rutid_inspire": [f"SE_CRS3006RES{SIZE}mN{c.north}E{c.east}" for c in people],
            "rutid_scb": [f"{c.east:06d}{c.north:07d}" for c in people],
            "rutstorl": [SIZE] * len(people),
            "beftotalt": total,
            "man": men,
            "kvinna": [n - m for n, m in zip(total, men, strict=True)],
            "referenstid": [REFERENCE_DATE] * len(people),
            "sp_geometry": [box(c.east, c.north, c.east + SIZE, c.north + SIZE) for c in people],
        },
        geometry="sp_geometry",
        crs="EPSG:3006",
    )


def write_raster(people: dict[Cell, int], path: Path) -> None:
    """Write the same people as a raster.

    Parameters
    ----------
    people
        People by square.
    path
        The file to write.
    """
    west = min(c.east for c in people)
    south = min(c.north for c in people)
    columns = (max(c.east for c in people) - west) // SIZE + 1
    lines = (max(c.north for c in people) - south) // SIZE + 1
    values = np.full((lines, columns), NODATA, dtype=np.float32)
    for cell, number in people.items():
        values[lines - 1 - (cell.north - south) // SIZE, (cell.east - west) // SIZE] = number
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=columns,
        height=lines,
        count=1,
        dtype="float32",
        crs="EPSG:3006",
        transform=from_origin(west, south + lines * SIZE, SIZE, SIZE),
        nodata=NODATA,
        compress="DEFLATE",
    ) as raster:
        raster.write(values, 1)
        raster.set_band_description(1, "beftotalt")
        raster.update_tags(
            source="Modelled demonstration data from published figures (SCB, CC0); not a register",
            year=REFERENCE_DATE[:4],
            unit="people per square kilometre cell",
        )

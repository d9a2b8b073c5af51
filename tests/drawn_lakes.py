"""A drawn lake district in and around the municipality of the embedded data: no real lakes."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

CRS = "EPSG:3006"
# Vilhelmina's extent, roughly.
WEST, SOUTH, EAST, NORTH = 470_000.0, 7_120_000.0, 640_000.0, 7_270_000.0


def long_lake(east: float, north: float, length: float, bends: int = 400) -> shapely.Polygon:
    """Return a narrow lake that runs to the south-east, its shores with many bends."""
    along = np.linspace(0, 1, bends)
    bend = 600 * np.sin(25 * along)
    middle = np.column_stack([east + length * along, north - 0.45 * length * along + bend])
    island = shapely.Point(middle[bends // 2]).buffer(300)
    return shapely.LineString(middle).buffer(900).difference(island)


def lake_district(count: int = 150, seed: int = 1) -> gpd.GeoDataFrame:
    """Return long lakes with islands, and round tarns of 1 to 100 hectares."""
    rng = np.random.default_rng(seed)
    spots = rng.uniform([WEST, SOUTH], [EAST, NORTH], (count, 2))
    tarns = shapely.buffer(shapely.points(spots), rng.uniform(60, 560, count))
    lakes = [long_lake(WEST + 10_000, NORTH - 40_000, 60_000), *tarns]
    lakes.append(shapely.Point(WEST - 300_000, SOUTH).buffer(9_000))  # far away
    return gpd.GeoDataFrame(
        {"namn": "<b>Sjön</b>"}, index=range(len(lakes)), geometry=lakes, crs=CRS
    )


def write_lakes(path: Path, crs: str = CRS) -> Path:
    """Write the lakes as a map file."""
    lake_district().to_crs(crs).to_file(path)
    return path

"""Reading a national population grid: 115 000 cells with ages, as GeoPackage, table and raster.

Each way in a process of its own; the clock and the peak of memory include the interpreter's start.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine

SEED, CELLS, SIDE_M = 2026, 115_000, 1000
WEST, SOUTH, COLUMNS, ROWS = 260_000, 6_130_000, 660, 1_570
AGES = [f"ald{age}_{age + 5}" for age in range(0, 100, 5)] + ["ald100w"]


def national(seed: int = SEED) -> pd.DataFrame:
    """Return cells of a made-up country: column and row of the square, and people by age."""
    random = np.random.default_rng(seed)
    square = np.sort(random.choice(COLUMNS * ROWS, CELLS, replace=False))
    ages = random.poisson(random.lognormal(0, 1.5, CELLS)[:, None], (CELLS, len(AGES)))
    ages[:, 0] += ages.sum(axis=1) == 0
    frame = pd.DataFrame(ages, columns=AGES)
    frame.insert(0, "beftotalt", ages.sum(axis=1))
    frame.insert(0, "row", square // COLUMNS)
    frame.insert(0, "column", square % COLUMNS)
    return frame


def write(folder: Path) -> dict[str, Path]:
    """Write the grid in three formats."""
    cells = national()
    east, north = WEST + SIDE_M * cells.pop("column"), SOUTH + SIDE_M * cells.pop("row")
    cells.insert(0, "rutid_scb", [f"{e:06d}{n:07d}" for e, n in zip(east, north, strict=True)])
    files = {name: folder / f"national.{name}" for name in ("gpkg", "csv", "tif")}
    cells.to_csv(files["csv"], index=False, sep=";")
    squares = shapely.box(east, north, east + SIDE_M, north + SIDE_M)
    gpd.GeoDataFrame(cells, geometry=squares, crs=3006).to_file(files["gpkg"], layer="rutor")
    people = np.zeros((ROWS, COLUMNS), dtype="float32")
    people[ROWS - 1 - (north - SOUTH) // SIDE_M, (east - WEST) // SIDE_M] = cells["beftotalt"]
    with rasterio.open(
        files["tif"],
        "w",
        driver="GTiff",
        height=ROWS,
        width=COLUMNS,
        count=1,
        dtype="float32",
        crs="EPSG:3006",
        transform=Affine(SIDE_M, 0, WEST, 0, -SIDE_M, SOUTH + ROWS * SIDE_M),
        nodata=0,
    ) as raster:
        raster.write(people, 1)
    return files


def read(path: Path) -> None:
    """Read one file as a run does, and print what came out and what it took."""
    begin = time.perf_counter()
    from glesservice.config import Population  # noqa: PLC0415 (part of what is timed)
    from glesservice.sources import read_population  # noqa: PLC0415

    ready = time.perf_counter()
    cells = read_population(Population(path=path))
    done = time.perf_counter()
    older = cells["people_65plus"].sum(min_count=1)
    print(  # noqa: T201
        json.dumps(
            {
                "cells": len(cells),
                "people": float(cells["people"].sum()),
                "people_65plus": None if pd.isna(older) else float(older),
                "import_seconds": ready - begin,
                "read_seconds": done - ready,
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def main() -> None:
    """Write the grid, read it three ways, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--read", type=Path, help="read this file only (used by the script itself)")
    options = parser.parse_args()
    if options.read:
        read(options.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        expected = float(national()["beftotalt"].sum())
        for name, path in write(Path(folder)).items():
            command = [sys.executable, __file__, "--read", str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
            found = json.loads(done.stdout)
            if (found["cells"], found["people"]) != (CELLS, expected):
                raise SystemExit(f"{name}: {found} is not what was written")
            print(  # noqa: T201
                f"{name}: {found['cells']} cells, {found['people']:.0f} people, "
                f"{found['read_seconds']:.1f} s after {found['import_seconds']:.1f} s of imports, "
                f"peak {found['peak_mb']:.0f} MB"
            )


if __name__ == "__main__":
    main()

"""Reading and checking the inputs of a whole country, in a process of its own.

115 600 squares of 1 km with people, the rural network of 300 000 nodes stretched to the same area
as an OpenStreetMap extract, 5 000 localities, 10 000 names, 12 600 sites, last year's grid and a
border of 20 000 corners. The clock begins with the process, imports included.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
import tables
from measuring import memory_mb
from national import SITES, _running_s
from networks import rural
from pbf import write
from run import HERE, SEED, SIZES, say, store, stored

SIDE_KM, CORNERS = 340, 20_000
EAST_M, NORTH_M, STRETCH = 300_000.0, 6_600_000.0, 4.0
TOWNS, HAMLETS, NAMED = 2000, 3000, 10_000
REPEATS = 3


def make(folder: Path, cache: Path) -> None:
    """Write the inputs and their settings."""
    rng = np.random.default_rng(SEED)
    links = rural(SIZES["medium"], SEED, cache)
    x = EAST_M + (links.x - links.x.min()) * STRETCH
    y = NORTH_M + (links.y - links.y.min()) * STRETCH
    metres, forward, backward = (
        getattr(links, name) * STRETCH
        for name in ("length_m", "seconds_forward", "seconds_backward")
    )
    stretched = dataclasses.replace(
        links, x=x, y=y, length_m=metres, seconds_forward=forward, seconds_backward=backward
    )
    write(folder / "roads.osm.pbf", stretched, rng)
    east, north = (
        start + grid.ravel() * 1000
        for start, grid in zip((EAST_M, NORTH_M), np.indices((SIDE_KM, SIDE_KM)), strict=True)
    )
    people = np.ceil(rng.lognormal(2.0, 1.5, len(east)))
    for name, counts in (("now", people), ("before", np.ceil(people * 1.01))):
        columns = {
            "rutid_scb": [f"{e:06.0f}{n:07.0f}" for e, n in zip(east, north, strict=True)],
            "beftotalt": counts.astype(int),
        }
        shapes = shapely.box(east, north, east + 1000, north + 1000)
        _save(columns, shapes, folder / f"{name}.gpkg", "befolkning_1km")
    _places(folder, x, y, rng)
    _border(folder, rng)
    said = 'source = "synthetic"\nlicence = "CC0"\ndate = "2025-12"\n'
    files = {
        "population": "now.gpkg",
        "settlements": "places.gpkg",
        "services": "sites.gpkg",
        "roads": "roads.osm.pbf",
        "boundary": "border.gpkg",
    }
    text = '[area]\nkommun = "0000"\nname = "Landet"\nyear = 2026\n'
    text += "".join(f'[{key}]\npath = "{file}"\n{said}' for key, file in files.items())
    text += '[check]\nprevious_population = "before.gpkg"\n'
    (folder / "glesservice.toml").write_text(text, encoding="utf-8")


def _save(columns: dict[str, Any], shapes: Any, file: Path, layer: str) -> None:
    """Write a layer."""
    gpd.GeoDataFrame(columns, geometry=shapes, crs=3006).to_file(file, layer=layer)


def _places(folder: Path, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> None:
    """Write localities, names and sites near roads."""
    for layer, count, key in (("tatorter", TOWNS, "tatort"), ("smaorter", HAMLETS, "smaort")):
        at = rng.integers(len(x), size=count)
        half = 700.0 if key == "tatort" else 200.0
        shapes = shapely.box(x[at] - half, y[at] - half, x[at] + half, y[at] + half)
        names = [f"{key} {number}" for number in range(count)]
        columns = {key: names, "bef": 300 if key == "tatort" else 100}
        if key == "tatort":
            columns["tatortskod"] = [f"T{number}" for number in range(count)]
        _save(columns, shapes, folder / "places.gpkg", layer)
    at = rng.integers(len(x), size=NAMED)
    names = [f"By {number}" for number in range(NAMED)]
    _save({"name": names}, shapely.points(x[at], y[at]), folder / "places.gpkg", "namn")
    services = np.repeat(list(SITES), list(SITES.values()))
    at = rng.integers(len(x), size=len(services))
    columns = {
        "name": [f"Butik {number}" for number in range(len(at))],
        "service": services,
        "source_year": 2025,
    }
    _save(columns, shapely.points(x[at] + 20, y[at]), folder / "sites.gpkg", "sites")


def _border(folder: Path, rng: np.random.Generator) -> None:
    """Write a ragged border around everything."""
    turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    half = SIDE_KM * 500
    away = half * 1.45 + rng.normal(scale=500, size=CORNERS)
    ring = np.stack([EAST_M + half + away * np.cos(turn), NORTH_M + half + away * np.sin(turn)], 1)
    shape = shapely.make_valid(shapely.Polygon(ring))
    _save({"kommunkod": ["0000"]}, [shape], folder / "border.gpkg", "kommun")


def job(folder: Path) -> dict[str, Any]:
    """Read and check, and return what each part took."""
    from glesservice.checks import check_inputs  # noqa: PLC0415 (importing is part of the job)
    from glesservice.config import load_settings  # noqa: PLC0415
    from glesservice.sources import read_inputs, read_population  # noqa: PLC0415

    took = {"start and imports": _running_s()}
    settings = load_settings(folder / "glesservice.toml")
    begun = time.perf_counter()
    inputs = read_inputs(settings)
    previous = read_population(settings.check.previous_population)
    took["read the files"] = time.perf_counter() - begun
    read_mb = memory_mb("VmHWM")
    begun = time.perf_counter()
    report = check_inputs(inputs, settings, previous)
    took["check"] = time.perf_counter() - begun
    return {
        "took": took,
        "total_s": _running_s(),
        "cpu_s": time.process_time(),
        "read_peak_mb": read_mb,
        "peak_mb": memory_mb("VmHWM"),
        "cells": len(inputs.cells),
        "links": len(inputs.edges),
        "rules": len(report.checked),
        "findings": sorted({finding.code for finding in report.findings}),
    }


def main() -> None:
    """Make the inputs once, then read and check them several times in fresh processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--job", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    cache = arguments.cache or Path(tempfile.gettempdir()) / "glesservice-benchmarks"
    folder = cache / "national-inputs"
    if arguments.job:
        sys.stdout.write(json.dumps(job(folder)))
        return
    if not (folder / "glesservice.toml").exists():
        say("writing the inputs")
        folder.mkdir(parents=True, exist_ok=True)
        make(folder, cache)
    command = [sys.executable, __file__, "--job", "--cache", str(cache)]
    runs = []
    for _ in range(REPEATS):
        done = subprocess.run(  # noqa: S603 (our own program)
            command, check=True, stdout=subprocess.PIPE, text=True
        )
        runs.append(json.loads(done.stdout))
        say(f"{runs[-1]['total_s']:.1f} s, {runs[-1]['peak_mb']:.0f} MB: {runs[-1]['took']}")
    section = runs[0] | {
        "took": {
            part: statistics.median(run["took"][part] for run in runs) for part in runs[0]["took"]
        },
        "total_s": statistics.median(run["total_s"] for run in runs),
        "cpu_s": statistics.median(run["cpu_s"] for run in runs),
        "peak_mb": max(run["peak_mb"] for run in runs),
        "load": os.getloadavg()[0],
    }
    results = stored() | {"checking": section}
    store(results)
    tables.refresh(HERE / "README.md", results)


if __name__ == "__main__":
    main()

"""A whole country as one batch: 290 municipalities on a network of three million nodes.

Everything is drawn, with a seed, in the proportions of Sweden: its area, its roads, as many
populated squares, places and sites. What is measured is ``glesservice batch`` itself, from input
files that are prepared once, in a process of its own: by the clock, by the processor, and the most
memory that all its processes hold together, shared pages counted once.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psutil
import shapely
import tables
from national import SITES
from networks import Links, rural
from run import HERE, SEED, say, store, stored

AREAS, CELLS, NODES, PLACES = 290, 115_000, 3_000_000, 15_000
# Where the sites are: Sweden has about two thousand tätorter.
TOWNS = 2000
LAND_KM2 = 407_000.0
WEST, SOUTH = 280_000.0, 6_140_000.0
CRS = "EPSG:3006"
YEAR = 2026
SETTINGS = """
[area]
year = 2026
buffer_km = 60

[population]
path = "people.csv"

[settlements]
path = "places.csv"

[services]
path = "sites.csv"

[roads]
path = "roads.gpkg"
class_column = "kind"
classes = { trunk = "trunk", secondary = "secondary", small = "unclassified" }
speed_column = "limit"
oneway_column = "oneway"

[boundary]
path = "borders.gpkg"

[publication]
demonstration = true
"""


def country(nodes: int, areas: int, cells: int, cache: Path) -> Path:
    """Draw the input files, unless they are there, and return the settings file.

    A smaller country is a part of the same: as many roads, people and municipalities a square km.
    """
    folder = cache / f"country-{nodes}-{areas}-{cells}"
    settings = folder / "country.toml"
    if settings.exists():
        return settings
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    random = np.random.default_rng(SEED)
    links = rural(nodes, SEED, cache)
    xy = np.stack([links.x - links.x.min(), links.y - links.y.min()], axis=1)
    scale = np.sqrt(LAND_KM2 * 1e6 * nodes / NODES / np.prod(np.ptp(xy, axis=0)))
    xy = xy * scale + [WEST, SOUTH]
    _write_roads(links, xy, float(scale), folder)
    # People live where roads are dense: in and round villages.
    square, roads = np.unique(np.floor(xy / 1000).astype(np.int64), axis=0, return_counts=True)
    odds = roads.astype(float) ** 2
    chosen = random.choice(len(square), cells, replace=False, p=odds / odds.sum())
    square = square[np.sort(chosen)]
    ids = [f"{east}000{north}000" for east, north in square.tolist()]
    # Most squares have a handful of people, a few have thousands.
    people = np.minimum(np.ceil(random.lognormal(2.2, 2.0, cells)), 20_000).astype(int)
    pd.DataFrame({"rutid_scb": ids, "beftotalt": people}).to_csv(folder / "people.csv", index=False)
    middles = square * 1000.0 + 500.0
    seeds = middles[random.choice(cells, areas, replace=False, p=people / people.sum())]
    _write_borders(seeds, xy, folder)
    share = nodes / NODES
    large = np.argsort(-people, kind="stable")[: round(TOWNS * share)]
    at = middles[random.choice(cells, round(PLACES * share), replace=False)]
    town = np.concatenate([seeds, at])
    kinds = ["tatort"] * areas + ["by"] * len(at)
    pd.DataFrame(
        {
            "name": [f"Ort {number}" for number in range(len(town))],
            "kind": kinds,
            "n": town[:, 1],
            "e": town[:, 0],
        }
    ).to_csv(folder / "places.csv", index=False)
    _write_sites(middles[large], share, random, folder)
    settings.write_text(SETTINGS, encoding="utf-8")
    return settings


def _write_roads(links: Links, xy: np.ndarray, scale: float, folder: Path) -> None:
    """Write the links as straight lines, with classes, limits and directions."""
    limit = np.rint(links.length_m / links.seconds_forward * 3.6)
    kind = np.where(limit > 80, "trunk", np.where(limit > 60, "secondary", "small"))
    ends = np.stack([xy[links.u], xy[links.v]], axis=1)
    columns = {
        "kind": kind,
        "limit": limit,
        "oneway": np.where(np.isinf(links.seconds_backward), "yes", "no"),
    }
    roads = gpd.GeoDataFrame(columns, geometry=shapely.linestrings(ends), crs=CRS)
    roads.to_file(folder / "roads.gpkg", layer="roads", engine="pyogrio", SPATIAL_INDEX="NO")
    km = links.length_m.sum() * scale / 1000
    say(f"{len(roads)} links, {km:.0f} km of road")


def _write_borders(seeds: np.ndarray, xy: np.ndarray, folder: Path) -> None:
    """Write a municipality around each seed: what is nearer to it than to the others."""
    land = shapely.box(*xy.min(axis=0), *xy.max(axis=0))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=land, ordered=True)
    )
    areas = shapely.segmentize(shapely.intersection(cells, land), 1000.0)
    codes = [f"{number:04d}" for number in range(1, len(areas) + 1)]
    frame = gpd.GeoDataFrame(
        {"kommunkod": codes, "name": [f"Kommun {code}" for code in codes]}, geometry=areas, crs=CRS
    )
    frame.to_file(folder / "borders.gpkg", layer="kommuner", engine="pyogrio")


def _write_sites(
    towns: np.ndarray, share: float, random: np.random.Generator, folder: Path
) -> None:
    """Write as many sites of each service as Sweden has, in the largest places."""
    services = np.repeat(list(SITES), [round(count * share) for count in SITES.values()])
    at = towns[random.integers(len(towns), size=len(services))] + random.normal(
        scale=300.0, size=(len(services), 2)
    )
    pd.DataFrame(
        {
            "name": [f"Ställe {number}" for number in range(len(services))],
            "service": services,
            "n": at[:, 1].round(1),
            "e": at[:, 0].round(1),
        }
    ).to_csv(folder / "sites.csv", index=False)


def prepare(settings: Path) -> dict[str, float]:
    """Put what all share on the shelf, in a process of its own; return what that took."""
    shelf = settings.parent / "shelf"
    shutil.rmtree(shelf, ignore_errors=True)
    script = (
        "import sys; from pathlib import Path; from glesservice.batch.running import prepare; "
        "from glesservice.config import load_common_settings; "
        "prepare(load_common_settings(Path(sys.argv[1])), Path(sys.argv[2]), print)"
    )
    took = measured([sys.executable, "-c", script, str(settings), str(shelf)])
    size = sum(file.stat().st_size for file in shelf.iterdir()) / 1e6
    return {"seconds": took["seconds"], "peak_mb": took["peak_mb"], "folder_mb": size}


def batch(settings: Path, workers: int, codes: list[str]) -> dict[str, float]:
    """Run the batch from the shelf into an empty folder; return what that took."""
    with tempfile.TemporaryDirectory(dir=settings.parent) as room:
        which = ["--kommun", ",".join(codes)] if codes else ["--all"]
        name = "kommuner" if codes else "sverige"
        folder = Path(room) / f"{name}-{YEAR}"
        shutil.copytree(settings.parent / "shelf", folder / ".gemensamt", copy_function=os.link)
        words = ["batch", "--config", str(settings), *which, "--workers", str(workers)]
        took = measured([sys.executable, "-m", "glesservice", *words, "--output", room])
        took["municipalities"] = len(list(folder.glob("*/karta.html")))
        took["folder_mb"] = sum(f.stat().st_size for f in folder.glob("*/*")) / 1e6
    return {"workers": workers, **took}


def measured(command: list[str]) -> dict[str, float]:
    """Run a command; return its time, and the most memory of it and all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    peak = 0.0
    with subprocess.Popen(command) as process:  # noqa: S603 (our own program)
        while process.poll() is None:
            peak = max(peak, _held_mb(process.pid))
            time.sleep(2.0)  # it costs the workers some time, too
    took = time.perf_counter() - begun
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": took, "cpu_s": cpu, "peak_mb": peak}


def _held_mb(pid: int) -> float:
    """Return the memory of a process and its descendants, each page shared among who holds it."""
    try:
        first = psutil.Process(pid)
        family = [first, *first.children(recursive=True)]
    except psutil.Error:
        return 0.0
    held = 0
    for one in family:
        try:
            held += one.memory_full_info().pss
        except psutil.Error:
            continue
    return held / 1e6


def _which(run: dict[str, Any]) -> tuple[int, int]:
    """Tell runs apart: how many municipalities, and by how many workers."""
    return run["municipalities"], run["workers"]


def main() -> None:
    """Draw the country, prepare it, and run it with one worker and more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--part", type=int, default=1, help="a country of so many parts of Sweden")
    parser.add_argument("--some", type=int, default=0, help="run about so many municipalities only")
    parser.add_argument("--keep", action="store_true", help="use what is prepared already")
    parser.add_argument("--quiet", action="store_true", help="leave results.json as it is")
    arguments = parser.parse_args()
    cache = arguments.cache or Path(tempfile.gettempdir()) / "glesservice-benchmarks"
    part = arguments.part
    areas = AREAS // part
    settings = country(NODES // part, areas, CELLS // part, cache)
    size = {"areas": areas, "nodes": NODES // part, "cells": CELLS // part}
    section: dict[str, Any] = stored().get("batch", {})
    if {name: section.get(name) for name in size} != size:
        section = size | {"runs": []}
    if not (arguments.keep and (settings.parent / "shelf").exists()):
        section["prepare"] = prepare(settings)
        say(f"prepared in {section['prepare']['seconds']:.0f} s, {section['prepare']}")
    codes: list[str] = []
    if arguments.some:
        codes = [f"{number:04d}" for number in range(1, areas + 1, areas // arguments.some)]
    for workers in arguments.workers:
        run = batch(settings, workers, codes) | {"load": os.getloadavg()[0]}
        say(f"{workers} workers: {run}")
        others = [one for one in section["runs"] if _which(one) != _which(run)]
        section["runs"] = sorted([*others, run], key=_which)
    if not arguments.quiet:
        results = stored() | {"batch": section}
        store(results)
        tables.refresh(HERE / "README.md", results)


if __name__ == "__main__":
    main()

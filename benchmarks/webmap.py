"""The map page: its size, and how soon a browser has it ready, for more and more cells.

Made-up municipalities and counties: populated squares of 1 km scattered over land as sparse as
northern Sweden, a village for every sixth of them, sites, and a lattice of roads. The page is
opened from the disk in headless Chromium, in a window of 1440 by 900, and is ready when the frame
after all of its scripts is drawn.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import tables
from playwright.sync_api import Browser, sync_playwright
from run import HERE, SEED, say, store, stored
from scipy.spatial import cKDTree

from glesservice.analysis import Result, analyse
from glesservice.config import embedded_settings, load_settings
from glesservice.exports.webmap import write_map
from glesservice.sources import read_inputs

CELLS = (353, 2_000, 10_000, 100_000)
OPENINGS = 5
# Populated squares in a square kilometre; orter and sites stop growing where a county ends.
DENSITY, CELLS_AN_ORT, MOST_ORTER, CELLS_A_SITE, MOST_SITES = 0.18, 6, 1_000, 100, 300
LATTICE_M, DETOUR = 8_000.0, 1.3
WEST, SOUTH = 400_000.0, 6_900_000.0
READY = """() => new Promise((done) => requestAnimationFrame(() =>
    setTimeout(() => done(performance.now()))))"""
CHOOSE = """() => new Promise((done) => {
    const begin = performance.now();
    document.querySelector('#ort-0 a').click();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin))); })"""


def made(like: Result, cells: int) -> Result:
    """Return a made-up result with so many cells, its columns as in an analysis."""
    rng = np.random.default_rng(SEED)
    services = [str(service) for service in like.weights.index]
    across = int(np.ceil(np.sqrt(cells / DENSITY)))
    chosen = np.sort(rng.choice(across**2, size=cells, replace=False))
    corner = np.stack([WEST + 1000.0 * (chosen // across), SOUTH + 1000.0 * (chosen % across)], 1)
    middle = corner + 500
    orter = min(max(cells // CELLS_AN_ORT, 1), MOST_ORTER)
    cores = middle[rng.choice(cells, size=orter, replace=False)]
    far, nearest = cKDTree(cores).query(middle)
    count = min(max(cells // CELLS_A_SITE, 4), MOST_SITES)
    spots = [middle[rng.choice(cells, size=count, replace=False)] for _ in services]
    ids = np.array([f"made-{number:04d}" for number in range(orter)])
    table: dict[str, Any] = {
        "cell_id": [f"{x:.0f}{y:.0f}" for x, y in corner],
        "people": rng.integers(3, 60, cells).astype(float),
        "people_class": rng.choice(["1–9", "10–49", "50–199"], cells),
        "ort_id": np.where(far < 5_000, ids[nearest], None),
        "access_m": 100.0,
    }
    for service, at in zip(services, spots, strict=True):
        metres, site = cKDTree(at).query(middle, k=2)
        for order, prefix in enumerate(("", "next_")):
            km = DETOUR * metres[:, order] / 1000
            table |= {f"{prefix}km_{service}": km, f"{prefix}minutes_{service}": km}
            table[f"single_road_km_{service}"] = 0.0
            table[f"{prefix}site_{service}"] = [f"{service}-{number}" for number in site[:, order]]
    boxes = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + 1000, corner[:, 1] + 1000)
    frame = gpd.GeoDataFrame(table, geometry=boxes, crs=like.cells.crs)
    land = shapely.box(WEST, SOUTH, WEST + 1000 * across, SOUTH + 1000 * across)
    return replace(
        like,
        boundary=like.boundary.set_geometry([land], crs=like.cells.crs),
        cells=frame,
        orter=_orter(like, ids, frame, cores, rng),
        bygder=like.bygder[:0],
        sites=_sites(like, services, spots),
        strategic=like.strategic[:0],
        legal=like.legal[:0],
        roads=_roads(like, across),
        notices=(),
    )


def _orter(
    like: Result, ids: np.ndarray, cells: gpd.GeoDataFrame, cores: np.ndarray, rng: Any
) -> gpd.GeoDataFrame:
    """Return orter with the texts and numbers of real ones, over and over."""
    rows = np.arange(len(ids)) % len(like.orter)
    orter = pd.DataFrame(like.orter.drop(columns="geometry")).iloc[rows].reset_index(drop=True)
    inside = cells.groupby("ort_id")[[c for c in cells if c.startswith(("km_", "next_km_"))]].mean()
    near = inside.reindex(ids).reset_index(drop=True)
    orter[list(near)] = near
    rank = rng.permutation(len(ids)) + 1.0
    return gpd.GeoDataFrame(
        orter.assign(
            ort_id=ids,
            name=[f"Byn {number}" for number in range(len(ids))],
            role="kandidat",
            bygd_id=None,
            rank=rank,
            people=20.0,
        ),
        geometry=shapely.points(cores).tolist(),
        crs=cells.crs,
    )


def _sites(like: Result, services: list[str], spots: list[np.ndarray]) -> gpd.GeoDataFrame:
    """Return sites of each service."""
    count = len(spots[0])
    base = pd.DataFrame(like.sites.drop(columns="geometry")).iloc[
        np.arange(count * len(services)) % len(like.sites)
    ]
    ids = [f"{service}-{number}" for service in services for number in range(count)]
    return gpd.GeoDataFrame(
        base.reset_index(drop=True).assign(
            site_id=ids, place_id=ids, service=np.repeat(services, count), counted=True
        ),
        geometry=shapely.points(np.concatenate(spots)).tolist(),
        crs=like.cells.crs,
    )


def _roads(like: Result, across: int) -> gpd.GeoDataFrame:
    """Return a lattice of roads, every third line a numbered one."""
    lines = int(across * 1000 / LATTICE_M) + 1
    number = np.arange(lines**2).reshape(lines, lines)
    east, north = np.divmod(np.arange(lines**2), lines)
    at = np.stack([WEST + LATTICE_M * east, SOUTH + LATTICE_M * north], axis=1)
    u = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    v = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    along = np.where(u // lines == v // lines, u // lines, u % lines)
    first = like.roads.iloc[[0]].drop(columns="geometry")
    base = pd.DataFrame(first).iloc[np.zeros(len(u), dtype=int)].reset_index(drop=True)
    middle = (at[u] + at[v]) / 2 + 400  # a bend, as roads have
    return gpd.GeoDataFrame(
        base.assign(
            u=u,
            v=v,
            length_m=LATTICE_M,
            highway=np.where(along % 3 == 0, "secondary", "unclassified"),
            ref=np.where(along % 3 == 0, (along + 300).astype(str), None),
            seconds_forward=LATTICE_M / 20,
            seconds_backward=LATTICE_M / 20,
            closed=None,
            connected=True,
        ),
        geometry=list(shapely.linestrings(np.stack([at[u], middle, at[v]], axis=1))),
        crs=like.roads.crs,
    )


def opened(browser: Browser, file: Path) -> tuple[float, float, float]:
    """Return the seconds until a page is ready, the page's own of them, and those to choose."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    # What the page's own thread works: the machine may be busy with other things.
    session = context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(file.as_uri(), timeout=120_000)
    ready = page.evaluate(READY) / 1000
    metrics = session.send("Performance.getMetrics")["metrics"]
    own = next(item["value"] for item in metrics if item["name"] == "TaskDuration")
    choose = page.evaluate(CHOOSE) / 1000
    if failed or not page.locator("#panel").is_visible():
        raise RuntimeError(f"the page does not work: {failed}")
    context.close()
    return ready, own, choose


def main() -> None:
    """Measure, and refresh the tables."""
    settings = load_settings(embedded_settings())
    like = analyse(read_inputs(settings), settings)
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    rows = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        version = browser.version
        for cells in ("embedded", *CELLS):
            result = like if cells == "embedded" else made(like, int(cells))
            file = Path(folder) / f"{cells}.html"
            begin = time.perf_counter()
            write_map(result, file)
            written = time.perf_counter() - begin
            times = [opened(browser, file) for _ in range(OPENINGS)]
            rows.append(
                {
                    "cells": len(result.cells),
                    "embedded": cells == "embedded",
                    "orter": len(result.orter),
                    "sites": len(result.sites),
                    "bytes": file.stat().st_size,
                    "write_s": round(written, 2),
                    "ready_s": round(statistics.median(ready for ready, _, _ in times), 2),
                    "own_s": round(statistics.median(own for _, own, _ in times), 2),
                    "choose_s": round(statistics.median(choose for _, _, choose in times), 2),
                }
            )
            say(str(rows[-1]))
        browser.close()
    results = stored()
    results["pages"] = {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "load": round(os.getloadavg()[0], 1),
        "chromium": version,
        "openings": OPENINGS,
        "rows": rows,
    }
    store(results)
    tables.refresh(HERE / "README.md", results)


if __name__ == "__main__":
    main()

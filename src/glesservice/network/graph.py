"""The road network as arrays: links with their two directions, and the part that hangs together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numba
import numpy as np
import numpy.typing as npt
import shapely

from glesservice.config import Network
from glesservice.errors import Fault, NetworkError
from glesservice.network import speeds
from glesservice.network.contraction import Chains, contract
from glesservice.network.ordering import hilbert_order
from glesservice.network.parts import largest_part
from glesservice.sources import roads as road_sources
from glesservice.tables import CRS

if TYPE_CHECKING:
    import networkx as nx

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

# A column of an edge table whose roads are closed in part: which links hung together before. Who
# lives along them stays attached to them, cut off or not, and is not moved to another road.
HELD = "held"


@dataclass(frozen=True, eq=False)
class SearchGraph:
    """What the search runs on: chains between junctions, the junctions in the order of the map.

    Attributes
    ----------
    chains
        The chains; ``first`` and ``last`` are junction numbers.
    start, tails, seconds, metres
        The reversed network in compressed rows: the arcs that end in junction ``n`` stand at
        ``start[n]:start[n + 1]``.
    chain, onward
        The chain that each arc drives, and whether from its first node to its last.
    """

    chains: Chains
    start: Numbers
    tails: Numbers
    seconds: Floats
    metres: Floats
    chain: Numbers
    onward: Flags


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """A car network: links between nodes, each drivable in one direction or both.

    Attributes
    ----------
    u, v
        Node numbers 0..nodes-1 of each link's ends.
    length
        Length of each link, metres.
    seconds_forward, seconds_backward
        Driving time from ``u`` to ``v`` and back; inf where not allowed.
    x, y
        Coordinates of the nodes, EPSG:3006.
    connected
        Links of the largest strongly connected part; only these are used.
    chains
        The connected links put together into chains between junctions.
    edges
        The links as a table (schema ``roads_table``), index 0..n-1; None where the network was
        made from bare arrays.

    Examples
    --------
    >>> from glesservice.network import example_road
    >>> road = example_road()
    >>> road.nodes, len(road.connected_links)
    (4, 3)
    >>> road.table()["length_m"].tolist()
    [10000.0, 5000.0, 3000.0]
    """

    u: Ints
    v: Ints
    length: Floats
    seconds_forward: Floats
    seconds_backward: Floats
    x: Floats
    y: Floats
    connected: Flags
    chains: Chains
    edges: gpd.GeoDataFrame | None = None

    @classmethod
    def from_arrays(
        cls,
        u: Ints,
        v: Ints,
        length_m: Floats,
        seconds_forward: Floats,
        seconds_backward: Floats,
        x: Floats,
        y: Floats,
    ) -> RoadNetwork:
        """Return the network of bare arrays, with straight links.

        Parameters
        ----------
        u, v
            Node numbers of each link's ends, positions in ``x`` and ``y``.
        length_m
            Length of each link, metres.
        seconds_forward, seconds_backward
            Driving time from ``u`` to ``v`` and back; inf where not allowed.
        x, y
            Coordinates of the nodes, EPSG:3006.

        Returns
        -------
        RoadNetwork
            The network, its largest strongly connected part marked.

        Raises
        ------
        NetworkError
            If there is no link to drive on.
        """
        connected, chains = largest_part(u, v, length_m, seconds_forward, seconds_backward, len(x))
        return cls(u, v, length_m, seconds_forward, seconds_backward, x, y, connected, chains)

    @classmethod
    def from_edges(cls, edges: gpd.GeoDataFrame) -> RoadNetwork:
        """Return the network of an edge table with driving times.

        Parameters
        ----------
        edges
            Rows of schema ``EDGES`` with the columns that ``speeds.assign`` adds. A column
            ``HELD`` says which links are used, where closed roads must not decide it.

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
        lines = edges.geometry.to_numpy()
        names, number = np.unique(edges[["u", "v"]].to_numpy().T, return_inverse=True)
        u, v = number.reshape(2, -1).astype(np.int64)
        x, y = np.empty(len(names)), np.empty(len(names))
        coordinates, line = shapely.get_coordinates(lines, return_index=True)
        first = np.searchsorted(line, np.arange(len(lines)))
        last = np.append(first[1:], len(line)) - 1
        for ends, place in ((v, last), (u, first)):
            x[ends], y[ends] = coordinates[place].T
        forward = np.asarray(edges["seconds_forward"], dtype=float)
        backward = np.asarray(edges["seconds_backward"], dtype=float)
        length = np.asarray(edges["length_m"], dtype=float)
        if HELD in edges:
            connected = np.asarray(edges[HELD], dtype=np.bool_)
            chains = contract(u, v, length, forward, backward, connected, len(names))
        else:
            connected, chains = largest_part(u, v, length, forward, backward, len(names))
        edges = edges.assign(connected=connected)
        return cls(u, v, length, forward, backward, x, y, connected, chains, edges)

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

    def turned(self) -> RoadNetwork:
        """Return the same roads with every direction turned around: the ways there are ways back.

        Returns
        -------
        RoadNetwork
            The same links are connected.
        """
        there, back = self.seconds_backward, self.seconds_forward
        chains = contract(self.u, self.v, self.length, there, back, self.connected, self.nodes)
        return replace(self, seconds_forward=there, seconds_backward=back, chains=chains)

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.x)

    @cached_property
    def lines(self) -> npt.NDArray[np.object_]:
        """The links as lines, straight where no table says otherwise."""
        if self.edges is not None:
            return np.asarray(self.edges.geometry.to_numpy())
        ends = np.stack([self.u, self.v], axis=1).ravel()
        coordinates = np.stack([self.x[ends], self.y[ends]], axis=1)
        return np.asarray(
            shapely.linestrings(coordinates, indices=np.repeat(np.arange(len(self.u)), 2))
        )

    def table(self) -> gpd.GeoDataFrame:
        """Return the links as a table, of their arrays where the network was made from these."""
        if self.edges is not None:
            return self.edges
        columns = {
            "u": self.u,
            "v": self.v,
            "length_m": self.length,
            "seconds_forward": self.seconds_forward,
            "seconds_backward": self.seconds_backward,
            "connected": self.connected,
        }
        return gpd.GeoDataFrame(columns, geometry=self.lines, crs=CRS)

    @cached_property
    def connected_links(self) -> Ints:
        """Numbers of the connected links."""
        return np.flatnonzero(self.connected)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Spatial index of the connected links, in the order of ``connected_links``."""
        return shapely.STRtree(self.lines[self.connected_links])

    @cached_property
    def search_graph(self) -> SearchGraph:
        """The network as the search needs it, made at first use."""
        is_end = np.zeros(self.nodes, dtype=np.bool_)
        is_end[self.chains.first], is_end[self.chains.last] = True, True
        ends = np.flatnonzero(is_end)
        junctions = ends[hilbert_order(self.x[ends], self.y[ends])]
        number = np.full(self.nodes, -1, dtype=np.int32)
        number[junctions] = np.arange(len(junctions), dtype=np.int32)
        chains = self.chains.renumbered(number)
        return SearchGraph(chains, *_arcs_by_head(chains.table, len(junctions)))


@numba.njit(cache=True, nogil=True)
def _arcs_by_head(chains, junctions):  # type: ignore[no-untyped-def]
    """Put the chains' arcs into rows by the junction where they end.

    Nobody drives into a dead end and out again to get on: arcs from and to nodes where a single
    chain ends are left out. Points on such a chain leave by its other end, or stay on it.
    """
    meeting = np.zeros(junctions, np.int32)
    for chain in range(chains.shape[0]):
        meeting[chains[chain].first] += 1
        meeting[chains[chain].last] += 1
    start = np.zeros(junctions + 1, np.int32)
    for chain in range(chains.shape[0]):
        record = chains[chain]
        if meeting[record.first] > 1 and meeting[record.last] > 1:
            start[record.last + 1] += record.onward < np.inf
            start[record.first + 1] += record.back < np.inf
    for junction in range(junctions):
        start[junction + 1] += start[junction]
    arcs = start[junctions]
    tails, of, onward = np.empty(arcs, np.int32), np.empty(arcs, np.int32), np.empty(arcs, np.bool_)
    seconds, metres = np.empty(arcs), np.empty(arcs)
    filled = start[:-1].copy()
    for chain in range(chains.shape[0]):
        record = chains[chain]
        if meeting[record.first] == 1 or meeting[record.last] == 1:
            continue
        for way in range(2):
            drive = record.onward if way == 0 else record.back
            if drive < np.inf:
                head, tail = record.last, record.first
                if way == 1:
                    head, tail = tail, head
                arc = filled[head]
                filled[head] += 1
                tails[arc], of[arc], onward[arc] = tail, chain, way == 0
                seconds[arc], metres[arc] = drive, record.metres
    return start, tails, seconds, metres, of, onward

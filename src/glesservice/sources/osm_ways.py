"""Ways of an OpenStreetMap extract as arrays, and the links that they are cut into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
import pyproj
import shapely

from glesservice.sources.measuring import WGS84, Floats, Ints
from glesservice.tables import CRS

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ways:
    """Ways and nodes of an extract.

    Attributes
    ----------
    node
        Numbers of the nodes whose place is known, rising.
    lon, lat
        Where they are, degrees.
    refs
        The nodes of all ways, one way after the other.
    ends
        Where each way ends in ``refs``.
    tagged
        Row of ``tags`` that each way has.
    tags
        The combinations of tags, each once.
    """

    node: Ints
    lon: Floats
    lat: Floats
    refs: Ints
    ends: Ints
    tagged: Ints
    tags: list[dict[str, str]]

    def with_tags(self, chosen: Flags) -> Ways:
        """Return the ways with some of the combinations of tags.

        Parameters
        ----------
        chosen
            Of each row of ``tags``, whether its ways stay.
        """
        stay = chosen[self.tagged]
        lengths = np.diff(self.ends, prepend=0)
        return Ways(
            self.node,
            self.lon,
            self.lat,
            self.refs[np.repeat(stay, lengths)],
            np.cumsum(lengths[stay]),
            self.tagged[stay],
            self.tags,
        )


@dataclass(frozen=True, eq=False)
class Pieces:
    """Ways cut at their junctions.

    Attributes
    ----------
    u, v
        Numbers of the nodes where each piece begins and ends.
    length_m
        Length on the ellipsoid, metres.
    tagged
        Row of the ways' ``tags``.
    lines
        The pieces as drawn, EPSG:3006.
    """

    u: Ints
    v: Ints
    length_m: Floats
    tagged: Ints
    lines: npt.NDArray[np.object_]


def cut_at_junctions(ways: Ways) -> Pieces:
    """Return the pieces of ways between their junctions and ends.

    Parameters
    ----------
    ways
        The ways; only they make junctions.

    Returns
    -------
    Pieces
        In the order of the ways. Of a way that leaves the extract the parts inside.
    """
    way = np.repeat(np.arange(len(ways.ends)), np.diff(ways.ends, prepend=0))
    used, number = np.unique(ways.refs, return_inverse=True)
    row = np.searchsorted(ways.node, used)
    # One row more, for what lies behind the last node.
    inside = (np.append(ways.node, np.iinfo(np.int64).max)[row] == used)[number]
    # Of each place in a way: whether a stretch of road goes on from it, and whether one came.
    goes_on = np.zeros(len(number), bool)
    goes_on[:-1] = inside[:-1] & inside[1:] & (way[:-1] == way[1:])
    came = np.zeros(len(number), bool)
    came[1:] = goes_on[:-1]
    uses = np.bincount(number[goes_on | came], minlength=len(used))
    junction = uses[number] > 1
    begin = np.flatnonzero(goes_on & (junction | ~came))
    end = np.flatnonzero(came & (junction | ~goes_on))
    lon, lat = (np.append(axis, 0.0)[row] for axis in (ways.lon, ways.lat))
    stretch = np.flatnonzero(goes_on)
    here, there = number[stretch], number[stretch + 1]
    metres = WGS84.inv(lon[here], lat[here], lon[there], lat[there])[2]
    # The stretches of one piece follow each other.
    first = np.searchsorted(stretch, begin)
    return Pieces(
        u=used[number[begin]],
        v=used[number[end]],
        length_m=np.add.reduceat(metres, first) if len(first) else np.empty(0),
        tagged=ways.tagged[way[begin]],
        lines=_drawn(number, begin, end, _projected(lon, lat)),
    )


def _projected(lon: Floats, lat: Floats) -> Floats:
    """Project places to the map."""
    to_map = pyproj.Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    return np.column_stack(to_map.transform(lon, lat))


def _drawn(number: Ints, begin: Ints, end: Ints, places: Floats) -> npt.NDArray[np.object_]:
    """Draw the lines from a begin to an end in the list of node numbers."""
    points = end - begin + 1
    offsets = np.concatenate([[0], np.cumsum(points)])
    at = np.arange(offsets[-1]) + np.repeat(begin - offsets[:-1], points)
    lines = shapely.from_ragged_array(
        shapely.GeometryType.LINESTRING, places[number[at]], (offsets,)
    )
    return np.asarray(lines)


def ways_from_osmium(path: Path, keys: Sequence[str], needed: str) -> Ways:
    """Return the ways of any extract that osmium reads.

    Parameters
    ----------
    path
        The extract, XML or PBF.
    keys
        The tags to keep.
    needed
        The tag that a way must have.

    Returns
    -------
    Ways
        The ways in the order of the file.

    Raises
    ------
    RuntimeError
        If the file is no readable extract.
    """
    file = osmium.io.File(str(path), "pbf" if path.suffix.lower() == ".pbf" else "osm")
    reader = osmium.FileProcessor(file, osmium.osm.NODE | osmium.osm.WAY).with_locations()
    places: dict[int, tuple[float, float]] = {}
    refs: list[int] = []
    ends: list[int] = []
    known: dict[tuple[tuple[str, str], ...], int] = {}
    tagged: list[int] = []
    for item in reader.with_filter(osmium.filter.KeyFilter(needed)):
        if not isinstance(item, osmium.osm.Way):
            continue
        for node in item.nodes:
            refs.append(node.ref)
            if node.location.valid():
                places[node.ref] = node.lon, node.lat
        ends.append(len(refs))
        tags = tuple((key, item.tags[key]) for key in keys if key in item.tags)
        tagged.append(known.setdefault(tags, len(known)))
    nodes = np.array(sorted(places), dtype=np.int64)
    lon, lat = np.array([places[node] for node in nodes.tolist()]).reshape(-1, 2).T
    return Ways(
        nodes,
        lon,
        lat,
        np.array(refs, dtype=np.int64),
        np.array(ends, dtype=np.int64),
        np.array(tagged, dtype=np.int64),
        [dict(tags) for tags in known],
    )

"""One block of an OSM PBF file as arrays: its nodes, and its roads with the tags that count.

The format is documented at wiki.openstreetmap.org/wiki/PBF_Format. All reading is checked for
bounds, so that a broken file ends in an error and never in made-up roads.
"""

from __future__ import annotations

import numba
import numpy as np

# Kinds of fields, and numbers of those that are told apart by name.
VARINT, BYTES = 0, 2
GROUP = 2
NODE, DENSE_NODES, WAY = 1, 2, 3
LONGEST_VARINT_BITS = 63
# Coordinates are kept as OpenStreetMap stores them: whole numbers of 1e-7 degrees.
NANODEGREES = 100
TABLE_SIZE = 1 << 15  # of the tag combinations in a block of at most 8 000 ways; a power of 2


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _varint(data, at):  # type: ignore[no-untyped-def]
    """Read a whole number of variable length: its value, and where it ends."""
    value = np.int64(0)
    shift = 0
    while True:
        byte = np.int64(data[at])
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > LONGEST_VARINT_BITS:
            raise ValueError("a number is too long")


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _signed(data, at):  # type: ignore[no-untyped-def]
    """Read a whole number that may be negative (zigzag): its value, and where it ends."""
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _field(data, at, end):  # type: ignore[no-untyped-def]
    """Read a field: number, value (of bytes: their end), and where its content begins and ends."""
    key, at = _varint(data, at)
    kind = key & 7
    if kind == VARINT:
        value, after = _varint(data, at)
    elif kind == BYTES:
        length, at = _varint(data, at)
        value = after = at + length
        if length < 0:
            raise ValueError("a length is negative")
    elif kind == 1:
        value = after = at + 8
    elif kind == 5:
        value = after = at + 4
    else:
        raise ValueError("an unknown kind of field")
    if after > end:
        raise ValueError("a field goes beyond its message")
    return key >> 3, value, at, after


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _strings(data, at, end, keys, key_ends):  # type: ignore[no-untyped-def]
    """Read the string table: where each begins and ends, and which of the known keys it is."""
    count = 0
    place = at
    while place < end:
        _, _, _, place = _field(data, place, end)
        count += 1
    begins = np.empty(count, np.int64)
    ends = np.empty(count, np.int64)
    known = np.full(count, -1, np.int64)
    for string in range(count):
        _, _, begin, at = _field(data, at, end)
        begins[string], ends[string] = begin, at
        first = 0
        for key in range(len(key_ends)):
            length = key_ends[key] - first
            if length == at - begin:
                same = True
                for i in range(length):
                    if data[begin + i] != keys[first + i]:
                        same = False
                        break
                if same:
                    known[string] = key
            first = key_ends[key]
    return begins, ends, known


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _dense_nodes(data, at, end, frame, node, lat, lon, count):  # type: ignore[no-untyped-def]
    """Read densely stored nodes: their numbers and places, each as the difference to the last."""
    ids = lats = lons = stop = 0
    while at < end:
        number, value, begin, at = _field(data, at, end)
        if number == 1:
            ids, stop = begin, value
        elif number == 8:
            lats = begin
        elif number == 9:
            lons = begin
    ref = north = east = np.int64(0)
    while ids < stop:
        step, ids = _signed(data, ids)
        ref += step
        step, lats = _signed(data, lats)
        north += step
        step, lons = _signed(data, lons)
        east += step
        node[count] = ref
        lat[count] = (frame[1] + frame[0] * north) // NANODEGREES
        lon[count] = (frame[2] + frame[0] * east) // NANODEGREES
        count += 1
    return count


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _one_node(data, at, end, frame, node, lat, lon, count):  # type: ignore[no-untyped-def]
    """Read a node stored by itself."""
    while at < end:
        number, value, _, at = _field(data, at, end)
        signed = (value >> 1) ^ -(value & 1)
        if number == 1:
            node[count] = signed
        elif number == 8:
            lat[count] = (frame[1] + frame[0] * signed) // NANODEGREES
        elif number == 9:
            lon[count] = (frame[2] + frame[0] * signed) // NANODEGREES
    return count + 1


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _combination(row, rows, table, count):  # type: ignore[no-untyped-def]
    """Find a way's tags among the combinations, or add them: which one, and how many there are."""
    mixed = np.uint64(1469598103934665603)
    for value in row:
        mixed = (mixed ^ np.uint64(value + 1)) * np.uint64(1099511628211)
    mixed ^= mixed >> np.uint64(29)
    size = len(table)
    slot = np.int64(mixed & np.uint64(size - 1))
    while table[slot] >= 0:
        same = True
        for key in range(len(row)):
            if rows[table[slot], key] != row[key]:
                same = False
                break
        if same:
            return table[slot], count
        slot = (slot + 1) & (size - 1)
    table[slot] = count
    rows[count] = row
    return count, count + 1


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _head(data, keys, key_ends):  # type: ignore[no-untyped-def]
    """Read what holds for a whole block: its strings, and how places are written."""
    frame = np.array((100, 0, 0))  # granularity, and what is added to latitude and longitude
    begins = ends = known = np.empty(0, np.int64)
    at = 0
    while at < len(data):
        number, value, begin, at = _field(data, at, len(data))
        if number == 1:
            begins, ends, known = _strings(data, begin, value, keys, key_ends)
        elif number == 17:
            frame[0] = value
        elif number == 19:
            frame[1] = value
        elif number == 20:
            frame[2] = value
    return frame, begins, ends, known


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _way(data, at, end, known, row):  # type: ignore[no-untyped-def]
    """Read a way's tags into the row; return where its nodes begin and end."""
    key_at = key_end = value_at = refs_at = refs_end = 0
    while at < end:
        number, value, begin, at = _field(data, at, end)
        if number == 2:
            key_at, key_end = begin, value
        elif number == 3:
            value_at = begin
        elif number == 8:
            refs_at, refs_end = begin, value
    row[:] = -1
    while key_at < key_end:
        key, key_at = _varint(data, key_at)
        value, value_at = _varint(data, value_at)
        if known[key] >= 0:
            row[known[key]] = value
    return refs_at, refs_end


@numba.njit(cache=True, nogil=True, boundscheck=True)
def _refs(data, at, end, refs, count):  # type: ignore[no-untyped-def]
    """Read a way's nodes, each as the difference to the last; return how many there are in all."""
    ref = np.int64(0)
    while at < end:
        step, at = _signed(data, at)
        ref += step
        refs[count] = ref
        count += 1
    return count


@numba.njit(cache=True, nogil=True, boundscheck=True)
def decode(data, keys, key_ends, needed):  # type: ignore[no-untyped-def]
    """Read one block.

    Parameters
    ----------
    data
        The block's bytes, decompressed.
    keys, key_ends
        The tags that count, as bytes one after the other, and where each ends.
    needed
        Number of the key that makes a way a road.

    Returns
    -------
    tuple of arrays
        Nodes: number, latitude, longitude (1e-7 degrees). Roads: their nodes one after the other,
        where each road ends among them, which combination of tags it has. Combinations: for each
        key the string that is its value, or -1. Strings: where each begins and ends in the block.
    """
    size = len(data)
    frame, begins, ends, known = _head(data, keys, key_ends)
    # A number has at least one byte. Memory is only taken where it is written.
    node, refs, ref_ends, tagged = np.empty((4, size), np.int64)
    lat, lon = np.empty((2, size), np.int32)
    row = np.empty(len(key_ends), np.int64)
    rows = np.empty((1024, len(key_ends)), np.int64)
    table = np.full(TABLE_SIZE, -1, np.int64)
    nodes = ways = ref_count = combinations = at = 0
    while at < size:
        number, group_end, inner, at = _field(data, at, size)
        while number == GROUP and inner < group_end:
            kind, end, place, inner = _field(data, inner, group_end)
            if kind == NODE:
                nodes = _one_node(data, place, end, frame, node, lat, lon, nodes)
            elif kind == DENSE_NODES:
                nodes = _dense_nodes(data, place, end, frame, node, lat, lon, nodes)
            elif kind == WAY:
                first, last = _way(data, place, end, known, row)
                if row[needed] < 0:
                    continue
                if combinations == len(rows):
                    rows = np.concatenate((rows, np.empty_like(rows)))
                if 2 * combinations > TABLE_SIZE:
                    raise ValueError("a block has too many ways")
                tagged[ways], combinations = _combination(row, rows, table, combinations)
                ref_count = _refs(data, first, last, refs, ref_count)
                ref_ends[ways] = ref_count
                ways += 1
    return (
        node[:nodes].copy(),
        lat[:nodes].copy(),
        lon[:nodes].copy(),
        refs[:ref_count].copy(),
        ref_ends[:ways].copy(),
        tagged[:ways].copy(),
        rows[:combinations].copy(),
        begins,
        ends,
    )

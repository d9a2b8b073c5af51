"""OpenStreetMap extracts in the PBF format: the file's blocks, read side by side."""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from glesservice.sources.osm_ways import Ways
from glesservice.sources.pbf_blocks import BYTES, VARINT, decode

# What this reader knows; a file that needs more is left to osmium.
FEATURES = {b"OsmSchema-V0.6", b"DenseNodes"}
# Bytes, by the format's definition: whatever a block claims, no more is taken into memory.
LONGEST_HEADER = 64 * 1024
LONGEST_BLOB = 32 * 1024 * 1024
THREADS = min(4, os.cpu_count() or 1)
# Places are whole numbers of 1e-7 degrees; beyond these there is no place on Earth.
UNITS = 10_000_000
EAST_END, NORTH_END = 180 * UNITS, 90 * UNITS


class UnknownFeatureError(Exception):
    """The file needs something that this reader does not know."""


def ways_from_pbf(path: Path, keys: Sequence[str], needed: str) -> Ways:
    """Return the ways of an extract that have a certain tag.

    Parameters
    ----------
    path
        The extract.
    keys
        The tags to keep.
    needed
        The tag that a way must have, one of ``keys``.

    Returns
    -------
    Ways
        The ways in the order of the file, and the nodes in the order of their numbers.

    Raises
    ------
    UnknownFeatureError
        If the file is compressed or organised in a way that is not known here.
    ValueError
        If the file is no PBF file, or broken.
    """
    wanted = [key.encode() for key in keys]
    packed = np.frombuffer(b"".join(wanted), np.uint8)
    ends = np.cumsum([len(key) for key in wanted])

    def _read(blob: memoryview) -> tuple[Any, ...]:
        raw = _inflated(blob)
        *arrays, rows, begins, finishes = decode(
            np.frombuffer(raw, np.uint8), packed, ends, keys.index(needed)
        )
        return *arrays, _tags(raw, keys, rows, begins, finishes)

    with path.open("rb") as file:
        # Closed when nothing looks into it any more.
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            blocks = list(pool.map(_read, _data_blobs(content)))
    except (IndexError, KeyError, struct.error, zlib.error) as error:
        raise ValueError(f"not a whole PBF file: {error}") from error
    return _together(blocks)


def _together(blocks: list[tuple[Any, ...]]) -> Ways:
    """Put the blocks together, each combination of tags once."""
    empty = np.empty(0, np.int64)
    columns = [np.concatenate([empty, *column]) for column in list(zip(*blocks, strict=True))[:4]]
    node, lat, lon, refs = columns or [empty] * 4
    known: dict[tuple[tuple[str, str], ...], int] = {}
    ends, tagged, before = [empty], [empty], 0
    for _, _, _, block_refs, block_ends, block_tagged, tags in blocks:
        rows = np.array([known.setdefault(tag, len(known)) for tag in tags], np.int64)
        ends.append(block_ends + before)
        tagged.append(rows[block_tagged] if len(block_tagged) else empty)
        before += len(block_refs)
    placed = (abs(lon) <= EAST_END) & (abs(lat) <= NORTH_END)
    node, lat, lon = node[placed], lat[placed], lon[placed]
    if not (node[1:] > node[:-1]).all():
        node, first = np.unique(node, return_index=True)
        lat, lon = lat[first], lon[first]
    return Ways(
        node,
        lon / UNITS,
        lat / UNITS,
        refs,
        np.concatenate(ends),
        np.concatenate(tagged),
        [dict(tag) for tag in known],
    )


def _tags(
    raw: bytes, keys: Sequence[str], rows: Any, begins: Any, ends: Any
) -> list[tuple[tuple[str, str], ...]]:
    """Write out a block's combinations of tags."""
    found: list[list[tuple[str, str]]] = [[] for _ in range(len(rows))]
    at, key = np.nonzero(rows >= 0)
    string = rows[at, key]
    for row, number, begin, end in zip(
        at.tolist(), key.tolist(), begins[string].tolist(), ends[string].tolist(), strict=True
    ):
        found[row].append((keys[number], str(raw[begin:end], "utf-8")))
    return [tuple(pairs) for pairs in found]


def _data_blobs(content: memoryview) -> Iterator[memoryview]:
    """Yield the blobs with data, having checked that the file asks for nothing unknown."""
    at = 0
    first = True
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        if length > LONGEST_HEADER:
            raise ValueError("not a PBF file")
        header = _fields(content[at + 4 : at + 4 + length])
        at += 4 + length
        (kind,), (size,) = header[1], header[3]
        blob = content[at : at + size]
        at += size
        if at > len(content):
            raise ValueError("the file ends too early")
        if first != (bytes(kind) == b"OSMHeader"):
            raise ValueError("not a PBF file")
        if first:
            required = {bytes(name) for name in _fields(memoryview(_inflated(blob))).get(4, [])}
            if required - FEATURES:
                names = ", ".join(sorted(str(name, "utf-8") for name in required - FEATURES))
                raise UnknownFeatureError(names)
        elif bytes(kind) == b"OSMData":
            yield blob
        first = False


def _inflated(blob: memoryview) -> bytes:
    """Decompress a blob."""
    parts = _fields(blob)
    if 3 in parts:
        inflating = zlib.decompressobj()
        content = inflating.decompress(parts[3][0], LONGEST_BLOB + 1)
        if len(content) > LONGEST_BLOB or not inflating.eof:
            raise ValueError("a block is too large or ends too early")
        return content
    if 1 in parts:
        return bytes(parts[1][0])
    raise UnknownFeatureError("compression")


def _fields(message: memoryview) -> dict[int, list[Any]]:
    """Read the fields of a short message by their numbers: numbers and bytes."""
    found: dict[int, list[Any]] = {}
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        value: Any
        value, at = _number(message, at)
        if key & 7 == BYTES:
            value, at = message[at : at + value], at + value
        elif key & 7 != VARINT:
            raise ValueError("not a PBF file")
        found.setdefault(key >> 3, []).append(value)
    return found


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """Read a whole number of variable length: its value, and where it ends."""
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
    return value | message[at] << shift, at + 1

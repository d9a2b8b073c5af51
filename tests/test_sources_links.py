"""Links come clean from every reader, and roads that touch without meeting are told."""

from __future__ import annotations

import time
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from shapely import LineString
from tests.drawn_roads import E0, N0, graph_of, layer, line, links, pbf

from glesservice.config import Roads
from glesservice.sources import read_roads
from glesservice.sources.cleaning import clean_links
from glesservice.sources.osm import edges_from_extract
from glesservice.sources.touching import join_touching, touching_ends

# Links without length


def test_the_ends_of_a_link_without_length_are_one_junction() -> None:
    roads = links(
        (1, 2, line((0, 0), (1000, 0))),
        (2, 7, line((1000, 0), (1000, 0))),
        (7, 3, line((1000, 0), (2000, 0))),
    )
    clean = clean_links(roads)
    assert clean[["u", "v"]].to_numpy().tolist() == [[1, 2], [2, 3]]
    assert clean["length_m"].tolist() == [1000, 1000]
    assert clean.index.tolist() == [0, 1]


def test_a_chain_of_links_without_length_is_one_junction() -> None:
    here = line((0, 0), (0, 0))
    roads = links((9, 8, here), (8, 5, here), (5, 6, line((0, 0), (10, 0))), (9, 4, here))
    assert clean_links(roads)[["u", "v"]].to_numpy().tolist() == [[4, 6]]


def test_a_one_way_link_without_length_holds_nobody_up() -> None:
    roads = links(
        (1, 2, line((0, 0), (1000, 0))),
        (2, 3, line((1000, 0), (1000, 0))),
        (3, 4, line((1000, 0), (2000, 0))),
        backward=[True, False, True],
    )
    assert nx.has_path(graph_of(clean_links(roads)), 4, 1)


def test_a_link_that_is_drawn_with_a_length_is_kept_whatever_it_says() -> None:
    roads = links((1, 2, line((0, 0), (1000, 0))), length_m=[0.0])
    assert len(clean_links(roads)) == 1


def test_an_extract_in_which_two_nodes_lie_at_one_place_is_driven_through(tmp_path: Path) -> None:
    nodes = {1: (16.0, 64.0), 2: (16.01, 64.0), 3: (16.01, 64.0), 4: (16.02, 64.0)}
    tags = {"highway": "tertiary"}
    path = pbf(tmp_path / "r.osm.pbf", nodes, [([1, 2], tags), ([2, 3], tags), ([3, 4], tags)])
    edges = edges_from_extract(path)
    assert edges[["u", "v"]].to_numpy().tolist() == [[1, 2], [2, 4]]


def test_a_node_listed_twice_in_a_row_is_one(tmp_path: Path) -> None:
    nodes = {1: (16.0, 64.0), 2: (16.01, 64.0), 3: (16.02, 64.0)}
    path = pbf(tmp_path / "r.osm.pbf", nodes, [([1, 2, 2, 3], {"highway": "track"})])
    assert edges_from_extract(path)[["u", "v"]].to_numpy().tolist() == [[1, 2], [2, 3]]


# Links that are there twice


def test_the_same_link_is_kept_once() -> None:
    road = (1, 2, line((0, 0), (1000, 0)))
    assert len(clean_links(links(road, road, road))) == 1


@pytest.mark.parametrize(
    "difference",
    [
        {"backward": [True, False]},
        {"highway": ["secondary", "track"]},
        {"maxspeed_kmh": [50.0, 70.0]},
        {"length_m": [1000.0, 1001.0]},
        {"closed": [None, "Nov-Apr"]},
    ],
)
def test_links_that_differ_in_anything_are_two(difference: dict[str, list[object]]) -> None:
    road = (1, 2, line((0, 0), (1000, 0)))
    assert len(clean_links(links(road, road, **difference))) == 2


def test_two_roads_between_the_same_places_are_two() -> None:
    around = line((0, 0), (500, 500), (1000, 0))
    beyond = line((0, 0), (500, -500), (1000, 0))
    assert len(clean_links(links((1, 2, around), (1, 2, beyond)))) == 2


def test_a_loop_stays() -> None:
    loop = (1, 1, line((0, 0), (100, 0), (100, 100), (0, 0)))
    clean = clean_links(links((1, 2, line((0, 0), (-500, 0))), loop, loop))
    assert clean[["u", "v"]].to_numpy().tolist() == [[1, 2], [1, 1]]


def test_a_line_drawn_twice_in_a_layer_is_one_road(tmp_path: Path) -> None:
    shapes = [line((0, 0), (1000, 0)), line((0, 0), (1000, 0)), line((1000, 0), (1000, 50))]
    path = layer(tmp_path / "v.gpkg", shapes, k=["E"] * 3)
    edges = read_roads([Roads(path=path, class_column="k", classes={"E": "trunk"})])
    assert len(edges) == 2


# Limits


def test_a_limit_against_the_drawn_direction_is_told_only_where_it_differs() -> None:
    roads = links(
        *((n, n + 1, line((n, 0), (n + 1, 0))) for n in range(4)),
        maxspeed_kmh=[70.0, 70.0, np.nan, 70.0],
        maxspeed_backward_kmh=[70.0, 50.0, 50.0, 50.0],
        forward=[True, True, True, False],
    )
    clean = clean_links(roads)
    assert clean["maxspeed_kmh"].fillna(-1).tolist() == [70, 70, -1, 50]
    assert clean["maxspeed_backward_kmh"].fillna(-1).tolist() == [-1, 50, 50, -1]


# Roads that touch without meeting


ROAD = (1, 2, line((0, 0), (1000, 0)))


def told(*rows: tuple[int, int, LineString]) -> list[tuple[int, float]]:
    """Return the dead ends that touch another road, and how near."""
    found = touching_ends(links(*rows))
    return [(row.node, round(row.distance_m, 6)) for row in found.itertuples()]


def test_a_side_road_that_ends_short_of_the_road_is_told_with_its_place() -> None:
    found = touching_ends(links(ROAD, (3, 4, line((400, 900), (400, 1.5)))))
    assert found["node"].tolist() == [4]
    assert found["distance_m"].tolist() == pytest.approx([1.5])
    assert (found.geometry.x - E0).tolist() == [400]
    assert (found.geometry.y - N0).tolist() == [1.5]
    assert found[["own", "link"]].to_numpy().tolist() == [[1, 0]]


def test_a_road_that_ends_beyond_reach_is_a_dead_end() -> None:
    assert told(ROAD, (3, 4, line((400, 900), (400, 2.5)))) == []


def test_a_road_that_ends_on_another_without_a_junction_is_told() -> None:
    assert told(ROAD, (3, 4, line((400, 900), (400, 0)))) == [(4, 0)]


def test_two_ends_beside_each_other_are_told_once() -> None:
    assert told(ROAD, (3, 4, line((1001, 0), (2000, 0)))) == [(2, 1)]


def test_roads_that_meet_or_cross_are_not_told() -> None:
    assert told(ROAD, (2, 3, line((1000, 0), (1000, 500)))) == []
    assert told(ROAD, (3, 4, line((400, 900), (400, -900)))) == []


def test_the_short_last_piece_of_a_road_does_not_touch_what_it_branches_off_from() -> None:
    halves = [(1, 2, line((0, 0), (500, 0))), (2, 3, line((500, 0), (1000, 0)))]
    assert told(*halves, (2, 4, line((500, 0), (500, 1.5)))) == []


def test_what_touches_is_joined_within_the_set_tolerance_only() -> None:
    roads = links(ROAD, (3, 4, line((400, 900), (400, 1.5))))
    assert join_touching(roads, 1.0) is roads
    joined = join_touching(roads, 2.0)
    graph = graph_of(joined)
    assert nx.shortest_path_length(graph, 3, 1, "length") == pytest.approx(898.5 + 1.5 + 400)
    assert nx.shortest_path_length(graph, 1, 2, "length") == pytest.approx(1000)
    assert touching_ends(joined).empty


def test_two_ends_beside_each_other_are_joined_end_to_end() -> None:
    joined = join_touching(links(ROAD, (3, 4, line((1001, 0), (2000, 0)))), 2.0)
    assert nx.shortest_path_length(graph_of(joined), 1, 4, "length") == pytest.approx(2000)


def test_a_footpath_neither_touches_nor_is_joined() -> None:
    roads = links(ROAD, (3, 4, line((400, 900), (400, 1.5))), highway=["secondary", "footway"])
    assert join_touching(roads, 2.0) is roads


def test_a_layer_is_joined_where_the_settings_say_so(tmp_path: Path) -> None:
    shapes = [line((0, 0), (1000, 0)), line((400, 900), (400, 0))]
    path = layer(tmp_path / "v.gpkg", shapes, k=["E", "E"])
    source = Roads(path=path, class_column="k", classes={"E": "trunk"})
    assert nx.number_weakly_connected_components(graph_of(read_roads([source]))) == 2
    joined = read_roads([source.model_copy(update={"touch_m": 1.0})])
    # The end lies on the line: the connecting link has no length and is not there.
    assert len(joined) == 3
    assert nx.is_strongly_connected(graph_of(joined))


def test_a_large_network_is_looked_through_at_once() -> None:
    random = np.random.default_rng(7)
    start = random.uniform(0, 200_000, (50_000, 2))
    shapes = [
        LineString([at, at + step])
        for at, step in zip(start, random.normal(0, 300, start.shape), strict=True)
    ]
    roads = gpd.GeoDataFrame(
        {"u": range(50_000), "v": range(50_000, 100_000)}, geometry=shapes, crs=3006
    ).assign(length_m=lambda frame: frame.length)
    before = time.perf_counter()
    found = touching_ends(roads)
    assert time.perf_counter() - before < 5
    some = found.sample(20, random_state=1)
    apart = pd.Series(
        [roads.distance(row.geometry).drop(row.own).min() for row in some.itertuples()]
    )
    assert np.allclose(apart, some["distance_m"])

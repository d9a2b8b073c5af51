"""Roads outside the connected network are told with their length and the people who live there."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.analysis import build_network
from glesservice.network import RoadNetwork, islands
from glesservice.tables import CRS

# A main road 0-1-2 (20 km); two loose roads 3-4-5 that hang together; one road 6-7 alone; and a
# one-way spur from 2 to 8 that nobody can leave again.
X = np.array([0, 10, 20, 0, 3, 5, 10, 11, 21], dtype=float) * 1000 + 500_000
Y = np.array([0, 0, 0, 9, 9, 9, 9, 9, 0], dtype=float) * 1000 + 7_200_000
U = np.array([0, 1, 3, 4, 6, 2])
V = np.array([1, 2, 4, 5, 7, 8])
METRES = np.array([10_000, 10_000, 3_000, 2_000, 1_000, 1_000], dtype=float)
BACK = np.array([1, 1, 1, 1, 1, np.inf])


def network() -> RoadNetwork:
    return RoadNetwork.from_arrays(U, V, METRES, METRES / 20, METRES / 20 * BACK, X, Y)


def points(*places: tuple[float, float]) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        [shapely.Point(500_000 + x * 1000, 7_200_000 + y * 1000) for x, y in places], crs=CRS
    )


def test_each_piece_is_told_with_its_length_and_people():
    # 7 live by the loose road, 2 by the lone one, 4 by the spur, 50 by the main road, 9 nowhere.
    homes = points((4, 9.1), (10.5, 8.9), (21, 0.1), (5, 0.5), (15, 5))
    found = islands(network(), homes, pd.Series([7.0, 2.0, 4.0, 50.0, 9.0]), max_m=2000)
    assert found["length_m"].tolist() == [5000, 1000, 1000]
    assert found["links"].tolist() == [2, 1, 1]
    assert found["people"].tolist()[0] == 7
    assert sorted(found["people"].tolist()[1:]) == [2, 4]


def test_at_the_same_distance_people_live_at_the_connected_road():
    found = islands(network(), points((20, 0)), pd.Series([3.0]), max_m=2000)
    assert found["people"].sum() == 0


def test_a_network_in_one_piece_has_no_islands():
    whole = RoadNetwork.from_arrays(U[:2], V[:2], METRES[:2], METRES[:2], METRES[:2], X, Y)
    assert islands(whole, points((0, 0)), pd.Series([1.0]), max_m=2000).empty


def test_the_embedded_data_have_one_loose_network_where_nobody_lives(inputs, settings):
    found = islands(
        build_network(inputs, settings),
        inputs.cells.geometry.centroid,
        inputs.cells["people"],
        max_m=2000,
    )
    assert found["links"].tolist() == [3]
    assert 3000 < found["length_m"].iloc[0] < 4500

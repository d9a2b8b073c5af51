"""What lies near a municipality, by the glance and by looking at each: the same."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.driving import PROFILE

from glesservice.analysis import lying_near

# A coast with an island and a lake; between them nothing.
MAINLAND = shapely.Polygon(
    [(0, 0), (30_000, -4_000), (31_000, 22_000), (16_000, 9_000), (-2_000, 25_000)],
    [[(12_000, 1_000), (20_000, 1_000), (20_000, 6_000), (12_000, 6_000)]],
)
AREA = shapely.union(MAINLAND, shapely.box(40_000, 5_000, 41_000, 6_500))


@settings(max_examples=100, **PROFILE)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 1.0, 300.0, 1_000.0, 5_000.0, 60_000.0]),
    st.sampled_from([1.0, 50.0, 2_000.0, 50_000.0]),
)
def test_each_road_is_told_as_if_it_were_measured(seed: int, within_m: float, long_m: float):
    random = np.random.default_rng(seed)
    begin = random.uniform(-70_000, 110_000, (200, 2))
    roads = shapely.linestrings(np.stack([begin, begin + random.normal(0, long_m, (200, 2))], 1))
    found = lying_near(gpd.GeoSeries(roads), AREA, within_m)
    assert found.tolist() == shapely.dwithin(AREA, roads, within_m).tolist()


def test_deep_in_a_large_municipality_is_in_it():
    large = shapely.box(0, 0, 100_000, 100_000)
    home = gpd.GeoSeries([shapely.Point(50_000, 50_000), shapely.Point(150_000, 50_000)])
    assert lying_near(home, large, 1_000.0).tolist() == [True, False]

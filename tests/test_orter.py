"""From cells to orter, on one straight road drawn by hand.

A road runs 40 km east from 500 000, 7 200 000. Cells of 1 km lie along it; "km 3" is the cell whose
middle is 3 km along the road.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from glesservice.config import Network, OrterRules
from glesservice.network import RoadNetwork, snap, speeds
from glesservice.orter import settle
from glesservice.tables import CRS

E0, N0 = 500_000.0, 7_200_000.0


def at(km: float) -> shapely.Point:
    return shapely.Point(E0 + km * 1000, N0)


def road(first_km: float = 0, last_km: float = 40) -> RoadNetwork:
    edges = gpd.GeoDataFrame(
        {
            "u": [0],
            "v": [1],
            "length_m": [(last_km - first_km) * 1000.0],
            "highway": ["primary"],
            "ref": [None],
            "surface": [None],
            "forward": [True],
            "backward": [True],
            "maxspeed_kmh": [np.nan],
            "closed": [None],
        },
        geometry=[shapely.LineString([at(first_km), at(last_km)])],
        crs=CRS,
    )
    return RoadNetwork.from_edges(speeds.assign(edges, Network()))


def cells(people_at_km: dict[float, int]) -> gpd.GeoDataFrame:
    boxes = [at(km).buffer(500, cap_style="square") for km in people_at_km]
    ids = [f"{box.bounds[0]:06.0f}{box.bounds[1]:07.0f}" for box in boxes]
    people = [float(n) for n in people_at_km.values()]
    return gpd.GeoDataFrame({"cell_id": ids, "people": people}, geometry=boxes, crs=CRS)


def settlements(*rows: tuple[str, str, float | None, shapely.Geometry]) -> gpd.GeoDataFrame:
    frame = pd.DataFrame(rows, columns=["name", "kind", "population", "geometry"])
    frame["settlement_id"] = [f"s{n}" for n in range(len(frame))]
    frame["population"] = frame["population"].astype(float)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)


def orter_of(people: dict[float, int], places: gpd.GeoDataFrame, rules: OrterRules | None = None):
    network, grid = road(), cells(people)
    cells_at = snap(network, grid.geometry.centroid, 2000)
    settled = settle(
        grid,
        cells_at,
        places,
        network,
        rules or OrterRules(),
        kommun="2462",
        min_people=10,
        access_max_m=2000,
    )
    names = settled.orter.set_index("ort_id")["name"]
    return {
        km: names.get(ort) for km, ort in zip(people, settled.ort_of_cell, strict=True)
    }, settled


def test_cells_within_3_km_by_road_belong_to_the_nearest_named_place():
    places = settlements(("Aby", "by", None, at(5)), ("Bby", "by", None, at(9)))
    found, _ = orter_of({2: 20, 6: 20, 8: 20, 12: 20, 13: 5}, places)
    assert found == {2: "Aby", 6: "Aby", 8: "Bby", 12: "Bby", 13: None}


def test_a_cell_belongs_to_the_locality_that_covers_most_of_it():
    town = shapely.box(E0 + 4_300, N0 - 500, E0 + 6_700, N0 + 500)
    places = settlements(("Staden", "tatort", 500, town), ("Byn", "by", None, at(7)))
    # Of the cell around km 7 (6.5 to 7.5) the town covers a fifth: it is the town's all the same.
    found, settled = orter_of({5: 100, 6: 100, 7: 20}, places)
    assert found == {5: "Staden", 6: "Staden", 7: "Staden"}
    assert settled.orter["role"].tolist() == ["centralort"]


def test_a_small_locality_keeps_the_cell_it_lies_in():
    hamlet = at(5).buffer(100)  # 3 % of the cell
    found, _ = orter_of({5: 60}, settlements(("Småby", "smaort", 60, hamlet)))
    assert found == {5: "Småby"}


def test_a_town_known_only_as_a_point_is_drawn_to_hold_its_people():
    # 2 200 people at 700 per km² fill a circle of 1 km.
    places = settlements(("Staden", "tatort", 2200, at(5)), ("Intill", "by", None, at(5.9)))
    found, _ = orter_of({5: 2000, 6: 100, 9.4: 30}, places)
    # "Intill" lies inside the town and is part of it; 9.4 is beyond 3 km from the town's point.
    assert found == {5: "Staden", 6: "Staden", 9.4: "Öster om Staden"}


def test_cells_left_over_cluster_at_2_km_and_are_named_after_the_way_they_lie():
    places = settlements(("Byn", "by", None, at(2)))
    found, settled = orter_of({2: 50, 20: 6, 22: 6, 30: 9}, places)
    # 20 and 22 are 2 km apart: one cluster of 12. The 9 people at 30 are too few to be an ort.
    assert found == {2: "Byn", 20: "Öster om Byn", 22: "Öster om Byn", 30: None}
    assert set(settled.orter["kind"]) == {"by", "kluster"}


def test_two_orter_of_the_same_name_are_told_apart_and_the_larger_comes_first():
    places = settlements(("Nordansjö", "by", None, at(2)), ("Nordansjö", "by", None, at(30)))
    found, settled = orter_of({2: 20, 30: 40}, places)
    assert found == {2: "Nordansjö (2)", 30: "Nordansjö (1)"}
    assert settled.orter["ort_id"].is_unique


def test_names_that_differ_only_in_swedish_letters_keep_ids_of_their_own():
    places = settlements(("Båtvik", "by", None, at(2)), ("Batvik", "by", None, at(30)))
    _, settled = orter_of({2: 20, 30: 40}, places)
    assert settled.orter["ort_id"].is_unique


def test_a_village_below_ten_people_is_spridd_bebyggelse():
    found, settled = orter_of({2: 9}, settlements(("Byn", "by", None, at(2))))
    assert found == {2: None}
    assert settled.orter.empty


def test_cells_off_the_road_are_in_no_ort_and_not_lost():
    grid = cells({2: 20})
    far = gpd.GeoDataFrame(
        {"cell_id": ["x"], "people": [30.0]},
        geometry=[shapely.box(E0, N0 + 9000, E0 + 1000, N0 + 10_000)],
        crs=CRS,
    )
    everyone = pd.concat([grid, far], ignore_index=True)
    network = road()
    cells_at = snap(network, everyone.geometry.centroid, 2000)
    settled = settle(
        everyone,
        cells_at,
        settlements(("Byn", "by", None, at(2))),
        network,
        OrterRules(),
        kommun="2462",
        min_people=10,
        access_max_m=2000,
    )
    assert settled.ort_of_cell.tolist() == ["2462-byn", None]


def test_bygder_hold_orter_no_more_than_20_km_apart():
    places = settlements(
        ("A", "by", None, at(1)), ("B", "by", None, at(15)), ("C", "by", None, at(30))
    )
    _, settled = orter_of({1: 20, 15: 30, 30: 40}, places)
    bygd = settled.orter.set_index("name")["bygd_id"]
    # A-B 14 km and B-C 15 km would chain; A-C is 29 km, so the closer pair goes together.
    assert bygd["A"] == bygd["B"] != bygd["C"]
    assert settled.bygder["name"].tolist() == ["B med omnejd", "C"]


def test_the_centralort_can_be_named_and_is_in_no_bygd():
    places = settlements(("Staden", "tatort", 500, at(5)), ("Byn", "by", None, at(12)))
    _, settled = orter_of({5: 500, 12: 50}, places, OrterRules(centralort="Byn"))
    roles = settled.orter.set_index("name")
    assert roles.loc["Byn", "role"] == "centralort"
    assert pd.isna(roles.loc["Byn", "bygd_id"])
    assert roles.loc["Staden", "role"] == "kandidat"


@pytest.mark.parametrize("seed", range(5))
def test_everybody_is_in_one_ort_or_in_none(seed):
    draw = np.random.default_rng(seed)
    people = {float(km): int(n) for km, n in zip(range(40), draw.integers(1, 30, 40), strict=True)}
    places = settlements(
        *[(f"By {n}", "by", None, at(km)) for n, km in enumerate(draw.uniform(0, 40, 5))]
    )
    grid = cells(people)
    _, settled = orter_of(people, places)
    inside = grid["people"].groupby(settled.ort_of_cell).sum()
    spread = grid.loc[settled.ort_of_cell.isna(), "people"].sum()
    assert inside.sum() + spread == grid["people"].sum()
    assert (inside >= 10).all()

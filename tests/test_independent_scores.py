"""The embedded data's result, worked out a second time with pandas and networkx alone.

Of the package only the fixtures, ``analyse`` and one run are used. The roads are read anew from the
file, and every point becomes a node of a plain networkx graph.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from glesservice.analysis import Result, analyse

HAIR_M = 0.01
LOCALITIES = ("tatort", "smaort")


# --- Scores and ranks, from the long table of distances ---------------------------------------


@pytest.fixture(scope="module")
def weights(result, settings) -> dict[str, float]:
    """Share out what the given weights leave among the services that have sites."""
    present = {
        name: rule
        for name, rule in settings.policy.services.items()
        if name in set(result.access["service"])
    }
    given = {name: rule.weight for name, rule in present.items() if rule.weight is not None}
    rest = (1 - sum(given.values())) / (len(present) - len(given))
    return {name: given.get(name, rest) for name in present}


def distances(result: Result, cells: pd.DataFrame, service: str) -> pd.DataFrame:
    """Return each cell's first and second site of a service, by road and in time."""
    (first, second), (soon, later) = (
        [
            way[(way["service"] == service) & (way["order"] == order)]
            .set_index("cell_id")
            .reindex(cells["cell_id"])
            for order in (1, 2)
        ]
        for way in (result.access, result.drive)
    )
    return pd.DataFrame(
        {
            "km": first["metres"].to_numpy() / 1000,
            "minutes": soon["seconds"].to_numpy() / 60,
            "next_km": second["metres"].to_numpy() / 1000,
            "next_minutes": later["seconds"].to_numpy() / 60,
            "site": first["site_id"].to_numpy(),
        },
        index=cells.index,
    )


def scored_by_hand(result, settings, weights, group: pd.Series) -> pd.DataFrame:
    """Return the measures of each group of cells, one group after the other."""
    policy = settings.policy
    cells = result.cells[["cell_id", "people"]]
    names = result.sites.set_index("site_id")["name"]
    ways = {service: distances(result, cells, service) for service in weights}
    rows = {}
    for key, members in cells.groupby(group):
        people = members["people"]
        row = {"people": people.sum(), "cells": len(members), "sparsity": 0.0, "vulnerability": 0.0}
        for service, weight in weights.items():
            way, rule = ways[service].loc[members.index], policy.services[service]
            first = way["km"].fillna(np.inf)
            reached = first < np.inf
            far = ((first - rule.near_km) / (rule.far_km - rule.near_km)).clip(0, 1)
            worse = (way["next_km"].fillna(np.inf) - first.where(reached, 0)).clip(lower=0)
            lost = (worse / policy.vulnerability_km).clip(upper=1).where(reached, 1)
            row[f"sparsity_{service}"] = 100 * np.average(far, weights=people)
            row[f"vulnerability_{service}"] = 100 * np.average(lost, weights=people)
            row["sparsity"] += weight * row[f"sparsity_{service}"]
            row["vulnerability"] += weight * row[f"vulnerability_{service}"]
            for measure in ("km", "minutes", "next_km", "next_minutes"):
                known = way[measure].notna()
                row[f"{measure}_{service}"] = np.average(
                    way.loc[known, measure], weights=people[known]
                )
            for limit in policy.limits_km:
                row[f"beyond_{limit:g}_{service}"] = people[first > limit].sum()
            by_site = people.groupby(way["site"]).sum()
            row[f"site_{service}"] = names[by_site[by_site == by_site.max()].index.min()]
        row["total"] = (
            policy.sparsity_share * row["sparsity"]
            + (1 - policy.sparsity_share) * row["vulnerability"]
        )
        rows[key] = row
    return pd.DataFrame.from_dict(rows, orient="index")


def assert_same_numbers(got: pd.DataFrame, expected: pd.DataFrame, key: str) -> None:
    """Compare all columns that are expected, row by row of the key."""
    got = pd.DataFrame(got).set_index(key)
    assert set(got.index) == set(expected.index)
    got = got.loc[expected.index, expected.columns]
    pd.testing.assert_frame_equal(
        got.set_axis(expected.index),
        expected,
        check_dtype=False,
        check_column_type=False,
        rtol=1e-9,
        atol=1e-9,
    )


def ranked_by_hand(table: pd.DataFrame, key: str) -> list[str]:
    """Order by total, then by people, then by id."""
    rows = zip(table["total"].round(6), table["people"], table[key], strict=True)
    return [row[2] for row in sorted(rows, key=lambda row: (-row[0], -row[1], row[2]))]


def test_every_number_of_every_ort(result, settings, weights):
    expected = scored_by_hand(result, settings, weights, result.cells["ort_id"])
    assert_same_numbers(result.orter, expected, "ort_id")
    assert dict(result.weights) == pytest.approx(weights)


def test_every_number_of_every_bygd(result, settings, weights):
    bygd = result.cells["ort_id"].map(result.orter.set_index("ort_id")["bygd_id"])
    expected = scored_by_hand(result, settings, weights, bygd)
    assert_same_numbers(result.bygder, expected, "bygd_id")
    members = result.orter.groupby("bygd_id")
    got = result.bygder.set_index("bygd_id")
    assert got["orter"].to_dict() == members.size().to_dict()
    for bygd_id, names in members["name"]:
        assert sorted(got.loc[bygd_id, "members"].split(", ")) == sorted(names)


@pytest.mark.parametrize(("table", "key"), [("orter", "ort_id"), ("bygder", "bygd_id")])
def test_ranks_follow_total_then_people_then_id(result, table, key):
    rows = getattr(result, table)
    ranked = rows[rows["rank"].notna()].sort_values("rank")
    assert ranked["rank"].tolist() == list(range(1, len(ranked) + 1))
    assert ranked[key].tolist() == ranked_by_hand(ranked, key)
    if table == "orter":
        assert set(rows.loc[rows["rank"].isna(), "role"]) == {"centralort"}


# --- The roads, read anew ---------------------------------------------------------------------


class Roads:
    """The road file as a networkx graph in which points are nodes: ``("from", x)``, ``("to", x)``.

    Every point meets the nearest road at a right angle, and both ends of a way carry their
    straight leg.
    """

    def __init__(self, settings) -> None:
        read = nx.read_graphml(settings.roads[0].path)
        largest = max(nx.strongly_connected_components(read), key=len)
        self.graph = nx.DiGraph()
        self.access_kmh = settings.network.access_kmh
        roads = read.subgraph(largest)
        links = [(u, v) for u, v in roads.edges if u < v or not roads.has_edge(v, u)]
        shapes = gpd.GeoSeries.from_wkt([roads.edges[link]["geometry"] for link in links])
        self.lines = shapes.set_crs(read.graph["crs"]).to_crs("EPSG:3006").to_numpy()
        self.tree = shapely.STRtree(self.lines)
        self.links = links
        self.metres = [float(roads.edges[link]["length"]) for link in links]
        self.kmh = [
            float(
                roads.edges[link].get("maxspeed")
                or settings.network.class_speeds_kmh[roads.edges[link]["highway"]]
            )
            for link in links
        ]
        self.both_ways = [roads.has_edge(v, u) for u, v in links]
        self.stops: list[set[float]] = [{0.0, 1.0} for _ in links]
        self.points: dict[object, tuple[int, float, float]] = {}

    def attach(self, points: dict[object, shapely.Point], max_m: float = np.inf) -> None:
        """Attach points to the nearest road, those too far from it to none."""
        for name, point in points.items():
            link = int(self.tree.nearest(point))
            line = self.lines[link]
            share = float(shapely.line_locate_point(line, point, normalized=True))
            leg = float(shapely.distance(line, point))
            if leg <= max_m:
                self.points[name] = (link, share, leg)
                self.stops[link].add(share)

    def build(self) -> Roads:
        """Split every road at its points."""
        for number, (u, v) in enumerate(self.links):
            for begin, end in itertools.pairwise(sorted(self.stops[number])):
                tail, head = self.node(number, begin), self.node(number, end)
                metres = (end - begin) * self.metres[number]
                self.add(tail, head, metres, self.kmh[number])
                if self.both_ways[number]:
                    self.add(head, tail, metres, self.kmh[number])
            assert self.graph.has_node(u)
            assert self.graph.has_node(v)
        for name, (link, share, leg) in self.points.items():
            self.add(("from", name), self.node(link, share), leg, self.access_kmh)
            self.add(self.node(link, share), ("to", name), leg, self.access_kmh)
        return self

    def node(self, number: int, share: float) -> object:
        """Return the junction at a road's end, or the place beside it."""
        u, v = self.links[number]
        return {0.0: u, 1.0: v}.get(share, (number, share))

    def add(self, tail: object, head: object, metres: float, kmh: float) -> None:
        """Add a piece of road."""
        self.graph.add_edge(tail, head, metres=metres, seconds=metres / kmh * 3.6)

    def metres_from(self, name: object, limit_m: float) -> dict[object, float]:
        """Return the shortest road distance to every point within a limit."""
        if name not in self.points:
            return {}
        found = nx.single_source_dijkstra_path_length(
            self.graph, ("from", name), cutoff=limit_m + HAIR_M, weight="metres"
        )
        return {node[1]: way for node, way in found.items() if node[0] == "to"}


def named_points(settlements: gpd.GeoDataFrame) -> dict[object, shapely.Point]:
    """Return the villages outside the localities, and the middle of every locality."""
    area = settlements.geometry.geom_type != "Point"
    localities = settlements[area]
    villages = settlements[~area & ~settlements.within(localities.union_all())]
    return {
        ("place", row.settlement_id): row.geometry.representative_point()
        for row in pd.concat([localities, villages]).itertuples()
    }


@pytest.fixture(scope="module")
def settlements(inputs) -> gpd.GeoDataFrame:
    """Return the settlements inside the municipality."""
    middle = inputs.settlements.representative_point()
    return inputs.settlements[middle.within(inputs.boundary.geometry.iloc[0])]


@pytest.fixture(scope="module")
def anchors(result, settlements) -> dict[object, shapely.Point]:
    """Return each candidate's point: its locality's middle, its village, or its largest cell."""
    places = settlements.set_index("name").representative_point()
    cells = result.cells.set_index("cell_id").centroid
    candidates = result.orter[result.orter["role"] == "kandidat"]
    return {
        ("ort", row.ort_id): cells[row.ort_id.rpartition("-")[2]]
        if row.kind == "kluster"
        else places[row.name_of_ort]
        for row in candidates.rename(columns={"name": "name_of_ort"}).itertuples()
    }


@pytest.fixture(scope="module")
def roads(result, settings, settlements, anchors) -> Roads:
    """Return the roads with cells, sites, named places and orter on them."""
    made, limit = Roads(settings), settings.network.access_max_m
    cells, sites = result.cells.set_index("cell_id"), result.sites.set_index("site_id")
    made.attach({("cell", name): point for name, point in cells.centroid.items()}, limit)
    made.attach({("site", name): point for name, point in sites.geometry.items()}, limit)
    made.attach(named_points(settlements), limit)
    made.attach(anchors)
    return made.build()


def nearest_by_hand(
    roads: Roads, sites: Iterable[str], cells: Iterable[str], k: int, by: str
) -> dict[str, list[tuple[float, float, str]]]:
    """Return both measures of the k nearest sites of each cell, the smallest first, and the id."""
    other = {"seconds": "metres", "metres": "seconds"}[by]
    backward = roads.graph.reverse(copy=False)
    found: dict[str, list[tuple[float, float, str]]] = {cell: [] for cell in cells}
    for site in sites:
        least, ways = nx.single_source_dijkstra(backward, ("to", ("site", site)), weight=by)
        for cell, near in found.items():
            start = ("from", ("cell", cell))
            if start in least:
                near.append((least[start], nx.path_weight(backward, ways[start], other), site))
    return {cell: sorted(near)[:k] for cell, near in found.items()}


@pytest.mark.parametrize(
    ("table", "by", "other"), [("access", "metres", "seconds"), ("drive", "seconds", "metres")]
)
def test_the_nearest_sites_are_those_of_plain_dijkstra(
    result, settings, roads, weights, table, by, other
):
    open_sites = result.sites[result.sites["status"] == "open"]
    access = getattr(result, table).set_index(["service", "cell_id", "order"])
    compared = 0
    for service in weights:
        sites = open_sites.loc[open_sites["service"] == service, "site_id"]
        near = nearest_by_hand(
            roads, sites, result.cells["cell_id"], settings.policy.sites_per_cell, by
        )
        for cell, expected in near.items():
            for order, (least, along, site) in enumerate(expected, start=1):
                got = access.loc[(service, cell, order)]
                assert got["site_id"] == site
                assert got[by] == pytest.approx(least, rel=1e-6)
                assert got[other] == pytest.approx(along, rel=1e-6)
                compared += 1
    assert compared == len(access)


# --- Orter and bygder -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ort_of_cell(result) -> pd.Series:
    """Return the ort of each cell, None for spridd bebyggelse."""
    return result.cells.set_index("cell_id")["ort_id"]


def test_cells_in_a_locality_belong_to_a_locality_and_only_by_and_kluster_lie_outside(
    result, settings, settlements, roads, ort_of_cell
):
    kind = result.orter.set_index("ort_id")["kind"]
    areas = settlements[settlements.geometry.geom_type != "Point"]
    assert set(areas["kind"]) == set(LOCALITIES)
    limit = settings.orter.village_km * 1000
    middles = {("place", name) for name in areas["settlement_id"]}
    for cell in result.cells.itertuples():
        share = areas.intersection(cell.geometry).area / cell.geometry.area
        if share.max() >= settings.orter.locality_share:
            assert kind[cell.ort_id] in LOCALITIES
            best = areas.loc[share.idxmax(), "name"]
            assert result.orter.set_index("ort_id").loc[cell.ort_id, "name"] == best
        elif cell.ort_id is not None and kind[cell.ort_id] in LOCALITIES and share.max() == 0:
            # The outskirts: as near by road as the cells of a village.
            reached = roads.metres_from(("cell", cell.cell_id), limit)
            assert middles & set(reached)


def test_a_village_holds_the_cells_that_have_it_nearest_within_reach(
    result, settings, settlements, roads, ort_of_cell
):
    orter = result.orter.set_index("ort_id")
    names = settlements.set_index("settlement_id")["name"]
    limit, checked = settings.orter.village_km * 1000, 0
    for cell, ort in ort_of_cell.items():
        if ort is None or orter.loc[ort, "kind"] != "by":
            continue
        reached = roads.metres_from(("cell", cell), limit)
        places = {point[1]: metres for point, metres in reached.items() if point[0] == "place"}
        assert names[min(places, key=places.__getitem__)] == orter.loc[ort, "name"], cell
        checked += 1
    assert checked > 100


def test_who_lives_spread_has_no_ranked_ort_as_the_nearest_place_within_reach(
    result, settings, settlements, roads, ort_of_cell
):
    ranked = set(result.orter.loc[result.orter["rank"].notna(), "name"])
    names = settlements.set_index("settlement_id")["name"]
    spread = ort_of_cell[ort_of_cell.isna()].index
    people = result.cells.set_index("cell_id")["people"]
    assert people[spread].sum() == result.spread_people
    for cell in spread:
        reached = roads.metres_from(("cell", cell), settings.orter.village_km * 1000)
        near = {names[point[1]] for point in reached if point[0] == "place"}
        assert not near & ranked, cell


def linked(roads: Roads, cells: Iterable[str], limit_m: float) -> nx.Graph:
    """Link the cells that lie within a limit of each other along the road."""
    graph = nx.Graph()
    graph.add_nodes_from(cells)
    for cell in list(graph):
        for point in roads.metres_from(("cell", cell), limit_m):
            if point[0] == "cell" and point[1] in graph:
                graph.add_edge(cell, point[1])
    return graph


def test_clusters_hang_together_and_hold_enough_people(result, settings, roads, ort_of_cell):
    rules = settings.orter
    clusters = result.orter[result.orter["kind"] == "kluster"]
    assert not clusters.empty
    for cluster in clusters.itertuples():
        members = ort_of_cell[ort_of_cell == cluster.ort_id].index
        assert nx.is_connected(linked(roads, members, rules.cluster_km * 1000))
        assert cluster.people >= rules.cluster_people


def test_the_clusters_are_all_there_are(result, settings, roads, ort_of_cell):
    rules = settings.orter
    people = result.cells.set_index("cell_id")["people"]
    clusters = result.orter.loc[result.orter["kind"] == "kluster", "ort_id"]
    outside = ort_of_cell[ort_of_cell.isna() | ort_of_cell.isin(clusters)].index
    # Cells within reach of a village too small to be named are its own, not a cluster's.
    loose = [
        cell
        for cell in outside
        if not any(
            point[0] == "place"
            for point in roads.metres_from(("cell", cell), rules.village_km * 1000)
        )
    ]
    parts = nx.connected_components(linked(roads, loose, rules.cluster_km * 1000))
    large = [part for part in parts if people[list(part)].sum() >= rules.cluster_people]
    found = [set(ort_of_cell[ort_of_cell == cluster].index) for cluster in clusters]
    assert sorted(map(sorted, found)) == sorted(map(sorted, large))


def test_the_orter_of_a_bygd_lie_within_its_width_of_each_other(result, settings, roads):
    width = settings.orter.bygd_km * 1000
    candidates = result.orter[result.orter["role"] == "kandidat"]
    assert candidates["bygd_id"].notna().all()
    for _, members in candidates.groupby("bygd_id")["ort_id"]:
        reached = {ort: roads.metres_from(("ort", ort), width) for ort in members}
        for one, other in itertools.combinations(members, 2):
            assert ("ort", other) in reached[one] or ("ort", one) in reached[other]


# --- Strategic serviceorter, by closing them --------------------------------------------------


@pytest.fixture(scope="module")
def serviceorter(result, settings, roads, ort_of_cell) -> dict[str, set[str]]:
    """Return the open sites of each ort but the centralort, by the nearest cell along the road."""
    sites = result.sites
    here = sites[
        (sites["status"] == "open")
        & (sites["kommunkod"] == settings.area.kommun)
        & sites["service"].isin(set(result.access["service"]))
    ]
    found: dict[str, set[str]] = {}
    for site in here["site_id"]:
        reached = roads.metres_from(("site", site), settings.orter.village_km * 1000)
        cells = {point[1]: metres for point, metres in reached.items() if point[0] == "cell"}
        found.setdefault(ort_of_cell[min(cells, key=cells.__getitem__)], set()).add(site)
    centre = result.orter.loc[result.orter["role"] == "centralort", "ort_id"].item()
    del found[centre]
    return found


def loss_by_hand(before, after, settings, weights, closed: set[str]) -> dict[str, float]:
    """Return what the closing costs, from the distances of two whole analyses."""
    people = before.cells["people"]
    row = {"added_person_km": 0.0}
    served, without, past = (pd.Series(False, index=people.index) for _ in range(3))
    for service, weight in weights.items():
        old, new = (distances(r, before.cells, service) for r in (before, after))
        near = settings.policy.services[service].near_km
        added = ((new["km"] - old["km"]).clip(lower=0).fillna(0) * people).sum()
        row[f"added_person_km_{service}"] = added
        row["added_person_km"] += weight * added
        served |= old["site"].isin(closed)
        without |= old["km"].notna() & new["km"].isna()
        past |= (old["km"] <= near) & ~(new["km"] <= near)
    return row | {
        "people_served": people[served].sum(),
        "people_without": people[without].sum(),
        "people_past_limit": people[past].sum(),
    }


def test_every_number_of_the_strategic_list(inputs, result, plain, weights, serviceorter):
    rows = {}
    for ort, closed in serviceorter.items():
        sites = inputs.sites.copy()
        sites.loc[sites["site_id"].isin(closed), "status"] = "closed"
        after = analyse(replace(inputs, sites=sites), plain)
        rows[ort] = loss_by_hand(result, after, plain, weights, closed)
    expected = pd.DataFrame.from_dict(rows, orient="index")
    assert len(expected) >= 4
    assert_same_numbers(result.strategic, expected, "serviceort_id")
    order = expected.sort_values(["people_without", "added_person_km"], ascending=False)
    assert result.strategic["serviceort_id"].tolist() == order.index.tolist()
    assert result.strategic["rank"].tolist() == list(range(1, len(order) + 1))


def test_the_strategic_list_does_not_hang_on_how_many_sites_are_kept(inputs, result, settings):
    # With two kept, both shops of Dikanäs are all that is known there: a new search must tell.
    policy = settings.policy.model_copy(update={"sites_per_cell": 2})
    fewer = analyse(inputs, settings.model_copy(update={"policy": policy}))
    pd.testing.assert_frame_equal(fewer.strategic, result.strategic, rtol=1e-9)


# --- What the products show -------------------------------------------------------------------


@pytest.fixture(scope="module")
def products(run_folder) -> Path:
    """Return the folder of one run."""
    return run_folder


SERVICE_HEADINGS = {
    "Gleshet {}": "sparsity_{}",
    "Sårbarhet {}": "vulnerability_{}",
    "Km till {}": "km_{}",
    "Minuter till {}": "minutes_{}",
    "Km till näst närmaste {}": "next_km_{}",
    "Minuter till näst närmaste {}": "next_minutes_{}",
    "Personkm till {}": "person_km_{}",
    "Tillkommande personkm {}": "added_person_km_{}",
    "Km för de sämst ställda, {}": "worst_km_{}",
    "Gini {}": "gini_{}",
    "På en enda väg till {}": "single_road_{}",
    "Km utan omväg till {}": "single_road_km_{}",
    "Ställen per 1 000 personer, {}": "catchment_{}",
}


def columns_by_heading(settings, weights) -> dict[str, str]:
    """Return the column of the result behind each heading of numbers."""
    columns = {
        "Plats": "rank",
        "Personer": "people",
        "Rutor": "cells",
        "Orter": "orter",
        "Poäng": "total",
        "Gleshet": "sparsity",
        "Sårbarhet": "vulnerability",
        "Utan väganslutning": "people_no_road",
        "Platser": "places",
        "Betjänar": "people_served",
        "Blir helt utan": "people_without",
        "Passerar gränsen": "people_past_limit",
        "Tillkommande personkilometer": "added_person_km",
        "65 år och äldre": "people_65plus",
        "80 år och äldre": "people_80plus",
        "På en enda väg": "people_single_road",
        "På en enda plats": "people_single_place",
        "Inköpsresor": "trip_km",
        "Koldioxid": "co2_tonnes",
        "Resekostnad": "trip_cost_sek",
        "Bästa plats": "rank_low",
        "Sämsta plats": "rank_high",
        "Andel bland de främsta": "top_share",
        "Plats utan obekräftade": "rank_without_unconfirmed",
        "Plats med obekräftade": "rank_with_unconfirmed",
    }
    for service in weights:
        columns |= {k.format(service): v.format(service) for k, v in SERVICE_HEADINGS.items()}
        for limit in settings.policy.limits_km:
            columns[f"Över {limit:g} km till {service}"] = f"beyond_{limit:g}_{service}"
    return columns


# What stands for a number that would tell of few people; and how far off those are that are told of
# the people of several orter, who are evened out first.
HIDDEN = {"färre än 10", "visas inte"}
ABOUT = 9


@pytest.mark.parametrize(
    ("sheet", "table", "name"),
    [
        ("Glesa orter", "orter", "Ort"),
        ("Glesa bygder", "bygder", "Bygd"),
        ("Strategiska serviceorter", "strategic", "Serviceort"),
    ],
)
def test_every_number_of_the_workbook(products, result, settings, weights, sheet, table, name):
    shown = openpyxl.load_workbook(products / "tabeller.xlsx")[sheet]
    headings = [cell.value.split(" (")[0] for cell in shown[1]]
    columns = columns_by_heading(settings, weights)
    expected = getattr(result, table)
    rows = [dict(zip(headings, row, strict=True)) for row in shown.iter_rows(min_row=2)]
    assert [row[name].value for row in rows] == expected["name"].tolist()
    compared = set()
    for row, (_, wanted) in zip(rows, expected.iterrows(), strict=True):
        for heading, cell in row.items():
            if cell.data_type == "n" and cell.value is not None:
                column = columns[heading]
                off = ABOUT if table == "strategic" and column.startswith("people_") else 0
                assert cell.value == pytest.approx(wanted[column], rel=1e-12, abs=off)
                compared.add(column)
            elif heading in columns:
                assert cell.value in HIDDEN or pd.isna(wanted[columns[heading]])
    # The demonstration's grid has no ages: their columns are empty.
    numeric = set(expected.dropna(axis="columns", how="all").select_dtypes("number").columns)
    assert numeric == compared or (table == "bygder" and compared < numeric)


@pytest.mark.parametrize(
    ("layer", "table", "key"),
    [
        ("orter", "orter", "ort_id"),
        ("bygder", "bygder", "bygd_id"),
        ("rutor", "cells", "cell_id"),
        ("serviceplatser", "sites", "site_id"),
        ("vagar", "roads", None),
        ("kommun", "boundary", "kommunkod"),
        ("avstandsprov", "legal", "site_id"),
    ],
)
def test_every_value_of_the_layers(products, result, layer, table, key):
    written = gpd.read_file(products / "glesservice.gpkg", layer=layer)
    expected = getattr(result, table).reset_index(drop=True)
    if key is not None:
        written = written.set_index(key).loc[expected[key]].reset_index()
    assert written.crs == expected.crs == "EPSG:3006"
    columns = [column for column in written.columns if column not in ("geometry", "hidden")]
    assert set(columns) <= set(expected.columns)
    # What is not told is missing, and named: so many numbers and no more.
    gone = written[columns].isna() & expected[columns].notna()
    named = written["hidden"].dropna() if "hidden" in written else pd.Series(dtype=str)
    assert gone.to_numpy().sum() == sum(len(text.split("; ")) for text in named)
    expected[columns] = expected[columns].mask(gone)
    pd.testing.assert_frame_equal(
        pd.DataFrame(written[columns]).astype(object).where(written[columns].notna(), None),
        pd.DataFrame(expected[columns].reset_index(drop=True))
        .astype(object)
        .where(expected[columns].reset_index(drop=True).notna(), None),
    )
    moved = written.geometry.hausdorff_distance(expected.geometry.reset_index(drop=True))
    assert moved.max() < HAIR_M


def shown_rows(page: str, listing: str, part: str) -> list[list[str]]:
    """Return the texts of one part (head, body, foot) of one of the page's ranked tables."""
    table = re.search(rf'<table data-lista="{listing}">.*?</table>', page, re.DOTALL).group()
    body = re.search(rf"<t{part}>.*?</t{part}>", table, re.DOTALL).group()
    rows = []
    for row in re.split(r"<tr\b[^>]*>", body)[1:]:  # the end tags of rows and cells may be left out
        cells = re.split(r"<t[hd]\b[^>]*>", row)[1:]
        bare = [re.sub(r'<span class="not">.*?</span>|<[^>]*>', "", cell) for cell in cells]
        rows.append([html.unescape(text).strip() for text in bare])
    return rows


def swedish(value: float, decimals: int) -> str:
    """Write a number as the page does; a missing one is a dash."""
    if np.isnan(value):
        return "–"
    return f"{value:,.{decimals}f}".translate({ord(","): "\u00a0", ord("."): ","})


@pytest.mark.parametrize(
    ("listing", "table", "name"),
    [
        ("ort", "orter", "Ort"),
        ("bygd", "bygder", "Bygd"),
        ("serviceort", "strategic", "Serviceort"),
    ],
)
def test_every_number_of_the_pages_tables(
    products, result, settings, weights, listing, table, name
):
    page = (products / "karta.html").read_text(encoding="utf-8")
    columns = columns_by_heading(settings, weights)
    expected, floor = getattr(result, table), settings.publication.min_people
    headings = shown_rows(page, listing, "head")[0]
    rows = [dict(zip(headings, row, strict=True)) for row in shown_rows(page, listing, "body")]
    assert [row[name] for row in rows] == expected["name"].tolist()
    for row, (_, wanted) in zip(rows, expected.iterrows(), strict=True):
        for heading, text in row.items():
            column = columns.get(heading)
            if column is None:
                continue
            value = float(wanted[column])
            whole = column in {"rank", "people", "orter"}
            whole |= column.startswith(("people_", "rank_", "added_person_km"))
            few = column.startswith("people_") and 0 < value < floor
            if table == "strategic" and column.startswith("people_") and not few:
                assert abs(float(text.replace("\u00a0", "")) - value) <= ABOUT
                continue
            assert text == (f"färre än {floor}" if few else swedish(value, 0 if whole else 1))
    assert {"Plats", "Poäng", "Personer"} <= set(headings) or listing == "serviceort"


def test_the_foot_of_the_page_adds_up_the_people(products, result):
    page = (products / "karta.html").read_text(encoding="utf-8")
    foot = {row[1]: row[2] for row in shown_rows(page, "ort", "foot")}
    rest = result.cells.loc[result.cells["ort_id"].isna(), "people"].sum()
    assert foot["Spridd bebyggelse"] == swedish(rest, 0)
    assert foot["Hela kommunen"] == swedish(result.cells["people"].sum(), 0)

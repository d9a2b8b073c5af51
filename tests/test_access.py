"""Who has which sites how far, and what is left when sites close."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from glesservice.access import COLUMNS, nearest_sites, without
from glesservice.analysis import Result, build_network
from glesservice.config import Settings
from glesservice.network import RoadNetwork, at_nodes, snap
from glesservice.sources import Inputs

CRS = "EPSG:3006"
PAIR = ["cell_id", "service"]
SiteSearch = Callable[..., pd.DataFrame]


# One straight road of 20 km, driven at 36 km/h; houses and shops stand on it at these kilometres.

HOUSES = {"west": 1, "east": 19, "woods": None}
SHOPS = {
    "ica": ("dagligvaror", 2),
    "coop": ("dagligvaror", 8),
    "tempo": ("dagligvaror", 18),
    "okq8": ("drivmedel", 2),
    "st1": ("drivmedel", 15),
    "fjall": ("drivmedel", None),  # out in the roadless land, as the house in the woods
}
SERVICES = ["dagligvaror", "drivmedel", "apotek"]


@pytest.fixture(scope="module")
def road() -> RoadNetwork:
    return RoadNetwork.from_edges(
        gpd.GeoDataFrame(
            {
                "u": [1],
                "v": [2],
                "length_m": [20_000.0],
                "seconds_forward": [2000.0],
                "seconds_backward": [2000.0],
            },
            geometry=[shapely.LineString([(500_000, 7e6), (520_000, 7e6)])],
            crs=CRS,
        )
    )


def along(kilometres: Collection[float | None]) -> gpd.GeoSeries:
    return gpd.GeoSeries(
        [
            shapely.Point(500_000, 7.1e6) if km is None else shapely.Point(500_000 + km * 1000, 7e6)
            for km in kilometres
        ],
        crs=CRS,
    )


def access_on(road: RoadNetwork, k: int, closed: Collection[str] = ()) -> pd.DataFrame:
    open_shops = {name: shop for name, shop in SHOPS.items() if name not in closed}
    sites = pd.DataFrame(
        {"site_id": list(open_shops), "service": [service for service, _ in open_shops.values()]}
    )
    return nearest_sites(
        road,
        pd.DataFrame({"cell_id": list(HOUSES)}),
        snap(road, along(HOUSES.values()), 2000.0),
        sites,
        snap(road, along([km for _, km in open_shops.values()]), 2000.0),
        SERVICES,
        k,
        30.0,
    )


def test_each_house_has_its_sites_in_order(road: RoadNetwork) -> None:
    access = access_on(road, 2)
    assert list(access.columns) == COLUMNS
    rows = {
        (row.cell_id, row.service, row.order): (row.site_id, row.seconds, row.metres)
        for row in access.round(6).itertuples()
    }
    assert rows == {
        ("west", "dagligvaror", 1): ("ica", 100, 1000),
        ("west", "dagligvaror", 2): ("coop", 700, 7000),
        ("west", "drivmedel", 1): ("okq8", 100, 1000),
        ("west", "drivmedel", 2): ("st1", 1400, 14_000),
        ("east", "dagligvaror", 1): ("tempo", 100, 1000),
        ("east", "dagligvaror", 2): ("coop", 1100, 11_000),
        ("east", "drivmedel", 1): ("st1", 400, 4000),
        ("east", "drivmedel", 2): ("okq8", 1700, 17_000),
    }


def test_a_house_without_road_and_a_service_without_site_have_no_row(road: RoadNetwork) -> None:
    access = access_on(road, 3)
    assert set(access["cell_id"]) == {"west", "east"}
    assert set(access["service"]) == {"dagligvaror", "drivmedel"}
    assert "fjall" not in set(access["site_id"])
    assert access.groupby(PAIR).size().to_dict() == {
        ("east", "dagligvaror"): 3,
        ("east", "drivmedel"): 2,
        ("west", "dagligvaror"): 3,
        ("west", "drivmedel"): 2,
    }


def test_no_service_at_all_gives_an_empty_table(road: RoadNetwork) -> None:
    houses = pd.DataFrame({"cell_id": ["west"]})
    shops = pd.DataFrame({"site_id": ["ica"], "service": ["dagligvaror"]})
    at = snap(road, along([1]), 2000.0)
    access = nearest_sites(road, houses, at, shops, at, [], 3, 30.0)
    assert list(access.columns) == COLUMNS
    assert access.empty


def left_of(access: pd.DataFrame, closed: Collection[str], k: int) -> dict[tuple[str, str], object]:
    """Name the site that each house is left with, or say that it is not certain."""
    rows = without(access, closed, k)
    assert list(rows.columns) == [*COLUMNS, "certain"]
    assert (rows["order"] == 1).all()
    assert not rows.duplicated(PAIR).any()
    unknown = rows[~rows["certain"].astype(bool)]
    assert unknown[["site_id", "seconds", "metres"]].isna().all(axis=None)
    return {
        (row.cell_id, row.service): row.site_id if row.certain else "not certain"
        for row in rows.itertuples()
    }


def test_when_a_site_closes_the_next_one_is_left(road: RoadNetwork) -> None:
    assert left_of(access_on(road, 2), ["ica", "st1"], 2) == {
        ("west", "dagligvaror"): "coop",
        ("west", "drivmedel"): "okq8",
        ("east", "dagligvaror"): "tempo",
        ("east", "drivmedel"): "okq8",
    }


def test_when_all_sites_found_close_the_answer_is_not_certain(road: RoadNetwork) -> None:
    """West knows of Ica and Coop only, though there is a third shop: it has to ask again."""
    assert left_of(access_on(road, 2), ["ica", "coop"], 2) == {
        ("west", "dagligvaror"): "not certain",
        ("west", "drivmedel"): "okq8",
        ("east", "dagligvaror"): "tempo",
        ("east", "drivmedel"): "st1",
    }
    assert set(left_of(access_on(road, 1), ["ica", "tempo", "okq8", "st1"], 1).values()) == {
        "not certain"
    }


def test_when_all_sites_there_are_close_nothing_is_left_for_certain(road: RoadNetwork) -> None:
    """There are two fuel stations on the road, and three were looked for."""
    assert left_of(access_on(road, 3), ["okq8", "st1"], 3) == {
        ("west", "dagligvaror"): "ica",
        ("east", "dagligvaror"): "tempo",
    }


def test_when_nothing_closes_the_nearest_is_left(road: RoadNetwork) -> None:
    access = access_on(road, 2)
    first = access[access["order"] == 1].set_index(PAIR)["site_id"].to_dict()
    assert left_of(access, [], 2) == first
    assert left_of(access, ["no such site"], 2) == first


def test_where_nobody_reaches_anything_nothing_is_left(road: RoadNetwork) -> None:
    access = access_on(road, 2, closed=list(SHOPS))
    assert access.empty
    assert left_of(access, ["ica"], 2) == {}


def test_closing_leaves_the_table_as_it_was(road: RoadNetwork) -> None:
    access = access_on(road, 2)
    before = access.copy()
    without(access, ["ica", "coop"], 2)
    pd.testing.assert_frame_equal(access, before)


# A house with a slow short road to one shop, 10 km at 30 km/h, and a fast long one to another,
# 20 km at 100 km/h: 20 minutes and 12.


@pytest.mark.parametrize(
    ("by", "before", "after"),
    [
        ("metres", ("near", 10_000, 1200), ("near", 10_000, 1200)),
        # What a new shop on the fast road does to the kilometres of the fastest way.
        ("seconds", ("near", 10_000, 1200), ("fast", 20_000, 720)),
    ],
)
def test_a_new_shop_on_a_fast_road_makes_nobodys_shortest_way_longer(
    by: Literal["metres", "seconds"],
    before: tuple[str, float, float],
    after: tuple[str, float, float],
) -> None:
    roads = RoadNetwork.from_arrays(
        np.array([0, 0]),
        np.array([1, 2]),
        np.array([10_000.0, 20_000.0]),
        *[np.array([1200.0, 720.0])] * 2,
        np.array([0.0, 10_000.0, -20_000.0]),
        np.zeros(3),
    )
    house = pd.DataFrame({"cell_id": ["house"]})
    shops = pd.DataFrame({"site_id": ["near", "fast"], "service": "dagligvaror"})
    at = [at_nodes(roads, np.array(nodes)) for nodes in ([0], [1, 2])]
    for count, expected in ((1, before), (2, after)):
        found = nearest_sites(
            roads,
            house,
            at[0],
            shops[:count],
            at[1].take(np.arange(count)),
            ["dagligvaror"],
            1,
            30.0,
            by,
        )
        row = found.iloc[0]
        assert (row["site_id"], row["metres"], row["seconds"]) == expected


# The embedded data: what the labels say is what a new search finds.


@pytest.fixture(scope="module")
def searched(result: Result, inputs: Inputs, settings: Settings) -> SiteSearch:
    """Return a search among the sites that stay open, as the analysis makes it."""
    network = build_network(inputs, settings)
    reach = settings.network.access_max_m
    cells_at = snap(network, result.cells.geometry.centroid, reach)
    sites_at = snap(network, result.sites.geometry, reach)

    def search(
        closed: Collection[str], k: int, by: Literal["metres", "seconds"] = "metres"
    ) -> pd.DataFrame:
        stay = result.sites["counted"] & ~result.sites["site_id"].isin(list(closed))
        chosen = np.flatnonzero(stay)
        return nearest_sites(
            network,
            result.cells,
            cells_at,
            result.sites.iloc[chosen],
            sites_at.take(chosen),
            list(result.weights.index),
            k,
            settings.network.access_kmh,
            by,
        )

    return search


def agrees(labels: pd.DataFrame, found: pd.DataFrame) -> int:
    """Check all that is said for certain against a new search; count what is not certain."""
    again = found[found["order"] == 1].set_index(PAIR)[["site_id", "seconds", "metres"]]
    said = labels.set_index(PAIR)
    certain = said["certain"].astype(bool)
    pd.testing.assert_frame_equal(
        said.loc[certain, ["site_id", "seconds", "metres"]].sort_index(),
        again.drop(index=said.index[~certain], errors="ignore").sort_index(),
        check_dtype=False,
        check_index_type=False,
        rtol=0,
        atol=1e-9,
    )
    return int((~certain).sum())


def test_the_analysis_holds_what_the_search_finds(
    searched: SiteSearch, result: Result, settings: Settings
) -> None:
    k = settings.policy.sites_per_cell
    pd.testing.assert_frame_equal(result.access, searched([], k))
    pd.testing.assert_frame_equal(result.drive, searched([], k, "seconds"))


def test_closing_any_one_site_by_labels_equals_a_new_search(
    searched: SiteSearch, result: Result, settings: Settings
) -> None:
    k = settings.policy.sites_per_cell
    for site in result.sites.loc[result.sites["counted"], "site_id"]:
        assert agrees(without(result.access, [site], k), searched([site], 1)) == 0


def test_closing_any_place_by_labels_is_right_or_not_certain(
    searched: SiteSearch, result: Result, settings: Settings
) -> None:
    k = settings.policy.sites_per_cell
    counted = result.sites[result.sites["counted"]]
    for _, place in counted.groupby("place_id"):
        closed = list(place["site_id"])
        agrees(without(result.access, closed, k), searched(closed, 1))


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_closing_many_sites_by_labels_is_right_or_not_certain(
    searched: SiteSearch, result: Result, k: int
) -> None:
    rng = np.random.default_rng(k)
    counted = result.sites.loc[result.sites["counted"], "site_id"].to_numpy()
    access = searched([], k)
    uncertain = 0
    for share in (0.1, 0.3, 0.6, 0.9):
        closed = list(rng.choice(counted, int(share * len(counted)), replace=False))
        uncertain += agrees(without(access, closed, k), searched(closed, 1))
    assert uncertain > 0  # the case was met


def test_closing_every_site_of_a_service_is_never_silently_wrong(
    searched: SiteSearch, result: Result, settings: Settings
) -> None:
    k = settings.policy.sites_per_cell
    for service in result.weights.index:
        closed = list(result.sites.loc[result.sites["service"] == service, "site_id"])
        labels = without(result.access, closed, k)
        agrees(labels, searched(closed, 1))
        gone = labels[labels["service"] == service]
        assert not gone["certain"].astype(bool).any()
        assert gone["site_id"].isna().all()

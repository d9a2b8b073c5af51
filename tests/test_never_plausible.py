"""Inputs that would give a plausible wrong number are refused, each with what, where and how."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from glesservice.analysis import analyse
from glesservice.config import Population, Roads
from glesservice.errors import GlesserviceError, InputError
from glesservice.sources.population import read_population
from glesservice.sources.roads import read_roads


def refused(inputs, settings, **changes: object) -> str:
    with pytest.raises(GlesserviceError) as caught:
        analyse(replace(inputs, **changes), settings)
    return str(caught.value)


def test_a_shop_of_the_municipality_that_lies_far_away_is_a_slip(inputs, settings):
    sites = inputs.sites.copy()
    shop = sites["name"].eq("Coop Vilhelmina")
    sites.loc[shop, "geometry"] = shapely.Point(560_000, 6_300_000)  # lat 57 instead of 64
    said = refused(inputs, settings, sites=sites)
    assert "Coop Vilhelmina" in said
    assert "Correct lat and lon" in said


def test_a_service_that_is_nearly_one_that_counts_is_a_slip(inputs, settings):
    sites = inputs.sites.assign(
        service=inputs.sites["service"].replace("dagligvaror", "dagligvara")
    )
    assert "Write dagligvaror" in refused(inputs, settings, sites=sites)


def test_sites_that_nobody_can_reach_are_no_result(inputs, settings):
    lake = gpd.GeoSeries([shapely.Point(500_000, 7_235_000)] * len(inputs.sites), crs=3006)
    sites = inputs.sites.set_geometry(lake)
    assert "near a road" in refused(inputs, settings, sites=sites)


def test_only_unconfirmed_sites_are_told_as_such(inputs, settings):
    sites = inputs.sites.assign(status="unconfirmed")
    assert "no site is open" in refused(inputs, settings, sites=sites)


def test_a_centralort_that_does_not_exist_is_refused_with_names(inputs, settings):
    orter = settings.orter.model_copy(update={"centralort": "Vilhelmima"})
    with pytest.raises(GlesserviceError, match="Vilhelmina"):
        analyse(inputs, settings.model_copy(update={"orter": orter}))


@pytest.mark.parametrize("factor", [0.001, 0.0, 0.5, -1.0, 1e6])
def test_roads_whose_length_cannot_be_metres_are_refused(settings, tmp_path, factor):
    import networkx as nx

    graph = nx.read_graphml(settings.roads[0].path)
    for _, _, data in graph.edges(data=True):
        data["length"] = str(float(data["length"]) * factor)
    nx.write_graphml(graph, tmp_path / "roads.graphml")
    with pytest.raises(InputError, match="length that cannot be theirs"):
        read_roads([Roads(path=tmp_path / "roads.graphml")])


def grid(tmp_path, frame: gpd.GeoDataFrame) -> Population:
    frame.to_file(tmp_path / "grid.gpkg", layer="rutor")
    return Population(path=tmp_path / "grid.gpkg", value="people", id="cell_id")


def test_cells_on_top_of_each_other_count_twice_and_are_refused(inputs, tmp_path):
    again = inputs.cells.assign(cell_id="x" + inputs.cells["cell_id"])
    both = gpd.GeoDataFrame(pd.concat([inputs.cells, again]), crs=inputs.cells.crs)
    with pytest.raises(InputError, match="on top of others"):
        read_population(grid(tmp_path, both))


def test_more_people_than_a_cell_can_hold_are_refused(inputs, tmp_path):
    crowded = inputs.cells.assign(people=1e12)
    with pytest.raises(InputError, match="more than 100000 people"):
        read_population(grid(tmp_path, crowded))


def test_a_raster_that_claims_to_be_endless_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "endless.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=100_000,
        height=100_000,
        count=1,
        dtype="uint8",
        crs="EPSG:3006",
        transform=Affine(1, 0, 400_000, 0, -1, 7_300_000),
        sparse_ok=True,
        tiled=True,
        BIGTIFF="YES",
    ):
        pass
    with pytest.raises(InputError, match="more than 50000000"):
        read_population(Population(path=path))


def test_pixels_that_are_no_number_hold_nobody(tmp_path):
    path = tmp_path / "nan.tif"
    people = np.array([[3.0, np.nan], [np.nan, 4.0]], dtype="float32")
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=2,
        height=2,
        count=1,
        dtype="float32",
        crs="EPSG:3006",
        transform=Affine(1000, 0, 560_000, 0, -1000, 7_170_000),
    ) as raster:
        raster.write(people, 1)
    assert read_population(Population(path=path))["people"].sum() == 7


def test_coordinates_that_are_no_numbers_are_refused(tmp_path, inputs):
    from glesservice.tables import SITES, check

    sites = inputs.sites.copy()
    sites.loc[2, "geometry"] = shapely.Point(float("inf"), 7e6)
    with pytest.raises(InputError, match="no number in 1 row"):
        check(sites, SITES, "sites.csv")


def test_a_name_keeps_nothing_that_nobody_sees():
    from glesservice.tables import as_text

    names = pd.Series(["Coop\nDikanäs", "\u202eabc\u202c", "Åäö é", "\x07"])
    assert as_text(names).tolist() == ["Coop Dikanäs", "abc", "Åäö é", None]


def test_a_decimal_comma_in_a_file_of_commas_does_not_move_a_shop(tmp_path):
    from glesservice.sources.spreadsheets import read_table

    path = tmp_path / "sites.csv"
    path.write_text("name,service,lat,lon\nAffären,dagligvaror,64,6,16,6\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2 has more fields"):
        read_table(path, "service sites")

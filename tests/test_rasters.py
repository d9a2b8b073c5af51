"""Travel times from everywhere along the roads: what the search says, where SCB's squares lie."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling

from glesservice.analysis import build_network
from glesservice.exports.manifest import settings_fingerprint
from glesservice.exports.rasters import NODATA, grid_of, middle, write_rasters
from glesservice.network import nearest, snap


@pytest.fixture(scope="module")
def network(inputs, settings):
    return build_network(inputs, settings)


def with_side(result, side_m: float):
    from dataclasses import replace

    exports = result.settings.exports.model_copy(update={"raster_m": side_m})
    return replace(result, settings=result.settings.model_copy(update={"exports": exports}))


@pytest.fixture(scope="module")
def folder(result, network, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rasters")
    write_rasters(with_side(result, 1000.0), network, folder)
    return folder


def test_every_service_that_counts_has_its_surface(result, folder):
    assert {item.name for item in folder.iterdir()} == {
        f"restid_{service}.tif" for service in result.weights.index
    }


@pytest.mark.parametrize("service", ["dagligvaror", "kontanter"])
def test_where_people_live_the_surface_says_what_the_tables_say(result, folder, service):
    """On a grid of 1 km each populated cell is a pixel, and its middle the cell's."""
    cells = result.cells
    points = [(point.x, point.y) for point in cells.centroid]
    with rasterio.open(folder / f"restid_{service}.tif") as raster:
        sampled = np.array(list(raster.sample(points)))
    for band, column in ((0, f"minutes_{service}"), (1, f"km_{service}")):
        expected = cells[column].to_numpy()
        known = ~np.isnan(expected)
        np.testing.assert_allclose(sampled[known, band], expected[known], rtol=1e-6)
        assert (sampled[~known, band] == NODATA).all()


def test_any_place_has_the_way_that_the_search_finds(result, network, settings, folder):
    rng = np.random.default_rng(3)
    with rasterio.open(folder / "restid_drivmedel.tif") as raster:
        minutes, km = raster.read()
        rows, columns = np.nonzero(minutes != NODATA)
        chosen = rng.choice(len(rows), 200, replace=False)
        east, north = rasterio.transform.xy(raster.transform, rows[chosen], columns[chosen])
    places = gpd.GeoSeries(gpd.points_from_xy(east, north), crs="EPSG:3006")
    at = snap(network, places, settings.network.access_max_m)
    sites = result.sites[result.sites["counted"] & (result.sites["service"] == "drivmedel")]
    sites_at = snap(network, sites.geometry, settings.network.access_max_m)
    soon = nearest(network, at, sites_at, by="seconds").seconds[:, 0] / 60
    near = nearest(network, at, sites_at, by="metres").metres[:, 0] / 1000
    np.testing.assert_allclose(minutes[rows[chosen], columns[chosen]], soon, rtol=1e-6)
    np.testing.assert_allclose(km[rows[chosen], columns[chosen]], near, rtol=1e-6)


def test_nothing_is_told_far_from_roads_or_outside_the_municipality(result, network, folder):
    with rasterio.open(folder / "restid_dagligvaror.tif") as raster:
        minutes = raster.read(1)
        rows, columns = np.indices(minutes.shape)
        east, north = middle(raster.transform, rows, columns)
    middles = gpd.GeoSeries(gpd.points_from_xy(east.ravel(), north.ravel()), crs="EPSG:3006")
    told = minutes.ravel() != NODATA
    assert middles[told].within(result.boundary.geometry.iloc[0]).all()
    roads = result.roads.loc[result.roads["connected"]].union_all()
    distance = middles.distance(roads).to_numpy()
    limit = result.settings.network.access_max_m
    assert (distance[told] <= limit).all()
    inside = middles.within(result.boundary.geometry.iloc[0]).to_numpy()
    assert told[inside & (distance < limit)].all()


@pytest.mark.parametrize("side_m", [250.0, 500.0, 1000.0])
def test_the_squares_lie_within_scbs(result, side_m):
    grid = grid_of(result.boundary, side_m)
    west, north = grid.transform.c, grid.transform.f
    assert west % side_m == north % side_m == 0
    left, top = result.cells.bounds["minx"], result.cells.bounds["maxy"]
    assert ((left - west) % side_m == 0).all()
    assert ((north - top) % side_m == 0).all()


def test_the_file_tells_system_units_source_and_is_cloud_optimised(settings, folder):
    with rasterio.open(folder / "restid_apotek.tif") as raster:
        assert raster.crs == "EPSG:3006"
        assert raster.dtypes == ("float32", "float32")
        assert raster.nodata == NODATA
        assert raster.units == ("min", "km")
        assert raster.descriptions == ("Restid", "Väglängd")
        tags = raster.tags()
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.block_shapes == [(256, 256)] * 2
    assert "minuter" in tags["TIFFTAG_IMAGEDESCRIPTION"]
    assert settings.services[0].source in tags["SOURCE"]
    assert tags["SETTINGS_SHA256"] != ""
    assert len(settings_fingerprint(settings)) == len(tags["SETTINGS_SHA256"])


def test_a_fine_grid_has_overviews_that_leave_out_what_is_not_known(result, network, tmp_path):
    write_rasters(with_side(result, 250.0), network, tmp_path)
    with rasterio.open(tmp_path / "restid_dagligvaror.tif") as raster:
        assert raster.overviews(1)
        small = raster.read(1, out_shape=(60, 80), resampling=Resampling.nearest)
        minutes = raster.read(1)
    assert small[small != NODATA].min() >= 0
    assert small.max() <= minutes.max()


def test_two_writings_give_the_same_bytes(result, network, folder, tmp_path):
    write_rasters(with_side(result, 1000.0), network, tmp_path)
    for item in folder.iterdir():
        assert (tmp_path / item.name).read_bytes() == item.read_bytes()

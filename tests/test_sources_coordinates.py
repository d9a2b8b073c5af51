"""Any coordinate system is read; a missing or wrong one is refused with what it looks like."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from glesservice.config import Population, Roads, Services
from glesservice.errors import InputError
from glesservice.sources import read_population, read_roads, read_services
from glesservice.sources.coordinates import LOOKS, looks_like, to_sweref

# Corners of Sweden, and Vilhelmina: degrees east and north.
PLACES = [
    (13.37, 55.34),
    (11.0, 58.9),
    (20.55, 69.06),
    (24.15, 65.83),
    (19.2, 57.9),
    (16.66, 64.62),
]


def at(crs: str, places: list[tuple[float, float]] = PLACES) -> gpd.GeoDataFrame:
    """Place points in another system."""
    frame = gpd.GeoDataFrame(
        {"name": [f"Butik {n}" for n in range(len(places))], "service": "dagligvaror"},
        geometry=gpd.points_from_xy(*zip(*places, strict=True)),
        crs=4326,
    )
    return frame.to_crs(crs)


@pytest.mark.parametrize("number", [3006, 4326, 4619, 3021, 3857, 25833, 32633, 3035, 25832, 3014])
def test_any_stated_system_is_the_same_place(tmp_path: Path, number: int) -> None:
    at(f"EPSG:{number}").to_file(tmp_path / "s.gpkg")
    sites = read_services(Services(path=tmp_path / "s.gpkg")).set_index("name")
    expected = at("EPSG:3006").set_index("name")
    assert sites.distance(expected.geometry).max() < 1.0


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("exchanged", [False, True])
def test_a_missing_system_is_named_by_its_coordinates(
    tmp_path: Path, look: object, exchanged: bool
) -> None:
    crs = str(look.crs).split(" ")[0]
    # A local zone is for the places around its meridian (12 degrees for EPSG:3007).
    places = [(12.1, 57.7), (11.9, 58.2)] if "local" in look.name else PLACES
    frame = at(crs, places)
    if exchanged:
        frame = frame.set_geometry(
            shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
        )
    bare = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.to_numpy())
    with pytest.raises(InputError) as refused:
        to_sweref(bare, "file")
    told = str(refused.value)
    assert "the coordinate system is not stated" in told
    assert f"look like {look.name} ({look.crs})" in told
    assert ("with the axes exchanged" in told) == exchanged


@pytest.mark.parametrize(
    ("stated", "real"),
    [
        ("EPSG:4326", "EPSG:3006"),  # a GeoJSON in metres
        ("EPSG:3006", "EPSG:4326"),
        ("EPSG:3006", "EPSG:3021"),
        ("EPSG:3006", "EPSG:3857"),
        ("EPSG:3021", "EPSG:3006"),
        ("EPSG:3857", "EPSG:3006"),
    ],
)
def test_a_wrongly_stated_system_is_refused_by_the_likely_one(
    tmp_path: Path, stated: str, real: str
) -> None:
    at(real).set_crs(stated, allow_override=True).to_file(tmp_path / "s.gpkg")
    with pytest.raises(InputError) as refused:
        read_services(Services(path=tmp_path / "s.gpkg"))
    assert f"({real})" in str(refused.value)
    assert f"read as {stated}" in str(refused.value)


def exchanged(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))


@pytest.mark.parametrize("crs", ["EPSG:3006", "EPSG:4326"])
def test_exchanged_axes_are_recognised_in_every_kind_of_layer(tmp_path: Path, crs: str) -> None:
    points = exchanged(at(crs))
    points.to_file(tmp_path / "s.gpkg")
    cells = at("EPSG:3006").assign(rutid_scb=lambda f: f["name"], beftotalt=3)
    cells = exchanged(cells.set_geometry(cells.buffer(500)).to_crs(crs))
    cells.to_file(tmp_path / "g.gpkg")
    line = gpd.GeoSeries([shapely.LineString(PLACES)], crs=4326).to_crs(crs)
    exchanged(gpd.GeoDataFrame({"klass": ["a"]}, geometry=line)).to_file(tmp_path / "r.gpkg")
    for read in (
        lambda: read_services(Services(path=tmp_path / "s.gpkg")),
        lambda: read_population(Population(path=tmp_path / "g.gpkg")),
        lambda: read_roads(
            [Roads(path=tmp_path / "r.gpkg", class_column="klass", classes={"a": "primary"})]
        ),
    ):
        with pytest.raises(InputError, match="with the axes exchanged"):
            read()


def test_one_shop_in_another_system_is_found_among_the_others(tmp_path: Path) -> None:
    frame = at("EPSG:3006")
    frame.loc[2, "geometry"] = shapely.Point(16.66, 64.62)
    frame.to_file(tmp_path / "s.gpkg")
    with pytest.raises(InputError, match=r"1 of 6 features .* feature 3 .*degrees, WGS 84"):
        read_services(Services(path=tmp_path / "s.gpkg"))


def test_a_system_may_be_stated_in_the_settings_but_not_against_the_file(tmp_path: Path) -> None:
    frame = at("EPSG:3021")
    path = tmp_path / "s.shp"
    bare = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=frame.geometry.to_numpy())
    with pytest.warns(UserWarning, match="'crs' was not provided"):
        bare.to_file(path)
    sites = read_services(Services(path=path, crs="EPSG:3021")).set_index("name")
    assert sites.distance(at("EPSG:3006").set_index("name").geometry).max() < 1.0
    at("EPSG:3006").to_file(tmp_path / "t.gpkg")
    with pytest.raises(InputError, match="the file states EPSG:3006 and the settings EPSG:3021"):
        read_services(Services(path=tmp_path / "t.gpkg", crs="EPSG:3021"))


def test_what_looks_like_nothing_is_called_nothing() -> None:
    assert looks_like(np.array([1e12]), np.array([5.0])) == ""

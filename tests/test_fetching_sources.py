"""What the services say, read whole or refused: SCB's layers, OpenStreetMap's elements."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import osmium
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from tests.public_services import (
    DATA,
    OSM_DATE,
    WFS_ERROR,
    Call,
    Services,
    collection,
    page,
    rules,
    running,
    sometimes,
    status,
)

from glesservice.errors import FetchError, SettingsError
from glesservice.fetching import scb, shops
from glesservice.fetching.area import around, degrees_of, quarters, squares, sweden
from glesservice.fetching.extracts import extract_addresses, from_extracts
from glesservice.fetching.osm_data import Feature, OsmData, is_road, write_pbf
from glesservice.fetching.overpass import from_overpass
from glesservice.fetching.parts import Parts
from glesservice.fetching.web import Web
from glesservice.fetching.wfs import Service, newest

COUNTRY = sweden()
COARSE = COUNTRY.municipality("2462")[1]
AROUND = around(COARSE, 60)
EMBEDDED = gpd.read_file(DATA / "befolkning.gpkg")
GET_GRID = "GetFeature stat:befolkning_1km_2024"


@pytest.fixture
def services() -> Iterator[Services]:
    with running() as server:
        yield server


def asking(services: Services, folder: Path, **changes: object) -> tuple[Web, Parts]:
    web = Web(rules(services, **changes))
    return web, Parts(folder / "work", {}, 1)


def grid(services: Services, folder: Path, year: int = 2026, **changes: object) -> scb.Grid:
    web, parts = asking(services, folder, **changes)
    service = Service(web, parts, web.rules.scb_wfs)
    return scb.population(service, web.rules, year, AROUND)


def border(services: Services, folder: Path, code: str = "2462") -> shapely.Geometry:
    web, parts = asking(services, folder)
    service = Service(web, parts, web.rules.scb_wfs)
    coarse = COUNTRY.municipality(code)[1]
    return scb.border(service, web.rules, 2026, code, coarse).frame.geometry.iloc[0]


def osm(services: Services, folder: Path, area: object = AROUND, **changes: object) -> OsmData:
    web, parts = asking(services, folder, **changes)
    return from_overpass(web, parts, area, lambda *_: None)


# --- SCB ---


def test_the_grid_is_the_newest_up_to_the_year_and_comes_page_by_page(services, tmp_path):
    found = grid(services, tmp_path)
    assert (found.vintage.year, found.value, found.id) == (2024, "beftotalt", "rutid_scb")
    assert len(found.vintage.frame) == len(EMBEDDED) == 540
    by_id = found.vintage.frame.set_index("rutid_scb")["beftotalt"]
    assert by_id.to_dict() == EMBEDDED.set_index("rutid_scb")["beftotalt"].to_dict()
    assert services.calls.count(GET_GRID) == 3
    assert grid(services, tmp_path / "2023", 2023).vintage.year == 2023
    assert grid(services, tmp_path / "2027", 2027).vintage.year == 2027


@pytest.mark.parametrize("year", [2014, 1990])
def test_a_year_before_all_grids_is_told_with_what_there_is(services, tmp_path, year):
    with pytest.raises(FetchError, match=r"up to .*stat:befolkning_1km_2023"):
        grid(services, tmp_path, year)


def test_names_of_layers_are_matched_whole():
    names = ["a:x_2020", "X_2021", "x_2022_old", "old_x_2023", "x_20245"]
    assert newest(names, "x_{year}", 2030) == ("X_2021", 2021)
    assert newest(names, "x_{year}", 2020) == ("a:x_2020", 2020)
    assert newest(names, "y_{year}", 2030) is None


def test_columns_are_found_by_their_names_and_ages_come_along(services, tmp_path):
    frame = services.layers["stat:befolkning_1km_2024"]
    ids = frame["rutid_scb"].astype("int64")
    services.layers["stat:befolkning_1km_2024"] = frame.assign(
        RUTA=ids, Bef=frame["beftotalt"], ald0_4=1
    )[["RUTA", "Bef", "ald0_4", "geometry"]]
    found = grid(services, tmp_path)
    assert (found.id, found.value) == ("RUTA", "Bef")
    assert "ald0_4" in found.vintage.frame.columns
    assert sorted(found.vintage.frame["RUTA"]) == sorted(EMBEDDED["rutid_scb"])


def test_a_grid_without_people_is_told_with_its_columns(services, tmp_path):
    frame = services.layers["stat:befolkning_1km_2024"]
    services.layers["stat:befolkning_1km_2024"] = frame.drop(columns=["beftotalt"])
    with pytest.raises(FetchError, match="rutid_inspire") as error:
        grid(services, tmp_path)
    assert "population_value" in error.value.faults[0].mend
    assert grid(services, tmp_path, population_value="kvinna").value == "kvinna"


def test_a_service_that_takes_north_before_east_gives_the_same_cells(services, tmp_path):
    usual = grid(services, tmp_path / "usual").vintage.frame
    services.north_first = True
    turned = grid(services, tmp_path / "turned").vintage.frame
    assert turned.geometry.geom_equals(usual.geometry).all()
    assert turned["rutid_scb"].equals(usual["rutid_scb"])


def test_a_service_that_gives_less_a_page_than_asked_is_asked_more_often(services, tmp_path):
    services.most_a_page = 150
    assert len(grid(services, tmp_path).vintage.frame) == 540
    assert services.calls.count(GET_GRID) == 4


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (status(200, WFS_ERROR), "the disk is on fire"),
        (page, "a web page came"),
        (status(200, '{"type": "FeatureCollection", "features": ['), "no whole JSON"),
        (status(200, '{"features": [], "numberReturned": 200}'), "0 of 200 features"),
        (status(200, '{"features": 7}'), "no list of features"),
        (status(200, "[" * 100_000), "no whole JSON"),
        (status(200, '{"features": [], "numberMatched": 541}'), "541 features, and said 540"),
        (status(200, '{"features": []}'), "did not come whole: 0 of 540"),
        (
            status(200, '{"features": [], "crs": {"properties": {"name": "EPSG:4326"}}}'),
            "coordinates came in EPSG:4326",
        ),
    ],
)
def test_a_page_that_is_not_whole_is_no_page(services, tmp_path, trouble, said):
    services.trouble = lambda call: call.what == GET_GRID and not trouble(call)
    with pytest.raises(FetchError, match=said):
        grid(services, tmp_path)


def test_a_page_that_failed_once_is_asked_again(services, tmp_path):
    wanted = grid(services, tmp_path / "a").vintage.frame
    # The first of these questions is how many there are, which is answered in XML.
    services.trouble = sometimes(GET_GRID, status(200, '{"features": ['), times=2)
    assert grid(services, tmp_path / "b").vintage.frame.equals(wanted)


def test_pages_that_repeat_features_are_refused(services, tmp_path):
    def _same(call: Call) -> None:
        frame = services.layers["stat:befolkning_1km_2024"].iloc[:180]
        call.give(collection(frame, "x", 540))

    services.trouble = lambda call: call.what == GET_GRID and not _same(call)
    with pytest.raises(FetchError, match="some of them twice"):
        grid(services, tmp_path)


def test_paging_has_an_end(services, tmp_path):
    services.most_a_page = 1
    with pytest.raises(FetchError, match="20 of 540"):
        grid(services, tmp_path, most_pages=20)
    assert services.calls.count(GET_GRID) == 20
    with pytest.raises(FetchError, match="540 features here, more than 500"):
        grid(services, tmp_path / "b", most_features=500)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (WFS_ERROR, "the disk is on fire"),
        ("<a><b></a>", "no XML"),
        ('<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]><x>&a;</x>', "no XML"),
        ("<x/>", "there is no layer"),
    ],
)
def test_capabilities_that_cannot_be_read_are_told(services, tmp_path, body, said):
    services.trouble = sometimes("GetCapabilities", status(200, body), times=-1)
    with pytest.raises(FetchError, match=said):
        grid(services, tmp_path)


def test_features_elsewhere_than_asked_are_refused(services, tmp_path):
    frame = services.layers["stat:befolkning_1km_2024"]
    moved = frame.set_geometry(frame.translate(1_000_000, 0))
    services.layers["stat:befolkning_1km_2024"] = moved
    services.trouble = lambda call: (
        call.what.startswith(GET_GRID)
        and not (
            call.give('<x numberMatched="540"/>')
            if call.what.endswith("hits")
            else call.give(collection(moved, "x", 540))
        )
    )
    with pytest.raises(FetchError, match="outside the box"):
        grid(services, tmp_path, page=540)


def test_the_border_is_put_together_of_its_parts(services, tmp_path):
    drawn = gpd.read_file(DATA / "kommun.gpkg").geometry.iloc[0]
    found = border(services, tmp_path)
    assert found.symmetric_difference(drawn).area < 1e-6 * drawn.area


def test_parts_that_do_not_make_the_municipality_are_refused(services, tmp_path):
    parts = services.layers["stat:DeSO_2025"]
    services.layers["stat:DeSO_2025"] = parts.iloc[1:].assign(
        geometry=parts.geometry.iloc[1:].scale(0.5, 0.5)
    )
    with pytest.raises(FetchError, match=r"1 areas of stat:DeSO_2025.*do not make"):
        border(services, tmp_path)


# --- OpenStreetMap ---


def test_roads_come_whole_however_the_squares_lie(services, tmp_path):
    whole = osm(services, tmp_path / "a", roads_tile_km=1000, features_tile_km=1000)
    tiled = osm(services, tmp_path / "b", roads_tile_km=60, features_tile_km=90)
    assert tiled == whole
    assert whole.date == OSM_DATE[:10]
    assert len(whole.ways) == len(services.roads)
    assert all(is_road(tags) for _, tags in whole.ways.values())


@pytest.mark.parametrize("words", ["Query timed out in", "Query run out of memory using about"])
def test_a_square_that_is_too_much_is_quartered(services, tmp_path, words):
    wanted = osm(services, tmp_path / "a")
    remark = json.dumps({"elements": [], "remark": f'runtime error: {words} "query" at line 2'})
    services.trouble = sometimes("roads", status(200, remark), times=3)
    assert osm(services, tmp_path / "b") == wanted


def test_a_square_that_stays_too_much_is_told(services, tmp_path):
    remark = '{"elements": [], "remark": "runtime error: Query timed out"}'
    services.trouble = sometimes("roads", status(200, remark), times=-1)
    with pytest.raises(FetchError, match="even for a small square") as error:
        osm(services, tmp_path, splits=1)
    assert "geofabrik" in error.value.faults[0].mend


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"elements": [], "remark": "something else"}', "the server remarks: something else"),
        ('{"elements": [', "no whole JSON"),
        ("{}", "broken"),
        ('{"elements": [{"type": "way", "id": 1, "nodes": [2, 3], "tags": {"highway": "track"}}]}',
         "2 points of roads are missing"),
        ('{"elements": [{"type": "node", "id": 1, "lon": 1e9, "lat": 0}]}', "not on Earth"),
        ('{"elements": [{"type": "node", "id": 1, "lon": NaN, "lat": 0}]}', "NaN is no number"),
        ('{"elements": [{"type": "node", "id": "x", "lon": 1, "lat": 0}]}', "no number of an"),
        ('{"elements": [{"type": "node", "id": 1, "lon": "x", "lat": 0, "tags": []}]}', "broken"),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_whole_is_asked_again_and_then_told(services, tmp_path, body, said):
    services.trouble = sometimes("roads", status(200, body), times=1)
    assert osm(services, tmp_path / "a").ways
    services.trouble = sometimes("roads", status(200, body), times=-1)
    with pytest.raises(FetchError, match=said):
        osm(services, tmp_path / "b")


def test_an_area_of_too_many_squares_is_refused_before_anything_is_asked(services, tmp_path):
    with pytest.raises(FetchError, match="squares, more than 100"):
        osm(services, tmp_path, roads_tile_km=5, most_tiles=100)
    assert services.calls == []


def extract(services: Services, path: Path, chosen: slice) -> Path:
    """Write part of the served roads and features as an extract."""
    ways = services.roads[chosen]
    nodes = {n: xy for way in ways for n, xy in zip(way["nodes"], way["at"], strict=True)}
    drawn = {way["id"]: (tuple(way["nodes"]), way["tags"]) for way in ways}
    write_pbf(OsmData(nodes, drawn, {}, None), path)
    whole = path.with_name(f"whole-{path.name}")
    with osmium.SimpleWriter(str(whole), overwrite=True) as writer:
        kept: list[object] = []
        for item in osmium.FileProcessor(str(path)):
            if item.is_node():
                writer.add_node(item)
            else:
                kept.append(item.replace(tags=dict(item.tags)))
                break
        for feature in services.features[chosen]:
            writer.add_node(
                osmium.osm.mutable.Node(
                    id=feature["id"],
                    location=(feature["lon"], feature["lat"]),
                    tags=feature["tags"],
                    timestamp=feature["timestamp"],
                    version=1,
                )
            )
        for item in osmium.FileProcessor(str(path), osmium.osm.WAY):
            writer.add_way(item)
    return whole


def test_extracts_give_the_same_as_overpass(services, tmp_path):
    half = len(services.roads) // 2
    here = extract(services, tmp_path / "se.osm.pbf", slice(0, half))
    there = extract(services, tmp_path / "no.osm.pbf", slice(half, None))
    services.files["norway.osm.pbf"] = there.read_bytes()
    web, _ = asking(services, tmp_path)
    sources = [str(here), f"{services.url}/files/norway.osm.pbf"]
    found = from_extracts(web, tmp_path / "work", sources, AROUND, lambda _: lambda *_: None)
    wanted = osm(services, tmp_path / "b")
    assert found.ways == wanted.ways
    assert found.features.keys() == wanted.features.keys()
    assert found.features[min(found.features)] == wanted.features[min(wanted.features)]
    assert found.nodes.keys() == wanted.nodes.keys()


def test_a_shop_drawn_as_a_building_and_one_of_several_parts_are_found(services, tmp_path):
    lon, lat = 16.65, 64.62
    path = tmp_path / "x.osm.pbf"
    corners = [(lon, lat), (lon + 0.001, lat), (lon + 0.001, lat + 0.001), (lon, lat + 0.001)]
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, place in enumerate(corners * 2, start=1):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
        for number, tags in ((1, {"shop": "supermarket", "name": "ICA"}), (2, {"building": "yes"})):
            nodes = [4 * number - 3 + step for step in (0, 1, 2, 3, 0)]
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags, version=1))
        writer.add_relation(
            osmium.osm.mutable.Relation(
                id=7,
                members=[("w", 2, "outer")],
                tags={"type": "multipolygon", "amenity": "fuel", "name": "Preem"},
                version=1,
            )
        )
    web, _ = asking(services, tmp_path)
    found = from_extracts(web, tmp_path / "work", [str(path)], AROUND, lambda _: lambda *_: None)
    assert set(found.features) == {("w", 1), ("r", 7)}
    middle = found.features["r", 7]
    assert (middle.lon, middle.lat) == pytest.approx((lon + 0.0005, lat + 0.0005))


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x00\x00\x00\x0d\x0a\x09OSMHeader"], ids=len)
def test_an_extract_that_is_none_is_told(services, tmp_path, content):
    (tmp_path / "x.osm.pbf").write_bytes(content)
    web, _ = asking(services, tmp_path)
    with pytest.raises(FetchError, match="extract cannot be read"):
        from_extracts(
            web, tmp_path / "work", [str(tmp_path / "x.osm.pbf")], AROUND, lambda _: lambda *_: None
        )


def test_a_cut_off_extract_is_told(services, tmp_path):
    whole = extract(services, tmp_path / "se.osm.pbf", slice(None))
    whole.write_bytes(whole.read_bytes()[:-1000])
    web, _ = asking(services, tmp_path)
    with pytest.raises(FetchError, match="extract cannot be read"):
        from_extracts(web, tmp_path / "work", [str(whole)], AROUND, lambda _: lambda *_: None)


def index(services: Services) -> None:
    """Serve a list of extracts as Geofabrik's: countries, a pair of them, and nonsense."""
    boxes = {
        "sweden": (["SE"], shapely.box(11, 55, 24, 69)),
        "norway": (["NO"], shapely.box(4, 58, 14.9, 71)),
        "finland": (["FI"], shapely.box(20, 59, 31, 70)),
        "norden": (["SE", "NO"], shapely.box(4, 55, 31, 71)),
        "germany": (["DE"], shapely.box(5, 47, 15, 70)),
    }
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": name,
                "iso3166-1:alpha2": codes,
                "urls": {"pbf": f"{services.url}/files/{name}.osm.pbf"},
            },
            "geometry": shapely.geometry.mapping(box),
        }
        for name, (codes, box) in boxes.items()
    ]
    broken = [{"properties": None}, {"properties": {"iso3166-1:alpha2": ["SE"]}}]
    services.files["index-v1.json"] = json.dumps({"features": broken + features}).encode()


@pytest.mark.parametrize(
    ("code", "countries"),
    [("2462", ["norway", "sweden"]), ("0180", ["sweden"]), ("2583", ["finland", "sweden"])],
)
def test_the_extracts_are_those_of_the_countries_within_reach(services, tmp_path, code, countries):
    index(services)
    web, parts = asking(services, tmp_path)
    area = around(COUNTRY.municipality(code)[1], 60)
    found = extract_addresses(web, parts, area)
    assert found == [f"{services.url}/files/{name}.osm.pbf" for name in countries]


def test_roads_are_written_in_equal_bytes(services, tmp_path):
    data = osm(services, tmp_path)
    shuffled = OsmData(
        dict(reversed(data.nodes.items())), dict(reversed(data.ways.items())), {}, None
    )
    write_pbf(data, tmp_path / "a.osm.pbf")
    write_pbf(shuffled, tmp_path / "b.osm.pbf")
    assert (tmp_path / "a.osm.pbf").read_bytes() == (tmp_path / "b.osm.pbf").read_bytes()


# --- Sites and places ---


def feature(number: int = 1, lon: float = 16.65, lat: float = 64.62, **tags: str) -> Feature:
    plain = {key.replace("__", ":"): value for key, value in tags.items()}
    return Feature("n", number, lon, lat, plain, "2021-03-04")


@pytest.mark.parametrize(
    ("tags", "services_given"),
    [
        ({"shop": "supermarket"}, ["dagligvaror"]),
        ({"shop": "shoes"}, []),
        ({"disused:shop": "supermarket"}, []),
        ({"shop": "convenience", "access": "private"}, []),
        ({"amenity": "fuel"}, ["drivmedel"]),
        ({"amenity": "fuel", "fuel:diesel": "yes", "fuel:HGV_diesel": "yes"}, ["drivmedel"]),
        ({"amenity": "fuel", "fuel:HGV_diesel": "yes"}, []),
        ({"amenity": "fuel", "fuel:cng": "yes"}, []),
        ({"amenity": "fuel", "access": "private"}, []),
        ({"amenity": "fuel", "hgv": "only"}, []),
        ({"amenity": "fuel", "atm": "yes", "shop": "kiosk"}, ["drivmedel", "kontanter"]),
        ({"amenity": "pharmacy"}, ["apotek"]),
        ({"amenity": "parcel_locker"}, ["paket"]),
        ({"shop": "convenience", "post_office": "post_partner"}, ["dagligvaror", "paket"]),
        ({"amenity": "bank"}, []),
        ({"amenity": "atm"}, ["kontanter"]),
    ],
)
def test_services_are_those_for_the_public_in_an_ordinary_car(tags, services_given):
    assert shops.services_of(tags) == services_given


def test_a_site_says_what_is_known_and_of_which_year():
    (row,) = shops.sites(
        [
            feature(
                shop="supermarket",
                name="=ICA\nNära",
                operator="@x",
                automated="no",
                check_date="2024-05",
                opening_hours="Mo-Su 09-20",
            )
        ],
        AROUND,
    )
    assert row["id"] == "osm-n1-dagligvaror"
    assert (row["name"], row["operator"]) == ("ICA Nära", "x")
    assert (row["status"], row["assortment"], row["staffed"]) == ("open", "full", "yes")
    assert (row["status_year"], row["note"]) == ("2024", "öppettider Mo-Su 09-20")
    (edited,) = shops.sites([feature(amenity="fuel", brand="Preem")], AROUND)
    assert (edited["name"], edited["status_year"], edited["staffed"]) == (
        "Preem",
        "2021",
        "unknown",
    )
    (nameless,) = shops.sites([feature(amenity="atm")], AROUND)
    assert nameless["name"] == "Uttagsautomat"
    (shut,) = shops.sites([feature(shop="general", opening_hours="closed")], AROUND)
    assert shut["status"] == "closed"


def test_a_business_or_village_that_is_drawn_twice_is_there_once():
    point = feature(7, shop="supermarket", name="ICA Nära", place="hamlet")
    building = Feature(
        "w", 3, 16.651, 64.6201, {"shop": "general", "name": "ICA NÄRA"}, "2025-01-01"
    )
    other = feature(8, 16.66, shop="supermarket", name="ICA Nära")
    area = Feature("r", 1, 16.652, 64.621, {"place": "village", "name": "ICA Nära"}, None)
    rows = shops.sites([building, area, other, point], AROUND)
    assert [row["id"] for row in rows] == ["osm-n7-dagligvaror", "osm-n8-dagligvaror"]
    assert rows[0]["note"] == "även ritad som osm-w3-dagligvaror"
    assert rows[0]["status_year"] == "2025"
    assert shops.place_names([area, point], AROUND)["id"].tolist() == ["osm-n7"]


def test_sites_and_names_outside_the_buffer_are_left_out():
    far = feature(2, 18.06, 59.33, shop="supermarket", place="hamlet", name="Stockholm")
    near = feature(1, shop="supermarket", place="hamlet", name="Vilhelmina")
    assert [row["name"] for row in shops.sites([far, near], AROUND)] == ["Vilhelmina"]
    assert shops.place_names([far, near], AROUND)["name"].tolist() == ["Vilhelmina"]


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (16.656, 64.624, "2462"),  # Vilhelmina
        (16.41, 64.26, "2425"),  # Dorotea
        (13.99, 65.57, "NO"),  # Hattfjelldal
        (24.14, 65.85, None),  # Haparanda, beside the border
        (24.56, 65.74, "FI"),  # Kemi
        (12.45, 55.70, "DK"),  # Copenhagen
    ],
)
def test_a_site_is_in_its_municipality_or_country(lon, lat, code):
    point = gpd.GeoSeries(gpd.points_from_xy([lon], [lat], crs=4326)).to_crs(3006)
    assert COUNTRY.codes_of(point, "2462", COARSE) == [code]


def test_the_exact_border_goes_before_the_coarse_one():
    point = gpd.GeoSeries(gpd.points_from_xy([16.656], [64.624], crs=4326)).to_crs(3006)
    assert COUNTRY.codes_of(point, "2425", shapely.buffer(point.iloc[0], 100)) == ["2425"]
    # A place that the true border leaves out is not in the municipality, whatever the coarse says.
    assert COUNTRY.codes_of(point, "2462", shapely.Polygon()) == [None]


# --- The area ---


def test_all_290_municipalities_have_a_name_and_an_area():
    assert len(COUNTRY.frame) == 290
    for code in COUNTRY.frame["kommunkod"]:
        name, area = COUNTRY.municipality(code)
        assert name
        assert area.is_valid
        assert 5e6 < area.area < 2.2e10


def test_a_code_that_does_not_exist_is_told_with_like_ones():
    with pytest.raises(SettingsError, match="2462 Vilhelmina"):
        COUNTRY.municipality("2426")


@given(
    st.tuples(*[st.integers(300_000, 900_000)] * 2), st.integers(0, 200_000), st.integers(20, 300)
)
def test_squares_cover_an_area_and_quarters_a_square(corner, size, side):
    area = shapely.box(*corner, corner[0] + size + 1, corner[1] + size + 1)
    boxes = squares(area, side)
    assert shapely.union_all(boxes).buffer(1).contains(area)
    assert all(box.intersects(area) for box in boxes)
    assert shapely.union_all(quarters(boxes[0])).symmetric_difference(boxes[0]).area < 1


def test_the_box_in_degrees_holds_all_of_a_square():
    square = shapely.box(400_000, 7_000_000, 700_000, 7_300_000)
    west, south, east, north = degrees_of(square)
    dense = gpd.GeoSeries([shapely.segmentize(square, 500)], crs=3006).to_crs(4326)
    assert shapely.box(west, south, east, north).buffer(1e-4).contains(dense.iloc[0])
    assert shapely.box(west, south, east, north).area < 1.2 * dense.iloc[0].area

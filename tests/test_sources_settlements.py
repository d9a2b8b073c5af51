"""Localities and villages come out once each, with a name."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import LineString, MultiPoint, Point, box
from tests.osm_files import osm_xml

from glesservice.config import Settings, Settlements
from glesservice.errors import InputError
from glesservice.sources import read_settlements

EAST, NORTH = 550_000, 7_200_000


def around(east_m: float, north_m: float, half_m: float = 250) -> object:
    """Draw a square locality."""
    east, north = EAST + east_m, NORTH + north_m
    return box(east - half_m, north - half_m, east + half_m, north + half_m)


def point(east_m: float, north_m: float = 0) -> Point:
    """Draw a village."""
    return Point(EAST + east_m, NORTH + north_m)


def write(path: Path, layer: str, shapes: list[object], /, **columns: object) -> None:
    """Add a layer to a GeoPackage."""
    gpd.GeoDataFrame(columns, geometry=shapes, crs=3006).to_file(path, layer=layer)


def by_name(path: Path) -> gpd.GeoDataFrame:
    """Read the settlements, found by their names."""
    return read_settlements(Settlements(path=path)).set_index("name")


# The embedded settlements


def test_the_embedded_settlements_are_localities_and_villages(settings: Settings) -> None:
    settlements = read_settlements(settings.settlements[0])
    polygons = settlements[settlements.geom_type == "Polygon"]
    assert Counter(polygons["kind"]) == {"tatort": 6, "smaort": 3}
    assert settlements["settlement_id"].is_unique
    assert settlements["settlement_id"].is_monotonic_increasing
    assert settlements.crs == "EPSG:3006"


def test_smaorter_without_names_get_the_name_of_the_village_there(settings: Settings) -> None:
    settlements = read_settlements(settings.settlements[0])
    smaorter = settlements[(settlements["kind"] == "smaort") & (settlements.geom_type == "Polygon")]
    assert dict(zip(smaorter["settlement_id"], smaorter["name"], strict=True)) == {
        "demo-2462-S1": "Dikanäs",
        "demo-2462-S2": "Malgovik",
        "demo-2462-S3": "Klimpfjäll",
    }


def test_no_place_is_there_both_as_a_point_and_as_a_polygon(settings: Settings) -> None:
    settlements = read_settlements(settings.settlements[0])
    localities = settlements[settlements.geom_type == "Polygon"]
    points = settlements[settlements.geom_type == "Point"]
    assert not set(localities["name"]) & set(points["name"])
    assert len(settlements) == 97


def test_the_fact_table_can_be_read_as_it_is(settings: Settings) -> None:
    facts = settings.settlements[0].path.parents[1] / "facts" / "settlements.csv"
    if not facts.is_file():
        pytest.skip("the fact tables are part of the repository only")
    settlements = read_settlements(Settlements(path=facts))
    assert len(settlements) == 97
    assert set(settlements.geom_type) == {"Point"}
    assert set(settlements["kind"]) == {"tatort", "smaort", "by"}
    known = settlements.set_index("name")
    assert known.loc["Vilhelmina", "settlement_id"] == "2662935"
    assert known.loc["Vilhelmina", "population"] == 3572
    assert known.loc[known["kind"] == "by", "population"].isna().all()


# Names of småorter


def test_a_smaort_takes_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "smaorter", [around(0, 0), around(9000, 0)], smaort=["S1", "S2"], bef=[60, 70])
    write(path, "byar", [point(600), point(9900), point(10_200)], name=["Näset", "Viken", "Åsen"])
    settlements = by_name(path)
    assert settlements.loc["Näset", ["settlement_id", "kind", "population"]].tolist() == [
        "S1",
        "smaort",
        60,
    ]
    assert settlements.loc["Viken", "settlement_id"] == "S2"
    assert settlements.loc["Åsen", "kind"] == "by"


def test_a_point_marked_as_smaort_names_it_though_a_farm_lies_nearer(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "smaorter", [around(0, 0)], smaort=["S1"])
    write(
        path,
        "platser",
        [point(300), point(1500)],
        name=["Gården", "Byn"],
        kind=["by", "smaort"],
    )
    settlements = by_name(path)
    assert settlements.loc["Byn", "settlement_id"] == "S1"
    assert settlements.loc["Gården"].geometry.geom_type == "Point"


def test_a_smaort_far_from_every_name_keeps_its_code(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "smaorter", [around(0, 0)], smaort=["2462S001"])
    write(path, "platser", [point(2400)], name=["Fjärran"])
    assert set(by_name(path).index) == {"2462S001", "Fjärran"}


def test_smaorter_alone_keep_their_codes(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "smaorter", [around(0, 0)], smaort=["2462S001"])
    assert by_name(path).index.tolist() == ["2462S001"]


def test_a_settlements_polygon_swallows_only_its_own_point(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "tatorter", [around(0, 0)], tatort=["Sjön"], tatortskod=["T1"], bef=[400])
    write(
        path,
        "platser",
        [point(900), point(100), point(40_000)],
        name=["Sjön", "Udden", "Sjön"],
        id=["a", "b", "c"],
    )
    settlements = read_settlements(Settlements(path=path))
    # A namesake forty kilometres away is another village.
    assert settlements["settlement_id"].tolist() == ["T1", "b", "c"]
    assert settlements["name"].tolist() == ["Sjön", "Udden", "Sjön"]


# Tables of points


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_swedish_spreadsheets_table_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "byar.csv"
    path.write_bytes("Name;Kind;Lat;Lon\r\nÅsele;;64,16;17,35\r\n".encode(encoding))
    settlement = read_settlements(Settlements(path=path)).iloc[0]
    assert settlement["name"] == "Åsele"
    assert settlement["kind"] == "by"
    assert settlement.geometry.distance(Point(614_300, 7_117_000)) < 2000


def ids_of(path: Path, *rows: str) -> list[str]:
    """Read back the ids of a table of places."""
    path.write_text("\n".join(["name,id,lat,lon", *rows]), encoding="utf-8")
    return read_settlements(Settlements(path=path))["settlement_id"].tolist()


def test_places_without_an_id_are_known_by_their_name(tmp_path: Path) -> None:
    path = tmp_path / "byar.csv"
    assert ids_of(path, "Åsele,,64.1,17.1", "B,x7,64.2,17.2") == ["asele", "x7"]


def test_another_row_changes_nobodys_id(tmp_path: Path) -> None:
    path = tmp_path / "byar.csv"
    rows = ["Dal,,64.1,17.1", "Näs,,64.2,17.2", "Näs,,64.9,17.2"]
    before = ids_of(path, *rows)
    assert len(set(before)) == 3
    assert set(before) < set(ids_of(path, "Ny,,64.3,17.3", *rows))
    assert ids_of(path, *reversed(rows)) == before


def test_namesakes_of_two_layers_have_different_ids(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "byar", [point(0)], name=["Näset"])
    write(path, "fler", [point(30_000)], name=["Näset"])
    settlements = read_settlements(Settlements(path=path))
    assert settlements["settlement_id"].is_unique
    assert settlements["settlement_id"].str.startswith("naset-").all()


def test_places_saved_as_multipoints_are_points(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "byar", [MultiPoint([point(0)])], name=["Näset"])
    assert read_settlements(Settlements(path=path)).geom_type.tolist() == ["Point"]


@pytest.mark.parametrize(
    "row", ["A,17.35,64.16", "A,7117000,614300", "A,64.16,", "A,nord,ost", "A,64.16,117.35"]
)
def test_exchanged_missing_or_impossible_positions_are_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "byar.csv"
    path.write_text(f"name,lat,lon\nB,64.2,17.2\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match="no position in the Nordic countries") as refused:
        read_settlements(Settlements(path=path))
    assert "1 row (3)" in refused.value.faults[0].what
    assert "WGS 84" in refused.value.faults[0].mend


def test_both_missing_coordinates_are_told(tmp_path: Path) -> None:
    path = tmp_path / "byar.csv"
    path.write_text("name,bredd,höjd\nA,1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_settlements(Settlements(path=path))
    assert [fault.what for fault in refused.value.faults] == [
        "the column lat is missing",
        "the column lon is missing",
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "the table cannot be read"),
        (b"name,lat,lon\n", "there are no rows with places"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "the table cannot be read"),
        (b'name,lat,lon\n"A,64,17\n', "the table cannot be read"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "byar.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=complaint) as refused:
        read_settlements(Settlements(path=path))
    assert refused.value.faults[0].where == str(path)


# Faults of layers


def test_a_file_without_localities_or_names_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "punkter", [point(0)], label=["A"])
    with pytest.raises(InputError, match="no layer has a column tatort, smaort or name") as refused:
        read_settlements(Settlements(path=path))
    assert "name" in refused.value.faults[0].mend


def test_lines_are_no_places(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "leder", [LineString([(5e5, 7e6), (6e5, 7e6)])], name=["Leden"])
    with pytest.raises(InputError, match="the geometry is LineString"):
        read_settlements(Settlements(path=path))


def test_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "platser", [point(0), point(9000)], name=["A", "B"], id=["x", "x"])
    with pytest.raises(InputError, match="settlement_id is repeated"):
        read_settlements(Settlements(path=path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in ("none.gpkg", "none.csv"):
        with pytest.raises(InputError, match="the file with places is missing"):
            read_settlements(Settlements(path=tmp_path / name))


def test_styles_that_qgis_saves_beside_the_layers_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "platser", [point(0)], name=["A"])
    database = sqlite3.connect(path)
    database.executescript(
        "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_name TEXT, styleQML TEXT);"
        "INSERT INTO layer_styles VALUES (1, 'platser', '<qgis/>');"
        "INSERT INTO gpkg_contents (table_name, data_type, identifier)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles');"
    )
    database.close()
    assert len(read_settlements(Settlements(path=path))) == 1


def test_numbered_ids_with_a_gap_are_the_same_ids(tmp_path: Path) -> None:
    path = tmp_path / "o.gpkg"
    write(path, "platser", [point(0), point(9000)], name=["A", "B"], id=[7, None])
    assert set(read_settlements(Settlements(path=path))["settlement_id"]) == {"7", "b"}


def test_an_unknown_kind_of_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "byar.csv"
    path.write_text("name,kind,lat,lon\nA,town,64.1,17.1\n", encoding="utf-8")
    with pytest.raises(InputError, match="town"):
        read_settlements(Settlements(path=path))


def test_a_table_without_names_lacks_a_column(tmp_path: Path) -> None:
    path = tmp_path / "byar.csv"
    path.write_text("ort,lat,lon\nA,64.1,17.1\n", encoding="utf-8")
    with pytest.raises(InputError, match="the column name is missing"):
        read_settlements(Settlements(path=path))


# Several sources, as SCB publishes them


def scb(tmp_path: Path) -> list[Settlements]:
    """Write tätorter and småorter with the columns of SCB's own layers."""
    write(
        tmp_path / "tatorter.gpkg",
        "Tatorter_2023",
        [around(0, 0)],
        tatortskod=["2462TC101"],
        tatort=["Sjön"],
        bef=[400],
        kommun=["2462"],
    )
    write(
        tmp_path / "smaorter.gpkg",
        "Smaorter_2023",
        [around(20_000, 0)],
        smaort=["2462S101"],
        bef=[60],
    )
    return [Settlements(path=tmp_path / name) for name in ("tatorter.gpkg", "smaorter.gpkg")]


def places(path: Path, *rows: str) -> Settlements:
    """Write a table of places in metres."""
    path.write_text("\n".join(["Ortnamn;N;E", *rows]), encoding="utf-8")
    return Settlements(path=path)


def test_smaorter_are_named_by_the_places_of_another_source(tmp_path: Path) -> None:
    names = places(tmp_path / "namn.csv", f"Näset;{NORTH + 400};{EAST + 20_300}")
    settlements = read_settlements([*scb(tmp_path), names]).set_index("settlement_id")
    assert settlements.loc["2462TC101", ["name", "kind", "population"]].tolist() == [
        "Sjön",
        "tatort",
        400,
    ]
    assert settlements.loc["2462S101", ["name", "kind", "population"]].tolist() == [
        "Näset",
        "smaort",
        60,
    ]
    assert len(settlements) == 2


def test_a_place_of_two_sources_is_one_and_the_first_holds(tmp_path: Path) -> None:
    first = places(tmp_path / "a.csv", f"Näset;{NORTH};{EAST}")
    second = places(
        tmp_path / "b.csv", f"Näset;{NORTH + 800};{EAST}", f"Näset;{NORTH + 30_000};{EAST}"
    )
    settlements = read_settlements([first, second])
    assert sorted(settlements.geometry.y) == [NORTH, NORTH + 30_000]
    assert settlements["settlement_id"].is_unique


def test_places_of_openstreetmap_name_what_scb_does_not(tmp_path: Path) -> None:
    tags = [
        {"place": "town", "name": "Staden", "population": "3 500"},
        {"place": "village", "name": "Byn", "name:sv": "Svenska byn"},
        {"place": "hamlet", "name": "Gården"},
        {"place": "locality", "name": "Kalhygget"},
        {"place": "village"},
    ]
    osm = Settlements(path=osm_xml(tmp_path / "platser.osm", tags))
    alone = read_settlements(osm).set_index("name")
    assert alone["kind"].to_dict() == {"Staden": "tatort", "Svenska byn": "by", "Gården": "by"}
    assert alone.loc["Staden", "population"] == 3500
    # Beside SCB's localities OpenStreetMap's town is one more named place.
    both = read_settlements([*scb(tmp_path), osm]).set_index("name")
    assert both.loc["Staden", "kind"] == "by"


def test_the_faults_of_all_sources_are_told_together(tmp_path: Path) -> None:
    broken = tmp_path / "b.gpkg"
    broken.write_bytes(b"no database")
    with pytest.raises(InputError) as refused:
        read_settlements([Settlements(path=broken), Settlements(path=tmp_path / "none.csv")])
    assert len(refused.value.faults) == 2


def test_one_table_of_settlements_means_the_same_as_a_list_of_one(settings: Settings) -> None:
    assert len(settings.settlements) == 1
    assert read_settlements(settings.settlements).equals(read_settlements(settings.settlements[0]))

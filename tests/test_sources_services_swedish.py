"""The own list of shops is read as people keep it: in Swedish, in any spreadsheet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest
from tests.osm_files import osm_xml

from glesservice.config import Services
from glesservice.errors import InputError
from glesservice.sources import read_services

# Dikanäs, in degrees and in SWEREF 99 TM.
LAT, LON = 65.23639, 15.99194
N, E = 7_235_165, 546_361


def csv(tmp_path: Path, text: str, encoding: str = "utf-8", name: str = "butiker.csv") -> Services:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return Services(path=path)


def xlsx(tmp_path: Path, *rows: tuple[object, ...], **sheets: list[tuple[object, ...]]) -> Services:
    """Write a workbook as a spreadsheet does: numbers as numbers, dates as dates."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / "butiker.xlsx")
    return Services(path=tmp_path / "butiker.xlsx")


def told(source: Services) -> str:
    with pytest.raises(InputError) as refused:
        read_services(source)
    return str(refused.value)


HEAD = "Namn;Tjänst;Latitud;Longitud"
ROW = "Handlar'n Åsen;Dagligvaror;65,2364;15,9919"


@pytest.mark.parametrize("separator", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_every_encoding_and_separator_of_swedish_spreadsheets(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    text = f"{HEAD}\r\n{ROW}\r\n".replace(";", separator)
    if separator == ",":
        text = text.replace("65,2364", "65.2364").replace("15,9919", "15.9919")
    site = read_services(csv(tmp_path, text, encoding)).iloc[0]
    assert site[["name", "service"]].tolist() == ["Handlar'n Åsen", "dagligvaror"]
    at = gpd.GeoSeries([site.geometry], crs=3006).to_crs(4326).iloc[0]
    assert (at.y, at.x) == pytest.approx((65.2364, 15.9919), abs=1e-6)


@pytest.mark.parametrize(
    ("headings", "position"),
    [
        ("N;E", f"{N};{E}"),
        ("N (SWEREF 99 TM);E (SWEREF 99 TM)", "7 235 165;546 361"),
        ("Nord;Öst", f"{N},0;{E},0"),
        ("X;Y", f"{E};{N}"),
        ("X-koordinat;Y-koordinat", f"{N};{E}"),
        ("x;y", f"{LON};{LAT}"),
        ("lat;lon;N;E", f";;{N};{E}"),
        ("lat;lon;N;E", f"{LAT};{LON};{N};{E}"),
    ],
)
def test_positions_in_metres_or_degrees_are_the_same_place(
    tmp_path: Path, headings: str, position: str
) -> None:
    source = csv(tmp_path, f"Namn;Tjänst;{headings}\nHandlarn;drivmedel;{position}\n")
    place = read_services(source).geometry.iloc[0]
    expected = gpd.points_from_xy([LON], [LAT], crs=4326).to_crs(3006)[0]
    assert place.distance(expected) < 100


def test_metres_of_an_older_system_are_read_where_the_settings_say_so(tmp_path: Path) -> None:
    rt90 = gpd.points_from_xy([LON], [LAT], crs=4326).to_crs(3021)[0]
    text = f"namn;tjänst;N;E\nHandlarn;drivmedel;{rt90.y:.0f};{rt90.x:.0f}\n"
    source = csv(tmp_path, text)
    assert "it looks like RT 90 2.5 gon V (EPSG:3021)" in told(source)
    place = read_services(source.model_copy(update={"crs": "EPSG:3021"})).geometry.iloc[0]
    expected = gpd.points_from_xy([LON], [LAT], crs=4326).to_crs(3006)[0]
    assert place.distance(expected) < 2


def test_swedish_words_become_the_words_of_the_tables(tmp_path: Path) -> None:
    text = (
        "namn;tjänst;status;sortiment;bemannad;säsong;reservkraft;källa;datum;anmärkning;lat;lon\n"
        "A;Livsmedel;Öppen;fullsortiment;Ja;året runt;nej;egen;2026-03-31;ny ägare;65;16\n"
        "B;bensin;nedlagd;;nej;sommar;okänt;;2025;;65;16\n"
    )
    sites = read_services(csv(tmp_path, text)).set_index("name")
    columns = ["service", "status", "assortment", "staffed", "season", "reserve_power"]
    assert sites.loc["A", columns].tolist() == [
        "dagligvaror", "open", "full", "yes", "all_year", "no"
    ]  # fmt: skip
    assert sites.loc["A", ["source", "source_date", "source_year", "note"]].tolist() == [
        "egen", "2026-03-31", 2026, "ny ägare"
    ]  # fmt: skip
    assert sites.loc["B", ["service", "status", "staffed", "season"]].tolist() == [
        "drivmedel", "closed", "no", "summer"
    ]  # fmt: skip
    assert sites.loc["B", "reserve_power"] == "unknown"
    assert sites["assortment"].isna()["B"]


def test_a_shop_with_several_services_is_a_site_of_each(tmp_path: Path) -> None:
    text = "id;namn;tjänst;lat;lon\nx1;Handlarn;dagligvaror, post och bensin;65;16\n"
    sites = read_services(csv(tmp_path, text))
    assert sites["site_id"].tolist() == ["x1-bensin", "x1-dagligvaror", "x1-post"]
    assert sorted(sites["service"]) == ["dagligvaror", "drivmedel", "paket"]


def test_a_workbooks_numbers_dates_and_codes_are_read_as_they_are_meant(tmp_path: Path) -> None:
    source = xlsx(
        tmp_path,
        ("Namn", "Tjänst", "N", "E", "Kommunkod", "Datum", "Bemannad"),
        ("Handlarn", "dagligvaror", N, E, 114, dt.date(2026, 3, 31), True),
        (None, None, None, None, None, None, None),
        ("Macken", "drivmedel", float(N), float(E), "NO", dt.datetime(2025, 1, 2), False),
    )
    sites = read_services(source).set_index("name")
    assert sites.loc["Handlarn", ["kommunkod", "source_date", "staffed"]].tolist() == [
        "0114", "2026-03-31", "yes"
    ]  # fmt: skip
    assert sites.loc["Macken", ["kommunkod", "source_date", "staffed"]].tolist() == [
        "NO", "2025-01-02", "no"
    ]  # fmt: skip


def test_a_sheet_is_named_where_there_are_several(tmp_path: Path) -> None:
    rows = [("namn", "tjänst", "lat", "lon"), ("A", "apotek", 65, 16)]
    source = xlsx(tmp_path, ("annat",), Butiker=rows)
    assert "several sheets (Sheet, Butiker)" in told(source)
    sites = read_services(source.model_copy(update={"layer": "Butiker"}))
    assert sites["name"].tolist() == ["A"]
    assert "there is no sheet Affärer" in told(source.model_copy(update={"layer": "Affärer"}))


def test_rows_are_called_by_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    source = xlsx(
        tmp_path,
        ("namn", "tjänst", "status", "lat", "lon", "datum"),
        ("A", "apotek", "öppen", 65, 16, "2026"),
        (None,),
        ("B", "apotek", "kanske", 65, 16, "i våras"),
        (None, "apotek", "öppen", 65, 16, None),
    )
    words = told(source)
    assert "the status kanske is not known in 1 row (4)" in words
    assert "source_date is no date in 1 row (4)" in words
    assert "name is missing or unreadable in 1 row (5)" in words


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A;apotek;15,99;65,24", "with the axes exchanged"),
        (f"A;apotek;{N};{E}", "SWEREF 99 TM (EPSG:3006)"),
        ("A;apotek;65,24;", "no position in the Nordic countries in 1 row (2)"),
        ("A;apotek;65°14'N;15°59'E", "no position"),
        ("A;apotek;nan;nan", "no position"),
        ("A;apotek;;", "nothing is filled in"),
    ],
)
def test_positions_that_are_none_are_refused_with_what_they_look_like(
    tmp_path: Path, row: str, said: str
) -> None:
    assert said in told(csv(tmp_path, f"{HEAD}\n{row}\n"))


def test_two_positions_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    text = f"namn;tjänst;lat;lon;N;E\nA;apotek;{LAT};{LON};{N + 5000};{E}\n"
    assert "another place than lat and lon in 1 row (2)" in told(csv(tmp_path, text))


def test_a_year_that_cannot_be_read_is_not_taken_for_unknown(tmp_path: Path) -> None:
    text = "namn;tjänst;lat;lon;status_year\nA;apotek;65;16;i fjol\n"
    assert "source_year is no number in 1 row (2)" in told(csv(tmp_path, text))


def test_the_status_of_a_source_without_one_is_a_setting(tmp_path: Path) -> None:
    source = csv(tmp_path, f"{HEAD};status\n{ROW};\nB;apotek;65;16;stängt\n")
    statuses = read_services(source.model_copy(update={"status": "unconfirmed"}))["status"]
    assert sorted(statuses) == ["closed", "unconfirmed"]


# OpenStreetMap


def osm(
    tmp_path: Path, *features: dict[str, str], ways: tuple[dict[str, str], ...] = ()
) -> Services:
    return Services(path=osm_xml(tmp_path / "data.osm", features, ways))


def test_shops_pumps_and_counters_of_openstreetmap_are_sites(tmp_path: Path) -> None:
    source = osm(
        tmp_path,
        {"shop": "supermarket", "name": "Coop", "opening_hours": "Mo-Su 08:00-20:00"},
        {"shop": "convenience", "name": "Handlarn", "post_office": "post_partner", "atm": "yes"},
        {"amenity": "fuel", "name": "Qstar", "automated": "yes"},
        {"amenity": "pharmacy", "name": "Kronans"},
        {"amenity": "atm", "operator": "Bankomat"},
        {"shop": "hairdresser", "name": "Klipp"},
    )
    sites = read_services(source).set_index("site_id")
    assert sorted(zip(sites["name"], sites["service"], strict=True)) == [
        ("Bankomat", "kontanter"),
        ("Coop", "dagligvaror"),
        ("Handlarn", "dagligvaror"),
        ("Handlarn", "kontanter"),
        ("Handlarn", "paket"),
        ("Kronans", "apotek"),
        ("Qstar", "drivmedel"),
    ]
    by_name = sites.reset_index().drop_duplicates("name").set_index("name")
    assert by_name.loc["Coop", "assortment"] == "full"
    assert by_name.loc["Coop", "note"] == "Öppettider: Mo-Su 08:00-20:00"
    assert by_name["assortment"].isna()["Handlarn"]
    assert by_name.loc["Qstar", "staffed"] == "no"
    assert set(sites["status"]) == {"open"}
    assert set(sites["source"]) == {"OpenStreetMap"}


@pytest.mark.parametrize(
    "tags",
    [
        {"access": "private"},
        {"hgv": "only"},
        {"motorcar": "no"},
        {"fuel:cng": "yes", "fuel:diesel": "no"},
    ],
)
def test_pumps_that_are_not_for_everybodys_car_are_no_sites(
    tmp_path: Path, tags: dict[str, str]
) -> None:
    pump = {"amenity": "fuel", "name": "Pumpen"}
    source = osm(
        tmp_path, {**pump, **tags}, {"amenity": "fuel", "name": "Öppen", "fuel:diesel": "yes"}
    )
    assert read_services(source)["name"].tolist() == ["Öppen"]


def test_a_building_is_a_site_in_its_middle(tmp_path: Path) -> None:
    source = osm(tmp_path, ways=({"shop": "supermarket", "name": "ICA", "building": "yes"},))
    site = read_services(source).iloc[0]
    assert site["name"] == "ICA"
    assert site["site_id"].startswith("osm-w")
    assert site.geometry.geom_type == "Point"


def test_a_shop_said_to_be_closed_is_closed_and_a_nameless_one_is_called_so(tmp_path: Path) -> None:
    source = osm(
        tmp_path,
        {"shop": "general", "name": "Gamla", "opening_hours": "closed"},
        {"shop": "convenience"},
    )
    sites = read_services(source).set_index("name")
    assert sites.loc["Gamla", "status"] == "closed"
    assert "Dagligvaror utan namn" in sites.index


def test_an_extract_without_sites_is_refused(tmp_path: Path) -> None:
    assert "holds no service sites" in told(osm(tmp_path, {"place": "village", "name": "By"}))

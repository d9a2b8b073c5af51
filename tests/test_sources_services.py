"""The service sites come out one row each, and a doubtful list is refused with all its faults."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import MultiPoint, Point, box

from glesservice.config import Services, Settings
from glesservice.errors import InputError
from glesservice.sources import Inputs, read_inputs, read_services
from glesservice.sources.naming import slug


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Services:
    """Write a table and describe it as a source."""
    path = tmp_path / "stallen.csv"
    path.write_bytes(text.encode(encoding))
    return Services(path=path)


def layer(tmp_path: Path, crs: int = 3006, **columns: object) -> Services:
    """Write a layer of points ten kilometres apart and describe it as a source."""
    path = tmp_path / "stallen.gpkg"
    n = len(next(iter(columns.values())))
    points = [Point(550_000 + 10_000 * i, 7_200_000) for i in range(n)]
    gpd.GeoDataFrame(columns, geometry=points, crs=3006).to_crs(crs).to_file(path)
    return Services(path=path)


# What is read


def test_the_embedded_sites(settings: Settings) -> None:
    sites = read_services(settings.services[0])
    assert Counter(sites["service"]) == {
        "dagligvaror": 29,
        "drivmedel": 25,
        "apotek": 21,
        "kontanter": 5,
        "vardcentral": 4,
        "skola": 2,
    }
    assert sites["site_id"].is_monotonic_increasing
    assert sites["site_id"].is_unique
    assert set(sites["status"]) == {"open", "unconfirmed"}
    assert sites.crs == "EPSG:3006"


def test_a_layer_gives_the_same_sites_as_the_table(settings: Settings, tmp_path: Path) -> None:
    sites = read_services(settings.services[0])
    sites.to_crs(4326).to_file(tmp_path / "stallen.geojson")
    again = read_services(Services(path=tmp_path / "stallen.geojson"))
    assert again.drop(columns="geometry").equals(sites.drop(columns="geometry"))
    assert again.distance(sites).max() < 0.1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_swedish_spreadsheets_table_is_read(tmp_path: Path, encoding: str) -> None:
    text = "Name;Service;Lat;Lon;Note\r\nHandlar'n Åsen;Dagligvaror ;64,6;16,6;öppet; \r\n"
    source = table(tmp_path, text.replace("; \r\n", "\r\n"), encoding)
    site = read_services(source).iloc[0]
    assert site[["name", "service", "status", "note"]].tolist() == [
        "Handlar'n Åsen",
        "dagligvaror",
        "open",
        "öppet",
    ]
    position = gpd.GeoSeries([site.geometry], crs=3006).to_crs(4326).iloc[0]
    assert (position.y, position.x) == pytest.approx((64.6, 16.6))


def test_commas_inside_quotes_are_text(tmp_path: Path) -> None:
    source = table(tmp_path, 'name,service,lat,lon\n"Livs, Bio","apotek","64,6","16,6"\n')
    assert read_services(source)["name"].item() == "Livs, Bio"


def test_the_year_of_the_source_is_kept_and_an_unknown_year_stays_unknown(tmp_path: Path) -> None:
    text = "name,service,lat,lon,status_year\nA,apotek,64,17,2025\nB,apotek,65,17,\n"
    years = read_services(table(tmp_path, text)).set_index("name")["source_year"]
    assert years["A"] == 2025
    assert years.isna()["B"]


def test_a_site_without_an_id_is_known_by_its_name_and_service(tmp_path: Path) -> None:
    text = "id,name,service,lat,lon\n,Coop Dikanäs,dagligvaror,65,16\nx1,B,apotek,65,16\n"
    assert read_services(table(tmp_path, text))["site_id"].tolist() == [
        "coop-dikanas-dagligvaror",
        "x1",
    ]


def test_ids_are_plain_letters() -> None:
    assert slug("  OKQ8 – Åsele, Östra (24 h) ") == "okq8-asele-ostra-24-h"
    assert slug("") == ""


def test_without_a_status_a_site_is_open(tmp_path: Path) -> None:
    text = "name,service,status,lat,lon\nA,apotek,,64,17\nB,apotek, Closed ,64,17\n"
    assert read_services(table(tmp_path, text))["status"].tolist() == ["open", "closed"]


def test_two_services_at_one_counter_are_two_sites(tmp_path: Path) -> None:
    source = layer(tmp_path, 4326, name=["Coop", "Coop"], service=["dagligvaror", "apotek"])
    assert read_services(source)["site_id"].tolist() == ["coop-apotek", "coop-dagligvaror"]


def multipoints(path: Path, *parts: int) -> Services:
    """Write sites as multipoints of so many points each, as QGIS does."""
    shapes = [
        MultiPoint([Point(550_000 + 9000 * site, 7_200_000 + n) for n in range(count)])
        for site, count in enumerate(parts)
    ]
    names = [f"Butik {site}" for site in range(len(parts))]
    frame = gpd.GeoDataFrame({"name": names, "service": "dagligvaror"}, geometry=shapes, crs=3006)
    frame.to_file(path, layer="butiker")
    return Services(path=path)


def test_a_multipoint_of_one_point_is_a_site(tmp_path: Path) -> None:
    sites = read_services(multipoints(tmp_path / "s.gpkg", 1, 1))
    assert sites.geom_type.tolist() == ["Point", "Point"]
    assert [(place.x, place.y) for place in sites.geometry] == [(550_000, 7.2e6), (559_000, 7.2e6)]


def test_the_layer_of_sites_can_be_named(tmp_path: Path) -> None:
    source = multipoints(tmp_path / "s.gpkg", 1)
    other = gpd.GeoDataFrame({"x": [1]}, geometry=[Point(5e5, 7e6)], crs=3006)
    other.to_file(source.path, layer="annat")
    with pytest.raises(InputError, match="several layers"):
        read_services(source)
    assert len(read_services(source.model_copy(update={"layer": "butiker"}))) == 1


# What is refused


def test_a_multipoint_of_several_points_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the geometry is MultiPoint, not Point"):
        read_services(multipoints(tmp_path / "s.gpkg", 1, 2))


def test_unknown_statuses_are_refused_with_the_known_ones(tmp_path: Path) -> None:
    text = "name,service,status,lat,lon\nA,apotek,shut,64,17\nB,apotek,kanske,64,17\n"
    with pytest.raises(InputError, match="the status shut, kanske is not known") as refused:
        read_services(table(tmp_path, text))
    assert refused.value.faults[0].mend == "Use one of open, unconfirmed, closed, planned"


def test_latitude_and_longitude_exchanged_are_refused(tmp_path: Path) -> None:
    text = "name,service,lat,lon\nA,apotek,16.6,64.6\nB,apotek,17,64\n"
    with pytest.raises(InputError, match=r"in 2 rows \(2, 3\)"):
        read_services(table(tmp_path, text))


def test_a_site_listed_twice_is_refused(tmp_path: Path) -> None:
    text = "name,service,lat,lon\nICA,dagligvaror,64,17\nICA,dagligvaror,65,17\n"
    with pytest.raises(InputError, match="site_id is repeated in 1 row") as refused:
        read_services(table(tmp_path, text))
    assert "id of its own" in refused.value.faults[0].mend


def test_missing_columns_of_a_layer_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_services(layer(tmp_path, butik=["A"]))
    told = "\n".join(fault.what for fault in refused.value.faults)
    assert "the column name is missing" in told
    assert "the column service is missing" in told


def test_an_empty_name_and_an_empty_service_are_told_together(tmp_path: Path) -> None:
    text = "id,name,service,lat,lon\na,,apotek,64,17\nb,B,,64,17\n"
    with pytest.raises(InputError) as refused:
        read_services(table(tmp_path, text))
    assert [fault.what for fault in refused.value.faults] == [
        "name is missing or unreadable in 1 row (2)",
        "service is missing or unreadable in 1 row (3)",
    ]


def test_areas_are_no_sites(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    frame = gpd.GeoDataFrame(
        {"name": ["A"], "service": ["apotek"]}, geometry=[box(5e5, 7e6, 5.1e5, 7.1e6)], crs=3006
    )
    frame.to_file(path)
    with pytest.raises(InputError, match="the geometry is Polygon, not Point"):
        read_services(Services(path=path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in ("none.csv", "none.gpkg"):
        with pytest.raises(InputError, match="the file with service sites is missing") as refused:
            read_services(Services(path=tmp_path / name))
        assert "settings" in refused.value.faults[0].mend


# All files together


def test_the_faults_of_all_files_are_told_together(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "orter.gpkg"
    broken.write_bytes(b"no database")

    def elsewhere(source: object, **changes: object) -> object:
        return source.model_copy(update=changes)

    wrong = settings.model_copy(
        update={
            "population": elsewhere(settings.population, value="bef"),
            "settlements": (elsewhere(settings.settlements[0], path=broken),),
            "services": (table(tmp_path, "name,service\nA,apotek\n"),),
            "roads": (elsewhere(settings.roads[0], path=tmp_path / "vagar.graphml"),),
            "boundary": elsewhere(settings.boundary, layer="lan"),
        }
    )
    with pytest.raises(InputError) as refused:
        read_inputs(wrong)
    whats = [fault.what for fault in refused.value.faults]
    assert len(whats) == 6
    for said in ("layer lan", "column bef", "map file with places", "lat", "lon", "roads"):
        assert any(said in what for what in whats), said
    for fault in refused.value.faults:
        assert fault.where
        assert fault.mend
        assert str(fault) in str(refused.value)


def test_all_input_tables_are_in_sweref(inputs: Inputs) -> None:
    for frame in (inputs.boundary, inputs.cells, inputs.settlements, inputs.sites, inputs.edges):
        assert frame.crs == "EPSG:3006"


def test_all_missing_columns_of_a_table_are_told_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_services(table(tmp_path, "butik,x\nA,1\n"))
    told = "\n".join(fault.what for fault in refused.value.faults)
    for column in ("lat", "lon", "name", "service"):
        assert f"the column {column} is missing" in told


def test_an_unknown_status_is_told_together_with_the_rest(tmp_path: Path) -> None:
    text = "id,name,service,status,lat,lon\na,,apotek,open,64,17\nb,B,apotek,shut,64,17\n"
    with pytest.raises(InputError) as refused:
        read_services(table(tmp_path, text))
    assert len(refused.value.faults) == 2


@pytest.mark.parametrize(
    "head", ["id;site_id;name;service;lat;lon", "Name;name;kod;service;lat;lon"]
)
def test_a_column_there_twice_is_told(tmp_path: Path, head: str) -> None:
    with pytest.raises(InputError, match="twice"):
        read_services(table(tmp_path, f"{head}\na;b;A;apotek;64;17\n"))


def test_a_name_that_is_a_number_is_a_name(tmp_path: Path) -> None:
    sites = read_services(layer(tmp_path, name=[7, 11], service=["dagligvaror", "drivmedel"]))
    assert set(sites["name"]) == {"7", "11"}


def test_empty_rows_of_a_spreadsheet_are_no_sites(tmp_path: Path) -> None:
    text = "name;service;lat;lon\nA;apotek;64;17\n;;;\n"
    assert len(read_services(table(tmp_path, text))) == 1


def test_separators_at_the_end_of_the_rows_shift_no_column(tmp_path: Path) -> None:
    text = "name;service;lat;lon\nA;apotek;64;17;\n"
    assert read_services(table(tmp_path, text))["name"].item() == "A"


def test_headings_of_layers_may_be_capitals_as_those_of_tables(tmp_path: Path) -> None:
    assert len(read_services(layer(tmp_path, Name=["A"], Service=["apotek"]))) == 1

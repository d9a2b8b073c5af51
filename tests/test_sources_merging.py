"""A business in two lists is one site; two businesses side by side stay two; all of it is told."""

from __future__ import annotations

import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from shapely import Point
from tests.driving import PROFILE
from tests.osm_files import osm_xml

from glesservice import pipeline
from glesservice.analysis import Result
from glesservice.config import Settings, embedded_settings, load_settings
from glesservice.sources import Merged, merge_services, read_inputs
from glesservice.sources.merging import same_business
from glesservice.sources.places import place_ids
from glesservice.tables import SITES, check

EAST, NORTH = 546_000, 7_235_000


def sites(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """Make a checked list; ``m`` is metres east of a fixed point."""
    full = [
        {
            "site_id": f"{row['name']}-{row.get('m', 0)}",
            "service": "dagligvaror",
            "status": "open",
            **row,
        }
        for row in rows
    ]
    places = [Point(EAST + float(str(row.get("m", 0))), NORTH) for row in rows]
    return check(gpd.GeoDataFrame(full, geometry=places, crs=3006), SITES, "list")


def merged(*lists: gpd.GeoDataFrame) -> Merged:
    return merge_services([(f"list{n}.csv", frame) for n, frame in enumerate(lists)])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ICA Nära Dikanäs", "Ica"),
        ("Coop Dikanäs", "Coop Dikanäs"),
        ("Handlar'n i Saxnäs", "Handlarn Saxnäs"),
        ("Kittelfjäll Livs AB", "Kittelfjälls livs"),
        ("OKQ8 Vilhelmina", "OKQ8"),
    ],
)
def test_names_of_one_business(first: str, second: str) -> None:
    assert same_business(first, second)
    assert same_business(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Coop Vilhelmina", "ICA Vilhelmina"),
        ("Coop", "ICA Supermarket"),
        ("Circle K Vilhelmina", "OKQ8 Vilhelmina"),
        ("St1 Storuman", "Preem Storuman"),
        ("Qstar Åsele", "Ingo Åsele"),
    ],
)
def test_names_of_two_businesses_in_one_village(first: str, second: str) -> None:
    assert not same_business(first, second)


def test_the_business_of_two_lists_is_one_site_and_the_first_list_holds() -> None:
    own = sites({"name": "ICA Nära Dikanäs", "status": "closed", "site_id": "own"})
    osm = sites({"name": "ICA", "m": 120, "assortment": "full", "staffed": "yes", "site_id": "osm"})
    found = merged(own, osm)
    site = found.sites.iloc[0]
    assert len(found.sites) == 1
    assert site[["site_id", "name", "status"]].tolist() == ["own", "ICA Nära Dikanäs", "closed"]
    assert site[["assortment", "staffed"]].tolist() == ["full", "yes"]
    assert site.geometry.x == EAST
    (record,) = found.merges.to_dict("records")
    assert record["action"] == "merged"
    assert record["other_file"] == "list1.csv"
    assert record["distance_m"] == 120
    assert record["conflict"] == "status: stängt / öppet; läge: 120 m isär"
    assert record["filled"] == "sortiment, bemannad"


def test_the_order_of_the_lists_decides() -> None:
    first = sites({"name": "ICA", "assortment": "full"})
    second = sites({"name": "ICA", "m": 10, "assortment": "limited"})
    assert merged(first, second).sites["assortment"].item() == "full"
    assert merged(second, first).sites["assortment"].item() == "limited"


def test_two_shops_side_by_side_stay_two_and_are_told() -> None:
    found = merged(sites({"name": "Coop Dikanäs"}), sites({"name": "ICA Dikanäs", "m": 80}))
    assert len(found.sites) == 2
    (record,) = found.merges.to_dict("records")
    assert record["action"] == "kept_both"
    assert record["conflict"] == "olika namn på nästan samma plats"


def test_two_shops_that_are_in_both_lists_are_two_and_no_doubt_is_told() -> None:
    own = sites({"name": "Coop Dikanäs"}, {"name": "ICA Dikanäs", "m": 80})
    osm = sites({"name": "ICA", "m": 90, "site_id": "i"}, {"name": "Coop", "m": 5, "site_id": "c"})
    found = merged(own, osm)
    assert set(found.sites["name"]) == {"Coop Dikanäs", "ICA Dikanäs"}
    assert found.merges["action"].tolist() == ["merged", "merged"]


def test_one_entry_stands_for_one_business_of_another_list_only() -> None:
    own = sites({"name": "ICA Nära"})
    osm = sites({"name": "ICA", "m": 40}, {"name": "ICA Supermarket", "m": 200})
    found = merged(own, osm)
    assert sorted(found.sites["name"]) == ["ICA Nära", "ICA Supermarket"]
    assert sorted(found.merges["action"]) == ["kept_both", "merged"]


def test_a_name_that_is_but_part_of_the_other_is_believed_only_nearby() -> None:
    own, osm = {"name": "Tempo Saxnäs"}, {"name": "Saxnäs livs", "m": 140}
    assert len(merged(sites(own), sites(osm)).sites) == 1
    found = merged(sites(own), sites({**osm, "m": 240}))
    assert len(found.sites) == 2
    assert found.merges["conflict"].tolist() == ["delvis samma namn; läge: 240 m isär"]


def test_another_service_of_the_business_is_another_site() -> None:
    found = merged(sites({"name": "ICA"}), sites({"name": "ICA", "service": "paket"}))
    assert len(found.sites) == 2
    assert found.merges.empty


def test_namesakes_far_apart_are_two_and_told() -> None:
    found = merged(sites({"name": "Handlarn"}), sites({"name": "Handlarn", "m": 2000}))
    assert len(found.sites) == 2
    assert found.merges["conflict"].tolist() == ["samma namn men långt isär; läge: 2000 m isär"]
    assert merged(sites({"name": "ICA"}), sites({"name": "ICA", "m": 9000})).merges.empty


def test_a_nameless_pump_is_the_named_one_beside_it() -> None:
    own = sites({"name": "Qstar", "service": "drivmedel"})
    osm = sites({"name": "Drivmedel utan namn", "service": "drivmedel", "m": 60})
    assert merged(own, osm).sites["name"].tolist() == ["Qstar"]


def test_a_shop_that_openstreetmap_has_as_point_and_building_is_one() -> None:
    osm = sites({"name": "Coop"}, {"name": "Coop", "m": 30}, {"name": "ICA", "m": 40})
    found = merged(osm)
    assert sorted(found.sites["name"]) == ["Coop", "ICA"]
    assert found.merges["action"].tolist() == ["merged"]


def test_one_id_used_for_two_businesses_is_two_ids() -> None:
    own = sites({"name": "ICA", "site_id": "a"})
    other = sites({"name": "Coop", "site_id": "a", "m": 4000})
    found = merged(own, other).sites.set_index("site_id")["name"]
    assert found.to_dict() == {"a": "ICA", "a-2": "Coop"}


def test_a_list_without_double_entries_comes_out_as_it_is(inputs, settings) -> None:
    assert inputs.merges.empty
    again = merge_services([("a", inputs.sites)]).sites
    assert again.drop(columns="geometry").equals(inputs.sites.drop(columns="geometry"))


@st.composite
def lists(draw: st.DrawFn) -> list[gpd.GeoDataFrame]:
    names = st.sampled_from(["ICA", "ICA Nära", "Coop", "Coop By", "Dagligvaror utan namn"])
    row = st.tuples(names, st.integers(0, 900), st.sampled_from(["open", "closed"]))
    found = []
    for number in range(draw(st.integers(1, 3))):
        rows = draw(st.lists(row, min_size=1, max_size=5))
        found.append(
            sites(
                *(
                    {"name": name, "m": m, "status": status, "site_id": f"{number}-{n}"}
                    for n, (name, m, status) in enumerate(rows)
                )
            )
        )
    return found


@given(lists())
@profile(max_examples=40, **PROFILE)
def test_no_business_vanishes_untold_and_none_changes_its_status(
    drawn: list[gpd.GeoDataFrame],
) -> None:
    found = merged(*drawn)
    everything = pd.concat(drawn)
    absorbed = found.merges.loc[found.merges["action"] == "merged", "other_id"]
    assert sorted([*found.sites["site_id"], *absorbed]) == sorted(everything["site_id"])
    status = everything.set_index("site_id")["status"]
    assert found.sites.set_index("site_id")["status"].equals(
        status.reindex(found.sites["site_id"]).rename_axis("site_id")
    )
    # No two entries of one list became one unless that list says the same twice.
    own = found.merges[found.merges["action"] == "merged"]
    for kept, group in own.groupby("site_id"):
        lists_in = [kept.split("-")[0], *(other.split("-")[0] for other in group["other_id"])]
        for one in set(lists_in):
            ids = [i for i in [kept, *group["other_id"]] if i.split("-")[0] == one]
            at = everything.set_index("site_id").geometry.x[ids]
            assert at.max() - at.min() <= 50 * (len(ids) - 1)


def test_the_first_of_several_tables_of_services_holds_in_a_whole_run(
    tmp_path: Path, result: Result
) -> None:
    text = embedded_settings().read_text(encoding="utf-8")
    folder = embedded_settings().parent
    text = text.replace('path = "', f'path = "{folder.as_posix()}/')
    own = tmp_path / "egen.csv"
    own.write_text(
        "Namn;Tjänst;Status;Latitud;Longitud\nCoop Vilhelmina;dagligvaror;stängt;64,624;16,6576\n",
        encoding="utf-8",
    )
    text = text.replace("[services]", f'[[services]]\npath = "{own.as_posix()}"\n\n[[services]]')
    (tmp_path / "glesservice.toml").write_text(text, encoding="utf-8")
    settings = load_settings(tmp_path / "glesservice.toml")
    assert [key for key, _ in settings.inputs()].count("services 1") == 1
    again = pipeline.run(settings, tmp_path / "out")
    closed = again.sites.set_index("name").loc["Coop Vilhelmina"]
    assert closed["status"] == "closed"
    assert len(again.sites) == len(result.sites)
    told = " ".join(again.notices)
    assert "1 serviceställen står två gånger i listorna och räknas en gång" in told
    assert "oense om status, och den lista som står först gäller: Coop Vilhelmina" in told
    assert not any("räknas en gång" in notice for notice in result.notices)
    book = openpyxl.load_workbook(tmp_path / "out" / "vilhelmina-2026" / "tabeller.xlsx")
    sheet = list(book["Sammanslagna ställen"].values)
    assert "Motsägelse" in sheet[0]
    assert "status: stängt / öppet" in sheet[1]
    assert "blev ett" in sheet[1]


def test_unconfirmed_is_said_once_for_all_lists(settings: Settings) -> None:
    services = settings.services[0]
    yes = services.model_copy(update={"unconfirmed": "include"})
    assert settings.unconfirmed == "exclude"
    assert settings.model_copy(update={"services": (services, yes)}).unconfirmed == "include"


def test_the_kommuns_list_and_openstreetmap_are_read_together(tmp_path: Path, settings) -> None:
    osm = osm_xml(tmp_path / "osm.osm", [{"shop": "convenience", "name": "Nya handlarn"}])
    both = (*settings.services, settings.services[0].model_copy(update={"path": osm}))
    found = read_inputs(settings.model_copy(update={"services": both}))
    assert "Nya handlarn" in set(found.sites["name"])


def test_ten_thousand_sites_form_places_in_seconds() -> None:
    random = np.random.default_rng(4)
    count = 12_000
    # Towns: many sites near each other, as in the whole country.
    town = random.integers(0, 400, count)
    middle = random.uniform(0, 800_000, (400, 2))
    at = middle[town] + random.normal(0, 1500, (count, 2))
    frame = gpd.GeoDataFrame(
        {
            "site_id": [f"s{n:05d}" for n in range(count)],
            "service": random.choice(["dagligvaror", "drivmedel", "apotek", "paket"], count),
            "operator": random.choice(["a", "b", "c", None], count),
        },
        geometry=gpd.points_from_xy(at[:, 0], at[:, 1] + 6.2e6),
        crs=3006,
    )
    begin = time.process_time()
    places = place_ids(frame, 150)
    assert time.process_time() - begin < 10
    assert places.nunique() < count
    together = frame.assign(place=places).groupby("place")["service"]
    assert (together.size() == together.nunique()).all()

"""What a scenario changes: by hand on a toy map, and what must hold on any map."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from tests import toy_inputs as toy

from glesservice.analysis import Reached, analyse, reach
from glesservice.errors import InputError, SettingsError
from glesservice.scenarios import (
    Close,
    CloseRoad,
    Move,
    Open,
    Population,
    Position,
    Scenario,
    Step,
    Winter,
    WithoutNorway,
    load_scenarios,
    run_scenario,
    transform,
    what_if,
)
from glesservice.scenarios.norway import norway
from glesservice.sources import Inputs

SETTINGS = toy.settings()
EXAMPLES = profile(**toy.PROFILE_OF_RUNS, max_examples=8)
# Two whole analyses an example.
RUNS = profile(**toy.PROFILE_OF_RUNS, max_examples=5)
HAIR_KM = 1e-6

# A river with one bridge. West of it Väst with the shop and pump, east of it Öst, 1 km away from
# Väst over the bridge (road 7) and 1 + 30 + 30 km by the road around the lake (road 8). Nord lies
# 5 km north of Öst on road 9. All on straight roads; nodes in kilometres.
#
#        Nord 3
#         |  road 9, 5 km
# Väst 0 - 1 Öst      0-1 is the bridge, road 7, 1 km
#    \       /
#     2 (30 km south of the middle): road 8
NODES = [(0.0, 0.0), (1.0, 0.0), (0.5, -30.0), (1.0, 5.0)]
ROUND_KM = 2 * float(np.hypot(0.5, 30))
ROADS = [
    (0, 1, {"ref": "7"}),
    (0, 2, {"ref": "8"}),
    (2, 1, {"ref": "8", "closed": "Dec 01-Mar 31"}),
    (1, 3, {"ref": "9"}),
]
CELLS = {"väst": ((0.0, 0.0), 100.0), "öst": ((1.0, 0.0), 30.0), "nord": ((1.0, 5.0), 20.0)}
SITES = {"Affär": ((0.0, 0.0), "dagligvaror"), "Mack": ((0.0, 0.0), "drivmedel")}
VILLAGES = {"Väst": (0.0, 0.0), "Nord": (1.0, 5.0)}


@pytest.fixture(scope="module")
def river() -> Inputs:
    # Öst and Väst are within a village's 3 km of each other: they are one ort, Nord another.
    return toy.inputs(ROADS, NODES, CELLS, SITES, VILLAGES)


def at(east_km: float, north_km: float) -> Position:
    """Return a place of the toy map in degrees."""
    import geopandas as gpd

    point = gpd.GeoSeries(
        [shapely.Point(toy.E0 + 1000 * east_km, toy.N0 + 1000 * north_km)], crs=3006
    )
    degrees = point.to_crs(4326).iloc[0]
    return Position(lat=degrees.y, lon=degrees.x)


def km_after(inputs: Inputs, *steps: Step, service: str = "dagligvaror") -> dict[str, float]:
    """Return each cell's km to the nearest site after some steps; inf where there is none."""
    after = reach(*transform(Scenario(name="x", steps=steps), inputs, SETTINGS))
    km = after.cells.set_index("cell_id")[f"km_{service}"]
    return {str(cell): float(value) for cell, value in km.fillna(np.inf).items()}


def test_before_anything_changes_the_bridge_is_the_way(river):
    assert km_after(river) == pytest.approx({"väst": 0, "öst": 1, "nord": 6})


def test_without_the_bridge_one_drives_around_and_nobody_is_moved_across_the_river(river):
    """Öst lies 1 km from Väst's road as the crow flies: that is no way."""
    cut = km_after(river, CloseRoad(at=at(0.5, 0.0)))
    assert cut == pytest.approx({"väst": 0, "öst": ROUND_KM, "nord": ROUND_KM + 5})
    assert km_after(river, CloseRoad(ref="7")) == pytest.approx(cut)


def test_who_lives_on_either_side_of_a_cut_keeps_that_side(river):
    more = {**CELLS, "a": ((0.25, 0.0), 5.0), "b": ((0.75, 0.0), 5.0)}
    km = km_after(toy.inputs(ROADS, NODES, more, SITES, VILLAGES), CloseRoad(at=at(0.5, 0.0)))
    assert km["a"] == pytest.approx(0.25)
    assert km["b"] == pytest.approx(ROUND_KM + 0.25)


def test_who_lives_along_a_road_that_cannot_be_driven_has_no_way(river):
    more = {**CELLS, "a": ((0.25, 0.0), 5.0)}
    km = km_after(toy.inputs(ROADS, NODES, more, SITES, VILLAGES), CloseRoad(ref="7"))
    assert km["a"] == np.inf


def test_bridge_and_lake_road_closed_leave_the_east_without(river):
    km = km_after(river, CloseRoad(ref="7"), CloseRoad(ref="8"))
    assert km == pytest.approx({"väst": 0, "öst": np.inf, "nord": np.inf})


def test_an_island_keeps_its_own_shop(river):
    sites = {**SITES, "Nordboden": ((1.0, 5.0), "dagligvaror")}
    cut_off = toy.inputs(ROADS, NODES, CELLS, sites, VILLAGES)
    km = km_after(cut_off, CloseRoad(ref="7"), CloseRoad(ref="8"))
    assert km == pytest.approx({"väst": 0, "öst": 5, "nord": 0})


def test_a_road_closed_between_two_points_is_closed_there_alone(river):
    half = CloseRoad(ref="8", between=(at(0.1, -6.0), at(0.4, -24.0)))
    edges = transform(Scenario(name="x", steps=(half,)), river, SETTINGS)[0].edges
    assert edges["ref"].tolist() == ["7", "8", "9", "8"]  # what is closed stands last
    assert edges["closed"].tolist() == [None, "Dec 01-Mar 31", None, None]
    assert not set(edges[["u", "v"]].iloc[3]) & set(edges[["u", "v"]].iloc[:3].to_numpy().ravel())


def test_in_winter_the_lake_road_is_closed(river):
    assert km_after(river, Winter()) == pytest.approx({"väst": 0, "öst": 1, "nord": 6})
    km = km_after(river, Winter(), CloseRoad(ref="7"))
    assert km == pytest.approx({"väst": 0, "öst": np.inf, "nord": np.inf})
    assert km == km_after(river, CloseRoad(ref="7"), Winter())


def test_a_shop_opens_in_nord_and_moves_to_the_lake(river):
    opened = Open(service="dagligvaror", ort="Nord", name="Nordboden")
    assert km_after(river, opened) == pytest.approx({"väst": 0, "öst": 1, "nord": 0})
    moved = Move(site="Affär", at=at(1.0, 5.0))
    assert km_after(river, moved) == pytest.approx({"väst": 6, "öst": 5, "nord": 0})
    assert km_after(river, opened, Close(sites=("Affär",))) == pytest.approx(
        {"väst": 6, "öst": 5, "nord": 0}
    )


def test_shop_and_pump_at_one_spot_close_together_as_a_place(river):
    nord = {"Nordboden": ((1.0, 5.0), "dagligvaror"), "Nordmack": ((1.0, 5.0), "drivmedel")}
    inputs = toy.inputs(ROADS, NODES, CELLS, {**SITES, **nord}, VILLAGES)
    site, place = Close(sites=("Affär",)), Close(place="Affär")
    assert km_after(inputs, site, service="drivmedel")["väst"] == 0
    assert km_after(inputs, place, service="drivmedel")["väst"] == pytest.approx(6)
    only = Close(place="Affär", service="dagligvaror")
    assert km_after(inputs, only, service="drivmedel")["väst"] == 0


def test_a_chain_is_its_operator_or_the_first_words_of_its_names(river):
    sites = river.sites.assign(name=["Coop Väst", "Coopers Mack"], operator=[None, "Coop"])
    inputs = replace(river, sites=sites)
    for chain, expected in (("coop", ["closed", "closed"]), ("Coop Väst", ["closed", "open"])):
        steps = (Close(chain=chain),)
        changed, _ = transform(Scenario(name="x", steps=steps), inputs, SETTINGS)
        assert changed.sites["status"].tolist() == expected


def test_the_tables_by_hand_when_the_bridge_is_gone(river):
    found = run_scenario(
        Scenario(name="Bron", steps=(CloseRoad(at=at(0.5, 0.0)),)), river, SETTINGS
    )
    row = found.municipality.set_index("service").loc["dagligvaror"]
    # 30 people × 1 km and 20 × 6 km before; each drives ROUND_KM instead of the bridge's 1 after.
    assert row["person_km_before"] == pytest.approx(150)
    assert row["added_person_km"] == pytest.approx(50 * (ROUND_KM - 1))
    assert row["person_km_after"] == pytest.approx(150 + 50 * (ROUND_KM - 1))
    assert row["mean_km_before"] == pytest.approx(1.0)
    assert (row["past_limit_before"], row["past_limit_after"]) == (0, 50)
    assert row["without_after"] == 0
    nord = found.orter.set_index("name").loc["Nord"]
    assert nord["km_dagligvaror_change"] == pytest.approx(ROUND_KM - 1)
    # 65 km is beyond the far_km of both services, and no other site is anywhere: 70 + 30 points.
    assert nord["total_after"] == pytest.approx(100)
    assert nord["people_before"] == nord["people_after"] == 20


def test_what_if_asks_a_scenario_in_one_line(river):
    before = analyse(river, SETTINGS)
    asked = what_if(river, before, CloseRoad(ref="7"), Winter(), name="Bron")
    scenario = Scenario(name="Bron", steps=(CloseRoad(ref="7"), Winter()))
    written = run_scenario(scenario, river, SETTINGS, before)
    assert asked.scenario == scenario
    assert asked.orter.equals(written.orter)
    assert asked.municipality.equals(written.municipality)


def test_who_is_left_without_falls_out_of_the_mean_and_is_counted(river):
    steps = (CloseRoad(ref="7"), CloseRoad(ref="8"))
    found = run_scenario(Scenario(name="Ö", steps=steps), river, SETTINGS)
    row = found.municipality.set_index("service").loc["dagligvaror"]
    assert row["without_change"] == 50
    assert row["added_person_km"] == 0
    assert row["mean_km_after"] == 0
    nord = found.orter.set_index("name").loc["Nord"]
    assert nord["without_dagligvaror_after"] == 20
    assert np.isnan(nord["km_dagligvaror_after"])


def test_a_service_that_loses_its_last_site_stays_in_the_total(river):
    """Else the score would fall when the only pump closes."""
    found = run_scenario(Scenario(name="x", steps=(Close(sites=("Mack",)),)), river, SETTINGS)
    nord = found.orter.set_index("name").loc["Nord"]
    assert nord["total_after"] > nord["total_before"]
    assert nord["without_drivmedel_after"] == 20


def test_a_service_that_opens_its_first_site_is_told_and_not_weighed(river):
    steps = (Open(service="apotek", ort="Väst"),)
    found = run_scenario(Scenario(name="x", steps=steps), river, SETTINGS)
    nord = found.orter.set_index("name").loc["Nord"]
    assert nord["km_apotek_after"] == pytest.approx(6)
    assert np.isnan(nord["km_apotek_before"])
    assert nord["total_after"] == pytest.approx(nord["total_before"])


def test_people_change_in_one_ort_or_in_all(river):
    steps = (Population(factor=0.5, ort="Nord"),)
    found = run_scenario(Scenario(name="x", steps=steps), river, SETTINGS)
    assert found.after.people == 140
    row = found.municipality.set_index("service").loc["dagligvaror"]
    assert row["added_person_km"] == pytest.approx(-60)  # 10 people less × 6 km
    steps = (Population(factor=2),)
    found = run_scenario(Scenario(name="x", steps=steps), river, SETTINGS)
    assert found.after.people == 300
    assert (found.orter["total_change"].abs() < 1e-9).all()


def test_people_from_another_file(river, tmp_path):
    path = tmp_path / "folk.csv"
    path.write_text("rutid_scb;beftotalt\n4710007237000;7\n", encoding="utf-8")
    steps = (Population(path=path),)
    found = run_scenario(Scenario(name="x", steps=steps), river, SETTINGS)
    assert found.after.people == 7
    assert found.after.settings.population.path == path


# --- What is not known is told, all of it at once ------------------------------------------------


def test_everything_unknown_is_told_at_once_with_what_is_near(river):
    steps = (
        Close(sites=("Afär", "Mak")),
        Open(service="dagligvaror", ort="Nordd"),
        Open(service="mat", ort="Nord"),
        CloseRoad(ref="77"),
        CloseRoad(at=at(100.0, 100.0)),
    )
    with pytest.raises(InputError) as raised:
        transform(Scenario(name="Fel", steps=steps), river, SETTINGS)
    said = [str(fault) for fault in raised.value.faults]
    assert len(said) == 6
    for fault, part in zip(
        said,
        ["Did you mean Affär", "Did you mean Mack", "Did you mean Nord", "dagligvaror", "7", "N "],
        strict=True,
    ):
        assert part in fault
    assert "scenario Fel, step 2 (open)" in said[2]


def test_one_name_far_apart_is_not_guessed(river):
    nord = {"Nordboden": ((1.0, 5.0), "dagligvaror")}
    inputs = toy.inputs(ROADS, NODES, CELLS, {**SITES, **nord}, VILLAGES)
    same = inputs.sites.assign(name="Affär")
    with pytest.raises(InputError, match="ids: 1, 2, 3"):
        km_after(
            replace(inputs, sites=same.assign(site_id=["1", "2", "3"])), Close(sites=("Affär",))
        )


def test_a_file_of_scenarios(tmp_path):
    path = tmp_path / "scenarios.toml"
    path.write_text(
        """
        [[scenario]]
        name = "Bron och affären"
        steps = [
            { do = "close", sites = ["Affär"] },
            { do = "close-road", at = { lat = 65.1, lon = 14.7 } },
            { do = "population", path = "folk.csv" },
        ]

        [[scenario]]
        name = "Vinter utan Norge"
        steps = [{ do = "winter" }, { do = "without-norway", what = "roads" }]
        """,
        encoding="utf-8",
    )
    first, second = load_scenarios(path)
    assert first.steps[:2] == (
        Close(sites=("Affär",)),
        CloseRoad(at=Position(lat=65.1, lon=14.7)),
    )
    assert first.steps[2].path == (tmp_path / "folk.csv").resolve()
    assert second.steps == (Winter(), WithoutNorway(what="roads"))


def test_faults_of_a_file_are_told_at_once(tmp_path):
    path = tmp_path / "scenarios.toml"
    path.write_text(
        """
        [[scenario]]
        name = "Fel"
        steps = [{ do = "shut" }, { do = "close", site = "Affär" }, { do = "open", ort = "Nord" },
                 { do = "close" }, { do = "population", factor = -1 }]
        [[scenario]]
        steps = []
        """,
        encoding="utf-8",
    )
    with pytest.raises(SettingsError) as raised:
        load_scenarios(path)
    said = "\n".join(str(fault) for fault in raised.value.faults)
    for part in ("do = one of close", "Did you mean sites", "service", "sites, place or chain"):
        assert part in said
    assert "scenario 1" in said
    assert "factor" in said
    assert "name" in said


# --- What holds on any map -----------------------------------------------------------------------


def ways(result: Reached, services=toy.SERVICES) -> pd.DataFrame:
    """Return each cell's km a service; inf where there is none."""
    cells = result.cells.set_index("cell_id")
    return pd.DataFrame(
        {s: cells[f"km_{s}"].fillna(np.inf) if f"km_{s}" in cells else np.inf for s in services},
        index=cells.index,
    )


def after(inputs: Inputs, earlier: pd.DataFrame, *steps: Step) -> pd.DataFrame:
    """Return each cell's km after some steps; all inf where nothing is left at all."""
    changed = transform(Scenario(name="x", steps=steps), inputs, SETTINGS)
    if not changed[0].sites["status"].eq("open").any():
        return earlier * 0 + np.inf
    try:
        return ways(reach(*changed))
    except InputError as error:  # every site that is left stands where no road is
        assert "near a road" in str(error)  # noqa: PT017
        return earlier * 0 + np.inf


def no_shorter(later: pd.DataFrame, earlier: pd.DataFrame) -> bool:
    return bool((later >= earlier - HAIR_KM).all(axis=None))


@RUNS
@given(toy.municipalities())
def test_a_scenario_without_steps_changes_nothing(inputs):
    found = run_scenario(Scenario(name="x"), inputs, SETTINGS)
    pd.testing.assert_frame_equal(found.before.cells, found.after.cells)
    for name in ("total", *(f"km_{s}" for s in found.services)):
        assert (found.orter[f"{name}_change"].fillna(0) == 0).all()
    assert found.orter["rank_before"].equals(found.orter["rank_after"])
    assert (found.municipality["added_person_km"] == 0).all()
    listed = found.before.orter.set_index("ort_id")
    got = found.orter.set_index("ort_id")
    for name in ("rank", "people", "total"):
        expected = listed.loc[got.index, name]
        np.testing.assert_allclose(got[f"{name}_before"], expected, rtol=0, atol=1e-9)


@EXAMPLES
@given(toy.municipalities(), st.data())
def test_closing_a_site_lowers_nobodys_way(inputs, data):
    site = data.draw(st.sampled_from(sorted(inputs.sites["site_id"])))
    earlier = ways(reach(inputs, SETTINGS))
    assert no_shorter(after(inputs, earlier, Close(sites=(site,))), earlier)


@EXAMPLES
@given(toy.municipalities(), st.data())
def test_opening_a_site_raises_nobodys_way(inputs, data):
    ort = data.draw(st.sampled_from(sorted(inputs.settlements["name"])))
    service = data.draw(st.sampled_from(toy.SERVICES))
    earlier = ways(reach(inputs, SETTINGS))
    assert no_shorter(earlier, after(inputs, earlier, Open(service=service, ort=ort)))


@EXAMPLES
@given(toy.municipalities(), st.data())
def test_closing_a_road_shortens_nobodys_way(inputs, data):
    ref = data.draw(st.sampled_from(["1", "2", "3"]))
    link = inputs.edges.geometry.iloc[data.draw(st.integers(0, len(inputs.edges) - 1))]
    share = data.draw(st.sampled_from([0.0, 0.3, 0.5, 1.0]))
    spot = link.interpolate(share, normalized=True)
    cut = CloseRoad(at=at((spot.x - toy.E0) / 1000, (spot.y - toy.N0) / 1000))
    earlier = ways(reach(inputs, SETTINGS))
    numbers = {part for refs in inputs.edges["ref"].dropna() for part in refs.split(";")}
    steps = [(Winter(),)]
    if ref in numbers:
        steps.append((CloseRoad(ref=ref),))
    try:
        assert no_shorter(after(inputs, earlier, cut), earlier)
        steps.append((cut, Winter()))
    except InputError as error:  # a road outside the part in use, which nobody drives
        assert "no road is within" in str(error)  # noqa: PT017
    for step in steps:
        try:
            later = after(inputs, earlier, *step)
        except InputError as error:
            assert "there is no road with the number" in str(error)  # noqa: PT017
            continue
        assert no_shorter(later, earlier)


@EXAMPLES
@given(toy.municipalities(), st.sampled_from(["sites", "roads", "both"]))
def test_without_norway_is_no_shorter_than_with_it(inputs, what):
    earlier = ways(reach(inputs, SETTINGS))
    later = after(inputs, earlier, WithoutNorway(what=what))
    assert no_shorter(later, earlier)


# --- Norway --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lat", "lon", "beyond"),
    [
        ("Hattfjelldal", 65.60, 13.99, True),
        ("Oslo", 59.91, 10.75, True),
        ("Narvik", 68.44, 17.43, True),
        ("Bergen", 60.39, 5.32, True),
        ("Klimpfjäll", 65.06, 14.79, False),
        ("Strömstad", 58.94, 11.17, False),
        ("Kiruna", 67.86, 20.23, False),
        ("Charlottenberg", 59.89, 12.30, False),
        ("Storlien", 63.32, 12.10, False),
    ],
)
def test_towns_lie_on_the_right_side_of_the_border(name, lat, lon, beyond):
    from glesservice.scenarios.finding import in_sweref

    assert norway().contains(in_sweref(Position(lat=lat, lon=lon))) is beyond


def test_the_border_is_about_as_long_as_it_is():
    """1 619 km by the border survey; a generalised line is somewhat off."""
    assert norway().exterior.length > 1_500_000


def test_a_norwegian_shop_is_left_out_and_a_way_through_norway_too():
    beyond = norway()
    assert beyond.contains(shapely.Point(toy.E0 - 15_000, toy.N0))
    assert not beyond.contains(shapely.Point(toy.E0 + 15_000, toy.N0))
    # From A in Sweden over the border to the shop in Norway 30 km west, and on to B in Sweden;
    # by Sweden alone A and B are 50 km apart, and the other shop stands in B.
    nodes = [(15.0, 0.0), (-15.0, 0.0), (15.0, 10.0), (60.0, 5.0)]
    roads = [(0, 1), (1, 2), (0, 3), (3, 2)]
    cells = {"A": ((15.0, 0.0), 10.0), "B": ((15.0, 10.0), 10.0)}
    sites = {"Norgeboden": ((-15.0, 0.0), "dagligvaror"), "B-boden": ((15.0, 10.0), "dagligvaror")}
    sites["Mack"] = ((15.0, 0.0), "drivmedel")
    inputs = toy.inputs(roads, nodes, cells, sites, {"A": (15.0, 0.0), "B": (15.0, 10.0)})
    own = shapely.box(toy.E0 + 10_000, toy.N0 - 50_000, toy.E0 + 90_000, toy.N0 + 50_000)
    inputs = replace(inputs, boundary=inputs.boundary.assign(geometry=[own]))
    through = 30 + float(np.hypot(30, 10))
    around = 2 * float(np.hypot(45, 5))
    assert through < around
    assert km_after(inputs)["A"] == pytest.approx(30)
    assert km_after(inputs, WithoutNorway(what="sites"))["A"] == pytest.approx(through)
    assert km_after(inputs, WithoutNorway(what="roads"))["A"] == pytest.approx(around)
    assert km_after(inputs, WithoutNorway())["A"] == pytest.approx(around)

"""The checks: what is wrong with inputs is told by its rule, and sound inputs are left alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.broken_inputs import (
    BROKEN,
    E0,
    N0,
    SHOP,
    TOWN,
    Case,
    before,
    frame,
    limits,
    sound,
    with_cells,
    with_people,
    with_sites,
    written,
)
from tests.shared_data import GRID, needs_real_data

from glesservice import cli
from glesservice.checks import (
    LEVELS,
    RULES,
    Finding,
    Report,
    Subject,
    as_json,
    as_text,
    check,
    check_inputs,
    rule_text,
    rules_as_text,
)
from glesservice.checks.neighbours import neighbours
from glesservice.checks.sources import months_between
from glesservice.config import Population, load_settings
from glesservice.fetching.lock import LOCK, Lock, LockedFile
from glesservice.sources import Inputs
from glesservice.sources.population import read_population

CODES = [rule_text(type(rule)).code for rule in RULES]


def checked(case: Case) -> Report:
    return check_inputs(case.inputs, case.settings, case.previous, case.lakes)


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def the(report: Report, code: str) -> Finding:
    (finding,) = (finding for finding in report.findings if finding.code == code)
    return finding


def named(finding: Finding) -> list[str]:
    return [item.id for item in finding.items]


# Each rule


def test_sound_inputs_give_no_finding_at_all() -> None:
    report = checked(sound())
    assert codes(report) == []
    assert report.verdict == "sound"
    assert sorted(report.checked) == sorted(CODES)


def test_each_rule_has_its_broken_fixture() -> None:
    # Those of files have tests of their own below: INP01 of what no reader takes, SRC07 of a lock.
    assert sorted([*BROKEN, "INP01", "SRC07"]) == sorted(CODES)
    assert len(set(CODES)) == len(CODES)


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_broken_is_told_by_its_rule(code: str) -> None:
    report = checked(BROKEN[code](sound()))
    told = [finding for finding in report.findings if finding.code == code]
    assert told
    text = next(rule_text(type(rule)) for rule in RULES if rule_text(type(rule)).code == code)
    assert {finding.level for finding in told} == {text.level}
    assert report.verdict != "sound" or text.level == "info"


@given(st.lists(st.sampled_from(sorted(BROKEN)), min_size=2, max_size=3, unique=True))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_inputs_broken_in_several_ways_never_stop_the_check(broken: list[str]) -> None:
    case = sound()
    for code in broken:
        try:
            case = BROKEN[code](case)
        except (IndexError, ValueError, KeyError):
            return  # what one breaks the other needs: nothing to check
    report = checked(case)
    assert json.loads(as_json(report))["verdict"] == report.verdict != ""


# Whose fault it is


def test_the_worst_comes_first_and_says_where_it_is() -> None:
    case = with_cells(sound(), (E0 + 30_000, N0 + 29_000, 5), (E0 + 29_000, N0 + 22_000, 7))
    far = the(checked(case), "POP08")
    assert named(far) == ["6300007129000", "6290007122000"]
    assert (far.items[0].x, far.items[0].y) == (E0 + 30_500, N0 + 29_500)
    assert far.items[0].value == far.value == 4500
    assert (far.limit, far.unit) == (1000, "m")
    assert far.what.startswith("12 people")


def test_distances_to_the_road_are_those_of_brute_force(inputs: Inputs, settings: object) -> None:
    from glesservice.analysis import build_network

    network = build_network(inputs, settings)
    subject = Subject(inputs, settings, network=network)
    lines = network.lines[network.connected]
    brute = [shapely.distance(lines, point).min() for point in subject.cells.centroid]
    assert np.allclose(subject.cell_to_road_m, brute)


def test_a_limit_is_not_yet_too_far() -> None:
    case = with_sites(sound(), {**SHOP, "at": (E0 + 6_000, N0 + 5_400)})
    assert codes(checked(limits(case, site_road_m=400))) == []
    assert codes(checked(limits(case, site_road_m=399.9))) == ["SIT01"]


def test_two_shops_eighty_metres_apart_are_two_unless_they_share_a_name() -> None:
    at = (E0 + 5_180, N0 + 5_000)
    assert codes(checked(with_sites(sound(), {**SHOP, "at": at}))) == []
    same = with_sites(sound(), {**SHOP, "name": "Lanthandeln", "at": at})
    assert codes(checked(same)) == ["SIT04"]


def test_shop_and_pump_at_one_spot_are_no_doubles() -> None:
    pump = {"service": "drivmedel", "name": "Pumpen", "at": (E0 + 5_100, N0 + 5_000)}
    assert codes(checked(with_sites(sound(), pump))) == []


def test_a_closed_shop_is_no_double_of_the_one_that_replaced_it() -> None:
    gone = {**SHOP, "status": "closed", "at": (E0 + 5_100, N0 + 5_000)}
    assert codes(checked(with_sites(sound(), gone))) == []


def test_a_locality_that_shares_its_cells_with_a_neighbour_is_not_told() -> None:
    # 300 people may live in the tätort's part of cells with 330 people.
    case = sound()
    towns = case.inputs.settlements.assign(population=[300.0] + [None] * 16)
    towns["geometry"] = towns.geometry.where(towns.index != 0, shapely.Point(TOWN).buffer(700))
    assert codes(checked(case.table(settlements=towns))) == []


def test_half_of_the_people_is_another_column() -> None:
    halved = with_people(sound(), lambda people: (people / 2).round())
    assert codes(checked(halved)) == ["POP04", "POP05"]
    assert the(checked(halved), "POP04").value == pytest.approx(0.5)


def test_an_official_total_is_held_against_the_grid() -> None:
    people = sound().inputs.cells["people"].sum()
    assert codes(checked(limits(sound(), people=people * 1.019))) == []
    assert codes(checked(limits(sound(), people=people * 1.025))) == ["POP06"]


def test_the_same_grid_as_last_year_is_no_jump_and_noise_is_none_either() -> None:
    assert codes(checked(before(sound(), lambda table: table))) == []
    noisy = before(sound(), lambda table: table.assign(people=table["people"] + [1, -1] * 10))
    assert codes(checked(noisy)) == []


def test_a_cell_that_appears_is_a_jump_of_all_its_people() -> None:
    case = before(sound(), lambda table: table.iloc[1:])
    jump = the(checked(case), "CHG04")
    assert named(jump) == ["6190007119000"]
    assert jump.value == 150


def test_nothing_is_said_of_water_without_a_layer_of_lakes() -> None:
    lake = frame([shapely.box(E0, N0, E0 + 9_000, N0 + 9_000)])
    assert codes(checked(sound())) == []
    wet = the(checked(replace(sound(), lakes=lake)), "POP10")
    assert named(wet) == ["6050007105000"]
    shore = frame([shapely.box(E0, N0, E0 + 5_900, N0 + 9_000)])
    assert codes(checked(replace(sound(), lakes=shore))) == []


def test_sites_without_a_municipality_are_looked_at_by_their_place() -> None:
    case = sound()
    assert codes(checked(case.table(sites=case.inputs.sites.assign(kommunkod=None)))) == []


def test_norway_is_reached_from_vilhelmina_and_not_from_umea() -> None:
    from glesservice.checks.neighbours import reached

    vilhelmina, umea, haparanda, stockholm = (
        shapely.Point(at).buffer(60_000)
        for at in (
            (480_000, 7_250_000),
            (760_000, 7_088_000),
            (911_000, 7_330_000),
            (674_000, 6_580_000),
        )
    )
    assert set(reached(vilhelmina)) == {"NO"}
    assert set(reached(haparanda)) == {"FI"}
    assert not reached(umea)
    assert not reached(stockholm)
    assert shapely.intersection(*neighbours().values()).area == 0


@pytest.mark.parametrize(
    ("date", "months"),
    [
        ("2026-01-31", 0),
        ("2026-01", 0),
        ("2025-12-31", 1),
        ("2025", 1),
        ("2024", 13),
        ("2026", -11),
    ],
)
def test_months_are_counted_to_the_january_report(date: str, months: int) -> None:
    assert months_between(date, 2026, 1) == months


def test_the_age_of_a_source_does_not_hang_on_the_day_of_the_check() -> None:
    case = sound().section("services", date="2024-07")
    assert codes(checked(case)) == []
    assert codes(checked(case.section("check", report_month=2))) == ["SRC02"]


# What is said of it


def test_each_rule_tells_what_where_and_how_to_mend() -> None:
    listed = rules_as_text(RULES)
    for rule in RULES:
        text = rule_text(type(rule))
        assert f"{text.code}  {text.title} ({text.level})." in " ".join(listed.split()).replace(
            f"{text.code} ", f"{text.code}  "
        )
        assert text.mend.endswith(".")
        assert len(text.what) > 40
    assert max(map(len, listed.splitlines())) <= 96


def test_a_rule_that_does_not_tell_itself_is_refused() -> None:
    class Silent:
        """Something is wrong."""

    with pytest.raises(ValueError, match="Silent does not tell a rule"):
        rule_text(Silent)  # type: ignore[arg-type]


def test_errors_come_before_warnings_and_notes() -> None:
    case = BROKEN["SRV06"](BROKEN["POP02"](BROKEN["SRC02"](sound())))
    report = checked(case)
    assert [finding.level for finding in report.findings] == ["error", "warning", "info"]
    assert dict(report.counts) == {"error": 1, "warning": 1, "info": 1}
    text = as_text(report)
    assert [text.index(head) for head in ("Errors (1)", "Warnings (1)", "For information (1)")] == (
        sorted(text.index(head) for head in ("Errors (1)", "Warnings (1)", "For information (1)"))
    )
    assert "1 error, 1 warning, 1 note" in text


def test_the_text_of_a_finding() -> None:
    report = checked(with_sites(sound(), {**SHOP, "at": (E0 + 6_000, N0 + 5_400)}))
    assert as_text(report) == (
        "Inputs of Provköping (9901), 2026\n\n"
        "Warnings (1)\n\n"
        "SIT01  A site stands far from every road: 1 site more than 300 m away.\n"
        "       where: serviceplatser: Nya affären (dagligvaror) (400 m, N 7105400 E 606000)\n"
        "       mend:  Correct lat and lon, or add the road.\n\n"
        f"0 errors, 1 warning, 0 notes by {len(RULES)} rules. "
        "What each looks at: glesservice check --rules\n"
    )


def test_the_json_of_a_finding() -> None:
    report = checked(with_sites(sound(), {**SHOP, "at": (E0 + 6_000, N0 + 5_400)}))
    said = json.loads(as_json(report))
    assert said.pop("checked") == CODES
    assert said == {
        "schema": 1,
        "area": {"kommun": "9901", "year": 2026},
        "verdict": "findings",
        "counts": {"error": 0, "warning": 1, "info": 0},
        "findings": [
            {
                "code": "SIT01",
                "level": "warning",
                "title": "A site stands far from every road",
                "what": "1 site more than 300 m away",
                "where": {
                    "layer": "serviceplatser",
                    "count": 1,
                    "unit": "m",
                    "items": [
                        {
                            "id": "s7",
                            "name": "Nya affären (dagligvaror)",
                            "x": 606000,
                            "y": 7105400,
                            "value": 400.0,
                        }
                    ],
                },
                "mend": "Correct lat and lon, or add the road",
                "value": 400.0,
                "limit": 300.0,
                "unit": "m",
            }
        ],
    }


def test_a_finding_about_very_much_names_a_thousand_and_counts_all() -> None:
    grid = [
        (E0 + e, N0 + n, 1.5 + (e + n) % 7)
        for e in range(0, 40_000, 1000)
        for n in range(0, 40_000, 1000)
    ]
    from tests.broken_inputs import cells

    crowd = limits(sound().table(cells=cells(grid)), people_per_km2=0.5)
    crowded = the(checked(crowd), "POP07")
    assert (len(crowded.items), crowded.count) == (1000, 1600)
    assert "and 1595 more" in " ".join(as_text(checked(crowd)).split())


# The command


def run(*arguments: object) -> int:
    return cli.main(["check", *map(str, arguments)])


def test_the_command_ends_with_0_on_sound_files(tmp_path, capsys) -> None:
    path = written(sound(), tmp_path)
    assert run("--config", path) == 0
    said = capsys.readouterr()
    assert f"Nothing found by {len(RULES)} rules." in said.out
    assert said.err == ""


def test_notes_alone_end_with_0_and_a_warning_with_1(tmp_path, capsys) -> None:
    assert run("--config", written(BROKEN["POP02"](sound()), tmp_path)) == 0
    assert "POP02" in capsys.readouterr().out
    (tmp_path / "other").mkdir()
    assert run("--config", written(BROKEN["SIT01"](sound()), tmp_path / "other")) == 1
    assert "SIT01" in capsys.readouterr().out


def test_files_that_cannot_be_used_end_with_2_all_faults_together(tmp_path, capsys) -> None:
    path = written(sound(), tmp_path)
    (tmp_path / "population.gpkg").unlink()
    (tmp_path / "services.gpkg").write_text("<html>not found</html>", encoding="utf-8")
    text = path.read_text(encoding="utf-8") + 'previous_population = "nowhere.csv"\n'
    path.write_text(text, encoding="utf-8")
    assert run("--config", path, "--json") == 2
    said = json.loads(capsys.readouterr().out)
    assert said["verdict"] == "unusable"
    assert said["checked"] == ["INP01"]
    places = [finding["where"]["layer"] for finding in said["findings"]]
    for file in ("population.gpkg", "services.gpkg", "nowhere.csv"):
        assert any(file in place for place in places)
    assert {(finding["code"], finding["level"]) for finding in said["findings"]} == {
        ("INP01", "error")
    }
    assert run("--config", path) == 2
    assert "not everything could be checked" in capsys.readouterr().out


def test_roads_that_make_no_network_end_with_2(tmp_path, capsys) -> None:
    path = written(sound(), tmp_path)
    text = path.read_text(encoding="utf-8")
    assert 'secondary = "secondary", tertiary = "tertiary"' in text
    text = text.replace('secondary = "secondary", tertiary = "tertiary"', 'secondary = "path"')
    path.write_text(text, encoding="utf-8")
    assert run("--config", path) == 2
    said = capsys.readouterr().out
    assert "ROA01" in said or "INP01" in said


def test_settings_that_cannot_be_used_are_findings_too(tmp_path, capsys) -> None:
    path = tmp_path / "glesservice.toml"
    path.write_text("[aera]\nkommun = 1\n", encoding="utf-8")
    assert run("--config", path, "--json") == 2
    said = json.loads(capsys.readouterr().out)
    assert said["area"] is None
    assert any("aera is not known" in finding["what"] for finding in said["findings"])


def test_last_years_grid_and_lakes_are_read_from_their_files(tmp_path, capsys) -> None:
    path = written(sound(), tmp_path)
    last = sound().inputs.cells.assign(people=lambda table: table["people"] * 3)
    last.to_file(tmp_path / "last.gpkg", layer="rutor")
    lake = frame([shapely.box(E0, N0, E0 + 9_000, N0 + 9_000)])
    lake.to_file(tmp_path / "lakes.gpkg", layer="sjo")
    text = path.read_text(encoding="utf-8") + (
        'lakes = "lakes.gpkg"\n'
        '[check.previous_population]\npath = "last.gpkg"\nvalue = "people"\nid = "cell_id"\n'
    )
    path.write_text(text, encoding="utf-8")
    assert run("--config", path, "--json") == 1
    found = [finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert found == ["POP10", "CHG02", "CHG03", "CHG04"]


def test_a_fetched_file_that_was_changed_is_told(tmp_path, capsys) -> None:
    path = written(sound(), tmp_path)
    file = tmp_path / "services.gpkg"
    entry = LockedFile(
        file=file.name,
        source="OpenStreetMap",
        licence="ODbL",
        date="2026",
        urls=(),
        fetched="2026-01-02T03:04:05Z",
        bytes=file.stat().st_size,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
    )
    lock = Lock(glesservice="0", kommun="9901", year=2026, buffer_km=10, files=(entry,))
    (tmp_path / LOCK).write_bytes(lock.as_json())
    assert run("--config", path) == 0
    other = lock.model_copy(update={"files": (entry.model_copy(update={"sha256": "0" * 64}),)})
    (tmp_path / LOCK).write_bytes(other.as_json())
    capsys.readouterr()
    assert run("--config", path) == 1
    said = capsys.readouterr().out
    assert "SRC07" in said
    assert "services.gpkg" in said
    (tmp_path / LOCK).write_text("{", encoding="utf-8")
    assert run("--config", path) == 1
    assert "the lock file cannot be read" in " ".join(capsys.readouterr().out.split())


def test_the_rules_are_explained_without_reading_anything(tmp_path, capsys) -> None:
    assert run("--rules", "--config", tmp_path / "none.toml") == 0
    said = capsys.readouterr().out
    assert all(code in said for code in CODES)


def test_the_same_inputs_give_the_same_bytes(tmp_path) -> None:
    case = BROKEN["SIT04"](BROKEN["CHG03"](BROKEN["ROA05"](sound())))
    assert len({as_json(checked(case)) for _ in range(3)}) == 1


# The data that come with the project, and real ones


def test_what_is_found_in_the_embedded_data(settings) -> None:
    report = check(settings)
    assert {level: set() for level in LEVELS} | {
        level: {finding.code for finding in report.findings if finding.level == level}
        for level in LEVELS
    } == {
        "error": set(),
        # Modelled people in modelled polygons; no parcels; Hattfjelldal and five of Vilhelmina's
        # sites unconfirmed; two OKQ8 in one street; only main roads outside the municipality.
        "warning": {"POP04", "POP05", "SRV02", "SRV05", "SRV07", "SIT04", "COV01"},
        "info": {"TAB07", "SRC05", "POP02", "SET07", "SIT07", "SIT09", "ROA07"},
    }


@needs_real_data
def test_the_real_grid_lies_where_its_ids_say_and_far_from_the_embedded_roads(
    inputs: Inputs, settings
) -> None:
    cells = read_population(Population(path=GRID, layer="befolkning_1km_2024"))
    report = check_inputs(replace(inputs, cells=cells), settings)
    assert not {"POP07", "POP11", "POP12", "POP13", "POP14", "TAB05"} & set(codes(report))
    assert {"POP08", "COV02"} <= set(codes(report))


def test_the_settings_of_the_checks_are_refused_where_they_make_no_sense(tmp_path) -> None:
    from glesservice.errors import SettingsError

    path = written(sound(), tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "site_road = 3\nreport_month = 13\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="Did you mean site_road_m") as caught:
        load_settings(Path(path))
    assert len(caught.value.faults) == 2

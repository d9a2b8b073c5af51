"""The settings file: what is not understood is refused, all at once and with a way to mend it."""

from __future__ import annotations

import pytest

from glesservice.config import Settings, embedded_settings, load_settings
from glesservice.errors import SettingsError

LEAST = """
[area]
kommun = "2462"
name = "Vilhelmina"
year = 2026
[population]
path = "people.gpkg"
[settlements]
path = "orter.gpkg"
[services]
path = "sites.csv"
[roads]
path = "roads.graphml"
[boundary]
path = "kommun.gpkg"
"""


def load(tmp_path, text: str) -> Settings:
    path = tmp_path / "glesservice.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def faults(tmp_path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    return [str(fault) for fault in caught.value.faults]


def test_the_least_settings_get_the_documented_defaults(tmp_path):
    settings = load(tmp_path, LEAST)
    policy = settings.policy
    assert settings.area.buffer_km == 60
    assert {name: (s.near_km, s.far_km) for name, s in policy.services.items()} == {
        "dagligvaror": (10, 30),
        "drivmedel": (15, 40),
        "apotek": (10, 40),
        "paket": (10, 40),
        "kontanter": (25, 50),
    }
    assert (policy.sparsity_share, policy.vulnerability_km) == (0.7, 30)
    assert (settings.orter.village_km, settings.orter.cluster_km, settings.orter.bygd_km) == (
        3,
        2,
        20,
    )


def test_paths_are_relative_to_the_settings_file(tmp_path):
    assert load(tmp_path, LEAST).population.path == (tmp_path / "people.gpkg").resolve()


def test_one_roads_table_means_the_same_as_a_list_of_one(tmp_path):
    assert load(tmp_path, LEAST) == load(tmp_path, LEAST.replace("[roads]", "[[roads]]"))


def test_an_unknown_key_is_refused_with_the_nearest_known_one(tmp_path):
    (fault,) = faults(tmp_path, LEAST + "[network]\nacces_kmh = 20\n")
    assert "acces_kmh is not known" in fault
    assert "Did you mean access_kmh" in fault


def test_an_unknown_table_is_refused(tmp_path):
    (fault,) = faults(tmp_path, LEAST + "[polici]\n")
    assert "Did you mean policy" in fault


def test_an_unknown_key_inside_a_list_of_roads_names_the_keys_of_roads(tmp_path):
    (fault,) = faults(tmp_path, LEAST.replace("[roads]", "[[roads]]\njoin = 3"))
    assert "Did you mean join_m" in fault


def test_an_unknown_key_of_a_service_is_refused(tmp_path):
    text = LEAST + "[policy.services.dagligvaror]\nnear_km = 1\nfar_km = 2\nwieght = 1\n"
    (fault,) = faults(tmp_path, text)
    assert "Did you mean weight" in fault


def test_all_faults_are_told_at_once(tmp_path):
    text = LEAST.replace('kommun = "2462"', "kommun = 2462").replace("[boundary]", "[border]")
    told = "\n".join(faults(tmp_path, text))
    assert "[area] kommun" in told
    assert "border is not known" in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[policy.services.dagligvaror]\nnear_km = 30\nfar_km = 10\n", "far_km must be larger"),
        ("[policy.services.a]\nnear_km = 1\nfar_km = 2\nweight = 1.5\n", "less than or equal to 1"),
        (
            "[policy.services.a]\nnear_km = 1\nfar_km = 2\nweight = 0.7\n"
            "[policy.services.b]\nnear_km = 1\nfar_km = 2\nweight = 0.7\n",
            "add up to 2.20",
        ),
        ("[network]\naccess_kmh = 0\n", "greater than 0"),
        ("[network]\naccess_kmh = nan\n", "finite"),
        ('[network]\nseason = "spring"\n', "sommar"),
        ("[policy]\nlimits_km = [30, 5, 5]\n", "must rise"),
        ("[publication]\npeople_classes = [9, 9]\n", "must rise"),
    ],
)
def test_impossible_values_are_refused(tmp_path, text, said):
    assert any(said in fault for fault in faults(tmp_path, LEAST + text))


def test_a_missing_file_and_broken_toml_are_told_plainly(tmp_path):
    with pytest.raises(SettingsError, match="no such settings file"):
        load_settings(tmp_path / "none.toml")
    assert "TOML" in faults(tmp_path, "[area\n")[0]


def test_every_setting_says_what_it_means():
    def undescribed(model, path=""):
        for name, field in model.model_fields.items():
            inner = getattr(field.annotation, "model_fields", None)
            if inner is not None:
                yield from undescribed(field.annotation, f"{path}{name}.")
            elif not field.description and name not in Settings.model_fields:
                yield path + name

    assert list(undescribed(Settings)) == []


def test_the_embedded_settings_are_found_and_valid():
    assert load_settings(embedded_settings()).area.kommun == "2462"


def test_changing_one_service_keeps_the_others(tmp_path):
    policy = load(tmp_path, LEAST + "[policy.services.dagligvaror]\nnear_km = 5\n").policy
    assert list(policy.services) == ["dagligvaror", "drivmedel", "apotek", "paket", "kontanter"]
    changed = policy.services["dagligvaror"]
    assert (changed.near_km, changed.far_km, changed.weight) == (5, 30, 0.5)


def test_changing_one_speed_keeps_the_others(tmp_path):
    speeds = load(tmp_path, LEAST + "[network.class_speeds_kmh]\nprimary = 70\n").network
    assert speeds.class_speeds_kmh["primary"] == 70
    assert speeds.class_speeds_kmh["secondary"] == 80


def test_one_legal_limit_changed_keeps_the_rest_of_the_test_and_the_other_tests(
    tmp_path,
) -> None:
    text = LEAST + "[policy.legal.tests.dagligvaror]\nlimit_km = 12\nchecked = 2027-01-15\n"
    tests = load(tmp_path, text).policy.legal.tests
    assert list(tests) == ["dagligvaror", "drivmedel"]
    assert (tests["dagligvaror"].limit_km, tests["dagligvaror"].counterpart) == (12, "full")
    assert str(tests["dagligvaror"].checked) == "2027-01-15"
    assert str(tests["drivmedel"].expired) == "2024-01-01"


def test_a_slip_in_a_legal_test_is_answered_with_its_own_keys(tmp_path) -> None:
    text = LEAST + "[policy.legal.tests.dagligvaror]\nlimit = 12\n"
    with pytest.raises(SettingsError, match="Did you mean limit_km"):
        load(tmp_path, text)


def test_a_catchment_has_a_weight_for_each_zone(tmp_path) -> None:
    text = LEAST + "[policy.catchment]\nzones_minutes = [15, 60]\n"
    with pytest.raises(SettingsError, match="must be as many"):
        load(tmp_path, text)


def test_a_code_without_quotes_is_told_to_be_put_in_them(tmp_path):
    (fault,) = faults(tmp_path, LEAST.replace('"2462"', "2462"))
    assert '[area] kommun: this must be text. Write it in quotes: "2462"' in fault


def test_a_date_may_stand_without_quotes(tmp_path):
    dated = LEAST.replace('path = "sites.csv"', 'path = "sites.csv"\ndate = 2025-11-03')
    assert load(tmp_path, dated).services[0].date == "2025-11-03"
    year = LEAST.replace('path = "sites.csv"', 'path = "sites.csv"\ndate = 2025')
    assert load(tmp_path, year).services[0].date == "2025"


@pytest.mark.parametrize("path", ["", "  ", "a\\u0000b"])
def test_what_no_file_can_be_called_is_refused(tmp_path, path):
    (fault,) = faults(tmp_path, LEAST.replace("sites.csv", path))
    assert "[services] path: this is no path of a file" in fault


@pytest.mark.parametrize("table", ["settlements", "services"])
def test_one_table_of_any_kind_that_may_be_several_means_a_list_of_one(tmp_path, table):
    several = load(tmp_path, LEAST.replace(f"[{table}]", f"[[{table}]]"))
    assert several == load(tmp_path, LEAST)
    assert len(getattr(several, table)) == 1


def test_unconfirmed_may_be_said_by_one_list_and_not_differently_by_two(tmp_path):
    first = LEAST.replace("[services]", '[[services]]\nunconfirmed = "include"')
    more = '[[services]]\npath = "osm.osm.pbf"\n'
    assert load(tmp_path, first + more).unconfirmed == "include"
    (fault,) = faults(tmp_path, first + more + 'unconfirmed = "exclude"\n')
    assert "unconfirmed must be the same in all [[services]]" in fault


def test_without_a_border_the_one_of_the_code_is_used(tmp_path):
    settings = load(tmp_path, LEAST.replace('[boundary]\npath = "kommun.gpkg"\n', ""))
    assert settings.boundary.path.name == "kommun.parquet"
    assert settings.boundary.licence == "CC0"


def test_a_source_may_be_confidential(tmp_path):
    secret = LEAST.replace('path = "people.gpkg"', 'path = "people.gpkg"\nconfidential = true')
    assert load(tmp_path, secret).population.confidential
    assert not load(tmp_path, LEAST).population.confidential


def test_changed_settings_keep_what_is_not_named_and_leave_the_first_as_they_are():
    settings = load_settings()
    changed = settings.with_changes(
        policy={"services": {"dagligvaror": {"far_km": 25}}}, certainty={"draws": 0}
    )
    assert changed.policy.services["dagligvaror"].far_km == 25
    assert changed.policy.services["dagligvaror"].weight == 0.5
    assert changed.policy.services.keys() == settings.policy.services.keys()
    assert settings.policy.services["dagligvaror"].far_km == 30
    assert changed.population == settings.population


def test_changed_settings_are_what_a_file_that_says_the_same_gives(tmp_path):
    said = load(tmp_path, LEAST + "[policy]\nplace_m = 90\n[policy.services.apotek]\nnear_km = 5\n")
    changed = load(tmp_path, LEAST).with_changes(
        policy={"place_m": 90, "services": {"apotek": {"near_km": 5}}}
    )
    assert changed.model_dump() == said.model_dump()


def test_changed_settings_come_from_no_file_but_their_inputs_are_named_as_before(tmp_path):
    settings = load(tmp_path, LEAST)
    changed = settings.with_changes(area={"year": 2027})
    assert settings.origin.file is not None
    assert changed.origin.file is None
    assert changed.origin.said == settings.origin.said


def test_one_table_changes_every_source_and_a_list_replaces_them(tmp_path):
    two = LEAST.replace("[services]", "[[services]]").replace(
        'path = "sites.csv"',
        'path = "own.csv"\nunconfirmed = "include"\n[[services]]\npath = "sites.csv"',
    )
    settings = load(tmp_path, two)
    dated = settings.with_changes(services={"date": "2026"})
    assert [source.date for source in dated.services] == ["2026", "2026"]
    assert dated.unconfirmed == "include"
    first = settings.services[0]
    assert settings.with_changes(services=[first]).services == (first,)


def test_faults_of_changes_are_told_at_once_with_what_comes_near():
    with pytest.raises(SettingsError) as refused:
        load_settings().with_changes(
            policy={"sparsity_shar": 0.5, "services": {"apotek": {"far_km": 1}}}, areas={}
        )
    told = str(refused.value)
    assert "Did you mean sparsity_share" in told
    assert "far_km must be larger than near_km" in told
    assert "Did you mean area" in told


def test_without_a_path_the_settings_are_those_of_the_embedded_data():
    assert (
        load_settings()
        == load_settings(embedded_settings())
        == load_settings(str(embedded_settings()))
    )

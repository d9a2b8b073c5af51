"""Lastkajen's packages of the national road database need no settings."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx as nx
import pytest
from shapely import MultiLineString
from tests.drawn_roads import E0, N0, graph_of, layer, line

from glesservice.config import Network, Roads
from glesservice.errors import InputError
from glesservice.network import speeds
from glesservice.sources import read_roads

LIMIT, FORBIDDEN = "Hastighetsgrans_HogstaTillatnaHastighet", "ForbjudenFardriktning"


def package(path: Path, *roads: dict[str, object], without: tuple[str, ...] = ()) -> Path:
    """Write a package: each road is a line and what differs from a two-way road at 70."""
    usual = {
        "FunkVagklass_Klass": "5",
        "Vagtrafiknat_Vagtrafiknattyp": "bilnät",
        f"{LIMIT}_F": "70",
        f"{LIMIT}_B": "70",
        f"{FORBIDDEN}_F": None,
        f"{FORBIDDEN}_B": None,
        "Vagnummer_Huvudnummer_Vard": 0,
        "Vagnummer_Europavag": None,
        "Slitlager_Slitlagertyp": None,
        "Farjeled_Farjeledsnamn": None,
        "Gatunamn_Namn": "Storgatan",
    }
    rows = [usual | road for road in roads]
    lines = [row.pop("line") for row in rows]
    columns = {name: [row.get(name) for row in rows] for name in rows[0] if name not in without}
    return layer(path, lines, **columns)


def read(path: Path, **settings: object) -> gpd.GeoDataFrame:
    """Read a package as the settings name it."""
    return read_roads([Roads(path=path, **settings)])


ROAD = line((0, 0), (1000, 0))


@pytest.fixture
def village(tmp_path: Path) -> gpd.GeoDataFrame:
    """Read a main road of two links, a one-way street, a bridge, a cycle path and a ferry."""
    return read(
        package(
            tmp_path / "SverigepaketTP.gpkg",
            {
                "line": line((0, 0), (1000, 0)),
                "FunkVagklass_Klass": "2",
                "Vagnummer_Huvudnummer_Vard": 45,
                "Vagnummer_Europavag": "Ja",
                "Slitlager_Slitlagertyp": "belagd",
                f"{LIMIT}_F": "90",
                f"{LIMIT}_B": "80",
            },
            {"line": line((1000, 0), (2000, 0)), "Vagnummer_Huvudnummer_Vard": 1067},
            {
                "line": line((1000, 0), (1000, 500)),
                "FunkVagklass_Klass": "7",
                f"{FORBIDDEN}_B": "Ja",
                f"{LIMIT}_F": "50",
                f"{LIMIT}_B": None,
            },
            {
                "line": line((1000, 500), (2000, 0)),
                "FunkVagklass_Klass": "9",
                f"{FORBIDDEN}_F": "Ja",
                f"{LIMIT}_F": None,
                f"{LIMIT}_B": "30",
                "Slitlager_Slitlagertyp": "grus",
            },
            # Over the main road, without a junction.
            {"line": line((500, -500), (500, 500)), f"{LIMIT}_F": None, f"{LIMIT}_B": None},
            {"line": line((0, 0), (0, 9)), "Vagtrafiknat_Vagtrafiknattyp": "cykelnät"},
            {"line": line((2000, 0), (9000, 0)), "Farjeled_Farjeledsnamn": "Malgomajleden"},
        )
    )


def test_the_car_network_is_read_without_cycle_paths_and_ferries(village: gpd.GeoDataFrame) -> None:
    assert village["highway"].tolist() == [
        "primary",
        "tertiary",
        "unclassified",
        "track",
        "tertiary",
    ]
    assert village["ref"].fillna("").tolist() == ["E45", "1067", "", "", ""]
    assert village["surface"].fillna("").tolist() == ["paved", "", "", "gravel", ""]


def test_limits_are_numbers_one_for_each_direction(village: gpd.GeoDataFrame) -> None:
    assert village["maxspeed_kmh"].fillna(-1).tolist() == [90, 70, 50, 30, -1]
    assert village["maxspeed_backward_kmh"].fillna(-1).tolist() == [80, -1, -1, -1, -1]
    driven = speeds.assign(village, Network())
    assert driven["speed_origin"].tolist() == ["skyltad"] * 4 + ["vägklass"]


def test_forbidden_directions_are_not_driven(village: gpd.GeoDataFrame) -> None:
    assert village[["forward", "backward"]].to_numpy().tolist() == [
        [True, True],
        [True, True],
        [True, False],
        [False, True],
        [True, True],
    ]


def test_links_meet_where_they_share_an_end_and_bridges_meet_nothing(
    village: gpd.GeoDataFrame,
) -> None:
    u, v = village["u"].tolist(), village["v"].tolist()
    assert v[0] == u[1] == u[2]
    assert v[1] == v[3]
    assert v[2] == u[3]
    assert nx.number_weakly_connected_components(graph_of(village)) == 2
    # Out of the village street only the way it came is closed.
    graph = graph_of(village)
    assert not graph.has_edge(v[2], u[2])
    assert not graph.has_edge(u[3], v[3])


def test_links_are_as_long_as_on_the_ground(tmp_path: Path) -> None:
    path = package(tmp_path / "n.gpkg", {"line": ROAD})
    assert read(path)["length_m"].tolist() == pytest.approx([1000 / 0.9996], rel=1e-6)


@pytest.mark.parametrize(
    ("stated", "used"),
    [(1003.0, 1003.0), (1.003, 1000.4), (0.0, 1000.4), (None, 1000.4), ("1003", 1003.0)],
)
def test_the_registers_own_length_is_used_where_the_line_confirms_it(
    tmp_path: Path, stated: object, used: float
) -> None:
    path = package(tmp_path / "n.gpkg", {"line": ROAD, "_length": stated})
    assert read(path)["length_m"].item() == pytest.approx(used, abs=0.01)


def test_parts_of_one_feature_do_not_each_have_its_whole_length(tmp_path: Path) -> None:
    parts = MultiLineString([line((0, 0), (600, 0)), line((600, 0), (1000, 0))])
    edges = read(package(tmp_path / "n.gpkg", {"line": parts, "_length": 1000.4}))
    assert edges["length_m"].round().tolist() == [600, 400]
    assert edges["v"].iloc[0] == edges["u"].iloc[1]


@pytest.mark.parametrize("no", [None, "", "0", "Nej", "nej", 0, False])
def test_a_direction_that_is_not_forbidden_may_be_driven(tmp_path: Path, no: object) -> None:
    path = package(tmp_path / "n.gpkg", {"line": ROAD, f"{FORBIDDEN}_B": no})
    assert read(path)["backward"].all()


@pytest.mark.parametrize("yes", ["Ja", "1", 1, -1, True, "Sant"])
def test_a_forbidden_direction_may_be_written_in_several_ways(tmp_path: Path, yes: object) -> None:
    path = package(tmp_path / "n.gpkg", {"line": ROAD, f"{FORBIDDEN}_B": yes})
    assert not read(path)["backward"].any()


def test_a_road_closed_in_both_directions_is_none(tmp_path: Path) -> None:
    closed = {"line": ROAD, f"{FORBIDDEN}_F": "Ja", f"{FORBIDDEN}_B": "Ja"}
    with pytest.raises(InputError, match="no line carries cars"):
        read(package(tmp_path / "n.gpkg", closed))


@pytest.mark.parametrize("written", ["4", 4, 4.0, "klass 4"])
def test_the_class_may_be_text_or_number_and_the_settings_may_translate_it(
    tmp_path: Path, written: object
) -> None:
    path = package(tmp_path / "n.gpkg", {"line": ROAD, "FunkVagklass_Klass": written})
    assert read(path)["highway"].tolist() == ["secondary"]
    assert read(path, classes={"4": "primary"})["highway"].tolist() == ["primary"]


def test_a_package_without_the_optional_columns_is_read(tmp_path: Path) -> None:
    optional = (
        f"{FORBIDDEN}_F",
        f"{FORBIDDEN}_B",
        "Vagnummer_Huvudnummer_Vard",
        "Vagnummer_Europavag",
        "Slitlager_Slitlagertyp",
        "Farjeled_Farjeledsnamn",
    )
    edges = read(package(tmp_path / "n.gpkg", {"line": ROAD}, without=optional))
    assert edges[["forward", "backward"]].all(axis=None)
    assert edges["ref"].isna().all()


def test_a_layer_said_to_be_nvdb_must_have_its_columns(tmp_path: Path) -> None:
    path = layer(tmp_path / "v.gpkg", [ROAD], klass=["5"])
    with pytest.raises(InputError) as refused:
        read(path, format="nvdb")
    assert [fault.what for fault in refused.value.faults] == [
        f"the column {name} is missing"
        for name in (
            "FunkVagklass_Klass",
            "Vagtrafiknat_Vagtrafiknattyp",
            f"{LIMIT}_F",
            f"{LIMIT}_B",
        )
    ]


def test_a_package_may_be_read_as_any_line_layer(tmp_path: Path) -> None:
    path = package(tmp_path / "n.gpkg", {"line": ROAD, "FunkVagklass_Klass": "1"})
    edges = read(path, class_column="FunkVagklass_Klass", classes={"1": "motorway"})
    assert edges["highway"].tolist() == ["motorway"]
    assert edges["maxspeed_kmh"].isna().all()


def test_the_package_lies_where_it_was_drawn(tmp_path: Path) -> None:
    edges = read(package(tmp_path / "n.gpkg", {"line": ROAD}))
    assert edges.total_bounds.tolist() == [E0, N0, E0 + 1000, N0]

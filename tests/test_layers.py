"""The GeoPackage keeps the standard's rules, tells of itself, and QGIS shows it as the map does."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from tests.geopackage_rules import faults

from glesservice.disclosure import publish
from glesservice.exports import cartography
from glesservice.exports.layers import write_layers, write_more_layers
from glesservice.exports.manifest import settings_fingerprint
from glesservice.exports.qgis.symbols import rgba
from glesservice.tables.words import term

MAP_ASSETS = Path(cartography.__file__).parent / "webmap" / "assets"
# Debian's QGIS belongs to Debian's own Python.
SYSTEM_PYTHON = "/usr/bin/python3"
TABLES = ("strategiska", "kommunen", "kanslighet")


@pytest.fixture(scope="module")
def package(result, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("layers") / "glesservice.gpkg"
    write_layers(result, path)
    return path


@pytest.fixture(scope="module")
def qml(package) -> dict[str, ET.Element]:
    rows = asked(package, "SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1")
    return {name: ET.fromstring(text) for name, text in rows}  # noqa: S314


def asked(path: Path, query: str, *values: object) -> list[tuple]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(query, values).fetchall()


def test_the_file_breaks_no_rule_of_the_standard(package):
    assert faults(package) == []


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("PRAGMA application_id = 0", "application_id"),
        ("PRAGMA user_version = 7", "user_version"),
        ("DELETE FROM gpkg_spatial_ref_sys WHERE srs_id = -1", "the system -1"),
        ("UPDATE gpkg_contents SET max_x = 0 WHERE table_name = 'orter'", "bounds"),
        ("UPDATE gpkg_contents SET max_x = max_x + 9 WHERE table_name = 'rutor'", "rutor lies in"),
        ("UPDATE gpkg_contents SET srs_id = 4326 WHERE table_name = 'vagar'", "two systems"),
        ("UPDATE gpkg_contents SET last_change = 'igår'", "was changed at"),
        ("CREATE TABLE stray (x TEXT)", "stray is not listed"),
        ("DELETE FROM gpkg_extensions WHERE extension_name = 'gpkg_schema'", "not declared"),
        ("DELETE FROM gpkg_extensions WHERE extension_name LIKE '%rtree%'", "no spatial index"),
        ("DROP TRIGGER rtree_orter_geom_delete", "the triggers of"),
        ("DELETE FROM rtree_rutor_geom", "does not hold every row"),
        ("UPDATE gpkg_data_columns SET column_name = 'x' WHERE column_name = 'role'", "described"),
        ("DELETE FROM gpkg_data_column_constraints", "constraint"),
        ("UPDATE gpkg_metadata_reference SET md_file_id = 99", "foreign key"),
        ("UPDATE gpkg_metadata_reference SET reference_scope = 'row'", "reference of the scope"),
        ("UPDATE gpkg_geometry_columns SET geometry_type_name = 'POINT'", "geometry"),
    ],
)
def test_a_file_that_breaks_a_rule_is_found_out(package, tmp_path, harm, told):
    broken = tmp_path / "broken.gpkg"
    shutil.copy(package, broken)
    with closing(sqlite3.connect(broken)) as base:
        base.execute("PRAGMA foreign_keys = OFF")
        base.execute(harm)
        base.commit()
    assert any(told in fault for fault in faults(broken))


def test_two_writings_give_the_same_bytes(result, package, tmp_path):
    write_layers(result, tmp_path / package.name)
    for name in ("glesservice.gpkg", "glesservice.qgz"):
        assert (tmp_path / name).read_bytes() == (package.parent / name).read_bytes()


def test_every_table_of_the_result_is_a_layer(package):
    layers = pyogrio.list_layers(package).tolist()
    assert [name for name, kind in layers if kind is not None] == [
        "orter", "bygder", "rutor", "serviceplatser", "vagar", "kommun", "avstandsprov",
    ]  # fmt: skip
    assert [name for name, kind in layers if kind is None] == [
        "strategiska", "kommunen", "kanslighet", "layer_styles",
    ]  # fmt: skip


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="optional: no ogrinfo on this machine")
def test_ogrinfo_has_nothing_to_remark(package):
    said = subprocess.run(["ogrinfo", "-q", str(package)], capture_output=True, check=True)  # noqa: S607
    assert said.stderr == b""


def test_every_column_is_explained_in_swedish(result, package):
    described = {
        (table, column): (title, meaning)
        for table, column, title, meaning in asked(
            package, "SELECT table_name, column_name, title, description FROM gpkg_data_columns"
        )
    }
    for schema in publish(result).schemas.values():
        for column in schema.columns:
            title, meaning = described[schema.name, column.name]
            assert title.startswith(column.title)
            assert meaning == column.meaning
    words = asked(
        package,
        "SELECT value, description FROM gpkg_data_column_constraints"
        " WHERE constraint_name = 'orter_kind'",
    )
    assert dict(words) == {word: term(word) for word in ("tatort", "smaort", "by", "kluster")}


def test_the_metadata_tell_source_date_licence_settings_and_method(result, settings, package):
    ((text,),) = asked(package, "SELECT metadata FROM gpkg_metadata WHERE id = 1")
    for _, source in settings.inputs():
        assert f"{source.path.name}: {source.source}, {source.date}" in text
        assert f"<dcterms:license>{source.path.name}: {source.licence}" in text
    assert f"urn:sha256:{settings_fingerprint(settings)}" in text
    assert "Avstånd längs väg" in text
    for notice in result.notices:
        assert notice.replace("&", "&amp;") in text
    ((tables,),) = asked(
        package, "SELECT count(*) FROM gpkg_metadata_reference WHERE reference_scope = 'table'"
    )
    assert tables == 2 * len(publish(result).schemas)  # Dublin Core, and ISO 19139


def test_the_fingerprint_of_the_settings_hangs_on_what_they_say_and_not_on_where(
    settings, tmp_path
):
    moved = settings.population.model_copy(update={"path": tmp_path / "befolkning.gpkg"})
    assert settings_fingerprint(settings.model_copy(update={"population": moved})) == (
        settings_fingerprint(settings)
    )
    winter = settings.network.model_copy(update={"season": "vinter"})
    assert settings_fingerprint(settings.model_copy(update={"network": winter})) != (
        settings_fingerprint(settings)
    )


def test_each_layer_has_one_default_style_and_the_cells_one_for_each_service(result, package):
    rows = asked(
        package,
        "SELECT f_table_name, f_table_schema, f_geometry_column, sum(useAsDefault), count(*)"
        " FROM layer_styles GROUP BY 1",
    )
    for name, schema, geometry, defaults, styles in rows:
        assert (schema, defaults) == ("", 1)
        assert geometry == ("" if name in TABLES else "geom")
        assert styles == (len(result.weights) if name == "rutor" else 1)
    assert len(rows) == len(publish(result).schemas)


def test_the_cells_classes_and_colours_are_the_maps(qml):
    rules = qml["rutor"].findall(".//rule")
    symbols = qml["rutor"].findall(".//symbols/symbol")
    colours = [s.find(".//Option[@name='color']").get("value") for s in symbols]
    classes = cartography.DISTANCE_KM
    shown = [rule.get("label") for rule in rules]
    assert shown[: len(classes.labels)] == list(classes.labels)
    assert colours[: len(classes.labels)] == [rgba(colour) for colour in classes.colours]


def test_every_cell_falls_under_the_rule_of_its_class(package, qml):
    cells = gpd.read_file(package, layer="rutor")
    number = cartography.DISTANCE_KM.index(cells["km_dagligvaror"])
    for position, rule in enumerate(qml["rutor"].findall(".//rule")):
        if position < len(cartography.DISTANCE_KM.labels):
            chosen = asked(package, f"SELECT cell_id FROM rutor WHERE {rule.get('filter')}")  # noqa: S608
            assert {row[0] for row in chosen} == set(cells.loc[number == position, "cell_id"])


def test_the_maps_script_draws_with_the_same_colours_and_widths():
    """One source for both: what the script carries itself is compared with it."""
    background = (MAP_ASSETS / "js" / "background.js").read_text(encoding="utf-8")
    strokes = re.findall(r'\{ color: "(#\w+)", weight: ([\d.]+) \}', background)
    expected = [(stroke.colour, f"{stroke.width_px:g}") for stroke in cartography.ROAD_STROKES]
    assert strokes == expected
    border = cartography.BORDER_STROKE
    assert f'fillColor: "{cartography.LAKE}"' in background
    assert f'color: "{border.colour}",\n    weight: {border.width_px:g}' in background
    bygder = (MAP_ASSETS / "js" / "orter.js").read_text(encoding="utf-8")
    stroke = cartography.BYGD_STROKE
    assert f'color: "{stroke.colour}",\n      weight: {stroke.width_px:g}' in bygder
    assert f'dashArray: "{stroke.dash[0]:g} {stroke.dash[1]:g}"' in bygder
    page = (MAP_ASSETS / "page.css").read_text(encoding="utf-8")
    assert f"--accent: {cartography.ACCENT};" in page
    assert f"--text: {cartography.INK};" in page
    symbols = (MAP_ASSETS / "symbols.j2").read_text(encoding="utf-8")
    assert symbols.count("<symbol") == len(cartography.SIGNS)


def test_a_hostile_name_of_a_service_stays_inside_its_rule(result, tmp_path):
    hostile = "x' OR '1'='1<&"
    sites = result.sites.copy()
    sites.loc[0, "service"] = hostile
    write_layers(replace(result, sites=sites), tmp_path / "l.gpkg")
    ((text,),) = asked(
        tmp_path / "l.gpkg",
        "SELECT styleQML FROM layer_styles WHERE f_table_name = 'serviceplatser'",
    )
    filters = [rule.get("filter") for rule in ET.fromstring(text).findall(".//rule")]  # noqa: S314
    mine = next(f for f in filters if "OR" in f and "NOT" not in f)
    found = asked(tmp_path / "l.gpkg", f"SELECT service FROM serviceplatser WHERE {mine}")  # noqa: S608
    assert {row[0] for row in found} <= {hostile}
    assert faults(tmp_path / "l.gpkg") == []


def test_the_project_lists_every_layer_in_order_and_finds_it_beside_itself(package):
    with zipfile.ZipFile(package.with_suffix(".qgz")) as archive:
        assert archive.namelist() == ["glesservice.qgs"]
        project = ET.fromstring(archive.read("glesservice.qgs"))  # noqa: S314
    tree = [
        (group.get("name"), [layer.get("name") for layer in group])
        for group in project.find("layer-tree-group")
    ]
    assert tree == [
        ("Listor", ["Orter", "Serviceställen", "Avstånd mellan ställen", "Bygder"]),
        ("Underlag", ["Vägnät", "Befolkade rutor", "Kommun"]),
        ("Tabeller", ["Strategiska serviceorter", "Kommunens nyckeltal", "Känslighet"]),
    ]
    sources = [element.text for element in project.iter("datasource")]
    assert all(source.startswith("./glesservice.gpkg|layername=") for source in sources)


def test_parquet_and_geojson_are_written_on_request_alone(result, tmp_path):
    write_more_layers(result, tmp_path)
    assert list(tmp_path.iterdir()) == []
    wanted = result.settings.exports.model_copy(update={"parquet": True, "geojson": True})
    settings = result.settings.model_copy(update={"exports": wanted})
    for folder in (tmp_path / "1", tmp_path / "2"):
        folder.mkdir()
        write_more_layers(replace(result, settings=settings), folder)
    first = {item.name: item.read_bytes() for item in (tmp_path / "1").iterdir()}
    assert first == {item.name: item.read_bytes() for item in (tmp_path / "2").iterdir()}
    orter = gpd.read_parquet(tmp_path / "1" / "orter.parquet")
    assert orter.crs == "EPSG:3006"
    assert list(orter["name"]) == list(result.orter["name"])
    cells = gpd.read_file(tmp_path / "1" / "rutor.geojson")
    assert cells.crs == "EPSG:4326"
    assert "people" not in cells.columns
    assert "people" not in gpd.read_parquet(tmp_path / "1" / "rutor.parquet").columns
    assert len(pd.read_parquet(tmp_path / "1" / "strategiska.parquet")) == len(result.strategic)


def has_qgis() -> bool:
    """Tell whether QGIS can be asked; outside the test environment's own packages."""
    return (
        subprocess.run(
            [SYSTEM_PYTHON, "-c", "import qgis.core"], capture_output=True, check=False, env=bare()
        ).returncode
        == 0
        if Path(SYSTEM_PYTHON).exists()
        else False
    )


def bare() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}


@pytest.mark.skipif(not has_qgis(), reason="optional: no QGIS here (apt-get install python3-qgis)")
def test_qgis_opens_every_layer_with_its_style_and_the_project_in_order(result, package, tmp_path):
    picture = tmp_path / "qgis.png"
    script = Path(__file__).parent / "qgis_drawing.py"
    said = subprocess.run(
        [SYSTEM_PYTHON, script, package, package.with_suffix(".qgz"), picture],
        capture_output=True, check=True, env=bare(),
    )  # fmt: skip
    found = json.loads(said.stdout)
    assert found["read"]
    assert found["faults"] == []
    schemas = {schema.name: schema for schema in publish(result).schemas.values()}
    spatial = {name for name, schema in schemas.items() if schema.geometry}
    for name, schema in schemas.items():
        alone = found["alone"][name]
        assert alone["valid"]
        assert alone["style"], alone["message"]
        for column in schema.columns:
            assert alone["aliases"][column.name].startswith(column.title)
        if name in spatial:
            assert alone["renderer"] == "RuleRenderer"
            assert alone["crs"] == "EPSG:3006"
            assert alone["rules"]
    classes = cartography.DISTANCE_KM
    rules = found["alone"]["rutor"]["rules"][: len(classes.labels)]
    assert [(label, colour) for label, _, colour in rules] == list(
        zip(classes.labels, classes.colours, strict=True)
    )
    assert found["alone"]["orter"]["words"]["kind"][0] == {"tätort": "tatort"}
    assert [layer["name"] for layer in found["project"]][:2] == ["Orter", "Serviceställen"]
    assert all(layer["valid"] for layer in found["project"])
    # Every colour of the classes is on the picture: the cells are drawn, not merely listed.
    import matplotlib.image

    drawn = (255 * matplotlib.image.imread(picture)[:, :, :3]).round().astype(int)
    seen = {tuple(pixel) for pixel in drawn.reshape(-1, 3)[::3].tolist()}
    present = set(classes.index(result.cells["km_dagligvaror"]))
    for step, colour in enumerate(classes.colours):
        if step in present:
            rgb = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
            assert rgb in seen

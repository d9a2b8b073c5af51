"""Names that try to be formulas, markup, templates or commands are names in every product."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import rasterio
from tests.geopackage_rules import faults

from glesservice.analysis import Result
from glesservice.config import parse_settings
from glesservice.errors import SettingsError
from glesservice.exports.layers import write_layers
from glesservice.exports.pictures import write_pictures
from glesservice.exports.rasters import write_rasters
from glesservice.exports.registry import write_registry
from glesservice.exports.workbook import write_workbook
from glesservice.network import RoadNetwork
from glesservice.sources import read_registry
from glesservice.tables import REGISTRY, check

HOSTILE = (
    '=cmd|"/c calc"!A1',
    "+1+cmd",
    "-2+3",
    "@SUM(1)",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "{{7*7}}{%raw%}",
    "x' OR '1'='1",
    '";--',
    "]]><!--",
    "&amp;&lt;",
    "http://evil.example/",
    "mailto:a@b",
    "$\\frac{1}",
    "%s%n",
    '[%"name"%]',
    "مرحبا 😀",
    "a\u2028b",
    "L" * 40_000,
)


def _named(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Fill text columns with hostile names, no two of them the same."""
    worst = [f"{HOSTILE[row % len(HOSTILE)]}{row}" for row in range(len(frame))]
    return frame.assign(**dict.fromkeys(columns, pd.Series(worst, frame.index, dtype=object)))


@pytest.fixture(scope="module")
def hostile(result: Result) -> Result:
    source = result.settings.services[0].model_copy(update={"source": HOSTILE[0]})
    area = result.settings.area.model_copy(update={"name": HOSTILE[5]})
    small = result.settings.exports.model_copy(update={"raster_m": 1000.0})
    more = {"services": (source,), "area": area, "exports": small}
    return replace(
        result,
        settings=result.settings.model_copy(update=more),
        orter=_named(result.orter, "name", "motive", "decision_motive", "decided_by"),
        bygder=_named(result.bygder, "name", "members"),
        strategic=_named(result.strategic, "name", "sites", "motive"),
        sites=_named(result.sites, "name", "note", "source", "operator"),
        roads=_named(result.roads, "ref"),
        legal=_named(result.legal, "name", "next_site", "text"),
        sensitivity=result.sensitivity[:50],
        notices=HOSTILE,
    )


def test_no_cell_of_the_workbook_is_worked_out_or_leads_anywhere(hostile, tmp_path):
    write_workbook(hostile, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    shown = {cell.value for cell in book["Glesa orter"]["B"]}
    assert {f"{name}{row}" for row, name in enumerate(HOSTILE[:-1])} <= shown


def test_layers_styles_metadata_and_project_stay_well_formed(hostile, tmp_path):
    path = tmp_path / "glesservice.gpkg"
    write_layers(hostile, path)
    assert faults(path) == []
    with closing(sqlite3.connect(path)) as base:
        texts = [
            *base.execute("SELECT styleQML FROM layer_styles"),
            *base.execute("SELECT metadata FROM gpkg_metadata"),
        ]
        names = {row[0] for row in base.execute("SELECT name FROM orter")}
    for (text,) in texts:
        ET.fromstring(text)  # noqa: S314
    assert HOSTILE[0] + "0" in names
    with zipfile.ZipFile(path.with_suffix(".qgz")) as archive:
        project = ET.fromstring(archive.read("glesservice.qgs"))  # noqa: S314
    assert HOSTILE[5] in (project.findtext("title") or "")


def test_pictures_draw_names_and_nothing_else(hostile, tmp_path):
    write_pictures(hostile, tmp_path)
    for path in tmp_path.glob("*.svg"):
        tags = {element.tag.rpartition("}")[2] for element in ET.parse(path).iter()}  # noqa: S314
        assert not tags & {"script", "image", "a", "foreignObject"}


def test_the_tags_of_the_travel_times_hold_the_texts_as_they_are(hostile, tmp_path):
    write_rasters(hostile, RoadNetwork.from_edges(hostile.roads), tmp_path)
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == sorted(
        f"restid_{service}.tif" for service in hostile.weights.index
    )
    with rasterio.open(files[0]) as raster:
        assert HOSTILE[0] in raster.tags()["SOURCE"]
        assert HOSTILE[5] in raster.tags()["TIFFTAG_DOCUMENTNAME"]


def test_a_spreadsheet_works_nothing_out_of_the_registry_and_its_names_come_back(result, tmp_path):
    registry = _named(result.registry, "name")
    write_registry(registry, tmp_path / "ort-id.csv")
    lines = (tmp_path / "ort-id.csv").read_text(encoding="utf-8-sig").splitlines()
    fields = [field.strip('"') for line in lines for field in line.split(";")]
    assert not [field for field in fields if field.startswith(("=", "+", "@"))]
    back = read_registry(tmp_path / "ort-id.csv").set_index("ort_id")["name"]
    expected = check(registry, REGISTRY, "here").set_index("ort_id")["name"]
    assert back.to_dict() == expected.to_dict()


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\u202e", "\uffff"])
def test_a_setting_with_signs_that_nobody_sees_is_refused(settings, sign):
    raw = {
        **settings.model_dump(mode="json", exclude={"comparison", "certainty"}),
        "area": {"kommun": "2462", "name": f"Vilhelmina{sign}", "year": 2026},
        "publication": {"contact": f"mail{sign}"},
    }
    with pytest.raises(SettingsError) as caught:
        parse_settings(raw, Path("glesservice.toml"))
    told = [str(fault) for fault in caught.value.faults]
    assert len(told) == 2
    assert all("signs that cannot be seen" in fault for fault in told)

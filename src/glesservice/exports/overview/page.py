"""``oversikt.html``: the overview map, in one file that asks the network for nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from glesservice.exports.cartography import DISTANCE_KM
from glesservice.exports.method import sources
from glesservice.exports.overview.together import Together
from glesservice.exports.webmap.geometry import lines, point, to_wgs84
from glesservice.exports.webmap.page import STYLES, Page, Part, ServiceMap
from glesservice.exports.webmap.payload import embedded
from glesservice.swedish import as_set, number
from glesservice.tables import Column, Table, kommuner_table, orter_together_table
from glesservice.tables.words import service_name

SCRIPTS = ("text.js", "data.js", "controls.js", "tables.js", "overview.js")
# The sparsest are listed and drawn; the workbook and the layers have all.
LISTED = 500
# Borders are drawn with so many points along the longer side of the map.
FINENESS = 4000
MAP = "karta.html"


@dataclass(frozen=True)
class Value:
    """One table cell: what is shown, and where it leads."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Row:
    """One table row.

    Attributes
    ----------
    key
        ``kommun-`` or ``ort-`` and its position.
    name
        What it is about.
    values
        The row's cells.
    """

    key: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Heading:
    """One column: its schema's words."""

    title: str
    meaning: str
    unit: str
    text: bool


@dataclass(frozen=True)
class Listing:
    """One table of the page."""

    name: str
    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]


def write_page(together: Together, path: Path) -> None:
    """Write the overview page, equal bytes for equal results.

    Parameters
    ----------
    together
        What the municipalities say together.
    path
        The HTML file to write.
    """
    data = Part(embedded(_payload(together)))
    page = Page(
        {"data": data, **_content(together)},
        template="overview.html.j2",
        scripts=SCRIPTS,
        styles=(*STYLES, "overview.css"),
    )
    page.add_child(ServiceMap())
    path.write_text(page.render(), encoding="utf-8", newline="\n")


def _listed(together: Together) -> pd.DataFrame:
    """Return the orter that the page lists: the sparsest of all."""
    orter = together.orter
    listed = orter[orter["rank_all"] <= max(LISTED, together.top)]
    return pd.DataFrame(listed.reset_index(drop=True))


def _content(together: Together) -> dict[str, Any]:
    """Collect what the template shows."""
    listed = _listed(together)
    ranked = int(together.orter["rank_all"].notna().sum())
    return {
        "_": lambda text: text,
        "heading": together.heading,
        "demonstration": together.settings.publication.demonstration,
        "services": [{"id": one, "name": service_name(one)} for one in together.services],
        "classes": list(zip(DISTANCE_KM.labels, DISTANCE_KM.colours, strict=True)),
        "top": number(together.top),
        "kommuner": _kommuner(together),
        "orter": _orter(together, listed),
        "listed": f"De {number(len(listed))} glesaste av {number(ranked)} orter."
        if len(listed) < ranked
        else f"Alla {number(ranked)} rangordnade orter, de glesaste först.",
        "notices": together.notices,
        "lacking": together.lacking,
        "buffer_km": as_set(together.settings.area.buffer_km),
        "inputs": [text for _, text in sources(together.settings)],
    }


def _kommuner(together: Together) -> Listing:
    """Return the table of the municipalities."""
    table = kommuner_table(together.services)
    names = ["name", "people", *(f"km_{service}" for service in together.services), "top_orter"]
    rows = []
    for i, row in enumerate(together.kommuner.to_dict("records")):
        link = _link(str(row["folder"]))
        rows.append(_row(f"kommun-{i}", names, row, table, link))
    return Listing("kommun", "Kommuner", _headings(names, table), tuple(rows))


def _orter(together: Together, listed: pd.DataFrame) -> Listing:
    """Return the table of the sparsest orter."""
    table = orter_together_table(together.services)
    names = ["rank_all", "name", "kommun", "rank", "people", "total", "sparsity", "vulnerability"]
    folder = together.kommuner.set_index("kommunkod")["folder"]
    rows = [
        _row(f"ort-{i}", names, row, table, _link(str(folder[row["kommunkod"]])))
        for i, row in enumerate(listed.to_dict("records"))
    ]
    return Listing("ort", "Glesa orter i alla kommuner", _headings(names, table), tuple(rows))


def _link(folder: str) -> str:
    """Return where a municipality's own map lies, seen from the overview."""
    return f"{quote(folder)}/{MAP}"


def _headings(names: Sequence[str], table: Table) -> tuple[Heading, ...]:
    """Return the columns' headings."""
    columns = [table.column(name) for name in names]
    return tuple(Heading(c.title, c.meaning, c.unit, c.kind == "text") for c in columns)


def _row(key: str, names: Sequence[str], row: Mapping[Any, Any], table: Table, link: str) -> Row:
    """Make a row; its name leads to the municipality's own map."""
    values = [
        Value(_shown(row[name], table.column(name)), link if name == "name" else "")
        for name in names
    ]
    return Row(key, str(row["name"]), tuple(values))


def _shown(value: Any, column: Column) -> str:
    """Write one value."""
    if column.kind == "text":
        return "" if pd.isna(value) else str(value)
    return number(float(value), column.decimals)


def _payload(together: Together) -> dict[str, object]:
    """Return all that the script draws."""
    kommuner, listed = together.kommuner, _listed(together)
    west, south, east, north = kommuner.total_bounds
    tolerance = max(east - west, north - south) / FINENESS
    outlines = to_wgs84(kommuner.geometry.simplify(tolerance), kommuner.crs)
    places = to_wgs84([shape.representative_point() for shape in listed["geometry"]], kommuner.crs)
    position = {code: i for i, code in enumerate(kommuner["kommunkod"])}
    return {
        "services": [{"id": one, "name": service_name(one)} for one in together.services],
        "classes": {"upper": DISTANCE_KM.upper, "colours": DISTANCE_KM.colours},
        "top": together.top,
        "kommuner": {
            "name": kommuner["name"].tolist(),
            "link": [_link(str(folder)) for folder in kommuner["folder"]],
            "people": _numbers(kommuner["people"], 0),
            "orter": _numbers(kommuner["orter"], 0),
            "top": _numbers(kommuner["top_orter"], 0),
            "km": {one: _numbers(kommuner[f"km_{one}"], 1) for one in together.services},
            "rank": {one: _numbers(kommuner[f"km_rank_{one}"], 0) for one in together.services},
            "outline": [lines(shape) for shape in outlines],
        },
        "orter": {
            "name": listed["name"].tolist(),
            "kommun": [position[code] for code in listed["kommunkod"]],
            "all": _numbers(listed["rank_all"], 0),
            "own": _numbers(listed["rank"], 0),
            "people": _numbers(listed["people"], 0),
            "total": _numbers(listed["total"], 1),
            "motive": listed["motive"].fillna("").tolist(),
            "at": [point(place) for place in places],
        },
    }


def _numbers(values: pd.Series, decimals: int) -> list[float | int | None]:
    """Return numbers as JSON has them, nothing where they are missing."""
    rounded = [None if pd.isna(value) else round(float(value), decimals) for value in values]
    return [int(value) if value is not None and not decimals else value for value in rounded]

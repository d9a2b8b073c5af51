"""``sammanstallning.gpkg``: municipalities, orter and indicators as layers, ready for QGIS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import pandas as pd

from glesservice.exports.cartography import BORDER_STROKE, PAPER
from glesservice.exports.describing import Described, describe
from glesservice.exports.overview.together import Together
from glesservice.exports.qgis import Style, styles_of
from glesservice.exports.qgis.styles import distance_rules, words_of
from glesservice.exports.qgis.symbols import Rule, fill, renderer
from glesservice.geopackage import Layer, settle, write_geopackage
from glesservice.tables import (
    INDICATORS_TOGETHER,
    Table,
    kommuner_table,
    orter_together_table,
)
from glesservice.tables.words import service_name, service_place

GEOMETRY = "geom"
VERSION = "1.2"
USE = "Underlag, aldrig en rätt till stöd."


def write_layers(together: Together, path: Path) -> None:
    """Write the layers.

    Parameters
    ----------
    together
        What the municipalities say together.
    path
        The file to write.
    """
    tables: list[tuple[Table, pd.DataFrame]] = [
        (orter_together_table(together.services), together.orter),
        (kommuner_table(together.services), together.kommuner),
        (INDICATORS_TOGETHER, together.indicators),
    ]
    write_geopackage(path, [_layer(together, *one) for one in tables], VERSION)
    demonstration = together.settings.publication.demonstration
    note = "Demonstration, inte underlag för beslut." if demonstration else USE
    terms = [
        ("title", f"Service i {together.heading}"),
        ("language", "sv"),
        ("temporal", str(together.settings.area.year)),
        ("description", note),
        *(("abstract", notice) for notice in together.notices),
    ]
    for _, source in together.settings.inputs():
        terms.append(("source", f"{source.source or 'källa ej angiven'}, {source.date or ''}"))
        terms.append(("license", source.licence or "ej angiven"))
    describe(path, [_described(together, table) for table, _ in tables], terms)
    settle(path)


def _layer(together: Together, table: Table, frame: pd.DataFrame) -> Layer:
    """Prepare a layer for writing."""
    for column in table.columns:
        if column.kind == "text":
            texts = frame[column.name].astype(object)
            frame = frame.assign(**{column.name: texts.where(texts.notna(), None)})
    return Layer(
        table.name,
        frame,
        identifier=f"{table.title}, {together.heading}",
        description=f"{table.title}, {together.heading}.",
        geometry_name=GEOMETRY,
    )


def _described(together: Together, table: Table) -> Described:
    """Collect what is said of a layer."""
    words: Mapping[str, Mapping[str, str]] = {
        column.name: found
        for column in table.columns
        if (found := words_of(column, together.services))
    }
    return Described(
        name=table.name,
        columns=table.columns,
        words=words,
        styles=_styles(together, table),
        geometry=GEOMETRY if table.geometry else "",
        terms=[("title", table.title)],
    )


def _styles(together: Together, table: Table) -> Sequence[Style]:
    """Show municipalities by km to each service; orter and tables as a run shows them."""
    if table.name != "kommuner":
        policy = together.settings.policy
        return styles_of(table, table.columns, together.services, together.services, policy.top)
    return [
        Style(
            table.name,
            f"Km till {service_place(service)}",
            f"Kommunerna efter medelavståndet. {service_name(service)}.",
            (_by_km(service),),
            default=service == together.services[0],
        )
        for service in together.services
    ]


def _by_km(service: str) -> Element:
    """Colour the municipalities by the mean km to a service."""
    column = f'"km_{service}"'
    rules = distance_rules(column, BORDER_STROKE)
    rules.append(Rule("saknas", f"{column} IS NULL", (fill(PAPER, BORDER_STROKE),)))
    return renderer(rules, "fill")

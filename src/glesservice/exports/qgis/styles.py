"""The style of each layer: the map's classes and colours, Swedish names of columns and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from glesservice.exports.cartography import (
    ACCENT,
    BORDER_STROKE,
    BYGD_STROKE,
    CLOSED_DASH,
    DISTANCE_KM,
    INK,
    LAKE,
    NO_ROAD_COLOUR,
    NO_ROAD_LABEL,
    PAPER,
    ROAD_LABELS,
    ROAD_LEVELS,
    ROAD_STROKES,
    Stroke,
    sign_of,
)
from glesservice.exports.qgis.symbols import (
    Rule,
    fill,
    in_middle,
    labelling,
    line,
    marker,
    options,
    renderer,
    signs,
)
from glesservice.tables import Column, Table
from glesservice.tables.words import service_name, term

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
VERSION = "3.22.0"


@dataclass(frozen=True)
class Style:
    """One way to show a layer.

    Attributes
    ----------
    layer
        Name of the layer.
    name
        Name of the style, in Swedish.
    description
        What it shows.
    content
        Renderer, labels and columns as QGIS's elements.
    default
        Whether QGIS takes it without being asked.
    """

    layer: str
    name: str
    description: str
    content: tuple[Element, ...]
    default: bool = True

    def qml(self) -> str:
        """Return the style as a QGIS style file's text."""
        root = Element("qgis", {"version": VERSION, **self.attributes()})
        root.extend(self.content)
        indent(root, " ")
        return DOCTYPE + tostring(root, encoding="unicode") + "\n"

    def attributes(self) -> dict[str, str]:
        """Return the attributes that QGIS wants on a style, and on a layer of a project."""
        labelled = any(element.tag == "labeling" for element in self.content)
        return {"styleCategories": "AllStyleCategories", "labelsEnabled": str(int(labelled))}


def styles_of(
    table: Table, columns: Sequence[Column], services: Sequence[str], kinds: Sequence[str], top: int
) -> list[Style]:
    """Return the styles of a layer, its default first.

    Parameters
    ----------
    table
        The schema of the layer.
    columns
        Its columns, in the order of the layer.
    services
        The kinds of service that count: the cells are shown by km to each of them.
    kinds
        All kinds of service that have sites, in the map's order.
    top
        How many entries of a list are proposed.
    """
    shown = _fields(columns, kinds)
    drawn: dict[str, tuple[Element, ...]] = {
        "orter": _orter(top),
        "bygder": _bygder(),
        "serviceplatser": (_sites(kinds),),
        "avstandsprov": (_legal(),),
        "vagar": (_roads(),),
        "sjoar": (renderer([Rule("Sjö", "", (fill(LAKE, None),))], "fill"),),
        "kommun": (renderer([Rule("Kommun", "", (fill(PAPER, BORDER_STROKE),))], "fill"),),
    }
    if table.name == "rutor":
        return [
            Style(
                table.name,
                f"Km till {service}",
                f"Rutorna efter väglängd till närmaste {service}.",
                (_cells(service), *shown),
                default=service == services[0],
            )
            for service in services
        ]
    return [Style(table.name, table.title, table.title, (*drawn.get(table.name, ()), *shown))]


def distance_rules(column: str, stroke: Stroke) -> list[Rule]:
    """Return a rule for each class of distance.

    Parameters
    ----------
    column
        The column of km, quoted as in an expression; what has none there is in no class.
    stroke
        The outline.
    """
    bounds = [None, *DISTANCE_KM.upper, None]
    rules = []
    for step, (label, colour) in enumerate(
        zip(DISTANCE_KM.labels, DISTANCE_KM.colours, strict=True)
    ):
        low, high = bounds[step], bounds[step + 1]
        conditions = [f"{column} > {low:g}"] if low is not None else [f"{column} IS NOT NULL"]
        conditions += [f"{column} <= {high:g}"] if high is not None else []
        rules.append(Rule(label, " AND ".join(conditions), (fill(colour, stroke),)))
    return rules


def _cells(service: str) -> Element:
    """Colour the cells by km to a service."""
    column = f'"km_{service}"'
    rules = distance_rules(column, Stroke(PAPER, 0.6))
    dashed = fill(PAPER, Stroke(NO_ROAD_COLOUR, 2.0, (3.0, 2.0)))
    rules.append(Rule(NO_ROAD_LABEL, f'{column} IS NULL AND "access_m" IS NULL', (dashed,)))
    rules.append(
        Rule(
            f"ingen väg till {service}",
            f'{column} IS NULL AND "access_m" IS NOT NULL',
            (dashed,),
        )
    )
    return renderer(rules, "fill")


def _orter(top: int) -> tuple[Element, ...]:
    """Draw the orter as the map does: a badge with its number for what is proposed."""
    proposed = f'"rank" <= {top}'
    rim = fill(None, Stroke(ACCENT, 1.0))
    rules = [
        Rule(
            f"Föreslås: plats 1–{top}",
            proposed,
            (
                rim,
                in_middle(marker("circle", 22, ACCENT, Stroke(PAPER, 2.0))),
                in_middle(signs('to_string(to_int("rank"))', 11, PAPER)),
            ),
        ),
        Rule(
            "Övriga rangordnade orter",
            f'"rank" > {top}',
            (
                fill(None, Stroke(ACCENT, 0.5)),
                in_middle(marker("circle", 9, PAPER, Stroke(ACCENT, 3.0))),
            ),
        ),
        Rule(
            "Centralort, rangordnas inte",
            "\"role\" = 'centralort'",
            (
                fill(None, Stroke(INK, 0.7)),
                in_middle(marker("circle", 16, PAPER, Stroke(INK, 2.0))),
                in_middle(marker("circle", 6, INK, Stroke(INK, 0.0))),
            ),
        ),
    ]
    return renderer(rules, "fill"), labelling('"name"', f"{proposed} OR \"role\" = 'centralort'")


def _bygder() -> tuple[Element, ...]:
    """Draw the bygder as outlines."""
    return (
        renderer([Rule("Bygd", "", (fill(None, BYGD_STROKE),))], "fill"),
        labelling('"name"', '"rank" IS NOT NULL', size_pt=8.0),
    )


def _sites(kinds: Sequence[str]) -> Element:
    """Draw the sites side by side: a shape a kind of service, hollow where not counted."""
    rules = []
    for position, kind in enumerate(kinds):
        sign = sign_of(position)
        shift = (14 * (position - (len(kinds) - 1) / 2), 12.0)
        is_kind = f"\"service\" = '{_quoted(kind)}'"
        for counted, note in ((True, ""), (False, ", räknas inte")):
            drawn = marker(
                sign.qgis,
                11 if counted else 10,
                INK if counted else PAPER,
                Stroke(PAPER, 1.0) if counted else Stroke(INK, 1.6),
                turned=sign.turned,
                offset_px=shift,
            )
            condition = f'{is_kind} AND {"" if counted else "NOT "}"counted"'
            rules.append(Rule(f"{service_name(kind)}{note}", condition, (drawn,)))
    return renderer(rules, "marker")


def _legal() -> Element:
    """Draw the sites that were tested: those to be measured on the spot stand out."""
    over = marker("circle", 12, ACCENT, Stroke(PAPER, 1.0))
    within = marker("circle", 12, PAPER, Stroke(ACCENT, 2.0))
    near = marker("circle", 12, "#ffffff", Stroke(NO_ROAD_COLOUR, 2.5))
    return renderer(
        [
            Rule("Bör kontrollmätas", '"control"', (near,)),
            Rule(
                "Över gränsen",
                'NOT "control" AND ("margin_km" > 0 OR "margin_km" IS NULL)',
                (over,),
            ),
            Rule("Inom gränsen", 'NOT "control" AND "margin_km" <= 0', (within,)),
        ],
        "marker",
    )


def _roads() -> Element:
    """Draw the roads by class, dashed where they are closed some part of the year."""
    rules = []
    base = "replace(\"highway\", '_link', '')"
    for level in reversed(range(len(ROAD_STROKES))):
        classes = ", ".join(f"'{name}'" for name, at in ROAD_LEVELS.items() if at == level)
        condition = f"{base} IN ({classes})"
        stroke = ROAD_STROKES[level]
        dashed = Stroke(stroke.colour, stroke.width_px, CLOSED_DASH)
        rules.append(Rule(ROAD_LABELS[level], f'{condition} AND "closed" IS NULL', (line(stroke),)))
        rules.append(
            Rule(
                f"{ROAD_LABELS[level]}, stängd någon tid",
                f'{condition} AND "closed" IS NOT NULL',
                (line(dashed),),
            )
        )
    return renderer(rules, "line")


def _fields(columns: Sequence[Column], kinds: Sequence[str]) -> tuple[Element, ...]:
    """Name the columns in Swedish, and the fixed words in them."""
    aliases, configuration = Element("aliases"), Element("fieldConfiguration")
    for position, column in enumerate(columns):
        unit = f" ({column.unit})" if column.unit and column.kind != "text" else ""
        SubElement(
            aliases,
            "alias",
            {"index": str(position), "field": column.name, "name": column.title + unit},
        )
        words = words_of(column, kinds)
        if words:
            field = SubElement(configuration, "field", {"name": column.name})
            widget = SubElement(field, "editWidget", {"type": "ValueMap"})
            config = SubElement(widget, "config")
            outer = SubElement(config, "Option", {"type": "Map"})
            listed = SubElement(outer, "Option", {"name": "map", "type": "List"})
            for word, shown in words.items():
                options(listed, {shown: word})
    named = next((column.name for column in columns if column.name == "name"), columns[0].name)
    preview = Element("previewExpression")
    preview.text = f'"{named}"'
    return configuration, aliases, preview


def words_of(column: Column, kinds: Sequence[str]) -> Mapping[str, str]:
    """Return the fixed words of a column with their Swedish.

    Parameters
    ----------
    column
        The column.
    kinds
        The kinds of service, for columns that hold one.
    """
    if column.kind == "bool":
        return {"true": "ja", "false": "nej"}
    if column.name == "service":
        return {kind: service_name(kind) for kind in kinds}
    return {word: term(word) for word in column.words}


def _quoted(text: str) -> str:
    """Write a text inside the quotes of an expression."""
    return text.replace("'", "''")

"""Symbols, rules and labels as QGIS writes them in XML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from glesservice.exports.cartography import INK, PAPER, Stroke

MM_PER_PX = 25.4 / 96

Values = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """One layer of a symbol: its class and values, a marker in it, values that follow from data."""

    kind: str
    values: Values
    inner: Part | None = None
    expressions: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """What one entry of the legend covers, and how it is drawn.

    Attributes
    ----------
    label
        Text in the legend.
    condition
        QGIS expression; empty for everything.
    parts
        The symbol, bottom first.
    """

    label: str
    condition: str
    parts: tuple[Part, ...]


def rgba(colour: str) -> str:
    """Return a colour as QGIS writes it.

    Parameters
    ----------
    colour
        As ``#rrggbb``.

    Examples
    --------
    >>> rgba("#fee838")
    '254,232,56,255'
    """
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def fill(colour: str | None, stroke: Stroke | None) -> Part:
    """Return a filled area.

    Parameters
    ----------
    colour
        Of the area; None for none.
    stroke
        Its outline; None for none.
    """
    drawn = stroke or Stroke(PAPER, 0.0)
    outline = "no" if stroke is None else "dash" if stroke.dash else "solid"
    return Part(
        "SimpleFill",
        {
            "color": rgba(colour or PAPER),
            "style": "solid" if colour else "no",
            "outline_color": rgba(drawn.colour),
            "outline_style": outline,
            "outline_width": _mm(drawn.width_px),
            "outline_width_unit": "MM",
            "joinstyle": "miter",
        },
    )


def line(stroke: Stroke) -> Part:
    """Return a line.

    Parameters
    ----------
    stroke
        How it is drawn.
    """
    return Part(
        "SimpleLine",
        {
            "line_color": rgba(stroke.colour),
            "line_width": _mm(stroke.width_px),
            "line_width_unit": "MM",
            "line_style": "solid",
            "capstyle": "flat" if stroke.dash else "round",
            "joinstyle": "round",
            "use_custom_dash": "1" if stroke.dash else "0",
            "customdash": ";".join(_mm(length) for length in stroke.dash) or "5;2",
            "customdash_unit": "MM",
        },
    )


def marker(
    shape: str,
    size_px: float,
    colour: str,
    stroke: Stroke,
    *,
    turned: float = 0.0,
    offset_px: tuple[float, float] = (0.0, 0.0),
) -> Part:
    """Return a marker.

    Parameters
    ----------
    shape
        QGIS's name of it.
    size_px
        Its diameter.
    colour
        Of its inside.
    stroke
        Its outline.
    turned
        Degrees clockwise.
    offset_px
        To the right and down.
    """
    return Part(
        "SimpleMarker",
        {
            "name": shape,
            "size": _mm(size_px),
            "size_unit": "MM",
            "color": rgba(colour),
            "outline_color": rgba(stroke.colour),
            "outline_style": "solid",
            "outline_width": _mm(stroke.width_px),
            "outline_width_unit": "MM",
            "angle": f"{turned:g}",
            "offset": ",".join(_mm(shift) for shift in offset_px),
            "offset_unit": "MM",
            "scale_method": "diameter",
            "joinstyle": "miter",
        },
    )


def signs(expression: str, size_px: float, colour: str) -> Part:
    """Return a marker of signs from the data, such as a number.

    Parameters
    ----------
    expression
        QGIS expression of the signs.
    size_px
        Their height.
    colour
        Their colour.
    """
    return Part(
        "FontMarker",
        {
            "font": "DejaVu Sans",
            "font_style": "Bold",
            "size": _mm(size_px),
            "size_unit": "MM",
            "color": rgba(colour),
            "outline_width": "0",
            "chr": "A",
        },
        expressions={"char": expression},
    )


def in_middle(inner: Part) -> Part:
    """Return a marker that stands in the middle of an area.

    Parameters
    ----------
    inner
        The marker.
    """
    return Part("CentroidFill", {"point_on_all_parts": "0", "point_on_surface": "1"}, inner)


def renderer(rules: Sequence[Rule], geometry: str) -> Element:
    """Return the element of a renderer by rules.

    Parameters
    ----------
    rules
        In the order of the legend.
    geometry
        ``fill``, ``line`` or ``marker``.
    """
    root = Element(
        "renderer-v2",
        {"type": "RuleRenderer", "symbollevels": "0", "enableorderby": "0", "forceraster": "0"},
    )
    listed = SubElement(root, "rules", {"key": "regler"})
    symbols = SubElement(root, "symbols")
    for number, rule in enumerate(rules):
        given = {"key": f"regel-{number}", "symbol": str(number), "label": rule.label}
        if rule.condition:
            given["filter"] = rule.condition
        SubElement(listed, "rule", given)
        _symbol(symbols, str(number), geometry, rule.parts)
    return root


def labelling(expression: str, condition: str, *, size_pt: float = 9.0) -> Element:
    """Return the element of labels with a pale halo.

    Parameters
    ----------
    expression
        QGIS expression of the text.
    condition
        QGIS expression: what is labelled.
    size_pt
        Height of the text.
    """
    root = Element("labeling", {"type": "rule-based"})
    rules = SubElement(root, "rules", {"key": "etiketter"})
    rule = SubElement(rules, "rule", {"key": "etikett-0", "filter": condition})
    settings = SubElement(rule, "settings", {"calloutType": "simple"})
    style = SubElement(
        settings,
        "text-style",
        {
            "fieldName": expression,
            "isExpression": "1",
            "fontFamily": "DejaVu Sans",
            "fontSize": f"{size_pt:g}",
            "fontSizeUnit": "Point",
            "fontWeight": "63",
            "textColor": rgba(INK),
            "textOpacity": "1",
        },
    )
    SubElement(
        style,
        "text-buffer",
        {
            "bufferDraw": "1",
            "bufferSize": "0.8",
            "bufferSizeUnits": "MM",
            "bufferColor": rgba(PAPER),
            "bufferOpacity": "1",
            "bufferNoFill": "1",
        },
    )
    SubElement(
        settings,
        "placement",
        {"placement": "0", "dist": "2.5", "distUnits": "MM", "centroidInside": "1"},
    )
    SubElement(settings, "rendering", {"obstacle": "1", "drawLabels": "1"})
    return root


def options(parent: Element, values: Values) -> Element:
    """Return a new map of options below an element.

    Parameters
    ----------
    parent
        The element.
    values
        Names and values.
    """
    listed = SubElement(parent, "Option", {"type": "Map"})
    for name, value in values.items():
        SubElement(listed, "Option", {"name": name, "type": "QString", "value": value})
    return listed


def _symbol(parent: Element, name: str, geometry: str, parts: Iterable[Part]) -> None:
    """Add a symbol of some layers."""
    symbol = SubElement(
        parent,
        "symbol",
        {"name": name, "type": geometry, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
    )
    for number, part in enumerate(parts):
        layer = SubElement(
            symbol, "layer", {"class": part.kind, "enabled": "1", "pass": "0", "locked": "0"}
        )
        options(layer, part.values)
        if part.expressions:
            _data_defined(layer, part.expressions)
        if part.inner is not None:
            _symbol(layer, f"@{name}@{number}", "marker", [part.inner])


def _data_defined(layer: Element, expressions: Values) -> None:
    """Let values of a symbol's layer follow from the data."""
    outer = SubElement(SubElement(layer, "data_defined_properties"), "Option", {"type": "Map"})
    SubElement(outer, "Option", {"name": "name", "type": "QString", "value": ""})
    properties = SubElement(outer, "Option", {"name": "properties", "type": "Map"})
    for name, expression in expressions.items():
        one = SubElement(properties, "Option", {"name": name, "type": "Map"})
        SubElement(one, "Option", {"name": "active", "type": "bool", "value": "true"})
        SubElement(one, "Option", {"name": "expression", "type": "QString", "value": expression})
        SubElement(one, "Option", {"name": "type", "type": "int", "value": "3"})
    SubElement(outer, "Option", {"name": "type", "type": "QString", "value": "collection"})


def _mm(pixels: float) -> str:
    """Write a length in millimetres."""
    return f"{pixels * MM_PER_PX:.3f}".rstrip("0").rstrip(".")

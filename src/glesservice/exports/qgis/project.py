"""``glesservice.qgz``: a QGIS project beside the layers, which opens with all of them in order."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from glesservice.exports.qgis.styles import DOCTYPE, VERSION, Style

# The earliest time that a zip file can tell: equal projects make equal bytes.
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
BACKGROUND = (230, 233, 230)  # as behind the map page's
SREF = {"srsid": "971", "srid": "3006", "authid": "EPSG:3006", "description": "SWEREF99 TM"}


@dataclass(frozen=True)
class ProjectLayer:
    """A layer of the project.

    Attributes
    ----------
    style
        How it is shown; names the layer.
    title
        Its Swedish name in the list of layers.
    group
        The group that it stands in.
    geometry
        ``Polygon``, ``Line`` or ``Point``; empty for a table.
    shown
        Whether it is shown at once.
    """

    style: Style
    title: str
    group: str
    geometry: str
    shown: bool = True


def write_project(
    path: Path,
    data: str,
    title: str,
    layers: Sequence[ProjectLayer],
    bounds: tuple[float, float, float, float],
) -> None:
    """Write a project that shows the layers of a GeoPackage in the same folder.

    Parameters
    ----------
    path
        The project to write, ``.qgz``.
    data
        File name of the GeoPackage.
    title
        Title of the project.
    layers
        The layers, the uppermost first.
    bounds
        What the map shows at first: west, south, east, north, in EPSG:3006.
    """
    root = Element("qgis", {"projectname": title, "version": VERSION})
    SubElement(root, "title").text = title
    _reference(SubElement(root, "projectCrs"))
    tree = SubElement(root, "layer-tree-group")
    groups: dict[str, Element] = {}
    for layer in layers:
        if layer.group not in groups:
            groups[layer.group] = SubElement(
                tree,
                "layer-tree-group",
                {"name": layer.group, "expanded": "1", "checked": "Qt::Checked"},
            )
        SubElement(
            groups[layer.group],
            "layer-tree-layer",
            {
                "id": _key(layer),
                "name": layer.title,
                "source": _source(data, layer),
                "providerKey": "ogr",
                "expanded": "0",
                "checked": "Qt::Checked" if layer.shown else "Qt::Unchecked",
            },
        )
    canvas = SubElement(root, "mapcanvas", {"name": "theMapCanvas", "annotationsVisible": "1"})
    SubElement(canvas, "units").text = "meters"
    extent = SubElement(canvas, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), bounds, strict=True):
        SubElement(extent, name).text = f"{value:.0f}"
    _reference(SubElement(canvas, "destinationsrs"))
    listed = SubElement(root, "projectlayers")
    for layer in layers:
        _layer(listed, data, layer)
    _properties(root)
    indent(root, " ")
    text = DOCTYPE + tostring(root, encoding="unicode") + "\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(f"{path.stem}.qgs", ZIP_TIME)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3  # as on Unix, wherever it is made
        archive.writestr(entry, text.encode("utf-8"))


def _layer(parent: Element, data: str, layer: ProjectLayer) -> None:
    """Add one layer with its style."""
    given = {"type": "vector", "geometry": layer.geometry or "No geometry"}
    element = SubElement(parent, "maplayer", {**given, **layer.style.attributes()})
    SubElement(element, "id").text = _key(layer)
    SubElement(element, "datasource").text = _source(data, layer)
    SubElement(element, "layername").text = layer.title
    if layer.geometry:
        _reference(SubElement(element, "srs"))
    SubElement(element, "provider", {"encoding": "UTF-8"}).text = "ogr"
    element.extend(copy.deepcopy(part) for part in layer.style.content)


def _key(layer: ProjectLayer) -> str:
    """Return the layer's id in the project; QGIS makes up its own for ids of few signs."""
    return f"glesservice_{layer.style.layer}"


def _source(data: str, layer: ProjectLayer) -> str:
    """Say where a layer's data are, from the project's folder."""
    return f"./{data}|layername={layer.style.layer}"


def _reference(parent: Element) -> None:
    """Add the coordinate system."""
    system = SubElement(parent, "spatialrefsys")
    for name, value in SREF.items():
        SubElement(system, name).text = value


def _properties(root: Element) -> None:
    """Keep paths relative, so that the folder may be moved, and what lies outside grey."""
    properties = SubElement(root, "properties")
    canvas = SubElement(properties, "Gui")
    for part, value in zip(("Red", "Green", "Blue"), BACKGROUND, strict=True):
        SubElement(canvas, f"CanvasColor{part}Part", {"type": "int"}).text = str(value)
    paths = SubElement(properties, "Paths")
    SubElement(paths, "Absolute", {"type": "bool"}).text = "false"

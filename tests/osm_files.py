"""Small OpenStreetMap files, written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

LAT, LON = 65.2364, 15.9919


def osm_xml(
    path: Path,
    nodes: Sequence[dict[str, str]] = (),
    areas: Sequence[dict[str, str]] = (),
    at: tuple[float, float] = (LAT, LON),
) -> Path:
    """Write points half a kilometre apart and small square areas with these tags."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    number = 0
    step = 0.005
    written = []
    for number, tags in enumerate(nodes, start=1):
        lines.append(_node(number, at[0] + step * number, at[1], tags))
    for way, tags in enumerate(areas, start=1):
        corners = []
        for north, east in ((0, 0), (0, 1), (1, 1), (1, 0)):
            number += 1
            corners.append(number)
            lat, lon = at[0] + step * way + 1e-4 * north, at[1] + 0.02 + 1e-4 * east
            lines.append(_node(number, lat, lon, {}))
        refs = "".join(f'<nd ref="{ref}"/>' for ref in [*corners, corners[0]])
        written.append(f'<way id="{way}" version="1">{refs}{_tags(tags)}</way>')
    path.write_text("\n".join([*lines, *written, "</osm>"]), encoding="utf-8")
    return path


def _node(number: int, lat: float, lon: float, tags: dict[str, str]) -> str:
    return f'<node id="{number}" version="1" lat="{lat:.6f}" lon="{lon:.6f}">{_tags(tags)}</node>'


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())

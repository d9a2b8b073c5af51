"""The embedded data a year later: up to four things have happened, each of another cause.

A shop closes (Coop Kittelfjäll) and one opens (in Nästansjö), people move within Latikberg, the
road to Matsdal is moved and gets longer, and the weight of groceries is raised.
"""

from __future__ import annotations

import shutil
import xml.etree.ElementTree as ET
from collections.abc import Collection
from pathlib import Path

import geopandas as gpd

from glesservice.config import embedded_settings

CLOSED = "coop-kittelfjall-dagligvaror"
OPENED = "nastansjo-lanthandel-dagligvaror"
MOVERS = 20
LONGER_M = 4000.0
NAMESPACE = "{http://graphml.graphdrawing.org/xmlns}"
HAPPENED = ("people", "services", "roads", "settings")


def write_second_year(folder: Path, happened: Collection[str] = HAPPENED) -> Path:
    """Write the data of the second year and return the path of its settings."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in embedded_settings().parent.iterdir():
        shutil.copy(item, folder / item.name)
    settings = folder / "glesservice.toml"
    text = settings.read_text(encoding="utf-8").replace("year = 2026", "year = 2027")
    if "people" in happened:
        _move_people(folder / "befolkning.gpkg")
        text = text.replace('date = "2024-12-31"', 'date = "2025-12-31"')
    if "services" in happened:
        _close_and_open(folder / "serviceplatser.csv")
    if "roads" in happened:
        _move_road(folder / "vagar.graphml")
    if "settings" in happened:
        text += "\n[policy.services.dagligvaror]\nweight = 0.6\n"
    settings.write_text(text, encoding="utf-8")
    return settings


def _move_people(path: Path) -> None:
    layer = "befolkning_1km_2024"
    cells = gpd.read_file(path, layer=layer).sort_values("beftotalt", kind="stable")
    # Latikberg lies about 64.64 N 17.09 E, in more squares than one.
    near = gpd.GeoSeries(gpd.points_from_xy([17.0866], [64.6434]), crs="EPSG:4326")
    home = near.to_crs("EPSG:3006").iloc[0]
    around = cells[cells.geometry.centroid.distance(home) < 2500]
    assert len(around) > 1
    cells.loc[around.index[-1], "beftotalt"] -= MOVERS
    cells.loc[around.index[0], "beftotalt"] += MOVERS
    path.unlink()
    cells.sort_index().to_file(path, layer=layer, driver="GPKG")


def _close_and_open(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    closed = [
        line.replace(",open,", ",closed,") if line.startswith(CLOSED) else line for line in lines
    ]
    assert closed != lines
    fresh = f"{OPENED},Nästansjö lanthandel,dagligvaror,full,yes,open,64.8,16.5,2462,,2026,,"
    path.write_text("\n".join([*closed, fresh]) + "\n", encoding="utf-8")


def _move_road(path: Path) -> None:
    ET.register_namespace("", NAMESPACE.strip("{}"))
    tree = ET.parse(path)  # noqa: S314 - our own file
    root = tree.getroot()
    key = {
        k.get("attr.name"): k.get("id")
        for k in root.iter(f"{NAMESPACE}key")
        if k.get("for") == "edge"
    }
    moved = 0
    for edge in root.iter(f"{NAMESPACE}edge"):
        said = {data.get("key"): data for data in edge.iter(f"{NAMESPACE}data")}
        ref, length = said.get(key["ref"]), said[key["length"]]
        if ref is not None and ref.text == "1094" and float(length.text) > 10_000:
            length.text = str(float(length.text) + LONGER_M)
            moved += 1
    assert moved == 2  # one each way
    tree.write(path, encoding="utf-8", xml_declaration=True)

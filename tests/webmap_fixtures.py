"""A small hand-made result, and a browser to read the map page with."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from playwright.sync_api import Browser, Page, sync_playwright

from glesservice.analysis import Result
from glesservice.config import Settings, parse_settings
from glesservice.tables import APPLIED_OVERRIDES, sensitivity_table

CRS = "EPSG:3006"
EAST, NORTH, SIDE = 580_000, 7_170_000, 1_000
SERVICES = ("dagligvaror", "drivmedel")
LIMITS_KM = (5, 10, 20, 30)

MARKUP = "<img src=x onerror=\"document.title='inbrott'\">"
SCRIPT_END = "</script><script>document.title='inbrott'</script>"
TEMPLATE = "{{7*7}}"
RIGHT_TO_LEFT = "\u202eSäxan\u2028by"
LONG = "Mycketlångtnamn" * 20

# ort: name, rank, people, total, km to groceries and fuel, cells as column and row of the grid
ORTER = (
    ("o1", MARKUP, 1.0, 54.0, 80.0, (38.2, 41.0), ((0, 0), (1, 0), (1, 1))),
    ("o2", RIGHT_TO_LEFT, 2.0, 30.0, 60.0, (28.0, 39.0), ((5, 5), (5, 6))),
    ("o3", LONG, 3.0, 20.0, 40.0, (18.0, 12.0), ((9, 2), (10, 2))),
    ("o4", "Ön " + SCRIPT_END, 4.0, 15.0, 20.0, (9.0, 45.0), ((14, 9),)),
    ("o5", "Älvnäs " + TEMPLATE, 5.0, 12.0, 10.0, (8.0, 44.0), ((3, 11),)),
    ("o6", "Storby", None, 500.0, 5.0, (1.0, 1.0), ((8, 8), (9, 8))),
)
SPREAD_CELLS = ((12, 12), (0, 14))
CELL_PEOPLE = 777_777.0  # a count that the page must not know: no other number looks like it
NEAREST = {"dagligvaror": "shop", "drivmedel": "pump"}


def small_settings(**publication: Any) -> Settings:
    """Return settings for the small result."""
    service = {"near_km": 10, "far_km": 30, "weight": 0.5}
    return parse_settings(
        {
            "area": {"kommun": "2462", "name": "Provby", "year": 2026},
            "population": {"path": "folk.gpkg", "source": "SCB", "licence": "CC0", "date": "2025"},
            "settlements": {"path": "orter.gpkg"},
            "services": {"path": "service.csv"},
            "roads": {"path": "vagar.graphml"},
            "boundary": {"path": "kommun.gpkg"},
            "policy": {"top": 2, "services": dict.fromkeys(SERVICES, service)},
            "publication": publication,
        },
        Path("glesservice.toml"),
    )


def small_result(**publication: Any) -> Result:
    """Return a result with a dozen cells, six orter and names that try to break out."""
    cells = _cells()
    orter = _orter(cells)
    return Result(
        settings=small_settings(**publication),
        boundary=gpd.GeoDataFrame(
            {"kommunkod": ["2462"], "name": ["Provby"]},
            geometry=[shapely.box(EAST - 5e3, NORTH - 5e3, EAST + 20e3, NORTH + 20e3)],
            crs=CRS,
        ),
        cells=cells,
        access=pd.DataFrame(
            columns=["cell_id", "service", "order", "site_id", "seconds", "metres"]
        ),
        drive=pd.DataFrame(columns=["cell_id", "service", "order", "site_id", "seconds", "metres"]),
        orter=orter,
        bygder=_bygder(orter),
        sites=_sites(),
        strategic=_strategic(),
        legal=pd.DataFrame({"site_id": ["shop"], "text": [f"2,5 km utanför gränsen {MARKUP}"]}),
        municipality=pd.DataFrame(),
        sensitivity=pd.DataFrame(columns=sensitivity_table().names()),
        roads=_roads(),
        spread_people=4.0,
        weights=pd.Series({"dagligvaror": 0.6, "drivmedel": 0.4}),
        notices=("Ett & annat <b>att veta</b>.",),
    )


def with_decisions(result: Result) -> Result:
    """Return the result with one ort pointed out, one not, and what the municipality changed."""
    words = {"o2": "utpekad", "o4": "inte utpekad", "o6": "utpekad"}
    tables = {}
    for name, key in (("orter", "ort_id"), ("strategic", "serviceort_id")):
        frame = getattr(result, name)
        decision = frame[key].map(words)
        decided = decision.notna()
        tables[name] = frame.assign(
            decision=decision,
            decision_motive=pd.Series("Vägen är stängd " + MARKUP, frame.index).where(decided),
            decision_date=pd.Series("2026-02-23", frame.index).where(decided),
            decided_by=pd.Series("KF " + SCRIPT_END, frame.index).where(decided),
        )
    changes = [
        ("o5", "Älvnäs", "rangordna inte", None, f"Fritidshus {MARKUP}"),
        ("o9", "Holmen", "slå ihop", "Storby", "Samma skola"),
    ]
    tables["overrides"] = pd.DataFrame(changes, columns=APPLIED_OVERRIDES.names())
    orter = tables["orter"]
    away = orter["ort_id"] == "o5"
    orter["rank"] = orter["rank"].where(~away)
    orter["role"] = orter["role"].where(~away, "undantagen")
    return replace(result, **tables)


def _square(column: int, row: int) -> shapely.Polygon:
    """Return one cell of the grid."""
    west, south = EAST + column * SIDE, NORTH + row * SIDE
    return shapely.box(west, south, west + SIDE, south + SIDE)


def _cells() -> gpd.GeoDataFrame:
    """Return the cells of the orter, and two outside, one of them without a road."""
    rows, shapes = [], []
    places = [(ort[0], ort[5], spot) for ort in ORTER for spot in ort[6]]
    places += [(None, (33.0, 50.0), SPREAD_CELLS[0]), (None, (None, None), SPREAD_CELLS[1])]
    for ort_id, km, (column, row) in places:
        values: dict[str, Any] = {
            "cell_id": f"{EAST + column * SIDE}{NORTH + row * SIDE}",
            "people": CELL_PEOPLE,
            "people_class": "1–9",
            "ort_id": ort_id,
            "access_m": 120.0 if km[0] is not None else None,
        }
        for service, distance in zip(SERVICES, km, strict=True):
            there = distance is not None
            values[f"km_{service}"] = distance
            values[f"minutes_{service}"] = distance
            values[f"site_{service}"] = NEAREST[service] if there else None
            values[f"next_km_{service}"] = distance + 30 if there else None
            values[f"next_minutes_{service}"] = distance + 30 if there else None
            values[f"next_site_{service}"] = f"{NEAREST[service]}2" if there else None
        rows.append(values)
        shapes.append(_square(column, row))
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS)


def _orter(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the orter with their scores."""
    rows = []
    for ort_id, name, rank, people, total, km, spots in ORTER:
        values: dict[str, Any] = {
            "ort_id": ort_id,
            "name": name,
            "kind": "by" if rank else "tatort",
            "role": "kandidat" if rank else "centralort",
            "bygd_id": "b1" if ort_id in {"o1", "o2"} else None,
            "rank": rank,
            "people": people,
            "cells": len(spots),
            "total": total,
            "sparsity": total,
            "vulnerability": total,
            "people_no_road": 0.0,
            "people_single_road": 4.0,
            "people_single_place": 4.0,
            "single_place": None,
            "people_65plus": None,
            "people_80plus": None,
            "trip_km": 1000.0,
            "co2_tonnes": 0.1,
            "trip_cost_sek": 2500.0,
            "motive": f"{people:.0f} personer bor i {name}.",
            "rank_low": 1.0 if rank else None,
            "rank_high": 4.0 if rank else None,
            "top_share": 50.0 if rank else None,
            "certainty": f"Osäker plats för {name}." if rank else None,
        }
        for service, distance in zip(SERVICES, km, strict=True):
            values |= {
                f"sparsity_{service}": total,
                f"vulnerability_{service}": total,
                f"km_{service}": distance,
                f"minutes_{service}": distance,
                f"next_km_{service}": distance + 30,
                f"next_minutes_{service}": distance + 30,
                f"site_{service}": "Coop" if service == "dagligvaror" else "Macken",
            }
            values |= {f"beyond_{limit}_{service}": 4.0 for limit in LIMITS_KM}
        rows.append(values)
    shapes = [cells.geometry[cells["ort_id"] == row["ort_id"]].union_all() for row in rows]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=CRS)


def _bygder(orter: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one bygd of the first two orter."""
    members = orter[orter["bygd_id"] == "b1"]
    values = {"bygd_id": "b1", "name": "Bygd " + TEMPLATE, "rank": 1.0, "people": 84.0, "orter": 2}
    scores = {"total": 70.0, "sparsity": 70.0, "vulnerability": 70.0}
    row = {**values, "members": ", ".join(members["name"]), **scores, "motive": TEMPLATE}
    return gpd.GeoDataFrame([row], geometry=[members.geometry.union_all()], crs=CRS)


def _sites() -> gpd.GeoDataFrame:
    """Return a shop and a pump at one spot, the next ones, and an unconfirmed one."""
    rows = [
        ("shop", "Coop " + MARKUP, "dagligvaror", "open", "p1", (8, 8), "o6"),
        ("pump", "Macken", "drivmedel", "open", "p1", (8, 8), "o6"),
        ("shop2", "Nästa affär", "dagligvaror", "open", "p2", (17, 17), None),
        ("pump2", "Nästa mack", "drivmedel", "open", "p2", (17, 17), None),
        ("maybe", SCRIPT_END, "dagligvaror", "unconfirmed", "p3", (1, 1), "o1"),
    ]
    frame = pd.DataFrame(
        rows, columns=["site_id", "name", "service", "status", "place_id", "spot", "ort_id"]
    )
    shapes = [_square(*spot).centroid for spot in frame.pop("spot")]
    return gpd.GeoDataFrame(
        frame.assign(
            counted=frame["status"] == "open",
            assortment="full",
            staffed="yes",
            operator=None,
            kommunkod="2462",
            source="Provkälla",
            source_year=2025.0,
            note=MARKUP,
        ),
        geometry=shapes,
        crs=CRS,
    )


def _strategic() -> pd.DataFrame:
    """Return one serviceort."""
    return pd.DataFrame(
        [
            {
                "rank": 1,
                "serviceort_id": "o6",
                "name": MARKUP,
                "services": "dagligvaror, drivmedel",
                "sites": "Coop, Macken",
                "places": 1,
                "motive": f"Närmaste service för 600 personer ({MARKUP}).",
                "people_served": 600.0,
                "people_without": 3.0,
                "people_past_limit": 100.0,
                "added_person_km": 12_345.6,
                "added_person_km_dagligvaror": 12_000.0,
                "added_person_km_drivmedel": 345.6,
            }
        ]
    )


def _roads() -> gpd.GeoDataFrame:
    """Return a numbered road in two links, a street, and a road that is closed in winter."""
    ends = [((0, 0), (8, 8)), ((8, 8), (17, 17)), ((8, 8), (9, 8)), ((0, 14), (8, 8))]
    return gpd.GeoDataFrame(
        {
            "u": [1, 2, 2, 4],
            "v": [2, 3, 5, 2],
            "length_m": 1000.0,
            "highway": ["primary", "primary", "residential", "tertiary"],
            "ref": [SCRIPT_END, SCRIPT_END, None, "1067"],
            "surface": None,
            "forward": True,
            "backward": True,
            "maxspeed_kmh": 80.0,
            "closed": [None, None, None, "vinter"],
            "speed_kmh": 80.0,
            "seconds_forward": 45.0,
            "seconds_backward": 45.0,
            "speed_origin": "skyltad",
            "connected": True,
        },
        geometry=[
            shapely.LineString([_square(*start).centroid, _square(*end).centroid])
            for start, end in ends
        ],
        crs=CRS,
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a Chromium that asks the network for nothing of its own."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        reason = "no Chromium: install one, or name it in the environment variable CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    quiet = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path, args=[*quiet.split(), "--disable-sync", "--no-first-run"]
        )
        yield started
        started.close()


@contextmanager
def opened(browser: Browser, file: Path, **options: Any) -> Iterator[Page]:
    """Open a file as by a double-click; fail afterwards if it asked for more or complained."""
    settings = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
    context = browser.new_context(**settings | options)
    page = context.new_page()
    found: list[str] = []
    page.on("request", lambda request: found.append(f"request {request.url}"))
    page.on("console", lambda message: found.append(f"console {message.text}"))
    page.on("pageerror", lambda error: found.append(f"error {error}"))
    page.goto(file.as_uri())
    yield page
    context.close()
    assert found == [f"request {file.as_uri()}"]

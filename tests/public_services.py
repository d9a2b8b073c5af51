"""A server that speaks WFS, Overpass and plain files, with the embedded data, or with trouble."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import geopandas as gpd
import pandas as pd
import pyproj
import shapely
from shapely.geometry import mapping

from glesservice.config import Fetch, embedded_settings

DATA = embedded_settings().parent
OSM_DATE = "2026-11-20T20:21:22Z"
WFS_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?><ows:ExceptionReport '
    'xmlns:ows="http://www.opengis.net/ows/1.1"><ows:Exception exceptionCode="NoApplicableCode">'
    "<ows:ExceptionText>the disk is on fire</ows:ExceptionText></ows:Exception>"
    "</ows:ExceptionReport>"
)
PAGE = "<!DOCTYPE html><html><head><title>Busy</title></head><body>Too many of you</body></html>"
TAGS_OF_SERVICE = {
    "dagligvaror": {"shop": "convenience"},
    "drivmedel": {"amenity": "fuel"},
    "apotek": {"amenity": "pharmacy"},
    "paket": {"amenity": "post_office"},
    "kontanter": {"amenity": "atm"},
}


class Call:
    """One request: what was asked, and how to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: str) -> None:
        url = urlsplit(handler.path)
        self.handler = handler
        self.path = url.path
        self.asked = {key.lower(): values[0] for key, values in parse_qs(url.query).items()}
        self.asked |= {key: values[0] for key, values in parse_qs(body).items()}
        self.headers = handler.headers

    @property
    def what(self) -> str:
        """Name the request: the WFS operation and layer, the Overpass query's kind, or the path."""
        if self.path == "/wfs":
            hits = " hits" if self.asked.get("resulttype") == "hits" else ""
            return f"{self.asked['request']} {self.asked.get('typenames', '')}{hits}".strip()
        if self.path == "/overpass":
            return "roads" if "highway" in self.asked["data"] else "features"
        return self.path

    def give(self, body: bytes | str, status: int = 200, **headers: str) -> None:
        """Answer; a header's underscores are hyphens."""
        content = body.encode() if isinstance(body, str) else body
        self.handler.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(content))} | named).items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(content)


# Answers a call itself (and says so), or leaves it to the services.
Trouble = Callable[[Call], bool]


def calm(_: Call) -> bool:
    """Make no trouble."""
    return False


class Services:
    """What the server knows: layers, roads, features and files."""

    def __init__(self) -> None:
        self.layers: dict[str, gpd.GeoDataFrame] = dict(embedded_layers())
        self.roads: list[dict[str, Any]] = list(embedded_roads())
        self.features: list[dict[str, Any]] = list(embedded_features())
        self.files: dict[str, bytes] = {}
        self.north_first = False
        self.most_a_page = 10_000
        self.calls: list[str] = []
        self.agents: set[str] = set()
        self.trouble: Trouble = calm
        self.url = ""

    def answer(self, call: Call) -> None:
        """Answer one request."""
        self.calls.append(call.what)
        self.agents.add(call.headers.get("User-Agent", ""))
        if self.trouble(call):
            return
        if call.path == "/wfs":
            self._wfs(call)
        elif call.path == "/overpass":
            call.give(self._overpass(call.asked["data"]), Content_Type="application/json")
        elif call.path.removeprefix("/files/") in self.files:
            self._file(call)
        else:
            call.give("no such thing", 404)

    def _file(self, call: Call) -> None:
        """Give a file, or the rest of it."""
        content = self.files[call.path.removeprefix("/files/")]
        tag = f'"{hash(content)}"'
        asked = re.fullmatch(r"bytes=(\d+)-", call.headers.get("Range", ""))
        if asked and call.headers.get("If-Range") == tag:
            begin = int(asked[1])
            if begin >= len(content):
                call.give("", 416, Content_Range=f"bytes */{len(content)}")
                return
            place = f"bytes {begin}-{len(content) - 1}/{len(content)}"
            call.give(content[begin:], 206, ETag=tag, Content_Range=place)
        else:
            call.give(content, ETag=tag)

    def _wfs(self, call: Call) -> None:
        """Speak WFS 2.0 the way GeoServer does."""
        asked = call.asked
        if asked["request"] == "GetCapabilities":
            names = "".join(
                f"<FeatureType><Name>{name}</Name></FeatureType>" for name in self.layers
            )
            call.give(
                '<?xml version="1.0" encoding="UTF-8"?><wfs:WFS_Capabilities version="2.0.0" '
                'xmlns="http://www.opengis.net/wfs/2.0" xmlns:wfs="http://www.opengis.net/wfs/2.0">'
                f"<FeatureTypeList>{names}</FeatureTypeList></wfs:WFS_Capabilities>"
            )
            return
        frame = self.layers[asked["typenames"]]
        if asked["request"] == "DescribeFeatureType":
            columns = "".join(
                f'<xsd:element name="{name}" type="xsd:string"/>'
                for name in frame.columns
                if name != "geometry"
            )
            call.give(
                '<?xml version="1.0" encoding="UTF-8"?><xsd:schema '
                'xmlns:xsd="http://www.w3.org/2001/XMLSchema"><xsd:complexType name="otherType">'
                '<xsd:sequence><xsd:element name="bef" type="xsd:int"/></xsd:sequence>'
                f'</xsd:complexType><xsd:complexType name="{asked["typenames"][5:]}Type">'
                f"<xsd:sequence>{columns}"
                '<xsd:element name="sp_geometry" type="gml:PolygonPropertyType"/>'
                "</xsd:sequence></xsd:complexType></xsd:schema>"
            )
            return
        *sides, _ = asked["bbox"].split(",")
        a, b, c, d = map(float, sides)
        box = shapely.box(b, a, d, c) if self.north_first else shapely.box(a, b, c, d)
        found = frame[frame.intersects(box)]
        if asked.get("resulttype") == "hits":
            call.give(
                '<?xml version="1.0" encoding="UTF-8"?><wfs:FeatureCollection '
                'xmlns:wfs="http://www.opengis.net/wfs/2.0" '
                f'numberMatched="{len(found)}" numberReturned="0"/>'
            )
            return
        begin = int(asked["startindex"])
        count = min(int(asked["count"]), self.most_a_page)
        page = found.sort_values(asked["sortby"])[begin : begin + count]
        call.give(collection(page, asked["typenames"], len(found), north_first=self.north_first))

    def _overpass(self, query: str) -> str:
        """Answer the two queries that are asked."""
        south, west, north, east = map(float, re.search(r"\(([-\d.,]+)\)", query)[1].split(","))
        box = shapely.box(west, south, east, north)
        if "highway" in query:
            ways = [road for road in self.roads if road["line"].intersects(box)]
            nodes = {
                number: xy
                for way in ways
                for number, xy in zip(way["nodes"], way["at"], strict=True)
            }
            elements = [
                {"type": "way", "id": way["id"], "nodes": way["nodes"], "tags": way["tags"]}
                for way in ways
            ]
            elements += [
                {"type": "node", "id": number, "lon": lon, "lat": lat}
                for number, (lon, lat) in nodes.items()
            ]
        else:
            elements = [
                feature
                for feature in self.features
                if box.intersects(shapely.Point(feature["lon"], feature["lat"]))
            ]
        return json.dumps(
            {"version": 0.6, "osm3s": {"timestamp_osm_base": OSM_DATE}, "elements": elements}
        )


def collection(
    frame: gpd.GeoDataFrame, name: str, matched: int, *, north_first: bool = False
) -> str:
    """Write features as GeoServer does."""
    shapes = frame.geometry.to_numpy()
    if north_first:
        shapes = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": f"{name}.{row}",
                    "geometry": mapping(shape),
                    "properties": {
                        key: value.item() if hasattr(value, "item") else value
                        for key, value in said.items()
                    },
                }
                for shape, (row, said) in zip(
                    shapes, frame.drop(columns="geometry").to_dict("index").items(), strict=True
                )
            ],
            "numberMatched": matched,
            "numberReturned": len(frame),
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}},
        }
    )


@cache
def embedded_layers() -> dict[str, gpd.GeoDataFrame]:
    """Return the embedded data as SCB's layers, older and younger ones beside them."""
    grid = gpd.read_file(DATA / "befolkning.gpkg")
    border = gpd.read_file(DATA / "kommun.gpkg").geometry.iloc[0]
    west, south, east, north = border.bounds
    middle = (west + east) / 2
    halves = [
        border.intersection(shapely.box(*half))
        for half in ((west, south, middle, north), (middle, south, east, north))
    ]
    neighbour = shapely.box(east + 1, south, east + 9_000, north)
    return {
        "stat:befolkning_1km_2023": grid.assign(beftotalt=1),
        "stat:befolkning_1km_2024": grid,
        "stat:befolkning_1km_2027": grid.assign(beftotalt=2),
        "stat:Tatorter_2023": gpd.read_file(DATA / "orter.gpkg", layer="tatorter"),
        "stat:Smaorter_2023": gpd.read_file(DATA / "orter.gpkg", layer="smaorter"),
        "stat:DeSO_2025": gpd.GeoDataFrame(
            {"desokod": ["2462A0010", "2462A0020", "2425A0010"]},
            geometry=[*halves, neighbour],
            crs=3006,
        ),
    }


@cache
def embedded_roads() -> tuple[dict[str, Any], ...]:
    """Return the embedded roads as OpenStreetMap has them: ways and numbered points."""
    import osmnx

    graph = osmnx.load_graphml(DATA / "vagar.graphml")
    roads, number = [], 1
    inner = 1_000_000_000
    for u, v, data in graph.edges(data=True):
        if data.get("reversed") in {True, "True"}:
            continue  # the same road the other way
        line = data.get("geometry") or shapely.LineString(
            [(graph.nodes[end]["x"], graph.nodes[end]["y"]) for end in (u, v)]
        )
        at = [(round(x, 7), round(y, 7)) for x, y in line.coords]
        nodes = [u, *range(inner, inner + len(at) - 2), v]
        inner += len(at)
        tags = {
            key: str(data[key])
            for key in (
                "highway",
                "ref",
                "surface",
                "maxspeed",
                "junction",
                "motor_vehicle:conditional",
            )
            if data.get(key) is not None and not isinstance(data[key], list)
        }
        if data.get("oneway") in {True, "True"}:
            tags["oneway"] = "yes"
        roads.append(
            {"id": number, "nodes": nodes, "at": at, "tags": tags, "line": shapely.LineString(at)}
        )
        number += 1
    return tuple(roads)


@cache
def embedded_features() -> tuple[dict[str, Any], ...]:
    """Return the embedded open sites and all village names as OpenStreetMap has them."""
    sites = pd.read_csv(DATA / "serviceplatser.csv", dtype=str)
    sites = sites[(sites["status"] == "open") & sites["service"].isin(TAGS_OF_SERVICE)]
    names = gpd.read_file(DATA / "orter.gpkg", layer="platser")
    to_degrees = pyproj.Transformer.from_crs(3006, 4326, always_xy=True)
    found: list[dict[str, Any]] = []
    for site in sites.itertuples():
        tags = {"name": site.name, **TAGS_OF_SERVICE[site.service]}
        found.append(_node(len(found), float(site.lon), float(site.lat), tags))
    for place in names.itertuples():
        lon, lat = to_degrees.transform(place.geometry.x, place.geometry.y)
        tags = {"name": place.name, "place": "hamlet"}
        found.append(_node(len(found), lon, lat, tags))
    return tuple(found)


def _node(number: int, lon: float, lat: float, tags: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "node",
        "id": 5_000_000_000 + number,
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "timestamp": "2025-06-01T10:00:00Z",
        "user": "somebody",
        "tags": tags,
    }


@contextmanager
def running() -> Iterator[Services]:
    """Run a server with the embedded data."""
    services = Services()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            call = Call(self, self.rfile.read(length).decode())
            try:
                services.answer(call)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 (the library's name)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of a client that hung up: the tests let it."""
            if not isinstance(sys.exception(), ConnectionError):
                super().handle_error(*_)

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    services.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield services
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rules(services: Services, **changes: Any) -> Fetch:
    """Return settings that ask the local server, impatiently."""
    quick = {
        "scb_wfs": f"{services.url}/wfs",
        "overpass": f"{services.url}/overpass",
        "geofabrik_index": f"{services.url}/files/index-v1.json",
        "connect_seconds": 2,
        "read_seconds": 0.25,
        "overpass_seconds": 1,
        "pause_seconds": 0,
        "backoff_seconds": 0.01,
        "backoff_most_seconds": 0.02,
        "retries": 2,
        "page": 200,
        "roads_tile_km": 150,
        "features_tile_km": 200,
    }
    return Fetch.model_validate({**quick, **changes})


# --- Trouble ---


def sometimes(what: str, trouble: Callable[[Call], None], times: int = 1) -> Trouble:
    """Make trouble for the first calls of a kind (all of them where ``times`` is negative)."""
    left = [times]

    def _trouble(call: Call) -> bool:
        if not call.what.startswith(what) or left[0] == 0:
            return False
        left[0] -= 1
        trouble(call)
        return True

    return _trouble


def status(code: int, body: str = "busy", **headers: str) -> Callable[[Call], None]:
    """Answer with a status."""
    return lambda call: call.give(body, code, **headers)


def page(call: Call) -> None:
    """Answer with a web page, as a busy server's proxy does."""
    call.give(PAGE, Content_Type="text/html")


def breaking_off(content: bytes, at: int, **headers: str) -> Callable[[Call], None]:
    """Say how long an answer is, and give less."""

    def _trouble(call: Call) -> None:
        call.give(content[:at], Content_Length=str(len(content)), **headers)
        call.handler.close_connection = True

    return _trouble


def stalling(call: Call) -> None:
    """Begin to answer, and then say nothing."""
    call.give(b"{", Content_Length="1000")
    time.sleep(0.6)
    call.handler.close_connection = True


def dripping(call: Call) -> None:
    """Never stop, and never be silent for long."""
    call.give(b"", Content_Length=str(10**9))
    for _ in range(400):
        call.handler.wfile.write(b" ")
        call.handler.wfile.flush()
        time.sleep(0.01)
    call.handler.close_connection = True


def endless(call: Call) -> None:
    """Send more and more, without a length."""
    call.handler.send_response(200)
    call.handler.end_headers()
    while True:
        call.handler.wfile.write(b" " * 100_000)

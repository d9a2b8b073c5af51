"""Broken inputs, each made by a few lines of code, and what a reader must say of it.

One entry a mistake that somebody makes, or that somebody plants. ``dangerous`` ones are read in a
process of their own, which is measured.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import rasterio
import shapely
from affine import Affine

from glesservice.config import embedded_settings

EMBEDDED = embedded_settings().parent
HEAD = "namn;tjänst;lat;lon\n"
ROW = "Handlarn;dagligvaror;65,2;16,0\n"
BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE x [\n<!ENTITY a0 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">\n'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">\n' for n in range(1, 12))
    + "]>\n"
)


@dataclass(frozen=True)
class Broken:
    """One broken input."""

    name: str
    table: str
    file: str
    make: Callable[[Path], None]
    said: str
    dangerous: bool = False


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    """Write text."""
    return lambda path: path.write_bytes(content.encode(encoding)) and None


def raw(content: bytes) -> Callable[[Path], None]:
    """Write bytes."""
    return lambda path: path.write_bytes(content) and None


def cut(source: Path, share: float) -> Callable[[Path], None]:
    """Write the first part of a good file, as a download that broke off."""
    content = source.read_bytes()
    return raw(content[: int(len(content) * share)])


def grid(
    ids: list[object], people: list[object], step: int = 1000, crs: int = 3006, swap: bool = False
) -> Callable[[Path], None]:
    """Write squares with ids and people."""
    corners = [(550_000 + step * n, 7_200_000) for n in range(len(ids))]
    shapes = [shapely.box(e, n, e + 1000, n + 1000) for e, n in corners]
    frame = gpd.GeoDataFrame({"rutid_scb": ids, "beftotalt": people}, geometry=shapes, crs=3006)
    if swap:
        turned = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
        frame = frame.set_geometry(gpd.GeoSeries(turned, crs=3006))
    return lambda path: frame.to_crs(crs).to_file(path, layer="rutor")


def workbook(*rows: tuple[object, ...]) -> Callable[[Path], None]:
    """Write a workbook."""

    def _make(path: Path) -> None:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)

    return _make


def _replaced_sheet(path: Path, sheet: str) -> None:
    """Write a workbook whose sheet is other XML."""
    good = path.with_suffix(".good")
    workbook(("namn", "tjänst", "lat", "lon"))(good)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            is_sheet = part.endswith("sheet1.xml")
            new.writestr(part, sheet if is_sheet else old.read(part))


def zip_bomb(path: Path) -> None:
    """Write a workbook of a few hundred kilobytes that swells to 400 MB."""
    _replaced_sheet(path, "<worksheet><sheetData>" + " " * 400_000_000 + "</sheetData></worksheet>")


def far_corner(path: Path) -> None:
    """Write a workbook with one cell in the last corner of the largest sheet there can be."""
    begin = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    cells = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    _replaced_sheet(
        path, f'{begin}<dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData></worksheet>'
    )


def entities_in_workbook(path: Path) -> None:
    """Write a workbook whose sheet is an entity bomb."""
    _replaced_sheet(path, BOMB + "<worksheet>&a11;</worksheet>")


def endless_heading(path: Path) -> None:
    """Write a table of a hundred million columns."""
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"a;" * 1_000_000)


def sparse(size: int, begin: bytes) -> Callable[[Path], None]:
    """Write a file that claims to be huge and takes no room."""

    def _make(path: Path) -> None:
        with path.open("wb") as file:
            file.write(begin)
            file.truncate(size)

    return _make


def traversal(path: Path) -> None:
    """Write an archive that would write outside its folder."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../../../tmp/glesservice-was-here.csv", HEAD + ROW)


def plain_database(path: Path) -> None:
    """Write an SQLite file without layers."""
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE befolkning (rutid TEXT, antal INTEGER)")
    database.close()


def raster(
    bands: int = 1, side: int = 3, dtype: str = "float32", crs: str | None = "EPSG:3006"
) -> Callable[[Path], None]:
    """Write a raster, without its pixels where it is large."""

    def _make(path: Path) -> None:
        with rasterio.open(
            path, "w", driver="GTiff", width=side, height=side, count=bands, dtype=dtype, crs=crs,
            transform=Affine(100, 0, 550_000, 0, -100, 7_200_000), sparse_ok=True, tiled=side > 99,
            BIGTIFF="YES",
        ) as file:  # fmt: skip
            if side < 99:
                file.write(np.full((bands, side, side), 4, dtype=dtype))

    return _make


def geojson_in_metres(path: Path) -> None:
    """Write a GeoJSON, which is in degrees by definition, with metres."""
    ring = [[550_000, 7.2e6], [551_000, 7.2e6], [551_000, 7.201e6], [550_000, 7.2e6]]
    feature = {
        "type": "Feature",
        "properties": {"rutid_scb": "a", "beftotalt": 3},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )


def areas(**columns: list[object]) -> Callable[[Path], None]:
    """Write areas that are no municipality."""
    count = len(next(iter(columns.values())))
    shapes = [shapely.box(5e5 + 2e4 * n, 7e6, 5.1e5 + 2e4 * n, 7.01e6) for n in range(count)]
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs=3006)
    return frame.to_file


def points(crs: int | None = 3006, **columns: list[object]) -> Callable[[Path], None]:
    """Write points."""
    count = len(next(iter(columns.values())))
    places = [shapely.Point(5.5e5 + 1000 * n, 7.2e6) for n in range(count)]
    frame = gpd.GeoDataFrame(columns, geometry=places, crs=crs)
    return frame.to_file


HTML = "<!DOCTYPE html>\n<html><body>Logga in för att hämta filen</body></html>"
EXCEPTION = (
    '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1">'
    "<ows:ExceptionText>Unknown layer</ows:ExceptionText></ows:ExceptionReport>"
)
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)

COMMAS = (
    '<osm version="0.6"><node id="1" version="1" lat="65,2" lon="16,0">'
    '<tag k="place" v="village"/></node>'
    '<way id="1" version="1"><nd ref="1"/><tag k="highway" v="primary"/></way></osm>'
)

BROKEN: tuple[Broken, ...] = (
    # Lists of shops
    Broken("garbled letters", "services", "s.csv",
           text((HEAD + "Åsele livs;dagligvaror;65;16\n").encode().decode("cp1252")),
           "garbled"),
    Broken("decimal comma among commas", "services", "s.csv",
           text("namn,tjänst,lat,lon\nA,dagligvaror,65,2,16,0\n"), "row 2 has more fields"),
    Broken("exchanged lat and lon", "services", "s.csv",
           text(HEAD + ROW + "B;apotek;16;65\n"), "axes exchanged"),
    Broken("metres called degrees", "services", "s.csv",
           text(HEAD + ROW + "B;apotek;7200000;550000\n"), "SWEREF 99 TM (EPSG:3006)"),
    Broken("an unmarked UTF-16", "services", "s.csv", text(HEAD + ROW, "utf-16-le"), "not text"),
    Broken("a web page called table", "services", "s.csv", text(HTML), "is a web page"),
    Broken("a workbook called table", "services", "s.csv", workbook(("namn",), ("A",)),
           "an archive or an Excel workbook, not a table of text"),
    Broken("a table called workbook", "services", "s.xlsx", text(HEAD + ROW),
           "not an Excel workbook"),
    Broken("an old workbook", "services", "s.xlsx", raw(b"\xd0\xcf\x11\xe0" + bytes(600)),
           "an old Excel workbook (.xls)"),
    Broken("a cut-off workbook", "services", "s.xlsx", raw(b"PK\x03\x04" + bytes(200)),
           "the workbook cannot be read"),
    Broken("a workbook that swells", "services", "s.xlsx", zip_bomb, "swells to over", True),
    Broken("a workbook of 17 billion cells", "services", "s.xlsx", far_corner, "more than", True),
    Broken("a workbook with entities", "services", "s.xlsx", entities_in_workbook,
           "declares entities", True),
    Broken("a formula gone wrong", "services", "s.xlsx",
           workbook(("namn", "tjänst", "lat", "lon"), ("A", "apotek", "#N/A", 16)),
           "a formula went wrong in C2"),
    Broken("a hundred million columns", "services", "s.csv", endless_heading,
           "the first row is endless", True),
    Broken("a table of 30 GB", "services", "s.csv", sparse(30 * 2**30, (HEAD + ROW).encode()),
           "MB, more than", True),
    Broken("an archive", "services", "s.zip", traversal, "files ending in .zip are not read"),
    Broken("an archive called table", "services", "s.csv", traversal, "an archive"),
    Broken("a shop listed twice", "services", "s.csv", text(HEAD + ROW + ROW),
           "site_id is repeated in 1 row (3)"),
    Broken("an unknown word", "services", "s.csv",
           text("namn;tjänst;status;lat;lon\nA;apotek;kanske;65;16\n"), "status kanske"),
    Broken("an unreadable year", "services", "s.csv",
           text("namn;tjänst;status_year;lat;lon\nA;apotek;i fjol;65;16\n"),
           "source_year is no number"),
    Broken("a heading twice", "services", "s.csv",
           text("namn;name;tjänst;lat;lon\nA;B;apotek;65;16\n"), "the column name is there twice"),
    Broken("no rows", "services", "s.csv", text(HEAD), "there are no rows"),
    Broken("an unclosed quote", "services", "s.csv", text(HEAD + '"A;apotek;65;16\n'),
           "the table cannot be read"),
    Broken("points without a system", "services", "s.shp",
           points(crs=None, name=["A"], service=["apotek"]), "look like SWEREF 99 TM"),
    # The grid
    Broken("a GeoPackage cut in half", "population", "g.gpkg",
           cut(EMBEDDED / "befolkning.gpkg", 0.5), "the file is cut off"),
    Broken("a GeoPackage that lacks its end", "population", "g.gpkg",
           cut(EMBEDDED / "befolkning.gpkg", 0.97), "the file is cut off"),
    Broken("a database without layers", "population", "g.gpkg", plain_database,
           "no readable map file"),
    Broken("a web page called GeoPackage", "population", "g.gpkg", text(HTML), "is a web page"),
    Broken("a server's error called GeoPackage", "population", "g.gpkg", text(EXCEPTION),
           "server's error message"),
    Broken("a file that points elsewhere", "population", "g.gpkg", text(VRT), "no database"),
    Broken("an empty file", "population", "g.gpkg", raw(b""), "no readable map file"),
    Broken("cells without id", "population", "g.gpkg", grid(["a", None], [1, 2]),
           "cell_id is missing"),
    Broken("ids twice", "population", "g.gpkg", grid(["a", "a"], [1, 2]), "cell_id is repeated"),
    Broken("ids that are no number", "population", "g.gpkg", grid([1.0, float("nan")], [1, 2]),
           "cell_id is missing"),
    Broken("negative people", "population", "g.gpkg", grid(["a", "b"], [1, -9]),
           "people is negative"),
    Broken("people not known", "population", "g.gpkg", grid(["a", "b"], [1, None]),
           "people is missing"),
    Broken("cells on top of each other", "population", "g.gpkg",
           grid(["a", "b"], [1, 2], step=0), "on top of others"),
    Broken("a grid with exchanged axes", "population", "g.gpkg", grid(["a"], [3], swap=True),
           "with the axes exchanged"),
    Broken("a GeoJSON in metres", "population", "g.geojson", geojson_in_metres,
           "SWEREF 99 TM (EPSG:3006)"),
    Broken("ids made real numbers by a spreadsheet", "population", "g.csv",
           text("rutid_scb;beftotalt\n5,6E+12;3\n"), "no id of SCB's squares"),
    Broken("a raster of 10 GB", "population", "g.tif", raster(side=50_000), "more than", True),
    Broken("a picture", "population", "g.tif", raster(bands=3, dtype="uint8"), "a picture"),
    Broken("a raster without a system", "population", "g.tif", raster(crs=None),
           "look like SWEREF 99 TM"),
    Broken("a GML with entities", "population", "g.gml", text(BOMB + "<x>&a11;</x>"),
           "declares entities", True),
    # Places and the border
    Broken("an unknown kind of place", "settlements", "p.csv",
           text("namn;slag;lat;lon\nA;storstad;65;16\n"), "storstad"),
    Broken("places without names", "settlements", "p.gpkg", points(label=["A"]), "no layer has"),
    Broken("a lone area of somewhere else", "boundary", "k.gpkg", areas(note=["x"]),
           "states no municipality code"),
    Broken("areas without codes", "boundary", "k.gpkg", areas(note=["x", "y"]),
           "no column with the municipality code"),
    Broken("another municipality", "boundary", "k.gpkg", areas(kommunkod=["2421"]),
           "not among the areas"),
    # Roads
    Broken("an extract with entities", "roads", "r.osm",
           text(BOMB + '<osm version="0.6">&a11;</osm>'), "declares entities", True),
    Broken("a road graph with entities", "roads", "r.graphml",
           text(BOMB + "<graphml>&a11;</graphml>"), "declares entities", True),
    Broken("a web page called extract", "roads", "r.osm.pbf", text(HTML), "is a web page"),
    Broken("a cut-off extract", "roads", "r.osm.pbf", raw(b"\0\0\0\x0d\n\tOSMHeader\x18\xff\x7f"),
           "the extract cannot be read"),
    Broken("an extract with decimal commas", "roads", "r.osm", text(COMMAS),
           "the extract cannot be read"),
    Broken("places with decimal commas", "settlements", "p.osm", text(COMMAS),
           "the extract cannot be read"),
    Broken("an extract of something else", "roads", "r.osm", text("<osm version='0.6'></osm>"),
           "no roads"),
)  # fmt: skip

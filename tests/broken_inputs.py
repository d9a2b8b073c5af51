"""A small municipality whose inputs are sound, and one broken variant of it for each rule.

The municipality is a square of 40 km with roads every 10 km, one tätort of four cells in its middle
and a village of one cell at each junction. Its neighbours have roads and shops.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from glesservice.config import Check, Population, Settings
from glesservice.sources import Inputs, merge_services
from glesservice.tables import BOUNDARY, CELLS, EDGES, SETTLEMENTS, SITES, check

E0, N0, SIDE = 600_000, 7_100_000, 40_000
STEP = 10_000
TOWN = (E0 + 20_000, N0 + 20_000)
PEOPLE_OF_TOWN = (150.0, 90.0, 60.0, 30.0)


@dataclass(frozen=True, eq=False)
class Case:
    """Inputs as the checks take them."""

    inputs: Inputs
    settings: Settings
    previous: gpd.GeoDataFrame | None = None
    lakes: gpd.GeoDataFrame | None = None

    def table(self, **tables: gpd.GeoDataFrame) -> Case:
        """Replace some input tables."""
        return replace(self, inputs=replace(self.inputs, **tables))

    def section(self, section: str, **values: object) -> Case:
        """Replace some settings of a section, of its first table where it has several."""
        table = getattr(self.settings, section)
        several = isinstance(table, tuple)
        changed = (table[0] if several else table).model_copy(update=values)
        if several:
            changed = (changed, *table[1:])
        return replace(self, settings=self.settings.model_copy(update={section: changed}))


def frame(geometry: list[object], **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=3006)


def cells(rows: list[tuple[float, float, float]], side: float = 1000.0) -> gpd.GeoDataFrame:
    """Make cells of their south-western corners and people."""
    return check(
        frame(
            [shapely.box(e, n, e + side, n + side) for e, n, _ in rows],
            cell_id=[f"{e:06.0f}{n:07.0f}" for e, n, _ in rows],
            people=[people for *_, people in rows],
        ),
        CELLS,
        "by hand",
    )


def junctions() -> list[tuple[int, int]]:
    """List the junctions in the municipality beside the town."""
    ends = range(5_000, SIDE, STEP)
    return [(E0 + e, N0 + n) for e in ends for n in ends]


def links(at: Callable[[int, int], bool] = lambda _e, _n: True) -> gpd.GeoDataFrame:
    """Make the grid of roads, 20 km beyond the border, and a street to the town."""
    line = list(range(-15_000, SIDE + 20_000, STEP))
    node = {place: number for number, place in enumerate((e, n) for e in line for n in line)}
    ends = [
        ((e, n), (e + de, n + dn))
        for e, n in node
        for de, dn in ((STEP, 0), (0, STEP))
        if (e + de, n + dn) in node and at(e, n) and at(e + de, n + dn)
    ]
    shapes = [shapely.LineString([(E0 + e, N0 + n) for e, n in pair]) for pair in ends]
    u, v = ([node[pair[end]] for pair in ends] for end in (0, 1))
    place = 15_000, 15_000
    street = [shapely.LineString([(E0 + 15_000, N0 + 15_000), (E0 + 20_000, N0 + 20_000)])]
    rows = frame(
        shapes + street,
        u=[*u, node[place]],
        v=[*v, len(node)],
        highway=["secondary", "tertiary"] * (len(ends) // 2) + ["tertiary"] * (len(ends) % 2 + 1),
        forward=True,
        backward=True,
        maxspeed_kmh=70.0,
    )
    return check(rows.assign(length_m=rows.length), EDGES, "by hand")


def places() -> gpd.GeoDataFrame:
    """Make the town and the villages."""
    e, n = TOWN
    town = shapely.box(e - 900, n - 900, e + 900, n + 900)
    rows = frame(
        [town, *(shapely.Point(e + 500, n + 500) for e, n in junctions())],
        settlement_id=["T1", *(f"by-{number}" for number in range(len(junctions())))],
        name=["Staden", *(f"{chr(65 + number)}by" for number in range(len(junctions())))],
        kind=["tatort"] + ["by"] * len(junctions()),
        population=[330.0] + [None] * len(junctions()),
    )
    return check(rows, SETTLEMENTS, "by hand")


def sites(*more: Mapping[str, object]) -> gpd.GeoDataFrame:
    """Make each service once in the town, a shop in a village and one in the neighbouring one."""
    e, n = TOWN
    shared = {
        "status": "open",
        "assortment": "full",
        "kommunkod": "9901",
        "source": "by hand",
        "source_year": 2025,
    }
    services = ("dagligvaror", "drivmedel", "apotek", "paket", "kontanter")
    rows: list[dict[str, object]] = [
        {"name": f"Stadens {service}", "service": service, "at": (e - 40 * k, n - 40 * k)}
        for k, service in enumerate(services)
    ]
    rows.append({"name": "Lanthandeln", "service": "dagligvaror", "at": (E0 + 5_100, N0 + 5_000)})
    rows.append(
        {
            "name": "Grannens affär",
            "service": "dagligvaror",
            "at": (E0 - 5_000, N0 + 5_100),
            "kommunkod": "9902",
        }
    )
    rows += [dict(row) for row in more]
    table = pd.DataFrame([{**shared, "site_id": f"s{k}", **row} for k, row in enumerate(rows)])
    points = [shapely.Point(at) for at in table.pop("at")]
    return check(gpd.GeoDataFrame(table, geometry=points, crs=3006), SITES, "by hand")


def border() -> gpd.GeoDataFrame:
    shape = shapely.segmentize(shapely.box(E0, N0, E0 + SIDE, N0 + SIDE), 500)
    return check(frame([shape], kommunkod=["9901"], name=["Provköping"]), BOUNDARY, "by hand")


def people() -> list[tuple[float, float, float]]:
    """List the cells: corner and people."""
    e, n = TOWN
    corners = [(e + de, n + dn) for de in (-1000, 0) for dn in (-1000, 0)]
    town = [(*corner, count) for corner, count in zip(corners, PEOPLE_OF_TOWN, strict=True)]
    return town + [(e, n, 12.0 + number) for number, (e, n) in enumerate(junctions())]


def sound() -> Case:
    """Make inputs in which no rule finds anything."""
    told = {"source": "by hand", "licence": "CC0", "date": "2025-06"}
    keys = ("population", "settlements", "services", "roads", "boundary")
    settings = Settings.model_validate(
        {
            "area": {"kommun": "9901", "name": "Provköping", "year": 2026, "buffer_km": 10},
            **{key: {"path": f"{key}.gpkg", **told} for key in keys},
            "check": {"cover_km": 5},
        }
    )
    settings = settings.model_copy(
        update={"population": Population(path=Path("people.gpkg"), **told | {"date": "2024-12-31"})}
    )
    return Case(Inputs(border(), cells(people()), places(), sites(), links()), settings)


def with_cells(case: Case, *more: tuple[float, float, float], side: float = 1000.0) -> Case:
    """Add cells."""
    added = pd.concat([case.inputs.cells, cells(list(more), side)], ignore_index=True)
    return case.table(cells=added)


def with_people(case: Case, change: Callable[[pd.Series], object]) -> Case:
    """Change the people of the cells."""
    return case.table(cells=case.inputs.cells.assign(people=change(case.inputs.cells["people"])))


def with_sites(case: Case, *more: Mapping[str, object]) -> Case:
    """Add sites."""
    return case.table(sites=sites(*more))


def without_sites(case: Case, *services: str, inside: bool = False) -> Case:
    """Take the sites of some services away, those of the neighbour too unless only inside."""
    table = case.inputs.sites
    gone = table["service"].isin(services)
    if inside:
        gone &= table["kommunkod"].eq("9901")
    return case.table(sites=table[~gone].reset_index(drop=True))


def with_site(case: Case, row: int, **values: object) -> Case:
    """Change one site."""
    table = case.inputs.sites.copy()
    for column, value in values.items():
        table.loc[row, column] = value
    return case.table(sites=table)


def with_places(case: Case, *rows: tuple[str, str, str, float | None, object]) -> Case:
    """Add settlements: id, name, kind, published people, shape."""
    ids, names, kinds, published, shapes = (list(column) for column in zip(*rows, strict=True))
    more = frame(shapes, settlement_id=ids, name=names, kind=kinds, population=published)
    both = pd.concat([case.inputs.settlements, check(more, SETTLEMENTS, "by hand")])
    return case.table(settlements=both.reset_index(drop=True))


def with_town(case: Case, **values: object) -> Case:
    """Change the town."""
    table = case.inputs.settlements.copy()
    for column, value in values.items():
        table.loc[0, column] = value
    return case.table(settlements=table)


def with_links(case: Case, *shapes: list[tuple[float, float]], **columns: object) -> Case:
    """Add roads between nodes of their own."""
    number = np.arange(len(shapes)) * 2 + 10_000
    rows = frame(
        [shapely.LineString([(E0 + e, N0 + n) for e, n in shape]) for shape in shapes],
        **{
            "u": number,
            "v": number + 1,
            "highway": "tertiary",
            "forward": True,
            "backward": True,
            "maxspeed_kmh": 70.0,
        }
        | columns,
    )
    more = check(rows.assign(length_m=rows.length), EDGES, "by hand")
    return case.table(edges=pd.concat([case.inputs.edges, more], ignore_index=True))


def with_edges(case: Case, **columns: object) -> Case:
    """Change columns of the roads."""
    return case.table(edges=case.inputs.edges.assign(**columns))


def moved(case: Case, east: float, north: float) -> Case:
    """Move everything."""
    inputs = case.inputs
    tables = {
        name: getattr(inputs, name).set_geometry(getattr(inputs, name).translate(east, north))
        for name in ("boundary", "cells", "settlements", "sites", "edges")
    }
    corner = shapely.bounds(tables["cells"].geometry.to_numpy())[:, :2]
    tables["cells"]["cell_id"] = [f"{e:06.0f}{n:07.0f}" for e, n in corner]
    return case.table(**tables)


def before(case: Case, change: Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]) -> Case:
    """Give the case last year's cells."""
    return replace(case, previous=change(case.inputs.cells.copy()))


def changed(row: int, people_before: float) -> Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]:
    """Make last year's people of one cell others."""

    def change(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        table.loc[row, "people"] = people_before
        return table

    return change


def bow(east: float, north: float) -> shapely.Polygon:
    """Draw a polygon that crosses itself."""
    ring = [(0, 0), (1000, 1000), (1000, 0), (0, 1000)]
    return shapely.Polygon([(east + e, north + n) for e, n in ring])


def inner(e: int, n: int) -> bool:
    """Say whether a junction of the road grid lies in the municipality."""
    return 0 < e < SIDE and 0 < n < SIDE


def cut_off(case: Case) -> Case:
    """Let the roads run to the border and end there, but for two."""
    ends = range(5_000, SIDE, STEP)
    stubs = [([(e, 5_000), (e, 200)]) for e in ends] + [
        ([(e, SIDE - 5_000), (e, SIDE - 200)]) for e in ends
    ]
    edges = links(lambda e, n: inner(e, n) or n == 5_000)
    grown = with_links(case.table(edges=edges), *stubs).inputs.edges
    start = shapely.get_point(grown.geometry.to_numpy(), 0)
    stub = grown["u"] >= 10_000
    by_place = {
        (point.x, point.y): number
        for point, number in zip(start[~stub], grown.loc[~stub, "u"], strict=True)
    }
    last = shapely.get_point(grown.geometry.to_numpy(), -1)
    by_place |= {
        (point.x, point.y): number
        for point, number in zip(last[~stub], grown.loc[~stub, "v"], strict=True)
    }
    at = [by_place[point.x, point.y] for point in start[stub]]
    grown.loc[stub, "u"] = at
    return case.table(edges=grown)


def written(case: Case, folder: Path) -> Path:
    """Write the inputs as files and their settings; return the settings file."""
    inputs, area = case.inputs, case.settings.area
    for name, table in (
        ("boundary", inputs.boundary),
        ("population", inputs.cells),
        ("services", inputs.sites),
        ("roads", inputs.edges),
    ):
        table.to_file(folder / f"{name}.gpkg", layer=name)
    towns = inputs.settlements["kind"].eq("tatort")
    tatorter = inputs.settlements[towns].rename(columns={"name": "tatort", "population": "bef"})
    tatorter.to_file(folder / "settlements.gpkg", layer="tatorter")
    inputs.settlements[~towns].to_file(folder / "settlements.gpkg", layer="byar")
    extra = {
        "population": 'value = "people"\nid = "cell_id"\n',
        "roads": 'class_column = "highway"\nspeed_column = "maxspeed_kmh"\n'
        'classes = { secondary = "secondary", tertiary = "tertiary" }\n',
    }
    sections = [
        f'[{key}]\npath = "{key}.gpkg"\nsource = "by hand"\nlicence = "CC0"\n'
        f'date = "{source.date}"\n{extra.get(key, "")}'
        for key, source in case.settings.inputs()
    ]
    text = (
        f'[area]\nkommun = "{area.kommun}"\nname = "{area.name}"\nyear = {area.year}\n'
        f"buffer_km = {area.buffer_km}\n" + "".join(sections) + "[check]\ncover_km = 5\n"
    )
    path = folder / "glesservice.toml"
    path.write_text(text, encoding="utf-8")
    return path


def in_area(case: Case) -> list[bool]:
    """Say of each road whether it lies in the municipality."""
    return case.inputs.edges.within(case.inputs.boundary.geometry.iloc[0]).tolist()


def limits(case: Case, **values: object) -> Case:
    """Change limits of the checks."""
    assert set(values) <= set(Check.model_fields)
    return case.section("check", **values)


def disagreeing(case: Case) -> Case:
    """Merge the sites with another list that calls a shop closed."""
    other = case.inputs.sites.iloc[[5]].assign(site_id="other", status="closed")
    merged = merge_services([("own.csv", case.inputs.sites), ("osm.pbf", other)])
    return replace(case, inputs=replace(case.inputs, sites=merged.sites, merges=merged.merges))


SHOP = {"service": "dagligvaror", "name": "Nya affären"}
FAR = (E0 + 30_000, N0 + 29_000)  # 5 km from every road, inside

BROKEN: Mapping[str, Callable[[Case], Case]] = {
    # The tables themselves
    "TAB01": lambda c: c.table(settlements=c.inputs.settlements.iloc[:0]),
    "TAB02": lambda c: c.table(
        cells=c.inputs.cells.assign(cell_id=c.inputs.cells["cell_id"].iloc[0])
    ),
    "TAB03": lambda c: with_people(c, lambda p: p.where(p.index != 3, -1.0)),
    "TAB04": lambda c: with_places(c, ("T2", "Korset", "tatort", None, bow(*FAR))),
    "TAB05": lambda c: with_site(c, 0, geometry=shapely.Point(7_120_000, 620_000)),
    "TAB06": lambda c: c.table(
        boundary=c.inputs.boundary.set_geometry(
            [
                shapely.segmentize(
                    shapely.box(TOWN[0] - 1100, TOWN[1] - 1100, TOWN[0] + 1100, TOWN[1] + 1100), 500
                )
            ],
            crs=3006,
        )
    ),
    "TAB07": lambda c: c.table(
        boundary=c.inputs.boundary.set_geometry(c.inputs.boundary.simplify(10))
    ),
    # Sources
    "SRC01": lambda c: c.section("population", licence=None),
    "SRC02": lambda c: c.section("population", date="2023-12-31"),
    "SRC03": lambda c: c.section("services", date="2027"),
    "SRC04": lambda c: c.section("population", date="2025-12-31"),
    "SRC05": lambda c: c.section("publication", demonstration=True),
    "SRC06": lambda c: c.section("settlements", path=c.settings.boundary.path),
    # Population
    "POP01": lambda c: c.table(cells=cells([(E0 - 5_000, N0 + 5_000, 12)])),
    "POP02": lambda c: with_cells(c, (E0 - 5_000, N0 + 5_000, 12)),
    "POP03": lambda c: with_places(
        c, ("S1", "Ödby", "smaort", 80, shapely.box(*FAR, FAR[0] + 500, FAR[1] + 500))
    ),
    "POP04": lambda c: with_people(c, lambda p: p / 2),
    "POP05": lambda c: with_people(c, lambda p: p / 2),
    "POP06": lambda c: limits(c, people=1000),
    "POP07": lambda c: with_people(c, lambda p: p.where(p.index != 0, 50_000)),
    "POP08": lambda c: with_cells(c, (*FAR, 5)),
    "POP09": lambda c: c.section("network", access_max_m=1.0),
    "POP10": lambda c: replace(c, lakes=frame([shapely.box(E0, N0, E0 + 9_000, N0 + 9_000)])),
    "POP11": lambda c: with_cells(c, (E0 + 24_000, N0 + 25_000, 3), side=250),
    "POP12": lambda c: c.table(
        cells=c.inputs.cells.set_geometry(c.inputs.cells.translate(-150, 220))
    ),
    "POP13": lambda c: with_people(c, lambda p: p * 0 + 1000),
    "POP14": lambda c: with_people(c, lambda p: p + 0.25),
    # Year to year
    "CHG01": lambda c: before(c, lambda t: t.assign(cell_id=[f"r{row}" for row in range(len(t))])),
    "CHG02": lambda c: before(c, lambda t: t.assign(people=t["people"] * 1.05)),
    "CHG03": lambda c: before(c, changed(10, 70.0)),
    "CHG04": lambda c: before(c, changed(0, 20.0)),
    # Settlements
    "SET01": lambda c: c.table(
        settlements=c.inputs.settlements.set_geometry(c.inputs.settlements.translate(90_000))
    ),
    "SET02": lambda c: with_town(c, kind="by"),
    "SET03": lambda c: with_places(
        c, ("T2", "Storby", "tatort", None, shapely.Point(E0 + 35_500, N0 + 35_500))
    ),
    "SET04": lambda c: with_places(
        c, ("by-x", "Staden", "by", None, shapely.Point(TOWN[0] + 2_000, TOWN[1]))
    ),
    "SET05": lambda c: with_town(c, population=150.0),
    "SET06": lambda c: with_places(
        c, ("S0123", "S0123", "smaort", None, shapely.Point(E0 + 5_500, N0 + 5_500))
    ),
    "SET07": lambda c: with_places(
        c,
        (
            "S1",
            "Småby",
            "smaort",
            None,
            shapely.box(E0 + 5_200, N0 + 5_200, E0 + 5_800, N0 + 5_800),
        ),
    ),
    "SET08": lambda c: with_town(c, geometry=shapely.Point(TOWN)),
    # The list of sites
    "SRV01": lambda c: without_sites(c, "drivmedel"),
    "SRV02": lambda c: without_sites(c, "paket"),
    "SRV03": lambda c: without_sites(c, "dagligvaror", inside=True),
    "SRV04": lambda c: c.table(sites=c.inputs.sites.iloc[:-1]),
    "SRV05": lambda c: moved(c.section("area", buffer_km=60), -135_000, 100_000),
    "SRV06": lambda c: with_sites(c, {**SHOP, "service": "dagligvara", "at": (TOWN[0], TOWN[1])}),
    "SRV07": lambda c: c.table(
        sites=c.inputs.sites.assign(
            status=["open", "open", "unconfirmed", "unconfirmed"] + ["open"] * 3
        )
    ),
    "SRV08": lambda c: c.table(
        sites=c.inputs.sites.set_geometry(
            [shapely.Point(TOWN)] * 6 + [c.inputs.sites.geometry.iloc[6]], crs=3006
        )
    ),
    # Single sites
    "SIT01": lambda c: with_sites(c, {**SHOP, "at": (E0 + 6_000, N0 + 5_400)}),
    "SIT02": lambda c: with_sites(c, {**SHOP, "at": (E0 + 30_500, N0 + 20_000)}),
    "SIT03": lambda c: with_sites(c, {**SHOP, "at": (E0 + 5_100, N0 + 5_010)}),
    "SIT04": lambda c: with_sites(
        c,
        {**SHOP, "name": "Lanthandeln i Aby", "at": (E0 + 5_400, N0 + 5_000)},
        {**SHOP, "name": "Lanthandlen", "at": (E0 + 5_200, N0 + 5_000)},
    ),
    "SIT05": lambda c: with_site(c, 5, geometry=shapely.Point(E0 + 5_000, N0 - 60_000)),
    "SIT06": lambda c: with_site(c, 6, kommunkod="9901"),
    "SIT07": lambda c: with_site(c, 5, source_year=np.nan),
    "SIT08": lambda c: with_site(c, 5, source_year=2020),
    "SIT09": lambda c: with_site(c, 5, assortment="unknown"),
    "SIT10": lambda c: with_site(c, 5, season="summer"),
    "SIT11": disagreeing,
    # Roads
    "ROA01": lambda c: with_edges(c, highway="footway"),
    "ROA02": lambda c: with_edges(
        c, maxspeed_kmh=c.inputs.edges["maxspeed_kmh"].where(c.inputs.edges.index != 7, 900)
    ),
    "ROA03": lambda c: with_edges(c, maxspeed_kmh=np.nan),
    "ROA04": lambda c: with_links(c, [(25_400, 25_600), (25_600, 25_500)]),
    "ROA05": lambda c: with_links(
        c, *([(e, -14_000), (e, -6_000)] for e in range(-14_000, 44_000, 700))
    ),
    "ROA06": lambda c: with_links(c, [(25_001, 27_000), (26_500, 28_000)]),
    "ROA07": lambda c: with_edges(
        c, closed=["15 okt - 6 jun" if inside else None for inside in in_area(c)]
    ),
    "ROA08": lambda c: with_edges(
        c,
        highway=c.inputs.edges["highway"].where(
            c.inputs.edges.intersects(shapely.box(E0, N0, E0 + 12_000, N0 + 12_000)), "F"
        ),
    ),
    "ROA09": lambda c: with_edges(c, backward=c.inputs.edges.index % 2 == 0),
    "ROA10": lambda c: with_edges(c, highway="unclassified", maxspeed_kmh=np.nan),
    # Coverage
    "COV01": lambda c: c.table(edges=links(lambda e, n: n == 15_000 or e == 15_000)),
    "COV02": lambda c: limits(
        with_cells(c, (E0 - 8_000, N0 + 9_500, 40), (E0 - 5_500, N0 + 4_500, 40)), cover_km=5
    ),
    "COV03": cut_off,
    "COV04": lambda c: c.table(edges=links(inner)),
    "COV05": lambda c: moved(c.section("area", buffer_km=60), -115_000, 100_000),
    "COV06": lambda c: with_places(c, ("by-x", "Ödby", "by", None, shapely.Point(FAR))),
}

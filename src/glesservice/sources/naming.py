"""Ids of things that are known by their name."""

from __future__ import annotations

import re
import unicodedata

import geopandas as gpd
import pandas as pd

# Namesakes further apart than this have different ids.
SAME_PLACE_M = 100


def slug(text: str) -> str:
    """Return text as a lower-case ASCII id.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> slug("Coop Dikanäs (apoteksombud)")
    'coop-dikanas-apoteksombud'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def ids_by_name(frame: gpd.GeoDataFrame) -> pd.Series:
    """Return ids that stay the same when other rows come and go.

    Parameters
    ----------
    frame
        Places in EPSG:3006 with a column ``name``.

    Returns
    -------
    Series
        The name as an id; where several share it, or there is none, with the place: easting and
        northing in hundreds of metres. Index as ``frame``.
    """
    ids = pd.Series([slug(name) for name in frame["name"].fillna("").astype("str")], frame.index)
    middle = frame.geometry.representative_point()
    east, north = (
        (axis // SAME_PLACE_M).fillna(0).astype("int64") for axis in (middle.x, middle.y)
    )
    placed = ids + "-" + east.astype("str") + "-" + north.astype("str")
    return ids.where(~ids.duplicated(keep=False) & ids.ne(""), placed.str.lstrip("-"))

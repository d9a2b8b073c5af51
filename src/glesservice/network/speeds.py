"""Speeds: the posted limit where known, else the pinned table by road class."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from glesservice.config import Network

POSTED = "skyltad"
BY_CLASS = "vägklass"

# OSM's values for roads without a bound surface (wiki.openstreetmap.org/wiki/Key:surface).
UNPAVED = ("unpaved", "gravel", "fine_gravel", "compacted", "dirt", "earth", "ground", "sand")


def assign(edges: gpd.GeoDataFrame, rules: Network) -> gpd.GeoDataFrame:
    """Return the links that carry cars this season, with speed and driving time.

    Parameters
    ----------
    edges
        Rows of schema ``EDGES``.
    rules
        Class speeds, factors and season.

    Returns
    -------
    GeoDataFrame
        The drivable rows with ``speed_kmh``, ``speed_origin`` (``skyltad`` or ``vägklass``) and
        ``seconds_forward``, ``seconds_backward`` (inf where driving is not allowed). Classes that
        the table does not name carry no cars; in winter roads with a closed season are left out.
    """
    drivable = edges["highway"].isin(list(rules.class_speeds_kmh))
    if rules.season == "vinter":
        drivable &= edges["closed"].isna()
    kept = edges[drivable]
    by_class = kept["highway"].map(dict(rules.class_speeds_kmh)).astype(float)
    posted = kept["maxspeed_kmh"].astype(float)
    speed = posted.fillna(by_class)
    speed = speed.where(~kept["surface"].isin(UNPAVED), speed * rules.gravel_factor)
    if rules.season == "vinter":
        speed *= rules.winter_factor
    seconds = kept["length_m"] / (speed / 3.6)
    return kept.assign(
        speed_kmh=speed,
        speed_origin=np.where(posted.notna(), POSTED, BY_CLASS),
        seconds_forward=seconds.where(kept["forward"], np.inf),
        seconds_backward=seconds.where(kept["backward"], np.inf),
    )

"""Speeds: the posted limit where known, else the pinned table by road class."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.config import Network

POSTED = "skyltad"
BY_CLASS = "vägklass"

# A limit beyond these is a mistake in the data, and the class decides instead: walking pace, and
# Denmark's motorways, the fastest roads of the Nordic countries.
PLAUSIBLE_KMH = (5.0, 130.0)

# So many links make a junction: two are one road.
JUNCTION_LINKS = 3

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
        The drivable rows with ``speed_kmh``; ``speed_backward_kmh`` where it is another one;
        ``speed_origin`` (``skyltad``, or ``vägklass`` where some direction has no plausible
        limit); and ``seconds_forward``, ``seconds_backward`` (inf where driving is not allowed).
        Classes that the table does not name carry no cars; in winter roads with a closed season
        are left out.
    """
    drivable = edges["highway"].isin(list(rules.class_speeds_kmh))
    if rules.season == "vinter":
        drivable &= edges["closed"].isna()
    kept = edges[drivable]
    by_class = kept["highway"].map(dict(rules.class_speeds_kmh)).astype(float)
    along, against = _limits(kept)
    speed, backward = (
        _conditions(limit.fillna(by_class), kept, rules) for limit in (along, against)
    )
    one_way = ~kept["forward"].astype(bool)
    posted = along.notna() | one_way
    posted &= against.notna() | ~kept["backward"].astype(bool)
    lost = _junction_seconds(kept, rules.junction_seconds)
    metres = kept["length_m"]
    return kept.assign(
        # Of a road driven against its drawn direction alone, that direction's speed.
        speed_kmh=speed.where(~one_way, backward),
        speed_backward_kmh=backward.where(kept["backward"] & ~one_way & (backward != speed)),
        speed_origin=np.where(posted, POSTED, BY_CLASS),
        seconds_forward=(metres / (speed / 3.6) + lost).where(kept["forward"], np.inf),
        seconds_backward=(metres / (backward / 3.6) + lost).where(kept["backward"], np.inf),
    )


def _limits(edges: gpd.GeoDataFrame) -> tuple[pd.Series, pd.Series]:
    """Read the plausible limits along the drawn direction and against it."""
    along = edges["maxspeed_kmh"].astype(float)
    against = along
    if "maxspeed_backward_kmh" in edges:
        other = edges["maxspeed_backward_kmh"].astype(float)
        against = other.fillna(along)
    along, against = (limit.where(limit.between(*PLAUSIBLE_KMH)) for limit in (along, against))
    return along, against


def _conditions(speed: pd.Series, edges: gpd.GeoDataFrame, rules: Network) -> pd.Series:
    """Slow down on gravel and in winter."""
    speed = speed.where(~edges["surface"].isin(UNPAVED), speed * rules.gravel_factor)
    return speed * rules.winter_factor if rules.season == "vinter" else speed


def _junction_seconds(edges: gpd.GeoDataFrame, seconds: float) -> npt.NDArray[np.float64]:
    """Share out the time lost at junctions: half of it on each link, at each of its ends."""
    if seconds == 0:
        return np.zeros(len(edges))
    nodes = edges[["u", "v"]].to_numpy().T
    _, number, links = np.unique(nodes, return_inverse=True, return_counts=True)
    crossed = (links[number.reshape(nodes.shape)] >= JUNCTION_LINKS).sum(axis=0)
    return np.asarray(crossed * seconds / 2)


def speed_shares(roads: pd.DataFrame) -> pd.DataFrame:
    """Return where the speeds come from, by length of road.

    Parameters
    ----------
    roads
        Links with ``speed_origin`` and ``length_m``.

    Returns
    -------
    DataFrame
        A row an origin: ``speed_origin``, ``km`` and ``share`` (0 to 1); the posted limits first.
    """
    metres = roads.groupby("speed_origin")["length_m"].sum()
    metres = metres.reindex([POSTED, BY_CLASS], fill_value=0.0)
    total = float(metres.sum())
    return pd.DataFrame(
        {
            "speed_origin": metres.index,
            "km": metres.to_numpy() / 1000,
            "share": metres.to_numpy() / total if total else 0.0,
        }
    )

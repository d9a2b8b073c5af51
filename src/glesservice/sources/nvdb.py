"""Sweden's national road database (NVDB) as Trafikverket's Lastkajen delivers it, to edges.

One layer with a column for each attribute of each road feature (``SverigepaketTP`` and the county
packages): no settings are needed. Links are cut at every junction and share their end coordinates
there, so that bridges and tunnels do not meet what they cross.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from glesservice.config import Roads
from glesservice.errors import Fault, InputError
from glesservice.sources.layers import column_names, read_layer
from glesservice.sources.lines import edges_of_lines, posted_kmh
from glesservice.tables import as_text

CLASS = "FunkVagklass_Klass"
NETWORK, CAR_NETWORK = "Vagtrafiknat_Vagtrafiknattyp", "bilnät"
LIMITS = ("Hastighetsgrans_HogstaTillatnaHastighet_F", "Hastighetsgrans_HogstaTillatnaHastighet_B")
FORBIDDEN = ("ForbjudenFardriktning_F", "ForbjudenFardriktning_B")
NUMBER, EUROPEAN = "Vagnummer_Huvudnummer_Vard", "Vagnummer_Europavag"
LENGTH = "_length"
# What a file must have to be known as NVDB.
MARKS = (CLASS, NETWORK, *LIMITS)
# Part of the names of columns that not every package has.
SURFACE, FERRY = "Slitlagertyp", "Farjeled"

# From the functional road class (0 the most important, 9 the least) to OpenStreetMap's classes. The
# class only decides the speed where no limit is posted, which in NVDB is rare. Assumption.
HIGHWAYS: Mapping[str, str] = {
    "0": "trunk",
    "1": "trunk",
    "2": "primary",
    "3": "secondary",
    "4": "secondary",
    "5": "tertiary",
    "6": "tertiary",
    "7": "unclassified",
    "8": "service",
    "9": "track",
}
# How a feature says that it does not apply.
NO = ("", "0", "-", "nej", "falskt", "false", "null")


def is_nvdb(columns: Iterable[str]) -> bool:
    """Tell whether a layer's columns are NVDB's.

    Parameters
    ----------
    columns
        Their names.
    """
    return set(MARKS) <= set(columns)


def edges_from_nvdb(source: Roads, where: str) -> gpd.GeoDataFrame:
    """Return the edge table of an NVDB layer.

    Parameters
    ----------
    source
        The file; ``classes`` in the settings replace ``HIGHWAYS``.
    where
        File and layer, for the messages.

    Returns
    -------
    GeoDataFrame
        Schema ``EDGES``: the car network without ferries.

    Raises
    ------
    InputError
        If columns are missing or no line carries cars.
    """
    there = column_names(source.path, source.layer, "roads")
    missing = [column for column in MARKS if column not in there]
    if missing:
        raise InputError(
            *(
                Fault(f"the column {column} is missing", where, "Use an NVDB package of Lastkajen")
                for column in missing
            )
        )
    # The packages have some two hundred columns.
    ferry = [name for name in there if name.startswith(FERRY)]
    surface = [name for name in there if name.endswith(SURFACE)]
    optional = (*FORBIDDEN, NUMBER, EUROPEAN, LENGTH, *surface, *ferry)
    wanted = [name for name in (*MARKS, *optional) if name in there]
    frame = read_layer(source.path, source.layer, "roads", columns=wanted, crs=source.crs)
    frame = frame[as_text(frame[NETWORK]).str.lower() == CAR_NETWORK]
    for name in ferry:
        frame = frame[~_applies(frame, name)]
    classes = as_text(frame[CLASS]).str.extract(r"(\d)", expand=False)
    highway = classes.map(dict(source.classes or HIGHWAYS))
    frame = frame.assign(highway=highway)[highway.notna()]
    forward, backward = (~_applies(frame, name) for name in FORBIDDEN)
    limits = [posted_kmh(frame[name]) for name in LIMITS]
    links = gpd.GeoDataFrame(
        {
            "highway": frame["highway"],
            "ref": _road_number(frame),
            "surface": _surface(frame[surface[0]]) if surface else None,
            "forward": forward,
            "backward": backward,
            "maxspeed_kmh": limits[0],
            "maxspeed_backward_kmh": limits[1],
        },
        geometry=frame.geometry,
    )
    if LENGTH in frame:
        links["length_m"] = pd.to_numeric(frame[LENGTH], errors="coerce")
    return edges_of_lines(links[links["forward"] | links["backward"]], where)


def _applies(frame: gpd.GeoDataFrame, column: str) -> pd.Series:
    """Tell where a feature applies: any value that does not say no."""
    if column not in frame:
        return pd.Series(False, index=frame.index)
    said = as_text(frame[column]).str.lower()
    return said.notna() & ~said.isin(NO)


def _road_number(frame: gpd.GeoDataFrame) -> pd.Series:
    """Write the road's number, with E for European roads; roads without one have 0 or less."""
    if NUMBER not in frame:
        return pd.Series(None, index=frame.index, dtype="object")
    number = pd.to_numeric(as_text(frame[NUMBER]), errors="coerce")
    text = as_text(number.where(number > 0))
    european = _applies(frame, EUROPEAN) & text.notna()
    return text.where(~european, "E" + text)


def _surface(values: pd.Series) -> pd.Series:
    """Read the wearing course as OpenStreetMap names it: gravel, or bound."""
    text = as_text(values).str.lower()
    known = np.select(
        [text.str.startswith("grus", na=False), text.str.startswith("bel", na=False)],
        ["gravel", "paved"],
        default="",
    )
    return pd.Series(known, index=values.index).replace("", None)

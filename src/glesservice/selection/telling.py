"""The lists, completed with what is told beside the score and with a motive for every entry."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd

from glesservice import measures
from glesservice.network import SingleRoads
from glesservice.selection.motives import (
    Ground,
    bygder_motives,
    orter_motives,
    strategic_motives,
)
from glesservice.swedish import enumeration
from glesservice.tables import AGES


def told_orter(
    orter: gpd.GeoDataFrame,
    cells: pd.DataFrame,
    sites: pd.DataFrame,
    roads: Mapping[str, SingleRoads],
    refs: pd.Series,
    ground: Ground,
) -> gpd.GeoDataFrame:
    """Return the orter with what is told beside the score, and their motives.

    Parameters
    ----------
    orter
        What ``sparse_orter`` returned.
    cells
        Schema ``cells_table``.
    sites
        Schema ``sites_table``.
    roads
        The single roads towards each service, of the cells in their order.
    refs
        The number of the road of each link.
    ground
        Weights, shares and limits.

    Returns
    -------
    GeoDataFrame
        Schema ``orter_table``, in the order of ``orter``.
    """
    beside = measures.group_measures(
        cells, cells["ort_id"], ground.weights, ground.policy, roads, refs
    )
    beside["single_place"] = beside["single_place"].map(_names_of_places(sites))
    told = _joined(orter, "ort_id", beside)
    waiting = sites[
        sites["status"].eq("unconfirmed")
        & ~sites["counted"]
        & sites["service"].isin(ground.weights.index)
    ]
    names = {str(ort): sorted(set(group)) for ort, group in waiting.groupby("ort_id")["name"]}
    return told.assign(
        **{age: told[age] if age in told else float("nan") for age in AGES},
        motive=orter_motives(told, ground, names),
    )


def told_bygder(
    bygder: gpd.GeoDataFrame,
    orter: pd.DataFrame,
    cells: pd.DataFrame,
    roads: Mapping[str, SingleRoads],
    refs: pd.Series,
    ground: Ground,
) -> gpd.GeoDataFrame:
    """Return the bygder with what is told beside the score, and their motives.

    Parameters
    ----------
    bygder
        What ``sparse_bygder`` returned.
    orter
        Schema ``orter_table``.
    cells
        Schema ``cells_table``.
    roads
        The single roads towards each service, of the cells in their order.
    refs
        The number of the road of each link.
    ground
        Weights, shares and limits.

    Returns
    -------
    GeoDataFrame
        Schema ``bygder_table``, in the order of ``bygder``.
    """
    bygd_of_cell = cells["ort_id"].map(orter.set_index("ort_id")["bygd_id"]).rename("bygd_id")
    beside = measures.group_measures(
        cells, bygd_of_cell, ground.weights, ground.policy, roads, refs
    )
    told = _joined(bygder, "bygd_id", beside)
    return told.assign(motive=bygder_motives(told, ground))


def told_strategic(strategic: pd.DataFrame, ground: Ground) -> pd.DataFrame:
    """Return the strategic serviceorter with their motives.

    Parameters
    ----------
    strategic
        What ``strategic_serviceorter`` returned.
    ground
        Weights, shares and limits.

    Returns
    -------
    DataFrame
        Schema ``strategic_table``.
    """
    return strategic.assign(motive=strategic_motives(strategic, ground))


def _joined(frame: gpd.GeoDataFrame, key: str, beside: pd.DataFrame) -> gpd.GeoDataFrame:
    """Add columns by key, the texts among them missing as None."""
    added = beside.reindex(frame[key]).set_axis(frame.index)
    for text in added.select_dtypes(exclude="number").columns:
        added[text] = added[text].astype(object).where(added[text].notna(), None)
    return gpd.GeoDataFrame(pd.concat([frame, added], axis="columns"), crs=frame.crs)


def _names_of_places(sites: pd.DataFrame) -> dict[str, str]:
    """Name each place by its sites."""
    counted = sites[sites["counted"]].sort_values(["name", "site_id"])
    names = counted.groupby("place_id")["name"].agg(lambda group: enumeration(group.unique()))
    return {str(place): str(name) for place, name in names.items()}

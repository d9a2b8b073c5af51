"""The service sites: one row a business and a service."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from glesservice.config import Services
from glesservice.errors import Fault, InputError
from glesservice.sources.files import points_from_degrees, read_csv, refuse_doubles
from glesservice.sources.layers import read_layer, single_points
from glesservice.sources.naming import slug
from glesservice.tables import SITES, as_text, check

STATUSES = ("open", "unconfirmed", "closed", "planned")


def read_services(source: Services) -> gpd.GeoDataFrame:
    """Return the service sites.

    Parameters
    ----------
    source
        A CSV with ``lat`` and ``lon`` (WGS 84), or a point layer. Columns as in schema ``SITES``;
        ``id`` and ``status_year`` are read as site id and year of the source. Without an id a
        site is known by its name and service, without a status it is open.

    Returns
    -------
    GeoDataFrame
        Schema ``SITES``, sorted by id.

    Raises
    ------
    InputError
        If the file cannot be read, columns are missing or a status is not known.
    """
    where = str(source.path)
    if source.path.suffix.lower() == ".csv":
        table = read_csv(source.path, "service sites")
        frame = points_from_degrees(table, where, also=("name", "service"))
    else:
        table = read_layer(source.path, source.layer, "service sites")
        frame = single_points(table).rename(columns=str.lower)
    frame = frame.rename(columns={"id": "site_id", "status_year": "source_year"})
    refuse_doubles(frame, where)
    for column in {"name", "service", "status", "site_id"} & set(frame.columns):
        frame[column] = as_text(frame[column])
    if {"name", "service"} <= set(frame.columns):
        known_by = (frame["name"].fillna("") + " " + frame["service"].fillna("")).map(slug)
        frame["site_id"] = frame["site_id"].fillna(known_by) if "site_id" in frame else known_by
        frame["service"] = frame["service"].str.lower()
    elif "site_id" not in frame:
        frame["site_id"] = [str(number) for number in range(len(frame))]  # not what is missing
    status = frame["status"] if "status" in frame else pd.Series(None, frame.index, dtype="object")
    frame["status"] = status.fillna("open").str.lower()
    faults = []
    unknown = sorted(set(frame["status"]) - set(STATUSES))
    if unknown:
        faults.append(
            Fault(
                f"the status {', '.join(unknown)} is not known",
                where,
                f"Use one of {', '.join(STATUSES)}",
            )
        )
    try:
        sites = check(frame, SITES, where)
    except InputError as error:
        raise InputError(*error.faults, *faults) from None
    if faults:
        raise InputError(*faults)
    return sites.sort_values("site_id", ignore_index=True)

"""The service sites: one row a business and a service."""

from __future__ import annotations

import re

import geopandas as gpd
import pandas as pd

from glesservice.config import Services
from glesservice.errors import Fault, InputError
from glesservice.sources.headings import SITES as HEADINGS
from glesservice.sources.headings import WORDS, known_words, renamed
from glesservice.sources.layers import read_layer, single_points
from glesservice.sources.naming import slug
from glesservice.sources.osm_features import is_extract, osm_sites
from glesservice.sources.positions import points_from_table
from glesservice.sources.spreadsheets import ROW, is_table, read_table
from glesservice.tables import SITES, as_text, check
from glesservice.tables.schema import rows_of

# How the row that shows how to fill in the template begins; such rows are no sites.
EXAMPLE = "EXEMPEL"
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_SEVERAL = re.compile(r"\s*[,;+/]\s*|\s+och\s+")


def read_services(source: Services) -> gpd.GeoDataFrame:
    """Return the service sites of one source.

    Parameters
    ----------
    source
        A table (CSV or XLSX) with positions in degrees or metres, a point layer, or an
        OpenStreetMap extract. Columns as in schema ``SITES`` or as people call them in Swedish.
        Without an id a site is known by its name and service, without a status it has that of the
        source. A row with several services is several sites.

    Returns
    -------
    GeoDataFrame
        Schema ``SITES``, sorted by id.

    Raises
    ------
    InputError
        If the file cannot be read, columns are missing, or a word is not known.
    """
    where = str(source.path)
    if is_extract(source.path):
        frame = osm_sites(source.path)
    elif is_table(source.path):
        table = read_table(source.path, "service sites", source.layer)
        table = _without_examples(renamed(table, HEADINGS, where), where)
        frame = points_from_table(table, where, also=("name", "service"), crs=source.crs)
    else:
        table = read_layer(source.path, source.layer, "service sites", crs=source.crs)
        frame = renamed(single_points(table).rename(columns=str.lower), HEADINGS, where)
    return _checked(frame, source, where)


def _without_examples(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Leave out the template's example."""
    if "name" not in table:
        return table
    real = ~table["name"].str.upper().str.startswith(EXAMPLE).fillna(False).astype(bool)
    if not real.any():
        raise InputError(
            Fault(
                "there are no rows with service sites but the example", where, "Fill in the table"
            )
        )
    return table[real]


def _checked(frame: gpd.GeoDataFrame, source: Services, where: str) -> gpd.GeoDataFrame:
    """Check the rows; all faults of the file are told together."""
    faults: list[Fault] = []
    frame = frame.copy()
    for column in {"name", "service", "site_id"} & set(frame.columns):
        frame[column] = as_text(frame[column])
    frame = _one_service_a_row(frame)
    for column in WORDS.keys() & set(frame.columns):
        try:
            frame[column] = known_words(frame[column], column, where)
        except InputError as error:
            frame[column] = "unknown"
            faults += error.faults
    if "status" not in frame:
        frame["status"] = None
    frame["status"] = frame["status"].fillna(source.status)
    if {"name", "service"} <= set(frame.columns):
        known_by = (frame["name"].fillna("") + " " + frame["service"].fillna("")).map(slug)
        frame["site_id"] = frame["site_id"].fillna(known_by) if "site_id" in frame else known_by
    elif "site_id" not in frame:
        frame["site_id"] = [str(number) for number in range(len(frame))]  # not what is missing
    if "kommunkod" in frame:
        # Spreadsheets take 0114 for a number and drop its zero.
        codes = as_text(frame["kommunkod"])
        frame["kommunkod"] = codes.where(~codes.str.fullmatch(r"\d{3}").eq(True), "0" + codes)
    frame, told = _with_dates(frame, where)
    faults += told
    try:
        sites = check(frame, SITES, where)
    except InputError as error:
        raise InputError(*error.faults, *faults) from None
    if faults:
        raise InputError(*faults)
    return sites.sort_values("site_id", ignore_index=True)


def _one_service_a_row(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make several rows of a business that lists several services in one field."""
    if "service" not in frame:
        return frame
    parts = frame["service"].str.split(_SEVERAL, regex=True)
    several = parts.str.len().gt(1)
    if not several.any():
        return frame
    frame = frame.assign(service=parts, several=several).explode("service")
    frame = frame[frame["service"].ne("")]
    if "site_id" in frame:
        # Without an id of its own a site is known by its name and service, as any other.
        frame["site_id"] = [
            f"{site}-{slug(service)}" if many and not pd.isna(site) else site
            for site, service, many in zip(
                frame["site_id"], frame["service"], frame["several"], strict=True
            )
        ]
    frame.index.name = frame.index.name or ROW
    return frame


def _with_dates(frame: gpd.GeoDataFrame, where: str) -> tuple[gpd.GeoDataFrame, list[Fault]]:
    """Read the day that a site was known to be so, and the year of it."""
    if "source_date" not in frame:
        return frame, []
    dates = as_text(frame["source_date"]).str.slice(0, 10)
    wrong = dates.notna() & ~dates.str.fullmatch(_DATE).eq(True)
    whole = dates.where(dates.str.len() == 10)
    wrong |= whole.notna() & pd.to_datetime(whole, errors="coerce", format="%Y-%m-%d").isna()
    year = pd.to_numeric(dates.str.slice(0, 4), errors="coerce")
    known = frame["source_year"] if "source_year" in frame else pd.Series(None, frame.index)
    frame = frame.assign(source_date=dates, source_year=known.where(known.notna(), year))
    if not wrong.any():
        return frame, []
    fault = Fault(
        f"source_date is no date in {rows_of(wrong)}", where, "Write YYYY-MM-DD, such as 2026-03-31"
    )
    return frame, [fault]

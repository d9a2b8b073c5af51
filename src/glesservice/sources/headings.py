"""What people call the columns of their tables, in Swedish and English, and the words in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from glesservice.errors import Fault, InputError
from glesservice.sources.files import refuse_doubles
from glesservice.sources.naming import slug
from glesservice.tables import as_text
from glesservice.tables.schema import rows_of

# Headings that mean a column, compared without case, accents and signs.
POSITIONS: Mapping[str, Sequence[str]] = {
    "lat": ("lat", "latitude", "latitud", "breddgrad", "latwgs84"),
    "lon": ("lon", "lng", "long", "longitude", "longitud", "langdgrad", "lonwgs84"),
    "n": ("n", "north", "northing", "nord", "norr", "nsweref99tm", "swerefn", "nkoordinat"),
    "e": ("e", "east", "easting", "ost", "oster", "esweref99tm", "swerefe", "ekoordinat"),
    # What x and y mean differs: decided by their size.
    "x": ("x", "xkoordinat"),
    "y": ("y", "ykoordinat"),
}
SITES: Mapping[str, Sequence[str]] = {
    "site_id": ("siteid", "id"),
    "name": ("name", "namn", "verksamhet", "foretagsnamn"),
    "service": ("service", "tjanst", "tjanster", "serviceslag", "slagavservice"),
    "status": ("status",),
    "assortment": ("assortment", "sortiment"),
    "staffed": ("staffed", "bemannad", "bemannat"),
    "season": ("season", "sasong"),
    "reserve_power": ("reservepower", "reservkraft", "reservel"),
    "operator": ("operator", "agare", "foretag", "kedja"),
    "kommunkod": ("kommunkod",),
    "source": ("source", "kalla"),
    "source_year": ("sourceyear", "statusyear", "kallansar"),
    "source_date": ("sourcedate", "datum", "uppgiftsdatum", "kontrollerad"),
    "note": ("note", "anmarkning", "kommentar"),
}
PLACES: Mapping[str, Sequence[str]] = {
    "settlement_id": ("settlementid", "id"),
    "geonameid": ("geonameid",),
    "name": ("name", "namn", "ortnamn"),
    "kind": ("kind", "slag"),
    "population": ("population", "folkmangd", "befolkning", "bef"),
}

_YES_NO = {
    "yes": ("yes", "ja", "true", "1", "j"),
    "no": ("no", "nej", "false", "0", "n"),
    "unknown": ("unknown", "okant", "vet ej", "?"),
}
# The words of the tables, and what people write for them.
WORDS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "status": {
        "open": ("open", "oppen", "oppet", "aktiv", "i drift"),
        "unconfirmed": ("unconfirmed", "obekraftad", "obekraftat", "osaker"),
        "closed": ("closed", "stangd", "stangt", "nedlagd", "nedlagt"),
        "planned": ("planned", "planerad", "planerat"),
    },
    "assortment": {
        "full": ("full", "fullsortiment", "fullt"),
        "limited": ("limited", "ej fullsortiment", "begransat"),
        "unknown": ("unknown", "okant", "vet ej", "?"),
    },
    "staffed": _YES_NO,
    "reserve_power": _YES_NO,
    "season": {
        "all_year": ("all year", "aret runt", "hela aret", "year round", "nej", "no"),
        "summer": ("summer", "sommar"),
        "winter": ("winter", "vinter"),
        "part_of_year": ("part of year", "del av aret", "ja", "yes", "sasong"),
        "unknown": ("unknown", "okant", "vet ej", "?"),
    },
    "service": {
        "dagligvaror": ("dagligvaror", "dagligvara", "livsmedel", "mataffar", "groceries"),
        "drivmedel": ("drivmedel", "bensin", "tankstation", "fuel"),
        "apotek": ("apotek", "apoteksombud", "apoteksvaror", "pharmacy"),
        "paket": ("paket", "paketombud", "post", "postombud", "parcel"),
        "kontanter": ("kontanter", "kontantuttag", "bankomat", "uttagsautomat", "cash"),
    },
}


def renamed(frame: pd.DataFrame, headings: Mapping[str, Sequence[str]], where: str) -> pd.DataFrame:
    """Return a table whose headings are those of the schema.

    Parameters
    ----------
    frame
        The table.
    headings
        Of each column, what people call it.
    where
        File, for the messages.

    Returns
    -------
    DataFrame
        The same rows; columns that mean nothing here keep their names.

    Raises
    ------
    InputError
        If two headings mean the same.
    """
    meant = {said: column for column, words in headings.items() for said in words}
    geometry = frame.geometry.name if isinstance(frame, gpd.GeoDataFrame) else None
    names = {
        name: meant[plain(str(name))]
        for name in frame.columns
        if name != geometry and plain(str(name)) in meant
    }
    result = frame.rename(columns=names)
    refuse_doubles(result.loc[:, result.columns.isin(list(headings))], where)
    return result


def plain(text: str) -> str:
    """Return a heading without case, accents and signs.

    Parameters
    ----------
    text
        The heading.

    Examples
    --------
    >>> plain("N (SWEREF 99 TM)"), plain("Källans år")
    ('nsweref99tm', 'kallansar')
    """
    return slug(text).replace("-", "")


def known_words(values: pd.Series, column: str, where: str) -> pd.Series:
    """Return a column's words as the tables call them.

    Parameters
    ----------
    values
        What people wrote.
    column
        One of ``WORDS``.
    where
        File, for the message.

    Returns
    -------
    Series
        Known words; missing where nothing was written. Unknown services stay as they are.

    Raises
    ------
    InputError
        If a word is not known: it must not be taken for nothing.
    """
    meant = {
        key(said): word for word, sayings in WORDS[column].items() for said in (word, *sayings)
    }
    texts = as_text(values)
    words = texts.map(lambda said: meant.get(key(said)), na_action="ignore")
    unknown = texts.notna() & words.isna()
    if column == "service":
        return words.where(~unknown, texts.str.lower())
    if unknown.any():
        said = ", ".join(dict.fromkeys(texts[unknown]))
        raise InputError(
            Fault(
                f"the {column} {said} is not known in {rows_of(unknown)}",
                where,
                f"Use one of {', '.join(WORDS[column])}",
            )
        )
    return words.astype("object")


def key(said: str) -> str:
    """Return what a word is compared by.

    Parameters
    ----------
    said
        A word, in Swedish or English.
    """
    return slug(said) or said

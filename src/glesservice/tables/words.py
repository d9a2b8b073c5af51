"""Swedish names of what the settings and tables call by a short key."""

from __future__ import annotations

import math

from glesservice.swedish import number
from glesservice.tables.schema import Column

SERVICE_NAMES = {
    "dagligvaror": "Dagligvaror",
    "drivmedel": "Drivmedel",
    "apotek": "Apotek",
    "paket": "Paket",
    "kontanter": "Kontanter",
    "vardcentral": "Vårdcentral",
    "skola": "Skola",
}

# Where one goes for the service, as running text says it.
SERVICE_PLACES = {
    "dagligvaror": "dagligvarubutik",
    "drivmedel": "drivmedelsstation",
    "apotek": "apotek eller apoteksombud",
    "paket": "paketombud",
    "kontanter": "kontantuttag",
    "vardcentral": "vårdcentral",
    "skola": "skola",
}

# Those of which running text says "det" and "inget"; the others are "den" and "ingen".
_NEUTER = {"apotek", "paket", "kontanter"}

# The fixed words of the tables, as readers see them.
TERMS = {
    "tatort": "tätort",
    "smaort": "småort",
    "by": "by",
    "kluster": "bebyggelsegrupp",
    "kandidat": "kandidat",
    "centralort": "centralort",
    "open": "öppet",
    "unconfirmed": "obekräftat",
    "closed": "stängt",
    "planned": "planerat",
    "full": "fullsortiment",
    "limited": "ej fullsortiment",
    "yes": "ja",
    "no": "nej",
    "unknown": "okänt",
    "all_year": "året runt",
    "summer": "sommar",
    "winter": "vinter",
    "part_of_year": "del av året",
    "merged": "blev ett",
    "kept_both": "båda är kvar",
    "population": "Befolkning",
    "settlements": "Orter",
    "services": "Serviceställen",
    "roads": "Vägar",
    "boundary": "Kommungräns",
    "lakes": "Sjöar",
}


def service_name(service: str) -> str:
    """Return a service's Swedish name, as headings show it.

    Parameters
    ----------
    service
        The service as the settings name it.

    Examples
    --------
    >>> service_name("dagligvaror"), service_name("ny_tjanst")
    ('Dagligvaror', 'Ny tjanst')
    """
    return SERVICE_NAMES.get(service, service.replace("_", " ").capitalize())


def service_place(service: str) -> str:
    """Return what one calls a place that gives a service, in running text.

    Parameters
    ----------
    service
        The kind of service.

    Examples
    --------
    >>> service_place("dagligvaror"), service_place("ny_tjanst")
    ('dagligvarubutik', 'ställe med ny tjanst')
    """
    plain = service.replace("_", " ")
    return SERVICE_PLACES.get(service, f"ställe med {plain}")


def service_pronoun(service: str) -> str:
    """Return den or det, for a place that gives a service.

    Parameters
    ----------
    service
        The kind of service.

    Examples
    --------
    >>> service_pronoun("dagligvaror"), service_pronoun("paket"), service_pronoun("ny_tjanst")
    ('den', 'det', 'det')
    """
    return "den" if service in SERVICE_PLACES and service not in _NEUTER else "det"


def service_none(service: str) -> str:
    """Return no place at all that gives a service, in running text.

    Parameters
    ----------
    service
        The kind of service.

    Examples
    --------
    >>> service_none("dagligvaror"), service_none("paket")
    ('ingen dagligvarubutik', 'inget paketombud')
    """
    none = "ingen" if service_pronoun(service) == "den" else "inget"
    return f"{none} {service_place(service)}"


def term(word: str) -> str:
    """Return the Swedish for a fixed word of the tables; other words as they are.

    Parameters
    ----------
    word
        A word of a schema or of the settings.

    Examples
    --------
    >>> term("smaort"), term("roads 2"), term("Kultsjödalen")
    ('småort', 'Vägar 2', 'Kultsjödalen')
    """
    first, _, rest = word.partition(" ")
    return TERMS.get(word) or (
        f"{TERMS[first]} {rest}" if rest.isdigit() and first in TERMS else word
    )


def in_words(value: object, column: Column) -> str:
    """Return a value of a table as readers see it; empty where it is missing.

    Parameters
    ----------
    value
        The value.
    column
        The column that it stands in.

    Examples
    --------
    >>> in_words("smaort", Column("kind", "text", "Slag", "Slag av ort.", words=("smaort",)))
    'småort'
    >>> in_words(38.44, Column("km", "float", "Avstånd", "Till butiken.", "km", decimals=1))
    '38,4'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if column.kind == "bool":
        return "ja" if value else "nej"
    if column.kind != "text":
        return number(float(str(value)), column.decimals)
    if column.name == "service":
        return service_name(str(value))
    return term(str(value)) if column.words else str(value)

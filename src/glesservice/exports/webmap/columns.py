"""The columns of the page's tables: which they are, and what they are called in its language."""

from __future__ import annotations

from dataclasses import dataclass

from glesservice.exports.webmap.published import Published
from glesservice.tables import Column, bygder_table, orter_table, sites_table, strategic_table
from glesservice.tables.words import service_name

CAPTIONS = {
    "ort": "Glesa orter",
    "bygd": "Glesa bygder",
    "serviceort": "Strategiska serviceorter",
    "stalle": "Serviceställen",
}

# What is told of a decision: shown where there is any.
DECIDED = ("decision", "decision_motive", "decision_date", "decided_by")

# Stands for a service in the titles that the catalogues translate.
ANY_SERVICE = "{service}"

# Columns that the page makes of others.
INTERVAL = Column(
    "interval",
    "text",
    "Platsens intervall",
    "Platserna i de flesta dragningarna med andra rimliga antaganden.",
)
LEGAL = Column(
    "legal",
    "text",
    "Avstånd till nästa",
    "Stödlagens avstånd till närmaste andra ställe av samma slag. Underlag, aldrig en rätt till "
    "stöd.",
)
CHANGE = Column(
    "change",
    "float",
    "Förändring",
    "Poängen nu minus poängen före. Tomt för orter som inte fanns med före.",
    decimals=1,
    nullable=True,
)
TWO_SITES = Column(
    "two_sites_{service}",
    "text",
    "Ställen för {service}",
    "Det ställe som ligger närmast för flest boende, och det som då är näst närmast, med km dit.",
)


@dataclass(frozen=True)
class Heading:
    """One column: what it is called and means; ``extra`` ones are shown on request."""

    name: str
    title: str
    meaning: str
    unit: str
    text: bool
    extra: bool


def column_texts() -> list[str]:
    """Return what the columns say, with ``{service}`` in the place of a service.

    Returns
    -------
    list of str
        Titles, meanings and units, in Swedish.
    """
    services = [ANY_SERVICE]
    tables = orter_table(services, ()), bygder_table(), strategic_table(services), sites_table()
    columns = [*(column for table in tables for column in table.columns)]
    columns += [INTERVAL, LEGAL, CHANGE, TWO_SITES]
    used = [column for column in columns if column.name in LISTED]
    texts = [text for column in used for text in (column.title, column.meaning, column.unit)]
    return sorted({text for text in texts if text})


# Every column that a list of the page may show.
LISTED = frozenset(
    {
        "change",
        "rank",
        "name",
        "people",
        "total",
        "sparsity",
        "vulnerability",
        "km_{service}",
        "orter",
        "members",
        "added_person_km",
        "people_past_limit",
        "people_served",
        "people_without",
        "services",
        "sites",
        "service",
        "status",
        "counted",
        "assortment",
        "staffed",
        "kommunkod",
        "source",
        "source_year",
        "legal",
        "note",
        "interval",
        "motive",
        "certainty",
        "two_sites_{service}",
        "added_person_km_{service}",
        *DECIDED,
    }
)


def of_service(column: Column, service: str) -> Column:
    """Return a column with a service put in its texts.

    Parameters
    ----------
    column
        A column of any service.
    service
        The kind of service.
    """
    name, title, meaning = (
        text.replace(ANY_SERVICE, service) for text in (column.name, column.title, column.meaning)
    )
    return Column(name, column.kind, title, meaning, column.unit, decimals=column.decimals)


def heading(column: Column, shown: Published, extra: bool) -> Heading:
    """Return a column's heading in the page's language.

    Parameters
    ----------
    column
        The column.
    shown
        What of the result may be shown.
    extra
        Whether it is shown on request alone.
    """
    kind = column.kind in ("text", "bool")
    texts = [column.title, column.meaning, column.unit]
    own = next((s for s in shown.services if column.name.endswith(f"_{s}")), None)
    if shown.language.code != "sv":
        if own is None:
            texts = [shown.say(text) for text in texts]
        else:
            # The catalogue has the texts of any service.
            service = shown.say(service_name(own)).lower()
            texts = [
                shown.say(text.replace(own, ANY_SERVICE)).replace(ANY_SERVICE, service)
                for text in texts
            ]
    title, meaning, unit = texts
    return Heading(column.name, title, meaning, unit, kind, extra)

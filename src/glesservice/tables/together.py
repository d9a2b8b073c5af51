"""Schemas of what many municipalities say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from glesservice.tables.indicators import INDICATORS
from glesservice.tables.orter import km_column, orter_table
from glesservice.tables.schema import Column, Table

_KOMMUN = (
    Column("kommunkod", "text", "Kommunkod", "SCB:s kommunkod."),
    Column("kommun", "text", "Kommun", "Kommunens namn."),
)
# What of an indicator is the same for all its years or stands elsewhere.
_LEFT_OUT = ("kommunkod", "broken", "rules", "headline")
# What of an ort is told together: enough to find it in its own municipality's tables.
_OF_ORT = (
    *("ort_id", "name", "kind", "role", "rank", "people", "total", "sparsity", "vulnerability"),
    *("rank_low", "rank_high", "motive"),
)


def kommuner_table(services: Sequence[str]) -> Table:
    """Return the schema of the municipalities.

    Parameters
    ----------
    services
        The kinds of service that count in any of them.

    Returns
    -------
    Table
        One row a municipality.
    """
    columns = [
        Column("kommunkod", "text", "Kommunkod", "SCB:s kommunkod."),
        Column("name", "text", "Kommun", "Kommunens namn."),
        Column("people", "float", "Personer", "Folkmängd i kommunen.", "personer"),
        Column("orter", "int", "Orter", "Antal rangordnade orter i kommunen."),
        Column(
            "top_orter",
            "int",
            "Bland de glesaste",
            "Hur många av kommunens orter som är bland de glesaste i alla kommuner tillsammans.",
        ),
        Column(
            "first_ort",
            "text",
            "Glesaste ort",
            "Den av kommunens orter som har högst poäng.",
            nullable=True,
        ),
        Column(
            "first_rank",
            "float",
            "Dess plats",
            "Den ortens plats bland orterna i alla kommuner.",
            nullable=True,
        ),
    ]
    for service in services:
        columns += [
            km_column(service),
            Column(
                f"km_rank_{service}",
                "float",
                f"Plats, {service}",
                f"Plats bland kommunerna efter medelavståndet till {service}; 1 har längst.",
                nullable=True,
            ),
            Column(
                f"worst_km_{service}",
                "float",
                f"Km för sämst ställda, {service}",
                f"Väglängd till närmaste {service}, medel över de boende som har längst.",
                "km",
                nullable=True,
                decimals=1,
            ),
        ]
    columns.append(Column("folder", "text", "Mapp", "Mappen med kommunens egna produkter."))
    return Table(
        "kommuner", "Kommuner", tuple(columns), ("kommunkod",), ("Polygon", "MultiPolygon")
    )


def orter_together_table(services: Sequence[str]) -> Table:
    """Return the schema of the orter of all municipalities.

    Parameters
    ----------
    services
        The kinds of service that count in any of them.

    Returns
    -------
    Table
        One row an ort.
    """
    known = orter_table(services, ())
    columns = (
        Column(
            "rank_all",
            "float",
            "Plats av alla",
            "Plats bland orterna i alla kommuner tillsammans, efter poängen.",
            nullable=True,
        ),
        *_KOMMUN,
        *(_of_ort(known.column(name)) for name in _OF_ORT),
        *(known.column(f"km_{service}") for service in services),
    )
    return Table(known.name, "Orter i alla kommuner", columns, ("ort_id",), known.geometry)


def _of_ort(column: Column) -> Column:
    """Say of a rank that it is the one in the municipality."""
    if column.name != "rank":
        return column
    meaning = "Plats i kommunens egen lista över glesa orter."
    return replace(column, title="Plats i kommunen", meaning=meaning)


INDICATORS_TOGETHER = Table(
    "indikatorer",
    "Indikatorer för alla kommuner",
    (
        *_KOMMUN,
        Column(
            "rank",
            "float",
            "Plats",
            "Plats bland kommunerna; 1 är där det är sämst. Tomt där värdet saknas eller inte "
            "visas, och för antal och summor, som följer kommunens storlek.",
            nullable=True,
        ),
        *(column for column in INDICATORS.columns if column.name not in _LEFT_OUT),
    ),
    key=("kommunkod", "indicator_id"),
)

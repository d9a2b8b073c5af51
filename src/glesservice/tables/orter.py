"""Schemas of the scored orter and bygder: functions, for services and limits are settings."""

from __future__ import annotations

from collections.abc import Sequence

from glesservice.tables.beside import (
    MOTIVE,
    bygd_service_columns,
    ort_columns,
    ort_service_columns,
)
from glesservice.tables.certainty import CERTAINTY_COLUMNS, INTERVAL_COLUMNS
from glesservice.tables.schema import Column, Table

_SCORES = (
    Column(
        "total",
        "float",
        "Poäng",
        "Viktad summa av gleshet och sårbarhet över alla slag av service, 0–100.",
        "0–100",
        decimals=1,
    ),
    Column(
        "sparsity",
        "float",
        "Gleshet",
        "Hur långt de boende har till närmaste service, viktat över slagen av service, 0–100.",
        "0–100",
        decimals=1,
    ),
    Column(
        "vulnerability",
        "float",
        "Sårbarhet",
        "Hur mycket längre det blir om det närmaste stället stänger, viktat över slagen, 0–100.",
        "0–100",
        decimals=1,
    ),
)


def orter_table(services: Sequence[str], limits_km: Sequence[float]) -> Table:
    """Return the schema of the scored orter.

    Parameters
    ----------
    services
        The kinds of service that count, in their order.
    limits_km
        Distances beyond which people are counted, km.

    Returns
    -------
    Table
        One row an ort; per service its score, distances and the nearest site.
    """
    columns = [
        Column("ort_id", "text", "Ort-id", "Ortens id, samma från år till år."),
        Column("name", "text", "Ort", "Ortens namn."),
        Column(
            "kind",
            "text",
            "Slag",
            "tatort, smaort, by eller kluster.",
            words=("tatort", "smaort", "by", "kluster"),
        ),
        Column(
            "role",
            "text",
            "Roll",
            "kandidat; centralort och undantagen rangordnas inte.",
            words=("kandidat", "centralort", "undantagen"),
        ),
        Column("bygd_id", "text", "Bygd-id", "Bygden som orten hör till.", nullable=True),
        Column("rank", "float", "Plats", "Plats i listan över glesa orter.", nullable=True),
        Column("people", "float", "Personer", "Folkmängd i ortens rutor.", "personer"),
        Column("cells", "int", "Rutor", "Antal befolkade rutor."),
        *_SCORES,
        Column(
            "people_no_road",
            "float",
            "Utan väganslutning",
            "Personer i rutor som ligger för långt från närmaste väg.",
            "personer",
        ),
        MOTIVE,
        *ort_columns(),
        *CERTAINTY_COLUMNS,
    ]
    for service in services:
        columns += _service_columns(service)
        columns.append(
            Column(
                f"person_km_{service}",
                "float",
                f"Personkm till {service}",
                f"Väglängd till närmaste {service}, enkel resa, summa över de boende.",
                "personkm",
            )
        )
        columns += [
            Column(
                f"beyond_{limit:g}_{service}",
                "float",
                f"Över {limit:g} km till {service}",
                f"Personer med mer än {limit:g} km till närmaste {service}.",
                "personer",
            )
            for limit in limits_km
        ]
        columns += ort_service_columns(service)
    columns += decision_columns()
    return Table(
        "orter", "Orter", tuple(columns), key=("ort_id",), geometry=("Polygon", "MultiPolygon")
    )


def decision_columns() -> list[Column]:
    """Return what is said of the decision on an ort, beside the proposal."""
    said = (
        ("decision", "Beslut", "utpekad eller inte utpekad, det senaste beslutet; tomt utan."),
        ("decision_motive", "Beslutets motiv", "Motivet till beslutet."),
        ("decision_date", "Beslutsdatum", "Beslutets datum."),
        ("decided_by", "Beslutat av", "Vem som har beslutat."),
    )
    return [Column(name, "text", title, text, nullable=True) for name, title, text in said]


def _service_columns(service: str) -> list[Column]:
    """List what is said about one service in one ort."""
    return [
        Column(
            f"sparsity_{service}",
            "float",
            f"Gleshet {service}",
            f"Gleshet för {service}, 0–100.",
            "0–100",
            decimals=1,
        ),
        Column(
            f"vulnerability_{service}",
            "float",
            f"Sårbarhet {service}",
            f"Sårbarhet för {service}, 0–100.",
            "0–100",
            decimals=1,
        ),
        *distance_columns(service),
        Column(
            f"site_{service}",
            "text",
            f"Närmaste {service}",
            f"Det ställe med {service} som ligger närmast för flest boende.",
            nullable=True,
        ),
    ]


def km_column(service: str) -> Column:
    """Return the distance to the nearest site.

    Parameters
    ----------
    service
        The kind of service.
    """
    return Column(
        f"km_{service}",
        "float",
        f"Km till {service}",
        f"Väglängd till närmaste {service}, medel över de boende.",
        "km",
        nullable=True,
        decimals=1,
    )


def distance_columns(service: str) -> list[Column]:
    """Return the distances to the nearest and the next site.

    Parameters
    ----------
    service
        The kind of service.
    """
    return [
        km_column(service),
        Column(
            f"minutes_{service}",
            "float",
            f"Minuter till {service}",
            f"Restid med bil till den {service} som nås fortast, medel över de boende.",
            "minuter",
            nullable=True,
        ),
        Column(
            f"next_km_{service}",
            "float",
            f"Km till näst närmaste {service}",
            f"Väglängd till näst närmaste {service}, medel över de boende.",
            "km",
            nullable=True,
            decimals=1,
        ),
        Column(
            f"next_minutes_{service}",
            "float",
            f"Minuter till näst närmaste {service}",
            f"Restid med bil till den {service} som nås näst fortast, medel över de boende.",
            "minuter",
            nullable=True,
        ),
    ]


def bygder_table(services: Sequence[str] = ()) -> Table:
    """Return the schema of the bygder: orter that belong together along the road.

    Parameters
    ----------
    services
        The kinds of service that count, in their order.

    Returns
    -------
    Table
        One row a bygd.
    """
    columns = (
        Column("bygd_id", "text", "Bygd-id", "Bygdens id."),
        Column("name", "text", "Bygd", "Bygdens namn, efter den folkrikaste orten."),
        Column("rank", "float", "Plats", "Plats i listan över glesa bygder."),
        Column("people", "float", "Personer", "Folkmängd i bygdens orter.", "personer"),
        Column("orter", "int", "Orter", "Antal orter i bygden."),
        Column("members", "text", "Orter i bygden", "Orternas namn."),
        *_SCORES,
        MOTIVE,
        *(column for service in services for column in _bygd_service(service)),
        *INTERVAL_COLUMNS,
    )
    return Table(
        "bygder", "Bygder", columns, key=("bygd_id",), geometry=("Polygon", "MultiPolygon")
    )


def _bygd_service(service: str) -> list[Column]:
    """List what is said about one service in one bygd."""
    return [*distance_columns(service)[:2], *bygd_service_columns(service)]

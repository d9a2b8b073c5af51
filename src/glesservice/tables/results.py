"""Schemas of the result tables. Services and limits are settings, so these are functions."""

from __future__ import annotations

from collections.abc import Sequence

from glesservice.tables.beside import (
    MOTIVE,
    bygd_service_columns,
    cell_columns,
    ort_columns,
    ort_service_columns,
)
from glesservice.tables.certainty import CERTAINTY_COLUMNS, INTERVAL_COLUMNS
from glesservice.tables.inputs import AGES, CELLS, EDGES, SITES
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
    columns += _decision_columns()
    return Table(
        "orter", "Orter", tuple(columns), key=("ort_id",), geometry=("Polygon", "MultiPolygon")
    )


def _decision_columns() -> list[Column]:
    """List what is said of the decision on an ort, beside the proposal."""
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
        *_distance_columns(service),
        Column(
            f"site_{service}",
            "text",
            f"Närmaste {service}",
            f"Det ställe med {service} som ligger närmast för flest boende.",
            nullable=True,
        ),
    ]


def _distance_columns(service: str) -> list[Column]:
    """List the distances to the nearest and the next site."""
    return [
        Column(
            f"km_{service}",
            "float",
            f"Km till {service}",
            f"Väglängd till närmaste {service}, medel över de boende.",
            "km",
            nullable=True,
            decimals=1,
        ),
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
    return [*_distance_columns(service)[:2], *bygd_service_columns(service)]


def cells_table(services: Sequence[str]) -> Table:
    """Return the schema of the municipality's cells with their distances.

    Parameters
    ----------
    services
        The kinds of service that count, in their order.

    Returns
    -------
    Table
        One row a cell.
    """
    columns = [
        # Ages are for the measures, never published cell by cell.
        *(column for column in CELLS.columns if column.name not in AGES),
        Column("people_class", "text", "Personer", "Folkmängd i klass.", "personer"),
        Column("ort_id", "text", "Ort-id", "Ort, tomt för spridd bebyggelse.", nullable=True),
        Column(
            "access_m",
            "float",
            "Meter till väg",
            "Fågelvägen från rutans mitt till närmaste väg; tomt utan väganslutning.",
            "m",
            nullable=True,
        ),
    ]
    for service in services:
        columns += _distance_columns(service)
        columns += [
            Column(f"site_{service}", "text", f"Närmaste {service}", "Id.", nullable=True),
            Column(
                f"next_site_{service}", "text", f"Näst närmaste {service}", "Id.", nullable=True
            ),
            *cell_columns(service),
        ]
    return Table("rutor", "Befolkade rutor", tuple(columns), CELLS.key, CELLS.geometry)


def sites_table() -> Table:
    """Return the schema of the sites with their place and ort."""
    columns = (
        *SITES.columns,
        Column("counted", "bool", "Räknas", "Om stället räknas i poängen."),
        Column("place_id", "text", "Plats-id", "Ställen på samma plats stänger tillsammans."),
        Column("ort_id", "text", "Ort-id", "Orten som stället ligger i.", nullable=True),
    )
    return Table(SITES.name, SITES.title, columns, SITES.key, SITES.geometry)


def strategic_table(services: Sequence[str]) -> Table:
    """Return the schema of the list of strategic serviceorter.

    Parameters
    ----------
    services
        The kinds of service that count, in their order.

    Returns
    -------
    Table
        One row a serviceort; what its loss would cost, service by service.
    """
    columns = [
        Column("rank", "int", "Plats", "Plats i listan över strategiska serviceorter."),
        Column("serviceort_id", "text", "Id", "Ortens id, eller platsens utanför orterna."),
        Column("name", "text", "Serviceort", "Ortens namn."),
        Column("services", "text", "Service", "Slag av service som finns i orten."),
        Column("sites", "text", "Serviceställen", "Namnen på ställena."),
        Column("places", "int", "Platser", "Antal platser; ställen på samma plats är en."),
        Column(
            "people_served",
            "float",
            "Betjänar",
            "Personer som har någon service närmast här.",
            "personer",
        ),
        Column(
            "people_without",
            "float",
            "Blir helt utan",
            "Personer som inte når något annat ställe om orten förlorar sin service.",
            "personer",
        ),
        Column(
            "people_past_limit",
            "float",
            "Passerar gränsen",
            "Personer som får längre än nedre gränsen för någon service om orten förlorar den.",
            "personer",
        ),
        Column(
            "added_person_km",
            "float",
            "Tillkommande personkilometer",
            "Längre väg enkel resa om orten förlorar all sin service, summa över de boende, "
            "viktad över slagen av service.",
            "personkm",
        ),
        MOTIVE,
    ]
    columns += [
        Column(
            f"added_person_km_{service}",
            "float",
            f"Tillkommande personkm {service}",
            f"Längre väg till {service}, summa över de boende, enkel resa.",
            "personkm",
        )
        for service in services
    ]
    columns += INTERVAL_COLUMNS
    columns += _decision_columns()
    return Table("strategiska", "Strategiska serviceorter", tuple(columns), ("serviceort_id",))


def roads_table() -> Table:
    """Return the schema of the roads as they were driven."""
    columns = (
        *EDGES.columns,
        Column("speed_kmh", "float", "Hastighet", "Hastighet som har räknats med.", "km/h"),
        Column(
            "speed_backward_kmh",
            "float",
            "Hastighet bakåt",
            "Hastighet från v till u, där den är en annan.",
            "km/h",
            nullable=True,
        ),
        Column("speed_origin", "text", "Hastighetens källa", "skyltad eller vägklass."),
        Column("connected", "bool", "Sammanhängande", "Om vägen hör till det använda nätet."),
    )
    return Table(EDGES.name, EDGES.title, columns, EDGES.key, EDGES.geometry)

"""Schemas of what else an analysis finds: cells, sites, serviceorter and roads."""

from __future__ import annotations

from collections.abc import Sequence

from glesservice.tables.beside import MOTIVE, cell_columns
from glesservice.tables.certainty import INTERVAL_COLUMNS
from glesservice.tables.inputs import AGES, CELLS, EDGES, SITES
from glesservice.tables.orter import decision_columns, distance_columns
from glesservice.tables.schema import Column, Table


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
        columns += distance_columns(service)
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
    columns += decision_columns()
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

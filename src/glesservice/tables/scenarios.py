"""Schemas of what a scenario changes: before and after, closings in turn, where a new site helps.

Services are settings, so these are functions.
"""

from __future__ import annotations

from collections.abc import Sequence

from glesservice.tables.schema import Column, Table

# Heading, unit and decimals of what is compared; the sentence that tells what it is.
_MOMENTS = (("before", "före"), ("after", "efter"))


def _pair(
    name: str,
    title: str,
    meaning: str,
    unit: str = "",
    *,
    kind: str = "float",
    decimals: int = 0,
    change: bool = False,
) -> list[Column]:
    """List a value before and after, and its change where wanted."""
    columns = [
        Column(
            f"{name}_{moment}",
            "text" if kind == "text" else "float",
            f"{title} {swedish}",
            f"{meaning} {swedish.capitalize()} förändringen.",
            unit,
            nullable=True,
            decimals=decimals,
        )
        for moment, swedish in _MOMENTS
    ]
    if change:
        columns.append(
            Column(
                f"{name}_change",
                "float",
                f"{title} skillnad",
                f"{meaning} Efter minus före; tomt där något av dem saknas.",
                unit,
                nullable=True,
                decimals=decimals,
            )
        )
    return columns


def scenario_orter_table(services: Sequence[str]) -> Table:
    """Return the schema of the orter before and after a scenario.

    Parameters
    ----------
    services
        The kinds of service that have a site before or after, in their order.

    Returns
    -------
    Table
        One row an ort. An ort is the same squares before and after.
    """
    columns = [
        Column("ort_id", "text", "Ort-id", "Ortens id, samma från år till år."),
        Column("name", "text", "Ort", "Ortens namn."),
        Column("role", "text", "Roll", "kandidat, eller centralort som aldrig rangordnas."),
        *_pair("rank", "Plats", "Plats i listan över glesa orter."),
        *_pair("people", "Personer", "Folkmängd i ortens rutor.", "personer"),
        *_pair(
            "total",
            "Poäng",
            "Viktad summa av gleshet och sårbarhet, med samma vikter före och efter.",
            "0–100",
            decimals=1,
            change=True,
        ),
    ]
    for service in services:
        columns += _pair(
            f"km_{service}",
            f"Km till {service}",
            f"Väglängd till närmaste {service}, medel över de boende som når någon.",
            "km",
            decimals=1,
            change=True,
        )
        columns += _pair(
            f"minutes_{service}",
            f"Minuter till {service}",
            f"Restid med bil till den {service} som nås fortast, medel över de boende.",
            "minuter",
        )
        columns += _pair(
            f"without_{service}",
            f"Utan {service}",
            f"Personer som inte når någon {service} på väg.",
            "personer",
        )
        columns += _pair(
            f"site_{service}",
            f"Närmaste {service}",
            f"Det ställe med {service} som ligger närmast för flest boende.",
            kind="text",
        )
    return Table(
        "orter_scenario",
        "Orter före och efter",
        tuple(columns),
        ("ort_id",),
        ("Polygon", "MultiPolygon"),
    )


def scenario_municipality_table() -> Table:
    """Return the schema of the municipality before and after a scenario, one row a service."""
    columns = [
        Column("service", "text", "Service", "Slag av service."),
        *_pair("people", "Personer", "Folkmängd i kommunen.", "personer"),
        *_pair(
            "mean_km",
            "Km i medel",
            "Väglängd till närmaste ställe, medel över de boende som når något.",
            "km",
            decimals=1,
            change=True,
        ),
        *_pair(
            "mean_minutes",
            "Minuter i medel",
            "Restid med bil till det ställe som nås fortast, medel över de boende som når något.",
            "minuter",
            decimals=1,
        ),
        Column(
            "near_km", "float", "Nedre gräns", "Gränsen för när någon har långt.", "km", decimals=1
        ),
        *_pair(
            "past_limit",
            "Över gränsen",
            "Personer med längre väg än nedre gränsen, de som inte når något ställe medräknade.",
            "personer",
            change=True,
        ),
        *_pair(
            "without",
            "Helt utan",
            "Personer som inte når något ställe på väg.",
            "personer",
            change=True,
        ),
        *_pair(
            "person_km",
            "Personkm",
            "Väglängd till närmaste ställe, enkel resa, summa över de boende som når något.",
            "personkm",
        ),
        Column(
            "added_person_km",
            "float",
            "Tillkommande personkm",
            "Längre väg efter förändringen, enkel resa, summa över de boende; de som når ett "
            "ställe bara före eller bara efter räknas inte hit utan under Helt utan.",
            "personkm",
        ),
    ]
    return Table("kommun_scenario", "Kommunen före och efter", tuple(columns), ("service",))


def closings_table(services: Sequence[str]) -> Table:
    """Return the schema of every site and place closed in turn.

    Parameters
    ----------
    services
        The kinds of service that count, in their order.

    Returns
    -------
    Table
        One row a closing, the costliest first.
    """
    columns = [
        Column("rank", "int", "Ordning", "Vad som kostar mest kommer först."),
        Column("closing_id", "text", "Id", "Ställets id; platsens, med plats: före."),
        Column("kind", "text", "Vad", "ställe, eller plats: alla ställen på en plats stänger."),
        Column("name", "text", "Namn", "Vad som stänger."),
        Column("services", "text", "Service", "Slag av service som försvinner."),
        Column("inside", "bool", "I kommunen", "Om det ligger i kommunen."),
        Column("ort", "text", "Ort", "Orten som det ligger i.", nullable=True),
        Column(
            "people_affected",
            "float",
            "Berörda",
            "Personer i kommunen som har någon service närmast här.",
            "personer",
        ),
        Column(
            "people_without",
            "float",
            "Blir helt utan",
            "Personer som inte når något annat ställe.",
            "personer",
        ),
        Column(
            "people_past_limit",
            "float",
            "Passerar gränsen",
            "Personer som får längre än nedre gränsen för någon service.",
            "personer",
        ),
        Column(
            "added_person_km",
            "float",
            "Tillkommande personkm",
            "Längre väg enkel resa, summa över de boende, viktad över slagen av service.",
            "personkm",
        ),
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
    columns += [
        Column(
            "worst_ort",
            "text",
            "Värst för",
            "Orten där flest blir helt utan; annars den med störst längre väg per boende.",
            nullable=True,
        ),
        Column(
            "worst_added_km",
            "float",
            "Längre väg där",
            "Längre väg till den service som ökar mest, medel över ortens boende som når ett "
            "annat ställe; tomt om ingen gör det.",
            "km",
            nullable=True,
            decimals=1,
        ),
    ]
    return Table(
        "stangningar", "Stängningar var för sig", tuple(columns), ("closing_id",), ("Point",)
    )


def placements_table() -> Table:
    """Return the schema of where new sites would help most, one row a number of sites and aim."""
    columns = (
        Column("aim", "text", "Mål", "täckning, eller personkilometer."),
        Column("sites", "int", "Nya ställen", "Hur många nya ställen som får öppnas."),
        Column("chosen", "text", "Bästa val", "Platserna som tillsammans hjälper mest."),
        Column("unit", "text", "Enhet", "Vad värdena räknas i."),
        Column("before", "float", "I dag", "Värdet utan något nytt ställe."),
        Column("value", "float", "Bästa värde", "Värdet med de valda platserna."),
        Column(
            "greedy_chosen",
            "text",
            "En i taget",
            "Platserna om den bästa väljs först, sedan den näst bästa och så vidare.",
        ),
        Column("greedy_value", "float", "Värde en i taget", "Värdet med de platserna."),
        Column(
            "gap_percent",
            "float",
            "Osäkerhet",
            "Hur mycket bättre än det funna valet något val kan vara, av värdets förändring; 0 är "
            "bevisat bäst.",
            "%",
            decimals=2,
        ),
    )
    return Table("placering", "Var nya ställen hjälper mest", columns, ("aim", "sites"))


def candidates_table() -> Table:
    """Return the schema of the places where a new site may open."""
    columns = (
        Column("name", "text", "Plats", "Där ett nytt ställe kan öppna."),
        Column(
            "people_near",
            "float",
            "Personer inom gränsen",
            "Personer inom gränsen från platsen, oavsett om de redan har ett ställe.",
            "personer",
        ),
        Column(
            "people_closer",
            "float",
            "Får närmare",
            "Personer som får närmare än i dag om ett ställe öppnar här.",
            "personer",
        ),
        Column(
            "saved_person_km",
            "float",
            "Sparade personkm",
            "Kortare väg om ett ställe öppnar just här, enkel resa, summa över de boende.",
            "personkm",
        ),
        Column(
            "chosen_for",
            "text",
            "Vald för",
            "Mål och antal nya ställen där platsen ingår i det bästa valet.",
            nullable=True,
        ),
    )
    return Table("kandidater", "Möjliga platser", columns, ("name",), ("Point",))

"""Schemas of what is told beside the score: dependence, evenness, trips and legal tests."""

from __future__ import annotations

from collections.abc import Sequence

from glesservice.tables.schema import Column, Table

MOTIVE = Column("motive", "text", "Motiv", "Varför raden står där den står, i ord.")

_TRIPS = (
    Column(
        "trip_km",
        "float",
        "Inköpsresor",
        "Resor till närmaste ställen under ett år, tur och retur, antal resor enligt "
        "inställningarna.",
        "km/år",
    ),
    Column(
        "co2_tonnes",
        "float",
        "Koldioxid",
        "Koldioxid från inköpsresorna under ett år, faktor enligt inställningarna.",
        "ton/år",
        decimals=1,
    ),
    Column(
        "trip_cost_sek",
        "float",
        "Resekostnad",
        "Kostnad för inköpsresorna under ett år, faktor enligt inställningarna.",
        "kr/år",
    ),
)


def ort_columns() -> list[Column]:
    """Return what is told of an ort for all services together."""
    return [
        Column(
            "people_65plus", "float", "65 år och äldre", "Personer från 65 år.", "personer", True
        ),
        Column(
            "people_80plus", "float", "80 år och äldre", "Personer från 80 år.", "personer", True
        ),
        Column(
            "people_single_road",
            "float",
            "På en enda väg",
            "Personer som inte når någon service alls om en viss väg stängs, tillfartsvägar "
            "oräknade.",
            "personer",
        ),
        Column(
            "people_single_place",
            "float",
            "På en enda plats",
            "Personer som har all service inom räckhåll på en och samma plats.",
            "personer",
        ),
        Column(
            "single_place",
            "text",
            "Den enda platsen",
            "Ställena på den platsen.",
            nullable=True,
        ),
        *_TRIPS,
    ]


def ort_service_columns(service: str) -> list[Column]:
    """Return what is told of an ort for one service.

    Parameters
    ----------
    service
        The kind of service.
    """
    return [
        *bygd_service_columns(service),
        Column(
            f"single_road_{service}",
            "float",
            f"På en enda väg till {service}",
            f"Personer som inte når {service} om en viss väg stängs, tillfartsvägar oräknade.",
            "personer",
        ),
        Column(
            f"single_road_km_{service}",
            "float",
            f"Km utan omväg till {service}",
            f"Så mycket av vägen till {service} går inte att köra runt, medel över de boende.",
            "km",
            nullable=True,
            decimals=1,
        ),
        Column(
            f"single_road_name_{service}",
            "text",
            f"Väg utan omväg till {service}",
            "Numret på den väg som mest av sträckan utan omväg går på.",
            nullable=True,
        ),
        Column(
            f"catchment_{service}",
            "float",
            f"Ställen per 1 000 personer, {service}",
            f"Hur många ställen med {service} som nås, delade på dem som också når dem (E2SFCA).",
            "per 1 000 personer",
            decimals=2,
        ),
    ]


def bygd_service_columns(service: str) -> list[Column]:
    """Return what is told of a bygd, and of an ort, of the evenness of the distances.

    Parameters
    ----------
    service
        The kind of service.
    """
    return [
        Column(
            f"worst_km_{service}",
            "float",
            f"Km för de sämst ställda, {service}",
            f"Väglängd till {service}, medel över den del av de boende som har längst; tomt om "
            "någon av dem saknar väg.",
            "km",
            nullable=True,
            decimals=1,
        ),
        Column(
            f"gini_{service}",
            "float",
            f"Gini {service}",
            f"Hur ojämnt väglängden till {service} är fördelad: 0 alla lika, mot 1 några få har "
            "all väg.",
            "0–1",
            nullable=True,
            decimals=2,
        ),
    ]


def cell_columns(service: str) -> list[Column]:
    """Return what is told of a cell for one service.

    Parameters
    ----------
    service
        The kind of service.
    """
    return [
        Column(
            f"single_road_km_{service}",
            "float",
            f"Km utan omväg till {service}",
            f"Så mycket av vägen till {service} går inte att köra runt.",
            "km",
            nullable=True,
            decimals=1,
        ),
        Column(
            f"catchment_{service}",
            "float",
            f"Ställen per 1 000 personer, {service}",
            f"Hur många ställen med {service} som nås, delade på dem som också når dem (E2SFCA).",
            "per 1 000 personer",
            decimals=2,
        ),
    ]


def municipality_table(limits_km: Sequence[float], limits_minutes: Sequence[float]) -> Table:
    """Return the schema of the municipality's indicators.

    Parameters
    ----------
    limits_km, limits_minutes
        Limits beyond which people are counted.

    Returns
    -------
    Table
        One row a service and age group.
    """
    columns = [
        Column("service", "text", "Service", "Slag av service."),
        Column("age", "text", "Ålder", "alla, 65plus eller 80plus."),
        Column("people", "float", "Personer", "Folkmängd i kommunen.", "personer"),
        Column(
            "people_unreached",
            "float",
            "Når inget ställe",
            "Personer utan väg till något ställe.",
            "personer",
        ),
        Column("km", "float", "Km", "Väglängd till närmaste ställe, medel.", "km", True, 1),
        Column("minutes", "float", "Minuter", "Restid med bil, medel.", "minuter", True, 1),
        Column(
            "worst_km",
            "float",
            "Km för de sämst ställda",
            "Medel över den del som har längst; tomt om någon av dem saknar väg.",
            "km",
            True,
            1,
        ),
        Column(
            "gini",
            "float",
            "Gini",
            "Hur ojämnt väglängden är fördelad: 0 alla lika, mot 1 några få har all väg.",
            "0–1",
            True,
            2,
        ),
        Column("person_km", "float", "Personkm", "Väglängd, enkel resa, summa.", "personkm"),
        Column(
            "single_site",
            "float",
            "Ett enda ställe",
            "Personer med ett enda ställe inom räckhåll: inom den övre gränsen för gleshet.",
            "personer",
        ),
        Column(
            "single_road",
            "float",
            "På en enda väg",
            "Personer som inte når något ställe om en viss väg stängs, tillfartsvägar oräknade.",
            "personer",
        ),
        *_TRIPS,
    ]
    for unit, limits in (("km", limits_km), ("minutes", limits_minutes)):
        shown = {"km": "km", "minutes": "minuter"}[unit]
        columns += [
            Column(
                f"beyond_{limit:g}_{unit}",
                "float",
                f"Över {limit:g} {shown}",
                f"Personer med mer än {limit:g} {shown} till närmaste ställe, de utan väg "
                "medräknade.",
                "personer",
            )
            for limit in limits
        ]
    return Table("kommunen", "Kommunens nyckeltal", tuple(columns), key=("service", "age"))


def legal_table() -> Table:
    """Return the schema of the distance tests between sites."""
    columns = (
        Column("site_id", "text", "Id", "Serviceställets id."),
        Column("name", "text", "Serviceställe", "Serviceställets namn."),
        Column("service", "text", "Service", "Slag av service."),
        Column("ort_id", "text", "Ort-id", "Orten som stället ligger i.", nullable=True),
        Column(
            "status",
            "text",
            "Status",
            "open eller unconfirmed.",
            words=("open", "unconfirmed"),
        ),
        Column(
            "assortment",
            "text",
            "Sortiment",
            "full, limited eller unknown.",
            words=("full", "limited", "unknown"),
        ),
        Column(
            "verdict",
            "text",
            "Utfall",
            "över gränsen, inom gränsen, oklart (hänger på ett ställe som kanske inte räknas) "
            "eller inget annat ställe.",
        ),
        Column(
            "margin_km",
            "float",
            "Marginal",
            "Km till närmaste ställe som kan räknas, minus gränsen; under noll är inom den.",
            "km",
            nullable=True,
            decimals=1,
        ),
        Column("control", "bool", "Bör kontrollmätas", "Ligger nära gränsen."),
        Column(
            "next_km",
            "float",
            "Km till närmaste",
            "Kortaste vägen till närmaste andra ställe som kan räknas, den kortare riktningen.",
            "km",
            nullable=True,
            decimals=1,
        ),
        Column("next_site", "text", "Närmaste", "Det stället.", nullable=True),
        Column(
            "certain_km",
            "float",
            "Km till närmaste säkra",
            "Kortaste vägen till närmaste andra ställe som säkert räknas.",
            "km",
            nullable=True,
            decimals=1,
        ),
        Column("certain_site", "text", "Närmaste säkra", "Det stället.", nullable=True),
        Column("limit_km", "float", "Gräns", "Gränsen i förordningen.", "km", decimals=1),
        Column("ordinance", "text", "Förordning", "Var gränsen står."),
        Column("checked", "text", "Kontrollerad", "Dagen då texten senast kontrollerades."),
        Column("expired", "text", "Upphörd", "Dagen då förordningen upphörde.", nullable=True),
        Column("text", "text", "I ord", "Vad provet säger. Underlag, aldrig en rätt till stöd."),
    )
    return Table("avstandsprov", "Avstånd mellan ställen", columns, ("site_id",), ("Point",))

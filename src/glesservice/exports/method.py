"""Method and sources in words, as the workbook tells them: labelled sentences in Swedish."""

from __future__ import annotations

from collections.abc import Sequence

from glesservice.config import Settings
from glesservice.disclosure import Published
from glesservice.swedish import as_set, number
from glesservice.tables.words import service_name, term

Lines = Sequence[tuple[str, str]]


def first_lines(shown: Published) -> Lines:
    """Return what a reader must know before the tables.

    Parameters
    ----------
    shown
        What may be published.
    """
    area, unsaid = shown.settings.area, shown.spread_people != shown.spread_people
    in_orter = "visas inte" if unsaid else number(shown.people - shown.spread_people)
    return [
        ("Underlag", f"Servicens gleshet i {area.name}, {area.year}"),
        (
            "Användning",
            "Underlag för beslut om utpekade strategiska orter, aldrig en rätt till "
            "stöd. Båda listorna är förslag; kommunfullmäktige beslutar.",
        ),
        ("Personer i orter", in_orter),
        ("Personer i spridd bebyggelse", shown.spread_told),
        ("Personer i kommunen", number(shown.people)),
        *(("Att veta", notice) for notice in shown.notices),
        (
            "Att läsa tabellerna",
            "Tomt betyder att uppgiften saknas eller inte finns, aldrig noll. Kolumnernas enheter "
            "står i rubriken, deras betydelse i rubrikens anteckning och på bladet Kolumner. Breda "
            "blad skrivs ut till och med den kolumn som ryms; resten finns på skärmen.",
        ),
    ]


def method_lines(shown: Published) -> Lines:
    """Return how the numbers came about and where the data come from.

    Parameters
    ----------
    shown
        What may be published.
    """
    return [
        ("Metod och källor", f"{shown.settings.area.name}, {shown.settings.area.year}"),
        *_scores(shown),
        *_distances(shown),
        *_beside(shown),
        *_certainty(shown),
        *(("Skydd av uppgifter", sentence) for sentence in shown.rules),
        *sources(shown.settings),
    ]


def sources(settings: Settings) -> Lines:
    """Return where the data come from.

    Parameters
    ----------
    settings
        The settings.
    """
    return [
        (
            "Källa",
            f"{term(key)}: {source.path.name}, {source.source or 'källa ej angiven'}, "
            f"{source.date or 'utan datum'}, licens {source.licence or 'ej angiven'}",
        )
        for key, source in settings.inputs()
    ]


def distances(settings: Settings) -> tuple[str, str]:
    """Return how distances are measured.

    Parameters
    ----------
    settings
        The settings.
    """
    way = "kortaste" if settings.policy.way == "shortest" else "snabbaste"
    return (
        "Avstånd",
        f"Kilometer längs {way} vägen till det ställe som då är närmast. Minuter "
        "längs snabbaste vägen till det ställe som nås fortast. Anslutning till väg medräknad.",
    )


def _scores(shown: Published) -> Lines:
    """Explain the score."""
    policy = shown.settings.policy
    weights = ", ".join(
        f"{service_name(str(name)).lower()} {as_set(100 * weight, 1)} %"
        for name, weight in shown.weights.items()
    )
    bounds = "; ".join(
        f"{service_name(service).lower()} {as_set(policy.services[service].near_km)} och "
        f"{as_set(policy.services[service].far_km)} km"
        for service in shown.services
    )
    return [
        (
            "Poäng",
            f"{as_set(100 * policy.sparsity_share, 1)} % gleshet och "
            f"{as_set(100 * (1 - policy.sparsity_share), 1)} % sårbarhet, vikter: {weights}",
        ),
        (
            "Gleshet",
            f"0 upp till den nedre gränsen, 100 från den övre, medel över de boende: {bounds}.",
        ),
        (
            "Sårbarhet",
            "Hur mycket längre det blir om det närmaste stället stänger, medel över de boende; "
            f"100 från {as_set(policy.vulnerability_km)} km längre, utan något annat ställe, eller "
            "utan något alls.",
        ),
    ]


def _distances(shown: Published) -> Lines:
    """Explain the distances."""
    network = shown.settings.network
    return [
        distances(shown.settings),
        (
            "Utan väganslutning",
            f"Rutor längre än {as_set(network.access_max_m)} m från närmaste väg; de räknas som "
            "längst bort. Årstid: " + network.season + ".",
        ),
        (
            "Avstånd mellan ställen",
            "Stödreglernas avstånd mäts mellan ställen, inte från hemmen, längs kortaste vägen i "
            "den kortare riktningen. Obekräftade ställen, och butiker med okänt sortiment, räknas "
            "kanske; om ett ställe är öppet hela året framgår inte av uppgifterna.",
        ),
    ]


def _certainty(shown: Published) -> Lines:
    """Say what the rank intervals are made of."""
    rules = shown.settings.certainty
    if rules.draws == 0:
        return []
    return [
        (
            "Säkerhet",
            f"Listorna är gjorda om {number(rules.draws)} gånger med andra rimliga vikter, "
            "gränser, hastigheter, folkmängder i rutorna och öppna ställen. Bästa och sämsta "
            f"plats omfattar {as_set(100 * rules.interval, 1)} % av dragningarna. Hur mycket som "
            "varieras är antaganden i inställningarna, inte mätningar. Bladet Känslighet visar ett "
            "antagande i taget.",
        )
    ]


def _beside(shown: Published) -> Lines:
    """Explain what stands beside the score."""
    policy = shown.settings.policy
    trips = ", ".join(
        f"{service_name(service).lower()} {number(trips, 2)}"
        for service, trips in policy.trips.per_person_week.items()
        if service in shown.weights.index
    )
    zones = "; ".join(
        f"{number(zone)} minuter (vikt {number(weight, 2)})"
        for zone, weight in zip(
            policy.catchment.zones_minutes, policy.catchment.weights, strict=True
        )
    )
    return [
        (
            "Inköpsresor",
            f"Antaganden: {trips} resor per person och vecka, var för sig och tur och retur, "
            f"{number(policy.trips.co2_kg_per_km, 3)} kg koldioxid och "
            f"{number(policy.trips.sek_per_km, 2)} kr per km.",
        ),
        ("Ställen per 1 000 personer", f"E2SFCA (Luo och Qi 2009), zoner till {zones}."),
    ]

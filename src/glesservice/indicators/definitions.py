"""The indicators: what each counts, its unit, and which way is better."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from glesservice.config import Settings
from glesservice.disclosure import Published
from glesservice.indicators.indicator import ALL_AGES, Indicator
from glesservice.sources.naming import slug
from glesservice.swedish import as_set, number
from glesservice.tables.indicators import HIGHER
from glesservice.tables.words import service_name, service_place, service_pronoun

# What the municipality's table calls the age groups.
AGE_WORDS = {"65plus": "65 år och äldre", "80plus": "80 år och äldre"}
# The services that weigh most are those that the strategy names first.
HEADLINE_SERVICES = 2
UNREACHED = "De som inte har väg till något ställe är inte med i medelvärdet utan räknas för sig."


def definitions(shown: Published) -> list[Indicator]:
    """Return the indicators of a year, those of all services together last.

    Parameters
    ----------
    shown
        What may be published.

    Returns
    -------
    list of Indicator
        For each service that counts, in its order, and each age group that the grid has.
    """
    settings, table = shown.settings, shown.tables["municipality"]
    ages = list(dict.fromkeys(table["age"])) if len(table) else [ALL_AGES]
    heaviest = list(shown.weights.sort_values(ascending=False, kind="stable").index)
    found: list[Indicator] = []
    for service in shown.services:
        first = service in heaviest[:HEADLINE_SERVICES]
        for age in ages:
            found += _reach(settings, service, str(age), headline=first and age == ALL_AGES)
        found += _business(service, headline=first)
        found += _trips(settings, service)
        found += _dependence(settings, service, headline=first)
    return [*found, *_together(settings, shown.services)]


def _id(*parts: str) -> str:
    """Join the parts of an id."""
    return ".".join(slug(part).replace("-", "_") for part in parts)


def _way(settings: Settings) -> str:
    """Say along which way kilometres are counted."""
    return "kortaste" if settings.policy.way == "shortest" else "snabbaste"


def _any(service: str) -> str:
    """Return any, of a place that gives a service."""
    return "någon" if service_pronoun(service) == "den" else "något"


def _reach(settings: Settings, service: str, age: str, *, headline: bool) -> Iterator[Indicator]:
    """Define how far people have: tillgänglig och likvärdig service."""
    policy, place, name = settings.policy, service_place(service), service_name(service)
    who = AGE_WORDS.get(age, "")
    of_age, last = (f" {who}", (age,)) if who else ("", ())
    people = f"personer{of_age}"

    def one(key: str, title: str, definition: str, unit: str, column: str) -> partial[Indicator]:
        return partial(
            Indicator,
            _id(service, key, *last),
            "tillganglighet",
            f"{name}: {title}{', ' + who if who else ''}",
            definition,
            unit,
            service=service,
            column=column,
            age=age,
        )

    yield one(
        "medel_km",
        "medelavstånd",
        f"Väglängd från bostadsrutans mitt till närmaste {place} längs {_way(settings)} vägen, "
        f"medel över kommunens {people}. {UNREACHED}",
        "km",
        "km",
    )(decimals=2, headline=headline)
    yield one(
        "medel_minuter",
        "medelrestid",
        f"Restid med bil till {service_pronoun(service)} {place} som nås fortast, medel över "
        f"kommunens {people}. {UNREACHED}",
        "minuter",
        "minutes",
    )(decimals=2)
    yield one(
        "samst_stallda_km",
        "avstånd för de sämst ställda",
        f"Väglängd till närmaste {place}, medel över de "
        f"{as_set(100 * policy.worst_off_share, 1)} % av kommunens {people} som har längst. "
        "Saknas om någon av dem inte har väg till något ställe.",
        "km",
        "worst_km",
    )(decimals=2)
    yield one(
        "gini",
        "ojämnhet (Gini)",
        f"Ginikoefficienten för väglängden till närmaste {place} bland kommunens {people}: 0 om "
        "alla har lika långt, mot 1 om några få har all väg.",
        "0–1",
        "gini",
    )(decimals=3)
    near = policy.services[service].near_km
    told = min((limit for limit in policy.limits_km if limit >= near), default=policy.limits_km[-1])
    for limit in policy.limits_km:
        km = as_set(limit)
        beyond = (
            f"mer än {km} km väg till närmaste {place} längs {_way(settings)} vägen; de som inte "
            "har väg till något ställe är medräknade"
        )
        column, key = f"beyond_{limit:g}_km", f"over_{limit:g}_km"
        yield one(
            key,
            f"personer med mer än {km} km",
            f"Antal {people} i kommunen med {beyond}.",
            "personer",
            column,
        )(headline=headline and limit == told)
        yield one(
            f"andel_{key}",
            f"andel med mer än {km} km",
            f"Andel av kommunens {people} med {beyond}.",
            "procent",
            column,
        )(share=True, decimals=1)
    yield one(
        "nar_inget",
        "personer utan väg till något ställe",
        f"Antal {people} i kommunen som inte har väg till {_any(service)} {place} inom det område "
        "som räknas.",
        "personer",
        "people_unreached",
    )()


def _business(service: str, *, headline: bool) -> Iterator[Indicator]:
    """Define what sites there are: ett starkare lokalt näringsliv."""
    name = service_name(service)
    counted = "Öppna ställen i kommunen som räknas i poängen"
    rests_on = ("services", "boundary")
    yield Indicator(
        _id(service, "stallen"),
        "naringsliv",
        f"{name}: antal ställen",
        f"{counted}. Obekräftade ställen räknas enligt årets inställning.",
        "ställen",
        better=HIGHER,
        service=service,
        headline=headline,
        sources=rests_on,
    )
    yield Indicator(
        _id(service, "orter_med"),
        "naringsliv",
        f"{name}: antal orter med ställe",
        f"Orter i kommunen, centralorten medräknad, med minst ett ställe. {counted}; ställen "
        "utanför orterna är inte med.",
        "orter",
        better=HIGHER,
        service=service,
        sources=("population", "settlements", *rests_on),
    )


def _trips(settings: Settings, service: str) -> Iterator[Indicator]:
    """Define what the trips take: hållbar service."""
    trips, name = settings.policy.trips, service_name(service)
    a_week = trips.per_person_week.get(service)
    if not a_week:
        return
    way = (
        f"{number(a_week, 2)} resor tur och retur per person och vecka till närmaste "
        f"{service_place(service)}, ett antagande"
    )
    for key, title, unit, column, factor in (
        ("inkopsresor_km", "inköpsresor", "km/år", "trip_km", ""),
        (
            *("koldioxid_ton", "koldioxid från inköpsresor", "ton/år", "co2_tonnes"),
            f", {number(trips.co2_kg_per_km, 3)} kg koldioxid per km",
        ),
        (
            *("resekostnad_kr", "kostnad för inköpsresor", "kr/år", "trip_cost_sek"),
            f", {number(trips.sek_per_km, 2)} kr per km",
        ),
    ):
        yield Indicator(
            _id(service, key),
            "hallbarhet",
            f"{name}: {title}",
            f"Alla kommunens personer under ett år: {way}{factor}.",
            unit,
            service=service,
            column=column,
            decimals=1 if unit == "ton/år" else 0,
        )


def _dependence(settings: Settings, service: str, *, headline: bool) -> Iterator[Indicator]:
    """Define how much hangs on one road or site: bättre infrastruktur."""
    policy, name = settings.policy, service_name(service)
    yield Indicator(
        _id(service, "en_enda_vag"),
        "infrastruktur",
        f"{name}: personer på en enda väg",
        f"Antal personer i kommunen som inte når {_any(service)} {service_place(service)} om en "
        f"viss väg stängs: mer än {as_set(policy.single_road_km)} km av vägen dit går inte att "
        "köra runt.",
        "personer",
        service=service,
        column="single_road",
        headline=headline,
    )
    yield Indicator(
        _id(service, "ett_enda_stalle"),
        "infrastruktur",
        f"{name}: personer med ett enda ställe",
        f"Antal personer i kommunen med precis ett ställe inom "
        f"{as_set(policy.services[service].far_km)} km väg.",
        "personer",
        service=service,
        column="single_site",
        headline=headline,
    )
    yield Indicator(
        _id(service, "reservkraft"),
        "infrastruktur",
        f"{name}: ställen med reservkraft",
        "Öppna ställen i kommunen som enligt förteckningen har reservkraft. Ställen där uppgift "
        "saknas räknas inte; saknas om förteckningen inte säger något om något ställe.",
        "ställen",
        better=HIGHER,
        service=service,
        sources=("services", "boundary"),
    )


def _together(settings: Settings, services: Sequence[str]) -> Iterator[Indicator]:
    """Define what is summed over all services."""
    factor = number(settings.policy.trips.co2_kg_per_km, 3)
    weekly = "; ".join(
        f"{service_name(service).lower()} "
        f"{number(settings.policy.trips.per_person_week.get(service, 0.0), 2)}"
        for service in services
    )
    yield Indicator(
        _id("alla", "koldioxid_ton"),
        "hallbarhet",
        "All service: koldioxid från inköpsresor",
        "Summan av koldioxiden från inköpsresor till alla slag av service som räknas, varje resa "
        f"för sig: {factor} kg koldioxid per km. Resor per person och vecka, ett antagande: "
        f"{weekly}.",
        "ton/år",
        column="co2_tonnes",
        decimals=1,
        headline=True,
    )

"""What the page's template shows: texts, tables and details, ready to print."""

from __future__ import annotations

import math
from typing import Any

from glesservice.exports.cartography import DISTANCE_KM, NO_ROAD_COLOUR, NO_ROAD_LABEL
from glesservice.exports.webmap.listing import (
    bygder_listing,
    orter_listing,
    sites_listing,
    strategic_listing,
)
from glesservice.exports.webmap.published import Published
from glesservice.exports.webmap.wording import municipality, proposal
from glesservice.tables.words import service_name, term


def content(shown: Published) -> dict[str, Any]:
    """Return everything that the page's template shows.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    settings = shown.result.settings
    language, say = shown.language, shown.say
    people, top = settings.publication.min_people, settings.policy.top
    main = [say(service_name(service)).lower() for service in shown.services[:2]]
    kommun = municipality(settings.area.name)
    return {
        "_": say,
        "lang": language.code,
        "kommun": kommun,
        "contact": settings.publication.contact or kommun,
        "year": settings.area.year,
        "demonstration": settings.publication.demonstration,
        "min_people": people,
        "services": _services(shown),
        "main_services": ", ".join(main),
        "classes": [
            (say(label), colour)
            for label, colour in zip(DISTANCE_KM.labels, DISTANCE_KM.colours, strict=True)
        ],
        "site_kinds": [say(service_name(kind)) for kind in shown.site_kinds],
        "no_road": (say(NO_ROAD_LABEL), NO_ROAD_COLOUR),
        "orter": orter_listing(shown),
        "bygder": bygder_listing(shown),
        "strategic": strategic_listing(shown),
        "sites": sites_listing(shown),
        "proposal": {
            "orter": proposal(int(shown.orter["rank"].notna().sum()), top, language),
            "bygder": proposal(len(shown.bygder), top, language),
            "strategic": proposal(len(shown.strategic), top, language),
        },
        "times": _times(shown),
        "since": shown.before,
        "decided": shown.decided,
        "lakes": not shown.result.lakes.empty,
        "spread_people": _spread(shown),
        "all_people": language.number(shown.result.people),
        "method": _method(shown),
        "notices": shown.result.notices,
        "inputs": [_input(key, source, shown) for key, source in settings.inputs()],
    }


def _spread(shown: Published) -> str:
    """Write the people of spridd bebyggelse, or the words that stand for them."""
    floor = shown.result.settings.publication.min_people
    if shown.spread_is_few:
        return shown.language.people(floor - 1, floor)
    if math.isnan(shown.spread_people):
        return shown.say("visas inte")
    return shown.language.number(shown.spread_people)


def _times(shown: Published) -> tuple[str, str] | None:
    """Name what is now and what was before: the years, where they differ."""
    if shown.before is None:
        return None
    now, before = (r.settings.area.year for r in (shown.result, shown.before.result))
    return (str(now), str(before)) if now != before else (shown.say("Efter"), shown.say("Före"))


def _services(shown: Published) -> list[dict[str, str]]:
    """Name the services, with what they count and from when it is far."""
    policy = shown.result.settings.policy
    language = shown.language
    return [
        {
            "id": service,
            "name": shown.say(service_name(service)),
            "weight": f"{language.as_set(100 * shown.result.weights[service], 1)} %",
            "near": language.as_set(policy.services[service].near_km),
            "far": language.as_set(policy.services[service].far_km),
        }
        for service in shown.services
    ]


def _method(shown: Published) -> dict[str, Any]:
    """Collect the numbers of the method, as text."""
    settings = shown.result.settings
    policy, language = settings.policy, shown.language
    return {
        "sparsity_share": language.as_set(100 * policy.sparsity_share, 1),
        "vulnerability_share": language.as_set(100 * (1 - policy.sparsity_share), 1),
        "vulnerability_km": language.as_set(policy.vulnerability_km),
        "way": policy.way,
        "top": policy.top,
        "season": settings.network.season,
        "buffer_km": language.as_set(settings.area.buffer_km),
        "access_max_km": language.as_set(settings.network.access_max_m / 1000),
        "unconfirmed": settings.unconfirmed,
    }


def _input(key: str, source: Any, shown: Published) -> dict[str, str]:
    """Say where one input comes from."""
    word, _, number = key.partition(" ")
    return {
        "what": f"{shown.say(term(word))} {number}".strip() if number else shown.say(term(key)),
        "source": source.source or shown.say("källa ej angiven"),
        "licence": source.licence or shown.say("ej angiven"),
        "date": source.date or shown.say("ej angiven"),
    }

"""What the page's template shows: texts, tables and details, ready to print."""

from __future__ import annotations

from typing import Any

from glesservice.exports.cartography import DISTANCE_KM, NO_ROAD_COLOUR, NO_ROAD_LABEL
from glesservice.exports.webmap.details import bygd_details, ort_details, serviceort_details
from glesservice.exports.webmap.listing import (
    bygder_listing,
    orter_listing,
    sites_listing,
    strategic_listing,
)
from glesservice.exports.webmap.published import Published
from glesservice.exports.webmap.wording import municipality, proposal
from glesservice.swedish import (
    number,
    people_count,
)
from glesservice.tables.words import service_name, term

UNSTATED = "ej angiven"


def content(shown: Published) -> dict[str, Any]:
    """Return everything that the page's template shows.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    settings = shown.result.settings
    people = settings.publication.min_people
    return {
        "kommun": municipality(settings.area.name),
        "year": settings.area.year,
        "demonstration": settings.publication.demonstration,
        "min_people": people,
        "services": _services(shown),
        "main_services": ", ".join(service_name(service).lower() for service in shown.services[:2]),
        "classes": list(zip(DISTANCE_KM.labels, DISTANCE_KM.colours, strict=True)),
        "site_kinds": [service_name(kind) for kind in shown.site_kinds],
        "no_road": (NO_ROAD_LABEL, NO_ROAD_COLOUR),
        "orter": orter_listing(shown),
        "bygder": bygder_listing(shown),
        "strategic": strategic_listing(shown),
        "sites": sites_listing(shown),
        "ort_details": ort_details(shown),
        "bygd_details": bygd_details(shown),
        "serviceort_details": serviceort_details(shown),
        "proposal": {
            "orter": proposal(int(shown.orter["rank"].notna().sum()), settings.policy.top),
            "bygder": proposal(len(shown.bygder), settings.policy.top),
            "strategic": proposal(len(shown.strategic), settings.policy.top),
        },
        "spread_people": people_count(shown.spread_people, people),
        "all_people": number(shown.result.people),
        "method": _method(shown),
        "notices": shown.result.notices,
        "inputs": [_input(key, source) for key, source in settings.inputs()],
    }


def _services(shown: Published) -> list[dict[str, str]]:
    """Name the services, with what they count and from when it is far."""
    policy = shown.result.settings.policy
    return [
        {
            "id": service,
            "name": service_name(service),
            "weight": f"{number(100 * shown.result.weights[service])} %",
            "near": f"{policy.services[service].near_km:g}".replace(".", ","),
            "far": f"{policy.services[service].far_km:g}".replace(".", ","),
        }
        for service in shown.services
    ]


def _method(shown: Published) -> dict[str, Any]:
    """Collect the numbers of the method, as text."""
    settings = shown.result.settings
    policy = settings.policy
    return {
        "sparsity_share": number(100 * policy.sparsity_share),
        "vulnerability_share": number(100 * (1 - policy.sparsity_share)),
        "vulnerability_km": f"{policy.vulnerability_km:g}".replace(".", ","),
        "way": policy.way,
        "top": policy.top,
        "season": settings.network.season,
        "buffer_km": f"{settings.area.buffer_km:g}".replace(".", ","),
        "access_max_km": f"{settings.network.access_max_m / 1000:g}".replace(".", ","),
        "unconfirmed": settings.unconfirmed,
    }


def _input(key: str, source: Any) -> dict[str, str]:
    """Say where one input comes from."""
    return {
        "what": term(key),
        "source": source.source or f"källa {UNSTATED}",
        "licence": source.licence or UNSTATED,
        "date": source.date or UNSTATED,
    }

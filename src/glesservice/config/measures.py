"""What the settings say of the measures beside the score: legal tests, catchments, trips."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from glesservice.config.section import Positive, Section, Share


class LegalTest(Section):
    """How far a site must lie from the next one of its service, by which ordinance."""

    limit_km: Positive = Field(
        description="The next site must be further away than this, km along the shortest road."
    )
    ordinance: Annotated[str, Field(min_length=1)] = Field(
        description="Where the limit stands, as the products name it."
    )
    checked: date = Field(description="The day on which the ordinance's text was last checked.")
    expired: date | None = Field(
        default=None, description="The day on which the ordinance ceased to apply."
    )
    counterpart: Literal["any", "full"] = Field(
        default="any",
        description="Which sites count as the next one: all, or only shops with a broad range of "
        "goods (`assortment = full`).",
    )


# Särskilt driftstöd (SFS 2018:150): more than 10 km to another shop with a broad range of goods
# that is open all year. Fuel (SFS 2022:206) expired on 2024-01-01; its successor is not
# established, so the limit is an old one and the products say so.
DEFAULT_LEGAL_TESTS: Mapping[str, LegalTest] = {
    "dagligvaror": LegalTest(
        limit_km=10,
        ordinance="förordning (2000:284) om stöd till kommersiell service, 21 a §",
        checked=date(2026, 11, 23),
        counterpart="full",
    ),
    "drivmedel": LegalTest(
        limit_km=15,
        ordinance="förordning (2022:206)",
        checked=date(2026, 11, 23),
        expired=date(2024, 1, 1),
    ),
}


class Legal(Section):
    """The distance tests of the support law, between sites."""

    tests: Mapping[str, LegalTest] = Field(
        default=DEFAULT_LEGAL_TESTS,
        description="The tests by service. What a settings file says is laid over the defaults.",
    )
    control_km: Annotated[float, Field(ge=0)] = Field(
        default=0.5,
        description="So near the limit a distance is to be measured on the spot, km. Assumption.",
    )


class Catchment(Section):
    """Zones of the enhanced two-step floating catchment area method.

    The defaults are those of Luo and Qi 2009 (Health & Place 15: 1100-1107): three zones by
    driving time, with the slower of their two Gaussian sets of weights.
    """

    zones_minutes: Annotated[tuple[Positive, ...], Field(min_length=1)] = Field(
        default=(10.0, 20.0, 30.0), description="Outer bounds of the zones, minutes by car."
    )
    weights: Annotated[tuple[Share, ...], Field(min_length=1)] = Field(
        default=(1.0, 0.68, 0.22), description="How much each zone counts, the nearest first."
    )

    @model_validator(mode="after")
    def _one_weight_a_zone(self) -> Catchment:
        if len(self.zones_minutes) != len(self.weights):
            raise ValueError("zones_minutes and weights must be as many")
        if list(self.zones_minutes) != sorted(set(self.zones_minutes)):
            raise ValueError("zones_minutes must rise")
        if list(self.weights) != sorted(self.weights, reverse=True):
            raise ValueError("weights must fall, or stay")
        return self


# Round trips for one errand, a person and week. Assumption: groceries once, the others once a
# month or so.
DEFAULT_TRIPS: Mapping[str, float] = {
    "dagligvaror": 1.0,
    "drivmedel": 0.25,
    "apotek": 0.25,
    "paket": 0.25,
    "kontanter": 0.1,
}


class Trips(Section):
    """What the trips to the nearest service take in a year."""

    per_person_week: Mapping[str, Annotated[float, Field(ge=0, le=50)]] = Field(
        default=DEFAULT_TRIPS,
        description="Round trips to each service, a person and week. Assumption. Each trip is "
        "counted as made alone and for that service only: an upper bound, for comparisons.",
    )
    co2_kg_per_km: Annotated[float, Field(ge=0, le=5)] = Field(
        default=0.133,
        description="Carbon dioxide from the exhaust, kg per km. All passenger cars in traffic in "
        "Sweden 2022, certified (NEDC): 132.6 g/km, SCB by way of Miljöbarometern. Driving emits "
        "more than the certificate says.",
    )
    sek_per_km: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=2.5,
        description="Cost of driving, SEK per km. Skatteverket's tax-free mileage for one's own "
        "car, 25 kr per 10 km in 2023-2025.",
    )

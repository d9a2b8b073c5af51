"""What the settings say of policy and publication: thresholds, weights, what is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from glesservice.config.measures import Catchment, Legal, Trips
from glesservice.config.section import Positive, Section, Share, rising
from glesservice.config.sources import as_date


class ServicePolicy(Section):
    """One kind of service: from when it is far, and how much it counts."""

    near_km: Annotated[float, Field(ge=0)] = Field(
        description="Up to so many km nobody has far: sparsity 0."
    )
    far_km: Positive = Field(description="From so many km the sparsity is 100.")
    weight: Share | None = Field(
        default=None,
        description="Share of the total. Services without one share what the others leave.",
    )

    @model_validator(mode="after")
    def _far_beyond_near(self) -> ServicePolicy:
        if self.far_km <= self.near_km:
            raise ValueError("far_km must be larger than near_km")
        return self


# Design of the service strategy's basis: groceries first, then fuel, the rest shares a fifth. The
# lower limits follow the support law's and Pipos's 10 km, fuel's 15 km (SFS 2022:206) and the
# national cash test's 25 km.
DEFAULT_SERVICES: Mapping[str, ServicePolicy] = {
    "dagligvaror": ServicePolicy(near_km=10, far_km=30, weight=0.5),
    "drivmedel": ServicePolicy(near_km=15, far_km=40, weight=0.3),
    "apotek": ServicePolicy(near_km=10, far_km=40),
    "paket": ServicePolicy(near_km=10, far_km=40),
    "kontanter": ServicePolicy(near_km=25, far_km=50),
}


class Policy(Section):
    """What the municipality values. All of it is policy: open to question, and to change."""

    services: Annotated[Mapping[str, ServicePolicy], Field(min_length=1)] = Field(
        default=DEFAULT_SERVICES,
        description="The kinds of service that count. What a settings file says is laid over the "
        "defaults, service by service; `weight = 0` leaves one out of the score.",
    )
    way: Literal["shortest", "fastest"] = Field(
        default="shortest",
        description="How far somebody has. `shortest`: km along the shortest way to the site that "
        "is nearest by road, as the support law and Pipos count; a new shop then never makes it "
        "further. `fastest`: km along the fastest way to the site that is nearest in time. Minutes "
        "are those of the fastest way in both.",
    )
    sparsity_share: Share = Field(
        default=0.7, description="Share of sparsity in the total; vulnerability has the rest."
    )
    vulnerability_km: Positive = Field(
        default=30.0,
        description="So many km further to the next site means vulnerability 100.",
    )
    limits_km: tuple[Positive, ...] = Field(
        default=(5.0, 10.0, 20.0, 30.0),
        description="People further away than these are counted beside the score, km.",
    )
    limits_minutes: tuple[Positive, ...] = Field(
        default=(10.0, 20.0, 30.0, 45.0),
        description="The same in minutes by car. 45 minutes to a larger tätort is the limit of "
        "glesbygd (Glesbygdsverket).",
    )
    worst_off_share: Annotated[float, Field(gt=0, le=1)] = Field(
        default=0.1, description="Share of the people who have furthest: whose mean is told."
    )
    single_road_km: Annotated[float, Field(ge=0)] = Field(
        default=1.0,
        description="Who has more road than this on the way to a service, km, that no other way "
        "goes around hangs on a single road. Shorter ends are driveways. Assumption.",
    )
    legal: Legal = Legal()
    catchment: Catchment = Catchment()
    trips: Trips = Trips()
    sites_per_cell: Annotated[int, Field(ge=2, le=20)] = Field(
        default=3, description="How many nearest sites are found for each cell and service."
    )
    top: Annotated[int, Field(ge=1)] = Field(
        default=10, description="How many entries of each list are proposed."
    )
    place_m: Annotated[float, Field(ge=0)] = Field(
        default=150.0,
        description="Sites of different services within so many metres are one place.",
    )

    @field_validator("limits_km", "limits_minutes")
    @classmethod
    def _limits_rise(cls, limits: tuple[float, ...]) -> tuple[float, ...]:
        return rising(limits)

    @model_validator(mode="after")
    def _weights_fit(self) -> Policy:
        given = sum(s.weight for s in self.services.values() if s.weight is not None)
        if given > 1 + 1e-9:
            raise ValueError(f"the weights of the services add up to {given:.2f}, more than 1")
        return self


# Licences of open data by their SPDX names.
LICENCES: Mapping[str, str] = {
    "CC0-1.0": "http://creativecommons.org/publicdomain/zero/1.0/",
    "CC-BY-4.0": "http://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "http://creativecommons.org/licenses/by-sa/4.0/",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0/",
}


def _is_address(text: str) -> bool:
    """Tell whether a text is a web address, such as may stand between < and >."""
    return re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", text) is not None


class Publication(Section):
    """What the products may show."""

    min_people: Annotated[int, Field(ge=1)] = Field(
        default=10,
        description="Orter below so many people are not named but counted in spridd bebyggelse.",
    )
    people_classes: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        default=(9, 49, 199),
        description="Upper bounds of the classes in which a cell's people are published.",
    )
    demonstration: bool = Field(
        default=False,
        description="Says on every product that the data are a demonstration, not a basis for "
        "decisions.",
    )
    language: Literal["sv", "en"] = Field(
        default="sv",
        description="Language of the map page's own words; names and motives stay as they are.",
    )
    contact: str | None = Field(
        default=None,
        max_length=200,
        description="Whom to tell about obstacles in the map page, as its accessibility statement "
        "says: an address or a telephone number. The municipality by its name where not given.",
    )

    publisher: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Who publishes the results as open data, such as Vilhelmina kommun.",
    )
    licence: str | None = Field(
        default=None,
        description="Licence of the results as open data: "
        f"{', '.join(LICENCES)}, or the address of another. See that it agrees with those of the "
        "inputs: OpenStreetMap's ODbL asks for the same licence on data derived from it.",
    )
    url: str | None = Field(
        default=None,
        description="Address of the folder in which the files are published. Without it they are "
        "described as lying beside their description.",
    )
    issued: Annotated[str | None, BeforeValidator(as_date)] = Field(
        default=None,
        pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="The day of publication: YYYY-MM-DD.",
    )
    indicators: Path | None = Field(
        default=None,
        description="An earlier run's `indikatorer.csv`: its years are carried over into this "
        "run's, as they were told then.",
    )

    @field_validator("licence")
    @classmethod
    def _licence_known(cls, licence: str | None) -> str | None:
        if licence is not None and licence not in LICENCES and not _is_address(licence):
            raise ValueError(f"the licence is neither an address nor one of {', '.join(LICENCES)}")
        return licence

    @field_validator("url")
    @classmethod
    def _folder_address(cls, url: str | None) -> str | None:
        if url is not None and not _is_address(url):
            raise ValueError("the address must begin with http:// or https://, without spaces")
        return url if url is None or url.endswith("/") else f"{url}/"

    @field_validator("people_classes")
    @classmethod
    def _classes_rise(cls, classes: tuple[int, ...]) -> tuple[int, ...]:
        return rising(classes)

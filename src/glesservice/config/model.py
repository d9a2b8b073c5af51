"""The settings model: what ``glesservice.toml`` may say, with units, defaults and their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from glesservice.config.background import Background
from glesservice.config.certainty import Certainty
from glesservice.config.checking import Check
from glesservice.config.comparison import ComparisonRules
from glesservice.config.decisions import Decisions
from glesservice.config.exports import Exports
from glesservice.config.fetch import Fetch
from glesservice.config.policy import Policy, Publication
from glesservice.config.rules import Network, OrterRules
from glesservice.config.section import Section
from glesservice.config.sources import (
    Boundary,
    Population,
    Roads,
    Services,
    Settlements,
    Source,
)


class Area(Section):
    """The municipality and the year that the run is about."""

    kommun: Annotated[str, Field(pattern=r"^\d{4}$")] = Field(
        description="SCB municipality code, four digits."
    )
    name: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        description="The municipality's name as the products show it."
    )
    year: Annotated[int, Field(ge=1990, le=2200)] = Field(
        description="The year the result is made for."
    )
    buffer_km: Annotated[float, Field(ge=0, le=500)] = Field(
        default=60.0,
        description="How far outside the border sites and roads are used, km. People shop across "
        "borders, Norway's included.",
    )


def _as_list(value: object) -> object:
    """Let one table mean the same as a list of one: ``[roads]`` as ``[[roads]]``."""
    return [value] if isinstance(value, Mapping) else value


class Settings(Section):
    """Everything a run depends on beside the input files themselves."""

    area: Area
    population: Population
    settlements: Annotated[tuple[Settlements, ...], BeforeValidator(_as_list), Field(min_length=1)]
    services: Annotated[tuple[Services, ...], BeforeValidator(_as_list), Field(min_length=1)]
    roads: Annotated[tuple[Roads, ...], BeforeValidator(_as_list), Field(min_length=1)]
    boundary: Boundary = Boundary()
    network: Network = Network()
    orter: OrterRules = OrterRules()
    policy: Policy = Policy()
    certainty: Certainty = Certainty()
    publication: Publication = Publication()
    exports: Exports = Exports()
    # No part of what a run depends on: fetching is over by then.
    fetch: Fetch = Field(default=Fetch(), exclude=True)
    # Nor this: the checks judge the inputs and change no result.
    check: Check = Field(default=Check(), exclude=True)
    comparison: ComparisonRules = ComparisonRules()
    decisions: Decisions = Decisions()
    background: Background = Background()

    @model_validator(mode="after")
    def _unconfirmed_said_once(self) -> Settings:
        said = {s.unconfirmed for s in self.services if "unconfirmed" in s.model_fields_set}
        if len(said) > 1:
            raise ValueError("unconfirmed must be the same in all [[services]]")
        return self

    @property
    def unconfirmed(self) -> str:
        """Whether unconfirmed sites count: ``include`` if any source of sites says so."""
        return "include" if any(s.unconfirmed == "include" for s in self.services) else "exclude"

    def inputs(self) -> Iterator[tuple[str, Source]]:
        """Yield the key and the source of every input file, in the order of the settings."""
        several: tuple[tuple[str, Sequence[Source]], ...] = (
            ("population", (self.population,)),
            ("settlements", self.settlements),
            ("services", self.services),
            ("roads", self.roads),
            ("boundary", (self.boundary,)),
            ("lakes", () if self.background.lakes is None else (self.background.lakes,)),
        )
        for key, sources in several:
            for number, source in enumerate(sources, start=1):
                yield (key if len(sources) == 1 else f"{key} {number}"), source

    def kept_files(self) -> Iterator[tuple[str, Path]]:
        """Yield the key and the path of every file that the municipality keeps itself."""
        kept = {
            "registry": self.orter.registry,
            "overrides": self.orter.overrides,
            "decisions": self.decisions.path,
        }
        for key, path in kept.items():
            if path is not None:
                yield key, path

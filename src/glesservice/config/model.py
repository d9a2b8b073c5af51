"""The settings model: what ``glesservice.toml`` may say, with units, defaults and their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from glesservice.config.certainty import Certainty
from glesservice.config.comparison import ComparisonRules
from glesservice.config.decisions import Decisions
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
    """Let ``[roads]`` mean the same as one ``[[roads]]``."""
    return [value] if isinstance(value, Mapping) else value


class Settings(Section):
    """Everything a run depends on beside the input files themselves."""

    area: Area
    population: Population
    settlements: Settlements
    services: Services
    roads: Annotated[tuple[Roads, ...], BeforeValidator(_as_list), Field(min_length=1)]
    boundary: Boundary
    network: Network = Network()
    orter: OrterRules = OrterRules()
    policy: Policy = Policy()
    certainty: Certainty = Certainty()
    publication: Publication = Publication()
    # No part of what a run depends on: fetching is over by then.
    fetch: Fetch = Field(default=Fetch(), exclude=True)
    comparison: ComparisonRules = ComparisonRules()
    decisions: Decisions = Decisions()

    def inputs(self) -> Iterator[tuple[str, Source]]:
        """Yield the key and the source of every input file, in the order of the settings."""
        yield "population", self.population
        yield "settlements", self.settlements
        yield "services", self.services
        for number, roads in enumerate(self.roads, start=1):
            yield ("roads" if len(self.roads) == 1 else f"roads {number}"), roads
        yield "boundary", self.boundary

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

"""The settings model: what ``glesservice.toml`` may say, with units, defaults and their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationError, model_validator

from glesservice.config.background import Background
from glesservice.config.certainty import Certainty
from glesservice.config.checking import Check
from glesservice.config.comparison import ComparisonRules
from glesservice.config.decisions import Decisions
from glesservice.config.exports import Exports
from glesservice.config.fetch import Fetch
from glesservice.config.laying import laid_over
from glesservice.config.policy import Policy, Publication
from glesservice.config.refusing import fault_of
from glesservice.config.report import Report
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
from glesservice.errors import SettingsError


@dataclass(frozen=True)
class Origin:
    """Where settings come from; no part of what they say.

    Attributes
    ----------
    file
        The settings file; None where they came from elsewhere.
    said
        Each file that they name: from its absolute path to the path as it was written, seen from
        the settings file; only its name where that was absolute.
    """

    file: Path | None = None
    said: Mapping[Path, str] = field(default_factory=dict)


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


def _changed(now: object, given: object) -> object:
    """Lay what is given over what is, key by key where both are tables."""
    if not isinstance(given, Mapping):
        return given
    if isinstance(now, tuple):  # what a source does not say must stay unsaid
        return tuple(laid_over(one.model_dump(exclude_unset=True), given) for one in now)
    return laid_over(now.model_dump(), given) if isinstance(now, Section) else given


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
    # Nor this: it says how the result is told.
    report: Report = Field(default=Report(), exclude=True)
    comparison: ComparisonRules = ComparisonRules()
    decisions: Decisions = Decisions()
    background: Background = Background()

    _origin: Origin = PrivateAttr(default_factory=Origin)

    @model_validator(mode="after")
    def _unconfirmed_said_once(self) -> Settings:
        said = {s.unconfirmed for s in self.services if "unconfirmed" in s.model_fields_set}
        if len(said) > 1:
            raise ValueError("unconfirmed must be the same in all [[services]]")
        return self

    def with_changes(self, **tables: Any) -> Settings:
        """Return the settings with something changed, checked like a settings file.

        Parameters
        ----------
        **tables
            Settings tables by name, each as a settings file would say it: what is not named stays
            as it is. Of several sources one table changes all; a list replaces them.

        Returns
        -------
        Settings
            New settings; these stay as they are.

        Raises
        ------
        SettingsError
            If anything is not understood; all faults are reported at once.

        Examples
        --------
        >>> import glesservice
        >>> settings = glesservice.load_settings()
        >>> strict = settings.with_changes(policy={"services": {"dagligvaror": {"far_km": 25}}})
        >>> strict.policy.services["dagligvaror"].far_km, strict.policy.services["drivmedel"].far_km
        (25.0, 40.0)
        >>> settings.with_changes(policy={"servces": {}})
        Traceback (most recent call last):
        ...
        glesservice.errors.SettingsError: the changes, [policy] servces: the key servces is not \
known. Did you mean services.
        """
        values: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        for name, given in tables.items():
            now = values.get(name)
            values[name] = _changed(now, given)
        try:
            changed = Settings.model_validate(values)
        except ValidationError as error:
            faults = [fault_of(dict(one), "the changes", Settings) for one in error.errors()]
            raise SettingsError(*faults) from error
        # No file says what these say, but the inputs are where they were.
        return changed.coming_from(replace(self.origin, file=None))

    @property
    def unconfirmed(self) -> str:
        """Whether unconfirmed sites count: ``include`` if any source of sites says so."""
        return "include" if any(s.unconfirmed == "include" for s in self.services) else "exclude"

    @property
    def origin(self) -> Origin:
        """Where the settings come from."""
        return self._origin

    def coming_from(self, origin: Origin) -> Settings:
        """Return the same settings with where they come from.

        Parameters
        ----------
        origin
            Where they come from.
        """
        settings = self.model_copy()
        settings._origin = origin
        return settings

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

    def files(self) -> list[Path]:
        """Return all files that a result depends on, the settings file among them."""
        named = [source.path for _, source in self.inputs()]
        named += [path for _, path in self.kept_files()]
        return [*named, *([self.origin.file] if self.origin.file else [])]

    def kept_files(self) -> Iterator[tuple[str, Path]]:
        """Yield the key and the path of every file that the municipality keeps itself."""
        kept = {
            "registry": self.orter.registry,
            "overrides": self.orter.overrides,
            "decisions": self.decisions.path,
            "indicators": self.publication.indicators,
        }
        for key, path in kept.items():
            if path is not None:
                yield key, path

"""What a scenario says: steps in their order, written in Python or in a TOML file."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from glesservice.config import Section
from glesservice.errors import Fault, SettingsError

Text = Annotated[str, Field(min_length=1)]
Latitude = Annotated[float, Field(ge=54, le=72)]
Longitude = Annotated[float, Field(ge=4, le=32)]


class Position(Section):
    """A point in WGS 84.

    Examples
    --------
    >>> Position(lat=64.945, lon=15.793).lat
    64.945
    """

    lat: Latitude = Field(description="Latitude, degrees.")
    lon: Longitude = Field(description="Longitude, degrees.")


class Close(Section):
    """Sites close: named ones, all at a place, or those of a chain.

    Examples
    --------
    >>> Close(place="Coop Kittelfjäll").do
    'close'
    >>> Close(chain="Coop", service="dagligvaror").sites
    ()
    """

    do: Literal["close"] = "close"
    sites: tuple[Text, ...] = Field(default=(), description="Ids or exact names of sites.")
    place: Text | None = Field(
        default=None, description="Id or exact name of a site: all at the same place close."
    )
    chain: Text | None = Field(
        default=None, description="Operator, or the first word or words of the sites' names."
    )
    service: Text | None = Field(default=None, description="Only this kind of service.")

    @model_validator(mode="after")
    def _something(self) -> Close:
        if not (self.sites or self.place or self.chain):
            raise ValueError("say what closes: sites, place or chain")
        return self


class _Somewhere(Section):
    """A step that needs a spot on the map."""

    ort: Text | None = Field(default=None, description="Name of an ort or a village.")
    at: Position | None = Field(default=None, description="Or a position.")

    @model_validator(mode="after")
    def _one_spot(self) -> _Somewhere:
        if (self.ort is None) == (self.at is None):
            raise ValueError("say where: either ort or at = { lat = …, lon = … }")
        return self


class Open(_Somewhere):
    """A site opens.

    Examples
    --------
    >>> Open(service="drivmedel", ort="Saxnäs").do
    'open'
    """

    do: Literal["open"] = "open"
    service: Text = Field(description="The kind of service.")
    name: Text | None = Field(default=None, description="The site's name; made up if not given.")


class Move(_Somewhere):
    """A site moves.

    Examples
    --------
    >>> Move(site="Coop Kittelfjäll", ort="Henriksfjäll").ort
    'Henriksfjäll'
    """

    do: Literal["move"] = "move"
    site: Text = Field(description="Id or exact name of the site.")


class CloseRoad(Section):
    """A road is cut at a spot, or its links are shut at both ends along its number.

    Who lives along a shut link cannot leave it; nobody is moved to another road.

    Examples
    --------
    >>> CloseRoad(ref="1067").do
    'close-road'
    >>> CloseRoad(at=Position(lat=64.945, lon=15.793)).at.lon
    15.793
    """

    do: Literal["close-road"] = "close-road"
    at: Position | None = Field(
        default=None,
        description="The nearest road is cut here: those who live on either side keep their side.",
    )
    ref: Text | None = Field(default=None, description="Road number, such as 1067 or E45.")
    between: tuple[Position, Position] | None = Field(
        default=None, description="Only the stretch of the numbered road between these two."
    )

    @model_validator(mode="after")
    def _one_road(self) -> CloseRoad:
        if (self.at is None) == (self.ref is None):
            raise ValueError("say which road: either at or ref")
        if self.between is not None and self.ref is None:
            raise ValueError("between needs ref")
        return self


class Winter(Section):
    """Roads that are closed some part of the winter cannot be driven; winter's speeds hold.

    Examples
    --------
    >>> Winter().do
    'winter'
    """

    do: Literal["winter"] = "winter"


class Population(Section):
    """More or fewer people, or another population file.

    Examples
    --------
    >>> Population(factor=0.9, ort="Dikanäs").factor
    0.9
    """

    do: Literal["population"] = "population"
    factor: Annotated[float, Field(gt=0, le=100)] | None = Field(
        default=None, description="People are multiplied by this."
    )
    ort: Text | None = Field(
        default=None, description="Only in this ort; in the whole municipality if not given."
    )
    path: Path | None = Field(
        default=None, description="Another file, read as [population] says; relative to this file."
    )

    @model_validator(mode="after")
    def _one_change(self) -> Population:
        if (self.factor is None) == (self.path is None):
            raise ValueError("say either factor or path")
        if self.path is not None and self.ort is not None:
            raise ValueError("ort goes with factor")
        return self


class WithoutNorway(Section):
    """Sites or roads beyond the Norwegian border do not count.

    Examples
    --------
    >>> WithoutNorway(what="sites").what
    'sites'
    """

    do: Literal["without-norway"] = "without-norway"
    what: Literal["sites", "roads", "both"] = Field(
        default="both", description="What is left out beyond the border."
    )


Step = Close | Open | Move | CloseRoad | Winter | Population | WithoutNorway
KINDS: dict[str, type[Section]] = {
    str(kind.model_fields["do"].default): kind for kind in get_args(Step)
}


class Scenario(Section):
    """A name, and what changes, step after step.

    Examples
    --------
    >>> Scenario(name="Kris", steps=(Close(sites=("Coop Dikanäs",)), Winter())).steps[1].do
    'winter'
    """

    name: Text = Field(description="What the scenario is called, also in its folder's name.")
    steps: tuple[Annotated[Step, Field(discriminator="do")], ...] = Field(
        default=(), description="What changes, in this order."
    )


class _File(Section):
    """A file of scenarios."""

    scenario: Annotated[tuple[Scenario, ...], Field(min_length=1)]


def load_scenarios(path: Path) -> tuple[Scenario, ...]:
    """Return the scenarios of a TOML file.

    Parameters
    ----------
    path
        A file of ``[[scenario]]`` tables, each with ``name`` and ``steps``.

    Returns
    -------
    tuple of Scenario
        In the order of the file; paths in them are absolute.

    Raises
    ------
    SettingsError
        If the file is missing, not TOML, or says anything that is not understood; all faults are
        reported at once.

    Examples
    --------
    >>> import tempfile
    >>> text = "[[scenario]]\\nname = 'Vinter'\\nsteps = [{ do = 'winter' }]\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "scenarios.toml"
    ...     _ = file.write_text(text, encoding="utf-8")
    ...     load_scenarios(file)[0].name
    'Vinter'
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            Fault(f"the scenarios cannot be read ({error})", str(path), "Write valid TOML in UTF-8")
        ) from error
    try:
        scenarios = TypeAdapter(_File).validate_python(raw).scenario
    except ValidationError as error:
        raise SettingsError(*(_fault(dict(found), path) for found in error.errors())) from error
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SettingsError(
            Fault(f"several scenarios are called {twice[0]}", str(path), "Give each its own name")
        )
    return tuple(_anchored(scenario, path.resolve().parent) for scenario in scenarios)


def _anchored(scenario: Scenario, folder: Path) -> Scenario:
    """Make the paths in a scenario absolute, seen from a folder."""
    steps = tuple(
        step.model_copy(update={"path": (folder / step.path).resolve()})
        if isinstance(step, Population) and step.path is not None
        else step
        for step in scenario.steps
    )
    return scenario.model_copy(update={"steps": steps})


def _fault(found: dict[str, Any], path: Path) -> Fault:
    """Turn one of pydantic's findings into a sentence."""
    keys = list(found["loc"])
    where = f"{path}, " + ", ".join(
        f"{key} {keys[at + 1] + 1}"
        if at + 1 < len(keys) and isinstance(keys[at + 1], int)
        else str(key)
        for at, key in enumerate(keys)
        if not isinstance(key, int)
    )
    if found["type"] == "extra_forbidden":
        kind = KINDS.get(str(keys[-2])) if len(keys) > 1 else None
        known = list((kind or Scenario).model_fields)
        near = difflib.get_close_matches(str(keys[-1]), known, n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]}" if near else f"Known keys: {', '.join(known)}"
        return Fault(f"the key {keys[-1]} is not known", where, mend)
    if found["type"] == "missing":
        return Fault("this is missing", where, "Add it")
    if found["type"].startswith("union_tag"):
        return Fault(
            "a step does not say what it does, or something unknown",
            where,
            f"Write do = one of {', '.join(KINDS)}",
        )
    message = str(found["msg"]).removeprefix("Value error, ")
    return Fault(message[0].lower() + message[1:], where, "Correct the value")

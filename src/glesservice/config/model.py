"""The settings model: what ``glesservice.toml`` may say, with units, defaults and their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

# km/h by OSM road class where no limit is posted. Sweden's base limits are 70 outside and 50 inside
# built-up areas (trafikförordningen 1998:1276, 3 kap. 17 §); trunk and primary are set to what is
# usually signed on them in the northern inland, tracks and service roads to what they allow.
# An assumption by class, never the mean of the graph at hand: that would drift with every edit.
CLASS_SPEEDS_KMH: Mapping[str, float] = {
    "motorway": 110.0,
    "motorway_link": 70.0,
    "trunk": 90.0,
    "trunk_link": 70.0,
    "primary": 80.0,
    "primary_link": 60.0,
    "secondary": 80.0,
    "secondary_link": 60.0,
    "tertiary": 70.0,
    "tertiary_link": 50.0,
    "unclassified": 70.0,
    "residential": 50.0,
    "living_street": 15.0,
    "road": 50.0,
    "service": 30.0,
    "track": 30.0,
}

Positive = Annotated[float, Field(gt=0)]
Number = TypeVar("Number", int, float)
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A settings table: unknown keys are refused, values cannot be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


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


class Source(Section):
    """A file, and what a reader of the result must know about it."""

    path: Path = Field(description="The file, relative to the settings file.")
    source: str | None = Field(
        default=None, description="Who made the data, as the products cite it."
    )
    licence: str | None = Field(default=None, description="Licence of the data.")
    date: str | None = Field(
        default=None,
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="The date the data describe: YYYY, YYYY-MM or YYYY-MM-DD.",
    )


class Population(Source):
    """The population grid."""

    layer: str | None = Field(default=None, description="Layer, where the file has several.")
    value: str = Field(default="beftotalt", description="Column that holds the number of people.")
    id: str = Field(
        default="rutid_scb", description="Column that holds the cell's id (13 digits, SCB)."
    )


class Settlements(Source):
    """Localities and named villages: GeoPackage (SCB's localities, place names) or point CSV."""


class Services(Source):
    """The service sites."""

    layer: str | None = Field(default=None, description="Layer, where the file has several.")
    unconfirmed: Literal["exclude", "include"] = Field(
        default="exclude",
        description="Whether sites marked as unconfirmed count. They are shown either way: a shop "
        "that nobody has confirmed must not make a village look well served.",
    )


class Roads(Source):
    """One road source: GraphML as OSMnx saves it, OSM PBF or XML, NVDB, or a line layer."""

    format: Literal["lines", "nvdb"] | None = Field(
        default=None,
        description="What a layer is; without it a layer with NVDB's column names is NVDB, any "
        "other a line layer.",
    )
    layer: str | None = Field(default=None, description="Layer, where the file has several.")
    class_column: str | None = Field(
        default=None, description="Line layer: column that holds the road class."
    )
    classes: Mapping[str, str] = Field(
        default={},
        description="Line layer: from the column's value to an OSM road class. Values that are not "
        "named carry no cars (ferries, footpaths). NVDB: from the functional class, 0 to 9, in "
        "place of the built-in table.",
    )
    where: Mapping[str, tuple[str, ...]] = Field(
        default={},
        description="Line layer: only rows whose column has one of these values, such as "
        '`where.typeVeg = ["enkelBilveg"]`.',
    )
    number_column: str | None = Field(
        default=None, description="Line layer: column that holds the road number."
    )
    surface_column: str | None = Field(
        default=None,
        description="Line layer: column that holds the surface, in OSM's words, such as gravel.",
    )
    speed_column: str | None = Field(
        default=None, description="Line layer: column that holds the posted limit, km/h."
    )
    speed_backward_column: str | None = Field(
        default=None,
        description="Line layer: column that holds the posted limit against the drawn direction, "
        "km/h. Where it is empty the limit is the same.",
    )
    oneway_column: str | None = Field(
        default=None,
        description="Line layer: column that tells one-way roads. Values that are named neither in "
        "oneway_forward nor in oneway_backward are two-way.",
    )
    oneway_forward: tuple[str, ...] = Field(
        default=("yes", "true", "1", "F", "FT"),
        description="Line layer: values for one-way roads driven as they are drawn.",
    )
    oneway_backward: tuple[str, ...] = Field(
        default=("-1", "reverse", "B", "TF"),
        description="Line layer: values for one-way roads driven against the drawn direction.",
    )
    touch_m: Annotated[float, Field(ge=0, le=20)] = Field(
        default=0.0,
        description="Dead ends within so many metres of another road of this source are joined to "
        "it. For lines that were drawn carelessly; 0 joins nothing, and the run tells how many "
        "there are.",
    )
    join_m: Annotated[float, Field(ge=0, le=2000)] = Field(
        default=0.0,
        description="Dead ends of this source within so many metres of another source's road are "
        "joined to it. Only for sources known to end at a border; 0 joins nothing.",
    )


class Boundary(Source):
    """The municipality's border."""

    layer: str | None = Field(default=None, description="Layer, where the file has several.")


class Network(Section):
    """How the roads are driven."""

    season: Literal["sommar", "vinter"] = Field(
        default="sommar",
        description="`vinter` leaves out every road that is closed some part of the winter; "
        "`sommar` uses all.",
    )
    class_speeds_kmh: Mapping[str, Positive] = Field(
        default=CLASS_SPEEDS_KMH,
        description="Speed by OSM road class where no limit is posted, km/h. A class that is not "
        "named here carries no cars.",
    )
    gravel_factor: Annotated[float, Field(gt=0, le=1)] = Field(
        default=1.0, description="Speed on unpaved roads as a share of the limit. Assumption."
    )
    winter_factor: Annotated[float, Field(gt=0, le=1)] = Field(
        default=1.0, description="Speed in winter as a share of the limit. Assumption."
    )
    junction_seconds: Annotated[float, Field(ge=0, le=60)] = Field(
        default=0.0,
        description="Time lost at a junction of three or more links, seconds. Assumption. Half of "
        "it is spent on each link that is driven to or from the junction; a drive that begins or "
        "ends within a link takes its share of the link's time.",
    )
    access_kmh: Positive = Field(
        default=30.0,
        description="Speed on the straight leg between a cell's or a site's point and the road, "
        "km/h. Assumption: a drive or forest track.",
    )
    access_max_m: Positive = Field(
        default=2000.0,
        description="Beyond so many metres from a road a cell is listed as without road access. "
        "Assumption: twice the side of a 1 km cell.",
    )


class OrterRules(Section):
    """How populated cells become orter and bygder."""

    village_km: Positive = Field(
        default=3.0, description="Cells within so many km by road of a named village belong to it."
    )
    cluster_km: Positive = Field(
        default=2.0, description="Single linkage of the remaining cells, km by road."
    )
    cluster_people: Annotated[int, Field(ge=1)] = Field(
        default=10, description="Clusters below so many people are spridd bebyggelse."
    )
    bygd_km: Positive = Field(
        default=20.0, description="Complete linkage of orter into bygder, km by road."
    )
    locality_share: Share = Field(
        default=0.1,
        description="A cell belongs to a locality that covers at least this share of it. A "
        "locality's largest cell belongs to it in any case.",
    )
    people_per_km2: Positive = Field(
        default=700.0,
        description="A tätort or småort known only as a point is drawn as a circle that holds its "
        "people at this density. SCB 2023: Hallsberg 693 per km².",
    )
    centralort: str | None = Field(
        default=None,
        description="Name of the main town; the locality with most people where not given.",
    )


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

    @field_validator("limits_km")
    @classmethod
    def _limits_rise(cls, limits: tuple[float, ...]) -> tuple[float, ...]:
        return _rising(limits)

    @model_validator(mode="after")
    def _weights_fit(self) -> Policy:
        given = sum(s.weight for s in self.services.values() if s.weight is not None)
        if given > 1 + 1e-9:
            raise ValueError(f"the weights of the services add up to {given:.2f}, more than 1")
        return self


def _rising(numbers: tuple[Number, ...]) -> tuple[Number, ...]:
    """Refuse numbers that do not rise."""
    if any(after <= before for before, after in pairwise(numbers)):
        raise ValueError("the numbers must rise")
    return numbers


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

    @field_validator("people_classes")
    @classmethod
    def _classes_rise(cls, classes: tuple[int, ...]) -> tuple[int, ...]:
        return _rising(classes)


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
    publication: Publication = Publication()

    def inputs(self) -> Iterator[tuple[str, Source]]:
        """Yield the key and the source of every input file, in the order of the settings."""
        yield "population", self.population
        yield "settlements", self.settlements
        yield "services", self.services
        for number, roads in enumerate(self.roads, start=1):
            yield ("roads" if len(self.roads) == 1 else f"roads {number}"), roads
        yield "boundary", self.boundary

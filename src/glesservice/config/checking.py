"""What the settings say of the checks: from where on an input is suspicious."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from glesservice.config.section import Positive, Section, Share
from glesservice.config.sources import Population, Source, as_source


class Water(Source):
    """Lakes and sea: a polygon layer that only the checks use."""

    layer: str | None = Field(default=None, description="Layer, where the file has several.")


class Check(Section):
    """Limits of ``glesservice check``. They judge the inputs and change no result."""

    previous_population: Annotated[Population | None, BeforeValidator(as_source)] = Field(
        default=None,
        description="Last year's population grid, to find jumps: a path, or a table with path, "
        "layer, value and id as under [population].",
    )
    lakes: Annotated[Water | None, BeforeValidator(as_source)] = Field(
        default=None,
        description="Lakes and sea as a polygon layer, to find people in water: a path, or a "
        "table with path and layer; those of [background] where not given. Without any nothing is "
        "said of water.",
    )
    people: Positive | None = Field(
        default=None,
        description="The municipality's people as officially published for the grid's date. "
        "Without it the total is only compared with the localities'.",
    )
    people_share: Share = Field(
        default=0.02,
        description="The grid's total may differ from `people` by this share. SCB's grids leave "
        "out people without a known address, and are perturbed from 2025 on. Assumption.",
    )
    locality_share: Share = Field(
        default=0.15,
        description="The people of a locality's cells may differ from its published figure by "
        "this share: the two are rarely of the same date. Assumption.",
    )
    locality_people: Annotated[float, Field(ge=0)] = Field(
        default=20.0,
        description="A difference of fewer people than this is never told, people. Assumption.",
    )
    people_per_km2: Positive = Field(
        default=40_000.0,
        description="More people per km² than this are told. Assumption: above the densest square "
        "kilometres of Stockholm's inner city.",
    )
    site_road_m: Positive = Field(
        default=300.0,
        description="Sites further than this from every road are told, metres. Assumption: a shop "
        "stands at a road; more is a wrong position or a missing road.",
    )
    cell_road_m: Positive = Field(
        default=1000.0,
        description="Populated cells whose middle is further than this from every road are told, "
        "metres. Assumption: the corner of a 1 km cell is 707 m from its middle.",
    )
    site_settlement_km: Positive = Field(
        default=5.0,
        description="Sites of the municipality further than this from every locality and named "
        "place are told, km. Assumption.",
    )
    tatort_service_km: Positive = Field(
        default=2.0,
        description="A tätort without any open site within this of it is suspicious, km. "
        "Assumption.",
    )
    same_spot_m: Positive = Field(
        default=25.0,
        description="Sites of one service within this are told as doubles, metres. Assumption: "
        "the two shops of Dikanäs stand 80 m apart and are two.",
    )
    same_name_m: Positive = Field(
        default=500.0,
        description="Sites of one service and similar names within this are told, metres. "
        "Assumption: as for one operator's shop and pump.",
    )
    same_name_share: Share = Field(
        default=0.8,
        description="Names are similar from this share of common letters on (difflib). Assumption.",
    )
    namesake_km: Positive = Field(
        default=5.0,
        description="Settlements of one name within this are told as doubles, km. Assumption.",
    )
    border_m: Positive = Field(
        default=1000.0,
        description="How far the border may be off, metres: nearer sites are not told as lying "
        "outside their municipality, and dead ends this near count as ending there. Assumption.",
    )
    report_month: Annotated[int, Field(ge=1, le=12)] = Field(
        default=1,
        description="Month of the area's year whose end the age of sources is counted to. January: "
        "the yearly report to kommunfullmäktige.",
    )
    source_age_months: Positive = Field(
        default=18.0,
        description="Sources older than this are told, months. SCB's grid of 31 December is 13 "
        "months old in January a year later, and 25 when a vintage was skipped.",
    )
    boundary_age_months: Positive = Field(
        default=120.0,
        description="The same for the border, months. Assumption: borders change seldom.",
    )
    unconfirmed_share: Share = Field(
        default=0.2,
        description="A larger share of unconfirmed sites in the municipality, of services that "
        "count, is told. Assumption.",
    )
    cover_km: Positive = Field(
        default=20.0,
        description="Side of the squares in which roads are looked for, km. Assumption: rarely is "
        "so much land without any road.",
    )
    uncovered_share: Share = Field(
        default=0.3,
        description="A larger share of squares without any road, inside or around the "
        "municipality, is told. Assumption: mountains and sea have none.",
    )
    uncovered_people_share: Share = Field(
        default=0.02,
        description="A larger share of people without a road within the search's reach, around "
        "the municipality, is told. Assumption.",
    )
    ended_share: Share = Field(
        default=0.5,
        description="A larger share of roads that end at the border instead of crossing it is "
        "told: the roads were cut there. Assumption.",
    )
    missing_speed_share: Share = Field(
        default=0.5, description="A larger share of road length without a limit is told."
    )
    loose_share: Share = Field(
        default=0.1,
        description="A larger share of road length outside the connected network is told. "
        "Assumption.",
    )
    oneway_share: Share = Field(
        default=0.2,
        description="A larger share of one-way road length, motorways and links apart, is told. "
        "Assumption.",
    )
    jump_share: Share = Field(
        default=0.2,
        description="A settlement whose people changed by more than this share since the previous "
        "grid is told. Assumption.",
    )
    jump_people: Annotated[float, Field(ge=0)] = Field(
        default=20.0,
        description="Changes of fewer people in a settlement or cell are never told, people: "
        "below lie the yearly noise of small numbers and SCB's perturbation. Assumption.",
    )
    jump_total_share: Share = Field(
        default=0.03,
        description="A larger change of the municipality's total is told: more is rather another "
        "extent or column than people who moved. Assumption.",
    )
    jump_cell_share: Share = Field(
        default=0.5,
        description="A cell whose people changed by more than this share is told. Assumption.",
    )

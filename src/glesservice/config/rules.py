"""What the settings say of the roads and of the orter: speeds, seasons and distances."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from glesservice.config.section import Positive, Section, Share

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
    registry: Path | None = Field(
        default=None,
        description="The municipality's registry of orter, a CSV: with it orter keep their ids "
        "over the years. Each run proposes the next one, ort-id.csv.",
    )
    overrides: Path | None = Field(
        default=None,
        description="The municipality's changes to the orter, a CSV `ort;ändring;till;motiv`: "
        "`namn`, `slå ihop` or `rangordna inte`, each with its motive.",
    )
    centralort: str | None = Field(
        default=None,
        description="Name of the main town; the locality with most people where not given.",
    )

"""What the settings say of how sure the ranks are: what is drawn, and how widely."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from glesservice.config.section import Positive, Section, Share

Below = Annotated[float, Field(ge=0, lt=1)]
Factor = Literal["weights", "thresholds", "speeds", "grid", "sites"]
FACTORS: tuple[Factor, ...] = ("weights", "thresholds", "speeds", "grid", "sites")


class Certainty(Section):
    """How the ranks are tried: the same result many times over, with other assumptions each time.

    None of the ranges is measured. They say how far reasonable people may disagree, or how wrong
    the input may be, and are open to question as the policy itself.
    """

    draws: Annotated[int, Field(ge=0, le=100_000)] = Field(
        default=1000,
        description="How many times everything is drawn. A share of 1000 draws is then off by "
        "some 3 percentage points at most (95 %). 0 leaves out intervals and sensitivity.",
    )
    seed: Annotated[int, Field(ge=0)] = Field(
        default=1, description="Where the draws begin: the same seed gives the same intervals."
    )
    vary: tuple[Factor, ...] = Field(
        default=FACTORS,
        description="What is drawn: `weights` and thresholds (policy), `speeds`, the noise of the "
        "population `grid`, and `sites` that are open or missing against the list.",
    )
    interval: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.9,
        description="The middle share of the draws that a rank interval holds: 0.9 is from 5 to "
        "95 %.",
    )
    sure_share: Annotated[float, Field(ge=0.5, le=1)] = Field(
        default=0.95,
        description="An entry of a list is surely proposed, or surely not, when at least this "
        "share of the draws says so. Assumption.",
    )
    weight_concentration: Positive = Field(
        default=50.0,
        description="Weights are drawn from a Dirichlet distribution around the policy, and so is "
        "the share of sparsity in the total. At 50 a weight of 50 % lies between 38 and 62 % in "
        "nine draws of ten; more is narrower. Assumption.",
    )
    thresholds_share: Below = Field(
        default=0.2,
        description="near_km, far_km and vulnerability_km are drawn evenly within this share on "
        "either side; far_km stays beyond near_km. Assumption.",
    )
    speeds_share: Below = Field(
        default=0.1,
        description="The speed of each road class is drawn evenly within this share on either "
        "side. Only where kilometres follow the fastest way can that change a score. Assumption.",
    )
    speed_networks: Annotated[int, Field(ge=1, le=1000)] = Field(
        default=10,
        description="How many networks with other speeds are searched; the draws share them "
        "evenly.",
    )
    grid: Literal["auto", "exact", "rounded", "perturbed"] = Field(
        default="auto",
        description="What was done to the grid's numbers before they were published. `rounded`: a "
        "cell of 3 stands for 1, 2 or 3 (SCB's grid of 2024 has no cell of 1 or 2, and three times "
        "as many of 3 as of 4). `perturbed`: a small whole number was added to or taken from each "
        "(SCB from reference year 2025, scb.se/FAQ-CKM). `exact`: nothing. `auto` goes by the "
        "population's date, else the year.",
    )
    grid_noise_people: Annotated[float, Field(ge=0, le=10)] = Field(
        default=1.4,
        description="Standard deviation of the noise of a perturbed grid, people; three times as "
        "much is the most. SCB does not publish its own: assumption.",
    )
    unconfirmed_open: Share = Field(
        default=0.5, description="Probability that an unconfirmed place is open. Assumption."
    )
    confirmed_missing: Share = Field(
        default=0.05,
        description="Probability that a confirmed place has closed, or gives no service. "
        "Assumption.",
    )

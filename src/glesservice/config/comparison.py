"""What the settings say of comparing two years: from when a change is a jump."""

from __future__ import annotations

from pydantic import Field

from glesservice.config.section import Positive, Section


class ComparisonRules(Section):
    """From when a change between two years is told apart, to be looked into. Assumptions."""

    jump_points: Positive = Field(
        default=10.0, description="A score that changes by so many points (of 100) is a jump."
    )
    jump_km: Positive = Field(
        default=5.0,
        description="A mean distance that changes by so many km is a jump. Half the support law's "
        "10 km (SFS 2000:284 § 21 a).",
    )
    jump_people: Positive = Field(
        default=0.25, description="An ort whose people change by this share of before is a jump."
    )

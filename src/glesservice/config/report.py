"""What the settings say of the January report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from glesservice.config.section import Section

Format = Literal["html", "pdf", "docx"]


class Report(Section):
    """The yearly report to kommunfullmäktige, and the fact sheets of the orter."""

    in_run: bool = Field(
        default=False,
        description="Whether `run` makes the report too; `run --report` does it once. It takes "
        "longer than the rest of a small municipality's run.",
    )
    formats: Annotated[tuple[Format, ...], Field(min_length=1)] = Field(
        default=("html", "pdf", "docx"),
        description="What is written: rapport.html, .pdf, .docx.",
    )
    own_text: Path = Field(
        default=Path("rapporttext.md"),
        description="The municipality's own words in the report, a text file that is made the "
        "first time and never written over.",
    )
    before: Path | None = Field(
        default=None,
        description="Last year's settings file, or the folder of its run: the report then tells "
        "what has changed, and why.",
    )
    fact_sheets: bool = Field(
        default=True,
        description="A page for each ort that is pointed out or proposed: byblad.pdf.",
    )
    new_sites: Annotated[int, Field(ge=1, le=3)] = Field(
        default=2,
        description="Where so many new sites of a service would help most is worked out.",
    )

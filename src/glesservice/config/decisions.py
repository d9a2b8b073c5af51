"""What the settings say of decisions on the orter."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from glesservice.config.section import Section


class Decisions(Section):
    """What has been decided on the orter, shown beside the proposals."""

    path: Path | None = Field(
        default=None,
        description="A CSV `ort;beslut;motiv;datum;beslutat av;år`, kept from year to year.",
    )

"""What the settings say of what is drawn behind the result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from glesservice.config.section import Section
from glesservice.config.sources import Source, as_source


class Lakes(Source):
    """Lakes as a polygon layer."""

    layer: str | None = Field(default=None, description="Layer, where the file has several.")
    where: Mapping[str, tuple[str, ...]] = Field(
        default={},
        description="Only rows whose column has one of these values, such as "
        '`where.objekttyp = ["Sjö"]`, where the layer holds other areas too.',
    )


class Background(Section):
    """Behind cells and roads on map, layers and pictures. It changes no number."""

    lakes: Annotated[Lakes | None, BeforeValidator(as_source)] = Field(
        default=None,
        description="Lakes: a path, or a table with path, layer, source, licence and date. "
        "Those far from the municipality and those under 2 hectares are left out.",
    )

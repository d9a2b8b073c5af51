"""What the settings say of the products: which are made, and how finely."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from glesservice.config.section import Section


class Exports(Section):
    """Products beside the map, the layers, the workbook and the manifest."""

    travel_times: bool = Field(
        default=True, description="Travel times as GeoTIFF: restid_<service>.tif."
    )
    raster_m: Annotated[float, Field(ge=50, le=1000)] = Field(
        default=500.0,
        description="Side of the travel times' squares, metres. Their edges lie on multiples of "
        "it, as those of SCB's grid do. 250 is the grid that Pipos computes on. Assumption.",
    )
    parquet: bool = Field(
        default=False, description="Each layer as GeoParquet too: <layer>.parquet, EPSG:3006."
    )
    geojson: bool = Field(
        default=False, description="Each layer as GeoJSON too: <layer>.geojson, WGS 84 (RFC 7946)."
    )
    pictures: bool = Field(
        default=False,
        description="The map and the charts as PNG and SVG, with texts that tell "
        "what they show: bild_<what>.png, .svg, .txt.",
    )

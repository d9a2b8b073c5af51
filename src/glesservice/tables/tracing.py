"""Schemas of an ort's way from its cells to its score."""

from __future__ import annotations

from glesservice.tables.schema import Column, Table

_SCORES = (
    Column(
        "sparsity",
        "float",
        "Gleshet",
        "0 upp till den nedre gränsen, 100 från den övre, rätlinjigt däremellan.",
        "0–100",
        decimals=1,
    ),
    Column(
        "vulnerability",
        "float",
        "Sårbarhet",
        "Hur mycket längre det blir till nästa ställe, som andel av det som räknas fullt ut.",
        "0–100",
        decimals=1,
    ),
)
_DISTANCES = (
    Column(
        "km",
        "float",
        "Till närmaste",
        "Väglängd till det närmaste stället; tomt där inget nås.",
        "km",
        nullable=True,
        decimals=1,
    ),
    Column(
        "next_km",
        "float",
        "Till näst närmaste",
        "Väglängd till det näst närmaste stället; tomt där inget nås.",
        "km",
        nullable=True,
        decimals=1,
    ),
)
_SERVICE = Column("service", "text", "Service", "Slag av service.")

TRACE_CELLS = Table(
    "sparning_rutor",
    "Från rutor till poäng",
    (
        Column("cell_id", "text", "Ruta", "Rutans id."),
        Column("people_class", "text", "Personer", "Folkmängd i klass.", "personer"),
        Column("people", "float", "Antal", "Folkmängd i rutan.", "personer"),
        _SERVICE,
        Column("site", "text", "Närmaste ställe", "Ställets namn.", nullable=True),
        _DISTANCES[0],
        Column("next_site", "text", "Näst närmaste ställe", "Ställets namn.", nullable=True),
        _DISTANCES[1],
        *_SCORES,
    ),
    ("cell_id", "service"),
)
TRACE_SERVICES = Table(
    "sparning_service",
    "Från avstånd till poäng",
    (
        _SERVICE,
        Column("weight", "float", "Vikt", "Servicens andel av poängen.", decimals=2),
        Column("near_km", "float", "Nedre gräns", "Så långt har ingen långt.", "km"),
        Column("far_km", "float", "Övre gräns", "Härifrån är glesheten 100.", "km"),
        *_DISTANCES,
        *_SCORES,
        Column(
            "points",
            "float",
            "Bidrag till poängen",
            "Vikt × (gleshetens andel × gleshet + sårbarhetens andel × sårbarhet).",
            "0–100",
            decimals=1,
        ),
    ),
    ("service",),
)
# Cells are shown with their people as a class, never a count.
TRACE_CELLS_SHOWN = Table(
    TRACE_CELLS.name,
    TRACE_CELLS.title,
    tuple(column for column in TRACE_CELLS.columns if column.name != "people"),
    TRACE_CELLS.key,
)

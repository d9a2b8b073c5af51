"""Schema of where a result's data come from."""

from __future__ import annotations

from glesservice.tables.schema import Column, Table

SOURCES = Table(
    "kallor",
    "Källor",
    (
        Column("what", "text", "Uppgift", "Vad filen handlar om."),
        Column("source", "text", "Källa", "Vem som har gjort uppgifterna.", nullable=True),
        Column("date", "text", "Gäller", "Dag eller år som uppgifterna gäller.", nullable=True),
        Column("licence", "text", "Licens", "Uppgifternas licens.", nullable=True),
    ),
    ("what",),
)

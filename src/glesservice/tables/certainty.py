"""Schemas of what is told about how sure a rank is."""

from __future__ import annotations

from glesservice.tables.schema import Column, Table

# Where an entry of a list lies when weights, thresholds, people and sites are drawn anew.
INTERVAL_COLUMNS = (
    Column(
        "rank_low",
        "float",
        "Bästa plats",
        "Den bästa platsen i de flesta dragningarna: undre gränsen för platsens intervall.",
        nullable=True,
    ),
    Column(
        "rank_high",
        "float",
        "Sämsta plats",
        "Den sämsta platsen i de flesta dragningarna: övre gränsen för platsens intervall.",
        nullable=True,
    ),
    Column(
        "top_share",
        "float",
        "Andel bland de främsta",
        "Andel av dragningarna med andra antaganden i vilka orten, bygden eller serviceorten är "
        "bland de främsta, de som föreslås.",
        "%",
        nullable=True,
    ),
)
CERTAINTY_COLUMNS = (
    *INTERVAL_COLUMNS,
    Column(
        "rank_without_unconfirmed",
        "float",
        "Plats utan obekräftade",
        "Plats om inget obekräftat serviceställe räknas.",
        nullable=True,
    ),
    Column(
        "rank_with_unconfirmed",
        "float",
        "Plats med obekräftade",
        "Plats om alla obekräftade serviceställen räknas.",
        nullable=True,
    ),
    Column("certainty", "text", "Säkerhet", "Hur säker platsen i listan är.", nullable=True),
)


def sensitivity_table() -> Table:
    """Return the schema of the sensitivity: one assumption at a time, ort by ort.

    Returns
    -------
    Table
        One row an ort and factor.
    """
    columns = (
        Column("rank", "float", "Plats", "Plats i listan över glesa orter."),
        Column("name", "text", "Ort", "Ortens namn."),
        Column("ort_id", "text", "Ort-id", "Ortens id."),
        Column("title", "text", "Antagande", "Det enda antagande som är ett annat."),
        Column(
            "swing",
            "float",
            "Utslag",
            "Skillnaden mellan radens högsta och lägsta poäng.",
            "0–100",
            decimals=1,
        ),
        Column("low", "text", "Lågt värde", "Antagandets låga värde."),
        Column("rank_at_low", "float", "Plats vid lågt", "Plats med det låga värdet."),
        Column(
            "total_at_low",
            "float",
            "Poäng vid lågt",
            "Poäng med det låga värdet.",
            "0–100",
            decimals=1,
        ),
        Column("total", "float", "Poäng", "Poäng med inställningarnas värde.", "0–100", decimals=1),
        Column("high", "text", "Högt värde", "Antagandets höga värde."),
        Column("rank_at_high", "float", "Plats vid högt", "Plats med det höga värdet."),
        Column(
            "total_at_high",
            "float",
            "Poäng vid högt",
            "Poäng med det höga värdet.",
            "0–100",
            decimals=1,
        ),
        Column("factor", "text", "Inställning", "Antagandets namn bland inställningarna."),
    )
    return Table("kanslighet", "Känslighet", columns, ("ort_id", "factor"))

"""Schema of the indicators: one row an indicator and year."""

from __future__ import annotations

from glesservice.tables.schema import Column, Table

# The service strategy's four goals, by the word that stands for each in tables.
GOALS = {
    "tillganglighet": "Tillgänglig och likvärdig service",
    "naringsliv": "Ett starkare lokalt näringsliv",
    "hallbarhet": "Hållbar service",
    "infrastruktur": "Bättre infrastruktur",
}
LOWER, HIGHER = "lägre", "högre"

INDICATORS = Table(
    "indikatorer",
    "Indikatorer",
    (
        Column("indicator_id", "text", "Id", "Indikatorns id, samma från år till år."),
        Column("year", "int", "År", "Året som värdet gäller."),
        Column("kommunkod", "text", "Kommunkod", "SCB:s kommunkod."),
        Column(
            "goal",
            "text",
            "Mål",
            "Målet i servicestrategin som indikatorn följer.",
            words=tuple(GOALS),
        ),
        Column(
            "service",
            "text",
            "Service",
            "Slag av service; tomt där alla räknas tillsammans.",
            nullable=True,
        ),
        Column("title", "text", "Indikator", "Indikatorns namn."),
        Column(
            "value",
            "float",
            "Värde",
            "Värdet, avrundat; tomt om det saknas eller inte visas, aldrig noll.",
            nullable=True,
            decimals=2,
        ),
        Column(
            "shown",
            "text",
            "Visas som",
            "Värdet som text. färre än …: det gäller få personer. visas inte: få personer skulle "
            "framgå av det. saknas: det går inte att räkna.",
        ),
        Column("decimals", "int", "Decimaler", "Så många decimaler som värdet visas med."),
        Column("unit", "text", "Enhet", "Värdets enhet."),
        Column(
            "better",
            "text",
            "Bättre",
            "Åt vilket håll det blir bättre.",
            words=(LOWER, HIGHER),
        ),
        Column("headline", "bool", "Nyckeltal", "Om indikatorn är ett av årets nyckeltal."),
        Column(
            "broken",
            "text",
            "Brott i tidsserien",
            "Varför värdet inte går att jämföra med det närmast föregående årets; tomt där det "
            "går, eller där det inte finns något.",
            nullable=True,
        ),
        Column("definition", "text", "Definition", "Vad som räknas, med årets gränser."),
        Column(
            "rules",
            "text",
            "Regler",
            "Kännetecken för de inställningar som värdet räknas med, utöver dem i definitionen.",
        ),
        Column("source", "text", "Källor", "Uppgifterna som värdet vilar på, med datum."),
    ),
    key=("indicator_id", "year"),
)

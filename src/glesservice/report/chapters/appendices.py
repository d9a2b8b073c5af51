"""Bilagor: all orter, bygder and sites, and maps of the bygder."""

from __future__ import annotations

from glesservice.report.chapters.numbers import indicator_blocks
from glesservice.report.chapters.serviceorter import legal_blocks
from glesservice.report.document import Block, Facts, Grid, Paragraph, Section
from glesservice.report.drawings import bygd_drawings
from glesservice.report.material import Material
from glesservice.report.wording import Shown, dated, grid_of
from glesservice.tables.words import service_name

# Those of age groups are in the indicators' own file.
AGES = (".65plus", ".80plus")
WORDS = (
    ("Ort", "Tätort, småort, by eller grupp av befolkade rutor kring en namngiven plats."),
    ("Bygd", "Orter som hänger ihop längs vägen."),
    ("Centralort", "Kommunens huvudort. Den är mål för resor och rangordnas inte."),
    ("Spridd bebyggelse", "Boende som inte hör till någon ort. De räknas men rangordnas inte."),
    ("Ställe", "Ett företag eller en inrättning som ger ett slags service."),
    ("Plats", "Ställen som ligger tillsammans. Faller platsen bort gör alla dess ställen det."),
    ("Gleshet", "Hur långt de boende har till närmaste service, 0–100."),
    ("Sårbarhet", "Hur mycket längre det blir om det närmaste stället stänger, 0–100."),
    ("Poäng", "Gleshet och sårbarhet vägda samman, 0–100."),
    ("Personkilometer", "Väglängd summerad över de boende."),
)


def appendices(material: Material) -> Section:
    """Return the appendices.

    Parameters
    ----------
    material
        What the report is made from.
    """
    shown = material.shown
    maps = bygd_drawings(material)
    parts = [
        Section("bilaga-orter", "Alla orter", (_orter(material),)),
        Section("bilaga-bygder", "Alla bygder", (_bygder(material),)),
        *([Section("bilaga-kartor", "Kartor över bygderna som föreslås", maps)] if maps else []),
        Section("bilaga-indikatorer", "Alla indikatorer", _indicators(material)),
        Section("bilaga-stallen", "Serviceställen i kommunen", (_sites(material),)),
        Section("bilaga-avstand", "Avstånd mellan ställen, alla", legal_blocks(material)),
        Section("bilaga-ord", "Ord i rapporten", (Facts(WORDS),)),
    ]
    intro = Paragraph(
        f"{shown.spread_told} personer bor i spridd bebyggelse. Tillsammans med orterna är det "
        "hela kommunens folkmängd."
    )
    return Section("bilagor", "Bilagor", (intro,), tuple(parts))


def _orter(material: Material) -> Grid:
    """List all orter, the main town last."""
    shown = material.shown
    orter = shown.tables["orter"].sort_values(["rank", "ort_id"], na_position="last")
    return grid_of(
        "Alla orter efter plats i listan",
        orter,
        shown.schemas["orter"],
        [
            Shown("name", width=2.4),
            Shown("rank", "Plats", 0.8),
            Shown("people", "Personer", 1.2),
            Shown("total", "Poäng", 0.9),
            Shown("sparsity", "Gleshet", 1.0),
            Shown("vulnerability", "Sårbarhet", 1.1),
            *(
                Shown(f"km_{s}", f"Km till {service_name(s).lower()}", 1.4)
                for s in material.main_services
            ),
        ],
        f"{dated(shown.settings)} Övriga slag av service finns i tabeller.xlsx.",
    )


def _bygder(material: Material) -> Grid:
    """List all bygder."""
    shown = material.shown
    return grid_of(
        "Alla bygder efter plats i listan",
        shown.tables["bygder"].sort_values(["rank", "bygd_id"]),
        shown.schemas["bygder"],
        [
            Shown("name", width=1.5),
            Shown("rank", "Plats", 0.7),
            Shown("people", "Personer", 1.0),
            Shown("total", "Poäng", 0.8),
            Shown("members", "Orter i bygden", 4.0),
        ],
        dated(shown.settings),
    )


def _indicators(material: Material) -> tuple[Block, ...]:
    """List all indicators of all people, and what the year's main ones count."""
    rows = material.indicators
    ages = rows["indicator_id"].str.endswith(AGES)
    now = rows[rows["headline"] & (rows["year"] == material.year)]
    return (
        *indicator_blocks(material, rows[~ages], "Alla indikatorer"),
        Paragraph("Så räknas årets nyckeltal:"),
        Facts(tuple((row["title"], row["definition"]) for _, row in now.iterrows())),
    )


def _sites(material: Material) -> Grid:
    """List the sites in the municipality."""
    shown = material.shown
    return grid_of(
        "Serviceställen i kommunen",
        material.sites.sort_values(["service", "name", "site_id"]),
        shown.schemas["sites"],
        [
            Shown("name", "Ställe", 2.4),
            Shown("service", "Service", 1.2),
            Shown("status", "Status", 1.1),
            Shown("counted", "Räknas", 0.8),
            Shown("source", "Källa", 2.4),
            Shown("source_year", "År", 0.7, decimals=None),
        ],
        dated(shown.settings, ("services",)),
    )

"""Läget i siffror: the indicators by the strategy's goals, beside last year's."""

from __future__ import annotations

import pandas as pd

from glesservice.report.document import Block, Facts, Grid, Head, Paragraph, Section
from glesservice.report.drawings import distances_drawing
from glesservice.report.material import Material
from glesservice.report.series import series_drawings
from glesservice.report.wording import dated, signed
from glesservice.swedish import MISSING
from glesservice.tables import GOALS

# So many years stand beside each other.
MOST_YEARS = 4


def numbers(material: Material) -> Section:
    """Return the chapter.

    Parameters
    ----------
    material
        What the report is made from.
    """
    rows = material.indicators
    headlines = rows[rows["headline"] & (rows["year"] == material.year)]["indicator_id"]
    chosen = rows[rows["indicator_id"].isin(headlines)]
    intro = Paragraph(
        "Servicestrategin har fyra mål. Tabellerna visar årets nyckeltal för vart och ett. "
        "Sträckor är längs väg, enkel resa, från hemmet till det närmaste stället. Alla "
        "indikatorer finns i en bilaga."
    )
    goals = [
        Section(
            f"mal-{number_}",
            f"Mål {number_}: {title}",
            indicator_blocks(
                material, chosen[chosen["goal"] == goal], f"Nyckeltal: {title.lower()}"
            ),
        )
        for number_, (goal, title) in enumerate(GOALS.items(), start=1)
    ]
    return Section(
        "laget-i-siffror",
        "Läget i siffror",
        (
            intro,
            distances_drawing(material.shown),
            *series_drawings(chosen),
            material.own.of("Kommentar till läget"),
        ),
        tuple(goals),
    )


def indicator_blocks(material: Material, rows: pd.DataFrame, caption: str) -> tuple[Block, ...]:
    """Return indicators with their years beside each other, and breaks of their series.

    Parameters
    ----------
    material
        What the report is made from.
    rows
        Schema ``INDICATORS``.
    caption
        What the table shows.
    """
    if rows.empty:
        return (Paragraph("Inget nyckeltal kan räknas för målet med årets underlag."),)
    year = material.year
    years = sorted(set(rows["year"]))[-MOST_YEARS:]
    before = years[-2] if len(years) > 1 and years[-1] == year else None
    heads = [
        Head("Indikator", width=3.2),
        Head("Enhet", width=1.0),
        *(Head(str(one), numeric=True) for one in years),
        *([Head("Ändring", numeric=True)] if before is not None else []),
        Head("Bättre när den är", width=1.1),
    ]
    lines = []
    for _, here in rows.groupby("indicator_id", sort=False):
        by_year = here.set_index("year")
        now = by_year.loc[max(by_year.index)]
        line = [str(now["title"]), str(now["unit"])]
        line += [str(by_year["shown"].get(one, MISSING)) for one in years]
        if before is not None:
            line.append(_change(by_year, before, year))
        lines.append((*line, str(now["better"])))
    table = Grid(caption, tuple(heads), tuple(lines), dated(material.shown.settings))
    broken = rows[rows["broken"].notna() & (rows["year"] == year)]
    return (table, *([_breaks(broken)] if len(broken) else []))


def _change(by_year: pd.DataFrame, before: int, year: int) -> str:
    """Write the change since the year before; a dash where it cannot be told."""
    if before not in by_year.index or year not in by_year.index:
        return MISSING
    was, now = by_year.loc[before], by_year.loc[year]
    if pd.isna(was["value"]) or pd.isna(now["value"]) or isinstance(now["broken"], str):
        return MISSING
    return signed(float(now["value"] - was["value"]), _decimals(str(now["shown"])))


def _decimals(shown: str) -> int:
    """Count the decimals of a number as it is shown."""
    return len(shown.partition(",")[2])


def _breaks(rows: pd.DataFrame) -> Facts:
    """Say which indicators cannot be compared with the year before, and why."""
    by_reason = rows.groupby("broken", sort=True)["title"].agg("; ".join)
    return Facts(
        tuple((f"Ändringen visas inte ({titles})", str(why)) for why, titles in by_reason.items())
    )

"""Vad som skulle hjälpa mest: keeping what is there, and where a new site would help."""

from __future__ import annotations

import pandas as pd

from glesservice.report.chapters.vulnerability import closings_rows
from glesservice.report.document import Block, Grid, Head, Paragraph, Section
from glesservice.report.material import Material
from glesservice.report.wording import cut, dated
from glesservice.scenarios import Placement
from glesservice.swedish import as_set, enumeration, number
from glesservice.tables.words import service_name, service_place

FIRST = 3


def helping(material: Material) -> Section:
    """Return the chapter.

    Parameters
    ----------
    material
        What the report is made from.
    """
    intro = Paragraph(
        "Här är räknat på två frågor: vad som är viktigast att hålla kvar, och var ett nytt ställe "
        "skulle ge flest närmare service. Beräkningen vet inget om kostnader, kunder eller vem som "
        "kan driva ett ställe."
    )
    return Section(
        "vad-som-hjalper",
        "Vad som skulle hjälpa mest",
        (intro,),
        (
            Section("halla-kvar", "Att hålla kvar det som finns", _keeping(material)),
            *(
                Section(
                    f"nytt-{number_}",
                    f"Nytt ställe: {service_name(found.service).lower()}",
                    _placing(material, found),
                )
                for number_, found in enumerate(material.placements, start=1)
            ),
        ),
    )


def _keeping(material: Material) -> tuple[Block, ...]:
    """Name the places whose closing costs most."""
    rows = closings_rows(material).head(FIRST)
    if rows.empty:
        return (Paragraph("Ingen plats utanför centralorten har service som räknas."),)
    where = rows["ort"].where(rows["ort"].notna(), rows["name"]).drop_duplicates()
    names = enumeration(cut(str(name)) for name in where)
    return (
        Paragraph(
            f"Mest längre väg blir det om platsen med service stänger i {names}. Siffrorna "
            "står i kapitlet Sårbarhet och beredskap."
        ),
    )


def _placing(material: Material, found: Placement) -> tuple[Block, ...]:
    """Say where new sites of a service help most."""
    place = service_place(found.service)
    limit = as_set(found.limit_km)
    covering = found.placements[found.placements["aim"] == "täckning"].sort_values("sites")
    nearer = found.placements[found.placements["aim"] != "täckning"].sort_values("sites")
    floor = material.shown.settings.publication.min_people
    heads = (
        Head("Antal nya", width=0.8),
        Head("Bästa plats eller platser", width=3.2),
        Head("I dag", numeric=True),
        Head("Med nya", numeric=True),
        Head("Skillnad", numeric=True),
    )
    grids = [
        Grid(
            f"{title}, {place}",
            heads,
            tuple(_row(row, floor, counted) for _, row in rows.iterrows()),
            dated(material.shown.settings),
        )
        for title, rows, counted in (
            (f"Flest personer inom {limit} km", covering, True),
            ("Kortast sammanlagd väg, personkilometer enkel resa", nearer, False),
        )
    ]
    first = covering.iloc[0]
    gained = float(first["value"] - first["before"])
    if gained < floor:
        said = f"Ingen ny {place} skulle ge många fler personer högst {limit} km."
    else:
        said = (
            f"En ny {place} i {cut(str(first['chosen']))} skulle ge {number(gained)} fler personer "
            f"högst {limit} km till {place}."
        )
    unproven = (found.placements["gap_percent"] > 0).any()
    sure = "" if not unproven else " Sökningen avbröts: andra platser kan vara något bättre."
    return (Paragraph(f"{said} Prövade platser är kommunens orter och byar.{sure}"), *grids)


def _row(row: pd.Series, floor: int, counted: bool) -> tuple[str, ...]:
    """Write one choice; a difference of few people is not told exactly."""
    change = abs(float(row["value"] - row["before"]))
    few = counted and 0 < change < floor
    sign = "+" if counted else "−"
    return (
        number(row["sites"]),
        cut(str(row["chosen"]), 160),
        number(row["before"]),
        "visas inte" if few else number(row["value"]),
        f"färre än {floor}" if few else f"{sign}{number(change)}" if change else "0",
    )

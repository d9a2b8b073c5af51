"""Strategiska serviceorter, and how far sites lie from each other."""

from __future__ import annotations

import pandas as pd

from glesservice.report.document import Block, Facts, Grid, Head, Paragraph, Section
from glesservice.report.material import Material
from glesservice.report.wording import MOST_LETTERS, Shown, cut, dated, grid_of, signed
from glesservice.swedish import as_set, number
from glesservice.tables.words import service_name, service_place


def serviceorter(material: Material) -> Section:
    """Return the chapter.

    Parameters
    ----------
    material
        What the report is made from.
    """
    return Section(
        "serviceorter",
        "Strategiska serviceorter",
        _list(material),
        (
            Section(
                "avstand-mellan-stallen",
                "Avstånd mellan ställen",
                legal_blocks(material, unsettled_only=True),
            ),
        ),
    )


def _list(material: Material) -> tuple[Block, ...]:
    """List the serviceorter with their motives."""
    intro = Paragraph(
        "En strategisk serviceort är en ort vars service många andra är beroende av. Orterna "
        "rangordnas efter hur mycket längre väg de boende får om orten förlorar all sin service. "
        "Listan är ett förslag."
    )
    if material.strategic.empty:
        return intro, Paragraph("Ingen serviceort utanför centralorten har service som räknas.")
    shown = material.shown
    grid = grid_of(
        "Serviceorter som föreslås som strategiska",
        material.strategic,
        shown.schemas["strategic"],
        [
            Shown("name", width=1.5),
            Shown("rank", "Plats", 0.7),
            Shown("services", "Service i orten", 2.4),
            Shown("people_served", "Personer som har service närmast här", 1.5),
            Shown("people_past_limit", "Personer som skulle få långt", 1.4),
            Shown("added_person_km", "Längre väg, personkm", 1.4),
        ],
        f"{dated(shown.settings)} Personkilometer: summan av de boendes längre väg, enkel resa.",
    )
    motives = Facts(
        tuple(
            (cut(f"{number(row['rank'])} {row['name']}"), cut(str(row["motive"]), MOST_LETTERS))
            for _, row in material.strategic.iterrows()
        )
    )
    return intro, grid, motives


def legal_blocks(material: Material, *, unsettled_only: bool = False) -> tuple[Block, ...]:
    """Return how far sites lie from the next of their service, beside the limits of the rules.

    Parameters
    ----------
    material
        What the report is made from.
    unsettled_only
        Whether to leave out sites that plainly lie within the limit.
    """
    legal = material.shown.tables["legal"]
    if legal.empty:
        return (Paragraph("Inget avstånd mellan ställen är prövat."),)
    near = as_set(material.shown.settings.policy.legal.control_km)
    intro = [
        Paragraph(
            "Reglerna om stöd till kommersiell service frågar hur långt det är från ett ställe "
            "till nästa. Det är inte samma sak som hur långt de boende har. Avståndet är den "
            "kortaste vägen, i den riktning som är kortast."
        ),
        Paragraph(
            "Tabellen är ett underlag för den som prövar en ansökan. Reglerna har fler villkor än "
            f"avståndet. Ligger ett avstånd inom {near} km från gränsen bör det mätas på plats.",
            "note",
        ),
    ]
    rows = legal[legal["verdict"] != "inom gränsen"] if unsettled_only else legal
    rows = rows.assign(near=rows["margin_km"].abs()).sort_values(["service", "near", "name"])
    blocks: list[Block] = [*(intro if unsettled_only else [])]
    for service, here in rows.groupby("service", sort=True):
        blocks.append(_grid(str(service), here, material, unsettled_only))
    left = len(legal) - len(rows)
    if unsettled_only and left:
        blocks.append(
            Paragraph(f"{number(left)} andra ställen ligger inom gränsen. Alla står i en bilaga.")
        )
    return tuple(blocks)


def _grid(service: str, rows: pd.DataFrame, material: Material, unsettled_only: bool) -> Grid:
    """List the distances of one service."""
    heads = (
        Head("Ställe", width=2.2),
        Head("Nästa ställe", width=2.2),
        Head("Km dit", numeric=True, width=0.8),
        Head("Mot gränsen, km", numeric=True, width=1.0),
        Head("Utfall", width=1.9),
    )
    first = rows.iloc[0]
    limit = as_set(float(first["limit_km"]))
    expired = (
        f" Förordningen upphörde {first['expired']}: gränsen är en jämförelse."
        if isinstance(first["expired"], str)
        else ""
    )
    what = "utom dem som ligger inom gränsen" if unsettled_only else "alla"
    return Grid(
        f"{service_name(service)}: avstånd till nästa {service_place(service)}, {what}",
        heads,
        tuple(_row(row) for _, row in rows.iterrows()),
        f"Gräns: mer än {limit} km, {first['ordinance']}, läst {first['checked']}.{expired} "
        f"{dated(material.shown.settings, ('services', 'roads'))}",
    )


def _row(row: pd.Series) -> tuple[str, ...]:
    """Write one site's distance."""
    said = [str(row["verdict"])]
    if row["status"] != "open":
        said.append("stället är obekräftat")
    if row["control"]:
        said.append("bör kontrollmätas")
    # Without a limit that may be passed there is nothing to subtract.
    next_site = row["next_site"] if isinstance(row["next_site"], str) else "inget"
    margin = float(row["margin_km"])
    certain = row["certain_site"]
    if row["verdict"] == "oklart" and isinstance(certain, str):
        said.append(
            f"till {cut(certain)}, som säkert räknas, är det {number(row['certain_km'], 1)} km"
        )
    return (
        cut(str(row["name"])),
        cut(next_site),
        number(float(row["next_km"]), 1),
        signed(margin, 1),
        "; ".join(said),
    )

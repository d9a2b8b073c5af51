"""Sammanfattning: the report on half a page."""

from __future__ import annotations

import pandas as pd

from glesservice.disclosure import told
from glesservice.report.document import Block, Listing, Paragraph, Section
from glesservice.report.material import Material
from glesservice.report.wording import cut, km, nearest, people, percent
from glesservice.swedish import NO_BREAK_SPACE, as_set, enumeration, number
from glesservice.tables.words import service_place

FIRST = 3


def summary(material: Material) -> Section:
    """Return the summary.

    Parameters
    ----------
    material
        What the report is made from.
    """
    shown = material.shown
    area, population = shown.settings.area, shown.settings.population
    when = f" ({population.date})" if population.date else ""
    blocks: list[Block] = [
        *_demonstration(material),
        Paragraph(
            f"Rapporten beskriver tillgången till service i {cut(area.name)} kommun {area.year}. "
            f"Kommunen har {people(shown.people)}{when}. Rapporten är ett underlag för "
            "kommunfullmäktiges ställningstaganden. Listorna i den är förslag."
        ),
        *([material.own.of("Inledning")] if "Inledning" in material.own.words else []),
        Listing(
            (
                *_distances(material),
                *_orter(material),
                *_serviceorter(material),
                *_changes(material),
                *_help(material),
            )
        ),
    ]
    return Section("sammanfattning", "Sammanfattning", tuple(blocks))


def _demonstration(material: Material) -> list[Paragraph]:
    """Say so where the data are a demonstration."""
    if not material.shown.settings.publication.demonstration:
        return []
    said = "Demonstration: delar av indata är modellerade. Rapporten är inte underlag för beslut."
    return [Paragraph(said, "note")]


def _distances(material: Material) -> list[str]:
    """Say how far people have to the services that count most."""
    shown = material.shown
    whole = shown.tables["municipality"]
    whole = whole[whole["age"] == "alla"]
    schema = shown.schemas["municipality"]
    said = []
    for service in material.main_services:
        row = whole[whole["service"] == service].iloc[0]
        limit = min(shown.settings.policy.limits_km, key=lambda step: abs(step - 10))
        name = f"beyond_{limit:g}_km"
        column = schema.column(name)
        share = "" if pd.isna(row[name]) else f", {percent(row[name], shown.people)}"
        said.append(
            f"I medel är det {km(row['km'], 1)} till {nearest(service)}. "
            f"{told(row, column)} personer{share}, har mer än {as_set(limit)}{NO_BREAK_SPACE}km."
        )
    return said


def _orter(material: Material) -> list[str]:
    """Name the orter where people have furthest."""
    first = material.proposed.head(FIRST)
    if first.empty:
        return []
    names = enumeration(cut(name) for name in first["name"])
    return [
        f"Servicen är glesast i {names}. {number(len(material.proposed))} orter och "
        f"{number(len(material.bygder))} bygder föreslås som glesa."
    ]


def _serviceorter(material: Material) -> list[str]:
    """Name the places whose loss costs most."""
    first = material.strategic.head(FIRST)
    if first.empty:
        return []
    names = enumeration(cut(name) for name in first["name"])
    verb = "är den serviceort" if len(first) == 1 else "är de serviceorter"
    return [f"{names} {verb} där det skulle bli mest längre väg om servicen försvann."]


def _changes(material: Material) -> list[str]:
    """Say how many orter have a longer or shorter way than last year."""
    found = material.comparison
    if found is None:
        return []
    before = found.before.settings.area.year
    if not found.changed:
        return [f"Inget i underlaget skiljer sig från {before}."]
    rows = found.municipality.set_index("measure")
    service = material.main_services[0]
    was, now = (float(rows[moment][f"km_{service}"]) for moment in ("before", "after"))
    return [
        f"Medelsträckan till {nearest(service)} är {km(now, 1)}. {before} var den {km(was, 1)}. "
        "Vad ändringarna består av står i kapitlet om förändringar."
    ]


def _help(material: Material) -> list[str]:
    """Name where a new site would help most people."""
    said = []
    for found in material.placements[:1]:
        row = found.placements.iloc[0]
        said.append(
            f"Räknat i antal personer skulle en ny {service_place(found.service)} hjälpa flest i "
            f"{cut(str(row['chosen']))}. Det säger inte om den skulle bära sig."
        )
    return said

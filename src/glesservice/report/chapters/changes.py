"""Förändringar sedan förra året: what differs, and what of it has which cause."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from glesservice.comparison import Comparison
from glesservice.disclosure import published_table
from glesservice.report.document import Block, Facts, Grid, Head, Listing, Paragraph, Section
from glesservice.report.material import Material
from glesservice.report.wording import cut, signed
from glesservice.swedish import MISSING, collation_key, enumeration, number
from glesservice.tables import CAUSES, changed_orter_table
from glesservice.tables.words import service_name, service_place

MOST_ROWS = 10
LEAST_POINTS = 0.05
TITLES = {
    "people": "Befolkning",
    "services": "Service",
    "roads": "Vägnät",
    "settings": "Inställningar",
}

POLICY_WORDS = {"weight": "vikten", "near_km": "nedre gränsen", "far_km": "övre gränsen"}
# Notices that name orter, of which some may be of few people.
NAMING = ("Stora ändringar", "Ändringar som inte kan delas")
COUNTED = re.compile(r"(\d+) personer ")
DECIMAL = re.compile(r"-?\d+\.\d+")


def changes(material: Material) -> Section | None:
    """Return the chapter, where last year is known.

    Parameters
    ----------
    material
        What the report is made from.
    """
    found = material.comparison
    if found is None:
        return None
    before = found.before.settings.area.year
    title = f"Förändringar sedan {before}"
    own = material.own.of("Kommentar till förändringarna")
    if not found.changed:
        same = Paragraph(f"Underlaget är detsamma som {before}. Inget nyckeltal har ändrats.")
        return Section("forandringar", title, (same, own))
    intro = Paragraph(
        "Det som skiljer åren åt är delat på fyra delar av underlaget: befolkning, service, vägnät "
        "och inställningar. Delarna är räknade. De säger inte varför någon har flyttat, eller "
        "varför ett ställe har öppnat eller stängt."
    )
    return Section(
        "forandringar",
        title,
        (intro, Facts(tuple(_what(found))), own),
        (
            Section("forandringar-kommunen", "Kommunen", (_municipality(found),)),
            Section("forandringar-orter", "Orterna", _orter(material, found)),
            Section(
                "forandringar-att-veta",
                "Att veta om jämförelsen",
                (Listing(tuple(_notices(material, found))),),
            ),
        ),
    )


def _notices(material: Material, found: Comparison) -> Iterable[str]:
    """Return the comparison's notices that may be published as they are, and the jumps anew."""
    floor = _floor(found)
    for notice in found.notices:
        counted = COUNTED.match(notice)
        if notice.startswith(NAMING):
            continue
        if counted and int(counted[1]) < floor:
            yield f"Färre än {floor} personer {notice[counted.end() :]}"
        else:
            yield cut(notice, 600)
    named = set(material.shown.tables["orter"]["ort_id"])
    jumps = found.orter[found.orter["jump"] & found.orter["ort_id"].isin(named)]
    if not jumps.empty:
        names = sorted((cut(str(name)) for name in jumps["name"]), key=collation_key)
        rest = f" och {number(len(names) - MOST_ROWS)} till" if len(names) > MOST_ROWS else ""
        yield (
            "Ändringen är så stor att underlaget bör granskas i "
            f"{', '.join(names[:MOST_ROWS])}{rest}."
        )


def _floor(found: Comparison) -> int:
    """Return from how many people on a number is told: the stricter year's."""
    return max(one.settings.publication.min_people for one in (found.before, found.after))


def _what(found: Comparison) -> Iterable[tuple[str, str]]:
    """Say of each part of the data what is different in it."""
    said = {
        "people": _people(found),
        "services": _services(found),
        "roads": _roads(found),
        "settings": _settings(found),
    }
    for cause in CAUSES:
        yield TITLES[cause], said[cause] if cause in found.changed else "Lika båda åren."


def _people(found: Comparison) -> str:
    """Say which population each year rests on."""
    before, after = (
        one.settings.population.date or "utan datum" for one in (found.before, found.after)
    )
    people = [number(one.people) for one in (found.before, found.after)]
    was, now = (one.cells.set_index("cell_id")["people"] for one in (found.before, found.after))
    squares = int((now.sub(was, fill_value=0) != 0).sum())
    return (
        f"Folkmängden är från {after}, förra året från {before}. Kommunen hade {people[0]} och har "
        f"{people[1]} personer. Folkmängden skiljer sig i {number(squares)} "
        f"{'ruta' if squares == 1 else 'rutor'}."
    )


def _services(found: Comparison) -> str:
    """Name the sites that have opened, closed or moved."""
    said = []
    for change in ("stängt", "öppnat", "flyttat"):
        sites = found.sites[found.sites["change"] == change].sort_values("name")
        names = [cut(name) for name in sites["name"].drop_duplicates()]
        if names:
            said.append(f"Har {change}: {enumeration(names)}.")
    return " ".join(said) or "Uppgifter om ställena har ändrats. Inget ställe har kommit till."


def _roads(found: Comparison) -> str:
    """Say that the roads differ, and how much road there is."""
    lengths = [
        number(float(one.roads.loc[one.roads["connected"], "length_m"].sum()) / 1000)
        for one in (found.before, found.after)
    ]
    return f"Vägarna i underlaget har ändrats: {lengths[0]} km väg användes, nu {lengths[1]} km."


def _settings(found: Comparison) -> str:
    """Name the settings that differ."""
    rows = found.setting_changes.to_dict("records")
    told = [
        f"{_setting(str(row['key']))} var {_given(row['before'])} och är {_given(row['after'])}"
        for row in rows
    ]
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _setting(key: str) -> str:
    """Name a setting: the policy's own in words, others as the file has them."""
    parts = key.split(".")
    if parts[:2] == ["policy", "services"] and len(parts) == 4 and parts[3] in POLICY_WORDS:
        return f"{POLICY_WORDS[parts[3]]} för {service_name(parts[2]).lower()}"
    return f"inställningen {cut(key)}"


def _given(value: object) -> str:
    """Write a setting's value as running text does."""
    if not isinstance(value, str):
        return "inte angiven"
    return cut(value.replace(".", ",") if DECIMAL.fullmatch(value) else value)


def _municipality(found: Comparison) -> Grid:
    """Put the municipality's changes and their causes in a table."""
    wanted = ["total", "sparsity", "vulnerability", *(f"km_{s}" for s in found.services)]
    rows = found.municipality.set_index("measure")
    rows = rows.loc[[name for name in wanted if name in rows.index]]
    years = [one.settings.area.year for one in (found.before, found.after)]
    heads = (
        Head("Mått, medel över de boende", width=2.6),
        *(Head(str(year), numeric=True) for year in years),
        Head("Ändring", numeric=True),
        *(Head(f"därav {TITLES[cause].lower()}", numeric=True, width=1.3) for cause in CAUSES),
    )
    return Grid(
        "Kommunens ändringar och vad de består av",
        heads,
        tuple(_row(_title(str(name), row), row) for name, row in rows.iterrows()),
        f"Avser {years[0]} och {years[1]}. Poäng 0–100, sträckor i km. Delarna blir tillsammans "
        "hela ändringen.",
    )


def _title(name: str, row: pd.Series) -> str:
    """Name a measure as running text does."""
    if name.startswith("km_"):
        return f"Km till {service_place(name.removeprefix('km_'))}"
    return str(row["title"])


def _row(title: str, row: pd.Series) -> tuple[str, ...]:
    """Write one change with its causes."""
    return (
        title,
        number(float(row["before"]), 1),
        number(float(row["after"]), 1),
        _change(row["change"]),
        *(_change(row[f"cause_{cause}"]) for cause in CAUSES),
    )


def _change(value: float) -> str:
    """Write a change; a dash where it is not known."""
    return MISSING if pd.isna(value) else signed(float(value), 1)


def _orter(material: Material, found: Comparison) -> tuple[Block, ...]:
    """List the orter whose score has changed most."""
    frame, _ = published_table(found.orter, changed_orter_table(found.services), _floor(found))
    named = set(material.shown.tables["orter"]["ort_id"])
    changed = frame[frame["ort_id"].isin(named) & frame["total_change"].abs().ge(LEAST_POINTS)]
    blocks: list[Block] = [*_come_and_gone(material, found)]
    if changed.empty:
        return (Paragraph("Ingen orts poäng har ändrats så att det märks."), *blocks)
    heads = (
        Head("Ort", width=2.0),
        *(
            Head(f"Poäng {one.settings.area.year}", numeric=True, width=1.1)
            for one in (found.before, found.after)
        ),
        Head("Ändring", numeric=True, width=1.1),
        *(Head(f"därav {TITLES[cause].lower()}", numeric=True, width=1.4) for cause in CAUSES),
    )
    rows = tuple(
        _row(
            cut(str(row["name"])),
            row.rename({"total_before": "before", "total": "after", "total_change": "change"}),
        )
        for _, row in changed.head(MOST_ROWS).iterrows()
    )
    told = Paragraph(
        f"Poängen har ändrats i {number(len(changed))} av {number(len(named))} orter. Tabellen "
        f"visar dem där den har ändrats mest, högst {MOST_ROWS}."
    )
    years = [one.settings.area.year for one in (found.before, found.after)]
    grid = Grid(
        "Orter vars poäng har ändrats mest",
        heads,
        rows,
        f"Avser {years[0]} och {years[1]}. Poäng 0–100; högre är längre till service.",
    )
    return (told, grid, *blocks)


def _come_and_gone(material: Material, found: Comparison) -> list[Block]:
    """Name the orter that are new, renamed, split, merged or gone."""
    named = {
        *material.shown.tables["orter"]["ort_id"],
        *(material.before.tables["orter"]["ort_id"] if material.before is not None else ()),
    }
    rows = found.ort_changes[found.ort_changes["ort_id"].isin(named)]
    if rows.empty:
        return []
    told = [
        f"{str(change).capitalize()}: {enumeration(sorted(cut(name) for name in here['name']))}."
        for change, here in rows.groupby("change", sort=True)
    ]
    return [Paragraph("Orter som bara finns det ena året, eller har fått nytt namn:"),
            Listing(tuple(told))]  # fmt: skip

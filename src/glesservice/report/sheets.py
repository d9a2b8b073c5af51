"""Byblad: a page for each ort that is pointed out or proposed, to lay beside a case of support."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import shapely
from matplotlib.axes import Axes

from glesservice.disclosure import told
from glesservice.exports.cartography import ACCENT, INK
from glesservice.exports.drawing import Picture, rendered
from glesservice.exports.map_drawing import (
    distance_signs,
    draw_ground,
    draw_legend,
    draw_scale,
    draw_sites,
    window_around,
)
from glesservice.report.document import Grid, Head
from glesservice.report.drawings import name_orter
from glesservice.report.material import Material
from glesservice.report.typesetting import compiled, parted
from glesservice.report.ways import Way, ways_of
from glesservice.report.wording import cut, date_of, nearest, people, signed
from glesservice.swedish import MISSING, number
from glesservice.tables.words import service_name, service_place, term

MOST_LETTERS = 42
MOST_SERVICES = 7
MOST_TESTS = 5
MAP_INCHES = (6.9, 3.9)
# Beside the legend.
MAP_ASPECT = 1.15
LEAST_SIDE_M = 8_000.0
POINTED_OUT = "utpekad"
SERVICE_HEADS = (
    Head("Service", width=1.2),
    Head("Närmaste ställe", width=2.0),
    Head("Km", numeric=True, width=0.6),
    Head("Minuter", numeric=True, width=0.8),
    Head("Längs", width=1.7),
    Head("Näst närmaste", width=2.0),
    Head("Km", numeric=True, width=0.6),
)
LEGAL_HEADS = (
    Head("Ställe i orten", width=2.0),
    Head("Service", width=1.2),
    Head("Nästa ställe", width=2.0),
    Head("Km", numeric=True, width=0.6),
    Head("Gräns", numeric=True, width=0.7),
    Head("Mot gränsen", numeric=True, width=0.9),
    Head("Utfall", width=1.5),
)


def sheet_orter(material: Material) -> pd.DataFrame:
    """Return the orter that have a sheet: those pointed out, or where none is, those proposed.

    Parameters
    ----------
    material
        What the report is made from.
    """
    orter: pd.DataFrame = material.shown.tables["orter"]
    pointed_out = orter[orter["decision"] == POINTED_OUT]
    if len(pointed_out):
        return pointed_out.sort_values(["rank", "ort_id"], na_position="last")
    strategic = orter[orter["ort_id"].isin(material.strategic["serviceort_id"])]
    both: pd.DataFrame = pd.concat([material.proposed, strategic]).drop_duplicates("ort_id")
    return both.sort_values(["rank", "ort_id"], na_position="last")


def sheets_pdf(material: Material) -> bytes | None:
    """Return the sheets as one PDF/UA-1, a page each; None where no ort has one.

    Parameters
    ----------
    material
        What the report is made from.
    """
    orter = sheet_orter(material)
    if orter.empty:
        return None
    settings = material.shown.settings
    ways = ways_of(material, list(orter["ort_id"]))
    area = settings.area
    drawings = {
        f"ort_{at}.svg": _map(material, ort, ways[ort["ort_id"]])
        for at, (_, ort) in enumerate(orter.iterrows())
    }
    data = {
        "title": f"Byblad {cut(area.name, MOST_LETTERS)} kommun {area.year}",
        "author": f"{cut(area.name, MOST_LETTERS)} kommun",
        "note": _note(material),
        "sheets": [
            {
                **_sheet(material, ort, ways[ort["ort_id"]]),
                "file": f"ort_{at}.svg",
            }
            for at, (_, ort) in enumerate(orter.iterrows())
        ],
    }
    return compiled("sheets.typ", data, drawings, date_of(settings))


def _sheet(material: Material, ort: pd.Series, ways: Sequence[Way]) -> dict[str, Any]:
    """Return what stands on an ort's sheet."""
    shown = material.shown
    return {
        "name": cut(ort["name"], MOST_LETTERS),
        "role": _role(material, ort),
        "alt": _alt(ort, ways, shown.services[0]),
        "who": _who(material, ort),
        "services": _grid(
            SERVICE_HEADS,
            [_service(ways, service) for service in shown.services[:MOST_SERVICES]],
        ),
        "legal": _legal(material, ort),
        "closing": _closing(material, ort),
        "sources": _sources(material),
    }


def _note(material: Material) -> str:
    """Say what a sheet is."""
    demonstration = (
        "Demonstration: delar av indata är modellerade. "
        if material.shown.settings.publication.demonstration
        else ""
    )
    return (
        f"{demonstration}Underlag. Bladet visar avstånd och vilka som berörs. Det avgör inte om "
        "stöd kan ges. Sträckorna utgår från ortens folkrikaste ruta."
    )


def _role(material: Material, ort: pd.Series) -> str:
    """Say why the ort has a sheet."""
    if ort["decision"] == POINTED_OUT:
        by = f" av {cut(ort['decided_by'], MOST_LETTERS)}" if ort["decided_by"] else ""
        return f"Utpekad {ort['decision_date'] or ''}{by}."
    said = []
    if ort["rank"] <= material.shown.settings.policy.top:
        said.append(f"föreslagen som gles ort, plats {number(ort['rank'])}")
    rows = material.strategic[material.strategic["serviceort_id"] == ort["ort_id"]]
    if not rows.empty:
        said.append(f"föreslagen som strategisk serviceort, plats {number(rows['rank'].iloc[0])}")
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}. Inte beslutat."


def _who(material: Material, ort: pd.Series) -> str:
    """Say who lives there, and who has service there."""
    schema = material.shown.schemas["orter"]
    said = [
        f"{told(ort, schema.column('people'))} personer bor i {cut(ort['name'], MOST_LETTERS)}."
    ]
    elder = ort["people_65plus"]
    if not pd.isna(elder):
        said.append(f"{told(ort, schema.column('people_65plus'))} av dem är 65 år eller äldre.")
    rows = material.strategic[material.strategic["serviceort_id"] == ort["ort_id"]]
    if not rows.empty:
        row, served = rows.iloc[0], material.shown.schemas["strategic"]
        said.append(
            f"{told(row, served.column('people_served'))} personer har någon service närmast här."
        )
    said.append(
        f"Poängen är {number(ort['total'], 1)} av 100: gleshet {number(ort['sparsity'], 1)} och "
        f"sårbarhet {number(ort['vulnerability'], 1)}."
    )
    return " ".join(said)


def _service(ways: Sequence[Way], service: str) -> tuple[str, ...]:
    """Write the nearest and the second nearest site of a service."""
    here = {way.next: way for way in ways if way.service == service}
    first, second = here.get(False), here.get(True)
    return (
        service_name(service),
        cut(first.site, MOST_LETTERS) if first else "inget kan nås",
        number(first.km, 1) if first else MISSING,
        number(first.minutes) if first else MISSING,
        cut(first.roads, MOST_LETTERS) or "okänt nummer" if first else MISSING,
        cut(second.site, MOST_LETTERS) if second else "inget kan nås",
        number(second.km, 1) if second else MISSING,
    )


def _legal(material: Material, ort: pd.Series) -> dict[str, Any]:
    """Return the distances between the ort's sites and the next ones, beside the limits."""
    legal = material.shown.tables["legal"]
    rows = legal[legal["ort_id"] == ort["ort_id"]].sort_values(["service", "name"])
    lines = [
        (
            cut(row["name"], MOST_LETTERS),
            service_name(row["service"]),
            cut(row["next_site"], MOST_LETTERS) if isinstance(row["next_site"], str) else MISSING,
            number(row["next_km"], 1),
            number(row["limit_km"], 1),
            signed(row["margin_km"], 1) if not pd.isna(row["margin_km"]) else MISSING,
            f"{row['verdict']}, bör kontrollmätas" if row["control"] else row["verdict"],
        )
        for _, row in rows.head(MOST_TESTS).iterrows()
    ]
    limits = [
        f"{service_name(str(service)).lower()}: {cut(str(here['ordinance'].iloc[0]), 90)}, läst "
        f"{here['checked'].iloc[0]}"
        + (f", upphörd {e}" if isinstance(e := here["expired"].iloc[0], str) else "")
        for service, here in rows.groupby("service", sort=True)
    ]
    return {
        **_grid(LEGAL_HEADS, lines),
        "source": f"Gränser: {'; '.join(limits)}." if limits else "",
        "more": number(len(rows) - MOST_TESTS) if len(rows) > MOST_TESTS else "",
    }


def _grid(heads: tuple[Head, ...], rows: Sequence[tuple[str, ...]]) -> dict[str, Any]:
    """Return a table as values."""
    grid = Grid("", heads, tuple(rows))
    return {
        "titles": [head.title for head in heads],
        "numeric": [head.numeric for head in heads],
        "widths": grid.shares,
        "rows": [[parted(text) for text in row] for row in rows],
    }


def _closing(material: Material, ort: pd.Series) -> list[str]:
    """Say what it would mean if service closed: the ort's own, or that which is nearest."""
    shown = material.shown
    schema = shown.schemas["strategic"]
    rows = material.strategic[material.strategic["serviceort_id"] == ort["ort_id"]]
    said = []
    if not rows.empty:
        row = rows.iloc[0]
        none = row["people_without"] == 0
        without = (
            "Alla når då ett annat ställe."
            if none
            else f"{told(row, schema.column('people_without'))} personer når då inget annat ställe."
        )
        said.append(
            f"Om orten förlorar all sin service får "
            f"{told(row, schema.column('people_past_limit'))} personer längre än gränsen för vad "
            f"som räknas som långt. {without}"
        )
        km = number(row["added_person_km"])
        said.append(f"Sammanlagt blir det {km} personkilometer längre, enkel resa.")
    for service in material.main_services:
        column, further = shown.schemas["orter"].column(f"km_{service}"), ort[f"next_km_{service}"]
        if pd.isna(ort[f"km_{service}"]):
            continue
        longer = (
            "inget annat ställe att nå"
            if pd.isna(further)
            else f"{number(further, 1)} km i medel för ortens boende, mot {told(ort, column)} i dag"
        )
        said.append(f"Om {nearest(service)} stänger: {longer}.")
    alone = ort["people_single_place"]
    if not pd.isna(alone) and alone > 0:
        said.append(f"{people(alone)} har all service inom räckhåll på en och samma plats.")
    return said


def _sources(material: Material) -> str:
    """Name the data with their dates."""
    told_ = [
        f"{term(key).lower()} {source.date or 'utan datum'}"
        f" ({cut(source.source or 'källa ej angiven', 70)})"
        for key, source in material.shown.settings.inputs()
    ]
    return f"Avser {material.year}. Källor: {'; '.join(told_[:8])}."


def _map(material: Material, ort: pd.Series, ways: Sequence[Way]) -> bytes:
    """Draw the ort with its ways to the nearest and the next site of the first service."""
    shown = material.shown
    drawn = [way for way in ways if way.service == shown.services[0] and way.line is not None]
    picture = Picture("ort", MAP_INCHES, "", partial(_draw, shown=shown, ort=ort, ways=drawn))
    return rendered(picture, ("svg",))["svg"]


def _draw(axes: Axes, shown: Any, ort: pd.Series, ways: Sequence[Way]) -> None:
    """Draw the map."""
    service = shown.services[0]
    lines = [way.line for way in ways]
    seen = shapely.union_all([ort["geometry"].envelope, *lines]).bounds
    window = window_around(seen, 0.08, LEAST_SIDE_M, MAP_ASPECT)
    draw_ground(axes, shown, window, service)
    for way in sorted(ways, key=lambda way: not way.next):
        x, y = way.line.xy if way.line is not None and not way.line.is_empty else ([], [])
        axes.plot(
            x,
            y,
            color=INK if way.next else ACCENT,
            linewidth=2.4,
            linestyle=(0, (2, 2)) if way.next else "-",
            zorder=4,
            label=f"till {'näst närmaste' if way.next else 'närmaste'}\n{service_place(service)}",
        )
    draw_sites(axes, shown, service)
    name_orter(axes, shown, window, [ort["ort_id"]])
    draw_scale(axes, window)
    ways_drawn, _ = axes.get_legend_handles_labels()
    draw_legend(axes, [*ways_drawn, *distance_signs(shown, service)])


def _alt(ort: pd.Series, ways: Sequence[Way], service: str) -> str:
    """Say what the map shows."""
    said = [
        f"{'näst närmaste' if way.next else 'närmaste'} {service_place(service)}, "
        f"{cut(way.site, MOST_LETTERS)}, {number(way.km, 1)} km"
        for way in ways
        if way.service == service
    ]
    return f"Karta över {cut(ort['name'], MOST_LETTERS)} med vägen till {' och '.join(said)}."

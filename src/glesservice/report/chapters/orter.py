"""Glesa orter och bygder: where people have far."""

from __future__ import annotations

from glesservice.report.document import Block, Facts, Paragraph, Section
from glesservice.report.drawings import map_drawing, orter_drawing
from glesservice.report.material import Material
from glesservice.report.wording import MOST_LETTERS, Shown, cut, dated, grid_of
from glesservice.swedish import as_set, number
from glesservice.tables.words import service_name


def orter(material: Material) -> Section:
    """Return the chapter.

    Parameters
    ----------
    material
        What the report is made from.
    """
    shown = material.shown
    if material.proposed.empty:
        nothing = Paragraph("Ingen ort rangordnas.")
        return Section("glesa-orter", "Glesa orter och bygder", (nothing,))
    intro = Paragraph(
        "Orterna rangordnas efter hur långt de boende har till service, och hur mycket längre det "
        "blir om det närmaste stället stänger. Poängen går från 0 till 100. Hög poäng är långt. "
        "Centralorten rangordnas inte. Listan är ett förslag."
    )
    sparse = (intro, map_drawing(shown), _table(material), orter_drawing(shown))
    return Section(
        "glesa-orter",
        "Glesa orter och bygder",
        sparse,
        (
            Section("motiv", "Varför orterna står i listan", _motives(material)),
            *_decisions(material),
            Section("glesa-bygder", "Glesa bygder", _bygder(material)),
        ),
    )


def _table(material: Material) -> Block:
    """List the proposed orter."""
    shown = material.shown
    columns = [
        Shown("name", width=2.6),
        Shown("rank", "Plats", 0.8),
        Shown("people", "Personer", 1.1),
        Shown("total", "Poäng", 0.9),
        *(
            Shown(f"km_{s}", f"Km till {service_name(s).lower()}", 1.4)
            for s in material.main_services
        ),
    ]
    if shown.settings.certainty.draws:
        columns += [Shown("rank_low", "Bästa plats", 0.9), Shown("rank_high", "Sämsta plats", 0.9)]
    return grid_of(
        f"De {number(len(material.proposed))} orter som föreslås som glesa",
        material.proposed,
        shown.schemas["orter"],
        columns,
        dated(shown.settings),
    )


def _motives(material: Material) -> tuple[Block, ...]:
    """Say of each proposed ort why it stands there, and how sure its place is."""
    told = []
    for _, ort in material.proposed.iterrows():
        sure = ort.get("certainty")
        said = f"{ort['motive']} {sure}" if isinstance(sure, str) else str(ort["motive"])
        told.append((cut(f"{number(ort['rank'])} {ort['name']}"), cut(said, MOST_LETTERS)))
    note = []
    if material.shown.settings.certainty.draws:
        share = as_set(100 * material.shown.settings.certainty.interval, 1)
        note = [
            Paragraph(
                "En plats i listan beror på antaganden. Därför är listan gjord om många gånger "
                f"med andra rimliga antaganden. Bästa och sämsta plats gäller i {share} % av dem.",
                "note",
            )
        ]
    return (*note, Facts(tuple(told)))


def _decisions(material: Material) -> tuple[Section, ...]:
    """List what has been decided, where anything is."""
    orter = material.shown.tables["orter"]
    decided = orter[orter["decision"].notna()].sort_values(["decision_date", "name"])
    if decided.empty:
        return ()
    grid = grid_of(
        "Beslut om orterna",
        decided,
        material.shown.schemas["orter"],
        [
            Shown("name", width=1.5),
            Shown("decision"),
            Shown("decision_date"),
            Shown("decided_by", width=1.4),
            Shown("decision_motive", width=2.6),
        ],
        "Ur kommunens förteckning över beslut.",
    )
    return (Section("beslut", "Beslut", (grid,)),)


def _bygder(material: Material) -> tuple[Block, ...]:
    """List the proposed bygder."""
    shown = material.shown
    intro = Paragraph(
        "En bygd är orter som hänger ihop längs vägen. Den har namn efter sin folkrikaste ort. "
        "Kartor över bygderna finns i en bilaga."
    )
    grid = grid_of(
        f"De {number(len(material.bygder))} bygder som föreslås som glesa",
        material.bygder,
        shown.schemas["bygder"],
        [
            Shown("name", width=1.6),
            Shown("rank", "Plats", 0.7),
            Shown("people", "Personer", 1.0),
            Shown("total", "Poäng", 0.8),
            *(
                Shown(f"km_{s}", f"Km till {service_name(s).lower()}", 1.3)
                for s in material.main_services
            ),
            Shown("members", "Orter i bygden", 3.2),
        ],
        dated(shown.settings),
    )
    return intro, grid

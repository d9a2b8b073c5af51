"""Metod, data, kvalitet och begränsningar: how the numbers came about, and what they cannot say."""

from __future__ import annotations

from glesservice.exports.method import method_lines
from glesservice.report.document import Facts, Grid, Head, Listing, Paragraph, Section
from glesservice.report.material import Material
from glesservice.report.wording import cut
from glesservice.tables.words import term

# Lines of the workbook's method that stand elsewhere in the report.
_ELSEWHERE = {"Metod och källor", "Källa", "Skydd av uppgifter"}


def method(material: Material) -> Section:
    """Return the chapter.

    Parameters
    ----------
    material
        What the report is made from.
    """
    shown = material.shown
    lines = tuple((name, said) for name, said in method_lines(shown) if name not in _ELSEWHERE)
    limits = (
        "Rapporten beskriver sträckor och avstånd. Den säger inte varför de är som de är, och "
        "inte vad som händer om något ändras.",
        "Ett ställe som saknas i underlaget kan finnas i verkligheten. Ett ställe som finns i "
        "underlaget kan ha stängt.",
        "Tomt eller streck betyder att uppgiften saknas. Det betyder aldrig noll.",
        "Hur ofta folk åker är ett antagande. Resor och koldioxid är till för jämförelser.",
        "Blad och kolumner som nämns finns i arbetsboken tabeller.xlsx.",
    )
    return Section(
        "metod",
        "Metod och data",
        (),
        (
            Section("metod-sa", "Så är det räknat", (Facts(lines),)),
            Section("metod-kallor", "Källor", (_sources(material),)),
            Section("metod-kvalitet", "Kvalitet och begränsningar", (
                Listing(limits),
                Paragraph("Att veta om årets underlag:"),
                Listing(tuple(cut(notice, 900) for notice in shown.notices)),
            )),
            Section("metod-skydd", "Skydd av uppgifter", (Listing(tuple(shown.rules)),)),
            Section("metod-tillganglighet", "Tillgänglighet", (_accessibility(material),)),
        ),
    )  # fmt: skip


def _accessibility(material: Material) -> Paragraph:
    """Say in which forms the report is, and whom to tell about obstacles."""
    settings = material.shown.settings
    whom = cut(settings.publication.contact or f"{settings.area.name} kommun", 200)
    return Paragraph(
        "Rapporten finns som webbsida, som PDF och som Worddokument, med samma innehåll. Bilderna "
        f"har texter som säger vad de visar. Säg till om något inte går att läsa: {whom}."
    )


def _sources(material: Material) -> Grid:
    """List the data with their dates and licences."""
    heads = (
        Head("Vad", width=1.2),
        Head("Källa", width=3.4),
        Head("Datum", width=1.0),
        Head("Licens", width=1.6),
        Head("Fil", width=1.7),
    )
    rows = tuple(
        (
            term(key),
            cut(source.source or "inte angiven", 300),
            source.date or "inte angivet",
            cut(source.licence or "inte angiven", 160),
            cut(source.path.name),
        )
        for key, source in material.shown.settings.inputs()
    )
    return Grid("Underlagets källor", heads, rows)

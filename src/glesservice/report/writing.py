"""From the material to the document, and from the document to the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from glesservice.report.chapters.ahead import ahead, improvements
from glesservice.report.chapters.appendices import appendices
from glesservice.report.chapters.changes import changes
from glesservice.report.chapters.helping import helping
from glesservice.report.chapters.method import method
from glesservice.report.chapters.numbers import numbers
from glesservice.report.chapters.orter import orter
from glesservice.report.chapters.serviceorter import serviceorter
from glesservice.report.chapters.summary import summary
from glesservice.report.chapters.vulnerability import vulnerability
from glesservice.report.document import Document, harmless
from glesservice.report.material import Material
from glesservice.report.page import html
from glesservice.report.sheets import sheets_pdf
from glesservice.report.typesetting import pdf
from glesservice.report.word import docx
from glesservice.report.wording import cut, date_of

NAME = "rapport"
SHEETS = "byblad.pdf"


def report_of(material: Material) -> Document:
    """Return the report.

    Parameters
    ----------
    material
        What it is made from.
    """
    settings = material.shown.settings
    name, year = cut(settings.area.name), settings.area.year
    chapters = (
        summary(material),
        numbers(material),
        orter(material),
        serviceorter(material),
        vulnerability(material),
        changes(material),
        helping(material),
        improvements(material),
        ahead(material),
        method(material),
        appendices(material),
    )
    made = Document(
        title=f"Tillgång till service i {name} kommun {year}",
        subtitle="Årsrapport till kommunfullmäktige",
        author=f"{name} kommun",
        about=f"Underlag om dagligvaror, drivmedel och annan service i {name} kommun {year}.",
        date=date_of(settings),
        sections=tuple(chapter for chapter in chapters if chapter is not None),
    )
    return harmless(made)


def write_report(material: Material, folder: Path) -> list[Path]:
    """Write the report in the forms that the settings want, and return the files.

    Parameters
    ----------
    material
        What it is made from.
    folder
        Where to.

    Returns
    -------
    list of Path
        ``rapport.html``, ``.pdf`` and ``.docx``; ``byblad.pdf`` where wanted.
    """
    rules = material.shown.settings.report
    document = report_of(material)
    makers: dict[str, Callable[[Document], bytes]] = {
        "html": lambda made: html(made).encode(),
        "pdf": pdf,
        "docx": docx,
    }
    files = {f"{NAME}.{ending}": makers[ending](document) for ending in rules.formats}
    sheets = sheets_pdf(material) if rules.fact_sheets else None
    if sheets is not None:
        files[SHEETS] = sheets
    written = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
    return written

"""PDF by Typst: a fixed template, and the document beside it as data that is never code."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import typst
from matplotlib.ft2font import FT2Font

from glesservice.report.document import (
    LETTERS_OF_WORD,
    Block,
    Document,
    Drawing,
    Facts,
    Grid,
    Listing,
    Own,
    Paragraph,
    Section,
    harmless,
)

# Accessible by the standard (tagged, titled, in a stated language), readable in every viewer.
STANDARD: Literal["ua-1"] = "ua-1"
# Behind Typst's own letters, which know few scripts: the ones that matplotlib brings.
FALLBACK = "DejaVuSans.ttf"
UNKNOWN_LETTER = "\ufffd"
# A word without an end would leave the page.
MOST_LETTERS_OF_WORD = 40
_LONG = re.compile(rf"\S{{{MOST_LETTERS_OF_WORD}}}(?=\S)")
_LONG_IN_CELL = re.compile(rf"\S{{{LETTERS_OF_WORD}}}(?=\S)")
ZERO_WIDTH_SPACE = "\u200b"


def pdf(document: Document) -> bytes:
    """Return the report as PDF/UA-1, the same bytes each time.

    Parameters
    ----------
    document
        The report.
    """
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "author": document.author,
        "about": document.about,
        "sections": [_section(section, 1) for section in document.sections],
    }
    pictures = {f"{drawing.name}.svg": drawing.svg for drawing in document.drawings()}
    return compiled("report.typ", data, pictures, document.date)


def compiled(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], date: str
) -> bytes:
    """Return what a template makes of data, as PDF/UA-1.

    Parameters
    ----------
    template
        Name of one of this room's templates.
    data
        What it shows, as values for JSON.
    pictures
        Files that it may show, by name.
    date
        ISO date that the file says it was made.

    Returns
    -------
    bytes
        The PDF.
    """
    made = datetime.fromisoformat(date).replace(tzinfo=UTC)
    with tempfile.TemporaryDirectory(prefix="glesservice-") as name:
        folder = Path(name)
        for asset in (template, "look.typ"):
            source = resources.files("glesservice.report") / "assets" / asset
            (folder / asset).write_bytes(source.read_bytes())
        for file, content in pictures.items():
            (folder / file).write_bytes(content)
        text = json.dumps(_settable(data), ensure_ascii=False)
        (folder / "data.json").write_text(text, encoding="utf-8")
        made_pdf = typst.compile(
            str(folder / template),
            root=str(folder),
            font_paths=[str(_fonts())],
            ignore_system_fonts=True,
            pdf_standards=[STANDARD],
            timestamp=int(made.timestamp()),
        )
    if not isinstance(made_pdf, bytes):
        raise TypeError("Typst gave pages apart, not one document")
    return made_pdf


def _section(section: Section, level: int) -> dict[str, Any]:
    """Return a section as values."""
    return {
        "level": level,
        "title": section.title,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner, level + 1) for inner in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    """Return a block as values, named by its kind."""
    match block:
        case Paragraph():
            return {"is": "paragraph", "text": block.text, "note": block.kind == "note"}
        case Listing():
            return {"is": "listing", "items": block.items}
        case Facts():
            return {"is": "facts", "items": block.items}
        case Grid():
            return {
                "is": "grid",
                "caption": block.caption,
                "titles": [head.title for head in block.heads],
                "numeric": [head.numeric for head in block.heads],
                "widths": block.shares,
                "rows": [[parted(text) for text in row] for row in block.rows],
                "source": block.source,
            }
        case Drawing():
            return {
                "is": "drawing",
                "file": f"{block.name}.svg",
                "caption": block.caption,
                "alt": block.alt,
                "share": 100 * block.share,
            }
        case Own():
            return {
                "is": "own",
                "heading": block.heading,
                "prompt": block.prompt,
                "words": [_block(words) for words in block.words],
            }


def _settable(value: Any) -> Any:
    """Let every text fit the page and the letters at hand."""
    if isinstance(value, str):
        return settable(value)
    if isinstance(value, Mapping):
        return {key: _settable(item) for key, item in value.items()}
    if isinstance(value, Iterable):
        return [_settable(item) for item in value]
    return value


def settable(text: str) -> str:
    """Return a text that can be set: long words may break, unknown letters are marked as such.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> settable("Dikanäs"), settable("a漢b") == "a" + UNKNOWN_LETTER + "b"
    ('Dikanäs', True)
    """
    known = _letters()
    plain = "".join(
        letter if ord(letter) in known else " " if letter.isspace() else UNKNOWN_LETTER
        for letter in harmless(text)
    )
    return _LONG.sub(lambda found: found[0] + ZERO_WIDTH_SPACE, plain)


def parted(text: str) -> str:
    """Return a cell's text whose longest words may break.

    Parameters
    ----------
    text
        The text.
    """
    return _LONG_IN_CELL.sub(lambda found: found[0] + ZERO_WIDTH_SPACE, text)


@cache
def _letters() -> frozenset[int]:
    """Return the letters that can be set on every machine."""
    return frozenset(FT2Font(str(_fonts() / FALLBACK)).get_charmap())


def _fonts() -> Path:
    """Return the folder of the letters that matplotlib brings."""
    return Path(mpl.get_data_path()) / "fonts" / "ttf"

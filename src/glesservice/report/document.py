"""What a report consists of: sections of paragraphs, lists, tables, pictures and own words.

Every text is a plain text: no writer reads marks of any kind in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Literal, TypeVar

# What nobody sees and what turns the text around it: nothing that a reader is told.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
Part = TypeVar("Part")
# Letters on a line of a table, those of a word that stays whole in it, and a column's margins.
LETTERS_OF_LINE = 96
LETTERS_OF_WORD = 20
MARGIN_LETTERS = 2
HEADING_LETTER = 1.2


def _lengths(text: str) -> list[int]:
    """Return the lengths of a text's words, as far as they stay whole."""
    words = text.replace("\u00a0", "x").split() or [""]
    return [min(len(word), LETTERS_OF_WORD) for word in words]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    text
        What it says.
    kind
        ``note`` is set apart: a caution, or what the text beside rests on.
    """

    text: str
    kind: Literal["plain", "note"] = "plain"


@dataclass(frozen=True)
class Listing:
    """A list of short texts.

    Attributes
    ----------
    items
        One text an item.
    """

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Names with what is said of each.

    Attributes
    ----------
    items
        Name and text.
    """

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Head:
    """The heading of a table's column.

    Attributes
    ----------
    title
        What the column is called.
    numeric
        Whether it holds numbers: they are set to the right.
    width
        Its share of the table's width, beside the other columns' shares.
    """

    title: str
    numeric: bool = False
    width: float = 1.0


@dataclass(frozen=True)
class Grid:
    """A table; the first cell of each row names the row.

    Attributes
    ----------
    caption
        What the table shows.
    heads
        Its columns.
    rows
        One text a column.
    source
        Year and source of what it shows.
    """

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    source: str = ""

    @property
    def shares(self) -> list[float]:
        """Each column's share of the width: as wished, but no word need leave its column."""
        # Headings are bold, and letters wider where the wished ones are not at hand.
        least = [
            MARGIN_LETTERS
            + max(
                [HEADING_LETTER * length for length in _lengths(head.title)]
                + [length for row in self.rows for length in _lengths(row[at])]
            )
            for at, head in enumerate(self.heads)
        ]
        room = max(LETTERS_OF_LINE, sum(least))
        wide = list(least)
        free = set(range(len(least)))
        # What is left goes to the columns by their wishes; one that needs more keeps what it needs.
        while free:
            left = room - sum(least[at] for at in range(len(least)) if at not in free)
            wish = sum(self.heads[at].width for at in free)
            parts = {at: left * self.heads[at].width / wish for at in free}
            short = {at for at, part in parts.items() if part < least[at]}
            if not short:
                for at, part in parts.items():
                    wide[at] = part
                break
            free -= short
        return [round(width / sum(wide), 4) for width in wide]


@dataclass(frozen=True)
class Drawing:
    """A picture.

    Attributes
    ----------
    name
        Its file's name without ending.
    caption
        What it shows, below it.
    alt
        The same for those who do not see it, with the numbers.
    svg, png
        The picture in two forms.
    share
        Its share of the page's width.
    """

    name: str
    caption: str
    alt: str
    svg: bytes
    png: bytes
    share: float = 1.0


@dataclass(frozen=True)
class Own:
    """A field for the municipality's own words.

    Attributes
    ----------
    heading
        The field's heading in the side file.
    prompt
        What is asked for, shown until it is written.
    words
        What is written: paragraphs and lists; empty where nothing is.
    """

    heading: str
    prompt: str
    words: tuple[Paragraph | Listing, ...] = ()


Block = Paragraph | Listing | Facts | Grid | Drawing | Own


@dataclass(frozen=True)
class Section:
    """A part with a heading.

    Attributes
    ----------
    key
        Its name in links: lower-case ASCII.
    title
        Its heading.
    blocks
        What stands in it.
    sections
        Parts within it, after the blocks.
    """

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True)
class Document:
    """The report.

    Attributes
    ----------
    title, subtitle
        What it is called.
    author
        Whose it is.
    about
        One sentence of what it is.
    date
        ISO date of the newest data; the files say that they were made then.
    sections
        Its parts.
    """

    title: str
    subtitle: str
    author: str
    about: str
    date: str
    sections: tuple[Section, ...]

    def walk(self) -> Iterator[tuple[int, Section]]:
        """Yield every section with its level, 1 for the outermost, in reading order."""

        def _walk(sections: tuple[Section, ...], level: int) -> Iterator[tuple[int, Section]]:
            for section in sections:
                yield level, section
                yield from _walk(section.sections, level + 1)

        return _walk(self.sections, 1)

    def drawings(self) -> list[Drawing]:
        """Return all pictures, in reading order."""
        return [
            block
            for _, section in self.walk()
            for block in section.blocks
            if isinstance(block, Drawing)
        ]


def harmless(part: Part) -> Part:
    """Return a text, or a part of a document, without marks that turn the text around them.

    Parameters
    ----------
    part
        A text, or anything that holds texts.

    Examples
    --------
    >>> harmless(("Säx\\u202ean", Paragraph("a\\x00b")))
    ('Säxan', Paragraph(text='ab', kind='plain'))
    """
    found: Any = part
    if isinstance(part, str):
        found = _UNSEEN.sub("", part)
    elif isinstance(part, tuple):
        found = tuple(harmless(item) for item in part)
    elif is_dataclass(part) and not isinstance(part, type):
        found = replace(part, **{f.name: harmless(getattr(part, f.name)) for f in fields(part)})
    whole: Part = found
    return whole

"""Word by pandoc: the document as pandoc's own tree, so that no text is read as anything else."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import tempfile
import zipfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pypandoc

from glesservice.report.document import (
    Block,
    Document,
    Drawing,
    Facts,
    Grid,
    Listing,
    Own,
    Paragraph,
    Section,
)
from glesservice.report.word_look import restyled
from glesservice.swedish import NO_BREAK_SPACE

# Of pandoc's tree, as pandoc-types writes it.
TREE_VERSION = (1, 23, 1)
PAGE_CM = 16.4
_NOTHING = ["", [], []]
# What XML cannot carry.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Node = dict[str, Any]


def docx(document: Document) -> bytes:
    """Return the report as a Word document, the same bytes each time.

    Parameters
    ----------
    document
        The report.
    """
    made = datetime.fromisoformat(document.date).replace(tzinfo=UTC)
    tree = {
        "pandoc-api-version": TREE_VERSION,
        "meta": {
            "title": {"t": "MetaInlines", "c": _inlines(document.title)},
            "subtitle": {"t": "MetaInlines", "c": _inlines(document.subtitle)},
            "author": {
                "t": "MetaList",
                "c": [{"t": "MetaInlines", "c": _inlines(document.author)}],
            },
            "description": {"t": "MetaString", "c": document.about},
            "lang": {"t": "MetaString", "c": "sv-SE"},
        },
        "blocks": [node for section in document.sections for node in _section(section, 1)],
    }
    with tempfile.TemporaryDirectory(prefix="glesservice-") as name:
        folder = Path(name)
        for drawing in document.drawings():
            (folder / f"{drawing.name}.png").write_bytes(drawing.png)
        (folder / "look.docx").write_bytes(_styles())
        target = folder / "report.docx"
        _pandoc(
            ["--from=json", "--to=docx", "--reference-doc=look.docx", f"--output={target.name}"],
            folder,
            json.dumps(tree).encode("ascii"),
            made,
        )
        return _steady(target.read_bytes(), made)


def _pandoc(arguments: list[str], folder: Path, content: bytes, made: datetime) -> bytes:
    """Run pandoc, a program of its own, in a folder; nothing of the machine may show."""
    outcome = subprocess.run(  # noqa: S603 - our own words, the program of the installed package
        [pypandoc.get_pandoc_path(), "--data-dir=.", *arguments],
        input=content,
        cwd=folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(made.timestamp()))},
        capture_output=True,
        check=True,
    )
    return outcome.stdout


@cache
def _styles() -> bytes:
    """Return the Word file that gives the report its look."""
    arguments = ["--print-default-data-file=reference.docx"]
    folder = Path(tempfile.gettempdir())
    return restyled(_pandoc(arguments, folder, b"", datetime(2000, 1, 1, tzinfo=UTC)))


def _steady(content: bytes, made: datetime) -> bytes:
    """Write the parts of a Word file anew, all of one time."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as steady,
    ):
        for name in given.namelist():
            part = zipfile.ZipInfo(name, made.timetuple()[:6])
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o644 << 16
            whole = given.read(name)
            steady.writestr(part, _unbroken(whole) if name == "word/document.xml" else whole)
    return target.getvalue()


def _unbroken(document: bytes) -> bytes:
    """Let no row of a table be parted by the end of a page."""
    whole = b"<w:tr><w:trPr><w:cantSplit/>"
    marked = document.replace(b"<w:tr><w:trPr>", whole)
    return re.sub(rb"<w:tr>(?!<w:trPr>)", whole + b"</w:trPr>", marked)


# --- The tree -----------------------------------------------------------------------------------


def _inlines(text: str) -> list[Node]:
    """Write a text, its words apart so that lines can break."""
    words = _UNWRITABLE.sub("\ufffd", text).replace(NO_BREAK_SPACE, "\0").split()
    nodes: list[Node] = []
    for word in words:
        nodes += [
            {"t": "Space"},
            {"t": "Str", "c": word.replace("\0", NO_BREAK_SPACE)},
        ]
    return nodes[1:]


def _styled(style: str, *blocks: Node) -> Node:
    """Give blocks a style of Word's by its name."""
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], list(blocks)]}


def _para(text: str) -> Node:
    """Write a paragraph."""
    return {"t": "Para", "c": _inlines(text)}


def _section(section: Section, level: int) -> list[Node]:
    """Write a heading and what stands below it."""
    heading = {"t": "Header", "c": [level, [section.key, [], []], _inlines(section.title)]}
    return [
        heading,
        *(node for block in section.blocks for node in _block(block)),
        *(node for inner in section.sections for node in _section(inner, level + 1)),
    ]


def _block(block: Block) -> list[Node]:
    """Write a block."""
    match block:
        case Paragraph(kind="note"):
            nodes = [_styled("Anmärkning", _para(block.text))]
        case Paragraph():
            nodes = [_para(block.text)]
        case Listing():
            nodes = [{"t": "BulletList", "c": [[_para(item)] for item in block.items]}]
        case Facts():
            nodes = [_fact(name, said) for name, said in block.items]
        case Grid():
            source = [_styled("Källa", _para(block.source))] if block.source else []
            nodes = [_table(block), *source]
        case Drawing():
            nodes = [_figure(block)]
        case Own(words=()):
            nodes = [_styled("Eget fält", _para(f"[{block.prompt}]"))]
        case Own():
            nodes = [node for words in block.words for node in _block(words)]
    return nodes


def _fact(name: str, said: str) -> Node:
    """Write a name and what is said of it."""
    strong = {"t": "Strong", "c": _inlines(f"{name}.")}
    return {"t": "Para", "c": [strong, {"t": "Space"}, *_inlines(said)]}


def _table(grid: Grid) -> Node:
    """Write a table with its caption and a row of headings that returns on every page."""
    columns = [
        [
            {"t": "AlignRight" if head.numeric else "AlignLeft"},
            {"t": "ColWidth", "c": share},
        ]
        for head, share in zip(grid.heads, grid.shares, strict=True)
    ]
    heads = [_cell(head.title) for head in grid.heads]
    body = [_NOTHING, 1, [], [[_NOTHING, [_cell(text) for text in row]] for row in grid.rows]]
    caption = [None, [{"t": "Plain", "c": _inlines(grid.caption)}]]
    return {
        "t": "Table",
        "c": [
            _NOTHING,
            caption,
            columns,
            [_NOTHING, [[_NOTHING, heads]]],
            [body],
            [_NOTHING, []],
        ],
    }


def _cell(text: str) -> list[Any]:
    """Write a cell."""
    return [_NOTHING, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": _inlines(text)}]]


def _figure(drawing: Drawing) -> Node:
    """Write a picture with its caption, and with the text for those who do not see it."""
    width = [["width", f"{PAGE_CM * drawing.share:.1f}cm"]]
    image = {
        "t": "Image",
        "c": [["", [], width], _inlines(drawing.alt), [f"{drawing.name}.png", ""]],
    }
    caption = [None, [{"t": "Plain", "c": _inlines(drawing.caption)}]]
    return {"t": "Figure", "c": [_NOTHING, caption, [{"t": "Plain", "c": [image]}]]}

"""Opening files: that one is missing, or holds something else than its name says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from glesservice.errors import Fault, InputError

# How much of a file tells what it is.
LOOKED_AT = 4096

# The first bytes of what is often saved under another name, and how to mend it.
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"SQLite format 3\0", "geopackage", "a database (GeoPackage)"),
    (b"PK\x03\x04", "zip", "an archive or an Excel workbook"),
    (b"PK\x05\x06", "zip", "an archive"),
    (b"\xd0\xcf\x11\xe0", "xls", "an old Excel workbook (.xls)"),
    (b"%PDF", "pdf", "a PDF"),
    (b"\x1f\x8b", "gzip", "a compressed file"),
    (b"\x89PNG", "picture", "a picture"),
    (b"II*\0", "tiff", "a raster (TIFF)"),
    (b"MM\0*", "tiff", "a raster (TIFF)"),
    (b"II+\0", "tiff", "a raster (TIFF)"),
)


def existing(path: Path, what: str) -> Path:
    """Return the path if there is a file, or say that it is missing.

    Parameters
    ----------
    path
        The file.
    what
        What it should hold, for the message.

    Returns
    -------
    Path
        The same path.

    Raises
    ------
    InputError
        If there is no such file, it is empty, or it is a web page or a server's error message.
    """
    try:
        there, folder = path.is_file(), path.is_dir()
        kind = content_kind(path) if there else ""
    except (OSError, ValueError):  # a path that cannot be one, such as one with a zero in it
        there, folder, kind = False, False, ""
    if not there:
        found = "a folder, not a file" if folder else "missing"
        raise InputError(
            Fault(f"the file with {what} is {found}", str(path), "Correct the path in the settings")
        )
    if kind in {"web page", "server's error message"}:
        raise InputError(
            Fault(
                f"the file with {what} is a {kind}, saved under another name",
                str(path),
                "Download it again, and look at it before you use it",
            )
        )
    return path


def content_kind(path: Path) -> str:
    """Return what a file's first bytes say that it is.

    Parameters
    ----------
    path
        A file that is there.

    Returns
    -------
    str
        ``geopackage``, ``zip``, ``xls``, ``pdf``, ``gzip``, ``picture``, ``tiff``, ``web page``,
        ``server's error message``, or nothing where it is none of these.
    """
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    for begin, kind, _ in _KINDS:
        if head.startswith(begin):
            return kind
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) or b"<html" in text[:512]:
        return "web page"
    if text.startswith(b"<") and (b"exceptionreport" in text or b"serviceexception" in text):
        return "server's error message"
    return ""


def called(kind: str) -> str:
    """Return what a kind of content is called in a message.

    Parameters
    ----------
    kind
        A word of ``content_kind``.
    """
    return next((name for _, known, name in _KINDS if known == kind), f"a {kind}")


def refuse_entities(path: Path) -> None:
    """Stop where an XML file declares entities: they can swell to any size.

    Parameters
    ----------
    path
        An XML file.

    Raises
    ------
    InputError
        If there is a document type declaration at the beginning of the file.
    """
    with path.open("rb") as file:
        head = file.read(1 << 16).lower()
    if b"<!doctype" in head or b"<!entity" in head:
        raise InputError(
            Fault(
                "the XML declares entities, which roads and places never need",
                str(path),
                "Do not use this file; download the extract again from a source that you trust",
            )
        )


def refuse_doubles(frame: pd.DataFrame, where: str) -> None:
    """Stop where a column is there twice.

    Parameters
    ----------
    frame
        The table.
    where
        File, for the messages.

    Raises
    ------
    InputError
        If two columns have the same name.
    """
    twice = frame.columns[frame.columns.duplicated()].unique()
    if len(twice):
        raise InputError(
            *(Fault(f"the column {name} is there twice", where, "Keep one") for name in twice)
        )

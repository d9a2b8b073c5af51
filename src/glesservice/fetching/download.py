"""Large files: continued where they broke off, complete before they are believed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import requests

from glesservice.fetching.judging import PassingError, read_chunks, refuse_page, too_large
from glesservice.fetching.web import MEGABYTE, Query, Web

# Told of the bytes that are there and, where known, of those in all.
Progress = Callable[[int, int | None], None]


def download(web: Web, url: str, target: Path, progress: Progress) -> Path:
    """Return the path of a downloaded file.

    Parameters
    ----------
    web
        How to ask.
    url
        The file's address.
    target
        Where to put it. What an earlier attempt left beside it is continued, if the server offers
        that and the file is still the same one.
    progress
        Told of the bytes that have come.

    Returns
    -------
    Path
        ``target``, complete.

    Raises
    ------
    FetchError
        If the file cannot be had, or is larger than is allowed.
    """
    if not target.exists():
        web.persist(url, lambda: _attempt(web, url, target, progress))
    return target


def _attempt(web: Web, url: str, target: Path, progress: Progress) -> None:
    """Fetch what is missing of a file."""
    part, note = (target.with_name(f"{target.name}.{kind}") for kind in ("part", "note"))
    mark = _mark_of(note, url)
    have = part.stat().st_size if mark and part.exists() else 0
    # Packed for the way its length would be another one.
    headers = {"Accept-Encoding": "identity"}
    if have and mark:
        headers |= {"Range": f"bytes={have}-", "If-Range": mark}
    before = have
    try:
        with web.opened(Query(url), headers) as response:
            begin, total = _place(response)
            if response.status_code == 416 or begin not in {0, have}:
                _forget(part, note)
                raise PassingError("what was downloaded before does not fit any more")
            if begin == 0:
                have = 0
                part.unlink(missing_ok=True)  # before the note: never old bytes under a new mark
                note.write_text(json.dumps({"url": url, "mark": _new_mark(response)}), "utf-8")
            with part.open("ab" if begin else "wb") as file:
                for chunk in read_chunks(response):
                    if have == 0:
                        refuse_page(chunk)
                    have += len(chunk)
                    if have > web.rules.download_mb * MEGABYTE:
                        raise too_large(url, web.rules.download_mb, "download_mb")
                    file.write(chunk)
                    progress(have, total)
                file.flush()
                os.fsync(file.fileno())
        if total is not None and have != total:
            raise PassingError(f"{have} of {total} bytes came")
    except PassingError as error:
        error.progressed = error.progressed or have - before >= MEGABYTE
        raise
    part.replace(target)
    note.unlink()


def _mark_of(note: Path, url: str) -> str | None:
    """Read by what a file begun earlier is known, if it is this one."""
    try:
        said = json.loads(note.read_text("utf-8"))
        mark = said["mark"] if said["url"] == url else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return mark if isinstance(mark, str) else None


def _new_mark(response: requests.Response) -> str | None:
    """Choose by what the file is known again: its tag where it is a strong one, else its date."""
    tag = response.headers.get("ETag", "")
    return tag if tag.startswith('"') else response.headers.get("Last-Modified")


def _place(response: requests.Response) -> tuple[int, int | None]:
    """Tell where in the file an answer begins, and how long the whole file is, where known."""
    if response.status_code == 206:
        said = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if said is None:
            return -1, None
        return int(said[1]), None if said[2] == "*" else int(said[2])
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdecimal() else None


def _forget(*files: Path) -> None:
    """Remove what cannot be continued."""
    for file in files:
        file.unlink(missing_ok=True)

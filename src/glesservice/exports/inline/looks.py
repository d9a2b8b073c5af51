"""The map page and the pictures, inline."""

from __future__ import annotations

import base64
from typing import Literal

from markupsafe import escape

from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.disclosure import publish
from glesservice.errors import Fault, InputError
from glesservice.exports.inline.shown import Shown
from glesservice.exports.webmap import render
from glesservice.tables.words import term

PictureName = Literal["karta", "orter", "avstand"]

_FRAME = "width:100%;border:1px solid #ccc;background:#fff"


def show_map(result: Result, before: Result | None = None, height_px: int = 860) -> Shown:
    """Return the map page of a result, to be the last line of a notebook's cell.

    Parameters
    ----------
    result
        What was found.
    before
        What was found for another year, or without a scenario: the page then shows what has
        changed since.
    height_px
        Height, pixels.

    Returns
    -------
    Shown
        The same page as ``karta.html``: nothing is asked of the network.
    """
    area = result.settings.area
    title = f"Karta över {area.name} {area.year}"
    html = (
        f'<iframe title="{escape(title)}" srcdoc="{escape(render(result, before))}" '
        f'style="{_FRAME};height:{height_px}px"></iframe>'
    )
    return Shown(html, title)


def show_picture(result: Result, name: PictureName = "karta") -> Shown:
    """Return a picture of a result, with its text for those who do not see it.

    Parameters
    ----------
    result
        What was found.
    name
        ``karta`` (the map), ``orter`` (what the proposed orter's scores are made of) or
        ``avstand`` (how far people have).

    Returns
    -------
    Shown
        The picture, and where its data come from.

    Raises
    ------
    InputError
        If there is no such picture.
    """
    # matplotlib takes longer to load than a small municipality to analyse.
    from glesservice.exports.pictures import pictures, png  # noqa: PLC0415

    shown = publish(result)
    known = {picture.name.removeprefix("bild_"): picture for picture in pictures(shown)}
    if name not in known:
        raise InputError(
            Fault(f"there is no picture {name}", "show_picture", f"Write {' or '.join(known)}")
        )
    picture = known[name]
    image = base64.b64encode(png(picture, shown)).decode()
    html = (
        f'<figure lang="sv" style="margin:0"><img alt="{escape(picture.alt)}" '
        f'style="max-width:100%" src="data:image/png;base64,{image}">'
        f'<figcaption style="font-size:85%">{escape(_said_sources(result.settings))}</figcaption>'
        "</figure>"
    )
    return Shown(html, picture.alt)


def _said_sources(settings: Settings) -> str:
    """Name the sources as one line."""
    told = "; ".join(
        f"{term(key).lower()}: {source.source or 'källa ej angiven'} "
        f"({source.date or 'utan datum'})"
        for key, source in settings.inputs()
    )
    return f"Källor: {told}."

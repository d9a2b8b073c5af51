"""HTML: one file that needs nothing else, for every reader and every screen."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

import jinja2
from markupsafe import Markup

from glesservice.report.document import (
    Block,
    Document,
    Drawing,
    Facts,
    Grid,
    Listing,
    Own,
    Paragraph,
)

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("glesservice.report", "assets"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def html(document: Document) -> str:
    """Return the report as a page.

    Parameters
    ----------
    document
        The report.

    Returns
    -------
    str
        An HTML document that asks for nothing from anywhere, and runs no script.
    """
    asset = resources.files("glesservice.report") / "assets" / "page.css"
    style = asset.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
    template = _ENVIRONMENT.get_template("page.html.j2")
    return template.render(
        document=document,
        style=Markup(style),  # noqa: S704 - our own file
        policy=policy,
        kind=_kind,
        address=_address,
        width=_width,
    )


def _kind(block: Block) -> str:
    """Name the kind of a block for the template."""
    match block:
        case Paragraph():
            return "note" if block.kind == "note" else "paragraph"
        case Listing():
            return "listing"
        case Facts():
            return "facts"
        case Grid():
            return "grid"
        case Drawing():
            return "drawing"
        case Own():
            return "own"


def _address(drawing: Drawing) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.svg).decode()}"


def _width(drawing: Drawing) -> str:
    """Name the width of a picture: style attributes are not allowed."""
    return "half" if drawing.share <= 0.7 else "whole"

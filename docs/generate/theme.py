"""What the theme says, in Swedish on Swedish pages: it carries no catalogue of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SWEDISH: Mapping[str, str] = {
    ">Back to top<": ">Till början<",
    ">Contents<": ">Innehåll<",
    ">Home<": ">Början<",
    ">Next<": ">Nästa<",
    ">Previous<": ">Föregående<",
    "Hide navigation sidebar": "Dölj menyn",
    "Hide table of contents sidebar": "Dölj innehållet",
    "Made with ": "Gjord med ",
    "On this page": "På sidan",
    "Skip to content": "Till innehållet",
    'title="Index"': 'title="Register"',
    "Toggle Light / Dark / Auto color theme": "Växla mellan ljust, mörkt och automatiskt",
    "Toggle navigation of": "Visa eller dölj sidorna under",
    "Toggle site navigation sidebar": "Visa eller dölj menyn",
    "Toggle table of contents sidebar": "Visa eller dölj innehållet",
}


def say_it_in_swedish(site: Path) -> None:
    """Put the theme's words into Swedish on every page that says it is Swedish.

    Parameters
    ----------
    site
        The folder of the built site.
    """
    for path in sorted(site.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        if 'lang="sv"' not in page:
            continue
        for english, swedish in SWEDISH.items():
            page = page.replace(english, swedish)
        path.write_text(page, encoding="utf-8")

"""What the theme leaves to mend: Swedish words, for it has no catalogue, and what helps readers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

SWEDISH: Mapping[str, str] = {
    ">Back to top<": ">Till början<",
    ">Contents<": ">Innehåll<",
    ">Home<": ">Början<",
    ">Next<": ">Nästa<",
    ">Previous<": ">Föregående<",
    'aria-label="Pages"': 'aria-label="Sidor"',
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

# For those who hear the page or use the keyboard: headings with a level, regions with a name, code
# that can be scrolled. A box to tick is for paper: on the screen nobody could tick it.
MENDED: Mapping[str, str] = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Pages">',
    '<input class="task-list-item-checkbox" disabled="disabled" type="checkbox">': (
        '<span class="box" aria-hidden="true">☐</span>'
    ),
    "<pre>": '<pre tabindex="0">',
}


def mend_pages(site: Path) -> None:
    """Mend every page, and put the theme's words into Swedish where a page says it is Swedish.

    Parameters
    ----------
    site
        The folder of the built site.

    Raises
    ------
    ValueError
        If the theme has changed, and something to mend is nowhere to be found.
    """
    missing = set(MENDED)
    for path in sorted(site.rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        words = {**MENDED, **(SWEDISH if 'lang="sv"' in page else {})}
        missing -= {given for given in MENDED if given in page}
        for given, mended in words.items():
            page = page.replace(given, mended)
        path.write_text(page, encoding="utf-8")
    if missing:
        raise ValueError(f"the theme has changed: nothing to mend in {sorted(missing)}")

"""How the site is built: Sphinx with MyST, in Swedish, without any request to other servers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parents[1]))  # the makers of pages: docs.generate

from docs.generate.theme import mend_pages

import glesservice

project = "glesservice"
author = "glesservice"
version = release = glesservice.__version__
language = "sv"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docs.generate.directive",
]
exclude_patterns = ["README.md"]
root_doc = "index"
nitpick_ignore_regex = [("py:.*", ".*")]  # types of other projects: their sites are not asked
nitpicky = True

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "tasklist"]
myst_heading_anchors = 3

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True  # attributes as one list
python_use_unqualified_type_names = True
python_display_short_literal_types = True

html_theme = "furo"
html_title = "glesservice"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {
    # Furo's colours from the palette of the map; fonts are those of the reader's own system.
    "light_css_variables": {
        "color-brand-primary": "#00326f",
        "color-brand-content": "#0a4d9c",
        "font-stack": "system-ui, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif",
    },
    "dark_css_variables": {
        "color-brand-primary": "#9dc3f2",
        "color-brand-content": "#9dc3f2",
    },
}

# Pages in English, and those among them that are Swedish as all others.
ENGLISH = ("developers/", "reference/")
SWEDISH = ("reference/tables",)


def setup(app: Sphinx) -> None:
    """Tell a browser which language a page is in."""
    app.connect("html-page-context", _with_language)
    app.connect("build-finished", _finished)


def _with_language(
    _app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Set the language of one page."""
    if page.startswith(ENGLISH) and not page.startswith(SWEDISH):
        context["language"] = "en"


def _finished(app: Sphinx, exception: Exception | None) -> None:
    """Mend the pages where the site was built."""
    if exception is None and app.builder.name == "html":
        mend_pages(Path(app.outdir))

"""The page as text: template, styles and scripts put together, allowed one by one by their hash."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import folium
import jinja2
from branca.element import Figure
from folium.utilities import camelize
from markupsafe import Markup

from glesservice.analysis import Result
from glesservice.exports.language import SOURCE
from glesservice.exports.webmap.content import content
from glesservice.exports.webmap.payload import embedded, payload
from glesservice.exports.webmap.published import Since, published

LEAFLET = "js_lib_leaflet", "static/js_lib_leaflet"
STYLES = ("page.css", "map.css", "narrow.css", "print.css")
# In the order in which they use each other.
SCRIPTS = (
    "text.js",
    "data.js",
    "background.js",
    "cells.js",
    "orter.js",
    "sites.js",
    "ways.js",
    "labels.js",
    "controls.js",
    "tables.js",
    "panel.js",
    "choice.js",
    "print.js",
    "start.js",
)

# Whole lines of comment: for those who read the source, not for the page.
_COMMENT = re.compile(r"^(?://|/\*\*).*\n", re.MULTILINE)

# Before anything is laid out: without scripts the page shows every column of every list.
_EARLY = 'document.documentElement.classList.remove("utan-skript");'

# What the scripts say in the page's language.
_SAID = re.compile(r'\bsaid\(\s*"([^"]+)"')

_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("glesservice.exports.webmap", "assets"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def _tight(text: str) -> Markup:
    """Shorten each run of white space around a line's end to the line's end."""
    return Markup(re.sub(r"\s*\n\s*", "\n", text))  # noqa: S704 - escaped before


_ENVIRONMENT.filters["tight"] = _tight


@dataclass(frozen=True)
class Part:
    """An inline script or style, and the hash that allows it."""

    text: str

    @property
    def source(self) -> str:
        """The hash as a content security policy names it."""
        digest = hashlib.sha256(self.text.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

    def __html__(self) -> str:
        """Return the text as it is: it is the project's own or Leaflet's, never from data."""
        return self.text


class ServiceMap(folium.Map):
    """A Leaflet map that draws vector data of the page's own and loads nothing.

    folium's own resources are left out, for they come from the network; so are its popups and
    tooltips, which write data as HTML. Its macro text is compiled as a template once more when it
    is rendered, so nothing from the data may stand in it: the data go through the page's template.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own declaration
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    _template = _ENVIRONMENT.get_template("map.j2")

    def __init__(self) -> None:
        super().__init__(tiles=None, zoom_control=False, zoom_snap=0.25, attribution_control=False)
        self._id = "karta"  # branca's ids are random, and the page's bytes must not be

    @property
    def leaflet_options(self) -> dict[str, Any]:
        """The map's options by Leaflet's own names."""
        return {camelize(name): value for name, value in self.options.items()}


class Page(Figure):
    """The document around the map.

    Parameters
    ----------
    values
        What the page's template shows.
    template
        Name of the template.
    scripts
        The page's own scripts, in the order in which they use each other.
    styles
        The page's own styles.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        template: str = "page.html.j2",
        scripts: Sequence[str] = SCRIPTS,
        styles: Sequence[str] = STYLES,
    ) -> None:
        super().__init__()
        self._template = _ENVIRONMENT.get_template(template)
        self.values = values
        self.scripts, self.styles = scripts, styles

    def render(self, **kwargs: Any) -> str:
        """Return the document, with every script and style allowed by its hash.

        Parameters
        ----------
        **kwargs
            Passed on to the map, as branca does.
        """
        for child in self._children.values():
            child.render(say=self.values["_"], **kwargs)
        styles = [Part(_leaflet_css()), Part("\n".join(_asset(name) for name in self.styles))]
        early = Part(_EARLY)
        scripts = [Part(_leaflet_js()), Part(_script(self.scripts, self.script.render()))]
        text: str = self._template.render(
            map_html=Markup(self.html.render()),  # noqa: S704 - the template map.j2 alone
            styles=styles,
            early=early,
            scripts=scripts,
            policy=_policy(styles, [early, *scripts]),
            **self.values,
        )
        return text


def render(result: Result, before: Result | Since | None = None) -> str:
    """Return the map page of a result.

    Parameters
    ----------
    result
        What the analysis found.
    before
        What was found before, where the page shall show what has changed since.

    Returns
    -------
    str
        An HTML document that needs nothing but itself.
    """
    shown = published(result, before)
    words = (
        {} if shown.language.code == SOURCE else {text: shown.say(text) for text in script_texts()}
    )
    data = Part(embedded({**payload(shown), "words": words}))
    page = Page({"data": data, **content(shown)})
    page.add_child(ServiceMap())
    return page.render()


def script_texts() -> list[str]:
    """Return the texts that the scripts say, in Swedish."""
    scripts = "\n".join(_asset(f"js/{name}") for name in SCRIPTS)
    return sorted({str(text) for text in _SAID.findall(scripts)})


def _policy(styles: list[Part], scripts: list[Part]) -> str:
    """Return a content security policy that allows these parts and nothing else."""
    rules = {
        "default-src": ["'none'"],
        "script-src": [part.source for part in scripts],
        "style-src": [part.source for part in styles],
        "img-src": ["data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{rule} {' '.join(sources)}" for rule, sources in rules.items())


def _script(names: Sequence[str], start: str) -> str:
    """Join the page's scripts in a scope of their own, the map's start last."""
    parts = "\n".join(_COMMENT.sub("", _asset(f"js/{name}")) for name in names)
    return f'(() => {{\n"use strict";\n{parts}\n{start.strip()}\n}})();\n'


def _asset(name: str) -> str:
    """Read one of the page's own styles or scripts."""
    folder = resources.files("glesservice.exports.webmap") / "assets"
    return str(_tight((folder / name).read_text(encoding="utf-8")))


def _leaflet(name: str) -> str:
    """Read one of Leaflet's files from the package that carries them."""
    package, folder = LEAFLET
    return (resources.files(package) / folder / name).read_text(encoding="utf-8")


def _leaflet_js() -> str:
    """Read Leaflet's script without the pointer to its source map, which a browser would fetch."""
    return re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", _leaflet("leaflet.js"))


def _leaflet_css() -> str:
    """Read Leaflet's styles without the declarations that point to its images, not used here."""
    return re.sub(r"[\w-]+\s*:\s*url\([^)]*\)[^;}]*;?", "", _leaflet("leaflet.css"))

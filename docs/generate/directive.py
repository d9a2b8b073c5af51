"""``{made} settings``: a page's content made from the program while the site is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from docs.generate import columns, commands, rooms, settings
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PAGES: Mapping[str, Callable[[], str]] = {
    "columns": columns.page,
    "commands": commands.page,
    "rooms": rooms.page,
    "settings": settings.page,
}


class Made(SphinxDirective):
    """What a maker returns, as if it stood in the page."""

    required_arguments: ClassVar[int] = 1

    def run(self) -> list[nodes.Node]:
        """Return the content that the argument names."""
        return self.parse_text_to_nodes(PAGES[self.arguments[0]](), allow_section_headings=True)


class RoomsPicture(SphinxDirective):
    """The picture of the architecture."""

    def run(self) -> list[nodes.Node]:
        """Return the picture as SVG in the page."""
        framed = f'<div class="frame" tabindex="0">{rooms.picture(rooms.rooms())}</div>'
        return [nodes.raw("", framed, format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directives known."""
    app.add_directive("made", Made)
    app.add_directive("rooms-picture", RoomsPicture)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

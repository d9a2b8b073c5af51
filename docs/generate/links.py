"""``python -m docs.generate.links FOLDER``: that every link of a built site leads somewhere.

Pages and anchors of the site itself are looked up; nothing is asked of other servers. Neither may a
page: whatever it loads must lie in the folder.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser loads by itself, and the attribute that says from where.
LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "preconnect", "dns-prefetch"}


@dataclass
class Page(HTMLParser):
    """What one page names, links to, and loads."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note one element."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADED and LOADED[tag] in given:
            self.loads.append(given[LOADED[tag]])
        if tag == "link" and LOADED_LINKS & set(given.get("rel", "").split()):
            self.loads.append(given.get("href", ""))


def faults(site: Path) -> Iterator[str]:
    """Yield each link that leads nowhere and each thing that is loaded from elsewhere.

    Parameters
    ----------
    site
        The folder of the built site.
    """
    pages = {path.resolve(): _read(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        for target in page.loads:
            if _elsewhere(target):
                yield f"{path.name}: loads {target} from another server"
        for target in [*page.links, *page.loads]:
            if not _elsewhere(target):
                yield from _nowhere(path, target, pages)
    for path in sorted(site.rglob("*.css")):
        for target in re.findall(r"url\(['\"]?([^'\")]+)", path.read_text(encoding="utf-8")):
            if _elsewhere(target) and not target.startswith("data:"):
                yield f"{path.name}: loads {target} from another server"


def _nowhere(path: Path, target: str, pages: dict[Path, Page]) -> Iterator[str]:
    """Tell of a link within the site whose page or anchor is not there."""
    parts = urlsplit(target)
    page = pages[path]
    found = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not found.exists():
        yield f"{path.name}: {target} leads to no file"
    elif parts.fragment and unquote(parts.fragment) not in pages.get(found, page).anchors:
        yield f"{path.name}: {target} leads to no place in {found.name}"


def _elsewhere(target: str) -> bool:
    """Tell whether a link leaves the site."""
    return bool(urlsplit(target).scheme or urlsplit(target).netloc)


def _read(path: Path) -> Page:
    """Parse one page."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def main() -> int:
    """Check the folder that is named, and tell what is wrong."""
    (site,) = map(Path, sys.argv[1:])
    found = list(dict.fromkeys(faults(site)))
    sys.stderr.write("".join(f"{fault}\n" for fault in found))
    sys.stderr.write(f"{len(found)} faulty links in {len(list(site.rglob('*.html')))} pages.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

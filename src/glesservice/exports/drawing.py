"""Pictures to files: what a picture is, in the project's look, the same bytes each time."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from glesservice.exports.cartography import INK, PAPER

DPI = 150
# Nothing of the machine or the day: the font that matplotlib brings, ids and dates that do not
# change.
LOOK: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "svg.hashsalt": "glesservice",
    "svg.fonttype": "path",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


@dataclass(frozen=True)
class Picture:
    """A picture to draw.

    Attributes
    ----------
    name
        File name without its ending.
    size
        Width and height, inches.
    alt
        What the picture shows, for those who do not see it.
    draw
        Draws it on axes.
    """

    name: str
    size: tuple[float, float]
    alt: str
    draw: Callable[[Axes], None]


def draw(chosen: Sequence[Picture], below: str, folder: Path) -> list[Path]:
    """Draw pictures, each with a text of what it shows, and return the files.

    Parameters
    ----------
    chosen
        The pictures.
    below
        What stands below each.
    folder
        Where to.

    Returns
    -------
    list of Path
        PNG, SVG and text of each picture.
    """
    written = []
    for picture in chosen:
        for ending, content in rendered(picture, ("png", "svg"), below).items():
            path = folder / f"{picture.name}.{ending}"
            path.write_bytes(content)
            written.append(path)
        text = folder / f"{picture.name}.txt"
        text.write_text(picture.alt + "\n", encoding="utf-8")
        written.append(text)
    return written


def rendered(picture: Picture, endings: Iterable[str], below: str = "") -> dict[str, bytes]:
    """Return a picture as files, the same bytes each time.

    Parameters
    ----------
    picture
        The picture.
    endings
        ``png``, ``svg``, or both.
    below
        A line below it.

    Returns
    -------
    dict
        By ending, the file's content.
    """
    files = {}
    with _look():
        figure = Figure(figsize=picture.size, layout="constrained", facecolor=PAPER)
        picture.draw(figure.add_subplot())
        if below:
            figure.supxlabel(plain(below), x=0.01, ha="left", fontsize=7)
        for ending in endings:
            # A title makes an SVG speak where the text beside it got lost.
            about: dict[str, Any] = {"Title": picture.alt} if ending == "svg" else {}
            clean = {"Date": None} if ending == "svg" else {"Software": None}
            file = io.BytesIO()
            figure.savefig(file, format=ending, dpi=DPI, metadata={**about, **clean})
            figure.set_layout_engine("none")  # laid out by now
            files[ending] = file.getvalue()
    return files


@contextmanager
def _look() -> Iterator[None]:
    """Draw in the project's look alone, whatever this machine's matplotlib is told."""
    with mpl.rc_context():
        mpl.rcdefaults()
        parameters: Any = mpl.rcParams  # typed with every name there is
        parameters.update(LOOK)
        with warnings.catch_warnings():
            # A name in a script that the font lacks is drawn as boxes; the text beside tells it.
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            yield


def short_name(name: str, most: int = 32) -> str:
    """Return a name as a picture may show it: not too long, and no formula.

    Parameters
    ----------
    name
        The name.
    most
        Longer ones are cut.
    """
    return plain(name if len(name) <= most else f"{name[: most - 1]}…")


def plain(text: str) -> str:
    """Write a text that matplotlib takes for no formula.

    Parameters
    ----------
    text
        The text.
    """
    return text.replace("$", r"\$")

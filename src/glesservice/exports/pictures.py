"""``bild_*.png`` and ``.svg``: the map and the main charts, the same bytes each time."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from glesservice.analysis import Result
from glesservice.disclosure import Published, publish
from glesservice.exports.cartography import ACCENT, CIVIDIS, DISTANCE_KM, INK, PAPER
from glesservice.exports.map_drawing import (
    distance_signs,
    draw_ground,
    draw_scale,
    draw_sites,
    window_around,
)
from glesservice.swedish import enumeration, number
from glesservice.tables.words import service_name, service_place

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
SPARSE_COLOUR, VULNERABLE_COLOUR = CIVIDIS[3], CIVIDIS[1]


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


def write_pictures(result: Result, folder: Path) -> list[Path]:
    """Write the pictures, each with a text of what it shows, and return the files.

    Parameters
    ----------
    result
        What was found.
    folder
        Where to.

    Returns
    -------
    list of Path
        PNG, SVG and text of each picture.
    """
    shown = publish(result)
    return draw(pictures(shown), _below(shown), folder)


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


def png(picture: Picture, shown: Published) -> bytes:
    """Return a picture as PNG.

    Parameters
    ----------
    picture
        One of ``pictures``.
    shown
        What may be published, of which it is a picture.
    """
    return rendered(picture, ("png",), _below(shown))["png"]


def pictures(shown: Published) -> list[Picture]:
    """Return the pictures of a result: the map, the ranked orter, the distances.

    Parameters
    ----------
    shown
        What may be published.
    """
    service = shown.services[0]
    return [
        Picture(
            "bild_karta",
            (7.5, 6.5),
            _map_alt(shown, service),
            lambda axes: _map(axes, shown, service),
        ),
        Picture("bild_orter", (7.5, 5.5), _orter_alt(shown), lambda axes: _orter(axes, shown)),
        Picture(
            "bild_avstand", (7.5, 3.6), _distances_alt(shown), lambda axes: _distances(axes, shown)
        ),
    ]


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


def _below(shown: Published) -> str:
    """Say what the picture is about, and that a demonstration is one."""
    area = shown.settings.area
    note = (
        " Demonstration, inte underlag för beslut."
        if shown.settings.publication.demonstration
        else ""
    )
    return f"Service i {area.name} {area.year}.{note}"


def _proposed(shown: Published) -> pd.DataFrame:
    """Return the proposed orter, the sparsest first."""
    orter = shown.tables["orter"]
    return orter[orter["rank"] <= shown.settings.policy.top].sort_values("rank")


def _map(axes: Axes, shown: Published, service: str) -> None:
    """Draw municipality, roads, cells by distance, sites, and the proposed orter with numbers."""
    bounds = tuple(map(float, shown.tables["boundary"].total_bounds))
    window = window_around((bounds[0], bounds[1], bounds[2], bounds[3]))
    draw_ground(axes, shown, window, service)
    axes.set_title(
        f"Km till närmaste {service_place(service)}, och de orter som föreslås", loc="left"
    )
    draw_sites(axes, shown, service)
    _draw_orter(axes, _proposed(shown))
    draw_scale(axes, window)
    handles: list[Artist] = [
        *distance_signs(shown, service),
        Line2D([], [], ls="", marker="o", ms=10, color=ACCENT, mec=PAPER, label="föreslagen ort"),
    ]
    axes.legend(handles=handles, loc="upper right", frameon=True, fontsize=8)


def _draw_orter(axes: Axes, orter: gpd.GeoDataFrame) -> None:
    """Draw the proposed orter: their number in a badge, their name beside it."""
    for _, ort in orter.sort_values("rank", ascending=False).iterrows():
        at = ort.geometry.representative_point()
        axes.scatter(at.x, at.y, s=130, color=ACCENT, edgecolors=PAPER, zorder=6)
        axes.text(
            at.x,
            at.y,
            number(ort["rank"]),
            color=PAPER,
            ha="center",
            va="center_baseline",
            fontsize=7,
            fontweight="bold",
            zorder=7,
        )


def _map_alt(shown: Published, service: str) -> str:
    """Say what the map shows."""
    named = [f"{number(ort['rank'])} {ort['name']}" for _, ort in _proposed(shown).iterrows()]
    area = shown.settings.area
    return (
        f"Karta över {area.name}, {area.year}: befolkade rutor färgade efter km till närmaste "
        f"{service_place(service)}, vägar och ställen. Föreslagna orter: {enumeration(named)}."
    )


def _orter(axes: Axes, shown: Published) -> None:
    """Draw the ranked orter as bars: what sparsity and vulnerability add to the score."""
    orter = _proposed(shown).iloc[::-1]
    share = shown.settings.policy.sparsity_share
    sparse = share * orter["sparsity"]
    vulnerable = (1 - share) * orter["vulnerability"]
    names = [f"{number(ort['rank'])}  {short_name(ort['name'])}" for _, ort in orter.iterrows()]
    axes.barh(names, sparse, color=SPARSE_COLOUR, label="av gleshet")
    axes.barh(names, vulnerable, left=sparse, color=VULNERABLE_COLOUR, label="av sårbarhet")
    for place, total in enumerate(orter["total"]):
        axes.annotate(
            number(total, 1), (total, place), (4, 0), textcoords="offset points", va="center"
        )
    axes.set_xlim(0, 108)
    axes.set_xlabel("Poäng, 0–100", loc="left")
    axes.tick_params(axis="y", length=0)
    axes.set_title("Orterna som föreslås, och vad poängen består av", loc="left")
    axes.legend(loc="lower right", frameon=False, bbox_to_anchor=(1, -0.14), ncols=2)


def _orter_alt(shown: Published) -> str:
    """Say what the bars show."""
    rows = [
        f"{ort['name']} {number(ort['total'], 1)} (gleshet {number(ort['sparsity'], 1)}, sårbarhet "
        f"{number(ort['vulnerability'], 1)})"
        for _, ort in _proposed(shown).iterrows()
    ]
    return f"Liggande staplar: poäng för de orter som föreslås. {'; '.join(rows)}."


def _distances(axes: Axes, shown: Published) -> None:
    """Draw how many people live in each class of distance to each service, in shares."""
    shares = distance_shares(shown)
    names = [service_name(service) for service in shares.index][::-1]
    left = np.zeros(len(shares))
    for label, colour in zip(shares.columns, DISTANCE_KM.colours, strict=True):
        part = shares[label].to_numpy()[::-1]
        axes.barh(names, part, left=left, color=colour, label=label, edgecolor=PAPER)
        left += part
    axes.set_xlim(0, 100)
    axes.set_xlabel("Andel av de boende, %")
    axes.tick_params(axis="y", length=0)
    axes.set_title("Km till närmaste ställe", loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.25), ncols=5, frameon=False, fontsize=8)


def distance_shares(shown: Published) -> pd.DataFrame:
    """Return the share of the people in each class of distance, per cent, one row a service.

    Parameters
    ----------
    shown
        What may be published. From the indicators of the municipality: classes between two limits
        of which one is not told are part of the next one told.
    """
    whole = shown.tables["municipality"]
    whole = whole[whole["age"] == "alla"].set_index("service")
    classes = []
    for service in shown.services:
        row, beyond = whole.loc[service], [100.0]
        for limit in DISTANCE_KM.upper:
            told = row.get(f"beyond_{limit:g}_km", float("nan"))
            share = beyond[-1] if pd.isna(told) else 100 * float(str(told)) / shown.people
            beyond.append(min(beyond[-1], share))
        classes.append(-np.diff([*beyond, 0.0]))
    return pd.DataFrame(classes, index=shown.services, columns=list(DISTANCE_KM.labels))


def _distances_alt(shown: Published) -> str:
    """Say what the shares are."""
    shares = distance_shares(shown)
    rows = [
        f"{service_name(str(service))}: "
        + ", ".join(f"{label} {number(row[label])} %" for label in shares.columns)
        for service, row in shares.iterrows()
    ]
    return f"Staplar: andel av de boende efter km till närmaste ställe. {'; '.join(rows)}."


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

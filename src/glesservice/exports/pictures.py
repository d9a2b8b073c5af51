"""``bild_*.png`` and ``.svg``: the map and the main charts."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from glesservice.analysis import Result
from glesservice.disclosure import Published, publish
from glesservice.exports.cartography import ACCENT, CIVIDIS, DISTANCE_KM, PAPER
from glesservice.exports.drawing import Picture, draw, rendered, short_name
from glesservice.exports.map_drawing import (
    distance_signs,
    draw_ground,
    draw_scale,
    draw_sites,
    window_around,
)
from glesservice.swedish import enumeration, number
from glesservice.tables.words import service_name, service_place

SPARSE_COLOUR, VULNERABLE_COLOUR = CIVIDIS[3], CIVIDIS[1]


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

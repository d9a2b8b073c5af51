"""``bild_fordelning_*``: how municipalities and their orter are spread, each with its text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from glesservice.exports.cartography import ACCENT, INK, PAPER
from glesservice.exports.drawing import Picture, draw, plain
from glesservice.exports.overview.together import Together
from glesservice.exports.pictures import SPARSE_COLOUR
from glesservice.swedish import number
from glesservice.tables.words import service_name

# With more municipalities than this their names cannot be read: then a histogram.
NAMED = 40


def write_pictures(together: Together, folder: Path) -> list[Path]:
    """Write the pictures, each with a text of what it shows, and return the files.

    Parameters
    ----------
    together
        What the municipalities say together.
    folder
        Where to.

    Returns
    -------
    list of Path
        PNG, SVG and text of each picture.
    """
    count = len(together.kommuner)
    height = max(2.5, 0.22 * min(count, NAMED) + 1.4)
    note = together.settings.publication.demonstration
    below = f"Service i {together.heading}." + (
        " Demonstration, inte underlag för beslut." if note else ""
    )
    few = count <= NAMED
    pictures = [
        Picture(
            "bild_fordelning_km",
            (7.5, 0.6 * len(together.services) + 1.6),
            _km_alt(together),
            lambda axes: _km(axes, together),
        ),
        Picture(
            "bild_fordelning_orter",
            (7.5, height if few else 4.0),
            _orter_alt(together),
            lambda axes: (_boxes if few else _histogram)(axes, together),
        ),
    ]
    return draw(pictures, below, folder)


def _km(axes: Axes, together: Together) -> None:
    """Draw each municipality as a dot at its mean km, a row a service."""
    names = [service_name(service) for service in together.services][::-1]
    for row, service in enumerate(list(together.services)[::-1]):
        km = together.kommuner[f"km_{service}"].dropna().sort_values()
        beside = np.linspace(-0.25, 0.25, len(km)) if len(km) > 1 else np.zeros(len(km))
        axes.scatter(km, row + beside, s=22, color=SPARSE_COLOUR, edgecolors=PAPER, zorder=3)
        if len(km):
            axes.plot([km.median()] * 2, [row - 0.35, row + 0.35], color=INK, zorder=4)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlim(left=0)
    axes.set_xlabel("Km till närmaste, medel över kommunens boende. Streck: median.")
    axes.tick_params(axis="y", length=0)
    axes.set_title("Hur långt kommunernas boende har", loc="left")


def _totals(together: Together) -> pd.Series:
    """Return the scores of the ranked orter by municipality."""
    ranked = pd.DataFrame(together.orter[together.orter["rank_all"].notna()])
    totals = {str(name): sorted(own["total"]) for name, own in ranked.groupby("kommun")}
    return pd.Series(totals, dtype="object")


def _boxes(axes: Axes, together: Together) -> None:
    """Draw a box of the orter's scores for each municipality, the sparsest first."""
    totals = _totals(together)
    order = totals.map(np.median).sort_values(kind="stable").index
    axes.boxplot(
        [totals[name] for name in order],
        orientation="horizontal",
        tick_labels=[plain(str(name)) for name in order],
        widths=0.6,
        medianprops={"color": ACCENT, "linewidth": 2},
        flierprops={"markersize": 3},
    )
    axes.set_xlim(0, 100)
    axes.set_xlabel("Orternas poäng, 0–100. Lådan: mittersta halvan; streck: median.")
    axes.tick_params(axis="y", length=0)
    axes.set_title("Orternas poäng, kommun för kommun", loc="left")


def _histogram(axes: Axes, together: Together) -> None:
    """Draw how many orter have which score."""
    ranked = together.orter["total"][together.orter["rank_all"].notna()]
    axes.hist(ranked, bins=np.arange(0, 101, 5).tolist(), color=SPARSE_COLOUR, edgecolor=PAPER)
    axes.set_xlim(0, 100)
    axes.set_xlabel("Poäng, 0–100")
    axes.set_ylabel("Antal orter")
    axes.set_title("Orternas poäng i alla kommuner", loc="left")


def _km_alt(together: Together) -> str:
    """Say what the dots show."""
    parts = []
    for service in together.services:
        km = together.kommuner.set_index("name")[f"km_{service}"].dropna()
        if len(km):
            parts.append(
                f"{service_name(service)}: från {number(km.min(), 1)} km ({km.idxmin()}) till "
                f"{number(km.max(), 1)} km ({km.idxmax()}), median {number(km.median(), 1)} km"
            )
    return f"Punkter: medelavstånd i varje kommun. {'; '.join(parts)}."


def _orter_alt(together: Together) -> str:
    """Say what the scores show."""
    medians = _totals(together).map(np.median).sort_values(ascending=False, kind="stable")
    if medians.empty:
        return "Inga rangordnade orter."
    rows = [f"{name} {number(float(value), 1)}" for name, value in medians.head(10).items()]
    return f"Orternas poäng i kommunerna. Högst median: {'; '.join(rows)}."

"""Time series of indicators, once there are three years."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from glesservice.exports.cartography import CIVIDIS, SIGNS
from glesservice.exports.drawing import Picture
from glesservice.report.document import Drawing
from glesservice.report.drawings import drawn
from glesservice.swedish import as_set

LEAST_YEARS = 3
INCHES = (7.0, 3.2)
# Height of a line of text beside the panels, as a share of the highest value.
LINE_SHARE = 0.085
# From here on an axis needs no decimals.
LARGE = 10.0
# Told apart without colour by their signs.
COLOURS = (CIVIDIS[3], CIVIDIS[1], CIVIDIS[2], CIVIDIS[4])


def series_drawings(rows: pd.DataFrame) -> tuple[Drawing, ...]:
    """Return a chart for each unit in which indicators of how far people have are told.

    Parameters
    ----------
    rows
        Schema ``INDICATORS``.
    """
    reach = rows[(rows["goal"] == "tillganglighet") & rows["value"].notna()]
    found = []
    for number_, (unit, here) in enumerate(reach.groupby("unit", sort=True), start=1):
        long = here[here.groupby("indicator_id")["year"].transform("nunique") >= LEAST_YEARS]
        if long.empty:
            continue
        years = f"{long['year'].min()}–{long['year'].max()}"
        picture = Picture(
            f"serie_{number_}",
            INCHES,
            _alt(long, str(unit)),
            partial(_draw, rows=long, unit=str(unit)),
        )
        found.append(drawn(picture, f"Nyckeltal {years}, {unit}."))
    return tuple(found)


def _draw(axes: Axes, rows: pd.DataFrame, unit: str) -> None:
    """Draw a panel for each service: all lines in one would be twenty on top of each other."""
    figure = axes.figure
    axes.remove()
    said = rows["title"].str.partition(": ")
    rows = rows.assign(panel=said[0], measure=said[2])
    measures = rows["measure"].drop_duplicates().tolist()
    highest = max(float(rows["value"].max()), 1e-9)
    groups = rows.groupby("panel", sort=False)
    panels = figure.subplots(1, groups.ngroups, sharey=True, squeeze=False)[0]
    for panel, (service, here) in zip(panels, groups, strict=True):
        _draw_panel(panel, here, measures, LINE_SHARE * highest)
        panel.set_title(service, fontsize=9)
        panel.set_xticks(sorted(set(rows["year"])))
        panel.tick_params(labelsize=7)
        panel.margins(x=0.08)
    panels[0].set_ylim(0, highest * (1 + 2 * LINE_SHARE))
    panels[0].yaxis.set_major_formatter(lambda value, _: as_set(value, 1 if highest < LARGE else 0))
    panels[0].set_ylabel(unit)
    handles = {label: one for panel in panels for one, label in zip(*_legend(panel), strict=True)}
    figure.legend(
        handles.values(), handles.keys(), loc="outside lower center", ncols=2, frameon=False
    )


def _draw_panel(panel: Axes, rows: pd.DataFrame, measures: list[str], least: float) -> None:
    """Draw a line for each measure, its last value beside it."""
    for measure, line in rows.sort_values("year").groupby("measure", sort=False):
        place = measures.index(str(measure))
        panel.plot(
            line["year"],
            line["value"],
            color=COLOURS[place % len(COLOURS)],
            marker=SIGNS[place % len(SIGNS)].matplotlib,
            label=measure,
        )
    last = rows.sort_values("year").groupby("measure").tail(1).sort_values("value")
    heights = _apart(last["value"].tolist(), least)
    for shown, year, height in zip(last["shown"], last["year"], heights, strict=True):
        panel.annotate(
            str(shown), (year, height), (6, 0), textcoords="offset points", va="center", fontsize=7
        )


def _legend(panel: Axes) -> tuple[list[Artist], list[str]]:
    """Return a panel's lines and what they are called."""
    handles, labels = panel.get_legend_handles_labels()
    return handles, labels


def _apart(values: list[float], least: float) -> list[float]:
    """Return heights for texts beside rising values, so that none stands on another."""
    heights: list[float] = []
    for value in values:
        heights.append(max(value, heights[-1] + least) if heights else value)
    return heights


def _alt(rows: pd.DataFrame, unit: str) -> str:
    """Say what the lines show, year by year."""
    told = [
        f"{here['title'].iloc[-1]}: "
        + ", ".join(
            f"{row['year']} {row['shown']}" for _, row in here.sort_values("year").iterrows()
        )
        for _, here in rows.groupby("indicator_id", sort=False)
    ]
    return f"Linjer över åren, {unit}. {'; '.join(told)}."

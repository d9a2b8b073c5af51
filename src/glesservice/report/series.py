"""Time series of indicators, once there are three years."""

from __future__ import annotations

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from glesservice.exports.cartography import CIVIDIS, SIGNS
from glesservice.exports.drawing import Picture
from glesservice.report.document import Drawing
from glesservice.report.drawings import drawn
from glesservice.swedish import as_set

LEAST_YEARS = 3
INCHES = (7.0, 3.0)
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
    """Draw a line for each indicator, its last value beside it."""
    for place, (_, here) in enumerate(rows.groupby("indicator_id", sort=False)):
        line = here.sort_values("year")
        axes.plot(
            line["year"],
            line["value"],
            color=COLOURS[place % len(COLOURS)],
            marker=SIGNS[place % len(SIGNS)].matplotlib,
            label=line["title"].iloc[-1],
        )
        last = line.iloc[-1]
        axes.annotate(
            str(last["shown"]),
            (last["year"], last["value"]),
            (6, 0),
            textcoords="offset points",
            va="center",
        )
    axes.set_xticks(sorted(set(rows["year"])))
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(lambda value, _: as_set(value, 1))
    axes.set_ylabel(unit)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False)


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

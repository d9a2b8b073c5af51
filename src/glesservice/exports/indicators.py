"""``indikatorer.csv`` and ``indikatorer.json``: the indicators of all years, for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from glesservice.config import Settings
from glesservice.tables import GOALS, INDICATORS

NAME = "indikatorer"


def write_indicators(series: pd.DataFrame, settings: Settings, folder: Path) -> None:
    """Write the indicators as CSV, which next year's settings may name, and as JSON.

    Parameters
    ----------
    series
        Schema ``INDICATORS``.
    settings
        The settings of the run.
    folder
        Where to.
    """
    plain = series.assign(
        value=[_plain(value) for value in series["value"]],
        headline=series["headline"].map({True: "true", False: "false"}),
    )
    plain.to_csv(
        folder / f"{NAME}.csv",
        sep=";",
        index=False,
        encoding="utf-8-sig",
        lineterminator="\n",
    )
    area = settings.area
    rows: list[dict[str, Any]] = [
        {str(name): _json(value) for name, value in row.items()}
        for row in series.astype(object).to_dict("records")
    ]
    content = {
        "kommun": {"kommunkod": area.kommun, "name": area.name},
        "year": area.year,
        "demonstration": settings.publication.demonstration,
        "goals": GOALS,
        "columns": [
            {"name": column.name, "title": column.title, "meaning": column.meaning}
            for column in INDICATORS.columns
        ],
        "indicators": rows,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False)
    (folder / f"{NAME}.json").write_text(text + "\n", encoding="utf-8")


def _plain(value: float) -> str:
    """Write a number with a decimal comma, as the Swedish spreadsheets read it."""
    return "" if pd.isna(value) else f"{value:.10g}".replace(".", ",")


def _json(value: Any) -> Any:
    """Return a value as JSON has it: nothing where it is missing."""
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return None
    return int(value) if isinstance(value, float) and value.is_integer() else value

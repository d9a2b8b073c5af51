"""What ``glesservice scenario`` tells at the terminal of what it has found."""

from __future__ import annotations

import math

import pandas as pd

from glesservice.cli.talking import say
from glesservice.config import Settings
from glesservice.scenarios import Placement, ScenarioResult

# So many rows of a list are shown; the workbook has them all.
SHOWN = 8
WIDEST = 44


def tell_scenario(found: ScenarioResult) -> None:
    """Tell the municipality before and after, and the orter that change most.

    Parameters
    ----------
    found
        What was found.
    """
    say(f"\n{found.scenario.name}")
    rows = [
        [
            str(row["service"]),
            _change(row["mean_km_before"], row["mean_km_after"], 1),
            f"> {row['near_km']:g} km: "
            + _change(row["past_limit_before"], row["past_limit_after"]),
            _change(row["without_before"], row["without_after"]),
            f"{row['added_person_km']:+,.0f}",
        ]
        for row in found.municipality.to_dict("records")
    ]
    _tell_table(["service", "mean km", "people far", "people without", "person-km"], rows)
    changed = found.orter.assign(
        by=found.orter["total_change"].abs(),
        shut=sum(
            (found.orter[f"without_{s}_after"] - found.orter[f"without_{s}_before"]).abs()
            for s in found.services
        ),
    )
    changed = changed[(changed["by"] > 0.05) | (changed["shut"] > 0)]
    changed = changed.sort_values(["by", "shut", "ort_id"], ascending=[False, False, True])
    if changed.empty:
        say("No ort's score changes.")
        return
    rows = [
        [
            str(row["name"]),
            f"{row['people_after']:,.0f}",
            _change(row["total_before"], row["total_after"], 1),
            _change(row["rank_before"], row["rank_after"]),
        ]
        for row in changed.head(SHOWN).to_dict("records")
    ]
    _tell_table(["ort", "people", "score", "rank"], rows)
    _tell_more(len(changed), "orter change")


def tell_closings(closings: pd.DataFrame, settings: Settings) -> None:
    """Tell the costliest closings.

    Parameters
    ----------
    closings
        Schema ``closings_table``, the costliest first.
    settings
        The settings.
    """
    say(f"\nEvery site and place closed in turn, {settings.area.name}: {len(closings)} closings")
    rows = [
        [
            f"{row['rank']}",
            str(row["name"]),
            str(row["services"]),
            f"{row['people_affected']:,.0f}",
            f"{row['people_without']:,.0f}",
            f"{row['people_past_limit']:,.0f}",
            f"{row['added_person_km']:+,.0f}",
            _text(row["worst_ort"]),
        ]
        for row in closings.head(SHOWN).to_dict("records")
    ]
    heading = ["", "closes", "services", "affected", "without", "past limit", "person-km", "worst"]
    _tell_table(heading, rows)
    _tell_more(len(closings), "closings")


def tell_placement(placement: Placement) -> None:
    """Tell the best choices.

    Parameters
    ----------
    placement
        Where new sites help.
    """
    say(f"\nWhere new sites of {placement.service} help most (within {placement.limit_km:g} km)")
    aims = {"täckning": "people covered", "personkilometer": "person-km"}
    rows = [
        [
            aims[str(row["aim"])],
            f"{row['sites']}",
            str(row["chosen"]),
            _change(row["before"], row["value"]),
            f"{row['greedy_value']:,.0f}",
            "proven best" if row["gap_percent"] == 0 else f"at most {row['gap_percent']:.2g} % off",
        ]
        for row in placement.placements.to_dict("records")
    ]
    _tell_table(["aim", "new", "best together", "from → to", "one at a time", ""], rows)
    if placement.unattached:
        say(f"Too far from a road to be weighed: {', '.join(placement.unattached)}")


def _tell_table(heading: list[str], rows: list[list[str]]) -> None:
    """Tell rows in columns: words to the left, numbers to the right."""
    cut = [[cell if len(cell) <= WIDEST else cell[: WIDEST - 1] + "…" for cell in r] for r in rows]
    widths = [max(len(row[at]) for row in [heading, *cut]) for at in range(len(heading))]
    words = [all(row[at][:1].isalpha() or not row[at] for row in cut) for at in range(len(heading))]
    for row in [heading, *cut]:
        cells = [
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(row, widths, words, strict=True)
        ]
        say(f"  {'  '.join(cells).rstrip()}")


def _tell_more(count: int, what: str) -> None:
    """Tell how many there are in all, where not all are shown."""
    if count > SHOWN:
        say(f"  … {count} {what}; all are in the workbook.")


def _change(before: float, after: float, decimals: int = 0) -> str:
    """Write a number before and after, or once where it does not change."""
    first, last = (_number(value, decimals) for value in (before, after))
    return first if first == last else f"{first} → {last}"


def _number(value: float, decimals: int) -> str:
    """Write a number; a missing one is a dash."""
    return "–" if value is None or math.isnan(value) else f"{value:,.{decimals}f}"


def _text(value: object) -> str:
    """Write a text; a missing one is a dash."""
    return value if isinstance(value, str) else "–"

"""``glesservice scenario``: what if a site closes, a road is cut, or something new opens."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import pandas as pd
from pydantic import ValidationError

from glesservice import scenario_run
from glesservice.cli.talking import (
    DONE,
    UNUSABLE,
    Commands,
    add_config,
    say,
    settings_of,
    stage_bar,
)
from glesservice.config import Settings
from glesservice.exports.scenarios import WORKBOOK
from glesservice.exports.webmap import MAP
from glesservice.scenarios import (
    Close,
    CloseRoad,
    Move,
    Open,
    Placement,
    Population,
    Position,
    Scenario,
    ScenarioResult,
    Step,
    Winter,
    WithoutNorway,
    load_scenarios,
)

# So many rows of a list are shown; the workbook has them all.
SHOWN = 8
WIDEST = 44


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Describe the subcommand.

    Parameters
    ----------
    commands
        Where to add it.
    """
    command = commands.add_parser(
        "scenario",
        help="what changes if a site closes, a road is cut or people move; where a site helps most",
        description="The changes given here make one scenario, together. A file may hold several.",
    )
    add_config(command)
    command.add_argument(
        "--output",
        type=Path,
        default=Path("outputs"),
        metavar="DIR",
        help="folder for the answers; each gets its own folder there (default: outputs)",
    )
    command.add_argument(
        "--file", type=Path, metavar="TOML", help="scenarios: [[scenario]] with name and steps"
    )
    command.add_argument("--name", help="name of the scenario given here")
    _add_changes(command.add_argument_group("changes (may be repeated and combined)"))
    _add_questions(command.add_argument_group("other questions"))
    command.set_defaults(act=_act)


def _add_changes(group: argparse._ArgumentGroup) -> None:
    """Let the changes of one scenario be given on the command line."""
    group.add_argument(
        "--close",
        metavar="SITE",
        action="append",
        default=[],
        help="close a site, by id or exact name",
    )
    group.add_argument(
        "--close-place",
        metavar="SITE",
        action="append",
        default=[],
        help="close all sites at the place of a site",
    )
    group.add_argument(
        "--close-chain",
        metavar="CHAIN",
        action="append",
        default=[],
        help="close an operator's or a chain's sites",
    )
    group.add_argument(
        "--open",
        nargs=2,
        metavar=("SERVICE", "ORT"),
        action="append",
        default=[],
        help="open a site in an ort",
    )
    group.add_argument(
        "--move",
        nargs=2,
        metavar=("SITE", "ORT"),
        action="append",
        default=[],
        help="move a site to an ort",
    )
    group.add_argument(
        "--close-road", metavar="NUMBER", action="append", default=[], help="close a numbered road"
    )
    group.add_argument(
        "--cut-road",
        nargs=2,
        type=float,
        metavar=("LAT", "LON"),
        action="append",
        default=[],
        help="cut the nearest road at a position",
    )
    group.add_argument("--winter", action="store_true", help="winter's roads and speeds")
    group.add_argument(
        "--people", type=float, metavar="FACTOR", help="multiply the municipality's people"
    )
    group.add_argument(
        "--without-norway", action="store_true", help="no sites and no roads beyond the border"
    )


def _add_questions(group: argparse._ArgumentGroup) -> None:
    """Let the other questions be asked."""
    group.add_argument(
        "--each", action="store_true", help="close every site and every place in turn"
    )
    group.add_argument("--place", metavar="SERVICE", help="where new sites of a service help most")
    group.add_argument(
        "--sites", type=int, default=3, metavar="N", help="how many new sites, 1 to 5 (default: 3)"
    )
    group.add_argument(
        "--limit", type=float, metavar="KM", help="covered up to (default: the service's near_km)"
    )
    group.add_argument(
        "--candidates",
        type=Path,
        metavar="FILE",
        help="name, lat, lon of possible places (default: the municipality's settlements)",
    )
    group.add_argument(
        "--time-limit",
        type=float,
        default=60.0,
        metavar="S",
        help="seconds for each choice of new sites (default: 60)",
    )


def _act(options: argparse.Namespace) -> int:
    """Answer what is asked, and tell the main figures."""
    try:
        steps = _steps(options)
    except ValidationError as error:
        for detail in error.errors():
            say(f"A change cannot be used: {detail['loc'][-1]} {detail['input']}. {detail['msg']}.")
        return UNUSABLE
    if not (steps or options.file or options.each or options.place):
        say("Nothing is asked: give a change such as --close, or --file, --each or --place.")
        return UNUSABLE
    settings = settings_of(options)
    scenarios = load_scenarios(options.file) if options.file else ()
    if steps:
        named = Scenario(name=options.name or _name(options), steps=steps)
        scenarios = (*scenarios, named)
    wanted = scenario_run.Wanted(
        scenarios=scenarios,
        each=options.each,
        service=options.place,
        sites=options.sites,
        limit_km=options.limit,
        candidates=options.candidates,
        time_limit_s=options.time_limit,
    )
    with stage_bar(scenario_run.STAGES) as report:
        answers = scenario_run.answer(settings, wanted, options.output, report)
    for found in answers.scenarios:
        _tell_scenario(found)
    if answers.closings is not None:
        _tell_closings(answers.closings, settings)
    if answers.placement is not None:
        _tell_placement(answers.placement)
    for folder in answers.folders:
        say(f"Done. Open the tables: {folder / WORKBOOK}")
        if (folder / MAP).exists():
            say(f"and the map: {folder / MAP}")
    return DONE


def _steps(options: argparse.Namespace) -> tuple[Step, ...]:
    """Return the changes given on the command line, in a fixed order."""
    steps: list[Step] = []
    if options.close:
        steps.append(Close(sites=tuple(options.close)))
    steps += [Close(place=name) for name in options.close_place]
    steps += [Close(chain=name) for name in options.close_chain]
    steps += [Open(service=service, ort=ort) for service, ort in options.open]
    steps += [Move(site=site, ort=ort) for site, ort in options.move]
    steps += [CloseRoad(ref=number) for number in options.close_road]
    steps += [CloseRoad(at=Position(lat=lat, lon=lon)) for lat, lon in options.cut_road]
    if options.winter:
        steps.append(Winter())
    if options.people is not None:
        steps.append(Population(factor=options.people))
    if options.without_norway:
        steps.append(WithoutNorway())
    return tuple(steps)


def _name(options: argparse.Namespace) -> str:
    """Make up a scenario's name of its changes; Swedish, as the products are."""
    closed = [*options.close, *options.close_place, *options.close_chain]
    parts = [
        *([f"utan {', '.join(closed)}"] if closed else []),
        *(f"{service} i {ort}" for service, ort in options.open),
        *(f"{site} till {ort}" for site, ort in options.move),
        *(f"väg {number} stängd" for number in options.close_road),
        *(f"väg avbruten vid {lat:g} {lon:g}" for lat, lon in options.cut_road),
        *(["vinter"] if options.winter else []),
        *([f"folkmängd {options.people:g}"] if options.people is not None else []),
        *(["utan Norge"] if options.without_norway else []),
    ]
    return ", ".join(parts)


def _tell_scenario(found: ScenarioResult) -> None:
    """Tell the municipality before and after, and the orter that change most."""
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


def _tell_closings(closings: pd.DataFrame, settings: Settings) -> None:
    """Tell the costliest closings."""
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


def _tell_placement(placement: Placement) -> None:
    """Tell the best choices."""
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

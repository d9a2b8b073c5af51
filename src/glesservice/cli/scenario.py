"""``glesservice scenario``: what if a site closes, a road is cut, or something new opens."""

from __future__ import annotations

import argparse
from pathlib import Path

from pydantic import ValidationError

from glesservice import scenario_run
from glesservice.cli.scenario_answers import tell_closings, tell_placement, tell_scenario
from glesservice.cli.talking import (
    DONE,
    UNUSABLE,
    Commands,
    add_accept_changed,
    add_config,
    add_output,
    say,
    settings_of,
    stage_bar,
)
from glesservice.exports.scenarios import WORKBOOK
from glesservice.exports.webmap import MAP
from glesservice.scenarios import (
    Close,
    CloseRoad,
    Move,
    Open,
    Population,
    Position,
    Scenario,
    Step,
    Winter,
    WithoutNorway,
    load_scenarios,
)


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
    add_output(command, "each")
    add_accept_changed(command)
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
        answers = scenario_run.answer(
            settings, wanted, options.output, report, accept_changed=options.accept_changed
        )
    for found in answers.scenarios:
        tell_scenario(found)
    if answers.closings is not None:
        tell_closings(answers.closings, settings)
    if answers.placement is not None:
        tell_placement(answers.placement)
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

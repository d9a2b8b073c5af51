"""What if: sites that close, open or move, closed roads, winter, other people, new sites.

A ``Scenario`` is a frozen list of steps. ``run_scenario`` compares before and after, ``what_if``
asks it in one line, ``close_each`` closes every site and place in turn, ``place`` tells where new
sites would help most.
"""

from glesservice.scenarios.closing import close_each
from glesservice.scenarios.description import (
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
from glesservice.scenarios.outcome import ScenarioResult, run_scenario, what_if
from glesservice.scenarios.placement import Placement, place
from glesservice.scenarios.steps import transform

__all__ = [
    "Close",
    "CloseRoad",
    "Move",
    "Open",
    "Placement",
    "Population",
    "Position",
    "Scenario",
    "ScenarioResult",
    "Step",
    "Winter",
    "WithoutNorway",
    "close_each",
    "load_scenarios",
    "place",
    "run_scenario",
    "transform",
    "what_if",
]

"""All rules in their order, and the check of one settings file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import geopandas as gpd

from glesservice.analysis import build_network
from glesservice.checks import (
    cells,
    coverage,
    population,
    roads,
    services,
    settlements,
    sites,
    soundness,
    sources,
    years,
)
from glesservice.checks.finding import LEVELS, Finding, Level, Rule, found, rule_text
from glesservice.checks.subject import Subject
from glesservice.config import Settings
from glesservice.errors import Fault, GlesserviceError, NetworkError
from glesservice.sources import Inputs, read_inputs
from glesservice.sources.layers import read_layer
from glesservice.sources.population import read_population

Read = TypeVar("Read")
Verdict = Literal["sound", "findings", "unusable"]


@dataclass(frozen=True)
class Unusable:
    """INP01 error: An input or the settings cannot be used.

    What: a file is missing, cannot be read, is no map file, has no coordinate system, lacks a
    column, or holds values that cannot be. Everything wrong with all files is told together; the
    other rules wait until it is mended.

    Where: the file, layer, row and column, or the key of the settings.

    Mend: as told with each finding.
    """

    faults: tuple[Fault, ...] = ()

    def __call__(self, subject: Subject | None = None) -> Iterator[Finding]:
        """Tell the faults of the readers."""
        del subject
        for fault in self.faults:
            yield found(self, fault.what, fault.where, mend=fault.mend)


RULES: tuple[Rule, ...] = (
    Unusable(),
    *soundness.FOUNDATIONS,
    *soundness.RULES,
    *sources.RULES,
    *population.RULES,
    *cells.RULES,
    *years.RULES,
    *settlements.RULES,
    *services.RULES,
    *sites.RULES,
    *roads.RULES,
    *coverage.RULES,
)


@dataclass(frozen=True)
class Report:
    """What all rules found.

    Attributes
    ----------
    findings
        Errors first, then warnings and infos, each in the order of the rules.
    checked
        Codes of the rules that were asked.
    usable
        Whether the inputs could be read and make a network, so that all rules could be asked.
    settings
        The settings; None where they could not be read.
    """

    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    usable: bool = True
    settings: Settings | None = None

    @property
    def counts(self) -> Mapping[Level, int]:
        """How many findings there are of each level."""
        return {level: sum(f.level == level for f in self.findings) for level in LEVELS}

    @property
    def verdict(self) -> Verdict:
        """``unusable``, ``findings`` (errors or warnings), or ``sound`` (infos do not count)."""
        if not self.usable:
            return "unusable"
        return "findings" if self.counts["error"] or self.counts["warning"] else "sound"


def check(settings: Settings) -> Report:
    """Return what is wrong with the inputs of a settings file, without computing a result.

    Parameters
    ----------
    settings
        The settings, with the limits under ``settings.check``.

    Returns
    -------
    Report
        The findings. What the readers refuse is among them; nothing is raised for it.
    """
    limits = settings.check
    faults: list[Fault] = []
    before, water = limits.previous_population, limits.lakes or settings.background.lakes
    inputs = _read(lambda: read_inputs(settings), faults)
    previous = None if before is None else _read(lambda: read_population(before), faults)
    lakes = None
    if water is not None:
        lakes = _read(lambda: read_layer(water.path, water.layer, "lakes"), faults)
    if inputs is None or faults:
        return unusable(faults, settings)
    return check_inputs(inputs, settings, previous, lakes)


def unusable(faults: list[Fault], settings: Settings | None = None) -> Report:
    """Return the report of faults that left nothing to check.

    Parameters
    ----------
    faults
        What the readers, or the reader of the settings, found.
    settings
        The settings, where they could be read.

    Returns
    -------
    Report
        One finding a fault.
    """
    rule = Unusable(tuple(faults))
    return Report(tuple(rule()), (_code(rule),), usable=False, settings=settings)


def check_inputs(
    inputs: Inputs,
    settings: Settings,
    previous: gpd.GeoDataFrame | None = None,
    lakes: gpd.GeoDataFrame | None = None,
) -> Report:
    """Return what is wrong with input tables.

    Parameters
    ----------
    inputs
        The tables, of the readers or made by hand.
    settings
        The settings, with the limits under ``settings.check``.
    previous
        Last year's cells (schema ``CELLS``), for the rules on change.
    lakes
        Lakes and sea, for the rule on people in water.

    Returns
    -------
    Report
        The findings.
    """
    bare = Subject(inputs, settings, previous, lakes)
    grounds = [finding for rule in soundness.FOUNDATIONS for finding in rule(bare)]
    if grounds:
        codes = tuple(_code(rule) for rule in soundness.FOUNDATIONS)
        return Report(tuple(grounds), codes, usable=False, settings=settings)
    try:
        network = build_network(inputs, settings)
    except NetworkError:
        network = None  # ROA01 tells it
    subject = Subject(inputs, settings, previous, lakes, network)
    findings = [finding for rule in RULES for finding in rule(subject)]
    findings.sort(key=lambda finding: LEVELS.index(finding.level))
    codes = tuple(_code(rule) for rule in RULES)
    return Report(tuple(findings), codes, network is not None, settings)


def _read(read: Callable[[], Read], faults: list[Fault]) -> Read | None:
    """Read a file, or note what is wrong with it."""
    try:
        return read()
    except GlesserviceError as error:
        faults.extend(error.faults)
        return None


def _code(rule: Rule) -> str:
    """Return a rule's code."""
    return rule_text(type(rule)).code

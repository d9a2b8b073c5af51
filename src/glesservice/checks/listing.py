"""Findings and rules as text for the terminal, and as JSON for programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import asdict

from glesservice.checks.checking import Report
from glesservice.checks.finding import LEVELS, Finding, Item, Rule, RuleText, rule_text

# Raised when a key changes its meaning or goes; new keys may come without it.
JSON_SCHEMA = 1
WIDTH = 96
SHOWN_ITEMS = 5
GROUPS = {"error": "Errors", "warning": "Warnings", "info": "For information"}
COUNTED = {"error": "error", "warning": "warning", "info": "note"}


def as_text(report: Report) -> str:
    """Return the findings as a person reads them: by level, each with where and how to mend it.

    Parameters
    ----------
    report
        What was found.

    Returns
    -------
    str
        Lines of at most ``WIDTH`` characters, unless a path or an id is longer.
    """
    blocks = []
    if report.settings is not None:
        area = report.settings.area
        blocks.append(f"Inputs of {area.name} ({area.kommun}), {area.year}")
    for level in LEVELS:
        group = [finding for finding in report.findings if finding.level == level]
        if group:
            blocks.append(f"{GROUPS[level]} ({len(group)})")
            blocks += [_finding_text(finding) for finding in group]
    blocks.append(_summary(report))
    return "\n\n".join(blocks) + "\n"


def counts_as_text(report: Report) -> str:
    """Return the numbers of findings by level as a part of a sentence.

    Parameters
    ----------
    report
        What was found.
    """
    parts = [
        f"{count} {COUNTED[level]}{'' if count == 1 else 's'}"
        for level, count in report.counts.items()
    ]
    return ", ".join(parts)


def as_json(report: Report) -> str:
    """Return the findings for a program.

    Parameters
    ----------
    report
        What was found.

    Returns
    -------
    str
        One object: ``schema, area, verdict, counts, checked, findings``. Each finding has ``code,
        level, title, what, where (layer, count, unit, items), mend, value, limit, unit``; each item
        ``id, name, x, y, value``. Places are in EPSG:3006. ASCII only; what is unknown is null.
    """
    area = None if report.settings is None else report.settings.area
    content = {
        "schema": JSON_SCHEMA,
        "area": None if area is None else {"kommun": area.kommun, "year": area.year},
        "verdict": report.verdict,
        "counts": dict(report.counts),
        "checked": list(report.checked),
        "findings": [_finding_json(finding) for finding in report.findings],
    }
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


def rules_as_text(rules: Iterable[Rule]) -> str:
    """Return the rules as a person reads them.

    Parameters
    ----------
    rules
        The rules.

    Returns
    -------
    str
        Each with code, level, title, what, where and how to mend.
    """
    return "\n\n".join(_rule_text(rule_text(type(rule))) for rule in rules) + "\n"


def _finding_text(finding: Finding) -> str:
    """Write one finding."""
    where = finding.layer
    if finding.items:
        shown = "; ".join(
            _item_text(item, finding.item_unit) for item in finding.items[:SHOWN_ITEMS]
        )
        rest = finding.count - min(len(finding.items), SHOWN_ITEMS)
        where += f": {shown}" + (f"; and {rest} more" if rest > 0 else "")
    lines = [
        _wrapped(f"{finding.code}  ", f"{finding.title}: {finding.what}."),
        _wrapped("       where: ", where),
        _wrapped("       mend:  ", f"{finding.mend}."),
    ]
    return "\n".join(lines)


def _item_text(item: Item, unit: str) -> str:
    """Write one thing: its name or id, what was measured, and where it is."""
    told = item.name or item.id
    details = []
    if item.value is not None:
        details.append(_measured(item.value, unit))
    if item.x is not None and item.y is not None:
        details.append(f"N {item.y} E {item.x}")
    return f"{told} ({', '.join(details)})" if details else told


def _measured(value: float, unit: str) -> str:
    """Write a number with its unit."""
    if unit == "share":
        return f"{value:.0%}"
    return f"{value:.3g} {unit}" if abs(value) < 100 else f"{value:.0f} {unit}"


def _finding_json(finding: Finding) -> dict[str, object]:
    """Make one finding's object."""
    return {
        "code": finding.code,
        "level": finding.level,
        "title": finding.title,
        "what": finding.what,
        "where": {
            "layer": finding.layer,
            "count": finding.count,
            "unit": finding.item_unit,
            "items": [asdict(item) for item in finding.items],
        },
        "mend": finding.mend,
        "value": finding.value,
        "limit": finding.limit,
        "unit": finding.unit,
    }


def _rule_text(text: RuleText) -> str:
    """Write one rule."""
    return "\n".join(
        [
            _wrapped(f"{text.code}  ", f"{text.title} ({text.level})."),
            _wrapped("       what:  ", text.what),
            _wrapped("       where: ", text.where),
            _wrapped("       mend:  ", text.mend),
        ]
    )


def _summary(report: Report) -> str:
    """Write the last line."""
    if not report.usable:
        return f"{counts_as_text(report)}. Mend the errors first: not everything could be checked."
    if not report.findings:
        return f"Nothing found by {len(report.checked)} rules."
    return (
        f"{counts_as_text(report)} by {len(report.checked)} rules. "
        "What each looks at: glesservice check --rules"
    )


def _wrapped(head: str, text: str) -> str:
    """Write a paragraph with a hanging indent, words of any length whole."""
    return textwrap.fill(
        head + text,
        WIDTH,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )

"""The reference of the tables: every column with its title, unit and meaning, from the schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from docs.generate.markdown import code, table, text

from glesservice import tables
from glesservice.config import Policy
from glesservice.tables import Column, Table

KINDS = {"text": "text", "int": "heltal", "float": "tal", "bool": "ja/nej"}
# Stands for each service that the settings name.
ANY_SERVICE = ("<service>",)


def groups() -> Mapping[str, Sequence[Table]]:
    """Return all tables, gathered by what they are for."""
    policy = Policy()
    chosen: dict[str, Sequence[Table]] = {
        "Resultatet": (
            tables.orter_table(ANY_SERVICE, policy.limits_km),
            tables.bygder_table(ANY_SERVICE),
            tables.strategic_table(ANY_SERVICE),
            tables.cells_table(ANY_SERVICE),
            tables.sites_table(),
            tables.legal_table(),
            tables.municipality_table(policy.limits_km, policy.limits_minutes),
            tables.sensitivity_table(),
            tables.roads_table(),
            tables.ORT_CHANGES,
            tables.APPLIED_OVERRIDES,
            tables.INDICATORS,
        ),
        "Jämförelse mellan två år": (
            tables.changed_orter_table(ANY_SERVICE),
            tables.municipality_changes(),
            tables.causes_table(),
            tables.SITE_CHANGES,
            tables.SETTING_CHANGES,
        ),
        "Scenarier": (
            tables.scenario_orter_table(ANY_SERVICE),
            tables.scenario_municipality_table(),
            tables.closings_table(ANY_SERVICE),
            tables.placements_table(),
            tables.candidates_table(),
        ),
        "Många kommuner": (
            tables.kommuner_table(ANY_SERVICE),
            tables.orter_together_table(ANY_SERVICE),
        ),
        "Indata, som de läses in": (
            tables.CELLS,
            tables.SETTLEMENTS,
            tables.SITES,
            tables.EDGES,
            tables.BOUNDARY,
            tables.MERGES,
            tables.REGISTRY,
            tables.OVERRIDES,
            tables.DECISIONS,
        ),
    }
    told = {member.name for members in chosen.values() for member in members}
    others = [value for name in tables.__all__ if isinstance(value := getattr(tables, name), Table)]
    rest = tuple(member for member in others if member.name not in told)
    return {**chosen, "Övrigt": rest} if rest else chosen


def page() -> str:
    """Return the reference as MyST Markdown."""
    lines: list[str] = []
    for group, members in groups().items():
        lines += ["", f"## {group}"]
        for member in members:
            lines += _described(member)
    return "\n".join(lines) + "\n"


def _described(member: Table) -> list[str]:
    """Write one table: what a row is known by, then its columns."""
    key = ", ".join(map(code, member.key))
    facts = [f"Nyckel: {key}." if key else "", *_geometry(member)]
    rows = [
        [code(c.name), text(c.title), text(_meaning(c)), text(c.unit), KINDS[c.kind]]
        for c in member.columns
    ]
    headings = ["kolumn", "rubrik", "betydelse", "enhet", "slag"]
    return [
        "",
        f"### {member.title} ({code(member.name)})",
        "",
        " ".join(filter(None, facts)),
        *table(headings, rows),
    ]


def _geometry(member: Table) -> list[str]:
    """Say what is drawn for a row."""
    return [f"Geometri: {' eller '.join(member.geometry)}."] if member.geometry else []


def _meaning(column: Column) -> str:
    """Write what a column means, and whether it may be empty."""
    return column.meaning + (" Får vara tom." if column.nullable else "")

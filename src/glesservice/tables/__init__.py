"""The table schemas: every column's name, type, unit, Swedish title and meaning, declared once."""

from glesservice.tables.beside import legal_table, municipality_table
from glesservice.tables.certainty import (
    CERTAINTY_COLUMNS,
    INTERVAL_COLUMNS,
    sensitivity_table,
)
from glesservice.tables.changes import (
    APPLIED_OVERRIDES,
    CAUSES,
    ORT_CHANGES,
    SETTING_CHANGES,
    SITE_CHANGES,
    causes_table,
    changed_orter_table,
    municipality_changes,
)
from glesservice.tables.indicators import GOALS, INDICATORS
from glesservice.tables.inputs import (
    AGES,
    BOUNDARY,
    CELLS,
    CRS,
    DECISIONS,
    EDGES,
    LAKES,
    MERGES,
    OVERRIDES,
    REGISTRY,
    SETTLEMENTS,
    SITES,
)
from glesservice.tables.orter import bygder_table, orter_table
from glesservice.tables.results import (
    cells_table,
    roads_table,
    sites_table,
    strategic_table,
)
from glesservice.tables.scenarios import (
    candidates_table,
    closings_table,
    placements_table,
    scenario_municipality_table,
    scenario_orter_table,
)
from glesservice.tables.schema import Column, Table, as_text, check
from glesservice.tables.sources import SOURCES
from glesservice.tables.together import (
    INDICATORS_TOGETHER,
    kommuner_table,
    orter_together_table,
)
from glesservice.tables.tracing import TRACE_CELLS, TRACE_CELLS_SHOWN, TRACE_SERVICES

__all__ = [
    "AGES",
    "APPLIED_OVERRIDES",
    "BOUNDARY",
    "CAUSES",
    "CELLS",
    "CERTAINTY_COLUMNS",
    "CRS",
    "DECISIONS",
    "EDGES",
    "GOALS",
    "INDICATORS",
    "INDICATORS_TOGETHER",
    "INTERVAL_COLUMNS",
    "LAKES",
    "MERGES",
    "ORT_CHANGES",
    "OVERRIDES",
    "REGISTRY",
    "SETTING_CHANGES",
    "SETTLEMENTS",
    "SITES",
    "SITE_CHANGES",
    "SOURCES",
    "TRACE_CELLS",
    "TRACE_CELLS_SHOWN",
    "TRACE_SERVICES",
    "Column",
    "Table",
    "as_text",
    "bygder_table",
    "candidates_table",
    "causes_table",
    "cells_table",
    "changed_orter_table",
    "check",
    "closings_table",
    "kommuner_table",
    "legal_table",
    "municipality_changes",
    "municipality_table",
    "orter_table",
    "orter_together_table",
    "placements_table",
    "roads_table",
    "scenario_municipality_table",
    "scenario_orter_table",
    "sensitivity_table",
    "sites_table",
    "strategic_table",
]

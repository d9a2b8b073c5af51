"""The table schemas: every column's name, type, unit, Swedish title and meaning, declared once."""

from glesservice.tables.beside import legal_table, municipality_table
from glesservice.tables.inputs import BOUNDARY, CELLS, CRS, EDGES, MERGES, SETTLEMENTS, SITES
from glesservice.tables.results import (
    CERTAINTY_COLUMNS,
    INTERVAL_COLUMNS,
    bygder_table,
    cells_table,
    orter_table,
    roads_table,
    sensitivity_table,
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

__all__ = [
    "BOUNDARY",
    "CELLS",
    "CERTAINTY_COLUMNS",
    "CRS",
    "EDGES",
    "INTERVAL_COLUMNS",
    "MERGES",
    "SETTLEMENTS",
    "SITES",
    "Column",
    "Table",
    "as_text",
    "bygder_table",
    "candidates_table",
    "cells_table",
    "check",
    "closings_table",
    "legal_table",
    "municipality_table",
    "orter_table",
    "placements_table",
    "roads_table",
    "scenario_municipality_table",
    "scenario_orter_table",
    "sensitivity_table",
    "sites_table",
    "strategic_table",
]

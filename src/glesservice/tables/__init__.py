"""The table schemas: every column's name, type, unit, Swedish title and meaning, declared once."""

from glesservice.tables.beside import legal_table, municipality_table
from glesservice.tables.inputs import BOUNDARY, CELLS, CRS, EDGES, SETTLEMENTS, SITES
from glesservice.tables.results import (
    bygder_table,
    cells_table,
    orter_table,
    roads_table,
    sites_table,
    strategic_table,
)
from glesservice.tables.schema import Column, Table, as_text, check

__all__ = [
    "BOUNDARY",
    "CELLS",
    "CRS",
    "EDGES",
    "SETTLEMENTS",
    "SITES",
    "Column",
    "Table",
    "as_text",
    "bygder_table",
    "cells_table",
    "check",
    "legal_table",
    "municipality_table",
    "orter_table",
    "roads_table",
    "sites_table",
    "strategic_table",
]

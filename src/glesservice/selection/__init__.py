"""The two lists, both proposals: sparse orter and bygder, and strategic serviceorter."""

from glesservice.selection.legal_texts import legal_table_of
from glesservice.selection.lists import (
    TIE_DECIMALS,
    Rerun,
    loss,
    ranks,
    sparse_bygder,
    sparse_orter,
    strategic_serviceorter,
)
from glesservice.selection.motives import Ground, contribution
from glesservice.selection.telling import told_bygder, told_orter, told_strategic

__all__ = [
    "TIE_DECIMALS",
    "Ground",
    "Rerun",
    "contribution",
    "legal_table_of",
    "loss",
    "ranks",
    "sparse_bygder",
    "sparse_orter",
    "strategic_serviceorter",
    "told_bygder",
    "told_orter",
    "told_strategic",
]

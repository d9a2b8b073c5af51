"""Real files that lie beside the repository and are not part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

REAL_DATA = Path(__file__).parents[2] / "shared" / "data" / "real"
GRID = REAL_DATA / "scb_befolkning_1km_2024_inland.gpkg"
N1000 = REAL_DATA / "n1000_veglenke_south_nordland.gpkg"

needs_real_data = pytest.mark.skipif(
    not (GRID.is_file() and N1000.is_file()),
    reason=f"the real files {GRID.name} and {N1000.name} are not in ../shared/data/real",
)

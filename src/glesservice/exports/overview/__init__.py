"""What many municipalities say together, as products: map, layers, workbook and pictures."""

from __future__ import annotations

from pathlib import Path

from glesservice.exports.overview.layers import write_layers
from glesservice.exports.overview.page import write_page
from glesservice.exports.overview.pictures import write_pictures
from glesservice.exports.overview.together import Lacking, Together
from glesservice.exports.overview.workbook import write_workbook

__all__ = ["PAGE", "Lacking", "Together", "write_overview"]

PAGE = "oversikt.html"
NAME = "sammanstallning"


def write_overview(together: Together, folder: Path) -> None:
    """Write all that many municipalities say together.

    Parameters
    ----------
    together
        What they say, as it may be published.
    folder
        Where to.
    """
    write_layers(together, folder / f"{NAME}.gpkg")
    write_workbook(together, folder / f"{NAME}.xlsx")
    write_page(together, folder / PAGE)
    write_pictures(together, folder)

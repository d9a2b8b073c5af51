"""Both descriptions of a run's products, beside them."""

from __future__ import annotations

from pathlib import Path

from glesservice.analysis import Result
from glesservice.disclosure import publish
from glesservice.exports.opendata import dcat, iso
from glesservice.exports.opendata.about import about


def write_open_data(result: Result, folder: Path) -> None:
    """Write ``dcat.ttl`` and ``metadata.xml`` beside a run's products.

    Parameters
    ----------
    result
        What was found.
    folder
        The run's folder, with all products but the manifest.
    """
    known = about(publish(result))
    geodata = [*folder.glob("glesservice.gpkg"), *folder.glob("restid_*.tif")]
    iso.write_iso(known, geodata, folder / iso.NAME)
    dcat.write_dcat(known, folder, folder / dcat.NAME)

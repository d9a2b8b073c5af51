"""``ort-id.csv``: the registry of orter that the municipality may keep for next year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from glesservice.sources.registry import as_text_of_spreadsheet


def write_registry(registry: pd.DataFrame, path: Path) -> None:
    """Write a registry as a spreadsheet opens it: semicolons, UTF-8 with its mark.

    Parameters
    ----------
    registry
        Schema ``REGISTRY``.
    path
        The file to write.
    """
    names = registry["name"].astype("str").map(as_text_of_spreadsheet)
    registry.assign(name=names).to_csv(
        path, sep=";", index=False, encoding="utf-8-sig", lineterminator="\n"
    )

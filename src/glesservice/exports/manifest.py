"""``manifest.json``: what went in, what came out, and with which versions."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pyogrio
import pyproj
import rasterio
import shapely

from glesservice.analysis import Result
from glesservice.config import Settings
from glesservice.disclosure import publish
from glesservice.sources.fingerprints import fingerprint

# Settings that name a file.
PATHS = ("path", "registry", "overrides", "indicators")
PACKAGES = (
    "glesservice",
    "folium",
    "geopandas",
    "matplotlib",
    "networkx",
    "numba",
    "numpy",
    "osmnx",
    "pandas",
    "pyogrio",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
)


def write_manifest(
    result: Result, folder: Path, path: Path, about: Mapping[str, Any] | None = None
) -> None:
    """Write the manifest of a run.

    Parameters
    ----------
    result
        What was found.
    folder
        The run's folder, with all other products written.
    path
        The file to write. It says nothing about when or where the run was made: the same inputs,
        settings and versions give the same bytes.
    about
        More to say of what was asked: a scenario's steps.
    """
    products = sorted(item for item in folder.iterdir() if item.is_file() and item != path)
    shown = publish(result)
    unsaid = math.isnan(shown.spread_people)
    content = {
        **(about or {}),
        "area": result.settings.area.model_dump(mode="json"),
        "people": {
            "municipality": shown.people,
            "orter": None if unsaid else shown.people - shown.spread_people,
            "spridd bebyggelse": shown.spread_told if unsaid else shown.spread_people,
        },
        "notices": list(result.notices),
        **account_of(result.settings),
        "versions": versions(),
        "outputs": outputs_of(products),
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def account_of(settings: Settings) -> dict[str, Any]:
    """Return what a manifest says of the input files and the settings.

    Parameters
    ----------
    settings
        The settings; their input files are read.

    Returns
    -------
    dict
        ``inputs`` and ``settings``.
    """
    return {
        "inputs": [
            {
                "key": key,
                "file": source.path.name,
                "source": source.source,
                "date": source.date,
                "licence": source.licence,
                **fingerprint(source.path),
            }
            for key, source in settings.inputs()
        ]
        + [
            {"key": key, "file": path.name, **fingerprint(path)}
            for key, path in settings.kept_files()
        ],
        "settings": _said(settings),
        "settings_sha256": settings_fingerprint(settings),
    }


def outputs_of(products: Sequence[Path]) -> list[dict[str, Any]]:
    """Return what a manifest says of the products.

    Parameters
    ----------
    products
        The files.
    """
    return [{"file": product.name, **fingerprint(product)} for product in products]


def settings_fingerprint(settings: Settings) -> str:
    """Return the SHA-256 of the settings, wherever their files lie.

    Parameters
    ----------
    settings
        The settings.
    """
    text = json.dumps(_said(settings), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _said(settings: Settings) -> Any:
    """Return the settings as values for JSON."""
    return _without_folders(settings.model_dump(mode="json"))


def _without_folders(value: Any, key: str = "") -> Any:
    """Keep only the names of files: where they lie is this machine's own."""
    if isinstance(value, dict):
        return {name: _without_folders(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_folders(item) for item in value]
    return Path(value).name if key in PATHS and value is not None else value


def versions() -> dict[str, str]:
    """Return the versions that may change a result."""
    return {
        **{name: metadata.version(name) for name in PACKAGES},
        "python": platform.python_version(),
        "GDAL (vector)": ".".join(map(str, pyogrio.__gdal_version__)),
        "GDAL (raster)": rasterio.__gdal_version__,
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }

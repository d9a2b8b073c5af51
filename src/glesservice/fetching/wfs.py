"""Asking a Web Feature Service (OGC WFS 2.0): its layers, their columns, the features of a box."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import shapely

from glesservice.errors import Fault, FetchError
from glesservice.fetching.judging import PassingError, plain
from glesservice.fetching.parts import Parts
from glesservice.fetching.reading import read_json, read_xml
from glesservice.fetching.web import Query, Web
from glesservice.tables import CRS

SERVICE = {"service": "WFS", "version": "2.0.0"}
EPSG = CRS.rpartition(":")[2]

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Service:
    """A WFS, and how it is asked.

    Attributes
    ----------
    web
        How to ask.
    parts
        Where finished answers are kept.
    url
        The service's address.
    """

    web: Web
    parts: Parts
    url: str

    def layer_names(self) -> list[str]:
        """Return the names of the layers that the service offers (GetCapabilities)."""
        root = self._xml({"request": "GetCapabilities"})
        types = [item for item in root.iter() if _local(item) == "FeatureType"]
        names = [child.text for item in types for child in item if _local(child) == "Name"]
        return [name.strip() for name in names if name]

    def columns(self, layer: str) -> dict[str, str]:
        """Return a layer's columns and their types (DescribeFeatureType).

        Parameters
        ----------
        layer
            Its name.

        Returns
        -------
        dict
            From column to type without prefix, such as ``int`` or ``MultiPolygonPropertyType``.

        Raises
        ------
        FetchError
            If the service describes no columns.
        """
        # The editions of WFS 2.0 disagree on what the parameter is called; a service that knows
        # neither describes all of its layers.
        named = {"typeName": layer, "typeNames": layer}
        root = self._xml({"request": "DescribeFeatureType", **named})
        kinds = [item for item in root.iter() if _local(item) == "complexType"]
        own = f"{layer.rpartition(':')[2]}Type"
        if len(kinds) > 1:
            kinds = [kind for kind in kinds if kind.get("name") == own]
        found = {
            item.get("name", ""): item.get("type", "").rpartition(":")[2]
            for kind in kinds
            for sequence in kind.iter()
            if _local(sequence) == "sequence"
            for item in sequence
            if _local(item) == "element"
        }
        if not found:
            raise self._fault(f"the service describes no columns of the layer {layer}")
        return found

    def features(self, layer: str, box: Box, sort: str) -> gpd.GeoDataFrame:
        """Return all features of a layer that meet a box (GetFeature, page by page).

        Parameters
        ----------
        layer
            Its name.
        box
            West, south, east, north in EPSG:3006.
        sort
            Column by which the pages follow one another; without it a page may repeat another.

        Returns
        -------
        GeoDataFrame
            In EPSG:3006, in the service's order; without rows if there are none.

        Raises
        ------
        FetchError
            If the service gives fewer features than it says there are, or more than is allowed.
        """
        west, south, east, north = box
        # By the letter of WFS 2.0 the order is the coordinate system's own, which is north, east;
        # GeoServer takes this short name as east, north. Nothing found means: the other way.
        for sides in ((west, south, east, north), (south, west, north, east)):
            asked = {
                "request": "GetFeature",
                "typeNames": layer,
                "srsName": CRS,
                "bbox": ",".join([*(f"{side:.0f}" for side in sides), CRS]),
            }
            count = self._count(asked)
            if count != 0:
                break
        features = self._pages({**asked, "sortBy": sort}, count)
        if not features:
            return gpd.GeoDataFrame(geometry=[], crs=CRS)
        try:
            frame = gpd.GeoDataFrame.from_features(features, crs=CRS)
            return _turned(frame, box)
        except (
            ValueError,
            TypeError,
            KeyError,
            AttributeError,
            shapely.errors.ShapelyError,
        ) as error:
            raise self._fault(f"the features of {layer} cannot be read ({error})") from error

    def _count(self, asked: Mapping[str, str]) -> int | None:
        """Ask how many features there are; nothing where the service does not say."""
        root = self._xml({**asked, "resultType": "hits"})
        said = root.get("numberMatched", "")
        if not said.isdecimal():
            return None
        most = self.web.rules.most_features
        if int(said) > most:
            raise self._fault(
                f"the layer {asked['typeNames']} has {said} features here, more than {most}",
                "Correct the layer, or raise most_features under [fetch]",
            )
        return int(said)

    def _pages(self, asked: Mapping[str, str], count: int | None) -> list[dict[str, Any]]:
        """Ask for one page after the other until all are there."""
        rules = self.web.rules
        features: list[dict[str, Any]] = []
        for _ in range(rules.most_pages):
            if len(features) == count:
                break
            page = self._page(
                {
                    **asked,
                    "outputFormat": "application/json",
                    "count": str(rules.page),
                    "startIndex": str(len(features)),
                },
                count,
            )
            features += page
            if not page or len(features) > (rules.most_features if count is None else count):
                break
        ids = [feature["id"] for feature in features if feature.get("id") is not None]
        wrong = len(set(map(str, ids))) != len(ids)
        if wrong or (count is not None and len(features) != count):
            raise self._fault(
                f"the layer {asked['typeNames']} did not come whole: {len(features)} of {count} "
                f"features{', some of them twice' if wrong else ''}",
                "Try again later; if it stays so, set another page under [fetch]",
            )
        if count is None and len(features) > rules.most_features:
            raise self._fault("there are more features than most_features under [fetch]")
        return features

    def _page(self, asked: Mapping[str, str], count: int | None) -> list[dict[str, Any]]:
        """Ask for one page."""

        def _read(content: bytes) -> list[dict[str, Any]]:
            said = read_json(content, self._refuse_report)
            features = said.get("features")
            if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
                raise PassingError(f"no list of features came: {plain(content)}")
            returned, matched = said.get("numberReturned"), said.get("numberMatched")
            if isinstance(returned, int) and returned != len(features):
                raise PassingError(f"{len(features)} of {returned} features came")
            if isinstance(matched, int) and count is not None and matched != count:
                raise PassingError(f"the service says {matched} features, and said {count} before")
            system = (said.get("crs") or {}).get("properties", {}).get("name", EPSG)
            if not re.search(rf"\b{EPSG}$", str(system)):
                raise self._fault(f"coordinates came in {system}, not in {CRS}")
            return features

        return self.parts.answer(self.web, Query(self.url, {**SERVICE, **asked}), _read)

    def _xml(self, asked: Mapping[str, str]) -> ElementTree.Element:
        """Ask for a document, and stop where it is a report of an error."""

        def _read(content: bytes) -> ElementTree.Element:
            self._refuse_report(content)
            root = read_xml(content)
            if root is None:
                raise PassingError(f"no XML came: {plain(content)}")
            return root

        return self.parts.answer(self.web, Query(self.url, {**SERVICE, **asked}), _read)

    def _refuse_report(self, content: bytes) -> None:
        """Stop where the service reports an error, with its own words."""
        if b"ExceptionReport" in content[:2000]:
            raise self._fault(f"the service reports an error: {plain(content)}")

    def _fault(
        self, what: str, mend: str = "Check the address and layers under [fetch]"
    ) -> FetchError:
        """Say what is wrong with the service."""
        return FetchError(Fault(what, self.url, mend))


def newest(names: Sequence[str], pattern: str, year: int) -> tuple[str, int] | None:
    """Return the newest layer that is not younger than a year, and its year.

    Parameters
    ----------
    names
        Names of layers, with or without a prefix such as ``stat:``.
    pattern
        The name, with ``{year}`` in the year's place.
    year
        The latest year that will do.

    Examples
    --------
    >>> newest(["stat:a_2023", "stat:a_2025", "stat:a_2026_old"], "A_{year}", 2024)
    ('stat:a_2023', 2023)
    """
    before, after = map(re.escape, pattern.split("{year}"))
    exact = re.compile(rf"(?:[^:]*:)?{before}(\d{{4}}){after}", re.IGNORECASE)
    found = [(int(match[1]), name) for name in names if (match := exact.fullmatch(name))]
    fitting = [pair for pair in found if pair[0] <= year]
    return max(fitting)[::-1] if fitting else None


def _local(item: ElementTree.Element) -> str:
    """Return an element's name without its namespace."""
    return str(item.tag).rpartition("}")[2]


def _turned(frame: gpd.GeoDataFrame, box: Box) -> gpd.GeoDataFrame:
    """Exchange the axes of features that came as north, east; stop where they lie elsewhere."""
    there = shapely.box(*box)
    shapes = frame.geometry.to_numpy()
    if (shapely.is_missing(shapes) | shapely.is_empty(shapes)).any():
        raise ValueError("a feature has no geometry")
    swapped = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    for candidate in (shapes, swapped):
        bounds = shapely.bounds(candidate)
        # Boxes, for what a service finds by box need not touch it.
        if np.isfinite(bounds).all() and shapely.intersects(shapely.box(*bounds.T), there).all():
            return frame.set_geometry(gpd.GeoSeries(candidate, index=frame.index, crs=CRS))
    raise ValueError("features came that lie outside the box that was asked for")

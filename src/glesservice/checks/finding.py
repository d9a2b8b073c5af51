"""What a rule is, what it says of itself, and what it finds."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from glesservice.tables import BOUNDARY, CELLS, SETTLEMENTS, SITES

if TYPE_CHECKING:
    from glesservice.checks.subject import Subject

Level = Literal["error", "warning", "info"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info")

# A finding names no more things than this, the worst first: the count tells of all.
MOST_ITEMS = 1000

_KEYS = {table.name: table.key[0] for table in (BOUNDARY, CELLS, SETTLEMENTS, SITES)}
_HEAD = re.compile(r"(?P<code>[A-Z]{3}\d\d) (?P<level>error|warning|info): (?P<title>.+)\.")


class Rule(Protocol):
    """A rule: a class whose docstring is what a user reads of it, called with a subject."""

    def __call__(self, subject: Subject) -> Iterable[Finding]:
        """Find what the rule forbids; nothing where all is well."""


@dataclass(frozen=True)
class RuleText:
    """What a rule says of itself.

    Attributes
    ----------
    code
        Three letters of its field and a number; stays the same for good.
    level
        ``error``: the run refuses this, or its result would be wrong. ``warning``: to be looked
        at before the result is believed. ``info``: to be known; no fault.
    title
        The rule as a sentence without the final stop, in terms of what is wrong.
    what, where, mend
        What is looked at and why, where it is found, and how to mend it.
    """

    code: str
    level: Level
    title: str
    what: str
    where: str
    mend: str


@dataclass(frozen=True)
class Item:
    """One thing that a finding is about.

    Attributes
    ----------
    id
        Its id in its table.
    name
        Its name, where it has one.
    x, y
        A point on it, EPSG:3006, whole metres; None where it has no place.
    value
        What was measured of it, in the finding's unit.
    """

    id: str
    name: str | None = None
    x: int | None = None
    y: int | None = None
    value: float | None = None


@dataclass(frozen=True)
class Finding:
    """What a rule found, all things of one kind together.

    Attributes
    ----------
    code, level, title
        Of the rule.
    what
        What is wrong here, a sentence without the final stop.
    layer
        The table that it is about, as its layer is called; or the settings table, in brackets.
    mend
        How to mend it, a sentence without the final stop.
    items
        The things it is about, the worst first, at most ``MOST_ITEMS``.
    count
        How many things there are in all.
    value, limit, unit
        What was measured (of the worst), what it was held against, and their unit.
    item_unit
        The unit of what was measured of each thing.
    """

    code: str
    level: Level
    title: str
    what: str
    layer: str
    mend: str
    items: tuple[Item, ...] = ()
    count: int = 0
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    item_unit: str = ""


@cache
def rule_text(rule: type[Rule]) -> RuleText:
    """Return what a rule's docstring says.

    Parameters
    ----------
    rule
        The rule's class. Its docstring has a first line ``CODE level: Title.`` and the paragraphs
        ``What:``, ``Where:`` and ``Mend:``.

    Returns
    -------
    RuleText
        The parts, each on one line.

    Raises
    ------
    ValueError
        If the docstring is not of this form.
    """
    first, *paragraphs = inspect.cleandoc(rule.__doc__ or "").split("\n\n")
    head = _HEAD.fullmatch(" ".join(first.split()))
    parts: dict[str, str] = {}
    for paragraph in paragraphs:
        word, _, text = " ".join(paragraph.split()).partition(": ")
        parts[word.lower()] = text[:1].upper() + text[1:]
    if head is None or list(parts) != ["what", "where", "mend"] or not all(parts.values()):
        raise ValueError(f"the docstring of {rule.__name__} does not tell a rule")
    level = cast("Level", head["level"])
    return RuleText(head["code"], level, head["title"], **parts)


def found(
    rule: Rule,
    what: str,
    layer: str,
    rows: gpd.GeoDataFrame | None = None,
    *,
    values: npt.ArrayLike | None = None,
    items: Sequence[Item] | None = None,
    value: float | None = None,
    limit: float | None = None,
    unit: str = "",
    item_unit: str | None = None,
    mend: str | None = None,
    least_first: bool = False,
) -> Finding:
    """Return a finding of a rule.

    Parameters
    ----------
    rule
        The rule: gives code, level, title and how to mend it.
    what
        What is wrong here, without the final stop.
    layer
        The table that it is about, or the settings table in brackets.
    rows
        The rows of that table that it is about.
    values
        What was measured of each row; the rows are told from the worst (the highest) on.
    items
        The things it is about, in place of rows.
    value
        What was measured of the whole; the worst of ``values`` where not given.
    limit, unit
        What it was held against, and in what unit.
    item_unit
        The unit of ``values``, where it is another one.
    mend
        How to mend it; as the rule says where not given.
    least_first
        Whether low values are the worst.

    Returns
    -------
    Finding
        The finding.
    """
    text = rule_text(type(rule))
    numbers = None if values is None else np.asarray(values, dtype=float)
    if value is None and numbers is not None and len(numbers):
        value = float(np.min(numbers) if least_first else np.max(numbers))
    if items is None:
        items = () if rows is None else _items(rows, layer, numbers, least_first)
    return Finding(
        text.code,
        text.level,
        text.title,
        what,
        layer,
        text.mend.removesuffix(".") if mend is None else mend,
        tuple(items[:MOST_ITEMS]),
        len(items) if rows is None else len(rows),
        _finite(value),
        limit,
        unit,
        unit if item_unit is None else item_unit,
    )


def number_of(count: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun.

    Parameters
    ----------
    count
        How many.
    singular, plural
        The noun for one, and for others where they do not end with s.

    Examples
    --------
    >>> number_of(1, "cell"), number_of(3, "locality", "localities")
    ('1 cell', '3 localities')
    """
    return f"{count} {singular if count == 1 else plural or singular + 's'}"


def _items(
    rows: gpd.GeoDataFrame,
    layer: str,
    values: npt.NDArray[np.float64] | None,
    least_first: bool,
) -> list[Item]:
    """Make items of the worst rows."""
    order = np.arange(len(rows))
    if values is not None:
        order = np.argsort(values if least_first else -values, kind="stable")
    worst = rows.iloc[order[:MOST_ITEMS]]
    ids, names = _ids(worst, layer), _names(worst)
    places = worst.geometry.representative_point()
    measured = [None] * len(worst) if values is None else values[order[:MOST_ITEMS]].tolist()
    return [
        Item(
            str(number),
            name if isinstance(name, str) else None,
            *_whole(place),
            _finite(measure),
        )
        for number, name, place, measure in zip(ids, names, places, measured, strict=True)
    ]


def _ids(rows: gpd.GeoDataFrame, layer: str) -> list[object]:
    """Tell rows by their table's key, links by their two ends, others by their index."""
    if layer in _KEYS:
        return list(rows[_KEYS[layer]])
    if {"u", "v"} <= set(rows):
        return [f"{u}-{v}" for u, v in zip(rows["u"], rows["v"], strict=True)]
    return list(rows.index)


def _names(rows: gpd.GeoDataFrame) -> list[object]:
    """Name rows, sites with their service and roads by their number."""
    if "service" in rows:
        return list(rows["name"] + " (" + rows["service"] + ")")
    column = next((name for name in ("name", "ref") if name in rows), None)
    return [None] * len(rows) if column is None else list(rows[column])


def _whole(place: object) -> tuple[int | None, int | None]:
    """Return a point's coordinates in whole metres, if it has any."""
    x, y = getattr(place, "x", np.nan), getattr(place, "y", np.nan)
    if getattr(place, "is_empty", True) or not np.isfinite([x, y]).all():
        return None, None
    return round(x), round(y)


def _finite(value: float | None) -> float | None:
    """Round a number for showing; what is none becomes nothing."""
    if value is None or not np.isfinite(value):
        return None
    return round(float(value), 3)

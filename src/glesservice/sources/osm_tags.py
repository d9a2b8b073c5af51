"""What OpenStreetMap's tags mean for a car: limits, closures, access and direction."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

KMH_PER_MPH = 1.609344
# Limits by place instead of number (wiki.openstreetmap.org/wiki/Key:maxspeed): Sweden's and
# Norway's base limits, km/h.
IMPLICIT_KMH = {
    "SE:urban": 50.0,
    "SE:rural": 70.0,
    "NO:urban": 50.0,
    "NO:rural": 80.0,
    "walk": 5.0,
}
NOT_FOR_CARS = ("no", "private", "agricultural", "forestry", "emergency", "delivery", "military")
# The most special tag decides.
_CAR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
_ONEWAY_KEYS = (*(f"oneway:{key}" for key in _CAR_KEYS[:-1]), "oneway")
# What makes a way a road, and all the tags that are read here.
ROAD = "highway"
KEYS = (
    ROAD,
    "route",
    "ref",
    "surface",
    "junction",
    "maxspeed",
    "maxspeed:forward",
    "maxspeed:backward",
    *_ONEWAY_KEYS,
    *_CAR_KEYS,
    *(f"{key}:{which}" for key in _CAR_KEYS for which in ("conditional", "forward", "backward")),
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"


def speed_kmh(value: object) -> float | None:
    """Return a speed limit in km/h, or nothing where the tag gives no number.

    Parameters
    ----------
    value
        The tag: ``90``, ``50 mph``, ``SE:rural``, ``80|100``, ``none``, or a list of them (as
        OSMnx makes when it joins road pieces).

    Returns
    -------
    float or None
        Several values, of lanes or of joined pieces, give their mean. ``none`` and what cannot be
        read give nothing: the road class decides then.

    Examples
    --------
    >>> speed_kmh("90"), speed_kmh("SE:rural"), speed_kmh(["70", "90"]), speed_kmh("none")
    (90.0, 70.0, 80.0, None)
    """
    parts = [part for text in _texts(value) for part in re.split(r"[|;]", text)]
    numbers = [number for number in map(_one_speed, parts) if number is not None]
    return sum(numbers) / len(numbers) if numbers else None


def _one_speed(text: str) -> float | None:
    """Read one limit."""
    text = text.strip()
    if text in IMPLICIT_KMH:
        return IMPLICIT_KMH[text]
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh)?", text)
    if not found:
        return None
    # A limit of 0 is a mistake: it would close the road without a word.
    return float(found[1]) * (KMH_PER_MPH if found[2] == "mph" else 1.0) or None


def limits_kmh(tags: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return the limits along a way's drawn direction, and against it.

    Parameters
    ----------
    tags
        The road's tags; a limit of one direction goes before that of both.

    Examples
    --------
    >>> limits_kmh({"maxspeed": "70", "maxspeed:backward": "50"})
    (70.0, 50.0)
    """
    both = speed_kmh(tags.get("maxspeed"))
    forward, backward = (speed_kmh(tags.get(f"maxspeed:{way}")) for way in ("forward", "backward"))
    return forward or both, backward or both


def first(value: object) -> str | None:
    """Return the first of a tag's values, or nothing where it has none.

    Parameters
    ----------
    value
        A text, a number, a list of them, or a missing value.

    Examples
    --------
    >>> first(["primary", "secondary"]), first("track"), first(float("nan"))
    ('primary', 'track', None)
    """
    return next(iter(_texts(value)), None)


def closed_season(tags: Mapping[str, Any]) -> str | None:
    """Return when in the year a road is closed to cars, as the tags say it.

    Parameters
    ----------
    tags
        The road's tags; ``motor_vehicle:conditional`` and the like are read.

    Returns
    -------
    str or None
        For instance ``Oct 15-Jun 06``; nothing where no closure names months.

    Examples
    --------
    >>> closed_season({"motor_vehicle:conditional": "no @ (Oct 15-Jun 06)"})
    'Oct 15-Jun 06'
    """
    for key in _CAR_KEYS:
        for text in _texts(tags.get(f"{key}:conditional")):
            for rule in re.findall(r"\bno\s*@\s*(\([^)]*\)|[^;]*)", text):
                when = rule.strip("() ")
                # With a comparison it is a ban on heavy or large vehicles, not on cars.
                if re.search(_MONTH, when) and not re.search("[<>]", when):
                    return str(when)
    return None


def carries_cars(tags: Mapping[str, Any]) -> bool:
    """Tell whether the tags let the public drive a car.

    Parameters
    ----------
    tags
        The road's tags.

    Examples
    --------
    >>> carries_cars({"access": "private"}), carries_cars({"access": "no", "motor_vehicle": "yes"})
    (False, True)
    """
    # A ferry goes by its timetable and not all year: no road, whatever it lets on board.
    if any("ferry" in re.split(r"\s*;\s*", text.strip()) for text in _texts(tags.get("route"))):
        return False
    return _lets_cars(tags, "") is not False


def _lets_cars(tags: Mapping[str, Any], suffix: str) -> bool | None:
    """Tell what the most special access tag says, if there is one."""
    for key in _CAR_KEYS:
        value = first(tags.get(key + suffix))
        if value is not None:
            return not all(one.strip() in NOT_FOR_CARS for one in value.split(";"))
    return None


def directions(tags: Mapping[str, Any]) -> tuple[bool, bool]:
    """Tell whether a way is driven along its drawn direction, and against it.

    Parameters
    ----------
    tags
        The road's tags.

    Examples
    --------
    >>> directions({"oneway": "-1"}), directions({"junction": "roundabout"}), directions({})
    ((False, True), (True, False), (True, True))
    """
    forward, backward = _by_oneway(tags)
    return (
        forward and _lets_cars(tags, ":forward") is not False,
        backward and _lets_cars(tags, ":backward") is not False,
    )


def _by_oneway(tags: Mapping[str, Any]) -> tuple[bool, bool]:
    """Tell the directions by the most special one-way tag and by what the road implies."""
    oneway = next(filter(None, (first(tags.get(key)) for key in _ONEWAY_KEYS)), None)
    if oneway in {"-1", "reverse"}:
        return False, True
    if oneway in {"yes", "true", "1"}:
        return True, False
    implied = tags.get("junction") in {"roundabout", "circular"} or tags.get(ROAD) in {
        "motorway",
        "motorway_link",
    }
    return True, not (implied and oneway != "no")


def _texts(value: object) -> Iterable[str]:
    """List a tag's values, whether it has none, one or several."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list | tuple):
        # OSMnx joins pieces of road through sets, whose order differs from run to run.
        return sorted({text for item in value for text in _texts(item)})
    if isinstance(value, int | float) and not math.isnan(value):
        return [f"{value:g}"]
    return []

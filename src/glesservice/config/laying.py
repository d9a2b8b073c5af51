"""Tables laid over tables: what is said goes before what was there, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def laid_over(defaults: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return tables laid over tables, and values over values.

    Parameters
    ----------
    defaults
        What holds where nothing is given.
    given
        What is given.

    Examples
    --------
    >>> laid_over({"a": {"x": 1, "y": 2}, "b": 3}, {"a": {"y": 5}})
    {'a': {'x': 1, 'y': 5}, 'b': 3}
    """
    return {
        **defaults,
        **{
            key: laid_over(defaults[key], value)
            if isinstance(value, Mapping) and isinstance(defaults.get(key), Mapping)
            else value
            for key, value in given.items()
        },
    }


def laid_at(path: tuple[str, ...], defaults: Mapping[str, Any], given: Any) -> Any:
    """Return what is given, laid over defaults at a path of tables where anything is given there.

    Parameters
    ----------
    path
        The keys that lead to the table.
    defaults
        The table's defaults.
    given
        What is given; returned as it is where it is no table.
    """
    if not isinstance(given, Mapping):
        return given
    if not path:
        return laid_over(defaults, given)
    first, *rest = path
    if first not in given:
        return given
    return {**given, first: laid_at(tuple(rest), defaults, given[first])}

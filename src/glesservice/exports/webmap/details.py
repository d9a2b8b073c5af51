"""What stands behind each row, in columns: the parts of a score, the distances and the sites."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from glesservice.disclosure import few_words, shown_as
from glesservice.exports.webmap.published import Published
from glesservice.notices import told_override
from glesservice.selection import Ground, contribution
from glesservice.tables import orter_table
from glesservice.tables.words import term

# Stands for a number of people that is too small to be told.
FEW = -1

Numbers = list[float | None]


def details(shown: Published) -> dict[str, object]:
    """Return what the page's panel tells beside what the tables show.

    Parameters
    ----------
    shown
        What of the result may be shown.

    Returns
    -------
    dict
        ``orter`` and ``serviceorter`` in columns, in the order of their tables; ``siteNames``, to
        which the numbers of sites point. Scores and km are whole tenths.
    """
    names: dict[str, int] = {}
    return {
        "orter": _orter(shown, names),
        "serviceorter": _serviceorter(shown),
        "siteNames": list(names),
        "weights": [round(float(100 * weight), 1) for weight in shown.result.weights],
        "limits": list(shown.result.settings.policy.limits_km),
        "floor": shown.result.settings.publication.min_people,
        "changed": _changed(shown),
    }


def _changed(shown: Published) -> dict[int, list[str]]:
    """Tell what the municipality has changed about its orter, by the ort's position."""
    orter = shown.orter
    positions = {name.casefold(): at for at, name in enumerate(orter["name"])}
    positions |= {ort_id: at for at, ort_id in enumerate(orter["ort_id"])}
    told: dict[int, list[str]] = {}
    for change in shown.result.overrides.to_dict("records"):
        # An ort that is merged is no longer there: the one that it is a part of tells it.
        keys = change["ort_id"], str(change["to"]).casefold(), change["to"]
        at = next((positions[key] for key in keys if key in positions), None)
        if at is not None:
            told.setdefault(at, []).append(told_override(change))
    return told


def _orter(shown: Published, names: dict[str, int]) -> dict[str, object]:
    """List what is told about the orter."""
    orter = shown.orter
    bygder = {bygd: position for position, bygd in enumerate(shown.bygder["bygd_id"])}
    strategic = {key: position for position, key in enumerate(shown.strategic["serviceort_id"])}
    return {
        "kind": [shown.say(term(kind)) for kind in orter["kind"]],
        "bygd": [bygder.get(bygd, -1) for bygd in orter["bygd_id"]],
        "serviceort": [strategic.get(ort, -1) for ort in orter["ort_id"]],
        "services": {service: _service(shown, service, names) for service in shown.services},
    }


def _service(shown: Published, service: str, names: dict[str, int]) -> dict[str, object]:
    """List one service in the orter."""
    orter = shown.orter
    settings = shown.result.settings
    ground = Ground(shown.result.weights, settings.policy, settings.publication.min_people)
    adds = [contribution(ort, service, ground) for _, ort in orter.iterrows()]
    return {
        "adds": tenths(adds),
        "sparsity": tenths(orter[f"sparsity_{service}"]),
        "vulnerability": tenths(orter[f"vulnerability_{service}"]),
        "km": tenths(orter[f"km_{service}"]),
        "minutes": _whole(orter[f"minutes_{service}"]),
        "site": _named(orter[f"site_{service}"], names),
        "nextKm": tenths(orter[f"next_km_{service}"]),
        "nextMinutes": _whole(orter[f"next_minutes_{service}"]),
        "nextSite": _named(next_sites(shown, service), names),
        "beyond": [
            _people(shown, f"beyond_{limit:g}_{service}") for limit in settings.policy.limits_km
        ],
    }


def next_sites(shown: Published, service: str) -> pd.Series:
    """Return by ort the name of the site that is second nearest for most of its people.

    Parameters
    ----------
    shown
        What of the result may be shown.
    service
        The kind of service.
    """
    name_of = shown.sites.set_index("site_id")["name"]
    key = f"next_site_{service}"
    people = shown.cells.groupby(["ort_id", key])["people"].sum().reset_index()
    people = people.sort_values(["people", key], ascending=[False, True], kind="stable")
    most = people.drop_duplicates("ort_id").set_index("ort_id")[key].map(name_of)
    found: pd.Series = most.reindex(shown.orter["ort_id"]).reset_index(drop=True)
    return found


def _serviceorter(shown: Published) -> dict[str, object]:
    """List what is told about the strategic serviceorter."""
    frame = shown.strategic
    return {
        "places": [int(places) for places in frame["places"]],
        "added": {
            service: _whole(frame[f"added_person_km_{service}"]) for service in shown.services
        },
    }


def tenths(values: Iterable[float]) -> Numbers:
    """Return numbers in whole tenths; missing ones stay missing.

    Parameters
    ----------
    values
        The numbers.

    Examples
    --------
    >>> tenths([36.84, float("nan")])
    [368, None]
    """
    # By way of the text that the tables show, so that both round alike.
    return _whole(10 * float(f"{float(value):.1f}") for value in values)


def _whole(values: Iterable[float]) -> Numbers:
    """Round to whole numbers; missing ones stay missing."""
    return [round(float(value)) if math.isfinite(float(value)) else None for value in values]


def _people(shown: Published, name: str) -> Numbers:
    """Round numbers of people of the orter, and hide those that are not told."""
    column = orter_table(shown.services, shown.result.settings.policy.limits_km).column(name)
    few = few_words(shown.result.settings.publication.min_people)
    return [
        FEW if shown_as(ort, column) == few else whole
        for (_, ort), whole in zip(shown.orter.iterrows(), _whole(shown.orter[name]), strict=True)
    ]


def _named(values: Sequence[object] | pd.Series, names: dict[str, int]) -> list[int]:
    """Replace names by their numbers, -1 where there is none."""
    return [names.setdefault(v, len(names)) if isinstance(v, str) else -1 for v in values]

"""Sentences in Swedish that say what the numbers of one ort mean."""

from __future__ import annotations

import math

import pandas as pd

from glesservice.exports.swedish import number, people_count
from glesservice.exports.webmap.published import Published
from glesservice.tables.words import service_place


def municipality(name: str) -> str:
    """Return a municipality's name with the word kommun once.

    Parameters
    ----------
    name
        The name as the settings have it.

    Examples
    --------
    >>> municipality("Vilhelmina"), municipality("Vilhelmina kommun")
    ('Vilhelmina kommun', 'Vilhelmina kommun')
    """
    return name if name.endswith(("kommun", "stad")) else f"{name} kommun"


def proposal(rows: int, top: int) -> str:
    """Return how many entries of a list are proposed, as a sentence.

    Parameters
    ----------
    rows
        Entries in the list.
    top
        How many are proposed at most.

    Examples
    --------
    >>> proposal(61, 10), proposal(4, 10), proposal(0, 10)
    ('De 10 första av 61 föreslås.', 'Alla 4 föreslås.', 'Listan är tom.')
    """
    if rows == 0:
        return "Listan är tom."
    return f"De {top} första av {rows} föreslås." if rows > top else f"Alla {rows} föreslås."


def contribution(ort: pd.Series, service: str, shown: Published) -> float:
    """Return what one service adds to an ort's total, in points.

    Parameters
    ----------
    ort
        A row of the orter.
    service
        The kind of service.
    shown
        What of the result may be shown.
    """
    share = shown.result.settings.policy.sparsity_share
    parts = share * ort[f"sparsity_{service}"] + (1 - share) * ort[f"vulnerability_{service}"]
    return float(shown.result.weights[service] * parts)


def motive(ort: pd.Series, shown: Published) -> list[str]:
    """Return why an ort stands where it stands, as plain sentences.

    Parameters
    ----------
    ort
        A row of the orter.
    shown
        What of the result may be shown.
    """
    main, *others = sorted(shown.services, key=lambda service: -contribution(ort, service, shown))
    sentences = [_distance(ort, main)]
    if others and contribution(ort, others[0], shown) > 0:
        second, km = others[0], ort[f"km_{others[0]}"]
        if not math.isnan(km):
            sentences.append(f"Till närmaste {service_place(second)} är det {number(km, 1)} km.")
    if ort["people_no_road"] > 0:
        floor = shown.result.settings.publication.min_people
        few = people_count(ort["people_no_road"], floor)
        sentences.append(f"{few[0].upper()}{few[1:]} personer bor utan väganslutning.")
    return sentences


def _distance(ort: pd.Series, service: str) -> str:
    """Say how far it is to the nearest site, and to the next if it closes."""
    people, place = number(ort["people"]), service_place(service)
    km, further = ort[f"km_{service}"], ort[f"next_km_{service}"]
    if math.isnan(km):
        return f"{people} personer saknar vägförbindelse till närmaste {place}."
    name = ort[f"site_{service}"]
    where = "" if pd.isna(name) else f" ({name})"
    sentence = f"{people} personer har i medel {number(km, 1)} km till närmaste {place}{where}"
    if math.isnan(further):
        return f"{sentence}; stänger stället finns inget annat att nå."
    return f"{sentence}; stänger stället blir det {number(further, 1)} km."

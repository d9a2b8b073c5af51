"""Why an entry stands in its list, in plain Swedish, made from its numbers alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from glesservice.config import Policy
from glesservice.orter import CENTRALORT
from glesservice.swedish import NO_BREAK_SPACE, enumeration, number
from glesservice.tables.words import service_none, service_place, service_pronoun

# Below this, tenths of a kilometre tell something; above, they pretend to.
TENTHS_BELOW_KM = 10.0


@dataclass(frozen=True)
class Ground:
    """What the motives rest on beside the tables.

    Attributes
    ----------
    weights
        Weight of each service.
    policy
        Shares and limits.
    min_people
        Fewer people than this are not told exactly.
    """

    weights: pd.Series
    policy: Policy
    min_people: int


def orter_motives(
    orter: pd.DataFrame, ground: Ground, unconfirmed: Mapping[str, Sequence[str]]
) -> pd.Series:
    """Return each ort's motive.

    Parameters
    ----------
    orter
        Schema ``orter_table``.
    ground
        Weights, shares and limits.
    unconfirmed
        By ort, the names of the sites there that do not count because nobody has confirmed them.

    Returns
    -------
    Series
        One text a row; index as ``orter``.
    """
    return orter.apply(
        lambda ort: " ".join(
            [
                *_of_centralort(ort),
                *_of_distances(ort, _people(ort["people"], ground), ground),
                *_of_single_road(ort, ground),
                *_of_people_off_road(ort, ground),
                *_of_unconfirmed(unconfirmed.get(str(ort["ort_id"]), ())),
            ]
        ),
        axis="columns",
        result_type="reduce",
    ).astype(object)


def bygder_motives(bygder: pd.DataFrame, ground: Ground) -> pd.Series:
    """Return each bygd's motive.

    Parameters
    ----------
    bygder
        Schema ``bygder_table``, with the distances to each service.
    ground
        Weights, shares and limits.

    Returns
    -------
    Series
        One text a row; index as ``bygder``.
    """

    def _one(bygd: pd.Series) -> str:
        """Write one bygd's motive."""
        orter = "1 ort" if bygd["orter"] == 1 else f"{number(bygd['orter'])} orter"
        subject = f"{orter} med {_people(bygd['people'], ground)}"
        return " ".join([*_of_distances(bygd, subject, ground), *_of_people_off_road(bygd, ground)])

    return bygder.apply(_one, axis="columns", result_type="reduce").astype(object)


def strategic_motives(strategic: pd.DataFrame, ground: Ground) -> pd.Series:
    """Return each strategic serviceort's motive.

    Parameters
    ----------
    strategic
        Schema ``strategic_table``.
    ground
        Weights, shares and limits.

    Returns
    -------
    Series
        One text a row; index as ``strategic``.
    """

    def _one(row: pd.Series) -> str:
        """Write one serviceort's motive."""
        sites = enumeration(str(row["sites"]).split("; "))
        if row["people_served"] == 0:
            return f"Ingen har sin närmaste service här ({sites})."
        said = [f"Närmaste service för {_people(row['people_served'], ground)} ({sites})."]
        lost = "Försvinner den"
        if row["people_without"] > 0:
            said.append(f"{lost} når {_people(row['people_without'], ground)} inget annat ställe.")
        if row["added_person_km"] > 0:
            km = number(row["added_person_km"])
            unit = "personkilometer"
            said.append(
                f"{lost} blir det sammanlagt {km}{NO_BREAK_SPACE}{unit} längre enkel resa, vägt "
                "över slagen av service."
            )
        if row["people_past_limit"] > 0:
            said.append(
                f"{_capital(_people(row['people_past_limit'], ground))} passerar då gränsen för "
                "vad som räknas som långt."
            )
        return " ".join(said)

    return strategic.apply(_one, axis="columns", result_type="reduce").astype(object)


def contribution(row: pd.Series, service: str, ground: Ground) -> float:
    """Return what one service adds to a total, in points.

    Parameters
    ----------
    row
        An ort or a bygd with its scores.
    service
        The kind of service.
    ground
        Weights and shares.
    """
    share = ground.policy.sparsity_share
    parts = share * row[f"sparsity_{service}"] + (1 - share) * row[f"vulnerability_{service}"]
    return float(ground.weights[service] * parts)


def _of_centralort(ort: pd.Series) -> list[str]:
    """Say that the main town is never ranked."""
    if ort["role"] != CENTRALORT:
        return []
    return ["Centralorten är mål för resorna och rangordnas inte."]


def _of_distances(row: pd.Series, subject: str, ground: Ground) -> list[str]:
    """Say how far it is to what adds most to the total, and to what adds next most."""
    services = [str(service) for service in ground.weights.index]
    main, *others = sorted(services, key=lambda service: -contribution(row, service, ground))
    said = [_nearest_and_next(row, subject, main)]
    if others and contribution(row, others[0], ground) > 0:
        km = row[f"km_{others[0]}"]
        said.append(
            f"{_capital(service_none(others[0]))} kan nås."
            if math.isnan(km)
            else f"Till närmaste {service_place(others[0])} är det {_km(km)}"
            f"{_if_it_closes(row, others[0])}"
        )
    return said


def _nearest_and_next(row: pd.Series, subject: str, service: str) -> str:
    """Say how far it is to the nearest site, and to the next one if it closes."""
    km = row[f"km_{service}"]
    if math.isnan(km):
        return f"{subject}, {service_none(service)} kan nås."
    name = row[f"site_{service}"]
    where = "" if pd.isna(name) else f" ({name})"
    mean = "i medel " if row["cells"] > 1 else ""
    said = f"{subject}, {mean}{_km(km)} till närmaste {service_place(service)}{where}"
    return f"{said}{_if_it_closes(row, service)}"


def _if_it_closes(row: pd.Series, service: str) -> str:
    """Say how far it is to the next site, which is where one goes if the nearest closes."""
    further, pronoun = row[f"next_km_{service}"], service_pronoun(service)
    if math.isnan(further):
        return f"; stängs {pronoun} finns {service_none(service)} att nå."
    if _km(further) == _km(row[f"km_{service}"]):
        return "; till nästa är det lika långt."
    return f"; stängs {pronoun} blir det {_km(further)}."


def _of_single_road(ort: pd.Series, ground: Ground) -> list[str]:
    """Say how much of the way to what adds most has no way around."""
    services = [str(service) for service in ground.weights.index]
    main = max(services, key=lambda service: contribution(ort, service, ground))
    km, road = ort[f"single_road_km_{main}"], ort[f"single_road_name_{main}"]
    if math.isnan(km) or km <= ground.policy.single_road_km:
        return []
    most = "" if pd.isna(road) else f" (mest väg {str(road).replace(';', ' och ')})"
    return [f"På {_km(km)} av vägen dit finns ingen annan väg att ta{most}."]


def _of_people_off_road(row: pd.Series, ground: Ground) -> list[str]:
    """Say how many live too far from every road."""
    people = row["people_no_road"]
    if people <= 0:
        return []
    return [f"{_capital(_people(people, ground))} bor utan väganslutning."]


def _of_unconfirmed(names: Sequence[str]) -> list[str]:
    """Name the sites that do not count as long as nobody confirms them."""
    if not names:
        return []
    several = len(names) > 1
    return [
        f"{'Obekräftade ställen' if several else 'Ett obekräftat ställe'} i orten räknas inte: "
        f"{enumeration(names)}."
    ]


def _people(people: float, ground: Ground) -> str:
    """Write a number of people, not exactly where they are few."""
    if 0 < people < ground.min_people:
        return f"färre än {ground.min_people} personer"
    text = number(people)
    return f"{text} person" if text == "1" else f"{text} personer"


def _km(km: float) -> str:
    """Write kilometres, with tenths where they are few."""
    return f"{number(km, 1 if km < TENTHS_BELOW_KM else 0)} km"


def _capital(text: str) -> str:
    """Begin a sentence."""
    return text[0].upper() + text[1:]

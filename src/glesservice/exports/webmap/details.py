"""What stands behind each row: the parts of a score, the distances and the sites."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from glesservice.exports.webmap.published import Published
from glesservice.selection import Ground, contribution
from glesservice.swedish import MISSING, number, people_count
from glesservice.tables.words import service_name, term


@dataclass(frozen=True)
class Leg:
    """The way to one site: its name, km and minutes, as text."""

    site: str
    km: str
    minutes: str


@dataclass(frozen=True)
class ServiceDetail:
    """One service in one ort."""

    name: str
    weight: str
    adds: str
    sparsity: str
    vulnerability: str
    nearest: Leg
    further: Leg
    beyond: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OrtDetail:
    """What is told about one ort."""

    key: str
    name: str
    rank: str
    kind: str
    bygd: str
    centre: bool
    people: str
    cells: int
    total: str
    sparsity: str
    vulnerability: str
    motive: str
    services: tuple[ServiceDetail, ...]


def ort_details(shown: Published) -> list[OrtDetail]:
    """Return what is told about each ort, in the order of the orter.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    sites = shown.sites.set_index("site_id")["name"]
    bygder = shown.bygder.set_index("bygd_id")["name"]
    return [
        OrtDetail(
            key=f"ort-{position}",
            name=ort["name"],
            rank="" if math.isnan(ort["rank"]) else number(ort["rank"]),
            kind=term(ort["kind"]),
            bygd=str(bygder.get(ort["bygd_id"], "")),
            centre=ort["role"] == "centralort",
            people=number(ort["people"]),
            cells=int(ort["cells"]),
            total=_score(ort["total"]),
            sparsity=_score(ort["sparsity"]),
            vulnerability=_score(ort["vulnerability"]),
            motive=str(ort["motive"]),
            services=tuple(_service(ort, service, shown, sites) for service in shown.services),
        )
        for position, (_, ort) in enumerate(shown.orter.iterrows())
    ]


def _service(ort: pd.Series, service: str, shown: Published, sites: pd.Series) -> ServiceDetail:
    """Tell all about one service in one ort."""
    settings = shown.result.settings
    nearest = ort[f"site_{service}"]
    return ServiceDetail(
        name=service_name(service),
        weight=f"{number(100 * shown.result.weights[service])} %",
        adds=number(contribution(ort, service, _ground(shown)), 1),
        sparsity=_score(ort[f"sparsity_{service}"]),
        vulnerability=_score(ort[f"vulnerability_{service}"]),
        nearest=_leg(
            MISSING if pd.isna(nearest) else nearest,
            ort[f"km_{service}"],
            ort[f"minutes_{service}"],
        ),
        further=_leg(
            _further_site(ort, service, shown, sites),
            ort[f"next_km_{service}"],
            ort[f"next_minutes_{service}"],
        ),
        beyond=tuple(
            (
                f"{limit:g}".replace(".", ","),
                people_count(ort[f"beyond_{limit:g}_{service}"], settings.publication.min_people),
            )
            for limit in settings.policy.limits_km
        ),
    )


def _ground(shown: Published) -> Ground:
    """Collect what the scores rest on."""
    settings = shown.result.settings
    return Ground(shown.result.weights, settings.policy, settings.publication.min_people)


def _further_site(ort: pd.Series, service: str, shown: Published, sites: pd.Series) -> str:
    """Name the site that is the next one for most of the ort's people."""
    cells = shown.cells[shown.cells["ort_id"] == ort["ort_id"]]
    people = cells.groupby(f"next_site_{service}")["people"].sum()
    if people.empty:
        return MISSING
    most = people.sort_index().sort_values(ascending=False, kind="stable").index[0]
    return str(sites.get(most, MISSING))


def _score(score: float) -> str:
    """Write a score from 0 to 100 as text."""
    return number(score, 1)


def _leg(site: str, km: float, minutes: float) -> Leg:
    """Write a way to a site as text."""
    return Leg(site, number(km, 1), number(minutes))


@dataclass(frozen=True)
class BygdDetail:
    """What is told about one bygd: its orter as keys, names and people."""

    key: str
    name: str
    rank: str
    people: str
    total: str
    sparsity: str
    vulnerability: str
    motive: str
    orter: tuple[tuple[str, str, str], ...]


def bygd_details(shown: Published) -> list[BygdDetail]:
    """Return what is told about each bygd, in the order of the bygder.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    return [
        BygdDetail(
            key=f"bygd-{position}",
            name=bygd["name"],
            rank=number(bygd["rank"]),
            people=number(bygd["people"]),
            total=_score(bygd["total"]),
            sparsity=_score(bygd["sparsity"]),
            vulnerability=_score(bygd["vulnerability"]),
            motive=str(bygd["motive"]),
            orter=tuple(
                (f"ort-{place}", ort["name"], number(ort["people"]))
                for place, ort in shown.orter.iterrows()
                if ort["bygd_id"] == bygd["bygd_id"]
            ),
        )
        for position, (_, bygd) in enumerate(shown.bygder.iterrows())
    ]


@dataclass(frozen=True)
class ServiceortDetail:
    """What is told about one strategic serviceort."""

    key: str
    name: str
    rank: str
    sites: str
    motive: str
    places: int
    without: str
    services: tuple[tuple[str, str], ...]


def serviceort_details(shown: Published) -> list[ServiceortDetail]:
    """Return what is told about each strategic serviceort, in their order.

    Parameters
    ----------
    shown
        What of the result may be shown.
    """
    floor = shown.result.settings.publication.min_people
    return [
        ServiceortDetail(
            key=f"serviceort-{position}",
            name=row["name"],
            rank=number(row["rank"]),
            sites=str(row["sites"]),
            motive=str(row["motive"]),
            places=int(row["places"]),
            without=people_count(row["people_without"], floor),
            services=tuple(
                (service_name(service), number(row[f"added_person_km_{service}"]))
                for service in shown.services
            ),
        )
        for position, (_, row) in enumerate(shown.strategic.iterrows())
    ]

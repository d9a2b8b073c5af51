"""Where new sites would help most: people within the limit, or person-kilometres."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.analysis import Result
from glesservice.errors import Fault, InputError
from glesservice.network import nearest, road_matrix, snap
from glesservice.scenarios.closing import Search
from glesservice.scenarios.location import Choice, best, greedy
from glesservice.sources import Inputs
from glesservice.tables import candidates_table, placements_table

Floats = npt.NDArray[np.float64]

COVERING, P_MEDIAN = "täckning", "personkilometer"
# Distances are told apart to the millimetre: what differs less is the rounding of sums.
STEP_M = 0.001


@dataclass(frozen=True, eq=False)
class Placement:
    """Where new sites of a service would help most.

    Attributes
    ----------
    service
        The service.
    limit_km
        Who has further than this is not covered.
    placements
        Schema ``placements_table``: the best choice for each aim and number of sites, beside
        what one gets by opening the best one at a time.
    candidates
        Schema ``candidates_table``: every place that was weighed, most saved first.
    unattached
        Names of candidates too far from every road: not weighed.
    """

    service: str
    limit_km: float
    placements: pd.DataFrame
    candidates: gpd.GeoDataFrame
    unattached: tuple[str, ...]


def place(
    inputs: Inputs,
    result: Result,
    service: str,
    sites: int = 3,
    *,
    limit_km: float | None = None,
    candidates: gpd.GeoDataFrame | None = None,
    time_limit_s: float = 60.0,
) -> Placement:
    """Return where 1, 2, … new sites of a service would help most, the existing ones counted.

    Parameters
    ----------
    inputs
        The tables that the result was made of.
    result
        The result.
    service
        The service.
    sites
        How many new sites at most, 1 to 5.
    limit_km
        Up to where somebody is covered, km; the service's ``near_km`` where not given.
    candidates
        Points with ``name``, EPSG:3006; the settlements of the municipality where not given.
    time_limit_s
        For each of the choices: the solver stops then, and the table says how far off it may be.

    Returns
    -------
    Placement
        For both aims: *täckning*, most people within the limit, and *personkilometer*, least sum
        of the ways. Distances are those of the shortest way. Who reaches neither an existing site
        nor a candidate is left out; who reaches a candidate alone has until then as far as the
        longest way of anybody.

    Raises
    ------
    InputError
        If the service is not one of the policy's, the number is not 1 to 5, a limit is not above
        0, or no candidate is near a road.

    Examples
    --------
    >>> import glesservice
    >>> from glesservice.scenarios import place
    >>> settings = glesservice.load_settings(glesservice.embedded_settings())
    >>> inputs = glesservice.read_inputs(settings)
    >>> found = place(inputs, glesservice.analyse(inputs, settings), "dagligvaror", sites=1)
    >>> found.placements["gap_percent"].tolist()
    [0.0, 0.0]
    """
    _refuse(result, service, sites, limit_km, time_limit_s)
    limit = limit_km if limit_km is not None else result.settings.policy.services[service].near_km
    offered = _settlements(inputs, result) if candidates is None else _named(candidates)
    search = Search(inputs, result)
    at = snap(search.network, offered.geometry, result.settings.network.access_max_m)
    near = at.link >= 0
    if not near.any():
        raise InputError(
            Fault(
                "no candidate is near a road",
                "the candidates for new sites",
                "Give points in the municipality, in WGS 84 or with their coordinate system",
            )
        )
    weighed = offered[near].reset_index(drop=True)
    existing = result.sites
    chosen = np.flatnonzero(existing["counted"] & (existing["service"] == service))
    today_m = nearest(search.network, search.cells_at, search.sites_at.take(chosen), by="metres")
    to_site = today_m.metres[:, 0]
    to_new = road_matrix(search.network, search.cells_at, at.take(np.flatnonzero(near)))
    problem = _problem(result.cells["people"].to_numpy(dtype=float), to_site, to_new)
    gains = {COVERING: problem.covered(limit), P_MEDIAN: problem.saved()}
    today = {
        COVERING: float(problem.people[problem.today_km <= limit].sum()),
        P_MEDIAN: float((problem.people * problem.today_km).sum()),
    }
    rows, used = [], [set[str]() for _ in range(len(weighed))]
    names = list(weighed["name"])
    for aim, gain in gains.items():
        for count in range(1, sites + 1):
            choice, plain = best(gain, count, time_limit_s), greedy(gain, count)
            rows.append(_row(aim, count, choice, plain, today[aim], names))
            for number in choice.chosen:
                used[number].add(f"{aim} {count}")
    return Placement(
        service=service,
        limit_km=limit,
        placements=pd.DataFrame(rows)[placements_table().names()],
        candidates=_candidates(weighed, problem, limit, used),
        unattached=tuple(offered.loc[~near, "name"]),
    )


@dataclass(frozen=True, eq=False)
class _Problem:
    """Who lives where and has how far: those who reach something."""

    people: Floats
    today_km: Floats
    new_km: Floats

    def covered(self, limit_km: float) -> Floats:
        """Return the people whom each candidate newly brings within the limit."""
        newly = (self.new_km <= limit_km) & (self.today_km > limit_km)[:, None]
        return np.asarray(np.where(newly, self.people[:, None], 0.0))

    def saved(self) -> Floats:
        """Return the person-kilometres that each candidate saves; 0 where it is no nearer."""
        shorter = np.maximum(self.today_km[:, None] - self.new_km, 0.0)
        return np.asarray(self.people[:, None] * shorter)


def _problem(people: Floats, to_site: Floats, to_new: Floats) -> _Problem:
    """Leave out who reaches nothing; give who reaches a candidate alone the longest way of all."""
    reach = np.isfinite(to_site) | np.isfinite(to_new).any(axis=1)
    today_m, new_m = (np.round(metres[reach] / STEP_M) * STEP_M for metres in (to_site, to_new))
    finite = [metres[np.isfinite(metres)] for metres in (today_m, new_m)]
    longest = max((float(metres.max()) for metres in finite if metres.size), default=0.0)
    today_m = np.where(np.isfinite(today_m), today_m, longest)
    return _Problem(people[reach], today_m / 1000, new_m / 1000)


def _row(
    aim: str, count: int, choice: Choice, plain: Choice, today: float, names: list[str]
) -> dict[str, object]:
    """Tell one choice."""
    sign = 1.0 if aim == COVERING else -1.0
    return {
        "aim": aim,
        "sites": count,
        "chosen": ", ".join(names[number] for number in choice.chosen),
        "unit": "personer inom gränsen" if aim == COVERING else "personkm",
        "before": today,
        "value": today + sign * choice.gain,
        "greedy_chosen": ", ".join(names[number] for number in plain.chosen),
        "greedy_value": today + sign * plain.gain,
        "gap_percent": 100 * choice.gap,
    }


def _candidates(
    weighed: gpd.GeoDataFrame, problem: _Problem, limit_km: float, used: list[set[str]]
) -> gpd.GeoDataFrame:
    """Tell what each candidate would do by itself."""
    people = problem.people[:, None]
    saved = problem.saved()
    table = weighed[["name", "geometry"]].assign(
        people_near=np.where(problem.new_km <= limit_km, people, 0.0).sum(axis=0),
        people_closer=np.where(saved > 0, people, 0.0).sum(axis=0),
        saved_person_km=saved.sum(axis=0),
        chosen_for=[", ".join(sorted(aims)) or None for aims in used],
    )
    table = table.sort_values(["saved_person_km", "name"], ascending=[False, True])
    return table[[*candidates_table().names(), "geometry"]].reset_index(drop=True)


def _settlements(inputs: Inputs, result: Result) -> gpd.GeoDataFrame:
    """Return a point for each settlement of the municipality."""
    points = inputs.settlements.assign(geometry=inputs.settlements.representative_point())
    return _named(points[points.within(result.boundary.geometry.iloc[0])])


def _named(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Tell points of one name apart by a number; one spot is offered once."""
    spots = points.assign(x=points.geometry.x.round(), y=points.geometry.y.round())
    spots = spots.sort_values(["name", "x", "y"]).drop_duplicates(["name", "x", "y"])
    same = spots.groupby("name").cumcount() + 1
    several = spots["name"].duplicated(keep=False)
    name = spots["name"].where(~several, spots["name"] + " (" + same.astype("str") + ")")
    return spots.assign(name=name)[["name", "geometry"]].reset_index(drop=True)


def _refuse(
    result: Result, service: str, sites: int, limit_km: float | None, time_limit_s: float
) -> None:
    """Stop where the question cannot be answered."""
    faults = []
    services = list(result.settings.policy.services)
    if service not in services:
        faults.append(
            Fault(
                f"the service {service} is not among those that count",
                "where a new site helps",
                f"Write one of {', '.join(services)}",
            )
        )
    if not 1 <= sites <= 5:
        faults.append(
            Fault(f"{sites} new sites are not 1 to 5", "where a new site helps", "Write 1 to 5")
        )
    for what, value in (("limit", limit_km), ("time limit", time_limit_s)):
        if value is not None and not 0 < value < np.inf:
            faults.append(
                Fault(
                    f"the {what} {value:g} is not above 0",
                    "where a new site helps",
                    "Write a number above 0",
                )
            )
    if faults:
        raise InputError(*faults)

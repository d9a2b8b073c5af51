"""The draws: other weights, thresholds, speeds, people and sites, around those of the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from glesservice.certainty.ground import Ground
from glesservice.certainty.noise import how_published, likely_people
from glesservice.config.certainty import FACTORS, Factor
from glesservice.network.graph import Flags, Floats, Ints

# A drawn far_km is further than near_km by at least this share: a step is no slope.
LEAST_SLOPE = 1e-6

# What has a row a draw, the network's number apart.
_ROWS = (
    "weights",
    "near_km",
    "far_km",
    "sparsity_share",
    "vulnerability_km",
    "opened",
    "noise",
)


@dataclass(frozen=True, eq=False)
class Draws:
    """One set of assumptions a row.

    Attributes
    ----------
    weights, near_km, far_km
        Shape (draws, services).
    sparsity_share, vulnerability_km
        Shape (draws,).
    opened
        Shape (draws, sites): the sites that count.
    speeds
        Road class to factor of its speed, of each network that is driven.
    network
        Number of each draw's network among ``speeds``.
    noise
        Number of the draw of people in the grid; -1 for the published ones.
    """

    weights: Floats
    near_km: Floats
    far_km: Floats
    sparsity_share: Floats
    vulnerability_km: Floats
    opened: Flags
    speeds: tuple[Mapping[str, float], ...]
    network: Ints
    noise: Ints

    def __len__(self) -> int:
        return len(self.noise)

    def take(self, rows: Ints) -> Draws:
        """Return some of the draws.

        Parameters
        ----------
        rows
            Their positions.
        """
        chosen = {name: getattr(self, name)[rows] for name in _ROWS}
        return replace(self, network=self.network[rows], **chosen)

    @classmethod
    def joined(cls, sets: Sequence[Draws]) -> Draws:
        """Return some draws one after the other; equal networks are driven once.

        Parameters
        ----------
        sets
            Draws on the same ground.
        """
        speeds: list[Mapping[str, float]] = []
        network = []
        for draws in sets:
            speeds += [factors for factors in draws.speeds if factors not in speeds]
            number = np.array([speeds.index(factors) for factors in draws.speeds])
            network.append(number[draws.network])
        return cls(
            speeds=tuple(speeds),
            network=np.concatenate(network),
            **{name: np.concatenate([getattr(draws, name) for draws in sets]) for name in _ROWS},
        )


def as_settled(ground: Ground, count: int = 1) -> Draws:
    """Return draws in which nothing is drawn: the settings as they are.

    Parameters
    ----------
    ground
        What the draws start from.
    count
        How many equal rows.

    Returns
    -------
    Draws
        Whose totals are those of the result.
    """
    policy = ground.settings.policy
    rules = [policy.services[service] for service in ground.services]

    def _rows(values: object) -> npt.NDArray[np.float64]:
        return np.repeat(np.atleast_2d(np.asarray(values, dtype=float)), count, axis=0)

    return Draws(
        weights=_rows(ground.weights.to_numpy()),
        near_km=_rows([rule.near_km for rule in rules]),
        far_km=_rows([rule.far_km for rule in rules]),
        sparsity_share=np.full(count, policy.sparsity_share),
        vulnerability_km=np.full(count, policy.vulnerability_km),
        opened=np.repeat(ground.counted[None, :], count, axis=0),
        speeds=({},),
        network=np.zeros(count, dtype=np.int64),
        noise=np.full(count, -1, dtype=np.int64),
    )


def drawn(ground: Ground) -> Draws:
    """Return the draws that the settings ask for.

    Parameters
    ----------
    ground
        What the draws start from.

    Returns
    -------
    Draws
        Each draw's numbers hang on the seed, its own number and what is drawn: neither on how many
        draws there are nor on the order of any rows.
    """
    rules = ground.settings.certainty
    draws = as_settled(ground, rules.draws)
    if "weights" in rules.vary:
        draws = _with_weights(draws, ground)
    if "thresholds" in rules.vary:
        draws = _with_thresholds(draws, ground)
    if "speeds" in rules.vary and ground.settings.policy.way == "fastest":
        draws = _with_speeds(draws, ground)
    if "grid" in rules.vary:
        draws = replace(draws, noise=np.arange(len(draws)))
    return _with_sites(draws, ground) if "sites" in rules.vary else draws


def people_of(ground: Ground, noise: Ints) -> Floats:
    """Return the people of each cell in some draws.

    Parameters
    ----------
    ground
        What the draws start from.
    noise
        Numbers of the draws, -1 for the published people.

    Returns
    -------
    ndarray
        Shape (draws, cells).
    """
    rules = ground.settings.certainty
    published = how_published(ground.settings)
    by_id = np.argsort(ground.cells["cell_id"].to_numpy(dtype=object), kind="stable")
    people = np.repeat(ground.people[None, :], len(noise), axis=0)
    if published == "exact":
        return people
    uniform = np.empty(len(ground.people))
    for row in np.flatnonzero(noise >= 0):
        uniform[by_id] = _stream(ground, "grid", int(noise[row])).random(len(uniform))
        people[row] = likely_people(ground.people, uniform, published, rules.grid_noise_people)
    return people


def _stream(ground: Ground, factor: Factor, number: int) -> np.random.Generator:
    """Begin the random numbers of one draw of one factor."""
    key = (FACTORS.index(factor), number)
    seed = np.random.SeedSequence(ground.settings.certainty.seed, spawn_key=key)
    return np.random.default_rng(seed)


def _with_weights(draws: Draws, ground: Ground) -> Draws:
    """Draw the weights of the services, and that of sparsity beside vulnerability."""
    spread = ground.settings.certainty.weight_concentration
    share = ground.settings.policy.sparsity_share
    by_name = np.argsort(ground.services, kind="stable")
    valued = by_name[ground.weights.to_numpy()[by_name] > 0]
    weights, shares = draws.weights.copy(), draws.sparsity_share.copy()
    for number in range(len(draws)):
        stream = _stream(ground, "weights", number)
        weights[number, valued] = stream.dirichlet(spread * ground.weights.to_numpy()[valued])
        if 0 < share < 1:
            shares[number] = stream.beta(spread * share, spread * (1 - share))
    return replace(draws, weights=weights, sparsity_share=shares)


def _with_thresholds(draws: Draws, ground: Ground) -> Draws:
    """Draw from and up to where distance counts, and what full vulnerability is."""
    wide = ground.settings.certainty.thresholds_share
    by_name = np.argsort(ground.services, kind="stable")
    uniform = np.empty((len(draws), 2, len(by_name)))
    full = np.empty(len(draws))
    for number in range(len(draws)):
        stream = _stream(ground, "thresholds", number)
        full[number] = stream.random()
        uniform[number, :, by_name] = stream.random((len(by_name), 2))
    near = draws.near_km * (1 - wide + 2 * wide * uniform[:, 0])
    most = draws.far_km * (1 + wide)
    least = np.maximum(draws.far_km * (1 - wide), near * (1 + LEAST_SLOPE))
    return replace(
        draws,
        near_km=near,
        far_km=least + (most - least) * uniform[:, 1],
        vulnerability_km=draws.vulnerability_km * (1 - wide + 2 * wide * full),
    )


def _with_speeds(draws: Draws, ground: Ground) -> Draws:
    """Draw networks with other speeds, and share them out among the draws."""
    rules = ground.settings.certainty
    classes = sorted(ground.settings.network.class_speeds_kmh)
    speeds = []
    for number in range(rules.speed_networks):
        uniform = _stream(ground, "speeds", number).random(len(classes))
        factors = 1 - rules.speeds_share + 2 * rules.speeds_share * uniform
        speeds.append(dict(zip(classes, factors.tolist(), strict=True)))
    return replace(draws, speeds=tuple(speeds), network=np.arange(len(draws)) % len(speeds))


def _with_sites(draws: Draws, ground: Ground) -> Draws:
    """Draw which places are open; what stands at one place opens and closes together."""
    rules = ground.settings.certainty
    fates, fate = np.unique(ground.sites["fate"].to_numpy(dtype=str), return_inverse=True)
    probability = np.where(ground.confirmed, 1 - rules.confirmed_missing, rules.unconfirmed_open)
    opened = np.empty((len(draws), len(fate)), dtype=bool)
    for number in range(len(draws)):
        uniform = _stream(ground, "sites", number).random(len(fates))
        opened[number] = uniform[fate] < probability
    return replace(draws, opened=opened)

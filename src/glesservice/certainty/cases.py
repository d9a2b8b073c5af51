"""The factors of the sensitivity: one assumption at a time, with a low and a high value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import beta

from glesservice.certainty.drawing import Draws, as_settled
from glesservice.certainty.ground import Ground, Texts
from glesservice.network.graph import Floats
from glesservice.tables.words import service_name

# Ends of what is drawn for a factor without ends of its own: nine draws of ten lie between.
ENDS = (0.05, 0.95)
ALL = (0.0, 1.0)
MAIN_ROADS = ("motorway", "trunk", "primary", "secondary")


@dataclass(frozen=True, eq=False)
class Case:
    """One factor with one or more other values at either end.

    Attributes
    ----------
    factor
        Its name in the settings, or what it is of.
    title
        Its Swedish name.
    low, high
        The values at the ends, as Swedish text.
    draws
        Two rows, the low end and the high end; or any number of them.
    among
        Of any number of rows: which quantiles of its totals are the ends, ort by ort.
    """

    factor: str
    title: str
    low: str
    high: str
    draws: Draws
    among: tuple[float, float] | None = None


def cases_of(ground: Ground) -> Iterator[Case]:
    """Yield every factor that the settings let vary, one at a time.

    Parameters
    ----------
    ground
        What everything starts from.

    Yields
    ------
    Case
        Policy first, then data.
    """
    vary = ground.settings.certainty.vary
    if "weights" in vary:
        yield from _weights(ground)
    if "thresholds" in vary:
        yield from _thresholds(ground)
    if "speeds" in vary:
        yield _speeds(ground)
    if "grid" in vary:
        count = ground.settings.certainty.draws
        noisy = replace(as_settled(ground, count), noise=np.arange(count))
        texts = "lägsta av de dragna", "högsta av de dragna"
        yield Case("grid", "Brus i rutornas folkmängd", *texts, noisy, ENDS)
    if "sites" in vary:
        yield from _sites(ground)


def unconfirmed(ground: Ground) -> Draws:
    """Return two rows: none of the unconfirmed sites counts, and all of them do.

    Parameters
    ----------
    ground
        What everything starts from.
    """
    opened = np.stack([ground.confirmed, np.ones_like(ground.confirmed)])
    return replace(as_settled(ground, 2), opened=opened)


def one_by_one(ground: Ground, *, confirmed: bool) -> Draws:
    """Return a row a place: as the result counts, but for that place.

    Parameters
    ----------
    ground
        What everything starts from.
    confirmed
        Close the places that are confirmed, one at a time; or open those that are not.
    """
    fates = _fates(ground, confirmed=confirmed)
    here = ground.sites["fate"].to_numpy(dtype=object)[None, :] == fates[:, None]
    here &= ground.confirmed if confirmed else ~ground.confirmed
    opened = (ground.counted & ~here) if confirmed else (ground.confirmed | here)
    return replace(as_settled(ground, len(fates)), opened=opened)


def _fates(ground: Ground, *, confirmed: bool) -> Texts:
    """List the places that hold confirmed sites, or unconfirmed ones."""
    chosen = ground.confirmed if confirmed else ~ground.confirmed
    return np.array(sorted(set(ground.sites.loc[chosen, "fate"])), dtype=object)


def _weights(ground: Ground) -> Iterator[Case]:
    """Move one weight at a time, the others in proportion; then the share of sparsity."""
    spread = ground.settings.certainty.weight_concentration
    weights = ground.weights.to_numpy()
    for number, service in enumerate(ground.services):
        if not 0 < weights[number] < 1:
            continue
        ends = _beta_ends(weights[number], spread)
        moved = weights * ((1 - ends) / (1 - weights[number]))[:, None]
        moved[:, number] = ends
        yield Case(
            f"weights {service}",
            f"Vikt {service_name(service).lower()}",
            *_percent(ends),
            replace(as_settled(ground, 2), weights=moved),
        )
    share = ground.settings.policy.sparsity_share
    if 0 < share < 1:
        ends = _beta_ends(share, spread)
        yield Case(
            "weights sparsity_share",
            "Gleshetens vikt mot sårbarhetens",
            *_percent(ends),
            replace(as_settled(ground, 2), sparsity_share=ends),
        )


def _thresholds(ground: Ground) -> Iterator[Case]:
    """Move the two thresholds of a service at a time, then that of vulnerability."""
    wide = ground.settings.certainty.thresholds_share
    factor = np.array([1 - wide, 1 + wide])
    policy = ground.settings.policy
    for number, service in enumerate(ground.services):
        draws = as_settled(ground, 2)
        near, far = draws.near_km.copy(), draws.far_km.copy()
        near[:, number] *= factor
        far[:, number] *= factor
        low, high = (f"{_km(near[row, number])}–{_km(far[row, number])} km" for row in (0, 1))
        title = f"Gränser {service_name(service).lower()}"
        moved = replace(draws, near_km=near, far_km=far)
        yield Case(f"thresholds {service}", title, low, high, moved)
    full = policy.vulnerability_km * factor
    yield Case(
        "thresholds vulnerability_km",
        "Gräns för full sårbarhet",
        f"{_km(full[0])} km",
        f"{_km(full[1])} km",
        replace(as_settled(ground, 2), vulnerability_km=full),
    )


def _speeds(ground: Ground) -> Case:
    """Slow down the main roads and speed up the others, and the other way round."""
    wide = ground.settings.certainty.speeds_share
    draws = as_settled(ground, 2)
    if ground.settings.policy.way == "fastest":
        speeds = tuple(
            {
                name: 1 + sign * wide * (1 if name.removesuffix("_link") in MAIN_ROADS else -1)
                for name in ground.settings.network.class_speeds_kmh
            }
            for sign in (-1, 1)
        )
        draws = replace(draws, speeds=speeds, network=np.arange(2))
    percent = f"{100 * wide:.0f} %"
    return Case(
        "speeds",
        "Hastighet på större vägar mot mindre",
        f"−{percent} mot +{percent}",
        f"+{percent} mot −{percent}",
        draws,
    )


def _sites(ground: Ground) -> Iterator[Case]:
    """Count unconfirmed sites or not; miss one confirmed place at a time."""
    if not ground.confirmed.all():
        yield Case("sites unconfirmed", "Obekräftade ställen", "inga", "alla", unconfirmed(ground))
    closed = one_by_one(ground, confirmed=True)
    if len(closed):
        base = as_settled(ground)
        with_base = replace(
            as_settled(ground, len(closed) + 1), opened=np.vstack([base.opened, closed.opened])
        )
        title = "Ett bekräftat ställe saknas"
        yield Case("sites missing", title, "inget eller ett annat", "det värsta", with_base, ALL)


def _beta_ends(share: float, spread: float) -> Floats:
    """Return between what nine draws of ten of a weight lie."""
    return np.asarray(beta.ppf(ENDS, spread * share, spread * (1 - share)), dtype=float)


def _percent(shares: Floats) -> tuple[str, str]:
    """Write two shares in whole per cent."""
    return f"{100 * shares[0]:.0f} %", f"{100 * shares[1]:.0f} %"


def _km(value: float) -> str:
    """Write a distance with the decimals that it needs."""
    return f"{value:.3g}".replace(".", ",")

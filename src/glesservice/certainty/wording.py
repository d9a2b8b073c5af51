"""How sure a rank is, as a Swedish sentence made from the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Unconfirmed sites are spoken of when they move an ort by at least so many ranks, or over the
# limit of what is proposed.
TELLING_RANKS = 3


@dataclass(frozen=True)
class Standing:
    """Where one ort stands.

    Attributes
    ----------
    top_share
        Per cent of the draws in which it is proposed.
    low, high
        Its rank interval.
    without, with_all
        Its rank when no unconfirmed site counts, and when all do.
    because_of
        Names of the unconfirmed sites that move it most.
    """

    top_share: float
    low: float
    high: float
    without: float
    with_all: float
    because_of: Sequence[str]


def is_sure(standing: Standing, top: int, sure_share: float) -> bool:
    """Tell whether an ort is surely proposed, or surely not.

    Parameters
    ----------
    standing
        Where it stands.
    top
        How many are proposed.
    sure_share
        The share of the draws that makes sure.

    Returns
    -------
    bool
        False too where unconfirmed sites alone decide.
    """
    certain = 100 * sure_share
    agreed = standing.top_share >= certain or standing.top_share <= 100 - certain
    return agreed and not _decided_by_unconfirmed(standing, top)


def sentence(standing: Standing, top: int, sure_share: float, interval: float) -> str:
    """Return how sure an ort's rank is.

    Parameters
    ----------
    standing
        Where it stands.
    top
        How many are proposed.
    sure_share
        The share of the draws that makes sure.
    interval
        The share of the draws that the rank interval holds.

    Returns
    -------
    str
        One or two Swedish sentences.

    Examples
    --------
    >>> sentence(Standing(99.97, 1, 4, 2, 2, ()), 10, 0.95, 0.9)
    'Säker plats: bland de 10 främsta i över 99 % av dragningarna; platsen är 1–4 i 90 % av dem.'
    >>> print(sentence(Standing(62, 1, 26, 1, 26, ["Stalon Bensin"]), 10, 0.95, 0.9))
    Osäker plats: bland de 10 främsta i 62 % av dragningarna; platsen är 1–26 i 90 % av dem. \
Plats 1 utan obekräftade ställen, 26 om alla räknas; mest betyder Stalon Bensin.
    """
    if not is_sure(standing, top, sure_share):
        verdict = "Osäker plats: bland"
    elif standing.top_share >= 100 * sure_share:
        verdict = "Säker plats: bland"
    else:
        verdict = "Säkert inte föreslagen: bland"
    ranks = f"{standing.low:.0f}"
    if standing.high > standing.low:
        ranks += f"–{standing.high:.0f}"
    said = (
        f"{verdict} de {top} främsta i {_percent(standing.top_share)} av dragningarna; platsen är "
        f"{ranks} i {100 * interval:.0f} % av dem."
    )
    moved = abs(standing.with_all - standing.without) >= TELLING_RANKS
    if moved or _decided_by_unconfirmed(standing, top):
        said += (
            f" Plats {standing.without:.0f} utan obekräftade ställen, {standing.with_all:.0f} om "
            "alla räknas"
        )
        names = " och ".join(standing.because_of)
        said += f"; mest betyder {names}." if names else "."
    return said


def notice(unsure: Sequence[str], others: int, top: int) -> tuple[str, ...]:
    """Return what a reader of the list must know of its first entries.

    Parameters
    ----------
    unsure
        Names of the proposed orter that are not surely so.
    others
        How many of the rest are not surely outside.
    top
        How many are proposed.

    Returns
    -------
    tuple of str
        One Swedish sentence, or none.
    """
    if not unsure:
        return ()
    return (
        f"Med andra rimliga antaganden kan {len(unsure)} av de {top} främsta orterna hamna utanför "
        f"förslaget ({', '.join(unsure)}), och {others} andra är inte säkert utanför det. Se "
        "kolumnen Säkerhet.",
    )


def _decided_by_unconfirmed(standing: Standing, top: int) -> bool:
    """Tell whether the unconfirmed sites decide whether the ort is proposed."""
    return (standing.without <= top) != (standing.with_all <= top)


def _percent(share: float) -> str:
    """Write a share in whole per cent: never 100 for less than all, nor 0 for more than none."""
    if 99 < share < 100:
        return "över 99 %"
    if 0 < share < 1:
        return "under 1 %"
    return f"{share:.0f} %"

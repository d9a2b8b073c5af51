"""What each draw gives each ort, bygd and serviceort."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np

from glesservice.access import MEASURE_OF_WAY
from glesservice.certainty.drawing import Draws, people_of
from glesservice.certainty.ground import Ground
from glesservice.certainty.kernel import score_block
from glesservice.certainty.ways import Ways, driven_at, ways_to_sites
from glesservice.network.graph import Floats, Ints
from glesservice.network.threads import threads

# People of so many cells and draws are held at a time by each worker: 16 MB.
BLOCK = 2_000_000
# So many sites of each service are found for each cell to begin with.
FIRST_K = 8


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came out, one row a draw.

    Attributes
    ----------
    total, people
        Shape (draws, orter): the ort's total, 0-100, and its people.
    added_person_km, without
        Shape (draws, zones): what the loss of all service there adds, weighted, and people whom
        it leaves without.
    """

    total: Floats
    people: Floats
    added_person_km: Floats
    without: Floats


def outcome(ground: Ground, draws: Draws) -> Outcome:
    """Return what each draw gives.

    Parameters
    ----------
    ground
        What the draws start from.
    draws
        The assumptions.

    Returns
    -------
    Outcome
        Exact for every draw: where the sites found do not suffice, more are looked for. The same
        whatever the number of threads.
    """
    shape = (len(draws), len(ground.orter)), (len(draws), len(ground.zones))
    found = Outcome(*(np.zeros(shape[number]) for number in (0, 0, 1, 1)))
    for number, factors in enumerate(draws.speeds):
        rows = np.flatnonzero(draws.network == number)
        if not len(rows):
            continue
        network = driven_at(ground.network, factors)
        k = FIRST_K
        while True:
            ways = ways_to_sites(
                network,
                ground.cells_at,
                ground.sites_at,
                ground.service_of_site,
                len(ground.services),
                k,
                by=MEASURE_OF_WAY[ground.settings.policy.way],
                access_kmh=ground.settings.network.access_kmh,
            )
            if _fill(found, ground, draws, rows, ways):
                break
            k *= 4
    return found


def outcomes(ground: Ground, sets: Sequence[Draws]) -> list[Outcome]:
    """Return what each of several sets of draws gives, each network being searched once.

    Parameters
    ----------
    ground
        What the draws start from.
    sets
        The assumptions.

    Returns
    -------
    list of Outcome
        One a set.
    """
    found = outcome(ground, Draws.joined(sets))
    ends = np.cumsum([len(draws) for draws in sets])
    parts = [slice(end - len(draws), end) for draws, end in zip(sets, ends, strict=True)]
    names = [field.name for field in fields(Outcome)]
    return [Outcome(**{name: getattr(found, name)[part] for name in names}) for part in parts]


def _fill(found: Outcome, ground: Ground, draws: Draws, rows: Ints, ways: Ways) -> bool:
    """Work out some draws; tell whether the ways sufficed."""
    size = int(np.clip(BLOCK // max(1, len(ground.people)), 1, 256))

    def _block(begin: int) -> bool:
        """Work out a block of draws."""
        part = rows[begin : begin + size]
        scored, living, added, without, short = score_block(
            ways.site,
            ways.km,
            ways.count,
            ground.ort_of_cell,
            ground.zone_of_site,
            np.ascontiguousarray(people_of(ground, draws.noise[part]).T),
            draws.opened[part],
            draws.weights[part],
            draws.sparsity_share[part],
            draws.near_km[part],
            draws.far_km[part],
            draws.vulnerability_km[part],
            len(ground.orter),
            len(ground.zones),
        )
        found.total[part] = (scored / living).T
        found.people[part] = living.T
        found.added_person_km[part] = added.T
        found.without[part] = without.T
        return not short.any()

    # The compiled part lets go of the interpreter: blocks are worked out side by side.
    with ThreadPoolExecutor(max_workers=threads()) as workers:
        return all(list(workers.map(_block, range(0, len(rows), size))))

"""How sure the lists are: intervals, sensitivity and a sentence for every ort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from glesservice.certainty.cases import cases_of, one_by_one, unconfirmed
from glesservice.certainty.drawing import Draws, as_settled, drawn
from glesservice.certainty.ground import Ground
from glesservice.certainty.intervals import rank_intervals, ranks_of_draws, summed
from glesservice.certainty.outcomes import Outcome, outcomes
from glesservice.certainty.sensitivity import ranks_in, sensitivity
from glesservice.certainty.wording import Standing, is_sure, notice, sentence
from glesservice.network.graph import Flags, Floats
from glesservice.tables import CERTAINTY_COLUMNS, INTERVAL_COLUMNS, sensitivity_table

# A place that moves an ort's total by less than this is not named.
TELLING_TOTAL = 0.1


@dataclass(frozen=True, eq=False)
class Certainty:
    """How sure the lists are.

    Attributes
    ----------
    orter
        Indexed by ort id: ``rank_low, rank_high, top_share, rank_without_unconfirmed,
        rank_with_unconfirmed, certainty``; the candidates alone.
    bygder, strategic
        Indexed by id: ``rank_low, rank_high, top_share``.
    sensitivity
        Schema ``sensitivity_table``.
    notices
        What a reader of the lists must know, as Swedish sentences.
    """

    orter: pd.DataFrame
    bygder: pd.DataFrame
    strategic: pd.DataFrame
    sensitivity: pd.DataFrame
    notices: tuple[str, ...]


def judge(ground: Ground, orter: pd.DataFrame) -> Certainty:
    """Return how sure the lists are.

    Parameters
    ----------
    ground
        What the draws start from.
    orter
        Table with ``ort_id, name, bygd_id, rank``; the candidates are those with a rank.

    Returns
    -------
    Certainty
        Empty tables where the settings ask for no draws.
    """
    named = orter.set_index("ort_id").reindex(ground.orter)
    ranked = named["rank"].notna().to_numpy()
    if ground.settings.certainty.draws == 0 or not ranked.any():
        return _nothing()
    draws, cases = drawn(ground), list(cases_of(ground))
    places = one_by_one(ground, confirmed=False)
    found, settled, both, alone, *of_cases = outcomes(
        ground,
        [draws, as_settled(ground), unconfirmed(ground), places, *(case.draws for case in cases)],
    )
    rules, top = ground.settings.certainty, ground.settings.policy.top
    intervals = rank_intervals(ranks_in(found, ranked), ground.orter[ranked], top, rules.interval)
    names = _names_that_matter(ground, places, alone.total[:, ranked], both.total[0, ranked])
    table, sure = _with_sentences(intervals, ground, ranks_in(both, ranked), names)
    table.index.name = "ort_id"
    unsure = named[ranked][~sure].sort_values("rank")
    proposed = unsure["rank"] <= top
    return Certainty(
        table,
        _of_bygder(found, named["bygd_id"], top, rules.interval),
        _of_strategic(found, draws.opened, ground),
        sensitivity(ground, cases, of_cases, settled, named["name"], ranked),
        notice(list(unsure.loc[proposed, "name"]), int((~proposed).sum()), top),
    )


def _nothing() -> Certainty:
    """Make the tables without rows."""
    tables = (
        CERTAINTY_COLUMNS,
        INTERVAL_COLUMNS,
        INTERVAL_COLUMNS,
        sensitivity_table().columns,
    )
    # Typed, so that a layer's columns are numbers also where none is known.
    kinds = {"text": "object", "float": "float64"}
    orter, bygder, strategic, swings = (
        pd.DataFrame({column.name: pd.Series(dtype=kinds[column.kind]) for column in columns})
        for columns in tables
    )
    return Certainty(orter, bygder, strategic, swings, ())


def _with_sentences(
    intervals: pd.DataFrame, ground: Ground, both: Floats, because_of: list[list[str]]
) -> tuple[pd.DataFrame, Flags]:
    """Add what unconfirmed sites do to the ranks, and the sentence; tell who is sure."""
    rules, top = ground.settings.certainty, ground.settings.policy.top
    without, with_all = both
    sure, said = [], []
    rows = zip(intervals.to_numpy(), without, with_all, because_of, strict=True)
    for (low, high, share), rank_without, rank_with, names in rows:
        standing = Standing(share, low, high, rank_without, rank_with, names)
        sure.append(is_sure(standing, top, rules.sure_share))
        said.append(sentence(standing, top, rules.sure_share, rules.interval))
    table = intervals.assign(
        rank_without_unconfirmed=without, rank_with_unconfirmed=with_all, certainty=said
    )
    return table, np.array(sure, dtype=bool)


def _names_that_matter(
    ground: Ground, places: Draws, alone: Floats, before: Floats
) -> list[list[str]]:
    """Name for each ort the sites of the unconfirmed place that alone moves it most."""
    if not len(places):
        return [[]] * len(before)
    moved = np.abs(alone - before)
    names = [
        sorted(set(ground.sites.loc[row & ~ground.confirmed, "name"])) for row in places.opened
    ]
    most = moved.argmax(axis=0)
    return [
        names[place] if moved[place, ort] >= TELLING_TOTAL else [] for ort, place in enumerate(most)
    ]


def _of_bygder(found: Outcome, bygd: pd.Series, top: int, interval: float) -> pd.DataFrame:
    """Rank the bygder in each draw: the means over the people of their orter."""
    code, keys = pd.factorize(bygd, sort=True)
    people = summed(found.people, code, len(keys))
    total = summed(found.total * found.people, code, len(keys)) / people
    ranks = ranks_of_draws(total, people)
    return rank_intervals(ranks, np.asarray(keys, dtype=object), top, interval)


def _of_strategic(found: Outcome, opened: Flags, ground: Ground) -> pd.DataFrame:
    """Rank the serviceorter in each draw: who has no site open is last, and not proposed."""
    present = summed(opened.astype(float), ground.zone_of_site, len(ground.zones)) > 0
    ranks = ranks_of_draws(present.astype(float), found.without, found.added_person_km)
    top = ground.settings.policy.top
    table = rank_intervals(ranks, ground.zones, top, ground.settings.certainty.interval)
    return table.assign(top_share=100.0 * ((ranks <= top) & present).mean(axis=0))

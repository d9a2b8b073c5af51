"""What an indicator is."""

from __future__ import annotations

from dataclasses import dataclass

from glesservice.tables.indicators import LOWER

ALL_AGES = "alla"


@dataclass(frozen=True)
class Indicator:
    """One indicator, as it is defined in one year.

    Attributes
    ----------
    id
        Lower-case ASCII, parts divided by points; the same from year to year.
    goal
        Key of ``GOALS``.
    title
        Swedish name.
    definition
        Swedish sentences that tell what is counted, with the year's limits.
    unit
        Swedish unit.
    better
        Which way is better: ``lägre`` or ``högre``.
    decimals
        To which the value is rounded.
    service
        The kind of service; None for all together.
    column
        Column of the municipality's table that holds the number; empty where it is counted from
        other tables.
    age
        Age group in the municipality's table.
    share
        Whether the value is the column's per cent of the people.
    headline
        Whether it is one of the few that stand first in a report.
    sources
        The inputs that it rests on.
    """

    id: str
    goal: str
    title: str
    definition: str
    unit: str
    better: str = LOWER
    decimals: int = 0
    service: str | None = None
    column: str = ""
    age: str = ALL_AGES
    share: bool = False
    headline: bool = False
    sources: tuple[str, ...] = ("population", "services", "roads", "boundary")

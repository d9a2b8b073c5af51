"""What every settings table has in common."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Positive = Annotated[float, Field(gt=0)]
Number = TypeVar("Number", int, float)
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A settings table: unknown keys are refused, values cannot be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def rising(numbers: tuple[Number, ...]) -> tuple[Number, ...]:
    """Return the numbers where each is larger than the one before.

    Parameters
    ----------
    numbers
        Some numbers.

    Returns
    -------
    tuple
        The same numbers.

    Raises
    ------
    ValueError
        If they do not rise.
    """
    if any(after <= before for before, after in pairwise(numbers)):
        raise ValueError("the numbers must rise")
    return numbers

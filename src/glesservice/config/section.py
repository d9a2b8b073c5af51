"""What every settings table has in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from glesservice.swedish import UNSEEN

Positive = Annotated[float, Field(gt=0)]
Number = TypeVar("Number", int, float)
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A settings table: unknown keys are refused, values cannot be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _seen(cls, value: Any) -> Any:
        """Refuse texts that could not stand in every product: nobody sees what is wrong there."""
        if any(UNSEEN.search(text) for text in _texts(value)):
            raise ValueError("this holds signs that cannot be seen: write it anew")
        return value


def _texts(value: object) -> Iterable[str]:
    """Yield the texts of a value; other sections look after their own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for pair in value.items() for part in pair for text in _texts(part))
    elif isinstance(value, tuple):
        yield from (text for part in value for text in _texts(part))


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


def section_in(annotation: Any) -> Any:
    """Return the settings table inside an annotation such as ``tuple[Roads, ...]``, or None.

    Parameters
    ----------
    annotation
        What a field is declared as.
    """
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = section_in(inner)
        if found is not None:
            return found
    return None

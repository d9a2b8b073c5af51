"""What can go wrong, each with a hint for the person who can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong: what, where, and how to mend it.

    Attributes
    ----------
    what
        What is wrong, as one sentence without the final stop.
    where
        The place: file, layer, row, column or settings key.
    mend
        What to do about it, as an imperative sentence without the final stop.
    """

    what: str
    where: str
    mend: str

    def __str__(self) -> str:
        """Return the fault as one line."""
        return f"{self.where}: {self.what}. {self.mend}."


class GlesserviceError(Exception):
    """Anything the program itself found to be wrong.

    Parameters
    ----------
    *faults
        Everything found, so that all can be mended in one go. At least one.

    Examples
    --------
    >>> missing = Fault("the file is missing", "orter.gpkg", "Correct the path")
    >>> try:
    ...     raise InputError(missing)
    ... except GlesserviceError as error:
    ...     print(error)
    orter.gpkg: the file is missing. Correct the path.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults: Sequence[Fault] = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class SettingsError(GlesserviceError):
    """The settings file cannot be used."""


class InputError(GlesserviceError):
    """An input file cannot be used."""


class NetworkError(GlesserviceError):
    """The roads do not make a network that can answer the question."""


class OutputError(GlesserviceError):
    """The result cannot be written where it should go."""


class BusyError(OutputError):
    """Another process is writing where the result should go."""


class FetchError(GlesserviceError):
    """Something could not be fetched."""

"""What of a table is not told, and why, value by value."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from glesservice.disclosure.schemas import HIDDEN, WITHHELD, counts, few_words
from glesservice.swedish import number
from glesservice.tables import Table

Bools = npt.NDArray[np.bool_]

# The counts that motives tell.
IN_MOTIVES = (
    *("people", "people_no_road"),
    *("people_served", "people_without", "people_past_limit"),
)


class Marks:
    """The values of one table that are not told, gathered rule by rule.

    Parameters
    ----------
    table
        The schema.
    frame
        The rows.
    floor
        From this number on people are not few.
    """

    def __init__(self, table: Table, frame: pd.DataFrame, floor: int) -> None:
        self.table, self.frame, self.floor = table, frame, floor
        self._few: dict[str, Bools] = {}
        self._withheld: dict[str, Bools] = {}

    def is_few(self, people: pd.Series) -> Bools:
        """Tell which numbers are of few people.

        Parameters
        ----------
        people
            Numbers of people.
        """
        size = people.abs()  # of a change, too
        return np.asarray((size > 1e-9) & (size < self.floor), dtype=bool)

    def is_told(self, name: str) -> Bools:
        """Tell in which rows a value is told.

        Parameters
        ----------
        name
            The column.
        """
        none = np.zeros(len(self.frame), dtype=bool)
        return ~(self._few.get(name, none) | self._withheld.get(name, none))

    def hide_few(self, name: str, people: pd.Series | None = None) -> None:
        """Hide the values that few people make up.

        Parameters
        ----------
        name
            The column.
        people
            The people who make up each value; the value itself where not given.
        """
        self._mark(self._few, name, self.is_few(self.frame[name] if people is None else people))

    def withhold(self, name: str, rows: Bools) -> None:
        """Hide values that others would follow from.

        Parameters
        ----------
        name
            The column.
        rows
            Which rows.
        """
        self._mark(self._withheld, name, rows)

    def withhold_remainder(self, name: str, total: pd.Series) -> None:
        """Hide the values that leave few people of a total.

        Parameters
        ----------
        name
            The column.
        total
            What each value is a part of.
        """
        self.withhold(name, self.is_few(total - self.frame[name]))

    def hidden(self) -> pd.DataFrame:
        """Return the rows without what is not told, which is named in a column of its own."""
        frame = self.frame.copy()
        if not counts(self.table):
            return frame
        said: list[list[str]] = [[] for _ in range(len(frame))]
        for column in self.table.columns:
            few = self._few.get(column.name, np.zeros(len(frame), dtype=bool))
            gone = few | self._withheld.get(column.name, few)
            if not gone.any():
                continue
            for row in np.flatnonzero(gone):
                words = few_words(self.floor) if few[row] else WITHHELD
                said[row].append(f"{column.title}: {words}")
            if column.kind == "text":
                frame[column.name] = frame[column.name].where(~gone, None)
            else:
                if "motive" in frame and column.unit:
                    frame["motive"] = self._without_number(frame, column.name, gone)
                frame[column.name] = frame[column.name].astype(float).where(~gone)
        texts = [("; ".join(parts) or None) for parts in said]
        frame[HIDDEN.name] = pd.Series(texts, index=frame.index, dtype=object)
        return frame

    def _mark(self, marks: dict[str, Bools], name: str, rows: Bools) -> None:
        """Add rows to those that are marked."""
        told = np.asarray(rows, dtype=bool) & self.frame[name].notna().to_numpy()
        marks[name] = marks.get(name, np.zeros(len(self.frame), dtype=bool)) | told

    def _without_number(self, frame: pd.DataFrame, name: str, gone: Bools) -> pd.Series:
        """Take numbers that are not told out of the motives."""
        motives = frame["motive"].astype(object).copy()
        for row in np.flatnonzero(gone):
            value = float(self.frame[name].iloc[row])
            unit = self.table.column(name).unit
            label = motives.index[int(row)]
            if unit == "personer" and name in IN_MOTIVES and value >= self.floor:
                motives[label] = _unnumbered(str(motives[label]), number(value))
            elif unit == "personkm":
                sentences = str(motives[label]).split(". ")
                kept = [part for part in sentences if "personkilometer" not in part]
                motives[label] = ". ".join(kept)
        return motives


def _unnumbered(text: str, people: str) -> str:
    """Write a number of people without the number.

    Examples
    --------
    >>> _unnumbered("34 personer, 20 km bort. Där når 34 personer inget, 134 personer mer.", "34")
    'Boende, 20 km bort. Där når boende inget, 134 personer mer.'
    """
    joined, end = "", 0
    for found in exactly(people).finditer(text):
        joined += text[end : found.start()]
        joined += "Boende" if not joined or joined.endswith(". ") else "boende"
        end = found.end()
    return joined + text[end:]


def exactly(people: str) -> re.Pattern[str]:
    """Return a pattern that finds a number of people, not the end of a larger one.

    Parameters
    ----------
    people
        The number as text.
    """
    return re.compile(rf"(?<![\d\u00a0]){re.escape(people)} personer")

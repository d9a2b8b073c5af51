"""Something for the eye, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Shown:
    """Something for the eye: a notebook shows the HTML, everything else the text.

    Attributes
    ----------
    html
        What a notebook shows.
    text
        What it shows, in words.
    """

    html: str
    text: str

    def __repr__(self) -> str:
        """Return the text."""
        return self.text

    def _repr_html_(self) -> str:
        """Return the HTML."""
        return self.html

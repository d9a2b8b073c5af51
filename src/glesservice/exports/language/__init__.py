"""The products' own words in the language that was asked for; names and data stay as they are.

Swedish is what the code says, so it needs no catalogue. The others lie beside this file as gettext
catalogues; ``python -m glesservice.exports.language.catalogue`` compiles
them.
"""

from __future__ import annotations

import gettext
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from glesservice import swedish

DOMAIN = "glesservice"
FOLDER = Path(__file__).parent
SOURCE = "sv"


@dataclass(frozen=True)
class Language:
    """A language of the products.

    Attributes
    ----------
    code
        The language, as in ``<html lang>``.
    catalogue
        Its words for the Swedish ones.
    """

    code: str
    catalogue: gettext.NullTranslations = field(repr=False)

    def say(self, text: str) -> str:
        """Return the language's text for a Swedish one.

        Parameters
        ----------
        text
            The text in Swedish; one that the catalogue does not know is returned as it is.
        """
        return self.catalogue.gettext(text) if text else text

    def number(self, value: float | None, decimals: int = 0) -> str:
        """Return a number the language's way.

        Parameters
        ----------
        value
            The number; missing values become a dash.
        decimals
            Decimals to show.

        Examples
        --------
        >>> language("en").number(6288.04, 1), language("sv").number(0.5, 1)
        ('6,288.0', '0,5')
        """
        if self.code == SOURCE or value is None or not math.isfinite(value):
            return swedish.number(value, decimals)
        text = f"{abs(value):,.{decimals}f}"
        negative = value < 0 and any(digit in text for digit in "123456789")
        return swedish.MINUS + text if negative else text

    def as_set(self, value: float, most: int = 3) -> str:
        """Return a setting's number with the decimals that it has.

        Parameters
        ----------
        value
            The number.
        most
            The most decimals to show.

        Examples
        --------
        >>> language("sv").as_set(1.5), language("en").as_set(1.5), language("en").as_set(30.0)
        ('1,5', '1.5', '30')
        """
        return self.number(value, swedish.decimals_of(value, most))

    def people(self, value: float | None, floor: int) -> str:
        """Return a number of people, without the exact number where they are few.

        Parameters
        ----------
        value
            People; missing values become a dash.
        floor
            From this number on it is shown; none at all is shown as well.

        Examples
        --------
        >>> language("sv").people(4.0, 10), language("en").people(4.0, 10)
        ('färre än 10', 'fewer than 10')
        """
        if value is not None and 0 < value < floor:
            return self.say("färre än {floor}").format(floor=floor)
        return self.number(value)

    def enumeration(self, parts: Iterable[str]) -> str:
        """Return parts joined as in running text.

        Parameters
        ----------
        parts
            The parts, in their order.

        Examples
        --------
        >>> language("en").enumeration(["a", "b", "c"])
        'a, b and c'
        """
        *before, last = list(parts) or [""]
        return self.say(" och ").join([", ".join(before), last]) if before else last


@cache
def language(code: str) -> Language:
    """Return a language of the products.

    Parameters
    ----------
    code
        ``sv``, or one that has a catalogue.
    """
    if code == SOURCE:
        return Language(code, gettext.NullTranslations())
    return Language(code, gettext.translation(DOMAIN, FOLDER, [code]))

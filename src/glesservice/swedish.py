"""Numbers, names and order the Swedish way: for the products, and for what is said in them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable

# What nobody sees and what turns the text around it: no part of any name. Control characters, marks
# that embed or override the direction of writing, and what no XML may hold.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
MISSING = "–"


# å, ä and ö are letters of their own at the end of the alphabet; other accents order as their base.
_ALPHABET = {letter: chr(ord("z") + offset) for offset, letter in enumerate("åäö", start=1)}


def number(value: float | None, decimals: int = 0) -> str:
    """Return a number with decimal comma and no-break space between thousands.

    Parameters
    ----------
    value
        The number; missing values become a dash.
    decimals
        Decimals to show.

    Returns
    -------
    str
        For instance ``6 288`` or ``38,4``.

    Examples
    --------
    >>> number(6288.0).replace(NO_BREAK_SPACE, " "), number(38.44, 1), number(float("nan"))
    ('6 288', '38,4', '–')
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞"
    text = f"{abs(value):,.{decimals}f}"
    text = text.replace(",", NO_BREAK_SPACE).replace(".", ",")
    negative = value < 0 and any(digit in text for digit in "123456789")
    return MINUS + text if negative else text


def as_set(value: float, most: int = 3) -> str:
    """Return a number of the settings with the decimals that it has, and no others.

    Parameters
    ----------
    value
        The number.
    most
        The most decimals to show.

    Examples
    --------
    >>> as_set(10.0), as_set(12.5), as_set(100 * 0.07), as_set(100 / 3, 1)
    ('10', '12,5', '7', '33,3')
    """
    return number(value, decimals_of(value, most))


def decimals_of(value: float, most: int = 3) -> int:
    """Return how many decimals a number has.

    Parameters
    ----------
    value
        The number.
    most
        What comes out where it has more.

    Examples
    --------
    >>> decimals_of(10.0), decimals_of(12.5), decimals_of(100 / 3, 1)
    (0, 1, 1)
    """
    enough = (some for some in range(most) if math.isclose(value, round(value, some)))
    return next(enough, most)


def people_count(value: float | None, floor: int) -> str:
    """Return a number of people, without the exact number where they are few.

    Parameters
    ----------
    value
        People; missing values become a dash.
    floor
        From this number on it is shown; none at all is shown as well.

    Examples
    --------
    >>> people_count(54.0, 10), people_count(4.0, 10), people_count(0.0, 10)
    ('54', 'färre än 10', '0')
    """
    few = value is not None and 0 < value < floor
    return f"färre än {floor}" if few else number(value)


def collation_key(name: str) -> tuple[str, str]:
    """Return a key that sorts names in Swedish order.

    Parameters
    ----------
    name
        The name.

    Examples
    --------
    >>> sorted(["Ö", "Å", "Ä", "Z", "É", "F"], key=collation_key)
    ['É', 'F', 'Z', 'Å', 'Ä', 'Ö']
    """
    folded = unicodedata.normalize("NFC", name).casefold()
    letters = (
        _ALPHABET.get(letter) or unicodedata.normalize("NFD", letter)[0] for letter in folded
    )
    return "".join(letters), name


def enumeration(parts: Iterable[str]) -> str:
    """Return parts joined as in running Swedish text.

    Parameters
    ----------
    parts
        The parts, in their order.

    Examples
    --------
    >>> enumeration(["a", "b", "c"])
    'a, b och c'
    """
    listed = list(parts)
    return (
        " och ".join([", ".join(listed[:-1]), listed[-1]]) if len(listed) > 1 else "".join(listed)
    )

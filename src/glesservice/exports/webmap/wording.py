"""Sentences about the lists as a whole."""

from __future__ import annotations

from glesservice.exports.language import Language


def municipality(name: str) -> str:
    """Return a municipality's name with the word kommun once.

    Parameters
    ----------
    name
        The name as the settings have it.

    Examples
    --------
    >>> municipality("Vilhelmina"), municipality("Vilhelmina kommun")
    ('Vilhelmina kommun', 'Vilhelmina kommun')
    """
    return name if name.endswith(("kommun", "stad")) else f"{name} kommun"


def proposal(rows: int, top: int, language: Language) -> str:
    """Return how many entries of a list are proposed, as a sentence.

    Parameters
    ----------
    rows
        Entries in the list.
    top
        How many are proposed at most.
    language
        The page's language.

    Examples
    --------
    >>> from glesservice.exports.language import language
    >>> swedish = language("sv")
    >>> proposal(61, 10, swedish), proposal(4, 10, swedish), proposal(0, 10, swedish)
    ('De 10 första av 61 föreslås.', 'Alla 4 föreslås.', 'Listan är tom.')
    """
    if rows == 0:
        return language.say("Listan är tom.")
    if rows <= top:
        return language.say("Alla {rows} föreslås.").format(rows=rows)
    return language.say("De {top} första av {rows} föreslås.").format(top=top, rows=rows)

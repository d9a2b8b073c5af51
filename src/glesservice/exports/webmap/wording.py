"""Sentences in Swedish about the lists as a whole."""

from __future__ import annotations


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


def proposal(rows: int, top: int) -> str:
    """Return how many entries of a list are proposed, as a sentence.

    Parameters
    ----------
    rows
        Entries in the list.
    top
        How many are proposed at most.

    Examples
    --------
    >>> proposal(61, 10), proposal(4, 10), proposal(0, 10)
    ('De 10 första av 61 föreslås.', 'Alla 4 föreslås.', 'Listan är tom.')
    """
    if rows == 0:
        return "Listan är tom."
    return f"De {top} första av {rows} föreslås." if rows > top else f"Alla {rows} föreslås."

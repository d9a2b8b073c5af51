"""Finding the ort that somebody means by its id or its name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from glesservice.errors import Fault


def ids_meant(
    words: Sequence[str], names: Iterable[tuple[str, str]], where: str
) -> tuple[dict[str, str], list[Fault]]:
    """Return which ort each word means.

    Parameters
    ----------
    words
        Ids or names, as somebody wrote them.
    names
        Ids and names of the orter; one may have several names. Of several orter with one name the
        first counts.
    where
        File, for the messages.

    Returns
    -------
    dict, list of Fault
        The id of each word that is understood, and a fault with near matches for each other.

    Examples
    --------
    >>> orter = [("2462-saxnas", "Saxnäs")]
    >>> found, faults = ids_meant(["saxnäs", "Sakksnäs"], orter, "beslut.csv")
    >>> found, faults[0].mend
    ({'saxnäs': '2462-saxnas'}, 'Did you mean Saxnäs')
    """
    pairs = list(names)
    by_name = {name.casefold(): ort for ort, name in reversed(pairs)}
    known = list(dict.fromkeys([*(name for _, name in pairs), *(ort for ort, _ in pairs)]))
    ids = {ort for ort, _ in pairs}
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for word in dict.fromkeys(words):
        ort = word if word in ids else by_name.get(word.casefold())
        if ort is not None:
            found[word] = ort
            continue
        near = difflib.get_close_matches(word, known, n=3, cutoff=0.6)
        mend = f"Did you mean {', '.join(near)}" if near else "Write the name or id of an ort"
        faults.append(Fault(f"there is no ort called {word}", where, mend))
    return found, faults

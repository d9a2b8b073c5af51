"""How many threads a search may take."""

from __future__ import annotations

import os

# Set where several processes share the machine.
VARIABLE = "GLESSERVICE_THREADS"
MOST = 4


def threads() -> int:
    """Return how many threads work side by side: the machine's cores, at most four.

    Fewer where the environment's ``GLESSERVICE_THREADS`` says so. No number depends on it.
    """
    said = os.environ.get(VARIABLE, "")
    return min(MOST, int(said) if said.isdigit() and int(said) else os.cpu_count() or 1)

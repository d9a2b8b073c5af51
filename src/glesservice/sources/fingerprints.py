"""What a file held: its size and a digest, so that a change is seen."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

CHUNK = 1 << 20


def fingerprint(path: Path) -> dict[str, Any]:
    """Return a file's size and SHA-256.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    dict
        ``bytes`` and ``sha256``.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}

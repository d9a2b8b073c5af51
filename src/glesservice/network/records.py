"""Records of what is always read together, so that it lies together in memory.

Points come in any order, so each read is a walk through all of the network: what one point needs of
a link, a chain or a junction should cost one such walk, not six.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Records = npt.NDArray[np.void]

# Bytes that the processor fetches at a time.
LINE = 64


def _record(members: list[tuple[str, type]]) -> np.dtype[Any]:
    """Lay out a record with every member where the processor likes it.

    Given as offsets, since arrays that come back from a file no longer know that they are aligned.
    """
    aligned = np.dtype(members, align=True)
    fields: Mapping[str, Any] = aligned.fields or {}
    return np.dtype(
        {
            "names": [name for name, _ in members],
            "formats": [kind for _, kind in members],
            "offsets": [fields[name][1] for name, _ in members],
            "itemsize": aligned.itemsize,
        }
    )


# Where a link leads: its ends, and which link goes on beyond each of them (-1: a junction).
STEP = _record([("u", np.int32), ("v", np.int32), ("before", np.int32), ("after", np.int32)])
# What is known of a link on its chain: the chain, its number on the chain from 0, whether it is
# drawn against the chain; what lies before it on the chain, and what it takes itself: seconds
# driving onward, seconds on the way back, metres.
LINK = _record(
    [
        ("chain", np.int32),
        ("position", np.int32),
        ("turned", np.bool_),
        ("onward_before", np.float64),
        ("return_before", np.float64),
        ("metres_before", np.float64),
        ("onward", np.float64),
        ("back", np.float64),
        ("metres", np.float64),
    ]
)
# What is known of a chain: the nodes at its ends, how many links it has, and what driving all of it
# takes: seconds onward, seconds on the way back (inf where not allowed), metres.
CHAIN = _record(
    [
        ("first", np.int32),
        ("last", np.int32),
        ("links", np.int32),
        ("onward", np.float64),
        ("back", np.float64),
        ("metres", np.float64),
    ]
)
# A way to a site (-1: to none): what is made smallest, and the other measure of the same way.
LABEL = _record([("cost", np.float64), ("other", np.float64), ("site", np.int32)])
# The same for a point, as it is answered.
WAY = _record([("site", np.int64), ("seconds", np.float64), ("metres", np.float64)])


def empty_records(count: int, kind: np.dtype[Any]) -> Records:
    """Return room for records that begin where the processor begins to fetch.

    Parameters
    ----------
    count
        How many.
    kind
        ``STEP``, ``LINK``, ``CHAIN``, ``LABEL`` or ``WAY``.
    """
    room = np.empty(count * kind.itemsize + LINE, dtype=np.uint8)
    begin = -room.ctypes.data % LINE
    return room[begin : begin + count * kind.itemsize].view(kind)

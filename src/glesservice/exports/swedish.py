"""How the products write numbers and names: the Swedish way, as the rooms below do."""

from glesservice.swedish import (
    MINUS,
    MISSING,
    NO_BREAK_SPACE,
    collation_key,
    enumeration,
    number,
    people_count,
)

__all__ = [
    "MINUS",
    "MISSING",
    "NO_BREAK_SPACE",
    "collation_key",
    "enumeration",
    "number",
    "people_count",
]

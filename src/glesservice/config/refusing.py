"""What is wrong with settings, said as a sentence with a way to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from glesservice.config.section import section_in
from glesservice.errors import Fault


def fault_of(detail: Mapping[str, Any], where: object, model: type[BaseModel]) -> Fault:
    """Return one of pydantic's findings as a sentence for the planner.

    Parameters
    ----------
    detail
        What pydantic tells of it.
    where
        The file, or whatever the settings come from.
    model
        The settings model that was asked.
    """
    keys = [str(key) for key in detail["loc"] if not isinstance(key, int)]
    table, key = ".".join(keys[:-1]), keys[-1] if keys else ""
    place = f"{where}, [{table}] {key}" if table else f"{where}, {key}" if key else str(where)
    if detail["type"] == "extra_forbidden":
        known = _known_keys(keys[:-1], model)
        near = difflib.get_close_matches(keys[-1], known, n=1, cutoff=0.5)
        mend = f"Did you mean {near[0]}" if near else f"Known keys: {', '.join(known)}"
        return Fault(f"the key {keys[-1]} is not known", place, mend)
    if detail["type"] == "missing":
        return Fault("this is missing", place, "Add it to the settings")
    if detail["type"] == "string_type" and isinstance(detail["input"], int | float):
        return Fault("this must be text", place, f'Write it in quotes: "{detail["input"]}"')
    message = str(detail["msg"]).removeprefix("Value error, ")
    return Fault(message[0].lower() + message[1:], place, "Correct the value")


def _known_keys(keys: list[str], model: Any) -> list[str]:
    """List what may stand in the settings table that the keys lead to."""
    for key in keys:
        field = model.model_fields.get(key) if hasattr(model, "model_fields") else None
        if field is None:  # a key of a mapping, such as a service's name: its section is found
            continue
        model = section_in(field.annotation)
    return list(getattr(model, "model_fields", {}))

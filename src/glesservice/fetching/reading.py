"""Reading what came from outside: JSON and XML, whole or not at all."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

from glesservice.fetching.judging import PassingError, plain


def read_json(content: bytes, otherwise: Any = None) -> dict[str, Any]:
    """Return a JSON object.

    Parameters
    ----------
    content
        A whole body.
    otherwise
        Called with the body where it is no JSON, to say so in better words.

    Returns
    -------
    dict
        The object.

    Raises
    ------
    PassingError
        If it is none: broken off, or another format.
    """
    try:
        said = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        if otherwise is not None:
            otherwise(content)
        raise PassingError(f"no whole JSON came ({error}): {plain(content)}") from error
    if not isinstance(said, dict):
        raise PassingError(f"no JSON object came: {plain(content)}")
    return said


def read_xml(content: bytes) -> ElementTree.Element | None:
    """Return the root of an XML document, or nothing where it is broken or defines entities.

    Parameters
    ----------
    content
        A whole body in UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            return None
        return ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314 (above)
    except (ElementTree.ParseError, UnicodeDecodeError, ValueError):
        return None


def _no_number(text: str) -> float:
    """Refuse what JSON does not know as a number."""
    raise ValueError(f"{text} is no number")

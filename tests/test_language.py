"""The catalogues: nothing missing, nothing left over, compiled as they are written."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from tests.webmap_fixtures import SERVICES, small_result, with_decisions

from glesservice.exports.language import language
from glesservice.exports.language.catalogue import catalogues, compiled, messages, renewed
from glesservice.exports.webmap.columns import LISTED, column_texts
from glesservice.exports.webmap.listing import (
    bygder_listing,
    orter_listing,
    sites_listing,
    strategic_listing,
)
from glesservice.exports.webmap.published import published

LISTINGS = (orter_listing, bygder_listing, strategic_listing, sites_listing)
LANGUAGES = sorted(catalogues())


def _written(code: str) -> list[Message]:
    """Return a catalogue's messages as its file has them."""
    from babel.messages.pofile import read_po

    with catalogues()[code].open("rb") as file:
        return [message for message in read_po(file, locale=code) if message.id]


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_there_is_an_english_catalogue() -> None:
    assert "en" in LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated_and_no_other(code: str) -> None:
    written = _written(code)
    assert sorted(str(message.id) for message in written) == messages()
    assert [message.id for message in written if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_has_the_same_values_and_edges(code: str) -> None:
    for message in _written(code):
        swedish, said = str(message.id), str(message.string)
        assert _fields(swedish) == _fields(said), swedish
        assert swedish[0].isspace() == said[0].isspace(), swedish
        assert swedish[-1].isspace() == said[-1].isspace(), swedish


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_compiled_is_what_is_written(code: str) -> None:
    path: Path = catalogues()[code]
    assert path.with_suffix(".mo").read_bytes() == compiled(renewed(code, path))


def test_messages_come_from_templates_scripts_code_and_schemas() -> None:
    found = set(messages())
    assert "Hoppa till listorna" in found  # a template
    assert "Om det stängs" in found  # a script
    assert "Listan är tom." in found  # code
    assert "Km till {service}" in found  # a schema
    assert set(column_texts()) <= found


def test_swedish_needs_no_catalogue_and_unknown_words_stay() -> None:
    assert language("sv").say("Närmast") == "Närmast"
    assert language("en").say("Närmast") == "Nearest"
    assert language("en").say("Kultsjödalen") == "Kultsjödalen"
    assert language("en").say("") == ""


def test_numbers_follow_the_language() -> None:
    assert language("en").number(12345.67, 1) == "12,345.7"
    assert language("sv").number(12345.67, 1) == "12\u00a0345,7"
    assert language("en").number(float("nan")) == "–"
    assert language("en").number(-0.04, 1) == "0.0"
    assert language("en").number(-2.0) == "\u22122"


def test_every_column_that_the_page_lists_can_be_translated() -> None:
    shown = published(with_decisions(small_result(language="en")), before=small_result())
    listings = [make(shown) for make in LISTINGS]
    names = {heading.name for listing in listings for heading in listing.columns}
    assert {_of_any_service(name) for name in names} == LISTED
    for heading in (heading for listing in listings for heading in listing.columns):
        assert not re.search("[åäöÅÄÖ]", heading.title + heading.meaning), heading


def _of_any_service(name: str) -> str:
    for service in SERVICES:
        name = re.sub(f"_{service}$", "_{service}", name)
    return name

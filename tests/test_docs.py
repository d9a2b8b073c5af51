"""The site's made pages say what the program is, no more and no less; its links lead somewhere."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest
from docs.generate import columns, commands, links, rooms, settings

from glesservice import tables
from glesservice.cli import COMMANDS
from glesservice.config import Settings
from glesservice.tables import Table

PROJECT = Path(__file__).parents[1]
KEYS = [(key.section, key) for _, _, keys in settings.sections(Settings) for key in keys]


def test_the_settings_reference_has_every_key_that_a_file_may_hold() -> None:
    told = {(key.section, key.name) for _, key in KEYS}

    def keys_of(model: object, path: tuple[str, ...]) -> set[tuple[str, str]]:
        # The JSON schema is pydantic's own list of what it accepts.
        definitions = schema["$defs"]
        found: set[tuple[str, str]] = set()
        for name, described in model.get("properties", {}).items():  # type: ignore[attr-defined]
            text = str(described)
            inner = re.findall(r"#/\$defs/(\w+)", text)
            if (inner and path == ()) or (inner and "anyOf" not in described):
                below = (*path, name)
                if "additionalProperties" in described:
                    found.add((".".join(path), name))
                    below = (*below, "<service>")
                found |= keys_of(definitions[inner[0]], below)
            else:
                found.add((".".join(path), name))
        return found

    schema = Settings.model_json_schema()
    assert told == keys_of(schema, ())


def test_every_setting_says_what_it_means_as_sentences() -> None:
    silent = [f"{key.section}.{key.name}" for _, key in KEYS if not key.meaning.endswith(".")]
    assert silent == []


def test_a_default_is_told_as_the_file_would_write_it() -> None:
    page = settings.page()
    assert "### `village_km`\n\n{.facts}\ndefault `3` · km · > 0" in page
    assert "| `kontanter` | `25` | `50` |" in page
    assert 'one of `"shortest"`, `"fastest"`' in page


def test_the_command_reference_has_every_subcommand_and_option() -> None:
    found = commands.subcommands()
    assert [f"glesservice.cli.{name}" for name in found] == [c.__name__ for c in COMMANDS]
    page = commands.page()
    for command in found.values():
        for option in command._option_string_actions:
            assert option in {"-h", "--help"} or f"`{option}" in page
    assert "%(" not in page


def test_the_reference_of_tables_has_every_table_that_is_declared() -> None:
    told = {table.name for group in columns.groups().values() for table in group}
    declared = {
        value.name for name in tables.__all__ if isinstance(value := getattr(tables, name), Table)
    }
    assert declared <= told
    source = inspect.getsource(columns)
    makers = [name for name in tables.__all__ if name.endswith(("_table", "_changes"))]
    assert len(makers) > 10
    assert [name for name in makers if f"tables.{name}(" not in source] == []


def test_the_picture_has_every_room_of_the_package_and_every_dot_points_down() -> None:
    source = PROJECT / "src" / "glesservice"
    there = {path.stem for path in source.iterdir() if path.suffix == ".py" or path.is_dir()}
    found = rooms.rooms()
    assert set(found.names) == there - {"__init__", "__main__", "__pycache__", "py", "data"}
    level = dict(zip(found.names, found.level, strict=True))
    assert all(level[room] < level[other] for room, other in found.imports)
    assert ("pipeline", "analysis") in found.imports
    assert rooms.picture(found).count('class="import"') == len(found.imports)


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<a href="b.html">', "leads to no file"),
        ('<a href="#there">', "leads to no place"),
        ('<script src="https://example.org/x.js"></script>', "from another server"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "from another server"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(tmp_path: Path, html: str, fault: str) -> None:
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    assert [fault in found for found in links.faults(tmp_path)] == [True]


def test_links_to_pages_places_and_other_sites_are_sound(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here"><a href="b.html#å"><a href="https://scb.se/nowhere">',
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text('<p id="å">', encoding="utf-8")
    assert list(links.faults(tmp_path)) == []


ANALYSTS = ("glesservice", "glesservice.network", "glesservice.measures", "glesservice.scenarios")
# What is shown where it costs nothing more: each is called there, and that runs too.
SHOWN_ELSEWHERE = {
    "compare_years": "src/glesservice/comparison_run.py",
    "show_map": "notebooks/1_kom_igang.py",
    "show_picture": "notebooks/1_kom_igang.py",
}


def public_objects() -> dict[str, object]:
    """List the functions and classes that analysts are told of."""
    rooms = [importlib.import_module(name) for name in (*ANALYSTS, "glesservice.comparison")]
    found = {name: getattr(room, name) for room in rooms for name in room.__all__}
    return {name: o for name, o in found.items() if inspect.isclass(o) or inspect.isfunction(o)}


def test_every_public_object_says_what_it_is_and_shows_it_in_an_example() -> None:
    public = public_objects()
    texts = {name: inspect.getdoc(o) or "" for name, o in public.items()}
    for name, where in SHOWN_ELSEWHERE.items():
        assert f"{name}(" in (PROJECT / where).read_text(encoding="utf-8")
    assert [name for name, text in texts.items() if len(text) < 20] == []
    # What a function with an example returns is shown by it, and so is what an example uses.
    methods = {
        f"{name}.{method}": function
        for name, o in public.items()
        if inspect.isclass(o)
        for method, function in inspect.getmembers(o, inspect.isfunction)
    }
    callables = {**public, **methods}
    texts |= {name: inspect.getdoc(function) or "" for name, function in methods.items()}
    shown = " ".join(
        f"{inspect.signature(callables[name]).return_annotation} {text.partition('Examples')[2]}"  # type: ignore[arg-type]
        for name, text in texts.items()
        if ">>>" in text
    )
    silent = [
        name
        for name in public
        if ">>>" not in texts[name]
        and name not in SHOWN_ELSEWHERE
        and not (inspect.isclass(public[name]) and re.search(rf"\b{name}\b", shown))
    ]
    assert silent == []


def test_the_api_page_has_every_room_for_analysts() -> None:
    page = (PROJECT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert set(ANALYSTS) <= set(re.findall(r"automodule:: ([\w.]+)", page))


def test_the_package_tells_type_checkers_that_it_is_typed() -> None:
    assert (PROJECT / "src" / "glesservice" / "py.typed").exists()

"""Every broken input is answered by its own fault, soon, in little memory; never by a number."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from tests.broken_files import BROKEN, HEAD, ROW, Broken
from tests.driving import PROFILE
from tests.reading_apart import Apart, apart

from glesservice.cli import UNUSABLE
from glesservice.config import (
    Area,
    Boundary,
    Population,
    Roads,
    Services,
    Settlements,
    embedded_settings,
    load_settings,
)
from glesservice.errors import GlesserviceError, InputError
from glesservice.sources import (
    read_boundary,
    read_population,
    read_roads,
    read_services,
    read_settlements,
)

SECONDS, BYTES = 10.0, 500_000_000
READERS = {
    "services": lambda path: read_services(Services(path=path)),
    "population": lambda path: read_population(Population(path=path)),
    "settlements": lambda path: read_settlements(Settlements(path=path)),
    "boundary": lambda path: read_boundary(
        Boundary(path=path), Area(kommun="2462", name="Vilhelmina", year=2026)
    ),
    "roads": lambda path: read_roads([Roads(path=path)]),
}


@pytest.fixture(scope="module")
def command() -> Iterator[Apart]:
    """Return what runs the command in processes of its own."""
    with apart() as started:
        yield started


def made(broken: Broken, folder: Path) -> Path:
    path = folder / broken.file
    broken.make(path)
    return path


def test_there_are_many_and_each_is_another() -> None:
    assert len(BROKEN) >= 50
    assert len({broken.name for broken in BROKEN}) == len(BROKEN)


@pytest.mark.parametrize(
    "broken", [b for b in BROKEN if not b.dangerous], ids=lambda broken: broken.name
)
@pytest.mark.filterwarnings("ignore:'crs' was not provided:UserWarning")
def test_a_broken_input_is_answered_by_its_fault(broken: Broken, tmp_path: Path) -> None:
    path = made(broken, tmp_path)
    begin = time.perf_counter()
    with pytest.raises(InputError) as refused:
        READERS[broken.table](path)
    assert time.perf_counter() - begin < SECONDS
    assert broken.said in str(refused.value)
    for fault in refused.value.faults:
        assert str(path) in fault.where or fault.where.startswith("[")
        assert fault.mend


@pytest.mark.parametrize(
    "broken", [b for b in BROKEN if b.dangerous], ids=lambda broken: broken.name
)
def test_a_dangerous_input_is_refused_soon_and_in_little_memory(
    broken: Broken, tmp_path: Path, command: Apart
) -> None:
    path = made(broken, tmp_path)
    settings = tmp_path / "glesservice.toml"
    folder = embedded_settings().parent.as_posix()
    text = embedded_settings().read_text(encoding="utf-8").replace('path = "', f'path = "{folder}/')
    begin, _, rest = text.partition(f"[{broken.table}]")
    lines = [line for line in rest.splitlines() if not line.startswith("layer =")]
    lines[1] = f'path = "{path.as_posix()}"'
    settings.write_text(begin + f"[{broken.table}]\n" + "\n".join(lines[1:]), encoding="utf-8")
    out = tmp_path / "out"
    done = command("run", "--config", str(settings), "--output", str(out))
    assert done.code == UNUSABLE, done.said
    assert broken.said in done.said
    assert "unexpected" not in done.said
    assert not out.exists()
    # Processor time: the machine may be shared.
    held = f"{done.bytes_after / 1e6:.0f} MB, {done.bytes_before / 1e6:.0f} before reading"
    assert 0 < done.bytes_before <= done.bytes_after < BYTES, held
    assert done.seconds < SECONDS


# Anything at all


def refused(read: Callable[[], object]) -> list[str] | None:
    """Tell what was refused; anything but a clean refusal comes through."""
    try:
        read()
    except GlesserviceError as error:
        return [str(fault) for fault in error.faults]
    return None


_FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
_WORDS = st.sampled_from(
    ["namn", "tjänst", "lat", "lon", "N", "E", "id", "status", "datum", "65,2", "16", "7200000",
     "550000", "öppen", "dagligvaror", "2025-13-40", "nan", "inf", "-1", "1e400", '"', "",
     "EXEMPEL"]
)  # fmt: skip
_LINES = st.lists(st.lists(_FIELD | _WORDS, max_size=6), max_size=6)


@st.composite
def _tables(draw: st.DrawFn) -> bytes:
    """Draw bytes that are more or less a table."""
    if draw(st.integers(0, 3)) == 0:
        return draw(st.binary(max_size=300))
    separator = draw(st.sampled_from([";", ",", "\t"]))
    lines = [separator.join(line) for line in draw(_LINES)]
    if draw(st.booleans()):
        lines = [HEAD.strip(), ROW.strip(), *lines]
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]))
    return "\n".join(lines).encode(encoding, errors="replace")


@pytest.mark.parametrize("table", ["services", "settlements", "population"])
@given(content=_tables())
@profile(max_examples=150, **PROFILE)
def test_any_table_is_read_or_refused_cleanly(
    table: str, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"fuzz-{table}.csv"
    path.write_bytes(content)
    assert refused(lambda: READERS[table](path)) != []


_KEYS = st.sampled_from(
    ["area", "population", "settlements", "services", "roads", "boundary", "network", "orter",
     "policy", "publication", "path", "kommun", "name", "year", "buffer_km", "crs", "date", "layer",
     "value", "square_m", "status", "unconfirmed", "classes", "where", "services.x", "weight"]
) | st.text(st.sampled_from("abcåö_-. \"'[]"), max_size=5)  # fmt: skip
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | _FIELD
    | st.just("a\0b")
    | _WORDS
    | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=6,
)


def _toml(value: object) -> str:
    """Write a value as TOML, or nearly so."""
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{k}" = {_toml(v)}' for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    # Escapes are written the same way, so that most of what is drawn is understood as TOML.
    return json.dumps(value) if isinstance(value, str) else str(value)


@given(
    st.lists(st.tuples(_KEYS, st.dictionaries(_KEYS, _VALUES, max_size=4)), max_size=5),
    st.booleans(),
)
@profile(max_examples=400, **PROFILE)
def test_any_settings_are_read_or_refused_cleanly(
    tmp_path_factory: pytest.TempPathFactory,
    tables: list[tuple[str, dict[str, object]]],
    upon_good_ones: bool,
) -> None:
    lines = []
    for name, keys in tables:
        lines.append(f"[{name}]")
        lines += [f"{key} = {_toml(value)}" for key, value in keys.items()]
    text = "\n".join(lines)
    if upon_good_ones:
        text = embedded_settings().read_text(encoding="utf-8") + "\n" + text
    path = tmp_path_factory.getbasetemp() / "fuzz.toml"
    path.write_bytes(text.encode("utf-8", errors="replace"))
    assert refused(lambda: load_settings(path)) != []


@given(st.dictionaries(_KEYS, _VALUES, max_size=4))
@profile(max_examples=200, **PROFILE)
def test_any_value_of_the_services_table_is_read_or_refused_cleanly(
    tmp_path_factory: pytest.TempPathFactory, keys: dict[str, object]
) -> None:
    text = embedded_settings().read_text(encoding="utf-8")
    said = "\n".join(f'"{key}" = {_toml(value)}' for key, value in keys.items())
    path = tmp_path_factory.getbasetemp() / "fuzz-services.toml"
    path.write_bytes(text.replace("[services]", f"[services]\n{said}").encode("utf-8", "replace"))
    assert refused(lambda: load_settings(path)) != []

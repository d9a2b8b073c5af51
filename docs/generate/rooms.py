"""The picture of the architecture: the rooms of the contract, and who really imports whom."""

from __future__ import annotations

import ast
import html
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import grimp

PROJECT = Path(__file__).parents[2]
PACKAGE = "glesservice"

ROW = 24
NAMES = 118
DOT = 18


@dataclass(frozen=True)
class Rooms:
    """The rooms from the top down, and the imports between them.

    Attributes
    ----------
    names
        The rooms in the order of the contract.
    jobs
        The first sentence of each room's docstring.
    level
        The row of the contract that each room stands in.
    imports
        Pairs of rooms: the first really imports the second.
    """

    names: tuple[str, ...]
    jobs: tuple[str, ...]
    level: tuple[int, ...]
    imports: frozenset[tuple[str, str]]


def rooms() -> Rooms:
    """Return the rooms of the contract in ``pyproject.toml``, and the imports in the code."""
    names, level = zip(*contract(), strict=True)
    graph = grimp.build_graph(PACKAGE, cache_dir=None)
    known = set(names)
    imports = {
        (room, other)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if (room := _room(module)) != (other := _room(imported)) and {room, other} <= known
    }
    return Rooms(names, tuple(map(_job, names)), level, frozenset(imports))


def contract() -> Iterator[tuple[str, int]]:
    """Yield each room that the import contract names, with its row."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    for row, layer in enumerate(layers):
        for name in layer.split("|"):
            yield name.strip().removeprefix(f"{PACKAGE}."), row


def page() -> str:
    """Return the rooms with their jobs as a MyST table."""
    from docs.generate.markdown import code, table, text  # noqa: PLC0415

    found = rooms()
    lines = table(
        ["room", "its one job"],
        [[code(name), text(job)] for name, job in zip(found.names, found.jobs, strict=True)],
    )
    return "\n".join(lines)


def picture(found: Rooms) -> str:
    """Return the picture as SVG: a row a room, a dot in the column of each room that it imports.

    Parameters
    ----------
    found
        The rooms.
    """
    count = len(found.names)
    width, height = NAMES + count * DOT + 12, count * ROW + NAMES
    below = all(
        found.level[found.names.index(a)] < found.level[found.names.index(b)]
        for a, b in found.imports
    )
    said = (
        f"The {count} rooms from the command at the top to the errors at the bottom; a dot says "
        f"that the row's room imports the column's. "
        + (
            "All dots lie right of the diagonal: imports go one way, down."
            if below
            else "Some dots lie left of the diagonal."
        )
    )
    parts = [
        f'<svg class="rooms" role="img" viewBox="0 0 {width} {height}" '
        f'xmlns="http://www.w3.org/2000/svg" aria-label="{html.escape(said)}">',
        *_grid(found.names),
    ]
    for room, other in sorted(found.imports):
        x, y = _middle(found.names, room, other)
        parts.append(
            f'<circle class="import" cx="{x}" cy="{y}" r="4.5"><title>{html.escape(room)} imports '
            f"{html.escape(other)}</title></circle>"
        )
    return "\n".join([*parts, "</svg>"])


def _grid(names: Sequence[str]) -> Iterator[str]:
    """Draw the names on both sides, a stripe for every second row, and the diagonal."""
    for n, name in enumerate(names):
        y = NAMES + n * ROW
        width = NAMES + len(names) * DOT
        if n % 2:
            yield f'<rect class="stripe" x="0" y="{y}" width="{width}" height="{ROW}"/>'
        yield f'<text class="room" x="{NAMES - 8}" y="{y + ROW / 2 + 4}">{html.escape(name)}</text>'
        x, _ = _middle(names, name, name)
        yield (
            f'<text class="column" transform="translate({x + 4} {NAMES - 8}) rotate(-90)">'
            f"{html.escape(name)}</text>"
        )
        yield (f'<rect class="self" x="{x - DOT / 2}" y="{y}" width="{DOT}" height="{ROW}"/>')


def _middle(names: Sequence[str], room: str, other: str) -> tuple[float, float]:
    """Return the middle of the field in a room's row and another's column."""
    return (
        NAMES + names.index(other) * DOT + DOT / 2,
        NAMES + names.index(room) * ROW + ROW / 2,
    )


def _room(module: str) -> str:
    """Return the room that a module belongs to."""
    return module.removeprefix(PACKAGE).lstrip(".").partition(".")[0]


def _job(name: str) -> str:
    """Return the first sentence of a room's docstring, without importing it."""
    source = PROJECT / "src" / PACKAGE
    file = source / f"{name}.py"
    if not file.exists():
        file = source / name / "__init__.py"
    told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(told.split("\n\n")[0].split()).replace("``", "`")

"""What the products say, and the catalogues that say it in other languages.

``python -m glesservice.exports.language.catalogue`` adds to each catalogue what the code has begun
to say, drops what it no longer says, and compiles it. What is added has to be translated by hand.
"""

from __future__ import annotations

import ast
import io
import re
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from glesservice.exports.cartography import DISTANCE_KM, NO_ROAD_LABEL
from glesservice.exports.language import DOMAIN, FOLDER
from glesservice.exports.webmap.columns import CAPTIONS, column_texts
from glesservice.exports.webmap.page import script_texts
from glesservice.tables.words import SERVICE_NAMES, SERVICE_PLACES, TERMS

_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_IN_TEMPLATE = re.compile(r'\b_\("([^"]+)"\)')


def messages() -> list[str]:
    """Return every text that the products say in the reader's language, in Swedish."""
    said = {
        *script_texts(),
        *column_texts(),
        *CAPTIONS.values(),
        *DISTANCE_KM.labels,
        NO_ROAD_LABEL,
    }
    said |= {*SERVICE_NAMES.values(), *SERVICE_PLACES.values(), *TERMS.values()}
    exports = resources.files("glesservice.exports")
    for path in sorted(Path(str(exports)).rglob("*")):
        if path.suffix == ".j2":
            said |= set(_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
        elif path.suffix == ".py":
            said |= _said_in(path.read_text(encoding="utf-8"))
    return sorted(said)


def catalogues() -> dict[str, Path]:
    """Return the catalogues by language, as they are written."""
    return {path.parts[-3]: path for path in sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))}


def renewed(code: str, path: Path) -> Catalog:
    """Return a catalogue with the messages of today, the translations kept.

    Parameters
    ----------
    code
        Its language.
    path
        The catalogue as it is written.
    """
    with path.open("rb") as file:
        before = read_po(file, locale=code)
    # The same dates always: what is compiled hangs on the words alone.
    catalogue = Catalog(
        locale=code, project=DOMAIN, version="1", creation_date=_DATE, revision_date=_DATE
    )
    for text in messages():
        known = before.get(text)
        catalogue.add(text, known.string if known is not None else "")
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it.

    Parameters
    ----------
    catalogue
        The catalogue.
    """
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def main() -> None:
    """Bring all catalogues up to date."""
    for code, path in catalogues().items():
        catalogue = renewed(code, path)
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, omit_header=True, sort_output=True)
        path.with_suffix(".mo").write_bytes(compiled(catalogue))


def _said_in(code: str) -> set[str]:
    """Return the texts that stand in calls of ``say`` in Python code."""
    calls = [
        node
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "say"
    ]
    return {
        part.value
        for call in calls
        for argument in call.args
        for part in ([argument] if isinstance(argument, ast.Constant) else _branches(argument))
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _branches(node: ast.expr) -> list[ast.expr]:
    """Return both texts of an either-or; nothing of what is worked out otherwise."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else []


if __name__ == "__main__":
    main()

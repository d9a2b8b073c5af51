"""The municipality's own words: a text file beside the settings, read anew for every report."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from glesservice.errors import Fault, InputError
from glesservice.report.document import Listing, Own, Paragraph

# The fields in their order, with what is asked for. Each is told in the report under its heading.
FIELDS: Mapping[str, str] = {
    "Inledning": "Varför rapporten skrivs, och vad som är viktigast i år.",
    "Kommentar till läget": "Hur kommunen ser på siffrorna.",
    "Kommentar till förändringarna": "Vad kommunen vet om det som har ändrats sedan förra året.",
    "Arbete under året": "Vad som har gjorts: serviceforum, samverkan, stöd till service.",
    "Förbättringsområden": "Vad kommunen vill stärka, och varför.",
    "Aktiviteter framåt": "Vad som ska göras, vem som ansvarar och när det ska vara klart.",
    "Samverkan": "Vad som behövs tillsammans med grannkommuner, regionen och näringslivet.",
}
MOST_BYTES = 1_000_000
_HEADING = re.compile(r"^(#+)\s*(.*?)\s*#*\s*$")
_ITEM = re.compile(r"^\s*[-*•]\s+(.*)$")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True)
class OwnText:
    """What the municipality has written.

    Attributes
    ----------
    name
        The file's name, as the report calls it.
    words
        By heading, what stands under it.
    remarks
        What could not be used, one English sentence each, for the terminal.
    """

    name: str = "rapporttext.md"
    words: Mapping[str, tuple[Paragraph | Listing, ...]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def of(self, heading: str) -> Own:
        """Return a field of the report.

        Parameters
        ----------
        heading
            One of ``FIELDS``.
        """
        prompt = f"{FIELDS[heading]} Skrivs i {self.name} under rubriken {heading}."
        return Own(heading, prompt, tuple(self.words.get(heading, ())))


def starter() -> str:
    """Return the file as it is before anybody has written in it."""
    lines = [
        "<!-- Kommunens egna ord i årsrapporten. Skriv under rubrikerna. Filen ändras aldrig av",
        "programmet. Ändra inte rubrikerna. Tom rad mellan stycken; rad som börjar med - är en",
        "punkt i en lista. Det som står mellan dessa tecken visas inte. -->",
        "",
    ]
    for heading, prompt in FIELDS.items():
        lines += [f"## {heading}", "", f"<!-- {prompt} -->", ""]
    return "\n".join(lines)


def make_own_text(path: Path) -> bool:
    """Make the file where there is none, and return whether it was made.

    Parameters
    ----------
    path
        The file.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(starter())
    except OSError:  # it is there, or nobody may write there: the report is made without it
        return False
    return True


def read_own_text(path: Path) -> OwnText:
    """Return the municipality's own words.

    Parameters
    ----------
    path
        The file; nothing is written where it is missing.

    Returns
    -------
    OwnText
        What stands under each heading that is known, and remarks on what is not used.

    Raises
    ------
    InputError
        If the file is no text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return OwnText(path.name)
    except OSError as error:
        raise InputError(
            Fault(f"the own text cannot be read ({error.strerror})", str(path), "Close or mend it")
        ) from error
    if b"\0" in content or len(content) > MOST_BYTES:
        raise InputError(
            Fault(
                "the own text is no plain text, or larger than 1 MB",
                str(path),
                "Save it as plain text in UTF-8; remove it to get a new one",
            )
        )
    try:
        return _understood(content.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError:
        # What Windows' editors call ANSI.
        return _understood(content.decode("cp1252", errors="replace"), path.name)


def _understood(text: str, name: str) -> OwnText:
    """Sort the lines under their headings."""
    words: dict[str, list[str]] = {}
    remarks: list[str] = []
    here: list[str] = []
    loose = here
    for line in _COMMENT.sub("", text).splitlines():
        match = _HEADING.match(line)
        if not match:
            here.append(line)
            continue
        heading = _known(match[2])
        here = []
        if heading is None:
            remarks.append(_unknown(match[2], name))
        elif heading in words:
            remarks.append(
                f"{name}: the heading {heading} stands twice; both texts are in the report."
            )
            here = words[heading]
            here.append("")
        else:
            words[heading] = here
    if any(line.strip() for line in loose):
        remarks.append(f"{name}: what stands before the first heading is not in the report.")
    blocks = {heading: _blocks(lines) for heading, lines in words.items()}
    return OwnText(name, {key: found for key, found in blocks.items() if found}, tuple(remarks))


def _known(heading: str) -> str | None:
    """Find the field that a heading means: letter case and outer colons do not matter."""
    plain = heading.strip(" :").casefold()
    return next((known for known in FIELDS if known.casefold() == plain), None)


def _unknown(heading: str, name: str) -> str:
    """Say that a heading is not one of the fields, and which may be meant."""
    near = difflib.get_close_matches(heading, FIELDS, n=1, cutoff=0.5)
    shown = heading[:60] or "without words"
    hint = f"did you mean {near[0]}?" if near else f"the headings are {', '.join(FIELDS)}."
    return f"{name}: the heading {shown} is not known, its text is not in the report; {hint}"


def _blocks(lines: list[str]) -> tuple[Paragraph | Listing, ...]:
    """Make paragraphs and lists of lines."""
    blocks: list[Paragraph | Listing] = []
    text: list[str] = []
    items: list[str] = []

    def _end() -> None:
        if text:
            blocks.append(Paragraph(" ".join(text)))
        if items:
            blocks.append(Listing(tuple(items)))
        text.clear()
        items.clear()

    for line in lines:
        item = _ITEM.match(line)
        if item:
            if text:
                _end()
            items.append(item[1].strip())
        elif not line.strip():
            _end()
        elif items:
            items[-1] += f" {line.strip()}"
        else:
            text.append(line.strip())
    _end()
    return tuple(blocks)

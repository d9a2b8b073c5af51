"""``sammanstallning.xlsx``: one row a municipality and indicator, and all orter."""

from __future__ import annotations

from pathlib import Path

from glesservice.exports.method import Lines, distances, sources
from glesservice.exports.overview.together import Together
from glesservice.exports.workbook import write_sheets
from glesservice.swedish import number
from glesservice.tables import (
    INDICATORS_TOGETHER,
    kommuner_table,
    orter_together_table,
)


def write_workbook(together: Together, path: Path) -> None:
    """Write the workbook.

    Parameters
    ----------
    together
        What the municipalities say together.
    path
        The file to write.
    """
    services = together.services
    sheets = [
        ("Kommuner", together.kommuner, kommuner_table(services)),
        ("Indikatorer", together.indicators, INDICATORS_TOGETHER),
        ("Orter i alla kommuner", together.orter, orter_together_table(services)),
    ]
    method = [("Metod och källor", together.heading), distances(together.settings)]
    method += sources(together.settings)
    title = f"Service i {together.heading}"
    write_sheets(path, title, _guide(together), sheets, method)


def _guide(together: Together) -> Lines:
    """Say what a reader must know before the tables."""
    return [
        ("Underlag", f"Servicens gleshet i {together.heading}"),
        (
            "Användning",
            "Underlag för beslut, aldrig en rätt till stöd. Varje kommuns fullmäktige beslutar om "
            "sina orter.",
        ),
        ("Kommuner med resultat", number(len(together.kommuner))),
        ("Rangordnade orter", number(int(together.orter["rank_all"].notna().sum()))),
        *(("Utan resultat", f"{one.kommun} {one.name}: {one.why}") for one in together.lacking),
        *(("Att veta", notice) for notice in together.notices),
        (
            "Platser",
            "En ort har en plats i sin kommun och en bland orterna i alla kommuner, båda efter "
            "samma poäng. Alla kommuner är räknade med samma inställningar på samma uppgifter.",
        ),
        (
            "Att läsa tabellerna",
            "Tomt betyder att uppgiften saknas eller inte visas, aldrig noll. Kolumnen Visas som "
            "säger vilket. Kommunens egna produkter ligger i mappen som bladet Kommuner nämner.",
        ),
    ]

"""The service sites: the fact table with an id and a status for each row."""

from __future__ import annotations

import csv
from pathlib import Path

from facts import rows, slug

COLUMNS = (
    "id",
    "name",
    "service",
    "assortment",
    "staffed",
    "status",
    "lat",
    "lon",
    "kommunkod",
    "settlement",
    "status_year",
    "source",
    "note",
)

# Sites whose very existence no source read has stated, judged row by row; data/README.md says why.
UNCONFIRMED = frozenset(
    {
        ("OKQ8 Vilhelmina Volgsjövägen 58", "drivmedel"),
        ("Vilhelmina sjukstuga", "vardcentral"),
        ("Skola Vilhelmina", "skola"),
        ("Dikanäs skola", "skola"),
        ("Sista Utposten", "dagligvaror"),
        ("Maries Livs", "dagligvaror"),
        ("Stalon Bensin & Diverse", "drivmedel"),
        ("Stalon Bensin & Diverse", "dagligvaror"),
        ("Åsele sjukstuga", "vardcentral"),
        ("Hälsocentralen Hoting", "vardcentral"),
        ("Hälsocentral Gäddede", "vardcentral"),
        ("Dagligvarer Hattfjelldal", "dagligvaror"),
        ("Drivstoff Hattfjelldal", "drivmedel"),
    }
)


def sites() -> list[dict[str, str]]:
    """Give every row of the fact table its id and status.

    Returns
    -------
    list of dict
        Rows with the columns of ``serviceplatser.csv``.

    Raises
    ------
    ValueError
        If a row judged as unconfirmed is no longer in the table.
    """
    table = rows("services.csv")
    gone = UNCONFIRMED - {(row["name"], row["service"]) for row in table}
    if gone:
        raise ValueError(f"not in services.csv any more: {sorted(gone)}")
    return [
        row
        | {
            "id": f"{slug(row['name'])}-{row['service']}",
            "status": "unconfirmed" if (row["name"], row["service"]) in UNCONFIRMED else "open",
        }
        for row in table
    ]


def write_sites(table: list[dict[str, str]], path: Path) -> None:
    """Write the sites.

    Parameters
    ----------
    table
        What ``sites`` gave.
    path
        The file to write.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(table)

"""The products of a comparison: a map page, a workbook, map layers and a manifest."""

from __future__ import annotations

from pathlib import Path

from glesservice.comparison import Comparison
from glesservice.disclosure import published_table
from glesservice.exports.folder import MARK
from glesservice.exports.manifest import account_of, write_account
from glesservice.exports.webmap import MAP, Since, write_map
from glesservice.exports.workbook import write_sheets
from glesservice.geopackage import Layer, write_geopackage
from glesservice.tables import (
    ORT_CHANGES,
    SETTING_CHANGES,
    SITE_CHANGES,
    causes_table,
    changed_orter_table,
    municipality_changes,
)

WORKBOOK = "jamforelse.xlsx"
LAYERS = "jamforelse.gpkg"


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write all products of a comparison.

    Parameters
    ----------
    comparison
        What was found.
    folder
        An empty folder to write to.
    """
    write_comparison_workbook(comparison, folder / WORKBOOK)
    _write_layers(comparison, folder / LAYERS)
    write_map(comparison.after, folder / MAP, _since(comparison))
    _write_manifest(comparison, folder)


def write_comparison_workbook(comparison: Comparison, path: Path) -> None:
    """Write the tables of a comparison with units and explanations.

    Parameters
    ----------
    comparison
        What was found.
    path
        The file to write.
    """
    sheets = [
        ("Orter", comparison.orter, changed_orter_table(comparison.services)),
        ("Orsaker", comparison.causes, causes_table()),
        ("Kommunen", comparison.municipality, municipality_changes()),
        ("Nya och borta", comparison.ort_changes, ORT_CHANGES),
        ("Serviceställen", comparison.sites, SITE_CHANGES),
        ("Inställningar", comparison.setting_changes, SETTING_CHANGES),
    ]
    area = comparison.after.settings.area
    told = [
        (name, *published_table(frame, table, _floor(comparison))) for name, frame, table in sheets
    ]
    write_sheets(path, f"{_title(comparison)}, {area.name}", _reading_guide(comparison), told)


def _floor(comparison: Comparison) -> int:
    """Return from how many people on a number is told: the stricter year's."""
    years = (comparison.before, comparison.after)
    return max(year.settings.publication.min_people for year in years)


def _title(comparison: Comparison) -> str:
    """Name the two years."""
    before, after = (one.settings.area.year for one in (comparison.before, comparison.after))
    return f"{after} jämfört med {before}"


def _since(comparison: Comparison) -> Since:
    """Say on the map page what is compared, with the orter that exist in both years."""
    return Since(
        comparison.before,
        _title(comparison),
        (f"Varje ändrings orsaker står i {WORKBOOK}.",),
        comparison.orter.set_index("ort_id")["total_change"],
    )


def _reading_guide(comparison: Comparison) -> list[tuple[str, str]]:
    """Say what is compared, and how the parts are to be read."""
    lines = [
        ("Jämförelse", f"{comparison.after.settings.area.name}, {_title(comparison)}"),
        (
            "Orsaker",
            "Varje ändring delas på befolkning, service, vägnät och inställningar: allt räknas om "
            "med en orsak i taget utbytt mot det andra årets, och en orsaks del är medelvärdet "
            "över alla ordningar att byta i (Shapleyvärdet). Delarna blir tillsammans precis "
            "hela ändringen.",
        ),
        (
            "Befolkning",
            "Till befolkningen räknas folkmängden i rutorna, tätorternas och småorternas gränser, "
            "platsernas namn och kommungränsen.",
        ),
        (
            "Orter",
            "Orter följs på sitt id eller på namn och gemensamma rutor. Orter som bara finns det "
            "ena året står under Nya och borta och delas inte på orsaker. Finns orten inte i en "
            "blandning av åren räknas den på de rutor som den har något av åren.",
        ),
        (
            "Användning",
            "Underlag för beslut, aldrig en rätt till stöd. Orsakerna är räknade och säger inte "
            "varför folk flyttar eller butiker stänger.",
        ),
    ]
    return lines + [("Att veta", notice) for notice in comparison.notices]


def _write_layers(comparison: Comparison, path: Path) -> None:
    """Write the changed orter and sites as map layers."""
    name = comparison.after.settings.area.name
    tables = [
        (comparison.orter, changed_orter_table(comparison.services)),
        (comparison.sites, SITE_CHANGES),
    ]
    note = " Demonstration, inte underlag för beslut."
    shown = any(
        one.settings.publication.demonstration for one in (comparison.before, comparison.after)
    )
    layers = [
        Layer(
            table.name,
            frame[[*table.names(), "geometry"]],
            identifier=f"{table.title}, {name}, {_title(comparison)}",
            description=f"{table.title} i {name}, {_title(comparison)}.{note if shown else ''}",
        )
        for frame, table in (published_table(*rows, _floor(comparison)) for rows in tables)
    ]
    write_geopackage(path, layers)


def _write_manifest(comparison: Comparison, folder: Path) -> None:
    """Write what both years were made from, and what came out."""
    content = {
        "before": account_of(comparison.before.settings),
        "after": account_of(comparison.after.settings),
        "changed": list(comparison.changed),
        "notices": list(comparison.notices),
    }
    write_account(content, folder, folder / MARK)

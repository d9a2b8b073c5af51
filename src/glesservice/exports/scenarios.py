"""The folders of scenarios: before and after, closings in turn, where new sites help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from glesservice.analysis import Result
from glesservice.disclosure import published_table
from glesservice.exports.folder import MARK, whole_folder
from glesservice.exports.layers import layer_of
from glesservice.exports.manifest import REPLACED, write_manifest
from glesservice.exports.method import distances, sources
from glesservice.exports.webmap import MAP, Since, write_map
from glesservice.exports.workbook import write_sheets
from glesservice.geopackage import write_geopackage
from glesservice.scenarios import (
    Close,
    CloseRoad,
    Move,
    Open,
    Placement,
    Population,
    Position,
    ScenarioResult,
    Step,
    Winter,
    WithoutNorway,
)
from glesservice.swedish import as_set, enumeration
from glesservice.tables import (
    BOUNDARY,
    Table,
    candidates_table,
    closings_table,
    placements_table,
    scenario_municipality_table,
    scenario_orter_table,
    sites_table,
)

Rows = tuple[pd.DataFrame, Table]
Guide = list[tuple[str, str]]

WORKBOOK, LAYERS = "tabeller.xlsx", "glesservice.gpkg"
LIKE_FOR_LIKE = "Förändringen av en orts poäng räknas på de rutor och vikter som den hade före."
_NORWAY = {"sites": "serviceställen", "roads": "vägar", "both": "serviceställen och vägar"}


def write_scenario(found: ScenarioResult, target: Path) -> None:
    """Write a scenario's folder: map page, workbook, layers and manifest.

    Parameters
    ----------
    found
        What the scenario changes.
    target
        The folder. An earlier scenario's is replaced.

    Raises
    ------
    OutputError
        If it cannot be written. An earlier folder is untouched then.
    """
    steps = [in_words(step) for step in found.scenario.steps] or ["Ingenting ändras."]
    guide = [
        ("Scenario", found.scenario.name),
        *(("Förändring", step) for step in steps),
        (
            "Jämförelse",
            "Orterna är desamma före och efter: samma rutor. Poängen har samma vikter före och "
            "efter, och platserna i listan räknas om.",
        ),
        (
            "Medelvärden",
            "Kilometer och minuter är medel över dem som når något ställe. Den som blir helt utan "
            "faller ur medelvärdet och räknas under Utan: ett kortare medel är då ingen "
            "förbättring.",
        ),
        (
            "Poäng som sjunker",
            "Sårbarhet är hur mycket längre det blir om det närmaste stänger. När det har stängt "
            "är skillnaden till nästa ofta mindre, så att sårbarheten sjunker medan glesheten "
            "stiger: någon gång sjunker då poängen fast det har blivit sämre. Läs gleshet och km. "
            "Den som inte når något ställe alls har gleshet 100 och sårbarhet 100.",
        ),
        *_about_roads(found.scenario.steps),
    ]
    orter = (found.orter, scenario_orter_table(found.services))
    _write(
        found.after,
        target,
        f"Scenario: {found.scenario.name}",
        guide,
        {
            "Kommunen": (found.municipality, scenario_municipality_table()),
            "Orter": orter,
            "Serviceställen": (found.after.sites, sites_table()),
        },
        [orter, (found.after.sites, sites_table())],
        {"scenario": _without_folders(found.scenario.model_dump(mode="json"))},
        _replaced(found),
        Since(
            found.before,
            f"Scenario: {found.scenario.name}",
            (" ".join(steps), LIKE_FOR_LIKE),
            found.orter.set_index("ort_id")["total_change"],
        ),
    )


def _replaced(found: ScenarioResult) -> dict[str, Path]:
    """Name the inputs that the scenario has replaced: what it is compared with rests on them."""
    kept = {source.path for _, source in found.after.settings.inputs()}
    return {
        f"{key}{REPLACED}": source.path
        for key, source in found.before.settings.inputs()
        if source.path not in kept
    }


def write_closings(closings: gpd.GeoDataFrame, result: Result, target: Path) -> None:
    """Write the folder of every site and place closed in turn.

    Parameters
    ----------
    closings
        Schema ``closings_table``.
    result
        The result that they belong to.
    target
        The folder. An earlier one is replaced.

    Raises
    ------
    OutputError
        If it cannot be written. An earlier folder is untouched then.
    """
    limits = ", ".join(
        f"{service} {as_set(result.settings.policy.services[str(service)].near_km)} km"
        for service in result.weights.index
    )
    guide = [
        ("Stängningar", "Varje serviceställe, och varje plats med flera ställen, stängs för sig."),
        ("Omfattning", "Ställen i kommunen, och utanför den om de är närmast för någon i den."),
        ("Gräns", f"Nedre gränsen för vad som är långt: {limits}."),
    ]
    rows = (closings, closings_table([str(service) for service in result.weights.index]))
    title = "Stängningar var för sig"
    _write(result, target, title, guide, {"Stängningar": rows}, [rows], {"scenario": "each"})


def write_placement(
    found: Placement, result: Result, target: Path, candidates_file: Path | None = None
) -> None:
    """Write the folder of where new sites help most.

    Parameters
    ----------
    found
        The best choices.
    result
        The result that they belong to.
    target
        The folder. An earlier one is replaced.
    candidates_file
        The file that the possible places come from, where they come from one.

    Raises
    ------
    OutputError
        If it cannot be written. An earlier folder is untouched then.
    """
    proven = bool((found.placements["gap_percent"] == 0).all())
    guide = [
        ("Fråga", f"Var nya ställen med {found.service} hjälper mest, de befintliga medräknade."),
        ("Täckning", f"Flest personer inom {as_set(found.limit_km)} km."),
        ("Personkilometer", "Minsta sammanlagda väg till närmaste ställe, enkel resa."),
        (
            "Säkerhet",
            "Alla val är bevisat bästa. Andra val kan vara lika bra."
            if proven
            else "Sökningen avbröts vid tidsgränsen: Osäkerhet säger hur mycket bättre ett annat "
            "val kan vara.",
        ),
        (
            "Vägar",
            "Kortaste vägen. Den som varken når ett ställe eller en möjlig plats är inte med; den "
            "som bara når en möjlig plats räknas till dess som längst bort av alla.",
        ),
    ]
    if found.unattached:
        guide.append(("Inte prövade", f"För långt från väg: {enumeration(found.unattached)}."))
    candidates = (found.candidates, candidates_table())
    _write(
        result,
        target,
        f"Var {found.service} hjälper mest",
        guide,
        {"Bästa val": (found.placements, placements_table()), "Möjliga platser": candidates},
        [candidates],
        {"scenario": {"place": found.service, "limit_km": found.limit_km}},
        {} if candidates_file is None else {"candidates": candidates_file},
    )


def _write(
    result: Result,
    target: Path,
    title: str,
    guide: Guide,
    sheets: Mapping[str, Rows],
    layers: Sequence[tuple[gpd.GeoDataFrame, Table]],
    about: Mapping[str, Any],
    also: Mapping[str, Path] | None = None,
    since: Since | None = None,
) -> None:
    """Write one folder, whole or not at all."""
    area = result.settings.area
    floor = result.settings.publication.min_people
    opening = [
        ("Underlag", f"{title}, {area.name} {area.year}"),
        *guide,
        distances(result.settings),
        *(("Att veta", notice) for notice in result.notices),
        *sources(result.settings),
    ]
    with whole_folder(target) as folder:
        write_sheets(
            folder / WORKBOOK,
            f"{title}, {area.name}",
            opening,
            [(name, *published_table(*rows, floor)) for name, rows in sheets.items()],
        )
        drawn = [*layers, (result.boundary, BOUNDARY)]
        write_geopackage(
            folder / LAYERS,
            [layer_of(result.settings, *published_table(*rows, floor)) for rows in drawn],
        )
        if since is not None:
            write_map(result, folder / MAP, since)
        write_manifest(result, folder, folder / MARK, about, also)


def in_words(step: Step) -> str:
    """Return a step as a Swedish sentence.

    Parameters
    ----------
    step
        The step.

    Examples
    --------
    >>> in_words(Close(sites=("Coop Dikanäs",)))
    'Stängs: Coop Dikanäs.'
    """
    match step:
        case Close():
            closed = [
                *step.sites,
                *([f"alla ställen på samma plats som {step.place}"] if step.place else []),
                *([f"kedjan {step.chain}"] if step.chain else []),
            ]
            only = f" (bara {step.service})" if step.service else ""
            words = f"Stängs: {enumeration(closed)}{only}."
        case Open():
            words = f"Öppnar: {step.service}, {step.name or 'nytt ställe'}, {_where(step)}."
        case Move():
            words = f"Flyttas: {step.site} till {_where(step)}."
        case CloseRoad():
            stretch = (
                ""
                if step.between is None
                else " mellan " + " och ".join(_position(at) for at in step.between)
            )
            words = (
                f"Vägen är avbruten vid {_position(step.at)}."
                if step.at is not None
                else f"Väg {step.ref}{stretch} kan inte köras."
            )
        case Winter():
            words = "Vinter: vägar som är stängda någon del av vintern kan inte köras."
        case Population():
            words = (
                f"Folkmängd ur en annan fil: {step.path.name}."
                if step.path is not None
                else f"Folkmängden i {step.ort or 'hela kommunen'} är "
                f"{as_set(100 * float(step.factor or 1), 1)} % av dagens."
            )
        case WithoutNorway():
            words = f"Utan Norge: {_NORWAY[step.what]} bortom gränsen räknas inte."
    return words


def _about_roads(steps: Sequence[Step]) -> Guide:
    """Say what a closed road means for those who live along it, where one is closed."""
    if not any(isinstance(step, CloseRoad | Winter | WithoutNorway) for step in steps):
        return []
    return [
        (
            "Stängda vägar",
            "Den som bor längs en väg som inte kan köras, eller bortom den utan annan väg, räknas "
            "som utan service, och flyttas inte till en annan väg.",
        )
    ]


def _where(step: Open | Move) -> str:
    """Say where something opens."""
    return step.ort if step.ort is not None else _position(step.at)


def _position(at: Position | None) -> str:
    """Write a position."""
    return f"N {at.lat:g} E {at.lon:g}" if at is not None else ""


def _without_folders(scenario: dict[str, Any]) -> dict[str, Any]:
    """Keep only the names of files: where they lie is this machine's own."""
    steps = [
        {key: Path(value).name if key == "path" and value else value for key, value in step.items()}
        for step in scenario["steps"]
    ]
    return {**scenario, "steps": steps}

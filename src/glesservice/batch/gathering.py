"""From the municipalities' own products to what they say together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from glesservice.batch.working import Outcome, Task
from glesservice.exports.folder import MARK
from glesservice.exports.overview import Lacking, Together
from glesservice.selection import ranks
from glesservice.sources.naming import slug
from glesservice.swedish import enumeration
from glesservice.tables import (
    CRS,
    INDICATORS_TOGETHER,
    kommuner_table,
    orter_together_table,
)
from glesservice.tables.indicators import HIGHER
from glesservice.tables.words import service_name

# Values of these units do not grow with the municipality, so that they can be ranked.
COMPARABLE = ("km", "minuter", "0–1", "procent")


def gather(title: str, tasks: Sequence[Task], failed: Sequence[Outcome]) -> Together | None:
    """Return what the municipalities say together.

    Parameters
    ----------
    title
        What they are together.
    tasks
        All municipalities, by code.
    failed
        Those that have no result.

    Returns
    -------
    Together or None
        Made from their products alone, and so from what may be published; nothing where none has a
        result.
    """
    lacking = {one.kommun: Lacking(one.kommun, one.name, " ".join(one.faults)) for one in failed}
    done = [task for task in tasks if task.kommun not in lacking]
    if not done:
        return None
    indicators = _ranked(pd.concat([_indicators(task) for task in done], ignore_index=True))
    counted = {
        str(code): set(own["service"].dropna()) for code, own in indicators.groupby("kommunkod")
    }
    services = [
        service
        for service in done[0].settings.policy.services
        if any(service in own for own in counted.values())
    ]
    orter = _orter(done, services)
    together = Together(
        title=title,
        settings=done[0].settings,
        services=services,
        kommuner=_kommuner(done, services, indicators),
        indicators=indicators,
        orter=orter,
        lacking=tuple(lacking[code] for code in sorted(lacking)),
        notices=_notices(done, services, counted, lacking),
    )
    return _with_orter(together)


def _indicators(task: Task) -> pd.DataFrame:
    """Read the year's indicators of one municipality."""
    said = json.loads((task.folder / "indikatorer.json").read_text(encoding="utf-8"))
    rows = pd.DataFrame(said["indicators"])
    rows = rows[rows["year"] == task.settings.area.year]
    return rows.assign(kommun=task.settings.area.name)


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rank the municipalities by each indicator that does not grow with them, the worst first."""
    rows = rows.assign(value=pd.to_numeric(rows["value"]))
    worse = rows["value"].where(rows["better"] != HIGHER, -rows["value"])
    rank = worse.groupby(rows["indicator_id"]).rank(ascending=False, method="min")
    rows = rows.assign(rank=rank.where(rows["unit"].isin(COMPARABLE)))
    order = {indicator: number for number, indicator in enumerate(rows["indicator_id"].unique())}
    rows = rows.assign(order=rows["indicator_id"].map(order)).sort_values(["order", "kommunkod"])
    return rows[INDICATORS_TOGETHER.names()].reset_index(drop=True)


def _kommuner(
    done: Sequence[Task], services: Sequence[str], indicators: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Make a row a municipality."""
    found = indicators.set_index(["kommunkod", "indicator_id"])
    rows = []
    for task in done:
        account = json.loads((task.folder / MARK).read_text(encoding="utf-8"))
        border = pyogrio.read_dataframe(task.folder / "glesservice.gpkg", layer="kommun")
        row: dict[str, Any] = {
            "kommunkod": task.kommun,
            "name": task.settings.area.name,
            "people": account["people"]["municipality"],
            "folder": task.name,
            "geometry": border.geometry.iloc[0],
        }
        for service in services:
            for column, key, part in (
                ("km", "medel_km", "value"),
                ("km_rank", "medel_km", "rank"),
                ("worst_km", "samst_stallda_km", "value"),
            ):
                at = (task.kommun, f"{slug(service).replace('-', '_')}.{key}")
                row[f"{column}_{service}"] = found[part].get(at)
        rows.append(row)
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry="geometry", crs=CRS)
    numbers = [column.name for column in kommuner_table(services).columns if column.kind == "float"]
    return frame.astype({name: float for name in numbers if name in frame})


def _orter(done: Sequence[Task], services: Sequence[str]) -> gpd.GeoDataFrame:
    """Put the orter of all municipalities together, ranked among all."""
    table = orter_together_table(services)
    parts = [
        pyogrio.read_dataframe(task.folder / "glesservice.gpkg", layer="orter").assign(
            kommunkod=task.kommun, kommun=task.settings.area.name
        )
        for task in done
    ]
    orter = pd.concat(parts, ignore_index=True).reindex(columns=[*table.names(), "geometry"])
    ranked = orter[orter["rank"].notna()]
    orter["rank_all"] = ranks(ranked, "ort_id").reindex(orter.index)
    orter = orter.sort_values(["rank_all", "kommunkod", "name"], ignore_index=True)
    return gpd.GeoDataFrame(orter, geometry="geometry", crs=CRS)


def _with_orter(together: Together) -> Together:
    """Say of each municipality how its orter stand among all."""
    ranked = together.orter[together.orter["rank_all"].notna()]
    own = ranked.groupby("kommunkod")
    code = together.kommuner["kommunkod"]
    top = ranked[ranked["rank_all"] <= together.top].groupby("kommunkod").size()
    first = own.first()
    kommuner = together.kommuner.assign(
        orter=code.map(own.size()).fillna(0).astype("int64"),
        top_orter=code.map(top).fillna(0).astype("int64"),
        first_ort=code.map(first["name"]),
        first_rank=code.map(first["rank_all"]),
    )
    columns = [*kommuner_table(together.services).names(), "geometry"]
    return Together(**{**vars(together), "kommuner": kommuner[columns]})


def _notices(
    done: Sequence[Task],
    services: Sequence[str],
    counted: Mapping[str, set[str]],
    lacking: Mapping[str, Lacking],
) -> tuple[str, ...]:
    """Say what keeps the municipalities from being compared."""
    said = []
    if done[0].settings.publication.demonstration:
        said.append("Demonstration: resultatet är inte underlag för beslut.")
    if lacking:
        names = enumeration(lacking[code].name for code in sorted(lacking))
        said.append(f"Utan resultat, och därför inte med: {names}.")
    for service in services:
        without = [task.settings.area.name for task in done if service not in counted[task.kommun]]
        if without:
            said.append(
                f"{service_name(service)} ingår inte i poängen för {enumeration(without)}, där "
                "inga ställen är kända: deras poäng vilar på de andra slagen av service och är "
                "inte fullt jämförbara med övriga kommuners."
            )
    return tuple(said)

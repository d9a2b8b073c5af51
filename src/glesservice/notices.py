"""What a reader of the result must know, as Swedish sentences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import geopandas as gpd
import pandas as pd

from glesservice.certainty.noise import NOISE_FROM_YEAR
from glesservice.config import Settings
from glesservice.network import Snap
from glesservice.network.speeds import POSTED, speed_shares
from glesservice.sources.touching import TOUCH_M, touching_ends
from glesservice.tables.words import service_name

SHOWN_PLACES = 3


def notices(
    settings: Settings,
    cells: pd.DataFrame,
    sites: pd.DataFrame,
    sites_at: Snap,
    roads: gpd.GeoDataFrame,
    weights: pd.Series,
    unlisted: Sequence[str] = (),
    merges: pd.DataFrame | None = None,
) -> tuple[str, ...]:
    """Return what is uncertain or left out, one sentence each.

    Parameters
    ----------
    settings
        The settings of the run.
    cells
        Schema ``cells_table``.
    sites
        Schema ``sites_table``.
    sites_at
        Where the sites meet the road.
    roads
        Schema ``roads_table``.
    weights
        Weight of each service that is judged.
    unlisted
        Names of places in the municipality that are no ort of their own.
    merges
        Schema ``MERGES``; nothing where there is one list of sites.

    Returns
    -------
    tuple of str
        Sentences in Swedish; empty if there is nothing to say.
    """
    found = [
        *_about_sources(settings),
        *_about_sites(settings, sites, sites_at, weights),
        *_about_merges(merges),
        *_about_cells(cells),
        *_about_places(unlisted),
        *_about_roads(roads),
    ]
    return tuple(found)


def about_ort_changes(changes: pd.DataFrame) -> tuple[str, ...]:
    """Return what has happened to the orter since the registry's last year.

    Parameters
    ----------
    changes
        Schema ``ORT_CHANGES``.

    Returns
    -------
    tuple of str
        One sentence in Swedish a kind of change.
    """
    said = []
    for change, rows in changes.groupby("change", sort=True):
        told = [
            f"{row['name_before']} → {row['name']}"
            if change == "omdöpt"
            else f"{row['name']} ({row['other']})"
            if row["other"]
            else row["name"]
            for row in rows.to_dict("records")
        ]
        said.append(f"Sedan ortregistrets senaste år, {change}: {', '.join(told)}.")
    return tuple(said)


def about_overrides(overrides: pd.DataFrame) -> tuple[str, ...]:
    """Return what the municipality has changed about its orter, each with its motive.

    Parameters
    ----------
    overrides
        Schema ``APPLIED_OVERRIDES``.

    Returns
    -------
    tuple of str
        One sentence in Swedish; none where nothing is changed.
    """
    told = [told_override(row) for row in overrides.to_dict("records")]
    return (f"Kommunen har ändrat: {'; '.join(told)}.",) if told else ()


def told_override(change: Mapping[Hashable, object]) -> str:
    """Return one of the municipality's changes, in Swedish, with its motive.

    Parameters
    ----------
    change
        A row of ``APPLIED_OVERRIDES``.

    Examples
    --------
    >>> change = {"name": "Skog", "change": "rangordna inte", "to": None, "motive": "Fritidshus"}
    >>> told_override(change)
    'Skog rangordnas inte (Fritidshus)'
    """
    said = {
        "namn": f"heter {change['to']}",
        "slå ihop": f"är en del av {change['to']}",
        "rangordna inte": "rangordnas inte",
    }
    return f"{change['name']} {said[str(change['change'])]} ({change['motive']})"


def _about_sources(settings: Settings) -> list[str]:
    """Tell of demonstration data, sources without a date, and noise in the grid."""
    said = []
    if settings.publication.demonstration:
        said.append(
            "Demonstration: delar av indata är modellerade. Resultatet är inte underlag för beslut."
        )
    undated = [key for key, source in settings.inputs() if not (source.source and source.date)]
    if undated:
        said.append(
            f"Källa eller datum är inte angivet i inställningarna för: {', '.join(undated)}."
        )
    date = settings.population.date
    if date is not None and int(date[:4]) >= NOISE_FROM_YEAR:
        said.append(
            "Från referensår 2025 lägger SCB brus på rutornas folkmängd: små förändringar från "
            "år till år kan vara brus."
        )
    if settings.network.season == "vinter":
        said.append("Vägar som är stängda någon del av vintern räknas som stängda.")
    return said


def _about_sites(
    settings: Settings, sites: pd.DataFrame, sites_at: Snap, weights: pd.Series
) -> list[str]:
    """Tell of services without data and of sites that do not count."""
    said = []
    unknown = [name for name in settings.policy.services if name not in weights.index]
    if unknown:
        said.append(
            f"Ställen saknas i indata för: {_named(unknown)}. De ingår inte i poängen; att "
            "uppgifter saknas betyder inte att service saknas."
        )
    unconfirmed = sites[sites["status"].eq("unconfirmed") & ~sites["counted"]]
    if not unconfirmed.empty:
        said.append(
            f"{len(unconfirmed)} obekräftade serviceställen visas men räknas inte: "
            f"{', '.join(sorted(unconfirmed['name'].unique()))}."
        )
    unscored = sorted(set(sites["service"]) - set(settings.policy.services))
    if unscored:
        said.append(f"Visas men ingår inte i poängen: {_named(unscored)}.")
    off_road = sites[sites_at.link < 0]
    if not off_road.empty:
        said.append(
            "Serviceställen för långt från närmaste väg, som inte nås av någon: "
            f"{', '.join(sorted(off_road['name'].unique()))}."
        )
    return said


def _about_merges(merges: pd.DataFrame | None) -> list[str]:
    """Tell of businesses that several lists name, and of those that may be one."""
    if merges is None or merges.empty:
        return []
    one, both = ((merges["action"] == action).sum() for action in ("merged", "kept_both"))
    said = []
    if one:
        said.append(f"{one} serviceställen står två gånger i listorna och räknas en gång.")
    if both:
        said.append(f"{both} par av serviceställen kan vara samma ställe och räknas som två.")
    unlike = merges.loc[
        (merges["action"] == "merged") & merges["conflict"].fillna("").str.contains("status"),
        "name",
    ]
    if len(unlike):
        said.append(
            "Listorna är oense om status, och den lista som står först gäller: "
            f"{', '.join(sorted(unlike.unique()))}."
        )
    return [*said, "Alla par står i tabellerna, bladet Sammanslagna ställen."]


def _about_cells(cells: pd.DataFrame) -> list[str]:
    """Tell of people off the roads."""
    off_road = cells[cells["access_m"].isna()]
    if off_road.empty:
        return []
    return [
        f"{len(off_road)} befolkade rutor saknar väganslutning i vägdata och räknas som längst "
        "bort från all service."
    ]


def _about_places(unlisted: Sequence[str]) -> list[str]:
    """Tell of places that nobody finds in the lists."""
    if not unlisted:
        return []
    return [
        "Platser utan egen plats i listorna, för att de boende är för få eller räknas till en "
        f"annan ort: {', '.join(unlisted)}."
    ]


def _about_roads(roads: gpd.GeoDataFrame) -> list[str]:
    """Tell of roads without connection, and where the speeds come from."""
    said = []
    loose = float(roads.loc[~roads["connected"], "length_m"].sum())
    if loose > 0:
        said.append(f"{_km(loose)} väg hänger inte ihop med det övriga vägnätet och används inte.")
    said += _about_touching(roads)
    used = roads[roads["connected"]]
    shares = speed_shares(used).set_index("speed_origin")["share"]
    share = round(100 * float(shares[POSTED]))
    said.append(
        f"Hastigheten är skyltad i vägdata på {share} % av väglängden; på resten följer den "
        "vägklassens tabell i inställningarna."
    )
    if used["closed"].notna().any():
        refs = used.loc[used["closed"].notna(), "ref"].dropna()
        numbers = sorted({part for ref in refs for part in ref.split(";")}, key=_road_order)
        said.append(f"Vägar med säsongsstängning ingår: {', '.join(numbers) or 'utan nummer'}.")
    return said


def _about_touching(roads: gpd.GeoDataFrame) -> list[str]:
    """Tell of dead ends beside another road: gaps in the drawing, or real."""
    touching = touching_ends(roads)
    if touching.empty:
        return []
    where = "; ".join(
        f"N {place.y:.0f} E {place.x:.0f}" for place in touching.geometry[:SHOWN_PLACES]
    )
    more = " …" if len(touching) > SHOWN_PLACES else ""
    return [
        f"{len(touching)} vägändar ligger inom {TOUCH_M:.0f} m från en annan väg utan att mötas "
        f"({where}{more}). Är det fel i vägdata kan de fogas ihop med touch_m i inställningarna."
    ]


def _road_order(number: str) -> tuple[int, str]:
    """Order road numbers by length first: 824 comes before 1067."""
    return len(number), number


def _named(services: list[str]) -> str:
    """Enumerate services by their Swedish names."""
    return ", ".join(service_name(service).lower() for service in services)


def _km(metres: float) -> str:
    """Write a length in whole kilometres, or tenths below ten."""
    km = metres / 1000
    return f"{km:.0f} km" if km >= 10 else f"{km:.1f} km".replace(".", ",")

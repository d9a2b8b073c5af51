"""What both descriptions say: what the data are, who answers for them, and what is not known."""

from __future__ import annotations

import re
from dataclasses import dataclass

import geopandas as gpd

from glesservice.config import LICENCES, Settings
from glesservice.disclosure import Published
from glesservice.tables.words import term

EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
PHONE = re.compile(r"\+?[\d\s()/-]{6,30}")
# Words under which the data are looked for.
KEYWORDS = (
    *("service", "dagligvaror", "drivmedel", "landsbygd", "glesbygd", "tillgänglighet"),
    *("restid", "avstånd", "serviceorter"),
)


@dataclass(frozen=True)
class About:
    """What is said of the results as a whole.

    Attributes
    ----------
    settings
        The settings of the run.
    title, description
        Swedish.
    lineage
        How the results came about: method and sources, Swedish sentences.
    box
        West, south, east, north in degrees (WGS 84).
    email, telephone
        How to reach whoever answers for the data; None where it is not said, or not so.
    licence
        Address of the licence; None where none is given.
    """

    settings: Settings
    title: str
    description: str
    lineage: tuple[str, ...]
    box: tuple[float, float, float, float]
    email: str | None
    telephone: str | None
    licence: str | None


def about(shown: Published) -> About:
    """Return what is said of the results as a whole.

    Parameters
    ----------
    shown
        What may be published.
    """
    settings = shown.settings
    area, publication = settings.area, settings.publication
    contact = (publication.contact or "").strip()
    email, phone = EMAIL.search(contact), PHONE.fullmatch(contact)
    # Rounded outwards to about a metre.
    degrees = gpd.GeoDataFrame(shown.tables["boundary"]).to_crs("EPSG:4326").total_bounds
    west, south, east, north = map(float, degrees)
    note = " Demonstration, inte underlag för beslut." if publication.demonstration else ""
    sources = (
        f"{term(key)}: {source.source or 'källa ej angiven'}, {source.date or 'utan datum'}, "
        f"licens {source.licence or 'ej angiven'}."
        for key, source in settings.inputs()
    )
    return About(
        settings=settings,
        title=f"Service och gleshet i {area.name}",
        description=(
            f"Hur långt de boende i {area.name} har till dagligvaror, drivmedel och annan service "
            "längs väg, ort för ort och ruta för ruta, med poäng för gleshet och sårbarhet. "
            f"Underlag för kommunens utpekade strategiska orter {area.year}, aldrig en rätt till "
            f"stöd.{note}"
        ),
        lineage=(
            "Avstånd längs väg från varje befolkad ruta till de närmaste serviceställena.",
            *shown.rules,
            *sources,
        ),
        box=(
            round(west - 5e-6, 5),
            round(south - 5e-6, 5),
            round(east + 5e-6, 5),
            round(north + 5e-6, 5),
        ),
        email=email.group() if email else None,
        telephone=contact if phone else None,
        licence=LICENCES.get(publication.licence or "", publication.licence),
    )


def missing(settings: Settings) -> tuple[str, ...]:
    """Return the keys under ``[publication]`` that open data need and that are not given.

    Parameters
    ----------
    settings
        The settings.
    """
    wanted = ("publisher", "contact", "licence", "url", "issued")
    return tuple(key for key in wanted if getattr(settings.publication, key) is None)

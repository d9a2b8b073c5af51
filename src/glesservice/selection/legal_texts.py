"""What the distance tests say, site by site, as a table with Swedish sentences."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from glesservice.config import Legal, LegalTest
from glesservice.measures.legal import ALONE, BEYOND, UNCERTAIN, WITHIN
from glesservice.swedish import number
from glesservice.tables.words import service_place

NO_RIGHT = "Underlag för prövning, inte en rätt till stöd."


def legal_table_of(tests: pd.DataFrame, sites: gpd.GeoDataFrame, legal: Legal) -> gpd.GeoDataFrame:
    """Return the distance tests with names, ordinances and a sentence for each.

    Parameters
    ----------
    tests
        What ``measures.legal_tests`` returned.
    sites
        Schema ``sites_table``.
    legal
        The tests.

    Returns
    -------
    GeoDataFrame
        Schema ``legal_table``, at the tested sites; by service in the settings' order, then by
        rising margin, sites without another to reach last.
    """
    about = sites.set_index("site_id")
    rule = [legal.tests[str(service)] for service in tests["service"]]
    table = tests.assign(
        name=tests["site_id"].map(about["name"]),
        ort_id=tests["site_id"].map(about["ort_id"]),
        status=tests["site_id"].map(about["status"]),
        assortment=tests["site_id"].map(about["assortment"].astype(object).fillna("unknown")),
        next_site=tests["next_site_id"].map(about["name"]),
        certain_site=tests["certain_site_id"].map(about["name"]),
        ordinance=[test.ordinance for test in rule],
        checked=[test.checked.isoformat() for test in rule],
    )
    ended = [None if test.expired is None else test.expired.isoformat() for test in rule]
    table["expired"] = pd.Series(ended, index=table.index, dtype=object)
    table["text"] = [
        " ".join(_sentences(row, test))
        for (_, row), test in zip(table.iterrows(), rule, strict=True)
    ]
    for name in ("ort_id", "next_site", "certain_site"):
        table[name] = table[name].astype(object).where(table[name].notna(), None)
    place = {service: number for number, service in enumerate(legal.tests)}
    order = table.assign(service=table["service"].map(place)).sort_values(
        ["service", "margin_km", "site_id"], na_position="last"
    )
    shapes = about.geometry.reindex(table["site_id"]).to_numpy()
    made = gpd.GeoDataFrame(table, geometry=shapes, crs=sites.crs)
    return made.loc[order.index].reset_index(drop=True)


def _sentences(row: pd.Series, test: LegalTest) -> list[str]:
    """Say what the distance is, how sure it is, and by which text it is judged."""
    said = [_finding(row, test)]
    if row["control"]:
        said.append("Bör kontrollmätas.")
    if test.counterpart == "full" and row["assortment"] != "full":
        known = "ej fullsortiment" if row["assortment"] == "limited" else "okänt"
        said.append(f"Butikens eget sortiment är {known}.")
    if row["status"] == "unconfirmed":
        said.append("Stället är obekräftat.")
    if test.expired is not None:
        said.append(
            f"{test.ordinance[0].upper()}{test.ordinance[1:]} upphörde "
            f"{test.expired.isoformat()}: gränsen är en jämförelse."
        )
    said.append(NO_RIGHT)
    return said


def _finding(row: pd.Series, test: LegalTest) -> str:
    """Say how far the next site lies, against the limit."""
    place, limit = service_place(row["service"]), _km(test.limit_km)
    if row["verdict"] == ALONE:
        return f"Ingen annan {place} kan nås på väg."
    if row["verdict"] == UNCERTAIN:
        sure = (
            "och ingen annan kan nås"
            if pd.isna(row["certain_site"])
            else f"och till {row['certain_site']}, som räknas, {_km(row['certain_km'])}"
        )
        return (
            f"Oklart: {_km(row['next_km'])} till {row['next_site']}, där det inte är känt om "
            f"stället räknas, {sure}. Gränsen är {limit}."
        )
    at_limit = row["certain_km"] if row["verdict"] == WITHIN else row["next_km"]
    name = row["certain_site"] if row["verdict"] == WITHIN else row["next_site"]
    margin = at_limit - test.limit_km
    than, counts = ("längre än", "kan räknas") if row["verdict"] == BEYOND else ("inom", "räknas")
    return (
        f"{_km(at_limit)} till närmaste andra {place} som {counts} ({name}), "
        f"{_km(abs(margin))} {than} gränsen {limit}."
    )


def _km(km: float) -> str:
    """Write kilometres as a test is measured: with tenths."""
    return f"{number(km, 1)} km"

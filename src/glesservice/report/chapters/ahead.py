"""Förbättringsområden and plan framåt: what the data ask for, and the municipality's own words."""

from __future__ import annotations

from collections.abc import Iterable

from glesservice.report.document import Listing, Paragraph, Section
from glesservice.report.material import Material
from glesservice.report.wording import cut
from glesservice.swedish import enumeration, number
from glesservice.tables.words import service_name

MOST_NAMES = 8


def improvements(material: Material) -> Section:
    """Return the areas to improve.

    Parameters
    ----------
    material
        What the report is made from.
    """
    found = _of_data(material)
    intro = Paragraph(
        "Punkterna kommer ur underlaget. Vad kommunen vill stärka skriver kommunen själv nedan."
    )
    blocks = (intro, Listing(tuple(found))) if found else ()
    return Section(
        "forbattringsomraden",
        "Förbättringsområden",
        (*blocks, material.own.of("Förbättringsområden")),
    )


def ahead(material: Material) -> Section:
    """Return the plan ahead.

    Parameters
    ----------
    material
        What the report is made from.
    """
    return Section(
        "plan-framat",
        "Plan framåt",
        (),
        tuple(
            Section(key, heading, (material.own.of(heading),))
            for key, heading in (
                ("arbete", "Arbete under året"),
                ("aktiviteter", "Aktiviteter framåt"),
                ("samverkan", "Samverkan"),
            )
        ),
    )


def _of_data(material: Material) -> list[str]:
    """List what the data themselves ask for."""
    sites = material.sites
    waiting = sites[(sites["status"] == "unconfirmed") & ~sites["counted"]]
    counted = sites[sites["counted"] & sites["service"].isin(material.shown.services)]
    legal = material.shown.tables["legal"]
    said = []
    if not waiting.empty:
        said.append(
            f"Bekräfta ställen som inte räknas i dag: {_names(waiting['name'])}. De kan ändra "
            "listorna."
        )
    missing = [
        service_name(service).lower()
        for service, rules in material.shown.settings.policy.services.items()
        if service not in material.shown.services and rules.weight != 0
    ]
    if missing:
        said.append(f"Lägg till uppgifter om {enumeration(missing)}. De saknas i underlaget.")
    unknown = legal[legal["verdict"] == "oklart"]
    if not unknown.empty:
        said.append(
            f"Ta reda på sortimentet i butiker som påverkar utfallet för {_names(unknown['name'])}."
        )
    near = legal[legal["control"].astype(bool)]
    if not near.empty:
        said.append(f"Kontrollmät avståndet från {_names(near['name'])}. Det ligger nära gränsen.")
    powerless = counted[~counted["reserve_power"].isin(["yes", "no"])]
    if not powerless.empty:
        said.append(
            f"Fyll i uppgift om reservkraft. Den saknas för {number(len(powerless))} av "
            f"{number(len(counted))} ställen."
        )
    single = material.proposed[material.proposed["people_single_place"] > 0]
    if not single.empty:
        said.append(
            f"Ha en plan för orter där all service finns på en enda plats, av de föreslagna: "
            f"{_names(single['name'])}."
        )
    return said


def _names(names: Iterable[object]) -> str:
    """Enumerate names, not too many."""
    listed = sorted({cut(str(name)) for name in names})
    rest = len(listed) - MOST_NAMES
    shown = listed[:MOST_NAMES]
    return enumeration([*shown, f"{number(rest)} till"] if rest > 0 else shown)

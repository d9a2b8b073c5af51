"""Schemas of what has changed: orter since the registry's year, and one year against another."""

from __future__ import annotations

from collections.abc import Sequence

from glesservice.tables.schema import Column, Table

# The causes that a change is split into, in the order in which they are told.
CAUSES = ("people", "services", "roads", "settings")


ORT_CHANGES = Table(
    "ortandringar",
    "Orter som har ändrats",
    (
        Column("ort_id", "text", "Ort-id", "Ortens id, samma från år till år."),
        Column("name", "text", "Ort", "Ortens namn, det senaste om den inte längre finns."),
        Column(
            "change",
            "text",
            "Ändring",
            "ny, utbruten, omdöpt, återkommen, sammanslagen eller försvunnen sedan registrets år.",
        ),
        Column("name_before", "text", "Tidigare namn", "Namnet i registret.", nullable=True),
        Column(
            "other_id",
            "text",
            "Andra ortens id",
            "Orten som den bröts ut ur eller gick upp i.",
            nullable=True,
        ),
        Column("other", "text", "Andra orten", "Den andra ortens namn.", nullable=True),
        Column(
            "share",
            "float",
            "Andel",
            "Andel av dem som bor i ortens rutor i dag som är gemensamma med den andra orten.",
            nullable=True,
            decimals=2,
        ),
    ),
    key=("ort_id",),
)

APPLIED_OVERRIDES = Table(
    "kommunens-andringar",
    "Kommunens ändringar av orterna",
    (
        Column("ort_id", "text", "Ort-id", "Ortens id."),
        Column("name", "text", "Ort", "Ortens namn utan ändringen."),
        Column("change", "text", "Ändring", "namn, slå ihop eller rangordna inte."),
        Column("to", "text", "Till", "Nytt namn, eller orten den slås ihop med.", nullable=True),
        Column("motive", "text", "Motiv", "Kommunens motiv."),
    ),
    key=("ort_id", "change"),
)

SITE_CHANGES = Table(
    "stallen",
    "Serviceställen som har ändrats",
    (
        Column("site_id", "text", "Id", "Serviceställets id."),
        Column("name", "text", "Namn", "Serviceställets namn."),
        Column("service", "text", "Service", "Slag av service."),
        Column(
            "change",
            "text",
            "Ändring",
            "öppnat eller stängt: räknas i bara det ena året; flyttat: på en annan plats.",
        ),
        Column("moved_m", "float", "Flyttat", "Fågelvägen från den förra platsen.", "m", True),
    ),
    key=("site_id",),
    geometry=("Point",),
)

SETTING_CHANGES = Table(
    "installningar",
    "Inställningar som har ändrats",
    (
        Column("key", "text", "Inställning", "Inställningens namn i filen."),
        Column("before", "text", "Före", "Värdet det första året.", nullable=True),
        Column("after", "text", "Efter", "Värdet det andra året.", nullable=True),
    ),
    key=("key",),
)


def cause_columns(unit: str = "", decimals: int = 1) -> list[Column]:
    """Return the columns that say how much of a change each cause has.

    Parameters
    ----------
    unit
        The unit of what has changed.
    decimals
        Decimals to show.
    """
    said = {
        "people": ("Därav befolkning", "folkmängd, tätorter, platser och kommungräns"),
        "services": ("Därav service", "serviceställena"),
        "roads": ("Därav vägnät", "vägarna"),
        "settings": ("Därav inställningar", "inställningarna"),
    }
    return [
        Column(
            f"cause_{cause}",
            "float",
            said[cause][0],
            f"Så mycket av ändringen beror på {said[cause][1]}; delarna blir tillsammans hela "
            "ändringen.",
            unit,
            nullable=True,
            decimals=decimals,
        )
        for cause in CAUSES
    ]


def _change_columns() -> list[Column]:
    """List what is said about one measure in two years."""
    return [
        Column("measure", "text", "Mått", "Måttets namn i tabellerna."),
        Column("title", "text", "Vad", "Måttets svenska namn."),
        Column("unit", "text", "Enhet", "Måttets enhet.", nullable=True),
        Column("before", "float", "Före", "Värdet det första året.", nullable=True, decimals=1),
        Column("after", "float", "Efter", "Värdet det andra året.", nullable=True, decimals=1),
        Column("change", "float", "Ändring", "Efter minus före.", nullable=True, decimals=1),
        *cause_columns(),
    ]


def municipality_changes() -> Table:
    """Return the schema of the municipality's changes: one row a measure."""
    return Table("kommunen", "Kommunen", tuple(_change_columns()), key=("measure",))


def causes_table() -> Table:
    """Return the schema of the orter's changes with their causes: one row an ort and measure."""
    columns = (
        Column("ort_id", "text", "Ort-id", "Ortens id det andra året."),
        Column("name", "text", "Ort", "Ortens namn det andra året."),
        *_change_columns(),
        Column("jump", "bool", "Hopp", "Ändringen är så stor att underlaget bör granskas."),
    )
    return Table("orsaker", "Orsaker till ändringarna", columns, key=("ort_id", "measure"))


def changed_orter_table(services: Sequence[str]) -> Table:
    """Return the schema of the orter that exist in both years.

    Parameters
    ----------
    services
        The kinds of service that count in either year, in their order.

    Returns
    -------
    Table
        One row an ort: rank, total and distances before and after, and the total's causes.
    """
    columns = [
        Column("ort_id", "text", "Ort-id", "Ortens id det andra året."),
        Column("name", "text", "Ort", "Ortens namn det andra året."),
        Column("ort_id_before", "text", "Ort-id före", "Ortens id det första året."),
        Column("name_before", "text", "Namn före", "Ortens namn det första året."),
        Column("role", "text", "Roll", "kandidat eller centralort, det andra året."),
        Column("rank_before", "float", "Plats före", "Plats det första året.", nullable=True),
        Column("rank", "float", "Plats", "Plats det andra året.", nullable=True),
        Column(
            "rank_change",
            "float",
            "Ändrad plats",
            "Platsen efter minus platsen före: negativt är högre upp i listan.",
            nullable=True,
        ),
        Column("people_before", "float", "Personer före", "Folkmängd före.", "personer"),
        Column("people", "float", "Personer", "Folkmängd efter.", "personer"),
        Column("total_before", "float", "Poäng före", "Poäng före.", "0–100", decimals=1),
        Column("total", "float", "Poäng", "Poäng efter.", "0–100", decimals=1),
        Column("total_change", "float", "Ändrad poäng", "Efter minus före.", "0–100", decimals=1),
        *cause_columns("0–100"),
        Column(
            "main_cause",
            "text",
            "Största orsak",
            "Den orsak som har störst del av poängens ändring.",
            nullable=True,
        ),
        Column("jump", "bool", "Hopp", "Något mått ändras så mycket att det bör granskas."),
    ]
    for service in services:
        columns += [
            Column(
                f"km_{service}{suffix}",
                "float",
                f"Km till {service}{title}",
                f"Väglängd till närmaste {service}, medel över de boende, {meaning}.",
                "km",
                nullable=True,
                decimals=1,
            )
            for suffix, title, meaning in (
                ("_before", " före", "före"),
                ("", "", "efter"),
                ("_change", ", ändring", "efter minus före"),
            )
        ]
    return Table(
        "orter",
        "Orter som finns båda åren",
        tuple(columns),
        key=("ort_id",),
        geometry=("Polygon", "MultiPolygon"),
    )

"""Schemas of the tables that the readers make: checked, in EPSG:3006, one row a thing."""

from glesservice.tables.schema import Column, Table

# The columns of older people, where a grid tells ages.
AGES = ("people_65plus", "people_80plus")
CRS = "EPSG:3006"  # SWEREF 99 TM: metres, used everywhere inside

CELLS = Table(
    "rutor",
    "Befolkade rutor",
    (
        Column("cell_id", "text", "Rut-id", "Rutans id: sydvästra hörnet E6+N7 i SWEREF 99 TM."),
        Column("people", "float", "Personer", "Folkmängd i rutan.", "personer"),
        Column(
            "people_65plus",
            "float",
            "Personer 65+",
            "65 år eller äldre.",
            "personer",
            nullable=True,
        ),
        Column(
            "people_80plus",
            "float",
            "Personer 80+",
            "80 år eller äldre.",
            "personer",
            nullable=True,
        ),
    ),
    key=("cell_id",),
    geometry=("Polygon", "MultiPolygon"),
)

SETTLEMENTS = Table(
    "bebyggelse",
    "Orter och platser i indata",
    (
        Column("settlement_id", "text", "Id", "Ortens eller platsens id i källan."),
        Column("name", "text", "Namn", "Ortens eller platsens namn."),
        Column("kind", "text", "Slag", "tatort, smaort eller by."),
        Column("population", "float", "Folkmängd", "Publicerad folkmängd.", "personer", True),
    ),
    key=("settlement_id",),
    geometry=("Point", "Polygon", "MultiPolygon"),
)

SITES = Table(
    "serviceplatser",
    "Serviceställen",
    (
        Column("site_id", "text", "Id", "Serviceställets id: ett företag som ger en service."),
        Column("name", "text", "Namn", "Serviceställets namn."),
        Column("service", "text", "Service", "Slag av service."),
        Column(
            "status",
            "text",
            "Status",
            "open, unconfirmed, closed eller planned.",
            words=("open", "unconfirmed", "closed", "planned"),
        ),
        Column(
            "assortment",
            "text",
            "Sortiment",
            "full, limited eller unknown.",
            nullable=True,
            words=("full", "limited", "unknown"),
        ),
        Column(
            "staffed",
            "text",
            "Bemannad",
            "yes, no eller unknown.",
            nullable=True,
            words=("yes", "no", "unknown"),
        ),
        Column(
            "season",
            "text",
            "Säsong",
            "all_year, summer, winter, part_of_year eller unknown.",
            nullable=True,
            words=("all_year", "summer", "winter", "part_of_year", "unknown"),
        ),
        Column(
            "reserve_power",
            "text",
            "Reservkraft",
            "yes, no eller unknown.",
            nullable=True,
            words=("yes", "no", "unknown"),
        ),
        Column("operator", "text", "Ägare", "Företaget bakom, om det är känt.", nullable=True),
        Column("kommunkod", "text", "Kommun", "Kommunkod, NO för Norge.", nullable=True),
        Column("source", "text", "Källa", "Varifrån uppgiften kommer.", nullable=True),
        Column("source_year", "float", "Källans år", "År som uppgiften avser.", nullable=True),
        Column(
            "source_date",
            "text",
            "Källans datum",
            "Dag då uppgiften gällde: ÅÅÅÅ, ÅÅÅÅ-MM eller ÅÅÅÅ-MM-DD.",
            nullable=True,
        ),
        Column("note", "text", "Anmärkning", "Osäkerheter och förklaringar.", nullable=True),
    ),
    key=("site_id",),
    geometry=("Point",),
)

MERGES = Table(
    "sammanslagningar",
    "Sammanslagna serviceställen",
    (
        Column("site_id", "text", "Id", "Stället som är kvar."),
        Column("name", "text", "Namn", "Ställets namn."),
        Column("service", "text", "Service", "Slag av service."),
        Column("source_file", "text", "Fil", "Filen som gäller: den som står först."),
        Column("other_id", "text", "Det andra stället", "Id i den andra förteckningen."),
        Column("other_name", "text", "Det andra namnet", "Namn i den andra förteckningen."),
        Column("other_file", "text", "Den andra filen", "Filen som det andra stället står i."),
        Column("distance_m", "float", "Avstånd", "Mellan de två lägena.", "m"),
        Column(
            "action",
            "text",
            "Åtgärd",
            "Om de två blev ett ställe eller båda är kvar.",
            words=("merged", "kept both"),
        ),
        Column("conflict", "text", "Motsägelse", "Vad källorna är oense om.", nullable=True),
        Column("filled", "text", "Kompletterat", "Vad den andra källan tillförde.", nullable=True),
    ),
    key=("site_id", "other_id", "other_file"),
)

EDGES = Table(
    "vagar",
    "Vägnät",
    (
        Column("u", "int", "Från nod", "Nod där länken börjar."),
        Column("v", "int", "Till nod", "Nod där länken slutar."),
        Column("length_m", "float", "Längd", "Länkens längd längs vägen.", "m", decimals=1),
        Column("highway", "text", "Vägklass", "Vägklass enligt OpenStreetMap."),
        Column("ref", "text", "Vägnummer", "Vägens nummer.", nullable=True),
        Column("surface", "text", "Beläggning", "Vägens beläggning.", nullable=True),
        Column("forward", "bool", "Framåt", "Får köras från u till v."),
        Column("backward", "bool", "Bakåt", "Får köras från v till u."),
        Column(
            "maxspeed_kmh", "float", "Skyltad hastighet", "Högsta hastighet.", "km/h", nullable=True
        ),
        Column(
            "maxspeed_backward_kmh",
            "float",
            "Skyltad hastighet bakåt",
            "Högsta hastighet från v till u, där den är en annan.",
            "km/h",
            nullable=True,
        ),
        Column(
            "closed",
            "text",
            "Stängd",
            "Tid på året då vägen är stängd (källans text).",
            nullable=True,
        ),
    ),
    key=(),
    geometry=("LineString",),
)

BOUNDARY = Table(
    "kommun",
    "Kommun",
    (
        Column("kommunkod", "text", "Kommunkod", "SCB:s kommunkod."),
        Column("name", "text", "Kommun", "Kommunens namn."),
    ),
    key=("kommunkod",),
    geometry=("Polygon", "MultiPolygon"),
)

LAKES = Table(
    "sjoar",
    "Sjöar",
    (
        Column("number", "int", "Nummer", "Sjöarnas ordning, den största först."),
        Column("area_km2", "float", "Yta", "Ytan som är ritad.", "km²", decimals=2),
    ),
    key=("number",),
    geometry=("Polygon",),
)

REGISTRY = Table(
    "ort-id",
    "Orternas id över åren",
    (
        Column("ort_id", "text", "Ort-id", "Ortens id, samma från år till år."),
        Column("name", "text", "Ort", "Ortens namn det senaste året."),
        Column("kind", "text", "Slag", "tatort, smaort, by eller kluster."),
        Column("first_year", "int", "Första år", "Året då orten först fanns med."),
        Column("last_year", "int", "Senaste år", "Året då orten senast fanns med."),
        Column("predecessor", "text", "Kommer av", "Id på orten den bröts ut ur.", nullable=True),
        Column("x", "float", "E", "Ortens punkt, SWEREF 99 TM.", "m"),
        Column("y", "float", "N", "Ortens punkt, SWEREF 99 TM.", "m"),
        Column("cells", "text", "Rutor", "Id på ortens rutor det senaste året, r framför varje."),
    ),
    key=("ort_id",),
)

OVERRIDES = Table(
    "ortandringar-indata",
    "Kommunens ändringar av orterna",
    (
        Column("ort", "text", "Ort", "Ortens namn eller id."),
        Column("change", "text", "Ändring", "namn, slå ihop eller rangordna inte."),
        Column("to", "text", "Till", "Nytt namn, eller orten att slå ihop med.", nullable=True),
        Column("motive", "text", "Motiv", "Varför orten ändras."),
    ),
    key=(),
)

DECISIONS = Table(
    "beslut",
    "Beslut om orterna",
    (
        Column("ort", "text", "Ort", "Ortens namn eller id."),
        Column("decision", "text", "Beslut", "utpekad eller inte utpekad."),
        Column("motive", "text", "Motiv", "Motivet till beslutet."),
        Column("date", "text", "Datum", "Beslutets datum, ÅÅÅÅ-MM-DD."),
        Column("decided_by", "text", "Beslutat av", "Vem som har beslutat."),
        Column("year", "float", "År", "Året från vilket beslutet gäller.", nullable=True),
    ),
    key=(),
)

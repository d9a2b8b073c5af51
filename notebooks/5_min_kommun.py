# %% [markdown]
# # 5. Min kommun
#
# Från tom mapp till karta, med egna filer. Fyra saker behövs: **folk**, **byar**, **serviceställen** och **vägar**. Gränsen finns redan.
#
# Har du nät räcker två kommandon, och de hämtar allt från SCB och OpenStreetMap (körs inte här):
#
# ```
# glesservice fetch --kommun 2462 --year 2026
# glesservice run --config vilhelmina-2026/glesservice.toml
# ```
#
# Resten av anteckningsboken gör samma sak för hand, utan nät. Filerna görs av de inbyggda demonstrationsdata, i de format som en
# kommun brukar ha: en tabell ur rutnätet, en ifylld mall och ett utdrag ur OpenStreetMap. Inte underlag för beslut.

# %%
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import openpyxl
import pandas as pd

import glesservice
from glesservice import show_map, show_table
from glesservice.checks import check
from glesservice.swedish import number

KOMMUN, YEAR = "2462", 2026

# %% [markdown]
# ## Börja: inställningar och mall
#
# Samma som `glesservice init --kommun 2462 --folder min`. Inget som redan finns skrivs över. Här i en tillfällig mapp.

# %%
folder = Path(tempfile.mkdtemp()) / "min"
toml, workbook = glesservice.write_starter(KOMMUN, folder, YEAR)

print(*sorted(path.name for path in folder.iterdir()), sep="\n")
print()
print(*toml.read_text(encoding="utf-8").splitlines()[:22], sep="\n")

# %% [markdown]
# ## Folk: en tabell ur rutnätet
#
# SCB:s rutor känns igen på sitt id med 13 siffror. En GeoPackage eller GeoTIFF går lika bra.

# %%
facts = glesservice.read_inputs(glesservice.load_settings())  # de inbyggda uppgifterna

grid = facts.cells[["cell_id", "people"]]
grid.columns = ["rutid_scb", "beftotalt"]
grid.to_csv(folder / "befolkning.csv", index=False)
print(f"{number(len(grid))} rutor, {number(grid['beftotalt'].sum())} personer")

# %% [markdown]
# ## Vägar och byar: ett utdrag ur OpenStreetMap
#
# Har du ett utdrag (`.osm.pbf`, till exempel från Geofabrik) lägger du det i mappen och hoppar över detta. Här skrivs ett litet
# utdrag med samma taggar: vägarna, och byarnas namn. Grannkommunerna och Norge är med, för folk handlar över gränserna.

# %%
PLACES = {"tatort": "town", "smaort": "village", "by": "hamlet"}


def write_extract(edges, places, path):
    """Skriv vägar och byar som OpenStreetMap-XML."""
    osm = ET.Element("osm", version="0.6")
    ids, ways = {}, []

    def node(lon, lat):
        at = f"{lon:.7f}", f"{lat:.7f}"
        if at not in ids:
            ids[at] = str(len(ids) + 1)
            ET.SubElement(osm, "node", id=ids[at], version="1", lon=at[0], lat=at[1])
        return ids[at]

    for edge in edges.to_crs(4326).itertuples():
        tags = {
            "highway": edge.highway,
            "ref": edge.ref,
            "surface": edge.surface,
            "oneway": None if edge.forward and edge.backward else "yes" if edge.forward else "-1",
            "maxspeed": None if pd.isna(edge.maxspeed_kmh) else f"{edge.maxspeed_kmh:.0f}",
            "motor_vehicle:conditional": f"no @ ({edge.closed})" if edge.closed else None,
        }
        ways.append(([node(lon, lat) for lon, lat in edge.geometry.coords], tags))
    points = places.assign(geometry=places.representative_point()).to_crs(4326)
    for number_, place in enumerate(points.itertuples(), start=len(ids) + 1):
        at = {"lon": f"{place.geometry.x:.7f}", "lat": f"{place.geometry.y:.7f}"}
        element = ET.SubElement(osm, "node", id=str(number_), version="1", **at)
        ET.SubElement(element, "tag", k="place", v=PLACES[place.kind])
        ET.SubElement(element, "tag", k="name", v=place.name)
    for number_, (nodes, tags) in enumerate(ways, start=1):
        way = ET.SubElement(osm, "way", id=str(number_), version="1")
        for ref in nodes:
            ET.SubElement(way, "nd", ref=ref)
        for key, value in tags.items():
            if value:
                ET.SubElement(way, "tag", k=key, v=value)
    ET.ElementTree(osm).write(path, encoding="utf-8", xml_declaration=True)


write_extract(facts.edges, facts.settlements, folder / "utdrag.osm")
print(f"utdrag.osm: {number((folder / 'utdrag.osm').stat().st_size / 1024)} kB")

# %% [markdown]
# ## Serviceställen: fyll i mallen
#
# Det här är den fil som avgör mest. I Excel har kolumnerna listor att välja ur; här fylls bladet i från Python. Det som inte är
# säkert heter *obekräftat*: det visas men räknas inte.

# %%
STATUS = {"open": "öppet", "unconfirmed": "obekräftat"}

shops = facts.sites.to_crs(4326)
book = openpyxl.load_workbook(workbook)
sheet = book.worksheets[0]
heading = {cell.value: cell.column for cell in sheet[1]}
for row, shop in enumerate(shops.itertuples(), start=3):  # rad 2 är mallens exempel
    filled = {
        "Namn": shop.name,
        "Tjänst": shop.service,
        "Status": STATUS[shop.status],
        "Latitud": shop.geometry.y,
        "Longitud": shop.geometry.x,
        "Kommunkod": shop.kommunkod,
        "Källa": shop.source,
    }
    for title, value in filled.items():
        sheet.cell(row, heading[title], value)
book.save(workbook)
print(f"{len(shops)} ställen i {workbook.name}")

# %% [markdown]
# ## Inställningarna
#
# Säg vad filerna heter, vem som har gjort dem och vilken dag de gäller: det visas i kartan och tabellerna. Allt annat har förvalda
# värden, som står som kommentarer i mallen.

# %%
toml.write_text(
    f"""
[area]
kommun = "{KOMMUN}"
name = "Vilhelmina"
year = {YEAR}

[population]
path = "befolkning.csv"
source = "Demonstration, modellerad efter SCB"
licence = "CC0"
date = "2024-12-31"

[[settlements]]
path = "utdrag.osm"
source = "Demonstration, i OpenStreetMaps format"
licence = "CC BY 4.0, ODbL, CC0"
date = "2025"

[[services]]
path = "serviceplatser.xlsx"
source = "Kommunens egen lista (här: demonstration)"
licence = "uppgifter om enskilda ställen"
date = "2025-11"

[[roads]]
path = "utdrag.osm"
source = "Demonstration, i OpenStreetMaps format"
licence = "CC BY 4.0, ODbL, CC0"
date = "2025"

[publication]
demonstration = true
""",
    encoding="utf-8",
)
settings = glesservice.load_settings(toml)

# %% [markdown]
# ## Pröva indata först
#
# Samma som `glesservice check`: regler som inte räknar något utan letar efter sådant som skulle ge fel resultat. Fynden är
# frågor, inte domar. (Programmets egna meddelanden är på engelska.)

# %%
report = check(settings)
show_table(
    pd.DataFrame(
        {"Nivå": found.level, "Regel": found.title, "Här": found.what} for found in report.findings
    ),
    title=f"{len(report.checked)} regler, {len(report.findings)} fynd",
    rows=None,
)

# %% [markdown]
# ## Kör
#
# Allt skrivs till en mapp, helt eller inte alls.

# %%
result = glesservice.run(settings, output=folder / "outputs")
result

# %%
products = sorted((folder / "outputs" / "vilhelmina-2026").iterdir())
show_table(
    pd.DataFrame({"Fil": path.name, "kB": round(path.stat().st_size / 1024)} for path in products),
    title="Vad som kom ut",
    rows=None,
)

# %%
show_map(result)

# %% [markdown]
# ## Stämmer det?
#
# Samma uppgifter i andra format ska ge samma kommun: lika många personer, och listan i nästan samma ordning. Småorternas och
# tätorternas gränser fanns inte i utdraget, så några orter får andra rutor.

# %%
embedded = glesservice.run(glesservice.load_settings().with_changes(certainty={"draws": 0}))
assert result.people == embedded.people

both = embedded.orter.merge(result.orter, on="name", suffixes=("_inbyggd", "_egen"))
print(f"{len(both)} av {len(embedded.orter)} orter har samma namn")
top = set(embedded.orter["name"].head(10)) & set(result.orter["name"].head(10))
print(f"{len(top)} av de 10 främsta är desamma")

# %% [markdown]
# ## Vad du kan göra härnäst
#
# - Byt ut filerna mot dina egna, en i taget, och kör `check` efter varje.
# - Kommunens egen lista över ställen går före OpenStreetMap: lägg den först bland `[[services]]`.
# - Lägg mappens filer någonstans där de finns kvar: nästa år jämförs de med de nya (`4_tva_ar`).
# - Läs handboken i `docs/` innan listan används som underlag.
# - Uppgifterna gäller: befolkning 2024-12-31, serviceställen 2025-11, vägar och byar 2025 (modellerade delar: `data/README.md`).

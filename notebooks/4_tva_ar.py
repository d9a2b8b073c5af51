# %% [markdown]
# # 4. Två år
#
# Vad har ändrats sedan i fjol, och varför? Varje ändring delas på fyra orsaker: **befolkning**, **service**, **vägnät** och
# **inställningar**. Delarna blir tillsammans precis hela ändringen.
#
# De inbyggda demonstrationsdata har bara ett år. Det andra året hittas på här, så att man vet vad jämförelsen ska finna.

# %%
from dataclasses import replace

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import Markdown

import glesservice
from glesservice import Year, show_map, show_table
from glesservice.scenarios import Close, Open, Scenario, transform
from glesservice.swedish import number

# %% [markdown]
# ## Det första året

# %%
settings = glesservice.load_settings().with_changes(certainty={"draws": 0})
inputs = glesservice.read_inputs(settings)
before = Year(settings, inputs)

# %% [markdown]
# ## Det andra året: fyra saker har hänt
#
# 1. **Befolkning:** 30 personer har flyttat till den ruta i Skansholm som ligger längst bort.
# 2. **Service:** butiken i Kittelfjäll har stängt och en har öppnat i Nästansjö.
# 3. **Vägnät:** väg 1094 har lagts om och blivit en fjärdedel längre.
# 4. **Inställningar:** fullmäktige låter dagligvaror väga 60 % i stället för 50 %.

# %%
year = settings.with_changes(
    area={"year": 2027},
    population={"date": "2025-12-31"},
    policy={"services": {"dagligvaror": {"weight": 0.6}}},
)
happened = Scenario(
    name="2027",
    steps=(
        Close(place="Coop Kittelfjäll"),
        Open(service="dagligvaror", ort="Nästansjö", name="Nästansjö lanthandel"),
    ),
)
today = glesservice.analyse(inputs, settings)
changed, year = transform(happened, inputs, year, today)

cells, edges = changed.cells, changed.edges
furthest = today.trace("Skansholm").cells.sort_values("km")["cell_id"].iloc[-1]
moved_in = cells["people"].where(cells["cell_id"] != furthest, cells["people"] + 30)
rebuilt = edges["length_m"].where(edges["ref"] != "1094", 1.25 * edges["length_m"])
changed = replace(
    changed,
    cells=cells.assign(people=moved_in),
    edges=edges.assign(length_m=rebuilt),
)
after = Year(year, changed)

# %% [markdown]
# I verkligheten är åren två inställningsfiler, eller två mappar från tidigare körningar:
# `glesservice.compare("2026/glesservice.toml", "2027/glesservice.toml")`.
#
# ## Jämförelsen
#
# Alla blandningar av de två åren räknas: sexton analyser.

# %%
found = glesservice.compare(before, after)
Markdown("\n".join(f"- {notice}" for notice in found.notices))

# %%
names = {
    "cause_people": "befolkning",
    "cause_services": "service",
    "cause_roads": "vägnät",
    "cause_settings": "inställningar",
}
show_table(
    found,
    "orter",
    ["name", "total_before", "total", "total_change", *names],
    title="Orter vars poäng har ändrats mest, och orsakerna",
)

# %% [markdown]
# Butiken i Nästansjö märks mest. Men folk och vägar har också flyttat på sig:

# %%
show_table(
    found,
    "orter",
    ["name", "total_before", "total", "total_change", *names],
    where="abs(cause_people) > 0.05 or abs(cause_roads) > 0.05",
    title="Orter där befolkningen eller vägnätet har betytt något",
)

# %% [markdown]
# Gick det jämnt upp?

# %%
told = found.orter.dropna(subset=list(names))
assert (told[list(names)].sum(axis=1) - told["total_change"]).abs().max() < 1e-6

# %%
strength = told[["cause_people", "cause_roads"]].abs().max(axis=1)
others = told.loc[strength.nlargest(2).index]  # där folk eller väg betyder mest
most = pd.concat([told.head(6), others]).drop_duplicates("ort_id").iloc[::-1]

figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
most.set_index("name")[list(names)].rename(columns=names).plot.barh(
    stacked=True, ax=axes, color=["#7fb2e5", "#27476e", "#d8a31a", "#8a8984"], width=0.7
)
axes.axvline(0, color="black", linewidth=0.8)
axes.set_title("Varför poängen har ändrats från 2026 till 2027", loc="left")
axes.set_xlabel("Ändring av poängen (0–100); åt höger är glesare")
axes.set_ylabel("")
axes.xaxis.set_major_formatter(lambda value, _: number(value))
axes.spines[["top", "right"]].set_visible(False)
axes.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=4)
source = "Källa: glesservice, inbyggda demonstrationsdata; 2027 är påhittat"
figure.supxlabel(source, x=0.01, ha="left", fontsize=8)
plt.show()

# %% [markdown]
# ## Hela kommunen

# %%
show_table(
    found,
    "municipality",
    ["title", "before", "after", "change", *names],
    where="measure.str.startswith('km_')",
    title="Medelavstånd i kommunen (km)",
)

# %% [markdown]
# ## Ställen, orter och inställningar

# %%
show_table(found, "sites")

# %%
show_table(found, "setting_changes")

# %%
show_table(found, "ort_changes", title="Orter som är nya, borta, delade eller omdöpta")

# %% [markdown]
# ## På kartan
#
# Växla mellan åren; listan visar ändringen av varje poäng.

# %%
show_map(found.after, before=found.before)

# %% [markdown]
# Orsakerna är räknade. De säger inte varför folk flyttar eller butiker stänger.

# %% [markdown]
# ## Vad du kan göra härnäst
#
# - Skriv jämförelsen till en mapp: `glesservice.compare(..., output="outputs")`.
# - Spara `ort-id.csv` varje år och ange den som `registry`: då behåller orterna sina id när namn och rutor ändras.
# - Från 2025 stör SCB varje värde i rutnätet: en ändring i en liten by kan vara brus. Jämförelsen säger till.
# - Uppgifterna gäller: befolkning 2024-12-31, serviceställen 2025-11, vägar 2025; det andra året är påhittat.

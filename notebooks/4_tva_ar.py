# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

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

import glesservice
from glesservice import Year, show_map, show_table
from glesservice.scenarios import Close, Open, Population, Scenario, transform
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
# 1. **Befolkning:** var tredje i Latikberg har flyttat.
# 2. **Service:** butiken i Kittelfjäll har stängt och en har öppnat i Nästansjö.
# 3. **Vägnät:** väg 1094 har lagts om och blivit en tiondel längre.
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
        Population(ort="Latikberg", factor=2 / 3),
        Close(place="Coop Kittelfjäll"),
        Open(service="dagligvaror", ort="Nästansjö", name="Nästansjö lanthandel"),
    ),
)
changed, year = transform(happened, inputs, year)

is_moved = changed.edges["ref"] == "1094"
length_m = changed.edges["length_m"].where(~is_moved, 1.1 * changed.edges["length_m"])
after = Year(year, replace(changed, edges=changed.edges.assign(length_m=length_m)))

# %% [markdown]
# I verkligheten är åren två inställningsfiler, eller två mappar från tidigare körningar:
# `glesservice.compare("2026/glesservice.toml", "2027/glesservice.toml")`.
#
# ## Jämförelsen
#
# Alla blandningar av de två åren räknas: sexton analyser.

# %%
found = glesservice.compare(before, after)
print("Skiljer sig:", ", ".join(found.changed))
for notice in found.notices:
    print("–", notice)

# %%
show_table(
    found,
    "orter",
    [
        "name",
        "total_before",
        "total",
        "total_change",
        "cause_people",
        "cause_services",
        "cause_roads",
        "cause_settings",
    ],
    title="Orter vars poäng har ändrats mest, och orsakerna",
)

# %% [markdown]
# Gick det jämnt upp?

# %%
names = {
    "cause_people": "befolkning",
    "cause_services": "service",
    "cause_roads": "vägnät",
    "cause_settings": "inställningar",
}
told = found.orter.dropna(subset=list(names))
assert (told[list(names)].sum(axis=1) - told["total_change"]).abs().max() < 1e-6

# %%
most = told.head(10).iloc[::-1].set_index("name")[list(names)].rename(columns=names)
figure, axes = plt.subplots(figsize=(8, 4.5), layout="constrained")
most.plot.barh(stacked=True, ax=axes, color=["#27476e", "#b3261e", "#c9b458", "#7c7b78"], width=0.7)
axes.axvline(0, color="black", linewidth=0.8)
axes.set_title("Varför poängen har ändrats från 2026 till 2027", loc="left")
axes.set_xlabel("Ändring av poängen (0–100), uppåt är glesare")
axes.set_ylabel("")
axes.xaxis.set_major_formatter(lambda value, _: number(value))
axes.spines[["top", "right"]].set_visible(False)
axes.legend(title="", frameon=False, loc="lower right")
source = "Källa: glesservice, inbyggda demonstrationsdata; 2027 är påhittat"
figure.supxlabel(source, x=0.01, ha="left", fontsize=8)
plt.show()

# %% [markdown]
# ## Hela kommunen

# %%
show_table(
    found,
    "municipality",
    where="measure.str.startswith('km_')",
    title="Medelavstånd i kommunen",
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
# Rutorna färgas efter vad som har ändrats; listan visar ändringen av varje poäng.

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

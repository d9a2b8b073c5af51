# %% [markdown]
# # 2. Varför är min by med?
#
# Den fråga som alltid kommer. Här följs en ort hela vägen: från rutorna där folk bor, till avstånden, till
# poängen, till platsen i listan. Varje tal räknas om för hand och jämförs. Sedan ändras antagandena, ett i taget.
#
# Inbyggda demonstrationsdata: inte underlag för beslut.

# %%
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import Markdown, display

import glesservice
from glesservice import show_map, show_table
from glesservice.analysis import build_network
from glesservice.swedish import collation_key, number

ORT = "Stalon"  # byt till din by

# %%
settings = glesservice.load_settings()
inputs = glesservice.read_inputs(settings)
result = glesservice.analyse(inputs, settings)

trace = result.trace(ORT)
Markdown(trace.ort["motive"])

# %% [markdown]
# ## Hela vägen på en gång
#
# Först servicen för sig: avstånd, gleshet, sårbarhet och bidraget till poängen. Därunder ruta för ruta, med det
# närmaste stället vid namn. Rutornas folkmängd visas i klasser; de exakta talen finns i `trace.cells` för den som räknar, men visa
# dem inte för andra.

# %%
trace

# %% [markdown]
# ## Varifrån kommer kilometrarna?
#
# Rutans mitt fästs vid närmaste väg, likaså butikerna, och sedan söks den kortaste vägen. Här görs det om för en ruta, med samma
# byggstenar.

# %%
network = build_network(inputs, settings)
cell_id, km = trace.cells.loc[trace.cells["service"] == "dagligvaror", ["cell_id", "km"]].iloc[0]

homes = result.cells.loc[result.cells["cell_id"] == cell_id].centroid
shops = result.sites[result.sites["counted"] & (result.sites["service"] == "dagligvaror")]
reach = settings.network.access_max_m
home, there = (glesservice.snap(network, points, reach) for points in (homes, shops.geometry))

found = glesservice.nearest(network, home, there, k=2, by="metres")
for order in (0, 1):
    shop = shops["name"].iloc[found.site[0, order]]
    print(f"{number(found.metres[0, order] / 1000, 1)} km till {shop}")
assert np.isclose(found.metres[0, 0] / 1000, km)

# %% [markdown]
# ## För hand: gleshet
#
# Till dagligvaror har ingen långt upp till 10 km, och från 30 km är det så långt det kan bli. Däremellan rätlinjigt:
# gleshet = (km − 10) / (30 − 10), mellan 0 och 1.

# %%
rule = settings.policy.services["dagligvaror"]
cells = trace.cells[trace.cells["service"] == "dagligvaror"]
people, km, next_km = cells["people"], cells["km"], cells["next_km"]

far = ((km - rule.near_km) / (rule.far_km - rule.near_km)).clip(0, 1)
sparsity = 100 * np.average(far, weights=people)  # medel över ortens boende
print(f"Gleshet för dagligvaror: {number(sparsity, 1)}")
assert np.isclose(sparsity, trace.ort["sparsity_dagligvaror"])

# %% [markdown]
# ## För hand: sårbarhet
#
# Stänger det närmaste stället blir det `next_km` i stället för `km`. Tre mil längre räknas fullt ut.

# %%
further = ((next_km - km) / settings.policy.vulnerability_km).clip(0, 1)
vulnerability = 100 * np.average(further, weights=people)
print(f"Sårbarhet för dagligvaror: {number(vulnerability, 1)}")
assert np.isclose(vulnerability, trace.ort["vulnerability_dagligvaror"])

# %% [markdown]
# ## För hand: poängen
#
# Samma sak för varje slag av service, vägt med dess vikt, och sedan 70 % gleshet och 30 % sårbarhet.

# %%
share = settings.policy.sparsity_share
by_hand = pd.DataFrame(index=result.weights.index, columns=["gleshet", "sårbarhet"], dtype=float)
for service, cells in trace.cells.groupby("service"):
    limits = settings.policy.services[service]
    km = cells["km"].fillna(np.inf)  # den som inget når har längst
    far = ((km - limits.near_km) / (limits.far_km - limits.near_km)).clip(0, 1)
    longer = ((cells["next_km"].fillna(np.inf) - km) / settings.policy.vulnerability_km).clip(0, 1)
    longer = longer.where(np.isfinite(km), 1)  # den som inget når är så sårbar man kan bli
    by_hand.loc[service] = [
        100 * np.average(values, weights=cells["people"]) for values in (far, longer)
    ]

points = result.weights * (share * by_hand["gleshet"] + (1 - share) * by_hand["sårbarhet"])
assert np.isclose(points.sum(), trace.ort["total"])

show_table(
    pd.DataFrame(
        {
            "Tal": ["Gleshet, dagligvaror", "Sårbarhet, dagligvaror", "Poäng"],
            "För hand": [sparsity, vulnerability, points.sum()],
            "I listan": trace.ort[
                ["sparsity_dagligvaror", "vulnerability_dagligvaror", "total"]
            ].tolist(),
        }
    ),
    title=f"{ORT}: för hand och i listan (0–100)",
)

# %% [markdown]
# ## För hand: platsen
#
# Platsen är ordningen efter poäng bland orterna som rangordnas; centralorten är inte med.

# %%
ranked = result.orter[result.orter["role"] == "kandidat"]
place = 1 + (ranked["total"] > points.sum() + 1e-9).sum()
print(f"{ORT} har plats {place} av {len(ranked)}")
assert place == trace.ort["rank"]

# %% [markdown]
# ## Vad saknas i listan över ställen?
#
# Ett ställe som saknas i indata saknas i resultatet. Ställen som ingen källa säger finns i dag är *obekräftade*: de visas men räknas
# inte. Det är ofta det första att fråga om.

# %%
show_table(
    result,
    "sites",
    ["name", "service", "status", "counted", "source"],
    where=f"ort_id == {trace.ort['ort_id']!r}",
    title=f"Serviceställen i {ORT}",
)

# %% [markdown]
# ## Hur säker är platsen?
#
# Listan räknas om tusen gånger med andra vikter, gränser, hastigheter, folkmängder och öppna ställen. Strecket visar
# var orten hamnar i de flesta dragningarna (5–95 %), punkten är platsen i listan.

# %%
Markdown(trace.ort["certainty"])

# %%
top = result.orter[result.orter["rank"] <= 20].iloc[::-1]
colours = ["#b3261e" if name == ORT else "#27476e" for name in top["name"]]

figure, axes = plt.subplots(figsize=(8, 6), layout="constrained")
axes.hlines(top["name"], top["rank_low"], top["rank_high"], color=colours, linewidth=3)
axes.scatter(top["rank"], top["name"], color=colours, s=40, zorder=3)
axes.axvline(settings.policy.top + 0.5, color="#777777", linestyle="--", linewidth=1)
axes.annotate("de till vänster föreslås ", (settings.policy.top + 0.5, len(top) - 0.5), ha="left")
axes.set_title(
    f"Platsens intervall för de {len(top)} glesaste orterna, "
    f"{number(settings.certainty.draws)} dragningar",
    loc="left",
)
axes.set_xticks([1, *range(5, 41, 5)])
axes.set_xlim(0, 40)
axes.set_xlabel("Plats i listan över glesa orter")
axes.spines[["top", "right"]].set_visible(False)
source = "Källa: glesservice, inbyggda demonstrationsdata 2026"
figure.supxlabel(source, x=0.01, ha="left", fontsize=8)
plt.show()

# %% [markdown]
# Vilket antagande betyder mest? Ett i taget, de andra som de är:

# %%
show_table(
    result,
    "sensitivity",
    ["title", "low", "rank_at_low", "high", "rank_at_high"],
    where=f"name == {ORT!r}",
    rows=8,
    title=f"{ORT}: vad ett annat antagande gör med platsen",
)

# %% [markdown]
# ## Ändra antagandena
#
# Vikter och gränser är politik: de får ifrågasättas och ändras. `settings.with_changes(...)` ger nya inställningar, prövade som en
# inställningsfil. Allt räknas om; bara vägnätet, som inte ändras, används igen.


# %%
def with_policy(weight_percent=50, near_km=10, far_km=30, sparsity_percent=70):
    """Räkna om med andra vikter och gränser för dagligvaror."""
    rule = {"near_km": near_km, "far_km": far_km, "weight": weight_percent / 100}
    changed = settings.with_changes(
        certainty={"draws": 0},  # utan dragningar går det på en sekund
        policy={"services": {"dagligvaror": rule}, "sparsity_share": sparsity_percent / 100},
    )
    return glesservice.analyse(inputs, changed, network)


def proposed(found):
    """Namnen på orterna som föreslås."""
    return found.orter.loc[found.orter["rank"] <= settings.policy.top, "name"]


def tell(weight_percent=50, near_km=10, far_km=30, sparsity_percent=70):
    """Visa var orten hamnar, och vilka som då kommer med eller faller ur förslaget."""
    if near_km >= far_km:
        print("Den övre gränsen måste vara större än den nedre.")
        return
    changed = with_policy(weight_percent, near_km, far_km, sparsity_percent)
    before, after = result.trace(ORT).ort, changed.trace(ORT).ort
    print(
        f"{ORT}: plats {number(before['rank'])} → {number(after['rank'])}, "
        f"poäng {number(before['total'], 1)} → {number(after['total'], 1)}"
    )
    was, now = (set(proposed(one)) for one in (result, changed))
    print("Kommer med:", ", ".join(sorted(now - was, key=collation_key)) or "ingen")
    print("Faller ur:", ", ".join(sorted(was - now, key=collation_key)) or "ingen")
    display(show_table(changed.trace(ORT), "services", title=f"{ORT} med dessa antaganden"))


# %% [markdown]
# Dra i reglagen; när du släpper räknas allt om. Drivmedel väger 30 %, så dagligvaror kan få högst 70 %; resten delar på det som
# blir över. (Reglagen syns bara när anteckningsboken körs.)


# %%
def slider(low, high, value, text, step=1):
    return widgets.IntSlider(
        value,
        low,
        high,
        step,
        description=text,
        continuous_update=False,
        style={"description_width": "16em"},
        layout={"width": "36em"},
    )


widgets.interactive(
    tell,
    weight_percent=slider(10, 70, 50, "Vikt för dagligvaror, %", 5),
    near_km=slider(0, 25, 10, "Nedre gräns, km"),
    far_km=slider(15, 60, 30, "Övre gräns, km"),
    sparsity_percent=slider(0, 100, 70, "Glesheten i poängen, %", 5),
)

# %% [markdown]
# Utan reglage, för den som läser eller vill kunna köra om det: vad händer om kommunen säger att 20 km är långt?

# %%
tell(near_km=20, far_km=45)

# %% [markdown]
# Och om obekräftade ställen räknas? Då har Stalon en butik.

# %%
changed = settings.with_changes(certainty={"draws": 0}, services={"unconfirmed": "include"})
counted = glesservice.analyse(inputs, changed, network)
show_table(counted.trace(ORT), "services", title=f"{ORT} om obekräftade ställen räknas")

# %% [markdown]
# ## På kartan
#
# Sök upp orten: panelen visar motiv, säkerhet och vägen till de två närmaste ställena.

# %%
show_map(result)

# %% [markdown]
# ## Vad du kan göra härnäst
#
# - Byt `ORT` överst mot din by och kör om.
# - Saknas en butik, eller är en stängd? Rätta listan över serviceställen: det betyder mer än alla vikter. Se `5_min_kommun`.
# - Vad händer om butiken stänger? `3_vad_hander_om`.
# - Uppgifterna gäller: befolkning 2024-12-31, serviceställen 2025-11, vägar 2025 (modellerade delar: `data/README.md`).

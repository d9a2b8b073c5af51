# %% [markdown]
# # 3. Vad händer om…
#
# …butiken stänger, någon öppnar en pump, vintern stänger fjällvägen? Och var skulle en ny butik hjälpa flest? Varje fråga
# ställs i en rad och besvaras med före och efter, ort för ort och för hela kommunen.
#
# Inbyggda demonstrationsdata: inte underlag för beslut. Att en butik stänger här är ett exempel, inte en förutsägelse.

# %%
import matplotlib.pyplot as plt

import glesservice
from glesservice import show_map, show_table
from glesservice.scenarios import Close, Open, Winter, close_each, place, what_if
from glesservice.swedish import number
from glesservice.tables import closings_table

SOURCE = "Källa: glesservice, inbyggda demonstrationsdata 2026"

# %% [markdown]
# ## Som det är i dag
#
# Rankningens säkerhet räknas inte här (`draws = 0`): då går varje fråga på någon sekund.

# %%
settings = glesservice.load_settings().with_changes(certainty={"draws": 0})
inputs = glesservice.read_inputs(settings)
today = glesservice.analyse(inputs, settings)
today

# %% [markdown]
# ## Butiken i Kittelfjäll stänger
#
# `place` stänger allt på samma plats: går butiken, går apoteksombudet. Enkla namn räcker; stavas något fel sägs vad som
# kan menas.

# %%
closed = what_if(
    inputs, today, Close(place="Coop Kittelfjäll"), name="Butiken i Kittelfjäll stänger"
)
show_table(
    closed,
    "municipality",
    ["service", "mean_km_before", "mean_km_after", "past_limit_change", "added_person_km"],
    title="Hela kommunen",
)

# %% [markdown]
# *Tillkommande personkilometer* är enkel resa, summerat över de boende. Vilka orter drabbas?

# %%
show_table(
    closed,
    "orter",
    [
        "name",
        "rank_before",
        "rank_after",
        "km_dagligvaror_before",
        "km_dagligvaror_after",
        "site_dagligvaror_after",
        "total_change",
    ],
    where="km_dagligvaror_change > 0.05",
    sort="-total_change",
    title="Orter som får längre till dagligvaror",
)

# %% [markdown]
# På kartan: växla mellan *nu* och *före*, och läs ändringen av varje poäng i listan.

# %%
show_map(closed.after, before=closed.before)

# %% [markdown]
# ## En pump i Kittelfjäll
#
# I stället för att stänga: någon öppnar.

# %%
opened = what_if(
    inputs, today, Open(service="drivmedel", ort="Kittelfjäll"), name="Pump i Kittelfjäll"
)
show_table(
    opened,
    "orter",
    ["name", "km_drivmedel_before", "km_drivmedel_after", "total_before", "total_after"],
    where="km_drivmedel_change < -0.05",
    sort="km_drivmedel_change",
    title="Orter som får närmare till drivmedel",
)

# %% [markdown]
# ## Vinter
#
# Vägar som är stängda någon del av vintern går inte att köra. Den som bor vid en stängd väg räknas som *utan*. Hur mycket långsammare det
# går på vinterväg är ett antagande; här en tiondel. Utan antagande (`winter_factor = 1`) ändras bara vägvalet.

# %%
icy = settings.with_changes(network={"winter_factor": 0.9})
winter = what_if(inputs, glesservice.analyse(inputs, icy), Winter(), name="Vinter")
show_table(
    winter,
    "municipality",
    [
        "service",
        "mean_minutes_before",
        "mean_minutes_after",
        "mean_km_before",
        "mean_km_after",
        "without_after",
    ],
    title="Hela kommunen, sommar och vinter",
)

# %% [markdown]
# Stegen kan kombineras: butiken stänger, och det är vinter.

# %%
both = what_if(
    inputs, winter.before, Close(place="Coop Kittelfjäll"), Winter(), name="Vinter utan butik"
)
show_table(
    both,
    "orter",
    ["name", "minutes_dagligvaror_before", "minutes_dagligvaror_after", "total_change"],
    sort="-total_change",
    rows=5,
    title="De fem orter som får det mest glest",
)

# %% [markdown]
# ## Vilket ställe är viktigast?
#
# Varje ställe, och varje plats med flera ställen, stängs i tur och ordning.

# %%
each = close_each(inputs, today)
services = list(today.weights.index)
show_table(
    each,
    closings_table(services),
    [
        "rank",
        "kind",
        "name",
        "people_affected",
        "people_past_limit",
        "added_person_km",
        "worst_ort",
    ],
    rows=8,
    title="Vad det kostar om stället stänger",
    note=SOURCE,
)

# %%
worst = each[each["kind"] == "ställe"].head(8).iloc[::-1]
labels = worst["name"] + " (" + worst["services"] + ")"

figure, axes = plt.subplots(figsize=(8, 3.6), layout="constrained")
bars = axes.barh(labels, worst["added_person_km"], color="#27476e")
axes.bar_label(bars, [number(value) for value in worst["added_person_km"]], padding=4)
axes.set_title("Personkilometer som tillkommer om stället stänger", loc="left")
axes.set_xlabel("Enkel resa, summa över de boende, viktad över slagen av service (personkm)")
axes.xaxis.set_major_formatter(lambda value, _: number(value))
axes.margins(x=0.12)
axes.spines[["top", "right"]].set_visible(False)
figure.supxlabel(SOURCE, x=0.01, ha="left", fontsize=8)
plt.show()

# %% [markdown]
# ## Var skulle en ny butik hjälpa mest?
#
# Två mål, som kan ge olika svar: *täckning* (flest inom gränsen, här 10 km) och *personkilometer* (minst väg sammanlagt).
# Valen är bevisat bästa; bredvid står vad man får om man öppnar den bästa först, och så vidare.

# %%
found = place(inputs, today, "dagligvaror", sites=3)
show_table(found, "placements", title="Bästa platser för en, två och tre nya butiker", note=SOURCE)

# %%
show_table(
    found,
    "candidates",
    ["name", "people_near", "people_closer", "saved_person_km"],
    rows=8,
    title="Vad var och en skulle göra ensam",
    note=SOURCE,
)

# %% [markdown]
# Att platsen är bäst för dem som bor där säger inget om huruvida en butik kan bära sig.

# %% [markdown]
# ## Vad du kan göra härnäst
#
# - Stäng ett annat ställe, flytta det (`Move`), stäng en väg (`CloseRoad`) eller räkna utan Norge (`WithoutNorway`).
# - Ge egna platser för nya ställen: `place(..., candidates=...)`.
# - Skriv svaret till en mapp med karta och tabeller: `glesservice scenario --close "Coop Kittelfjäll"`.
# - Jämför två år i `4_tva_ar`.
# - Uppgifterna gäller: befolkning 2024-12-31, serviceställen 2025-11, vägar 2025 (modellerade delar: `data/README.md`).

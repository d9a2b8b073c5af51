# %% [markdown]
# # 1. Kom igång
#
# Var är servicen gles, och vilka byar betyder mest? Här körs hela kedjan på en gång, på de inbyggda
# demonstrationsdata för Vilhelmina kommun. De är **inte underlag för beslut**: byar, butiker och huvudvägar är
# verkliga, men var folk bor och hur de små vägarna går är modellerat (`data/README.md`).
#
# Det tar omkring en halv minut, första gången något längre.

# %%
from IPython.display import Markdown

import glesservice
from glesservice import show_map, show_picture, show_table
from glesservice.swedish import number

# %% [markdown]
# ## En rad räcker
#
# Utan argument körs de inbyggda data. Egna data: `glesservice.run("min/glesservice.toml")`.

# %%
result = glesservice.run()
result

# %% [markdown]
# Poängen går från 0 till 100. Den är 70 % **gleshet** (hur långt de boende har till närmaste service) och 30 % **sårbarhet**
# (hur mycket längre det blir om det närmaste stället stänger). Hur säker är platsen i listan? Den räknas om
# med tusen andra rimliga antaganden, och de flesta platserna ligger mellan *bästa* och *sämsta*.

# %%
show_table(
    result,
    "orter",
    ["rank", "name", "people", "total", "km_dagligvaror", "km_drivmedel", "rank_low", "rank_high"],
    rows=15,
    title="De 15 glesaste orterna",
)

# %% [markdown]
# Varför står den första orten först? Varje ort har ett motiv i ord, ur sina egna tal, och en mening om hur säker platsen är.

# %%
first = result.orter.iloc[0]
Markdown(f"**{first['name']}.** {first['motive']} {first['certainty']}")

# %% [markdown]
# ## På kartan
#
# Samma karta som `karta.html`: sök, sortera, välj en ort och se vägen till de två närmaste ställena. Den behöver inget nät.

# %%
show_map(result)

# %% [markdown]
# Som bild, för ett dokument:

# %%
show_picture(result, "karta")

# %%
show_picture(result, "avstand")

# %% [markdown]
# ## Går det jämnt upp?
#
# Orterna och den spridda bebyggelsen är tillsammans hela kommunen, alltid.

# %%
in_orter = result.orter["people"].sum()
assert in_orter + result.spread_people == result.people
print(
    f"{number(in_orter)} i orter + {number(result.spread_people)} i spridd bebyggelse "
    f"= {number(result.people)} personer"
)

# %% [markdown]
# ## Serviceorterna
#
# Den andra listan: vad det skulle kosta om all service i orten försvann. *Tillkommande personkilometer* är hur mycket
# längre väg det blir, enkel resa, summerat över de boende.

# %%
show_table(
    result,
    "strategic",
    ["rank", "name", "services", "people_served", "people_past_limit", "added_person_km"],
)

# %% [markdown]
# ## Bygderna
#
# Orter som hänger ihop längs vägen är en bygd.

# %%
show_table(result, "bygder", ["rank", "name", "people", "total", "members"], rows=5)

# %% [markdown]
# ## Vilka år gäller uppgifterna?

# %%
show_table(result, "sources")

# %% [markdown]
# ## Vad du kan göra härnäst
#
# - Läs vad man ska veta om resultatet: `result.notices`.
# - Skriv karta, kartlager och tabeller till en mapp: `glesservice.run(output="outputs")`.
# - Öppna `2_varfor_ar_min_by_med` och följ en ort från rutor till poäng.
# - Öppna `5_min_kommun` och kör på egna data.

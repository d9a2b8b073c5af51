// What is told about the chosen row: the row's own texts, and what the data know beside them.

/** Return a list of terms; what stands beside a term is text or elements. */
const terms = (className, rows) => {
  const list = element("dl", className);
  for (const [name, ...told] of rows) list.append(element("dt", "", name), element("dd", "", ...told));
  return list;
};

/** Return a share of a hundred with its bar. */
const shareOf = (value, text) => [bar(value || 0, 72, 8), text];

/** Return how to describe a row of the lists. */
const describer = (data) => {
  const { details } = data;
  const people = (count) => (count < 0 ? said("färre än {floor}", { floor: details.floor }) : whole(count));

  // A text of the row, from the column of that name; empty where it says nothing.
  const textOf = (row, column) => {
    const heading = row.closest("table").querySelector(`thead .k-${column}`);
    const text = heading ? row.cells[heading.cellIndex].textContent.trim() : "";
    return text === "–" ? "" : text;
  };

  const nameOf = (row) => row.querySelector("th bdi").textContent;

  // Sentences of the analysis, which are Swedish in every page.
  const sentence = (className, text) => {
    const made = element("p", className, isolated(text));
    made.lang = "sv";
    return made;
  };

  const head = (row, about) => {
    const rank = textOf(row, "rank");
    const title = element("h3");
    if (rank) title.append(element("span", "bricka", rank), " ");
    title.append(isolated(nameOf(row)));
    const made = [title, element("p", "om", ...about)];
    const motive = textOf(row, "motive");
    if (motive) made.push(sentence("motiv", motive));
    return made;
  };

  const scores = (row) => {
    const cell = (column) => row.cells[row.closest("table").querySelector(`thead .k-${column}`).cellIndex];
    const score = (column) => shareOf(numberIn(cell(column)), cell(column).textContent);
    const list = terms("delar", [
      [said("Poäng"), ...score("total")],
      [said("Gleshet"), ...score("sparsity")],
      [said("Sårbarhet"), ...score("vulnerability")],
    ]);
    list.firstChild.className = "summa";
    const change = row.closest("table").querySelector("thead .k-change") && textOf(row, "change");
    if (change) list.append(element("dt", "", said("Förändring")), element("dd", "", change));
    return list;
  };

  const certainty = (row) => {
    const interval = textOf(row, "interval");
    if (!interval) return [];
    const box = element("section", "sakerhet", element("h4", "", said("Hur säker är platsen?")));
    box.append(terms("", [[said("Intervall"), said("plats {interval}", { interval })]]));
    const told = textOf(row, "certainty");
    if (told) box.append(sentence("", told));
    return [box];
  };

  // What has been decided, when and by whom; and what the municipality has changed itself.
  const decision = (row) => {
    if (!row.dataset.beslut) return [];
    const date = textOf(row, "decision_date");
    const by = textOf(row, "decided_by");
    const told = element("p", "", element("strong", "", textOf(row, "decision")), date && ` ${date}`);
    if (by) told.append(said(" av "), isolated(by));
    const box = element("section", "sakerhet", element("h4", "", said("Beslut")), told);
    const motive = textOf(row, "decision_motive");
    if (motive) box.append(sentence("", motive));
    return [box];
  };

  const changed = (i) => {
    const lines = details.changed[i];
    if (!lines) return [];
    const told = lines.map((line) => sentence("", `${line}.`));
    return [element("section", "sakerhet", element("h4", "", said("Kommunens ändring")), ...told)];
  };

  const linkTo = (key, text) => {
    const link = element("a", "", isolated(text));
    link.href = `#${key}`;
    link.dataset.till = key;
    return link;
  };

  const leg = (km, minutes, site) => {
    if (km === null) return [said("ingen väg dit")];
    const way = `${kilometres(tenth(km))} · ${whole(minutes)} min`;
    return site < 0 ? [way] : [way, " ", element("bdi", "stalle", details.siteNames[site])];
  };

  const ofService = (i, number) => {
    const service = data.services[number];
    const told = details.orter.services[service.id];
    const values = { weight: numbers.format(details.weights[number]).replace(/[.,]0$/, ""), adds: decimal(tenth(told.adds[i])) };
    const box = element("section", "tjanst");
    const title = element("h4", "", `${service.name} `);
    title.append(element("span", "not", said("vikt {weight} %, ger {adds} poäng", values)));
    const share = (column) => shareOf(tenth(told[column][i]), decimal(tenth(told[column][i])));
    const beyond = details.limits.map((limit, n) => `${String(limit).replace(".", LOCALE === "sv" ? "," : ".")} km: ${people(told.beyond[n][i])}`);
    const [near, next] = [told.km[i], told.nextKm[i]];
    const rows = [
      [said("Gleshet"), ...share("sparsity")],
      [said("Sårbarhet"), ...share("vulnerability")],
      [said("Närmast"), ...leg(near, told.minutes[i], told.site[i])],
      [said("Om det stängs"), ...leg(next, told.nextMinutes[i], told.nextSite[i])],
    ];
    if (near !== null && next !== null) {
      rows[3].splice(1, 0, `+${kilometres(tenth(next - near))}: `);
    }
    rows.push([said("Längre än"), said("{counts} personer", { counts: beyond.join(" · ") })]);
    box.append(title, terms("", rows));
    return box;
  };

  const ifClosed = (position) => {
    const row = document.getElementById(`serviceort-${position}`);
    const box = element("section", "stangs", element("h4", "", said("Om all service här stänger")));
    box.append(
      terms("", [
        [said("Längre väg"), said("+{km} personkm, enkel resa", { km: textOf(row, "added_person_km") })],
        [said("Får långt"), said("{people} personer passerar gränsen", { people: textOf(row, "people_past_limit") })],
        [said("Blir utan"), said("{people} personer", { people: textOf(row, "people_without") })],
        [said("Plats"), linkTo(row.id, said("{rank} bland serviceorterna", { rank: textOf(row, "rank") }))],
      ]),
    );
    return box;
  };

  const ofOrt = (row, i) => {
    const about = [details.orter.kind[i]];
    const bygd = details.orter.bygd[i];
    if (bygd >= 0) about.push(" · ", said("bygd: "), linkTo(`bygd-${bygd}`, data.bygder.name[bygd]));
    about.push(" · ", said("{people} personer", { people: textOf(row, "people") }));
    const parts = [...head(row, about), ...decision(row), ...changed(i), scores(row), ...certainty(row)];
    if (details.orter.serviceort[i] >= 0) parts.push(ifClosed(details.orter.serviceort[i]));
    return [...parts, ...data.services.map((_, number) => ofService(i, number))];
  };

  const ofBygd = (row, i) => {
    const list = element("ul", "medlemmar");
    for (const ort of data.bygder.orter[i]) {
      const count = said("{people} personer", { people: textOf(document.getElementById(`ort-${ort}`), "people") });
      list.append(element("li", "", linkTo(`ort-${ort}`, data.orter.name[ort]), " ", element("span", "not", count)));
    }
    const about = said("bygd · {people} personer", { people: textOf(row, "people") });
    return [...head(row, [about]), scores(row), ...certainty(row), list];
  };

  const ofServiceort = (row, i) => {
    const { places, added } = details.serviceorter;
    const rows = [
      [said("Blir helt utan"), said("{people} personer", { people: textOf(row, "people_without") })],
      [said("Får långt"), said("{people} personer passerar gränsen", { people: textOf(row, "people_past_limit") })],
      [said("Platser"), whole(places[i])],
      ...data.services.map(({ id, name }) => [name, said("+{km} personkm", { km: whole(added[id][i]) })]),
    ];
    const about = [said("strategisk serviceort"), " · ", isolated(textOf(row, "sites"))];
    return [...head(row, about), ...decision(row), terms("delar", rows), ...certainty(row)];
  };

  const kinds = { ort: ofOrt, bygd: ofBygd, serviceort: ofServiceort };
  return (row) => {
    const [kind, position] = row.id.split("-");
    return element("article", "uppgift", ...kinds[kind](row, Number(position)));
  };
};

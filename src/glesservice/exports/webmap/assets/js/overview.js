// The overview of many municipalities: colours, panel and tables follow each other.

/** Return a definition list of names and values. */
const told = (pairs) => {
  const list = element("dl");
  for (const [name, value] of pairs) list.append(element("dt", "", name), element("dd", "", value));
  return list;
};

/** Return the colour of a number of kilometres; white where it is missing. */
const colourOf = (data, km) => {
  if (km === null) return "#ffffff";
  const step = data.classes.upper.findIndex((bound) => km <= bound);
  return data.classes.colours.at(step);
};

/** Return what the panel says of a municipality. */
const kommunPanel = (data, i) => {
  const { kommuner } = data;
  const box = element("div", "uppgift", element("h3", "", isolated(kommuner.name[i])));
  const link = element("a", "", "Öppna kommunens karta");
  link.href = kommuner.link[i];
  box.append(element("p", "", link));
  const far = data.services.map(({ id, name }) => {
    const km = kommuner.km[id][i];
    return [name, km === null ? "–" : `${kilometres(km)}, plats ${whole(kommuner.rank[id][i])} av ${kommuner.name.length}`];
  });
  box.append(told([["Personer", whole(kommuner.people[i])], ...far]));
  box.append(element("p", "om", `${kommuner.top[i]} av kommunens ${kommuner.orter[i]} orter är bland de ${data.top} glesaste av alla.`));
  return box;
};

/** Return what the panel says of an ort. */
const ortPanel = (data, i) => {
  const { orter, kommuner } = data;
  const home = orter.kommun[i];
  const box = element("div", "uppgift", element("h3", "", isolated(orter.name[i])));
  const link = element("a", "", isolated(kommuner.name[home]));
  link.href = kommuner.link[home];
  box.append(
    told([
      ["Kommun", link],
      ["Av alla", `plats ${whole(orter.all[i])}`],
      ["I kommunen", `plats ${whole(orter.own[i])}`],
      ["Poäng", decimal(orter.total[i])],
      ["Personer", whole(orter.people[i])],
    ]),
    element("p", "motiv", isolated(orter.motive[i])),
  );
  return box;
};

const start = (id, options) => {
  const data = JSON.parse(document.getElementById("uppgifter").textContent);
  fillBelowHeader();
  const map = calmMap(id, { ...options, minZoom: 3, maxZoom: 13 });

  const { kommuner, orter } = data;
  const areas = kommuner.outline.map((rings) =>
    L.polygon(rings.map(degrees), { color: "#4d5a62", weight: 1, fillOpacity: 0.85 }),
  );
  const home = L.featureGroup(areas).addTo(map).getBounds();
  map.fitBounds(home, { animate: false, padding: [12, 12] });
  L.control.zoom({ zoomInTitle: "Zooma in", zoomOutTitle: "Zooma ut" }).addTo(map);
  northArrow().addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);

  map.createPane("orter").style.zIndex = 450;
  const dots = orter.at.map((at) =>
    L.circleMarker(at, { pane: "orter", radius: 5, color: "#0b5563", weight: 3, fillColor: "#ffffff", fillOpacity: 1 }),
  );
  const sparse = L.layerGroup(dots.filter((_, i) => orter.all[i] <= data.top));
  const box = document.getElementById("visa-orter");
  const show = () => (box.checked ? sparse.addTo(map) : sparse.remove());
  show();
  box.addEventListener("change", show);

  const colour = (service) =>
    areas.forEach((area, i) => area.setStyle({ fillColor: colourOf(data, kommuner.km[service][i]) }));
  for (const button of document.querySelectorAll('input[name="service"]')) {
    // A browser may keep the choice when the page is loaded again.
    if (button.checked) colour(button.value);
    button.addEventListener("change", () => colour(button.value));
  }

  const panel = document.getElementById("panel");
  const content = document.getElementById("panelinnehall");
  const message = document.getElementById("besked");
  let cameFrom = null;
  let marked = null;
  const unmark = () => {
    if (marked) {
      marked.setStyle(marked.options.radius ? { color: "#0b5563" } : { color: "#4d5a62", weight: 1 });
      marked.row?.classList.remove("vald");
      marked = null;
    }
  };
  const choose = (key, move) => {
    const [kind, number] = key.split("-");
    const i = Number(number);
    unmark();
    marked = kind === "kommun" ? areas[i] : dots[i];
    marked.row = document.getElementById(key);
    marked.row?.classList.add("vald");
    if (kind === "kommun") {
      marked.setStyle({ color: "#b3005e", weight: 4 }).bringToFront();
    } else {
      marked.addTo(map).setStyle({ color: "#b3005e" }).bringToFront();
    }
    if (move && kind === "kommun") map.fitBounds(marked.getBounds(), { animate: false, maxZoom: 9 });
    if (move && kind === "ort") map.setView(orter.at[i], 9, { animate: false });
    content.replaceChildren(kind === "kommun" ? kommunPanel(data, i) : ortPanel(data, i));
    panel.hidden = false;
    message.textContent = `${(kind === "kommun" ? kommuner : orter).name[i]} är vald.`;
  };
  areas.forEach((area, i) => {
    area.bindTooltip(() => element("div", "", element("strong", "", isolated(kommuner.name[i]))), { sticky: true });
    area.on("click", () => choose(`kommun-${i}`, false));
  });
  dots.forEach((dot, i) => {
    dot.bindTooltip(() => element("div", "", element("strong", "", isolated(orter.name[i])), element("span", "", `plats ${orter.all[i]} av alla`)));
    dot.on("click", () => choose(`ort-${i}`, false));
  });
  for (const button of document.querySelectorAll("[data-visa]")) {
    button.addEventListener("click", () => {
      cameFrom = button;
      choose(button.dataset.visa, true);
      content.focus({ preventScroll: WIDE.matches });
    });
  }
  const close = () => {
    panel.hidden = true;
    unmark();
    cameFrom?.focus();
    cameFrom = null;
  };
  document.getElementById("stang").addEventListener("click", close);
  panel.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") close();
  });

  document.querySelectorAll("[data-lista]").forEach(makeSortable);
  let filter = () => {};
  const tabs = makeTabs(() => filter());
  filter = connectSearch(tabs.lists);
  tabs.open(0);

  let before = null;
  window.addEventListener("beforeprint", () => {
    before = { at: map.getCenter(), zoom: map.getZoom() };
    document.documentElement.classList.add("utskrift");
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(home, { animate: false, padding: [8, 8] });
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("utskrift");
    map.invalidateSize({ animate: false, pan: false });
    if (before) map.setView(before.at, before.zoom, { animate: false });
  });
};

const WIDE = window.matchMedia("(min-width: 901px)");

// One thing chosen at a time: its row, its cells and its panel follow each other.

const WIDE = window.matchMedia("(min-width: 901px)");

/** Return what of the map belongs to a key such as "ort-3". */
const partsOf = (key, data) => {
  const [kind, position] = [key.slice(0, key.lastIndexOf("-")), Number(key.slice(key.lastIndexOf("-") + 1))];
  const cellsOf = (wanted) => data.cells.ort.flatMap((ort, i) => (wanted.includes(ort) ? [i] : []));
  if (kind === "ort") return { orter: [position], sites: [], cells: cellsOf([position]) };
  if (kind === "bygd") {
    const orter = data.bygder.orter[position];
    return { orter, sites: [], cells: cellsOf(orter) };
  }
  const sites = data.strategic.sites[position];
  const served = data.cells.ort.flatMap((_, i) =>
    data.services.some((service) => sites.includes(data.cells.site[service.id][i])) ? [i] : [],
  );
  return { orter: [], sites, cells: served };
};

/** Return what moves a map, also while it is moving: Leaflet drops a move during an animation. */
const mover = (map) => {
  let busy = false;
  let next = null;
  map.on("zoomstart", () => {
    busy = true;
  });
  map.on("zoomend", () => {
    busy = false;
    const go = next;
    next = null;
    if (go) go();
  });
  return (area, options) => {
    const go = () => map.fitBounds(area, { ...options, ...(map.options.zoomAnimation ? {} : { animate: false }) });
    if (busy) next = go;
    else go();
  };
};

/** Connect rows, map and panel; returns how to choose and how to let go. */
const connectChoice = (map, data, layers, tabs, home) => {
  const panel = document.getElementById("panel");
  const content = document.getElementById("panelinnehall");
  const describe = describer(data);
  const message = document.getElementById("besked");
  let current = null;
  let cameFrom = null;
  const moveTo = mover(map);

  const rowOf = (key) => document.getElementById(key);

  const show = (parts) => {
    layers.cells.mark(parts ? parts.cells : null);
    layers.orter.mark(parts ? parts.orter : []);
    layers.sites.mark(parts ? parts.sites : []);
    layers.ways.from(parts && parts.sites.length === 0 && parts.orter.length === 1 ? parts.orter[0] : null);
    map.getContainer().classList.toggle("dampad", Boolean(parts));
  };

  const goTo = (parts) => {
    const area = layers.cells.bounds(parts.cells);
    if (parts.sites.length) area.extend(layers.sites.bounds(parts.sites));
    for (const i of parts.orter) area.extend(data.orter.at[i]);
    area.extend(layers.ways.bounds());
    if (!area.isValid()) return;
    // Beside the panel, which lies over the map's right side on a wide screen.
    const right = WIDE.matches ? panel.offsetWidth + 20 : 20;
    moveTo(area, { maxZoom: 10.5, paddingTopLeft: [30, 30], paddingBottomRight: [right, 30] });
  };

  const close = () => {
    if (current === null) return;
    const row = rowOf(current);
    document.querySelectorAll("tr.vald").forEach((other) => other.classList.remove("vald"));
    row?.querySelector("a")?.removeAttribute("aria-current");
    const inside = panel.contains(document.activeElement);
    panel.hidden = true;
    content.replaceChildren();
    current = null;
    show(null);
    moveTo(home, { padding: [12, 12] });
    message.textContent = "";
    if (inside) (cameFrom ?? row?.querySelector("a"))?.focus({ preventScroll: WIDE.matches });
  };

  const choose = (key, from = null) => {
    const row = rowOf(key);
    if (!row) return;
    document.querySelectorAll("tr.vald").forEach((row) => row.classList.remove("vald"));
    document.querySelectorAll("[data-lista] [aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    current = key;
    cameFrom = from;
    const article = describe(row);
    content.replaceChildren(article);
    content.scrollTop = 0;
    panel.hidden = false;
    message.textContent = `${article.querySelector("h3").textContent.trim()}. ${article.querySelector(".motiv")?.textContent ?? ""}`;
    tabs.openOf(row.closest(".lista"));
    row.classList.add("vald");
    row.hidden = false;
    row.querySelector("a").setAttribute("aria-current", "true");
    if (WIDE.matches) row.scrollIntoView({ block: "nearest" });
    if (!WIDE.matches) document.querySelector(".kartdel").scrollIntoView();
    const parts = partsOf(key, data);
    show(parts);
    goTo(parts);
  };

  for (const table of document.querySelectorAll(".lista table")) {
    table.addEventListener("click", (event) => {
      const row = event.target.closest("tbody tr[id]");
      // A click that ends a text selection is no choice.
      if (!row || String(window.getSelection())) return;
      event.preventDefault();
      choose(row.id, row.querySelector("a"));
    });
  }
  content.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-till]");
    if (!link) return;
    event.preventDefault();
    choose(link.dataset.till);
    content.focus({ preventScroll: true });
  });
  document.getElementById("stang").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && current !== null) close();
  });
  return { choose, close };
};

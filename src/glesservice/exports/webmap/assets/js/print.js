// Paper: the map is laid out anew for the sheet before it is printed, and put back afterwards. What
// the panel tells of a chosen row is told of all that is proposed: why it stands in its list.

/** Fill the section with the motives of what is proposed. */
const listMotives = (section) => {
  const parts = [...document.querySelectorAll(".lista")].map((list) => {
    const box = element("div", "", element("h3", "", list.querySelector("h3").textContent));
    const read = (row, name) => {
      const at = list.querySelector(`thead .k-${name}`)?.cellIndex;
      const told = at === undefined ? "" : row.cells[at].textContent.trim();
      return told === "–" ? "" : told;
    };
    for (const row of list.querySelectorAll("tr.top, tr[data-beslut]")) {
      const name = element("strong", "", isolated(row.querySelector("th bdi").textContent));
      const text = element("bdi", "", read(row, "motive"));
      text.lang = "sv";
      if (row.dataset.beslut) {
        const parts = ["decision", "decision_date", "decided_by", "decision_motive"].map((name) => read(row, name));
        text.append(` ${said("Beslut")}: ${parts.filter(Boolean).join(", ")}.`);
      }
      box.append(element("p", "", `${row.querySelector(".plats").textContent.trim()}. `, name, " ", text));
    }
    return box;
  });
  section.replaceChildren(section.querySelector("h2"), ...parts.filter((box) => box.querySelector("p")));
};

const connectPrint = (map, layers, home) => {
  const motives = document.getElementById("motivlista");
  let before = null;
  const redraw = () => {
    map.invalidateSize({ animate: false, pan: false });
    // The canvas waits for the next frame, and printing does not.
    if (map.hasLayer(layers.cells.layer)) layers.cells.renderer._redraw();
  };
  window.addEventListener("beforeprint", () => {
    before = { at: map.getCenter(), zoom: map.getZoom() };
    document.documentElement.classList.add("utskrift");
    listMotives(motives);
    motives.hidden = false;
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(home, { animate: false, padding: [8, 8] });
    redraw();
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("utskrift");
    motives.hidden = true;
    map.invalidateSize({ animate: false, pan: false });
    if (before) map.setView(before.at, before.zoom, { animate: false });
    redraw();
  });
};

// The sites: a shape for each kind of service, hollow where they are not counted.

/** Return the sites as a layer that shows one kind of service, or all. */
const drawSites = (map, data) => {
  const { sites } = data;
  const group = L.layerGroup();
  // The rows of their table, taken before anybody sorts them.
  const table = document.querySelector('[data-lista="stalle"]');
  const rows = [...table.tBodies[0].rows];
  const columnOf = (name) => [name, table.querySelector(`thead .k-${name}`).cellIndex];
  const columns = Object.fromEntries(["status", "legal", "note"].map(columnOf));
  let service = 0;
  let all = false;
  let chosen = [];

  // Sites at one spot stand side by side, each in the column of its kind.
  const shift = (i, visible) => {
    const together = visible.filter((j) => sites.place[j] === sites.place[i]);
    const order = together.indexOf(i);
    return 8 - (order - (together.length - 1) / 2) * 14;
  };

  const told = (i) => {
    const text = (column) => {
      const told = rows[i].cells[columns[column]].textContent.trim();
      return told === "–" ? "" : told;
    };
    const box = element("div", "", element("strong", "", isolated(sites.name[i])));
    const counted = sites.counted[i] ? "" : said(", räknas inte");
    box.append(element("span", "", `${data.siteKinds[sites.service[i]]}, ${text("status")}${counted}`));
    if (text("legal")) {
      const legal = element("span", "prov", isolated(text("legal")));
      legal.lang = "sv";
      box.append(legal);
    }
    if (text("note")) box.append(element("span", "", isolated(text("note"))));
    return box;
  };

  const redraw = () => {
    group.clearLayers();
    const visible = sites.name
      .map((_, i) => i)
      .filter((i) => all || sites.service[i] === service || chosen.includes(i));
    for (const i of visible) {
      const hollow = !sites.counted[i];
      const marked = chosen.includes(i) ? " vald" : "";
      const icon = L.divIcon({
        html: symbol(sites.service[i], hollow),
        className: `stalle-markor${marked}`,
        iconSize: [16, 16],
        iconAnchor: [shift(i, visible), -4],
      });
      const marker = L.marker(sites.at[i], { icon, keyboard: false, zIndexOffset: -500 });
      marker.bindTooltip(() => told(i), { direction: "bottom", offset: [8 - shift(i, visible), 20] });
      group.addLayer(marker);
    }
  };
  redraw();
  return {
    layer: group,
    shown: () => (map.hasLayer(group) ? group.getLayers().map((marker) => marker.getLatLng()) : []),
    show: (number) => {
      service = number;
      redraw();
    },
    showAll: (yes) => {
      all = yes;
      redraw();
    },
    mark: (positions) => {
      chosen = positions;
      redraw();
    },
    bounds: (positions) => L.latLngBounds(positions.map((i) => sites.at[i])),
  };
};

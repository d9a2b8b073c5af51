// The background: the municipality and its lakes, and the roads above the cells.

const ROAD_STYLES = [
  { color: "#5f6b72", weight: 2.2 },
  { color: "#7b878d", weight: 1.6 },
  { color: "#949ea3", weight: 1.1 },
  { color: "#b3babd", weight: 0.8 },
];

/** Draw the municipality and return its outline as a layer. */
const drawBorder = (map, data) => {
  map.createPane("grund").style.zIndex = 350;
  const outline = L.polygon(data.border.map(degrees), {
    pane: "grund",
    renderer: L.svg({ pane: "grund", padding: 0.5 }),
    interactive: false,
    className: "grans",
    color: "#4d5a62",
    weight: 1.5,
    fillColor: "#ffffff",
    fillOpacity: 1,
  });
  return outline.addTo(map);
};

/** Return the lakes as a layer: one shape, in which islands are holes. */
const drawLakes = (map, data) =>
  L.polygon(data.lakes.map(degrees), {
    pane: "grund",
    renderer: L.svg({ pane: "grund", padding: 0.5 }),
    interactive: false,
    className: "sjo",
    stroke: false,
    fillColor: "#cfe0ea",
    fillOpacity: 1,
    fillRule: "evenodd",
  });

/** Return the roads as a layer. Their tooltips hang on a wide, unseen line that is easy to hit. */
const drawRoads = (map, data) => {
  map.createPane("vagar").style.zIndex = 410;
  const renderer = L.svg({ pane: "vagar", padding: 0.5 });
  const group = L.layerGroup();
  for (const road of data.roads) {
    const lines = road.lines.map(degrees);
    const dashes = road.closed ? { dashArray: "5 4" } : {};
    group.addLayer(
      L.polyline(lines, { ...ROAD_STYLES[road.level], ...dashes, pane: "vagar", renderer, interactive: false }),
    );
    if (!road.ref && !road.closed) continue;
    const hit = L.polyline(lines, { pane: "vagar", renderer, weight: 9, opacity: 0 });
    hit.bindTooltip(
      () => {
        const box = element("div");
        if (road.ref) box.append(element("strong", "", said("Väg "), isolated(road.ref)));
        if (road.closed) box.append(element("span", "", said("Stängd: "), isolated(road.closed)));
        return box;
      },
      { sticky: true },
    );
    group.addLayer(hit);
  }
  return group;
};

// The page comes to life: the map is drawn, and connected with the lists.

const start = (id, options) => {
  const data = readData();

  drawBars();

  // The work area fills what the header leaves of the window.
  const measure = () => {
    const height = document.querySelector(".sidhuvud").offsetHeight;
    document.documentElement.style.setProperty("--sidhuvud", `${height}px`);
  };
  measure();
  window.addEventListener("resize", measure);

  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(id, {
    ...options,
    fadeAnimation: !still,
    zoomAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    minZoom: 5,
    maxZoom: 14,
    // The wheel scrolls the page until the map is in use.
    scrollWheelZoom: false,
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  const border = drawBorder(map, data);
  const home = border.getBounds();
  map.fitBounds(home, { animate: false, padding: [12, 12] });
  L.control.zoom({ zoomInTitle: said("Zooma in"), zoomOutTitle: said("Zooma ut") }).addTo(map);
  northArrow().addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);

  let choose = () => {};
  const layers = {
    cells: drawCells(map, data),
    lakes: drawLakes(map, data),
    roads: drawRoads(map, data),
    bygder: drawBygder(map, data, (i) => choose(`bygd-${i}`)),
    orter: drawOrter(map, data, (i) => choose(`ort-${i}`)),
    sites: drawSites(map, data),
    ways: drawWays(map, data),
  };
  layers.labels = drawLabels(map, data, layers.sites.shown);
  connectControls(map, data, layers);

  document.querySelectorAll("[data-lista]").forEach(makeSortable);
  let filter = () => {};
  const tabs = makeTabs(() => filter());
  connectColumns();
  filter = connectSearch(tabs.lists);
  tabs.open(0);
  ({ choose } = connectChoice(map, data, layers, tabs, home));
  layers.cells.onClick((ort) => {
    if (ort >= 0) choose(`ort-${ort}`);
  });
  connectPrint(map, layers, home);
};

// The page comes to life: the map is drawn, and connected with the lists.

const start = (id, options) => {
  const data = readData();

  drawBars();

  fillBelowHeader();
  const map = calmMap(id, { ...options, minZoom: 5, maxZoom: 14 });

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

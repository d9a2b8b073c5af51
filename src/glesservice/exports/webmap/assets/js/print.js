// Paper: the map is laid out anew for the sheet before it is printed, and put back afterwards.

const connectPrint = (map, layers, home) => {
  let before = null;
  const redraw = () => {
    map.invalidateSize({ animate: false, pan: false });
    // The canvas waits for the next frame, and printing does not.
    if (map.hasLayer(layers.cells.layer)) layers.cells.renderer._redraw();
  };
  window.addEventListener("beforeprint", () => {
    before = { at: map.getCenter(), zoom: map.getZoom() };
    document.documentElement.classList.add("utskrift");
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(home, { animate: false, padding: [8, 8] });
    redraw();
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("utskrift");
    map.invalidateSize({ animate: false, pan: false });
    if (before) map.setView(before.at, before.zoom, { animate: false });
    redraw();
  });
};

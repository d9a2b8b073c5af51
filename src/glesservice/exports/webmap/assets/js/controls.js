// What is shown on the map, and in which colours.

/** Let the service buttons recolour the cells, and the boxes switch the layers. */
const connectControls = (map, data, layers) => {
  for (const button of document.querySelectorAll('input[name="service"]')) {
    const use = () => {
      const number = data.services.findIndex((service) => service.id === button.value);
      layers.cells.colourBy(data.services[number]);
      layers.sites.show(number);
      layers.ways.show(number);
      layers.labels.layOut();
    };
    // A browser may keep the choice when the page is loaded again.
    if (button.checked) use();
    button.addEventListener("change", use);
  }
  for (const button of document.querySelectorAll('input[name="tid"]')) {
    const use = () => layers.cells.showBefore(button.value === "fore");
    if (button.checked) use();
    button.addEventListener("change", use);
  }
  const switched = {
    cells: [layers.cells.layer],
    orter: [layers.orter.layer, layers.labels.layer],
    bygder: [layers.bygder],
    lakes: [layers.lakes],
    roads: [layers.roads],
    sites: [layers.sites.layer],
    ways: [layers.ways.layer],
  };
  for (const box of document.querySelectorAll("[data-lager]")) {
    const use = () => {
      const kind = box.dataset.lager;
      if (kind === "allSites") layers.sites.showAll(box.checked);
      for (const layer of switched[kind] ?? []) {
        if (box.checked) layer.addTo(map);
        else layer.remove();
      }
      layers.labels.layOut();
    };
    use();
    box.addEventListener("change", use);
  }
};

/** Let the work area fill what the header leaves of the window, now and when its size changes. */
const fillBelowHeader = () => {
  const measure = () => {
    const height = document.querySelector(".sidhuvud").offsetHeight;
    document.documentElement.style.setProperty("--sidhuvud", `${height}px`);
  };
  measure();
  window.addEventListener("resize", measure);
};

/** Return a map that moves no more than its reader wants, and leaves the wheel to the page. */
const calmMap = (id, options) => {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(id, {
    ...options,
    fadeAnimation: !still,
    zoomAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    // The wheel scrolls the page until the map is in use.
    scrollWheelZoom: false,
  });
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  return map;
};

/** Return a small arrow that points north, where the map's up is. */
const northArrow = () => {
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    const arrow = drawn(
      "svg",
      { class: "norr leaflet-control", viewBox: "0 0 30 42", role: "img", "aria-label": said("Norr är uppåt") },
      drawn("path", { d: "M15 2 23 26 15 21 7 26Z" }),
    );
    const letter = drawn("text", { x: 15, y: 39 });
    letter.textContent = "N";
    arrow.append(letter);
    return arrow;
  };
  return control;
};

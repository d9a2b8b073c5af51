// Names and road numbers on the map: the most important first, never one on top of another.

const LABEL_HEIGHT = 16;

/** Return what may be labelled, in order of importance. */
const labelCandidates = (data) => {
  const { orter } = data;
  const named = orter.name.map((name, i) => ({
    text: name,
    at: L.latLng(orter.at[i]),
    className: orter.centre[i] ? "etikett centrum" : "etikett",
    far: isAlwaysShown(data, i),
    weight: orter.centre[i] ? -1 : (orter.rank[i] ?? Infinity),
    reach: orter.rank[i] !== null && orter.rank[i] <= data.top ? 14 : 9,
  }));
  named.sort((a, b) => a.weight - b.weight);
  const numbered = new Map();
  for (const road of data.roads) {
    if (!road.ref || road.level > 2) continue;
    for (const line of road.lines) {
      const longest = numbered.get(road.ref);
      if (!longest || line.length > longest.length) numbered.set(road.ref, line);
    }
  }
  const roads = [...numbered.entries()].sort().map(([ref, line]) => {
    const points = degrees(line);
    return {
      text: ref,
      at: L.latLng(points[Math.floor(points.length / 2)]),
      className: "etikett vag",
      far: true,
      reach: 2,
    };
  });
  return [...named, ...roads];
};

/** Keep labels on a map, clear of the sites that are shown; returns the layer and its layout. */
const drawLabels = (map, data, shownSites) => {
  map.createPane("etiketter").style.zIndex = 640;
  const pen = document.createElement("canvas").getContext("2d");
  const group = L.layerGroup();
  const labels = labelCandidates(data).map((label) => {
    pen.font = `600 ${label.className.includes("centrum") ? 14 : 12}px system-ui, sans-serif`;
    const width = Math.min(pen.measureText(label.text).width + 6, 190);
    const text = isolated(label.text);
    return { ...label, width, text };
  });

  const overlap = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

  const clearest = (boxes, taken) => {
    const crossed = (box) => taken.filter((other) => overlap(box, other)).length;
    return [...boxes].sort((a, b) => crossed(a) - crossed(b))[0];
  };

  const layOut = () => {
    group.clearLayers();
    const size = map.getSize();
    const shown = labels.filter((label) => label.far || map.getZoom() >= CROWD_ZOOM);
    const taken = shown
      .filter((label) => label.reach > 2)
      .map((label) => {
        const spot = map.latLngToContainerPoint(label.at);
        return { x: spot.x - label.reach, y: spot.y - label.reach, w: 2 * label.reach, h: 2 * label.reach };
      });
    for (const at of shownSites()) {
      const spot = map.latLngToContainerPoint(at);
      taken.push({ x: spot.x - 8, y: spot.y + 4, w: 16, h: 16 });
    }
    for (const label of shown) {
      const spot = map.latLngToContainerPoint(label.at);
      if (spot.x < 0 || spot.y < 0 || spot.x > size.x || spot.y > size.y) continue;
      const middle = spot.y - LABEL_HEIGHT / 2;
      const places = [
        [spot.x + label.reach + 2, middle],
        [spot.x - label.reach - 2 - label.width, middle],
        [spot.x - label.width / 2, spot.y - label.reach - LABEL_HEIGHT],
        [spot.x - label.width / 2, spot.y + label.reach],
      ];
      const boxes = places.map(([x, y]) => ({ x, y, w: label.width, h: LABEL_HEIGHT }));
      const inside = (box) => box.x > 0 && box.x + box.w < size.x;
      // The main town is named in any case: it is what a reader looks for first.
      const free =
        boxes.find((box) => inside(box) && !taken.some((other) => overlap(box, other))) ??
        (label.weight < 0 ? clearest(boxes.filter(inside), taken) : undefined);
      if (!free) continue;
      taken.push(free);
      const icon = L.divIcon({
        html: label.text,
        className: label.className,
        iconAnchor: [spot.x - free.x, spot.y - free.y],
      });
      group.addLayer(L.marker(label.at, { icon, interactive: false, keyboard: false, pane: "etiketter" }));
    }
  };
  map.on("moveend resize", layOut);
  return { layer: group, layOut };
};

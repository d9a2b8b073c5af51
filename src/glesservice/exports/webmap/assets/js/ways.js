// The ways of the chosen ort: to its nearest site, and dashed to the second nearest.

/** Return the points of a way, from the step that it begins with. */
const wayPoints = (ways, first) => {
  const points = [];
  for (let step = first; step >= 0; step = ways.on[step]) {
    const line = degrees(ways.lines[ways.piece[step] >> 1]);
    points.push(...(ways.piece[step] % 2 ? line.reverse() : line));
  }
  return points;
};

/** Return the ways as a layer that shows those of one ort and one service. */
const drawWays = (map, data) => {
  const { ways } = data;
  map.createPane("ortvagar").style.zIndex = 430;
  const renderer = L.svg({ pane: "ortvagar", padding: 0.5 });
  const group = L.featureGroup();
  let service = 0;
  let ort = null;

  const line = (points, style) => L.polyline(points, { pane: "ortvagar", renderer, interactive: false, ...style });

  const redraw = () => {
    group.clearLayers();
    if (ort === null) return;
    const starts = ways.from[data.services[service].id];
    const near = wayPoints(ways, starts[ort]);
    const next = wayPoints(ways, starts[ort + data.orter.name.length]);
    // The second nearest below, both on white, so that they are told apart where they run together.
    for (const [points, className, dashArray] of [[next, "vag-andra", "2 7"], [near, "vag-forsta", null]]) {
      if (points.length < 2) continue;
      group.addLayer(line(points, { color: "#ffffff", weight: 7, opacity: 0.85 }));
      group.addLayer(line(points, { color: "#b3005e", weight: 3.5, dashArray, className }));
    }
  };
  return {
    layer: group,
    show: (number) => {
      service = number;
      redraw();
    },
    from: (position) => {
      ort = position;
      redraw();
    },
    bounds: () => (map.hasLayer(group) ? group.getBounds() : L.latLngBounds([])),
  };
};

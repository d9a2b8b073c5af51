// The populated cells, coloured by km to one service.

const NEAR_ZOOM = 10;

/** Return the cells as a layer that can be recoloured, and dimmed around a choice. */
const drawCells = (map, data) => {
  const { cells } = data;
  const renderer = L.canvas({ padding: 0.3 });
  let service = data.services[0];
  let chosen = null; // positions of the chosen cells, or null

  // White lines between the cells, unless the cells are so small that the lines would hide them.
  let near = map.getZoom() >= NEAR_ZOOM;

  const styleOf = (i) => {
    const step = cells.class[service.id][i];
    const dimmed = chosen !== null && !chosen.has(i);
    const marked = chosen !== null && chosen.has(i);
    const missing = step < 0;
    const fillColor = missing ? "#ffffff" : data.classes.colours[step];
    return {
      fillColor,
      fillOpacity: dimmed ? 0.22 : 0.92,
      color: missing ? data.noRoad.colour : marked ? "#1a2328" : near ? "#ffffff" : fillColor,
      opacity: dimmed ? 0.35 : 1,
      weight: missing ? 2 : marked ? 1.6 : near ? 0.6 : 1.2,
      dashArray: missing ? "3 2" : null,
    };
  };

  const told = (i) => {
    const box = element("div");
    const ort = cells.ort[i];
    box.append(element("strong", "", ort < 0 ? "Spridd bebyggelse" : isolated(data.orter.name[ort])));
    const people = data.peopleClasses[cells.people[i]];
    if (people) box.append(element("span", "", `${people} personer i rutan`));
    const km = cells.km[service.id][i];
    if (km !== null) {
      const site = cells.site[service.id][i];
      const line = element("span", "", `${kilometres(km)} till närmaste ${service.place}`);
      if (site >= 0) line.append(": ", isolated(data.sites.name[site]));
      box.append(line);
    } else {
      const why = cells.offRoad[i] ? data.noRoad.label : `ingen väg till ${service.place}`;
      box.append(element("span", "", why));
    }
    return box;
  };

  const group = L.featureGroup();
  const squares = cells.outline.map((steps, i) => {
    const square = L.polygon(degrees(steps), { renderer, ...styleOf(i) });
    square.position = i;
    return square.addTo(group);
  });
  group.bindTooltip((square) => told(square.position), { sticky: true });

  const restyle = () => squares.forEach((square, i) => square.setStyle(styleOf(i)));
  map.on("zoomend", () => {
    if (near === map.getZoom() >= NEAR_ZOOM) return;
    near = !near;
    restyle();
  });
  return {
    layer: group,
    renderer,
    colourBy: (next) => {
      service = next;
      restyle();
    },
    mark: (positions) => {
      chosen = positions === null ? null : new Set(positions);
      restyle();
    },
    bounds: (positions) => {
      const area = L.latLngBounds([]);
      for (const i of positions) area.extend(squares[i].getBounds());
      return area;
    },
    onClick: (act) => group.on("click", (event) => act(cells.ort[event.layer.position])),
  };
};

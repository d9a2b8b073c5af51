// The populated cells, coloured by km to one service: all of them one shape to Leaflet, so that a
// whole county is drawn as fast as a village.

const NEAR_ZOOM = 10;

/** Return the corners of the cells on Leaflet's plane at zoom 0, and where each cell's begin. */
const cornersOf = (cells, plane) => {
  const rings = [];
  if (!cells.grid) {
    for (const outline of cells.outline) rings.push(degrees(outline).map(([lat, lon]) => plane(lat, lon)));
  } else {
    const { at, scale, side, degree, lon, lat } = cells.grid;
    // Neighbours share their corners.
    const known = new Map();
    const corner = (col, row) => {
      const key = col * 1e5 + row;
      let spot = known.get(key);
      if (!spot) {
        const [u, v] = [(at[0] + col * side) / scale, (at[1] + row * side) / scale];
        let [x, y, term] = [0, 0, 0];
        for (let i = 0, ui = 1; i <= degree; i += 1, ui *= u) {
          for (let j = 0, vj = ui; j <= degree - i; j += 1, vj *= v, term += 1) {
            x += lon[term] * vj;
            y += lat[term] * vj;
          }
        }
        spot = plane(y, x);
        known.set(key, spot);
      }
      return spot;
    };
    let [col, row] = [0, 0];
    cells.col.forEach((step, i) => {
      col += step;
      row += cells.row[i];
      rings.push([corner(col, row), corner(col + 1, row), corner(col + 1, row + 1), corner(col, row + 1)]);
    });
  }
  const begins = new Uint32Array(rings.length + 1);
  rings.forEach((ring, i) => {
    begins[i + 1] = begins[i] + ring.length;
  });
  const spots = new Float64Array(2 * begins[rings.length]);
  rings.forEach((ring, i) => ring.forEach((spot, n) => spots.set(spot, 2 * (begins[i] + n))));
  return { begins, spots, count: rings.length };
};

/** All cells as one of Leaflet's shapes, drawn and felt cell by cell. */
const Cells = L.Path.extend({
  initialize(corners, styleOf, options) {
    L.setOptions(this, options);
    this.corners = corners;
    this.styleOf = styleOf;
    this.under = -1;
  },
  redraw() {
    if (this._map) this._renderer._updatePath(this);
    return this;
  },
  _project() {
    const { spots } = this.corners;
    const scale = 2 ** this._map.getZoom();
    const origin = this._map.getPixelOrigin();
    this.pixels = Float32Array.from(spots, (value, i) => value * scale - (i % 2 ? origin.y : origin.x));
    this._pxBounds = L.bounds([-1e9, -1e9], [1e9, 1e9]);
  },
  _reset() {
    this._project();
    this._update();
  },
  _update() {
    if (this._map) this._updatePath();
  },
  _updatePath() {
    // When the renderer asks for it, once a frame.
    if (!this._renderer._drawing) return;
    const pen = this._renderer._ctx;
    const seen = this._renderer._bounds;
    const { begins, count } = this.corners;
    const { pixels } = this;
    // Marked cells and those without a road last: their edges lie on their neighbours.
    for (const last of [false, true]) {
      for (let i = 0; i < count; i += 1) {
        const first = 2 * begins[i];
        const [x, y] = [pixels[first], pixels[first + 1]];
        if (x < seen.min.x - 300 || x > seen.max.x + 300 || y < seen.min.y - 300 || y > seen.max.y + 300) continue;
        const style = this.styleOf(i);
        if (style.last !== last) continue;
        pen.beginPath();
        pen.moveTo(x, y);
        for (let n = first + 2; n < 2 * begins[i + 1]; n += 2) pen.lineTo(pixels[n], pixels[n + 1]);
        pen.closePath();
        pen.globalAlpha = style.fillOpacity;
        pen.fillStyle = style.fill;
        pen.fill();
        if (!style.weight) continue;
        pen.globalAlpha = style.opacity;
        pen.strokeStyle = style.color;
        pen.lineWidth = style.weight;
        pen.setLineDash(style.dashes);
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
    pen.setLineDash([]);
  },
  /** Tell whether a cell lies under a point, and keep which. */
  _containsPoint({ x, y }) {
    const { begins, count } = this.corners;
    const { pixels } = this;
    this.under = -1;
    for (let i = 0; i < count && this.under < 0; i += 1) {
      const [first, end] = [begins[i], begins[i + 1]];
      if (Math.abs(pixels[2 * first] - x) > 300 || Math.abs(pixels[2 * first + 1] - y) > 300) continue;
      let inside = false;
      for (let n = first, m = end - 1; n < end; m = n, n += 1) {
        const [ax, ay, bx, by] = [pixels[2 * n], pixels[2 * n + 1], pixels[2 * m], pixels[2 * m + 1]];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
      if (inside) this.under = i;
    }
    return this.under >= 0;
  },
});

/** Return the cells as a layer that can be recoloured, and dimmed around a choice. */
const drawCells = (map, data) => {
  const { cells } = data;
  const renderer = L.canvas({ padding: 0.3 });
  let service = data.services[0];
  let chosen = null; // positions of the chosen cells, or null

  // White lines between the cells, unless the cells are so small that the lines would hide them.
  let near = map.getZoom() >= NEAR_ZOOM;

  let past = false; // whether the classes of before are shown

  const stepOf = (i) => (past ? (cells.before[service.id]?.[i] ?? -1) : cells.class[service.id][i]);

  const styleOf = (i) => {
    const step = stepOf(i);
    const marked = chosen !== null && chosen.has(i);
    const dimmed = chosen !== null && !marked;
    const missing = step < 0;
    const fill = missing ? "#ffffff" : data.classes.colours[step];
    return {
      fill,
      fillOpacity: dimmed ? 0.22 : 0.92,
      color: missing ? data.noRoad.colour : marked ? "#1a2328" : near ? "#ffffff" : fill,
      opacity: dimmed ? 0.35 : 1,
      weight: missing ? 2 : marked ? 1.6 : near ? 0.6 : many ? 0 : 1.2,
      dashes: missing ? [3, 2] : [],
      last: missing || marked,
    };
  };

  const told = (i) => {
    const box = element("div");
    if (i < 0) return box;
    const ort = cells.ort[i];
    box.append(element("strong", "", ort < 0 ? said("Spridd bebyggelse") : isolated(data.orter.name[ort])));
    const people = data.peopleClasses[cells.people[i]];
    if (people) box.append(element("span", "", said("{people} personer i rutan", { people })));
    const step = stepOf(i);
    if (step >= 0) {
      const km = cells.km && !past ? kilometres(tenth(cells.km[service.id][i])) : data.classes.labels[step];
      const site = cells.site[service.id][i];
      const line = element("span", "", said("{km} till närmaste {place}", { km, place: service.place }));
      if (site >= 0 && !past) line.append(": ", isolated(data.sites.name[site]));
      box.append(line);
    } else {
      const why = past || cells.offRoad[i] ? data.noRoad.label : said("ingen väg till {place}", { place: service.place });
      box.append(element("span", "", why));
    }
    return box;
  };

  const plane = (lat, lon) => {
    const spot = map.project([lat, lon], 0);
    return [spot.x, spot.y];
  };
  const corners = cornersOf(cells, plane);
  const many = corners.count > 5000;
  const shape = new Cells(corners, styleOf, { renderer });
  let shown = -1;
  shape.bindTooltip(() => told(shape.under), { sticky: true });
  shape.on("mousemove", () => {
    if (shape.under === shown) return;
    shown = shape.under;
    shape.setTooltipContent(() => told(shape.under));
  });

  const restyle = () => shape.redraw();
  map.on("zoomend", () => {
    if (near === map.getZoom() >= NEAR_ZOOM) return;
    near = !near;
    restyle();
  });
  return {
    layer: shape,
    renderer,
    colourBy: (next) => {
      service = next;
      restyle();
    },
    showBefore: (yes) => {
      past = yes;
      restyle();
    },
    mark: (positions) => {
      chosen = positions === null ? null : new Set(positions);
      restyle();
    },
    bounds: (positions) => {
      const area = L.latLngBounds([]);
      for (const i of positions) {
        for (let n = corners.begins[i]; n < corners.begins[i + 1]; n += 1) {
          area.extend(map.unproject([corners.spots[2 * n], corners.spots[2 * n + 1]], 0));
        }
      }
      return area;
    },
    onClick: (act) => shape.on("click", () => act(cells.ort[shape.under])),
  };
};

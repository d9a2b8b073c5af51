// The orter: a numbered badge for what is proposed, a dot for the rest; and the bygder's outlines.

const markerIcon = (content, size) => {
  const box = element("div", "markor-inre", content);
  return L.divIcon({ html: box, className: "markor", iconSize: [size, size] });
};

// More orter than this would cover a county: until it is zoomed in, only what is proposed is shown.
const CROWD = 200;
const CROWD_ZOOM = 9;

/** Tell whether an ort is shown from afar too. */
const isAlwaysShown = (data, i) => {
  const rank = data.orter.rank[i];
  return data.orter.name.length <= CROWD || data.orter.centre[i] === 1 || (rank !== null && rank <= data.top);
};

/** Return the orter as a layer, with a way to mark one. */
const drawOrter = (map, data, onChoose) => {
  const { orter } = data;
  const group = L.layerGroup();
  let marked = [];
  const markers = orter.name.map((name, i) => {
    const rank = orter.rank[i];
    const proposed = rank !== null && rank <= data.top;
    const sign = proposed
      ? element("span", "bricka", String(rank), element("span", "osynlig", ` ${name}`))
      : element("span", orter.centre[i] ? "prick centrum" : "prick");
    if (orter.decided?.[i]) sign.append(element("span", "beslutad", "★"));
    const marker = L.marker(orter.at[i], {
      icon: markerIcon(sign, proposed ? 24 : 16),
      keyboard: proposed,
      // Proposed before others, and the first on top.
      zIndexOffset: proposed ? 1e6 - 1e4 * rank : orter.centre[i] ? 1000 : 0,
    });
    marker.bindTooltip(
      () => {
        const box = element("div", "", element("strong", "", isolated(name)));
        if (orter.centre[i]) box.append(element("span", "", said("centralort, rangordnas inte")));
        else if (rank !== null) {
          box.append(element("span", "", said("plats {rank}, {total} poäng", { rank, total: decimal(tenth(orter.total[i])) })));
        }
        if (orter.decided?.[i]) box.append(element("span", "", said("utpekad genom beslut")));
        return box;
      },
      { direction: "top", offset: [0, -10] },
    );
    marker.on("click", () => onChoose(i));
    marker.on("keydown", ({ originalEvent }) => {
      if (originalEvent.key === "Enter" || originalEvent.key === " ") {
        originalEvent.preventDefault();
        onChoose(i);
      }
    });
    return marker;
  });
  const refresh = () => {
    const near = map.getZoom() >= CROWD_ZOOM;
    markers.forEach((marker, i) => {
      if (near || marked.includes(i) || isAlwaysShown(data, i)) group.addLayer(marker);
      else group.removeLayer(marker);
      marker.getElement()?.classList.toggle("vald", marked.includes(i));
    });
  };
  refresh();
  map.on("zoomend", refresh);
  return {
    layer: group,
    mark: (positions) => {
      marked = positions;
      refresh();
    },
  };
};

/** Return the bygder as a layer of outlines. */
const drawBygder = (map, data, onChoose) => {
  map.createPane("bygder").style.zIndex = 420;
  const renderer = L.svg({ pane: "bygder", padding: 0.5 });
  const group = L.layerGroup();
  data.bygder.outline.forEach((rings, i) => {
    const outline = L.polygon(rings.map(degrees), {
      pane: "bygder",
      renderer,
      fill: false,
      color: "#0b5563",
      weight: 1.8,
      dashArray: "6 4",
    });
    outline.bindTooltip(
      () => element("div", "", element("strong", "", said("Bygd: "), isolated(data.bygder.name[i]))),
      { sticky: true },
    );
    outline.on("click", () => onChoose(i));
    group.addLayer(outline);
  });
  return group;
};

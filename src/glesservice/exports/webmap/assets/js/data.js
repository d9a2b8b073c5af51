// The page's data: columns, with lines as steps of hundred-thousandths of a degree.

/** Return the data with their columns unpacked. */
const readData = () => {
  const data = JSON.parse(document.getElementById("uppgifter").textContent);
  const { cells } = data;
  for (const name of ["ort", "people", "offRoad"]) cells[name] = unfolded(cells[name]);
  for (const service of data.services) {
    cells.site[service.id] = unfolded(cells.site[service.id]);
    cells.class[service.id] = classesOf(cells.class[service.id]);
  }
  for (const [id, signs] of Object.entries(cells.before ?? {})) cells.before[id] = classesOf(signs);
  words = data.words;
  return data;
};

/** Return the numbers of classes from their signs, -1 where there is none. */
const classesOf = (signs) => Int8Array.from(signs, (sign) => (sign === "-" ? -1 : Number(sign)));

/** Return values from pairs of a value and how many times it stands. */
const unfolded = (runs) => {
  const values = [];
  for (let i = 0; i < runs.length; i += 2) {
    for (let n = 0; n < runs[i + 1]; n += 1) values.push(runs[i]);
  }
  return values;
};

/** Return what the page tells in whole tenths as a number, or null. */
const tenth = (value) => (value === null ? null : value / 10);

/** Return a line's steps as Leaflet's pairs of latitude and longitude. */
const degrees = (steps) => {
  const line = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    line.push([lat / 1e5, lon / 1e5]);
  }
  return line;
};

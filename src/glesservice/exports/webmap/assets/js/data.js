// The page's data: columns, with lines as steps of hundred-thousandths of a degree.

const readData = () => JSON.parse(document.getElementById("uppgifter").textContent);

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

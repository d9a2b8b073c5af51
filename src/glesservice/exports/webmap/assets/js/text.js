// Elements and texts. Everything from the data becomes text, never markup.

const SVG = "http://www.w3.org/2000/svg";
const LOCALE = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const format = (decimals) =>
  new Intl.NumberFormat(LOCALE, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
const numbers = format(1);
const wholes = format(0);

// What the page says in another language than Swedish.
let words = {};

/** Return a text in the page's language; what stands in braces is replaced by values. */
const said = (text, values = {}) =>
  (words[text] ?? text).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

/** Return a new element; children are elements or texts. */
const element = (name, className = "", ...children) => {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
};

/** Return a name in isolation, so that its writing direction stays its own. */
const isolated = (name) => element("bdi", "", name);

/** Return a new SVG element with attributes. */
const drawn = (name, attributes, ...children) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};

/** Return one of the page's symbols: a shape for each kind of service. */
const symbol = (number, hollow) =>
  drawn(
    "svg",
    { width: 16, height: 16, class: hollow ? "form ihalig" : "form", "aria-hidden": "true" },
    drawn("use", { href: `#form-${number % 7}` }),
  );

/** Return a bar for a share of a hundred. */
const bar = (share, width, height) => {
  const part = (className, length) => drawn("rect", { class: className, width: length, height });
  const filled = part("fyllning", ((width * share) / 100).toFixed(1));
  return drawn("svg", { class: "stapel", width, height, "aria-hidden": "true" }, part("spar", width), filled);
};

/** Return the number that a table's cell shows; NaN where it shows none. */
const numberIn = (cell) => {
  if (cell.dataset.tal) return Number(cell.dataset.tal);
  const plain = cell.textContent.replace(/\s/g, "").replace("\u2212", "-").replace("+", "");
  const point = LOCALE.startsWith("en") ? plain.replaceAll(",", "") : plain.replace(",", ".");
  return point === "" ? NaN : Number(point);
};

/** Draw a bar beside each score in the tables. */
const drawBars = () => {
  for (const cell of document.querySelectorAll("td.poang")) {
    const share = numberIn(cell);
    if (!Number.isNaN(share)) cell.append(bar(share, 40, 4));
  }
};

/** Return a number with one decimal, or a dash. */
const decimal = (value) => (value === null ? "–" : numbers.format(value).replace("-", "\u2212"));

/** Return a whole number, or a dash. */
const whole = (value) => (value === null ? "–" : wholes.format(value));

/** Return kilometres as text. */
const kilometres = (km) => `${numbers.format(km)} km`;

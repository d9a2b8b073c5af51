// Elements and texts. Everything from the data becomes text, never markup.

const SVG = "http://www.w3.org/2000/svg";
const numbers = new Intl.NumberFormat("sv", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

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

/** Draw a bar beside each share in the page. */
const drawBars = () => {
  for (const share of document.querySelectorAll("[data-andel]")) {
    const bar = (className, width) => drawn("rect", { class: className, width, height: 8 });
    share.prepend(
      drawn(
        "svg",
        { class: "stapel", width: 72, height: 8, "aria-hidden": "true" },
        bar("spar", 72),
        bar("fyllning", 0.72 * (Number(share.textContent.replace(",", ".")) || 0)),
      ),
    );
  }
};

/** Return kilometres as text. */
const kilometres = (km) => `${numbers.format(km)} km`;

// The lists: sorted by a click on a heading, filtered by name, one tab at a time.

const collator = new Intl.Collator(["sv", LOCALE], { sensitivity: "base", numeric: true });

/** Compare two rows by a column; what is missing comes last in either direction. */
const byColumn = (column, isNumber, sign) => (a, b) => {
  const [first, second] = [a.cells[column], b.cells[column]];
  if (!isNumber) return sign * collator.compare(first.textContent, second.textContent);
  const [x, y] = [numberIn(first), numberIn(second)];
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
  return sign * (x - y);
};

/** Make a table's headings sort its rows. */
const makeSortable = (table) => {
  const body = table.tBodies[0];
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const isNumber = heading.classList.contains("tal");
    const button = element("button", "", ...heading.childNodes);
    button.type = "button";
    heading.append(button);
    // The page's first order is the first column's, where that is the rank.
    if (column === 0 && isNumber) heading.setAttribute("aria-sort", "ascending");
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      // Large numbers first on the first click, except for ranks.
      const upFirst = !isNumber || column === 0;
      const next = now ? (now === "ascending" ? "descending" : "ascending") : upFirst ? "ascending" : "descending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", next);
      const rows = [...body.rows];
      rows.sort(byColumn(column, isNumber, next === "ascending" ? 1 : -1));
      body.append(...rows);
    });
  });
};

/** Let the search box, and the choice of decisions, hide the rows that are not asked for. */
const connectSearch = (lists) => {
  const box = document.getElementById("sok");
  const status = document.getElementById("traffar");
  const decided = document.getElementById("beslut");
  const filter = () => {
    const wanted = box.value.trim().toLocaleLowerCase("sv");
    for (const list of lists) {
      const choice = decided && list.querySelector("thead .k-decision") ? decided.value : "alla";
      for (const row of list.querySelectorAll("tbody tr")) {
        const texts = [...row.querySelectorAll("th, td:not(.tal)")].map((cell) => cell.textContent);
        const isWanted = choice === "alla" || (row.dataset.beslut ?? "") === choice;
        row.hidden = !isWanted || !texts.join("\n").toLocaleLowerCase("sv").includes(wanted);
      }
    }
    const open = lists.find((list) => !list.hidden);
    const rows = [...open.querySelectorAll("tbody tr")];
    const found = rows.filter((row) => !row.hidden).length;
    const isPart = wanted || found < rows.length;
    status.textContent = isPart ? said("Visar {found} av {rows} rader.", { found, rows: rows.length }) : "";
  };
  box.addEventListener("input", filter);
  decided?.addEventListener("change", filter);
  return filter;
};

/** Let the box show the columns that are extra. */
const connectColumns = () => {
  const box = document.getElementById("fler");
  const use = () => document.getElementById("listor").classList.toggle("alla-kolumner", box.checked);
  use();
  box.addEventListener("change", use);
};

/** Make tabs of the lists, as ARIA describes them; returns how to open one. */
const makeTabs = (onOpen) => {
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  const lists = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
  const open = (number) => {
    tabs.forEach((tab, i) => {
      tab.setAttribute("aria-selected", String(i === number));
      tab.tabIndex = i === number ? 0 : -1;
      lists[i].hidden = i !== number;
    });
    onOpen();
  };
  tabs.forEach((tab, i) => {
    lists[i].setAttribute("role", "tabpanel");
    lists[i].setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", () => open(i));
    tab.addEventListener("keydown", (event) => {
      const moves = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 };
      if (!(event.key in moves)) return;
      event.preventDefault();
      const next = (moves[event.key] + tabs.length) % tabs.length;
      open(next);
      tabs[next].focus();
    });
  });
  return { lists, openOf: (list) => open(lists.indexOf(list)), open };
};

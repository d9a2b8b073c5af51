"""The tables of the README, from ``results.json``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import targets
from contestants import NAMES
from measuring import net_seconds

READERS = {
    "ours": "**glesservice** (cut at junctions)",
    "pyrosm_ways": "pyrosm, whole ways",
    "pyrosm_links": "pyrosm, links and nodes",
}
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


def refresh(readme: Path, results: dict[str, Any]) -> None:
    """Put the results between the markers of the README."""
    text = readme.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    parts = [_machine(results["machine"])] if "machine" in results else []
    parts.append(targets.table(results))
    parts += [
        _size(size, measured)
        for size, measured in results.get("sizes", {}).items()
        if measured["contestants"]
    ]
    parts += [
        table(results[name])
        for name, table in (
            ("national", _national),
            ("pbf", _pbf),
            ("draws", _draws),
            ("checking", _checking),
            ("pages", _pages),
            ("batch", _batch),
        )
        if name in results
    ]
    body = "\n\n".join(parts)
    readme.write_text(f"{head}{BEGIN}\n{body}\n{END}{tail}", encoding="utf-8")


def _title(name: str) -> str:
    """Return what a contestant is called, without its library, which need not be there."""
    code = (Path(__file__).parent / "contestants" / f"{name}.py").read_text(encoding="utf-8")
    found = re.search(r'^(?:PACKAGE, )?NAME = (?:"[^"]*", )?"(.+)"$', code, re.MULTILINE)
    return found[1] if found else name


def _machine(machine: dict[str, Any]) -> str:
    """What the figures hold for."""
    versions = ", ".join(f"{name} {v}" for name, v in sorted(machine["versions"].items()) if v)
    return (
        f"Machine: {machine['cores']} cores ({machine['cpu']}), {machine['memory_gb']} GB. "
        f"Python {machine['python']}; {versions}."
    )


def _size(size: str, measured: dict[str, Any]) -> str:
    """One table: a row a contestant, a column a case."""
    rows = measured["contestants"]
    cases = sorted({(q["sites"], q["k"]) for row in rows.values() for q in row["queries"]})
    own = rows.get("ours", {})
    runs = {row["run"] for row in rows.values()}
    names = [name for name in NAMES if name in rows]
    lines = [
        f"### {_spaced(measured['nodes'])} nodes ({size})",
        "",
        f"Run of {max(runs)} UTC, load of the machine "
        f"{min(row['load'] for row in rows.values()):.1f}-"
        f"{max(row['load'] for row in rows.values()):.1f}. Seconds; in brackets how many times "
        "glesservice's.",
        "",
        "| | build | "
        + " | ".join(f"{_spaced(sites)} sites, k={k}" for sites, k in cases)
        + " | memory, build / query | largest difference |",
        "|---|" + "--:|" * (len(cases) + 3),
    ]
    for name in names:
        row = rows[name]
        cells = [_figure(row.get("build"), own.get("build"), row)]
        cells += [
            _figure(_case(row, "queries", *case), _case(own, "queries", *case), row, case)
            for case in cases
        ]
        title = _title(name)
        late = " †" if row["run"] != max(runs) else ""
        lines.append(
            f"| {title}{late} | " + " | ".join(cells) + f" | {_memory(row)} | {_worst(row)} |"
        )
    if own.get("cells"):
        some = ", ".join(
            f"{_spaced(q['sites'])} sites, k={q['k']}: {_number(net_seconds(q))} s"
            for q in own["cells"]
        )
        lines += ["", f"glesservice with 115 000 random nodes as origins instead of all: {some}."]
    if len(runs) > 1:
        lines += ["", "† measured in an earlier run."]
    return "\n".join(lines)


def _title(name: str) -> str:
    """A contestant's name, which does not need the library to be there."""
    text = (Path(__file__).parent / "contestants" / f"{name}.py").read_text(encoding="utf-8")
    found = re.search(r'NAME = (?:"[^"]*", )?"([^"]+)"', text)
    return found[1] if found else name


def _case(row: dict[str, Any], kind: str, sites: int, k: int) -> dict[str, Any] | None:
    """One case of a contestant, if it was measured."""
    return next((q for q in row.get(kind, []) if (q["sites"], q["k"]) == (sites, k)), None)


def _figure(
    own: dict[str, Any] | None,
    ours: dict[str, Any] | None,
    row: dict[str, Any],
    case: tuple[int, int] | None = None,
) -> str:
    """Seconds and how many times ours, or why there are none."""
    if own is None:
        wrong = case and any(
            (c["sites"], c["k"]) == case and not c["equal"] for c in row.get("checks", [])
        )
        return "other answer" if wrong else row.get("stopped", "skipped")
    seconds = net_seconds(own)
    if ours is None or own is ours:
        return _number(seconds)
    return f"{_number(seconds)} ({_number(seconds / net_seconds(ours))}×)"


def _number(value: float) -> str:
    """Three digits that matter, never an exponent."""
    return f"{value:.0f}" if value >= 100 else f"{float(f'{value:.3g}'):g}"


def _spaced(value: float) -> str:
    """Thousands apart."""
    return f"{value:,}".replace(",", " ")


def _memory(row: dict[str, Any]) -> str:
    """Peaks of memory."""
    memory = row.get("memory")
    return f"{memory['build']:.0f} / {memory['query']:.0f} MB" if memory else ""


def _worst(row: dict[str, Any]) -> str:
    """Largest difference from the right answer."""
    worst = max((check["worst_s"] for check in row.get("checks", [])), default=None)
    if worst is None:
        return ""
    return "0" if worst == 0 else f"{worst:.0e} s" if worst < 1e-3 else f"{worst:.2f} s"


def _national(section: dict[str, Any]) -> str:
    """Table of the national job."""
    parts = [f"| {part} | {seconds:.1f} s |" for part, seconds in section["took"].items()]
    lines = [
        "### The national job",
        "",
        f"Preparing {section['prepare_s']:.1f} s, saving {section['save_s']:.1f} s "
        f"({section['folder_mb']:.0f} MB on disk, peak {section['prepare_peak_mb']:.0f} MB): once. "
        f"Then, in a fresh process, load of the machine {section['load']:.1f}:",
        "",
        "| part | time |",
        "|---|--:|",
        *parts,
        f"| of the processor in all | {section['cpu_s']:.1f} s |",
        f"| **all, {_spaced(section['rows'])} rows** | **{section['total_s']:.1f} s**, "
        f"peak {section['peak_mb']:.0f} MB |",
    ]
    return "\n".join(lines)


def _pbf(section: dict[str, Any]) -> str:
    """Table of the readers of extracts."""
    lines = [
        "### Extract to link table",
        "",
        "| file | | rows | length | time | of the processor | peak of memory | of it for reading |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for file, outcome in section["files"].items():
        own = outcome["ours"]["seconds"]
        for reader, title in READERS.items():
            read = outcome[reader]
            times = "" if reader == "ours" else f" ({_number(read['seconds'] / own)}×)"
            lines.append(
                f"| {file} ({outcome['megabytes']:.1f} MB) | {title} | {_spaced(read['rows'])} "
                f"| {_spaced(round(read['km'], 1))} km | {_number(read['seconds'])} s{times} "
                f"| {_number(read['cpu'])} s "
                f"| {read['peak_mb']:.0f} MB | {read['peak_mb'] - read['before_mb']:.0f} MB |"
            )
        if not outcome["equal"]:
            lines.append(f"| {file} | *the lengths differ too much to compare* | | | | | | |")
    return "\n".join(lines)


def _draws(section: dict[str, Any]) -> str:
    """Table of the rank intervals."""
    lines = [
        "### Rank intervals",
        "",
        f"Load of the machine {section['load']:.1f}. In brackets how many times as fast as a whole "
        "analysis for each draw.",
        "",
        "| | squares | sites | draws | time | draws a second | with sensitivity, in all | memory |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for title, name in (("embedded data", "embedded"), ("large municipality", "large")):
        own = section[name]
        times = f" ({_number(own['times'])}×)" if "times" in own else ""
        memory = f"{own['added_mb']:.0f} MB more" if "added_mb" in own else ""
        lines.append(
            f"| {title} | {_spaced(own['cells'])} | {_spaced(own['sites'])} "
            f"| {_spaced(own['draws'])} | {_number(own['seconds'])} s{times} "
            f"| {_spaced(round(own['draws'] / own['seconds'] / 10) * 10)} "
            f"| {_number(own['whole_s'])} s | {memory} |"
        )
    return "\n".join(lines)


def _checking(section: dict[str, Any]) -> str:
    """Table of reading and checking the inputs of a country."""
    parts = [f"| {part} | {seconds:.1f} s |" for part, seconds in section["took"].items()]
    lines = [
        "### Reading and checking a country's inputs",
        "",
        f"{_spaced(section['cells'])} squares of two years, {_spaced(section['links'])} links (of "
        f"300 000 nodes), {section['rules']} rules; load of the machine {section['load']:.1f}.",
        "",
        "| part | time |",
        "|---|--:|",
        *parts,
        f"| of the processor in all | {section['cpu_s']:.1f} s |",
        f"| **all** | **{section['total_s']:.1f} s**, peak {section['peak_mb']:.0f} MB "
        f"({section['read_peak_mb']:.0f} MB when read) |",
    ]
    return "\n".join(lines)


def _pages(section: dict[str, Any]) -> str:
    """Table of the map page."""
    lines = [
        "### The map page",
        "",
        f"Run of {section['when']}, headless Chromium {section['chromium']}, load of the machine "
        f"{section['load']:.1f}. Medians of {section['openings']} openings from the disk. *Ready* "
        "is the first frame after all scripts, by the clock; *of the processor* is what the page's "
        "own thread worked until then, and what the targets take where it is less. *Choosing* is "
        "a click on the first row until its panel, cells and ways are drawn.",
        "",
        "| populated squares | orter | sites | size | writing it | ready | of the processor "
        "| choosing an ort |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in section["rows"]:
        name = _spaced(row["cells"]) + (" (embedded data)" if row["embedded"] else "")
        lines.append(
            f"| {name} | {_spaced(row['orter'])} | {_spaced(row['sites'])} "
            f"| {row['bytes'] / 1e6:.2f} MB | {_number(row['write_s'])} s "
            f"| {row['ready_s']:.2f} s | {row['own_s']:.2f} s | {row['choose_s']:.2f} s |"
        )
    return "\n".join(lines)


def _batch(section: dict[str, Any]) -> str:
    """Table of the batch of a whole country."""
    prepared, runs = section["prepare"], section["runs"]
    alone = {run["municipalities"]: run for run in runs if run["workers"] == 1}
    lines = [
        "### A country as one batch",
        "",
        f"{section['areas']} municipalities, {_spaced(section['nodes'])} nodes, "
        f"{_spaced(section['cells'])} squares. Preparing {prepared['seconds']:.0f} s, peak "
        f"{prepared['peak_mb']:.0f} MB ({prepared['folder_mb']:.0f} MB on disk): once. Then:",
        "",
        "| municipalities | workers | time | against 1 | processor | memory in all | products |",
        "|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for run in runs:
        one = alone.get(run["municipalities"])
        gain = f"{one['seconds'] / run['seconds']:.2f}×" if one else ""
        lines.append(
            f"| {run['municipalities']} | {run['workers']} | {run['seconds']:.0f} s | {gain} "
            f"| {run['cpu_s']:.0f} s | {run['peak_mb']:.0f} MB | {run['folder_mb']:.0f} MB |"
        )
    return "\n".join(lines)

"""What was aimed at, and what was reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from measuring import net_seconds

# What is aimed at, and the figure that was measured; True where less is better.
Target = tuple[str, float, str, float, bool]


def table(results: dict[str, Any]) -> str:
    """Return the table of targets of what has been measured."""
    lines = ["### Targets", "", "| target | measured | |", "|---|--:|---|"]
    for what, limit, unit, value, less in _targets(results):
        met = value <= limit if less else value >= limit
        sign = "≤" if less else "≥"
        figure = f"{value:.0f}" if value >= 10 else f"{value:.2g}"
        outcome = "met" if met else "**missed**"
        lines.append(f"| {what}: {sign} {limit:g}{unit} | {figure}{unit} | {outcome} |")
    return "\n".join(lines)


def _targets(results: dict[str, Any]) -> Iterator[Target]:
    """List targets with their figures."""
    sizes = results.get("sizes", {})
    if "medium" in sizes:
        yield from _medium(sizes["medium"]["contestants"])
    own = sizes.get("large", {}).get("contestants", {}).get("ours", {})
    if own.get("cells"):
        for k, limit in ((1, 0.5), (3, 1.2)):
            for kind, origins in (("cells", "115 000 origins"), ("queries", "all nodes")):
                value = _query(own, 2000, k, kind)
                if value:
                    what = f"3 000 000 nodes, 2 000 sites, k={k}, {origins}"
                    yield what, limit, " s", value, True
        yield "3 000 000 nodes, preparation", 15, " s", net_seconds(own["build"]), True
        peak = max(own["memory"]["build"], own["memory"]["query"]) / 1000
        yield "3 000 000 nodes, peak of memory, all nodes as origins", 1.5, " GB", peak, True
    if "national" in results:
        national = results["national"]
        yield "national job, time", 30, " s", national["total_s"], True
        yield "national job, memory", 4, " GB", national["peak_mb"] / 1000, True
    if "draws" in results:
        own = results["draws"]["embedded"]
        yield f"embedded data, {own['draws']} draws", 3, " s", own["seconds"], True
    if "scenarios" in results:
        section = results["scenarios"]
        case = f"1 to 3 new sites, both aims, {section['place_3']['candidates']} candidates"
        yield f"embedded data, {case}", 10, " s", net_seconds(section["place_3"]), True
        case = f"embedded data, {section['each']['closings']} closings in turn"
        yield case, 10, " s", net_seconds(section["each"]), True
    if "checking" in results:
        checking = results["checking"]
        yield (
            "reading and checking a country, of the processor",
            20,
            " s",
            net_total(checking),
            True,
        )
        yield "reading and checking a country, memory", 1.5, " GB", checking["peak_mb"] / 1000, True
    yield from _pages(results.get("pages", {}).get("rows", []))
    yield from _batch(results.get("batch", {}))
    for file, read in results.get("pbf", {}).get("files", {}).items():
        own, peer = read["ours"], read["pyrosm_links"]
        yield f"{file}: times as fast as pyrosm", 2, "×", peer["seconds"] / own["seconds"], False
        share = own["peak_mb"] / peer["peak_mb"]
        yield f"{file}: memory as a share of pyrosm's, imports included", 1, "", share, True
        share = (own["peak_mb"] - own["before_mb"]) / (peer["peak_mb"] - peer["before_mb"])
        yield f"{file}: memory as a share of pyrosm's, for the reading", 1, "", share, True


def net_total(job: dict[str, Any]) -> float:
    """Seconds of a job in one thread: of the processor where the clock waited for it."""
    return float(min(job["total_s"], job["cpu_s"]))


def _batch(section: dict[str, Any]) -> Iterator[Target]:
    """List the targets of a country as one batch."""
    runs = {(run["municipalities"], run["workers"]): run for run in section.get("runs", [])}
    for (of, workers), run in runs.items():
        what = f"{of} municipalities as one batch, {workers} workers"
        if workers == 2 and of == section["areas"]:
            yield f"{what}, time", 15, " min", run["seconds"] / 60, True
            yield f"{what}, memory", 8, " GB", run["peak_mb"] / 1000, True
        if workers == 2 and (of, 1) in runs:
            ratio = runs[of, 1]["seconds"] / run["seconds"]
            yield f"{what}, times as fast as 1", 1.7, "×", ratio, False


def _pages(rows: list[dict[str, Any]]) -> Iterator[Target]:
    """List the targets of the map page."""
    for row in rows:
        if row["embedded"]:
            yield "map page of the embedded data", 0.6, " MB", row["bytes"] / 1e6, True
        limit = {10_000: 1.0, 100_000: 2.0}.get(row["cells"])
        if limit and not row["embedded"]:
            squares = f"{row['cells']:,}".replace(",", " ")
            yield (
                f"map page of {squares} squares, ready",
                limit,
                " s",
                min(row["ready_s"], row["own_s"]),
                True,
            )


def _medium(rows: dict[str, Any]) -> Iterator[Target]:
    """List the targets on 300 000 nodes."""
    own = _query(rows.get("ours", {}), 100, 3)
    case = "300 000 nodes, 100 sites, k=3, times as fast as"
    for name, title, limit in (
        ("scipy_layers", "scipy by layers", 5),
        ("scipy_each", "scipy, a search a site", 5),
        ("pandana_native", "pandana, seconds only", 50),
        ("pandana_sites", "pandana, naming the site as we do", 50),
    ):
        peer = _query(rows.get(name, {}), 100, 3)
        if own and peer:
            yield f"{case} {title}", limit, "×", peer / own, False
    pandana, ours = rows.get("pandana_native", {}).get("build"), rows.get("ours", {}).get("build")
    if pandana and ours:
        ratio = net_seconds(pandana) / net_seconds(ours)
        yield "300 000 nodes, build, times as fast as pandana", 100, "×", ratio, False


def _query(row: dict[str, Any], sites: int, k: int, kind: str = "queries") -> float | None:
    """Seconds of one case, if it was measured."""
    cases = row.get(kind, [])
    return next((net_seconds(q) for q in cases if (q["sites"], q["k"]) == (sites, k)), None)

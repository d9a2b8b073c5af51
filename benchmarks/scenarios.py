"""What-if questions on the embedded data: where new sites help most, every site closed in turn.

Each is timed from the checked tables and the analysed result to the finished table, the building of
the network included.
"""

from __future__ import annotations

import os

import tables
from measuring import once, repeat
from run import HERE, say, store, stored

import glesservice
from glesservice.scenarios import close_each, place

SERVICE, SITES = "dagligvaror", (3, 5)


def main() -> None:
    """Measure, and store what came out."""
    settings = glesservice.load_settings(glesservice.embedded_settings())
    inputs = glesservice.read_inputs(settings)
    result = glesservice.analyse(inputs, settings)
    section: dict[str, object] = {"load": os.getloadavg()[0]}
    for count in SITES:
        first = once(lambda count=count: place(inputs, result, SERVICE, count))
        found = first.pop("answer")
        measured = repeat(lambda count=count: place(inputs, result, SERVICE, count), 1.0)
        section[f"place_{count}"] = measured | {
            "candidates": len(found.candidates),
            "gap_percent": float(found.placements["gap_percent"].max()),
        }
        say(f"{count} new sites: {measured['seconds']:.2f} s")
    first = once(lambda: close_each(inputs, result))
    section["each"] = repeat(lambda: close_each(inputs, result), 1.0) | {
        "closings": len(first["answer"])
    }
    say(f"{len(first['answer'])} closings in turn: {first['seconds']:.2f} s")
    results = stored() | {"scenarios": section}
    store(results)
    tables.refresh(HERE / "README.md", results)


if __name__ == "__main__":
    main()

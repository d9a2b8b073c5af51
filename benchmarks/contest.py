"""One contestant on one network, in a process of its own: prints a JSON line a step.

Started by ``run.py``. Answers are compared with the reference before anything is timed, and the
peak of memory is read before anything is repeated.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from measuring import VERY_SLOW_S, forget_peak, memory_mb, once, peak_mb, repeat
from networks import Floats, Ints, Links, rural

K = (1, 3)
ABSOLUTE_TOLERANCE_S = 1e-6
# Populated squares of one kilometre in Sweden.
CELLS = 115_000


def places(nodes: int, sites: int, seed: int) -> Ints:
    """Return the nodes where sites stand."""
    return np.random.default_rng([seed, sites]).choice(nodes, sites, replace=False)


def reference_file(cache: Path, nodes: int, seed: int, sites: int) -> Path:
    """Return where the right answers of a case lie."""
    return cache / f"reference-{nodes}-{seed}-{sites}.npy"


def make_references(links: Links, seed: int, cache: Path, counts: list[int]) -> None:
    """Write the right answers: from a search a site, or where that is too much, from layers.

    Both are run where both are affordable, so the layers are themselves checked there.
    """
    for sites in counts:
        file = reference_file(cache, links.nodes, seed, sites)
        if file.exists():
            continue
        plain = links.nodes * sites <= 4e7
        contestant = importlib.import_module(
            "contestants.scipy_each" if plain else "contestants.scipy_layers"
        )
        answer = contestant.query(contestant.build(links), places(links.nodes, sites, seed), max(K))
        np.save(file, answer)


def compete(name: str, links: Links, seed: int, cache: Path, counts: list[int]) -> Iterator[Any]:
    """Yield what each step of a contestant took, as dictionaries."""
    contestant = importlib.import_module(f"contestants.{name}")
    before = memory_mb("VmRSS")
    forget_peak()
    build = once(lambda: contestant.build(links))
    state = build.pop("answer")
    yield {"step": "built", **build}
    built_peak = peak_mb()
    forget_peak()
    firsts: dict[tuple[int, int], float] = {}
    for sites in counts:
        if sites > getattr(contestant, "MOST_SITES", sites):
            continue
        right = np.load(reference_file(cache, links.nodes, seed, sites), mmap_mode="r")
        at = places(links.nodes, sites, seed)
        for k in K:
            first = once(lambda at=at, k=k: contestant.query(state, at, k))
            answer = first.pop("answer")
            worst, equal = _compare(answer, right[:, :k], contestant.TOLERANCE)
            del answer
            yield {"step": "checked", "sites": sites, "k": k, "worst_s": worst, "equal": equal}
            if equal:
                firsts[sites, k] = first["seconds"]
                if first["seconds"] > VERY_SLOW_S:
                    yield {"step": "query", "sites": sites, "k": k, **first}
    yield {"step": "memory", "before": before, "build": built_peak, "query": peak_mb()}
    # Only now what repeats: it would hold memory that one build and one query do not need.
    for (sites, k), seconds in firsts.items():
        if seconds > VERY_SLOW_S:
            continue
        at = places(links.nodes, sites, seed)
        yield {
            "step": "query",
            "sites": sites,
            "k": k,
            **repeat(lambda at=at, k=k: contestant.query(state, at, k), seconds),
        }
        if hasattr(contestant, "query_at") and links.nodes > CELLS:
            some = np.random.default_rng(seed).choice(links.nodes, CELLS, replace=False)
            timed = repeat(
                lambda at=at, k=k, some=some: contestant.query_at(state, some, at, k), seconds
            )
            yield {"step": "cells", "sites": sites, "k": k, **timed}
    if build["seconds"] <= VERY_SLOW_S:
        gc.collect()
        build = repeat(lambda: contestant.build(links), build["seconds"])
    yield {"step": "build", **build}


def _compare(answer: Floats, right: Floats, tolerance: float) -> tuple[float, bool]:
    """Largest difference, and whether every one is allowed."""
    if answer.shape != right.shape or not np.isfinite(answer).all():
        return float("inf"), False
    difference = np.abs(answer - right)
    allowed = ABSOLUTE_TOLERANCE_S + tolerance * right
    return float(difference.max()), bool((difference <= allowed).all())


def main() -> None:
    """Run one contestant, or with the name ``reference`` make the right answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--nodes", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--sites", type=int, nargs="+", required=True)
    arguments = parser.parse_args()
    # Some libraries talk on standard output, also from C: it becomes standard error for them.
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    links = rural(arguments.nodes, arguments.seed, arguments.cache)
    if arguments.name == "reference":
        make_references(links, arguments.seed, arguments.cache, arguments.sites)
        return
    steps = compete(arguments.name, links, arguments.seed, arguments.cache, arguments.sites)
    for step in steps:
        ours.write(json.dumps(step) + "\n")
        ours.flush()


if __name__ == "__main__":
    sys.exit(main())

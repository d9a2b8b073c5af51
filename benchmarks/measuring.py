"""Time and memory of this process."""

from __future__ import annotations

import gc
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPEATS = 5
BLINK_S, MANY = 0.3, 25
# What takes long varies little: fewer repeats keep a full run within an hour or two.
SLOW_S, VERY_SLOW_S = 10.0, 60.0


def once(work: Callable[[], Any]) -> dict[str, Any]:
    """Do it once: the answer, and what it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    answer = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"answer": answer, "seconds": wall, "cpu": cpu, "repeats": 1}


def repeat(work: Callable[[], Any], expected_s: float) -> dict[str, Any]:
    """Do it several times: the medians."""
    # What takes a blink is done often: one neighbour's blink beside it would be half of a median.
    repeats = 3 if expected_s > SLOW_S else REPEATS if expected_s > BLINK_S else MANY
    runs = []
    for _ in range(repeats):
        run = once(work)
        del run["answer"]
        gc.collect()
        runs.append(run)
    return {
        "seconds": statistics.median(run["seconds"] for run in runs),
        "least": min(run["seconds"] for run in runs),
        "cpu": statistics.median(run["cpu"] for run in runs),
        "repeats": repeats,
    }


def forget_peak() -> None:
    """Begin a new peak of memory."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """Return the peak of resident memory since the last new beginning, megabytes.

    The kernel's own high-water mark: ``ru_maxrss`` would carry over the parent's.
    """
    return memory_mb("VmHWM")


def memory_mb(what: str) -> float:
    """Return a figure of this process's memory, megabytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{what}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else float("nan")


def net_seconds(measured: dict[str, Any]) -> float:
    """Seconds that a step takes where nothing else runs: of the processor, or of the clock.

    On a machine shared with others the clock also counts waiting for a core, so the processor's
    time is the truer one for a single thread; several threads take less time than they use.
    """
    return float(min(measured["seconds"], measured["cpu"]))

"""Run the contestants side by side, write ``results.json`` and refresh the table in the README."""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import tables
from contestants import NAMES

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
SEED = 1
SIZES = {"small": 20_000, "medium": 300_000, "large": 3_000_000}
SITES = {"small": [10, 100, 2000], "medium": [10, 100, 2000], "large": [100, 2000]}
# What needs more than this for one build or one query, or more memory, is stopped.
STEP_S, MEMORY_MB = 300.0, 12_000.0
PACKAGES = (
    "glesservice",
    "numba",
    "numpy",
    "scipy",
    "networkit",
    "igraph",
    "rustworkx",
    "pandana",
    "networkx",
    "osmium",
    "pyrosm",
)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=[*SIZES, "all"], default="small")
    parser.add_argument("--only", choices=NAMES, action="append", help="may be repeated")
    parser.add_argument("--cache", type=Path, help="folder of networks and right answers")
    parser.add_argument("--table", action="store_true", help="only refresh the README")
    arguments = parser.parse_args()
    if not arguments.table:
        cache = arguments.cache or Path(tempfile.gettempdir()) / "glesservice-benchmarks"
        cache.mkdir(parents=True, exist_ok=True)
        run = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M")
        for size in SIZES if arguments.size == "all" else [arguments.size]:
            measure(size, arguments.only or NAMES, cache, run)
    tables.refresh(HERE / "README.md", stored())


def measure(size: str, names: tuple[str, ...] | list[str], cache: Path, run: str) -> None:
    """Let contestants run one after the other, and store after each what came out."""
    nodes, sites = SIZES[size], SITES[size]
    command = [sys.executable, str(HERE / "contest.py")]
    case = ["--nodes", str(nodes), "--seed", str(SEED), "--cache", str(cache)]
    case += ["--sites", *map(str, sites)]
    say(f"{size}: the network and the right answers")
    subprocess.run([*command, "reference", *case], check=True)  # noqa: S603 (our own program)
    for name in names:
        outcome = watch([*command, name, *case])
        outcome |= {"run": run, "load": os.getloadavg()[0]}
        results = stored()
        of_size = results.setdefault("sizes", {}).setdefault(size, {"contestants": {}})
        of_size["nodes"] = nodes
        of_size["contestants"][name] = outcome
        store(results)
        say(f"{size} {name}: {outcome.get('stopped') or 'done'}")


def stored() -> dict[str, Any]:
    """Return all results so far."""
    return json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}


def store(results: dict[str, Any]) -> None:
    """Write all results, with the machine that they hold for."""
    now, before = machine(), results.get("machine", {}).get("versions", {})
    # What is not installed today was when it was measured.
    now["versions"] = {name: v or before.get(name) for name, v in now["versions"].items()}
    results["machine"] = now
    RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def watch(command: list[str]) -> dict[str, Any]:
    """Run a contestant's process: its steps, and why it was stopped, if it was."""
    outcome: dict[str, Any] = {"queries": [], "cells": [], "checks": []}
    into = {"query": "queries", "cells": "cells", "checked": "checks"}
    lines: queue.Queue[str] = queue.Queue()
    with subprocess.Popen(  # noqa: S603 (our own program)
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        reader = threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()])
        reader.start()
        last = time.monotonic()
        while reader.is_alive() or not lines.empty():
            try:
                step = json.loads(lines.get(timeout=0.2))
            except queue.Empty:
                if "stopped" not in outcome:
                    reason = _too_much(process.pid, time.monotonic() - last)
                    if reason:
                        outcome["stopped"] = reason
                        process.kill()
                continue
            last = time.monotonic()
            kind = step.pop("step")
            if kind in into:
                outcome[into[kind]].append(step)
            else:
                outcome[kind] = step
    if process.returncode and "stopped" not in outcome:
        outcome["stopped"] = f"failed (exit {process.returncode})"
    if "built" in outcome:
        outcome.setdefault("build", outcome["built"])
        del outcome["built"]
    return outcome


def _too_much(pid: int, waited: float) -> str:
    """Say why a process must stop, if it must."""
    if waited > STEP_S:
        return f"> {STEP_S / 60:.0f} min"
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return ""
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return f"> {MEMORY_MB / 1000:.0f} GB" if found and int(found[1]) / 1000 > MEMORY_MB else ""


def machine() -> dict[str, Any]:
    """Describe what the figures hold for."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    memory = Path("/proc/meminfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*:\s*(.+)", info)
    total = re.search(r"MemTotal:\s+(\d+) kB", memory)
    return {
        "cores": os.cpu_count(),
        "cpu": model[1] if model else platform.processor(),
        "memory_gb": round(int(total[1]) * 1024 / 1e9) if total else None,
        "python": platform.python_version(),
        "versions": {package: _version(package) for package in PACKAGES},
    }


def _version(package: str) -> str | None:
    """Version of a package, if it is installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def say(message: str) -> None:
    """Tell how far the run is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {message}\n")


if __name__ == "__main__":
    main()

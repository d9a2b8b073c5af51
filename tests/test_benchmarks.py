"""The benchmark of the map page still makes what an analysis makes: nobody runs it every day."""

from __future__ import annotations

import importlib
from pathlib import Path

from glesservice.exports.webmap import render

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_the_made_up_county_of_the_map_benchmark_can_be_drawn(result, monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    page = render(importlib.import_module("webmap").made(result, 200))
    assert "Byn 0" in page

"""What the tests share: the embedded data set, read and analysed once."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest
from tests.toy_files import write_toy

from glesservice import pipeline
from glesservice.analysis import Result, analyse
from glesservice.config import Settings, embedded_settings, load_settings
from glesservice.sources import Inputs, read_inputs

# How long an example takes says how busy the machine is. CI tries the same examples each time: what
# it finds must not hang on the day.
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Return the settings of the embedded data."""
    return load_settings(embedded_settings())


@pytest.fixture(scope="session")
def plain(settings: Settings) -> Settings:
    """Return the settings of the embedded data without draws: for what does not ask how sure."""
    return settings.with_changes(certainty={"draws": 0})


@pytest.fixture(scope="session")
def inputs(settings: Settings) -> Inputs:
    """Return the embedded input tables."""
    return read_inputs(settings)


@pytest.fixture(scope="session")
def result(inputs: Inputs, settings: Settings) -> Result:
    """Return the analysis of the embedded data."""
    return analyse(inputs, settings)


@pytest.fixture(scope="session")
def run_folder(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run of the embedded data, alone in its own; copy, never change."""
    output = tmp_path_factory.mktemp("outputs")
    pipeline.run(settings, output)
    return output / pipeline.run_name(settings)


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the settings file and the run's folder of a small municipality; copy, never change."""
    here = tmp_path_factory.mktemp("toy")
    path = write_toy(here)
    pipeline.run(path, here / "outputs")
    return path, here / "outputs" / "leksak-2026"


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Let CI fail when tests were skipped: there everything that they need is there.

    What a test calls optional may be missing even there.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = [
        report
        for report in (reporter.stats.get("skipped", []) if reporter else [])
        if "optional:" not in str(report.longrepr)
    ]
    if os.environ.get("CI") == "true" and skipped and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED

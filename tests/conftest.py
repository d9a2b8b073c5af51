"""What the tests share: the embedded data set, read and analysed once."""

from __future__ import annotations

import os

import hypothesis
import pytest

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
def inputs(settings: Settings) -> Inputs:
    """Return the embedded input tables."""
    return read_inputs(settings)


@pytest.fixture(scope="session")
def result(inputs: Inputs, settings: Settings) -> Result:
    """Return the analysis of the embedded data."""
    return analyse(inputs, settings)


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

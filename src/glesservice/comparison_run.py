"""From two years' settings to the folder of their comparison; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from glesservice.comparison import Comparison, Year, compare_years, read_year
from glesservice.config import Settings
from glesservice.exports.comparison import write_comparison
from glesservice.exports.folder import whole_folder
from glesservice.network.nearest import warm_up
from glesservice.pipeline import run_name
from glesservice.sources import read_inputs
from glesservice.stages import silent


def compare(
    before: Year | Settings | Path | str,
    after: Year | Settings | Path | str,
    output: Path | str | None = None,
    *,
    inputs: Path | str | None = None,
    report: Callable[[int, int], None] = silent,
) -> Comparison:
    """Return what differs between two years; write its products too where a folder is given.

    Parameters
    ----------
    before, after
        Each year's settings, the path of its settings file, the folder of its run, or its
        settings and tables.
    output
        The folder that holds the runs: the comparison's own is made in it, named by
        ``comparison_name``. Nothing is written where not given.
    inputs
        The folder with the input files of a year that is given as a run's folder.
    report
        Told of each analysis: how many are done, and how many there are.

    Returns
    -------
    Comparison
        All tables of the comparison.

    Raises
    ------
    SettingsError
        If the settings cannot be used, or are of two municipalities.
    InputError, NetworkError
        If inputs cannot be used, or have changed since the run.
    OutputError
        If the products cannot be written.

    Examples
    --------
    >>> import glesservice
    >>> data = glesservice.embedded_settings()
    >>> found = glesservice.compare(data, data)  # a year beside itself: nothing has changed
    >>> found.changed, len(found.orter), float(found.orter["total_change"].abs().max())
    ((), 62, 0.0)
    """
    folder = None if inputs is None else Path(inputs)
    first, second = (_year(one, folder) for one in (before, after))
    warm_up()
    found = compare_years(first, second, report)
    if output is not None:
        with whole_folder(Path(output) / comparison_name(found)) as fresh:
            write_comparison(found, fresh)
    return found


def _year(given: Year | Settings | Path | str, folder: Path | None) -> Year:
    """Read a year's tables where they are not given."""
    if isinstance(given, Year):
        return given
    if isinstance(given, Settings):
        return Year(given, read_inputs(given))
    return read_year(Path(given), folder)


def comparison_name(comparison: Comparison) -> str:
    """Return the name of a comparison's folder: the second year's run and the first year.

    Parameters
    ----------
    comparison
        The comparison.

    Returns
    -------
    str
        For instance ``vilhelmina-2027-mot-2026``.
    """
    before = comparison.before.settings.area.year
    return f"{run_name(comparison.after.settings)}-mot-{before}"

"""From settings files to one folder of products: a run, or a comparison of two; nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from glesservice.analysis import Result, analyse, build_network
from glesservice.comparison import Comparison, Year, compare_years, read_year
from glesservice.config import Settings, load_settings
from glesservice.errors import InputError
from glesservice.exports.comparison import write_comparison
from glesservice.exports.folder import MARK, claimed_folder, fresh_folder, whole_folder
from glesservice.exports.indicators import write_indicators
from glesservice.exports.layers import write_layers, write_more_layers
from glesservice.exports.manifest import write_manifest
from glesservice.exports.opendata.about import missing
from glesservice.exports.rasters import write_rasters
from glesservice.exports.registry import write_registry
from glesservice.exports.webmap import write_map
from glesservice.exports.workbook import write_workbook
from glesservice.fetching.lock import changed
from glesservice.indicators import earlier_indicators, indicators_of
from glesservice.network import RoadNetwork
from glesservice.network.nearest import warm_up
from glesservice.network.search import is_compiled
from glesservice.sources import Inputs, read_inputs
from glesservice.sources.fingerprints import stamps, touched
from glesservice.sources.naming import slug

# What each stage is called, in the order in which they run.
STAGES = (
    "read inputs",
    "search",
    "analyse",
    "layers",
    "map",
    "workbook",
    "orter",
    "indicators",
    "travel times",
    "pictures",
    "report",
    "open data",
    "manifest",
)

# Called when a stage begins (with no time) and when it ends (with its seconds).
Report = Callable[[str, float | None], None]


def _silent(stage: object, seconds: object) -> None:
    """Report nothing."""


def run(
    config: Settings | Path | str | None = None,
    output: Path | str | None = None,
    report: Report = _silent,
    *,
    accept_changed: bool = False,
    inputs: Callable[[Settings], Inputs] | None = None,
    name: str | None = None,
) -> Result:
    """Return the result of a run; write its products too where an output folder is given.

    Parameters
    ----------
    config
        Settings, or the path of a settings file; the embedded demonstration data of Vilhelmina
        where not given.
    output
        The folder that holds the runs: the run's own is made in it, named by ``run_name``. Nothing
        is written where not given.
    report
        Told of each stage's begin and end.
    accept_changed
        Whether inputs may be another content than the lock file beside them says was fetched.
    inputs
        Gives what ``read_inputs`` would read, from elsewhere; the lock file is not asked then.
    name
        Name of the run's folder; ``run_name`` where not given.

    Returns
    -------
    Result
        All tables of the result.

    Raises
    ------
    SettingsError
        If the settings cannot be used.
    InputError, NetworkError
        If the inputs cannot be used.
    OutputError
        If the products cannot be written. An earlier run's folder is untouched then.

    Examples
    --------
    >>> import glesservice
    >>> result = glesservice.run()  # the embedded demonstration; writes nothing without output
    >>> result.orter[["rank", "name"]].head(3).to_dict("list")
    {'rank': [1.0, 2.0, 3.0], 'name': ['Fatsjöluspen', 'Lövnäs', 'Hacksjö']}
    >>> round(result.people)
    6229
    """
    settings = config if isinstance(config, Settings) else load_settings(config)
    if output is None:
        return analysed(settings, report, accept_changed=accept_changed, inputs=inputs).result
    target = Path(output) / (name or run_name(settings))
    with folder_of(target, settings) as folder:
        found = analysed(settings, report, accept_changed=accept_changed, inputs=inputs)
        with folder() as fresh:
            _write(found, fresh, report)
    return found.result


@dataclass(frozen=True, eq=False)
class Analysed:
    """A result, and what it was made of.

    Attributes
    ----------
    result
        The result.
    inputs
        The tables that were read.
    network
        The roads.
    earlier
        Indicators of earlier years (schema ``INDICATORS``).
    """

    result: Result
    inputs: Inputs
    network: RoadNetwork
    earlier: pd.DataFrame


def analysed(
    settings: Settings,
    report: Report = _silent,
    *,
    accept_changed: bool = False,
    inputs: Callable[[Settings], Inputs] | None = None,
) -> Analysed:
    """Return the result of what the settings name: the stages that every command begins with.

    Parameters
    ----------
    settings, report, accept_changed, inputs
        As of ``run``.

    Returns
    -------
    Analysed
        The result, with what it was made of.

    Raises
    ------
    InputError, NetworkError
        If the inputs cannot be used.
    """
    with stage("read inputs", report):
        if inputs is None:
            refuse_changed(settings, report, accept_changed=accept_changed)
        earlier = earlier_indicators(settings)
        tables = (inputs or read_inputs)(settings)
    if not is_compiled():
        report("search, compiled once on this machine", None)
    with stage("search", report):
        warm_up()
    with stage("analyse", report):
        network = build_network(tables, settings)
        result = analyse(tables, settings, network)
    return Analysed(result, tables, network, earlier)


@contextmanager
def folder_of(
    target: Path, settings: Settings
) -> Iterator[Callable[[], AbstractContextManager[Path]]]:
    """Hold a folder while its content is computed, and yield what opens a new one in its place.

    Parameters
    ----------
    target
        The folder. It is claimed before anything is computed: who cannot write need not wait to
        hear it.
    settings
        Name the input files, which may not change meanwhile.

    Yields
    ------
    callable
        Gives the context of an empty folder that takes the target's place at its end.

    Raises
    ------
    InputError
        If an input file has changed while it was read.
    OutputError
        If the folder cannot be written. What is there is untouched then.
    """

    @contextmanager
    def _fresh() -> Iterator[Path]:
        with fresh_folder(target) as folder:
            yield folder
            if changes := touched(begun):
                raise InputError(*changes)

    with claimed_folder(target):
        begun = stamps(settings.files())
        yield _fresh


def _write(found: Analysed, folder: Path, report: Report) -> None:
    """Write all products of a run."""
    result, settings = found.result, found.result.settings
    with stage("layers", report):
        write_layers(result, folder / "glesservice.gpkg")
        write_more_layers(result, folder)
    with stage("map", report):
        write_map(result, folder / "karta.html")
    with stage("workbook", report):
        write_workbook(result, folder / "tabeller.xlsx")
    with stage("orter", report):
        write_registry(result.registry, folder / "ort-id.csv")
    with stage("indicators", report):
        write_indicators(indicators_of(result, found.earlier), settings, folder)
    with stage("travel times", report):
        if settings.exports.travel_times:
            write_rasters(result, found.network, folder)
    with stage("pictures", report):
        if settings.exports.pictures:
            # matplotlib takes longer to load than a small municipality to analyse.
            from glesservice.exports.pictures import write_pictures  # noqa: PLC0415

            write_pictures(result, folder)
    with stage("report", report):
        about = _reported(found, folder, report)
    with stage("open data", report):
        # rdflib takes longer to load than a small municipality to analyse, too.
        from glesservice.exports.opendata.writing import write_open_data  # noqa: PLC0415

        write_open_data(result, folder)
        if unsaid := missing(settings):
            report(f"open data without {', '.join(unsaid)}: see [publication]", None)
    with stage("manifest", report):
        write_manifest(result, folder, folder / MARK, about)


@contextmanager
def stage(name: str, report: Report) -> Iterator[None]:
    """Tell of a stage's begin and end.

    Parameters
    ----------
    name
        What it is called.
    report
        Told when it begins (with no time) and when it ends (with its seconds).
    """
    report(name, None)
    begin = time.perf_counter()
    yield
    report(name, time.perf_counter() - begin)


def _reported(found: Analysed, folder: Path, report: Report) -> Mapping[str, object] | None:
    """Write the January report where it is wanted; return what it adds to the manifest."""
    if not found.result.settings.report.in_run:
        return None
    # Sets type and draws: longer to load than to run.
    from glesservice.report import make_report  # noqa: PLC0415

    made = make_report(found.inputs, found.result, folder, folder.parent, earlier=found.earlier)
    for remark in made.remarks:
        report(remark, None)
    return made.about


def refuse_changed(settings: Settings, report: Report, *, accept_changed: bool) -> None:
    """Stop where input files are not what was fetched, unless that is accepted.

    Parameters
    ----------
    settings
        Names the input files.
    report
        Told of the files that are accepted.
    accept_changed
        Whether they are.

    Raises
    ------
    InputError
        If they are not accepted, or a lock cannot be read.
    """
    differing = changed(source.path for _, source in settings.inputs())
    if differing and not accept_changed:
        raise InputError(*differing)
    if differing:
        names = ", ".join(Path(fault.where).name for fault in differing)
        report(f"accepted, though not what was fetched: {names}", None)


def run_name(settings: Settings) -> str:
    """Return the name of the run's folder: the municipality and the year.

    Parameters
    ----------
    settings
        The settings of the run.

    Returns
    -------
    str
        For instance ``vilhelmina-2026``; the code where the name has no letters to use.
    """
    return f"{slug(settings.area.name) or settings.area.kommun}-{settings.area.year}"


def compare(
    before: Year | Settings | Path | str,
    after: Year | Settings | Path | str,
    output: Path | str | None = None,
    *,
    inputs: Path | str | None = None,
    report: Callable[[int, int], None] = _silent,
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

"""From one settings file to one folder of products; nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from glesservice.analysis import Result
from glesservice.config import Settings, load_settings
from glesservice.exports.folder import MARK
from glesservice.exports.indicators import write_indicators
from glesservice.exports.layers import write_layers, write_more_layers
from glesservice.exports.manifest import write_manifest
from glesservice.exports.opendata.about import missing
from glesservice.exports.rasters import write_rasters
from glesservice.exports.registry import write_registry
from glesservice.exports.webmap import write_map
from glesservice.exports.workbook import write_workbook
from glesservice.indicators import indicators_of
from glesservice.sources import Inputs
from glesservice.sources.naming import slug
from glesservice.stages import Analysed, Report, analysed, folder_of, silent, stage

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


def run(
    config: Settings | Path | str | None = None,
    output: Path | str | None = None,
    report: Report = silent,
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

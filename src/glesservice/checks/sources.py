"""Rules on where the data come from: dates, licences, vintages."""

from __future__ import annotations

from collections.abc import Iterator

from glesservice.certainty.noise import NOISE_FROM_YEAR
from glesservice.checks.finding import Finding, Item, found
from glesservice.checks.subject import Subject
from glesservice.errors import GlesserviceError
from glesservice.fetching.lock import changed

LAST_MONTH = 12


class SourceUnnamed:
    """SRC01 warning: A source has no date, no origin or no licence.

    What: every product cites its sources; a result whose data have no date cannot be defended, and
    data without a licence must not be published.

    Where: the settings table of the input.

    Mend: write source, licence and date of the file in the settings.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for sources with something unsaid."""
        for key, source in subject.settings.inputs():
            unsaid = [name for name in ("source", "licence", "date") if not getattr(source, name)]
            if unsaid:
                yield found(self, f"{' and '.join(unsaid)} of {key} not given", f"[{key}]")


class SourceOld:
    """SRC02 warning: A source is old.

    What: the age is counted from the date of the data to the end of `report_month` of the area's
    year, in months, and may be `source_age_months`; for border and lakes `boundary_age_months`. A
    date of a whole year or month counts by its end. The day of the check plays no part.

    Where: the settings table of the input.

    Mend: fetch this year's data, or correct the date.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Count the months from each source's date."""
        limits = subject.limits
        year = subject.settings.area.year
        for key, source in subject.settings.inputs():
            if source.date is None:
                continue
            age = months_between(source.date, year, limits.report_month)
            lasting = key in ("boundary", "lakes")
            limit = limits.boundary_age_months if lasting else limits.source_age_months
            if age > limit:
                what = f"{key}, of {source.date}, is {age} months old at the report of {year}"
                yield found(self, what, f"[{key}]", value=age, limit=limit, unit="months")


class SourceAhead:
    """SRC03 warning: A source is of a later year than the result.

    What: data from after the area's year do not describe it: the year in the settings was
    not changed, or a date is mistyped.

    Where: the settings table of the input.

    Mend: correct year under [area], or the date.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for dates after the year."""
        year = subject.settings.area.year
        for key, source in subject.settings.inputs():
            if source.date is not None and int(source.date[:4]) > year:
                what = f"{key} is of {source.date}, the result of {year}"
                yield found(
                    self, what, f"[{key}]", value=int(source.date[:4]), limit=year, unit="year"
                )


class NoisyVintage:
    """SRC04 info: The grid is perturbed.

    What: from reference year 2025 on SCB perturbs every number of people above 0 (Cell Key Method):
    cells do not add up to official totals, and a change of a few people in a village from one year
    to the next may be noise.

    Where: the settings table of the population.

    Mend: nothing; read small changes with care.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the grid's year with the first perturbed one."""
        date = subject.settings.population.date
        if date is not None and int(date[:4]) >= NOISE_FROM_YEAR:
            yield found(
                self,
                f"the grid is of {date}: single cells carry noise",
                "[population]",
                value=int(date[:4]),
                limit=NOISE_FROM_YEAR,
                unit="year",
            )


class Demonstration:
    """SRC05 info: The data are a demonstration.

    What: demonstration is set under [publication]: every product says that it is no basis for
    decisions.

    Where: the settings.

    Mend: with your own data in place, remove demonstration from the settings.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look at the setting."""
        if subject.settings.publication.demonstration:
            yield found(self, "every product says that it is a demonstration", "[publication]")


class OneFileTwice:
    """SRC06 warning: A file is used for two inputs.

    What: two inputs name the same file and layer; one of the paths was forgotten.

    Where: the settings tables.

    Mend: correct the path or the layer of one of them.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Look for files that are named twice."""
        seen: dict[tuple[str, object], str] = {}
        for key, source in subject.settings.inputs():
            file = str(source.path), getattr(source, "layer", None)
            if file in seen:
                what = f"{seen[file]} and {key} are both {source.path.name}"
                yield found(self, what, f"[{key}]", items=[Item(seen[file]), Item(key)])
            seen.setdefault(file, key)


class FileChanged:
    """SRC07 error: A fetched file was changed since.

    What: beside the file lies a lock (glesservice.lock.json) that tells its content as it was
    fetched, and it is another one now: nobody can say which data a result is made from. The run
    refuses it.

    Where: the file.

    Mend: fetch it again; or, if the change is meant, accept it with glesservice fetch --relock.
    """

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        """Compare the files with the locks beside them."""
        try:
            faults = changed([source.path for _, source in subject.settings.inputs()])
        except GlesserviceError as error:
            faults = list(error.faults)
        for fault in faults:
            yield found(self, fault.what, fault.where, mend=fault.mend)


RULES = (
    SourceUnnamed(),
    SourceOld(),
    SourceAhead(),
    NoisyVintage(),
    Demonstration(),
    OneFileTwice(),
    FileChanged(),
)


def months_between(date: str, year: int, month: int) -> int:
    """Return the months from a date to a month of a year.

    Parameters
    ----------
    date
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; a year counts by its last month.
    year, month
        Until when.

    Returns
    -------
    int
        Whole months; negative for a date that is later.

    Examples
    --------
    >>> months_between("2024-12-31", 2026, 1), months_between("2025", 2026, 1)
    (13, 1)
    """
    parts = date.split("-")
    of_month = int(parts[1]) if len(parts) > 1 else LAST_MONTH
    return (year - int(parts[0])) * LAST_MONTH + month - of_month

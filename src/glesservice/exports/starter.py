"""What a municipality begins with: a settings file and a list of shops to fill in."""

from __future__ import annotations

from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException

from glesservice.config.starter import FILES, starter_settings
from glesservice.errors import Fault, OutputError, SettingsError
from glesservice.exports.template import write_template
from glesservice.sources.municipalities import municipalities, municipality_name

SETTINGS_FILE = "glesservice.toml"


def write_starter(kommun: str, folder: Path, year: int) -> tuple[Path, Path]:
    """Write a commented settings file and the template of the list of shops.

    Parameters
    ----------
    kommun
        SCB municipality code.
    folder
        Where to; made if it is not there.
    year
        The year of the result.

    Returns
    -------
    Path, Path
        The settings file and the workbook.

    Raises
    ------
    SettingsError
        If there is no such municipality.
    OutputError
        If one of the files is there already, or the folder cannot be written. Nothing is written
        then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_starter("2462", Path(folder), 2026)]
    ['glesservice.toml', 'serviceplatser.xlsx']
    """
    name = municipality_name(kommun)
    if name is None:
        known = municipalities().sort_values("kommunkod")
        near = known[known["kommunkod"].str.startswith(kommun[:2])]
        codes = ", ".join(
            f"{row.kommunkod} {row.name}" for row in near[:20].itertuples(index=False)
        )
        raise SettingsError(
            Fault(
                f"there is no municipality {kommun}",
                "--kommun",
                f"Use SCB's four digits, such as {codes or '2462 Vilhelmina'}",
            )
        )
    files = folder / SETTINGS_FILE, folder / FILES["services"]
    there = [path for path in files if path.exists() or path.is_symlink()]
    if there:
        raise OutputError(
            *(
                Fault("the file is there already", str(path), "Choose another folder, or move it")
                for path in there
            )
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with files[0].open("x", encoding="utf-8", newline="\n") as file:
            file.write(starter_settings(kommun, name, year))
        try:
            write_template(files[1])
        except BaseException:
            files[0].unlink()  # one without the other is no beginning
            raise
    except (OSError, XlsxWriterException) as error:
        raise OutputError(
            Fault(f"the files cannot be written ({error})", str(folder), "Choose another folder")
        ) from error
    return files

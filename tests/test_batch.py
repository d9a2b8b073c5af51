"""Many municipalities at once: the same runs, whoever dies on the way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from pandas.testing import assert_frame_equal
from playwright.sync_api import Browser
from tests.counties import INLAND, SIDE_KM, TOYS, inland_county, toy_county
from tests.shared_data import needs_real_data
from tests.webmap_fixtures import chromium, opened

from glesservice import cli, pipeline
from glesservice.batch import (
    Begun,
    Outcome,
    Telling,
    Went,
    run_batch,
    settings_of_many,
    settings_of_one,
)
from glesservice.batch.running import put_together
from glesservice.batch.shelf import Shelf, put_on_shelf
from glesservice.claims import claimed
from glesservice.cli.batch import _tell_end
from glesservice.config import load_common_settings
from glesservice.errors import BusyError, SettingsError
from glesservice.sources import read_common

# Dask's workers are processes that the test's own modules have no part in.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@dataclass
class Heard:
    """What a batch has told."""

    stages: list[str] = field(default_factory=list)
    begun: list[Begun] = field(default_factory=list)
    ended: list[Outcome] = field(default_factory=list)
    workers: int = 0

    def telling(self) -> Telling:
        return Telling(self._stage, self._cluster, self.hear_begun, self.ended.append)

    def _stage(self, stage: str, _seconds: float | None) -> None:
        self.stages.append(stage)

    def _cluster(self, _dashboard: str, workers: int) -> None:
        self.workers = workers

    def hear_begun(self, one: Begun) -> None:
        self.begun.append(one)


class KillsTheFirst(Heard):
    """Kills the first worker that says it has begun."""

    def hear_begun(self, one: Begun) -> None:
        super().hear_begun(one)
        if len(self.begun) == 1:
            os.kill(one.pid, signal.SIGKILL)


def batch_of(
    config: Path, output: Path, heard: Heard, codes: tuple[str, ...] = (), workers: int = 1
) -> Went:
    """Run a batch."""
    settings = settings_of_many(load_common_settings(config), str(config), codes)
    return run_batch(settings, output, heard.telling(), title="Provlän", workers=workers)


def contents(folder: Path) -> dict[str, bytes]:
    """Read all products of a run."""
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def folders(output: Path) -> dict[str, Path]:
    """Find the municipalities' folders by code."""
    return {item.parent.name[:4]: item.parent for item in output.glob("[0-9]*/manifest.json")}


# A toy county: a worker is killed in the middle, two municipalities cannot be run


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy_county(tmp_path_factory.mktemp("toy"), broken=True)


@pytest.fixture(scope="module")
def killed_worker(toy: Path) -> tuple[Went, KillsTheFirst, Path]:
    heard = KillsTheFirst()
    output = toy.parent / "outputs" / "batch"
    return batch_of(toy, output, heard), heard, output


class TestAWorkerThatIsKilled:
    def test_its_municipality_is_tried_again_and_nothing_else(
        self, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        _, heard, _ = killed_worker
        often = pd.Series([one.kommun for one in heard.begun]).value_counts()
        assert often.pop(heard.begun[0].kommun) == 2
        assert set(often) == {1}
        assert len(often) == len(TOYS) + 1

    def test_every_sound_municipality_has_its_result(
        self, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        _, _, output = killed_worker
        assert set(folders(output)) == set(TOYS)

    def test_a_result_is_that_of_the_run_alone(
        self, toy: Path, killed_worker: tuple[Went, KillsTheFirst, Path], tmp_path: Path
    ) -> None:
        _, heard, output = killed_worker
        code = heard.begun[0].kommun  # the one that was begun twice
        settings = settings_of_one(toy, code)
        pipeline.run(settings, tmp_path)
        alone = contents(tmp_path / pipeline.run_name(settings))
        assert contents(folders(output)[code]) == alone

    def test_nothing_half_written_is_left(
        self, killed_worker: tuple[Went, KillsTheFirst, Path], toy: Path
    ) -> None:
        _, _, output = killed_worker
        batch_of(toy, output, Heard(), tuple(TOYS))
        hidden = {item.name for item in output.iterdir() if item.name.startswith(".")}
        assert hidden == {".gemensamt"}

    def test_it_is_verified_and_made_again_from_the_settings_of_all(
        self,
        toy: Path,
        killed_worker: tuple[Went, KillsTheFirst, Path],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        _, _, output = killed_worker
        words = ["verify", str(folders(output)["9902"]), "--config", str(toy), "--rerun"]
        assert cli.main(words) == cli.DONE, capsys.readouterr().err
        assert "All of it is as it was" in capsys.readouterr().err


class TestAMunicipalityThatCannotBeRun:
    def test_it_is_named_with_what_to_do_and_the_others_go_on(
        self, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        went, _, _ = killed_worker
        assert [(one.kommun, one.name) for one in went.failed] == [
            ("9904", "Gränslös"),
            ("9905", "Ödemark"),
        ]
        assert "the border of 9904 is empty" in went.failed[0].faults[0]

    def test_the_command_tells_it_and_ends_with_1(
        self,
        killed_worker: tuple[Went, KillsTheFirst, Path],
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        went, _, output = killed_worker
        assert _tell_end(went, output) == 1
        told = capsys.readouterr().err
        assert "9904 Gränslös failed: " in told
        assert "Done: 3 of 5 municipalities." in told


class TestABatchThatIsStartedAgain:
    def test_nothing_is_done_again(
        self, toy: Path, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        _, _, output = killed_worker
        heard = Heard()
        went = batch_of(toy, output, heard, tuple(TOYS))
        assert went.earlier == set(TOYS)
        assert (heard.begun, heard.workers, heard.stages) == ([], 0, ["put together"])

    def test_a_municipality_whose_folder_lacks_a_product_is_not_done(
        self, toy: Path, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        from glesservice.batch.working import Task, is_done

        _, _, output = killed_worker
        task = Task(settings_of_one(toy, "9902"), output, output / ".gemensamt")
        assert is_done(task)
        product = task.folder / "karta.html"
        kept = product.read_bytes()
        product.write_bytes(kept[:-1])
        assert not is_done(task)
        product.write_bytes(kept)
        assert is_done(task)

    def test_nor_is_one_of_other_settings(
        self, toy: Path, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        from glesservice.batch.working import Task, is_done

        _, _, output = killed_worker
        settings = settings_of_one(toy, "9902")
        policy = settings.policy.model_copy(update={"sparsity_share": 0.6})
        other = settings.model_copy(update={"policy": policy})
        assert not is_done(Task(other, output, output / ".gemensamt"))

    def test_another_batch_in_the_same_folder_is_refused(
        self, toy: Path, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        _, _, output = killed_worker
        with claimed(output / ".batch.lock", output, ""), pytest.raises(BusyError):
            batch_of(toy, output, Heard())


# What they say together


@pytest.fixture(scope="module")
def together(killed_worker: tuple[Went, KillsTheFirst, Path]) -> Path:
    went, _, output = killed_worker
    put_together("Provlän", went, output)  # another test has run fewer municipalities since
    return output


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def layer(together: Path, name: str) -> pd.DataFrame:
    """Read a layer of what the municipalities say together."""
    return pyogrio.read_dataframe(together / "sammanstallning.gpkg", layer=name)


class TestWhatTheySayTogether:
    def test_the_orter_are_ranked_among_all_as_they_are_in_their_own_municipality(
        self, together: Path
    ) -> None:
        orter = layer(together, "orter")
        ranked = orter[orter["rank_all"].notna()]
        assert ranked["rank_all"].tolist() == list(range(1, len(ranked) + 1))
        assert ranked["total"].round(6).is_monotonic_decreasing
        assert set(ranked["kommunkod"]) == set(TOYS)
        for _, own in ranked.groupby("kommunkod"):
            assert own["rank"].is_monotonic_increasing
        assert orter.loc[orter["role"] == "centralort", "rank_all"].isna().all()

    def test_nobody_is_told_of_who_is_not_told_of_in_the_own_products(self, together: Path) -> None:
        orter = layer(together, "orter").set_index("ort_id")
        for code in TOYS:
            own = pyogrio.read_dataframe(
                folders(together)[code] / "glesservice.gpkg", layer="orter"
            ).set_index("ort_id")
            here = orter[orter["kommunkod"] == code]
            assert here.index.tolist() != []
            assert set(here.index) == set(own.index)
            assert here["people"].equals(own["people"].reindex(here.index))

    def test_a_row_a_municipality_and_indicator_with_its_rank(self, together: Path) -> None:
        rows = layer(together, "indikatorer")
        km = rows[rows["indicator_id"] == "dagligvaror.medel_km"].set_index("kommunkod")
        assert set(km.index) == set(TOYS)
        for code in TOYS:
            said = json.loads((folders(together)[code] / "indikatorer.json").read_text())
            values = {one["indicator_id"]: one["value"] for one in said["indicators"]}
            assert km.loc[code, "value"] == values["dagligvaror.medel_km"]
        worst = km["value"].idxmax()
        assert km.loc[worst, "rank"] == 1
        assert rows.loc[rows["unit"] == "personer", "rank"].isna().all()

    def test_the_workbook_has_those_rows_and_names_who_has_no_result(self, together: Path) -> None:
        book = load_workbook(together / "sammanstallning.xlsx", read_only=True)
        rows = len(layer(together, "indikatorer"))
        assert sum(1 for _ in book["Indikatorer"].iter_rows()) == rows + 1
        said = [row[1].value for row in book["Läs detta först"].iter_rows()]
        assert any("9904 Gränslös: " in str(text) for text in said)

    def test_people_of_the_municipalities_are_those_of_their_runs(self, together: Path) -> None:
        kommuner = layer(together, "kommuner").set_index("kommunkod")
        assert kommuner.index.tolist() == list(TOYS)
        cells = gpd.read_file(together.parents[1] / "people.gpkg")
        east = (cells.geometry.centroid.x - 600_000) // (SIDE_KM * 1000)
        expected = cells["beftotalt"].groupby(east).sum()
        assert kommuner["people"].tolist() == expected.tolist()

    def test_the_distributions_are_drawn_and_told_in_words(self, together: Path) -> None:
        for name in ("bild_fordelning_km", "bild_fordelning_orter"):
            assert (together / f"{name}.png").stat().st_size > 10_000
            assert "Västby" in (together / f"{name}.txt").read_text(encoding="utf-8")

    def test_made_anew_it_is_the_same_byte_for_byte(
        self, together: Path, killed_worker: tuple[Went, KillsTheFirst, Path]
    ) -> None:
        products = [file for file in together.iterdir() if file.is_file()]
        before = {file.name: file.read_bytes() for file in products}
        put_together("Provlän", killed_worker[0], together)
        assert {file.name: file.read_bytes() for file in products} == before

    def test_the_overview_leads_to_every_municipalitys_own_map(
        self, together: Path, browser: Browser
    ) -> None:
        with opened(browser, together / "oversikt.html") as page:
            names = page.locator("#lista-kommun tbody tr th a")
            assert names.all_text_contents() == list(TOYS.values())
            for link in names.all():
                target = together / str(link.get_attribute("href"))
                assert target.name == "karta.html"
                assert target.is_file()
            page.locator("[data-visa='kommun-1']").focus()
            page.keyboard.press("Enter")
            assert page.locator("#panel h3").text_content() == "Mellanby"
            page.keyboard.press("Escape")
            assert not page.locator("#panel").is_visible()
            page.locator("#flik-ort").click()
            assert page.locator("#lista-ort tbody tr").count() >= len(TOYS)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()


# Seven real municipalities: the batch is killed in the middle and started again


@dataclass(frozen=True)
class Inland:
    """The batch of the real municipalities, killed once."""

    config: Path
    output: Path
    before: dict[str, int]
    again: Heard
    went: Went


@pytest.fixture(scope="module")
def inland(tmp_path_factory: pytest.TempPathFactory) -> Inland:
    config = inland_county(tmp_path_factory.mktemp("inland"))
    output = config.parent / "kommuner-2025"
    words = ["batch", "--config", str(config), "--kommun", ",".join(INLAND)]
    with subprocess.Popen(
        [sys.executable, "-m", "glesservice", *words, "--output", str(config.parent)],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
    ) as first:
        assert first.stderr is not None
        for line in first.stderr:
            if line.strip()[:4] in INLAND:  # one is done
                break
        first.kill()  # the scheduler is part of this process
    before = {
        code: (folder / "manifest.json").stat().st_mtime_ns
        for code, folder in folders(output).items()
    }
    again = Heard()
    went = batch_of(config, output, again, tuple(INLAND), workers=2)
    return Inland(config, output, before, again, went)


@needs_real_data
class TestSevenRealMunicipalities:
    def test_the_batch_was_killed_in_the_middle(self, inland: Inland) -> None:
        assert 1 <= len(inland.before) < len(INLAND)

    def test_what_was_done_is_not_done_again(self, inland: Inland) -> None:
        begun = {one.kommun for one in inland.again.begun}
        assert inland.went.earlier == set(inland.before)
        assert begun == set(INLAND) - set(inland.before)
        assert len(inland.again.begun) == len(begun)
        for code, written in inland.before.items():
            manifest = folders(inland.output)[code] / "manifest.json"
            assert manifest.stat().st_mtime_ns == written

    @pytest.mark.parametrize("code", INLAND)
    def test_each_is_the_single_run_byte_for_byte(
        self, inland: Inland, code: str, tmp_path: Path
    ) -> None:
        settings = settings_of_one(inland.config, code)
        assert settings.area.name == INLAND[code]
        pipeline.run(settings, tmp_path)
        alone = contents(tmp_path / pipeline.run_name(settings))
        assert contents(folders(inland.output)[code]) == alone


# What is shared


def test_what_is_taken_off_the_shelf_is_what_was_put_there(toy: Path, tmp_path: Path) -> None:
    settings = settings_of_one(toy, "9901")
    common = read_common(settings)
    common.edges.loc[0, "surface"] = float("nan")  # missing in two ways
    put_on_shelf(common, tmp_path / "shelf", "key")
    everywhere = settings_area().buffer(1_000_000)
    found = Shelf.open(tmp_path / "shelf").around(everywhere, 0, all_cells=True)
    for name in ("cells", "settlements", "sites", "merges", "edges"):
        before, after = getattr(common, name), getattr(found, name)
        assert_frame_equal(pd.DataFrame(after), pd.DataFrame(before), check_exact=True)
    assert [value is None for value in found.edges["surface"][:2]] == [False, True]


def test_a_cut_has_all_that_lies_near_and_little_else(toy: Path, tmp_path: Path) -> None:
    common = read_common(settings_of_one(toy, "9901"))
    put_on_shelf(common, tmp_path / "shelf", "key")
    found = Shelf.open(tmp_path / "shelf").around(settings_area(), 2000, all_cells=False)
    near = common.edges[common.edges.dwithin(settings_area(), 2000)]
    assert set(near.geometry.to_wkt()) <= set(found.edges.geometry.to_wkt())
    assert len(found.edges) < len(common.edges)
    assert len(found.cells) < len(common.cells)
    assert len(found.sites) == len(common.sites)


def settings_area():  # type: ignore[no-untyped-def]
    """Give the ground of the westernmost toy municipality."""
    import shapely

    return shapely.box(600_000, 7_100_000, 608_000, 7_108_000)


# Which municipalities


def test_a_county_is_its_municipalities_by_code(toy: Path) -> None:
    common = load_common_settings(toy)
    chosen = settings_of_many(common, "county.toml", lan="99")
    assert [one.area.kommun for one in chosen] == [*TOYS, "9904", "9905"]
    assert [one.area.name for one in chosen][:3] == list(TOYS.values())


def test_codes_that_no_border_has_are_told_together(toy: Path) -> None:
    common = load_common_settings(toy)
    with pytest.raises(SettingsError) as refused:
        settings_of_many(common, "county.toml", ("9901", "0180", "2462"))
    assert [fault.what.split()[2] for fault in refused.value.faults] == ["0180", "2462"]


def test_files_that_a_municipality_keeps_are_found_by_its_code(toy: Path) -> None:
    text = toy.read_text(encoding="utf-8")
    mine = toy.with_name("kept.toml")
    mine.write_text(text + '\n[decisions]\npath = "beslut/{kommun}.csv"\n', encoding="utf-8")
    settings = settings_of_one(mine, "9902")
    assert settings.decisions.path == toy.parent / "beslut" / "9902.csv"


def test_the_ordinary_run_never_imports_dask() -> None:
    script = "import sys, glesservice.cli; print([m for m in sys.modules if 'dask' in m])"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"

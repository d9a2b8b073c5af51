"""The handbook's numbers are the program's; its commands, keys and sheets exist."""

from __future__ import annotations

import math
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.drawn_municipality import drawn, settings_of
from tests.test_toy_map import PEOPLE, PLACES, ROADS, SITES

from glesservice.analysis import Result, analyse
from glesservice.cli import parser
from glesservice.config import (
    DEFAULT_SERVICES,
    Policy,
    Publication,
    embedded_settings,
    parse_settings,
)
from glesservice.disclosure import few_words
from glesservice.errors import SettingsError
from glesservice.exports.workbook import write_workbook
from glesservice.scenarios import load_scenarios
from glesservice.swedish import number

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "src" / "glesservice"
PAGES = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
HANDBOOK = sorted((PROJECT / "docs" / "handbok").glob("*.md"))
MEASURES = (PROJECT / "docs" / "handbok" / "matten.md").read_text(encoding="utf-8")

# The rows of the example's tables, by their heading and first cell.
EXAMPLES = {
    ("km", "dagligvaror, närmaste"): "km_dagligvaror",
    ("km", "dagligvaror, näst närmaste"): "next_km_dagligvaror",
    ("km", "drivmedel, närmaste"): "km_drivmedel",
    ("km", "drivmedel, näst närmaste"): "next_km_drivmedel",
    ("gleshet", "för dagligvaror"): "sparsity_dagligvaror",
    ("gleshet", "för drivmedel"): "sparsity_drivmedel",
    ("sårbarhet", "för dagligvaror"): "vulnerability_dagligvaror",
    ("sårbarhet", "för drivmedel"): "vulnerability_drivmedel",
    ("mått", "gleshet, vägd"): "sparsity",
    ("mått", "sårbarhet, vägd"): "vulnerability",
    ("mått", "poäng"): "total",
    ("mått", "plats"): "rank",
}


@pytest.fixture(scope="module")
def toy() -> Result:
    border = (-20.0, -20.0, 50.0, 30.0)
    return analyse(drawn(PLACES, ROADS, PEOPLE, SITES, town="Stad", border=border), settings_of())


def tables(page: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the headings and the cells of every row of every table of a page."""
    headings: list[str] = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            headings = []
        elif not headings:
            headings = cells
        elif not set("".join(cells)) <= {"-"}:
            yield headings, cells


def test_the_tables_of_the_example_are_what_the_program_finds(toy: Result) -> None:
    orter = toy.orter.set_index("name")
    seen = set()
    for headings, (first, *told) in tables(MEASURES):
        if headings[1:] != list(PEOPLE):
            continue
        column = EXAMPLES[headings[0], first]
        seen.add(column)
        found = orter.loc[list(PEOPLE), column]
        for cell, value in zip(told, found, strict=True):
            decimals = len(cell.partition(",")[2])
            assert cell == ("–" if math.isnan(value) else number(value, decimals))
    assert seen == set(EXAMPLES.values())


def test_the_limits_are_the_defaults() -> None:
    told = {
        cells[0]: (cells[1], cells[2])
        for headings, cells in tables(MEASURES)
        if headings[1:] == ["nedre gräns", "övre gräns"]
    }
    assert told == {
        name: (f"{service.near_km:g} km", f"{service.far_km:g} km")
        for name, service in DEFAULT_SERVICES.items()
    }


def test_the_sentences_of_the_example_have_the_programs_numbers(toy: Result) -> None:
    page = " ".join(MEASURES.split()).replace(" = ", " ")
    weights, policy = toy.weights, Policy()
    orter = toy.orter.set_index("name")
    bygd = toy.bygder.set_index("name").loc["Dal med omnejd"]
    strategic = toy.strategic.set_index("name")
    legal = toy.legal.set_index("site_id")
    row = toy.municipality.set_index("service").loc["dagligvaror"]
    beside = toy.municipality.set_index("service").loc["drivmedel"]
    loss = number(strategic.loc["Mellanby", "added_person_km"])
    for sentence in (
        f"0,5 / 0,8 {number(weights['dagligvaror'], 3)} och 0,3 / 0,8 "
        f"{number(weights['drivmedel'], 3)}.",
        f"Poängen är 0,7 × 62,5 + 0,3 × 56,25 {number(orter.loc['Topp', 'total'], 1)}.",
        f"{number(100 * policy.sparsity_share)} % gleshet och",
        f"100 från {policy.vulnerability_km:g} km längre",
        f"och poängen {number(bygd['total'], 1)}.",
        f"Vägt 0,625 × 1 560 {loss}.",
        f"vägt {number(strategic.loc['Dal', 'added_person_km'])}.",
        f"närmast för {number(strategic.loc['Mellanby', 'people_served'])} personer",
        f"{legal.loc['b', 'next_km']:g} km: {legal.loc['b', 'margin_km']:g} km över gränsen",
        f"{legal.loc['c', 'next_km']:g} km: {legal.loc['c', 'margin_km']:g} km över",
        f"*Exempel:* {row['beyond_10_km']:g} av kommunens {row['people']:g} har mer än 10 km",
        f"{row['beyond_20_km']:g} har mer än 20 km.",
        f"30 × 16 + 10 × 31 {row['person_km']:g} för dagligvaror",
        f"(30 × 16 + 10 × 31) / 40 {number(row['worst_km'], 2)} km",
        f"*Exempel:* {number(row['gini'], 2)}. Nästan alla",
        f"Topps {orter.loc['Topp', 'people_single_road']:g} personer har "
        f"{orter.loc['Topp', 'single_road_km_dagligvaror']:g} km väg",
        f"Topps {beside['single_site']:g} personer, som bara har macken i Dal",
        f"790 × 2 × 52 {number(row['trip_km'])} km om året",
    ):
        assert sentence.replace("\u00a0", " ") in page.replace("\u00a0", " "), sentence
    assert bygd["sparsity"] * 1.6 == pytest.approx(47.5)
    assert orter.loc[["Stad", "Mellanby"], "minutes_dagligvaror"].tolist() == [0, 0]
    assert orter.loc["Mellanby", "next_minutes_dagligvaror"] == pytest.approx(20)


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Yield the page and the text of every block of code in one language."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for block in re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            yield str(path.relative_to(PROJECT)), block


def commands() -> list[tuple[str, str]]:
    """List every call of the command that the documents show."""
    found = [
        (page, line.partition(" #")[0])
        for page, block in blocks("console")
        for line in block.splitlines()
    ]
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        found += [
            (path.name, call.partition(" #")[0])
            for call in re.findall(r"^ {4}(?:\.venv/bin/)?(glesservice .*)$", text, re.MULTILINE)
        ]
        # In running text, where the whole call is there.
        found += [
            (path.name, call)
            for call in re.findall(r"`(?:\.venv/bin/)?(glesservice [a-z]+ [^`]+)`", text)
        ]
    return [(page, call) for page, call in found if call.startswith("glesservice ")]


@pytest.mark.parametrize(("where", "call"), commands())
def test_the_command_understands_every_call_that_is_shown(where: str, call: str) -> None:
    words = [word for word in shlex.split(call)[1:] if word not in {"…", "COMMAND"}]
    assert parser().parse_args(words).act, where


def test_every_file_that_the_documents_name_is_there() -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for name in set(re.findall(r"`((?:[\w.]+/)+[\w.-]+\.(?:py|md|csv|json|toml))`", text)):
            if name.startswith(("outputs/", "my/", "mall/", "vilhelmina-", "2025/", "2026/")):
                continue  # of the reader's own
            places = (PROJECT / name, PACKAGE / name)
            assert any(place.exists() for place in places), f"{path.name}: {name}"


def test_every_name_that_a_recipe_sends_to_is_in_that_file() -> None:
    found = 0
    for path in (PROJECT / "docs" / "developers").glob("*.md"):
        text = " ".join(path.read_text(encoding="utf-8").split())
        for names, file in re.findall(
            r"((?:`[\w.\[\]\"]+`(?:, | and )?)+),? in `([\w/]+\.py)`", text
        ):
            source = next(p for p in (PROJECT / file, PACKAGE / file) if p.exists()).read_text()
            for name in re.findall(r"`(\w+)", names):
                found += 1
                assert re.search(rf"\b{name}\b", source), f"{path.name}: {name} in {file}"
    assert found > 10


@pytest.mark.parametrize("readme", ["README.md", "data/README.md", "benchmarks/README.md"])
def test_the_links_of_a_readme_lead_somewhere(readme: str) -> None:
    path = PROJECT / readme
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(((?!http)[^)]+)\)", text):
        name, _, anchor = target.partition("#")
        there = path.parent / name if name else path
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", there.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings]
            assert anchor in slugs, target


def whole_programs() -> list[tuple[str, str]]:
    """List the Python that is shown whole; recipes show excerpts, the API page a docstring."""
    shown = [*blocks("python")]
    return [(where, block) for where, block in shown if '"my/' in block or '"2025/' in block]


@pytest.mark.parametrize(("where", "block"), whole_programs())
def test_the_python_that_is_shown_runs(
    where: str, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = embedded_settings()
    text = data.read_text(encoding="utf-8").replace('path = "', f'path = "{data.parent}/')
    for folder in ("my", "2025", "2026"):
        (tmp_path / folder).mkdir()
        file = tmp_path / folder / "glesservice.toml"
        file.write_text(f"{text}\n[certainty]\ndraws = 20\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(compile(block, where, "exec"), {})  # noqa: S102 (the project's own documents)


def test_many_calls_are_shown() -> None:
    assert len(commands()) > 20


def test_the_command_line_is_never_told_of_what_it_lacks() -> None:
    known = parser()._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    for path in PAGES:
        told = re.findall(r"`(?:\.venv/bin/)?glesservice ([a-z]+)", path.read_text("utf-8"))
        assert set(told) <= set(known), path.name


@pytest.mark.parametrize(("where", "block"), list(blocks("toml")))
def test_every_piece_of_settings_that_is_shown_is_understood(
    where: str, block: str, tmp_path: Path
) -> None:
    shown = tomllib.loads(block)
    if "scenario" in shown:
        (tmp_path / "scenarios.toml").write_text(block, encoding="utf-8")
        assert load_scenarios(tmp_path / "scenarios.toml")
        return
    needed: dict[str, Any] = {
        "area": {"kommun": "2462", "name": "Vilhelmina", "year": 2026},
        **{name: {"path": "x"} for name in ("population", "settlements", "services", "roads")},
    }
    for name, value in shown.items():
        laid = isinstance(value, Mapping) and isinstance(needed.get(name), Mapping)
        needed[name] = {**needed[name], **value} if laid else value
    try:
        parse_settings(needed, Path("glesservice.toml"))
    except SettingsError as error:
        pytest.fail(f"{where}: {error}")


def test_the_sheets_that_are_named_are_in_the_workbook(toy: Result, tmp_path: Path) -> None:
    write_workbook(toy, tmp_path / "tabeller.xlsx")
    sheets = set(openpyxl.load_workbook(tmp_path / "tabeller.xlsx", read_only=True).sheetnames)
    for path in HANDBOOK:
        text = " ".join(path.read_text(encoding="utf-8").split())
        for named in re.findall(r"[Bb]lad(?:en|et)((?: (?:och )?\*[^*]+\*,?)+)", text):
            assert set(re.findall(r"\*([^*]+)\*", named)) <= sheets, path.name


def test_few_people_are_as_few_as_the_handbook_says() -> None:
    page = (PROJECT / "docs" / "handbok" / "vad-som-visas.md").read_text(encoding="utf-8")
    few = Publication().min_people
    assert few == 10
    assert "färre än tio personer" in page
    assert f"*{few_words(few)}*" in page
    assert Publication().people_classes[:2] == (9, 49)
    assert "(1–9, 10–49 …)" in page

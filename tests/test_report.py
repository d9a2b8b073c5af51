"""The January report: three formats of one document, honest, accessible and harmless."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import resources
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pypdf
import pytest
from matplotlib.axes import Axes
from tests import webmap_fixtures
from tests.second_year import write_second_year

from glesservice import cli
from glesservice.analysis import analyse
from glesservice.comparison import Year, compare_years
from glesservice.config import embedded_settings, load_settings, settings_for
from glesservice.errors import InputError
from glesservice.report import (
    OwnText,
    drawings,
    gather,
    read_own_text,
    report_of,
    series,
    write_report,
)
from glesservice.report import sheets as fact_sheets
from glesservice.report.document import Drawing, Grid, Head, Listing, Own, Paragraph
from glesservice.report.own_text import FIELDS, make_own_text, starter
from glesservice.report.page import html
from glesservice.report.sheets import sheet_orter, sheets_pdf
from glesservice.report.typesetting import pdf
from glesservice.report.word import docx
from glesservice.sources import read_inputs
from glesservice.tables import INDICATORS

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = '#eval("1+1") $x$ *b* @a </p><script>alert(1)</script> {{7*7}} \u200f\u202e<!-- $|`\\'
LETTERS = "Ö" * 10_000
CHAPTERS = (
    "Sammanfattning",
    "Läget i siffror",
    "Glesa orter och bygder",
    "Strategiska serviceorter",
    "Sårbarhet och beredskap",
    "Vad som skulle hjälpa mest",
    "Förbättringsområden",
    "Plan framåt",
    "Metod och data",
    "Bilagor",
)


@pytest.fixture(scope="module")
def material(inputs, result):
    return gather(inputs, result)


@pytest.fixture(scope="module")
def document(material):
    return report_of(material)


@pytest.fixture(scope="module")
def folder(document, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    (folder / "rapport.html").write_text(html(document), encoding="utf-8")
    (folder / "rapport.pdf").write_bytes(pdf(document))
    (folder / "rapport.docx").write_bytes(docx(document))
    return folder


@pytest.fixture(scope="module")
def printed(document):
    """Return what the PDF says."""
    return pdf_text(pdf(sketched(document)))


@pytest.fixture(scope="module")
def sheets(material):
    """Return the pages of the fact sheets, without their maps: quicker to read."""
    with pytest.MonkeyPatch.context() as patch:
        sketch(patch)
        content = sheets_pdf(material)
    return [joined(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.fixture
def quick(monkeypatch):
    """Let pictures be sketches: for what does not hang on them."""
    sketch(monkeypatch)


@pytest.fixture(scope="module")
def book(folder):
    return pypdf.PdfReader(folder / "rapport.pdf")


@pytest.fixture(scope="module")
def second_material(inputs, settings, tmp_path_factory):
    """Return what the report is made from a year later, when four things have happened."""
    later = load_settings(write_second_year(tmp_path_factory.mktemp("second")))
    year = Year(later, read_inputs(later))
    quick = later.model_copy(update={"certainty": later.certainty.model_copy(update={"draws": 0})})
    found = compare_years(Year(settings, inputs), year)
    return gather(year.inputs, analyse(year.inputs, quick), found)


SKETCH = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><path d="M0 0L60 40"/></svg>'
)
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f"
    "0005fe02fea135817b0000000049454e44ae426082"
)


def sketch(patch: pytest.MonkeyPatch) -> None:
    """Draw nothing."""
    for room in (drawings, fact_sheets):
        patch.setattr(room, "rendered", lambda *_: {"svg": SKETCH, "png": PIXEL})


def sketched(document):
    """Return a document with sketches for pictures: its text is quicker to read."""

    def _plain(section):
        blocks = tuple(
            replace(block, svg=SKETCH, png=PIXEL) if isinstance(block, Drawing) else block
            for block in section.blocks
        )
        return replace(section, blocks=blocks, sections=tuple(map(_plain, section.sections)))

    return replace(document, sections=tuple(map(_plain, document.sections)))


def joined(text: str) -> str:
    """Join lines, and words that were parted at their ends."""
    return re.sub(r"\s+", " ", text.replace("\u00ad\n", "").replace("\u200b", ""))


def texts(sections) -> str:
    """Return all that a document says."""
    said = []
    for section in sections:
        said.append(section.title)
        for block in section.blocks:
            match block:
                case Paragraph():
                    said.append(block.text)
                case Listing():
                    said += block.items
                case Grid():
                    said += [block.caption, block.source, *(h.title for h in block.heads)]
                    said += [text for row in block.rows for text in row]
                case Drawing():
                    said += [block.caption, block.alt]
                case Own():
                    said += [block.prompt, texts([replace(section, blocks=block.words)])]
                case _:
                    said += [text for item in block.items for text in item]
        said.append(texts(section.sections))
    return "\n".join(said)


def pdf_text(content: bytes) -> str:
    """Return what a PDF says, its lines joined."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return joined("\n".join(page.extract_text() for page in pages))


def docx_tree(content: bytes, part: str = "word/document.xml") -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return ET.fromstring(parts.read(part))  # noqa: S314 - our own file


def docx_text(content: bytes) -> str:
    """Return what a Word file says, a paragraph a line."""
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(f"{W}t"))
        for paragraph in docx_tree(content).iter(f"{W}p")
    )


# --- The formats say the same ---------------------------------------------------------------------


def test_the_formats_and_the_fact_sheets_are_written_twice_in_the_same_bytes(
    material, quick, tmp_path
):
    folders = [tmp_path / name for name in ("first", "second")]
    for folder in folders:
        folder.mkdir()
        write_report(material, folder)
    names = {"rapport.html", "rapport.pdf", "rapport.docx", "byblad.pdf"}
    assert {item.name for item in folders[0].iterdir()} == names
    for name in names:
        first, second = ((folder / name).read_bytes() for folder in folders)
        assert first == second, name


def test_every_format_has_every_section(document, folder, printed):
    titles = [section.title for _, section in document.walk()]
    assert [section.title for section in document.sections] == list(CHAPTERS)
    page = (folder / "rapport.html").read_text(encoding="utf-8")
    word = docx_text((folder / "rapport.docx").read_bytes()).split("\n")
    for title in titles:
        assert f">{title}</h" in page
        assert title in word
        assert title in printed


def test_the_numbers_are_those_of_the_result(document, result):
    said = texts(document.sections)
    first = result.orter.iloc[0]
    grid = next(
        block
        for _, section in document.walk()
        for block in section.blocks
        if isinstance(block, Grid) and block.caption.startswith("De 10 orter")
    )
    assert grid.rows[0][:4] == (
        "Fatsjöluspen",
        "1",
        "10",
        f"{first['total']:.1f}".replace(".", ","),
    )
    assert [row[0] for row in grid.rows] == list(result.orter["name"].head(10))
    share = 100 * result.cells.loc[result.cells["km_dagligvaror"] > 10, "people"].sum()
    assert f"{share / result.people:.0f}\u00a0%" in said


def test_every_table_of_numbers_has_its_year_and_its_data(document):
    for _, section in document.walk():
        for block in section.blocks:
            if isinstance(block, Grid) and any(head.numeric for head in block.heads):
                assert block.source.startswith(("Avser 2026", "Gräns:")), block.caption
                assert "2026" in block.source or "2025" in block.source


def test_nothing_is_promised_and_nothing_explained(document, sheets):
    said = texts(document.sections) + " ".join(sheets)
    for words in ("rätt till stöd", "på grund av", "leder till", "orsakar", "därför att"):
        assert words not in said.casefold()
    assert "underlag" in said


def test_no_word_need_leave_its_column():
    heads = (Head("Ort", width=9), Head("Personkilometer", numeric=True, width=0.1), Head("Km"))
    grid = Grid("", heads, (("Skog", "1", "2"), ("Nordväst om Siksjönäs", "1\u00a0234", "3")))
    shares = dict(zip(("ort", "personkm", "km"), grid.shares, strict=True))
    assert sum(shares.values()) == pytest.approx(1, abs=0.001)
    assert shares["personkm"] * 96 >= len("Personkilometer")
    assert shares["ort"] > shares["personkm"] > shares["km"]
    assert Grid("", heads, ()).shares[0] > 0
    crowded = Grid("", tuple(Head("Personkilometer") for _ in range(12)), ())
    assert crowded.shares == [pytest.approx(1 / 12, abs=0.001)] * 12


# --- Accessible -----------------------------------------------------------------------------------


def structure(book: pypdf.PdfReader) -> Iterator[tuple[str, dict]]:
    """Yield the elements of a PDF's structure tree by their standard names."""
    root = book.trailer["/Root"]["/StructTreeRoot"]
    roles = root.get("/RoleMap", {})

    def _walk(kids) -> Iterator[tuple[str, dict]]:
        for kid in kids if isinstance(kids, list) else [kids]:
            element = kid.get_object()
            if isinstance(element, dict) and "/S" in element:
                yield str(roles.get(element["/S"], element["/S"])), element
                yield from _walk(element.get("/K", []))

    return _walk(root["/K"])


def test_the_pdf_is_tagged_titled_and_in_swedish(book, document):
    root = book.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value
    assert root["/Lang"] == "sv-SE"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert book.metadata.title == document.title
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()


def test_headings_table_headers_and_pictures_are_tagged(book, document):
    tags = list(structure(book))
    names = [name for name, _ in tags]
    levels = [level for level, _ in document.walk()]
    assert names.count("/H2") == levels.count(2)
    assert names.count("/H1") >= levels.count(1)
    grids = [b for _, s in document.walk() for b in s.blocks if isinstance(b, Grid)]
    assert names.count("/Table") == len(grids)
    assert names.count("/TH") >= sum(len(grid.heads) for grid in grids)
    figures = [element for name, element in tags if name == "/Figure"]
    assert [str(figure["/Alt"]) for figure in figures] == [d.alt for d in document.drawings()]


def test_all_letters_travel_with_the_pdf(book):
    fonts = {
        font.get_object()["/BaseFont"]: font.get_object()
        for page in book.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts
    for font in fonts.values():
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_word_has_real_headings_table_headers_and_alternative_texts(folder, document):
    content = (folder / "rapport.docx").read_bytes()
    tree = docx_tree(content)
    styles = [style.get(f"{W}val") for style in tree.iter(f"{W}pStyle")]
    levels = [level for level, _ in document.walk()]
    assert styles.count("Heading1") == levels.count(1)
    assert styles.count("Heading2") == levels.count(2)
    assert len(list(tree.iter(f"{W}tblHeader"))) == len(list(tree.iter(f"{W}tbl"))) > 10
    assert len(list(tree.iter(f"{W}cantSplit"))) == len(list(tree.iter(f"{W}tr")))
    pictures = [e for e in tree.iter() if e.tag.endswith("}docPr")]
    assert [e.get("descr") for e in pictures] == [d.alt for d in document.drawings()]
    language = next(docx_tree(content, "word/styles.xml").iter(f"{W}lang"))
    assert language.get(f"{W}val") == "sv-SE"
    size = next(tree.iter(f"{W}pgSz"))
    assert (size.get(f"{W}w"), size.get(f"{W}h")) == ("11906", "16838")


def test_word_opens_in_libreoffice_and_nothing_is_lost(folder, document, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("optional: LibreOffice is not here")
    shutil.copy(folder / "rapport.docx", tmp_path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    words = [office, profile, "--headless", "--convert-to", "txt:Text"]
    subprocess.run(
        [*words, "--outdir", tmp_path, tmp_path / "rapport.docx"],
        capture_output=True,
        check=False,
        timeout=120,
    )
    if not (tmp_path / "rapport.txt").exists():
        pytest.skip("optional: LibreOffice is here without Writer")
    converted = (tmp_path / "rapport.txt").read_text(encoding="utf-8-sig")
    for _, section in document.walk():
        assert section.title in converted
        for block in section.blocks:
            if isinstance(block, Grid):
                assert all(text in converted for row in block.rows for text in row)


def test_the_page_passes_axe_and_asks_for_nothing(folder):
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    asked = []
    with webmap_fixtures.chromium() as browser:
        # The page's own policy lets no script run, axe's neither.
        page = browser.new_context(bypass_csp=True).new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto((folder / "rapport.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert found["violations"] == []
        headings = page.locator("h1, h2, h3").count()
        scopes = page.locator("th:not([scope])").count()
    assert headings > 20
    assert scopes == 0
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}


# --- Names are data -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(inputs, result):
    """Return the material of a result whose names try to be something else."""
    orter, sites = result.orter.copy(), result.sites.copy()
    orter.loc[0, "name"] = HOSTILE
    orter.loc[1, "name"] = LETTERS
    orter.loc[2, "motive"] = f"{HOSTILE} {LETTERS}"
    sites.loc[sites["ort_id"] == "2462-saxnas", "name"] = HOSTILE
    sites.loc[sites["ort_id"] == "2462-dikanas", "name"] = LETTERS
    named = replace(result, orter=orter, sites=sites, notices=(HOSTILE, LETTERS))
    own = OwnText(
        words={"Inledning": (Paragraph(HOSTILE), Paragraph(LETTERS), Paragraph("漢\x01"))}
    )
    return gather(inputs, named, own=own)


def test_hostile_names_are_shown_as_they_are_and_never_understood(hostile, quick):
    document = report_of(hostile)
    page = html(document)
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert page.count("{{7*7}}") > 3
    word = docx_text(docx(document))
    printed = pdf_text(pdf(document))
    for said in (joined(word), printed):
        assert '#eval("1+1") $x$ *b* @a </p><script>alert(1)</script>' in said
        assert "{{7*7}}" in said
        assert "<!-- $|`\\" in said


def test_each_ort_keeps_to_its_page_whatever_the_names_are(hostile, quick):
    content = sheets_pdf(hostile)
    assert content is not None
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == len(sheet_orter(hostile))


# --- Fact sheets ----------------------------------------------------------------------------------


def test_each_proposed_ort_has_a_page_with_its_distances_and_room_to_sign(material, sheets, result):
    orter = sheet_orter(material)
    assert set(orter["name"]) >= {*result.orter["name"].head(10), "Saxnäs", "Dikanäs"}
    assert len(sheets) == len(orter)
    for said, name in zip(sheets, orter["name"], strict=True):
        assert said.startswith(name)
        for words in ("Vilka som berörs", "Avstånd till service", "Om service stänger"):
            assert words in said
        assert "Underskrift" in said
        assert "befolkning 2024-12-31" in said


def test_the_way_on_a_sheet_is_the_way_of_the_ort(sheets, result):
    stalon = next(said for said in sheets if said.startswith("Stalon"))
    assert "väg 1067" in stalon
    cells = result.cells[result.cells["ort_id"] == "2462-stalon"]
    first = cells.sort_values(["people", "cell_id"], ascending=[False, True]).iloc[0]
    assert f"{first['km_dagligvaror']:.1f}".replace(".", ",") in stalon


def test_only_orter_that_are_pointed_out_have_a_sheet_once_any_is(material):
    orter = material.shown.tables["orter"].copy()
    orter.loc[orter["name"] == "Dikanäs", "decision"] = "utpekad"
    tables = {**material.shown.tables, "orter": orter}
    decided = replace(material, shown=replace(material.shown, tables=tables))
    assert list(sheet_orter(decided)["name"]) == ["Dikanäs"]


# --- What may be told -----------------------------------------------------------------------------


def test_no_ort_of_few_people_is_named_in_any_table(inputs, result, quick):
    settings = result.settings
    publication = settings.publication.model_copy(update={"min_people": 30})
    strict = replace(result, settings=settings.model_copy(update={"publication": publication}))
    material = gather(inputs, strict)
    few = set(result.orter.loc[result.orter["people"] < 30, "name"])
    document = report_of(material)
    grids = [b for _, s in document.walk() for b in s.blocks if isinstance(b, Grid)]
    # Where a new site may open is a place on the map, not a number of people.
    told = [g for g in grids if not g.caption.startswith(("Flest personer", "Kortast"))]
    assert len(few) > 10
    assert not few & {text for grid in told for row in grid.rows for text in row}
    assert not few & set(sheet_orter(material)["name"])


# --- Last year ------------------------------------------------------------------------------------


def test_the_four_things_that_happened_are_the_four_causes(second_material, quick):
    document = report_of(second_material)
    chapter = next(s for s in document.sections if s.title == "Förändringar sedan 2026")
    said = texts([chapter])
    assert "Har stängt: Coop Kittelfjäll." in said
    assert "Har öppnat: Nästansjö lanthandel." in said
    assert "Folkmängden skiljer sig i 2 rutor." in said
    assert "Vägarna i underlaget har ändrats: 1\u00a0968 km väg användes, nu 1\u00a0972 km." in said
    assert "Vikten för dagligvaror var 0,5 och är 0,6." in said
    assert "Lika båda åren" not in "\n".join(texts([chapter]).split("\n")[:12])
    printed = pdf_text(pdf(document))
    for cause in ("Befolkning.", "Service.", "Vägnät.", "Inställningar."):
        assert cause in printed


def test_a_number_stands_beside_last_years(second_material, quick):
    document = report_of(second_material)
    grid = next(
        block
        for _, section in document.walk()
        for block in section.blocks
        if isinstance(block, Grid) and block.caption.startswith("Nyckeltal: tillgänglig")
    )
    assert [head.title for head in grid.heads][2:5] == ["2026", "2027", "Ändring"]
    assert grid.rows[0][2:5] == ("10,11", "9,35", "−0,76")


def test_without_last_year_there_is_no_chapter_of_changes(document):
    assert not any("Förändringar" in section.title for section in document.sections)


def test_three_years_make_a_time_series(material, quick):
    now = material.indicators
    years = [
        now.assign(year=now["year"] - back, value=now["value"] + back, broken=None)
        for back in (2, 1, 0)
    ]
    long = replace(material, indicators=pd.concat(years, ignore_index=True))
    names = {drawing.name for drawing in report_of(long).drawings()}
    assert {"serie_1", "serie_2"} <= names
    assert set(now.columns) == set(INDICATORS.names())
    assert not any(
        name.startswith("serie") for name in (d.name for d in report_of(material).drawings())
    )


def test_a_time_series_is_drawn_year_by_year(material, monkeypatch):
    now = material.indicators
    years = [now.assign(year=now["year"] - back, value=now["value"] + back) for back in (2, 1, 0)]
    panels: list[Axes] = []
    monkeypatch.setattr(series, "_draw", partial(_drawn_on, panels, series._draw))
    long = pd.concat(years, ignore_index=True)
    told = now[(now["goal"] == "tillganglighet") & now["value"].notna()]
    drawings = series.series_drawings(long)
    assert len(drawings) == told["unit"].nunique() >= 2
    assert all(drawing.png.startswith(b"\x89PNG") for drawing in drawings)
    assert sum(len(one.lines) for one in panels) == len(told)
    for one in panels:
        assert one.get_xticks().tolist() == sorted({*long["year"]})
        for line in one.lines:
            assert np.diff(line.get_ydata()).tolist() == pytest.approx([-1, -1])


def _drawn_on(kept: list[Axes], draw: Callable[..., None], axes: Axes, **of: Any) -> None:
    """Draw, and keep what is drawn on: a picture is drawn once for all its forms."""
    figure = axes.figure
    draw(axes, **of)
    kept += figure.axes


def test_no_value_beside_a_time_series_stands_on_another():
    heights = series._apart([0.0, 1.0, 1.0, 9.0], 2.0)
    assert heights == [0.0, 2.0, 4.0, 9.0]


# --- The municipality's own words -----------------------------------------------------------------


def test_own_words_are_asked_for_and_then_told(material, document, quick, tmp_path):
    asked = [b for _, s in document.walk() for b in s.blocks if isinstance(b, Own)]
    assert {own.heading for own in asked} >= {"Förbättringsområden", "Aktiviteter framåt"}
    path = tmp_path / "rapporttext.md"
    assert make_own_text(path)
    text = path.read_text(encoding="utf-8")
    written = text.replace(
        "## Aktiviteter framåt\n", "## Aktiviteter framåt\n\nVi träffas i mars.\n\n- Ett\n- Två\n"
    )
    path.write_text(written, encoding="utf-8")
    assert not make_own_text(path)
    assert path.read_text(encoding="utf-8") == written
    own = read_own_text(path)
    assert own.remarks == ()
    assert own.words["Aktiviteter framåt"] == (
        Paragraph("Vi träffas i mars."),
        Listing(("Ett", "Två")),
    )
    told = report_of(replace(material, own=own))
    assert "Vi träffas i mars." in texts(told.sections)
    page = html(told)
    assert "under rubriken Aktiviteter framåt" not in page
    assert "under rubriken Samverkan" in page


def test_an_untouched_file_says_nothing(tmp_path):
    path = tmp_path / "rapporttext.md"
    path.write_text(starter(), encoding="utf-8")
    assert read_own_text(path) == OwnText()
    assert all(f"## {heading}" in starter() for heading in FIELDS)


def test_headings_that_are_not_known_are_told_kindly(tmp_path):
    path = tmp_path / "rapporttext.md"
    path.write_bytes(
        "Lös text\n##Aktivitet framåt\nBort\n# samverkan:\nMed Åsele\n## Samverkan\nIgen\n##\nx"
        .encode("cp1252")
    )  # fmt: skip
    own = read_own_text(path)
    assert own.words == {"Samverkan": (Paragraph("Med Åsele"), Paragraph("Igen"))}
    told = "\n".join(own.remarks)
    assert "Aktivitet framåt is not known" in told
    assert "did you mean Aktiviteter framåt?" in told
    assert "stands twice" in told
    assert "before the first heading" in told
    assert "without words" in told


@pytest.mark.parametrize("content", [b"PK\0\0", b"x" * 1_000_001])
def test_a_file_that_is_no_text_is_refused(tmp_path, content):
    path = tmp_path / "rapporttext.md"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no plain text"):
        read_own_text(path)


def test_each_of_many_municipalities_has_words_of_its_own(settings):
    both = [settings_for(settings, code, name) for code, name in (("2462", "V"), ("2425", "D"))]
    assert [one.report.own_text.name for one in both] == ["rapporttext.md", "rapporttext-2425.md"]


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path):
    """Return settings of the embedded data that are quick to make a report of."""
    text = embedded_settings().read_text(encoding="utf-8")
    text = text.replace('path = "', f'path = "{embedded_settings().parent}/')
    path = tmp_path / "glesservice.toml"
    more = "\n[certainty]\ndraws = 0\n[exports]\ntravel_times = false\n"
    more += "[report]\nfact_sheets = false\nformats = ['html']\n"
    path.write_text(text + more, encoding="utf-8")
    return path


def test_the_command_writes_a_folder_of_its_own_and_leaves_the_own_words_alone(
    config, tmp_path, capsys, quick
):
    words = ["report", "--config", str(config), "--output", str(tmp_path / "out")]
    own = tmp_path / "rapporttext.md"
    own.write_text("## Inledning\nVåra ord.\n## Okänd\n", encoding="utf-8")
    assert cli.main([*words, "--formats", "html", "docx"]) == 0
    folder = tmp_path / "out" / "vilhelmina-2026-rapport"
    products = {"rapport.html", "rapport.docx", "manifest.json"}
    assert {item.name for item in folder.iterdir()} == products
    assert "Våra ord." in (folder / "rapport.html").read_text(encoding="utf-8")
    assert own.read_text(encoding="utf-8") == "## Inledning\nVåra ord.\n## Okänd\n"
    assert "the heading Okänd is not known" in capsys.readouterr().err
    account = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert account["report"]["own_text"]["file"] == "rapporttext.md"


def test_a_run_makes_the_report_where_it_is_wanted(config, tmp_path, capsys, quick):
    words = ["run", "--config", str(config), "--output", str(tmp_path), "--report"]
    assert cli.main(words) == 0
    assert (tmp_path / "rapporttext.md").read_text(encoding="utf-8") == starter()
    folder = tmp_path / "vilhelmina-2026"
    account = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert "rapport.html" in {entry["file"] for entry in account["outputs"]}
    assert str(folder / "rapport.html") in capsys.readouterr().err


def test_last_year_must_be_an_earlier_one(config, tmp_path, capsys):
    words = ["report", "--config", str(config), "--before", str(config)]
    assert cli.main([*words, "--output", str(tmp_path / "out")]) == 2
    assert "Name the settings of an earlier year" in capsys.readouterr().err
    assert not (tmp_path / "out" / "vilhelmina-2026-rapport").exists()

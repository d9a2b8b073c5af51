"""The map page: one file, harmless whatever the names are, and usable by everyone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests import webmap_fixtures as made

from glesservice.analysis import Result
from glesservice.exports.webmap import render, write_map


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("karta") / "karta.html"
    write_map(made.small_result(demonstration=True), path)
    return path


@pytest.fixture(scope="module")
def html(page_file: Path) -> str:
    return page_file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with made.chromium() as started:
        yield started


@pytest.fixture(name="karta")
def _karta(chromium: Browser, page_file: Path) -> Iterator[Page]:
    with made.opened(chromium, page_file) as opened:
        yield opened


class Elements(HTMLParser):
    """All start tags with their attributes, and the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.tags[-1] if self.tags else ("", {})
        if tag in {"script", "style"} and data.strip() and "type" not in attributes:
            self.inline.append((tag, data))


def _data(html: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="uppgifter">(.*?)</script>', html, re.S)
    assert found
    return json.loads(found[1])


# What the file holds


def test_equal_results_give_equal_bytes() -> None:
    assert render(made.small_result()) == render(made.small_result())


def test_the_order_of_rows_in_the_result_does_not_show(html: str) -> None:
    result = made.small_result(demonstration=True)
    tables = ("cells", "orter", "bygder", "sites", "strategic", "roads")
    turned = {name: getattr(result, name)[::-1].reset_index(drop=True) for name in tables}
    assert render(replace(result, **turned)) == html


def test_nothing_is_loaded_from_anywhere(html: str) -> None:
    for tag, attributes in Elements(html).tags:
        assert not {"src", "srcset", "data", "poster", "action", "style"} & set(attributes), tag
        target = attributes.get("href") or "#"
        assert target.startswith("#"), (tag, target)
    styles = "".join(text for tag, text in Elements(html).inline if tag == "style")
    assert "url(" not in styles
    assert "@import" not in styles
    assert "sourceMappingURL" not in html


def test_the_policy_allows_each_inline_part_by_its_hash_and_nothing_else(html: str) -> None:
    elements = Elements(html)
    policy = next(
        attributes["content"]
        for tag, attributes in elements.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert len(elements.inline) == 4
    for tag, text in elements.inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, tag


def test_no_cell_carries_its_people(html: str) -> None:
    assert "777" not in json.dumps(_data(html)["cells"])
    assert not re.search(r"777\D?777", html)


def test_names_of_the_data_are_text_in_the_file(html: str) -> None:
    tags = [tag for tag, _ in Elements(html).tags]
    assert "img" not in tags
    assert tags.count("script") == 3
    assert made.TEMPLATE in html
    assert "\u2028" not in re.search(r'id="uppgifter">(.*?)</script>', html, re.S)[1]  # type: ignore[index]


def test_the_tables_add_up_to_the_municipality(html: str) -> None:
    assert 'Spridd bebyggelse</th><td class="tal">färre än 10<' in html


def test_few_people_are_not_counted_out(html: str) -> None:
    assert "5\u00a0km:\u00a0färre än 10" in html


def test_orter_below_the_floor_are_not_named() -> None:
    html = render(made.small_result(min_people=16))
    assert "Älvnäs" not in html
    assert "Ön " not in html
    assert 'Spridd bebyggelse</th><td class="tal">31<' in html


def test_a_demonstration_says_so_and_nothing_else_does(html: str) -> None:
    assert "inte underlag för beslut" in html
    assert "Demonstration" not in render(made.small_result())


def test_a_result_without_bygder_and_serviceorter_still_makes_a_page() -> None:
    result = made.small_result()
    bare = replace(
        result, bygder=result.bygder[:0], strategic=result.strategic[:0], roads=result.roads[:0]
    )
    assert render(bare).count("Listan är tom.") == 2


def test_the_embedded_page_fits_in_a_mail(result: Result) -> None:
    assert len(render(result).encode()) < 600_000


def test_a_source_that_is_not_stated_is_called_so(html: str) -> None:
    assert "källa ej angiven" in html


# What a reader sees


def test_hostile_names_are_shown_as_text(karta: Page) -> None:
    karta.click("tr[data-rad='ort-0'] a")
    assert karta.title() == "Service på landsbygden – Provby kommun 2026"
    assert karta.inner_text("#panel h3").strip().endswith(made.MARKUP)
    assert karta.locator("img").count() == 0
    assert made.TEMPLATE in karta.inner_text("#lista-ort tbody")
    for outer in karta.locator("#lista-ort tbody th").all():
        assert outer.locator("bdi").count() == 1


def test_a_row_chooses_on_the_map_and_a_marker_in_the_list(karta: Page) -> None:
    karta.click("tr[data-rad='ort-0'] a")
    assert karta.locator(".markor.vald").count() == 1
    assert "54 personer bor i" in karta.inner_text("#panel .motiv")
    assert "54 personer bor i" in karta.inner_text("#besked")
    karta.keyboard.press("Escape")
    assert karta.locator("#panel").is_hidden()
    assert karta.locator(".markor.vald, tr.vald").count() == 0
    karta.click("#flik-serviceort")
    karta.locator(".markor .bricka", has_text="2").click()
    assert karta.get_attribute("tr.vald", "data-rad") == "ort-1"
    assert karta.get_attribute("tr.vald a", "aria-current") == "true"
    assert karta.locator("#lista-ort").is_visible()


def test_bygder_lead_to_their_orter(karta: Page) -> None:
    karta.click("#flik-bygd")
    karta.click("tr[data-rad='bygd-0'] a")
    assert karta.locator(".markor.vald").count() == 2
    karta.locator("#panel a[data-till='ort-1']").click()
    assert karta.get_attribute("tr.vald", "data-rad") == "ort-1"


def test_a_serviceort_shows_its_sites(karta: Page) -> None:
    karta.click("#flik-serviceort")
    karta.click("tr[data-rad='serviceort-0'] a")
    assert karta.locator(".stalle-markor.vald").count() == 2
    assert "färre än 10 personer" in karta.inner_text("#panel")


def _column(karta: Page, number: int) -> list[str]:
    return karta.locator(f"#lista-ort tbody tr > :nth-child({number})").all_inner_texts()


def test_headings_sort_with_missing_values_last(karta: Page) -> None:
    heading = karta.locator("#lista-ort thead th", has_text="Plats")
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert _column(karta, 1) == ["5", "4", "3", "2", "1", "–"]
    people = karta.locator("#lista-ort thead th", has_text="Personer")
    people.locator("button").click()
    assert _column(karta, 3)[:2] == ["500", "54"]
    assert heading.get_attribute("aria-sort") is None


def test_names_sort_in_swedish_order(karta: Page) -> None:
    karta.locator("#lista-ort thead button", has_text="Ort").click()
    names = [name.strip()[:2] for name in _column(karta, 2)]
    assert names.index("St") < names.index("Äl") < names.index("Ön")


def test_search_keeps_the_rows_that_hold_the_text(karta: Page) -> None:
    karta.get_by_label("Sök ort, bygd eller ställe").fill("ÄLVNÄS")
    assert karta.locator("#lista-ort tbody tr:visible").count() == 1
    assert karta.inner_text("#traffar") == "Visar 1 av 6 rader."


def test_the_service_buttons_recolour_and_change_the_sites(karta: Page) -> None:
    use = ".stalle-markor use"
    assert {shape.get_attribute("href") for shape in karta.locator(use).all()} == {"#form-0"}
    karta.get_by_role("radio", name="Drivmedel").check()
    assert {shape.get_attribute("href") for shape in karta.locator(use).all()} == {"#form-1"}
    karta.get_by_label("Serviceställen", exact=True).uncheck()
    assert karta.locator(use).count() == 0


def test_everything_is_reached_by_keyboard(karta: Page) -> None:
    karta.keyboard.press("Tab")
    assert karta.evaluate("document.activeElement.className") == "hopp"
    karta.keyboard.press("Enter")
    karta.locator("#flik-ort").focus()
    karta.keyboard.press("ArrowRight")
    assert karta.locator("#lista-bygd").is_visible()
    assert karta.evaluate("document.activeElement.id") == "flik-bygd"
    karta.keyboard.press("Home")
    karta.locator("tr[data-rad='ort-2'] a").focus()
    karta.keyboard.press("Enter")
    assert karta.locator("#panel").is_visible()
    karta.locator("#stang").focus()
    karta.keyboard.press("Escape")
    assert karta.evaluate("document.activeElement.closest('tr').dataset.rad") == "ort-2"
    karta.locator(".markor[role='button']").first.focus()
    karta.keyboard.press("Enter")
    assert karta.get_attribute("tr.vald", "data-rad") == "ort-0"


def test_an_unreachable_cell_says_why(karta: Page) -> None:
    east, north = made.SPREAD_CELLS[1]
    spot = karta.evaluate(
        """() => { const box = document.getElementById('karta').getBoundingClientRect();
                   return [box.x, box.y, box.width, box.height]; }"""
    )
    # The municipality is 25 km wide and fills the map's height; the cell is known on its grid.
    km = (spot[3] - 24) / 25
    x = spot[0] + spot[2] / 2 + (east + 0.5 - 7.5) * km
    y = spot[1] + spot[3] / 2 - (north + 0.5 - 7.5) * km
    karta.mouse.move(x, y)
    karta.mouse.move(x + 1, y + 1)
    assert "utan väganslutning" in karta.inner_text(".leaflet-tooltip")


def test_paper_shows_every_row_and_a_redrawn_map(karta: Page) -> None:
    karta.get_by_label("Sök ort, bygd eller ställe").fill("Älvnäs")
    karta.emulate_media(media="print")
    karta.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert karta.locator("#lista-ort tbody tr:visible").count() == 6
    assert karta.locator("#lista-serviceort").is_visible()
    width = karta.evaluate("document.getElementById('karta').offsetWidth")
    assert 680 < width < 700
    karta.emulate_media(media="screen")
    karta.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert karta.evaluate("document.getElementById('karta').offsetWidth") > 700


def test_a_phone_does_not_scroll_sideways(chromium: Browser, page_file: Path) -> None:
    phone = {"width": 360, "height": 740}
    with made.opened(chromium, page_file, viewport=phone, has_touch=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.locator("tr[data-rad='ort-2'] a").tap()
        assert page.locator("#panel").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_scripts_the_lists_stand_open(chromium: Browser, page_file: Path) -> None:
    with made.opened(chromium, page_file, java_script_enabled=False) as page:
        assert page.locator("noscript p").is_visible()
        for name in ("#lista-ort", "#lista-bygd", "#lista-serviceort", "#ort-0"):
            assert page.locator(name).is_visible(), name


@pytest.mark.parametrize("state", ["start", "ort", "serviceort", "phone"])
def test_no_known_obstacle_to_accessibility(chromium: Browser, page_file: Path, state: str) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    size = {"width": 390, "height": 844} if state == "phone" else {"width": 1440, "height": 900}
    with made.opened(chromium, page_file, viewport=size) as page:
        if state != "start":
            kind = "serviceort" if state == "serviceort" else "ort"
            page.click(f"#flik-{kind}")
            page.click(f"tr[data-rad='{kind}-0'] a")
            page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
        page.evaluate(axe)
        found = page.evaluate(
            """async () => {
                const only = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
                const report = await axe.run(document, { runOnly: only });
                return report.violations.map((v) => [v.id, v.nodes.map((n) => n.html).slice(0, 3)]);
            }"""
        )
    assert found == []

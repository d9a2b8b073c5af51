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
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity
from playwright.sync_api import Browser, Page
from tests import webmap_fixtures as made

from glesservice.analysis import Result
from glesservice.exports.webmap import Since, render, write_map
from glesservice.exports.webmap.published import published
from glesservice.network import RoadNetwork, routes, snap


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("karta") / "karta.html"
    write_map(made.small_result(demonstration=True), path)
    return path


@pytest.fixture(scope="module")
def english_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("map") / "karta.html"
    write_map(made.small_result(language="en", contact="info@example.org <b>"), path)
    return path


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page that tells everything that a page may: a scenario, decisions and lakes."""
    path = tmp_path_factory.mktemp("scenario") / "karta.html"
    lake = shapely.Point(made.EAST, made.NORTH + 4e3).buffer(2e3)
    lakes = gpd.GeoDataFrame({"number": [1]}, geometry=[lake], crs=made.CRS)
    before = made.small_result()
    changes = pd.Series({"o2": 7.25})
    since = Since(before, f"Scenario: {made.MARKUP}", ("Stängs: Coop.",), changes)
    write_map(replace(made.with_decisions(before), lakes=lakes), path, since)
    return path


@pytest.fixture(scope="module")
def html(page_file: Path) -> str:
    return page_file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def embedded_html(result: Result) -> str:
    return render(result)


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


def test_equal_results_give_equal_bytes(html: str) -> None:
    assert render(made.small_result(demonstration=True)) == html


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
    assert len(elements.inline) == 5
    for tag, text in elements.inline:
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, tag


def test_no_cell_carries_its_people(html: str) -> None:
    assert "777" not in json.dumps(_data(html)["cells"])
    assert not re.search(r"777\D?777", html)


def test_names_of_the_data_are_text_in_the_file(html: str) -> None:
    tags = [tag for tag, _ in Elements(html).tags]
    assert "img" not in tags
    assert tags.count("script") == 4
    assert made.TEMPLATE in html
    assert "\u2028" not in re.search(r'id="uppgifter">(.*?)</script>', html, re.S)[1]  # type: ignore[index]


def test_the_tables_add_up_to_the_municipality(html: str) -> None:
    assert 'Spridd bebyggelse</th><td class="tal">färre än 10<' in html


def test_few_people_are_not_counted_out(karta: Page, html: str) -> None:
    orter = _data(html)["details"]["orter"]  # type: ignore[index]
    assert orter["services"]["dagligvaror"]["beyond"] == [[-1] * 6] * 4
    karta.click("tr[id='ort-0'] a")
    assert "5 km: färre än 10" in karta.inner_text("#panel").replace("\u00a0", " ")


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


def test_the_embedded_page_fits_in_a_mail(embedded_html: str) -> None:
    assert len(embedded_html.encode()) < 450_000


def test_a_source_that_is_not_stated_is_called_so(html: str) -> None:
    assert "källa ej angiven" in html


def test_a_detail_is_no_other_number_than_the_table_shows(karta: Page, html: str) -> None:
    told = _data(html)["details"]["orter"]["services"]  # type: ignore[index]
    for number, service in enumerate(made.SERVICES):
        shown = karta.locator(f"#lista-ort tbody tr > :nth-child({7 + number})").all_inner_texts()
        assert shown == [f"{km / 10:.1f}".replace(".", ",") for km in told[service]["km"]]


def test_cells_lie_where_their_corners_are(html: str) -> None:
    cells = _data(html)["cells"]
    grid = cells["grid"]  # type: ignore[index]
    expected = made.small_result().cells.sort_values("cell_id").to_crs("EPSG:4326").geometry
    col = row = 0
    for right, up, square in zip(cells["col"], cells["row"], expected, strict=True):  # type: ignore[index]
        col, row = col + right, row + up
        corners = set(square.exterior.coords)
        for more_east in (0, 1):
            for more_north in (0, 1):
                u = (grid["at"][0] + (col + more_east) * grid["side"]) / grid["scale"]
                v = (grid["at"][1] + (row + more_north) * grid["side"]) / grid["scale"]
                terms = [u**i * v**j for i in range(6) for j in range(6 - i)]
                lon, lat = (
                    sum(a * b for a, b in zip(grid[axis], terms, strict=True))
                    for axis in ("lon", "lat")
                )
                assert min(abs(lon - x) + abs(lat - y) for x, y, *_ in corners) < 1e-6


def test_cells_off_a_common_grid_are_drawn_by_their_own_corners() -> None:
    result = made.small_result()
    moved = result.cells.set_geometry(
        [
            shapely.affinity.translate(square, 10.0 * number)
            for number, square in enumerate(result.cells.geometry)
        ],
        crs=result.cells.crs,
    )
    cells = _data(render(replace(result, cells=moved)))["cells"]
    assert len(cells["outline"]) == len(moved)  # type: ignore[index]


def _way(data: dict[str, Any], first: int) -> list[tuple[float, float]]:
    """Follow a way of the page's data, as the page's script does."""
    ways, spots, step = data["ways"], [], first
    while step >= 0:
        line = np.cumsum(np.reshape(ways["lines"][ways["piece"][step] // 2], (-1, 2)), axis=0) / 1e5
        spots += [tuple(spot) for spot in (line[::-1] if ways["piece"][step] % 2 else line)]
        step = ways["on"][step]
    return spots


def test_each_way_is_the_networks_own_route(result: Result, embedded_html: str) -> None:
    shown = published(result)
    data = _data(embedded_html)
    network = RoadNetwork.from_edges(result.roads)
    sites = result.sites.set_index("site_id")
    for ort in range(0, len(shown.orter), 7):
        inside = shown.cells[shown.cells["ort_id"] == shown.orter["ort_id"].iloc[ort]]
        cell = inside.sort_values(["people", "cell_id"], ascending=[False, True]).iloc[[0]]
        for service in shown.services:
            for order, prefix in enumerate(("", "next_")):
                goal = sites.loc[cell[f"{prefix}site_{service}"]]
                expected = routes(
                    network,
                    snap(network, cell.geometry.centroid, 1500),
                    snap(network, goal.geometry, 1500),
                    by="metres",
                ).geometry.iloc[0]
                first = data["ways"]["from"][service][ort + order * len(shown.orter)]  # type: ignore[index]
                if first < 0:
                    assert expected.is_empty or expected.length == 0
                    continue
                drawn = gpd.GeoSeries([shapely.LineString(_way(data, first))], crs=4326)
                line = drawn.to_crs(3006).iloc[0]
                # Bends are smoothed by 50 m, ends rounded to a metre.
                assert shapely.hausdorff_distance(line, expected) < 60
                start, end = shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])
                assert start.distance(shapely.Point(expected.coords[0])) < 3
                assert end.distance(shapely.Point(expected.coords[-1])) < 3


def test_ways_share_the_roads_that_they_share(embedded_html: str) -> None:
    ways = _data(embedded_html)["ways"]
    starts = [first for service in ways["from"].values() for first in service]  # type: ignore[index]
    one_by_one = sum(len(_way({"ways": ways}, first)) for first in starts)
    shared = sum(len(line) // 2 for line in ways["lines"])  # type: ignore[index]
    assert shared < one_by_one / 10


# What a reader sees


def test_hostile_names_are_shown_as_text(karta: Page) -> None:
    karta.click("tr[id='ort-0'] a")
    assert karta.title() == "Service på landsbygden – Provby kommun 2026"
    assert karta.inner_text("#panel h3").strip().endswith(made.MARKUP)
    assert karta.locator("img").count() == 0
    assert made.TEMPLATE in karta.inner_text("#lista-ort tbody")
    for outer in karta.locator("#lista-ort tbody th").all():
        assert outer.locator("bdi").count() == 1


def test_a_row_chooses_on_the_map_and_a_marker_in_the_list(karta: Page) -> None:
    karta.click("tr[id='ort-0'] a")
    assert karta.locator(".markor.vald").count() == 1
    assert "54 personer bor i" in karta.inner_text("#panel .motiv")
    assert "54 personer bor i" in karta.inner_text("#besked")
    karta.keyboard.press("Escape")
    assert karta.locator("#panel").is_hidden()
    assert karta.locator(".markor.vald, tr.vald").count() == 0
    karta.click("#flik-serviceort")
    karta.locator(".markor .bricka", has_text="2").click()
    assert karta.get_attribute("tr.vald", "id") == "ort-1"
    assert karta.get_attribute("tr.vald a", "aria-current") == "true"
    assert karta.locator("#lista-ort").is_visible()


def test_the_ways_of_the_chosen_ort_are_drawn(karta: Page) -> None:
    assert karta.locator("path.vag-forsta").count() == 0
    karta.click("tr[id='ort-1'] a")
    assert karta.locator("path.vag-forsta").count() == 1
    assert karta.locator("path.vag-andra").count() == 1
    karta.get_by_label("Resvägar").uncheck()
    assert karta.locator("path.vag-forsta").count() == 0
    karta.get_by_label("Resvägar").check()
    karta.keyboard.press("Escape")
    assert karta.locator("path.vag-forsta").count() == 0


def test_the_panel_tells_what_a_closure_means(karta: Page) -> None:
    karta.click("tr[id='ort-0'] a")
    told = karta.inner_text("#panel").replace("\u00a0", " ")
    assert "Om det stängs" in told
    assert "+30,0 km: 68,2 km" in told
    assert "Om all service här stänger" not in told
    karta.click("tr[id='ort-5'] a")
    told = karta.inner_text("#panel .stangs").replace("\u00a0", " ")
    assert "+12 346 personkm" in told
    assert "100 personer passerar gränsen" in told
    karta.click("#panel .stangs a")
    assert karta.get_attribute("tr.vald", "id") == "serviceort-0"


def test_the_panel_tells_how_sure_the_rank_is(karta: Page) -> None:
    karta.click("tr[id='ort-1'] a")
    assert "plats 1–4" in karta.inner_text("#panel .sakerhet")
    assert "Osäker plats" in karta.inner_text("#panel .sakerhet")


def test_more_columns_are_shown_on_request(karta: Page) -> None:
    motive = karta.locator("#ort-0 td.mer").first
    assert not motive.is_visible()
    karta.get_by_label("Fler kolumner").check()
    assert motive.is_visible()
    shown = karta.inner_text("#ort-0")
    assert "54 personer bor i" in shown
    assert "Nästa affär (68,2 km)" in shown


def test_a_site_tells_its_legal_distance_and_its_note(karta: Page) -> None:
    karta.locator(".stalle-markor").nth(1).hover()
    told = karta.inner_text(".leaflet-tooltip")
    assert "2,5 km utanför gränsen" in told
    assert made.MARKUP in told


@pytest.fixture(name="before")
def _before() -> Result:
    """Return the result of a year before, when the first ort had a shop and the last was not."""
    result = made.small_result()
    area = result.settings.area.model_copy(update={"year": 2025})
    shop = result.cells["ort_id"] == "o1"
    cells = result.cells.assign(
        km_dagligvaror=result.cells["km_dagligvaror"].where(~shop, 2.0)
    ).iloc[::-1]
    orter = result.orter[result.orter["ort_id"] != "o5"]
    totals = orter["total"].where(orter["ort_id"] != "o1", 67.5)
    return replace(
        result,
        settings=result.settings.model_copy(update={"area": area}),
        cells=cells,
        orter=orter.assign(total=totals),
    )


def test_a_page_with_a_before_tells_what_changed(
    chromium: Browser, tmp_path: Path, before: Result
) -> None:
    write_map(made.small_result(), tmp_path / "karta.html", before)
    text = (tmp_path / "karta.html").read_text(encoding="utf-8")
    cells = _data(text)["cells"]
    was, now = cells["before"]["dagligvaror"], cells["class"]["dagligvaror"]  # type: ignore[index]
    assert sum(a != b for a, b in zip(was, now, strict=True)) == 3  # the cells of the first ort
    assert not re.search(r"777\D?777", text)
    with made.opened(chromium, tmp_path / "karta.html") as page:
        assert _column(page, 5) == ["+12,5", "0,0", "0,0", "0,0", "–", "0,0"]
        page.locator("#lista-ort thead th.k-change button").click()
        assert _column(page, 5)[0] == "+12,5"
        page.click("tr[id='ort-0'] a")
        assert "+12,5" in page.inner_text("#panel .delar")
        page.keyboard.press("Escape")
        x, y = _spot(page, 1.8, 0.2)
        page.mouse.move(x, y)
        page.get_by_text("38,2 km till närmaste").wait_for(timeout=5000)
        page.wait_for_timeout(100)  # Leaflet looks at the pointer some thirty times a second
        page.mouse.move(x + 400, y)
        page.locator(".leaflet-tooltip").wait_for(state="detached", timeout=5000)
        page.get_by_role("radio", name="2025").check()
        told = page.get_by_text("högst 5 km till närmaste")
        for step in range(40):
            page.mouse.move(x + step % 2, y)
            page.wait_for_timeout(100)
            if told.count():
                break
        assert told.is_visible()


def test_a_scenario_says_what_it_is_and_tells_the_changes_that_it_has_worked_out(
    chromium: Browser, scenario_file: Path
) -> None:
    with made.opened(chromium, scenario_file) as page:
        assert page.title().endswith(f"Scenario: {made.MARKUP}")
        assert "Stängs: Coop." in page.inner_text(".jamforelse")
        assert _column(page, 6) == ["–", "+7,2", "–", "–", "–", "–"]
        assert page.get_by_role("radio", name="Före").is_visible()


def test_what_was_too_small_to_be_told_before_has_no_change_now() -> None:
    small = made.small_result(min_people=18)
    shown = published(made.small_result(), small)
    assert shown.before is not None
    assert shown.before.changes is not None
    assert set(shown.before.changes.dropna().index) == {"o1", "o2", "o3", "o6"}


def test_decisions_stand_beside_the_proposals_and_can_be_chosen(
    chromium: Browser, scenario_file: Path
) -> None:
    with made.opened(chromium, scenario_file) as page:
        assert _column(page, 4) == ["–", "utpekad", "–", "inte utpekad", "–", "utpekad"]
        assert page.locator(".markor .beslutad").count() == 2
        page.click("tr[id='ort-1'] a")
        told = page.inner_text("#panel")
        assert "utpekad 2026-02-23 av KF " + made.SCRIPT_END in told
        assert "Vägen är stängd " + made.MARKUP in told
        page.click("tr[id='ort-4'] a")
        assert "rangordnas inte (Fritidshus" in page.inner_text("#panel")
        assert "kommunens ändring" in page.inner_text("#ort-4")
        page.click("tr[id='ort-5'] a")
        assert "Holmen är en del av Storby (Samma skola)" in page.inner_text("#panel")
        page.get_by_label("Beslut", exact=True).select_option(label="utpekade")
        assert page.locator("#lista-ort tbody tr:visible").count() == 2
        assert page.inner_text("#traffar") == "Visar 2 av 6 rader."
        page.get_by_label("Beslut", exact=True).select_option(label="utan beslut")
        assert page.locator("#lista-ort tbody tr:visible").count() == 3
        page.click("#flik-bygd")
        assert page.locator("#lista-bygd tbody tr:visible").count() == 1
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert "Beslut: inte utpekad, 2026-02-23" in page.inner_text("#motivlista")


def test_lakes_lie_behind_and_can_be_put_away(
    chromium: Browser, scenario_file: Path, html: str
) -> None:
    assert _data(html)["lakes"] == []
    assert 'data-lager="lakes"' not in html
    with made.opened(chromium, scenario_file) as page:
        assert page.locator("path.sjo").count() == 1
        below = "path.grans ~ path.sjo, svg:has(path.grans) ~ svg path.sjo"
        assert page.locator(below).count() == 1
        page.get_by_label("Sjöar").uncheck()
        assert page.locator("path.sjo").count() == 0


def test_without_a_decision_nothing_is_asked_about_any(html: str) -> None:
    assert "Beslut" not in re.sub(r"<script>.*?</script>", "", html, flags=re.S)


def test_without_a_before_nothing_is_told_of_it(html: str) -> None:
    assert 'value="fore"' not in html
    assert "before" not in _data(html)["cells"]  # type: ignore[operator]
    assert "Förändring<" not in html


def test_bygder_lead_to_their_orter(karta: Page) -> None:
    karta.click("#flik-bygd")
    karta.click("tr[id='bygd-0'] a")
    assert karta.locator(".markor.vald").count() == 2
    karta.locator("#panel a[data-till='ort-1']").click()
    assert karta.get_attribute("tr.vald", "id") == "ort-1"


def test_a_serviceort_shows_its_sites(karta: Page) -> None:
    karta.click("#flik-serviceort")
    karta.click("tr[id='serviceort-0'] a")
    assert karta.locator(".stalle-markor.vald").count() == 2
    assert "färre än 10 personer" in karta.inner_text("#panel")


def _column(karta: Page, number: int) -> list[str]:
    return karta.locator(f"#lista-ort tbody tr > :nth-child({number})").all_inner_texts()


def test_headings_sort_with_missing_values_last(karta: Page) -> None:
    heading = karta.locator("#lista-ort thead th.k-rank")
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
    karta.locator("tr[id='ort-2'] a").focus()
    karta.keyboard.press("Enter")
    assert karta.locator("#panel").is_visible()
    karta.locator("#stang").focus()
    karta.keyboard.press("Escape")
    assert karta.evaluate("document.activeElement.closest('tr').id") == "ort-2"
    karta.locator(".markor[role='button']").first.focus()
    karta.keyboard.press("Enter")
    assert karta.get_attribute("tr.vald", "id") == "ort-0"


def _spot(karta: Page, east: float, north: float) -> tuple[float, float]:
    """Return where on the screen a place of the fixture's grid is, by the border's corners."""
    corners = karta.evaluate(
        """() => { const path = document.querySelector('path.grans');
                   const numbers = path.getAttribute('d').match(/-?[\\d.]+/g).map(Number);
                   const spots = [];
                   for (let i = 0; i < numbers.length; i += 2) {
                     const spot = new DOMPoint(numbers[i], numbers[i + 1]);
                     const seen = spot.matrixTransform(path.getScreenCTM());
                     spots.push([seen.x, seen.y]);
                   }
                   return spots; }"""
    )
    south_west = min(corners, key=lambda spot: spot[0] - spot[1])
    north_west = min(corners, key=sum)
    south_east = max(corners, key=sum)
    u, v = (east + 5) / 25, (north + 5) / 25
    x, y = (
        south_west[i] + u * (south_east[i] - south_west[i]) + v * (north_west[i] - south_west[i])
        for i in (0, 1)
    )
    return x, y


def test_an_unreachable_cell_says_why(karta: Page) -> None:
    x, y = _spot(karta, made.SPREAD_CELLS[1][0] + 0.3, made.SPREAD_CELLS[1][1] + 0.8)
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


def test_a_crowd_of_orter_shows_what_is_proposed_until_one_is_chosen(
    chromium: Browser, tmp_path: Path
) -> None:
    result = made.small_result()
    first = result.orter[result.orter["ort_id"] == "o3"]
    more = [first.assign(ort_id=f"x{n}", name=f"By {n}", rank=6.0 + n) for n in range(200)]
    # Two degrees across, so that the whole of it is seen from afar.
    wide = result.boundary.set_geometry(result.boundary.buffer(60_000), crs=result.boundary.crs)
    crowd = replace(result, orter=pd.concat([result.orter, *more]), boundary=wide)
    write_map(crowd, tmp_path / "karta.html")
    with made.opened(chromium, tmp_path / "karta.html") as page:
        assert page.locator(".markor").count() == 3  # two proposed, and the centralort
        assert page.locator("#lista-ort tbody tr").count() == 206
        page.evaluate("document.querySelector('#ort-10 a').click()")
        assert page.locator(".markor.vald").count() == 1
        page.keyboard.press("Escape")
        assert page.locator(".markor").count() == 3


def test_many_cells_carry_classes_and_no_km(chromium: Browser, tmp_path: Path) -> None:
    result = made.small_result()
    side = 101
    east, north = np.divmod(np.arange(side**2), side)
    rows = np.zeros(side**2, dtype=int)
    boxes = shapely.box(
        made.EAST + 100.0 * east,
        made.NORTH + 100.0 * north,
        made.EAST + 100.0 * (east + 1),
        made.NORTH + 100.0 * (north + 1),
    )
    many = gpd.GeoDataFrame(
        pd.DataFrame(result.cells.drop(columns="geometry")).iloc[rows].reset_index(drop=True),
        geometry=boxes,
        crs=made.CRS,
    ).assign(cell_id=[f"{number:05d}" for number in range(side**2)])
    write_map(replace(result, cells=many), tmp_path / "karta.html")
    cells = _data((tmp_path / "karta.html").read_text(encoding="utf-8"))["cells"]
    assert "km" not in cells  # type: ignore[operator]
    assert cells["class"]["dagligvaror"] == "4" * side**2  # type: ignore[index]
    with made.opened(chromium, tmp_path / "karta.html") as page:
        x, y = _spot(page, 6.02, 2.33)
        page.mouse.move(x, y)
        page.mouse.move(x + 1, y + 1)
        assert "mer än 30 km till närmaste" in page.inner_text(".leaflet-tooltip")


def test_a_name_of_ten_thousand_letters_widens_nothing(chromium: Browser, tmp_path: Path) -> None:
    result = made.small_result()
    names = result.orter["name"].where(result.orter["ort_id"] != "o2", "Å" * 10_000)
    long = replace(result, orter=result.orter.assign(name=names))
    write_map(long, tmp_path / "karta.html")
    for width in (360, 1440):
        size = {"width": width, "height": 800}
        with made.opened(chromium, tmp_path / "karta.html", viewport=size) as page:
            page.click("tr[id='ort-1'] a")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.locator("#panel").bounding_box()["width"] <= width  # type: ignore[index]
            table = page.locator("#lista-ort .tabellruta")
            assert table.evaluate("box => box.scrollWidth") < 1000


def test_paper_tells_why_what_is_proposed_stands_there(karta: Page) -> None:
    assert not karta.locator("#motivlista").is_visible()
    karta.emulate_media(media="print")
    karta.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    told = karta.inner_text("#motivlista")
    assert "54 personer bor i" in told
    assert "20 personer bor i" not in told  # third, and two are proposed
    assert not karta.locator("#ort-0 td.mer").first.is_visible()


def test_a_phone_does_not_scroll_sideways(chromium: Browser, page_file: Path) -> None:
    phone = {"width": 360, "height": 740}
    with made.opened(chromium, page_file, viewport=phone, has_touch=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.locator("tr[id='ort-2'] a").tap()
        assert page.locator("#panel").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_without_scripts_the_lists_stand_open(chromium: Browser, page_file: Path) -> None:
    with made.opened(chromium, page_file, java_script_enabled=False) as page:
        assert page.locator("noscript p").is_visible()
        for name in ("#lista-ort", "#lista-bygd", "#lista-serviceort", "#ort-0 .mer"):
            assert page.locator(name).first.is_visible(), name


def test_an_english_page_speaks_english(chromium: Browser, english_file: Path) -> None:
    with made.opened(chromium, english_file) as page:
        assert page.get_attribute("html", "lang") == "en"
        assert page.title() == "Rural service – Provby kommun 2026"
        assert "Km to groceries" in page.inner_text("#lista-ort thead").replace("\n", " ")
        page.click("tr[id='ort-5'] a")
        told = page.inner_text("#panel")
        assert "Nearest" in told
        assert "+12,346 person-km" in told.replace("\u00a0", " ")
        assert page.get_attribute("#panel .motiv", "lang") == "sv"
        page.locator("#lista-ort thead th.k-people button").click()
        assert _column(page, 3)[:2] == ["500", "54"]
        assert "info@example.org <b>" in page.inner_text(".metod")


def test_an_english_page_has_no_swedish_words_of_its_own(english_file: Path) -> None:
    text = english_file.read_text(encoding="utf-8")
    own = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S)
    own = re.sub(r'<(\w+)[^>]*lang="sv"[^>]*>[^<]*(<[^<]*)?', "", own)
    for word in ("Ställ", "Glesa", "närmast", "Visa", "Vägar", "Källa", "Poäng", "eller fler"):
        assert word not in own.replace("Nästa affär", ""), word


@pytest.mark.parametrize("state", ["start", "ort", "serviceort", "phone", "english", "scenario"])
def test_no_known_obstacle_to_accessibility(
    chromium: Browser, page_file: Path, english_file: Path, scenario_file: Path, state: str
) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    size = {"width": 390, "height": 844} if state == "phone" else {"width": 1440, "height": 900}
    file = {"english": english_file, "scenario": scenario_file}.get(state, page_file)
    with made.opened(chromium, file, viewport=size) as page:
        if state != "start":
            kind = "serviceort" if state == "serviceort" else "ort"
            page.click(f"#flik-{kind}")
            page.click(f"tr[id='{kind}-0'] a")
            page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
            if state == "ort":
                page.get_by_label("Fler kolumner").check()
        page.evaluate(axe)
        found = page.evaluate(
            """async () => {
                const only = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] };
                const report = await axe.run(document, { runOnly: only });
                return report.violations.map((v) => [v.id, v.nodes.map((n) => n.html).slice(0, 3)]);
            }"""
        )
    assert found == []

"""Pictures of the map and the charts: the same bytes, the map's colours, told in words too."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from glesservice.disclosure import publish
from glesservice.exports.cartography import DISTANCE_KM
from glesservice.exports.pictures import distance_shares, write_pictures

README = Path(__file__).parents[1] / "README.md"


def test_the_picture_in_the_readme_names_the_dates_of_its_data(settings):
    text = README.read_text(encoding="utf-8")
    shown = re.search(r"!\[[^\]]*\]\((docs/images/[^)]+)\)\s+\*([^*]*)\*", text)
    assert shown
    assert (README.parent / shown[1]).exists()
    for _, source in settings.inputs():
        assert source.date in shown[2]


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    write_pictures(result, folder)
    return folder


def test_each_picture_is_a_png_an_svg_and_a_text(folder):
    assert {item.name for item in folder.iterdir()} == {
        f"bild_{what}.{ending}"
        for what in ("karta", "orter", "avstand")
        for ending in ("png", "svg", "txt")
    }


def test_two_drawings_give_the_same_bytes_whatever_the_machines_look(result, folder, tmp_path):
    import matplotlib as mpl

    with mpl.rc_context({"font.family": "serif", "lines.linewidth": 9}):
        write_pictures(result, tmp_path)
    for item in folder.iterdir():
        assert (tmp_path / item.name).read_bytes() == item.read_bytes(), item.name


def test_the_map_shows_every_class_in_its_colour(result, folder):
    drawn = (255 * matplotlib.image.imread(folder / "bild_karta.png")[:, :, :3]).round()
    seen = {tuple(pixel) for pixel in drawn.reshape(-1, 3).astype(int).tolist()}
    for step in set(DISTANCE_KM.index(result.cells["km_dagligvaror"])) - {-1}:
        colour = DISTANCE_KM.colours[step]
        assert tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5)) in seen


def test_the_texts_tell_what_is_drawn(result, folder):
    orter = (folder / "bild_orter.txt").read_text(encoding="utf-8")
    first = result.orter.iloc[0]
    assert f"{first['name']} {first['total']:.1f}".replace(".", ",") in orter
    karta = (folder / "bild_karta.txt").read_text(encoding="utf-8")
    for name in result.orter["name"].head(result.settings.policy.top):
        assert name in karta
    svg = (folder / "bild_orter.svg").read_text(encoding="utf-8")
    assert "<dc:title>" in svg
    assert "<dc:date>" not in svg


def test_the_shares_of_the_people_add_up_and_follow_the_counts(result):
    shares = distance_shares(publish(result))
    np.testing.assert_allclose(shares.sum(axis=1), 100)
    cells = result.cells
    near = cells.loc[cells["km_dagligvaror"] <= 5, "people"].sum() / result.people
    # Counts of the whole municipality are told from evened people: nearly the same.
    assert shares.loc["dagligvaror", "högst 5 km"] == pytest.approx(100 * near, abs=1)


def test_a_name_that_looks_like_a_formula_is_a_name(result, tmp_path):
    hostile = result.orter.copy()
    hostile.loc[0, "name"] = "$\\frac{" + "x" * 10_000
    write_pictures(replace(result, orter=hostile), tmp_path)
    assert (tmp_path / "bild_orter.png").stat().st_size > 0

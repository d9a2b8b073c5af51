"""Make the pictures of the documentation from what the program writes today.

``make pictures`` runs this: the embedded data are analysed, the map page is opened in Chromium as
by a double-click, and a run's own pictures are taken over. Look at them before they are committed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from glesservice.analysis import analyse
from glesservice.config import embedded_settings, load_settings
from glesservice.exports.pictures import write_pictures
from glesservice.exports.webmap import MAP, write_map
from glesservice.sources import read_inputs

IMAGES = Path(__file__).parent / "images"
# Sparse, with two ways that look different.
CHOSEN = "Stalon"
SIZES = {"karta": (1440, 1000), "karta-telefon": (390, 844)}
TAKEN_OVER = ("bild_orter.png",)


def main() -> None:
    """Write all pictures, and name them."""
    settings = load_settings(embedded_settings())
    result = analyse(read_inputs(settings), settings)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_map(result, folder / MAP)
        write_pictures(result, folder)
        for name in TAKEN_OVER:
            shutil.copy(folder / name, IMAGES / name)
        photograph(folder / MAP)
    for path in sorted(IMAGES.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def photograph(page_file: Path) -> None:
    """Take pictures of the map page with a place chosen, on a desk and on a phone.

    Parameters
    ----------
    page_file
        The page.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, (width, height) in SIZES.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, reduced_motion="reduce"
            )
            page.goto(page_file.as_uri())
            page.locator("#lista-ort").get_by_role("link", name=CHOSEN, exact=True).click()
            page.wait_for_timeout(500)  # the canvas is drawn in the next frames
            page.screenshot(path=IMAGES / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()

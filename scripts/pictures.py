"""Takes the pictures of the README from a demo that runs: `.venv/bin/python scripts/pictures.py [http://127.0.0.1:8000]`."""

import os
import pathlib
import sys

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "img"
PASSWORD = "lindevig-2026-demo"
PAGES = [
    ("my-day", "/", 1280, 900),
    ("my-day-phone", "/", 360, 740),
    ("agreement", "/agreements/1/", 1280, 1080),
]


def main(base):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path, width, height in PAGES:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="da", color_scheme="light")
            page.goto(f"{base}/accounts/login/?next={path}")
            page.fill("input[name=login]", "mette")
            page.fill("input[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")

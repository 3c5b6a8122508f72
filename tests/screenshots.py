"""Draws the screenshots in docs/: `.venv/bin/python tests/screenshots.py`.

Query and results are photos that the project draws itself, so nobody's rights are touched.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser"), str(ROOT / "py")]

import subprocess  # noqa: E402

from conftest import Lookalike, Site, free_port  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

import generated_photos  # noqa: E402
from bench import encoded, launched  # noqa: E402
from fake_flickr import FakeFlickr  # noqa: E402

SHOTS = {
    "sunset": {"kind": "sunset", "color_scheme": "light"},
    "daisy": {"kind": "daisy", "color_scheme": "dark"},
    "sailing": {"kind": "sailing", "color_scheme": "light", "width": 390},
    "measure": {"kind": "sunset", "color_scheme": "light", "panel": True},
}


def shoot(browser, site, name, kind, color_scheme, width=1280, panel=False):
    """Search for one drawn photo and keep what the person sees."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=color_scheme)
    look = Lookalike(context.new_page(), site)
    look.open(seed=1)
    look.search((f"{kind}.png", encoded(generated_photos.make(kind, 4242, (720, 480)))))
    look.page.wait_for_timeout(1000)  # for the cards to come to rest
    if panel:
        look.button("Measure").click()
        look.page.get_by_role("textbox", name="Python").wait_for()
        look.page.wait_for_timeout(1000)
    path = ROOT / "docs" / f"{name}.jpg"
    look.page.screenshot(path=path, type="jpeg", quality=82)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB, {look.status.inner_text()}")
    context.close()


def main():
    with (
        FakeFlickr(generated_photos.collection(), port=free_port()) as flickr,
        sync_playwright() as playwright,
    ):
        out = ROOT / ".cache" / "screenshots-dist"
        command = [sys.executable, "build_site.py", "--out", out, "--flickr-url", flickr.url]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with Site(out) as site, launched(playwright) as browser:
            for name, options in SHOTS.items():
                shoot(browser, site, name, **options)


if __name__ == "__main__":
    main()

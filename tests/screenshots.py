"""Draws the screenshots in docs/: `.venv/bin/python tests/screenshots.py [NAME…]`.

Query and results are photos that the project draws itself, so nobody's rights are touched.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "browser"), str(ROOT / "py")]

import subprocess  # noqa: E402

from conftest import ENDED, Lookalike, Site, free_port  # noqa: E402
from own_photos import OwnPhotos, folder_of, photos  # noqa: E402
from playwright.sync_api import expect, sync_playwright  # noqa: E402

import generated_photos  # noqa: E402
from bench import encoded, launched  # noqa: E402
from fake_commons import FakeCommons  # noqa: E402
from fake_openverse import FakeOpenverse  # noqa: E402

SHOTS = {
    "sunset": {"kind": "sunset", "color_scheme": "light"},
    "services": {"kind": "daisy", "color_scheme": "dark", "sources": ["openverse", "commons"]},
    "scoring": {"kind": "sunset", "color_scheme": "light", "panel": True},
    "collection": {"kind": "sunset", "color_scheme": "light", "own": 60},
}


def shoot(browser, site, name, kind, color_scheme, width=1280, panel=False, own=0, sources=None):
    """Search for one drawn photo and keep what the person sees."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=color_scheme)
    look = Lookalike(context.new_page(), site)
    look.open(
        key=None, details=False, judged=True, seed=1, **({"sources": sources} if sources else {})
    )
    look.choose((f"{kind}.png", encoded(generated_photos.make(kind, 4242, (720, 480)))))
    expect(look.status).to_contain_text(ENDED, timeout=300_000)
    look.page.wait_for_timeout(1000)  # for the photos to come to rest
    if panel:
        look.button("Scoring").click()
        look.page.get_by_role("textbox", name="Python").wait_for()
    if own:
        collect(look, own)
    look.page.wait_for_timeout(1000)
    path = ROOT / "docs" / f"{name}.jpg"
    look.page.screenshot(path=path, type="jpeg", quality=82)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} kB, {look.status.inner_text()}")
    context.close()


def collect(look, count):
    """Make a collection of drawn photos."""
    with TemporaryDirectory() as place:
        folder = folder_of(Path(place), photos(count, kinds=()), "Holidays")
        OwnPhotos(look).collect(folder, "Holidays")


def main():
    drawn = generated_photos.collection()
    with (
        FakeOpenverse(drawn, port=free_port(), calls_per_minute=None) as openverse,
        FakeCommons(drawn, port=free_port()) as commons,
        sync_playwright() as playwright,
    ):
        out = ROOT / ".cache" / "screenshots-dist"
        command = [sys.executable, "build_site.py", "--out", out]
        command += ["--openverse-url", openverse.url, "--commons-url", commons.url]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with Site(out) as site, launched(playwright) as browser:
            for name, options in SHOTS.items():
                if not sys.argv[1:] or name in sys.argv[1:]:
                    shoot(browser, site, name, **options)


if __name__ == "__main__":
    main()

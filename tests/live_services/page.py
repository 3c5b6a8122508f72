"""The built page in Chromium against the services: what a person would see, and pictures of it."""

import contextlib
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from live_services.findings import Finding

ROOT = Path(__file__).resolve().parents[2]
MOST = 300_000
"""Milliseconds that one search may take."""

MEANS = "Nobody can search it on the page."


def look(
    names: Sequence[str], folder: Path, key: str = "", urls: Mapping[str, str] | None = None
) -> list[Finding]:
    """Build the page, search each service in it for a drawn photo, and keep screenshots.

    Args:
        names: of the services.
        folder: where screenshots go.
        key: for Flickr.
        urls: where the services are, if not where they are by themselves.
    """
    # Here and not above: the other checks take no browser.
    from conftest import Site
    from playwright.sync_api import sync_playwright

    from bench import launched

    folder.mkdir(parents=True, exist_ok=True)
    out = ROOT / ".cache" / "live-dist"
    command = [sys.executable, "build_site.py", "--out", str(out)]
    for name, url in (urls or {}).items():
        command += [f"--{name}-url", url]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with Site(out) as site, sync_playwright() as playwright, launched(playwright) as browser:
        return [finding for name in names for finding in searched(browser, site, name, folder, key)]


def searched(browser, site, name, folder, key="") -> list[Finding]:
    """Search one service on a page that is served, for a drawn photo."""
    from conftest import ENDED, Lookalike
    from playwright.sync_api import expect

    import generated_photos
    from bench import encoded

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    shown = Lookalike(context.new_page(), site)
    try:
        shown.open(key=key or None, seed=1, sources=[name])
        drawn = encoded(generated_photos.make("sunset", 4242, (720, 480)))
        shown.choose(("sunset.png", drawn))
        with contextlib.suppress(AssertionError):  # what the status says by now is told
            expect(shown.status).to_contain_text(ENDED, timeout=MOST)
        status, count = shown.status.inner_text(), shown.items.count()
        skipped = shown.page.locator("#skipped-reasons").inner_text()
        shown.page.screenshot(path=folder / f"{name}.png")
        # A browser logs each request that failed; what these come to is told by the page.
        errors = [e for e in shown.errors if not re.search(r"Failed to load resource|CORS", e)]
    finally:
        context.close()
    told = " ".join(status.split())
    return [
        Finding(name, "the page finds photos", count > 0 and "Done" in status, told, MEANS),
        Finding(
            name,
            "the page skips few photos",
            skipped.count("×") == 0 or _few(skipped, count),
            " ".join(skipped.split()) or "none",
            "Photos that it has are not shown.",
        ),
        Finding(
            name, "the page has no errors", not errors, "; ".join(errors)[:120] or "none", MEANS
        ),
    ]


def _few(reasons: str, shown: int) -> bool:
    skipped = sum(int(number) for number in re.findall(r"^(\d+) ×", reasons, re.MULTILINE))
    return skipped <= 0.2 * (shown + skipped)

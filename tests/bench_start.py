"""How soon the engine is ready, beside a bare page: `python3 tests/bench_start.py [--visits N]`.

The bare page loads Pyodide, numpy and Pillow from the same host, and nothing else: the very files
that the site ships of them, unpacked. Visits take turns, each in a browser context of its own; then
each page is loaded once more. What counts is from the navigation on. Ratios are of visits next to
each other, as machines are shared.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

VISITS = 5
BARE = "bare"
"""The folder of the bare page, in the site's."""

PAGE = """<!doctype html>
<title>Bare</title>
<link rel="icon" href="data:,">
<script type="module">
import { loadPyodide } from "./pyodide.mjs";
const python = await loadPyodide({ packages: ["numpy", "pillow"] });
python.runPython("import numpy, PIL.Image");
performance.mark("ready");
</script>
"""

READY = '() => performance.getEntriesByName("ready").length > 0'
TOOK = 'performance.getEntriesByName("ready")[0].startTime / 1000'


def starts(browser, site, visits=VISITS):
    """Measure both pages in turns; gives medians in seconds, and of the ratios.

    Args:
        browser: the browser.
        site: a built site that is served.
        visits: how often each page is visited.
    """
    write_bare_page(site.folder)
    rounds = [one_round(browser, site) for _ in range(visits)]
    result = {name: median(one[name] for one in rounds) for name in rounds[0]}
    for name in ("first visit", "second visit"):
        ratios = sorted(one[name] / one[f"{name}, bare"] for one in rounds)
        result |= {f"{name}, ratio": median(ratios), f"{name}, ratios": ratios}
    return result


def write_bare_page(folder):
    """Put the bare page and the files that it loads into a folder of the site."""
    from plain_python import write_plain

    bare = folder / BARE
    shutil.copytree(folder / "pyodide", bare, dirs_exist_ok=True)
    write_plain(bare)
    (bare / "index.html").write_text(PAGE)


def one_round(browser, site):
    """Measure a first and a second visit of either page, in seconds."""
    result = {}
    for end, address in ((", bare", f"{site.url}{BARE}/"), ("", site.url)):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        for name in ("first visit", "second visit"):
            page.goto(address)
            page.wait_for_function(READY, timeout=120_000)
            result[name + end] = page.evaluate(TOOK)
            page.goto("about:blank")
        context.close()
    return result


def main():
    """Build the site and measure."""
    from conftest import Site
    from playwright.sync_api import sync_playwright

    import bench

    parser = argparse.ArgumentParser(description="How soon the engine is ready.")
    parser.add_argument("--visits", type=int, default=VISITS)
    parser.add_argument("--site", type=Path, help="one that is built, in place of a new one")
    options = parser.parse_args()
    out = options.site or ROOT / ".cache" / "bench-start-dist"
    if not options.site:
        command = [sys.executable, "build_site.py", "--out", out]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with sync_playwright() as playwright, Site(out) as site, bench.launched(playwright) as browser:
        print(json.dumps(starts(browser, site, options.visits), indent=2))


if __name__ == "__main__":
    from bench import enter_venv

    enter_venv()
    main()

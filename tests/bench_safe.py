"""How late pictures come for being judged first: `python3 tests/bench_safe.py [DIST]`.

It searches the fake Flickr twice in one visit, once with pictures that are judged before they are
drawn, once without. A picture's delay is the time from its card to the picture itself.
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

PHOTOS = 110

WATCH = """
() => {
  const list = document.getElementById("results");
  const came = new WeakMap();
  window.delays = [];
  const see = (card) => {
    if (!came.has(card)) came.set(card, performance.now());
    if (card.dataset.picture === "shown" && came.get(card) !== null) {
      window.delays.push(performance.now() - came.get(card));
      came.set(card, null);
    }
  };
  const look = () => list.querySelectorAll("[data-picture]").forEach(see);
  new MutationObserver(look).observe(list, { childList: true, subtree: true, attributes: true,
                                             attributeFilter: ["data-picture"] });
}
"""


def delays(browser, site, flickr, judged):
    """Search twice in one visit, and give what each search's pictures waited, in milliseconds."""
    from conftest import START_UP, Lookalike
    from playwright.sync_api import expect

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    look = Lookalike(context.new_page(), site)
    look.open(details=False, judged=judged, photos=PHOTOS, seed=1)
    found = {}
    for number, name in enumerate(("first search", "second search")):
        look.page.evaluate(WATCH)
        began = look.page.evaluate("performance.now()")
        look.begin(("query.jpg", flickr.photos[100 * number + 7].read()))
        expect(look.status).to_contain_text("Done", timeout=START_UP)
        took = look.page.evaluate("performance.now()") - began
        times = look.page.evaluate("window.delays")
        found[name] = {
            "pictures": len(times),
            "median": round(median(times), 1),
            "9 of 10": round(quantiles(times, n=10)[-1], 1),
            "longest": round(max(times), 1),
            "whole search, s": round(took / 1000, 2),
        }
    context.close()
    return found


def main():
    """Print the delays in a site, which is built."""
    from conftest import Site, free_port
    from playwright.sync_api import sync_playwright

    from bench import launched
    from fake_flickr import FakeFlickr

    fake = FakeFlickr(port=free_port(), call_latency=0.2, image_latency=0.08)
    out = ROOT / ".cache" / "bench-dist"
    with fake as flickr, sync_playwright() as playwright:
        command = [sys.executable, "build_site.py", "--out", out, "--flickr-url", flickr.url]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with Site(out) as site, launched(playwright) as browser:
            found = {
                name: delays(browser, site, flickr, judged)
                for name, judged in (("judged", True), ("not judged", False))
            }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()

"""How long frames take while 440 photos come in: `python3 tests/bench_frames.py [DIST]`.

The engine is the one of tests/browser/desk.py, which does no work: what is measured is the page.
Photos come 40 a second, twice as fast as a search finds them. `tests/bench.py` runs this as well.
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

PHOTOS = 440
STREAMED = 43
"""The seed at which photos come one after another."""

WATCH = """
(scrolling) => {
  window.frames_seen = [];
  let last = performance.now();
  const step = (now) => {
    window.frames_seen.push(now - last);
    last = now;
    if (scrolling) scrollBy(0, 12);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
"""

SPENT = {
    "processor, ms a photo": "TaskDuration",
    "of it script": "ScriptDuration",
    "of it style": "RecalcStyleDuration",
    "of it layout": "LayoutDuration",
}
"""Of the main thread. Other programs that run lengthen frames, but hardly these."""

WAYS = {"at the top": False, "scrolling": True}


def built():
    """Build the site; without a service worker, which would miss the files that `desk` changes."""
    out = ROOT / ".cache" / "bench-frames-dist"
    command = [sys.executable, "build_site.py", "--out", out, "--no-service-worker"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return out


def frames(browser, dist):
    """Watch a search in each of `WAYS`; `dist` is a built site.

    Gives, in milliseconds, median, 95th percentile and longest frame, and how many photos are drawn
    at the end.
    """
    from desk import desk_site

    found = {}
    with TemporaryDirectory() as folder, desk_site(dist, Path(folder)) as site:
        for name, scrolling in WAYS.items():
            found[name] = watched(browser, site, scrolling)
    return found


def watched(browser, site, scrolling):
    """Watch one search."""
    from desk import QUERY, desk_page

    with desk_page(browser, site, alone=True) as desk:
        sources = ["openverse", "commons"]
        # Nor is the classifier measured, which has a thread of its own.
        desk.open(details=False, photos=PHOTOS, seed=STREAMED, sources=sources)
        session = desk.page.context.new_cdp_session(desk.page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        desk.page.evaluate(WATCH, scrolling)
        before = spent(session)
        desk.look.choose(QUERY)
        # Seldom, as to look is work for the page, too.
        while "Done" not in desk.look.status.inner_text():
            desk.page.wait_for_timeout(1000)
        after = spent(session)
        times = desk.page.evaluate("window.frames_seen")
        drawn = desk.look.items.count()
    return {
        "median": round(median(times), 1),
        "95th percentile": round(quantiles(times, n=20)[-1], 1),
        "longest": round(max(times), 1),
        "over 20 ms": round(sum(time > 20 for time in times) / len(times), 3),
        "frames": len(times),
        **{
            name: round((after[key] - before[key]) * 1000 / PHOTOS, 1)
            for name, key in SPENT.items()
        },
        "photos drawn": drawn,
    }


def spent(session):
    """Give what the page's main thread has spent, in seconds of the processor."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return {metric["name"]: metric["value"] for metric in metrics}


def main():
    """Print the frames of a site, which is built unless it is given."""
    from playwright.sync_api import sync_playwright

    from bench import launched

    dist = Path(sys.argv[1]) if len(sys.argv) > 1 else built()
    with sync_playwright() as playwright, launched(playwright) as browser:
        print(json.dumps(frames(browser, dist), indent=2))


if __name__ == "__main__":
    main()

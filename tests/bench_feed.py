"""How many photos a second Python feeds to the networks: `python3 tests/bench_feed.py`.

The vision workers only wait here, 40 ms a photo or not at all, and so take no processor: what is
left is the engine, the page, and the fake Flickr, which answers at once. The page is told that
there are four processors, and has a worker for each.

Rates hang on what else the machine does. The engine's own share is told besides, as the time that
its thread had a processor.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

PHOTOS = 600
WARM = 300
"""Photos after which a rate is measured: by then, there are as many workers as there will be."""
PROCESSORS = 4
CONTEXT = "lookalike/search/context.py"
LOOKS = "looks: int | None = None"

WAITING = """
import { fetchJson } from "../client/start-up.js";
import { serve } from "./serving.js";

export async function start({ base, model, page }) {
  const layers = fetchJson(`${base}models/${model}.json`).then((text) => JSON.parse(text).layers);
  self.vision = true;
  const answer = async (port, { id, layers: wanted, data: spent }) => {
    const shapes = await layers;
    if (WAIT) await new Promise((end) => setTimeout(end, WAIT));
    const outputs = Object.fromEntries(wanted.map((layer) => {
      const length = shapes[layer].reduce((a, b) => a * b);
      const data = Float32Array.from({ length }, Math.random);
      return [layer, { data, shape: [1, ...shapes[layer]] }];
    }));
    const moved = [spent, ...Object.values(outputs).map(({ data }) => data)];
    port.postMessage({ type: "outputs", id, outputs, spent }, moved.map(({ buffer }) => buffer));
  };
  serve(page, answer, layers, (message) => self.postMessage(message));
}
"""

SCORED = """
() => performance.getEntriesByName("scored").map(({ startTime }) => startTime)
"""


def parent(process):
    """Give the id of the process that started this one."""
    text = Path(f"/proc/{process}/stat").read_text()
    return int(text[text.rindex(")") :].split()[2])


def ours(process):
    """Say whether this program has started a process, or what did."""
    while process > 1 and process != os.getpid():
        process = parent(process)
    return process == os.getpid()


def threads():
    """Give the processor time of each worker's thread in our browser, in seconds."""
    times = {}
    for stat in Path("/proc").glob("[0-9]*/task/[0-9]*/stat"):
        try:
            text = stat.read_text()
            worker = "(DedicatedWorker" in text and ours(int(stat.parts[2]))
        except OSError:
            continue  # it has ended meanwhile
        if worker:
            fields = text[text.rindex(")") :].split()
            times[stat] = (int(fields[12]) + int(fields[13])) / os.sysconf("SC_CLK_TCK")
    return times


def fed(browser, site, flickr, number):
    """Search once; give the rate and the engine's share of a photo after the first `WARM`."""
    from conftest import opened

    flickr.forget()
    with opened(browser, site, alone=True) as look:
        look.page.add_init_script(
            f"Object.defineProperty(navigator, 'hardwareConcurrency', {{ value: {PROCESSORS} }})"
        )
        look.open(photos=PHOTOS, calls=60, seconds=600, seed=number, sources=["flickr"])
        look.choose(("query.jpg", flickr.photos[100 * number + 7].read()))
        look.page.wait_for_function(f"() => ({SCORED})().length > {WARM}", timeout=300_000)
        before, first = threads(), len(look.page.evaluate(SCORED)) - 1
        # A search may settle before: its features are of chance.
        ended = "performance.getEntriesByName('finished').length"
        enough = f"() => {ended} || ({SCORED})().length > {PHOTOS - 20}"
        look.page.wait_for_function(enough, timeout=300_000)
        after, times = threads(), look.page.evaluate(SCORED)
        workers = sum(bool(worker.evaluate("self.vision")) for worker in look.page.workers)
    photos = len(times) - 1 - first
    # Of all workers, Python's is the one that has most to do.
    busiest = max(after[thread] - before[thread] for thread in after.keys() & before.keys())
    return {
        "workers": workers,
        "photos a second": round(photos / (times[-1] - times[first]) * 1000, 1),
        "Python, ms a photo": round(busiest / photos * 1000, 2),
    }


def replaced(site, wait, looks):
    """Put workers that wait so many milliseconds into a site, and looks at once, if given."""
    (site.sources() / "js/vision/worker.js").write_text(WAITING.replace("WAIT", str(wait)))
    site.bundle("js/vision/worker.js")
    if looks:
        text = (ROOT / "py" / CONTEXT).read_text()
        assert text.count(LOOKS) == 1
        site.edit_python(CONTEXT, text.replace(LOOKS, f"looks: int | None = {looks}"))


def main():
    """Measure with workers that wait 40 ms, and with some that do not wait."""
    from conftest import Site, free_port
    from playwright.sync_api import sync_playwright

    from bench import launched
    from fake_flickr import FakeFlickr

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--waits", nargs="+", type=int, default=[40, 0], help="milliseconds")
    parser.add_argument("--looks", nargs="+", type=int, default=[0], help="other than Limits.looks")
    parser.add_argument("--rounds", type=int, default=1)
    options = parser.parse_args()
    flickr = FakeFlickr(port=free_port())
    out = ROOT / ".cache" / "bench-feed-dist"
    command = [sys.executable, "build_site.py", "--out", out, "--flickr-url", flickr.url]
    subprocess.run(
        [*command, "--no-service-worker"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    with flickr, sync_playwright() as playwright, launched(playwright) as browser:
        for number in range(options.rounds):
            for wait, looks in itertools.product(options.waits, options.looks):
                with TemporaryDirectory() as folder, Site(out).fork(Path(folder)) as site:
                    replaced(site, wait, looks)
                    found = fed(browser, site, flickr, number)
                print(json.dumps({"wait": wait, "looks": looks or "as usual"} | found), flush=True)


if __name__ == "__main__":
    from bench import enter_venv

    enter_venv()
    main()

"""How fast the page is, measured in one run: `python3 tests/bench.py [--json]`.

It builds the site against the fake Flickr, with 200 ms a call and 80 ms a thumbnail, opens it in
Chromium, and searches. The rate of the whole pipeline is set against that of onnxruntime-web alone
in the same browser, in the same run: machines differ, and are shared, so ratios say more than
seconds.
"""

import argparse
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "py"), str(ROOT / "tests"), str(ROOT / "tests" / "browser")]

CALL_LATENCY, IMAGE_LATENCY = 0.2, 0.08
PHOTOS = 110
LONG = 440
"""Photos that a search looks at where Settings say nothing else."""
BARE_RUNS = 60
ROUNDS = 15
VISITS = 3
PAUSE = 3000
"""Milliseconds in which an engine that is ready takes in what is known."""
RANKED, RANKINGS = 500, 5
"""Photos that are ranked again by a changed scorer, and how often."""

BARE_LOOP = """
export async function start({ ort: url, wasm, model, size, runs, port }) {
  const ort = await import(url);
  ort.env.wasm.wasmPaths = wasm;
  ort.env.wasm.numThreads = 1;
  const weights = await (await fetch(model)).arrayBuffer();
  const session = await ort.InferenceSession.create(new Uint8Array(weights));
  const image = new ort.Tensor("float32", new Float32Array(3 * size * size), [1, 3, size, size]);
  const run = () => session.run({ image }, ["conv_16_project"]);
  for (let i = 0; i < 5; i++) await run();
  const began = performance.now();
  for (let i = 0; i < runs; i++) await run();
  port.postMessage(runs / ((performance.now() - began) / 1000));
}
"""

RUN_BARE_LOOP = """
async ({ source, size, runs }) => {
  const base = new URL(".", document.baseURI).href;
  const { startWorker } = await import(base + "js/worker-bootstrap.js");
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const { port1, port2 } = new MessageChannel();
  const rate = new Promise((resolve) => { port1.onmessage = (event) => resolve(event.data); });
  const worker = startWorker(url, {
    ort: base + "ort/ort.wasm.min.mjs", wasm: base + "ort/",
    model: base + "models/mobilenet_v2.onnx", size, runs, port: port2,
  }, [port2]);
  const result = await rate;
  worker.terminate();
  return result;
}
"""

TIMELINE = """
() => performance.getEntries()
  .filter((entry) => entry.entryType === "mark" || entry.entryType === "measure")
  .map(({ name, entryType, startTime, duration }) => ({ name, entryType, startTime, duration }))
"""


def measure(policy, jspi=True):
    """Measure everything, as a dict of plain values."""
    from conftest import Site, free_port
    from playwright.sync_api import sync_playwright

    from fake_flickr import FakeFlickr

    fake = FakeFlickr(port=free_port(), call_latency=CALL_LATENCY, image_latency=IMAGE_LATENCY)
    with fake as flickr, sync_playwright() as playwright:
        out = ROOT / ".cache" / "bench-dist"
        command = [sys.executable, "build_site.py", "--out", out, "--flickr-url", flickr.url]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        if not jspi:
            Site(out).take_jspi_away()
        Site(out).bundle("js/worker-bootstrap.js")  # which the bare loop is started by
        with Site(out) as site, launched(playwright) as browser:
            return measured(browser, site, flickr, policy)


def beside_bare():
    """Measure how soon the engine is ready, beside a bare page; see bench_start.py."""
    from conftest import Site
    from playwright.sync_api import sync_playwright

    from bench_start import starts

    out = ROOT / ".cache" / "bench-dist"
    with sync_playwright() as playwright, Site(out) as site, launched(playwright) as browser:
        return starts(browser, site)


def own_photos():
    """Measure a collection of own photos, in the site that `measure` has built."""
    from conftest import Site
    from playwright.sync_api import sync_playwright

    from bench_collections import collections

    out = ROOT / ".cache" / "bench-dist"
    with (
        sync_playwright() as playwright,
        Site(out) as site,
        launched(playwright) as browser,
        TemporaryDirectory() as place,
    ):
        return collections(browser, site, Path(place))


def nearest():
    """Measure how long the nearest of many own photos take, in Pyodide; see bench_neighbours.py."""
    import bench_neighbours

    return bench_neighbours.measured(ROOT / ".cache" / "bench-dist", native=False)


def networks():
    """Measure the network in onnxruntime-web and one like it in TensorFlow.js, in turns, in Node.

    Gives for each the median of its milliseconds a photo, and of what it takes in the same round
    against TensorFlow.js with fused operators.
    """
    dist = ROOT / ".cache" / "bench-dist"
    command = ["node", ROOT / "tests" / "bench_network.mjs", ROOT / "site", dist, str(ROUNDS)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    times = json.loads(said)
    beside = times["TF.js, fused"]
    return {
        name: {
            "ms": round(median(each), 1),
            "ratio": round(median(a / b for a, b in zip(each, beside, strict=True)), 2),
        }
        for name, each in times.items()
    }


def frame_times():
    """Measure how long frames take while photos come in; see bench_frames.py."""
    from playwright.sync_api import sync_playwright

    from bench_frames import built, frames

    with sync_playwright() as playwright, launched(playwright) as browser:
        return frames(browser, built())


def launched(playwright):
    from conftest import CHROMIUM_ARGUMENTS

    from lookalike_build.chromium import VARIABLE, on_path

    path = os.environ.get(VARIABLE) or on_path()
    return playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)


def measured(browser, site, flickr, policy):
    """Open the page a few times, search once in each, and take the medians."""
    visits = [visit(browser, site, flickr, policy, number) for number in range(VISITS)]
    phases = {
        name: {
            part: median(one["phases"][name][part] for one in visits) for part in ("from", "took")
        }
        for name in visits[0]["phases"]
    }
    numbers = {name: median(one[name] for one in visits) for name in visits[0] if name != "phases"}
    for name in ("", "long: "):
        numbers[f"{name}of the bare loop"] = median(
            one[f"{name}photos a second"] / one["bare loop"] for one in visits
        )
    numbers["re-ranking"] = reranking(browser, site, flickr, policy)
    rounds = [known(browser, site, flickr, policy, number) for number in range(VISITS)]
    numbers |= {name: median(one[name] for one in rounds) for name in rounds[0]}
    return {"policy": policy, "phases": phases, **numbers}


def visit(browser, site, flickr, policy, number):
    """Measure one visit: its start, two searches, and onnxruntime-web alone afterwards."""
    from conftest import START_UP, Lookalike
    from playwright.sync_api import expect

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    look = Lookalike(context.new_page(), site)
    visited = set()
    context.on("request", lambda request: visited.add(request.url.split("?")[0]))
    look.open(photos=PHOTOS, seed=number, policy=policy)
    expect(look.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
    result = {**start_up(look), "first visit": first_visit(site, visited)}
    result |= search(look, flickr, number)
    look.forget_found()
    look.set_numbers(photos=LONG)
    result |= {f"long: {name}": value for name, value in search(look, flickr, number).items()}
    loop = {"source": BARE_LOOP, "size": 224, "runs": BARE_RUNS}
    result["bare loop"] = look.page.evaluate(RUN_BARE_LOOP, loop)
    context.close()
    return result


def reranking(browser, site, flickr, policy):
    """Measure from the key press that runs a changed embs2score to the new order on the screen.

    Gives the median, in milliseconds.
    """
    from desk import desk_page

    score = (ROOT / "py" / "score.py").read_text()
    flickr.call_latency = flickr.image_latency = 0.0
    flickr.forget()
    with desk_page(browser, site, alone=True) as desk:
        desk.open(photos=RANKED, calls=1000, seconds=600, seed=1, policy=policy, sources=["flickr"])
        desk.look.choose(("query.jpg", flickr.photos[7].read()))
        desk.look.wait_until_done(180_000)
        desk.begin()
        for run in range(RANKINGS):
            desk.run(score.replace(" return source @", f" return {'-+'[run % 2]}source @"))
            desk.page.wait_for_function(
                "(run) => performance.getEntriesByName('re-ranking').length > run", arg=run
            )
        said = desk.said.inner_text()
        assert said.startswith(f"{RANKED} photos ranked again"), said
        entries = desk.page.evaluate(TIMELINE)
    flickr.call_latency, flickr.image_latency = CALL_LATENCY, IMAGE_LATENCY
    return median(entry["duration"] for entry in entries if entry["name"] == "re-ranking")


def known(browser, site, flickr, policy, number):
    """Measure how soon a search has its first result, by what is known from others before it.

    Gives seconds from the choice of the photo, on a page whose engine is ready. The browser's own
    cache is empty each time, so that what helps is what the page keeps.
    """
    from conftest import START_UP
    from desk import desk_page
    from playwright.sync_api import expect

    def first(photo):
        mark_choice(desk.look)
        desk.look.begin(("query.jpg", flickr.photos[photo].read()))
        desk.look.wait_until_done()
        times = {}
        for entry in desk.page.evaluate(TIMELINE):
            times.setdefault(entry["name"], entry["startTime"] / 1000)
        return times["scored"] - times["chosen"]

    def settled():
        expect(desk.page.get_by_text("Ready in")).to_be_attached(timeout=START_UP)
        desk.page.wait_for_timeout(PAUSE)

    flickr.forget()
    with desk_page(browser, site, alone=True) as desk:
        desk.open(photos=PHOTOS, seed=number, policy=policy, sources=["flickr"])
        settled()
        result = {"first of a visit": first(100 * number + 7)}
        result["from the pool"] = first(100 * number + 27)
        desk.page.reload()
        settled()
        result["after a reload"] = first(100 * number + 47)
        desk.begin()
        desk.run("while True: pass")
        expect(desk.said).to_contain_text("was restarted", timeout=START_UP)
        settled()
        result["after another engine"] = first(100 * number + 67)
    return result


def encoded(image):
    """Give a PIL image as a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def start_up(look):
    """Give when each phase began and how long it took, and when all was ready, in seconds."""
    entries = look.page.evaluate(TIMELINE)
    phases = {
        entry["name"]: {"from": entry["startTime"] / 1000, "took": entry["duration"] / 1000}
        for entry in entries
        if entry["entryType"] == "measure"
    }
    ready = next(entry for entry in entries if entry["name"] == "ready")
    return {"phases": phases, "ready": ready["startTime"] / 1000}


def first_visit(site, visited):
    """Add up the sizes of the files that a first visit fetches, in bytes."""
    paths = {url.removeprefix(site.url) for url in visited if url.startswith(site.url)}
    return sum((site.folder / (path or "index.html")).stat().st_size for path in paths)


def mark_choice(look):
    """Have the page mark when the next photo is chosen; the browser forgets what it has kept."""
    look.clear_cache()
    look.page.evaluate(
        """() => {
          performance.clearMarks();
          addEventListener("change", () => performance.mark("chosen"),
                           { capture: true, once: true });
        }"""
    )


def search(look, flickr, number):
    """Search once, with the engine warm and nothing cached."""
    flickr.forget()
    mark_choice(look)
    photo = flickr.photos[100 * number + 7]
    look.begin(("query.jpg", photo.read()))
    look.wait_until_done()
    times = {}
    for entry in look.page.evaluate(TIMELINE):
        times.setdefault(entry["name"], []).append(entry["startTime"] / 1000)
    began, scored = times["chosen"][0], times["scored"]
    return {
        "first result": scored[0] - began,
        "whole search": times["finished"][0] - began,
        "photos": len(scored),
        "photos a second": (len(scored) - 1) / (scored[-1] - scored[0]),
        "calls": len(flickr.requests("api")),
        "calls in flight": flickr.peak("api"),
    }


ROWS = {
    "first visit": ("Bytes of a first visit, uncompressed", "{:,.0f}"),
    "ready": ("Engine ready after", "{:.2f} s"),
    "first result": ("First result after the photo is chosen", "{:.2f} s"),
    "whole search": ("Whole search", "{:.2f} s"),
    "photos": ("Photos looked at", "{:.0f}"),
    "calls": ("API calls", "{:.0f}"),
    "calls in flight": ("API calls in flight at once, at most", "{:.0f}"),
    "photos a second": ("Photos a second, first to last result", "{:.1f}"),
    "bare loop": ("Photos a second of onnxruntime-web alone", "{:.1f}"),
    "re-ranking": (f"Key press to new order, {RANKED} photos", "{:.0f} ms"),
    "first of a visit": ("First result, the first search of a visit", "{:.2f} s"),
    "from the pool": ("First result, the second search", "{:.2f} s"),
    "after a reload": ("First result after a reload", "{:.2f} s"),
    "after another engine": ("First result, the engine was replaced", "{:.2f} s"),
    "of the bare loop": ("Pipeline against onnxruntime-web alone", "{:.0%}"),
    "long: whole search": (f"Whole search, {LONG} photos", "{:.2f} s"),
    "long: photos a second": ("Photos a second", "{:.1f}"),
    "long: of the bare loop": ("Pipeline against onnxruntime-web alone", "{:.0%}"),
}


def table(results, started, own, rows, drawn, beside):
    """Print the results side by side, one column a policy; then what hangs on no policy."""
    from bench_collections import ROWS as OWN_ROWS

    print(f"{'':44}" + "".join(f"{result['policy']:>18}" for result in results))
    for name in results[0]["phases"]:
        cells = [result["phases"][name] for result in results]
        texts = [f"{cell['took']:.2f} s from {cell['from']:.2f}" for cell in cells]
        print(f"{'Phase: ' + name:44}" + "".join(f"{text:>18}" for text in texts))
    for name, (title, form) in ROWS.items():
        texts = [form.format(result[name]) for result in results]
        print(f"{title:44}" + "".join(f"{text:>18}" for text in texts))
    for name in ("first visit", "second visit"):
        times = f"{started[name]:.2f} s, {started[f'{name}, bare']:.2f} s"
        title = f"Engine ready, {name}; a bare page; ratio"
        print(f"{title:44}{times:>18}, {started[f'{name}, ratio']:.2f}")
    for name, (title, form) in OWN_ROWS.items():
        print(f"{title:44}{form.format(own[name]):>18}")
    for row in rows:
        title = f"The nearest 50 of {row['photos']:,} × 1,280, {row['scorer']}.py"
        print(f"{title:44}{row['pruned']:>15} ms")
    for way, times in drawn.items():
        numbers = ", ".join(f"{name} {number}" for name, number in times.items())
        print(f"Frames while photos come in, {way}: {numbers}")
    for name, found in beside.items():
        text = f"{found['ms']} ms, {found['ratio']} of TF.js, fused"
        print(f"{'A photo in ' + name:44}{text:>32}")


def main():
    """Measure the policies named, or the default and CLEAR's."""
    from lookalike.policies import DEFAULT

    parser = argparse.ArgumentParser(description="Measure how fast the page is, in one run.")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--policies", nargs="+", default=list(dict.fromkeys([DEFAULT, "greedy"])))
    parser.add_argument("--no-jspi", action="store_true", help="as in a browser that has none")
    options = parser.parse_args()
    results = [measure(policy, not options.no_jspi) for policy in options.policies]
    # What comes after takes minutes, and may fail.
    print(json.dumps(results), file=sys.stderr)
    started = beside_bare()
    own, rows, drawn, beside = own_photos(), nearest(), frame_times(), networks()
    if options.json:
        print(json.dumps([*results, started, own, *rows, drawn, beside], indent=2))
    else:
        table(results, started, own, rows, drawn, beside)


def enter_venv():
    """Go on as the checkout's own Python, if this is another."""
    venv = ROOT / ".venv" / "bin" / "python"
    if venv.exists() and Path(sys.prefix) != ROOT / ".venv":
        os.execv(venv, [venv, *sys.argv])


if __name__ == "__main__":
    enter_venv()
    main()

"""How long a policy's decisions take, in the browser: `python3 tests/bench_decisions.py [--json]`.

A decision is all that a policy does between an outcome and the next: taking it in, what to ask,
what to look at. The searches are simulated inside the built site's Pyodide, in Chromium, over the
tags of ../shared/photos, so that only the policy works; the same ones are run by CPython, for the
ratio. Answers are long, so that more than 3,000 photos are known late in a search. It needs `dist/`
and ../shared.
"""

import argparse
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

from bench import ROOT, enter_venv, launched

SHARED = ROOT.parent / "shared"

RUN = """
async (policies) => {
  const base = new URL(".", location.href).href;
  const { loadPyodide } = await import(base + "pyodide/pyodide.mjs");
  const python = await loadPyodide({
    indexURL: base + "pyodide/", packageBaseUrl: base + "pyodide/", packages: ["numpy"],
  });
  python.unpackArchive(await (await fetch(base + "bench.zip")).arrayBuffer(), "zip",
                       { extractDir: "/engine" });
  python.pyimport("sys").path.append("/engine");
  const { timed } = python.pyimport("timed_searches");
  const convert = { dict_converter: Object.fromEntries };
  return policies.map((policy) => timed(policy, "/engine/data.json").toJs(convert));
}
"""


def searches(count):
    """Give rows of the shared photos, and for each of some queries its guesses and all scores."""
    from lookalike.evaluate.query_images import load_queries
    from lookalike.evaluate.simulated_source import load_collection
    from lookalike.evaluate.tasks import similarity_task
    from lookalike.model.onnxruntime_native import NativeModel

    collection = load_collection(SHARED / "photos")
    model = NativeModel(ROOT / "dist" / "models" / "mobilenet_v2.onnx")
    queries = load_queries(model, SHARED / "queries", ["avg_pool"], quiet=True)[:count]
    task = similarity_task(collection, queries, model, "avg_pool", "cosine", quiet=True)
    rows = [{"id": p.id, "title": p.title, "tags": p.tags} for p in collection.photos]
    guesses = [[(guess.tag, guess.probability) for guess in found] for found in task.guesses]
    return rows, list(zip(guesses, task.scores.tolist(), strict=True))


def archive(data):
    """Pack the engine, with what simulates a search, and the data."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for path in (ROOT / "py" / "lookalike").rglob("*.py"):
            file.write(path, path.relative_to(ROOT / "py"))
        file.write(ROOT / "tests" / "timed_searches.py", "timed_searches.py")
        file.writestr("data.json", json.dumps(data))
    return buffer.getvalue()


def in_the_browser(policies, data):
    """Give the times of each policy's decisions inside Pyodide."""
    from conftest import Site
    from playwright.sync_api import sync_playwright

    from plain_python import write_plain

    dist = ROOT / "dist"
    write_plain(dist / "pyodide")
    (dist / "bench.zip").write_bytes(archive(data))
    try:
        with sync_playwright() as playwright, Site(dist) as site, launched(playwright) as browser:
            page = browser.new_page()
            page.goto(site.url + "config.json")  # a page of the origin, without a policy of its own
            return page.evaluate(RUN, policies)
    finally:
        (dist / "bench.zip").unlink()


def natively(policies, data):
    """Give the times of the same searches in CPython."""
    from timed_searches import timed

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.json")
        path.write_text(json.dumps(data))
        return [timed(policy, path) for policy in policies]


def main():
    """Measure the policies named, or the default and CLEAR's."""
    from lookalike.policies import DEFAULT

    parser = argparse.ArgumentParser(description="Time a policy's decisions inside Pyodide.")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--policies", nargs="+", default=[DEFAULT, "greedy"])
    parser.add_argument("--searches", type=int, default=3, metavar="N")
    options = parser.parse_args()
    data = searches(options.searches)
    results = [
        {"policy": policy, **pyodide, "CPython, late": native["late"]}
        for policy, pyodide, native in zip(
            options.policies,
            in_the_browser(options.policies, data),
            natively(options.policies, data),
            strict=True,
        )
    ]
    if options.json:
        print(json.dumps(results, indent=2))
    else:
        for result in results:
            print(result["policy"])
            for name, value in list(result.items())[1:]:
                print(f"  {name:24}{value:10.2f}" + ("" if name == "photos known" else " ms"))


if __name__ == "__main__":
    enter_venv()
    sys.exit(main())

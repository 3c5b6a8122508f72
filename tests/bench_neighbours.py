"""How fast the nearest photos are found: natively and in Pyodide, 25,000 and 100,000 × 1,280.

`.venv/bin/python tests/bench_neighbours.py` prints a table. Features are those of ../shared/photos
where that is there, mixed in pairs until there are enough; else random ones. Pyodide is run by
Node with the files of a built site: `--site` says where. Times are the processor's, of one thread,
so that they hold on a machine that does other things, too.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

try:
    # In WebAssembly, process_time() is a plain clock; and scorers hide what is JavaScript's.
    from js import process as node
except ImportError:
    node = None

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FEATURES = ROOT.parent / "shared" / "photos" / "avg_pool.f16.npy"
WIDTH = 1280
SIZES = (25_000, 100_000)
QUERIES = 9
FIRST = 2000  # photos that the binary pass leaves

NODE = """
import { loadPyodide } from "./pyodide.mjs";
const base = process.argv[2];
const python = await loadPyodide({
  indexURL: base, packageBaseUrl: base, packages: ["numpy", "pillow"],
  stdout: (line) => console.log(line), stderr: () => {},
});
for (const [at, folder] of [["/checkout", process.argv[3]], ["/data", process.argv[4]]]) {
  python.FS.mkdirTree(at);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, at);
}
await python.runPythonAsync(`
import sys
sys.path[:0] = ["/checkout/py", "/checkout/tests"]
import bench_neighbours
bench_neighbours.inside("/data/features.npy")
`);
"""


def features(count):
    """Make features that lie as real ones do."""
    rng = np.random.default_rng(0)
    if not FEATURES.exists():
        return rng.gamma(0.5, 1.0, (count, WIDTH)).astype(np.float16)
    real = np.load(FEATURES)
    made = np.empty((count, WIDTH), np.float16)
    made[: len(real)] = real[:count]
    for start in range(len(real), count, 5000):
        part = made[start : start + 5000]
        share = rng.uniform(0, 0.5, (len(part), 1)).astype(np.float32)
        one, other = (real[rng.integers(len(real), size=len(part))] for _ in range(2))
        part[:] = (1 - share) * one + share * other
    return made


class Binary:
    """The first pass that is not used: signs of what is above the mean, compared by XOR."""

    def __init__(self, matrix):
        self.matrix = matrix
        self.mean = matrix[:2000].astype(np.float32).mean(axis=0)
        columns = np.empty((WIDTH // 64, len(matrix)), np.uint64)
        for start in range(0, len(matrix), 1000):
            columns[:, start : start + 1000] = self.bits(matrix[start : start + 1000]).T
        self.columns = columns

    def bits(self, rows):
        return np.packbits(rows > self.mean, axis=1).view(np.uint64)

    def nearest(self, scorer, source, count):
        from lookalike.collections.neighbours import score_rows

        (query,) = self.bits(source[np.newaxis])
        apart = np.zeros(len(self.matrix), np.uint16)
        for column, word in zip(self.columns, query, strict=True):
            apart += np.bitwise_count(column ^ word)
        first = np.argpartition(apart, FIRST)[:FIRST]
        scores = score_rows(scorer, source, self.matrix[first])
        return first[np.argsort(-scores, kind="stable")[:count]]


def processor():
    """Give the seconds that this process has kept processors busy."""
    if node is None:
        return time.process_time()
    usage = node.cpuUsage()
    return (usage.user + usage.system) / 1e6


def timed(function, *given):
    """Run a function; give what it returns and the milliseconds it took."""
    began = processor()
    result = function(*given)
    return result, 1000 * (processor() - began)


def middle(times):
    return sorted(times)[len(times) // 2]


def inside(path):
    """Scorer in this Python; print a line of JSON for each size and scorer."""
    from lookalike.collections import neighbours
    from lookalike.collections.table import Table
    from lookalike.scorer.compile import compile_scorer

    nearest = neighbours.nearest
    everything = np.load(path)
    folder = ROOT / "py" / "scorers"
    for name in ("avg_pool", "clear"):
        scorer = compile_scorer((folder / f"{name}.py").read_bytes())
        for count in SIZES:
            matrix = everything[:count]
            if name == "avg_pool":
                lengths = np.linalg.norm(matrix.astype(np.float32), axis=1, keepdims=True)
                matrix = (matrix / np.maximum(lengths, 1e-9)).astype(np.float16)
                del lengths
            table = Table([f"{row:06}" for row in range(count)], matrix)
            _, sketching = timed(getattr, table, "sketch")
            binary, packing = timed(Binary, matrix)
            found = {"pruned": [], "whole": [], "binary": []}
            recalls, compared = {10: [], 50: []}, []
            for query in range(QUERIES):
                source = matrix[query * count // QUERIES].astype(np.float32)
                answer, took = timed(nearest, table, scorer, source, 50)
                found["pruned"].append(took)
                compared.append(answer.compared)
                quick, took = timed(binary.nearest, scorer, source, 50)
                found["binary"].append(took)
                if query < 3:
                    large, neighbours.LARGE = neighbours.LARGE, 2**62
                    whole, took = timed(nearest, table, scorer, source, 50)
                    neighbours.LARGE = large
                    found["whole"].append(took)
                    assert [n.id for n in whole.neighbours] == [n.id for n in answer.neighbours]
                best = [table.rows[neighbour.id] for neighbour in answer.neighbours]
                for k, recall in recalls.items():
                    recall.append(len(set(best[:k]) & set(quick[:k].tolist())) / k)
            row = {
                "where": "Pyodide" if sys.platform == "emscripten" else "native",
                "scorer": name, "photos": count,
                **{how: round(middle(times), 1) for how, times in found.items()},
                "fastest": round(min(found["pruned"]), 1), "compared": middle(compared),
                "recall@10": round(float(np.mean(recalls[10])), 3),
                "recall@50": round(float(np.mean(recalls[50])), 3),
                "sketching": round(sketching), "packing": round(packing),
                "MB": round((3 * matrix.size + 24 * count) / 1e6),
            }  # fmt: skip
            print(json.dumps(row), flush=True)


def in_pyodide(site, data):
    """Scorer in Pyodide, under Node; give the lines."""
    from plain_python import write_plain

    node = shutil.which("node")
    script = site / "bench_neighbours.mjs"
    script.write_text(NODE)
    write_plain(site)
    try:
        command = [node, str(script), f"{site}/", str(ROOT), str(data)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    finally:
        script.unlink()


def measured(site, native=True):
    """Scorer in Pyodide, of a built site, and natively; give a dict for each row."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "features.npy", features(max(SIZES)))
        lines = in_pyodide((site / "pyodide").resolve(), Path(folder))
        if native:
            lines = here(Path(folder)) + lines
    return [json.loads(line) for line in lines.splitlines() if line.startswith("{")]


def here(data):
    """Scorer in a Python of this kind, on one thread; give the lines."""
    code = f"import bench_neighbours as b; b.inside({str(data / 'features.npy')!r})"
    path = os.pathsep.join([str(ROOT / "py"), str(HERE)])
    environment = {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    ).stdout


def main():
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Measure how fast the nearest photos are found.")
    parser.add_argument("--site", type=Path, default=ROOT / "dist", help="a built site")
    rows = measured(parser.parse_args().site)
    print("| " + " | ".join(rows[0]) + " |")
    print("| " + " | ".join("---" for _ in rows[0]) + " |")
    for row in rows:
        print("| " + " | ".join(str(value) for value in row.values()) + " |")


if __name__ == "__main__":
    main()

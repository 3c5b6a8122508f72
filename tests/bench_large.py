"""A hundred thousand own photos: what is found, how fast, and in how much memory.

`.venv/bin/python tests/bench_large.py` prints a table. The features are those of the photos in
../shared (described once, kept in .cache/), alone, and mixed in pairs until there are enough. The
default, and each scorer of the menu that has features of its own, is searched by compact features,
natively and, with `--site`, in Pyodide under Node, where features are read from a file row by row.
What is found is compared with all of them scored, in float32 and before anything is rounded.
"""

import argparse
import asyncio
import json
import os
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
SHARED = ROOT.parent / "shared"
CACHE = ROOT / ".cache" / "bench_large"
QUERIES, COUNT = 40, 50
CHUNK = 1000
LAYERS = {"conv_16_project": (320, 7, 7), "avg_pool": (1280,)}
LAWS = {"dot": ("clear", "avg_pool"), "cosine": ("score",), "distance": ("gaussian",)}
TABLES = {  # the features that scorers share: their layer, and whether they are of length 1
    "conv": ("conv_16_project", False, ("score", "clear", "gaussian")),
    "avg_pool of length 1": ("avg_pool", True, ("avg_pool",)),
}


def described():
    """Give the features of all photos of ../shared by layer; how many, the last, are queries."""
    if not (CACHE / "queries").exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        asyncio.run(_describe())
    layers = {layer: np.load(CACHE / f"{layer}.npy") for layer in LAYERS}
    return layers, int((CACHE / "queries").read_text())


async def _describe():
    from lookalike.images import open_image, prepare
    from lookalike.model.onnxruntime_native import NativeModel

    model = NativeModel(ROOT / "dist" / "models" / "mobilenet_v2.onnx")
    files = []
    for name in ("photos", "labelled", "queries"):
        lines = (SHARED / name / f"{name}.jsonl").read_text().splitlines()
        files += [SHARED / name / row["file"] for row in map(json.loads, lines) if row.get("file")]
    queries = len(lines)
    made = {
        layer: np.empty((len(files), np.prod(shape)), np.float16) for layer, shape in LAYERS.items()
    }
    for row, path in enumerate(files):
        batch = prepare(open_image(path.read_bytes()), model.spec)
        for layer, output in (await model.run(batch, list(LAYERS))).items():
            made[layer][row] = output[0].ravel()
    for layer, matrix in made.items():
        np.save(CACHE / f"{layer}.npy", matrix)
    (CACHE / "queries").write_text(str(queries))


def mixed(real, count, unit):
    """Give `count` features in chunks: the real ones, then pairs of them, each mostly one."""
    rng = np.random.default_rng(0)
    for start in range(0, count, CHUNK):
        size = min(CHUNK, count - start)
        share = rng.uniform(0, 0.5, (size, 1)).astype(np.float32)
        one, other = (rng.integers(len(real), size=size) for _ in range(2))
        rows = (1 - share) * real[one].astype(np.float32) + share * real[other]
        there = real[start : start + size]
        rows[: len(there)] = there
        if unit:
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
        yield rows


def values(law, dots, squares):
    if law == "cosine":
        return dots / np.sqrt(np.maximum(squares, 1e-9))[:, np.newaxis]
    return dots if law == "dot" else 2 * dots - squares[:, np.newaxis]


def file_of(scorer):
    return ROOT / "py" / ("score.py" if scorer == "score" else f"scorers/{scorer}.py")


def prepare(folder, table, count):
    """Write rows, lines and queries to files, and what is truly nearest."""
    from lookalike.collections.packing import is_wide, pack
    from lookalike.collections.reduction import reduction_for
    from lookalike.collections.sketch import lines_of

    layer, unit, scorers = TABLES[table]
    layers, asked = described()
    real, queries = layers[layer][:-asked], layers[layer][-asked:].astype(np.float32)
    rng = np.random.default_rng(1)
    own = real[rng.choice(len(real), QUERIES - asked, replace=False)].astype(np.float32)
    sources = np.concatenate([queries, own])
    if unit:
        sources /= np.linalg.norm(sources, axis=1, keepdims=True)
    reduction = reduction_for(real.shape[1], LAYERS[layer])
    dots, squares, seconds = [], [], 0.0
    with (folder / "rows").open("wb") as full, (folder / "lines").open("wb") as small:
        for rows in mixed(real, count, unit):
            dots.append(rows @ sources.T)
            squares.append(np.einsum("ij,ij->i", rows, rows))
            half = rows.astype(np.float16)
            began = time.process_time()
            lines, packed = (
                lines_of(half, reduction),
                pack(half) if is_wide(half.shape[1]) else half,
            )
            seconds += time.process_time() - began
            full.write(packed.tobytes())
            small.write(lines.tobytes())
    dots, squares = np.concatenate(dots), np.concatenate(squares)
    truth = {}
    for scorer in scorers:
        law = next(law for law, names in LAWS.items() if scorer in names)
        truth[scorer] = np.argsort(-values(law, dots, squares), axis=0)[:COUNT].T.tolist()
    np.save(folder / "sources.npy", sources)
    facts = {
        "table": table, "layer": layer, "count": count, "width": real.shape[1], "truth": truth,
        "packed": packed.shape[1] * packed.itemsize, "line": lines.shape[1],
        "milliseconds a photo": 1000 * seconds / count,
    }  # fmt: skip
    (folder / "facts.json").write_text(json.dumps(facts))


def processor():
    """Give the seconds that this process has kept processors busy."""
    if node is None:
        return time.process_time()
    usage = node.cpuUsage()
    return (usage.user + usage.system) / 1e6


class Rows:
    """Features in a file, as a store that is asked for some at a time."""

    def __init__(self, path, facts):
        self._file, self._facts = path.open("rb"), facts
        self.asked = 0

    async def read(self, ids):
        from lookalike.collections.collection import Features
        from lookalike.collections.packing import is_wide, unpack

        size, parts = self._facts["packed"], []
        self.asked += len(ids)
        for each in ids:
            self._file.seek(int(each) * size)
            parts.append(self._file.read(size))
        block = np.frombuffer(b"".join(parts), np.uint8).reshape(len(ids), size)
        wide = is_wide(self._facts["width"])
        return Features("", ids, unpack(block) if wide else block.view(np.float16))


async def inside(path, queries=QUERIES):
    """Search in this Python; print a line of JSON for each scorer."""
    from lookalike.collections.near import Near
    from lookalike.collections.reduction import reduction_for
    from lookalike.collections.sketch import Sketch, lines_of
    from lookalike.collections.sketch_search import Unbounded, nearest_by_sketch
    from lookalike.scorer.compile import compile_scorer

    folder = Path(path)
    facts = json.loads((folder / "facts.json").read_text())
    sources = np.load(folder / "sources.npy")
    began = processor()
    lines = np.empty((facts["count"], facts["line"]), np.uint8)
    with (folder / "lines").open("rb") as file:
        for start in range(0, len(lines), CHUNK):
            part = lines[start : start + CHUNK]
            part[:] = np.frombuffer(file.read(part.nbytes), np.uint8).reshape(part.shape)
    ids = [f"{row:06}" for row in range(facts["count"])]
    rows = Rows(folder / "rows", facts)
    reduction = reduction_for(facts["width"], LAYERS[facts["layer"]])
    near = Near(ids, Sketch(lines, reduction), rows.read)
    await near.sample()
    loading = processor() - began
    began = processor()
    some = (await rows.read(ids[:128])).matrix
    lines_of(some, reduction)
    making = 1000 * (processor() - began) / len(some)
    for name, truth in facts["truth"].items():
        scorer = compile_scorer(file_of(name).read_bytes())
        times, recalls, compared, whys = [], [], [], {}
        for source, wanted in list(zip(sources, truth, strict=True))[:queries]:
            began = processor()
            try:
                answer = await nearest_by_sketch(near, scorer, source, COUNT)
            except Unbounded as error:
                whys[str(error)] = whys.get(str(error), 0) + 1
                continue
            times.append(1000 * (processor() - began))
            compared.append(answer.compared)
            found = {int(each.id) for each in answer.neighbours}
            recalls.append(len(found & set(wanted)) / COUNT)
        row = {
            "where": "Pyodide" if sys.platform == "emscripten" else "native",
            "scorer": name, "photos": facts["count"],
            "recall@50": round(float(np.mean(recalls)), 4), "lowest": min(recalls),
            "ms": round(float(np.median(times))), "slowest ms": round(max(times)),
            "scored": int(np.median(compared)), "most": max(compared), "all scored": whys or 0,
            "load s": round(loading, 2), "ms a line": round(making, 2),
            "MB": round((near.sketch.nbytes + 24 * len(ids)) / 1e6),
            "bytes on disk": facts["packed"] + facts["line"],
        }  # fmt: skip
        print(json.dumps(row), flush=True)


NODE = """
import { loadPyodide } from "./pyodide.mjs";
const base = process.argv[2];
const python = await loadPyodide({
  indexURL: base, packageBaseUrl: base, packages: ["numpy", "pillow"],
  stdout: (line) => console.log(line), stderr: (line) => console.error(line),
});
for (const [at, folder] of [["/checkout", process.argv[3]], ["/data", process.argv[4]]]) {
  python.FS.mkdirTree(at);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, at);
}
await python.runPythonAsync(`
import sys
sys.path[:0] = ["/checkout/py", "/checkout/tests"]
import bench_large
await bench_large.inside("/data")
`);
console.log(JSON.stringify({ heap: python._module.HEAPU8.length / 1e6 }));
"""


def in_pyodide(site, folder):
    """Search in Pyodide, under Node; print what it prints."""
    script = site / "pyodide" / "bench_large.mjs"
    script.write_text(NODE)
    try:
        command = ["node", str(script), f"{site / 'pyodide'}/", str(ROOT), str(folder)]
        subprocess.run(command, check=True)
    finally:
        script.unlink()


def main():
    """Scorer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, nargs="+", default=[5561, 100_000])
    parser.add_argument("--tables", nargs="+", default=list(TABLES), choices=TABLES)
    parser.add_argument("--site", type=Path, help="a built site, for its Pyodide")
    parser.add_argument("--folder", type=Path, help="where 2 GB fit; default: a temporary one")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "py"))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for table in options.tables:
        for count in options.photos:
            with tempfile.TemporaryDirectory(dir=options.folder) as place:
                prepare(Path(place), table, count)
                print(
                    f"{table}, {count}:", (Path(place) / "facts.json").read_text()[-60:], flush=True
                )
                asyncio.run(inside(place))
                if options.site:
                    in_pyodide(options.site.resolve(), Path(place))


if __name__ == "__main__":
    main()

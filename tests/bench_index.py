"""What indexing takes for each photo, of few and of many: `python -m lookalike index`, natively.

`.venv/bin/python tests/bench_index.py` prints a table. The photos are small JPEG files of noise,
made for it. With `--model`, the network of that file describes them, and without, one of a few
hundred weights: then what is measured is all but the network. Times are the processor's, of all
threads, so that they hold on a machine that does other things, too.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SIDE = 48
FOLDER = 1000  # photos in a folder


def write_photos(place, count):
    """Write photos of noise, each another one."""
    rng = np.random.default_rng(0)
    for number in range(count):
        folder = place / f"{number // FOLDER:03}"
        folder.mkdir(exist_ok=True, parents=True)
        base = rng.integers(0, 256, (4, 4, 3), np.uint8)
        image = Image.fromarray(base).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
        noise = rng.integers(-20, 20, (SIDE, SIDE, 3))
        pixels = np.clip(np.asarray(image, np.int16) + noise, 0, 255).astype(np.uint8)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=80)
        (folder / f"IMG_{number:06}.jpg").write_bytes(buffer.getvalue())


def indexed(place, output, model):
    """Index; give the seconds by the clock and of processors, the most megabytes, what is said."""
    command = [sys.executable, "-m", "lookalike", "index", str(place), "-o", str(output), "--quiet"]
    command += ["--model", str(model)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "py")}
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(said)
    seconds = time.monotonic() - began
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000, said


def main():
    """Scorer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--model", type=Path, help="an .onnx file; default: a tiny one")
    parser.add_argument("--folder", type=Path, help="where a GB fits; default: a temporary one")
    options = parser.parse_args()
    sys.path[:0] = [str(HERE), str(ROOT / "py")]
    for count in options.photos:
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            place, output = Path(name) / "photos", Path(name) / "all.lookalike"
            model = options.model
            if model is None:
                import tiny_model

                tiny_model.make(Path(name))
                model = Path(name) / "tiny.onnx"
            write_photos(place, count)
            seconds, processor, memory, said = indexed(place, output, model)
            again, processor_again, _, _ = indexed(place, output, model)
            print(
                f"{count} photos: {1000 * processor / count:.2f} ms of processors a photo, "
                f"{count / seconds:.0f} photos a second by the clock, {memory:.0f} MB at most, "
                f"{output.stat().st_size / count:.0f} bytes a photo; again, nothing being new: "
                f"{processor_again:.1f} s of processors, {again:.1f} s. {said.splitlines()[-1]}",
                flush=True,
            )


if __name__ == "__main__":
    main()

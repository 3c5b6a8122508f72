"""What photos are described by, and compared by: layers of networks, and their colours alone."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.evaluate.progress_bar import progress
from lookalike.evaluate.query_images import opened
from lookalike.evaluate.runner import end_quietly
from lookalike.evaluate.tasks import compare
from lookalike.images import prepare
from lookalike.model.onnxruntime_native import NativeModel

Floats = NDArray[np.float32]

BINS = 8
"""Of each channel, in the histogram of colours: 8 × 8 × 8 are a usual choice."""

HISTOGRAM, MEANS = "RGB histogram", "RGB means"

SPATIAL = "conv_16_project"
"""The layer that score.py reads. It compares by cosine, and CLEAR by exp(dot / 1000)."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A way to describe and compare photos.

    Attributes:
        source: the network's name, or "colours".
        layer: which of its layers, or which colours.
        similarity: see `similarity`.
    """

    source: str
    layer: str
    similarity: str


def colours(image: Image.Image) -> dict[str, Floats]:
    """Describe an RGB image by its colours: no network, and no place.

    Returns:
        The joint histogram of red, green and blue (512 numbers that sum to 1), and the means of the
        three channels, of 0..255.
    """
    pixels = np.asarray(image, np.int32).reshape(-1, 3)
    cells = (pixels * BINS // 256) @ [BINS * BINS, BINS, 1]
    counts = np.bincount(cells, minlength=BINS**3)
    return {
        HISTOGRAM: (counts / len(pixels)).astype(np.float32),
        MEANS: pixels.mean(0).astype(np.float32),
    }


def similarity(by: str, queries: Floats, photos: Floats) -> NDArray[np.float64]:
    """Score photos against queries; higher is more alike.

    Args:
        by: "cosine", "exp" (CLEAR's exp(dot / 1000)), "intersection" of histograms (Swain and
            Ballard, IJCV 1991, section 3.1), or "distance", Euclid's, which counts negative.
        queries: (n, d).
        photos: (m, d).

    Returns:
        (n, m).
    """
    if by == "intersection":
        return np.array([np.minimum(query, photos).sum(1) for query in queries], np.float64)
    if by == "distance":
        return -np.array([np.linalg.norm(photos - query, axis=1) for query in queries], np.float64)
    return compare(by, queries, photos)


def descriptors(models: Sequence[NativeModel]) -> list[Descriptor]:
    """List all of them: each layer of each network by cosine, CLEAR's way, and the colours."""
    found = []
    for model in models:
        for layer in model.spec.layers:
            similarities = ("cosine", "exp") if layer == SPATIAL else ("cosine",)
            found += [Descriptor(model.spec.name, layer, by) for by in similarities]
    histogram = Descriptor("colours", HISTOGRAM, "intersection")
    return [*found, histogram, Descriptor("colours", MEANS, "distance")]


class ImageDescriber:
    """Describes photo files.

    Args:
        paths: of the networks.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.models = [NativeModel(path) for path in paths]

    def describe(self, file: Path) -> dict[tuple[str, str], Floats]:
        """Describe a photo: a vector for each source and layer.

        Raises:
            lookalike.errors.LookalikeError: the image or a network is broken.
        """
        image = opened(file)
        found = {("colours", name): value for name, value in colours(image).items()}
        for model in self.models:
            layers = list(model.spec.layers)
            outputs = asyncio.run(model.run(prepare(image, model.spec), layers))
            found |= {(model.spec.name, name): outputs[name][0].ravel() for name in layers}
        return found


_extractor: ImageDescriber | None = None  # of this worker process


def _start_worker(paths: Sequence[Path]) -> None:
    global _extractor
    end_quietly()
    _extractor = ImageDescriber(paths)


def _describe_in_worker(file: Path) -> dict[tuple[str, str], Floats]:
    if _extractor is None:
        raise RuntimeError("the worker was not started")
    return _extractor.describe(file)


def describe_all(
    paths: Sequence[Path], files: Sequence[Path], jobs: int, quiet: bool
) -> Mapping[tuple[str, str], Floats]:
    """Describe all photos, over `jobs` processes.

    Args:
        paths: of the networks.
        files: the photos.
        jobs: how many processes.
        quiet: whether there is no progress bar.

    Returns:
        For each source and layer an (n, d) matrix, in the order of the files.
    """
    if jobs <= 1:
        return _stacked(map(ImageDescriber(paths).describe, files), len(files), quiet)
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(paths,)) as pool:
        return _stacked(pool.map(_describe_in_worker, files, chunksize=8), len(files), quiet)


def _stacked(
    found: Iterator[dict[tuple[str, str], Floats]], count: int, quiet: bool
) -> dict[tuple[str, str], Floats]:
    matrices: dict[tuple[str, str], Floats] = {}
    for row, described in enumerate(progress(found, "photos", quiet, count)):
        for key, vector in described.items():
            # Filled in place: the layers of two networks are 125 kB a photo.
            matrices.setdefault(key, np.empty((count, len(vector)), np.float32))[row] = vector
    return matrices

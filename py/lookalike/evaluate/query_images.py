"""The photos that are searched for: what the network sees in each."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.errors import BadPhoto
from lookalike.evaluate.progress_bar import progress
from lookalike.evaluate.simulated_source import read_lines
from lookalike.file_kinds import is_hidden
from lookalike.images import open_image, prepare
from lookalike.model.model import Model
from lookalike.policies.state import Guess
from lookalike.ranking.classify import guesses

IMAGES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".avif", ".tif", ".tiff"}


@dataclass(frozen=True)
class Query:
    """A photo to search for.

    Attributes:
        id: its name.
        guesses: what the classifier sees in it.
        features: its layers, by name.
    """

    id: str
    guesses: Sequence[Guess]
    features: Mapping[str, NDArray[np.float32]]


def query_files(folder: Path) -> dict[str, Path]:
    """List the images of a folder: those of its `queries.jsonl` (id, file), else all, by name.

    Raises:
        FileNotFoundError: there are none.
    """
    listed = folder / "queries.jsonl"
    if listed.exists():
        lines = read_lines(listed, "id", "file")
        files = {str(line["id"]): folder / str(line["file"]) for line in lines}
    else:
        found = sorted(path for path in folder.iterdir() if is_image(path, folder))
        stems = Counter(path.stem for path in found)
        files = {path.stem if stems[path.stem] == 1 else path.name: path for path in found}
    if not files:
        raise FileNotFoundError(f"there are no images in {folder}")
    return files


def is_image(path: Path, folder: Path) -> bool:
    """Say whether a file is an image by its name, and none of what systems keep in a folder."""
    hidden = is_hidden(path.relative_to(folder).as_posix())
    return path.suffix.lower() in IMAGES and not hidden and path.is_file()


def opened(path: Path) -> Image.Image:
    """Open an image file; what is wrong is said with its name, as there may be a thousand.

    Raises:
        OSError: it cannot be read.
        BadPhoto: it is no image, or broken.
    """
    try:
        return open_image(path.read_bytes())
    except BadPhoto as error:
        raise BadPhoto(f"{path}: {error}", error.own_advice) from None


def features_of(model: Model, path: Path, layers: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Run the network on an image file; each layer as a vector.

    Raises:
        lookalike.errors.LookalikeError: the image or the network is broken.
    """
    batch = prepare(opened(path), model.spec)
    outputs = asyncio.run(model.run(batch, layers))
    return {layer: outputs[layer][0].ravel() for layer in layers}


def load_queries(model: Model, folder: Path, layers: Sequence[str], quiet: bool) -> list[Query]:
    """Run the network on the queries of a folder."""
    return [
        Query(
            name,
            asyncio.run(guesses(model, opened(path))),
            features_of(model, path, layers),
        )
        for name, path in progress(query_files(folder).items(), "queries", quiet)
    ]

"""What is searched for: photos like a query, or photos of a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.evaluate.metrics import BEST
from lookalike.evaluate.progress_bar import progress
from lookalike.evaluate.query_images import Query, features_of
from lookalike.evaluate.simulated_source import Collection, WordIndex
from lookalike.model.classes import first_synonym
from lookalike.model.model import Model
from lookalike.policies.state import Guess

Array = NDArray[np.float64]

CLASSES = tuple(range(0, 1000, 100))
"""The classes of the paper's experiments (Sato, WSDM 2022, section 5.1)."""

INITIAL_TAGS = 100
"""So many random tags start a search for a class (WSDM 2022, section 5.1)."""


class Scores(Protocol):
    """The scores of all photos, a row for each query."""

    def __getitem__(self, query: int, /) -> Array:
        """Give a query's."""


@dataclass(frozen=True)
class Task:
    """Searches whose every score is known.

    Attributes:
        index: the collection, searchable.
        names: of the queries or classes.
        scores: (queries, photos), or what gives a row of these.
        guesses: for each query; None where random tags start each search.
        best: how many of the best photos found are judged.
    """

    index: WordIndex
    names: Sequence[str]
    scores: Scores
    guesses: Sequence[Sequence[Guess]] | None
    best: int = BEST

    def start(self, query: int, rng: np.random.Generator) -> list[Guess]:
        """Give the guesses that a search starts from."""
        if self.guesses is not None:
            return list(self.guesses[query])
        tags = sorted({tag for photo in self.index.photos for tag in photo.tags})
        chosen = rng.choice(len(tags), min(INITIAL_TAGS, len(tags)), replace=False)
        # Each is as likely to be the right one as any other.
        return [Guess(tags[i], 1 / len(tags)) for i in chosen]


def compare(similarity: str, queries: NDArray[np.float32], photos: NDArray[np.float32]) -> Array:
    """Score photos against queries.

    Args:
        similarity: "cosine", "dot", or "exp" for CLEAR's exp(dot / 1000).
        queries: (n, d) features.
        photos: (m, d) features.

    Returns:
        (n, m).
    """
    if similarity == "cosine":
        queries = queries / np.linalg.norm(queries, axis=1, keepdims=True)
        photos = photos / np.linalg.norm(photos, axis=1, keepdims=True)
    dots = (queries @ photos.T).astype(np.float64)
    return np.exp(dots / 1000) if similarity == "exp" else dots


def similarity_task(
    collection: Collection,
    queries: Sequence[Query],
    model: Model,
    layer: str,
    similarity: str,
    quiet: bool,
) -> Task:
    """Search for photos like each query.

    By `avg_pool`, all photos take part, with the collection's own features; by another layer those
    that have files.
    """
    sources = np.array([query.features[layer] for query in queries])
    if layer == "avg_pool" and collection.features is not None:
        scores = compare(similarity, sources, collection.features)
    else:
        collection = collection.only([i for i, file in enumerate(collection.files) if file])
        files = [file for file in collection.files if file]
        columns = [
            compare(similarity, sources, features_of(model, file, [layer])[layer][None])
            for file in progress(files, "photos", quiet)
        ]
        scores = np.concatenate(columns, axis=1)
    names = [query.id for query in queries]
    return Task(WordIndex(collection.photos), names, scores, [q.guesses for q in queries])


def class_task(collection: Collection, model_path: Path, labels: Sequence[str]) -> Task:
    """Search for photos of a class: the score is its logit, and random tags start the search.

    The logits come from the collection's `avg_pool` features, by the network's last layer alone.

    Raises:
        ValueError: the collection has no features.
    """
    if collection.features is None:
        raise ValueError("--task class needs a collection with avg_pool features")
    logits = classify(model_path, collection.features)
    offset = logits.shape[1] - 1000  # 1 where the first label is "background"
    columns = [number + offset for number in CLASSES]
    names = [first_synonym(labels[column]) for column in columns]
    scores = logits[:, columns].T.astype(np.float64)
    return Task(WordIndex(collection.photos), names, scores, None, best=1)


def classify(model_path: Path, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn `avg_pool` features (n, d) into logits, by the part of the network behind them."""
    import onnx
    from onnx.reference import ReferenceEvaluator
    from onnx.utils import Extractor

    model = onnx.shape_inference.infer_shapes(onnx.load(model_path))
    # The layer is a flattened view of the tensor that the rest of the network goes on from.
    flatten = next(node for node in model.graph.node if "avg_pool" in node.output)
    name = flatten.input[0]
    head = Extractor(model).extract_model([name], ["logits"])
    evaluator = ReferenceEvaluator(head)
    parts = [
        np.asarray(next(iter(evaluator.run(["logits"], {name: part[:, :, None, None]}))))
        for part in np.array_split(features, max(1, len(features) // 512))
    ]
    return np.concatenate(parts)

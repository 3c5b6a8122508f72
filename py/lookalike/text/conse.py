"""ConSE: where a classifier's opinion of a photo lies among the words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.errors import TextError
from lookalike.model.classes import first_synonym, softmax
from lookalike.model.model import BACKGROUND
from lookalike.text.word_vectors import Vector, WordVectors, sums, unit

TOP = 10
"""So many classes make the mean: T of the paper, which takes 1, 10 or 1,000."""

HEAD = 2.0
"""How much the last word of a class's name counts beside the others. In English it says what the
thing is: a mountain bike is a bike (docs/text.md has what that gains)."""

KIND = 0.5
"""How much a class's kinds count beside its own names: a golden retriever is a dog, although no
word of its name says so (docs/text.md has what that gains)."""


class Conse:
    """Embeds photos among words by the convex combination of semantic embeddings.

    A photo's vector is the mean of the vectors of its `TOP` most probable classes, weighted by
    their probabilities (Norouzi et al., ICLR 2014, arXiv 1312.5650, section 3). A class's vector is
    the mean over its synonyms, each the mean of its words, the last of which counts `HEAD` times;
    and, for the share `KIND`, the same of its kinds. What has no vector is left out, and so is
    "background".

    Args:
        labels: one a class, synonyms parted by ", ".
        words: the table.

    Raises:
        TextError: the table knows none of the classes.
    """

    def __init__(self, labels: Sequence[str], words: WordVectors) -> None:
        self._names = [first_synonym(label) for label in labels]
        self._classes = _class_vectors(labels, words)
        self._known: NDArray[np.bool_] = np.any(self._classes != 0, axis=1)
        if not self._known.any():
            raise TextError("The table of words has none of the model's classes.")

    def embed(self, logits: NDArray[np.floating]) -> Vector:
        """Place photos among the words.

        Args:
            logits: (n, classes), before the softmax.

        Returns:
            (n, d), of unit length.

        Raises:
            TextError: there are not as many logits as classes.
        """
        if logits.ndim != 2 or logits.shape[1] != len(self._names):
            raise TextError(f"{logits.shape} logits for {len(self._names)} classes.")
        # The softmax over the known classes alone, so that the others take no weight away.
        shown = np.where(self._known, logits.astype(np.float64), -np.inf)
        weights = softmax(shown)
        top = np.argsort(-weights, axis=1, kind="stable")[:, :TOP]
        return self.place(top, np.take_along_axis(weights, top, axis=1))

    def place(self, classes: NDArray[np.integer], shares: NDArray[np.floating]) -> Vector:
        """Place photos among the words by some of their classes.

        Args:
            classes: (n, t) numbers of classes. Those that are unknown, or not there, count nothing.
            shares: (n, t) the probability of each, of whatever sum.

        Returns:
            (n, d), of unit length; zeros where no class counts.
        """
        there = classes < len(self._names)
        found = np.where(there, classes, 0)
        weights = np.where(there & self._known[found], shares, 0.0).astype(np.float64)
        weights /= np.maximum(weights.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
        mean = np.einsum("nt,ntd->nd", weights, self._classes[found])
        return unit(mean.astype(np.float32))

    def nearest(self, vector: Vector, count: int) -> list[tuple[str, float]]:
        """Name the classes nearest to a vector of unit length, with their cosines, best first."""
        cosines = np.where(self._known, self._classes @ vector, -np.inf)
        found: dict[str, float] = {}
        for place in np.argsort(-cosines, kind="stable"):
            if len(found) == count or not self._known[place]:
                break
            found.setdefault(self._names[place], float(cosines[place]))
        return list(found.items())


def _class_vectors(labels: Sequence[str], words: WordVectors) -> Vector:
    shown = ["" if label == BACKGROUND else label for label in labels]
    own = _means([label.split(",") for label in shown], words)
    kinds = _means([words.kinds(label) for label in shown], words)
    # What has only the one lies where that lies.
    return unit((1 - KIND) * own + KIND * kinds)


def _means(names: Sequence[Sequence[str]], words: WordVectors) -> Vector:
    """Give the mean vector of each list of names; zeros where none is known."""
    vectors = words.phrases([name for some in names for name in some], HEAD)
    # Unknown names are zeros, which add nothing; and a mean has the direction of the sum.
    return unit(sums(vectors, np.array([len(some) for some in names], np.intp)))

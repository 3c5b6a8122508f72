"""How well a photo matches words: a cosine, by a classifier's opinion or by a text encoder."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.text.conse import Conse
from lookalike.text.word_vectors import Vector, unit


class Matcher(Protocol):
    """Compares photos with one text.

    Attributes:
        layer: the layer of the image network that it reads.
    """

    layer: str

    def match(self, output: NDArray[np.float32]) -> float:
        """Say how well a photo matches, from -1 to 1, by what the layer gives for it."""


class ByClasses:
    """ConSE's cosine: see `lookalike.text.conse`.

    Args:
        conse: embeds photos.
        vector: the text's, of unit length.
    """

    layer = "logits"

    def __init__(self, conse: Conse, vector: Vector) -> None:
        self._conse, self._vector = conse, vector

    def match(self, output: NDArray[np.float32]) -> float:
        return float(self._conse.embed(output.reshape(1, -1))[0] @ self._vector)

    def matches(self, classes: NDArray[np.integer], shares: NDArray[np.floating]) -> Vector:
        """Say how well photos match by what `Conse.place` takes: (n,), from -1 to 1."""
        matches: Vector = self._conse.place(classes, shares) @ self._vector
        return matches


class ByEncoder:
    """The cosine of a layer and a text in one space, as in CLIP (Radford et al., ICML 2021).

    Args:
        layer: the image layer.
        vector: the text's, of any length but zero.
    """

    def __init__(self, layer: str, vector: Vector) -> None:
        self.layer = layer
        self._vector = unit(vector.reshape(1, -1))[0]

    def match(self, output: NDArray[np.float32]) -> float:
        return float(self.matches(output.reshape(1, -1))[0])

    def matches(self, outputs: NDArray[np.float32]) -> Vector:
        """Say how well photos match by what the layer gives for each: (n, d) gives (n,)."""
        matches: Vector = unit(outputs) @ self._vector
        return matches

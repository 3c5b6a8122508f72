"""Vectors for tags, so that what is learnt of one tag tells something of others."""

import zlib
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.words import words


class Embedding(Protocol):
    """Turns tags into vectors."""

    dimensions: int

    def __call__(self, tag: str) -> NDArray[np.float64]:
        """Give the vector of `tag`, of shape (dimensions,); all zeros if nothing is known of it."""


class NgramEmbedding:
    """Hashed character n-grams: tags that are spelled alike have vectors that are alike.

    Needs no download. Each word is framed by "<" and ">", its n-grams and itself are hashed to a
    dimension and a sign (Weinberger et al., ICML 2009; the n-grams are those of fastText:
    Bojanowski et al., TACL 2017), and the sum is scaled to unit length.

    Args:
        dimensions: of the vectors. Tiara's GloVe vectors have 300.
        sizes: of the n-grams.
    """

    def __init__(self, dimensions: int = 300, sizes: tuple[int, ...] = (3, 4, 5)) -> None:
        self.dimensions = dimensions
        self._sizes = sizes

    def __call__(self, tag: str) -> NDArray[np.float64]:
        vector = np.zeros(self.dimensions)
        for word in words(tag):
            for gram in self._grams(f"<{word}>"):
                code = zlib.crc32(gram.encode())
                vector[code % self.dimensions] += 1.0 if code >> 31 else -1.0
        norm = np.linalg.norm(vector)
        return vector / norm if norm else vector

    def _grams(self, word: str) -> list[str]:
        grams = [word[i : i + n] for n in self._sizes for i in range(len(word) - n + 1)]
        return [*grams, word]

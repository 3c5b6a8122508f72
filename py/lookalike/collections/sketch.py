"""Features in int8 with bounds of their errors: what tells quickly which photos cannot be near."""

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Matrix

Vector = NDArray[np.float32]

BLOCK = 512
"""Rows quantised at a time, which fit a processor's cache."""

SLACK = 1e-5
"""How far a dot product in float32 may be off, as a fraction of the product of the lengths."""


class Sketch:
    """Each row in 8 bits a number, with its own scale, and how far off it is.

    Where x = s c + e, with codes c, the scale s and the error e, the dot product with any vector q
    is s (c · q) within ||e|| ||q|| (Cauchy and Schwarz). Of image features ||e|| is some 1 % of
    ||x||, so nearly all photos can be ruled out, and those left are compared exactly.

    Args:
        matrix: (n, d) float16.

    Attributes:
        norms: (n,) the rows' lengths.
    """

    def __init__(self, matrix: Matrix) -> None:
        count, self._width = matrix.shape
        self._codes = np.empty(matrix.shape, np.int8)
        self._scales, self._errors, self.norms = np.empty((3, count), np.float32)
        for start in range(0, count, BLOCK):
            part = slice(start, start + BLOCK)
            self._quantise(matrix[part], part)

    def _quantise(self, matrix: Matrix, part: slice) -> None:
        rows = matrix.astype(np.float32)
        self.norms[part] = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        scales = np.abs(rows).max(axis=1, initial=0.0) / 127
        scales[scales == 0] = 1.0
        rows /= scales[:, np.newaxis]
        codes = np.rint(rows)
        self._codes[part] = codes
        rows -= codes
        self._scales[part] = scales
        self._errors[part] = scales * np.sqrt(np.einsum("ij,ij->i", rows, rows))

    def dots(self, vector: Vector) -> tuple[Vector, Vector]:
        """Bound the dot products of all rows with a vector of d finite numbers.

        Returns:
            (n,) what they are about, and (n,) how far off that may be.
        """
        # The largest integers whose sum of d products with int8 fits int32.
        most = (2**31 - 1) // (128 * max(1, self._width))
        scale = float(np.abs(vector).max(initial=0.0)) / most or 1.0
        whole = np.rint(vector / scale)
        # Codes are cast in blocks as einsum goes; numpy's matmul of integers is a plain loop.
        products = np.einsum("ij,j->i", self._codes, whole.astype(np.int32), dtype=np.int32)
        about = products * (self._scales * np.float32(scale))
        length = float(np.linalg.norm(vector))
        rest = float(np.linalg.norm(vector - whole * scale))
        margin = self._errors * (length + rest) + self.norms * (rest + SLACK * length)
        return about.astype(np.float32), margin.astype(np.float32)

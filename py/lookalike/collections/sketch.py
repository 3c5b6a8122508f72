"""Features in a few 8-bit numbers with bounds of their errors: what tells which photos are near."""

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Matrix
from lookalike.collections.reduction import Reduction, Whole

Vector = NDArray[np.float32]
Lines = NDArray[np.uint8]
Codes = NDArray[np.int8]

BLOCK = 512
"""Rows quantised at a time, which fit a processor's cache."""

SLACK = 1e-5
"""How far a dot product in float32 may be off, as a fraction of the product of the lengths."""

HEAD = 16
"""Bytes of a line before its codes: four little-endian float32."""


class Sketch:
    """Each row in 8 bits a number, with its own scale, and how far off it is.

    Of a row x, a reduction R keeps Rx, which is stored as s c + e: codes c, a scale s, an error e.
    What it leaves out of x is r. So the dot product with any vector q is s (c · Rq), off by
    e · Rq and by r · q', where q' is what is left out of q: within ||e|| ||Rq|| + ||r|| ||q'||
    (Cauchy and Schwarz). Where nothing is left out, that is some 1 % of the lengths of image
    features: nearly all photos can be ruled out, and those left are compared exactly.

    Args:
        lines: (n, 16 + numbers) bytes: s, ||e||, ||r||, ||x||, and the codes (`lines_of`).
        reduction: what they were made by.

    Attributes:
        norms: (n,) the rows' lengths.
    """

    def __init__(self, lines: Lines, reduction: Reduction) -> None:
        self.lines, self._reduction = lines, reduction
        self._codes = lines[:, HEAD:].view(np.int8)
        heads = np.ascontiguousarray(lines[:, :HEAD]).view("<f4")
        self._scales, self._errors, self._rests, self.norms = np.ascontiguousarray(heads.T)
        # Side by side, as in a browser einsum takes twice the time for short pieces of rows.
        first = self._codes[:, : reduction.first]
        self._first = self._codes if self.is_whole else np.ascontiguousarray(first)
        self._first_rests = self._rests if self.is_whole else self._left_by_first()

    @classmethod
    def of(cls, matrix: Matrix) -> "Sketch":
        """Make one of all numbers of a matrix (n, d)."""
        whole = Whole(matrix.shape[1])
        return cls(lines_of(matrix, whole), whole)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def nbytes(self) -> int:
        """How many bytes of memory it takes."""
        apart = 0 if self.is_whole else self._first.nbytes + self._first_rests.nbytes
        return int(self.lines.nbytes + apart + 4 * self.norms.nbytes)

    def share(self, vector: Vector) -> float:
        """Say how much of a vector's squared length the reduction keeps, in 0..1."""
        whole = float(vector @ vector)
        kept = self._reduction.of(vector[np.newaxis])[0]
        return min(1.0, float(kept @ kept) / whole) if whole else 1.0

    @property
    def is_whole(self) -> bool:
        """Whether `first_dots` and `dots` are the same."""
        return self._reduction.first == self._reduction.numbers

    def first_dots(self, vector: Vector) -> tuple[Vector, Vector]:
        """Bound the dot products of all rows by the first numbers alone; see `dots`."""
        kept = self._reduction.of(vector[np.newaxis])[0, : self._reduction.first]
        return self._bounded(vector, kept, self._first, self._first_rests, slice(None))

    def dots(
        self, vector: Vector, rows: NDArray[np.intp] | slice = slice(None)
    ) -> tuple[Vector, Vector]:
        """Bound the dot products of rows with a vector of d finite numbers.

        Args:
            vector: (d,).
            rows: which; all by default.

        Returns:
            (n,) what they are about, and (n,) how far off that may be.
        """
        kept = self._reduction.of(vector[np.newaxis])[0]
        return self._bounded(vector, kept, self._codes, self._rests, rows)

    def _bounded(
        self,
        vector: Vector,
        kept: Vector,
        codes: Codes,
        rests: Vector,
        rows: NDArray[np.intp] | slice,
    ) -> tuple[Vector, Vector]:
        """Bound dot products by as many numbers as are kept of the vector.

        Args:
            vector, kept: (d,), and the numbers that are compared.
            codes: of these, (n, numbers).
            rests: (n,) the lengths of what the other numbers make of each row.
            rows: which.
        """
        codes, scales = codes[rows], self._scales[rows]
        # The largest integers whose sum of products with int8 fits int32.
        most = (2**31 - 1) // (128 * max(1, len(kept)))
        scale = float(np.abs(kept).max(initial=0.0)) / most or 1.0
        whole = np.rint(kept / scale)
        # Codes are cast in blocks as einsum goes; numpy's matmul of integers is a plain loop.
        products = np.einsum("ij,j->i", codes, whole.astype(np.int32), dtype=np.int32)
        about = products * (scales * np.float32(scale))
        # In float64, as squares of small numbers are none in float32.
        length, seen = (float(np.linalg.norm(each.astype(np.float64))) for each in (vector, kept))
        rounded = float(np.linalg.norm(kept - whole.astype(np.float64) * scale))
        hidden = np.sqrt(max(0.0, length**2 - seen**2)) + SLACK * length
        margin = self._errors[rows] * (seen + rounded) + rests[rows] * np.float32(hidden)
        margin += self.norms[rows] * (rounded + SLACK * length)
        return about.astype(np.float32), margin.astype(np.float32)

    def _left_by_first(self) -> Vector:
        """Give the lengths of what the first numbers leave out of each row, or a little more."""
        squares = np.einsum("ij,ij->i", self._first, self._first, dtype=np.int32)
        seen = np.maximum(self._scales * np.sqrt(squares.astype(np.float32)) - self._errors, 0.0)
        norms = self.norms.astype(np.float64)
        left = np.sqrt(np.maximum(norms**2 * (1 + 1e-6) - seen**2, 0.0))
        return np.asarray(left, np.float32)


def lines_of(matrix: Matrix, reduction: Reduction) -> Lines:
    """Make a sketch's lines of rows (n, d), as they are stored."""
    lines = np.empty((len(matrix), HEAD + reduction.numbers), np.uint8)
    for start in range(0, len(matrix), BLOCK):
        part = slice(start, start + BLOCK)
        _quantise(matrix[part].astype(np.float32), reduction, lines[part])
    return lines


def _quantise(rows: Vector, reduction: Reduction, lines: Lines) -> None:
    squares = np.einsum("ij,ij->i", rows, rows)
    kept = np.array(reduction.of(rows), np.float32)
    left = np.maximum(squares - np.einsum("ij,ij->i", kept, kept), 0.0)
    # What float32 may have lost of so small a difference counts as left out.
    left = 0.0 * left if kept.shape == rows.shape else left + 1e-6 * squares
    scales = np.abs(kept).max(axis=1, initial=0.0) / 127
    scales[scales == 0] = 1.0
    kept /= scales[:, np.newaxis]
    codes = np.rint(kept)
    kept -= codes
    errors = scales * np.sqrt(np.einsum("ij,ij->i", kept, kept))
    heads = np.stack([scales, errors, np.sqrt(left), np.sqrt(squares)], axis=1).astype("<f4")
    lines[:, :HEAD] = heads.view(np.uint8)
    lines[:, HEAD:] = codes.astype(np.int8).view(np.uint8)

"""Wide features in 8 bits a number: half of the room that float16 takes.

A row of d numbers is stored as 4 + ceil(d / 64) + d bytes: the row's own step (float32), then for
each 64 numbers how many 255ths of it their step is (1..255), then the numbers in steps (int8). A
number is off by half of its step, which is 1/254 of the largest of its 64, at most rounded up by
1/255 of the largest of the row. Of `conv_16_project`, the length of all errors is 0.6 % of the
row's (docs/collections.md says what comes of it).

What has been packed once is not rounded again: files and stores are written of what was read from
others, and that must not wear features out.
"""

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Matrix

WIDE = 2048
"""Features of more numbers are packed; narrower ones take little anyway."""

GROUP = 64
_STEPS, _PARTS = 127, 255
_SCALE = 4  # bytes of a row's own step
_SLIP = 2.0**-10  # more than float16 is off by, as a fraction

Packed = NDArray[np.uint8]


def is_wide(width: int) -> bool:
    """Say whether features of so many numbers are packed where they are stored."""
    return width > WIDE


def pack(matrix: Matrix) -> Packed:
    """Round rows of finite numbers to 8 bits a number: (n, d) gives (n, bytes).

    Rows that `unpack` gives are packed as they were (but for numbers below some 0.0001).
    """
    count, width = matrix.shape
    groups = -(-width // GROUP)
    rows = np.zeros((count, groups * GROUP), np.float32)
    rows[:, :width] = matrix
    rows = rows.reshape(count, groups, GROUP)
    largest = np.abs(rows).max(axis=2)
    unit = (largest.max(axis=1, initial=0.0) / (_STEPS * _PARTS)).astype("<f4")
    unit[unit == 0] = 1.0
    parts = _parts(largest / unit[:, np.newaxis])
    steps = (parts * unit[:, np.newaxis])[:, :, np.newaxis]
    numbers = np.clip(np.rint(rows / steps), -_STEPS, _STEPS).astype(np.int8)
    packed = np.empty((count, _SCALE + groups + width), np.uint8)
    packed[:, :_SCALE] = unit[:, np.newaxis].view(np.uint8)
    packed[:, _SCALE : _SCALE + groups] = parts
    packed[:, _SCALE + groups :] = numbers.reshape(count, -1)[:, :width].view(np.uint8)
    return packed


def _parts(largest: NDArray[np.float32]) -> NDArray[np.float32]:
    """Choose how many of the row's own steps each 64 numbers have as theirs.

    It is as many as the largest of them needs, in such steps. Where that would be rounded to what
    fewer are enough for, fewer are taken, so that the same are chosen again for what is unpacked;
    the largest number then is off by no more than half of the wider step.
    """
    needed = np.ceil(largest / _STEPS * (1 - _SLIP))
    parts = np.clip(needed, 1, _PARTS).astype(np.float32)
    rounded = np.rint(largest / parts) * parts
    enough = rounded * (1 - 2 * _SLIP) > _STEPS * (parts - 1)
    return np.where(enough | (parts == 1), parts, parts - 1)


def unpack(packed: Packed) -> Matrix:
    """Give the rows that `pack` has rounded: (n, bytes) gives (n, d).

    Raises:
        ValueError: it is not what `pack` makes.
    """
    count, size = packed.shape
    groups = -(-(size - _SCALE) // (GROUP + 1))
    width = size - _SCALE - groups
    if width < 1:
        raise ValueError("packed features are too short")
    unit = np.ascontiguousarray(packed[:, :_SCALE]).view("<f4")
    steps = packed[:, _SCALE : _SCALE + groups] * unit
    rows = np.zeros((count, groups * GROUP), np.float32)
    rows[:, :width] = packed[:, _SCALE + groups :].view(np.int8)
    rows = rows.reshape(count, groups, GROUP) * steps[:, :, np.newaxis]
    with np.errstate(over="ignore"):
        matrix: Matrix = rows.reshape(count, -1)[:, :width].astype(np.float16)
    return matrix

"""Fewer numbers for a feature, by a fixed linear map whose rows are of length 1 and orthogonal.

So dot products of what is kept, and lengths of what is left out, bound those of the features
(`sketch`). Nothing is learnt: a photo's few numbers depend on its feature alone.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.collections.collection import Collection
from lookalike.collections.packing import is_wide

Rows = NDArray[np.float32]

FREQUENCIES = ((0, 0), (0, 1), (1, 0), (0, 2), (2, 0))
"""Of each channel of a map, what is kept: the mean, and how it goes down and across, and bends.

On 100,000 features of `conv_16_project`, (0, 0) alone has the 50 nearest among the best 1,600 for
98 %, three among the best 400 for 99 %, five among the best 200 (docs/benchmarks.md).
"""


class Reduction(Protocol):
    """A map from features to fewer numbers."""

    @property
    def name(self) -> str:
        """What tells apart what is stored."""

    @property
    def numbers(self) -> int:
        """How many numbers it gives."""

    @property
    def first(self) -> int:
        """How many of these, from the first on, say the most: what all photos are compared by."""

    def of(self, rows: Rows) -> Rows:
        """Reduce rows: (n, d) gives (n, numbers)."""


@dataclass(frozen=True)
class Whole:
    """All numbers, as they are."""

    numbers: int

    @property
    def name(self) -> str:
        """See `Reduction`."""
        return f"whole:{self.numbers}"

    @property
    def first(self) -> int:
        """See `Reduction`."""
        return self.numbers

    def of(self, rows: Rows) -> Rows:
        """See `Reduction`."""
        return rows


@dataclass(frozen=True)
class LowFrequencies:
    """Of each channel of a layer's map, the lowest frequencies of its cosine transform (DCT-II).

    All channels' means come first, then their next frequency, and so on.

    Neighbouring cells of a map see much the same, so most is in the lowest ones (Ahmed, Natarajan
    and Rao, Discrete Cosine Transform, IEEE Transactions on Computers, 1974).

    Args:
        channels, height, width: of the map, which a feature has in this order.
    """

    channels: int
    height: int
    width: int

    @property
    def name(self) -> str:
        return f"waves{len(FREQUENCIES)}:{self.channels}x{self.height}x{self.width}"

    @property
    def numbers(self) -> int:
        return self.channels * len(FREQUENCIES)

    @property
    def first(self) -> int:
        """See `Reduction`: the means of all channels."""
        return self.channels

    @cached_property
    def _waves(self) -> Rows:
        down, across = _cosines(self.height), _cosines(self.width)
        waves = [np.outer(down[v], across[u]).ravel() for v, u in FREQUENCIES]
        return np.stack(waves).astype(np.float32)

    def of(self, rows: Rows) -> Rows:
        cells = rows.reshape(len(rows) * self.channels, self.height * self.width)
        # Wave by wave: numpy's matmul is a plain loop in a browser, and einsum of one is not.
        found = [np.einsum("ij,j->i", cells, wave) for wave in self._waves]
        return np.concatenate([each.reshape(len(rows), self.channels) for each in found], axis=1)


def _cosines(size: int) -> NDArray[np.float64]:
    """Give the cosines of a transform of `size` numbers, a row each, of length 1."""
    frequency, place = np.mgrid[:size, :size]
    rows = np.cos(np.pi * (2 * place + 1) * frequency / (2 * size)) * np.sqrt(2 / size)
    rows[0] /= np.sqrt(2)
    return np.asarray(rows)


def reduction_for(width: int, shape: Sequence[int] = ()) -> Reduction | None:
    """Choose what features of `width` numbers are reduced by.

    Args:
        width: of the features.
        shape: of the layer that they are made of, without the batch; (channels, height, width)
            where it is a map. Features of as many numbers are taken to be that map, channel by
            channel; if they are not, what is kept of them is less, and more has to be compared.

    Returns:
        None where nothing is known that fits: then there are no few numbers that say enough.
    """
    if not is_wide(width):
        return Whole(width)
    fits = len(shape) == 3 and prod(shape) == width and min(shape[1:]) >= 3
    return LowFrequencies(shape[0], shape[1], shape[2]) if fits else None


def layer_of(kind: str) -> str:
    """Give the layer that a kind of features (`feature_kind`) was made of; may be empty."""
    return kind.partition("@")[0]


def tag_of(reduction: Reduction, collection: Collection) -> str:
    """Name lines: what they were reduced by, and the network that the features are of."""
    return f"{reduction.name}/{collection.model.hash}"


def reduction_of(tag: str) -> Reduction:
    """Give what `tag_of` has named.

    Raises:
        ValueError: it is no such name, or one of another version.
    """
    name, _, sizes = tag.partition("/")[0].partition(":")
    numbers = [int(each) for each in sizes.split("x")]
    for made in (Whole, LowFrequencies):
        with suppress(TypeError):
            if (found := made(*numbers)).name == f"{name}:{sizes}":
                return found
    raise ValueError("lines were made by something else")


def is_known(tag: str) -> bool:
    """Say whether `reduction_of` knows a name."""
    try:
        reduction_of(tag)
    except ValueError:
        return False
    return True

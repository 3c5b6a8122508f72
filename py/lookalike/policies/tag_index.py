"""Which photos carry which tag."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.policies.gaussian_process import Array
from lookalike.words import wording


class TagIndex:
    """The tags of numbered photos, for sums over all carriers of every tag at once."""

    def __init__(self) -> None:
        self.tags: list[str] = []
        self._number: dict[str, int] = {}
        self._used = 0
        self._tag = np.zeros(1024, np.intp)
        self._photo = np.zeros(1024, np.intp)

    def add(self, photo: int, tags: Sequence[str]) -> None:
        """Add a photo's tags. Those that ask for the same words are one."""
        numbers = {self._number_of(key, tag) for tag in tags if (key := wording(tag))}
        start, stop = self._used, self._used + len(numbers)
        if stop > len(self._tag):
            self._tag, self._photo = np.pad(self._tag, (0, stop)), np.pad(self._photo, (0, stop))
        self._tag[start:stop] = sorted(numbers)
        self._photo[start:stop] = photo
        self._used = stop

    def counts(self) -> NDArray[np.intp]:
        """Count the carriers of each tag."""
        return np.bincount(self._tag[: self._used], minlength=len(self.tags))

    def sums(self, values: Array) -> Array:
        """Sum `values`, one for each photo, over the carriers of each tag."""
        weights = values[self._photo[: self._used]]
        sums = np.bincount(self._tag[: self._used], weights, minlength=len(self.tags))
        return sums.astype(np.float64)

    def _number_of(self, key: str, tag: str) -> int:
        if key not in self._number:
            self._number[key] = len(self.tags)
            self.tags.append(tag)
        return self._number[key]

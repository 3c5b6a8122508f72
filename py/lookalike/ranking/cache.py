"""What has been fetched and computed, so that neither is done twice."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from lookalike.scorer.scorer import Feature

V = TypeVar("V")

MOST_BYTES = 64_000_000
"""Of thumbnails, and of features: what 1,000 of a layer as large as `conv_16_project` take."""


class LRU(Generic[V]):
    """A mapping that forgets what was used least recently.

    Args:
        size: how many entries are kept, or fewer where they are heavy.
        weigh: says how many bytes an entry takes.
        most: how many bytes the entries may take in all; the newest is kept whatever it takes.
    """

    def __init__(
        self, size: int, weigh: Callable[[V], int] = lambda _: 0, most: int = MOST_BYTES
    ) -> None:
        self._size, self._weigh, self._most = size, weigh, most
        self._entries: OrderedDict[object, V] = OrderedDict()
        self._bytes = 0

    def get(self, key: object) -> V | None:
        """Return the entry, or None."""
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
        self._bytes = 0

    def put(self, key: object, value: V) -> None:
        """Keep an entry."""
        if key in self._entries:
            self._bytes -= self._weigh(self._entries.pop(key))
        self._entries[key] = value
        self._bytes += self._weigh(value)
        while len(self._entries) > self._size or (
            self._bytes > self._most and len(self._entries) > 1
        ):
            _, forgotten = self._entries.popitem(last=False)
            self._bytes -= self._weigh(forgotten)


class Cache:
    """Thumbnails by photo, and features by all that they depend on, over many searches.

    That is the model, what of score.py describes, and the photo, whose id is unique among all
    sources. `outputs` are what a layer of the model gives, which words are compared with.

    Args:
        photos: how many photos are remembered. A thumbnail is some 30 kB and a feature of
            `conv_16_project` 63 kB, so 1,000 are about 93 MB; fewer are where a scorer makes
            features that are larger.
    """

    def __init__(self, photos: int = 1000) -> None:
        self.thumbnails: LRU[bytes] = LRU(photos, len)
        self.features: LRU[Feature] = LRU(photos, lambda feature: feature.nbytes)
        self.outputs: LRU[Feature] = LRU(photos, lambda output: output.nbytes)

    def clear(self) -> None:
        """Forget everything."""
        for part in (self.thumbnails, self.features, self.outputs):
            part.clear()

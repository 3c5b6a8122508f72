"""What has been fetched and computed, so that neither is done twice."""

from collections import OrderedDict
from typing import Generic, TypeVar

from lookalike.scorer import Feature

V = TypeVar("V")


class LRU(Generic[V]):
    """A mapping that forgets what was used least recently.

    Args:
        size: how many entries are kept.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[object, V] = OrderedDict()

    def get(self, key: object) -> V | None:
        """Return the entry, or None."""
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def put(self, key: object, value: V) -> None:
        """Keep an entry."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._size:
            self._entries.popitem(last=False)


class Cache:
    """Thumbnails by photo, and features by all that they depend on, over many searches.

    That is the model, what of score.py describes, and the photo, whose id is unique among all
    sources. `outputs` are what a layer of the model gives, which words are compared with.

    Args:
        photos: how many photos are remembered. A thumbnail is some 30 kB and a feature of
            `conv_16_project` 63 kB, so 1,000 are about 93 MB.
    """

    def __init__(self, photos: int = 1000) -> None:
        self.thumbnails: LRU[bytes] = LRU(photos)
        self.features: LRU[Feature] = LRU(photos)
        self.outputs: LRU[Feature] = LRU(photos)

"""A collection searched by words: those of its files' names and folders, and what is seen in it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from lookalike.collections.collection import Collection, Entry, top_classes
from lookalike.collections.store import Readable
from lookalike.collections.thumbnail import size_within
from lookalike.errors import SourceError
from lookalike.model.classes import first_synonym
from lookalike.model.model import BACKGROUND
from lookalike.photo import Photo
from lookalike.shown import shown
from lookalike.sources.source import Capabilities
from lookalike.words import is_unspaced, words

SURE = 0.2
"""So probable is a class that becomes a tag of its photo."""

LIKELY = 0.05
"""So probable is a class by whose name a photo is found, after those of which it is surer."""


def class_tags(entry: Entry, labels: Sequence[str], least: float = SURE) -> dict[str, float]:
    """Name what the network sees in a photo.

    Args:
        entry: the photo.
        labels: `ModelSpec.labels` of the network that described it.
        least: the least probability, in 0..1.

    Returns:
        The first synonym of each class, lower case, with its probability, best first.
    """
    found: dict[str, float] = {}
    for index, share in top_classes(entry.classes):
        if share >= least and index < len(labels):
            name = first_synonym(labels[index]).lower()
            if name and name != BACKGROUND:
                found.setdefault(name, share)
    return found


def photo_of(collection: Collection, entry: Entry, labels: Sequence[str] = ()) -> Photo:
    """Give a photo of a collection as a search shows it.

    Its tags are the words of its path, then what the network is sure to see in it. It was
    "uploaded" when its file was changed.

    Args:
        collection, entry: the photo.
        labels: see `class_tags`.
    """
    width, height = size_within(entry.width, entry.height)
    return Photo(
        entry.id,
        shown(entry.name),
        tuple(dict.fromkeys([*entry.tags, *class_tags(entry, labels)])),
        width=width,
        height=height,
        uploaded=entry.modified or None,
        source=collection.source_name,
        full_width=entry.width,
        full_height=entry.height,
    )


class CollectionSource:
    """A `lookalike.sources.source.Source` of own photos.

    A source is synchronous, and most stores are not: so the texts of all entries are in memory,
    some 500 bytes a photo, and thumbnails come from a function that must not wait.

    Args:
        collection: what is searched.
        entries: all of its photos.
        thumbnail: gives one by its photo's id, or None: `CollectionFile.thumbnail`, or what
            `prefetched` makes of another store.
        labels: see `class_tags`.
    """

    def __init__(
        self,
        collection: Collection,
        entries: Iterable[Entry],
        thumbnail: Callable[[str], bytes | None],
        labels: Sequence[str] = (),
    ) -> None:
        self._collection, self._labels, self._thumbnail = collection, labels, thumbnail
        self._entries = {entry.id: entry for entry in entries}
        self._index: dict[str, dict[str, float]] = {}
        for entry in self._entries.values():
            for word, weight in self._words(entry):
                rows = self._index.setdefault(word, {})
                rows[entry.id] = max(weight, rows.get(entry.id, 0.0))

    @property
    def can(self) -> Capabilities:
        """What it can do."""
        return Capabilities(
            self._collection.source_name, self._collection.name, dates=True, per_call=100
        )

    def search(self, query: str, limit: int, before: int | None) -> list[Photo]:
        """Find photos by words: the more of them a photo has, the earlier it comes.

        A word of its path counts 1, one of a class its probability. Of equal ones, the path that
        sorts first comes first.
        """
        totals: dict[str, float] = {}
        for word in dict.fromkeys(words(query)):
            for name, weight in self._found(word).items():
                if before is None or self._entries[name].modified < before:
                    totals[name] = totals.get(name, 0.0) + weight
        best = sorted(totals, key=lambda name: (-totals[name], name))[:limit]
        return [photo_of(self._collection, self._entries[name], self._labels) for name in best]

    def _found(self, word: str) -> dict[str, float]:
        if not is_unspaced(word):
            return self._index.get(word, {})
        found: dict[str, float] = {}
        for longer, rows in self._index.items():
            if word in longer:
                found |= {name: max(weight, found.get(name, 0.0)) for name, weight in rows.items()}
        return found

    def thumbnail(self, photo: Photo) -> bytes:
        """Give a photo's thumbnail, a JPEG file.

        Raises:
            SourceError: it is no longer there.
        """
        found = self._thumbnail(photo.id)
        if found is None:
            raise SourceError(f"{photo.title} is no longer in the collection.")
        return found

    def _words(self, entry: Entry) -> Iterator[tuple[str, float]]:
        yield from ((word, 1.0) for tag in entry.tags for word in words(tag))
        for name, share in class_tags(entry, self._labels, LIKELY).items():
            yield from ((word, share) for word in words(name))


async def prefetched(store: Readable, collection: str) -> Callable[[str], bytes | None]:
    """Read all thumbnails of a collection into memory, some 10 kB each; give what looks them up.

    Raises:
        StoreError: they cannot be read.
    """
    found: dict[str, bytes] = {}
    async for entries in store.entries(collection):
        found |= await store.thumbnails(collection, [entry.id for entry in entries])
    return found.get

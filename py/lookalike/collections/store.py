"""The seam between collections and where they are kept."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from lookalike.collections.collection import Batch, Collection, Features, Lines, PhotoEntry, Usage
from lookalike.errors import LookalikeError


class StoreError(LookalikeError):
    """The store could not do what was asked; it is as it was before."""

    code = "store"


class StoreFull(StoreError):
    """The disk, or the browser's share of it, has no room; what was stored before still is."""

    code = "store-full"
    default_advice = (
        "Free space on this disk, delete a collection you no longer need, or remove photos from "
        "one; then add the same photos again: those that are in are skipped."
    )


class StoreBroken(StoreError):
    """What is stored cannot be read, or nothing can be stored at all."""

    code = "store-broken"
    default_advice = (
        "Reload the page. If it happens again, delete this collection and make it again from its "
        "photos, or open the .lookalike file that you exported."
    )


class StoreRefused(StoreError):
    """The browser is told to keep nothing for this page."""

    code = "store-refused"
    default_advice = (
        "Allow cookies and site data for this site in the browser’s settings, or leave its private "
        "mode; then reload the page."
    )


class CollectionGone(StoreError):
    """The collection has been deleted, in another tab perhaps, or has expired."""

    code = "collection-gone"
    default_advice = "Choose another collection, or make this one again."


class Readable(Protocol):
    """What searching a collection needs.

    Every method that takes a collection's id raises `CollectionGone` where there is no such
    collection, and `StoreBroken` where what it finds is not what was stored.
    """

    async def collections(self) -> list[Collection]:
        """List all collections, the oldest first; those that have expired as well."""

    def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:
        """Give all entries, some hundred at a time, each once, in an order that stays the same."""

    def features(self, collection: str, kind: str) -> AsyncIterator[Features]:
        """Give one kind of features of all entries that have them, each once, in blocks.

        A block is of any size from one row to some ten megabytes; all have the same width. Wide
        ones may have been rounded to 8 bits a number (`packing`). Nothing
        is given where no entry has this kind. What is removed or replaced while this goes on may
        be given as it was or as it is, never a mixture within one row.
        """

    async def ids(self, collection: str, kind: str) -> list[str]:
        """List the entries that have features of a kind."""

    async def thumbnails(self, collection: str, ids: Sequence[str]) -> dict[str, bytes]:
        """Give thumbnails by their entries' ids; ids that there are not are left out."""

    async def usage(self, collection: str) -> Usage:
        """Say what a collection holds and takes."""


class Growing(Protocol):
    """What indexing needs: a collection that photos are added to."""

    def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:
        """See `Readable.entries`."""

    async def add(self, collection: str, batch: Batch) -> None:
        """Add photos.

        An entry that has the id of one which is there takes its place: its thumbnail and its
        features of every kind are the batch's alone. When this returns, the batch is stored as
        surely as the store can; when it raises, or the process or tab dies meanwhile, the whole
        batch is in the store or nothing of it. Readers never see a part of it.

        Raises:
            StoreFull: there is no room; nothing was added.
        """

    async def update(self, collection: str, entries: Sequence[PhotoEntry]) -> None:
        """Put entries in place of those of the same ids, and keep thumbnails and features.

        All or nothing, as `add`. An entry whose id is not there is left out.
        """


class Describable(Readable, Protocol):
    """What describing a collection again needs."""

    async def add(self, collection: str, batch: Batch) -> None:
        """See `Growing.add`."""

    async def add_features(self, collection: str, features: Features) -> None:
        """Add, or replace, one kind of features of entries that are there; others are left out.

        Raises:
            StoreFull: there is no room; nothing was added.
        """

    async def change(self, collection: Collection) -> None:
        """Put a collection's name, expiry, model and scorer in place of what they were.

        To rename one: `change(dataclasses.replace(collection, name="…"))`. Photos stay.
        """


class Searchable(Describable, Protocol):
    """What searching a collection that memory cannot hold needs."""

    async def picked(self, collection: str, ids: Sequence[str]) -> dict[str, PhotoEntry]:
        """Give entries by their ids; ids that there are not are left out."""

    async def rows(self, collection: str, kind: str, ids: Sequence[str]) -> Features:
        """Give features of these entries; those that have none of the kind are left out."""

    def lines(self, collection: str, kind: str, tag: str) -> AsyncIterator[Lines]:
        """Give the lines that were added for features of a kind, in blocks, oldest first.

        A photo's lines count as they are given last; those of none say that it, or its features of
        this kind, were removed or replaced after what was given before.
        """

    async def renew(self, collection: str, features: Features) -> None:
        """Store features that were given by `rows` as they would be stored today, if they are not.

        Wide ones are kept in 8 bits a number (`packing`), which older versions did not do.
        """

    async def add_lines(self, collection: str, kind: str, tag: str, lines: Lines) -> None:
        """Add lines of a sketch (`near`); those of photos without such features are left out.

        Args:
            collection, kind: what features they are of.
            tag: says how they were made.
            lines: of photos whose lines are missing or no longer valid.

        Raises:
            StoreFull: there is no room; nothing was added.
        """

    async def drop_lines(self, collection: str, kind: str) -> None:
        """Remove all lines of features of a kind."""


class Store(Searchable, Growing, Protocol):
    """Where collections are kept.

    What any store guarantees, whatever happens between two of its operations:

    - Each method is one transaction: when it raises or is interrupted, nothing of it was done.
    - Ids of collections are unique, names are not. Within a collection, ids of entries are.
    - Several tabs, or programs, may use one store at once. Their operations come one after another
      in some order, and none sees another half done. Whoever writes last wins: an entry added in
      two tabs is there once, as one of them wrote it. What one tab deletes is gone for the other,
      whose next operation raises `CollectionGone`; it never comes back by a later `add`.
    - Nothing is kept in memory that another tab may change: each call reads what is stored.
    - A corrupt entry, block or collection raises `StoreBroken` when it is read, and stops neither
      `collections` nor what concerns other collections; `delete` works on it.
    """

    async def create(self, collection: Collection) -> None:
        """Add an empty collection.

        Raises:
            ValueError: its id is taken.
            StoreFull: there is no room.
        """

    async def delete(self, collection: str) -> None:
        """Delete a collection and all that it holds; nothing happens where it is gone already."""

    async def expire(self, now: float) -> list[Collection]:
        """Delete the collections that have expired by Unix time `now`, and give them."""

    async def remove(self, collection: str, ids: Sequence[str]) -> int:
        """Remove entries, with their thumbnails and all their features.

        Returns:
            How many were there.
        """

    async def drop_features(self, collection: str, kind: str) -> None:
        """Remove one kind of features of all entries, and their lines."""


async def collection_of(store: Readable, name: str) -> Collection:
    """Give the collection of this id.

    Raises:
        CollectionGone: there is none.
        StoreError: the store cannot be read.
    """
    for collection in await store.collections():
        if collection.id == name:
            return collection
    raise CollectionGone("This collection is no longer there.")

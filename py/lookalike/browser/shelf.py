"""The `Store` in a browser: IndexedDB, by way of site/js/shelf/shelf.js."""

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from js import Object
from pyodide.ffi import JsException, jsnull, to_js

from lookalike.browser.records import (
    collection_record,
    entry_record,
    items,
    read_collection,
    read_entry,
)
from lookalike.collections.collection import Batch, Collection, Entry, Features, Usage
from lookalike.collections.store import (
    CollectionGone,
    StoreBroken,
    StoreError,
    StoreFull,
    StoreRefused,
)

T = TypeVar("T")

ENTRIES = 500
"""Entries given at a time."""

BLOCK = 8_000_000
"""Bytes of features given at a time, about."""


class Shelf:
    """Collections in this browser; the page and other tabs have shelves of the same.

    Args:
        shelf: a `Shelf` of site/js/shelf/shelf.js.
    """

    def __init__(self, shelf: Any) -> None:  # noqa: ANN401 - JavaScript
        self._shelf = shelf

    async def collections(self) -> list[Collection]:
        """See `Store`; a collection whose own record is damaged is left out."""
        listed = await _done(self._shelf.list())
        records = [_python(each.collection) for each in listed]
        return [read_collection(record) for record in records if record is not None]

    async def create(self, collection: Collection) -> None:
        """See `Store`."""
        await _done(self._shelf.create(_javascript(collection_record(collection))))

    async def change(self, collection: Collection) -> None:
        """See `Store`."""
        record = collection_record(collection)
        changes = {name: record[name] for name in ("name", "expires", "model", "measure")}
        await _done(self._shelf.change(collection.id, _javascript(changes)))

    async def delete(self, collection: str) -> None:
        """See `Store`."""
        await _done(self._shelf.delete(collection))

    async def expire(self, now: float) -> list[Collection]:
        """See `Store`."""
        gone = [each for each in await self.collections() if each.expired(now)]
        for each in gone:
            await self.delete(each.id)
        return gone

    async def add(self, collection: str, batch: Batch) -> None:
        """See `Growing`."""
        await _done(self._shelf.add(collection, _javascript(items(batch))))

    async def update(self, collection: str, entries: Sequence[Entry]) -> None:
        """See `Growing`."""
        records = [entry_record(entry) for entry in entries]
        await _done(self._shelf.update(collection, _javascript(records)))

    async def remove(self, collection: str, ids: Sequence[str]) -> int:
        """See `Store`."""
        removed: int = await _done(self._shelf.remove(collection, to_js([*ids])))
        return removed

    async def add_features(self, collection: str, features: Features) -> None:
        """See `Store`."""
        if features.ids:
            block = to_js(features.matrix.astype("<f2").tobytes())
            ids = to_js([*features.ids])
            await _done(self._shelf.addVectors(collection, features.kind, ids, block))

    async def drop_features(self, collection: str, kind: str) -> None:
        """See `Store`."""
        await _done(self._shelf.dropVectors(collection, kind))

    async def entries(self, collection: str) -> AsyncIterator[Sequence[Entry]]:
        """See `Readable`."""
        await _done(self._shelf.get(collection))
        after = None
        while True:
            records = _python(await _done(self._shelf.entries(collection, after, ENTRIES)))
            if not records:
                return
            yield [read_entry(record) for record in records]
            after = records[-1]["id"]

    async def features(self, collection: str, kind: str) -> AsyncIterator[Features]:
        """See `Readable`."""
        await _done(self._shelf.get(collection))
        after, rows = None, 32  # few at first, as nobody knows how wide they are
        while True:
            block = await _done(self._shelf.vectors(collection, kind, after, rows))
            ids: Sequence[str] = block.ids.to_py()
            if not ids:
                return
            values = block.bytes.to_py()
            yield Features(kind, ids, np.frombuffer(values, "<f2").reshape(len(ids), -1))
            after = ids[-1]
            rows = max(1, BLOCK * len(ids) // len(values))

    async def thumbnails(self, collection: str, ids: Sequence[str]) -> dict[str, bytes]:
        """See `Readable`."""
        await _done(self._shelf.get(collection))
        found = await _done(self._shelf.thumbnails(collection, to_js([*ids])))
        given = zip(ids, found, strict=True)
        return {each: one.to_bytes() for each, one in given if one is not jsnull}

    async def usage(self, collection: str) -> Usage:
        """See `Readable`."""
        record = await _done(self._shelf.get(collection))
        kinds = _python(await _done(self._shelf.kinds(collection)))
        return Usage(record.count, record.bytes, dict(kinds))


async def _done(promise: Awaitable[T]) -> T:
    """Wait for the shelf.

    Raises:
        StoreError: it could not do it.
        ValueError: there is such a collection already.
    """
    try:
        return await promise
    except JsException as error:
        raise _failure(error.name, error.message) from error


def _failure(name: str, message: str) -> StoreError | ValueError:
    if name == "QuotaExceededError":
        return StoreFull("This browser has no room left for the photos.")
    if name == "Gone":
        return CollectionGone("This collection is no longer there.")
    if name == "Broken":
        return StoreBroken(f"This collection is damaged: {message}.")
    if name == "SecurityError":
        return StoreRefused("This browser lets this page keep nothing.")
    if name == "ConstraintError":
        return ValueError(message)
    return StoreBroken(f"This browser’s store could not be used ({name}: {message}).")


def _javascript(value: object) -> Any:  # noqa: ANN401 - JavaScript
    return to_js(_nulls(value), dict_converter=Object.fromEntries)


def _nulls(value: object) -> object:
    """Pyodide makes undefined of None."""
    if isinstance(value, Mapping):
        return {name: _nulls(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_nulls(item) for item in value]
    return jsnull if value is None else value


def _python(value: Any) -> Any:  # noqa: ANN401 - JavaScript
    return _without_nulls(value.to_py()) if hasattr(value, "to_py") else None


def _without_nulls(value: Any) -> Any:  # noqa: ANN401 - records
    if isinstance(value, dict):
        return {name: None if item is jsnull else item for name, item in value.items()}
    return value

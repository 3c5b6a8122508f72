"""The `Store` in a browser: IndexedDB, by way of site/js/shelf/shelf.js."""

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from js import Object
from pyodide.ffi import JsException, jsnull, to_js

from lookalike.browser.shelf_records import (
    PACKED,
    collection_record,
    entry_record,
    failure,
    items,
    read_collection,
    read_entry,
    read_from,
    stored_as,
)
from lookalike.collections.collection import (
    Batch,
    Collection,
    Features,
    Lines,
    Matrix,
    PhotoEntry,
    Usage,
    stacked,
)
from lookalike.collections.packing import is_wide
from lookalike.collections.store import StoreBroken

T = TypeVar("T")

ENTRIES = 500
"""Entries given at a time."""

BLOCK = 8_000_000
"""Bytes of features given at a time, about."""

LINES = 64
"""Blocks of lines given at a time."""


class Shelf:
    """Collections in this browser; the page and other tabs have shelves of the same.

    Args:
        shelf: a `Shelf` of site/js/shelf/shelf.js.
    """

    def __init__(self, shelf: Any) -> None:  # noqa: ANN401 - JavaScript
        self._shelf = shelf
        self._old: set[tuple[str, str]] = set()  # photos whose wide features are as float16

    async def collections(self) -> list[Collection]:
        """See `Store`; a collection whose own record is damaged is left out."""
        listed = await _done(self._shelf.list())
        records = [_python(each.collection) for each in listed]
        return [read_collection(record) for record in records if record is not None]

    async def create(self, collection: Collection) -> None:
        await _done(self._shelf.create(_javascript(collection_record(collection))))

    async def change(self, collection: Collection) -> None:
        record = collection_record(collection)
        changes = {name: record[name] for name in ("name", "expires", "model", "measure")}
        await _done(self._shelf.change(collection.id, _javascript(changes)))

    async def delete(self, collection: str) -> None:
        await _done(self._shelf.delete(collection))

    async def expire(self, now: float) -> list[Collection]:
        gone = [each for each in await self.collections() if each.expired(now)]
        for each in gone:
            await self.delete(each.id)
        return gone

    async def add(self, collection: str, batch: Batch) -> None:
        await _done(self._shelf.add(collection, _javascript(items(batch))))

    async def update(self, collection: str, entries: Sequence[PhotoEntry]) -> None:
        records = [entry_record(entry) for entry in entries]
        await _done(self._shelf.update(collection, _javascript(records)))

    async def remove(self, collection: str, ids: Sequence[str]) -> int:
        removed: int = await _done(self._shelf.remove(collection, to_js([*ids])))
        return removed

    async def add_features(self, collection: str, features: Features) -> None:
        if features.ids:
            kind, ids = features.kind, to_js([*features.ids])
            stored, block = stored_as(kind, features.matrix)
            await _done(self._shelf.addVectors(collection, stored, ids, to_js(block), kind))

    async def renew(self, collection: str, features: Features) -> None:
        old = [row for row, each in enumerate(features.ids) if (collection, each) in self._old]
        if old:
            ids = [features.ids[row] for row in old]
            await self.add_features(collection, Features(features.kind, ids, features.matrix[old]))
            self._old -= {(collection, each) for each in ids}

    async def add_lines(self, collection: str, kind: str, tag: str, lines: Lines) -> None:
        if lines.ids:
            block, kinds = to_js(lines.matrix.tobytes()), to_js([kind + PACKED, kind])
            ids = to_js([*lines.ids])
            await _done(self._shelf.addLines(collection, kind, tag, ids, block, kinds))

    async def drop_lines(self, collection: str, kind: str) -> None:
        await _done(self._shelf.dropLines(collection, kind))

    async def drop_features(self, collection: str, kind: str) -> None:
        await _done(self._shelf.dropVectors(collection, kind + PACKED))
        await _done(self._shelf.dropVectors(collection, kind))

    async def entries(self, collection: str) -> AsyncIterator[Sequence[PhotoEntry]]:
        await _done(self._shelf.get(collection))
        after = None
        while True:
            records = _python(await _done(self._shelf.entries(collection, after, ENTRIES)))
            if not records:
                return
            yield [read_entry(record) for record in records]
            after = records[-1]["id"]

    async def picked(self, collection: str, ids: Sequence[str]) -> dict[str, PhotoEntry]:
        await _done(self._shelf.get(collection))
        records = _python(await _done(self._shelf.picked(collection, to_js([*ids]))))
        return {record["id"]: read_entry(_without_nulls(record)) for record in records}

    async def ids(self, collection: str, kind: str) -> list[str]:
        await _done(self._shelf.get(collection))
        found: dict[str, None] = {}
        for stored in (kind + PACKED, kind):
            listed = await _done(self._shelf.photosWith(collection, stored))
            found.update(dict.fromkeys(listed.to_py()))
        return list(found)

    async def rows(self, collection: str, kind: str, ids: Sequence[str]) -> Features:
        await _done(self._shelf.get(collection))
        kinds = to_js([kind + PACKED, kind])
        given = await _done(self._shelf.rows(collection, kinds, to_js([*ids])))
        found: dict[str, Matrix] = {}
        for part in given:
            some = part.ids.to_py()
            if some:
                found.update(zip(some, read_from(part.kind, some, part.bytes.to_py()), strict=True))
            if part.kind == kind and some and is_wide(len(found[some[0]])):
                self._old |= {(collection, each) for each in some}
        there = [each for each in ids if each in found]
        return Features(kind, there, stacked([found[each] for each in there]))

    async def lines(self, collection: str, kind: str, tag: str) -> AsyncIterator[Lines]:
        await _done(self._shelf.get(collection))
        number: int | None = 0
        while True:
            given = await _done(self._shelf.lines(collection, kind, tag, number, LINES))
            number = given.next
            if not isinstance(number, int):
                return
            for block in given.blocks:
                ids = block.ids.to_py()
                values = np.frombuffer(block.bytes.to_py(), np.uint8)
                if len(values) % len(ids):
                    raise StoreBroken("This collection is damaged: lines have a wrong size.")
                yield Lines(ids, values.reshape(len(ids), -1))

    async def features(self, collection: str, kind: str) -> AsyncIterator[Features]:
        await _done(self._shelf.get(collection))
        given: set[str] = set()
        async for block in self._stored(collection, kind + PACKED, kind):
            given.update(block.ids)
            yield block
        async for block in self._stored(collection, kind, kind):
            # One that was stored again meanwhile has been given.
            rows = [row for row, each in enumerate(block.ids) if each not in given]
            if rows:
                yield Features(kind, [block.ids[row] for row in rows], block.matrix[rows])

    async def _stored(self, collection: str, stored: str, kind: str) -> AsyncIterator[Features]:
        after, rows = None, 32  # few at first, as nobody knows how wide they are
        while True:
            block = await _done(self._shelf.vectors(collection, stored, after, rows))
            ids: Sequence[str] = block.ids.to_py()
            if not ids:
                return
            values = block.bytes.to_py()
            yield Features(kind, ids, read_from(stored, ids, values))
            after = ids[-1]
            rows = max(1, BLOCK * len(ids) // len(values))

    async def thumbnails(self, collection: str, ids: Sequence[str]) -> dict[str, bytes]:
        await _done(self._shelf.get(collection))
        found = await _done(self._shelf.thumbnails(collection, to_js([*ids])))
        given = zip(ids, found, strict=True)
        return {each: one.to_bytes() for each, one in given if one is not jsnull}

    async def usage(self, collection: str) -> Usage:
        record = await _done(self._shelf.get(collection))
        kinds = _python(await _done(self._shelf.kinds(collection)))
        counts: dict[str, int] = {}
        for stored, count in kinds:
            kind = stored.removesuffix(PACKED)
            counts[kind] = counts.get(kind, 0) + count
        return Usage(record.count, record.bytes, counts)


async def _done(promise: Awaitable[T]) -> T:
    """Wait for the shelf.

    Raises:
        lookalike.collections.store.StoreError: it could not do it.
        ValueError: there is such a collection already.
    """
    try:
        return await promise
    except JsException as error:
        raise failure(error.name, error.message) from error


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

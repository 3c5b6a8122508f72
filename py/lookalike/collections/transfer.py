"""Collections to and from `.lookalike` files."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from lookalike.collections.collection import Batch, Collection, new_id
from lookalike.collections.lookalike_file import Writer
from lookalike.collections.opened_file import CollectionFile
from lookalike.collections.store import Readable, Store, collection_of

PATIENCE = 3600
"""Seconds after which what an interrupted import has left behind deletes itself."""


async def write_collection(
    store: Readable,
    collection: Collection,
    file: BinaryIO,
    layers: Mapping[str, Sequence[int]] | None = None,
) -> AsyncIterator[int]:
    """Write a collection to a `.lookalike` file, block by block.

    Args:
        store, collection: where it is.
        file: what it is written to.
        layers: see `Writer`.

    Yields:
        How many photos are written so far, after each block.

    Raises:
        StoreError: it cannot be read.
        OSError: the file cannot be written.
    """
    writer, count = Writer(file, collection, layers), 0
    async for entries in store.entries(collection.id):
        found = await store.thumbnails(collection.id, [entry.id for entry in entries])
        # One may have been removed in another tab since.
        there = [entry for entry in entries if entry.id in found]
        writer.add(Batch(there, [found[entry.id] for entry in there]))
        count += len(there)
        yield count
    for kind in (await store.usage(collection.id)).features:
        async for features in store.features(collection.id, kind):
            writer.add_features(features)
            yield count
    writer.close()


async def read_collection(
    file: CollectionFile,
    store: Store,
    now: int,
    name: str | None = None,
    collection_id: str | None = None,
    expires: int | None = None,
) -> AsyncIterator[tuple[Collection, float]]:
    """Add the collection of a `.lookalike` file to a store, under an id of its own.

    All of the file is verified first. Until all is in, the collection has an expiry, so that
    nothing half imported stays even if this is interrupted for good; should it fail, it is deleted.

    Args:
        file: what is read.
        store: what it is added to.
        now: Unix time in seconds.
        name: what to call it instead.
        collection_id: the id that it is to have; a new one where none is given.
        expires: when it is to be deleted; None for never. A name or an expiry that a person gives
            it meanwhile holds.

    Yields:
        The collection, and how far it is, in 0..1; it is complete at 1.

    Raises:
        BadCollectionFile: the file is damaged; nothing was added.
        StoreError: there is no room, or it cannot be stored; nothing is left of it.
    """
    collection = replace(
        file.collection, id=collection_id or new_id(), name=name or file.collection.name
    )
    steps = 2 * file.parts + 1
    for done, _ in enumerate(file.verify()):
        yield collection, done / steps
        await asyncio.sleep(0)
    interim = now + PATIENCE
    await store.create(replace(collection, expires=interim))
    try:
        done = file.parts
        source = file.collection.id
        async for entries in file.entries(source):
            ids = [entry.id for entry in entries]
            found = await file.thumbnails(source, ids)
            await store.add(collection.id, Batch(entries, [found[each] for each in ids]))
            done += 2
            yield collection, done / steps
        for kind in file.kinds:
            async for features in file.features(source, kind):
                await store.add_features(collection.id, features)
                done += 1
                yield collection, done / steps
            async for lines in file.lines(source, kind, file.tag(kind)):
                await store.add_lines(collection.id, kind, file.tag(kind), lines)
        there = await collection_of(store, collection.id)
        collection = replace(there, expires=expires if there.expires == interim else there.expires)
        await store.change(collection)
    except BaseException:
        await store.delete(collection.id)
        raise
    yield collection, 1.0

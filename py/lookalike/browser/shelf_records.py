"""Collections and their photos as the shelf keeps them: site/js/shelf/records.js has the same."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lookalike.collections.collection import Batch, Collection, Matrix, ModelId, PhotoEntry
from lookalike.collections.json_records import OPTIONAL
from lookalike.collections.packing import is_wide, pack, unpack
from lookalike.collections.store import (
    CollectionGone,
    StoreBroken,
    StoreError,
    StoreFull,
    StoreRefused,
)

PACKED = "|8"
"""Ends the kind that wide features are stored under, which is one of their own."""

Record = dict[str, Any]
"""Plain dicts, lists, strings, numbers, bytes and None."""


def collection_record(collection: Collection) -> Record:
    """Write down a collection, without what is counted by the shelf."""
    return {
        "id": collection.id,
        "name": collection.name,
        "created": collection.created,
        "expires": collection.expires,
        "model": _model_record(collection.model),
        "measure": collection.kind,
    }


def read_collection(record: Mapping[str, Any]) -> Collection:
    """Read what `collection_record` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is something else.
    """
    expires = record["expires"]
    return Collection(
        id=record["id"],
        name=record["name"],
        created=int(record["created"]),
        model=_read_model(record["model"]),
        kind=record["measure"],
        expires=None if expires is None else int(expires),
    )


def entry_record(entry: PhotoEntry) -> Record:
    """Write down what is known of a photo."""
    return {
        "id": entry.id,
        "size": entry.size,
        "modified": entry.modified,
        "digest": entry.digest,
        "width": entry.width,
        "height": entry.height,
        "tags": list(entry.tags),
        "classes": entry.classes,
        "model": _model_record(entry.model),
        **{name: getattr(entry, name) for name in OPTIONAL},
    }


def read_entry(record: Mapping[str, Any]) -> PhotoEntry:
    """Read what `entry_record` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is something else.
    """
    return PhotoEntry(
        id=record["id"],
        size=int(record["size"]),
        modified=int(record["modified"]),
        digest=record["digest"],
        width=int(record["width"]),
        height=int(record["height"]),
        tags=tuple(record["tags"]),
        classes=bytes(record["classes"]),
        model=_read_model(record["model"]),
        # Those kept by an earlier version have none.
        **{name: str(record.get(name) or "") for name in OPTIONAL},
    )


def items(batch: Batch) -> list[Record]:
    """Write down the photos of a batch, each with its thumbnail and a vector of each kind."""
    stored = [stored_as(kind, matrix) for kind, matrix in batch.features.items()]
    return [
        {
            "entry": entry_record(entry),
            "thumbnail": batch.thumbnails[row],
            "vectors": {kind: _row(block, row, len(batch.entries)) for kind, block in stored},
        }
        for row, entry in enumerate(batch.entries)
    ]


def _row(block: bytes, row: int, count: int) -> bytes:
    size = len(block) // count
    return block[row * size : (row + 1) * size]


def stored_as(kind: str, matrix: Matrix) -> tuple[str, bytes]:
    """Give what features are stored under, and as what: wide ones in 8 bits a number."""
    if is_wide(matrix.shape[1]):
        return kind + PACKED, pack(matrix).tobytes()
    return kind, matrix.astype("<f2").tobytes()


def read_from(stored: str, ids: Sequence[str], values: Any) -> Matrix:  # noqa: ANN401 - a buffer
    """Give features of what is stored under a kind of `stored_as`, one after another."""
    if stored.endswith(PACKED):
        return unpack(np.frombuffer(values, np.uint8).reshape(len(ids), -1))
    return np.frombuffer(values, "<f2").reshape(len(ids), -1)


def _model_record(model: ModelId) -> Record:
    return {"name": model.name, "hash": model.hash}


def _read_model(record: Mapping[str, Any]) -> ModelId:
    return ModelId(record["name"], record["hash"])


def failure(name: str, message: str) -> StoreError | ValueError:
    """Say what it means that the shelf failed, by the name of its error.

    Only what is not as it was written is damage. Where a browser did not give it, as when another
    tab has closed the store, it is there as before.
    """
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
    return StoreError(
        f"This browser’s store could not be used ({name}: {message}).",
        "Reload the page, then try again.",
    )

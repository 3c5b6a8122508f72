"""Collections and their photos as the shelf keeps them: site/js/shelf/records.js has the same."""

from collections.abc import Mapping
from typing import Any

from lookalike.collections.collection import Batch, Collection, Entry, ModelId
from lookalike.collections.records import OPTIONAL

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
        "measure": collection.measure,
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
        measure=record["measure"],
        expires=None if expires is None else int(expires),
    )


def entry_record(entry: Entry) -> Record:
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


def read_entry(record: Mapping[str, Any]) -> Entry:
    """Read what `entry_record` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is something else.
    """
    return Entry(
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
    return [
        {
            "entry": entry_record(entry),
            "thumbnail": batch.thumbnails[row],
            "vectors": {
                kind: matrix[row].astype("<f2").tobytes() for kind, matrix in batch.features.items()
            },
        }
        for row, entry in enumerate(batch.entries)
    ]


def _model_record(model: ModelId) -> Record:
    return {"name": model.name, "hash": model.hash}


def _read_model(record: Mapping[str, Any]) -> ModelId:
    return ModelId(record["name"], record["hash"])

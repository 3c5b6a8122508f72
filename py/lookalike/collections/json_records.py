"""Collections and entries as JSON, in `.lookalike` files."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

from lookalike.collections.collection import TOP, Collection, ModelId, PhotoEntry, top_classes
from lookalike.sources.reading import LARGEST
from lookalike.text.path_words import clean_path

Json = Mapping[str, Any]

OPTIONAL = ("given", "origin", "sample")
"""What an entry may have, and is left out where it is empty."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def to_text(value: object, indent: int | None = None) -> str:
    """Write JSON that can be encoded as UTF-8, whatever the names in it.

    Lone surrogates, which stand for bytes that are no text in names of files, are escaped.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def collection_to_json(collection: Collection) -> dict[str, Any]:
    """Write a collection down, without its expiry: that belongs to where it is kept."""
    return {
        "id": collection.id,
        "name": collection.name,
        "created": collection.created,
        "model": model_to_json(collection.model),
        "measure": collection.kind,
    }


def collection_from_json(data: Json) -> Collection:
    """Read a collection.

    Raises:
        ValueError, KeyError, TypeError: it is not what `collection_to_json` writes.
    """
    return Collection(
        _text(data["id"]),
        _text(data["name"]),
        _whole(data["created"]),
        model_from_json(data["model"]),
        _text(data["measure"]),
    )


def model_to_json(model: ModelId) -> dict[str, str]:
    """Write down which network it was."""
    return {"name": model.name, "hash": model.hash}


def model_from_json(data: Json) -> ModelId:
    """Read which network it was.

    Raises:
        ValueError, KeyError, TypeError: it is not what `model_to_json` writes.
    """
    return ModelId(_text(data["name"]), _text(data["hash"]))


def entry_to_json(entry: PhotoEntry, model: ModelId) -> dict[str, Any]:
    """Write an entry down; its network only where it is not the collection's."""
    data: dict[str, Any] = {
        "id": entry.id,
        "size": entry.size,
        "modified": entry.modified,
        "sha256": entry.digest,
        "width": entry.width,
        "height": entry.height,
        "tags": list(entry.tags),
        "classes": base64.b64encode(entry.classes).decode("ascii"),
    }
    data |= {name: value for name in OPTIONAL if (value := getattr(entry, name))}
    return data if entry.model == model else {**data, "model": model_to_json(entry.model)}


def entry_from_json(data: Json, model: ModelId) -> PhotoEntry:
    """Read an entry.

    Args:
        data: as `entry_to_json` writes it.
        model: the collection's.

    Raises:
        ValueError, KeyError, TypeError: it is something else.
    """
    if clean_path(_text(data["id"])) != data["id"]:
        raise ValueError("an entry's path leads out of its folder")
    try:
        classes = base64.b64decode(_text(data["classes"]), validate=True)
    except binascii.Error:
        raise ValueError("an entry's classes are no base64") from None
    if len(top_classes(classes)) > TOP:
        raise ValueError("an entry has too many classes")
    return PhotoEntry(
        data["id"],
        _whole(data["size"]),
        _whole(data["modified"]),
        _text(data["sha256"]),
        _whole(data["width"]),
        _whole(data["height"]),
        tuple(map(_text, data["tags"])),
        classes,
        model_from_json(data["model"]) if "model" in data else model,
        **{name: _text(data[name]) for name in OPTIONAL if name in data},
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no whole number")
    if not -LARGEST <= value <= LARGEST:
        raise ValueError("a number is too large")
    return value

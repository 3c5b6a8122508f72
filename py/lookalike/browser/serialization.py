"""Reading what the page sends and writing what is sent to it, as plain values."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from lookalike.browser.protocol import (
    FROM_PAGE,
    TO_PAGE,
    KeptResult,
    Message,
    MessageToPage,
    Upload,
)
from lookalike.browser.settings import Settings
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.ranking.query_photo import QueryPhoto

_NAMES = {cls: name for name, cls in TO_PAGE.items()}

_FIELDS: dict[type, tuple[str, ...]] = {}
"""The names of the fields of what has been sent."""

_PLAIN = frozenset({str, int, float, bool, bytes})
"""What most values are, so that they are told at a glance: a search tells of every photo."""


def read(data: dict[str, Any]) -> Message:
    """Make the message of what the page sent.

    Raises:
        KeyError: it is not one of `FROM_PAGE`, or a field is missing.
        ValueError: a crop is not four numbers, or a filter is none of those there are.
        TypeError: a value is of another kind than it should be.
    """
    cls: Callable[..., Message] = FROM_PAGE[data["type"]]
    values = {field.name: data[field.name] for field in fields(FROM_PAGE[data["type"]])}
    if "settings" in values:
        values["settings"] = _settings(values["settings"])
    if "queries" in values:
        values["queries"] = [_query(query) for query in values["queries"]]
    if "results" in values:
        values["results"] = [_kept(result) for result in values["results"]]
    if "image" in values:
        values["image"] = bytes(values["image"])
    if "uploads" in values:
        values["uploads"] = [Upload(**_picked(upload, Upload)) for upload in values["uploads"]]
    return cls(**values)


def _settings(data: dict[str, Any]) -> Settings:
    picked = _picked(data, Settings)
    return Settings(**{**picked, "filters": Filters(**_picked(picked["filters"], Filters))})


def _picked(data: dict[str, Any], cls: type) -> dict[str, Any]:
    return {field.name: data[field.name] for field in fields(cls)}


def _query(data: dict[str, Any]) -> QueryPhoto:
    crop = data["crop"]
    if crop is not None:
        left, top, width, height = map(float, crop)
        crop = (left, top, width, height)
    # A query kept by an earlier version of the page does not say what it is of.
    return QueryPhoto(bytes(data["image"]), float(data["weight"]), crop, of=data.get("of", ""))


def _kept(data: dict[str, Any]) -> KeptResult:
    return KeptResult(_photo(data["photo"]), bytes(data["thumbnail"]), data["tag"], data["mark"])


def _photo(data: dict[str, Any]) -> Photo:
    # A photo kept by an earlier version of the page lacks what has been added since.
    known = {field.name: data[field.name] for field in fields(Photo) if field.name in data}
    return Photo(**{**known, "id": data["id"], "tags": tuple(data["tags"])})


def write(
    message: MessageToPage,
    search_id: int | None = None,
    null: Any = None,  # noqa: ANN401 - JavaScript's
) -> dict[str, Any]:
    """Make what is sent to the page: plain dicts, lists, strings, numbers and bytes.

    Args:
        message: any.
        search_id: of the search that it is of; None for none.
        null: what stands for None.
    """
    sent = {"type": _NAMES[type(message)], **_plain_fields(message, null)}
    return sent if search_id is None else {**sent, "id": search_id}


def _plain_fields(value: Any, null: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    cls = type(value)
    if cls not in _FIELDS:
        _FIELDS[cls] = tuple(field.name for field in fields(cls))
    return {name: _plain(getattr(value, name), null) for name in _FIELDS[cls]}


def _plain(value: Any, null: Any) -> Any:  # noqa: ANN401 - any field
    if type(value) in _PLAIN:
        return value
    if value is None:
        return null
    if isinstance(value, list | tuple):
        return [_plain(item, null) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item, null) for name, item in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return _plain_fields(value, null)
    return value

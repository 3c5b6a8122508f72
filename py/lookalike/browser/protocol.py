"""The messages between the page and Python; site/js/protocol.js is the other side.

A message is a JavaScript object: its `type` and the fields of the dataclass. The events of
`lookalike.events` are messages too, with the `id` of their search added.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from lookalike.errors import Problem
from lookalike.events import (
    After,
    Event,
    Finished,
    Noted,
    Progress,
    Queried,
    Ranked,
    Recomputing,
    Rescored,
    Scored,
    Skipped,
    Started,
    Troubled,
)
from lookalike.photo import Photo
from lookalike.queries import QueryPhoto


@dataclass(frozen=True, slots=True)
class Settings:
    """What a search may spend, and how it goes about it.

    Attributes:
        photos, calls, seconds: the budget.
        parallel: tags asked at once.
        seed: None for a random one.
        policy: a name from `lookalike.policies`.
    """

    photos: int
    calls: int
    seconds: float
    parallel: int
    seed: int | None
    policy: str


@dataclass(frozen=True, slots=True)
class Search:
    """Start a search; one that runs is cancelled first.

    Without queries there is a text, or the measure has START. The text is "" for none.
    """

    id: int
    queries: list[QueryPhoto]
    settings: Settings
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the search `id`."""

    id: int


@dataclass(frozen=True, slots=True)
class Steer:
    """Ask more about a tag ("pin"), never ask it ("ban"), or leave it be ("free")."""

    id: int
    tag: str
    stance: str


@dataclass(frozen=True, slots=True)
class Measure:
    """Try `code` as the measure of everything from now on; `id` is the page's own number."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Of the photos of search `id`, this one is "liked", "disliked", or "none" of both."""

    id: int
    photo: str
    mark: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A result that the page has kept."""

    photo: Photo
    thumbnail: bytes
    tag: str
    mark: str


@dataclass(frozen=True, slots=True)
class Restore:
    """What search `id`, which has ended, had seen before the engine was replaced."""

    id: int
    queries: list[QueryPhoto]
    settings: Settings
    results: list[Kept]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there?"""

    id: int


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A policy as it is offered in the settings; `belief` says what it believes of tags."""

    name: str
    title: str
    description: str
    belief: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine takes searches; the default policy comes first."""

    versions: dict[str, str]
    policies: list[PolicyChoice]


@dataclass(frozen=True, slots=True)
class Failed:
    """The engine cannot start."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to a ping."""

    id: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure was tried.

    Attributes:
        id: of the `Measure`; of the one in charge where it failed later; 0 for the shipped one.
        problem: None: it is in charge; else why it is not, and the last good one still is.
        features: "recomputed" where photos seen have to be described anew, else "kept".
        optional: what the measure in charge defines of `lookalike.scorer.OPTIONAL`.
    """

    id: int
    problem: Problem | None
    features: str
    optional: list[str]


@dataclass(frozen=True, slots=True)
class Printed:
    """What the measure has printed."""

    text: str


FROM_PAGE = {
    "search": Search,
    "cancel": Cancel,
    "steer": Steer,
    "measure": Measure,
    "mark": Mark,
    "restore": Restore,
    "ping": Ping,
}
TO_PAGE = {
    "ready": Ready,
    "failed": Failed,
    "pong": Pong,
    "measured": Measured,
    "console": Printed,
    "started": Started,
    "noted": Noted,
    "queried": Queried,
    "scored": Scored,
    "skipped": Skipped,
    "troubled": Troubled,
    "progress": Progress,
    "finished": Finished,
    "recomputing": Recomputing,
    "rescored": Rescored,
    "ranked": Ranked,
}
_NAMES = {cls: name for name, cls in TO_PAGE.items()}

Message = Search | Cancel | Steer | Measure | Mark | Restore | Ping
Answer = Ready | Failed | Pong | Measured | Printed | Event | After


def read(data: dict[str, Any]) -> Message:
    """Make the message of what the page sent.

    Raises:
        KeyError: it is not one of `FROM_PAGE`, or a field is missing.
        ValueError: a crop is not four numbers.
    """
    cls: Callable[..., Message] = FROM_PAGE[data["type"]]
    values = {field.name: data[field.name] for field in fields(FROM_PAGE[data["type"]])}
    if "settings" in values:
        values["settings"] = Settings(**_picked(values["settings"], Settings))
    if "queries" in values:
        values["queries"] = [_query(query) for query in values["queries"]]
    if "results" in values:
        values["results"] = [_kept(result) for result in values["results"]]
    return cls(**values)


def _picked(data: dict[str, Any], cls: type) -> dict[str, Any]:
    return {field.name: data[field.name] for field in fields(cls)}


def _query(data: dict[str, Any]) -> QueryPhoto:
    crop = data["crop"]
    if crop is not None:
        left, top, width, height = map(float, crop)
        crop = (left, top, width, height)
    return QueryPhoto(bytes(data["image"]), float(data["weight"]), crop)


def _kept(data: dict[str, Any]) -> Kept:
    photo = _picked(data["photo"], Photo)
    photo["tags"] = tuple(photo["tags"])
    return Kept(Photo(**photo), bytes(data["thumbnail"]), data["tag"], data["mark"])


def write(message: Answer, search_id: int | None = None) -> dict[str, Any]:
    """Make what is sent to the page: plain dicts, lists, strings, numbers and bytes."""
    sent = {"type": _NAMES[type(message)], **_plain_fields(message)}
    return sent if search_id is None else {**sent, "id": search_id}


def _plain_fields(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return _plain_fields(value)
    return value

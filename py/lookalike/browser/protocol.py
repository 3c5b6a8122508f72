"""The messages between the page and Python; site/js/protocol.js is the other side.

A message is a JavaScript object: its `type` and the fields of the dataclass. The events of
`lookalike.events` are messages too, with the `id` of their search added.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from lookalike.errors import Problem
from lookalike.events import (
    Event,
    Finished,
    Progress,
    Queried,
    Scored,
    Skipped,
    Started,
    Troubled,
)


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
class QueryPhoto:
    """A photo to search from; `crop` is left, top, width and height as fractions of it."""

    image: bytes
    weight: float
    crop: list[float] | None


@dataclass(frozen=True, slots=True)
class Search:
    """Start a search; one that runs is cancelled first."""

    id: int
    queries: list[QueryPhoto]
    settings: Settings


@dataclass(frozen=True, slots=True)
class Measure:
    """Try a file as the measure of everything from now on."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A result is "liked", "disliked" or "none" of it."""

    id: int
    photo: str
    mark: str


@dataclass(frozen=True, slots=True)
class Restore:
    """What has been seen in the search `id`, which another engine made."""

    id: int
    queries: list[QueryPhoto]
    settings: Settings
    results: list[dict[str, Any]]


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
    """The engine takes searches; `parallel` if calls overlap, the default policy first."""

    parallel: bool
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
    """A measure is in charge; or the one before it still is, for `problem`."""

    id: int
    problem: Problem | None
    features: str
    optional: list[str]


@dataclass(frozen=True, slots=True)
class Console:
    """What the measure has printed."""

    text: str


@dataclass(frozen=True, slots=True)
class Recomputing:
    """How many features have been made anew."""

    id: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Rescored:
    """All photos seen, scored anew; and their order, if it is not that of the scores."""

    id: int
    scores: list[dict[str, Any]]
    order: list[str] | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """The order of the photos seen, if it is not that of the scores."""

    id: int
    order: list[str]


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
    "started": Started,
    "queried": Queried,
    "scored": Scored,
    "skipped": Skipped,
    "troubled": Troubled,
    "progress": Progress,
    "finished": Finished,
    "measured": Measured,
    "console": Console,
    "recomputing": Recomputing,
    "rescored": Rescored,
    "ranked": Ranked,
}
_NAMES = {cls: name for name, cls in TO_PAGE.items()}

Message = Search | Cancel | Steer | Measure | Mark | Restore | Ping
Answer = Ready | Failed | Pong | Measured | Console | Recomputing | Rescored | Ranked


def read(data: dict[str, Any]) -> Message:
    """Make the message of what the page sent.

    Raises:
        KeyError: it is not one of `FROM_PAGE`, or a field is missing.
    """
    cls: Callable[..., Message] = FROM_PAGE[data["type"]]
    values = {field.name: data[field.name] for field in fields(FROM_PAGE[data["type"]])}
    if "settings" in values:
        names = [field.name for field in fields(Settings)]
        values["settings"] = Settings(**{name: values["settings"][name] for name in names})
    if "queries" in values:
        names = [field.name for field in fields(QueryPhoto)]
        values["queries"] = [
            QueryPhoto(**{name: query[name] for name in names}) for query in values["queries"]
        ]
    return cls(**values)


def write(message: Event | Answer, search_id: int | None = None) -> dict[str, Any]:
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

"""The messages between the page and Python; site/js/protocol.js is the other side.

A message is a JavaScript object: its `type` and the fields of the dataclass. The events of
`lookalike.events` are messages too, with the `id` of their search added.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from lookalike.collections.upload import Failure
from lookalike.errors import Problem
from lookalike.events import (
    After,
    Event,
    Finished,
    Joined,
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
from lookalike.filters import Filters
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
        sources: what is searched, by names in the order shown: of services, as in `Ready`, and
            "collection:ID".
        filters: which photos are wanted.
        neighbours: how many photos of a collection are given.
    """

    photos: int
    calls: int
    seconds: float
    parallel: int
    seed: int | None
    policy: str
    sources: list[str]
    filters: Filters
    neighbours: int


@dataclass(frozen=True, slots=True)
class Search:
    """Start a search; one that runs is cancelled first.

    Without queries there is a text, or the measure has START.

    Attributes:
        made: the calls that the page knows of, to each service by its name, in the last 24 hours:
            Unix times in seconds.
        text: the words that are searched for; "" for none.
    """

    id: int
    queries: list[QueryPhoto]
    settings: Settings
    made: dict[str, list[float]]
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
class Upload:
    """A file to take photos from.

    Attributes:
        path: its name, after the folders it lies in, parted by "/".
        file: a `File` of JavaScript's.
    """

    path: str
    file: Any


@dataclass(frozen=True, slots=True)
class Collect:
    """Work on a collection; site/js/protocol.js says what each action is.

    Attributes:
        id: the page's number for this work.
        action: "create", "add", "open", "reembed" or "export".
        collection: its id; a new one's is the page's to choose.
        name, expires: of a new one; the latter in Unix seconds, None for never.
        uploads: the files.
    """

    id: int
    action: str
    collection: str
    name: str
    expires: int | None
    uploads: list[Upload]


@dataclass(frozen=True, slots=True)
class Conduct:
    """To the work with the number `id`: "pause", "resume" or "stop"."""

    id: int
    wish: str


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A policy as it is offered in the settings; `belief` says what it believes of tags."""

    name: str
    title: str
    description: str
    belief: str


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """A photo service as it is offered; see `lookalike.sources.source.Capabilities`."""

    name: str
    title: str
    key: bool
    filters: list[str]
    per_minute: int | None
    per_day: int | None


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine takes searches; the default policy comes first."""

    versions: dict[str, str]
    policies: list[PolicyChoice]
    services: list[ServiceChoice]


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
class CallsMade:
    """The calls to a service in the last 24 hours: Unix times in seconds, oldest first."""

    source: str
    made: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """What the measure has printed."""

    text: str


@dataclass(frozen=True, slots=True)
class Collecting:
    """How work on a collection goes.

    Attributes:
        id: of the `Collect`.
        state: "waiting" for another tab, "running", "paused"; at last "done", "stopped", "failed".
        done: photos dealt with, in whichever way, of `total`; that is 0 until they are counted.
        added: photos described.
        unchanged: photos that were in already.
        rate: photos a second; 0 where nobody knows.
        left: seconds; None where nobody knows.
        failures: since the last message.
        file: what was exported, a `Blob` of JavaScript's.
        problem: why it failed.
    """

    id: int
    state: str
    done: int = 0
    total: int = 0
    added: int = 0
    unchanged: int = 0
    rate: float = 0.0
    left: float | None = None
    failures: tuple[Failure, ...] = ()
    file: Any = None
    problem: Problem | None = None


FROM_PAGE = {
    "search": Search,
    "cancel": Cancel,
    "steer": Steer,
    "measure": Measure,
    "mark": Mark,
    "restore": Restore,
    "ping": Ping,
    "collect": Collect,
    "conduct": Conduct,
}
TO_PAGE = {
    "ready": Ready,
    "failed": Failed,
    "pong": Pong,
    "measured": Measured,
    "console": Printed,
    "calls": CallsMade,
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
    "joined": Joined,
    "collecting": Collecting,
}
_NAMES = {cls: name for name, cls in TO_PAGE.items()}

Message = Search | Cancel | Steer | Measure | Mark | Restore | Ping | Collect | Conduct
Answer = Ready | Failed | Pong | Measured | Printed | Collecting | CallsMade | Event | After


def read(data: dict[str, Any]) -> Message:
    """Make the message of what the page sent.

    Raises:
        KeyError: it is not one of `FROM_PAGE`, or a field is missing.
        ValueError: a crop is not four numbers, or a filter is none of those there are.
    """
    cls: Callable[..., Message] = FROM_PAGE[data["type"]]
    values = {field.name: data[field.name] for field in fields(FROM_PAGE[data["type"]])}
    if "settings" in values:
        values["settings"] = _settings(values["settings"])
    if "queries" in values:
        values["queries"] = [_query(query) for query in values["queries"]]
    if "results" in values:
        values["results"] = [_kept(result) for result in values["results"]]
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
    return QueryPhoto(bytes(data["image"]), float(data["weight"]), crop)


def _kept(data: dict[str, Any]) -> Kept:
    return Kept(_photo(data["photo"]), bytes(data["thumbnail"]), data["tag"], data["mark"])


def _photo(data: dict[str, Any]) -> Photo:
    # A photo kept by an earlier version of the page lacks what has been added since.
    known = {field.name: data[field.name] for field in fields(Photo) if field.name in data}
    return Photo(**{**known, "id": data["id"], "tags": tuple(data["tags"])})


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

"""The messages between the page and Python, written here and nowhere else.

A message is a JavaScript object: its `type` and the fields of the dataclass. The events of
`lookalike.search.events` are messages too, with the `id` of their search added.
`serialization.py` reads and writes them. From these classes the build makes the types that the
page is checked with (`lookalike_build.typescript`), and the forms by which the page reads what the
engine sends (`lookalike_build.forms`). What only JavaScript's threads say to each other is in
site/js/protocol.js.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from lookalike.browser.settings import Settings as Settings
from lookalike.collections.upload import Failure
from lookalike.errors import Problem
from lookalike.photo import Photo
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.search import events
from lookalike.search.events import After, Event

File = Any
"""A `File` of JavaScript's."""
Blob = Any
"""A `Blob` of JavaScript's."""

Stance = Literal["pin", "ban", "free"]
MarkName = Literal["liked", "disliked", "none"]
CollectAction = Literal["create", "add", "open", "reembed", "export"]
Wish = Literal["pause", "resume", "stop"]
JobState = Literal["waiting", "running", "paused", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Search:
    """Start a search; one that runs is cancelled first.

    Without queries there is a text, or the scorer has START.

    Attributes:
        made: the calls that the page knows of, to each service by its name, in the last 24 hours:
            Unix times in seconds.
        text: the words that are searched for; "" for none.
        pinned, banned: tags that were steered in the search before: see `Steer`.
    """

    id: int
    queries: list[QueryPhoto]
    settings: Settings
    made: dict[str, list[float]]
    text: str = ""
    pinned: list[str] = field(default_factory=list)
    banned: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GoOn:
    """Go on with the search `id`, which has ended and is known here.

    Attributes:
        photos, calls, seconds: what may be spent on top of what was.
        made: as in `Search`.
    """

    id: int
    photos: int
    calls: int
    seconds: float
    made: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the search `id`."""

    id: int


@dataclass(frozen=True, slots=True)
class Steer:
    """Ask more about a tag ("pin"), never ask it ("ban"), or leave it be ("free")."""

    id: int
    tag: str
    stance: Stance


@dataclass(frozen=True, slots=True)
class TryScorer:
    """Try `code` as the scorer of everything from now on; `id` is the page's own number."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Of the photos of search `id`, this one is "liked", "disliked", or "none" of both."""

    id: int
    photo: str
    mark: MarkName


@dataclass(frozen=True, slots=True)
class KeptResult:
    """A result that the page has kept."""

    photo: Photo
    thumbnail: bytes
    tag: str
    mark: MarkName


@dataclass(frozen=True, slots=True)
class Restore:
    """What search `id`, which has ended, had seen before the engine was replaced."""

    id: int
    queries: list[QueryPhoto]
    settings: Settings
    results: list[KeptResult]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there?"""

    id: int


@dataclass(frozen=True, slots=True)
class Forget:
    """The next search is to begin without what earlier ones have found."""


@dataclass(frozen=True, slots=True)
class Open:
    """Is this file a picture that a search can start from? `id` is the page's own number."""

    id: int
    image: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to take photos from.

    Attributes:
        path: its name, after the folders it lies in, parted by "/".
        file: None where the browser could not read what is there.
    """

    path: str
    file: File | None


@dataclass(frozen=True, slots=True)
class Collect:
    """Work on a collection.

    What takes no time (to list, rename, remove, delete) the page does by its own shelf: see
    site/js/shelf/.

    Attributes:
        id: the page's number for this work.
        action: make one of uploads; add them to one; open a .lookalike file as one; describe one's
            photos by the network of today ("reembed"); write one to a file.
        collection: its id; a new one's is the page's to choose.
        name: of a new one.
        expires: likewise: Unix time in seconds, None for never.
        uploads: the files.
    """

    id: int
    action: CollectAction
    collection: str
    name: str
    expires: int | None
    uploads: list[Upload]


@dataclass(frozen=True, slots=True)
class Conduct:
    """To the work with the number `id`: "pause", "resume" or "stop"."""

    id: int
    wish: Wish


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """A policy as it is offered in the settings; `estimate` says what its estimates of tags are."""

    name: str
    title: str
    description: str
    estimate: str


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
class Opened:
    """The answer to `Open`; the problem is None where the picture can be opened."""

    id: int
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class ScorerTried:
    """A scorer was tried.

    Attributes:
        id: of the `TryScorer`; of the one in charge where it failed later; 0 for the shipped one.
        problem: None: it is in charge; else why it is not, and the last good one still is.
        features: "recomputed" where photos seen have to be described again, else "kept".
        optional: what the scorer in charge defines of `lookalike.scorer.scorer.OPTIONAL`.
    """

    id: int
    problem: Problem | None
    features: Literal["kept", "recomputed"]
    optional: list[str]


@dataclass(frozen=True, slots=True)
class CallsMade:
    """The calls to a service in the last 24 hours: Unix times in seconds, oldest first."""

    source: str
    made: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """What the scorer has printed."""

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
        renamed: those of `added` that go by another name, as another photo has theirs.
        rate: photos a second; 0 where nobody knows.
        left: seconds; None where nobody knows.
        failures: since the last message.
        file: what was exported.
        problem: why it failed.
        notes: since the last message: photos of which a part could not be used, and what.
        others: files that are no photos, which were left out.
    """

    id: int
    state: JobState
    done: int = 0
    total: int = 0
    added: int = 0
    unchanged: int = 0
    renamed: int = 0
    rate: float = 0.0
    left: float | None = None
    failures: tuple[Failure, ...] = ()
    file: Blob | None = None
    problem: Problem | None = None
    notes: tuple[Failure, ...] = ()
    others: int = 0


FROM_PAGE = {
    "search": Search,
    "continue": GoOn,
    "cancel": Cancel,
    "steer": Steer,
    "try-scorer": TryScorer,
    "mark": Mark,
    "restore": Restore,
    "ping": Ping,
    "forget": Forget,
    "open": Open,
    "collect": Collect,
    "conduct": Conduct,
}
TO_PAGE = {
    "ready": Ready,
    "failed": Failed,
    "pong": Pong,
    "opened": Opened,
    "scorer-tried": ScorerTried,
    "console": Printed,
    "calls": CallsMade,
    "started": events.Started,
    "drawn": events.Drawn,
    "noted": events.Noted,
    "queried": events.Queried,
    "scored": events.Scored,
    "skipped": events.Skipped,
    "troubled": events.Troubled,
    "progress": events.Progress,
    "finished": events.Finished,
    "recomputing": events.Recomputing,
    "rescored": events.Rescored,
    "ranked": events.Ranked,
    "joined": events.Joined,
    "collecting": Collecting,
}

UNSENT = {QueryPhoto: ("note", "reopen", "picture")}
"""Fields that are in no message: Python's own."""

Message = (
    Search
    | GoOn
    | Cancel
    | Steer
    | TryScorer
    | Mark
    | Restore
    | Ping
    | Forget
    | Open
    | Collect
    | Conduct
)
MessageToPage = (
    Ready
    | Failed
    | Pong
    | Opened
    | ScorerTried
    | Printed
    | Collecting
    | CallsMade
    | events.Drawn
    | Event
    | After
)

"""What a search tells while it runs; `search()` yields these, the page shows them."""

from dataclasses import dataclass
from enum import StrEnum

from lookalike.errors import Problem
from lookalike.photo import Photo
from lookalike.policies.policy import TagEstimate, Unseen
from lookalike.policies.state import Guess


@dataclass(frozen=True, slots=True)
class Started:
    """The query was understood.

    Attributes:
        seed: of the generator that everything random in this search comes from.
        guesses: what the classifier sees in the query, most probable first.
    """

    seed: int
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A query photo in a format that browsers show, instead of the one it came in.

    Attributes:
        index: which of the search's.
        image: a PNG file of the whole photo, upright.
    """

    index: int
    image: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """The person should know this of what they search for; the search goes on."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Queried:
    """A service answered.

    Attributes:
        tag: what it was asked for.
        found: how many photos the answer held, those kept out with them.
        new: how many of the others were not known before.
        dropped: how many the filters kept out.
        source: the service's short name, as in `Photo.source`.
    """

    tag: str
    found: int
    new: int
    dropped: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A photo was looked at.

    Attributes:
        photo: the photo.
        score: what score.py gave it; higher is more alike.
        tag: the query that brought the photo.
        twin: the id of an earlier result that this one is a near-duplicate of, or None.
        thumbnail: the encoded image file that was looked at.
        itself: what the query photo scores; see `lookalike.ranking.rank.Ranking`.
        before: whether an earlier search of this visit looked at it, and this one did not.
    """

    photo: Photo
    score: float
    tag: str
    twin: str | None
    thumbnail: bytes
    itself: float | None = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """A photo could not be looked at; the search goes on without it."""

    photo: Photo
    problem: Problem


@dataclass(frozen=True, slots=True)
class Troubled:
    """Something is wrong with a service, and the search goes on; None when it is over."""

    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Filtered:
    """Photos that a person's filters kept out: `count` of them by one filter, named in `why`."""

    why: str
    count: int


@dataclass(frozen=True, slots=True)
class ServiceProgress:
    """Where the search of one service stands.

    Attributes:
        name, title: the service's; see `lookalike.sources.source.Capabilities`.
        calls, photos: calls made to it, and photos of it looked at.
        minute_left, day_left: the calls that it takes now and today; None where it sets no limit.
        ended: whether nothing more comes of it in this search.
        problem: why it takes no more calls, or ended early; None where it goes on or is done.
    """

    name: str
    title: str
    calls: int = 0
    photos: int = 0
    minute_left: int | None = None
    day_left: int | None = None
    ended: bool = False
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the search stands.

    Attributes:
        calls: API calls made.
        photos: photos looked at.
        seconds: since the search began.
        asking: the tags that are being asked now.
        estimates: what the policy thinks of its most promising tags, best first.
        unseen: the photos that it has not chosen to look at so far, by reason.
        services: the same for each service that is searched, in the order of the settings.
        filtered: the photos that filters kept out, by filter; most first.
    """

    calls: int
    photos: int
    seconds: float
    asking: tuple[str, ...]
    estimates: tuple[TagEstimate, ...]
    unseen: tuple[Unseen, ...]
    services: tuple[ServiceProgress, ...] = ()
    filtered: tuple[Filtered, ...] = ()


class Reason(StrEnum):
    """Why a search ended.

    Settled is one of which nothing better is to be expected, complete one that has compared all
    that there is.
    """

    BUDGET = "budget"
    SETTLED = "settled"
    EXHAUSTED = "exhausted"
    COMPLETE = "complete"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finished:
    """The search ended, and this is its last event.

    Attributes:
        reason: why.
        calls, photos, seconds: what was spent.
        problem: what stopped it early, or None.
    """

    reason: Reason
    calls: int
    photos: int
    seconds: float
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Recomputing:
    """The photos seen, or those of a collection, are described again: `done` of `total`."""

    done: int
    total: int


Event = Started | Noted | Queried | Scored | Skipped | Troubled | Progress | Recomputing | Finished


@dataclass(frozen=True, slots=True)
class PhotoScore:
    """The score of the photo `id`."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Rescored:
    """The scorer or the marks have changed, and with them the scores of all photos seen.

    Attributes:
        scores: of all photos that have one; the others could not be described or compared.
        order: their ids, best first, where the scorer has its own order; else None.
        itself: as in `Scored`.
    """

    scores: tuple[PhotoScore, ...]
    order: tuple[str, ...] | None
    itself: float | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """The scorer's own order of the photos seen so far: their ids, best first."""

    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """An own photo that a new scorer, or marks, have brought among the nearest."""

    photo: Photo
    score: float
    thumbnail: bytes


After = Recomputing | Rescored | Ranked | Joined
"""What is told of a search besides, even when it has finished."""

"""What a search tells while it runs; `search()` yields these, the page shows them."""

from dataclasses import dataclass
from enum import StrEnum

from lookalike.errors import Problem
from lookalike.photo import Photo
from lookalike.policy import Belief, Guess, Unseen


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
class Noted:
    """The person should know this of what they search for; the search goes on."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Queried:
    """The source answered: how many photos it `found` for `tag`, `new` of them not known before."""

    tag: str
    found: int
    new: int


@dataclass(frozen=True, slots=True)
class Scored:
    """A photo was looked at.

    Attributes:
        photo: the photo.
        score: what score.py gave it; higher is more alike.
        tag: the query that brought the photo.
        twin: the id of an earlier result that this one is a near-duplicate of, or None.
        thumbnail: the encoded image file that was looked at.
    """

    photo: Photo
    score: float
    tag: str
    twin: str | None
    thumbnail: bytes


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
class Progress:
    """Where the search stands.

    Attributes:
        calls: API calls made.
        photos: photos looked at.
        seconds: since the search began.
        asking: the tags that are being asked now.
        beliefs: what the policy thinks of its most promising tags, best first.
        unseen: the photos that it has not chosen to look at so far, by reason.
    """

    calls: int
    photos: int
    seconds: float
    asking: tuple[str, ...]
    beliefs: tuple[Belief, ...]
    unseen: tuple[Unseen, ...]


class Reason(StrEnum):
    """Why a search ended."""

    BUDGET = "budget"
    EXHAUSTED = "exhausted"
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


Event = Started | Noted | Queried | Scored | Skipped | Troubled | Progress | Finished


@dataclass(frozen=True, slots=True)
class Recomputing:
    """The photos seen are described anew: `done` of `total`."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PhotoScore:
    """The score of the photo `id`."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Rescored:
    """The measure or the marks have changed, and with them the scores of all photos seen.

    Attributes:
        scores: of all photos that have one; the others could not be described or compared.
        order: their ids, best first, where the measure has its own order; else None.
    """

    scores: tuple[PhotoScore, ...]
    order: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """The measure's own order of the photos seen so far: their ids, best first."""

    order: tuple[str, ...]


After = Recomputing | Rescored | Ranked
"""What is told of a search besides, even when it has finished."""

"""The seam between the search loop and the strategies that steer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo

SEED_TAGS = ("town", "people", "cat", "car", "nature", "sea")
"""What is asked when nothing else is known (CLEAR's code, src/clear.js)."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A tag to start from and how probable it is, in 0..1, as the classifier sees the query."""

    tag: str
    probability: float


@dataclass(frozen=True, slots=True)
class Belief:
    """What a policy thinks of one tag: shown to the person, so that the search explains itself.

    Attributes:
        tag: the tag.
        mean: the mean score of the photos that it led to, or the policy's estimate of it.
        count: how many scores stand behind the mean.
        margin: how far off it may be, by the policy's own scorer of doubt, in units of the score:
            a standard deviation, or a bandit's bonus for it; None where the policy has none.
    """

    tag: str
    mean: float
    count: int
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Photos that answers brought and that were not looked at, and why: shown to the person.

    Attributes:
        why: the reason, as a sentence of its own.
        count: how many photos.
        tags: what is typical of them, most typical first; may be empty.
    """

    why: str
    count: int
    tags: tuple[str, ...] = ()


class Policy(Protocol):
    """Decides which tags to ask for and which photos to look at, from what has been seen.

    A policy does no I/O and draws randomness only from the generator it is given, so the same
    answers in the same order lead to the same decisions. `search()` calls it like this:
    `begin` once, and `go_on` where the search goes on after its end; `ask` and `look` whenever
    there is room, and `answered`, `scored` or `lost` as the outcomes arrive, always in the order in
    which the decisions were made.
    The search ends when `ask` and `look` both return nothing while nothing is under way.

    A photo that turns out only when it is looked at to be one that filters keep out is told as
    `scored`, like the worst of those seen so far, so that the policy stops leading there.

    Outcomes may also come for tags and photos that a person asked for and the policy did not. It
    learns from them all the same, and must not choose those photos again.
    """

    def begin(self, guesses: Sequence[Guess], budget: Budget, rng: np.random.Generator) -> None:
        """Start a search from `guesses`, most probable first, which may be empty."""

    def go_on(self, budget: Budget) -> None:
        """Go on after the search had ended.

        Args:
            budget: of the whole search, what was spent before included; its seconds apart.
        """

    def ask(self, room: int) -> Sequence[str]:
        """Name the tags to ask the source for now: distinct, at most `room`, none to wait."""

    def answered(self, tag: str, photos: Sequence[Photo], dropped: Sequence[Photo] = ()) -> None:
        """Take in the answer to `tag`; empty if nothing was found or the call failed.

        Args:
            tag: what was asked.
            photos: those of the answer that may be looked at.
            dropped: the others: a person's filters keep them out, and they are never looked at.
                They count for how full the answer was, and against what `tag` is yet to bring.
        """

    def look(self, room: int) -> Sequence[Photo]:
        """Choose photos to look at now: never one twice, at most `room`, none to wait."""

    def scored(self, photo: Photo, score: float, feature: NDArray[np.float32]) -> None:
        """Take in the score of a photo that was looked at, with the feature it came from."""

    def lost(self, photo: Photo) -> None:
        """Take in that a photo which was to be looked at could not be scored."""

    def beliefs(self, limit: int) -> list[Belief]:
        """Say what is thought of the `limit` most promising tags, best first."""

    def outlook(self) -> float | None:
        """Say what is still to be expected; see `lookalike.policies.settling.outlook`.

        Returns:
            What the most promising photos and question that are left may add to the mean of the
            ten best, as a part of how far these stand out; None where there is no model to say so.
        """

    def unseen(self) -> list[Unseen]:
        """Say which photos of the answers it has not had looked at, and why; most first."""

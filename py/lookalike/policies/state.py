"""All that is known in one search: its state, which policies read and outcomes change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.queries import Queries
from lookalike.policies.steering import Steering, key_of

SEED_TAGS = ("town", "people", "cat", "car", "nature", "sea")
"""What is asked when nothing else is known (CLEAR's code, src/clear.js)."""

Score = tuple[float, NDArray[np.float32]]
"""What a photo scores, and the feature that this comes from."""

Scores = dict[str, Score]
"""What photos score, by their ids."""

ScoreOf = Callable[[str], Score | None]
"""Gives what a photo scores, by its id; None if it has no score."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A tag to start from and how probable it is, in 0..1, as the classifier sees the query."""

    tag: str
    probability: float


@dataclass(frozen=True, slots=True)
class Asked:
    """The service is asked for a tag."""

    tag: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a tag; empty if nothing was found or the call failed.

    Attributes:
        tag: what was asked.
        photos: those of the answer that may be looked at.
        dropped: the others: a person's filters keep them out, and they are never looked at.
            They count for how full the answer was, and against what `tag` is yet to bring.
        more: whether the service has others for the tag; None where it does not say.
        known: an earlier search has asked, so it is no call of this one.
        otherwise: of one that is known, whether the service filtered it otherwise than it filters
            for this search. Then it brings photos and nothing more: the tag is yet to be asked, and
            nobody knows how much it brings.
    """

    tag: str
    photos: Sequence[Photo] = ()
    dropped: Sequence[Photo] = ()
    more: bool | None = None
    known: bool = False
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """A photo is being looked at."""

    photo: Photo


@dataclass(frozen=True, slots=True)
class Looked:
    """A photo was looked at, or cannot be. What it scores, if anything, is in the state's scores.

    Attributes:
        photo: which.
        known: an earlier search has looked at it, so it is no look of this one.
    """

    photo: Photo
    known: bool = False


LogEntry = Asked | Answered | Chosen | Looked
"""What policies read in the log."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was suggested is not done, as a person has banned it, or its call has failed.

    Attributes:
        outcome: what policies read instead, while that is so: an answer without photos, or a look
            that came to nothing.
    """

    outcome: Answered | Looked


@dataclass(slots=True, eq=False)
class SearchState:
    """All that is known in one search.

    It does no I/O and knows no clock. `lookalike.policies.deciding` begins what it decides, `apply`
    takes in what came of it; the log of both is appended to, and never changed. The page's loop
    drives it with real calls, the simulator with a collection, tests with a list.

    A photo that a filter keeps out only when it is looked at scores like the worst of those seen so
    far, so that a policy stops leading there.

    Attributes:
        guesses: the tags to start from, most probable first; may be empty.
        budget: of the whole search, what was spent before included; its seconds apart.
        rng: where all randomness comes from.
        steering: the tags that a person has pinned or banned.
        seeds: what is asked when nothing else is known; nothing where there would be nothing to
            compare its photos with.
        log: what has happened, in the order of the decisions. Policies read it by `entry`.
        scores: what photos score by the scorer in charge; another object once that has changed.
        photos: those that may be looked at or were, by their ids, in the order in which they came.
        found_by: the tag whose answer named each photo first, by its id.
        answers: the photos that a tag has brought so far, answer after answer.
        queries: what was asked, and how much more it can bring.
        calls, looks: made or under way, whoever wanted them; without what was known before.
        known_answers: the entries of the log that are answers of earlier searches.
        refused_tags, refused_photos: what was suggested and is banned or failed, each with the
            places of its entries in the log; see `lookalike.policies.refusals`.
        failed_tags: those of `refused_tags` whose calls have failed.
    """

    guesses: Sequence[Guess]
    budget: Budget
    rng: np.random.Generator
    steering: Steering = field(default_factory=Steering)
    seeds: Sequence[str] = SEED_TAGS
    log: list[LogEntry | Refused] = field(default_factory=list)
    scores: Scores = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    found_by: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Photo]] = field(default_factory=dict)
    queries: Queries = field(default_factory=Queries)
    calls: int = 0
    looks: int = 0
    known_answers: int = 0
    refused_tags: dict[str, list[int]] = field(default_factory=dict)
    refused_photos: dict[str, tuple[Photo, list[int]]] = field(default_factory=dict)
    failed_tags: set[str] = field(default_factory=set)
    _looking: set[str] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)  # looked at, or under way
    _void: set[int] = field(default_factory=set)  # the places of entries that were taken back
    _next_scores: Scores | None = None

    # -- What policies ask ---------------------------------------------------------------------

    @property
    def anything_under_way(self) -> bool:
        """Whether an answer or a look is yet to come in."""
        return bool(self._looking or self.queries.under_way)

    def is_taken(self, photo: Photo) -> bool:
        """Say whether a photo was looked at, or is being looked at."""
        return photo.id in self._taken

    def may_look(self, photo: Photo) -> bool:
        """Say whether a photo may be looked at: it was not, and carries no tag that is banned."""
        return photo.id not in self._taken and not self.steering.bans(photo)

    def candidates(self) -> list[Photo]:
        """Give the photos that may be looked at, in the order in which they came."""
        return [photo for photo in self.photos.values() if self.may_look(photo)]

    def score(self, photo: Photo) -> float | None:
        """Give what a photo scores; None where it has none."""
        score = self.scores.get(photo.id)
        return None if score is None else score[0]

    def entry(self, place: int) -> LogEntry | None:
        """Give what policies read at one place of the log; None: a lifted ban has taken it back."""
        entry = self.log[place]
        if place in self._void:
            return None
        return entry.outcome if isinstance(entry, Refused) else entry

    # -- What is begun -------------------------------------------------------------------------

    def ask(self, tag: str) -> None:
        """Note that the service is asked for a tag now."""
        self.queries.ask(tag)
        self.calls += 1
        self.log.append(Asked(tag))

    def choose(self, photo: Photo) -> None:
        """Note that a photo is looked at now."""
        self._taken.add(photo.id)
        self._looking.add(photo.id)
        self.photos.setdefault(photo.id, photo)
        self.looks += 1
        self.log.append(Chosen(photo))

    def drop(self, photo: Photo) -> None:
        """Note that the look at a photo, which was chosen, will not come in."""
        self._taken.discard(photo.id)
        self._looking.discard(photo.id)
        self.looks -= 1

    def take_back(self, places: Sequence[int]) -> None:
        """Have policies read these places of the log no more."""
        self._void.update(places)

    def steer(self, tag: str, stance: str) -> None:
        """Pin, ban or free a tag: see `Steering.steer`."""
        self.steering.steer(tag, stance, self._of_tag)

    def _of_tag(self, key: str) -> list[Photo]:
        """Give the photos that a tag has brought, then those that carry it, by its key."""
        brought = [
            photo for tag, photos in self.answers.items() if key_of(tag) == key for photo in photos
        ]
        return brought + [photo for photo in self.photos.values() if key in map(key_of, photo.tags)]

    # -- What comes in -------------------------------------------------------------------------

    def apply(self, outcome: Answered | Looked, score: Score | None = None) -> None:
        """Take in what came of a decision, in the order of the decisions.

        Args:
            outcome: an answer, or a look.
            score: of the photo that was looked at; None where the look came to nothing.
        """
        if isinstance(outcome, Answered):
            self._take_answer(outcome)
        else:
            self._take_look(outcome.photo, score)
        self.log.append(outcome)

    def _take_answer(self, answer: Answered) -> None:
        self.known_answers += answer.known
        new = [photo for photo in answer.photos if photo.id not in self.photos]
        for photo in answer.photos:
            self.photos.setdefault(photo.id, photo)
            self.found_by.setdefault(photo.id, answer.tag)
        self.steering.know(new)
        if answer.otherwise:
            return
        self.steering.take_answer(answer.tag, answer.photos, self.may_look)
        self.answers.setdefault(answer.tag, []).extend(answer.photos)
        found = len(answer.photos) + len(answer.dropped)
        self.queries.answered(answer.tag, found, len({photo.id for photo in new}), answer.more)

    def _take_look(self, photo: Photo, score: Score | None) -> None:
        self._looking.discard(photo.id)
        self._taken.add(photo.id)
        self.photos.setdefault(photo.id, photo)
        for scores in (self.scores, self._next_scores):
            if score is not None and scores is not None:
                scores[photo.id] = score

    # -- Another scorer ------------------------------------------------------------------------

    def rescored(self, score_of: ScoreOf) -> Scores:
        """Give what the photos that were looked at score by another scorer.

        What is scored from now on is added to it, until `scores` becomes what it gives, or another
        one is made.

        Args:
            score_of: gives these by photos' ids.
        """
        scores: Scores = {}
        for entry in self.log:
            if isinstance(entry, Looked) and (found := score_of(entry.photo.id)):
                scores[entry.photo.id] = found
        self._next_scores = scores
        return scores

    def latest(self, photo: str) -> Score | None:
        """Give what a photo scores by the latest scores, by its id: a policy may yet learn them."""
        scores = self.scores if self._next_scores is None else self._next_scores
        return scores.get(photo)

    def expects(self, scores: Scores) -> bool:
        """Say whether these scores, made by `rescored`, are the latest."""
        return self._next_scores is scores

    def seen_by(self, scores: Scores) -> "SearchState":
        """Give this state, with everything in it, as it is by other scores."""
        return replace(self, scores=scores)

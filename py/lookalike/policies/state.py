"""All that is known in one search: its state, which policies read and outcomes change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.queries import Queries
from lookalike.policies.steering import Steering

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
        known: an earlier search has asked, so it is no call of this one.
    """

    tag: str
    photos: Sequence[Photo] = ()
    dropped: Sequence[Photo] = ()
    known: bool = False


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


Entry = Asked | Answered | Chosen | Looked
"""What policies read in the log."""


@dataclass(frozen=True, slots=True)
class Refused:
    """What was suggested is not done, as a person has banned it.

    Attributes:
        outcome: what policies read instead, while the ban stands: an answer without photos, or a
            look that came to nothing.
    """

    outcome: Answered | Looked


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is to be done now: tags to ask for, and photos to look at, each in order."""

    tags: Sequence[str] = ()
    photos: Sequence[Photo] = ()


class Strategy(Protocol):
    """What a state asks for its decisions: see `lookalike.policies.policy.Policy`."""

    def suggest_tags(self, state: "SearchState", n: int) -> Sequence[str]:
        """See `lookalike.policies.policy.Policy.suggest_tags`."""

    def suggest_photos(self, state: "SearchState", n: int) -> Sequence[Photo]:
        """See `lookalike.policies.policy.Policy.suggest_photos`."""


@dataclass(slots=True, eq=False)
class SearchState:
    """All that is known in one search.

    It does no I/O and knows no clock. `decide` asks a strategy what to do, `apply` takes in what
    came of it; the log of both is appended to, and never changed. The page's loop drives it with
    real calls, the simulator with a collection, tests with a list.

    A photo that a filter keeps out only when it is looked at scores like the worst of those seen so
    far, so that a policy stops leading there.

    Attributes:
        guesses: the tags to start from, most probable first; may be empty.
        budget: of the whole search, what was spent before included; its seconds apart.
        rng: where all randomness comes from.
        steering: the tags that a person has pinned or banned.
        log: what has happened, in the order of the decisions. Policies read it by `entry`.
        scores: what photos score by the scorer in charge; another object once that has changed.
        photos: those that may be looked at or were, by their ids, in the order in which they came.
        found_by: the tag whose answer named each photo first, by its id.
        answers: the photos that a tag has brought so far, answer after answer.
        queries: what was asked, and how much more it can bring.
        calls, looks: made or under way, whoever wanted them; without what was known before.
        known_answers: the entries of the log that are answers of earlier searches.
    """

    guesses: Sequence[Guess]
    budget: Budget
    rng: np.random.Generator
    steering: Steering = field(default_factory=Steering)
    log: list[Entry | Refused] = field(default_factory=list)
    scores: Scores = field(default_factory=dict)
    photos: dict[str, Photo] = field(default_factory=dict)
    found_by: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[Photo]] = field(default_factory=dict)
    queries: Queries = field(default_factory=Queries)
    calls: int = 0
    looks: int = 0
    known_answers: int = 0
    _looking: set[str] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)  # looked at, or under way
    # What was suggested and is banned, each with the places of its entries in the log.
    _refused_tags: dict[str, list[int]] = field(default_factory=dict)
    _refused_photos: dict[str, tuple[Photo, list[int]]] = field(default_factory=dict)
    _void: set[int] = field(default_factory=set)  # the places of entries that were taken back
    _next_scores: Scores | None = None

    # -- What policies ask ---------------------------------------------------------------------

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

    @property
    def banned(self) -> int:
        """How many photos were suggested and not looked at, as they carry a banned tag."""
        refused = (photo for photo, _ in self._refused_photos.values())
        return sum(photo.id not in self._taken and self.steering.bans(photo) for photo in refused)

    def entry(self, place: int) -> Entry | None:
        """Give what policies read at one place of the log; None: a lifted ban has taken it back."""
        entry = self.log[place]
        if place in self._void:
            return None
        return entry.outcome if isinstance(entry, Refused) else entry

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
        self.steering.take_answer(answer.tag, answer.photos, self.may_look)
        new = [photo for photo in answer.photos if photo.id not in self.photos]
        for photo in answer.photos:
            self.photos.setdefault(photo.id, photo)
            self.found_by.setdefault(photo.id, answer.tag)
        self.answers.setdefault(answer.tag, []).extend(answer.photos)
        found = len(answer.photos) + len(answer.dropped)
        self.queries.answered(answer.tag, found, len({photo.id for photo in new}))
        self.known_answers += answer.known

    def _take_look(self, photo: Photo, score: Score | None) -> None:
        self._looking.discard(photo.id)
        self._taken.add(photo.id)
        self.photos.setdefault(photo.id, photo)
        for scores in (self.scores, self._next_scores):
            if score is not None and scores is not None:
                scores[photo.id] = score

    # -- Decisions -----------------------------------------------------------------------------

    def decide(self, strategy: Strategy, calls: int, looks: int) -> Decisions:
        """Ask a strategy what to do now.

        While a tag is pinned, half of what is asked and looked at goes to it: it is asked again
        when its photos have been looked at, for as long as that brings new ones. A banned tag is
        never asked, and no photo that carries it is looked at; nor is any photo looked at twice.

        Args:
            strategy: suggests.
            calls, looks: for how many there is room.

        Raises:
            RuntimeError: it suggests more than it may.
        """
        while True:
            entries = len(self.log)
            tags = self.steering.share_calls(
                calls, self._ask_pinned, lambda n: self._ask_suggested(strategy, n)
            )
            photos = self.steering.share_looks(
                looks, self._look_at_pinned, lambda n: self._look_at_suggested(strategy, n)
            )
            under_way = self._looking or self.queries.under_way
            # Where all that was suggested is banned, there may be something else by now.
            if under_way or entries == len(self.log):
                return Decisions(tags, photos)

    def _ask_pinned(self, n: int) -> list[str]:
        return self._ask(self.steering.wanted(self.queries.under_way)[:n])

    def _ask_suggested(self, strategy: Strategy, n: int) -> list[str]:
        asked: list[str] = []
        refused: set[str] = set()
        while True:
            room = n - len(asked)
            suggested = strategy.suggest_tags(self, room)
            _check(strategy, len(suggested) <= room, "asked for more than it may")
            # The answer to a tag that is being asked already comes, too.
            fresh = [tag for tag in suggested if tag not in self.queries.under_way | refused]
            for tag in fresh:
                if self.steering.bans(tag):
                    refused.add(tag)
                    self._refuse_tag(tag)
                else:
                    asked += self._ask([tag])
            if not fresh or len(asked) >= n:
                return asked

    def _ask(self, tags: Sequence[str]) -> list[str]:
        for tag in tags:
            self.queries.ask(tag)
            self.calls += 1
            self.log.append(Asked(tag))
        return list(tags)

    def _look_at_pinned(self, n: int) -> list[Photo]:
        chosen: list[Photo] = []
        while len(chosen) < n and (photo := self.steering.next_photo(self.may_look)):
            self._choose(photo)
            chosen.append(photo)
        return chosen

    def _look_at_suggested(self, strategy: Strategy, n: int) -> list[Photo]:
        chosen: list[Photo] = []
        refused: set[str] = set()
        while True:
            room = n - len(chosen)
            suggested = strategy.suggest_photos(self, room)
            _check(strategy, len(suggested) <= room, "looked at more than it may")
            fresh = [each for each in suggested if each.id not in self._taken | refused]
            for photo in fresh:
                if self.may_look(photo):
                    self._choose(photo)
                    chosen.append(photo)
                else:
                    refused.add(photo.id)
                    self._refuse_photo(photo)
            if not fresh or len(chosen) >= n:
                return chosen

    def _choose(self, photo: Photo) -> None:
        self._taken.add(photo.id)
        self._looking.add(photo.id)
        self.photos.setdefault(photo.id, photo)
        self.looks += 1
        self.log.append(Chosen(photo))

    # -- What is banned ------------------------------------------------------------------------

    def _refuse_tag(self, tag: str, places: Sequence[int] = ()) -> None:
        if tag not in self._refused_tags:
            self._refused_tags[tag] = [*places, len(self.log)]
            self.queries.refuse(tag)
            self.answers.setdefault(tag, [])
            self.log.append(Refused(Answered(tag)))

    def _refuse_photo(self, photo: Photo, places: Sequence[int] = ()) -> None:
        if photo.id not in self._refused_photos:
            self._refused_photos[photo.id] = photo, [*places, len(self.log)]
            self.log.append(Refused(Looked(photo)))

    def give_up(self, what: str | Photo) -> None:
        """Refuse what was begun and cut short, as it is banned by now: it is under way no more."""
        if isinstance(what, Photo):
            places = self._places(
                lambda entry: isinstance(entry, Chosen) and entry.photo.id == what.id
            )
            self._taken.discard(what.id)
            self._looking.discard(what.id)
            self.looks -= 1
            self._refuse_photo(what, places)
        else:
            places = self._places(lambda entry: isinstance(entry, Asked) and entry.tag == what)
            self.queries.give_up(what)
            self._refuse_tag(what, places[-1:])  # the others were answered

    def _places(self, wanted: Callable[[Entry | Refused], bool]) -> list[int]:
        return [place for place, entry in enumerate(self.log) if wanted(entry)]

    def lift(self) -> bool:
        """Take back what was refused and is banned no more, so that it may be suggested again.

        Returns:
            Whether there was anything; then a fresh policy is to read the log.
        """
        tags = [tag for tag in self._refused_tags if not self.steering.bans(tag)]
        for tag in tags:
            self._void.update(self._refused_tags.pop(tag))
            self.queries.admit(tag)
            if not self.queries.was_answered(tag):
                self.answers.pop(tag, None)
        refused = [photo for photo, _ in self._refused_photos.values()]
        photos = [photo for photo in refused if not self.steering.bans(photo)]
        for photo in photos:
            self._void.update(self._refused_photos.pop(photo.id)[1])
        return bool(tags or photos)

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


def _check(strategy: object, fine: bool, what: str) -> None:
    if not fine:
        raise RuntimeError(f"{type(strategy).__name__} {what}")

"""CLEAR's algorithm: ask for the tags with the best mean score, in rounds of ten."""

import heapq
import itertools
from collections.abc import Sequence

import numpy as np

from lookalike.photo import Photo
from lookalike.policies.policy import LearningPolicy, TagEstimate, Unseen
from lookalike.policies.state import Answered, LogEntry, Looked, SearchState

BEST = 10
"""How many photos make up the "current best", whose tags feed back (CLEAR section 3)."""

TAGS_FED = 10
"""How many tags of such a photo feed back, drawn at random (CLEAR's src/clear.js)."""


class Greedy(LearningPolicy):
    """CLEAR (Sato, CIKM 2022, arXiv 2206.08521, section 3; https://github.com/joisino/clear).

    A running mean of scores is kept per tag. Each round asks the ten best distinct tags at once
    and looks at one photo of each answer; the next begins when the last photo of the round is
    scored. The tags of a photo that enters the current best are queued by their mean; a tag
    leaves the queue when asked, and comes back when a good photo carries it again. With an empty
    queue, tags are drawn at random from all known ones.

    Where CLEAR's code could spin for ever or look at a photo twice, this one does not: a round
    takes as many tags as can still bring a new photo, and without any the search is over. A person
    may have tags and photos looked into besides: their scores count, and rounds go on as they are.

    Args:
        tags_per_round: how many tags are asked at once.
        looks_per_call: how many photos of an answer are looked at.
    """

    def __init__(self, tags_per_round: int = 10, looks_per_call: int = 1) -> None:
        self._tags_per_round = tags_per_round
        self._looks_per_call = looks_per_call

    def begin(self, state: SearchState) -> None:
        self._sums: dict[str, tuple[float, int]] = dict.fromkeys(state.seeds, (0.0, 0))
        self._queue: list[tuple[float, int, str, int]] = []
        self._order = itertools.count()
        self._best: list[float] = []
        self._fresh: list[Photo] = []  # scored since the round began
        # The round: tags without an answer so far, and photos without a score.
        guessed = dict.fromkeys(guess.tag for guess in state.guesses)
        self._tags = [tag for tag in guessed if not state.queries.was_asked(tag)]
        self._photos: dict[str, Photo] = {}

    def learn(self, state: SearchState, entry: LogEntry) -> None:
        if isinstance(entry, Answered) and entry.tag in self._tags:
            if not entry.known:
                self._tags.remove(entry.tag)
                self._pick(state, entry.tag)
        elif isinstance(entry, Looked):
            self._photos.pop(entry.photo.id, None)
            self._fresh.append(entry.photo)

    def suggest_tags(self, state: SearchState, n: int) -> list[str]:
        self.update(state)
        if not (self._tags or self._photos):
            self._start_round(state)
        return [tag for tag in self._tags if not state.queries.is_under_way(tag)][:n]

    def suggest_photos(self, state: SearchState, n: int) -> list[Photo]:
        self.update(state)
        return [photo for photo in self._photos.values() if not state.is_taken(photo)][:n]

    def estimates(self, state: SearchState, limit: int) -> list[TagEstimate]:
        """See `Policy.estimates`: the tags' mean scores."""
        self.update(state)
        rated = [TagEstimate(tag, total / n, n) for tag, (total, n) in self._sums.items() if n]
        return heapq.nlargest(limit, rated, key=lambda estimate: estimate.mean)

    def unseen(self, state: SearchState) -> list[Unseen]:
        """See `Policy.unseen`: of each answer, the others."""
        count = sum(not state.is_taken(photo) for photo in state.photos.values())
        why = "Each answer had one photo looked at; these are the others."
        return [Unseen(why, count)] if count else []

    def _start_round(self, state: SearchState) -> None:
        for photo in self._fresh:
            if (score := state.score(photo)) is not None:
                self._feed_back(state.rng, photo, score)
        self._fresh.clear()
        for tag in self._best_tags(state):
            if tag in state.answers:
                self._pick(state, tag)
            else:
                self._tags.append(tag)

    def _feed_back(self, rng: np.random.Generator, photo: Photo, score: float) -> None:
        if len(self._best) >= BEST and score < self._best[0]:
            return
        heapq.heappush(self._best, score)
        if len(self._best) > BEST:
            heapq.heappop(self._best)
        tags = np.array(photo.tags, dtype=object)
        for tag in rng.permutation(tags)[:TAGS_FED]:
            total, count = self._sums.get(tag, (0.0, 0))
            total, count = total + score, count + 1
            self._sums[tag] = total, count
            heapq.heappush(self._queue, (-total / count, next(self._order), tag, count))

    def _best_tags(self, state: SearchState) -> list[str]:
        chosen: list[str] = []
        while self._queue and len(chosen) < self._tags_per_round:
            _, _, tag, count = heapq.heappop(self._queue)
            # An entry made before the tag's latest score is out of date; a newer one exists.
            if count == self._sums[tag][1] and tag not in chosen and self._promises(state, tag):
                chosen.append(tag)
        others = [tag for tag in self._sums if tag not in chosen and self._promises(state, tag)]
        if not (chosen or others):
            # Only photos without known tags are left, such as what a guess found by its title.
            others = [tag for tag in state.answers if self._promises(state, tag)]
        missing = min(self._tags_per_round - len(chosen), len(others))
        return chosen + [others[i] for i in state.rng.permutation(len(others))[:missing]]

    def _promises(self, state: SearchState, tag: str) -> bool:
        return tag not in state.answers or bool(self._left(state, tag))

    def _left(self, state: SearchState, tag: str) -> Sequence[Photo]:
        """Give the photos of a tag that are not looked at, nor chosen for this round."""
        return [
            photo
            for photo in state.answers[tag]
            if photo.id not in self._photos and state.may_look(photo)
        ]

    def _pick(self, state: SearchState, tag: str) -> None:
        for photo in self._left(state, tag)[: self._looks_per_call]:
            self._photos[photo.id] = photo

"""CLEAR's algorithm: ask for the tags with the best mean score, in rounds of ten."""

import heapq
import itertools
from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.policy import SEED_TAGS, Belief, Guess, Unseen

BEST = 10
"""How many photos make up the "current best", whose tags feed back (CLEAR section 3)."""

TAGS_FED = 10
"""How many tags of such a photo feed back, drawn at random (CLEAR's src/clear.js)."""


class Greedy:
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

    def begin(self, guesses: Sequence[Guess], budget: Budget, rng: np.random.Generator) -> None:
        """See `Policy.begin`."""
        del budget  # CLEAR spends what it is given
        self._rng = rng
        self._sums: dict[str, tuple[float, int]] = dict.fromkeys(SEED_TAGS, (0.0, 0))
        self._queue: list[tuple[float, int, str, int]] = []
        self._order = itertools.count()
        self._best: list[float] = []
        self._known: dict[str, deque[Photo]] = {}
        self._chosen: set[str] = set()
        self._named: set[str] = set()  # by answers
        self._to_ask = deque(dict.fromkeys(guess.tag for guess in guesses))
        self._to_look: deque[Photo] = deque()
        self._asking: set[str] = set()
        self._looking: set[str] = set()
        self._scores: list[tuple[Photo, float]] = []

    def go_on(self, budget: Budget) -> None:
        """See `Policy.go_on`."""
        del budget  # CLEAR spends what it is given

    def ask(self, room: int) -> list[str]:
        """See `Policy.ask`."""
        if not (self._to_ask or self._to_look or self._asking or self._looking):
            self._start_round()
        asked = [self._to_ask.popleft() for _ in range(min(room, len(self._to_ask)))]
        self._asking.update(asked)
        return asked

    def answered(self, tag: str, photos: Sequence[Photo], dropped: Sequence[Photo] = ()) -> None:
        """See `Policy.answered`: without photos to look at, a tag is not drawn again."""
        del dropped  # no tag is asked twice, however full its answer was
        self._known.setdefault(tag, deque()).extend(photos)
        self._named.update(photo.id for photo in photos)
        if tag in self._asking:
            self._asking.remove(tag)
            self._choose_photos(tag)

    def look(self, room: int) -> list[Photo]:
        """See `Policy.look`."""
        looked = [self._to_look.popleft() for _ in range(min(room, len(self._to_look)))]
        self._looking.update(photo.id for photo in looked)
        return looked

    def scored(self, photo: Photo, score: float, feature: NDArray[np.float32]) -> None:
        """See `Policy.scored`."""
        del feature  # CLEAR learns from scores alone
        self._settle(photo)
        self._scores.append((photo, score))

    def lost(self, photo: Photo) -> None:
        """See `Policy.lost`."""
        self._settle(photo)  # it was one look of its round, and brought nothing

    def beliefs(self, limit: int) -> list[Belief]:
        """See `Policy.beliefs`: the tags' mean scores."""
        rated = [Belief(tag, total / n, n) for tag, (total, n) in self._sums.items() if n]
        return heapq.nlargest(limit, rated, key=lambda belief: belief.mean)

    def outlook(self) -> float | None:
        """See `Policy.outlook`."""
        return None  # there is no model

    def unseen(self) -> list[Unseen]:
        """See `Policy.unseen`: of each answer, the others."""
        waiting = {photo.id for photo in self._to_look}
        count = len(self._named - (self._chosen - waiting))
        why = "Each answer had one photo looked at; these are the others."
        return [Unseen(why, count)] if count else []

    def _settle(self, photo: Photo) -> None:
        self._looking.discard(photo.id)
        self._chosen.add(photo.id)
        # Where a person had it looked at, it may still wait here.
        self._to_look = deque(waiting for waiting in self._to_look if waiting.id != photo.id)

    def _start_round(self) -> None:
        for photo, score in self._scores:
            self._feed_back(photo, score)
        self._scores.clear()
        for tag in self._best_tags():
            if tag in self._known:
                self._choose_photos(tag)
            else:
                self._to_ask.append(tag)

    def _feed_back(self, photo: Photo, score: float) -> None:
        if len(self._best) >= BEST and score < self._best[0]:
            return
        heapq.heappush(self._best, score)
        if len(self._best) > BEST:
            heapq.heappop(self._best)
        tags = np.array(photo.tags, dtype=object)
        for tag in self._rng.permutation(tags)[:TAGS_FED]:
            total, count = self._sums.get(tag, (0.0, 0))
            total, count = total + score, count + 1
            self._sums[tag] = total, count
            heapq.heappush(self._queue, (-total / count, next(self._order), tag, count))

    def _best_tags(self) -> list[str]:
        chosen: list[str] = []
        while self._queue and len(chosen) < self._tags_per_round:
            _, _, tag, count = heapq.heappop(self._queue)
            # An entry made before the tag's latest score is out of date; a newer one exists.
            if count == self._sums[tag][1] and tag not in chosen and self._promises(tag):
                chosen.append(tag)
        others = [tag for tag in self._sums if tag not in chosen and self._promises(tag)]
        if not (chosen or others):
            # Only photos without known tags are left, such as what a guess found by its title.
            others = [tag for tag in self._known if self._promises(tag)]
        missing = min(self._tags_per_round - len(chosen), len(others))
        return chosen + [others[i] for i in self._rng.permutation(len(others))[:missing]]

    def _promises(self, tag: str) -> bool:
        return tag not in self._known or any(
            photo.id not in self._chosen for photo in self._known[tag]
        )

    def _choose_photos(self, tag: str) -> None:
        remembered = self._known[tag]
        for _ in range(self._looks_per_call):
            while remembered and remembered[0].id in self._chosen:
                remembered.popleft()
            if remembered:
                photo = remembered.popleft()
                self._chosen.add(photo.id)
                self._to_look.append(photo)

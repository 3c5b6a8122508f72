"""The default policy: Bayesian active search over photos and tags."""

import bisect
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.candidates import Candidates
from lookalike.policies.policy import SEED_TAGS, Belief, Guess, Unseen
from lookalike.policies.queries import QueryBook, distinct

OPENING = 0.02
"""Guesses at least this probable are asked at once; the others when nothing promises more."""

OPENED = (4, 10)
"""The fewest and the most queries that are asked before anything has been learnt."""

LEAD = 0.7
"""By this share of the looks all calls have been made: what they bring wants to be looked at."""


class ActiveSearch:
    """Looks at what its Gaussian process promises most, and asks where more of that is.

    Every photo that an answer brings is a candidate, known by its tags and title alone. A Gaussian
    process over these predicts scores. Looked at is the photo with the highest expected
    improvement on the tenth best so far; asked is the tag whose new photos promise the most of it
    in all. So this is Bayesian optimisation of the ten best
    instead of the one (Jones, Schonlau and Welch, Journal of Global Optimization 1998), or active
    search with real-valued rewards (Garnett et al., ICML 2012), over a pool that grows.
    """

    def begin(self, guesses: Sequence[Guess], budget: Budget, rng: np.random.Generator) -> None:
        """See `Policy.begin`."""
        del rng  # nothing here is left to chance
        self._budget = budget
        self._guesses = list(guesses)
        likely = [guess for guess in guesses if guess.probability >= OPENING]
        opened = max(likely, guesses[: OPENED[0]], key=len)[: OPENED[1]]
        self._to_open = distinct([guess.tag for guess in opened] or SEED_TAGS)
        self._opening = set(self._to_open)  # not answered yet
        self._candidates = Candidates()
        self._book = QueryBook()
        self._early: list[tuple[Photo, float | None]] = []
        self._chosen: set[str] = set()
        # Whoever wanted them, they are of one budget; what is known is told, and costs nothing.
        self._calls, self._looks = -budget.known_calls, -budget.known_photos

    def go_on(self, budget: Budget) -> None:
        """See `Policy.go_on`."""
        known = {name: getattr(self._budget, name) for name in ("known_photos", "known_calls")}
        self._budget = replace(budget, **known)

    def ask(self, room: int) -> list[str]:
        """See `Policy.ask`."""
        if self._to_open:
            asked, self._to_open = self._to_open[:room], self._to_open[room:]
        elif self._opening:
            asked = []
        else:
            asked = self._most_promising(min(room, self._calls_due()))
        for query in asked:
            self._book.ask(query)
        self._calls += len(asked)
        return asked

    def answered(self, tag: str, photos: Sequence[Photo], dropped: Sequence[Photo] = ()) -> None:
        """See `Policy.answered`."""
        self._calls += not self._book.is_under_way(tag)
        new = self._candidates.add(photos)
        self._book.answered(tag, len(photos) + len(dropped), new)
        if self._opening:
            self._opening.discard(tag)
            # It may be known from an earlier search, and need not be asked.
            self._to_open = [other for other in self._to_open if other != tag]
            # Where something is known, that is enough to begin with.
            known = self._budget.known_calls
            if not self._opening or self._calls == 0 < known:
                self._opening = set()
                tags = [guess.tag for guess in self._guesses] or SEED_TAGS
                self._candidates.start(self._guesses, distinct(tags))
                for photo, score in self._early:
                    self._candidates.settle(photo, score)

    def look(self, room: int) -> list[Photo]:
        """See `Policy.look`."""
        chosen: list[Photo] = []
        while len(chosen) < room and not self._opening:
            photo = self._candidates.take_best()
            if photo is None:
                break
            chosen.append(photo)
        self._looks += len(chosen)
        self._chosen.update(photo.id for photo in chosen)
        return chosen

    def scored(self, photo: Photo, score: float, feature: NDArray[np.float32]) -> None:
        """See `Policy.scored`."""
        del feature  # how photos look is told by their scores
        self._looks += photo.id not in self._chosen
        self._settle(photo, score)

    def lost(self, photo: Photo) -> None:
        """See `Policy.lost`."""
        self._settle(photo, None)

    def beliefs(self, limit: int) -> list[Belief]:
        """See `Policy.beliefs`: predicted mean scores, the most promising tags first."""
        if self._opening or not self._candidates.photos:
            return []
        return self._candidates.tag_beliefs(limit)

    def outlook(self) -> float:
        """See `Policy.outlook`."""
        if self._opening:
            return float("inf")
        best = 0.0
        for limit, promise, known, tag in self._by_limit():
            if -limit <= best:
                break  # no later tag can be worth more
            best = max(best, promise * self._book.expected(tag, known))
        return self._candidates.outlook(best + self._under_way())

    def unseen(self) -> list[Unseen]:
        """See `Policy.unseen`."""
        if self._opening or not self._candidates.photos:
            return []
        return self._candidates.left_out()

    def _under_way(self) -> float:
        """Say what the questions promise that are not answered yet."""
        tags, known, promises = self._candidates.tag_promises()
        return sum(
            float(promises[i]) * self._book.brings(tag, int(known[i]))
            for i, tag in enumerate(tags)
            if self._book.is_under_way(tag)
        )

    def _settle(self, photo: Photo, score: float | None) -> None:
        if self._opening:
            self._early.append((photo, score))  # a person had it looked at
        else:
            self._candidates.settle(photo, score)

    def _calls_due(self) -> int:
        left = self._budget.calls - self._calls
        if not self._candidates.unseen():
            return left
        calls = min(self._budget.calls, self._budget.photos)
        share = min(1.0, self._looks / (LEAD * self._budget.photos))
        return min(left, int(OPENED[1] + (calls - OPENED[1]) * share) - self._calls)

    def _most_promising(self, room: int) -> list[str]:
        """Choose the queries whose new photos promise most: how many, times what each may bring."""
        if room < 1:
            return []
        valued: list[tuple[float, str]] = []
        for limit, promise, known, tag in self._by_limit():
            if len(valued) >= room and limit >= valued[room - 1][0]:
                break  # no later tag can be worth more
            value = promise * self._book.expected(tag, known)
            if value > 0:
                bisect.insort(valued, (-value, tag))
        chosen = distinct([tag for _, tag in valued])
        if not chosen and not self._candidates.unseen():
            chosen = [tag for tag in SEED_TAGS if self._book.expected(tag, 1) > 0]
        return chosen[:room]

    def _by_limit(self) -> Iterator[tuple[float, float, int, str]]:
        """Give each tag, by what it is worth at most: that, negative; its promise; its carriers."""
        tags, known, promises = self._candidates.tag_promises()
        limits = -promises * self._book.most_of_each(known)
        order = np.lexsort((known, promises, limits))
        columns = [column[order].tolist() for column in (limits, promises, known)]
        rows = zip(*columns, order.tolist(), strict=True)
        # The first few are all that is asked for, mostly: only they are put in order by name.
        for equal, group in itertools.groupby(rows, key=lambda row: row[:3]):
            for tag in sorted(tags[row[3]] for row in group):
                yield *equal, tag

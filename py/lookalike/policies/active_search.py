"""The default policy: Bayesian active search over photos and tags."""

import bisect
import itertools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lookalike.photo import Photo
from lookalike.policies.candidates import Candidates
from lookalike.policies.gaussian_process import Array
from lookalike.policies.policy import LearningPolicy, TagEstimate, Unseen
from lookalike.policies.queries import distinct
from lookalike.policies.state import Answered, Chosen, LogEntry, Looked, SearchState

OPENING = 0.02
"""Guesses at least this probable are asked at once; the others when nothing promises more."""

OPENED = (4, 10)
"""The fewest and the most queries that are asked before anything has been learnt."""

ANSWERED = 2
"""So many of them are answered before anything is looked at. To wait for all is no better, and the
first results come later."""

FEW = 50
"""So many tags are put in order at first: all of them take longer than to choose a photo."""

NEXT = 5
"""So many of the best questions, where so many may be asked, count in an outlook."""

LEAD = 0.7
"""By this share of the looks all calls have been made: what they bring wants to be looked at."""


class ActiveSearch(LearningPolicy):
    """Looks at what its Gaussian process promises most, and asks where more of that is.

    Every photo that an answer brings is a candidate, known by its tags and title alone. A Gaussian
    process over these predicts scores. Looked at is the photo with the highest expected
    improvement on the tenth best so far; asked is the tag whose new photos promise the most of it
    in all. So this is Bayesian optimisation of the ten best
    instead of the one (Jones, Schonlau and Welch, Journal of Global Optimization 1998), or active
    search with real-valued rewards (Garnett et al., ICML 2012), over a pool that grows.
    """

    def begin(self, state: SearchState) -> None:
        likely = [guess for guess in state.guesses if guess.probability >= OPENING]
        opened = max(likely, state.guesses[: OPENED[0]], key=len)[: OPENED[1]]
        self._first = distinct([guess.tag for guess in opened] or state.seeds)
        self._opening = set(self._first[:ANSWERED])  # not answered yet
        self._known_answers = 0
        self._candidates = Candidates()
        self._early: list[Photo] = []

    def learn(self, state: SearchState, entry: LogEntry) -> None:
        if isinstance(entry, Answered):
            self._candidates.add(entry.photos)
            self._known_answers += entry.known
            if self._opening:
                self._open(state, entry.tag)
        elif self._opening:
            if isinstance(entry, Looked):
                self._early.append(entry.photo)  # a person had it looked at
        elif isinstance(entry, Chosen):
            self._candidates.take(entry.photo)
        elif isinstance(entry, Looked):
            self._candidates.settle(entry.photo, state.score(entry.photo))

    def _open(self, state: SearchState, tag: str) -> None:
        """Begin to predict when the first queries are answered."""
        self._opening.discard(tag)
        # Where something is known from earlier searches, that is enough to begin with.
        if not self._opening or self._known_answers == state.known_answers > 0:
            self._start_to_predict(state)

    def _start_to_predict(self, state: SearchState) -> None:
        self._opening = set()
        tags = [guess.tag for guess in state.guesses] or state.seeds
        self._candidates.start(state.guesses, distinct(tags))
        for photo in self._early:
            self._candidates.settle(photo, state.score(photo))

    def suggest_tags(self, state: SearchState, n: int) -> list[str]:
        self.update(state)
        first = [tag for tag in self._first if not self._is_asked(state, tag)]
        if first:
            return first[:n]
        if self._opening:
            return []
        return self._most_promising(state, min(n, self._calls_due(state)))

    def _is_asked(self, state: SearchState, tag: str) -> bool:
        return tag in state.answers or state.queries.is_under_way(tag)

    def suggest_photos(self, state: SearchState, n: int) -> list[Photo]:
        self.update(state)
        if self._opening and not any(map(state.queries.is_under_way, self._opening)):
            self._start_to_predict(state)  # no more calls can be made, or the service has stopped
        chosen: list[Photo] = []
        while len(chosen) < n and not self._opening:
            photo = self._candidates.take_best()
            if photo is None:
                break
            chosen.append(photo)
        return chosen

    def estimates(self, state: SearchState, limit: int) -> list[TagEstimate]:
        """See `Policy.estimates`: predicted mean scores, the most promising tags first."""
        self.update(state)
        if self._opening or not self._candidates.photos:
            return []
        return self._candidates.tag_estimates(limit)

    def outlook(self, state: SearchState) -> float:
        self.update(state)
        if self._opening:
            return float("inf")
        room = max(1, min(NEXT, state.budget.calls - state.calls))
        best = [0.0] * room
        for limit, promise, known, tag in self._by_limit(state):
            if -limit <= best[0]:
                break  # no later tag can be worth more
            best = sorted([*best, promise * state.queries.expected(tag, known)])[-room:]
        return self._candidates.outlook(sum(best) + self._under_way(state))

    def unseen(self, state: SearchState) -> list[Unseen]:
        self.update(state)
        if self._opening or not self._candidates.photos:
            return []
        return self._candidates.left_out()

    def _under_way(self, state: SearchState) -> float:
        """Say what the questions promise that are not answered yet."""
        tags, known, promises = self._candidates.tag_promises()
        return sum(
            float(promises[i]) * state.queries.brings(tag, int(known[i]))
            for i, tag in enumerate(tags)
            if state.queries.is_under_way(tag)
        )

    def _calls_due(self, state: SearchState) -> int:
        budget, left = state.budget, state.budget.calls - state.calls
        if not self._candidates.unseen():
            return left
        calls = min(budget.calls, budget.photos)
        share = min(1.0, state.looks / (LEAD * budget.photos))
        return min(left, int(OPENED[1] + (calls - OPENED[1]) * share) - state.calls)

    def _most_promising(self, state: SearchState, room: int) -> list[str]:
        """Choose the queries whose new photos promise most: how many, times what each may bring."""
        if room < 1:
            return []
        valued: list[tuple[float, str]] = []
        for limit, promise, known, tag in self._by_limit(state):
            if len(valued) >= room and limit >= valued[room - 1][0]:
                break  # no later tag can be worth more
            value = promise * state.queries.expected(tag, known)
            if value > 0:
                bisect.insort(valued, (-value, tag))
        chosen = distinct([tag for _, tag in valued])
        if not chosen and not self._candidates.unseen():
            chosen = [tag for tag in state.seeds if state.queries.expected(tag, 1) > 0]
        return chosen[:room]

    def _by_limit(self, state: SearchState) -> Iterator[tuple[float, float, int, str]]:
        """Give each tag, by what it is worth at most: that, negative; its promise; its carriers."""
        tags, known, promises = self._candidates.tag_promises()
        limits = -promises * state.queries.most_of_each(known)
        for part in first_few(limits):
            order = part[np.lexsort((known[part], promises[part], limits[part]))]
            columns = [column[order].tolist() for column in (limits, promises, known)]
            rows = zip(*columns, order.tolist(), strict=True)
            for equal, group in itertools.groupby(rows, key=lambda row: row[:3]):
                for tag in sorted(tags[row[3]] for row in group):
                    yield *equal, tag


def first_few(values: Array) -> Iterator[NDArray[np.intp]]:
    """Part the numbers of values: the `FEW` least, with all that equal them, and the others.

    The others are found when somebody wants them, which is seldom.
    """
    if len(values) <= FEW:
        yield np.arange(len(values))
        return
    most = np.partition(values, FEW)[FEW]
    yield np.flatnonzero(values <= most)
    yield np.flatnonzero(values > most)

"""The calls of one search to its photo service: how many, for what, and what becomes of them."""

import math
from collections import defaultdict
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lookalike.errors import ClosedError, PassingError, Problem, SourceError
from lookalike.photo import Photo
from lookalike.policies.steering import key_of
from lookalike.search.circuit_breaker import CircuitBreaker
from lookalike.search.context import Limits, SearchContext
from lookalike.search.filter_tally import FilterTally
from lookalike.search.rate_limiter import MINUTE
from lookalike.sources.source import (
    Capabilities,
    address_of,
    capabilities,
    costing_one_answer,
    more_of,
)

UPLOADED_WITHIN = 3 * 365 * 24 * 60 * 60
"""Seconds. Each query is bounded by a random upload date within three years, so that tags do not
all return the same newest photos (CLEAR section 3; src/flickr.js)."""

DAY_SHARE = 4
"""No search makes more than one in so many of the calls that are left of a day."""

FEW = 5
"""So many it may make all the same, while there are any: fewer lead nowhere."""


def frugal(calls: int, can: Capabilities, day_left: int | None) -> int:
    """Bound the calls of one search by what its service takes.

    At most a minute's, so that a search that begins in a fresh minute never waits for the next;
    and at most a quarter of what is left of the day, because one search leads to another: somebody
    who crops the photo or marks results wants to search again, and the day is as short for the
    page in the next tab. So 200 calls a day and 20 a minute make ten searches or more of 20 calls
    down to 5.

    Args:
        calls: how many a person allows.
        can: the service; its `per_minute` counts.
        day_left: how many it still takes today; None where it sets no limit.

    Returns:
        At least 1: the call that tells that there are none.
    """
    most = calls if can.per_minute is None else min(calls, can.per_minute)
    if day_left is not None:
        most = min(most, day_left, max(FEW, day_left // DAY_SHARE))
    return max(1, most)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service found for one tag: the photos that the filters pass, and the `dropped`.

    `words` are what it was asked; None where there is no answer, as it `failed` or was not asked.
    `page` is which page of what it finds, and `more` whether there are others, where it says so.
    What failed in `passing` may well be answered when the service answers others again.
    """

    photos: Sequence[Photo] = ()
    dropped: Sequence[Photo] = ()
    words: str | None = None
    page: int = 1
    more: bool | None = None
    failed: bool = False
    passing: bool = False


class TagQueries:
    """Calls one service for one search; not before `allow`.

    A source that obeys dates is asked for photos before a random one each time, so that a tag asked
    again brings others. Of one that has pages, each question for a tag gets the first page that
    nobody has asked for, and whose answer is not known from earlier searches. A question
    that could only bring the same again is answered by nothing, without a call; so is a tag in
    which the service would read no word.

    Args:
        tools: what to work with.
        limits: how much goes on at once.
        filter_tally: the search's filters.
        rng: what dates are drawn from.
        report: told of what is wrong, as (with what, the problem), and of None when it is over.

    Attributes:
        made: calls made so far.
        closed: why the service takes no more; None while it does.
    """

    def __init__(
        self,
        tools: SearchContext,
        limits: Limits,
        filter_tally: FilterTally,
        rng: np.random.Generator,
        report: Callable[[str, Problem | None], None],
    ) -> None:
        self.made = 0
        self.closed: Problem | None = None
        self._tools, self._filter_tally, self._rng, self._report = tools, filter_tally, rng, report
        self._can = capabilities(tools.source)
        self._at_once = min(limits.calls, self._can.at_once)
        self._budget, self._granted = 0, 0
        self._now = tools.now()
        # The pages that were asked for, by earlier searches, too. By words however they are
        # spelled, since services read "Cat" as they read "cat".
        pool = tools.pool
        self._asked: defaultdict[str, set[int]] = defaultdict(set)
        if pool is not None:
            for words, pages in pool.pages(self._can, filter_tally.filters).items():
                self._asked[key_of(words)] |= pages
        self._open: dict[str, int] = {}  # the page of each tag that has no answer yet
        self._waiting = 0
        self._patience = limits.breaker
        self._gate = self._opened()

    def _opened(self) -> CircuitBreaker:
        return CircuitBreaker(
            lambda problem: self._report("calls", problem),
            tolerance=1,
            attempts=3,
            patience=self._patience,
            sleep=self._tools.sleep,
            clock=self._tools.clock,
        )

    def allow(self, calls: int) -> None:
        """Allow so many more from now on; a service that took no more is tried again.

        Args:
            calls: how many, those that are tried again among them.
        """
        self._budget, self.closed = self._granted + calls, None
        self._gate = self._opened()

    def take_back(self, tag: str) -> None:
        """A question has no answer: the next for its tag gets its page; its date is another."""
        if (page := self._open.pop(tag, None)) is not None:
            self._asked[key_of(self._can.syntax.words(tag))].discard(page)

    @property
    def granted(self) -> int:
        """Calls granted so far, whether they were made or not."""
        return self._granted

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self._granted >= self._budget

    def room(self, under_way: int) -> int:
        """Say how many more may begin, while so many are under way."""
        left = 0 if self.closed else self._budget - self._granted
        return max(0, min(self._at_once - under_way, left))

    def ask(self, tag: str) -> Coroutine[Any, Any, Answer]:
        """Ask for a tag. Dates and pages are chosen now, in the order of the questions.

        Nothing is raised: what goes wrong is reported, and the answer is empty.
        """
        question = self._question(tag)
        if question is None:
            return _nothing()
        self._granted += 1
        return self._call(tag, question)

    def _question(self, tag: str) -> tuple[Any, ...] | None:
        words = self._can.syntax.words(tag)
        if not words:
            return None
        if self._can.dates:
            return words, self._can.per_call, self._uploaded_before()
        asked = self._asked[key_of(words)]
        left = (n for n in range(1, self._can.pages + 1) if n not in asked)
        page = next((n for n in left if not self._is_known(words, n)), None)
        if page is None:
            return None
        asked.add(page)
        self._open[tag] = page
        return words, self._can.per_call, None, *((page,) if self._can.pages > 1 else ())

    def _is_known(self, words: str, number: int) -> bool:
        """Say whether an earlier engine has had this page, so that it is not asked for."""
        source, pool = self._tools.source, self._tools.pool
        if pool is None:
            return False
        page = (number,) if self._can.pages > 1 else ()
        try:
            with costing_one_answer(source):
                url = address_of(source, words, self._can.per_call, None, *page)
        except SourceError:
            return False  # the search asks, and tells
        return url != "" and pool.has(self._can, url)

    def _uploaded_before(self) -> int:
        filters = self._filter_tally.filters
        latest = self._now if filters.until is None else min(self._now, filters.until)
        since = -math.inf if filters.since is None else filters.since
        return int(latest - self._rng.uniform(0, min(UPLOADED_WITHIN, max(0, latest - since))))

    async def _call(self, tag: str, question: tuple[Any, ...]) -> Answer:
        granted = iter([True])
        try:
            with costing_one_answer(self._tools.source):
                photos = await self._gate.attempt(
                    lambda: self._call_once(tag, question, next(granted, False))
                )
                sifted, more = self._filter_tally.sift(photos), more_of(photos)
        except ClosedError as error:
            if self.closed is None:
                self.closed = error.problem
                self._report("the service", error.problem)
        except PassingError:
            self.take_back(tag)
            return Answer(failed=True, passing=True)  # the gate has told it
        except SourceError as error:
            self._report("an answer", error.problem)
        else:
            self._report("an answer", None)
            return Answer(*sifted, question[0], self._open.pop(tag, 1), more)
        self.take_back(tag)
        return Answer(failed=True)

    async def _call_once(
        self, tag: str, question: tuple[Any, ...], granted: bool
    ) -> Sequence[Photo]:
        self._check_open()
        if not granted:
            if self.spent:
                raise SourceError(f"No API calls are left to ask again for “{tag}”.")
            self._granted += 1
        await self._wait_for_limiter()
        self.made += 1
        return await self._tools.run(self._tools.source.search, *question)

    def _check_open(self) -> None:
        if self.closed:
            raise ClosedError(self.closed.message, self.closed.advice)

    async def _wait_for_limiter(self) -> None:
        rate_limiter = self._tools.rate_limiter
        if rate_limiter is None:
            return
        self._waiting += 1
        try:
            # Told only where it is long enough to be noticed, and the day is not used up besides.
            minute, day = rate_limiter.left()
            if minute == 0 and day != 0:
                self._report("the minute", self._told_to_wait(rate_limiter.made))
            await rate_limiter.take()
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._report("the minute", None)
        self._tools.called()
        self._check_open()  # the service may have closed meanwhile

    def _told_to_wait(self, made: Sequence[float]) -> Problem:
        most = self._can.per_minute or 1
        seconds = math.ceil(max(1.0, made[-most] + MINUTE - self._tools.now()))
        return Problem(
            "waiting",
            f"{self._can.title} takes {most} calls a minute: the next in {seconds} s.",
            "The search goes on by itself; what was found stays here.",
        )


async def _nothing() -> Answer:
    return Answer()

"""The search: ask for tags, look at photos, learn, ask again.

The loop has no I/O of its own and knows no service. Calls and looks overlap, each kind up to a
limit. Their outcomes reach the screen at once, but the policy in the order in which it made the
decisions: so a search is deterministic by its seed and the source's answers, however long each
of them takes. Only what takes longer than `Limits.patience` is overtaken.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lookalike.budget import Budget
from lookalike.cache import Cache
from lookalike.errors import (
    ClosedError,
    LookalikeError,
    ModelError,
    PassingError,
    Problem,
    ScoreError,
    SourceError,
)
from lookalike.events import (
    Event,
    Finished,
    Noted,
    Progress,
    Queried,
    Reason,
    Scored,
    Skipped,
    Started,
    Troubled,
)
from lookalike.judge import Judge
from lookalike.look import Look, Looker, Runner
from lookalike.outage import GIVEN_UP, Outage
from lookalike.photo import Photo
from lookalike.policy import Policy
from lookalike.sources.source import Source
from lookalike.twins import Twins

UPLOADED_WITHIN = 3 * 365 * 24 * 60 * 60
"""Seconds. Each query is bounded by a random upload date within three years, so that tags do not
all return the same newest photos (CLEAR section 3; src/flickr.js)."""

HOPELESS = 8
"""After this many looks in a row that failed by the measure or the model, the search gives up."""

BELIEFS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Limits:
    """How much goes on at once.

    Attributes:
        calls: API calls under way.
        looks: photos under way; image hosts refuse those who fetch many more at once.
        per_call: photos asked for in one call.
        patience: seconds that later outcomes wait for an earlier one before they overtake it.
        outage: seconds without any answer after which a service is given up.
    """

    calls: int = 10
    looks: int = 12
    per_call: int = 30
    patience: float = 3.0
    outage: float = 60.0


@dataclass(frozen=True, slots=True)
class Toolbox:
    """What a search works with.

    Attributes:
        source: the photo service.
        run: how the source's functions are run so that they overlap.
        cache: what is remembered from search to search.
        clock, sleep, now: seconds (monotonic), a pause, and Unix time in seconds.
    """

    source: Source
    run: Runner = asyncio.to_thread
    cache: Cache | None = None
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    now: Callable[[], float] = time.time


async def search(
    judge: Judge,
    tools: Toolbox,
    policy: Policy,
    budget: Budget | None = None,
    *,
    seed: int = 0,
    limits: Limits | None = None,
    stop: asyncio.Event | None = None,
) -> AsyncGenerator[Event, None]:
    """Search for photos that the judge likes, and tell what happens down to the last, `Finished`.

    Nothing is raised for what goes wrong with a photo, a service or the measure: it is told by
    `Skipped`, `Troubled` or `Finished`, and what was found before stays found.

    Args:
        judge: knows the query photos and scores others, by whatever measure it has at the time;
            it belongs to this search alone.
        tools: what to work with.
        policy: what decides; it belongs to this search alone.
        budget: what may be spent.
        seed: everything random comes from one generator made with it.
        limits: how much goes on at once.
        stop: set it to end the search at once.
    """
    run = _Search(judge, tools, policy, budget or Budget(), seed, limits or Limits())
    tasks = [asyncio.ensure_future(run.work()), asyncio.ensure_future(run.watch(stop))]
    try:
        while True:
            event = await run.events.get()
            yield event
            if isinstance(event, Finished):
                return
    finally:
        run.end(Reason.CANCELLED)
        for task in tasks:
            task.cancel()


@dataclass(slots=True)
class _Job:
    """One call or look under way, and how its outcome is told to the policy."""

    task: asyncio.Task[Any]
    deliver: Callable[[Any], None]
    tag: str | None  # of a call
    since: float | None = None  # when all others began to wait for it


class _Search:
    def __init__(
        self,
        judge: Judge,
        tools: Toolbox,
        policy: Policy,
        budget: Budget,
        seed: int,
        limits: Limits,
    ) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self._judge, self._tools, self._policy = judge, tools, policy
        self._budget, self._seed, self._limits = budget, seed, limits
        self._rng = np.random.default_rng(seed)
        self._now = tools.now()
        self._began = tools.clock()
        self._calls = self._photos = 0  # made, looked at
        self._calls_granted = self._photos_granted = 0  # of the budget
        self._failed_in_a_row = 0
        self._blamed: object = None  # the measure that failed last
        self._jobs: deque[_Job] = deque()
        self._late: list[_Job] = []
        self._found_by: dict[str, str] = {}
        self._looked: set[str] = set()
        self._closed: Problem | None = None
        self._troubles: dict[str, Problem] = {}
        self._told: Problem | None = None
        self._ended = False
        self._twins = Twins()
        self._calls_gate = self._gate("calls", tolerance=1, attempts=3)
        self._looker = Looker(
            tools.source,
            judge,
            tools.run,
            self._gate("thumbnails", tolerance=3, attempts=2),
            tools.cache or Cache(),
        )

    def _gate(self, what: str, tolerance: int, attempts: int) -> Outage:
        return Outage(
            lambda problem: self._trouble(what, problem),
            tolerance=tolerance,
            attempts=attempts,
            patience=self._limits.outage,
            sleep=self._tools.sleep,
            clock=self._tools.clock,
        )

    # -- The whole search -----------------------------------------------------------------------

    async def work(self) -> None:
        """Run the search to its end."""
        try:
            guesses = await self._judge.begin()
            self._policy.begin(guesses, self._budget, self._rng)
            self._emit(Started(self._seed, tuple(guesses)))
            if notice := self._judge.notice:
                self._emit(Noted(notice))
            self._start_jobs()
            while self._jobs or self._late:
                self._tell_progress()
                await self._wait()
                if self._ended:
                    return
                self._deliver()
            self._tell_progress()
            self.end(*self._outcome())
        except LookalikeError as error:
            self.end(Reason.FAILED, error.problem)
        except Exception as error:  # noqa: BLE001 - shown to the person instead of a dead spinner
            what = f"Something unexpected went wrong ({type(error).__name__}: {error})."
            self.end(Reason.FAILED, LookalikeError(what).problem)

    async def watch(self, stop: asyncio.Event | None) -> None:
        """End the search when it is stopped or out of time."""
        try:
            await asyncio.wait_for((stop or asyncio.Event()).wait(), self._budget.seconds)
        except TimeoutError:
            self.end(Reason.BUDGET)
        else:
            self.end(Reason.CANCELLED)

    def end(self, reason: Reason, problem: Problem | None = None) -> None:
        """End the search, if it has not ended. What is under way is left to itself."""
        if self._ended:
            return
        self._emit(Finished(reason, self._calls, self._photos, self._seconds(), problem))
        self._ended = True
        for job in [*self._jobs, *self._late]:
            job.task.cancel()

    def _outcome(self) -> tuple[Reason, Problem | None]:
        if self._budget.photos - self._photos_granted <= 0:
            return Reason.BUDGET, None
        if self._closed:
            return Reason.FAILED, self._closed
        calls_spent = self._budget.calls - self._calls_granted <= 0
        if problem := self._cause(calls_spent):
            return Reason.FAILED, problem
        return (Reason.BUDGET if calls_spent else Reason.EXHAUSTED), None

    def _cause(self, calls_spent: bool) -> Problem | None:
        """Find what is still wrong, and so is why there was nothing more to look at."""
        if calls_spent and self._photos:
            return None
        for what in ("calls", "an answer"):
            if problem := self._troubles.get(what):
                return replace(problem, advice=GIVEN_UP)
        # A measure that fails at times is not the cause.
        wrong = [
            problem
            for what, problem in self._troubles.items()
            if what != "the measure" or not self._photos
        ]
        return wrong[-1] if wrong else None

    def _seconds(self) -> float:
        return self._tools.clock() - self._began

    def _emit(self, event: Event) -> None:
        # A request that could not be aborted may report after the end.
        if not self._ended:
            self.events.put_nowait(event)

    def _trouble(self, what: str, problem: Problem | None) -> None:
        """Tell of trouble with `what`, or, when that is over, of what else is wrong."""
        self._troubles.pop(what, None)
        if problem:
            self._troubles[what] = problem
        latest = next(reversed(self._troubles.values()), None)
        if latest != self._told:
            self._told = latest
            self._emit(Troubled(latest))

    def _tell_progress(self) -> None:
        asking = tuple(job.tag for job in self._under_way() if job.tag and not job.task.done())
        beliefs = tuple(self._policy.beliefs(BELIEFS_SHOWN))
        unseen = tuple(self._policy.unseen())
        self._emit(Progress(self._calls, self._photos, self._seconds(), asking, beliefs, unseen))

    # -- Starting, waiting and delivering -------------------------------------------------------

    def _under_way(self) -> list[_Job]:
        return [*self._jobs, *self._late]

    def _start_jobs(self) -> None:
        calls = sum(job.tag is not None for job in self._under_way())
        looks = len(self._jobs) + len(self._late) - calls
        room = min(self._limits.calls - calls, self._budget.calls - self._calls_granted)
        photos_left = self._budget.photos - self._photos_granted
        # An answer of which no photo may be looked at would be a call for nothing.
        for tag in self._policy.ask(0 if self._closed or photos_left <= 0 else max(0, room)):
            self._start_call(tag)
        room = min(self._limits.looks - looks, photos_left)
        for photo in self._policy.look(max(0, room)):
            self._start_look(photo)

    async def _wait(self) -> None:
        pending = [job.task for job in self._under_way() if not job.task.done()]
        if pending:
            await asyncio.wait(
                pending, timeout=self._limits.patience, return_when=asyncio.FIRST_COMPLETED
            )

    def _deliver(self) -> None:
        for job in [job for job in self._late if job.task.done()]:
            self._late.remove(job)
            self._settle(job)
        while self._jobs:
            first = self._jobs[0]
            if first.task.done():
                self._settle(self._jobs.popleft())
            elif first.since is None:
                first.since = self._tools.clock()
                return
            elif self._tools.clock() - first.since < self._limits.patience:
                return
            else:
                self._late.append(self._jobs.popleft())

    def _settle(self, job: _Job) -> None:
        job.deliver(job.task.result())
        # New decisions follow each outcome, so that they do not depend on how many came at once.
        self._start_jobs()

    # -- Calls ----------------------------------------------------------------------------------

    def _start_call(self, tag: str) -> None:
        self._calls_granted += 1
        before = int(self._now - self._rng.uniform(0, UPLOADED_WITHIN))
        task = asyncio.ensure_future(self._call(tag, before))
        self._jobs.append(_Job(task, lambda photos: self._take_answer(tag, photos), tag))

    async def _call(self, tag: str, before: int) -> Sequence[Photo]:
        granted = iter([True])
        try:
            photos = await self._calls_gate.attempt(
                lambda: self._call_once(tag, before, next(granted, False))
            )
        except ClosedError as error:
            if self._closed is None:
                self._closed = error.problem
                self._trouble("the service", error.problem)
        except PassingError:
            pass  # the gate has told it, and tells when it is over
        except SourceError as error:
            self._trouble("an answer", error.problem)
        else:
            self._trouble("an answer", None)
            return photos
        return ()

    async def _call_once(self, tag: str, before: int, granted: bool) -> Sequence[Photo]:
        if self._closed:
            raise ClosedError(self._closed.message, self._closed.advice)
        if not granted:
            if self._calls_granted >= self._budget.calls:
                raise SourceError(f"No API calls are left to ask again for “{tag}”.")
            self._calls_granted += 1
        self._calls += 1
        return await self._tools.run(self._tools.source.search, tag, self._limits.per_call, before)

    def _take_answer(self, tag: str, photos: Sequence[Photo]) -> None:
        new = {photo.id: tag for photo in photos if photo.id not in self._found_by}
        self._found_by.update(new)
        self._emit(Queried(tag, len(photos), len(new)))
        self._judge.answered(tag, photos)
        self._policy.answered(tag, photos)

    # -- Looks ----------------------------------------------------------------------------------

    def _start_look(self, photo: Photo) -> None:
        if photo.id in self._looked:
            raise RuntimeError(f"the policy looked twice at photo {photo.id}")
        self._looked.add(photo.id)
        self._photos_granted += 1
        task = asyncio.ensure_future(self._look(photo))
        self._jobs.append(_Job(task, lambda look: self._take_look(photo, look), None))

    async def _look(self, photo: Photo) -> Look | None:
        try:
            look = await self._looker.photo(photo)
        except LookalikeError as error:
            self._skip(photo, error)
            return None
        self._failed_in_a_row = 0
        if self._blamed not in (None, self._judge.measure):
            self._blamed = None
            self._trouble("the measure", None)
        self._photos += 1
        seen = look.sighting
        twin = (
            None if seen.feature is None else self._twins.find(photo.id, look.image, seen.feature)
        )
        tag = self._found_by.get(photo.id, "")
        self._emit(Scored(photo, seen.score or 0.0, tag, twin, seen.thumbnail))
        return look

    def _skip(self, photo: Photo, error: LookalikeError) -> None:
        self._emit(Skipped(photo, error.problem))
        if isinstance(error, ClosedError):
            # The image host answers no more, so nothing more can be looked at.
            self.end(Reason.FAILED, error.problem)
        if isinstance(error, ScoreError | ModelError):
            self._failed_in_a_row += 1
            self._blamed = self._judge.measure
            self._trouble("the measure", error.problem)
            if self._failed_in_a_row >= HOPELESS:
                self.end(Reason.FAILED, error.problem)

    def _take_look(self, photo: Photo, look: Look | None) -> None:
        if look is None:
            # It was not looked at, so it does not count.
            self._photos_granted -= 1
            self._policy.lost(photo)
        elif told := self._judge.told(look.sighting):
            self._policy.scored(photo, *told)
        else:
            self._policy.lost(photo)  # by the measure that there is now

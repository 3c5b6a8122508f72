"""The search: ask for tags, look at photos, learn, ask again.

The loop has no I/O of its own and knows no service. Calls and looks overlap, each kind up to a
limit. Their outcomes reach the screen at once, but the policy in the order in which it made the
decisions: so a search is deterministic by its seed and the source's answers, however long each
of them takes. Only what takes longer than `Limits.patience` is overtaken.

A search ends when its budget is spent, or before, when little is to be expected of what is left
(`lookalike.policies.settling`); and goes on from there when it is told to.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lookalike.awake import done_within
from lookalike.budget import Budget, looks_at_once
from lookalike.errors import LookalikeError, Problem
from lookalike.filters import Filters
from lookalike.photo import Photo
from lookalike.policies.refusals import give_up
from lookalike.policies.settling import Settling
from lookalike.policies.state import Answered, Guess, Looked, Score
from lookalike.ranking.cache import Cache
from lookalike.ranking.near_duplicates import NearDuplicates, difference_hash
from lookalike.ranking.rank import ScoredPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.ending import ending
from lookalike.search.events import Event, Finished, Reason
from lookalike.search.filter_tally import FilterTally
from lookalike.search.look import Look
from lookalike.search.ordered_tasks import OrderedTasks
from lookalike.search.photo_looks import PhotoLooks
from lookalike.search.photo_quota import PhotoQuota
from lookalike.search.pool import Glimpse
from lookalike.search.recall import Recall
from lookalike.search.reporter import Reported, Reporter
from lookalike.search.tag_queries import Answer, TagQueries, frugal
from lookalike.sources.source import asked_to_filter, capabilities


def search(
    ranker: Ranker,
    tools: SearchContext,
    core: SearchCore,
    budget: Budget | None = None,
    *,
    seed: int = 0,
    limits: Limits | None = None,
    filters: Filters | None = None,
    share: PhotoQuota | None = None,
    near_duplicates: NearDuplicates | None = None,
    stop: asyncio.Event | None = None,
    told: Callable[[Event], object] | None = None,
) -> AsyncGenerator[Event, None]:
    """Search for photos that the ranker likes, and tell what happens down to the last, `Finished`.

    A run of one leg: see `Run` and `Run.leg` for what is given, and what is told.
    """
    run = Run(
        ranker,
        tools,
        core,
        seed=seed,
        limits=limits,
        filters=filters,
        near_duplicates=near_duplicates,
    )
    return run.leg(budget, share=share, stop=stop, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    budget: Budget
    share: PhotoQuota
    looks_at_once: int
    reporter: Reporter


class Run:
    """One search, which may go on after it has ended: in legs, each with a budget of its own.

    A later leg has the core, the ranker and all that was found before: nothing that was answered
    is asked again, and no photo is looked at twice. What the end of a leg cut short comes first.

    Photos that the filters refuse by what the service says of them are not fetched. One that they
    refuse by its pixels is not shown and does not count, as long as there have not been as many of
    these as the leg's budget has photos; from then on it counts, so that there is an end.

    Args:
        ranker: knows the query photos and scores others, by whatever scorer it has at the time;
            it belongs to this search, and to those that go on beside it.
        tools: what to work with.
        core: what decides; it belongs to this search alone, which begins it.
        seed: everything random comes from one generator made with it.
        limits: how much goes on at once.
        filters: which photos a person wants; all where there are none.
        near_duplicates: the pictures seen so far, where others search beside it.
    """

    def __init__(
        self,
        ranker: Ranker,
        tools: SearchContext,
        core: SearchCore,
        *,
        seed: int = 0,
        limits: Limits | None = None,
        filters: Filters | None = None,
        near_duplicates: NearDuplicates | None = None,
    ) -> None:
        filters = filters or Filters()
        tools = replace(tools, source=asked_to_filter(tools.source, filters))
        self._ranker, self._tools, self._core = ranker, tools, core
        self._seed, self._limits = seed, limits or Limits()
        filter_tally = FilterTally(filters)
        self._can = capabilities(tools.source)
        self._rng = np.random.default_rng(seed)
        self._jobs = OrderedTasks(self._limits.patience, tools.clock)
        self._calls = TagQueries(
            tools, self._limits, filter_tally, rng=self._rng, report=self._report
        )
        self._looks = PhotoLooks(
            tools,
            self._limits,
            filter_tally,
            ranker,
            report=self._report,
            seen=self._seen,
            skipped=self._skipped,
        )
        self._recall: Recall | None = None
        if tools.pool is not None:
            cache = tools.cache or Cache()
            self._recall = Recall(tools.pool, cache, self._can, filter_tally, ranker)
        self._reported = Reported(
            tools=tools,
            can=self._can,
            core=core,
            ranker=ranker,
            calls=self._calls,
            looks=self._looks,
            jobs=self._jobs,
            filter_tally=filter_tally,
            near_duplicates=near_duplicates or NearDuplicates(),
        )
        self._started = False
        self._begun = False  # the policy has its guesses, and what is known from earlier searches
        self._settling = Settling()
        self._cut: list[str | Photo] = []  # what the end of the leg before left undone
        self._seconds_before = 0.0
        self._current: _Leg | None = None

    @property
    def _leg(self) -> _Leg:
        if self._current is None:
            raise RuntimeError("the search has no leg yet")
        return self._current

    @property
    def _reporter(self) -> Reporter:
        return self._leg.reporter

    @property
    def _share(self) -> PhotoQuota:
        return self._leg.share

    def _report(self, what: str, problem: Problem | None) -> None:
        self._reporter.problems.report(what, problem)

    async def leg(
        self,
        budget: Budget | None = None,
        *,
        share: PhotoQuota | None = None,
        stop: asyncio.Event | None = None,
        told: Callable[[Event], object] | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Search until this budget is spent, and tell what happens down to the last, `Finished`.

        Nothing is raised for what goes wrong with a photo, a service or the scorer: it is told by
        `Skipped`, `Troubled` or `Finished`, and what was found before stays found. `Progress` and
        `Finished` count all legs. `Started` is told once.

        Args:
            budget: what may be spent from now on; of the calls no more than `frugal` allows.
            share: this search's part of a budget of photos that it has in common with others; else
                it may look at all of the budget's.
            stop: set it to end the leg at once.
            told: takes each event in the moment in which it happens; the generator then gives the
                last one alone. What a scorer that never returns has let through before is so told.

        Raises:
            RuntimeError: the leg before has not ended.
        """
        if self._current and not self._reporter.ended:
            raise RuntimeError("a search has one leg at a time")
        budget = budget or Budget()
        self._current = leg = self._new_leg(budget, share, told)
        self._calls.allow(leg.budget.calls)
        self._looks.allow(leg.share, budget.photos)
        self._settling.begin()
        tasks = [
            asyncio.ensure_future(self._work(leg)),
            asyncio.ensure_future(self._watch(leg, stop)),
        ]
        try:
            while True:
                event = await leg.reporter.next()
                yield event
                if isinstance(event, Finished):
                    return
        finally:
            # Where it has not ended, nobody wants to know of it any more.
            leg.reporter.mute()
            self._end(leg, Reason.CANCELLED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _new_leg(
        self,
        budget: Budget,
        share: PhotoQuota | None,
        told: Callable[[Event], object] | None,
    ) -> _Leg:
        day_left = self._tools.rate_limiter.left()[1] if self._tools.rate_limiter else None
        return _Leg(
            budget=replace(budget, calls=frugal(budget.calls, self._can, day_left)),
            share=share or PhotoQuota(budget.photos),
            looks_at_once=self._limits.looks or looks_at_once(budget.photos),
            reporter=Reporter(self._reported, self._seconds_before, told),
        )

    # -- One leg -----------------------------------------------------------------------

    async def _work(self, leg: _Leg) -> None:
        try:
            guesses = await self._ranker.begin()
            if self._begun:
                self._go_on()
            else:
                if not self._started:
                    self._started = True
                    leg.reporter.started(self._seed, guesses)
                await self._begin(guesses)
                if leg.reporter.ended:
                    return
                self._begun = True
            await self._core.relearn()
            self._start_jobs()
            while await self._goes_on():
                await self._jobs.wait(leg.reporter.progress_if_due())
                await self._core.relearn()
                if leg.reporter.ended:
                    return
                self._jobs.deliver(self._start_jobs)
            leg.reporter.progress()
            self._end(leg, *self._ending())
        except LookalikeError as error:
            self._end(leg, Reason.FAILED, error.problem)
        except Exception as error:  # noqa: BLE001 - shown to the person instead of a dead spinner
            what = f"Something unexpected went wrong ({type(error).__name__}: {error})."
            self._end(leg, Reason.FAILED, LookalikeError(what).problem)

    def _go_on(self) -> None:
        photos = self._looks.begun + max(1, self._share.left)
        calls = self._calls.granted + self._leg.budget.calls
        self._core.state.budget = replace(self._leg.budget, photos=photos, calls=calls)
        # What was done when the leg before ended, and had not had its turn.
        self._jobs.deliver(lambda: None)

    async def _begin(self, guesses: Sequence[Guess]) -> None:
        """Begin with what is known from earlier searches: it is shown, then learnt from."""
        # Where many services share few photos, there may be none here, for now.
        budget = replace(self._leg.budget, photos=max(1, self._share.left))
        answers: Sequence[Answered] = ()
        scored: Sequence[tuple[Photo, Score]] = ()
        if self._recall:
            answers, scored = await self._recall.known(budget.photos, self._show)
        self._core.begin(guesses, budget, self._rng, answers, scored)
        await self._core.learn()

    def _show(self, glimpse: Glimpse, scored: ScoredPhoto) -> None:
        """Show a photo that was looked at before."""
        self._looks.recall(glimpse.photo.id, glimpse.pixels)
        self._reporter.scored(scored, glimpse.tag, glimpse.bits, before=True)

    async def _goes_on(self) -> bool:
        """Say whether anything is under way; with no photo left, wait for one that others leave."""
        while not self._jobs and self._share.left <= 0 and not self._settled:
            self._reporter.progress()
            if not await self._share.more():
                break
            await self._core.relearn()
            self._start_jobs()
        return bool(self._jobs)

    async def _watch(self, leg: _Leg, stop: asyncio.Event | None) -> None:
        """End the leg when it is stopped or out of time."""
        stopped = asyncio.ensure_future((stop or asyncio.Event()).wait())
        try:
            # The clock is read all the time, so that it knows of time asleep.
            done = await done_within(stopped, leg.budget.seconds, self._tools.clock)
            self._end(leg, Reason.CANCELLED if done else Reason.BUDGET)
        finally:
            stopped.cancel()

    def _end(self, leg: _Leg, reason: Reason, problem: Problem | None = None) -> None:
        """End the leg, if it has not ended. What is under way is left to itself."""
        if leg.reporter.ended:
            return
        end = leg.reporter.end(reason, problem)
        self._seconds_before = end.seconds
        for what in self._jobs.cancel():
            self._cut.append(what)
            if isinstance(what, Photo):
                self._looks.take_back(what)
            else:
                self._calls.take_back(what)
        leg.share.close()
        leg.reporter.finished(end)

    def _ending(self) -> tuple[Reason, Problem | None]:
        return ending(
            left=self._share.left,
            closed=self._calls.closed,
            settled=self._settled,
            calls_spent=self._calls.spent,
            looks_made=self._looks.made,
            problems=list(self._reporter.problems.items()),
        )

    # -- Deciding -------------------------------------------------------------------------------

    @property
    def _settled(self) -> bool:
        return self._settling.settled

    def _start_jobs(self) -> None:
        # A leg may end while a fresh policy learns.
        if self._settled or self._reporter.ended:
            return
        self._start_cut()
        # An answer of which no photo may be looked at would be a call for nothing.
        calls = self._calls.room(self._jobs.calls) if self._share.left > 0 else 0
        looks = max(0, min(self._leg.looks_at_once - self._jobs.looks, self._share.left))
        decisions = self._core.decide(calls, looks)
        for tag in decisions.tags:
            self._start_call(tag)
        for photo in decisions.photos:
            self._start_look(photo)

    def _start_cut(self) -> None:
        """Begin again what the end of the leg before cut short, as far as there is room."""
        waiting, self._cut = self._cut, []
        for what in waiting:
            if self._core.steering.bans(what):
                give_up(self._core.state, what)
                continue
            if isinstance(what, str):
                fits = self._share.left > 0 and self._calls.room(self._jobs.calls) > 0
            else:
                fits = self._jobs.looks < self._leg.looks_at_once and self._share.left > 0
            if not fits:
                self._cut.append(what)
            elif isinstance(what, str):
                self._start_call(what)
            else:
                self._start_look(what)

    # -- Calls ----------------------------------------------------------------------------------

    def _start_call(self, tag: str) -> None:
        self._jobs.start(self._calls.ask(tag), lambda answer: self._take_answer(tag, answer), tag)

    def _take_answer(self, tag: str, answer: Answer) -> None:
        self._reporter.queried(tag, answer)
        if self._recall:
            self._recall.answered(tag, answer)
        self._ranker.answered(tag, answer.photos)
        self._core.apply(Answered(tag, answer.photos, answer.dropped))

    # -- Looks ----------------------------------------------------------------------------------

    def _start_look(self, photo: Photo) -> None:
        self._jobs.start(self._looks.begin(photo), lambda look: self._take_look(photo, look), photo)

    def _seen(self, photo: Photo, look: Look) -> None:
        if look.scored is None:
            return
        bits = difference_hash(look.image)
        tag = self._core.state.found_by.get(photo.id, "")
        if self._recall:
            self._recall.looked(Glimpse(photo, tag, bits, look.pixels))
        self._reporter.scored(look.scored, tag, bits)

    def _skipped(self, photo: Photo, error: LookalikeError) -> None:
        self._reporter.skipped(photo, error)
        if self._looks.hopeless(error):
            self._end(self._leg, Reason.FAILED, error.problem)

    def _take_look(self, photo: Photo, look: Look | None) -> None:
        self._looks.settle(look)
        told = self._looks.told(photo, look)  # by the scorer that there is now
        self._core.apply(Looked(photo), told)
        if told is not None:
            self._settling.scored(told[0], self._ranker.scorer)
            # Of a service that does not answer, nobody knows what is to be expected.
            if not (self._calls.closed or self._reporter.problems.get("calls")):
                self._settling.weigh(self._core.outlook)

"""The search: ask for tags, look at photos, learn, ask again.

Here is when a search begins, waits and ends; its calls and looks are in
`lookalike.search.calls_and_looks`.
The loop has no I/O of its own and knows no service. Calls and looks overlap, each kind up to a
limit. Their outcomes reach the screen at once, but the policy in the order in which it made the
decisions: so a search is deterministic by its seed and the source's answers, however long each
of them takes. Only what takes longer than `Limits.patience` is overtaken.

A search ends when its budget is spent, or before, when little is to be expected of what is left
(`lookalike.policies.settling`); and goes on from there when it is told to.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace

import numpy as np

from lookalike.awake import done_within
from lookalike.budget import Budget
from lookalike.errors import LookalikeError, Problem
from lookalike.filters import Filters
from lookalike.policies.state import SEED_TAGS, Guess
from lookalike.ranking.cache import Cache
from lookalike.ranking.near_duplicates import NearDuplicates
from lookalike.ranking.ranker import Ranker
from lookalike.search.calls_and_looks import CallsAndLooks, Leg
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import Event, Finished, Reason
from lookalike.search.filter_tally import FilterTally
from lookalike.search.photo_quota import PhotoQuota
from lookalike.search.recall import Recall
from lookalike.search.reporter import Reported, Reporter
from lookalike.search.tag_queries import frugal
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


class Run:
    """One search, which may go on after it has ended: in legs, each with a budget of its own.

    A later leg has the core, the ranker and all that was found before: nothing that was answered
    is asked again, and no photo is looked at twice. What the end of a leg cut short comes first.
    Calls that have failed in it are as if they had not been made.

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
        self._seed, self._rng = seed, np.random.default_rng(seed)
        self._can = capabilities(tools.source)
        filter_tally, recall = FilterTally(filters), None
        if tools.pool is not None:
            cache = tools.cache or Cache()
            recall = Recall(tools.pool, cache, tools.source, filter_tally, ranker)
        self._under_way = CallsAndLooks(
            tools,
            limits or Limits(),
            core,
            ranker,
            filter_tally,
            rng=self._rng,
            recall=recall,
            hopeless=lambda leg, problem: self._end(leg, Reason.FAILED, problem),
        )
        self._reported = Reported(
            tools=tools,
            can=self._can,
            core=core,
            ranker=ranker,
            calls=self._under_way.calls,
            looks=self._under_way.looks,
            tasks=self._under_way.tasks,
            filter_tally=filter_tally,
            near_duplicates=near_duplicates or NearDuplicates(),
        )
        self._started = False
        self._begun = False  # the policy has its guesses, and what is known from earlier searches
        self._seconds_before = 0.0
        self._current: Leg | None = None

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
        if self._current and not self._current.reporter.ended:
            raise RuntimeError("a search has one leg at a time")
        self._current = leg = self._new_leg(budget or Budget(), share, told)
        self._under_way.allow(leg)
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
    ) -> Leg:
        day_left = self._tools.rate_limiter.left()[1] if self._tools.rate_limiter else None
        return Leg(
            budget=replace(budget, calls=frugal(budget.calls, self._can, day_left)),
            share=share or PhotoQuota(budget.photos),
            reporter=Reporter(self._reported, self._seconds_before, told),
        )

    # -- One leg --------------------------------------------------------------------------------

    async def _work(self, leg: Leg) -> None:
        try:
            if not await self._begin(leg):
                return
            await self._core.relearn()
            self._under_way.start()
            while await self._goes_on(leg):
                await self._under_way.tasks.wait(leg.reporter.progress_if_due())
                await self._core.relearn()
                if leg.reporter.ended:
                    return
                self._under_way.tasks.deliver(self._under_way.start)
            leg.reporter.progress()
            self._end(leg, *self._under_way.ending())
        except LookalikeError as error:
            self._end(leg, Reason.FAILED, error.problem)
        except Exception as error:  # noqa: BLE001 - shown to the person instead of a dead spinner
            what = f"Something unexpected went wrong ({type(error).__name__}: {error})."
            self._end(leg, Reason.FAILED, LookalikeError(what).problem)

    async def _begin(self, leg: Leg) -> bool:
        """Begin the search, or go on with it; false where the leg has ended meanwhile."""
        guesses = await self._ranker.begin()
        if self._begun:
            self._go_on(leg)
            return True
        if not self._started:
            self._started = True
            leg.reporter.started(self._seed, guesses)
        await self._begin_core(leg, guesses)
        self._begun = not leg.reporter.ended
        return self._begun

    async def _begin_core(self, leg: Leg, guesses: Sequence[Guess]) -> None:
        """Begin with what is known from earlier searches: it is shown, then learnt from."""
        # Where many services share few photos, there may be none here, for now.
        budget = replace(leg.budget, photos=max(1, leg.share.left))
        answers, scored = await self._under_way.known(budget.photos)
        seeds = SEED_TAGS if self._ranker.compares else ()
        self._core.begin(guesses, budget, self._rng, answers, scored, seeds)
        await self._core.learn()

    def _go_on(self, leg: Leg) -> None:
        photos = self._under_way.looks.begun + max(1, leg.share.left)
        calls = self._under_way.calls.granted + leg.budget.calls
        self._core.state.budget = replace(leg.budget, photos=photos, calls=calls)
        self._under_way.go_on()

    async def _goes_on(self, leg: Leg) -> bool:
        """Say whether anything is under way; with no photo left, wait for one that others leave."""
        while not self._under_way.tasks and leg.share.left <= 0 and not self._under_way.settled:
            leg.reporter.progress()
            if not await leg.share.more():
                break
            await self._core.relearn()
            self._under_way.start()
        return bool(self._under_way.tasks)

    async def _watch(self, leg: Leg, stop: asyncio.Event | None) -> None:
        """End the leg when it is stopped or out of time."""
        stopped = asyncio.ensure_future((stop or asyncio.Event()).wait())
        try:
            # The clock is read all the time, so that it knows of time asleep.
            done = await done_within(stopped, leg.budget.seconds, self._tools.clock)
            self._end(leg, Reason.CANCELLED if done else Reason.BUDGET)
        finally:
            stopped.cancel()

    def _end(self, leg: Leg, reason: Reason, problem: Problem | None = None) -> None:
        """End the leg, if it has not ended. What is under way is left to itself."""
        if leg.reporter.ended:
            return
        end = leg.reporter.end(reason, problem)
        self._seconds_before = end.seconds
        self._under_way.cut_short()
        leg.share.close()
        leg.reporter.finished(end)

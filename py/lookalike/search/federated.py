"""One search of several services at once, and of whatever else can be searched beside them."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

from lookalike.budget import Budget
from lookalike.errors import CLOSED, LookalikeError, Problem
from lookalike.filters import Filters
from lookalike.ranking.near_duplicates import NearDuplicates
from lookalike.ranking.ranker import Ranker
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import (
    Event,
    Finished,
    Noted,
    Progress,
    Reason,
    ServiceProgress,
    Started,
    Troubled,
)
from lookalike.search.loop import Run
from lookalike.search.merging import merged_end, merged_progress
from lookalike.search.photo_quota import PhotoQuota, shared
from lookalike.search.problem_log import ProblemLog
from lookalike.search.reporter import ESTIMATES_SHOWN
from lookalike.sources.named import Named
from lookalike.sources.source import capabilities


@dataclass(frozen=True, slots=True)
class Part:
    """What one member of a search is given, and what it has in common with the others.

    Attributes:
        ranker: what photos are compared by. `Ranker.begin` understands the query once for all.
        near_duplicates: the pictures seen so far, by whomever.
        share: how many photos it may look at. A member that looks at many without asking, because
            they cost nothing, may leave its share alone: `Federation` closes it at its end.
        budget: of this leg, for calls and seconds, of which each member has all; its photos are the
            share's.
        seed: everything random comes from it, the same for all.
        stop: set when the leg is to end at once.
        told: takes events in the moment in which they happen, in place of the generator.
    """

    ranker: Ranker
    near_duplicates: NearDuplicates
    share: PhotoQuota
    budget: Budget
    seed: int
    stop: asyncio.Event
    told: Callable[[Event], object] = lambda _: None


@dataclass(frozen=True, slots=True)
class Member:
    """One of those that are searched at once: a service, or anything that tells the same events.

    Attributes:
        name: its short name, which begins the ids of its photos: "NAME:ID".
        title: its name for people.
        begin: searches it: gives the events of `lookalike.search.loop.Run.leg`, down to `Finished`.
            Photos carry `name` as their `source`. Of `Progress.services` it need give nothing.
            It is called for each leg in which it takes part, and goes on where the one before
            ended.
        looks: whether it takes part in the budget of photos; else it finds all there is in one leg,
            and takes part in another only where it was stopped in that, or failed.
    """

    name: str
    title: str
    begin: Callable[[Part], AsyncGenerator[Event, None]]
    looks: bool = True


def service(
    tools: SearchContext,
    core: SearchCore,
    filters: Filters | None = None,
    limits: Limits | None = None,
) -> Member:
    """Make a member of a photo service.

    Args:
        tools: what to work with; its source's photos get their prefix here, and nowhere else.
        core: what decides; like the member, it belongs to one search alone.
        filters: which photos a person wants.
        limits: how much goes on at once at this service.
    """
    can = capabilities(tools.source)
    tools = replace(tools, source=Named(tools.source))

    runs: list[Run] = []

    def begin(part: Part) -> AsyncGenerator[Event, None]:
        if not runs:
            made = Run(
                part.ranker,
                tools,
                core,
                seed=part.seed,
                limits=limits,
                filters=filters,
                near_duplicates=part.near_duplicates,
            )
            runs.append(made)
        return runs[0].leg(part.budget, share=part.share, stop=part.stop, told=part.told)

    return Member(can.name, can.title, begin)


class Federation:
    """A search of several members at once, which may go on after it has ended, leg by leg.

    `Troubled` tells of what may pass. A member that takes no more, or fails, is told by its problem
    in `Progress.services`, and the others go on: only where all fail has the search failed. Each
    member's search is deterministic by the seed, but for photos that others leave to it.

    Args:
        members: what is searched, in the order in which it is shown; names are distinct.
        ranker: see `lookalike.search.loop.Run`.
        seed: see `Part`.

    Raises:
        ValueError: there are no members.
    """

    def __init__(self, members: Sequence[Member], ranker: Ranker, *, seed: int = 0) -> None:
        if not members:
            raise ValueError("there is nothing to search")
        self._members, self._ranker, self._seed = members, ranker, seed
        self._started = False
        self._noted: list[Noted] = []
        self._stands = [
            Progress(0, 0, 0.0, (), (), (), (ServiceProgress(member.name, member.title),))
            for member in members
        ]
        self._ends: dict[int, Finished] = {}
        # What belongs to a leg is made again by each.
        self._parts: dict[int, Part] = {}
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._outlet: Callable[[Event], object] | None = None
        self._problem_log = ProblemLog(lambda problem: self._emit(Troubled(problem)))

    @property
    def can_go_on(self) -> bool:
        """Whether there may be another leg: where something is searched that takes budgets."""
        return any(member.looks for member in self._members)

    async def leg(
        self,
        budget: Budget | None = None,
        *,
        stop: asyncio.Event | None = None,
        told: Callable[[Event], object] | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Search until this budget is spent.

        The budget's photos are shared equally; what a member leaves unused goes to the others.

        Args:
            budget: photos are for all members together, calls for each of them.
            stop, told: see `lookalike.search.loop.Run.leg`.

        Raises:
            RuntimeError: there is nothing that could go on.
        """
        if self._ends and not self.can_go_on:
            raise RuntimeError("this search has found all there is")
        budget = budget or Budget()
        self._begin_leg(budget, stop or asyncio.Event(), told)
        tasks = [asyncio.ensure_future(self._follow(number)) for number in self._parts]
        try:
            while True:
                event = await self._events.get()
                yield event
                if isinstance(event, Finished):
                    return
        finally:
            self._outlet = None  # nobody is told of anything any more
            for task in tasks:
                task.cancel()
            # They are over before another leg may begin.
            await asyncio.gather(*tasks, return_exceptions=True)

    def _begin_leg(
        self, budget: Budget, stop: asyncio.Event, told: Callable[[Event], object] | None
    ) -> None:
        going = [i for i, member in enumerate(self._members) if member.looks or self._is_cut(i)]
        shares = iter(shared(budget.photos, max(1, sum(self._members[i].looks for i in going))))
        self._parts = {
            number: Part(
                self._ranker,
                self._ranker.near_duplicates,
                next(shares) if self._members[number].looks else PhotoQuota(0),
                budget,
                self._seed,
                stop,
                functools.partial(self._take, number),
            )
            for number in going
        }
        for number in going:
            self._ends.pop(number, None)
            stand = self._stands[number]
            service = replace(stand.services[0], ended=False, problem=None)
            self._stands[number] = replace(stand, services=(service,))
        self._events, self._outlet = asyncio.Queue(), told
        self._problem_log = ProblemLog(lambda problem: self._emit(Troubled(problem)))

    def _is_cut(self, number: int) -> bool:
        """Say whether a member has not come to its end in the legs before."""
        end = self._ends.get(number)
        return end is None or end.reason in (Reason.CANCELLED, Reason.FAILED)

    async def _follow(self, number: int) -> None:
        """Search one member, and tell of it."""
        member, part = self._members[number], self._parts[number]
        try:
            async for event in member.begin(part):
                self._take(number, event)
        except Exception as error:  # noqa: BLE001 - one that breaks down does not take others with it
            what = f"{member.title} broke down ({type(error).__name__}: {error})."
            problem = LookalikeError(what).problem
            stand = self._stands[number]
            self._end(
                number,
                Finished(Reason.FAILED, stand.calls, stand.photos, stand.seconds, problem),
            )

    def _emit(self, event: Event) -> None:
        if self._outlet:
            self._outlet(event)
        if not self._outlet or isinstance(event, Finished):
            self._events.put_nowait(event)

    def _take(self, number: int, event: Event) -> None:
        if isinstance(event, Started):
            if not self._started:
                self._emit(event)
            self._started = True
        elif isinstance(event, Noted):
            if event not in self._noted:
                self._noted.append(event)
                self._emit(event)
        elif isinstance(event, Progress):
            self._stand(number, event)
        elif isinstance(event, Troubled):
            self._trouble(number, event.problem)
        elif isinstance(event, Finished):
            self._end(number, event)
        else:
            self._emit(event)

    def _trouble(self, number: int, problem: Problem | None) -> None:
        told_apart = problem and problem.code in CLOSED and len(self._members) > 1
        self._problem_log.report(str(number), None if told_apart else problem)

    def _stand(self, number: int, progress: Progress) -> None:
        before = self._stands[number].services[0]
        service = next(
            iter(progress.services),
            replace(before, calls=progress.calls, photos=progress.photos),
        )
        self._stands[number] = replace(progress, services=(service,))
        self._emit_progress()

    def _end(self, number: int, end: Finished) -> None:
        if number in self._ends:
            return
        self._ends[number] = end
        self._parts[number].share.close()
        last = len(self._ends) == len(self._members)
        stand = self._stands[number]
        # One that took no more calls may have had enough photos by then: that is told all the same.
        problem = end.problem or stand.services[0].problem
        service = replace(
            stand.services[0], calls=end.calls, photos=end.photos, ended=True, problem=problem
        )
        self._stands[number] = replace(
            stand,
            calls=end.calls,
            photos=end.photos,
            seconds=end.seconds,
            asking=(),
            services=(service,),
        )
        if self._started:
            if not last:
                self._problem_log.report(str(number), None)
            self._emit_progress()
        if last:
            self._emit(merged_end([self._ends[i] for i in range(len(self._members))]))

    def _emit_progress(self) -> None:
        stands = [self._told(number, stand) for number, stand in enumerate(self._stands)]
        self._emit(merged_progress(stands, ESTIMATES_SHOWN))

    def _told(self, number: int, stand: Progress) -> Progress:
        """Tell why one member goes no further, and which others still do."""
        (service,) = stand.services
        problem = self._beside(number, service.problem)
        return replace(stand, services=(replace(service, problem=problem),))

    def _beside(self, number: int, problem: Problem | None) -> Problem | None:
        going = [
            member.title
            for other, member in enumerate(self._members)
            if other != number and other not in self._ends
        ]
        if problem is None or not going:
            return problem
        others = " and ".join([", ".join(going[:-1]), going[-1]] if len(going) > 1 else going)
        return replace(problem, advice=f"{problem.advice} The search of {others} goes on.")

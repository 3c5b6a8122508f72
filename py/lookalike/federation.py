"""One search of several services at once, and of whatever else can be searched beside them."""

import asyncio
import functools
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

from lookalike.budget import Budget
from lookalike.errors import CLOSED, LookalikeError, Problem
from lookalike.events import (
    Event,
    Finished,
    Noted,
    Progress,
    Reason,
    ServiceProgress,
    Started,
    Troubled,
)
from lookalike.filters import Filters
from lookalike.judge import Judge
from lookalike.merging import merged_end, merged_progress
from lookalike.policy import Policy
from lookalike.search import BELIEFS_SHOWN, search
from lookalike.shares import Share, shared
from lookalike.sources.named import Named
from lookalike.sources.source import capabilities
from lookalike.toolbox import Limits, Toolbox
from lookalike.troubles import Troubles
from lookalike.twins import Twins


@dataclass(frozen=True, slots=True)
class Part:
    """What one member of a search is given, and what it has in common with the others.

    Attributes:
        judge: what photos are compared by. `Judge.begin` understands the query once for all.
        twins: the pictures seen so far, by whomever.
        share: how many photos it may look at. A member that looks at many without asking, because
            they cost nothing, may leave its share alone: `search_all` closes it at its end.
        budget: for calls and seconds, of which each member has all; its photos are the share's.
        seed: everything random comes from it, the same for all.
        stop: set when the search is to end at once.
        told: takes events in the moment in which they happen, in place of the generator.
    """

    judge: Judge
    twins: Twins
    share: Share
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
        begin: searches it: gives the events of `lookalike.search.search`, `Finished` the last.
            Photos carry `name` as their `source`. Of `Progress.services` it need give nothing.
        looks: whether it takes part in the budget of photos.
    """

    name: str
    title: str
    begin: Callable[[Part], AsyncGenerator[Event, None]]
    looks: bool = True


def service(
    tools: Toolbox, policy: Policy, filters: Filters | None = None, limits: Limits | None = None
) -> Member:
    """Make a member of a photo service.

    Args:
        tools: what to work with; its source's photos get their prefix here, and nowhere else.
        policy: what decides; it belongs to this search of this service alone.
        filters: which photos a person wants.
        limits: how much goes on at once at this service.
    """
    can = capabilities(tools.source)
    tools = replace(tools, source=Named(tools.source))

    def begin(part: Part) -> AsyncGenerator[Event, None]:
        return search(
            part.judge,
            tools,
            policy,
            part.budget,
            seed=part.seed,
            limits=limits,
            filters=filters,
            share=part.share,
            twins=part.twins,
            stop=part.stop,
            told=part.told,
        )

    return Member(can.name, can.title, begin)


async def search_all(
    members: Sequence[Member],
    judge: Judge,
    budget: Budget | None = None,
    *,
    seed: int = 0,
    stop: asyncio.Event | None = None,
    told: Callable[[Event], object] | None = None,
) -> AsyncGenerator[Event, None]:
    """Search all members at once, and tell what happens as one search, down to one `Finished`.

    The budget's photos are shared equally; what a member leaves unused goes to the others.
    `Troubled` tells of what may pass. A member that takes no more, or fails, is told by its problem
    in `Progress.services`, and the others go on: only where all fail has the search failed. Each
    member's search is deterministic by the seed, but for photos that others leave to it.

    Args:
        members: what is searched, in the order in which it is shown; names are distinct.
        judge: see `lookalike.search.search`.
        budget: photos are for all members together, calls for each of them.
        seed: see `Part`.
        stop, told: see `lookalike.search.search`.

    Raises:
        ValueError: there are no members.
    """
    if not members:
        raise ValueError("there is nothing to search")
    run = _Federation(members, judge, budget or Budget(), seed, stop or asyncio.Event(), told)
    tasks = [asyncio.ensure_future(run.follow(number)) for number in range(len(members))]
    try:
        while True:
            event = await run.events.get()
            yield event
            if isinstance(event, Finished):
                return
    finally:
        run.give_up()
        for task in tasks:
            task.cancel()


class _Federation:
    def __init__(
        self,
        members: Sequence[Member],
        judge: Judge,
        budget: Budget,
        seed: int,
        stop: asyncio.Event,
        told: Callable[[Event], object] | None,
    ) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self._members, self._outlet = members, told
        looking = iter(shared(budget.photos, max(1, sum(member.looks for member in members))))
        self._parts = [
            Part(
                judge,
                judge.twins,
                next(looking) if member.looks else Share(0),
                budget,
                seed,
                stop,
                functools.partial(self._take, number),
            )
            for number, member in enumerate(members)
        ]
        self._started = False
        self._noted: list[Noted] = []
        self._stands = [
            Progress(0, 0, 0.0, (), (), (), (ServiceProgress(member.name, member.title),))
            for member in members
        ]
        self._ends: dict[int, Finished] = {}
        self._troubles = Troubles(lambda problem: self._emit(Troubled(problem)))

    async def follow(self, number: int) -> None:
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

    def give_up(self) -> None:
        """Tell nobody of anything any more."""
        self._outlet = None

    def _emit(self, event: Event) -> None:
        if self._outlet:
            self._outlet(event)
        if not self._outlet or isinstance(event, Finished):
            self.events.put_nowait(event)

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
        self._troubles.report(str(number), None if told_apart else problem)

    def _stand(self, number: int, progress: Progress) -> None:
        before = self._stands[number].services[0]
        service = next(
            iter(progress.services),
            replace(before, calls=progress.calls, photos=progress.photos),
        )
        service = replace(service, problem=self._told(number, service.problem))
        self._stands[number] = replace(progress, services=(service,))
        self._tell_progress()

    def _end(self, number: int, end: Finished) -> None:
        if number in self._ends:
            return
        self._ends[number] = end
        self._parts[number].share.close()
        last = len(self._ends) == len(self._members)
        stand = self._stands[number]
        # One that took no more calls may have had enough photos by then: that is told all the same.
        problem = self._told(number, end.problem) or stand.services[0].problem
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
                self._troubles.report(str(number), None)
            self._tell_progress()
        if last:
            self._emit(merged_end([self._ends[i] for i in range(len(self._members))]))

    def _tell_progress(self) -> None:
        self._emit(merged_progress(self._stands, BELIEFS_SHOWN))

    def _told(self, number: int, problem: Problem | None) -> Problem | None:
        """Tell why one member goes no further, and which others do."""
        going = [
            member.title
            for other, member in enumerate(self._members)
            if other != number and other not in self._ends
        ]
        if problem is None or not going:
            return problem
        others = " and ".join([", ".join(going[:-1]), going[-1]] if len(going) > 1 else going)
        return replace(problem, advice=f"{problem.advice} The search of {others} goes on.")

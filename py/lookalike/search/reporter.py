"""What is told of one leg of a search: its events are made here, and nowhere else."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lookalike.errors import LookalikeError, Problem
from lookalike.photo import Photo
from lookalike.policies.state import Guess
from lookalike.ranking.near_duplicates import NearDuplicates
from lookalike.ranking.rank import ScoredPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.search.context import SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.events import (
    Event,
    Finished,
    Noted,
    Progress,
    Queried,
    Reason,
    Scored,
    ServiceProgress,
    Skipped,
    Started,
    Troubled,
)
from lookalike.search.filter_tally import FilterTally
from lookalike.search.ordered_tasks import OrderedTasks
from lookalike.search.photo_looks import PhotoLooks
from lookalike.search.problem_log import ProblemLog
from lookalike.search.tag_queries import Answer, TagQueries
from lookalike.sources.source import Capabilities

ESTIMATES_SHOWN = 12

PROGRESS_EVERY = 0.1
"""Seconds between two tellings of where a search stands: to say what a policy thinks of all tags
and photos takes Python longer than to choose the next photo, and nobody reads faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The search that is told of, over all its legs."""

    tools: SearchContext
    can: Capabilities
    core: SearchCore
    ranker: Ranker
    calls: TagQueries
    looks: PhotoLooks
    tasks: OrderedTasks
    filter_tally: FilterTally
    near_duplicates: NearDuplicates


class Reporter:
    """Tells what happens in one leg, down to its end.

    Args:
        search: what it tells of.
        before: seconds of the legs before.
        told: takes each event in the moment in which it happens; `next` then gives the last one
            alone.

    Attributes:
        ended: whether the leg has ended: a request that could not be aborted may report later.
        problems: what is wrong.
    """

    def __init__(
        self, search: Reported, before: float, told: Callable[[Event], object] | None
    ) -> None:
        self._search, self._told = search, told
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._clock = search.tools.clock
        self._began = self._progress_due = self._clock()
        self._before = before
        self.ended = False
        self.problems = ProblemLog(lambda problem: self._emit(Troubled(problem)))

    async def next(self) -> Event:
        """Wait for the next event, and give it."""
        return await self._events.get()

    def _emit(self, event: Event) -> None:
        if not self.ended:
            self._give(event)

    def _give(self, event: Event) -> None:
        if self._told:
            self._told(event)
        if not self._told or isinstance(event, Finished):
            self._events.put_nowait(event)

    # -- The beginning and the end --------------------------------------------------------------

    def started(self, seed: int, guesses: Sequence[Guess]) -> None:
        """The search has begun."""
        self._emit(Started(seed, tuple(guesses)))
        for notice in self._search.ranker.notices:
            self._emit(Noted(notice))

    def end(self, reason: Reason, problem: Problem | None) -> Finished:
        """The leg has ended, and no other event is told: give the last, for `finished`."""
        calls, looks = self._search.calls.made, self._search.looks.made
        self.ended = True
        return Finished(reason, calls, looks, self._seconds(), problem)

    def finished(self, end: Finished) -> None:
        """Tell the end, when all is put away."""
        self._give(end)

    def mute(self) -> None:
        """Nobody wants to know any more."""
        self._told = None

    def _seconds(self) -> float:
        return self._before + self._clock() - self._began

    # -- What is found --------------------------------------------------------------------------

    def queried(self, tag: str, answer: Answer) -> None:
        """A tag was answered; the state does not know its photos yet."""
        known = self._search.core.state.photos
        new = {photo.id for photo in answer.photos if photo.id not in known}
        found, dropped = len(answer.photos) + len(answer.dropped), len(answer.dropped)
        self._emit(Queried(tag, found, len(new), dropped, self._search.can.name))

    def scored(
        self, scored: ScoredPhoto, tag: str, bits: NDArray[np.bool_], *, before: bool = False
    ) -> None:
        """A photo was looked at.

        Args:
            scored: the photo.
            tag: what brought it.
            bits: its `difference_hash`.
            before: whether an earlier search looked at it.
        """
        photo, twin = scored.seen.photo, None
        if scored.feature is not None:
            near = self._search.near_duplicates
            twin = near.find_hash(photo.id, bits, scored.feature)
        score, itself = scored.score or 0.0, self._search.ranker.ranking.itself
        self._emit(Scored(photo, score, tag, twin, scored.seen.thumbnail, itself, before))

    def skipped(self, photo: Photo, error: LookalikeError) -> None:
        """A look at a photo failed."""
        self._emit(Skipped(photo, error.problem))

    # -- Where the search stands ----------------------------------------------------------------

    def progress_if_due(self) -> float | None:
        """Tell where the search stands, unless it was told just now; then give in how long."""
        left = self._progress_due - self._clock()
        if left > 0:
            return left
        self.progress()
        return None

    def progress(self) -> None:
        """Tell where the search stands."""
        self._progress_due = self._clock() + PROGRESS_EVERY
        search = self._search
        estimates = tuple(search.core.estimates(ESTIMATES_SHOWN))
        unseen = tuple(search.core.unseen())
        limiter = search.tools.rate_limiter
        minute, day = limiter.left() if limiter else (None, None)
        service = ServiceProgress(
            search.can.name,
            search.can.title,
            search.calls.made,
            search.looks.made,
            minute,
            day,
            problem=search.calls.closed,
        )
        self._emit(
            Progress(
                service.calls,
                service.photos,
                self._seconds(),
                search.tasks.asking,
                estimates,
                unseen,
                (service,),
                search.filter_tally.tally(),
            )
        )

"""What one page works on: the measure in charge, and the search that runs or ran last.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import asyncio
import gc
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from lookalike.browser.protocol import (
    Answer,
    Cancel,
    Mark,
    Measure,
    Measured,
    Message,
    Ping,
    Pong,
    Printed,
    Restore,
    Search,
    Steer,
)
from lookalike.budget import Budget
from lookalike.cache import Cache
from lookalike.console import Console
from lookalike.errors import LookalikeError, Problem
from lookalike.events import (
    Event,
    Finished,
    PhotoScore,
    Ranked,
    Reason,
    Recomputing,
    Rescored,
    Scored,
)
from lookalike.judge import Judge
from lookalike.measure import compile_measure
from lookalike.model import Model
from lookalike.policies import DEFAULT, POLICIES
from lookalike.retelling import Retold
from lookalike.scorer import CheckedScorer
from lookalike.search import Limits, Toolbox, search
from lookalike.seen import Sighting
from lookalike.sources.source import origin
from lookalike.steering import Steered
from lookalike.text.query import TextQuery
from lookalike.text.reader import Reader
from lookalike.trial import tried
from lookalike.usercode import UserCode

RANK_EVERY = 0.5
"""Seconds between two orders by a measure's `rank`, while photos come in."""


class Session:
    """Takes the page's messages, and answers.

    A search, the trial of a measure and what follows from it are a task each. A newer trial ends
    an older one; a newer search waits for a trial, and ends what the one before still had to do.

    Args:
        post: sends a message, with the id of its search where it is of one.
        tools: what searches work with.
        model: what describes images.
        abort: ends requests that are under way.
        reader: what understands the words of searches.
    """

    def __init__(
        self,
        post: Callable[[Answer, int | None], None],
        tools: Toolbox,
        model: Model,
        abort: Callable[[], object] = lambda: None,
        reader: Reader | None = None,
    ) -> None:
        self._reader = reader or Reader(model)
        self._post, self._tools, self._model, self._abort = post, tools, model, abort
        self._cache = tools.cache or Cache()
        self._console = Console(lambda text: post(Printed(text), None))
        self._code = UserCode(self._console)
        self._measure: CheckedScorer | None = None
        self._measure_id = 0
        self._problem: Problem | None = None  # why there is no measure
        self._search_id = -1
        self._shown: set[str] = set()  # photos that the page knows of
        self._judge: Judge | None = None
        self._stale = False  # the photos seen are to be scored anew
        self._searching: Judge | None = None
        self._stop = asyncio.Event()
        self._policy: Steered | None = None
        self._retold: Retold | None = None
        self._to_restore: Restore | None = None
        self._trial: asyncio.Task[None] | None = None
        self._update: asyncio.Task[None] | None = None
        self._retelling: asyncio.Task[None] | None = None
        self._search: asyncio.Task[None] | None = None

    def load(self, text: bytes) -> None:
        """Take the score.py that was shipped; one that is broken fails searches until mended."""
        try:
            self._measure = compile_measure(text, self._code)
        except LookalikeError as error:
            self._problem = error.problem
            self._post(Measured(0, error.problem, "kept", []), None)
        else:
            if self._measure.optional:
                self._post(Measured(0, None, "kept", self._measure.optional), None)

    def take(self, message: Message) -> None:
        """Take a message from the page."""
        if isinstance(message, Search):
            self._begin(message)
        elif isinstance(message, Measure):
            self._try(message)
        elif isinstance(message, Restore):
            self._restore(message)
        elif isinstance(message, Ping):
            self._post(Pong(message.id), None)
        elif message.id == self._search_id:
            if isinstance(message, Cancel):
                self._cancel()
            elif isinstance(message, Mark):
                self._mark(message)
            elif isinstance(message, Steer) and self._policy:
                self._policy.steer(message.tag, message.stance)

    # -- Searches -------------------------------------------------------------------------------

    def _cancel(self) -> None:
        self._stop.set()
        self._abort()

    def _leave(self, search_id: int) -> None:
        """Give up the search on show for another."""
        self._cancel()
        _drop(self._update)
        _drop(self._retelling)
        self._search_id, self._shown = search_id, set()
        self._judge = self._policy = self._retold = self._to_restore = None
        self._stale = False

    def _begin(self, message: Search) -> None:
        self._leave(message.id)
        self._console.begin()
        self._stop = asyncio.Event()
        self._retold = Retold(POLICIES.get(message.settings.policy, POLICIES[DEFAULT]).make)
        self._policy = Steered(self._retold)
        self._search = asyncio.ensure_future(self._run_search(message, self._policy, self._stop))

    async def _run_search(self, message: Search, policy: Steered, stop: asyncio.Event) -> None:
        while _under_way(self._trial):
            await asyncio.wait([self._trial])
        if self._measure is None:
            self._post(Finished(Reason.FAILED, 0, 0, 0.0, self._problem), message.id)
            return
        settings = message.settings
        judge = self._new_judge(self._measure, message)
        if message.id == self._search_id:
            self._judge = self._searching = judge
        events = search(
            judge,
            self._tools,
            policy,
            Budget(settings.photos, settings.calls, settings.seconds),
            seed=secrets.randbelow(2**32) if settings.seed is None else settings.seed,
            limits=Limits(calls=settings.parallel),
            stop=stop,
        )
        ranking = _Ranking(self._tools.clock)
        try:
            async for event in events:
                ended = isinstance(event, Finished)
                if self._moves(judge) and ranking.due(event):
                    self._rank(judge, message.id)
                if ended and self._searching is judge:
                    self._searching = None
                self._post(self._current(event, judge), message.id)
        except Exception as error:  # noqa: BLE001 - shown instead of a search that never ends
            self._post(Finished(Reason.FAILED, 0, 0, 0.0, unexpected(error)), message.id)
        finally:
            if self._searching is judge:
                self._searching = None
            gc.collect()  # see lookalike.browser.transport

    def _current(self, event: Event, judge: Judge) -> Event:
        """Bring up to date what waited to be told while the measure was replaced."""
        if not isinstance(event, Scored):
            return event
        if judge is self._judge:
            self._shown.add(event.photo.id)
        outcome = judge.seen.outcome(event.photo.id)
        return event if outcome is None else replace(event, score=outcome[0])

    def _new_judge(self, measure: CheckedScorer, message: Search | Restore) -> Judge:
        text = TextQuery.made(message.text, self._reader, photo=bool(message.queries))
        name = origin(self._tools.source)
        return Judge(self._model, measure, message.queries, self._cache, name, text)

    def _moves(self, judge: Judge) -> bool:
        """Say whether photos that are on show may change places as others come in."""
        # A measure or a mark that is being taken in brings an order of its own.
        settled = not (_under_way(self._trial) or _under_way(self._update) or self._stale)
        moves = judge.measure.has("rank") or (judge.relative and settled)
        return moves and judge is self._judge

    def _rank(self, judge: Judge, search_id: int) -> None:
        try:
            order = judge.refresh() if judge.relative else judge.order()
        except LookalikeError as error:
            self._console.write(f"{error}\n")
            self._console.tell_all()
            return
        if judge.relative:
            self._post(self._rescored(judge, order), search_id)
        else:
            self._post(Ranked(self._known(order or [])), search_id)

    def _known(self, order: list[str]) -> tuple[str, ...]:
        return tuple(photo for photo in order if photo in self._shown)

    def _restore(self, message: Restore) -> None:
        self._leave(message.id)
        if self._measure is None:
            self._to_restore = message  # when there is one
            return
        self._judge = self._new_judge(self._measure, message)
        for kept in message.results:
            self._judge.seen.add(Sighting(kept.photo, kept.thumbnail))
            self._judge.seen.mark(kept.photo.id, kept.mark)
            self._shown.add(kept.photo.id)
        self._judge.restored([(kept.photo.id, kept.tag) for kept in message.results])

    # -- Measures and marks ---------------------------------------------------------------------

    def _try(self, message: Measure) -> None:
        self._console.begin()
        _drop(self._trial)
        _drop(self._update)
        self._trial = asyncio.ensure_future(self._run_trial(message, self._judge))

    async def _run_trial(self, message: Measure, judge: Judge | None) -> None:
        rescored = False
        order = None
        try:
            measure = await tried(message.code, self._code, self._model, judge)
            kept = self._measure is not None and self._measure.key == measure.key
            if judge:
                kept = judge.complete(measure)
            if judge and kept:
                # At once, so that a measure that fails on any of them does not take over.
                order = judge.rescore(measure)
                rescored = True
        except Exception as error:  # noqa: BLE001 - told like the errors of the measure
            self._refuse(message.id, problem_of(error))
            if self._stale:
                self._refresh()
            return
        self._measure, self._measure_id, self._problem = measure, message.id, None
        features = "kept" if kept else "recomputed"
        self._post(Measured(message.id, None, features, measure.optional), None)
        if self._to_restore:
            self._restore(self._to_restore)
        elif judge and judge is self._judge:
            if rescored:
                self._tell_scores(judge, order)
            else:
                self._refresh()

    def _refuse(self, measure_id: int, problem: Problem) -> None:
        optional = self._measure.optional if self._measure else []
        self._post(Measured(measure_id, problem, "kept", optional), None)

    def _mark(self, message: Mark) -> None:
        if self._judge and self._judge.seen.mark(message.photo, message.mark):
            self._stale = True
            # Else what is under way takes it in at its end.
            if not (_under_way(self._trial) or _under_way(self._update)):
                self._console.begin()
                self._refresh()

    def _refresh(self) -> None:
        self._stale = True
        if self._judge and self._measure:
            update = self._run_update(self._judge, self._measure, self._search_id)
            self._update = asyncio.ensure_future(update)

    async def _run_update(self, judge: Judge, measure: CheckedScorer, search_id: int) -> None:
        try:
            await judge.describe(
                measure, lambda done, total: self._post(Recomputing(done, total), search_id)
            )
            order = judge.rescore(measure)
        except Exception as error:  # noqa: BLE001 - told like the errors of the measure
            self._stale = False
            self._measure = judge.measure  # the last good one
            self._refuse(self._measure_id, problem_of(error))
        else:
            self._tell_scores(judge, order)

    def _tell_scores(self, judge: Judge, order: list[str] | None) -> None:
        self._stale = False
        if not len(judge.seen):
            return
        self._post(self._rescored(judge, order), self._search_id)
        if judge is self._searching and self._retold:
            self._retelling = asyncio.ensure_future(self._retold.retell(judge.seen.outcome))

    def _rescored(self, judge: Judge, order: list[str] | None) -> Rescored:
        scores = [
            PhotoScore(some.photo.id, some.score)
            for some in judge.seen
            if some.score is not None and some.photo.id in self._shown
        ]
        return Rescored(tuple(scores), None if order is None else self._known(order))


class _Ranking:
    """Says when photos that came in are to be ranked: now and then, and at the end."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last = -RANK_EVERY
        self._waiting = False  # a photo has come since

    def due(self, event: Event) -> bool:
        due = isinstance(event, Finished) or self._clock() - self._last >= RANK_EVERY
        now = self._waiting and due
        if now:
            self._last, self._waiting = self._clock(), False
        # Ranked before the photo itself is told, it would name what the page does not know.
        self._waiting = self._waiting or isinstance(event, Scored)
        return now


def problem_of(error: Exception) -> Problem:
    """Say what happened, whatever it was."""
    return error.problem if isinstance(error, LookalikeError) else unexpected(error)


def unexpected(error: Exception) -> Problem:
    """Say that something happened that should not."""
    return LookalikeError(f"Something unexpected went wrong ({error!r}).").problem


def _under_way(task: asyncio.Task[None] | None) -> TypeGuard[asyncio.Task[None]]:
    return task is not None and not task.done()


def _drop(task: asyncio.Task[None] | None) -> None:
    if task:
        task.cancel()

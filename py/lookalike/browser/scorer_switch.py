"""The scorer in charge of a page, trials of others, and what follows for the photos on show."""

import asyncio
from collections.abc import Callable
from typing import TypeGuard

from lookalike.browser.current_search import CurrentSearch
from lookalike.browser.protocol import Mark, MessageToPage, Printed, ScorerTried, TryScorer
from lookalike.errors import LookalikeError, Problem
from lookalike.model.model import Model
from lookalike.ranking.ranker import Ranker
from lookalike.ranking.validate import tried
from lookalike.scorer.compile import compile_scorer
from lookalike.scorer.console import Console
from lookalike.scorer.scorer import CheckedScorer
from lookalike.scorer.user_code import UserCode
from lookalike.search.events import Recomputing


class ScorerSwitch:
    """Tries scorers, and puts the photos on show in the order of the one in charge.

    A trial and what follows from it are a task each. A newer trial ends an older one.

    Args:
        post: sends a message, with the id of its search where it is of one.
        model: what describes images.
        on_show: gives the search on show.
        rescored: told when the photos on show have new scores, of which search.

    Attributes:
        in_charge: the last good one; None where there was none yet.
        problem: why there is none.
        console: what scorers print to.
    """

    def __init__(
        self,
        post: Callable[[MessageToPage, int | None], None],
        model: Model,
        on_show: Callable[[], CurrentSearch],
        rescored: Callable[[CurrentSearch], None] = lambda _: None,
    ) -> None:
        self._post, self._model, self._on_show = post, model, on_show
        self._rescored = rescored
        self.console = Console(lambda text: post(Printed(text), None))
        self._code = UserCode(self.console, interruptible=False)
        self.in_charge: CheckedScorer | None = None
        self.problem: Problem | None = None
        self._id = 0
        self._stale = False  # the photos seen are to be scored again
        self._trial: asyncio.Task[None] | None = None
        self._update: asyncio.Task[None] | None = None
        self._rescoring: asyncio.Task[None] | None = None

    def load(self, text: bytes) -> None:
        """Take the score.py that was shipped; one that is broken fails searches until mended."""
        try:
            self.in_charge = compile_scorer(text, self._code)
        except LookalikeError as error:
            self.problem = error.problem
            self._post(ScorerTried(0, error.problem, "kept", []), None)
        else:
            if self.in_charge.optional:
                self._post(ScorerTried(0, None, "kept", self.in_charge.optional), None)

    def leave(self) -> None:
        """Give up what is still done for the search on show, which another one follows."""
        _drop(self._update)
        _drop(self._rescoring)
        self._stale = False

    @property
    def at_rest(self) -> bool:
        """Whether no scorer and no mark is being taken in."""
        return not (_under_way(self._trial) or _under_way(self._update) or self._stale)

    async def settled(self, stop: asyncio.Event) -> CheckedScorer | None:
        """Wait for a trial that is under way, or for `stop`; give the scorer in charge."""
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while _under_way(self._trial) and not stop.is_set():
                tasks = [self._trial, stopped]
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
        return self.in_charge

    # -- Scorers -------------------------------------------------------------------------------

    def try_out(self, message: TryScorer) -> None:
        """Try a scorer, which takes over where it works."""
        self.console.begin()
        _drop(self._trial)
        _drop(self._update)
        self._trial = asyncio.ensure_future(self._run_trial(message, self._on_show().ranker))

    async def _run_trial(self, message: TryScorer, tried_on: Ranker | None) -> None:
        order = None
        try:
            scorer = await tried(message.code, self._code, self._model, tried_on)
            ranker = self._on_show().ranker  # another one, where a search came meanwhile
            kept = self.in_charge is not None and self.in_charge.key == scorer.key
            if ranker:
                kept = ranker.complete(scorer)
            if ranker and kept:
                # At once, so that a scorer that fails on any of them does not take over.
                order = ranker.rescore(scorer)
        except Exception as error:  # noqa: BLE001 - told like the errors of the scorer
            self._refuse(message.id, problem_of(error))
            if self._stale:
                self._refresh()
            return
        self.in_charge, self._id, self.problem = scorer, message.id, None
        self._post(
            ScorerTried(message.id, None, "kept" if kept else "recomputed", scorer.optional),
            None,
        )
        if waiting := self._on_show().waiting:
            waiting()
        elif ranker and kept:
            self._emit_scores(ranker, order)
        elif ranker:
            self._refresh()

    def _refuse(self, scorer_id: int, problem: Problem) -> None:
        optional = self.in_charge.optional if self.in_charge else []
        self._post(ScorerTried(scorer_id, problem, "kept", optional), None)

    # -- Scores ---------------------------------------------------------------------------------

    def mark(self, message: Mark) -> None:
        """Mark a photo on show, and score all again."""
        ranker = self._on_show().ranker
        if ranker and ranker.seen.mark(message.photo, message.mark):
            self._stale = True
            # Else what is under way takes it in at its end.
            if not (_under_way(self._trial) or _under_way(self._update)):
                self.console.begin()
                self._refresh()

    def _refresh(self) -> None:
        self._stale = True
        show = self._on_show()
        if show.ranker and self.in_charge:
            update = self._run_update(show.ranker, self.in_charge, show.id)
            self._update = asyncio.ensure_future(update)

    async def _run_update(self, ranker: Ranker, scorer: CheckedScorer, search_id: int) -> None:
        try:
            order = await ranker.take_over(
                scorer, lambda done, total: self._post(Recomputing(done, total), search_id)
            )
        except Exception as error:  # noqa: BLE001 - told like the errors of the scorer
            self._stale = False
            self.in_charge = ranker.scorer  # the last good one
            self._refuse(self._id, problem_of(error))
        else:
            self._emit_scores(ranker, order)

    def _emit_scores(self, ranker: Ranker, order: list[str] | None) -> None:
        self._stale = False
        show = self._on_show()
        if len(ranker.seen):
            self._post(show.rescored(order), show.id)
            if show.running:
                self._rescoring = asyncio.ensure_future(show.cores.rescore(ranker.outcome))
            show.stale = not show.running
        self._rescored(show)


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

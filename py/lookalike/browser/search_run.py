"""How one search of the page runs: to its end, and further where the page asks for it."""

import asyncio
import contextlib
import gc
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from lookalike.browser.current_search import CurrentSearch
from lookalike.browser.kept_answers import KeptAnswers
from lookalike.browser.protocol import GoOn, MessageToPage, Search, Settings
from lookalike.browser.rank_timer import RankTimer
from lookalike.browser.scorer_switch import ScorerSwitch, problem_of
from lookalike.browser.services import Services
from lookalike.budget import Budget
from lookalike.errors import LookalikeError, Problem
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.scorer.scorer import CheckedScorer
from lookalike.search.events import Event, Finished, Ranked, Reason, Scored
from lookalike.search.federated import Federation, Member


def failed(problem: Problem | None) -> Finished:
    """Tell of a search that did not begin, or did not go on."""
    return Finished(Reason.FAILED, 0, 0, 0.0, problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTools:
    """What all searches of a page run with.

    Attributes:
        post: sends a message, with the id of its search where it is of one.
        services: the photo services.
        kept: takes in what services have answered before there was this engine.
        scorers: has the scorer in charge.
        on_show: gives the search on show.
        ready: opens the query photos of a search.
        ranker: makes the ranker of a search, by a scorer and query photos that were opened.
    """

    post: Callable[[MessageToPage, int | None], None]
    services: Services
    kept: KeptAnswers
    scorers: ScorerSwitch
    on_show: Callable[[], CurrentSearch]
    ready: Callable[[Search], Awaitable[Sequence[QueryPhoto]]]
    ranker: Callable[[CheckedScorer, Search, Sequence[QueryPhoto]], Ranker]


class SearchRun:
    """Runs one search, leg by leg, and tells the page of it.

    Args:
        tools: what to work with.
        show: the search as the page shows it.
        members: what is searched.
    """

    def __init__(self, tools: RunTools, show: CurrentSearch, members: Sequence[Member]) -> None:
        self._tools, self._scorers = tools, tools.scorers
        self._show, self._members = show, members
        self._federation: Federation | None = None  # none before the first leg
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def can_go_on(self) -> bool:
        """Whether there may be another leg: it has begun, and something takes budgets."""
        return self._federation is not None and self._federation.can_go_on

    def stop(self) -> None:
        """End the leg that runs."""
        self._stop.set()

    # -- Legs ----------------------------------------------------------------------------------

    def begin(self, message: Search) -> None:
        """Begin the first leg."""
        self._task = asyncio.ensure_future(self._begin(message, self._stop))

    async def _begin(self, message: Search, stop: asyncio.Event) -> None:
        show, settings = self._show, message.settings
        with self._to_the_end():
            queries = await self._tools.ready(message)
            scorer = await self._scorers.settled(stop)
            # Nothing is awaited between this and the ranker: another scorer might be accepted.
            if stop.is_set():
                self._post(Finished(Reason.CANCELLED, 0, 0, 0.0, None))
                return
            if scorer is None:
                self._post(failed(self._scorers.problem))
                return
            show.ranker = self._tools.ranker(scorer, message, queries)
            show.running = True
            seed = secrets.randbelow(2**32) if settings.seed is None else settings.seed
            if any(self._tools.services.get(name) for name in settings.sources):
                await self._tools.kept.head_start()
            self._federation = Federation(self._members, show.ranker, seed=seed)
            await self._leg(settings, stop)

    def go_on(self, message: GoOn) -> None:
        """Begin another leg, where none runs."""
        self._stop = asyncio.Event()
        self._show.running = True
        self._task = asyncio.ensure_future(self._go_on(message, self._stop, self._task))

    async def _go_on(
        self, message: GoOn, stop: asyncio.Event, before: asyncio.Task[None] | None
    ) -> None:
        show = self._show
        with self._to_the_end():
            if before:
                await asyncio.wait([before])
            await self._scorers.settled(stop)
            show.running = True
            if show.stale and show.ranker:
                await show.cores.rescore(show.ranker.outcome)
                show.stale = False
            await self._leg(message, stop)

    @contextlib.contextmanager
    def _to_the_end(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # noqa: BLE001 - shown instead of a search that never ends
            self._post(failed(problem_of(error)))
        finally:
            self._show.running = False
            gc.collect()  # see lookalike.browser.transport

    async def _leg(self, spend: Settings | GoOn, stop: asyncio.Event) -> None:
        if self._federation and self._show.ranker:
            budget = Budget(spend.photos, spend.calls, spend.seconds)
            emit = self._emitter(self._show.ranker)
            with self._tools.kept.resting():
                async for _ in self._federation.leg(budget, stop=stop, told=emit):
                    pass

    # -- What the page is told -----------------------------------------------------------------

    def _post(self, message: MessageToPage) -> None:
        self._tools.post(message, self._show.id)

    def _emitter(self, ranker: Ranker) -> Callable[[Event], None]:
        """Give what tells the page of each event at once: what comes next may never return."""
        show, timer = self._show, RankTimer(time.monotonic)

        def emit(event: Event) -> None:
            due = self._moves(ranker) and timer.due(event)
            if isinstance(event, Finished):
                if due:
                    self._rank(ranker)
                show.running = False
            if isinstance(event, Scored):
                show.shown.add(event.photo.id)
            self._post(event)
            if due and show.running:
                self._rank(ranker)

        return emit

    def _moves(self, ranker: Ranker) -> bool:
        """Say whether photos that are on show may change places as others come in."""
        # A scorer or a mark that is being taken in brings an order of its own.
        moves = ranker.scorer.has("rank") or (ranker.relative and self._scorers.at_rest)
        return moves and self._show is self._tools.on_show()

    def _rank(self, ranker: Ranker) -> None:
        try:
            order = ranker.refresh() if ranker.relative else ranker.order()
        except LookalikeError as error:
            self._scorers.console.write(f"{error}\n")
            self._scorers.console.emit_all()
            return
        if ranker.relative:
            self._post(self._show.rescored(order))
        else:
            self._post(Ranked(self._show.known(order or [])))

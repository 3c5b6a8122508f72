"""What one page works on: the scorer in charge, and the search that runs or ran last.

Imports neither `js` nor `pyodide`, so that it is tested without a browser.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace

from lookalike.browser.collection_member import PREFIX
from lookalike.browser.current_search import CurrentSearch
from lookalike.browser.kept_answers import KeptAnswers
from lookalike.browser.members import MakeMember, Members
from lookalike.browser.protocol import (
    Cancel,
    Forget,
    GoOn,
    Mark,
    Message,
    MessageToPage,
    Open,
    Opened,
    Ping,
    Pong,
    Restore,
    Search,
    Steer,
    TryScorer,
)
from lookalike.browser.query_photos import Tried, readied
from lookalike.browser.scorer_switch import ScorerSwitch, problem_of
from lookalike.browser.search_run import RunTools, SearchRun, failed
from lookalike.browser.services import Services
from lookalike.errors import LookalikeError, Problem, ScoreError
from lookalike.images import Reopen
from lookalike.model.model import Model
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.ranking.seen import SeenPhoto
from lookalike.ranking.text_query import TextQuery
from lookalike.scorer.scorer import CheckedScorer
from lookalike.search.events import Joined, Noted, Recomputing, Skipped
from lookalike.text.interpret import Interpreter

LOST = LookalikeError(
    "This search cannot go on: what it had learnt is no longer there.", "Search again."
).problem

Newcomers = Callable[[Ranker], AsyncIterator[Recomputing | Noted | Skipped | Joined]]


class Session:
    """Takes the page's messages, and answers.

    A newer search waits for the trial of a scorer, and ends what the one before still had to do.

    Args:
        post: sends a message, with the id of its search where it is of one.
        services: the photo services.
        model: what describes images.
        abort: ends requests that are under way.
        others: what can be searched besides; see `Members`.
        newcomers: finds what new scores have brought into the search of a ranker.
        reader: what understands the words of searches.
        reopen: decodes query photos that Python cannot.
        kept: takes in what services have answered before there was this engine.
    """

    def __init__(
        self,
        post: Callable[[MessageToPage, int | None], None],
        services: Services,
        model: Model,
        abort: Callable[[], object] = lambda: None,
        others: Mapping[str, MakeMember] | None = None,
        newcomers: Newcomers | None = None,
        reader: Interpreter | None = None,
        reopen: Reopen | None = None,
        kept: KeptAnswers | None = None,
    ) -> None:
        self._kept = kept or KeptAnswers(services)
        self._post, self._services, self._model, self._abort = post, services, model, abort
        self._reader, self._reopen = reader or Interpreter(model), reopen
        self._tried = Tried(reopen)
        self._opening: set[asyncio.Task[None]] = set()
        self._joining = Members(services, others or {})
        self._show = CurrentSearch()
        self._scorers = ScorerSwitch(post, model, lambda: self._show, self._rescored)
        self._newcomers = newcomers
        self._joined: asyncio.Task[None] | None = None
        self._tools = RunTools(
            post=post,
            services=services,
            kept=self._kept,
            scorers=self._scorers,
            on_show=lambda: self._show,
            ready=self._ready,
            ranker=self._new_ranker,
        )
        self._run: SearchRun | None = None  # of the search on show; none where that cannot run

    def load(self, text: bytes) -> None:
        """See `ScorerSwitch.load`."""
        self._scorers.load(text)

    @property
    def scorer(self) -> CheckedScorer:
        """The scorer in charge.

        Raises:
            ScoreError: there is none, as the one that was shipped is broken.
        """
        if self._scorers.in_charge is None:
            raise ScoreError(
                "There is no score function to describe photos by: score.py is broken."
            )
        return self._scorers.in_charge

    def take(self, message: Message) -> None:
        """Take a message from the page."""
        if isinstance(message, Search):
            self._begin(message)
        elif isinstance(message, GoOn):
            self._go_on(message)
        elif isinstance(message, TryScorer):
            self._scorers.try_out(message)
        elif isinstance(message, Restore):
            self._leave(message.id)
            self._restore(message)
        elif isinstance(message, Forget):
            self._kept.end()
            self._services.forget()
        elif isinstance(message, Ping):
            self._post(Pong(message.id), None)
        elif isinstance(message, Open):
            task = asyncio.ensure_future(self._open(message))
            # A task that nobody holds may be gone before it is done.
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
        elif message.id == self._show.id:
            self._take_of_show(message)

    def _take_of_show(self, message: Message) -> None:
        if isinstance(message, Cancel):
            self._cancel()
        elif isinstance(message, Mark):
            self._scorers.mark(message)
        elif isinstance(message, Steer):
            self._show.cores.steer(message.tag, message.stance)

    async def _open(self, message: Open) -> None:
        problem = None
        try:
            await self._tried.open(message.image)
        except Exception as error:  # noqa: BLE001 - an answer is awaited, whatever it is
            problem = problem_of(error)
        self._post(Opened(message.id, problem), None)

    def refuse(self, search_id: int, problem: Problem) -> None:
        """Have a search fail that nobody can begin; it gives up the one before all the same."""
        self._leave(search_id)
        self.fail(search_id, problem)

    def _cancel(self) -> None:
        if self._run:
            self._run.stop()
        self._abort()

    def _leave(self, search_id: int) -> None:
        """Give up the search on show for another."""
        self._cancel()
        self._run = None
        self._scorers.leave()
        if self._joined:
            self._joined.cancel()
        self._show = CurrentSearch(search_id)

    # -- A search -------------------------------------------------------------------------------

    def _begin(self, message: Search) -> None:
        self._leave(message.id)
        self._scorers.console.begin()
        try:
            self._services.learn(message.made)
            members = self._joining.members(message.settings, self._show.cores)
            for tags, stance in ((message.pinned, "pin"), (message.banned, "ban")):
                for tag in tags:
                    self._show.cores.steer(tag, stance)
        except Exception as error:  # noqa: BLE001 - shown instead of a search that never ends
            self.fail(message.id, problem_of(error))
            return
        self._run = SearchRun(self._tools, self._show, members)
        self._run.begin(message)

    def _go_on(self, message: GoOn) -> None:
        run = self._run if message.id == self._show.id else None
        if run is None or not run.can_go_on:
            self.fail(message.id, LOST)
        elif not self._show.running:
            self._services.learn(message.made)
            self._scorers.console.begin()
            run.go_on(message)

    def fail(self, search_id: int, problem: Problem) -> None:
        """Say that a search has failed which did not begin, or did not go on."""
        self._post(failed(problem), search_id)

    async def _ready(self, message: Search) -> list[QueryPhoto]:
        return await readied(
            self._tried.take(message.queries),
            self._reopen,
            lambda drawn: self._post(drawn, message.id),
        )

    def _new_ranker(
        self, scorer: CheckedScorer, message: Search | Restore, queries: Sequence[QueryPhoto]
    ) -> Ranker:
        asked = message.settings.sources
        own = all(name.startswith(PREFIX) for name in asked)
        titles = [each.title for each in self._services.choices if each.name in asked]
        text = TextQuery.made(
            message.text, self._reader, photo=bool(queries), own=own, services=titles
        )
        return Ranker(self._model, scorer, queries, self._services.cache, text=text)

    # -- What new scores bring in ---------------------------------------------------------------

    def _rescored(self, show: CurrentSearch) -> None:
        if self._joined:
            self._joined.cancel()
        # Own photos may all have been compared while services are still searched.
        if self._newcomers and show.ranker:
            found = self._newcomers(show.ranker)
            self._joined = asyncio.ensure_future(self._join(show, found))

    async def _join(
        self, show: CurrentSearch, found: AsyncIterator[Recomputing | Noted | Skipped | Joined]
    ) -> None:
        described = False
        try:
            async for event in found:
                described = described or isinstance(event, Recomputing)
                if isinstance(event, Joined):
                    show.shown.add(event.photo.id)
                self._post(event, show.id)
            if show.ranker and show.ranker.text and show.ranker.text.crowds:
                # All of a collection has been compared again, and what is on show stands among it.
                self._post(show.rescored(show.ranker.refresh()), show.id)
            elif show.ranker and described:
                # So that nobody waits for it any more, though none has joined.
                self._post(show.rescored(show.ranker.order()), show.id)
        except LookalikeError as error:
            self._scorers.console.write(f"{error}\n")
            self._scorers.console.emit_all()

    # -- After the engine was replaced ----------------------------------------------------------

    def _restore(self, message: Restore) -> None:
        show, scorer = self._show, self._scorers.in_charge
        if scorer is None:
            show.waiting = lambda: self._restore(message)
            return
        show.waiting = None
        queries = [replace(query, reopen=self._reopen) for query in message.queries]
        show.ranker = self._new_ranker(scorer, message, queries)
        for kept in message.results:
            show.ranker.seen.add(SeenPhoto(kept.photo, kept.thumbnail))
            show.ranker.seen.mark(kept.photo.id, kept.mark)
            show.shown.add(kept.photo.id)
        show.ranker.restored([(kept.photo.id, kept.tag) for kept in message.results])

"""The calls and looks of one search: begun as its core decides, and taken in in the same order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lookalike.budget import Budget, looks_at_once
from lookalike.errors import LookalikeError, Problem
from lookalike.photo import Photo
from lookalike.policies.refusals import give_up
from lookalike.policies.settling import Settling
from lookalike.policies.state import Answered, Looked, Score
from lookalike.ranking.near_duplicates import difference_hash
from lookalike.ranking.rank import ScoredPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.search.context import Limits, SearchContext
from lookalike.search.core import SearchCore
from lookalike.search.ending import ending
from lookalike.search.events import Reason
from lookalike.search.filter_tally import FilterTally
from lookalike.search.look import Look
from lookalike.search.ordered_tasks import OrderedTasks
from lookalike.search.photo_looks import PhotoLooks
from lookalike.search.photo_quota import PhotoQuota
from lookalike.search.pool import Glimpse
from lookalike.search.recall import Recall
from lookalike.search.reporter import Reporter
from lookalike.search.tag_queries import Answer, TagQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One leg of a search.

    Attributes:
        budget: what may be spent; its calls are no more than the service takes.
        share: how many photos may be looked at.
        reporter: tells what happens.
    """

    budget: Budget
    share: PhotoQuota
    reporter: Reporter


class CallsAndLooks:
    """The calls and looks of one search, over all its legs; none before `allow`.

    Args:
        tools: what to work with.
        limits: how much goes on at once.
        core: what decides.
        ranker: what scores photos.
        filter_tally: the search's filters.
        rng: what dates are drawn from.
        recall: what earlier searches have left; None where there is nothing of the kind.
        hopeless: told of the leg, and of the problem, where no more looks can come to anything.

    Attributes:
        calls: how many were made, and how many may be.
        looks: the same.
        tasks: those under way.
    """

    def __init__(
        self,
        tools: SearchContext,
        limits: Limits,
        core: SearchCore,
        ranker: Ranker,
        filter_tally: FilterTally,
        *,
        rng: np.random.Generator,
        recall: Recall | None,
        hopeless: Callable[[Leg, Problem], None],
    ) -> None:
        self._core, self._ranker, self._recall = core, ranker, recall
        self._looks_at_once, self._hopeless = limits.looks, hopeless
        self.tasks = OrderedTasks(limits.patience, tools.clock)
        self.calls = TagQueries(tools, limits, filter_tally, rng=rng, report=self._report)
        self.looks = PhotoLooks(
            tools,
            limits,
            filter_tally,
            ranker,
            report=self._report,
            seen=self._seen,
            skipped=self._skipped,
        )
        self._settling = Settling()
        self._cut: list[str | Photo] = []  # what the end of the leg before left undone
        self._lost: set[str] = set()  # what a service that was away for a moment did not answer
        self._retried: set[str] = set()  # what of that was asked again in this leg
        self._current: Leg | None = None

    @property
    def _leg(self) -> Leg:
        if self._current is None:
            raise RuntimeError("the search has no leg yet")
        return self._current

    def allow(self, leg: Leg) -> None:
        """Work for this leg from now on."""
        self._current = leg
        self.calls.allow(leg.budget.calls)
        self.looks.allow(leg.share, leg.budget.photos)
        self._settling.begin()

    def go_on(self) -> None:
        """Take in what was done when the leg before ended; what failed in it may be asked again."""
        self.tasks.deliver(lambda: None)
        self._core.retry()
        self._lost, self._retried = set(), set()

    @property
    def settled(self) -> bool:
        """Whether little is to be expected of what is left."""
        return self._settling.settled

    def ending(self) -> tuple[Reason, Problem | None]:
        """Say why nothing is under way any more: see `lookalike.search.ending.ending`."""
        return ending(
            left=self._leg.share.left,
            closed=self.calls.closed,
            settled=self.settled,
            calls_spent=self.calls.spent,
            looks_made=self.looks.made,
            problems=list(self._leg.reporter.problems.items()),
        )

    def _report(self, what: str, problem: Problem | None) -> None:
        self._leg.reporter.problems.report(what, problem)

    # -- What is begun, and cut short -----------------------------------------------------------

    def start(self) -> None:
        """Have the core decide, and begin what it wants, as far as there is room."""
        # A leg may end while a fresh policy learns.
        if self.settled or self._leg.reporter.ended:
            return
        self._start_cut()
        decisions = self._core.decide(self._room_for_calls(), self._room_for_looks())
        for tag in decisions.tags:
            self._start(tag)
        for photo in decisions.photos:
            self._start(photo)

    def _room_for_calls(self) -> int:
        # An answer of which no photo may be looked at would be a call for nothing.
        return self.calls.room(self.tasks.calls) if self._leg.share.left > 0 else 0

    def _room_for_looks(self) -> int:
        at_once = self._looks_at_once or looks_at_once(self._leg.budget.photos)
        return max(0, min(at_once - self.tasks.looks, self._leg.share.left))

    def _start_cut(self) -> None:
        """Begin again what the end of the leg before cut short, as far as there is room."""
        waiting, self._cut = self._cut, []
        for what in waiting:
            if self._core.steering.bans(what):
                give_up(self._core.state, what)
            elif self._has_room(what):
                self._start(what)
            else:
                self._cut.append(what)

    def _has_room(self, what: str | Photo) -> bool:
        return (self._room_for_calls() if isinstance(what, str) else self._room_for_looks()) > 0

    def _start(self, what: str | Photo) -> None:
        """Begin to ask for a tag, or to look at a photo."""
        if isinstance(what, str):
            self.tasks.start(
                self.calls.ask(what), lambda answer: self._take_answer(what, answer), what
            )
        else:
            self.tasks.start(self.looks.begin(what), lambda look: self._take_look(what, look), what)

    def cut_short(self) -> None:
        """Cancel what is under way: it begins again, and first, in the next leg."""
        for what in self.tasks.cancel():
            self._cut.append(what)
            if isinstance(what, Photo):
                self.looks.take_back(what)
            else:
                self.calls.take_back(what)

    # -- What is shown at once ------------------------------------------------------------------

    async def known(self, most: int) -> tuple[Sequence[Answered], Sequence[tuple[Photo, Score]]]:
        """Show what earlier searches have found, and give it for the policy: see `Recall.known`."""
        if self._recall is None:
            return (), ()
        return await self._recall.known(most, self._seen_before, self._core.steering.bans)

    def _seen_before(self, glimpse: Glimpse, scored: ScoredPhoto) -> None:
        self.looks.recall(glimpse.photo.id, glimpse.pixels)
        self._leg.reporter.scored(scored, glimpse.tag, glimpse.bits, before=True)

    def _seen(self, photo: Photo, look: Look) -> None:
        if look.scored is None:
            return
        bits = difference_hash(look.image)
        tag = self._core.state.found_by.get(photo.id, "")
        if self._recall:
            self._recall.looked(Glimpse(photo, tag, bits, look.pixels))
        self._leg.reporter.scored(look.scored, tag, bits)

    def _skipped(self, photo: Photo, error: LookalikeError) -> None:
        self._leg.reporter.skipped(photo, error)
        if self.looks.hopeless(error):
            self._hopeless(self._leg, error.problem)

    # -- What is taken in when its turn has come ------------------------------------------------

    def _take_answer(self, tag: str, answer: Answer) -> None:
        self._leg.reporter.queried(tag, answer)
        if self._recall:
            self._recall.answered(tag, answer)
        self._ranker.answered(tag, answer.photos)
        if answer.failed:
            self._core.fail(tag)
            if answer.passing and tag not in self._retried:
                self._lost.add(tag)
            return
        if answer.words is None:
            self._core.state.calls -= 1  # there was nothing to ask, and no call
        self._core.apply(Answered(tag, answer.photos, answer.dropped, answer.more))
        if answer.words is not None and self._lost:
            # The service is there again. Each is asked again once, as the fault may be its own.
            self._retried |= self._lost
            self._core.retry(self._lost)
            self._lost = set()

    def _take_look(self, photo: Photo, look: Look | None) -> None:
        self.looks.settle(look)
        told = self.looks.told(photo, look)  # by the scorer that there is now
        self._core.apply(Looked(photo), told)
        if told is not None:
            self._settling.scored(told[0], self._ranker.scorer)
            # Of a service that does not answer, nobody knows what is to be expected.
            if not (self.calls.closed or self._leg.reporter.problems.get("calls")):
                self._settling.weigh(self._core.outlook)

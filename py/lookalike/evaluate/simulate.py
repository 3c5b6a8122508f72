"""One search over a collection: a policy, with calls and looks under way at once."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from lookalike.budget import CALLS_AT_ONCE, Budget, looks_at_once
from lookalike.evaluate.timing import Timing
from lookalike.photo import Photo
from lookalike.policies.policy import Policy
from lookalike.policies.settling import Settling
from lookalike.policies.state import Answered, Guess, Looked
from lookalike.search.core import SearchCore

FEATURE = np.zeros(0, np.float32)
"""Of all photos: no policy looks at features."""


@dataclass(slots=True)
class Trace:
    """What a search did.

    Attributes:
        looked: the photos looked at, in order.
        calls_before: how many calls had been made when each of them was chosen.
        calls: all calls made.
        answers: what was asked, and found, in order.
        milliseconds: what each decision took: to learn, and what to ask and look at.
        scored: the photos whose score came before the end, and when, where time is simulated.
        cut: whether the end came before all that was under way.
        settled: after how many scores the search had settled, if it did; it went on all the same.
    """

    looked: list[Photo] = field(default_factory=list)
    calls_before: list[int] = field(default_factory=list)
    calls: int = 0
    milliseconds: list[float] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    scored: list[tuple[float, Photo]] = field(default_factory=list)
    cut: bool = False
    settled: int | None = None


@dataclass(frozen=True, slots=True)
class Parallel:
    """How much is under way at once, as `lookalike.search.context.Limits` has it."""

    calls: int = CALLS_AT_ONCE
    looks: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What a simulated search takes place in.

    Attributes:
        search: answers a query.
        score: scores a photo.
        guesses: what the classifier sees in the query.
    """

    search: Callable[[str], Sequence[Photo]]
    score: Callable[[Photo], float]
    guesses: Sequence[Guess]


def simulate(
    make: Callable[[], Policy],
    world: World,
    budget: Budget,
    rng: np.random.Generator,
    parallel: Parallel | None = None,
    answers: Sequence[Answered] = (),
    before: Sequence[Photo] = (),
    settling: Settling | None = None,
    timing: Timing | None = None,
) -> Trace:
    """Run one search.

    As in `lookalike.search.loop`, as many calls and looks are under way as there is room for, and
    their outcomes are taken in in the order of the decisions, each followed by new ones; where time
    is simulated, in the order in which they come. Where there is a `settling`, it is asked, and not
    obeyed.

    Args:
        make: makes the policy that decides.
        world: where.
        budget, rng: see `lookalike.policies.state.SearchState`.
        parallel: how much is under way at once.
        answers, before: what is known from earlier searches: answers, and photos looked at.
        timing: when outcomes come; None: the budget's seconds are not simulated.

    Raises:
        RuntimeError: the policy asked or looked for more than it may.
    """
    core = SearchCore(make)
    run = _Run(core, world, budget, parallel or Parallel(), settling, timing)
    scored = [(photo, (world.score(photo), FEATURE)) for photo in before]
    core.begin(world.guesses, budget, rng, answers, scored)
    run.decide()
    end = np.inf if timing is None else timing.now + budget.seconds
    while run.under_way and (what := run.next(end)):
        run.deliver(what)
    run.trace.cut = bool(run.under_way)
    return run.trace


class _Run:
    def __init__(
        self,
        core: SearchCore,
        world: World,
        budget: Budget,
        limits: Parallel,
        settling: Settling | None,
        timing: Timing | None,
    ) -> None:
        self._core, self._world, self._timing = core, world, timing
        self._budget, self._limits, self._settling = budget, limits, settling
        self._looks_at_once = limits.looks or looks_at_once(budget.photos)
        self._told = 0
        self.trace = Trace()
        self.under_way = deque[str | Photo]()

    def decide(self) -> None:
        """Ask and look for as much as there is room for."""
        calls = sum(isinstance(what, str) for what in self.under_way)
        looks = len(self.under_way) - calls
        start = time.perf_counter()
        decisions = self._core.decide(
            min(self._limits.calls - calls, self._budget.calls - self.trace.calls),
            min(self._looks_at_once - looks, self._budget.photos - len(self.trace.looked)),
        )
        self.trace.milliseconds.append(1000 * (time.perf_counter() - start))
        self.trace.calls += len(decisions.tags)
        for photo in decisions.photos:
            self.trace.looked.append(photo)
            self.trace.calls_before.append(self.trace.calls)
        begun: list[str | Photo] = [*decisions.tags, *decisions.photos]
        for what in begun:
            self.under_way.append(what)
            if self._timing:
                self._timing.start(what)

    def next(self, end: float) -> str | Photo | None:
        """Give the call or look whose outcome comes next; None: none comes before the end."""
        if self._timing is None:
            return self.under_way.popleft()
        what = self._timing.next(end)
        if what is not None:
            self.under_way.remove(what)
        return what

    def deliver(self, what: str | Photo) -> None:
        """Take in an outcome, and decide again."""
        if isinstance(what, str):
            answer = Answered(what, self._world.search(what))
            self.trace.answers.append(answer)
            self._core.apply(answer)
            self.decide()
        else:
            score = self._world.score(what)
            if self._timing:
                self.trace.scored.append((self._timing.now, what))
            self._core.apply(Looked(what), (score, FEATURE))
            self.decide()
            if self._settling:
                self._weigh(self._settling, score)

    def _weigh(self, settling: Settling, score: float) -> None:
        self._told += 1
        settling.scored(score)
        settling.weigh(self._core.outlook)
        if settling.settled and self.trace.settled is None:
            self.trace.settled = self._told

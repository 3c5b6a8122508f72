"""One search over a collection: a policy, with calls and looks under way at once."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.policy import Guess, Policy
from lookalike.policies.settling import Settling
from lookalike.search.learning import Known, begun


@dataclass(slots=True)
class Trace:
    """What a search did.

    Attributes:
        looked: the photos looked at, in order.
        calls_before: how many calls had been made when each of them was chosen.
        calls: all calls made.
        answers: what was asked, and found, in order.
        milliseconds: what each decision took: working in an outcome, and what to ask and look at.
        settled: after how many scores the search had settled, if it did; it went on all the same.
    """

    looked: list[Photo] = field(default_factory=list)
    calls_before: list[int] = field(default_factory=list)
    calls: int = 0
    milliseconds: list[float] = field(default_factory=list)
    answers: list[Known] = field(default_factory=list)
    settled: int | None = None


@dataclass(frozen=True, slots=True)
class Parallel:
    """How much is under way at once, as `lookalike.search.loop.Limits` has it."""

    calls: int = 10
    looks: int = 12


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
    policy: Policy,
    world: World,
    budget: Budget,
    rng: np.random.Generator,
    parallel: Parallel | None = None,
    answers: Sequence[Known] = (),
    before: Sequence[Photo] = (),
    settling: Settling | None = None,
) -> Trace:
    """Run one search.

    As in `lookalike.search.loop`, as many calls and looks are under way as there is room for, and
    their outcomes reach the policy in the order of its decisions, each followed by new ones. The
    budget's seconds are not simulated. Where there is a `settling`, it is asked, and not obeyed.

    Args:
        policy: what decides.
        world: where.
        budget, rng: see `lookalike.policies.policy.Policy.begin`.
        parallel: how much is under way at once.
        answers, before: what is known from earlier searches: answers, and photos looked at.

    Raises:
        RuntimeError: the policy asked or looked for more than it may, or looked at a photo twice.
    """
    run = _Run(policy, world, budget, parallel or Parallel(), settling)
    scored = [(photo, (world.score(photo), run.feature)) for photo in before]
    for _ in begun(policy, world.guesses, budget, rng, answers, scored):
        pass
    run.known = {photo.id for photo in before}
    run.decide()
    while run.jobs:
        run.deliver(run.jobs.popleft())
    return run.trace


class _Run:
    def __init__(
        self,
        policy: Policy,
        world: World,
        budget: Budget,
        limits: Parallel,
        settling: Settling | None,
    ) -> None:
        self._policy, self._world = policy, world
        self._budget, self._limits, self._settling = budget, limits, settling
        self._told = 0
        self._looked: set[str] = set()
        self.known: set[str] = set()
        self.feature = np.zeros(0, np.float32)
        self.trace = Trace()
        self.jobs = deque[str | Photo]()

    def decide(self) -> None:
        """Ask and look for as much as there is room for."""
        start = time.perf_counter()
        calls = sum(isinstance(job, str) for job in self.jobs)
        room = min(self._limits.calls - calls, self._budget.calls - self.trace.calls)
        asked = self._policy.ask(room)
        self._check(len(set(asked)) == len(asked) <= room, "asked for more than it may")
        looks = len(self.jobs) - calls
        room = min(self._limits.looks - looks, self._budget.photos - len(self._looked))
        looked = self._policy.look(room)
        self.trace.milliseconds.append(1000 * (time.perf_counter() - start))
        self._check(len(looked) <= room, "looked at more than it may")
        self.trace.calls += len(asked)
        for photo in looked:
            self._check(photo.id not in self._looked | self.known, f"looked twice at {photo.id}")
            self._looked.add(photo.id)
            self.trace.looked.append(photo)
            self.trace.calls_before.append(self.trace.calls)
        self.jobs.extend([*asked, *looked])

    def deliver(self, job: str | Photo) -> None:
        """Tell the policy an outcome, and let it decide again."""
        outcome = self._world.search(job) if isinstance(job, str) else self._world.score(job)
        start = time.perf_counter()
        if isinstance(job, str):
            self.trace.answers.append(Known(job, outcome))  # type: ignore[arg-type]
            self._policy.answered(job, outcome)  # type: ignore[arg-type]
        else:
            self._policy.scored(job, outcome, self.feature)  # type: ignore[arg-type]
        taken = 1000 * (time.perf_counter() - start)
        self.decide()
        self.trace.milliseconds[-1] += taken
        if self._settling and isinstance(outcome, float):
            self._weigh(self._settling, outcome)

    def _weigh(self, settling: Settling, score: float) -> None:
        self._told += 1
        settling.scored(score)
        settling.weigh(self._policy.outlook)
        if settling.settled and self.trace.settled is None:
            self.trace.settled = self._told

    def _check(self, fine: bool, what: str) -> None:
        if not fine:
            raise RuntimeError(f"{type(self._policy).__name__} {what}")

"""Runs every policy on every budget, query and seed, over several processes."""

import functools
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.evaluate.metrics import Yardstick, running_best, yardstick
from lookalike.evaluate.policies import make_policy
from lookalike.evaluate.progress_bar import progress
from lookalike.evaluate.simulate import Parallel, World, simulate
from lookalike.evaluate.simulated_source import SimulatedSource
from lookalike.evaluate.tasks import Task
from lookalike.policies.settling import Settling

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One search to simulate: the policy's name, the query's number, photos in an answer."""

    policy: str
    budget: Budget
    query: int
    seed: int
    per_page: int = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case.

    Attributes:
        case: which.
        found: the mean score of the best.
        share: of the possible gain.
        calls, photos: spent.
        milliseconds: one for each decision.
        curve: the share after each photo.
        calls_before: how many calls had been made when each photo was chosen.
        settled: after how many scores it had settled; None where it did not, or nobody asked.
    """

    case: Case
    found: float
    share: float
    calls: int
    photos: int
    milliseconds: Array
    curve: Array
    calls_before: NDArray[np.int32]
    settled: int | None = None


@dataclass(frozen=True)
class Setting:
    """What all cases have in common.

    Attributes:
        task: what is searched for.
        parallel: how much is under way at once.
        settle: whether to find out when searches settle.
    """

    task: Task
    parallel: Parallel = field(default_factory=Parallel)
    settle: bool = False


class Runner:
    """Runs cases, one after another.

    Args:
        setting: what they have in common.
    """

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._yardsticks: dict[int, Yardstick] = {}

    def run(self, case: Case) -> Outcome:
        """Simulate one search."""
        task, setting = self._setting.task, self._setting
        scores = task.scores[case.query]
        source = SimulatedSource(task.index, case.seed, case.per_page)
        rng = np.random.default_rng([case.seed, case.query])
        world = World(
            source.search, lambda photo: float(scores[task.index.row(photo)]),
            task.start(case.query, rng),
        )  # fmt: skip
        settling = Settling() if setting.settle else None
        trace = simulate(
            functools.partial(make_policy, case.policy),
            world,
            case.budget,
            rng,
            setting.parallel,
            settling=settling,
        )
        got = running_best([float(scores[task.index.row(p)]) for p in trace.looked], task.best)
        scale = self.yardstick(case.query)
        found = float(got[-1]) if len(got) else float("nan")
        return Outcome(
            case,
            found,
            scale.share(found),
            trace.calls,
            len(trace.looked),
            np.array(trace.milliseconds),
            np.array([scale.share(value) for value in got]),
            np.array(trace.calls_before, np.int32),
            trace.settled,
        )

    def yardstick(self, query: int) -> Yardstick:
        """Give the scale of a query's results, the same for all policies, budgets and seeds."""
        if query not in self._yardsticks:
            task = self._setting.task
            rng = np.random.default_rng([0, query])
            self._yardsticks[query] = yardstick(task.scores[query], rng, task.best)
        return self._yardsticks[query]


T = TypeVar("T", covariant=True)


class Runs(Protocol[T]):
    """What runs a case."""

    def run(self, case: Case) -> T:
        """Simulate it."""


_runner: Runs[object] | None = None  # of this worker process


def end_quietly() -> None:
    """Have Ctrl+C end this worker process, without a traceback: the one that began it says so."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _start_worker(make: Callable[[], Runs[object]]) -> None:
    global _runner
    end_quietly()
    _runner = make()


def _run_in_worker(case: Case) -> object:
    if _runner is None:
        raise RuntimeError("the worker was not started")
    return _runner.run(case)


def run_all(setting: Setting, cases: Sequence[Case], jobs: int, quiet: bool) -> list[Outcome]:
    """Run all cases, over `jobs` processes; the outcomes are in the order of the cases."""
    return run_each(functools.partial(Runner, setting), cases, jobs, quiet)


def run_each(make: Callable[[], Runs[T]], cases: Sequence[Case], jobs: int, quiet: bool) -> list[T]:
    """Run all cases by what `make` makes, once for each of `jobs` processes."""
    if jobs <= 1:
        return list(progress(map(make().run, cases), "searches", quiet, len(cases)))
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(make,)) as pool:
        outcomes = cast("Iterator[T]", pool.map(_run_in_worker, cases, chunksize=4))
        return list(progress(outcomes, "searches", quiet, len(cases)))

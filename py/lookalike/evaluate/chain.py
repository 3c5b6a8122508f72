"""Searches that follow from one another, each starting from all that is known."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lookalike.evaluate.metrics import BEST, Yardstick, mean_of_best, yardstick
from lookalike.evaluate.policies import make_policy
from lookalike.evaluate.runner import Case, Setting
from lookalike.evaluate.simulate import Trace, World, simulate
from lookalike.evaluate.simulated_source import SimulatedSource, load_collection
from lookalike.evaluate.tasks import Array, classify, compare
from lookalike.evaluate.timing import PACES, Timing
from lookalike.model.onnxruntime_native import NativeModel
from lookalike.photo import Photo
from lookalike.policies.state import Answered, Guess
from lookalike.ranking.classify import named
from lookalike.ranking.near_duplicates import COSINE

NEXT = 3
"""Which of the best found is searched for next: the first is often the query's own twin."""


@dataclass(frozen=True)
class Links:
    """What is known of each photo of a collection as a query.

    Attributes:
        features: (n, d).
        logits: (n, classes), and `labels` of the classes.
        similarity: see `lookalike.evaluate.tasks.compare`.
    """

    features: NDArray[np.float32]
    logits: NDArray[np.float32]
    labels: Sequence[str]
    similarity: str

    def scores(self, row: int) -> Array:
        """Score all photos against one of them, by its row."""
        found: Array = compare(self.similarity, self.features[row][None], self.features)[0]
        return found

    def guesses(self, row: int) -> list[Guess]:
        """Say what the classifier sees in a photo."""
        return named(self.logits[row], self.labels)

    def near_duplicates(self, row: int) -> list[int]:
        """Give a photo and its near-duplicates, by their features alone."""
        cosines = compare("cosine", self.features[row][None], self.features)[0]
        return [int(twin) for twin in np.flatnonzero(cosines >= COSINE)]


def load_links(folder: Path, path: Path, score: str) -> Links:
    """Load what chains need; see `lookalike.evaluate.command.make_task` for what can go wrong."""
    features = load_collection(folder).features
    if features is None:
        raise ValueError("--chain needs a collection with avg_pool features")
    similarity = score.partition(":")[2] or "cosine"
    return Links(features, classify(path, features), NativeModel(path).spec.labels, similarity)


@dataclass(frozen=True, slots=True)
class Link:
    """One search of a chain.

    Attributes:
        case: what the chain began with.
        number: counted from 1.
        before: the share of the possible gain by what was known, with no call.
        share: the same when the search is over.
        calls, photos: spent by it.
        seconds: until it had 0.8 of its share; None where time is not simulated.
        still: the longest time without a photo that was looked at, in seconds, from its begin to
            the last of them; None where time is not simulated.
    """

    case: Case
    number: int
    before: float
    share: float
    calls: int
    photos: int
    seconds: float | None = None
    still: float | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How chains go in time.

    Attributes:
        every: seconds from the begin of a search to the next.
        way: one of `lookalike.evaluate.timing.PACES`.
    """

    every: float
    way: str


class ChainRunner:
    """Runs chains, one after another.

    Args:
        setting: what they have in common.
        links: the photos as queries.
        length: searches in a chain.
        pace: how they go in time; None: time is not simulated.
    """

    def __init__(
        self, setting: Setting, links: Links, length: int, pace: Pace | None = None
    ) -> None:
        self._setting, self._links, self._length = setting, links, length
        self._pace = pace
        self._rows = {photo.id: row for row, photo in enumerate(setting.task.index.photos)}

    def run(self, case: Case) -> list[Link]:
        """Simulate one chain. It ends early where fewer than `NEXT` photos are known."""
        chain, links = _Chain(self._setting, case, self._pace, self._rows), list[Link]()
        for number in range(1, self._length + 1):
            links.append(chain.search(number))
            if (row := chain.next_query()) is None:
                break
            scores, guesses = self._links.scores(row), self._links.guesses(row)
            chain.turn_to(scores, guesses, set(self._links.near_duplicates(row)))
        return links


class _Chain:
    """One chain: what its searches have brought so far, and what the next is for.

    Args:
        setting: what it has in common with others.
        case: what it begins with.
        pace: how it goes in time; None: time is not simulated.
        rows: of the collection's photos, by their ids.
    """

    def __init__(
        self, setting: Setting, case: Case, pace: Pace | None, rows: Mapping[str, int]
    ) -> None:
        task = setting.task
        self._setting, self._case, self._rows = setting, case, rows
        self._source = SimulatedSource(task.index, case.seed, case.per_page)
        self._rng = np.random.default_rng([case.seed, case.query])
        self._answers, self._looked = list[Answered](), list[Photo]()
        self._timing = Timing(PACES[pace.way]) if pace else None
        self._budget = replace(case.budget, seconds=pace.every) if pace else case.budget
        self.turn_to(task.scores[case.query], task.start(case.query, self._rng), set())

    def turn_to(self, scores: Array, guesses: Sequence[Guess], hidden: set[int]) -> None:
        """Go on to the next query.

        Args:
            scores: of all photos, by their rows.
            guesses: what the classifier sees in the query.
            hidden: rows of the query itself and its near-duplicates.
        """
        self._scores, self._guesses, self._hidden = scores, guesses, hidden
        self._score = {photo: float(scores[row]) for photo, row in self._rows.items()}
        self._source.hide(hidden)

    def search(self, number: int) -> Link:
        """Simulate the search for the query that it has turned to."""
        scale, known = self._scale(number), self._found_scores()
        trace = self._simulate()
        new, calls = trace.looked, trace.calls
        if self._timing:
            calls = self._timing.leave(number * self._budget.seconds)
            new = [photo for _, photo in trace.scored]
        self._answers += trace.answers
        self._looked += new
        before, share = scale.share(_best(known)), scale.share(_best(self._found_scores()))
        link = Link(self._case, number, before, share, calls, len(new))
        if self._timing is None:
            return link
        begin, end = (number - 1) * self._budget.seconds, number * self._budget.seconds
        grown = [(at, scale.share(best)) for at, best in _growth(known, trace, self._score)]
        still = _longest(begin, trace, end)
        return replace(link, seconds=_until(0.8 * share, begin, grown), still=still)

    def next_query(self) -> int | None:
        """Give the row of the photo to search for next; None where too few are known."""
        best = self._best_found()
        return self._rows[best[NEXT - 1].id] if len(best) >= NEXT else None

    def _found(self) -> list[Photo]:
        """Give the photos looked at so far, without the query itself."""
        return [photo for photo in self._looked if self._rows[photo.id] not in self._hidden]

    def _found_scores(self) -> list[float]:
        return [self._score[photo.id] for photo in self._found()]

    def _best_found(self) -> list[Photo]:
        return sorted(self._found(), key=lambda photo: -self._score[photo.id])

    def _simulate(self) -> Trace:
        kept = {photo.id for photo in self._best_found()[: self._case.budget.photos]}
        away = {photo.id for photo in self._looked} - kept
        away |= {self._setting.task.index.photos[row].id for row in self._hidden}
        return simulate(
            partial(make_policy, self._case.policy),
            World(self._source.search, _scored(self._score), self._guesses),
            self._budget,
            self._rng,
            self._setting.parallel,
            [_without(answer, away) for answer in self._answers],
            [photo for photo in self._looked if photo.id in kept],
            timing=self._timing,
        )

    def _scale(self, number: int) -> Yardstick:
        query, task = self._case.query, self._setting.task
        rng = np.random.default_rng([0, query, number - 1] if number > 1 else [0, query])
        return yardstick(np.delete(self._scores, sorted(self._hidden)), rng, task.best)


def _growth(
    known: Sequence[float], trace: Trace, score: Mapping[str, float]
) -> list[tuple[float, float]]:
    """Give the mean of the best after each photo that came, and when; what is known first."""
    best = sorted(known)[-BEST:]
    grown = [(-np.inf, _best(best))]
    for at, photo in trace.scored:
        best = sorted([*best, score[photo.id]])[-BEST:]
        grown.append((at, _best(best)))
    return grown


def _until(share: float, begin: float, grown: Sequence[tuple[float, float]]) -> float:
    """Say after how many seconds there was this share."""
    return max(0.0, next((at for at, each in grown if each >= share), begin) - begin)


def _longest(begin: float, trace: Trace, end: float) -> float:
    """Say for how many seconds no photo came, at the longest."""
    times = [begin, *(at for at, _ in trace.scored), *([end] if trace.cut else [])]
    return max((after - before for before, after in pairwise(times)), default=0.0)


def _best(scores: Sequence[float]) -> float:
    return mean_of_best(np.array(scores, float))


def _scored(scores: Mapping[str, float]) -> Callable[[Photo], float]:
    return lambda photo: scores[photo.id]


def _without(answer: Answered, away: set[str]) -> Answered:
    photos = [photo for photo in answer.photos if photo.id not in away]
    dropped = [photo for photo in answer.photos if photo.id in away]
    return Answered(answer.tag, photos, dropped)


@dataclass(frozen=True, slots=True)
class ChainRow:
    """The nth searches of all chains of one policy and budget; see `Link`.

    `before_p10` and `share_p10` are 10th percentiles, `seconds_p90` is the 90th; `still` is the
    longest of all searches; photos and calls are on average.
    """

    policy: str
    photos: int
    calls: int
    number: int
    before: float
    before_p10: float
    share: float
    share_p10: float
    photos_used: float
    calls_used: float
    searches: int
    seconds: float | None = None
    seconds_p90: float | None = None
    still: float | None = None

    @property
    def timed(self) -> tuple[float | None, ...]:
        """What only simulated time gives."""
        return self.seconds, self.seconds_p90, self.still


def summarise_chains(chains: Sequence[Sequence[Link]]) -> list[ChainRow]:
    """Make a row for each policy, budget and place in a chain."""
    groups: dict[tuple[str, int, int, int], list[Link]] = {}
    for link in (link for chain in chains for link in chain):
        budget = link.case.budget
        key = link.case.policy, budget.photos, budget.calls, link.number
        groups.setdefault(key, []).append(link)
    return [
        ChainRow(
            *key,
            float(np.mean([link.before for link in group])),
            float(np.quantile([link.before for link in group], 0.1)),
            float(np.mean([link.share for link in group])),
            float(np.quantile([link.share for link in group], 0.1)),
            float(np.mean([link.photos for link in group])),
            float(np.mean([link.calls for link in group])),
            len(group),
            *_timed(group),
        )
        for key, group in groups.items()
    ]


def _timed(group: Sequence[Link]) -> tuple[float, float, float] | tuple[()]:
    seconds = [link.seconds for link in group if link.seconds is not None]
    if not seconds:
        return ()
    still = max(link.still or 0.0 for link in group)
    return float(np.mean(seconds)), float(np.quantile(seconds, 0.9)), still


def chains_as_json(rows: Sequence[ChainRow]) -> str:
    """Write the rows as a JSON list."""
    return json.dumps([asdict(row) for row in rows], indent=1)


def chains_as_table(rows: Sequence[ChainRow]) -> str:
    """Write the rows as a Markdown table."""
    heads = ["policy", "search", "share with no call", "p10", "share", "p10", "photos", "calls"]
    timed = any(row.seconds is not None for row in rows)
    if timed:
        heads += ["s to 0.8 of it", "p90", "longest without a photo, s"]
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)]]
    lines += [
        [
            row.policy,
            str(row.number),
            f"{row.before:.3f}" if row.number > 1 else "",
            f"{row.before_p10:.2f}" if row.number > 1 else "",
            f"{row.share:.3f}",
            f"{row.share_p10:.2f}",
            f"{row.photos_used:.0f}",
            f"{row.calls_used:.0f}",
            *(
                f"{each:.1f}"
                for each in (row.seconds, row.seconds_p90, row.still)
                if each is not None
            ),
        ]
        for row in rows
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)

"""The seam between the engine and score.py, the one file that people edit."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.errors import LookalikeError, ScoreError
from lookalike.model.model import Model
from lookalike.photo import Photo
from lookalike.scorer.rocchio import nothing_weighs, rocchio
from lookalike.scorer.user_code import FILE, UserCode, line_of

Feature = NDArray[np.float32]

AT_ONCE = 256
"""So many features are laid under one another for `embs2scores`; more would take memory."""

OPTIONAL = ("embs2scores", "get_source", "rank", "START")
"""What a score.py may define besides."""


@dataclass(frozen=True, slots=True)
class Example:
    """A picture that says what is searched for, as `get_source` gets it.

    Attributes:
        feature: its feature.
        weight: a query's as the person set it, which may be negative; else 1 or -1.
        kind: "query", "liked" or "disliked".
    """

    feature: Feature
    weight: float
    kind: str


@dataclass(frozen=True, slots=True)
class Result:
    """A photo that was looked at, as `rank` gets it."""

    photo: Photo
    score: float
    feature: Feature


class Scorer(Protocol):
    """What score.py gives. A module with these two functions is one, and so is an object.

    It may have besides: `LAYER`, the layer it reads; `embs2scores(source, candidates)`, the same
    for an (n, d) matrix; `get_source(examples)`, which makes the source that candidates are
    compared with; `rank(results)`, which gives them back, best first; `START`, words to ask first.
    """

    async def get_feature(self, model: Model, image: Image.Image) -> Feature:
        """Describe `image` (RGB, any size) by a vector, all of one length."""

    def embs2score(self, source: Any, candidate: Feature) -> float:  # noqa: ANN401 - its own
        """Say how alike two features are: any finite number, higher is more alike."""


class CheckedScorer:
    """A scorer whose every failure is a `ScoreError` that names the line to mend.

    Args:
        scorer: what is checked; usually a module made by `lookalike.scorer.compile`.
        code: how its functions are run.
        digest: tells apart what `get_feature` depends on, where that is known.

    Attributes:
        layer: the layer that score.py names in `LAYER`, or an empty string.
        start: the words that it asks first, of `START`.

    Raises:
        ScoreError: `START` is not a list of words, or what score.py defines cannot be read.
    """

    def __init__(self, scorer: Scorer, code: UserCode | None = None, digest: str = "") -> None:
        self._scorer = scorer
        self._code = code or UserCode()
        self._digest = digest
        self._length: int | None = None
        # To read what the file defines may run code of its own.
        self.layer = self._code.call(failed("LAYER"), self._named_layer)
        self.start = self._code.call(failed("START"), self._words_to_start)

    @property
    def key(self) -> tuple[str, str]:
        """What two scorers share whose features are the same."""
        return self._digest, self.layer

    @property
    def optional(self) -> list[str]:
        """Which of `OPTIONAL` score.py defines."""
        return [name for name in OPTIONAL if self.has(name)]

    def has(self, name: str) -> bool:
        """Say whether score.py defines `name`."""
        return self._code.call(failed(name), getattr, self._scorer, name, None) is not None

    def _named_layer(self) -> str:
        layer = getattr(self._scorer, "LAYER", None)
        return "" if layer is None else str(layer)

    def _words_to_start(self) -> tuple[str, ...]:
        words = getattr(self._scorer, "START", None)
        if words is None:
            return ()
        listed = isinstance(words, list | tuple)
        if not listed or not all(isinstance(word, str) and word.strip() for word in words):
            raise ScoreError(f'START in {FILE} must be a list of words, such as ["lynx"].')
        return tuple(dict.fromkeys(word.strip() for word in words))

    async def get_feature(self, model: Model, image: Image.Image) -> Feature:
        """See `Scorer.get_feature`.

        Returns:
            A vector that cannot be written to.

        Raises:
            ScoreError: score.py raised, or its feature is not a vector of finite numbers.
        """
        name = "get_feature"
        given = await self._code.wait(failed(name), self._function(name), model, image)
        # A copy: the file may use one array for all photos.
        feature: Feature = self._code.call(failed(name), lambda: np.array(given, dtype=np.float32))
        if feature.size == 0 or not np.isfinite(feature).all():
            raise self._wrong(name, "returned no numbers, NaN or infinity.")
        if feature.ndim != 1:
            shape = f"returned an array of shape {feature.shape}, which is not a vector"
            raise self._wrong(name, f"{shape}; add .ravel().")
        self._length = self._length or len(feature)
        if len(feature) != self._length:
            raise self._wrong(
                name, f"returned {len(feature)} numbers, and {self._length} for a photo before."
            )
        feature.flags.writeable = False
        return feature

    def source(self, examples: Sequence[Example]) -> Any:  # noqa: ANN401 - score.py's own
        """Make what photos are compared with, by `get_source` or else by Rocchio's formula.

        Query photos of weight 0 count nothing.

        Raises:
            ScoreError: score.py raised, or the examples say nothing.
        """
        if not self.has("get_source"):
            return rocchio(
                [(example.feature, example.weight, example.kind) for example in examples]
            )
        name = "get_source"
        counting = [example for example in examples if example.weight]
        if examples and not (counting or self.start):
            raise nothing_weighs()
        return self._code.call(failed(name), self._function(name), counting)

    def embs2score(self, source: Any, candidate: Feature) -> float:  # noqa: ANN401
        """See `Scorer.embs2score`.

        Raises:
            ScoreError: score.py raised, or its score is not one finite number.
        """
        # To look the function up may run code of the file's, too: entered once for both.
        score = self._code.call(
            failed("embs2score"), lambda: float(self._scorer.embs2score(source, candidate))
        )
        if not math.isfinite(score):
            raise self._wrong("embs2score", f"returned {score}, which is not a score.")
        return score

    def scores(self, source: Any, candidates: Sequence[Feature] | Feature) -> list[float | None]:  # noqa: ANN401
        """Compare many features at once, by `embs2scores` where score.py has it.

        Args:
            source: see `source`.
            candidates: n vectors of one length, or an (n, d) matrix.

        Returns:
            n scores; None for a candidate that could not be compared.

        Raises:
            ScoreError: none could be compared.
        """
        if len(candidates) == 0:
            return []
        if self.has("embs2scores"):
            return self._scores_at_once(source, candidates)
        # Entered once for all of them, which is faster.
        return self._code.call(failed("embs2score"), self._scores_one_by_one, source, candidates)

    def _scores_one_by_one(
        self,
        source: Any,  # noqa: ANN401
        candidates: Sequence[Feature] | Feature,
    ) -> list[float | None]:
        found: list[float | None] = []
        failure: LookalikeError | None = None
        for candidate in candidates:
            try:
                found.append(self.embs2score(source, candidate))
            except LookalikeError as error:
                found.append(None)
                failure = failure or error
        if failure and not any(score is not None for score in found):
            raise failure
        return found

    def _scores_at_once(
        self,
        source: Any,  # noqa: ANN401
        candidates: Sequence[Feature] | Feature,
    ) -> list[float | None]:
        parts: Iterable[Feature] = (
            [candidates]
            if isinstance(candidates, np.ndarray)
            else (
                np.stack(candidates[start : start + AT_ONCE])
                for start in range(0, len(candidates), AT_ONCE)
            )
        )
        scores = np.concatenate([self._scores_of(source, matrix) for matrix in parts])
        finite = np.isfinite(scores)
        if not finite.any():
            raise self._wrong("embs2scores", f"returned {scores[0]}, which is not a score.")
        return [
            score if good else None for score, good in zip(scores.tolist(), finite, strict=True)
        ]

    def _scores_of(self, source: Any, matrix: Feature) -> NDArray[np.float64]:  # noqa: ANN401
        name = "embs2scores"
        function = self._function(name)
        matrix.flags.writeable = False
        scores: NDArray[np.float64] = self._code.call(
            failed(name), lambda: np.array(function(source, matrix), dtype=np.float64)
        )
        if scores.shape != (len(matrix),):
            shape = f"an array of shape {scores.shape} for {len(matrix)} candidates"
            raise self._wrong(name, f"returned {shape}, not one score for each.")
        return scores

    def rank(self, results: Sequence[Result]) -> list[str]:
        """Order results, best first, by `rank`.

        Returns:
            The ids of their photos.

        Raises:
            ScoreError: score.py raised, or did not give each result back once.
        """
        function = self._function("rank")
        # Whatever it returns is iterated, and asked for its ids, where its own code may run.
        order = self._code.call(
            failed("rank"), lambda: [str(result.photo.id) for result in function(list(results))]
        )
        if sorted(order) != sorted(result.photo.id for result in results):
            raise self._wrong(
                "rank", f"must return each of the {len(results)} results once, and nothing else."
            )
        return order

    def _function(self, name: str) -> Any:  # noqa: ANN401 - score.py's
        return self._code.call(failed(name), lambda: getattr(self._scorer, name))

    def _wrong(self, name: str, what: str) -> ScoreError:
        line = line_of(self._function(name))
        return ScoreError(f"{name} in {FILE} {what}", line=line)


def failed(name: str) -> str:
    """Begin an error about a function of score.py."""
    return f"{name} in {FILE} failed"

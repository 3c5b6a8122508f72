"""The seam between the engine and score.py, the one file that people edit."""

import importlib
import math
import traceback
from typing import Protocol, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lookalike.errors import LookalikeError, ScoreError
from lookalike.model import Model

Feature = NDArray[np.float32]


class Scorer(Protocol):
    """What score.py gives. A module with these two functions is one, and so is an object."""

    async def get_feature(self, model: Model, image: Image.Image) -> Feature:
        """Describe `image` (RGB, any size) by a vector, all of one length."""

    def embs2score(self, source: Feature, candidate: Feature) -> float:
        """Say how alike two features are: any finite number, higher is more alike."""


def load_scorer(name: str = "score") -> Scorer:
    """Import score.py.

    Args:
        name: the module's.

    Raises:
        ScoreError: it cannot be imported, or lacks one of its functions.
    """
    try:
        module = importlib.import_module(name)
    except (Exception, SystemExit) as error:
        raise ScoreError(_told("score.py could not be loaded", error), LOAD_ADVICE) from error
    for function in ("get_feature", "embs2score"):
        if not callable(getattr(module, function, None)):
            raise ScoreError(f"score.py has no function {function}.", LOAD_ADVICE)
    return cast("Scorer", module)


LOAD_ADVICE = "Mend py/score.py and publish it; then try again."


class CheckedScorer:
    """A scorer whose every failure is a `ScoreError` that names the line to mend.

    Args:
        scorer: what is checked; usually the module `score`.
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    @property
    def layer(self) -> str:
        """The layer that score.py names in `LAYER`, or an empty string."""
        return str(getattr(self._scorer, "LAYER", ""))

    async def get_feature(self, model: Model, image: Image.Image) -> Feature:
        """See `Scorer.get_feature`.

        Raises:
            ScoreError: score.py raised, or its feature is not an array of finite numbers.
        """
        try:
            feature = np.asarray(await self._scorer.get_feature(model, image), dtype=np.float32)
        except LookalikeError:
            raise
        # sys.exit() would end Python, and with it the search without a word.
        except (Exception, SystemExit) as error:
            raise ScoreError(_told("get_feature in score.py failed", error)) from error
        if feature.size == 0 or not np.isfinite(feature).all():
            raise ScoreError("get_feature in score.py returned no numbers, NaN or infinity.")
        return feature

    def embs2score(self, source: Feature, candidate: Feature) -> float:
        """See `Scorer.embs2score`.

        Raises:
            ScoreError: score.py raised, or its score is not one finite number.
        """
        try:
            score = float(self._scorer.embs2score(source, candidate))
        except LookalikeError:
            raise
        except (Exception, SystemExit) as error:
            raise ScoreError(_told("embs2score in score.py failed", error)) from error
        if not math.isfinite(score):
            raise ScoreError(f"embs2score in score.py returned {score}, which is not a score.")
        return score


def _told(what: str, error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename.endswith("score.py")]
    message = str(error)
    if isinstance(error, SyntaxError) and str(error.filename).endswith("score.py"):
        lines.append(error.lineno)
        message = error.msg
    # The last frame inside score.py is the line that its author can mend.
    where = f" (line {lines[-1]})" if lines else ""
    return f"{what}{where}: {type(error).__name__}: {message}"

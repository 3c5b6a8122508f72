"""Trying a scorer before it takes over."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

import numpy as np
from PIL import Image

from lookalike.awake import done_within
from lookalike.errors import ScoreError
from lookalike.model.model import Model
from lookalike.photo import Photo
from lookalike.ranking.ranker import Ranker
from lookalike.scorer.compile import compile_scorer
from lookalike.scorer.scorer import CheckedScorer, Example, Result
from lookalike.scorer.user_code import UserCode

SECONDS = 15.0
"""How long a trial may wait for its few photos to be described."""


async def tried(
    text: str | bytes, code: UserCode, model: Model, ranker: Ranker | None, seconds: float = SECONDS
) -> CheckedScorer:
    """Make a scorer and see that it works.

    Args:
        text: of score.py.
        code: how it is run.
        model: what describes images.
        ranker: of the search on show, whose photos it is tried on; else on a picture made for it.
        seconds: how long it may wait. Nothing here can stop a loop that waits for nothing.

    Raises:
        LookalikeError: it does not work.
    """
    scorer = compile_scorer(text, code)
    fit = ranker is not None and not ranker.empty
    await within(seconds, _on_show(scorer, ranker) if ranker and fit else _on_sample(scorer, model))
    return scorer


async def within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work`, but not for ever, even if it does not let itself be cancelled.

    Raises:
        ScoreError: it took longer.
    """
    task = asyncio.ensure_future(work)
    try:
        if not await done_within(task, seconds):
            raise ScoreError(f"score.py did not return within {seconds:g} seconds.")
        task.result()
    finally:
        task.cancel()


async def _on_show(scorer: CheckedScorer, ranker: Ranker) -> None:
    examples, results = await ranker.samples(scorer)
    try_out(scorer, examples, results)


async def _on_sample(scorer: CheckedScorer, model: Model) -> None:
    feature = await scorer.get_feature(model, sample())
    examples = [] if scorer.start else [Example(feature, 1.0, "query")]
    try_out(scorer, examples, [Result(Photo("sample", tags=("sample",)), 0.0, feature)])


def sample() -> Image.Image:
    """Make a picture with some of every colour, light and dark."""
    y, x = np.mgrid[0:64, 0:96]
    waves = [128 + 100 * np.sin(x / 9 + y / 17 + shift) for shift in (0, 2, 4)]
    return Image.fromarray(np.stack(waves, axis=2).astype(np.uint8))


def try_out(scorer: CheckedScorer, examples: Sequence[Example], results: Sequence[Result]) -> None:
    """Use everything that a scorer defines, once.

    Raises:
        ScoreError: something of it fails.
    """
    source = scorer.source(examples)
    features = [example.feature for example in examples] + [each.feature for each in results]
    for result in results:
        score = scorer.embs2score(source, result.feature)
        if scorer.has("rank"):
            scorer.rank([Result(result.photo, score, result.feature)])
    scorer.scores(source, features)

"""What photos of a search are compared by, while the network comes and goes."""

import asyncio

import pytest

from in_loop import in_loop
from lookalike.errors import ModelError
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.ranker import Ranker
from lookalike.scorer.scorer import CheckedScorer
from small_world import COLOURS, ColourModel, CosineScorer, picture


class FlakyModel(ColourModel):
    """Fails as often as it is told to."""

    def __init__(self, failures):
        self.failures = failures

    async def run(self, batch, layers):
        if self.failures:
            self.failures -= 1
            raise ModelError("the network is lost")
        return await super().run(batch, layers)


def ranker_of(model):
    return Ranker(model, CheckedScorer(CosineScorer()), [QueryPhoto(picture(COLOURS["red"]))])


@in_loop
async def test_a_query_that_could_not_be_understood_is_tried_again():
    ranker = ranker_of(FlakyModel(failures=2))  # for its class, and for its feature
    told = await asyncio.gather(ranker.begin(), ranker.begin(), return_exceptions=True)
    assert [type(error) for error in told] == [ModelError] * 2
    assert (await ranker.begin())[0].tag == "red"


@in_loop
async def test_a_query_is_understood_once_for_all_who_ask():
    model = ColourModel()
    runs = []

    async def run(batch, layers):
        runs.append(layers)
        return await ColourModel.run(model, batch, layers)

    model.run = run
    ranker = ranker_of(model)
    first, second = await asyncio.gather(ranker.begin(), ranker.begin())
    assert first == second == await ranker.begin()
    assert len(runs) == 2


@in_loop
async def test_who_gives_up_leaves_the_query_to_the_others():
    ranker = ranker_of(ColourModel())
    gone = asyncio.ensure_future(ranker.begin())
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert (await ranker.begin())[0].tag == "red"

"""What one search has fetched and described, the next one need not."""

from collections import Counter

from lookalike.budget import Budget
from lookalike.policies.greedy import Greedy
from lookalike.ranking.cache import Cache
from lookalike.search.events import Scored
from small_world import CosineScorer, run_search, world
from told_events import of


class CountingScorer(CosineScorer):
    def __init__(self):
        self.described = 0

    async def get_feature(self, model, image):
        self.described += 1
        return await super().get_feature(model, image)


def test_a_second_search_fetches_and_describes_nothing_that_the_first_did():
    source, cache, scorer = world(10), Cache(), CountingScorer()
    for _ in range(2):
        run_search(source, Greedy(), cache=cache, scorer=scorer, budget=Budget(1000, 1000))
    assert max(Counter(source.fetched).values()) == 1
    assert scorer.described == len(source.fetched) + 2  # each query


def test_another_layer_is_computed_from_the_same_thumbnails():
    source, cache, scorer = world(10), Cache(), CountingScorer()
    first = run_search(source, Greedy(), cache=cache, scorer=scorer, budget=Budget(1000, 1000))
    fetched = len(source.fetched)
    scorer.LAYER = "logits"
    again = run_search(source, Greedy(), cache=cache, scorer=scorer, budget=Budget(1000, 1000))
    assert len(source.fetched) == fetched
    assert scorer.described == 2 * (fetched + 1)
    assert {e.photo.id: e.score for e in of(Scored, first)} != {
        e.photo.id: e.score for e in of(Scored, again)
    }

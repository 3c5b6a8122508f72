"""Scores as a function: features in one table, and what a scorer makes of them."""

import numpy as np
import pytest

from lookalike.errors import ScoreError
from lookalike.photo import Photo
from lookalike.ranking.cache import Cache
from lookalike.ranking.features import FeatureTable
from lookalike.ranking.query import Query
from lookalike.ranking.rank import rank
from lookalike.ranking.seen import SeenPhoto, SeenPhotos
from lookalike.scorer.compile import compile_scorer
from small_world import SPEC, ColourModel

START = 'START = ["red"]\n'
DOT = """
async def get_feature(model, image): return [1.0]
def embs2score(source, candidate): return float(candidate[0])
"""
ORDER = "def rank(results): return sorted(results, key=lambda each: each.photo.id)\n"
SOURCE = "def get_source(examples): return sum(each.weight for each in examples)\n"


def scorer(text):
    return compile_scorer(text + DOT)


def feature(*numbers):
    return np.array(numbers, np.float32)


def one_of(name):
    return SeenPhoto(Photo(name), b"")


class Found:
    """Some photos with features, and what ranks them."""

    def __init__(self, by, **features):
        self.by, self.cache = by, Cache()
        self.table = FeatureTable(SPEC.name, self.cache)
        self.seen = SeenPhotos()
        for name, number in features.items():
            self.seen.add(one_of(name))
            self.table.put(by, name, None if number is None else feature(number))

    def rank(self, by=None):
        query = Query(ColourModel(), self.table, [], None)
        return rank(by or self.by, self.table, self.seen, query)

    def scores(self, by=None):
        return {name: each.score for name, each in self.rank(by).photos.items()}


# -- The table -------------------------------------------------------------------------------------


def test_a_feature_is_by_what_described_it_and_by_photo():
    table = FeatureTable("net", Cache())
    by, other = scorer(START), scorer(START + "LAYER = 'logits'\n")
    table.put(by, "a", feature(1))
    assert table.get(by, "a") == feature(1)
    assert table.get(other, "a") is table.get(by, "b") is None
    # All but how it scores is the same: so are the features.
    assert table.get(compile_scorer(START + DOT.replace("[0]", "[-1]")), "a") == feature(1)


def test_what_is_in_use_stays_and_the_rest_is_as_long_as_the_cache_has_room():
    cache = Cache(photos=2)
    table = FeatureTable("net", cache)
    by, other = scorer(START), scorer(START + "LAYER = 'logits'\n")
    for name in "abc":
        table.put(by, name, feature(1))
    assert all(table.holds(by, name) for name in "abc")
    table.keep(other)
    assert [table.get(by, name) is not None for name in "abc"] == [False, True, True]
    # What the cache still had is in use from now on.
    assert [table.holds(by, name) for name in "abc"] == [False, True, True]
    cache.clear()
    assert [table.get(by, name) is not None for name in "abc"] == [False, True, True]


def test_that_a_photo_cannot_be_described_is_known_too():
    table = FeatureTable("net", Cache())
    by = scorer(START)
    assert not table.holds(by, "a")
    table.put(by, "a", None)
    assert table.holds(by, "a")
    assert table.get(by, "a") is None


# -- The ranking -----------------------------------------------------------------------------------


def test_all_that_were_seen_are_scored_and_what_has_no_feature_has_no_score():
    assert Found(scorer(START), a=1, b=None, c=3).scores() == {"a": 1.0, "b": None, "c": 3.0}


def test_another_scorer_ranks_the_same_features_and_changes_nothing():
    found = Found(scorer(START), a=1, b=2)
    before = found.rank()
    other = compile_scorer(START + DOT.replace("float(", "-float("))
    assert found.scores(other) == {"a": -1.0, "b": -2.0}
    assert {name: each.score for name, each in before.photos.items()} == {"a": 1.0, "b": 2.0}
    assert found.rank().scorer is found.by


def test_the_order_is_the_scorers_own_where_it_has_one():
    assert Found(scorer(START), b=2, a=1).rank().order is None
    assert Found(scorer(START + ORDER), b=2, a=1, c=None).rank().order == ["a", "b"]
    assert Found(scorer(START + ORDER)).rank().order is None  # there is nothing to order


def test_a_photo_that_is_taken_in_again_keeps_its_mark():
    seen = SeenPhotos()
    seen.add(SeenPhoto(Photo("1"), b"first"))
    seen.mark("1", "liked")
    seen.add(SeenPhoto(Photo("1"), b"second", 0.5))
    (some,) = seen
    assert (some.thumbnail, some.match, some.mark) == (b"second", 0.5, "liked")


def test_marks_are_examples():
    found = Found(scorer(START + SOURCE), a=1, b=2, c=3)
    assert found.rank().reference.source == 0
    found.seen.mark("a", "liked")
    found.seen.mark("b", "liked")
    found.seen.mark("c", "disliked")
    assert found.rank().reference.source == 1


def test_a_scorer_that_fails_leaves_no_ranking():
    with pytest.raises(ScoreError):
        Found(scorer(START + "def rank(results): 1 / 0\n"), a=1).rank()

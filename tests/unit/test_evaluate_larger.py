"""A collection many times as large, made of a small one."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.evaluate.larger import NEIGHBOURS, MixedPhotos, enlarged, mix, neighbours
from lookalike.evaluate.runner import Case, Runner, Setting
from lookalike.evaluate.simulated_source import Collection, WordIndex
from lookalike.evaluate.tasks import Task, compare
from lookalike.photo import Photo
from lookalike.policies import DEFAULT
from lookalike.policies.state import Guess
from lookalike.words import words

pytestmark = pytest.mark.native

TAGS = ["cat", "dog", "red cat", "sea", "sky blue", "car", "tree"]


def collection(n=60, seed=0):
    rng = np.random.default_rng(seed)
    photos = [
        Photo(
            f"p{i}",
            title="a cat" if i % 5 == 0 else "",
            tags=tuple(rng.choice(TAGS, rng.integers(4), replace=False).tolist()),
            owner_id=f"o{i % 3}",
        )
        for i in range(n)
    ]
    return Collection(photos, [None] * n, rng.normal(size=(n, 8)).astype(np.float32))


def task(small, queries=2):
    sources = np.random.default_rng(1).normal(size=(queries, 8)).astype(np.float32)
    scores = compare("cosine", sources, small.features)
    guesses = [[Guess("cat", 0.5)]] * queries
    return sources, Task(WordIndex(small.photos), ["q"] * queries, scores, guesses)


def test_scores_are_those_of_mixed_features():
    small = collection()
    sources, searches = task(small)
    mixtures = mix(small, 4)
    unit = small.features / np.linalg.norm(small.features, axis=1, keepdims=True)
    w = mixtures.weight[:, None]
    features = (1 - w) * unit[mixtures.first] + w * unit[mixtures.second]
    large = enlarged(searches, mixtures)
    for query, expected in enumerate(compare("cosine", sources, features)):
        assert large.scores[query] == pytest.approx(expected, abs=1e-5)
    assert len(large.index.photos) == 240


def test_parts_are_near_and_the_first_is_the_greater():
    small = collection()
    mixtures = mix(small, 3)
    near, cosines = neighbours(small.features, NEIGHBOURS)
    all_cosines = compare("cosine", small.features, small.features) - 2 * np.eye(60)
    assert np.sort(cosines) == pytest.approx(np.sort(all_cosines)[:, -NEIGHBOURS:], abs=1e-5)
    for first, second in zip(mixtures.first, mixtures.second, strict=True):
        assert second in near[first]
        assert second != first
    assert (mixtures.weight < 0.5).all()
    assert mixtures.first.tolist() == [*range(60)] * 3


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), times=st.integers(1, 4))
def test_words_find_the_photos_that_have_them(seed, times):
    small = collection(seed=seed)
    index = enlarged(task(small)[1], mix(small, times, seed)).index
    for query in ("cat", "red", "cat dog", "sky a", "nothing", ""):
        asked = set(words(query))
        expected = [
            row
            for row, photo in enumerate(index.photos)
            if asked and asked <= set(words(" ".join((*photo.tags, photo.title))))
        ]
        found = index.find(query).tolist()
        assert found == expected
        assert [index.row(index.photos[row]) for row in found] == found


def test_tags_are_of_both_parts_and_about_half_of_them():
    small = collection(400)
    mixtures = mix(small, 5)
    photos = MixedPhotos(small.photos, mixtures)
    kept = given_ = 0
    for row, photo in enumerate(photos):
        parts = [small.photos[part[row]] for part in (mixtures.first, mixtures.second)]
        of_both = [*parts[0].tags, *parts[1].tags]
        assert set(photo.tags) <= set(of_both)
        assert len(set(photo.tags)) == len(photo.tags)
        if parts[0].tags or parts[0].title:
            assert photo.tags or photo.title
        assert photo.owner_id == parts[0].owner_id
        kept += len(photo.tags)
        given_ += len(set(of_both))
    assert kept / given_ == pytest.approx(0.55, abs=0.08)
    assert photos[-3:] == [photos[len(photos) - 3 + i] for i in range(3)]


def test_the_same_seed_gives_the_same_collection():
    small = collection()
    photos = [list(MixedPhotos(small.photos, mix(small, 2, seed))) for seed in (0, 0, 1)]
    assert photos[0] == photos[1] != photos[2]


def test_searches_find_their_way_in_it():
    small = collection(200)
    runner = Runner(Setting(enlarged(task(small)[1], mix(small, 10))))

    def shares(policy):
        for query, seed in itertools.product(range(2), range(4)):
            outcome = runner.run(Case(policy, Budget(150, 20), query, seed, 50))
            assert outcome.photos == 150
            assert outcome.calls <= 20
            yield outcome.share

    assert np.mean(list(shares(DEFAULT))) > np.mean(list(shares("random_query"))) + 0.1


def test_without_features_there_is_nothing_to_mix():
    small = collection(3)
    with pytest.raises(ValueError, match="avg_pool"):
        mix(Collection(small.photos, small.files, None), 2)

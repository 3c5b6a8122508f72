import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.policies import DEFAULT, POLICIES
from lookalike.policies.policy import SEED_TAGS
from lookalike.words import words
from play import FEATURE, Player, guesses, photo, play

every_policy = pytest.mark.parametrize("name", POLICIES)

TAGS = ("cat", "dog", "polar bear", "sea", "Cat", "☃")

collections = st.lists(st.sets(st.sampled_from(TAGS), max_size=4), max_size=40).map(
    lambda tags: [photo(i, *sorted(found)) for i, found in enumerate(tags)]
)


def finder(photos):
    """A source's text search: every word of the query occurs in the tags."""
    sets = [set(words(" ".join(found.tags))) for found in photos]

    def find(query):
        wanted = set(words(query))
        return [p for p, have in zip(photos, sets, strict=True) if wanted and wanted <= have]

    return find


def game_of(name, photos, tags=("cat", "dog"), **options):
    return play(POLICIES[name].make(), photos, tags, find=finder(photos), **options)


def test_the_default_is_one_of_them():
    assert DEFAULT in POLICIES


@every_policy
def test_each_says_what_it_is(name):
    entry = POLICIES[name]
    assert entry.title
    assert "\n" not in entry.description
    assert entry.description.endswith(".")


@every_policy
@settings(max_examples=25, deadline=None)
@given(photos=collections, seed=st.integers(0, 5))
def test_the_same_seed_makes_the_same_search(name, photos, seed):
    first, second = (game_of(name, photos, seed=seed) for _ in range(2))
    assert (first.asked, first.looked) == (second.asked, second.looked)


@every_policy
@settings(max_examples=40, deadline=None)
@given(
    photos=collections,
    limit=st.integers(1, 12),
    calls=st.integers(1, 8),
    per_call=st.integers(1, 30),
)
def test_a_search_ends_within_its_budget_and_looks_at_no_photo_twice(
    name, photos, limit, calls, per_call
):
    budget = Budget(photos=limit, calls=calls)
    game = game_of(name, photos, budget=budget, per_call=per_call)
    assert len(game.looked) == len(set(game.looked)) <= limit
    assert len(game.asked) <= calls


@every_policy
@settings(max_examples=30, deadline=None)
@given(photos=collections, every=st.integers(1, 3), per_call=st.integers(1, 30))
def test_what_filters_keep_out_is_never_looked_at_and_the_search_ends(
    name, photos, every, per_call
):
    def out(found):
        return int(found.id) % every == 0

    game = game_of(name, photos, dropped=out, per_call=per_call)
    assert not any(int(looked) % every == 0 for looked in game.looked)
    assert len(set(game.looked)) == len(game.looked)


@every_policy
@pytest.mark.parametrize(
    "photos",
    [
        [],
        [photo(i) for i in range(5)],
        [photo(i, "cat") for i in range(80)],
        [photo(0, "cat", "dog")],
        [photo(0, "cat")] * 40,
    ],
    ids=["empty", "no tags", "one tag", "one photo", "all the same photo"],
)
def test_a_search_ends_on_any_collection(name, photos):
    game = game_of(name, photos)
    assert set(game.looked) <= {found.id for found in photos}
    assert len(set(game.looked)) == len(game.looked)


@every_policy
def test_a_search_ends_when_every_score_is_the_same(name):
    photos = [photo(i, TAGS[i % 4], TAGS[i % 3]) for i in range(60)]
    assert len(game_of(name, photos, score=lambda found: 0.5).looked) > 10


@every_policy
def test_a_search_ends_when_no_photo_can_be_looked_at(name):
    photos = [photo(i, "cat") for i in range(20)]
    game = game_of(name, photos, gone={found.id for found in photos})
    assert game.scores == {}


@every_policy
def test_without_guesses_a_search_starts_from_the_seed_tags(name):
    photos = [photo(i, SEED_TAGS[i % 6]) for i in range(60)]
    game = game_of(name, photos, tags=())
    assert set(game.asked) <= set(SEED_TAGS)
    assert len(game.looked) > 10


@every_policy
def test_what_few_calls_bring_is_looked_at(name):
    names = [f"guess{i}" for i in range(10)]
    photos = [photo(f"{tag}-{i}", tag) for tag in (*names, *SEED_TAGS) for i in range(5)]
    for calls in range(1, 5):
        budget = Budget(photos=100, calls=calls)
        game = game_of(name, photos, tags=names, budget=budget, calls=2)
        assert len(game.asked) == calls
        assert game.looked


@every_policy
def test_nothing_is_asked_or_looked_at_without_room(name):
    policy = Player(POLICIES[name].make, guesses("cat", "dog"))
    assert list(policy.ask(0)) == []
    assert list(policy.look(0)) == []


@every_policy
def test_answers_and_scores_that_a_person_asked_for_are_taken_in(name):
    policy = Player(POLICIES[name].make, guesses("cat"))
    pinned = [photo(f"p{i}", "sea") for i in range(3)]
    policy.answered("sea", pinned)
    policy.scored(pinned[0], 1.0, FEATURE)
    for tag in policy.ask(10):
        policy.answered(tag, [photo("c", "cat")])
    policy.scored(pinned[1], 2.0, FEATURE)
    policy.lost(pinned[2])
    policy.scored(photo("unheard of", "sea"), 2.0, FEATURE)
    assert {found.id for found in policy.look(10)} <= {"c"}
    assert isinstance(policy.estimates(5), list)


@every_policy
@settings(max_examples=25, deadline=None)
@given(photos=collections, limit=st.integers(1, 12))
def test_what_was_left_out_is_every_known_photo_not_looked_at(name, photos, limit):
    known = set()
    find = finder(photos)

    def told(query):
        found = find(query)[:30]
        known.update(photo.id for photo in found)
        return found

    game = play(
        POLICIES[name].make(),
        photos,
        ("cat", "dog"),
        find=told,
        budget=Budget(photos=limit, calls=9),
    )
    unseen = game.core.unseen()
    assert sum(some.count for some in unseen) == len(known - set(game.looked))
    assert all(some.count > 0 and some.why.endswith(".") for some in unseen)
    assert unseen == sorted(unseen, key=lambda some: -some.count)


@every_policy
def test_estimates_are_as_many_as_wanted_and_finite(name):
    photos = [photo(i, TAGS[i % 4], TAGS[i % 3]) for i in range(60)]
    game = play(POLICIES[name].make(), photos, ("cat", "dog"), find=finder(photos))
    estimates = game.core.estimates(2)
    assert len(estimates) <= 2
    assert all(np.isfinite(estimate.mean) and estimate.count > 0 for estimate in estimates)
    assert all(estimate.margin is None or estimate.margin >= 0 for estimate in estimates)


@every_policy
def test_a_tag_that_a_person_asked_for_can_be_chosen_like_any_other(name):
    policy = Player(POLICIES[name].make, guesses("cat"))
    policy.answered("sea", [photo(i, "sea") for i in range(9)])
    looked = set()
    for _ in range(40):
        for tag in policy.ask(10):
            policy.answered(tag, [photo("c", "cat")] if tag == "cat" else [])
        for found in policy.look(10):
            looked.add(found.id)
            policy.scored(found, float(found.id != "c"), FEATURE)
    assert len(looked) > 5

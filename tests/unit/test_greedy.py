from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.policies.greedy import BEST, TAGS_FED, Greedy
from lookalike.policies.policy import SEED_TAGS
from play import FEATURE, begun, photo, play
from small_world import COLOURS, run_search, world


def settle(policy, answers, scores=None):
    """Answer all that is asked and score all that is chosen, once; give what was asked, looked."""
    asked = list(policy.ask(100))
    for tag in asked:
        policy.answered(tag, answers.get(tag, ()))
    looked = list(policy.look(100))
    for found in looked:
        policy.scored(found, (scores or {}).get(found.id, 0.5), FEATURE)
    return asked, [found.id for found in looked]


# -- The first round -------------------------------------------------------------------------------


def test_it_starts_from_the_guesses_in_their_order_each_once():
    policy = begun(Greedy(), "tench", "goldfish", "tench")
    assert policy.ask(100) == ["tench", "goldfish"]


def test_no_more_is_asked_or_looked_at_than_there_is_room_for():
    policy = begun(Greedy(), "a", "b", "c")
    assert policy.ask(2) == ["a", "b"]
    assert policy.ask(0) == []
    assert policy.ask(2) == ["c"]
    for tag in "abc":
        policy.answered(tag, [photo(tag, tag)])
    assert policy.look(0) == []
    assert len(policy.look(2)) == 2
    assert len(policy.look(2)) == 1


def test_without_guesses_it_starts_from_the_seed_tags():
    assert sorted(begun(Greedy()).ask(100)) == sorted(SEED_TAGS)


def test_without_any_answer_it_goes_on_to_the_seed_tags_and_ends():
    policy = begun(Greedy(), "tench")
    assert settle(policy, {})[0] == ["tench"]
    assert sorted(settle(policy, {})[0]) == sorted(SEED_TAGS)
    assert settle(policy, {}) == ([], [])


# -- Looking ---------------------------------------------------------------------------------------


def test_one_photo_of_each_answer_is_looked_at_the_first_that_no_other_answer_gave():
    policy = begun(Greedy(), "a", "b", "c")
    shared, second = photo("shared"), photo("second")
    assert settle(policy, {"a": [shared], "b": [shared, second], "c": [second]})[1] == [
        "shared",
        "second",
    ]


def test_how_many_photos_of_an_answer_are_looked_at_can_be_set():
    policy = begun(Greedy(looks_per_call=3), "a", "b")
    answers = {"a": [photo(i) for i in range(5)], "b": [photo(9)]}
    assert settle(policy, answers)[1] == ["0", "1", "2", "9"]


def test_photos_are_looked_at_while_other_tags_of_the_round_are_still_asked():
    policy = begun(Greedy(), "a", "b")
    policy.ask(100)
    policy.answered("a", [photo(1)])
    assert [found.id for found in policy.look(9)] == ["1"]


# -- The next rounds -------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["scored", "lost"])
def test_the_next_round_begins_when_the_last_photo_of_this_one_is_settled(ending):
    policy = begun(Greedy(), "a", "b")
    policy.ask(100)
    policy.answered("a", [photo(1, "x")])
    first, last = policy.look(9)[0], photo(2)
    policy.scored(first, 1.0, FEATURE)
    assert policy.ask(9) == []
    policy.answered("b", [last])
    assert policy.ask(9) == []
    assert policy.look(9) == [last]
    assert policy.ask(9) == []
    if ending == "scored":
        policy.scored(last, 0.1, FEATURE)
    else:
        policy.lost(last)
    assert policy.ask(9)[0] == "x"


def test_a_round_is_the_tags_with_the_best_means_then_others_at_random():
    policy = begun(Greedy(), "q", "r")
    answers = {"q": [photo(1, "a", "b")], "r": [photo(2, "b", "c")]}
    settle(policy, answers, {"1": 0.9, "2": 0.1})
    asked, _ = settle(policy, {})
    # The means are a: 0.9, b: (0.9 + 0.1) / 2 and c: 0.1.
    assert asked[:3] == ["a", "b", "c"]
    assert sorted(asked[3:]) == sorted(SEED_TAGS)


def test_a_round_has_ten_distinct_tags_at_most():
    policy = begun(Greedy(), "q")
    settle(policy, {"q": [photo(1, *"abcdefghijklmn")]})
    asked, _ = settle(policy, {})
    assert len(asked) == len(set(asked)) == 10
    assert set(asked) <= set("abcdefghijklmn")


def test_an_entry_of_the_queue_from_before_the_latest_score_is_out_of_date():
    policy = begun(Greedy(tags_per_round=2), "q", "r", "s")
    answers = {"q": [photo(1, "b")], "r": [photo(2, "b")], "s": [photo(3, "x")]}
    settle(policy, answers, {"1": 0.9, "2": 0.1, "3": 0.7})
    assert settle(policy, {})[0] == ["x", "b"]  # by its first score alone, b would be before x


def test_a_tag_leaves_the_queue_when_asked_and_comes_back_with_a_good_photo():
    policy = begun(Greedy(tags_per_round=1), "q")
    settle(policy, {"q": [photo(1, "a")]}, {"1": 0.9})
    asked, looked = settle(policy, {"a": [photo(2, "b"), photo(3, "c"), photo(4)]}, {"2": 0.8})
    assert (asked, looked) == (["a"], ["2"])
    # Now b is in the queue and a is not, though its mean is better and it has photos left.
    asked, looked = settle(policy, {"b": [photo(5, "a")]}, {"5": 0.7})
    assert (asked, looked) == (["b"], ["5"])
    # a came back: its answer is remembered, so it is not asked again.
    assert settle(policy, {})[:2] == ([], ["3"])


def test_tags_feed_back_from_the_current_best_alone():
    tags = [f"q{i}" for i in range(BEST + 2)]
    policy = begun(Greedy(tags_per_round=50), *tags)
    answers = {tag: [photo(i, f"t{i}")] for i, tag in enumerate(tags)}
    scores = {str(i): 1.0 for i in range(BEST)} | {str(BEST): 0.99, str(BEST + 1): 1.0}
    settle(policy, answers, scores)
    asked, _ = settle(policy, {})
    assert "t0" in asked
    assert f"t{BEST}" not in asked  # not as good as the tenth best
    assert f"t{BEST + 1}" in asked  # as good


def test_the_current_best_is_the_ten_best_so_far_and_not_the_first_ten():
    tags = [f"q{i}" for i in range(BEST + 2)]
    policy = begun(Greedy(tags_per_round=50), *tags)
    answers = {tag: [photo(i, f"t{i}")] for i, tag in enumerate(tags)}
    # Ten poor ones, then a good one, which throws a poor one out; then one as poor as the rest.
    scores = {str(i): 0.1 + i / 1000 for i in range(BEST)} | {str(BEST): 0.9, str(BEST + 1): 0.1}
    settle(policy, answers, scores)
    asked, _ = settle(policy, {})
    assert f"t{BEST}" in asked
    assert f"t{BEST + 1}" not in asked


def test_of_a_photo_with_many_tags_ten_drawn_at_random_feed_back():
    tags = [f"t{i}" for i in range(40)]
    fed = []
    for seed in range(2):
        policy = begun(Greedy(tags_per_round=50), "q", seed=seed)
        settle(policy, {"q": [photo(1, *tags)]})
        fed.append(set(settle(policy, {})[0]) - set(SEED_TAGS))
    assert [len(drawn) for drawn in fed] == [TAGS_FED, TAGS_FED]
    assert fed[0] != fed[1]


def test_with_an_empty_queue_tags_are_drawn_at_random_from_all_that_are_known():
    def draws(seed):
        policy = begun(Greedy(tags_per_round=3), seed=seed)
        return tuple(policy.ask(100))

    seen = {draws(seed) for seed in range(30)}
    assert len(seen) > 10
    assert {tag for drawn in seen for tag in drawn} == set(SEED_TAGS)


def test_photos_that_only_a_guess_found_are_looked_at_before_it_ends():
    # By their titles, say: none of them has a tag that could be asked.
    untagged = [photo(i) for i in range(7)]
    game = play(Greedy(), untagged, ["guess"], find=lambda tag: untagged if tag == "guess" else [])
    assert sorted(game.looked) == [found.id for found in untagged]


def test_its_estimates_are_the_means_and_counts_best_first():
    policy = begun(Greedy(), "q", "r")
    settle(policy, {"q": [photo(1, "a", "b")], "r": [photo(2, "b")]}, {"1": 0.9, "2": 0.1})
    assert policy.estimates(9) == []  # they are fed back when the next round begins
    policy.ask(9)
    assert [(b.tag, b.mean, b.count) for b in policy.estimates(9)] == [("a", 0.9, 1), ("b", 0.5, 2)]
    assert len(policy.estimates(1)) == 1


# -- What a person has looked into besides ---------------------------------------------------------


def test_outcomes_that_a_person_asked_for_are_learnt_from_and_leave_the_round_as_it_is():
    policy = begun(Greedy(tags_per_round=1), "q")
    policy.answered("pinned", [photo("p", "good"), photo("o")])
    policy.scored(photo("p", "good"), 9.0, FEATURE)
    policy.lost(photo("o"))
    assert policy.look(9) == []
    assert policy.ask(9) == ["q"]
    policy.answered("pinned", [])
    assert policy.ask(9) == []  # q is still under way
    policy.answered("q", [])
    assert policy.ask(9) == ["good"]


def test_a_photo_that_a_person_had_looked_at_is_not_chosen_again():
    policy = begun(Greedy(), "q")
    policy.ask(9)
    policy.answered("q", [photo(1), photo(2)])
    policy.scored(photo(1), 0.5, FEATURE)  # it waited to be looked at
    assert [found.id for found in policy.look(9)] == ["2"]
    policy.scored(photo(2), 0.5, FEATURE)
    assert sorted(policy.ask(9)) == sorted(SEED_TAGS)
    for tag in SEED_TAGS:
        policy.answered(tag, [photo(1), photo(2)])
    assert policy.look(9) == []
    assert policy.ask(9) == []


# -- Any collection --------------------------------------------------------------------------------

TAGS = ["a", "b", "c", "d", "e", "cat", "sea"]
collections = st.lists(st.lists(st.sampled_from(TAGS), max_size=4, unique=True), max_size=25).map(
    lambda rows: [photo(i, *tags) for i, tags in enumerate(rows)]
)
guessed = st.lists(st.sampled_from([*TAGS, "nothing"]), max_size=12)


@given(
    collections,
    guessed,
    st.integers(1, 12),
    st.integers(1, 4),
    st.integers(1, 10),
    st.integers(1, 12),
    st.integers(0, 99),
)
@settings(max_examples=150, deadline=None)
def test_on_any_collection_it_ends_after_looking_once_at_all_that_it_can_reach(
    photos, tags, per_round, per_call, calls, looks, seed
):
    policy = Greedy(per_round, per_call)
    game = play(policy, photos, tags, seed=seed, calls=calls, looks=looks)
    assert max(Counter(game.looked).values(), default=1) == 1
    assert max(Counter(game.asked).values(), default=1) == 1
    found = {p.id for p in photos if not {*p.tags}.isdisjoint(game.asked)}
    assert set(game.looked) == found
    assert set(SEED_TAGS) <= set(game.asked)


@given(collections, guessed, st.integers(1, 6), st.integers(1, 9), st.sets(st.integers(0, 24)))
@settings(max_examples=100, deadline=None)
def test_it_keeps_to_any_budget_whatever_is_lost(photos, tags, calls, looks, gone):
    budget = Budget(photos=looks, calls=calls)
    game = play(Greedy(), photos, tags, gone={str(i) for i in gone}, budget=budget)
    assert len(game.asked) <= calls
    assert len(game.scores) <= looks


@given(collections, guessed, st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_the_same_seed_plays_the_same_game(photos, tags, seed):
    games = [play(Greedy(), photos, tags, seed=seed) for _ in range(2)]
    assert games[0] == games[1]


def test_it_finds_a_colour_sooner_than_chance():
    events = run_search(world(30), Greedy(), budget=Budget(photos=40))
    found = [event.photo.id for event in events if type(event).__name__ == "Scored"]
    alike = [name for name in found if name.startswith("red")]
    assert len(alike) / len(found) > 2 / len(COLOURS)

"""When a search has settled: never too soon, and for good."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.policies import POLICIES
from lookalike.policies.active_search import ActiveSearch
from lookalike.policies.settling import (
    AFRESH,
    BEST,
    EVERY,
    LITTLE,
    MINIMUM,
    STILL,
    Settling,
    outlook,
)
from play import FEATURE, Player, guesses, photo

scores = st.lists(st.floats(-1, 1), min_size=0, max_size=MINIMUM + STILL + 40)
outlooks = st.none() | st.floats(0, 0.2)


def told(values, expected):
    """The photos after which a search had settled, one after another."""
    settling = Settling()
    settling.begin()
    after = []
    for number, score in enumerate(values, 1):
        settling.scored(score)
        settling.weigh(lambda: expected)
        if settling.settled:
            after.append(number)
    return settling, after


@given(values=scores, expected=outlooks)
def test_it_never_settles_before_the_minimum_and_stays_settled(values, expected):
    _, after = told(values, expected)
    assert all(number >= MINIMUM for number in after)
    assert after == list(range(after[0], len(values) + 1)) if after else True


@given(values=scores, low=st.floats(0, 0.2), high=st.floats(0, 0.2))
def test_who_expects_less_settles_no_later(values, low, high):
    low, high = sorted([low, high])
    (_, sooner), (_, later) = told(values, low), told(values, high)
    assert set(later) <= set(sooner)


@given(values=scores)
def test_without_a_model_it_settles_when_the_ten_best_have_stood_for_long(values):
    _, after = told(values, None)
    if after:
        first = after[0]
        assert sorted(values[:first])[-BEST:] == sorted(values[: first - STILL])[-BEST:]


def test_another_leg_has_a_minimum_of_its_own():
    settling, _ = told([0.5] * MINIMUM, LITTLE)
    assert settling.settled
    settling.begin()
    assert not settling.settled
    for _ in range(AFRESH - EVERY):
        settling.scored(0.5)
        settling.weigh(lambda: 0.0)
    assert not settling.settled
    for _ in range(EVERY):
        settling.scored(0.5)
        settling.weigh(lambda: 0.0)
    assert settling.settled


def test_an_outlook_is_a_part_of_how_far_the_ten_best_stand_out():
    seen = np.array([0.0] * 30 + [2.0] * 10)
    assert outlook(0.5, seen) == pytest.approx(0.25)
    assert outlook(0.0, seen[:9]) == outlook(0.0, np.zeros(40)) == float("inf")


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_says_what_it_expects_or_that_it_cannot(name):
    policy = Player(POLICIES[name].make, guesses("cat"))
    expected = policy.outlook()
    assert expected is None or expected == float("inf")


def test_the_default_policy_expects_less_when_nothing_is_left():
    policy = Player(ActiveSearch, guesses("cat"), Budget(200, 1))
    photos = [photo(i, "cat", *["fine"][: i < 15]) for i in range(40)]
    for tag in policy.ask(10):
        policy.answered(tag, photos)
    expected = []
    while found := policy.look(1):
        policy.scored(found[0], 0.9 if "fine" in found[0].tags else 0.1, FEATURE)
        expected.append(policy.outlook())
    assert expected[0] == float("inf")
    known = [value for value in expected if value < float("inf")]
    assert known[-1] < known[0]


def test_a_question_that_is_not_answered_yet_is_still_to_be_expected():
    policy = Player(ActiveSearch, guesses("cat"), Budget(20, 4))
    (tag,) = policy.ask(10)
    policy.answered(tag, [photo(i, "cat", *["fine"][: i < 15]) for i in range(30)])
    while found := policy.look(1):
        policy.scored(found[0], 0.9 if "fine" in found[0].tags else 0.1, FEATURE)
    before, asked = policy.outlook(), policy.ask(10)
    assert asked
    assert policy.outlook() >= before > 0
    for tag in asked:
        policy.answered(tag, [])
    assert policy.outlook() < before

"""Where several searches stand, told as where one does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import Problem
from lookalike.policies.policy import TagEstimate, Unseen
from lookalike.search.events import Filtered, Finished, Progress, Reason, ServiceProgress
from lookalike.search.merging import merged_end, merged_estimates, merged_progress

ANT = Progress(
    *(3, 10, 1.5, ("cat", "sea"), (TagEstimate("cat", 0.5, 4, 0.2),)),
    unseen=(Unseen("Weak.", 5, ("a", "b")), Unseen("Next.", 1)),
    services=(ServiceProgress("ant", "Ant", 3, 10),),
    filtered=(Filtered("licence", 2), Filtered("size", 1)),
)
BEE = Progress(
    *(4, 20, 1.0, ("sea", "dog"), (TagEstimate("dog", 0.9, 1), TagEstimate("cat", 0.2, 12, 0.1))),
    unseen=(Unseen("Weak.", 2, ("b", "c")), Unseen("Burst.", 4)),
    services=(ServiceProgress("bee", "Bee", 4, 20),),
    filtered=(Filtered("size", 7),),
)


def test_what_was_spent_is_summed_and_the_rest_is_told_once():
    merged = merged_progress([ANT, BEE], 12)
    assert (merged.calls, merged.photos, merged.seconds) == (7, 30, 1.5)
    assert merged.asking == ("cat", "sea", "dog")
    assert merged.unseen == (
        Unseen("Weak.", 7, ("a", "b", "c")),
        Unseen("Burst.", 4),
        Unseen("Next.", 1),
    )
    assert [part.name for part in merged.services] == ["ant", "bee"]
    assert merged.filtered == (Filtered("size", 8), Filtered("licence", 2))


def test_one_that_searches_alone_is_told_as_it_is():
    assert merged_progress([BEE], 12) == BEE


def test_each_policys_first_comes_before_any_ones_second_and_equal_tags_are_pooled():
    cat, dog = merged_progress([ANT, BEE], 12).estimates
    assert (cat.tag, cat.count) == ("cat", 16)
    assert cat.mean == pytest.approx((4 * 0.5 + 12 * 0.2) / 16)
    assert cat.margin == pytest.approx(math.hypot(0.25 * 0.2, 0.75 * 0.1))
    assert dog == TagEstimate("dog", 0.9, 1)
    assert merged_progress([ANT, BEE], 1).estimates == (cat,)


def test_a_tag_that_two_services_spell_otherwise_is_told_once():
    found = [
        [TagEstimate("Sea Side", 0.5, 1), TagEstimate("!!", 0, 1)],
        [TagEstimate("sea side", 1, 3)],
    ]
    assert merged_estimates(found) == (
        TagEstimate("Sea Side", 0.875, 4),
        TagEstimate("!!", 0, 1),
    )


estimates = st.builds(
    TagEstimate,
    st.sampled_from("abcd"),
    st.floats(-1, 1),
    st.integers(0, 50),
    st.none() | st.floats(0, 1),
)


@given(st.lists(st.lists(estimates, max_size=4, unique_by=lambda each: each.tag), max_size=4))
def test_pooled_means_lie_between_those_that_are_pooled(parts):
    merged = merged_estimates(parts)
    assert {each.tag for each in merged} == {each.tag for part in parts for each in part}
    assert len({each.tag for each in merged}) == len(merged)
    for each in merged:
        means = [one.mean for part in parts for one in part if one.tag == each.tag]
        assert min(means) - 1e-9 <= each.mean <= max(means) + 1e-9


@pytest.mark.parametrize(
    ("reasons", "merged"),
    [
        ("cancelled budget failed", "cancelled"),
        ("exhausted budget", "budget"),
        ("failed exhausted", "exhausted"),
        ("settled complete", "settled"),
        ("complete budget", "budget"),
        ("complete exhausted", "exhausted"),
        ("failed complete", "complete"),
        ("failed failed", "failed"),
    ],
)
def test_a_search_ends_as_its_parts_do(reasons, merged):
    problem = Problem("source", "It broke.", "Wait.")
    ends = [
        Finished(Reason(reason), 1, 2, 3.0, problem if reason == "failed" else None)
        for reason in reasons.split()
    ]
    end = merged_end(ends)
    assert end.reason is Reason(merged)
    assert end.problem == (problem if merged == "failed" else None)
    assert (end.calls, end.photos) == (len(ends), 2 * len(ends))

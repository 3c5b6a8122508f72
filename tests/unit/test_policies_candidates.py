"""What tags and titles promise, by what the photos known so far say of how rare a word is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.policies.candidates import GROWN, Candidates
from lookalike.policies.state import Guess
from play import photo

GUESSES = [Guess("cat", 0.6), Guess("dog", 0.2)]
CATS = [photo(f"cat{i}", "cat", *(["sofa"] if i % 2 else ["grass", "dog"])) for i in range(6)]
"""What the first answer brings: all have the word that was asked."""
OTHERS = [photo(f"other{i}", ["sofa", "grass", "sea"][i % 3], f"word{i}") for i in range(20)]
SCORES = {"cat1": 0.9, "cat3": None, "cat2": 0.2, "cat0": 0.4}


def looked_at(*answers, scores=SCORES):
    """Candidates by these answers, of which the first comes before any look, the others after."""
    candidates = Candidates()
    candidates.add(answers[0])
    candidates.start(GUESSES, ["cat", "dog"])
    for found in answers[0]:
        if found.id in scores:
            candidates.settle(found, scores[found.id])
    for answer in answers[1:]:
        candidates.add(answer)
    return candidates


def promises(candidates):
    gains = candidates.gains()
    assert len(gains) == len(candidates.photos)
    return {found.id: gain for found, gain in zip(candidates.photos, gains, strict=True)}


def test_words_are_weighed_by_all_photos_whenever_they_came():
    late, early = promises(looked_at(CATS, OTHERS)), promises(looked_at([*CATS, *OTHERS]))
    assert late == pytest.approx(early, abs=1e-9)


def test_a_few_photos_more_change_no_weight():
    one_more = int(GROWN * (len(CATS) + 2)) - (len(CATS) + 2)
    few = OTHERS[:one_more]
    before, after = promises(looked_at(CATS)), promises(looked_at(CATS, few))
    assert {name: after[name] for name in before} == pytest.approx(before, abs=1e-12)


@given(st.lists(st.sampled_from([None, 0.0, 0.3, 0.9]), min_size=1, max_size=6), st.data())
def test_whatever_was_scored_or_not_weighing_again_forgets_nothing(values, data):
    scores = {found.id: value for found, value in zip(CATS, values, strict=False)}
    cut = data.draw(st.integers(0, len(OTHERS)))
    parts = looked_at(CATS, OTHERS[:cut], OTHERS[cut:], scores=scores)
    whole = looked_at([*CATS, *OTHERS], scores=scores)
    assert parts.unseen() == whole.unseen() == len(CATS) + len(OTHERS) - len(scores)
    assert np.isfinite(list(promises(parts).values())).all()
    told = {estimate.tag: estimate.count for estimate in parts.tag_estimates(99)}
    assert told == {estimate.tag: estimate.count for estimate in whole.tag_estimates(99)}

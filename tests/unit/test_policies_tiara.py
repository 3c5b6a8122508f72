import numpy as np
import pytest

from lookalike.budget import Budget
from lookalike.policies import POLICIES
from lookalike.policies.epsilon_greedy import EpsilonGreedy
from lookalike.policies.linucb import LinUCB, TiaraS
from lookalike.policies.tag_embedding import NgramEmbedding
from lookalike.policies.ucb import UCB
from play import FEATURE, begun, photo, play


class OneHot:
    dimensions = 4

    def __call__(self, tag):
        return np.eye(4)["abcd".index(tag)] if tag in tuple("abcd") else np.zeros(4)


def pull(policy, answers, score):
    """Pull one arm; give its tag, or None where its photos were known already, and the photo."""
    asked = policy.ask(10)
    assert len(asked) <= 1
    for tag in asked:
        policy.answered(tag, answers.get(tag, []))
    looked = policy.look(10)
    assert len(looked) <= 1
    for found in looked:
        policy.scored(found, score, FEATURE)
    return (asked or [None])[0], (looked or [None])[0]


def test_linucb_is_ridge_regression_with_every_tag_of_a_photo():
    policy = begun(LinUCB(OneHot(), ridge=2.0), "a")
    while pull(policy, {"a": [photo(1, "a", "b")]}, 6.0)[1] is None:
        pass
    estimates = {estimate.tag: estimate.mean for estimate in policy.estimates(9)}
    # One observation of 6 with a ridge of 2: 6 / (1 + 2).
    assert estimates == pytest.approx({"a": 2.0, "b": 2.0})


def test_linucb_agrees_with_the_direct_solution():
    embedding = NgramEmbedding(20)
    photos = [photo(i, f"t{i % 7}", f"u{i % 5}") for i in range(30)]
    game = play(LinUCB(embedding, ridge=1.0), [*photos, photo("x", "cat", "t1")], ("cat", "dog"))
    tags = {found.id: found.tags for found in [*photos, photo("x", "cat", "t1")]}
    rows = [(embedding(tag), game.scores[name]) for name in game.looked for tag in tags[name]]
    x, y = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    theta = np.linalg.solve(x.T @ x + np.eye(20), x.T @ y)
    for estimate in game.core.estimates(9):
        assert estimate.mean == pytest.approx(embedding(estimate.tag) @ theta)


def test_tiara_s_trains_the_asked_tag_alone():
    policy = begun(TiaraS(OneHot()), "a")
    while pull(policy, {"a": [photo(1, "a", "b")]}, 6.0)[1] is None:
        pass
    assert [estimate.tag for estimate in policy.estimates(9)] == ["a"]
    assert policy.estimates(9)[0].mean == pytest.approx(3.0)


def test_the_tags_of_photos_become_arms():
    game = play(LinUCB(), [photo(1, "cat", "kitten"), photo(2, "kitten")], ("cat",))
    assert "kitten" in game.asked
    assert sorted(game.looked) == ["1", "2"]


def test_ucb_tries_every_arm_before_the_best():
    answers = {tag: [photo(f"{tag}{i}", tag) for i in range(9)] for tag in "abc"}
    policy = begun(UCB(), *"abc")
    for tag, score in zip("abc", (0.1, 9.0, 0.2), strict=True):
        assert pull(policy, answers, score)[1].tags == (tag,)
    # The seed tags come next, each once, and bring nothing.
    while (found := pull(policy, answers, 9.0)[1]) is None:
        pass
    assert found.tags == ("b",)


def test_epsilon_of_one_is_random():
    answers = {tag: [photo(f"{tag}{i}", tag) for i in range(40)] for tag in "ab"}
    policy = begun(EpsilonGreedy(epsilon=1.0), *"ab")
    found = [pull(policy, answers, 0.5)[1] for _ in range(40)]
    assert {photo.tags for photo in found if photo} == {("a",), ("b",)}


def test_a_full_answer_is_asked_for_more():
    pages = iter([[photo(1, "a")], [photo(2, "a")], []])
    policy = begun(UCB(), "a")
    looked = []
    for _ in range(12):
        for tag in policy.ask(1):
            policy.answered(tag, next(pages, []) if tag == "a" else [])
        for found in policy.look(1):
            looked.append(found.id)
            policy.scored(found, 1.0, FEATURE)
    assert looked == ["1", "2"]


@pytest.mark.parametrize("policy", ["linucb", "tiara_s", "ucb", "epsilon_greedy", "random_query"])
def test_what_is_known_is_looked_at_where_no_more_calls_may_be_made(policy):
    photos = [photo(f"{tag}{i}", tag, f"{tag}{i}") for tag in "abc" for i in range(20)]
    game = play(POLICIES[policy].make(), photos, tuple("abc"), budget=Budget(200, 4), seed=3)
    known = {each.id for tag in game.asked for each in photos if tag in each.tags}
    assert len(game.asked) == 4
    assert set(game.looked) == known


def test_ngram_vectors_are_alike_where_the_spelling_is():
    embedding = NgramEmbedding()
    dog, dogs, car = embedding("dog"), embedding("dogs"), embedding("car")
    assert dog @ dogs > dog @ car
    assert np.linalg.norm(dog) == pytest.approx(1)
    assert np.linalg.norm(embedding("—")) == 0
    assert (embedding("Polar-Bear") == embedding("polar bear")).all()

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.active_search import FEW, OPENED, ActiveSearch, first_few
from lookalike.policies.bursts import Bursts
from lookalike.policies.kernel import (
    InverseDocumentFrequency,
    TermIndex,
    covariance,
    photo_terms,
    tag_terms,
)
from lookalike.policies.queries import GROWTH, Queries, distinct
from lookalike.policies.state import Guess
from lookalike.policies.tag_index import TagIndex
from play import FEATURE, Player, begun, guesses, photo, play


def answered(policy, answers):
    for tag in policy.ask(100):
        policy.answered(tag, answers.get(tag, []))


# -- The policy ------------------------------------------------------------------------------------


def test_unlikely_guesses_wait():
    names = "abcdefgh"
    guesses = [Guess(name, 0.9 if i == 0 else 0.001) for i, name in enumerate(names)]
    policy = Player(ActiveSearch, guesses)
    assert policy.ask(100) == list(names[: OPENED[0]])


def test_nothing_is_looked_at_before_the_first_answers_are_there():
    policy = begun(ActiveSearch(), "cat", "dog")
    assert policy.ask(10) == ["cat", "dog"]
    policy.answered("cat", [photo(1, "cat")])
    assert policy.look(10) == []
    policy.answered("dog", [photo(2, "dog")])
    assert {found.id for found in policy.look(10)} == {"1", "2"}


def test_the_likelier_guess_is_looked_at_first():
    policy = Player(ActiveSearch, [Guess("cat", 0.9), Guess("dog", 0.03)])
    answered(policy, {"cat": [photo(1, "cat")], "dog": [photo(2, "dog")]})
    assert [found.id for found in policy.look(1)] == ["1"]


def test_photos_like_the_best_ones_are_looked_at():
    policy = begun(ActiveSearch(), "cat", "dog")
    cats = [photo(f"cat{i}", "cat") for i in range(20)]
    dogs = [photo(f"dog{i}", "dog") for i in range(20)]
    answered(policy, {"cat": cats, "dog": dogs})
    for _ in range(12):
        for found in policy.look(1):
            policy.scored(found, 1.0 if "dog" in found.tags else 0.1, FEATURE)
    assert {found.tags for found in policy.look(5)} == {("dog",)}
    assert policy.estimates(1)[0].tag == "dog"
    assert policy.estimates(1)[0].mean > 0.5


def test_it_leaves_a_sure_but_wrong_guess():
    photos = [photo(f"cat{i}", "cat", "animal") for i in range(100)]
    photos[5:5] = [photo(f"lynx{i}", "lynx", "animal") for i in range(3)]
    photos += [photo(f"lynx{i}", "lynx") for i in range(3, 40)]
    game = play(
        ActiveSearch(), photos, ("cat", "animal"),
        score=lambda found: 1.0 if "lynx" in found.tags else 0.2,
        budget=Budget(photos=60, calls=30),
    )  # fmt: skip
    assert sum(name.startswith("lynx") for name in game.looked) > 25


@pytest.mark.parametrize("scorer", [lambda s: 1000 * s - 7, lambda s: s / 64 + 1])
def test_the_scale_of_the_scores_makes_no_difference(scorer):
    rng = np.random.default_rng(1)
    tags = ["cat", "dog", "sea", "sky", "car"]
    photos = [photo(i, *rng.choice(tags, 2, replace=False)) for i in range(200)]
    value = {found.id: sum(map(len, found.tags)) + rng.normal() for found in photos}
    games = [
        play(ActiveSearch(), photos, ("cat", "dog"), score=lambda found, m=m: m(value[found.id]))
        for m in (lambda s: s, scorer)
    ]
    assert games[0].looked == games[1].looked


def test_calls_are_spread_over_the_search():
    rng = np.random.default_rng(0)
    tags = [f"t{i}" for i in range(60)]
    photos = [photo(i, *rng.choice(tags, 3, replace=False)) for i in range(900)]
    budget = Budget(photos=100, calls=30)
    game = play(ActiveSearch(), photos, ("t1", "t2"), budget=budget, per_call=10)
    assert len(game.looked) == 100
    assert 10 < len(game.asked) <= 30


def test_a_photo_that_is_lost_is_let_go():
    policy = begun(ActiveSearch(), "cat")
    answered(policy, {"cat": [photo(i, "cat") for i in range(4)]})
    for found in policy.look(4):
        policy.lost(found)
    assert policy.look(4) == []


class Watched(ActiveSearch):
    """Is asked what it thinks before each decision."""

    def suggest_photos(self, state, n):
        self.unseen(state)
        self.estimates(state, 5)
        self.outlook(state)
        return super().suggest_photos(state, n)


def test_who_asks_what_it_thinks_changes_no_decision():
    photos = [
        photo(i, *(tag for tag in "abcdefgh" if i % (3 + ord(tag) % 7) == 0), "a")
        for i in range(200)
    ]
    games = [
        play(policy, photos, "abc", score=lambda each: int(each.id) % 17, budget=Budget(90, 20))
        for policy in (ActiveSearch(), Watched())
    ]
    assert games[0] == games[1]
    assert len(games[0].looked) == 90


# -- Its parts -------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([-2.0, -1.5, -1.0, 0.0]) | st.floats(-9, 0), max_size=4 * FEW))
def test_the_first_few_are_the_least_and_nothing_is_left_out(values):
    parts = [values_of.tolist() for values_of in first_few(np.array(values))]
    assert sorted(number for part in parts for number in part) == list(range(len(values)))
    if len(parts) == 2:
        first, rest = ([values[number] for number in part] for part in parts)
        assert len(first) >= FEW
        assert max(first) < min(rest, default=1.0)


def test_terms_are_words_and_whole_tags():
    assert tag_terms("Polar Bear") == {"polar": 1, "bear": 1, "polar bear": 1}
    assert photo_terms(Photo("1", title="A bear", tags=("bear",))) == {"a": 0.5, "bear": 1}


def test_rare_terms_weigh_more():
    frequency = InverseDocumentFrequency()
    frequency.see([{"sky": 1.0}, {"sky": 1.0, "lynx": 1.0}])
    unit = frequency.unit({"sky": 1.0, "lynx": 1.0})
    assert unit["lynx"] > unit["sky"]
    assert sum(weight**2 for weight in unit.values()) == pytest.approx(1)
    assert frequency.unit({}) == {}


def test_cosines_by_hand():
    index = TermIndex()
    index.add({"sky": 1.0})
    index.add({})
    index.add({"sky": 0.6, "sea": 0.8})
    assert index.cosines({"sea": 1.0}) == pytest.approx([0, 0, 0.8])
    assert index.cosines({"lynx": 1.0}) == pytest.approx([0, 0, 0])
    assert index.cosines({}) == pytest.approx([0, 0, 0])
    assert covariance(np.array([0.0, 0.5, 1.0])) == pytest.approx([0, 0.3125, 1])


def test_an_index_of_terms_grows():
    index = TermIndex()
    for i in range(1500):
        index.add({f"t{i}": 1.0})
    assert index.cosines({"t1499": 1.0})[1499] == 1


def test_sums_over_carriers_by_hand():
    index = TagIndex()
    index.add(0, ("sky", "Sky", "—"))
    index.add(1, ("sea", "sky"))
    assert index.tags == ["sky", "sea"]
    assert index.counts().tolist() == [2, 1]
    assert index.sums(np.array([3.0, 4.0])).tolist() == [7, 4]


def test_a_short_answer_uses_a_query_up_and_all_that_narrow_it():
    book = Queries()
    book.ask("sky")
    assert book.expected("sky", 3) == 0
    book.answered("sky", 30, 30)
    assert book.expected("sky", 30) == 30
    book.answered("polar bear", 5, 5)
    assert book.expected("polar bear", 9) == 0
    assert book.expected("white Polar Bear", 9) == 0
    assert book.expected("bear", 2) == 2 * GROWTH
    assert book.expected("bear", 1000) == 30
    assert book.expected("—", 1) == 0


def test_an_answer_with_nothing_new_uses_a_query_up():
    book = Queries()
    book.answered("sky", 30, 0)
    assert book.is_used_up("sky")


def test_tags_of_the_same_words_are_asked_once():
    assert distinct(["Polar bear", "bear polar", "sky", "—"]) == ["Polar bear", "sky", "—"]


def test_bursts_are_of_one_owner_and_hour():
    first = Photo("1", owner_id="a", uploaded=7200)
    second = Photo("2", owner_id="a", uploaded=7300)
    bursts = Bursts()
    others = [Photo("3", owner_id="b", uploaded=7200), Photo("4", owner_id="a", uploaded=0)]
    for i, found in enumerate([first, second, *others, Photo("5"), Photo("6", owner_id="a")]):
        bursts.add(i, found)
    assert bursts.of(first) == [0, 1]
    assert bursts.of(Photo("5")) == []


def test_a_burst_is_not_looked_at_in_a_row():
    policy = begun(ActiveSearch(), "cat")
    burst = [Photo(f"b{i}", tags=("cat",), owner_id="a", uploaded=60 + i) for i in range(5)]
    others = [Photo(f"o{i}", tags=("cat",), owner_id=f"o{i}", uploaded=60) for i in range(5)]
    answered(policy, {"cat": burst + others})
    assert sum(found.id.startswith("b") for found in policy.look(4)) == 1


def test_an_outlook_counts_as_many_questions_as_may_be_asked():
    tags = ["sea", "sun", "sand", "surf", "sail", "salt", "swim"]

    def outlook(calls):
        policy = Player(ActiveSearch, guesses("cat", "dog"), Budget(photos=100, calls=calls))
        assert policy.ask(2) == ["cat", "dog"]
        policy.answered("cat", [photo(i, "cat", tags[i % 7]) for i in range(30)])
        policy.answered("dog", [])
        for i, found in enumerate(policy.look(15)):
            policy.scored(found, float(i))
        return policy.outlook()

    one, two, many, more = map(outlook, (3, 4, 20, 80))
    assert one < two < many == more

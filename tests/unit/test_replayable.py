"""A policy that is told everything again, as if photos had scored otherwise from the first on."""

from collections import Counter, deque
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.policies import POLICIES
from lookalike.policies.policy import Belief
from lookalike.policies.replayable import Replayable
from lookalike.policies.steerable import Steerable
from lookalike.words import words
from play import FEATURE, guesses, photo

every_policy = pytest.mark.parametrize("name", POLICIES)
TAGS = ("cat", "dog", "polar bear", "sea", "Cat", "☃")
collections = st.lists(st.sets(st.sampled_from(TAGS), max_size=4), max_size=40).map(
    lambda tags: [photo(i, *sorted(found)) for i, found in enumerate(tags)]
)


class Game:
    """A search with jobs under way, in which scores may change; jobs end in any order."""

    def __init__(self, policy, retold, photos, score, *, gone=(), budget=None):
        self.policy, self.retold, self.score, self.gone = policy, retold, score, gone
        self.budget = budget or Budget(photos=10_000, calls=10_000)
        self.sets = [(found, set(words(" ".join(found.tags)))) for found in photos]
        self.jobs = deque()
        self.asked, self.looked = [], []
        self.outcomes = 0
        policy.begin(guesses("cat", "dog"), self.budget, np.random.default_rng(0))
        self.decide()

    def decide(self):
        asking = [job for job in self.jobs if isinstance(job, str)]
        asked = self.policy.ask(min(10 - len(asking), self.budget.calls - len(self.asked)))
        assert Counter(asked).keys().isdisjoint(asking)
        room = min(12 - len(self.jobs) + len(asking), self.budget.photos - len(self.looked))
        looked = self.policy.look(room)
        self.asked += asked
        self.looked += [found.id for found in looked]
        assert max(Counter(self.looked).values(), default=1) == 1
        self.jobs.extend([*asked, *looked])

    def step(self):
        if not self.jobs:
            return  # they ended while the policy was told again
        job = self.jobs.popleft()
        self.outcomes += 1
        if isinstance(job, str):
            wanted = set(words(job))
            found = [found for found, have in self.sets if wanted and wanted <= have]
            self.policy.answered(job, found[:30])
        elif found := self.outcome(job.id):
            self.policy.scored(job, *found)
        else:
            self.policy.lost(job)
        self.decide()

    def outcome(self, photo_id):
        score = None if photo_id in self.gone else self.score(photo_id)
        return None if score is None else (score, FEATURE)

    def change(self, score, steps=0):
        """Tell the policy again; in between, so many outcomes come."""
        self.score = score
        for _ in self.retold.retell(self.outcome).__await__():
            if steps and self.jobs:
                steps -= 1
                self.step()
        self.decide()


def game_of(name, photos, score=float, **options):
    retold = Replayable(POLICIES[name].make)
    return Game(Steerable(retold), retold, photos, score, **options)


def length(photo_id):
    return float(len(photo_id))


@every_policy
@settings(max_examples=30, deadline=None)
@given(
    photos=collections,
    when=st.sets(st.integers(0, 60), max_size=4),
    gone=st.sets(st.integers(0, 39).map(str)),
    steps=st.integers(0, 9),
    limit=st.integers(1, 50),
)
def test_whenever_scores_change_it_ends_and_no_photo_is_looked_at_twice(
    name, photos, when, gone, steps, limit
):
    budget = Budget(photos=limit, calls=60)
    game = game_of(name, photos, gone=gone, budget=budget)
    while game.jobs:
        if game.outcomes in when:
            game.change(lambda photo_id: None if photo_id in "123" else -float(photo_id), steps)
            when = when - {game.outcomes}
        game.step()
    assert len(game.looked) <= limit
    assert len(game.asked) <= 60


@every_policy
@settings(max_examples=20, deadline=None)
@given(photos=collections, when=st.integers(0, 40))
def test_it_looks_at_all_that_it_would_have_looked_at_where_nothing_is_short(name, photos, when):
    changed, plain = game_of(name, photos), game_of(name, photos)
    while changed.jobs:
        if changed.outcomes == when:
            changed.change(length)
            when = -1
        changed.step()
    while plain.jobs:
        plain.step()
    assert set(changed.looked) == set(plain.looked)


@every_policy
def test_no_call_is_made_again_for_what_was_answered(name):
    photos = [photo(i, "cat" if i % 2 else "dog", f"t{i % 5}") for i in range(25)]
    game = game_of(name, photos)
    while game.jobs and game.outcomes < 12:
        game.step()
    before = list(game.asked)
    game.change(length)
    assert set(game.asked[len(before) :]).isdisjoint(before)


@every_policy
def test_beliefs_follow_the_new_scores(name):
    if name == "random_query":
        pytest.skip("believes nothing")
    photos = [photo(f"{tag}{i}", tag) for tag in ("cat", "dog") for i in range(30)]
    game = game_of(name, photos, lambda photo_id: float(photo_id.startswith("cat")))
    while game.jobs and game.outcomes < 40:
        game.step()

    def means():
        return {belief.tag: belief.mean for belief in game.policy.beliefs(9)}

    before = means()
    assert before["cat"] > before.get("dog", -1.0)
    game.change(lambda photo_id: float(photo_id.startswith("dog")))
    after = means()
    assert after["dog"] > after.get("cat", -1.0)


@every_policy
@settings(max_examples=15, deadline=None)
@given(photos=collections, budget=st.integers(1, 40))
def test_without_a_change_it_decides_as_the_policy_itself(name, photos, budget):
    options = {"budget": Budget(photos=budget, calls=30)}
    games = []
    for retold in (Replayable(POLICIES[name].make), POLICIES[name].make()):
        game = Game(retold, None, photos, float, **options)
        while game.jobs:
            game.step()
        games.append((game.asked, game.looked))
    assert games[0] == games[1]


def test_pins_and_bans_stay():
    photos = [photo(f"{tag}{i}", tag) for tag in ("cat", "dog", "sea") for i in range(30)]
    game = game_of("greedy", photos, length)
    game.policy.steer("sea", "pin")
    game.policy.steer("dog", "ban")
    while game.jobs and game.outcomes < 8:
        game.step()
    game.change(lambda photo_id: -length(photo_id))
    looked = len(game.looked)
    while game.jobs and game.outcomes < 40:
        game.step()
    assert any(photo_id.startswith("sea") for photo_id in game.looked[looked:])
    assert not any(photo_id.startswith("dog") for photo_id in game.looked)


class Scripted:
    """Wants these tags at first, and notes what it hears."""

    heard: ClassVar[list] = []

    def __init__(self):
        self.heard = Scripted.heard = []
        self.tags = ["a", "b", "c"]

    def begin(self, guesses, budget, rng):
        self.heard.append("begin")

    def go_on(self, budget):
        self.heard.append(("go on", budget.photos))

    def outlook(self):
        return 0.5

    def ask(self, room):
        asked, self.tags = self.tags[:room], self.tags[room:]
        return asked

    def answered(self, tag, photos, dropped=()):
        self.heard.append((tag, len(photos)))

    def look(self, room):
        return []

    def scored(self, photo, score, feature):
        self.heard.append((photo.id, score))

    def lost(self, photo):
        self.heard.append((photo.id, None))

    def beliefs(self, limit):
        return [Belief("a", 1.0, 1)]

    def unseen(self):
        return []


def test_the_fresh_policy_hears_all_and_what_is_under_way_is_not_asked_again():
    retold = Replayable(Scripted)
    retold.begin((), Budget(), np.random.default_rng(0))
    assert retold.ask(2) == ["a", "b"]
    retold.answered("a", [photo(1), photo(2)])
    retold.answered("pinned", [photo(3)])
    retold.scored(photo(1), 0.5, FEATURE)
    retold.scored(photo(3), 0.7, FEATURE)
    retold.lost(photo(2))
    assert list(retold.retell({"1": (5.0, FEATURE)}.get).__await__()) == [None] * 4
    assert Scripted.heard == [
        "begin",
        ("a", 2),
        ("pinned", 1),
        ("1", 5.0),
        ("3", None),
        ("2", None),
    ]
    assert retold.ask(9) == ["c"]  # b is under way
    assert retold.ask(9) == []
    retold.answered("b", [])
    assert Scripted.heard[-1] == ("b", 0)
    assert retold.beliefs(1) == [Belief("a", 1.0, 1)]
    assert retold.unseen() == []


def test_of_two_at_once_the_later_counts():
    retold = Replayable(Scripted)
    retold.begin((), Budget(), np.random.default_rng(0))
    retold.ask(1)
    retold.answered("a", [photo(1)])
    retold.scored(photo(1), 0.5, FEATURE)
    early = retold.retell(lambda name: (1.0, FEATURE)).__await__()
    next(early)
    late = retold.retell(lambda name: (2.0, FEATURE)).__await__()
    next(late)
    assert list(early) == []
    list(late)
    assert Scripted.heard == ["begin", ("a", 1), ("1", 2.0)]
    retold.lost(photo(2))
    assert Scripted.heard[-1] == ("2", None)

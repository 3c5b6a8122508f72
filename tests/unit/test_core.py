"""The core of a search, of which the scores change: a fresh policy learns it all again."""

from collections import Counter, deque
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.budget import Budget
from lookalike.policies import POLICIES
from lookalike.policies.policy import LearningPolicy
from lookalike.policies.state import Answered, Looked
from lookalike.words import words
from play import FEATURE, Player, guesses, photo

every_policy = pytest.mark.parametrize("name", POLICIES)
TAGS = ("cat", "dog", "polar bear", "sea", "Cat", "☃")
collections = st.lists(st.sets(st.sampled_from(TAGS), max_size=4), max_size=40).map(
    lambda tags: [photo(i, *sorted(found)) for i, found in enumerate(tags)]
)


class Game:
    """A search with jobs under way, in which scores may change; jobs end in any order."""

    def __init__(self, make, photos, score, *, gone=(), budget=None):
        self.score, self.gone = score, gone
        self.budget = budget or Budget(photos=10_000, calls=10_000)
        self.sets = [(found, set(words(" ".join(found.tags)))) for found in photos]
        self.jobs = deque()
        self.asked, self.looked = [], []
        self.outcomes = 0
        self.player = Player(make, guesses("cat", "dog"), self.budget)
        self.decide()

    def decide(self):
        asking = [job for job in self.jobs if isinstance(job, str)]
        asked = self.player.ask(min(10 - len(asking), self.budget.calls - len(self.asked)))
        assert Counter(asked).keys().isdisjoint(asking)
        room = min(12 - len(self.jobs) + len(asking), self.budget.photos - len(self.looked))
        looked = self.player.look(room)
        self.asked += asked
        self.looked += [found.id for found in looked]
        assert max(Counter(self.looked).values(), default=1) == 1
        self.jobs.extend([*asked, *looked])

    def step(self):
        if not self.jobs:
            return  # they ended while the policy learnt
        job = self.jobs.popleft()
        self.outcomes += 1
        if isinstance(job, str):
            wanted = set(words(job))
            found = [found for found, have in self.sets if wanted and wanted <= have]
            self.player.answered(job, found[:30])
        elif found := self.outcome(job.id):
            self.player.scored(job, *found)
        else:
            self.player.lost(job)
        self.decide()

    def outcome(self, photo_id):
        score = None if photo_id in self.gone else self.score(photo_id)
        return None if score is None else (score, FEATURE)

    def change(self, score, steps=0):
        """Change what photos score; in between, so many outcomes come."""
        self.score = score
        for _ in self.player.core.rescore(self.outcome).__await__():
            if steps and self.jobs:
                steps -= 1
                self.step()
        self.decide()


def game_of(name, photos, score=float, **options):
    return Game(POLICIES[name].make, photos, score, **options)


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
def test_estimates_follow_the_new_scores(name):
    if name == "random_query":
        pytest.skip("estimates nothing")
    photos = [photo(f"{tag}{i}", tag) for tag in ("cat", "dog") for i in range(30)]
    game = game_of(name, photos, lambda photo_id: float(photo_id.startswith("cat")))
    while game.jobs and game.outcomes < 40:
        game.step()

    def means():
        return {each.tag: each.mean for each in game.player.estimates(9)}

    before = means()
    assert before["cat"] > before.get("dog", -1.0)
    game.change(lambda photo_id: float(photo_id.startswith("dog")))
    after = means()
    assert after["dog"] > after.get("cat", -1.0)


def test_pins_and_bans_stay():
    photos = [photo(f"{tag}{i}", tag) for tag in ("cat", "dog", "sea") for i in range(30)]
    game = game_of("greedy", photos, length)
    game.player.steer("sea", "pin")
    game.player.steer("dog", "ban")
    while game.jobs and game.outcomes < 8:
        game.step()
    game.change(lambda photo_id: -length(photo_id))
    looked = len(game.looked)
    while game.jobs and game.outcomes < 40:
        game.step()
    assert any(photo_id.startswith("sea") for photo_id in game.looked[looked:])
    assert not any(photo_id.startswith("dog") for photo_id in game.looked)


class Scripted(LearningPolicy):
    """Wants these tags at first, and notes what it reads."""

    heard: ClassVar[list] = []

    def __init__(self):
        self.heard = Scripted.heard = []

    def begin(self, state):
        self.heard.append("begin")

    def learn(self, state, entry):
        if isinstance(entry, Answered):
            self.heard.append((entry.tag, len(entry.photos), len(entry.dropped)))
        elif isinstance(entry, Looked):
            self.heard.append((entry.photo.id, state.score(entry.photo)))

    def suggest_tags(self, state, n):
        self.update(state)
        return [tag for tag in "abc" if not state.queries.was_asked(tag)][:n]

    def suggest_photos(self, state, n):
        self.update(state)
        return []


def test_the_fresh_policy_reads_all_and_what_is_under_way_is_not_asked_again():
    player = Player(Scripted)
    assert player.ask(2) == ["a", "b"]
    player.answered("a", [photo(1), photo(2)], [photo(8)])
    player.answered("pinned", [photo(3)])
    player.scored(photo(1), 0.5)
    player.scored(photo(3), 0.7)
    player.lost(photo(2))
    pauses = list(player.core.rescore({"1": (5.0, FEATURE)}.get).__await__())
    assert len(pauses) == len(player.core.state.log) - 1
    assert Scripted.heard == [
        "begin",
        ("a", 2, 1),
        ("pinned", 1, 0),
        ("1", 5.0),
        ("3", None),
        ("2", None),
    ]
    assert player.ask(9) == ["c"]  # b is under way
    assert player.ask(9) == []
    player.answered("b", [])
    player.scored(photo(4), 0.25)
    assert player.ask(9) == []
    assert Scripted.heard[-2:] == [("b", 0, 0), ("4", 0.25)]
    assert Scripted.heard.count("begin") == 1


def test_of_two_at_once_the_later_counts():
    player = Player(Scripted)
    player.ask(1)
    player.answered("a", [photo(1)])
    player.scored(photo(1), 0.5)
    early = player.core.rescore(lambda name: (1.0, FEATURE)).__await__()
    next(early)
    late = player.core.rescore(lambda name: (2.0, FEATURE)).__await__()
    next(late)
    assert list(early) == []
    list(late)
    assert Scripted.heard == ["begin", ("a", 1, 0), ("1", 2.0)]
    player.lost(photo(2))
    player.ask(0)
    assert Scripted.heard[-1] == ("2", None)


def test_what_is_scored_meanwhile_is_known_to_both():
    player = Player(Scripted)
    player.ask(1)
    player.answered("a", [photo(1)])
    change = player.core.rescore(lambda name: None).__await__()
    next(change)
    player.scored(photo(1), 0.5)
    assert player.core.state.score(photo(1)) == 0.5
    list(change)
    assert player.core.state.score(photo(1)) == 0.5
    assert Scripted.heard[-1] == ("1", 0.5)


def test_a_policy_that_wants_more_than_it_may_is_an_error():
    class Greedier(Scripted):
        def suggest_tags(self, state, n):
            return ["a"] * (n + 1)

    with pytest.raises(RuntimeError, match="Greedier asked for more than it may"):
        Player(Greedier).ask(1)

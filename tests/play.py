"""A search without I/O: its core plays against a collection in memory, as `search()` has it."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.state import Answered, Guess, Looked
from lookalike.search.core import SearchCore

FEATURE = np.zeros(3, np.float32)


def photo(name, *tags):
    return Photo(str(name), tags=tags)


def guesses(*tags):
    return [Guess(tag, 1 / (2 + i)) for i, tag in enumerate(tags)]


def relearn(core):
    """Have a fresh policy learn, with nothing else in between, where a ban was lifted."""
    for _ in core.relearn().__await__():
        pass


class Player:
    """The core of a search, step by step: what it decides, and what comes of it."""

    def __init__(self, make, guessed=(), budget=None, seed=0):
        self.core = SearchCore(make)
        self.core.begin(guessed, budget or Budget(), np.random.default_rng(seed))

    def ask(self, room):
        return list(self.core.decide(room, 0).tags)

    def look(self, room):
        return list(self.core.decide(0, room).photos)

    def answered(self, tag, photos, dropped=()):
        self.core.apply(Answered(tag, photos, dropped))

    def scored(self, photo, score, feature=FEATURE):
        self.core.apply(Looked(photo), (score, feature))

    def lost(self, photo):
        self.core.apply(Looked(photo))

    def steer(self, tag, stance):
        self.core.steer(tag, stance)
        relearn(self.core)

    def estimates(self, limit):
        return self.core.estimates(limit)

    def outlook(self):
        return self.core.outlook()

    def unseen(self):
        return self.core.unseen()


def begun(policy, *tags, seed=0):
    """A policy at the beginning of a search from these guesses."""
    return Player(lambda: policy, guesses(*tags), seed=seed)


@dataclass
class Game:
    """What a search did: tags asked and photos looked at, in order, and the outcomes."""

    core: SearchCore = field(compare=False)
    asked: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)


def play(
    policy,
    photos,
    tags=(),
    *,
    score=lambda photo: float(len(photo.id)),
    gone=(),
    seed=0,
    calls=10,
    looks=12,
    per_call=30,
    budget=None,
    find=None,
    dropped=lambda photo: False,
    steer=lambda game, core: None,
):
    """Run a search to its end; the outcomes come in the order of the decisions.

    Args:
        photos: the collection; a query finds those that carry it as a tag.
        tags: the guesses.
        score: what a photo scores.
        gone: ids of photos that cannot be looked at.
        calls, looks: how many may be under way.
        find: what a query finds, where that is not by tags.
        dropped: which photos a filter keeps out.
        policy: what decides.
        steer: called at the beginning and after each outcome, as a person may act then.
    """
    find = find or (lambda query: [photo for photo in photos if query in photo.tags])
    budget = budget or Budget(photos=10_000, calls=10_000)
    core = SearchCore(lambda: policy)
    game, jobs = Game(core), deque()
    steer(game, core)
    core.begin(guesses(*tags), budget, np.random.default_rng(seed))
    lost = 0

    def decide():
        under_way = sum(isinstance(job, str) for job in jobs)
        looking = len(jobs) - under_way
        decisions = core.decide(
            max(0, min(calls - under_way, budget.calls - len(game.asked))),
            max(0, min(looks - looking, budget.photos - len(game.looked) + lost)),
        )
        jobs.extend([*decisions.tags, *decisions.photos])
        game.asked.extend(decisions.tags)
        game.looked.extend(photo.id for photo in decisions.photos)

    decide()
    while jobs:
        job = jobs.popleft()
        if isinstance(job, str):
            answer = find(job)[:per_call]
            kept = [photo for photo in answer if not dropped(photo)]
            core.apply(Answered(job, kept, [photo for photo in answer if dropped(photo)]))
        elif job.id in gone:
            lost += 1
            core.apply(Looked(job))
        else:
            game.scores[job.id] = score(job)
            core.apply(Looked(job), (score(job), FEATURE))
        steer(game, core)
        relearn(core)
        decide()
    return game

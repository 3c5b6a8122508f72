"""A search without I/O: a policy plays against a collection in memory, as `search()` has it."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.policy import Guess

FEATURE = np.zeros(3, np.float32)


def photo(name, *tags):
    return Photo(str(name), tags=tags)


def guesses(*tags):
    return [Guess(tag, 1 / (2 + i)) for i, tag in enumerate(tags)]


def begun(policy, *tags, seed=0):
    """The policy, at the beginning of a search from these guesses."""
    policy.begin(guesses(*tags), Budget(), np.random.default_rng(seed))
    return policy


@dataclass
class Game:
    """What a policy did: tags asked and photos looked at, in order, and the outcomes."""

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
    steer=lambda game: None,
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
        steer: called after each outcome, as a person may act then.
    """
    find = find or (lambda query: [photo for photo in photos if query in photo.tags])
    budget = budget or Budget(photos=10_000, calls=10_000)
    policy.begin(guesses(*tags), budget, np.random.default_rng(seed))
    game, jobs = Game(), deque()
    lost = 0

    def decide():
        under_way = sum(isinstance(job, str) for job in jobs)
        room = max(0, min(calls - under_way, budget.calls - len(game.asked)))
        looking = len(jobs) - under_way
        asked = policy.ask(room)
        assert len(asked) <= room
        jobs.extend(asked)
        game.asked.extend(asked)
        room = max(0, min(looks - looking, budget.photos - len(game.looked) + lost))
        looked = policy.look(room)
        assert len(looked) <= room
        jobs.extend(looked)
        game.looked.extend(photo.id for photo in looked)

    decide()
    while jobs:
        job = jobs.popleft()
        if isinstance(job, str):
            answer = find(job)[:per_call]
            kept = [photo for photo in answer if not dropped(photo)]
            policy.answered(job, kept, [photo for photo in answer if dropped(photo)])
        elif job.id in gone:
            lost += 1
            policy.lost(job)
        else:
            game.scores[job.id] = score(job)
            policy.scored(job, score(job), FEATURE)
        steer(game)
        decide()
    return game

"""Telling a policy what was known before its search began."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.policy import Guess, Policy
from lookalike.scorer.scorer import Feature


@dataclass(frozen=True, slots=True)
class Known:
    """An answer of an earlier search.

    Attributes:
        tag: what was asked.
        photos, dropped: see `Policy.answered`, by the filters of the search that begins.
    """

    tag: str
    photos: Sequence[Photo]
    dropped: Sequence[Photo] = ()


Outcome = tuple[float, Feature]


def begun(
    policy: Policy,
    guesses: Sequence[Guess],
    budget: Budget,
    rng: np.random.Generator,
    answers: Sequence[Known],
    scored: Sequence[tuple[Photo, Outcome]],
) -> Iterator[None]:
    """Begin a search from what is known already, step by step.

    A policy is told of it as of what a person asked for besides; `Budget.known_photos` and
    `known_calls` say that nothing of it is spent.

    Args:
        policy, guesses, budget, rng: see `Policy.begin`.
        answers: what was asked before.
        scored: photos that were looked at before, with what they are by the scorer of today.
    """
    policy.begin(guesses, replace(budget, known_photos=len(scored), known_calls=len(answers)), rng)
    for answer in answers:
        policy.answered(answer.tag, answer.photos, answer.dropped)
        yield
    for photo, outcome in scored:
        policy.scored(photo, *outcome)
        yield

"""A policy that can be told everything again, when what photos score has changed."""

import asyncio
import itertools
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.policy import Belief, Guess, Policy, Unseen

Outcome = tuple[float, NDArray[np.float32]]

MANY = 1000
"""Room for whatever a policy may want to ask at its very beginning."""


class Replayable:
    """A policy and what it has been told, which a fresh one of its kind can be told again.

    Args:
        make: makes a policy of the kind.
    """

    def __init__(self, make: Callable[[], Policy]) -> None:
        self._make = make
        self._policy = make()
        self._begin: Callable[[Policy], None] = lambda _: None
        self._goes_on: Callable[[Policy], None] = lambda _: None
        self._answers: list[tuple[str, Sequence[Photo], Sequence[Photo]]] = []
        self._outcomes: list[Photo] = []
        self._fresh: Policy | None = None
        self._wanted: list[str] = []  # by the fresh one, before there was room
        self._asking: set[str] = set()
        self._looking: set[str] = set()

    async def retell(self, outcome: Callable[[str], Outcome | None]) -> None:
        """Begin again, as if photos had scored otherwise from the first one on.

        Telling takes a policy as long as learning did, so other tasks go on in between, by the
        decisions of the policy before. What is under way at the end goes on, and its outcomes are
        for the fresh policy. Where this is called twice at once, the later call counts.

        Args:
            outcome: gives a photo's score and feature by its id; None if it has none.
        """
        policy = self._fresh = self._make()
        self._begin(policy)
        self._goes_on(policy)
        # Its first questions have their answers already, mostly.
        wanted = policy.ask(MANY)
        known: dict[str, int] = {}
        for number, (tag, *_) in enumerate(self._answers):
            known.setdefault(tag, number)
        first = [known[tag] for tag in wanted if tag in known]
        for number in first:
            policy.answered(*self._answers[number])
        answers = (i for i in itertools.count() if i not in first)
        told, photos = next(answers), 0
        while told < len(self._answers) or photos < len(self._outcomes):
            if told < len(self._answers):
                policy.answered(*self._answers[told])
                told = next(answers)
            else:
                photo = self._outcomes[photos]
                photos += 1
                found = outcome(photo.id)
                if found is None:
                    policy.lost(photo)
                else:
                    policy.scored(photo, *found)
            await asyncio.sleep(0)
            if self._fresh is not policy:
                return
        answered = {tag for tag, *_ in self._answers}
        self._wanted = [tag for tag in wanted if tag not in answered | self._asking]
        self._policy = policy

    def begin(self, guesses: Sequence[Guess], budget: Budget, rng: np.random.Generator) -> None:
        """See `Policy.begin`."""
        self._begin = lambda policy: policy.begin(guesses, budget, rng)
        self._begin(self._policy)

    def go_on(self, budget: Budget) -> None:
        """See `Policy.go_on`."""
        self._goes_on = lambda policy: policy.go_on(budget)
        self._goes_on(self._policy)

    def ask(self, room: int) -> list[str]:
        """See `Policy.ask`."""
        asked, self._wanted = self._wanted[:room], self._wanted[room:]
        self._asking.update(asked)
        refused: set[str] = set()
        while len(asked) < room:
            wanted = [tag for tag in self._policy.ask(room - len(asked)) if tag not in refused]
            # What a policy before this one asked is answered to this one, too.
            twice = self._asking.intersection(wanted)
            asked += [tag for tag in wanted if tag not in twice]
            self._asking.update(wanted)
            refused |= twice
            if not twice:
                break
        return asked

    def answered(self, tag: str, photos: Sequence[Photo], dropped: Sequence[Photo] = ()) -> None:
        """See `Policy.answered`."""
        self._asking.discard(tag)
        self._wanted = [other for other in self._wanted if other != tag]
        self._answers.append((tag, photos, dropped))
        self._policy.answered(tag, photos, dropped)

    def look(self, room: int) -> list[Photo]:
        """See `Policy.look`."""
        looked: list[Photo] = []
        refused: set[str] = set()
        while len(looked) < room:
            wanted = [
                photo for photo in self._policy.look(room - len(looked)) if photo.id not in refused
            ]
            twice = self._looking.intersection(photo.id for photo in wanted)
            looked += [photo for photo in wanted if photo.id not in twice]
            self._looking.update(photo.id for photo in wanted)
            refused |= twice
            if not twice:
                break
        return looked

    def scored(self, photo: Photo, score: float, feature: NDArray[np.float32]) -> None:
        """See `Policy.scored`."""
        self._looking.discard(photo.id)
        self._outcomes.append(photo)
        self._policy.scored(photo, score, feature)

    def lost(self, photo: Photo) -> None:
        """See `Policy.lost`."""
        self._looking.discard(photo.id)
        self._outcomes.append(photo)
        self._policy.lost(photo)

    def beliefs(self, limit: int) -> list[Belief]:
        """See `Policy.beliefs`."""
        return self._policy.beliefs(limit)

    def outlook(self) -> float | None:
        """See `Policy.outlook`."""
        return self._policy.outlook()

    def unseen(self) -> list[Unseen]:
        """See `Policy.unseen`."""
        return self._policy.unseen()

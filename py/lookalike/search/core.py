"""The core of a search: its state, and the policy that decides by it."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.deciding import Decisions, decide
from lookalike.policies.policy import Policy, TagEstimate, Unseen
from lookalike.policies.refusals import banned_photos, fail, lift, retry
from lookalike.policies.state import (
    SEED_TAGS,
    Answered,
    Guess,
    Looked,
    Score,
    ScoreOf,
    SearchState,
)
from lookalike.policies.steering import Steering


class SearchCore:
    """What decides in one search: for the page's loop, the simulator and tests alike.

    Args:
        make: makes a policy of the kind that decides.

    Attributes:
        policy: what decides now.
        steering: what a person wants besides; also before the search has begun.
    """

    def __init__(self, make: Callable[[], Policy]) -> None:
        self._make = make
        self.policy = make()
        self.steering = Steering()
        self._state: SearchState | None = None
        self._lifted = False  # a ban or a failure, of which the policy does not know yet

    @property
    def state(self) -> SearchState:
        """What is known in the search.

        Raises:
            RuntimeError: it has not begun.
        """
        if self._state is None:
            raise RuntimeError("the search has not begun")
        return self._state

    @property
    def begun(self) -> bool:
        """Whether the search has begun."""
        return self._state is not None

    def begin(
        self,
        guesses: Sequence[Guess],
        budget: Budget,
        rng: np.random.Generator,
        answers: Sequence[Answered] = (),
        scored: Sequence[tuple[Photo, Score]] = (),
        seeds: Sequence[str] = SEED_TAGS,
    ) -> None:
        """Begin a search.

        Args:
            guesses, budget, rng, seeds: see `SearchState`.
            answers, scored: what earlier searches have brought.
        """
        self._state = SearchState(guesses, budget, rng, self.steering, seeds)
        for answer in answers:
            self._state.apply(replace(answer, known=True))
        for photo, score in scored:
            self._state.apply(Looked(photo, known=True), score)

    async def learn(self) -> None:
        """Have the policy learn what it does not know yet, while other tasks go on in between."""
        while self.policy.update(self.state, 1):
            await asyncio.sleep(0)

    def decide(self, calls: int, looks: int) -> Decisions:
        """See `lookalike.policies.deciding.decide`."""
        return decide(self.state, self.policy, calls, looks)

    def apply(self, outcome: Answered | Looked, score: Score | None = None) -> None:
        """See `SearchState.apply`."""
        self.state.apply(outcome, score)

    def fail(self, tag: str) -> None:
        """See `lookalike.policies.refusals.fail`."""
        fail(self.state, tag)

    def retry(self, tags: Collection[str] | None = None) -> None:
        """Have tags that failed asked again: see `lookalike.policies.refusals.retry`."""
        if retry(self.state, tags):
            self._lifted = True

    def steer(self, tag: str, stance: str) -> None:
        """Pin, ban or free a tag: see `Steering.steer`, and `relearn`."""
        if self._state is None:
            self.steering.steer(tag, stance)
            return
        self._state.steer(tag, stance)
        if lift(self._state):
            self._lifted = True

    async def relearn(self) -> None:
        """Where something was taken back, have a fresh policy learn the search without that."""
        while self._lifted:
            await self.rescore(self.state.latest)

    async def rescore(self, score_of: ScoreOf) -> None:
        """Have a fresh policy learn the whole search by other scores, and decide from then on.

        To learn takes as long as it did before, so other tasks go on in between, by the decisions
        of the policy before. Where this is called twice at once, the later call counts.

        Args:
            score_of: see `SearchState.rescored`.
        """
        if self._state is None:
            return  # it will begin by the other scores
        self._lifted = False
        scores, policy = self._state.rescored(score_of), self._make()
        view = self._state.seen_by(scores)
        while policy.update(view, 1):
            await asyncio.sleep(0)
            if not self._state.expects(scores):
                return
        self._state.scores, self.policy = scores, policy

    # -- What the policy thinks ----------------------------------------------------------------

    def estimates(self, limit: int) -> list[TagEstimate]:
        """See `Policy.estimates`."""
        return self.policy.estimates(self._state, limit) if self._state else []

    def outlook(self) -> float | None:
        """See `Policy.outlook`; nobody but the person knows what they expect of a pinned tag."""
        return float("inf") if self.steering.expects else self.policy.outlook(self.state)

    def unseen(self) -> list[Unseen]:
        """See `Policy.unseen`."""
        if self._state is None:
            return []
        banned = banned_photos(self._state)
        refused = [Unseen("They carry a tag that you banned.", banned)] if banned else []
        return [*refused, *self.policy.unseen(self._state)]

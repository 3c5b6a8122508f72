"""A person's say in a search: tags pinned or banned while it runs, whatever the policy."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policies.policy import Belief, Guess, Policy, Unseen

T = TypeVar("T")


class Steerable:
    """A policy that obeys.

    While a tag is pinned, half of what is asked and looked at goes to it: it is asked again when
    its photos have been looked at, for as long as that brings new ones. A banned tag is never
    asked, and no photo that carries it is looked at.

    Args:
        policy: what decides the rest; it learns from the pinned tags' photos, too.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._pinned: dict[str, deque[Photo]] = {}  # each with its photos that wait for a look
        self._used_up: set[str] = set()  # pinned tags that brought nothing new
        self._banned: set[str] = set()
        self._asking: set[str] = set()  # whoever wanted it, as in the next two
        self._looking: set[str] = set()
        self._looked: set[str] = set()
        self._refused: set[str] = set()
        self._ahead: list[Photo] = []  # chosen by the policy before there was room for a look
        self._asks, self._looks = _Turns(), _Turns()

    def steer(self, tag: str, stance: str) -> None:
        """Pin, ban or free a tag.

        Args:
            tag: any tag.
            stance: "pin", "ban" or "free".
        """
        self._banned.discard(tag)
        self._used_up.discard(tag)
        self._pinned.pop(tag, None)
        if stance == "pin":
            self._pinned[tag] = deque()
        elif stance == "ban":
            self._banned.add(tag)

    def begin(self, guesses: Sequence[Guess], budget: Budget, rng: np.random.Generator) -> None:
        """See `Policy.begin`."""
        self._policy.begin(guesses, budget, rng)

    def go_on(self, budget: Budget) -> None:
        """See `Policy.go_on`."""
        self._policy.go_on(budget)

    def ask(self, room: int) -> list[str]:
        """See `Policy.ask`."""
        return self._asks.share(room, self._ask_pinned, self._ask_policy)

    def _ask_pinned(self, room: int) -> list[str]:
        resting = self._asking | self._used_up
        ready = [tag for tag, photos in self._pinned.items() if not (photos or tag in resting)]
        self._asking.update(ready[:room])
        return ready[:room]

    def _ask_policy(self, room: int) -> list[str]:
        refused: set[str] = set()
        while True:
            asked = self._ask_allowed(room)
            if asked or self._asking or self._looking or self._ahead:
                return asked
            # Nothing is under way: were all that the policy looks at next refused, the search
            # would end, although the policy might have more to ask then.
            wanted = self._policy.look(1)
            if all(photo.id in refused for photo in wanted):
                return asked
            self._ahead = [photo for photo in wanted if self._may_look(photo)]
            refused.update(photo.id for photo in self._refuse(wanted))

    def _ask_allowed(self, room: int) -> list[str]:
        asked: list[str] = []
        refused: set[str] = set()
        while True:
            wanted = self._policy.ask(room - len(asked))
            # The answer to a tag that is being asked already comes to the policy, too.
            fresh = [tag for tag in wanted if tag not in self._asking | refused]
            for tag in fresh:
                if tag in self._banned:
                    refused.add(tag)
                    self._policy.answered(tag, ())
                else:
                    self._asking.add(tag)
                    asked.append(tag)
            if not fresh or len(asked) >= room:
                return asked

    def answered(self, tag: str, photos: Sequence[Photo], dropped: Sequence[Photo] = ()) -> None:
        """See `Policy.answered`."""
        self._asking.discard(tag)
        if tag in self._pinned:
            waiting = {photo.id for photo in self._pinned[tag]}
            new = [photo for photo in photos if self._may_look(photo) and photo.id not in waiting]
            self._pinned[tag].extend(new)
            if not new:
                self._used_up.add(tag)
        self._policy.answered(tag, photos, dropped)

    def look(self, room: int) -> list[Photo]:
        """See `Policy.look`."""
        return self._looks.share(room, self._look_pinned, self._look_policy)

    def _look_pinned(self, room: int) -> list[Photo]:
        chosen: list[Photo] = []
        while len(chosen) < room and (photo := self._next_pinned()):
            chosen.append(photo)
        return chosen

    def _next_pinned(self) -> Photo | None:
        for tag, photos in self._pinned.items():
            while photos:
                photo = photos.popleft()
                if self._may_look(photo):
                    self._begin_look(photo)
                    # The other pinned tags come first next time.
                    self._pinned[tag] = self._pinned.pop(tag)
                    return photo
        return None

    def _look_policy(self, room: int) -> list[Photo]:
        chosen: list[Photo] = []
        refused: set[str] = set()
        while True:
            free = room - len(chosen)
            wanted = self._ahead[:free] or self._policy.look(free)
            self._ahead = self._ahead[free:]
            # The outcome of a look that is under way already comes to the policy, too.
            fresh = [photo for photo in wanted if photo.id not in self._looking | refused]
            refused.update(photo.id for photo in self._refuse(fresh))
            for photo in fresh:
                if self._may_look(photo):
                    self._begin_look(photo)
                    chosen.append(photo)
            if not fresh or len(chosen) >= room:
                return chosen

    def _refuse(self, wanted: Sequence[Photo]) -> list[Photo]:
        refused = [photo for photo in wanted if not self._may_look(photo)]
        self._refused.update(photo.id for photo in refused if photo.id not in self._looked)
        for photo in refused:
            self._policy.lost(photo)
        return refused

    def _may_look(self, photo: Photo) -> bool:
        return photo.id not in self._looked and self._banned.isdisjoint(photo.tags)

    def _begin_look(self, photo: Photo) -> None:
        self._looked.add(photo.id)
        self._looking.add(photo.id)

    def scored(self, photo: Photo, score: float, feature: NDArray[np.float32]) -> None:
        """See `Policy.scored`."""
        self._looking.discard(photo.id)
        self._looked.add(photo.id)  # also what an earlier search has looked at
        self._policy.scored(photo, score, feature)

    def lost(self, photo: Photo) -> None:
        """See `Policy.lost`."""
        self._looking.discard(photo.id)
        self._policy.lost(photo)

    def beliefs(self, limit: int) -> list[Belief]:
        """See `Policy.beliefs`."""
        return self._policy.beliefs(limit)

    def outlook(self) -> float | None:
        """See `Policy.outlook`; nobody but the person knows what they expect of a pinned tag."""
        wanted = self._pinned.keys() - self._used_up
        return float("inf") if wanted else self._policy.outlook()

    def unseen(self) -> list[Unseen]:
        """See `Policy.unseen`."""
        refused = [Unseen("They carry a tag that you banned.", len(self._refused))]
        return [*(refused if self._refused else []), *self._policy.unseen()]


class _Turns:
    """Room in halves; an odd place goes to each side in turn, and what one leaves to the other."""

    def __init__(self) -> None:
        self._pinned_first = True

    def share(
        self, room: int, pinned: Callable[[int], list[T]], policy: Callable[[int], list[T]]
    ) -> list[T]:
        own = pinned((room + self._pinned_first) // 2)
        others = policy(room - len(own))
        own += pinned(room - len(own) - len(others))
        if own or others:
            self._pinned_first = len(own) <= len(others)
        return own + others

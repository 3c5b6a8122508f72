"""A person's say in a search: tags pinned or banned while it runs, whatever the policy."""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lookalike.budget import Budget
from lookalike.photo import Photo
from lookalike.policy import Belief, Guess, Policy


class Steered:
    """A policy that obeys.

    While a tag is pinned, half of what is asked and looked at goes to it, for as long as asking
    again brings new photos. A banned tag is never asked, and no photo that carries it looked at.

    Args:
        policy: what decides the rest; it learns from the pinned tags' photos, too.
    """

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._pinned: list[str] = []
        self._banned: set[str] = set()
        self._asking: set[str] = set()
        self._pinned_photos: deque[Photo] = deque()
        self._known: set[str] = set()
        self._looked: set[str] = set()

    def steer(self, tag: str, stance: str) -> None:
        """Pin, ban or free a tag.

        Args:
            tag: any tag.
            stance: "pin", "ban" or "free".
        """
        self._banned.discard(tag)
        self._pinned = [pinned for pinned in self._pinned if pinned != tag]
        if stance == "pin":
            self._pinned.append(tag)
        elif stance == "ban":
            self._banned.add(tag)

    def begin(self, guesses: Sequence[Guess], budget: Budget, rng: np.random.Generator) -> None:
        """See `Policy.begin`."""
        self._policy.begin(guesses, budget, rng)

    def ask(self, room: int) -> list[str]:
        """See `Policy.ask`."""
        own = [tag for tag in self._pinned if tag not in self._asking][: (room + 1) // 2]
        self._asking.update(own)
        return own + self._allowed_tags(room - len(own))

    def _allowed_tags(self, room: int) -> list[str]:
        allowed: list[str] = []
        while asked := self._policy.ask(room - len(allowed)):
            for tag in asked:
                if tag in self._banned:
                    self._policy.answered(tag, ())
                elif tag not in self._asking:
                    allowed.append(tag)
            if len(allowed) >= room or not room:
                break
        return allowed

    def answered(self, tag: str, photos: Sequence[Photo]) -> None:
        """See `Policy.answered`."""
        if tag in self._asking:
            new = [photo for photo in photos if photo.id not in self._known | self._looked]
            self._pinned_photos.extend(new)
            if new:
                self._asking.discard(tag)
        self._known.update(photo.id for photo in photos)
        self._policy.answered(tag, photos)

    def look(self, room: int) -> list[Photo]:
        """See `Policy.look`."""
        own: list[Photo] = []
        while self._pinned_photos and len(own) < (room + 1) // 2:
            photo = self._pinned_photos.popleft()
            if photo.id not in self._looked and not self._is_banned(photo):
                own.append(photo)
                self._looked.add(photo.id)
        others: list[Photo] = []
        while chosen := self._policy.look(room - len(own) - len(others)):
            for photo in chosen:
                if photo.id in self._looked or self._is_banned(photo):
                    self._policy.lost(photo)
                else:
                    others.append(photo)
                    self._looked.add(photo.id)
        return own + others

    def _is_banned(self, photo: Photo) -> bool:
        return not self._banned.isdisjoint(photo.tags)

    def scored(self, photo: Photo, score: float, feature: NDArray[np.float32]) -> None:
        """See `Policy.scored`."""
        self._policy.scored(photo, score, feature)

    def lost(self, photo: Photo) -> None:
        """See `Policy.lost`."""
        self._policy.lost(photo)

    def beliefs(self, limit: int) -> list[Belief]:
        """See `Policy.beliefs`."""
        return self._policy.beliefs(limit)
